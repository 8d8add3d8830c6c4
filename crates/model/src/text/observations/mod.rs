//! Observations from a CSV file: every row either a value of a known cell, or a reason why it is none.
//!
//! A file can have a million rows, so names are looked up once and not for each row.

mod doubts;
mod meaning;
mod plausible;

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use jiff::Timestamp;
use jiff::civil::Date;
use throughline_core::finding::Finding;

use self::doubts::{DoubtfulColumns, Doubts, too_long};
use self::meaning::{Meaning, RowFlaw};
use super::cells::{BadRow, Cell, Row, Rows};
use super::diagnostic::{Diagnostic, Diagnostics};
use super::source::{Span, decode};
use super::targets::{columns, missing_header, wrong_cell_count};
use crate::model::Model;
use crate::observation::{Cell as ObservedCell, Observation};

/// The columns that a file of observations must have.
pub const REQUIRED_COLUMNS: [&str; 4] = ["measure", "unit", "period", "value"];

/// The columns that it may have.
pub const OPTIONAL_COLUMNS: [&str; 4] = ["weight", "state", "note", "recorded_at"];

/// The largest file of observations, in bytes, about fifteen million rows. Larger ones are loaded in parts.
pub const OBSERVATIONS_SIZE_LIMIT: usize = 1024 * 1024 * 1024;

/// A row that can be recorded.
#[derive(Clone, Debug, PartialEq)]
pub struct ObservationRow {
    /// The line of the file, from 1.
    pub line: usize,
    /// What is observed.
    pub observation: Observation,
    /// When it became known, for history that is brought in.
    pub recorded_at: Option<Timestamp>,
}

/// What reading a file of observations gave.
#[derive(Debug, Default)]
pub struct ObservationsText {
    /// The rows that can be recorded, in the order of the file; what stands there twice, only once.
    pub rows: Vec<ObservationRow>,
    /// How many rows are rejected.
    pub rejected: usize,
    /// What there is to say, by line.
    pub diagnostics: Diagnostics,
}

/// Reads a file of observations of the measures and units of `model`. `file` is its name in messages; of periods that begin
/// after `today` it is told that they have not come.
pub fn read(bytes: &[u8], file: &str, model: &Model, today: Option<Date>) -> ObservationsText {
    let mut text = ObservationsText::default();
    if bytes.len() > OBSERVATIONS_SIZE_LIMIT {
        let message = format!(
            "this file is larger than {} GiB",
            OBSERVATIONS_SIZE_LIMIT >> 30
        );
        let finding = Finding::error("large-file", message).with_help("load it in parts");
        text.diagnostics
            .add(Diagnostic::quoting(file, "", Span::default(), finding));
        return text;
    }
    match decode(file, bytes) {
        Ok(content) => {
            let doubts = Doubts::new(model, today);
            RowReader::new(file, content, model, doubts, text).read()
        }
        Err(diagnostic) => {
            text.diagnostics.add(*diagnostic);
            text
        }
    }
}

/// A finding about a whole line of a file, from 1, that shows only once its rows were read.
pub fn in_line(bytes: &[u8], file: &str, line: usize, finding: Finding) -> Diagnostics {
    let text = bytes
        .split(|byte| *byte == b'\n')
        .nth(line.saturating_sub(1));
    let text = String::from_utf8_lossy(text.unwrap_or_default());
    let text = text.trim_end();
    let span = Span {
        line,
        column: 1,
        length: text.chars().count().max(1),
    };
    let mut diagnostics = Diagnostics::default();
    diagnostics.add(Diagnostic::quoting(file, text, span, finding));
    diagnostics
}

/// What two rows must not say differently.
type RowIdentity = (ObservedCell, Option<Timestamp>);

struct RowReader<'a> {
    file: &'a str,
    rows: Rows<'a>,
    meaning: Meaning<'a>,
    doubts: Doubts<'a>,
    /// Where each cell was said first, as an index into the rows.
    first: HashMap<RowIdentity, usize>,
    /// Rows that another contradicts.
    contradicted: Vec<usize>,
    text: ObservationsText,
}

impl<'a> RowReader<'a> {
    fn new(
        file: &'a str,
        content: &'a str,
        model: &'a Model,
        doubts: Doubts<'a>,
        text: ObservationsText,
    ) -> Self {
        RowReader {
            file,
            rows: Rows::of(content),
            meaning: Meaning::of(model),
            doubts,
            first: HashMap::new(),
            contradicted: Vec::new(),
            text,
        }
    }

    fn read(mut self) -> ObservationsText {
        let mut cells = Vec::new();
        if !self.read_header(&mut cells) {
            return self.text;
        }
        let count = self.meaning.columns.len();
        let at = self.doubtful_columns();
        while let Some(next) = self.rows.next(&mut cells) {
            match next {
                Err(bad) => {
                    self.text.rejected += 1;
                    self.report_bad(bad);
                }
                Ok(row) if cells.len() != count => {
                    let finding = wrong_cell_count(cells.len(), count);
                    self.reject(row, &cells, vec![RowFlaw::new(0, finding)]);
                }
                Ok(row) => match self.meaning.row(&cells) {
                    Ok((observation, recorded_at, warning)) => {
                        if let Some(flaw) = too_long(&observation, at) {
                            self.reject(row, &cells, vec![flaw]);
                            continue;
                        }
                        let written = cells.get(at.value).map_or("", |cell| cell.text.as_ref());
                        let doubts = self.doubts.of(&observation, written, at);
                        for flaw in warning.into_iter().chain(doubts) {
                            self.report(row, &cells, flaw);
                        }
                        self.keep(row, &cells, observation, recorded_at);
                    }
                    Err(flaws) => self.reject(row, &cells, flaws),
                },
            }
        }
        self.finish()
    }

