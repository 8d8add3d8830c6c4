//! What stands in the cells of tables, before anybody knows what the measures are: for each cell its measure, unit, period
//! and series by their words, or why it is left out.

use std::collections::{BTreeMap, BTreeSet};

use throughline_core::Calendar;

mod above;
mod groups;
mod row;
mod weeks;

use self::above::{Over, over, years};
use self::groups::{name_alone, sections};
use self::row::RowTold;
pub use self::weeks::DOUBTED as WEEKS_DOUBTED;
use crate::book::{At, CellValue, Sheet};
use crate::columns::{Column, columns_of};
use crate::guess_sheets::titles_are_measures;
use crate::heading::Series;
use crate::labels::series_of;
use crate::mapping::{Role, SheetMapping, Stands, Sure};
use crate::period::Said;
use crate::status;
use crate::table::{Table, is_number, tables};
use crate::words::{TOTAL, is_note, is_total, plain};

/// Why a number is left out beside which no measure is named.
pub const NO_MEASURE: &str = "no measure is named beside it";

/// Why a row is left out that says a series which is not taken in.
const NO_SERIES: &str = "neither values nor targets, by the words of the row";

/// Why a number is left out for which no period is named.
pub const WITHOUT_PERIOD: &str = "no period is named for it";

/// Where a cell is: the number of its sheet, and the cell.
pub type Spot = (usize, At);

/// A cell that holds a value or a target.
#[derive(Clone, Debug)]
pub struct Fact {
    /// Where it is.
    pub spot: Spot,
    /// The words for its measure: its id where tables share ids, or its name.
    pub measure: String,
    /// The words for its unit, if there are any.
    pub unit: Option<String>,
    /// The period; none for a target that holds throughout.
    pub said: Option<Said>,
    /// What it is of.
    pub series: Series,
}

/// What is said about a measure beside its values.
#[derive(Clone, Debug, Default)]
pub struct About {
    /// Its name, as it was first met.
    pub name: String,
    /// Texts by role, as they were first met.
    pub texts: BTreeMap<&'static str, String>,
    /// The unit that its description names.
    pub unit: Option<String>,
    /// The measure above it, by id.
    pub parent: Option<(Spot, String)>,
    /// What is unsure of where its values were found, with how sure it is.
    pub said: Vec<(Sure, String)>,
    /// Whether its weeks are said to end on days on which weeks begin.
    pub weeks_doubted: bool,
}

impl About {
    /// Says how sure something is of where its values were found, once.
    pub fn say(&mut self, sure: Sure, because: &str) {
        if !self.said.iter().any(|(_, known)| known == because) {
            self.said.push((sure, because.to_owned()));
        }
    }
}

/// What was found in all sheets.
#[derive(Debug, Default)]
pub struct Facts {
    /// The cells with values and targets.
    pub facts: Vec<Fact>,
    /// The measures by their words, in the order in which they were met.
    pub about: Vec<(String, About)>,
    /// Cells that name something, and what.
    pub names: BTreeMap<Spot, &'static str>,
    /// Cells that are left out, and why.
    pub left_out: BTreeMap<Spot, String>,
    /// How many places are empty in which a value would stand, of a row that names its period and between the periods that a
    /// row has; and the first of them.
    pub empty: (usize, Option<Spot>),
    /// Empty cells with the colour of a status.
    pub coloured: Vec<Spot>,
    /// What else there is to say.
    pub remarks: Vec<String>,
    index: BTreeMap<String, usize>,
}

impl Facts {
    /// What is known of a measure.
    pub fn about(&mut self, measure: &str) -> &mut About {
        let key = plain(measure);
        let index = *self.index.entry(key).or_insert_with(|| {
            let about = About {
                name: measure.to_owned(),
                ..About::default()
            };
            self.about.push((measure.to_owned(), about));
            self.about.len() - 1
        });
        &mut self.about[index].1
    }

    /// What is known of a measure, if it was met.
    pub fn known(&self, measure: &str) -> Option<&About> {
        self.index
            .get(&plain(measure))
            .map(|index| &self.about[*index].1)
    }

    fn leave_row(&mut self, sheet: (usize, &Sheet), row: u32, because: &str) {
        for (at, _) in sheet.1.row(row) {
            self.left_out
                .entry((sheet.0, at))
                .or_insert_with(|| because.to_owned());
        }
    }
}

