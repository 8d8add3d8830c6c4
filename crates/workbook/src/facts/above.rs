//! What stands above a table and is said of all of it: a title that is its measure or its unit, and labels such as
//! `Owner: Mei Tan`.

use std::collections::{BTreeMap, BTreeSet};

use super::{Fact, Facts, Reading};
use crate::book::{At, Cell, CellValue};
use crate::columns::{Column, is_unit_of_measure};
use crate::guess_sheets::{is_measure_name, year_of};
use crate::heading::Series;
use crate::lead::{label, text_above};
use crate::mapping::{Role, Stands, Sure};
use crate::period::Said;
use crate::table::Table;
use crate::words::{is_missing, is_total, plain};

/// The measure and the unit of a table.
#[derive(Clone, Debug, Default)]
pub(super) struct Over {
    pub(super) measure: Option<String>,
    pub(super) unit: Option<String>,
}

/// What stands above each table of a sheet.
pub(super) fn over(
    reading: &Reading<'_>,
    tables: &[Table],
    columns: &[Vec<Column>],
    facts: &mut Facts,
) -> Vec<Over> {
    let are_units = are_units(reading, tables, columns);
    if are_units {
        say_units(reading, tables, columns, facts);
    }
    let is_measure = reading.mapping.stands_for == Stands::Measure;
    let mut all = Vec::new();
    for (table, columns) in tables.iter().zip(columns) {
        leave_lead(reading, table, facts);
        let mut over = Over::default();
        if let Some((at, text)) = table.title.clone() {
            let what = if are_units {
                over.unit = Some(text);
                Some("unit")
            } else if !is_measure && !names_measures(columns) {
                let sure = match tables.len() {
                    1 => Sure::ToCheck,
                    _ => Sure::Likely,
                };
                let because = "its name is what stands above its table";
                facts.about(&text).say(sure, because);
                over.measure = Some(text);
                Some("measure")
            } else {
                None
            };
            if let Some(what) = what {
                let spot = (reading.sheet.0, at);
                facts.left_out.remove(&spot);
                facts.names.insert(spot, what);
            }
        }
        let of_sheet = is_measure.then(|| reading.sheet.1.name.clone());
        let measure = over.measure.clone().or(of_sheet);
        describe(reading, table, measure.as_deref(), facts);
        all.push(over);
    }
    all
}

/// Says which titles are taken as units; where nothing says that the rows are measures, it may be the other way round.
fn say_units(reading: &Reading<'_>, tables: &[Table], columns: &[Vec<Column>], facts: &mut Facts) {
    let titles = tables.iter().filter_map(|table| table.title.as_ref());
    let names: Vec<&str> = titles.map(|(_, text)| text.as_str()).collect();
    facts.remarks.push(format!(
        "the titles above the tables of {} are taken as units: {}",
        reading.sheet.1.name,
        names.join(", ")
    ));
    let named: BTreeMap<String, String> = tables
        .iter()
        .zip(columns)
        .flat_map(|(table, columns)| measures_named(reading, table, columns))
        .collect();
    if named.values().any(|name| is_measure_name(name)) {
        return;
    }
    for name in named.values() {
        let because = "the titles above its tables are taken as units, and may be the measures";
        facts.about(name).say(Sure::ToCheck, because);
    }
}

/// The years of tables that stand below each other, one a year, by what stands above them; nothing where that names the same year or none.
pub(super) fn years(reading: &Reading<'_>, tables: &[Table]) -> Vec<Option<Said>> {
    let of_table = |table: &Table| {
        let (_, text) = text_above(reading.sheet.1, table)?;
        year_of([text].into_iter(), reading.calendar)
    };
    let years: Vec<Option<Said>> = tables.iter().map(of_table).collect();
    let distinct: BTreeSet<Option<i16>> = years.iter().flatten().map(|said| said.year).collect();
    match distinct.len() {
        0 | 1 => vec![None; tables.len()],
        _ => years,
    }
}

/// Whether a table names measures in its rows or headings.
fn names_measures(columns: &[Column]) -> bool {
    columns.iter().any(|column| {
        matches!(
            column.role,
            Role::Measure | Role::MeasureId | Role::ValueOfMeasure
        )
    })
}

