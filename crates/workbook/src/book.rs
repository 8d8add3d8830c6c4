//! A workbook as values: sheets of cells, without the box around them, so that one cell far away costs one cell.

use std::collections::BTreeMap;
use std::fmt;

use jiff::civil::Date;
use serde::{Serialize, Serializer};

/// A workbook, or the tables that were given in its place.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Workbook {
    /// The name of the file, without its folder.
    pub name: String,
    /// The sheets, in their order.
    pub sheets: Vec<Sheet>,
    /// Whether the file brings macros, which are never run.
    pub has_macros: bool,
}

impl Workbook {
    /// The sheets of several files as one workbook, named after the first.
    #[must_use]
    pub fn joined(books: impl IntoIterator<Item = Workbook>) -> Workbook {
        books
            .into_iter()
            .reduce(|mut all, book| {
                all.sheets.extend(book.sheets);
                all.has_macros |= book.has_macros;
                all
            })
            .unwrap_or_default()
    }

    /// How many cells have something in them.
    #[must_use]
    pub fn cells(&self) -> usize {
        self.sheets.iter().map(|sheet| sheet.cells.len()).sum()
    }
}

/// A sheet.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sheet {
    /// Its name.
    pub name: String,
    /// Whether it is hidden in the workbook.
    pub is_hidden: bool,
    /// The cells that have something in them.
    pub cells: BTreeMap<At, Cell>,
    /// The fills of cells that have a colour and nothing in them, as red, green and blue.
    pub coloured: BTreeMap<At, (u8, u8, u8)>,
    /// Cells that were merged: the first and the last of each area.
    pub merged: Vec<(At, At)>,
}

impl Sheet {
    /// The cells of a row, from left to right.
    pub fn row(&self, row: u32) -> impl Iterator<Item = (At, &Cell)> {
        let whole = At { row, column: 0 }..=At {
            row,
            column: u32::MAX,
        };
        self.cells.range(whole).map(|(at, cell)| (*at, cell))
    }

    /// The rows that have something in them, ascending.
    #[must_use]
    pub fn rows(&self) -> Vec<u32> {
        let mut rows: Vec<u32> = self.cells.keys().map(|at| at.row).collect();
        rows.dedup();
        rows
    }

    /// The cell, or the one that was merged over it.
    #[must_use]
    pub fn cell_over(&self, at: At) -> Option<&Cell> {
        self.cells.get(&at).or_else(|| {
            let over = self.merged.iter().find(|(first, last)| {
                (first.row..=last.row).contains(&at.row)
                    && (first.column..=last.column).contains(&at.column)
            });
            over.and_then(|(first, _)| self.cells.get(first))
        })
    }
}

/// Where a cell is, counted from 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct At {
    /// The row.
    pub row: u32,
    /// The column.
    pub column: u32,
}

impl At {
    /// The letters of its column.
    #[must_use]
    pub fn letters(self) -> String {
        let mut letters = Vec::new();
        let mut rest = u64::from(self.column) + 1;
        while rest > 0 {
            let digit = u8::try_from((rest - 1) % 26).unwrap_or_default();
            letters.push(char::from(b'A' + digit));
            rest = (rest - 1) / 26;
        }
        letters.iter().rev().collect()
    }
}

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.letters(), u64::from(self.row) + 1)
    }
}

impl Serialize for At {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// What is in a cell.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// The value; of a formula, the one that the workbook remembers.
    pub value: CellValue,
    /// Whether its number is shown as a percentage.
    pub is_percent: bool,
    /// The fill, as red, green and blue.
    pub fill: Option<(u8, u8, u8)>,
}

impl Cell {
    /// A cell without a format.
    #[must_use]
    pub const fn plain(value: CellValue) -> Cell {
        Cell {
            value,
            is_percent: false,
            fill: None,
        }
    }

    /// The text of the cell, trimmed, with single spaces; empty if it is no text.
    #[must_use]
    pub fn text(&self) -> String {
        match &self.value {
            CellValue::Text(text) => text.split_whitespace().collect::<Vec<_>>().join(" "),
            _ => String::new(),
        }
    }

    /// The cell as somebody would read it aloud.
    #[must_use]
    pub fn shown(&self) -> String {
        match &self.value {
            CellValue::Number(number) if self.is_percent => {
                format!("{}%", rounded(number * 100.0))
            }
            CellValue::Number(number) => rounded(*number).to_string(),
            CellValue::Text(_) => self.text(),
            CellValue::YesNo(yes) => if *yes { "yes" } else { "no" }.to_owned(),
            CellValue::Date(date) => date.to_string(),
            CellValue::Duration(seconds) => crate::duration::shown(*seconds),
            CellValue::Error(error) => error.clone(),
        }
    }
}

/// A number without the noise of its binary form: the fifteen digits that a spreadsheet has, and no minus before a zero.
pub(crate) fn rounded(number: f64) -> f64 {
    let short: f64 = format!("{number:.14e}").parse().unwrap_or(number);
    short + 0.0
}

/// The value of a cell.
#[derive(Clone, Debug, PartialEq)]
pub enum CellValue {
    /// A number, always finite.
    Number(f64),
    /// Text.
    Text(String),
    /// Yes or no.
    YesNo(bool),
    /// A day.
    Date(Date),
    /// How long something took, in seconds, always finite: a time of a clock without a day.
    Duration(f64),
    /// The error of a formula, such as `#DIV/0!`.
    Error(String),
}
