//! What each column of a table holds: as the mapping says, or else by heading, cells and what the other columns hold.

use crate::book::{At, Cell, CellValue};
use crate::facts::Reading;
use crate::heading::{Heading, Series, said};
use crate::labels::{Labels, apart, paired};
use crate::mapping::{Role, Stands, Sure};
use crate::period::Said;
use crate::table::{Table, is_number};
use crate::week::Edge;
use crate::words::{better_of_name, has_any, is_missing, plain, role_of, why_left_out};

/// Why a column is left out of which nothing is known.
const UNKNOWN: &str = "its heading says nothing that is known";

/// How many rows of a column are looked at.
const ROWS_LOOKED_AT: usize = 60;

/// What a column holds.
#[derive(Clone, Debug)]
pub struct Column {
    /// Its number.
    pub column: u32,
    /// Its heading.
    pub heading: String,
    /// What it holds.
    pub role: Role,
    /// The period of its heading.
    pub said: Option<Said>,
    /// Which day of their weeks its days are, or the day of its heading, if anything says that.
    pub edge: Option<Edge>,
    /// The series of its heading.
    pub series: Option<Series>,
    /// The measure or unit that its heading names.
    pub label: String,
    /// How sure this is.
    pub sure: Sure,
    /// Why.
    pub because: String,
    /// What its labels say, where it names measures or units.
    pub labels: Labels,
}

impl Column {
    /// Whether its cells are values or targets.
    pub fn holds_values(&self) -> bool {
        matches!(
            self.role,
            Role::Value | Role::Target | Role::ValueOfMeasure | Role::ValueOfUnit
        )
    }

    fn set(&mut self, role: Role, sure: Sure, because: &str) {
        (self.role, self.sure) = (role, sure);
        because.clone_into(&mut self.because);
    }

    /// Whether nobody knows yet what it holds.
    fn is_unknown(&self) -> bool {
        self.role == Role::LeftOut && self.because == UNKNOWN
    }
}

/// What cells of a column are, by count.
#[derive(Clone, Copy, Default)]
struct Counts {
    numbers: usize,
    texts: usize,
    periods: usize,
}

/// The columns of a table.
pub fn columns_of(reading: &Reading<'_>, table: &Table) -> Vec<Column> {
    let mut columns: Vec<Column> = table
        .columns
        .iter()
        .map(|(column, heading)| by_heading(reading, table, *column, heading))
        .collect();
    let counts: Vec<Counts> = columns
        .iter()
        .map(|column| counts(reading, table, column.column))
        .collect();
    find_series(&mut columns);
    find_periods(&mut columns, &counts);
    find_names(reading, &mut columns, &counts);
    find_labels(reading, table, &mut columns, &counts);
    find_values(reading, &mut columns, &counts);
    carry_years(reading, &mut columns);
    for column in &mut columns {
        let kept = reading
            .mapping
            .columns
            .iter()
            .find(|kept| plain(&kept.heading) == plain(&column.heading));
        // A period in the heading says more than what was kept: the next file has others.
        if let Some(kept) = kept.filter(|_| column.said.is_none()) {
            column.set(kept.role, kept.sure, &kept.because);
            column.series = match kept.role {
                Role::Target => Some(Series::Target),
                Role::Value => Some(Series::Actual),
                _ => column.series,
            };
        }
        if matches!(column.role, Role::Measure | Role::Unit) {
            let labels = Labels::of(reading.sheet.1, table, column.column, reading.known);
            column.labels = labels;
        }
    }
    columns
}

/// Headings that say a name and a series (`Sales target`), where the name stands in another heading, too.
fn find_series(columns: &mut [Column]) {
    let is_named = |column: &&Column| column.said.is_none() && !column.label.is_empty();
    let named = || columns.iter().filter(is_named);
    let split = named().filter_map(|column| apart(&column.label)).collect();
    let names = named().filter(|column| column.is_unknown());
    let names = names.map(|column| plain(&column.label)).collect();
    let bases = paired(split, &names);
    for column in columns {
        let parts = apart(&column.label).filter(|(base, _)| bases.contains(&plain(base)));
        let Some((base, series)) = parts.filter(|_| column.said.is_none()) else {
            continue;
        };
        match series {
            Some(series) if column.is_unknown() => {
                column.set(Role::ValueOfUnit, Sure::Likely, "its heading says so");
                (column.label, column.series) = (base, Some(series));
            }
            Some(_) => {}
            None => column.set(
                Role::LeftOut,
                Sure::Certain,
                "neither values nor targets, by its heading",
            ),
        }
    }
}