    fn doubtful_columns(&self) -> DoubtfulColumns {
        let columns = &self.meaning.columns;
        let place = |name: &str| columns.iter().position(|column| *column == name);
        DoubtfulColumns {
            period: place("period").unwrap_or_default(),
            value: place("value").unwrap_or_default(),
            note: place("note").unwrap_or_default(),
        }
    }

    /// Reads the header; `false` if the rows cannot be understood without a better one.
    fn read_header(&mut self, cells: &mut Vec<Cell<'a>>) -> bool {
        let row = match self.rows.next(cells) {
            None => {
                let at = Span {
                    line: 1,
                    column: 1,
                    length: 1,
                };
                let finding = missing_header(&REQUIRED_COLUMNS);
                let finding = Finding {
                    message: "this file is empty".to_string(),
                    ..finding
                };
                self.text
                    .diagnostics
                    .add(Diagnostic::quoting(self.file, "", at, finding));
                return false;
            }
            Some(Err(bad)) => {
                self.report_bad(bad);
                return false;
            }
            Some(Ok(row)) => row,
        };
        let names: Vec<&str> = cells.iter().map(|cell| cell.text.as_ref()).collect();
        match columns(&names, &REQUIRED_COLUMNS, &OPTIONAL_COLUMNS) {
            Ok(columns) => {
                self.meaning.set_columns(&columns);
                true
            }
            Err(flaws) => {
                for (index, finding) in flaws {
                    self.report(row, cells, RowFlaw::new(index.unwrap_or(0), finding));
                }
                false
            }
        }
    }

    /// Keeps a row, unless the file says the same already, or something else of the same cell.
    fn keep(
        &mut self,
        row: Row,
        cells: &[Cell<'_>],
        observation: Observation,
        recorded_at: Option<Timestamp>,
    ) {
        let identity = (observation.cell, recorded_at);
        let index = match self.first.entry(identity) {
            Entry::Vacant(entry) => {
                entry.insert(self.text.rows.len());
                self.text.rows.push(ObservationRow {
                    line: row.line,
                    observation,
                    recorded_at,
                });
                return;
            }
            Entry::Occupied(entry) => *entry.get(),
        };
        let first = &self.text.rows[index];
        if first.observation == observation {
            return;
        }
        let message = format!(
            "this cell has another value in line {}: {}",
            first.line,
            described(&first.observation, &observation)
        );
        let finding = Finding::error("contradicting-rows", message)
            .with_help("keep the row that is right; to correct a recorded value, load it from a file of its own");
        if self.contradicted.last() != Some(&index) {
            self.contradicted.push(index);
        }
        self.reject(
            row,
            cells,
            vec![RowFlaw::new(self.meaning.value_column(), finding)],
        );
    }

    fn reject(&mut self, row: Row, cells: &[Cell<'_>], flaws: Vec<RowFlaw>) {
        self.text.rejected += 1;
        for flaw in flaws {
            self.report(row, cells, flaw);
        }
    }

    fn report(&mut self, row: Row, cells: &[Cell<'_>], flaw: RowFlaw) {
        let span = cells
            .get(flaw.cell)
            .map_or(Span::default(), |cell| self.rows.span(row, cell));
        let line = self.rows.line_of(row, cells.get(flaw.cell));
        let diagnostic = Diagnostic::quoting(self.file, line, span, *flaw.finding);
        self.text.diagnostics.add(diagnostic);
    }

    fn report_bad(&mut self, bad: BadRow) {
        let line = self.rows.line_text(bad.start);
        let diagnostic = Diagnostic::quoting(self.file, line, bad.at, bad.finding);
        self.text.diagnostics.add(diagnostic);
    }

    /// Neither of two rows that contradict each other is kept.
    fn finish(mut self) -> ObservationsText {
        self.contradicted.sort_unstable();
        self.contradicted.dedup();
        self.text.rejected += self.contradicted.len();
        if !self.contradicted.is_empty() {
            let mut index = 0;
            let contradicted = self.contradicted;
            self.text.rows.retain(|_| {
                index += 1;
                contradicted.binary_search(&(index - 1)).is_err()
            });
        }
        self.text.diagnostics = self.text.diagnostics.sorted();
        self.text
    }
}

/// What differs between two observations of a cell, in words.
fn described(first: &Observation, second: &Observation) -> String {
    let number = |value: Option<f64>| value.map_or("none".to_string(), |value| value.to_string());
    if first.value != second.value {
        return format!("{} and not {}", number(first.value), number(second.value));
    }
    if first.weight != second.weight {
        let (first, second) = (number(first.weight), number(second.weight));
        return format!("the weight {first} and not {second}");
    }
    if first.state != second.state {
        return "another state".to_string();
    }
    "another note".to_string()
}
