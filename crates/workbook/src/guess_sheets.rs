//! Which sheets are read, and what their names stand for.

use std::collections::BTreeSet;

use throughline_core::Calendar;

use crate::book::{At, Sheet, Workbook};
use crate::columns::{is_length, is_unit_of_measure};
use crate::heading::said;
use crate::labels::series_of;
use crate::mapping::{Mapping, Role, SheetMapping, Stands, Sure};
use crate::period::{self, Said};
use crate::table::{Table, tables};
use crate::words::{better_of_name, has_any, is_general_sheet_name, is_total, plain, role_of};

/// The sheets of a workbook: as a kept mapping says, or else guessed.
pub fn sheets(book: &Workbook, kept: Option<&Mapping>, calendar: &Calendar) -> Vec<SheetMapping> {
    let tables: Vec<Vec<Table>> = book
        .sheets
        .iter()
        .map(|sheet| tables(sheet, calendar).1)
        .collect();
    let several = book
        .sheets
        .iter()
        .zip(&tables)
        .filter(|(sheet, tables)| !sheet.is_hidden && tables.iter().any(has_values))
        .count();
    book.sheets
        .iter()
        .zip(&tables)
        .map(
            |(sheet, tables)| match kept.and_then(|kept| kept.sheet(&sheet.name)) {
                Some(kept) => kept.clone(),
                None => guess(sheet, tables, several, calendar),
            },
        )
        .collect()
}

/// Whether a table has columns of values.
fn has_values(table: &Table) -> bool {
    table
        .columns
        .iter()
        .any(|(_, heading)| heading.said.is_some() || heading.series.is_some())
        || table.columns.len() > 1
}

fn guess(sheet: &Sheet, tables: &[Table], several: usize, calendar: &Calendar) -> SheetMapping {
    let mut mapping = SheetMapping {
        name: sheet.name.clone(),
        read: false,
        stands_for: Stands::Nothing,
        columns: Vec::new(),
        sure: Sure::Certain,
        because: String::new(),
    };
    if sheet.is_hidden {
        "it is hidden in the workbook".clone_into(&mut mapping.because);
        return mapping;
    }
    if tables.is_empty() {
        "it has no table".clone_into(&mut mapping.because);
        return mapping;
    }
    mapping.read = true;
    let (stands_for, sure, because) = stands_for(sheet, tables, several, calendar);
    mapping.stands_for = stands_for;
    mapping.sure = sure;
    because.clone_into(&mut mapping.because);
    mapping
}

fn stands_for(
    sheet: &Sheet,
    tables: &[Table],
    several: usize,
    calendar: &Calendar,
) -> (Stands, Sure, &'static str) {
    let headings = || {
        tables
            .iter()
            .flat_map(|table| &table.columns)
            .map(|(_, heading)| heading)
    };
    let has = |role: Role| headings().any(|heading| role_of(&heading.text) == Some(role));
    let has_periods = headings().filter(|heading| heading.said.is_some()).count() >= 2;
    if period::read(&sheet.name, calendar).is_some() && !has_periods && !has(Role::Period) {
        return (Stands::Period, Sure::Likely, "its name is a period");
    }
    if has(Role::Measure) || has(Role::MeasureId) {
        let has_unit = has(Role::Unit);
        if has_unit || several < 2 || is_general_sheet_name(&sheet.name) {
            return (
                Stands::Nothing,
                Sure::Certain,
                "its rows name their measures",
            );
        }
        return (
            Stands::Unit,
            Sure::Likely,
            "its rows name measures, and its name is taken as their unit",
        );
    }
    // Measures are not named in a column: they are the sheet, or the headings, or the unnamed first column.
    let named = headings()
        .filter(|heading| is_measure_name(&heading.rest))
        .count();
    let own = is_measure_name(&sheet.name);
    if is_general_sheet_name(&sheet.name) {
        return (Stands::Nothing, Sure::Likely, "its name is a general one");
    }
    let first_texts = first_texts(sheet, tables);
    let rows_named = first_texts
        .iter()
        .filter(|text| is_measure_name(text))
        .count();
    let first_are_periods = first_texts
        .iter()
        .filter(|text| period::read(text, calendar).is_some())
        .count()
        * 2
        > first_texts.len();
    let are_titled = are_titled(sheet, tables, calendar) || titles_are_measures(sheet, tables);
    if !own && are_titled {
        let stands = if several < 2 {
            Stands::Nothing
        } else {
            Stands::Unit
        };
        let because = "its tables are taken as measures, by the titles above them";
        return (stands, Sure::Likely, because);
    }
    if own || (named == 0 && rows_named == 0) {
        let sure = if own { Sure::Likely } else { Sure::ToCheck };
        return (
            Stands::Measure,
            sure,
            "no column names measures, and its name is taken as one",
        );
    }
    if several < 2 && first_are_periods {
        return (
            Stands::Nothing,
            Sure::Likely,
            "its headings are taken as measures",
        );
    }
    (
        Stands::Unit,
        Sure::Likely,
        "its rows or headings are taken as measures, and its name as their unit",
    )
}

