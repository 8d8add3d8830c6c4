//! A finding with the place in a file where it stands, the line, and other places that belong to it.

use std::fmt;

use throughline_core::finding::{Finding, Severity};

use super::source::{Source, Span};

/// The most diagnostics that are kept; of the others only the number is.
pub const DIAGNOSTICS_LIMIT: usize = 200;

/// The longest message and help, in characters; a longer one, which repeats what stands in the file, is cut.
pub const MESSAGE_LENGTH_LIMIT: usize = 400;

/// A finding at a place in a file. Lines and columns count from 1, columns and lengths in characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// What was found. Its message and help are of one line and hold no control characters.
    pub finding: Finding,
    /// The file, by its path in the plan folder.
    pub file: String,
    /// The line.
    pub line: usize,
    /// The column in which it begins.
    pub column: usize,
    /// How many characters it is about; 0 where it is about the whole file.
    pub length: usize,
    /// The text of the line, each control character replaced by one that can be shown.
    pub source: String,
    /// Other places that belong to it, such as the first of two that are alike.
    pub related: Vec<Related>,
}

/// Another place that belongs to a diagnostic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    /// The file, by its path in the plan folder.
    pub file: String,
    /// The line.
    pub line: usize,
    /// The column in which it begins.
    pub column: usize,
    /// How many characters it is about.
    pub length: usize,
    /// The text of the line, as in a [`Diagnostic`].
    pub source: String,
    /// What is there, such as "first given here".
    pub label: String,
}

impl Diagnostic {
    /// The finding at a place in a file.
    pub(crate) fn new(source: &Source, span: Span, finding: Finding) -> Diagnostic {
        Diagnostic::quoting(&source.path, source.line(span.line), span, finding)
    }

    /// The finding at a place in a file of which only one line is at hand.
    pub(crate) fn quoting(path: &str, line: &str, span: Span, finding: Finding) -> Diagnostic {
        Diagnostic {
            finding: Finding {
                message: one_line(&finding.message),
                help: finding.help.as_deref().map(one_line),
                ..finding
            },
            file: path.to_string(),
            line: span.line,
            column: span.column,
            length: span.length,
            source: showable(line),
            related: Vec::new(),
        }
    }

    /// The diagnostic, with another place that belongs to it.
    #[must_use]
    pub(crate) fn and(mut self, source: &Source, span: Span, label: &str) -> Diagnostic {
        self.related.push(Related {
            file: source.path.clone(),
            line: span.line,
            column: span.column,
            length: span.length,
            source: showable(source.line(span.line)),
            label: label.to_string(),
        });
        self
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Finding {
            severity,
            message,
            help,
            ..
        } = &self.finding;
        write!(
            f,
            "{}:{}:{}: {severity}: {message}",
            self.file, self.line, self.column
        )?;
        for other in &self.related {
            write!(
                f,
                "; {}:{}:{}: {}",
                other.file, other.line, other.column, other.label
            )?;
        }
        match help {
            Some(help) => write!(f, " ({help})"),
            None => Ok(()),
        }
    }
}

/// What there is to say about a set of files, by file and line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
    left_out: usize,
    errors: usize,
}

impl Diagnostics {
    /// Adds one; past [`DIAGNOSTICS_LIMIT`] it is only counted.
    pub fn add(&mut self, diagnostic: Diagnostic) {
        self.errors += usize::from(diagnostic.finding.severity == Severity::Error);
        if self.list.len() < DIAGNOSTICS_LIMIT {
            self.list.push(diagnostic);
        } else {
            self.left_out += 1;
        }
    }

    /// Those that are kept, by file, line and column once they are [`sorted`](Self::sorted).
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.list.iter()
    }

    /// How many there are that are not kept.
    pub fn left_out(&self) -> usize {
        self.left_out
    }

    /// How many of all are errors.
    pub fn errors(&self) -> usize {
        self.errors
    }

    /// Whether one of them is an error.
    pub fn has_errors(&self) -> bool {
        self.errors > 0
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The same, by file, line and column.
    #[must_use]
    pub fn sorted(mut self) -> Diagnostics {
        self.list
            .sort_by(|a, b| (&a.file, a.line, a.column).cmp(&(&b.file, b.line, b.column)));
        self
    }
}

impl<'a> IntoIterator for &'a Diagnostics {
    type Item = &'a Diagnostic;
    type IntoIter = std::slice::Iter<'a, Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.list.iter()
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.list.into_iter()
    }
}

impl fmt::Display for Diagnostics {
    /// One line for each, and one for those that are left out.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for diagnostic in &self.list {
            writeln!(f, "{diagnostic}")?;
        }
        match self.left_out {
            0 => Ok(()),
            more => writeln!(f, "... and {more} more"),
        }
    }
}

/// The line with a blank for each tab and a replacement character for each other control character, so that columns
/// stay and nothing in a file can steer a terminal.
fn showable(line: &str) -> String {
    line.chars()
        .map(|character| match character {
            '\t' => ' ',
            other if is_control(other) => char::REPLACEMENT_CHARACTER,
            other => other,
        })
        .collect()
}

/// The text on one line of bounded length: it may repeat what stands in a file, which can be anything.
fn one_line(text: &str) -> String {
    let mut line = String::new();
    for (count, character) in text.chars().enumerate() {
        if count == MESSAGE_LENGTH_LIMIT {
            line.push('…');
            break;
        }
        line.push(match character {
            '\n' | '\r' | '\t' => ' ',
            other if is_control(other) => char::REPLACEMENT_CHARACTER,
            other => other,
        });
    }
    line
}

/// Control characters, and those that change the direction of the text around them.
pub(crate) fn is_control(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
