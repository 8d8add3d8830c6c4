//! The command line as its users meet it: the binary, in folders of its own, at a fixed time.

mod access;
mod answers;
mod backups;
mod bench;
mod databases;
mod drivers;
mod evidence;
mod evidence_frequencies;
mod folders;
mod harbour;
mod imports;
mod packs;
mod refusals;
mod restatements;
mod stories;
mod tampered;
mod worked_cases;