/// Whether a text is surely the name of a measure: by a word that says which way is better, or by what it is counted in. A length of
/// time or of a way alone says how something is split or measured, and not what.
pub fn is_measure_name(name: &str) -> bool {
    !is_length(name)
        && (better_of_name(name).is_some()
            || is_unit_of_measure(name)
            || has_any(name, &["%", "rate", "number"]))
}

/// Whether several tables have the names of measures as their titles, and none in their rows: these are units, then.
pub fn titles_are_measures(sheet: &Sheet, tables: &[Table]) -> bool {
    let titles = tables.iter().filter_map(|table| table.title.as_ref());
    let titles: BTreeSet<&str> = titles.map(|(_, text)| text.as_str()).collect();
    tables.len() > 1
        && titles.len() == tables.len()
        && titles.iter().any(|title| is_measure_name(title))
        && !first_texts(sheet, tables)
            .iter()
            .any(|text| is_measure_name(text))
}

/// Whether the tables have titles of their own and name nothing themselves: their rows or headings say series alone. A title
/// above the table counts where there are several.
fn are_titled(sheet: &Sheet, tables: &[Table], calendar: &Calendar) -> bool {
    let is_of_headings = |table: &Table, at: &At| table.heading_rows.contains(&at.row);
    let titles = tables.iter().filter_map(|table| {
        let title = table.title.as_ref();
        title.filter(|(at, _)| tables.len() > 1 || is_of_headings(table, at))
    });
    let distinct: BTreeSet<String> = titles.map(|(_, text)| plain(text)).collect();
    let names_nothing = |table: &Table| {
        let mut headings = table.columns.iter().map(|(_, heading)| heading).skip(1);
        let mut rows = table.rows.iter().filter_map(|row| sheet.row(*row).next());
        headings.all(|heading| heading.rest.is_empty() || role_of(&heading.rest).is_some())
            && rows.all(|(_, cell)| {
                let is_period = said(cell, calendar).is_some();
                let text = cell.text();
                is_period || series_of(&text).is_some() || is_total(&text)
            })
    };
    distinct.len() == tables.len() && tables.iter().all(names_nothing)
}

/// The texts of the first columns of the tables.
fn first_texts(sheet: &Sheet, tables: &[Table]) -> Vec<String> {
    let rows = tables.iter().flat_map(|table| &table.rows);
    rows.filter_map(|row| sheet.row(*row).next().map(|(_, cell)| cell.shown()))
        .collect()
}

/// The year that the name of a file or sheet, or a title, names.
pub fn year_of(texts: impl Iterator<Item = String>, calendar: &Calendar) -> Option<Said> {
    let is_whole_year = |said: &Said| said.year.is_some() && !said.has_part();
    let years = texts.filter_map(|text| {
        let words = text
            .split([' ', '_', '-', '.', '(', ')', ','])
            .map(str::to_owned)
            .collect::<Vec<_>>();
        words
            .into_iter()
            .filter_map(|word| period::read(&word, calendar))
            .find(is_whole_year)
    });
    years.into_iter().next()
}
