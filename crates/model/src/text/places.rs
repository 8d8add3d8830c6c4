//! Where the records of a plan stand in its files, for findings that come after reading.

use std::collections::HashMap;

use throughline_core::finding::{Finding, Place, Segment};

use super::diagnostic::Diagnostic;
use super::folder::{Draft, Folder};
use super::source::{Source, Span};
use crate::kind::Kind;

/// A place in a file. Line and column count from 1, column and length in characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position {
    /// The file, by its path in the plan folder.
    pub file: String,
    /// The line.
    pub line: usize,
    /// The column in which it begins.
    pub column: usize,
    /// How many characters it takes on that line.
    pub length: usize,
}

/// The files of a plan and what stands where in them.
#[derive(Debug, Default)]
pub struct Places {
    sources: Vec<Source>,
    drafts: Vec<Draft>,
    by_key: HashMap<(&'static str, String), usize>,
    base: Option<(usize, Span)>,
}

impl Places {
    pub(super) fn of(folder: Folder) -> Places {
        let by_key = folder
            .drafts
            .iter()
            .enumerate()
            .map(|(index, draft)| ((draft.kind.word(), draft.key.clone()), index))
            .collect();
        Places {
            base: folder.base.as_ref().map(|(_, file, span)| (*file, *span)),
            sources: folder.sources,
            drafts: folder.drafts,
            by_key,
        }
    }

    /// Where a record, or a value of one, stands; `None` if the record is in none of the files. A value that is not
    /// there gives the place of what it belongs to. The field `base` of the organisation is that of the folder.
    pub fn locate(&self, place: &Place) -> Option<Position> {
        let (file, span) = self.find(place, false)?;
        Some(Position {
            file: self.sources.get(file)?.path.clone(),
            line: span.line,
            column: span.column,
            length: span.length,
        })
    }

    /// The finding with its place in a file; `None` if its record is in none of them.
    pub fn diagnose(&self, finding: &Finding) -> Option<Diagnostic> {
        let (file, span) = self.find(finding.place.as_ref()?, is_about_key(finding))?;
        Some(Diagnostic::new(
            self.sources.get(file)?,
            span,
            finding.clone(),
        ))
    }

    fn find(&self, place: &Place, at_key: bool) -> Option<(usize, Span)> {
        let is_base = place.kind == Kind::Organisation.word()
            && matches!(place.path.segments(), [Segment::Field(name)] if name == "base");
        if is_base {
            return self.base;
        }
        // Places name a kind by its word, which is static; the map must be asked with an owned key.
        let index = self.by_key.get(&(place.kind, place.key.clone()))?;
        let draft = self.drafts.get(*index)?;
        Some((
            draft.file,
            draft.node.locate(draft.kind, &place.path, at_key),
        ))
    }
}

/// Whether a finding is about a key and not about the value that stands under it.
pub(super) fn is_about_key(finding: &Finding) -> bool {
    finding.code == "unknown-key"
}
