//! The command line as its users meet it: the binary, in folders of its own, at a fixed time.

mod bench;
mod worked_cases;
