//! Rows that have a name and nothing else: of the unit that the rows below are of, or of what the series below it are of.

use std::collections::BTreeSet;

use super::{Facts, Reading, Row};
use crate::book::{At, Cell};
use crate::columns::Column;
use crate::mapping::Role;
use crate::table::Table;
use crate::words::{is_note, is_total, plain};

/// Rows that have a label and nothing else, where the same measures stand below several of them: these are units.
pub(super) fn sections(reading: &Reading<'_>, table: &Table, columns: &[Column]) -> BTreeSet<u32> {
    let label = columns.iter().find(|column| column.role == Role::Measure);
    let has_unit = columns.iter().any(|column| column.role == Role::Unit);
    let is_group = |label: &&Column| !has_unit && !label.labels.names_stand_alone();
    let Some(label) = label.filter(is_group) else {
        return BTreeSet::new();
    };
    let mut met = BTreeSet::new();
    let mut repeats = false;
    let mut alone = BTreeSet::new();
    for row in &table.rows {
        let at = At {
            row: *row,
            column: label.column,
        };
        let text = reading
            .sheet
            .1
            .cells
            .get(&at)
            .map(Cell::text)
            .unwrap_or_default();
        let cells = reading.sheet.1.row(*row).count();
        if cells == 1 && !text.is_empty() && !is_note(&text) && text.len() < 60 {
            alone.insert(*row);
        } else if cells > 1 && !is_total(&text) {
            repeats |= !met.insert(plain(&text));
        }
    }
    if repeats && alone.len() >= 2 {
        alone
    } else {
        BTreeSet::new()
    }
}

/// A row with the name alone of what the rows of series below it are of.
pub(super) fn name_alone(
    reading: &Reading<'_>,
    row: u32,
    column: &Column,
    name: String,
    carried: &mut Row,
    facts: &mut Facts,
) {
    let (what, place) = match column.role {
        Role::Unit => ("unit", &mut carried.unit),
        _ => ("measure", &mut carried.measure),
    };
    *place = Some(name);
    for (at, _) in reading.sheet.1.row(row) {
        facts.names.insert((reading.sheet.0, at), what);
    }
}
