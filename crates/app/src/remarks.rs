//! What there is to say about a folder or a file: errors and warnings, with the place in a file where there is one.

use throughline_core::{Finding, Severity};
use throughline_model::text::{Diagnostic, Diagnostics, Places};

/// Errors and warnings about what was handed in.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Remarks {
    /// Those that stand in a file, by file and line.
    pub placed: Vec<Diagnostic>,
    /// Those about what is in none of the files.
    pub unplaced: Vec<Finding>,
    /// How many there are that are not kept.
    pub left_out: usize,
    errors: usize,
}

impl Remarks {
    /// Adds findings, each at its place in the files.
    pub(crate) fn add(&mut self, findings: impl IntoIterator<Item = Finding>, places: &Places) {
        for finding in findings {
            self.errors += usize::from(finding.severity == Severity::Error);
            match places.diagnose(&finding) {
                Some(diagnostic) => self.placed.push(diagnostic),
                None => self.unplaced.push(finding),
            }
        }
        self.sort();
    }

    /// The errors, without what else there is to say.
    #[must_use]
    pub(crate) fn errors_alone(mut self) -> Remarks {
        let is_error = |finding: &Finding| finding.severity == Severity::Error;
        self.placed
            .retain(|diagnostic| is_error(&diagnostic.finding));
        self.unplaced.retain(is_error);
        self
    }

    /// Adds findings about what stands in no file.
    pub(crate) fn add_unplaced(&mut self, findings: impl IntoIterator<Item = Finding>) {
        for finding in findings {
            self.errors += usize::from(finding.severity == Severity::Error);
            self.unplaced.push(finding);
        }
    }

    /// Adds what others have to say.
    pub(crate) fn join(&mut self, others: Remarks) {
        self.errors += others.errors;
        self.left_out += others.left_out;
        self.placed.extend(others.placed);
        self.unplaced.extend(others.unplaced);
        self.sort();
    }

    fn sort(&mut self) {
        self.placed.sort_by(|one, other| {
            (&one.file, one.line, one.column).cmp(&(&other.file, other.line, other.column))
        });
    }

    /// How many are errors.
    #[must_use]
    pub fn errors(&self) -> usize {
        self.errors
    }

    /// How many are warnings.
    #[must_use]
    pub fn warnings(&self) -> usize {
        let placed = self
            .placed
            .iter()
            .map(|diagnostic| diagnostic.finding.severity);
        let unplaced = self.unplaced.iter().map(|finding| finding.severity);
        placed
            .chain(unplaced)
            .filter(|severity| *severity == Severity::Warning)
            .count()
    }

    /// Whether there is nothing to say.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.placed.is_empty() && self.unplaced.is_empty()
    }
}

impl From<Diagnostics> for Remarks {
    fn from(diagnostics: Diagnostics) -> Remarks {
        Remarks {
            left_out: diagnostics.left_out(),
            errors: diagnostics.errors(),
            placed: diagnostics.into_iter().collect(),
            unplaced: Vec::new(),
        }
    }
}
