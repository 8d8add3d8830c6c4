//! Tables within sheets: where the headings are, which rows they head, and what surrounds them.

use std::collections::{BTreeMap, BTreeSet};

use throughline_core::Calendar;

use crate::book::{At, Cell, CellValue, Sheet};
use crate::duration;
use crate::heading::{Heading, Series, said, series};
use crate::labels::series_of;
use crate::lead::{lead, title};
use crate::number;
use crate::words::{is_missing, role_of, why_left_out};

/// A table of a sheet.
#[derive(Clone, Debug)]
pub struct Table {
    /// The rows of its headings.
    pub heading_rows: Vec<u32>,
    /// Its columns, from left to right.
    pub columns: Vec<(u32, Heading)>,
    /// The rows below, up to the next table.
    pub rows: Vec<u32>,
    /// The rows right above its headings that say what it is about: a title, and labels such as `Owner: Mei Tan`.
    pub lead: Vec<u32>,
    /// What it is called, and where that stands.
    pub title: Option<(At, String)>,
}

/// The tables of a sheet, and the rows above the first of them. A row of headings repeated below begins a new table.
pub fn tables(sheet: &Sheet, calendar: &Calendar) -> (Vec<u32>, Vec<Table>) {
    let rows = sheet.rows();
    let mut tables: Vec<Table> = Vec::new();
    let mut above = Vec::new();
    let mut index = 0;
    while let Some(row) = rows.get(index).copied() {
        if !is_heading(sheet, row, calendar) {
            match tables.last_mut() {
                Some(table) => table.rows.push(row),
                None => above.push(row),
            }
            index += 1;
            continue;
        }
        let mut band = vec![row];
        let is_first = tables.is_empty();
        let previous = tables
            .last_mut()
            .map_or(&mut above, |table| &mut table.rows);
        let following = rows.get(index + 1).copied();
        if previous.last().is_some_and(|above| {
            above + 1 == row && is_group(sheet, *above, [Some(row), following], calendar)
        }) {
            band.splice(0..0, previous.pop());
        }
        let lead = lead(sheet, previous, band[0], calendar);
        // What stands between two tables belongs to the second; above the first, there are titles of the whole sheet.
        if !is_first {
            previous.truncate(previous.len() - lead.len());
        }
        index += 1;
        while let Some(next) = rows.get(index).copied()
            && next == band[band.len() - 1] + 1
            && is_heading(sheet, next, calendar)
        {
            band.push(next);
            index += 1;
        }
        let columns = columns(sheet, &band, calendar);
        tables.push(Table {
            heading_rows: band,
            columns,
            rows: Vec::new(),
            lead,
            title: None,
        });
    }
    if tables.is_empty() {
        return headed_by_first(sheet, rows, calendar);
    }
    for table in &mut tables {
        add_labels(sheet, table, calendar);
        table.title = title(sheet, table);
    }
    (above, tables)
}

/// Adds the columns that have labels below and nothing in the headings: at the left, or further in where all of them say series.
fn add_labels(sheet: &Sheet, table: &mut Table, calendar: &Calendar) {
    let headed: BTreeSet<u32> = table.columns.iter().map(|(column, _)| *column).collect();
    let left = headed.first().copied().unwrap_or_default();
    let last = headed.last().copied().unwrap_or_default();
    if (0..last).all(|column| headed.contains(&column)) {
        return;
    }
    // Whether a column has a label, and whether all of its cells say series.
    let mut found: BTreeMap<u32, (bool, bool)> = BTreeMap::new();
    for (at, cell) in table.rows.iter().flat_map(|row| sheet.row(*row)) {
        if at.column < last && !headed.contains(&at.column) {
            let text = cell.text();
            let (has_label, are_series) = found.entry(at.column).or_insert((false, true));
            *has_label |= !text.is_empty() && !is_number(cell, calendar);
            *are_series &= series_of(&text).is_some();
        }
    }
    let is_label = |(column, (has_label, are_series)): &(u32, (bool, bool))| {
        *are_series || (*has_label && *column < left)
    };
    let labels = found.into_iter().filter(is_label);
    let labels = labels.map(|(column, _)| (column, Heading::default()));
    table.columns.extend(labels);
    table.columns.sort_by_key(|(column, _)| *column);
}

/// The whole sheet as one table, headed by its first row with several cells: where no heading says a known word or period.
fn headed_by_first(sheet: &Sheet, rows: Vec<u32>, calendar: &Calendar) -> (Vec<u32>, Vec<Table>) {
    let first = rows.iter().position(|row| {
        let texts = sheet.row(*row).filter(|(_, cell)| !cell.text().is_empty());
        texts.count() >= 2 && !has_numbers(sheet, *row, calendar)
    });
    let Some(first) = first else {
        return (rows, Vec::new());
    };
    let band = vec![rows[first]];
    let mut table = Table {
        columns: columns(sheet, &band, calendar),
        heading_rows: band,
        rows: rows[first + 1..].to_vec(),
        lead: lead(sheet, &rows[..first], rows[first], calendar),
        title: None,
    };
    table.title = title(sheet, &table);
    (rows[..first].to_vec(), vec![table])
}