/// Whether titles are units: several, of tables of one measure, or of tables with the same measures that name no unit.
fn are_units(reading: &Reading<'_>, tables: &[Table], columns: &[Vec<Column>]) -> bool {
    let titles = tables.iter().filter_map(|table| table.title.as_ref());
    let distinct: BTreeSet<String> = titles.map(|(_, text)| plain(text)).collect();
    let name_years = distinct
        .iter()
        .any(|title| year_of([title.clone()].into_iter(), reading.calendar).is_some());
    let is_of_sheet = distinct.contains(&plain(&reading.sheet.1.name));
    let mut all = columns.iter().flatten();
    let names_units = all.any(|column| matches!(column.role, Role::Unit | Role::ValueOfUnit));
    let are_other = names_units || name_years || is_of_sheet;
    if tables.len() < 2 || distinct.len() < tables.len() || are_other {
        return false;
    }
    if reading.mapping.stands_for == Stands::Measure {
        return true;
    }
    let mut met: BTreeSet<String> = BTreeSet::new();
    let mut repeats = false;
    for (table, columns) in tables.iter().zip(columns) {
        let own = measures_named(reading, table, columns);
        repeats |= own.keys().any(|name| met.contains(name));
        met.extend(own.into_keys());
    }
    repeats
}

/// The measures that the rows of a table name, by their plain words.
fn measures_named(
    reading: &Reading<'_>,
    table: &Table,
    columns: &[Column],
) -> BTreeMap<String, String> {
    let Some(label) = columns.iter().find(|column| column.role == Role::Measure) else {
        return BTreeMap::new();
    };
    let cells = table.rows.iter().filter_map(|row| {
        let at = At {
            row: *row,
            column: label.column,
        };
        reading.sheet.1.cells.get(&at)
    });
    let names = cells.filter_map(|cell| label.labels.told(&cell.text()).name);
    names
        .filter(|name| !name.is_empty() && !is_total(name))
        .map(|name| (plain(&name), name))
        .collect()
}

fn leave_lead(reading: &Reading<'_>, table: &Table, facts: &mut Facts) {
    for row in &table.lead {
        facts.leave_row(reading.sheet, *row, "a title or note above the table");
    }
}

/// Takes what labels above a table say of its one measure.
fn describe(reading: &Reading<'_>, table: &Table, measure: Option<&str>, facts: &mut Facts) {
    for row in &table.lead {
        let cells: Vec<(At, &Cell)> = reading.sheet.1.row(*row).collect();
        let Some((first, cell)) = cells.first().copied() else {
            continue;
        };
        let Some((role, beside)) = label(&cell.text()) else {
            continue;
        };
        let second = cells.get(1).copied();
        let said = beside.or_else(|| second.map(|(_, cell)| cell.shown()));
        let Some(text) = said.filter(|text| !is_missing(text)) else {
            continue;
        };
        let (what, key) = match role {
            Role::Owner => ("owner", "owner"),
            Role::ShownAs if is_unit_of_measure(&text) => ("unit of measure", "shown_as"),
            Role::Better => ("better direction", "better"),
            Role::Frequency => ("frequency", "frequency"),
            Role::Definition => ("definition", "definition"),
            Role::Target => ("target", "target"),
            _ => continue,
        };
        let Some(measure) = measure else {
            let because = "it stands above a table of several measures: say it beside each";
            for (at, _) in &cells {
                facts
                    .left_out
                    .insert((reading.sheet.0, *at), because.to_owned());
            }
            continue;
        };
        // A target in the cell of its label is no number by itself.
        let target = second.filter(|(_, cell)| !matches!(cell.value, CellValue::Error(_)));
        match (key, target) {
            ("target", Some((at, _))) => {
                facts.about(measure);
                facts.facts.push(Fact {
                    spot: (reading.sheet.0, at),
                    measure: measure.to_owned(),
                    unit: None,
                    said: None,
                    series: Series::Target,
                });
            }
            ("target", None) => continue,
            _ => {
                let texts = &mut facts.about(measure).texts;
                texts.entry(key).or_insert(text);
            }
        }
        for at in [Some(first), second.map(|(at, _)| at)]
            .into_iter()
            .flatten()
        {
            facts.left_out.remove(&(reading.sheet.0, at));
            facts.names.insert((reading.sheet.0, at), what);
        }
    }
}
