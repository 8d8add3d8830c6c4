//! Which day of their weeks the days of a table are: by the heading of the column or row in which they stand, or by words alone right
//! above the table. What else a heading or a title says of weeks is said of something else.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::{Facts, Reading};
use crate::book::{At, Cell, Sheet};
use crate::columns::Column;
use crate::heading::said;
use crate::mapping::{Role, Sure};
use crate::period::Said;
use crate::table::Table;
use crate::week::{self, Edge};
use crate::words::role_of;

/// What is told of weeks that are said to end on days on which they begin, and asked.
pub const DOUBTED: &str = "said to end on the days on which weeks begin, and are taken as those that begin there: write \"week commencing\" \
                           above them if that is so";

/// Puts beside the days of the columns which day of their weeks they are, and tells whether that was said and is left out, as
/// weeks begin on most of these days.
pub(super) fn name_days(reading: &Reading<'_>, table: &Table, columns: &mut [Column]) -> bool {
    let sheet = reading.sheet.1;
    // The nearest row that speaks of weeks counts.
    let mut lead = table.lead.iter().rev();
    let above = lead.find_map(|row| alone_in(sheet, *row));
    let beside = beside_days(reading, table, columns);
    let mut last_days = Vec::new();
    for column in columns.iter_mut() {
        if let Some(said) = column.said {
            column.edge = column.edge.or(beside).or(above);
            if column.edge == Some(Edge::Last) {
                last_days.extend(bare_day(said));
            }
        } else if column.role == Role::Period {
            column.edge = week::above_days(&column.heading).or(above);
            if column.edge == Some(Edge::Last) {
                last_days.extend(days_below(reading, table, column.column));
            }
        }
    }
    let are_doubted = week::end_where_weeks_begin(&last_days, reading.calendar);
    let stays = |edge: &Edge| !are_doubted || *edge != Edge::Last;
    for column in columns {
        column.edge = column.edge.filter(stays);
        column.said = column.said.map(|said| said.named_by(column.edge));
    }
    are_doubted
}

/// Asks about the measures with facts of which it is left out.
pub(super) fn ask(facts: &mut Facts, before: usize) {
    let of_table = facts.facts[before..].iter();
    let doubted = of_table.filter(|fact| fact.said.and_then(bare_day).is_some());
    let measures: BTreeSet<String> = doubted.map(|fact| fact.measure.clone()).collect();
    for measure in measures {
        let about = facts.about(&measure);
        about.say(Sure::ToCheck, &format!("its weeks are {DOUBTED}"));
        about.weeks_doubted = true;
    }
}

/// What the label of the row of headings with the days says of them.
fn beside_days(reading: &Reading<'_>, table: &Table, columns: &[Column]) -> Option<Edge> {
    let sheet = reading.sheet.1;
    let count = |row: u32| {
        let cells = sheet.row(row).map(|(_, cell)| cell);
        cells.filter(|cell| is_day(reading, cell)).count()
    };
    let row = table.heading_rows.iter().max_by_key(|row| count(**row))?;
    let mut labels = columns
        .iter()
        .filter(|column| column.said.is_none() && !column.holds_values());
    labels.find_map(|column| {
        let at = At {
            row: *row,
            column: column.column,
        };
        week::beside_days(&sheet.cell_over(at)?.text())
    })
}

fn is_day(reading: &Reading<'_>, cell: &Cell) -> bool {
    said(cell, reading.calendar).is_some_and(|said| said.day.is_some())
}

fn days_below(reading: &Reading<'_>, table: &Table, column: u32) -> Vec<Date> {
    let cells = table.rows.iter().filter_map(|row| {
        let at = At { row: *row, column };
        reading.sheet.1.cells.get(&at)
    });
    let said = cells.filter_map(|cell| said(cell, reading.calendar));
    said.filter_map(bare_day).collect()
}

/// A day that does not say itself which one of its week it is.
fn bare_day(said: Said) -> Option<Date> {
    said.day.filter(|_| said.edge.is_none())
}

/// What a row above a table says, if nothing stands in it but that, and perhaps words that head something.
fn alone_in(sheet: &Sheet, row: u32) -> Option<Edge> {
    let mut edge = None;
    for (_, cell) in sheet.row(row) {
        let text = cell.text();
        match week::alone(&text) {
            None if role_of(&text).is_none() => return None,
            None => {}
            said => edge = said,
        }
    }
    edge
}