/// How a sheet is read.
#[derive(Clone, Copy)]
pub struct Reading<'a> {
    /// The number of the sheet, and the sheet.
    pub sheet: (usize, &'a Sheet),
    /// How it is understood.
    pub mapping: &'a SheetMapping,
    /// The calendar.
    pub calendar: &'a Calendar,
    /// The year that the title names.
    pub year: Option<Said>,
    /// Whether tables share the ids of measures.
    pub shares_ids: bool,
    /// Whether the titles above the tables are measures, and what their rows name are units.
    pub is_titled: bool,
    /// The names of measures and units that a kept mapping knows, in plain words.
    pub known: &'a BTreeSet<String>,
}

/// Reads the tables of a sheet.
pub fn read(reading: &Reading<'_>, facts: &mut Facts) {
    let (above, tables) = tables(reading.sheet.1, reading.calendar);
    for row in above {
        facts.leave_row(reading.sheet, row, "a title or note above the table");
    }
    let readings: Vec<Reading<'_>> = years(reading, &tables)
        .into_iter()
        .map(|year| Reading {
            is_titled: titles_are_measures(reading.sheet.1, &tables),
            year: year.or(reading.year),
            ..*reading
        })
        .collect();
    let mut columns: Vec<Vec<Column>> = tables
        .iter()
        .zip(&readings)
        .map(|(table, reading)| columns_of(reading, table))
        .collect();
    let over = over(reading, &tables, &columns, facts);
    let tables = tables.iter().zip(&readings).zip(&mut columns).zip(over);
    for (((table, reading), columns), of_table) in tables {
        let are_doubted = weeks::name_days(reading, table, columns);
        note_headings(reading, table, columns, facts);
        let sections = sections(reading, table, columns);
        let mut carried = Row {
            of_table,
            ..Row::default()
        };
        let before = facts.facts.len();
        for row in &table.rows {
            read_row(reading, *row, columns, &sections, &mut carried, facts);
        }
        if are_doubted {
            weeks::ask(facts, before);
        }
    }
}

fn note_headings(reading: &Reading<'_>, table: &Table, columns: &[Column], facts: &mut Facts) {
    let left_out: BTreeMap<u32, &str> = columns
        .iter()
        .filter(|column| column.role == Role::LeftOut)
        .map(|column| (column.column, column.because.as_str()))
        .collect();
    for row in &table.heading_rows {
        for (at, _) in reading.sheet.1.row(*row) {
            let spot = (reading.sheet.0, at);
            match left_out.get(&at.column) {
                Some(because) => drop(facts.left_out.insert(spot, (*because).to_owned())),
                None => drop(facts.names.insert(spot, "heading")),
            }
        }
    }
}

/// What the rows above say, where a row says it no more.
#[derive(Clone, Debug, Default)]
struct Row {
    measure: Option<String>,
    unit: Option<String>,
    section: Option<String>,
    year: Option<Said>,
    of_table: Over,
}

fn read_row(
    reading: &Reading<'_>,
    row: u32,
    columns: &[Column],
    sections: &BTreeSet<u32>,
    carried: &mut Row,
    facts: &mut Facts,
) {
    let sheet = reading.sheet.1;
    let first = sheet
        .row(row)
        .map(|(_, cell)| cell.text())
        .find(|text| !text.is_empty());
    let first = first.unwrap_or_default();
    if sections.contains(&row) {
        for (at, _) in sheet.row(row) {
            facts.names.insert((reading.sheet.0, at), "unit");
        }
        carried.section = Some(first);
        carried.measure = None;
        return;
    }
    let mut named = columns.iter();
    let named = named
        .find(|column| column.labels.names_stand_alone() && column.labels.alone.contains(&row));
    if let Some(column) = named {
        name_alone(reading, row, column, first, carried, facts);
        return;
    }
    if is_total(&first) {
        facts.leave_row(reading.sheet, row, TOTAL);
        return;
    }
    if is_note(&first) {
        facts.leave_row(reading.sheet, row, "a note");
        return;
    }
    let holds_values = |column: &&Column| column.holds_values();
    let has_values = columns.iter().filter(holds_values).any(|column| {
        let at = At {
            row,
            column: column.column,
        };
        sheet.cells.contains_key(&at)
    });
    let describes = columns.iter().any(|column| column.role == Role::MeasureId)
        && !columns.iter().any(|column| column.holds_values());
    let colours = status::colours(reading, row, columns);
    facts
        .coloured
        .extend(colours.iter().map(|at| (reading.sheet.0, *at)));
    if !has_values && !describes {
        let because = match sheet.row(row).count() {
            1 if !colours.is_empty() => "its row has colours and no figures",
            1 if first.len() > 40 => "a note",
            1 if series_of(&first).is_some() => NO_SERIES,
            1 => "the heading of a group of rows",
            _ => "a row without values",
        };
        if sheet.row(row).count() == 1 {
            facts.leave_row(reading.sheet, row, because);
            return;
        }
    }
    let told = RowTold::of(reading, row, columns, carried, facts);
    if let Some(measure) = &told.measure {
        told.describe(facts, measure);
    }
    for column in columns {
        read_cell(
            reading,
            At {
                row,
                column: column.column,
            },
            column,
            &told,
            facts,
        );
    }
    note_empty(reading, row, columns, &told, facts);
    // Cells without a heading above them.
    let known: BTreeSet<u32> = columns.iter().map(|column| column.column).collect();
    for (at, _) in sheet.row(row).filter(|(at, _)| !known.contains(&at.column)) {
        facts.left_out.insert(
            (reading.sheet.0, at),
            "no heading stands above it".to_owned(),
        );
    }
}