/// Columns of labels that all say series: what their values are of is said above the table, or in the heading.
fn find_labels(reading: &Reading<'_>, table: &Table, columns: &mut [Column], counts: &[Counts]) {
    for (column, counts) in columns.iter_mut().zip(counts) {
        let is_named = matches!(column.role, Role::Measure | Role::Unit);
        if counts.texts == 0 || !(is_named || column.is_unknown()) {
            continue;
        }
        let labels = Labels::of(reading.sheet.1, table, column.column, reading.known);
        if labels.are_series() && !labels.names_stand_alone() {
            let label = match role_of(&column.label) {
                Some(_) => String::new(),
                None => std::mem::take(&mut column.label),
            };
            column.label = label;
            column.set(
                Role::Series,
                Sure::Certain,
                "its cells say what a row is of",
            );
        }
    }
}

fn by_heading(reading: &Reading<'_>, table: &Table, number: u32, heading: &Heading) -> Column {
    let mut column = Column {
        column: number,
        heading: heading.text.clone(),
        role: Role::LeftOut,
        said: heading.said,
        edge: heading.edge,
        series: heading.series,
        label: heading.rest.clone(),
        sure: Sure::Certain,
        because: UNKNOWN.to_owned(),
        labels: Labels::default(),
    };
    let left_out = why_left_out(&heading.rest).filter(|_| role_of(&heading.rest).is_none());
    if let Some(reason) = left_out {
        column.set(Role::LeftOut, Sure::Certain, reason);
        column.said = None;
    } else if is_baseline(&heading.rest) {
        column.set(Role::Baseline, Sure::Certain, "its heading says so");
        (column.said, column.series) = (None, None);
    } else if heading.said.is_some() {
        column.set(of_values(heading), Sure::Certain, "its heading is a period");
    } else if heading.series.is_some() {
        column.set(of_values(heading), Sure::Certain, "its heading says so");
    } else if ["unit", "units"].contains(&plain(&heading.rest).as_str()) {
        let role = if are_units_of_measure(reading, table, number) {
            Role::ShownAs
        } else {
            Role::Unit
        };
        column.set(role, Sure::Likely, "by what stands below its heading");
    } else if let Some(role) = role_of(&heading.rest) {
        column.set(role, Sure::Certain, "its heading says so");
    }
    column
}

/// Whether a heading says that measures stood there before, whatever it says beside that.
fn is_baseline(rest: &str) -> bool {
    let mut words = plain(rest);
    words.retain(|character| !character.is_ascii_digit());
    ["baseline", "base line", "baseline value"]
        .contains(&words.trim().trim_end_matches(['/', '-']).trim())
}

/// The role of a column of values or targets. What else its heading says is a unit.
fn of_values(heading: &Heading) -> Role {
    match heading.series {
        _ if !heading.rest.is_empty() => Role::ValueOfUnit,
        Some(Series::Target) => Role::Target,
        Some(Series::Actual) | None => Role::Value,
    }
}

/// Whether what stands in a column are units of measure and no parts of the organisation.
fn are_units_of_measure(reading: &Reading<'_>, table: &Table, column: u32) -> bool {
    let texts: Vec<String> = table
        .rows
        .iter()
        .take(ROWS_LOOKED_AT)
        .filter_map(|row| reading.sheet.1.cells.get(&At { row: *row, column }))
        .map(Cell::shown)
        .collect();
    let known = texts.iter().filter(|text| is_unit_of_measure(text)).count();
    known * 2 > texts.len()
}

/// Whether a text is a length of time or of a way.
pub fn is_length(text: &str) -> bool {
    #[rustfmt::skip]
    const LENGTHS: &[&str] = &[
        "days", "day", "hours", "hour", "hrs", "hr", "h", "min", "mins", "minute", "minutes", "months", "seconds", "sec", "metres",
        "km", "miles",
    ];
    LENGTHS.contains(&text.trim().to_lowercase().as_str())
}

/// Whether a text is a unit of measure.
pub fn is_unit_of_measure(text: &str) -> bool {
    const UNITS: &[&str] = &[
        "%",
        "percent",
        "percentage",
        "count",
        "number",
        "no",
        "#",
        "£",
        "$",
        "€",
        "gbp",
        "usd",
        "eur",
        "£m",
        "£k",
        "$m",
        "$k",
        "€m",
        "kwh",
        "mwh",
        "tonnes",
        "t",
        "kg",
        "ml/d",
        "ml",
        "litres",
        "people",
        "fte",
        "points",
        "score",
        "ratio",
        "rate",
        "index",
        "per 1000",
        "per 1,000",
        "calls",
        "units",
        "m3",
        "co2e",
        "tco2e",
        "orders",
        "cases",
        "contacts",
        "jobs",
        "properties",
        "mins/prop",
    ];
    let text = text.trim().to_lowercase();
    is_length(&text)
        || UNITS.contains(&text.as_str())
        || text.starts_with("per ")
        || has_any(&text, &["%", "per"])
}

