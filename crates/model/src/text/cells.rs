//! Rows and cells of a CSV file (RFC 4180), each with its place, without a copy of what need not be copied.
//!
//! The places of cells are what a reader made for speed alone does not keep, and every error here needs one.

use std::borrow::Cow;

use throughline_core::finding::Finding;

use super::source::{LINE_LENGTH_LIMIT, Span, long_line};

/// A cell of a row.
#[derive(Clone, Debug)]
pub(crate) struct Cell<'a> {
    /// What it says, without quotes and without blanks around it.
    pub text: Cow<'a, str>,
    start: usize,
    end: usize,
}

/// Where a row begins.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row {
    /// Its line, from 1.
    pub line: usize,
    start: usize,
}

/// Why a row cannot be taken apart.
#[derive(Debug)]
pub(crate) struct BadRow {
    pub at: Span,
    pub finding: Finding,
    /// The byte of the row's line, to quote it.
    pub start: usize,
}

/// The rows of a text.
pub(crate) struct Rows<'a> {
    text: &'a str,
    at: usize,
    line: usize,
}

impl<'a> Rows<'a> {
    pub fn of(text: &'a str) -> Rows<'a> {
        Rows {
            text,
            at: 0,
            line: 1,
        }
    }

    /// The next row that is not empty; its cells take the place of those in `cells`.
    pub fn next(&mut self, cells: &mut Vec<Cell<'a>>) -> Option<Result<Row, BadRow>> {
        cells.clear();
        while self.skip_blank_line() {}
        if self.at >= self.text.len() {
            return None;
        }
        let row = Row {
            line: self.line,
            start: self.at,
        };
        loop {
            match self.cell() {
                Ok(cell) => cells.push(cell),
                Err(bad) => {
                    self.skip_line();
                    return Some(Err(self.bad(row, *bad)));
                }
            }
            match self.byte() {
                Some(b',') => self.at += 1,
                _ => break,
            }
        }
        let end = self.at;
        self.end_line();
        if end - row.start > LINE_LENGTH_LIMIT {
            return Some(Err(BadRow {
                at: Span {
                    line: row.line,
                    column: 1,
                    length: 1,
                },
                finding: long_line(),
                start: row.start,
            }));
        }
        Some(Ok(row))
    }

    /// The place of a cell.
    pub fn span(&self, row: Row, cell: &Cell<'_>) -> Span {
        let before = self.text.get(row.start..cell.start).unwrap_or_default();
        let (line, column) = after(row.line, before);
        let content = self.text.get(cell.start..cell.end).unwrap_or_default();
        let first_line = content.split(['\n', '\r']).next().unwrap_or_default();
        Span {
            line,
            column,
            length: first_line.chars().count().max(1),
        }
    }

    /// The text of the line of a place that lies in a row, for the message.
    pub fn line_text(&self, start: usize) -> &'a str {
        let rest = self.text.get(start..).unwrap_or_default();
        let line = rest.split(['\n', '\r']).next().unwrap_or_default();
        let mut end = line.len().min(LINE_LENGTH_LIMIT);
        while !line.is_char_boundary(end) {
            end -= 1;
        }
        line.get(..end).unwrap_or_default()
    }

    /// The text of the line on which a cell of a row begins.
    pub fn line_of(&self, row: Row, cell: Option<&Cell<'_>>) -> &'a str {
        let start = cell.map_or(row.start, |cell| cell.start);
        let before = self.text.get(row.start..start).unwrap_or_default();
        let line_start = before.rfind(['\n', '\r']).map_or(0, |index| index + 1);
        self.line_text(row.start + line_start)
    }

    fn bad(&self, row: Row, (position, finding): (usize, Finding)) -> BadRow {
        let before = self.text.get(row.start..position).unwrap_or_default();
        let (line, column) = after(row.line, before);
        let line_start = before.rfind(['\n', '\r']).map_or(0, |index| index + 1);
        BadRow {
            at: Span {
                line,
                column,
                length: 1,
            },
            finding,
            start: row.start + line_start,
        }
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn cell(&mut self) -> Result<Cell<'a>, Box<(usize, Finding)>> {
        let bytes = self.text.as_bytes();
        while self.byte() == Some(b' ') {
            self.at += 1;
        }
        if self.byte() == Some(b'"') {
            return self.quoted_cell();
        }
        let start = self.at;
        let length = bytes[start..]
            .iter()
            .position(|byte| matches!(byte, b',' | b'\n' | b'\r'))
            .unwrap_or(bytes.len() - start);
        self.at = start + length;
        let text = self.text.get(start..self.at).unwrap_or_default();
        let text = text.trim_end_matches([' ', '\t']);
        Ok(Cell {
            text: Cow::Borrowed(text),
            start,
            end: start + text.len(),
        })
    }

    fn quoted_cell(&mut self) -> Result<Cell<'a>, Box<(usize, Finding)>> {
        let start = self.at;
        let mut has_quotes = false;
        self.at += 1;
        loop {
            let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
            let Some(length) = rest.iter().position(|byte| *byte == b'"') else {
                self.at = self.text.len();
                let finding = Finding::error("bad-csv", "this quote is never closed")
                    .with_help("a quote inside of a quoted cell is written twice");
                return Err(Box::new((start, finding)));
            };
            self.at += length + 1;
            if self.byte() != Some(b'"') {
                break;
            }
            has_quotes = true;
            self.at += 1;
        }
        let end = self.at;
        let inner = self.text.get(start + 1..end - 1).unwrap_or_default();
        self.line += line_breaks(inner);
        while self.byte() == Some(b' ') {
            self.at += 1;
        }
        if !matches!(self.byte(), None | Some(b',' | b'\n' | b'\r')) {
            let finding = Finding::error("bad-csv", "something stands after the closing quote")
                .with_help("a quote inside of a quoted cell is written twice");
            return Err(Box::new((self.at, finding)));
        }
        let text = match has_quotes {
            true => Cow::Owned(inner.replace("\"\"", "\"")),
            false => Cow::Borrowed(inner),
        };
        Ok(Cell { text, start, end })
    }

    /// Goes past a line that holds nothing but blanks. Whether there was one.
    fn skip_blank_line(&mut self) -> bool {
        let bytes = self.text.as_bytes();
        let mut end = self.at;
        while matches!(bytes.get(end), Some(b' ' | b'\t')) {
            end += 1;
        }
        match bytes.get(end) {
            Some(b'\n' | b'\r') => {
                self.at = end;
                self.end_line();
                true
            }
            None => {
                self.at = end;
                false
            }
            Some(_) => false,
        }
    }

    /// Goes past the rest of a line that cannot be read.
    fn skip_line(&mut self) {
        while !matches!(self.byte(), None | Some(b'\n' | b'\r')) {
            self.at += 1;
        }
        self.end_line();
    }

    fn end_line(&mut self) {
        match self.byte() {
            Some(b'\r') if self.text.as_bytes().get(self.at + 1) == Some(&b'\n') => self.at += 2,
            Some(b'\n' | b'\r') => self.at += 1,
            _ => return,
        }
        self.line += 1;
    }
}

/// The line and column that follow after a text which begins at the beginning of a line.
fn after(line: usize, text: &str) -> (usize, usize) {
    let last = text.rsplit(['\n', '\r']).next().unwrap_or_default();
    (line + line_breaks(text), last.chars().count() + 1)
}

/// How many lines end in a text.
fn line_breaks(text: &str) -> usize {
    let bytes = text.as_bytes();
    if !bytes.contains(&b'\r') {
        return bytes.iter().filter(|byte| **byte == b'\n').count();
    }
    super::source::Lines::of(text).count() - 1
}