/// Whether a row is one of headings: several known words or periods, and no numbers.
fn is_heading(sheet: &Sheet, row: u32, calendar: &Calendar) -> bool {
    if has_numbers(sheet, row, calendar) {
        return false;
    }
    let mut periods = BTreeSet::new();
    let mut words = 0;
    let mut missing = 0;
    for (_, cell) in sheet.row(row) {
        if said(cell, calendar).is_some() {
            periods.insert(cell.shown());
        } else if role_of(&cell.text()).is_some()
            || why_left_out(&cell.text()).is_some_and(|_| cell.text().len() < 30)
        {
            words += 1;
        } else {
            let heading = Heading::of(&[cell], calendar);
            if heading.said.is_some() {
                periods.insert(heading.text);
            } else if is_missing(&cell.text()) {
                missing += 1;
            }
        }
    }
    let known = periods.len() + words;
    known >= 2
        && known > missing
        && (periods.len() >= 2
            || words >= 2
            || (words == 1 && periods.len() == 1 && sheet.row(row).count() == 2))
}

/// Whether a row has numbers that are no years.
pub fn has_numbers(sheet: &Sheet, row: u32, calendar: &Calendar) -> bool {
    sheet.row(row).any(|(_, cell)| is_number(cell, calendar))
}

/// Whether a cell is a number, and no year.
pub fn is_number(cell: &Cell, calendar: &Calendar) -> bool {
    match &cell.value {
        CellValue::Number(_) => said(cell, calendar).is_none(),
        CellValue::Text(_) => {
            let text = cell.text();
            let is_number = number::read(&text).is_some() || duration::read(&text, false).is_some();
            is_number && said(cell, calendar).is_none()
        }
        CellValue::Error(_) | CellValue::Duration(_) => true,
        CellValue::YesNo(_) | CellValue::Date(_) => false,
    }
}

/// Whether a row groups the headings below it: areas that were merged over several of them, a period over several, or names
/// over pairs of values and targets. A title begins at the left edge of the table, and groups do not.
fn is_group(sheet: &Sheet, row: u32, below: [Option<u32>; 2], calendar: &Calendar) -> bool {
    if has_numbers(sheet, row, calendar) {
        return false;
    }
    let [heading, first] = below;
    let rows = [Some(row), heading, first].into_iter().flatten();
    let edge = rows.filter_map(|row| sheet.row(row).map(|(at, _)| at.column).next());
    let Some(left) = edge.min() else {
        return false;
    };
    let is_wide = |at: At| {
        let mut merged = sheet.merged.iter();
        merged.any(|(first, last)| *first == at && last.column > first.column)
    };
    let begins_left = sheet
        .row(row)
        .any(|(at, _)| at.column <= left && is_wide(at));
    let mut cells = sheet.row(row).filter(|(at, _)| at.column > left);
    let groups = cells.any(|(at, cell)| is_wide(at) || said(cell, calendar).is_some());
    let of_pairs = heading.is_some_and(|heading| is_over_pairs(sheet, row, heading, left));
    (groups || of_pairs) && !begins_left
}

/// Whether each text of a row right of the left edge stands over a series, and the same series stand several times below.
fn is_over_pairs(sheet: &Sheet, row: u32, below: u32, left: u32) -> bool {
    let all: BTreeMap<u32, Series> = sheet
        .row(below)
        .filter_map(|(at, cell)| Some((at.column, series(&cell.text())?)))
        .collect();
    let count = |one: Series| all.values().filter(|series| **series == one).count();
    let mut names = sheet.row(row).filter(|(at, _)| at.column > left).peekable();
    count(Series::Actual) > 1
        && names.peek().is_some()
        && names.all(|(at, cell)| !cell.text().is_empty() && all.contains_key(&at.column))
}

/// The headings of the columns.
fn columns(sheet: &Sheet, band: &[u32], calendar: &Calendar) -> Vec<(u32, Heading)> {
    let columns: BTreeSet<u32> = band
        .iter()
        .flat_map(|row| sheet.row(*row).map(|(at, _)| at.column))
        .collect();
    let last = band.last().copied().unwrap_or_default();
    let of_column = |column: u32| {
        let cells: Vec<&Cell> = band
            .iter()
            .filter_map(|row| {
                let at = At { row: *row, column };
                sheet.cell_over(at).or_else(|| {
                    // What is not merged stands over the columns up to the next, if they have headings of their own.
                    let has_own = sheet.cells.contains_key(&At { row: last, column });
                    let left = sheet
                        .row(*row)
                        .take_while(|(at, _)| at.column < column)
                        .last();
                    let below = sheet.cells.get(&At { row: last, column });
                    let is_of_series = below.is_some_and(|below| says_series(below, calendar));
                    left.filter(|(at, cell)| {
                        let is_over = said(cell, calendar).is_some()
                            || (is_of_series && is_name_over(sheet, *at, last, calendar));
                        *row != last && has_own && is_over
                    })
                    .map(|(_, cell)| cell)
                })
            })
            .collect();
        (column, Heading::of(&cells, calendar))
    };
    columns.into_iter().map(of_column).collect()
}

/// Whether a heading says a series, also one that is not taken in, and nothing else.
fn says_series(cell: &Cell, calendar: &Calendar) -> bool {
    let text = cell.text();
    said(cell, calendar).is_none() && (series(&text).is_some() || series_of(&text).is_some())
}

/// Whether a cell names what the series below it are of.
fn is_name_over(sheet: &Sheet, at: At, below: u32, calendar: &Calendar) -> bool {
    let column = at.column;
    let below = sheet.cells.get(&At { row: below, column });
    below.is_some_and(|below| says_series(below, calendar))
}