/// Notes where a value would stand and there is none: periods ahead of a row's newest value are still to come, and those before
/// its first were not counted yet.
fn note_empty(
    reading: &Reading<'_>,
    row: u32,
    columns: &[Column],
    told: &RowTold,
    facts: &mut Facts,
) {
    let is_other = told.carries_series && told.series.is_none();
    let is_named = |column: &Column| column.role == Role::ValueOfMeasure || told.measure.is_some();
    let is_actual =
        |column: &Column| told.series.or(column.series).unwrap_or(Series::Actual) == Series::Actual;
    let of_values = columns
        .iter()
        .filter(|column| column.holds_values() && is_named(column) && is_actual(column));
    let (across, down): (Vec<_>, Vec<_>) = of_values
        .filter(|_| !is_other)
        .map(|column| {
            (
                column.said.is_some(),
                At {
                    row,
                    column: column.column,
                },
            )
        })
        .partition(|(is_across, _)| *is_across);
    let is_filled = |at: &At| reading.sheet.1.cells.contains_key(at);
    let filled = || {
        across
            .iter()
            .filter(|(_, at)| is_filled(at))
            .map(|(_, at)| *at)
    };
    let (first, last) = (filled().min(), filled().max());
    let between = across.iter().map(|(_, at)| *at);
    let between = between.filter(|at| first < Some(*at) && Some(*at) < last);
    let down = down.iter().map(|(_, at)| *at);
    let expected = between.chain(down.filter(|_| told.said.is_some()));
    for at in expected.filter(|at| !is_filled(at)) {
        let (count, first) = &mut facts.empty;
        *count += 1;
        first.get_or_insert((reading.sheet.0, at));
    }
}

fn read_cell(reading: &Reading<'_>, at: At, column: &Column, told: &RowTold, facts: &mut Facts) {
    let Some(cell) = reading.sheet.1.cells.get(&at) else {
        return;
    };
    let spot = (reading.sheet.0, at);
    if column.role == Role::LeftOut {
        facts.left_out.insert(spot, column.because.clone());
        return;
    }
    if !column.holds_values() {
        if !facts.names.contains_key(&spot) {
            facts
                .left_out
                .insert(spot, "blank or not available".to_owned());
        }
        return;
    }
    if told.is_total {
        facts.left_out.insert(spot, TOTAL.to_owned());
        return;
    }
    if told.carries_series && told.series.is_none() {
        facts.left_out.insert(spot, NO_SERIES.to_owned());
        return;
    }
    let measure = match column.role {
        Role::ValueOfMeasure => Some(column.label.clone()),
        _ => told.measure.clone(),
    };
    let Some(measure) = measure else {
        facts.left_out.insert(spot, NO_MEASURE.to_owned());
        return;
    };
    facts.about(&measure);
    let of_sheet = match reading.mapping.stands_for {
        Stands::Period => crate::period::read(&reading.sheet.1.name, reading.calendar),
        _ => None,
    };
    let series = told.series.or(column.series).unwrap_or(Series::Actual);
    let said = match (column.said, told.said) {
        (Some(column), Some(row)) => Some(column.or(row)),
        (Some(said), None) | (None, Some(said)) => Some(said),
        (None, None) => of_sheet,
    };
    if said.is_none() && series == Series::Actual {
        let text = if is_number(cell, reading.calendar) {
            WITHOUT_PERIOD
        } else {
            "a text without a period"
        };
        facts.left_out.insert(spot, text.to_owned());
        return;
    }
    let unit = match column.role {
        Role::ValueOfUnit => Some(column.label.clone()),
        _ => told.unit.clone(),
    };
    if let CellValue::Error(error) = &cell.value {
        facts
            .left_out
            .insert(spot, format!("the formula gives the error {error}"));
        return;
    }
    facts.facts.push(Fact {
        spot,
        measure,
        unit,
        said,
        series,
    });
}
