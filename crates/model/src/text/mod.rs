//! The plan as text: a folder of files becomes records, and records become a folder of files.
//!
//! Everything here is bytes in and values out. The files mean what `docs/PLAN_FORMAT.md` says. This is the only room
//! that knows where in which file something stands; whatever is found elsewhere names a record and a path, and
//! [`Places`] says the line.

mod base;
mod brackets;
mod cells;
mod diagnostic;
mod emit;
mod export;
mod folder;
pub mod form;
mod identity;
mod left_out;
mod node;
pub mod observations;
mod places;
mod read;
pub mod schema;
mod source;
mod syntax;
mod targets;
mod yaml;

pub use base::Base;
pub(crate) use diagnostic::is_control;
pub use diagnostic::{DIAGNOSTICS_LIMIT, Diagnostic, Diagnostics, MESSAGE_LENGTH_LIMIT, Related};
pub use export::{export, export_without, one_record, section_text};
pub use identity::SUGGESTIONS_LIMIT;
pub use left_out::LeftOut;
pub use places::{Places, Position};
pub use read::{PlanText, Reading, base_of, read};
pub use source::{FILE_SIZE_LIMIT, LINE_LENGTH_LIMIT};
pub use yaml::{DEPTH_LIMIT, KEYS_LIMIT};

/// A file of a plan folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanFile {
    /// Where it is in the folder, with `/` between the parts.
    pub path: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}
