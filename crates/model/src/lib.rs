//! The vocabulary of Throughline as types: every kind of record, the plan that they make, and the plan's text.
//!
//! Nothing here does IO, knows a database, or looks at the clock.

pub mod check;
pub mod depth;
pub mod diff;
pub mod fields;
pub mod formula;
pub mod index;
pub mod kind;
pub mod lint;
pub mod merge;
pub mod model;
pub mod observation;
pub mod path;
pub mod record;
pub mod records;
#[cfg(test)]
mod testing;
pub mod text;
pub mod tree;
pub mod value;
mod written;

pub use check::check;
pub use diff::{Difference, diff};
pub use kind::Kind;
pub use lint::lint;
pub use merge::{Conflict, Folder, Proposal, propose};
pub use model::{Change, Model, Table};
pub use record::{Entry, Record};
pub use records::AnyRecord;
pub use tree::Tree;