fn counts(reading: &Reading<'_>, table: &Table, column: u32) -> Counts {
    let mut counts = Counts::default();
    for row in table.rows.iter().take(ROWS_LOOKED_AT) {
        let Some(cell) = reading.sheet.1.cells.get(&At { row: *row, column }) else {
            continue;
        };
        if said(cell, reading.calendar).is_some_and(|said| said.has_part() || said.year.is_some()) {
            counts.periods += 1;
        } else if is_number(cell, reading.calendar) {
            counts.numbers += 1;
        } else if !is_missing(&cell.shown()) && matches!(cell.value, CellValue::Text(_)) {
            counts.texts += 1;
        }
    }
    counts
}

/// Periods in rows: a column of them, where no heading is one.
fn find_periods(columns: &mut [Column], counts: &[Counts]) {
    let in_headings = columns.iter().any(|column| column.said.is_some());
    let is_known = columns
        .iter()
        .any(|column| matches!(column.role, Role::Period | Role::Year | Role::Month));
    if in_headings || is_known {
        return;
    }
    let mut pairs = columns.iter_mut().zip(counts);
    let found = pairs.find(|(column, counts)| {
        counts.periods > 1
            && counts.periods > counts.numbers + counts.texts
            && matches!(column.role, Role::LeftOut | Role::Measure)
    });
    if let Some((column, _)) = found {
        column.set(Role::Period, Sure::Certain, "its cells are periods");
    }
}

/// The names of measures: the first column of texts, where no heading names it and the sheet is no measure.
fn find_names(reading: &Reading<'_>, columns: &mut [Column], counts: &[Counts]) {
    let has = |columns: &[Column], role: Role| columns.iter().any(|column| column.role == role);
    if has(columns, Role::Measure) || (has(columns, Role::MeasureId) && reading.shares_ids) {
        return;
    }
    let is_measure = reading.mapping.stands_for == Stands::Measure;
    let has_period_rows = has(columns, Role::Period) || has(columns, Role::Month);
    if is_measure && has(columns, Role::Unit) {
        return;
    }
    let mut pairs = columns.iter_mut().zip(counts);
    let found = pairs.find(|(column, counts)| {
        column.is_unknown() && counts.texts > 0 && counts.texts >= counts.numbers
    });
    if let Some((column, _)) = found {
        let role = if is_measure || reading.is_titled {
            Role::Unit
        } else {
            Role::Measure
        };
        let sure = if has_period_rows {
            Sure::ToCheck
        } else {
            Sure::Likely
        };
        column.set(role, sure, "the first column of texts");
    }
}

/// Values below headings that are names: of measures, or of units where the sheet is a measure.
fn find_values(reading: &Reading<'_>, columns: &mut [Column], counts: &[Counts]) {
    let has_measure = columns
        .iter()
        .any(|column| matches!(column.role, Role::Measure | Role::MeasureId));
    let is_measure = reading.mapping.stands_for == Stands::Measure;
    let has_period_rows = columns
        .iter()
        .any(|column| matches!(column.role, Role::Period | Role::Month | Role::Year));
    for (column, counts) in columns.iter_mut().zip(counts) {
        let unknown = column.is_unknown();
        let names_value = column.role == Role::ValueOfUnit
            && column.said.is_none()
            && !is_measure
            && !has_measure;
        if names_value {
            column.set(
                Role::ValueOfMeasure,
                Sure::Likely,
                "its heading is taken as the name of a measure",
            );
        }
        if !unknown || column.label.is_empty() || counts.numbers == 0 || !has_period_rows {
            continue;
        }
        if is_measure || has_measure {
            column.set(
                Role::ValueOfUnit,
                Sure::Likely,
                "its heading is taken as the name of a unit",
            );
        } else {
            let sure = if better_of_name(&column.label).is_some() {
                Sure::Certain
            } else {
                Sure::Likely
            };
            column.set(
                Role::ValueOfMeasure,
                sure,
                "its heading is taken as the name of a measure",
            );
        }
    }
}

/// Months without a year get that of the column before, one more after December, or else that of the title.
fn carry_years(reading: &Reading<'_>, columns: &mut [Column]) {
    let mut last: Option<(Said, i8)> = None;
    for column in columns {
        let Some(said) = column.said.as_mut() else {
            continue;
        };
        if said.day.is_some() {
            continue;
        }
        if said.year.is_none() {
            let known = last.map(|(before, month)| Said {
                year: before.year.map(|year| {
                    year + i16::from(
                        !(before.is_fiscal && reading.calendar.fiscal_year_starts() > 1)
                            && said.month.is_some_and(|own| own < month),
                    )
                }),
                is_fiscal: before.is_fiscal,
                ..Said::default()
            });
            *said = said.or(known.or(reading.year).unwrap_or_default());
        }
        if said.year.is_some() {
            let whole = Said {
                year: said.year,
                is_fiscal: said.is_fiscal,
                ..Said::default()
            };
            last = Some((whole, said.month.unwrap_or(1)));
        }
    }
}
