//! A workbook understood: the mapping that was guessed or kept, what each cell was taken for, and the draft that this makes.

mod colours;
mod nothing;
mod same_name;
mod settle;
mod told;
mod weeks;
mod work;

use std::collections::BTreeSet;

use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use serde::Serialize;
use throughline_core::Calendar;

use self::work::Work;
use crate::book::{At, Workbook};
use crate::draft::{Draft, DraftValue};
use crate::error::WorkbookError;
use crate::facts::{Facts, Reading, read};
use crate::guess_sheets::{sheets, year_of};
use crate::keys::slug;
use crate::mapping::{
    ColumnMapping, MAPPING_VERSION, Mapping, MeasureMapping, OrganisationMapping,
};
use crate::period::Said;
use crate::words::plain;

/// Why a cell is left out whose period has no year.
const NO_YEAR: &str = "no year is named for its period";

/// Why a cell is left out whose period is none of the calendar.
const NO_PERIOD: &str = "its period is none";

/// What a cell was taken for.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "as", rename_all = "kebab-case")]
pub enum Meaning {
    /// A value.
    Value(DraftValue),
    /// A target.
    Target(DraftValue),
    /// It names something.
    Name {
        /// What: a measure, a unit, an owner, a heading, ...
        what: &'static str,
    },
    /// It is left out.
    LeftOut {
        /// Why.
        because: String,
        /// The value that it is if somebody says that it is right, where it was only doubted.
        #[serde(skip_serializing_if = "Option::is_none")]
        doubted: Option<DraftValue>,
    },
}

/// A cell, and what it was taken for.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CellMeaning {
    /// The sheet.
    pub sheet: String,
    /// The cell, such as `B7`.
    pub cell: At,
    /// What stands in it.
    pub found: String,
    /// What it was taken for.
    pub meaning: Meaning,
}

/// A workbook understood.
#[derive(Clone, Debug, PartialEq)]
pub struct Understood {
    /// How: what was kept, and guesses for all else.
    pub mapping: Mapping,
    /// The measures of this workbook, whether they are taken in or not; the mapping may have others beside them.
    pub measures: Vec<MeasureMapping>,
    /// Every cell that has something in it, sheet by sheet and row by row; then those with nothing but the colour of a status.
    pub cells: Vec<CellMeaning>,
    /// What else there is to say of the whole.
    pub remarks: Vec<String>,
    /// The plan and the observations that this makes.
    pub draft: Draft,
    /// Why there is no value and no target to bring in, where there is none.
    pub nothing: Option<WorkbookError>,
}

/// Understands a workbook, as a kept mapping says and guessing where it says nothing.
#[must_use]
pub fn understand(book: &Workbook, kept: Option<&Mapping>) -> Understood {
    let organisation = kept.map_or_else(|| organisation(book), |kept| kept.organisation.clone());
    let calendar = calendar(&organisation);
    let mut sheets = sheets(book, kept, &calendar);
    let shares_ids = shares_ids(book, &calendar);
    let known = known_names(kept);
    let mut facts = Facts::default();
    for (number, sheet) in book.sheets.iter().enumerate() {
        let mapping = &mut sheets[number];
        if !mapping.read {
            let because = format!("its sheet is not read: {}", mapping.because);
            facts.left_out.extend(
                sheet
                    .cells
                    .keys()
                    .map(|at| ((number, *at), because.clone())),
            );
            continue;
        }
        let titles = sheet
            .rows()
            .into_iter()
            .take(3)
            .take_while(|row| !crate::table::has_numbers(sheet, *row, &calendar))
            .flat_map(|row| sheet.row(row).map(|(_, cell)| cell.text()));
        let names = titles.chain([book.name.clone()]);
        // The name of the sheet says it, or somebody did, or else it is guessed.
        let of_sheet = year_of([sheet.name.clone()].into_iter(), &calendar);
        let said = kept.and_then(|kept| kept.year).map(Said::of_year);
        let reading = Reading {
            sheet: (number, sheet),
            mapping,
            calendar: &calendar,
            year: of_sheet.or(said).or_else(|| year_of(names, &calendar)),
            shares_ids,
            is_titled: false,
            known: &known,
        };
        read(&reading, &mut facts);
        let columns = told_columns(&reading);
        mapping.columns = columns;
    }
    let mut work = Work::new(book, kept, &calendar, organisation, facts);
    work.measures();
    work.ask_about_names();
    work.values();
    work.finish(sheets)
}

/// The names of measures and units that a kept mapping knows, in plain words: whatever they say, they are names.
fn known_names(kept: Option<&Mapping>) -> BTreeSet<String> {
    let measures = kept.iter().flat_map(|kept| &kept.measures);
    let measures = measures.map(|measure| plain(&measure.found_as));
    let units = kept.iter().flat_map(|kept| &kept.units);
    measures
        .chain(units.map(|unit| plain(&unit.found_as)))
        .collect()
}

/// The columns of a sheet that are no periods, for the mapping.
fn told_columns(reading: &Reading<'_>) -> Vec<ColumnMapping> {
    let (_, tables) = crate::table::tables(reading.sheet.1, reading.calendar);
    let columns = tables
        .iter()
        .flat_map(|table| crate::columns::columns_of(reading, table));
    let mut met = BTreeSet::new();
    let named = columns.filter(|column| {
        column.said.is_none() && !column.heading.is_empty() && met.insert(plain(&column.heading))
    });
    let told = named.map(|column| ColumnMapping {
        heading: column.heading,
        role: column.role,
        sure: column.sure,
        because: column.because,
    });
    told.collect()
}

impl Mapping {
    /// A mapping that says nothing yet of a workbook, beside the year of periods that name none.
    #[must_use]
    pub fn of_year(book: &Workbook, year: i16) -> Mapping {
        Mapping {
            version: MAPPING_VERSION,
            organisation: organisation(book),
            year: Some(year),
            ..Mapping::default()
        }
    }
}

fn organisation(book: &Workbook) -> OrganisationMapping {
    let stem = book
        .name
        .rsplit_once('.')
        .map_or(book.name.as_str(), |(stem, _)| stem);
    let name = stem
        .replace(['_', '-'], " ")
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    OrganisationMapping {
        key: slug(&name),
        name: if name.is_empty() {
            "Organisation".to_owned()
        } else {
            name
        },
        time_zone: "UTC".to_owned(),
        fiscal_year_starts: 1,
    }
}

fn calendar(organisation: &OrganisationMapping) -> Calendar {
    let zone =
        throughline_core::calendar::time_zone(&organisation.time_zone).unwrap_or(TimeZone::UTC);
    Calendar::new(organisation.fiscal_year_starts, Weekday::Monday, zone).unwrap_or_default()
}

/// Whether values in one table name their measures by ids alone, which another table describes.
fn shares_ids(book: &Workbook, calendar: &Calendar) -> bool {
    use crate::mapping::Role;
    use crate::words::role_of;
    let mut tables = book
        .sheets
        .iter()
        .filter(|sheet| !sheet.is_hidden)
        .flat_map(|sheet| crate::table::tables(sheet, calendar).1);
    tables.any(|table| {
        let has = |role| {
            table
                .columns
                .iter()
                .any(|(_, heading)| role_of(&heading.text) == Some(role))
        };
        has(Role::MeasureId) && !has(Role::Measure)
    })
}
