//! What the cells of one row say of the values beside them: measure, unit, period and series, and what describes them.

use super::{Facts, Reading, Row, Spot};
use crate::book::{At, Cell};
use crate::columns::Column;
use crate::heading::{Series, said, series};
use crate::labels::series_of;
use crate::mapping::{Role, Stands, Sure};
use crate::period::Said;
use crate::words::{is_missing, is_total, plain};

/// What the cells of a row say of its values.
#[derive(Debug, Default)]
pub(super) struct RowTold {
    pub(super) measure: Option<String>,
    name: Option<String>,
    pub(super) unit: Option<String>,
    pub(super) said: Option<Said>,
    pub(super) series: Option<Series>,
    texts: Vec<(&'static str, String)>,
    parent: Option<(Spot, String)>,
    is_description: bool,
    unit_text: Option<String>,
    pub(super) carries_series: bool,
    /// Whether it is a total of other rows, by a word beside its first cell.
    pub(super) is_total: bool,
    /// Whether its targets are of all units together.
    of_all: bool,
    /// What is to be asked about its measure.
    ask: Option<String>,
}

impl RowTold {
    pub(super) fn of(
        reading: &Reading<'_>,
        row: u32,
        columns: &[Column],
        carried: &mut Row,
        facts: &mut Facts,
    ) -> RowTold {
        let mut told = RowTold {
            is_description: !columns.iter().any(|column| column.holds_values()),
            ..RowTold::default()
        };
        let (mut id, mut name) = (None, None);
        let mut date = None;
        for column in columns.iter().filter(|column| !column.holds_values()) {
            let at = At {
                row,
                column: column.column,
            };
            let Some(cell) = reading.sheet.1.cell_over(at) else {
                continue;
            };
            let text = cell.shown();
            let spot = (reading.sheet.0, at);
            let mut named = |what: &'static str| {
                if reading.sheet.1.cells.contains_key(&at) {
                    facts.names.insert(spot, what);
                }
            };
            match column.role {
                Role::Measure | Role::Unit if !is_missing(&text) => {
                    let label = column.labels.told(&text);
                    let what = match (column.role, &label.name) {
                        (_, None) => "series",
                        (Role::Unit, _) => "unit",
                        _ => "measure",
                    };
                    named(what);
                    if let Some(series) = label.series {
                        told.series = series;
                        told.carries_series = true;
                    }
                    if label.name.is_none() && series_of(&text) == Some(Some(Series::Target)) {
                        told.of_all = column.role == Role::Unit && column.labels.target_is_of_all();
                        told.ask = ask(column);
                    }
                    // What is a unit by a kept mapping stays one.
                    let is_known = || reading.known.contains(&plain(&text));
                    told.is_total |= column.role == Role::Unit
                        && label.name.as_deref().is_some_and(is_whole)
                        && !is_known();
                    match column.role {
                        Role::Unit => told.unit = label.name,
                        _ => name = label.name,
                    }
                }
                Role::Measure => {
                    named("measure");
                    name = Some(text)
                }
                Role::MeasureId => {
                    named("id of a measure");
                    id = Some(text)
                }
                Role::ParentId if !is_missing(&text) => {
                    named("measure above");
                    told.parent = Some((spot, text))
                }
                Role::Owner if !is_missing(&text) => {
                    named("owner");
                    told.texts.push(("owner", text))
                }
                Role::ShownAs if !is_missing(&text) => {
                    named("unit of measure");
                    told.texts.push(("shown_as", text))
                }
                Role::Better => {
                    named("better direction");
                    told.texts.push(("better", text))
                }
                Role::Frequency if !is_missing(&text) => {
                    named("frequency");
                    told.texts.push(("frequency", text))
                }
                Role::Definition if !is_missing(&text) => {
                    named("definition");
                    told.texts.push(("definition", text))
                }
                Role::Baseline if !is_missing(&text) => {
                    named("baseline");
                    told.texts.push(("baseline", text))
                }
                Role::Decimals => {
                    named("decimals");
                    told.texts.push(("decimals", text))
                }
                Role::Series => {
                    named("series");
                    told.series = series_of(&text).flatten().or_else(|| series(&text));
                    told.carries_series = true
                }
                Role::Period | Role::Year => {
                    named("period");
                    let said = said(cell, reading.calendar);
                    date = merged(date, said.map(|said| said.named_by(column.edge)))
                }
                Role::Month => {
                    named("period");
                    date = merged(date, month(cell).or_else(|| said(cell, reading.calendar)))
                }
                _ => {}
            }
        }
        if let Some(year) = date.and_then(|said: Said| said.year.map(|_| said)) {
            carried.year = Some(Said {
                year: year.year,
                is_fiscal: year.is_fiscal,
                ..Said::default()
            });
        }
        told.said = date.map(|said| said.or(carried.year.or(reading.year).unwrap_or_default()));
        let stands =
            |what| (reading.mapping.stands_for == what).then(|| reading.sheet.1.name.clone());
        let own = if reading.shares_ids {
            id.or_else(|| name.clone())
        } else {
            name.clone().or(id)
        };
        let own = own.filter(|text| !is_missing(text));
        carried.measure = own.or_else(|| carried.measure.take());
        let of_table = || carried.of_table.measure.clone();
        told.measure = carried.measure.clone().or_else(of_table);
        told.measure = told.measure.or_else(|| stands(Stands::Measure));
        told.name = name;
        told.unit_text.clone_from(&told.unit);
        let has_unit_column = columns.iter().any(|column| column.role == Role::Unit);
        if has_unit_column {
            carried.unit = told.unit.take().or_else(|| carried.unit.take());
            told.unit.clone_from(&carried.unit);
        }
        if told.of_all {
            told.unit = None;
        }
        told.unit = told
            .unit
            .or_else(|| carried.section.clone())
            .or_else(|| carried.of_table.unit.clone())
            .or_else(|| stands(Stands::Unit));
        told
    }

    pub(super) fn describe(&self, facts: &mut Facts, measure: &str) {
        let about = facts.about(measure);
        if let Some(ask) = &self.ask {
            about.say(Sure::ToCheck, ask);
        }
        if let Some(name) = self.name.as_ref().filter(|name| !is_missing(name))
            && self.is_description
        {
            about.name.clone_from(name);
        }
        for (role, text) in &self.texts {
            about.texts.entry(role).or_insert_with(|| text.clone());
        }
        if self.is_description && about.unit.is_none() {
            about.unit.clone_from(&self.unit_text);
        }
        if about.parent.is_none() {
            about.parent.clone_from(&self.parent);
        }
    }
}

/// Whether the name of a unit is that of all units together, of which there are rows, too.
fn is_whole(name: &str) -> bool {
    #[rustfmt::skip]
    const ALL: &[&str] = &[
        "all", "all units", "all sites", "all regions", "all locations", "all areas", "all teams", "all departments", "all stations",
        "all branches", "all agencies", "all divisions", "all districts", "overall",
    ];
    is_total(name) || ALL.contains(&plain(name).as_str())
}

/// What is to be asked about the measure of a row that is called Target and names nothing else.
fn ask(column: &Column) -> Option<String> {
    let labels = &column.labels;
    if column.role == Role::Unit {
        let because =
            "the row of its targets names no unit: they are taken as those of all units together";
        return labels.target_is_of_all().then(|| because.to_owned());
    }
    let because =
        "a row of targets that names no measure stands below it, and is taken as its targets";
    (labels.targets < labels.named).then(|| because.to_owned())
}

fn merged(known: Option<Said>, more: Option<Said>) -> Option<Said> {
    match (known, more) {
        (Some(known), Some(more)) => Some(known.or(more)),
        (known, more) => known.or(more),
    }
}

/// The number of a month.
fn month(cell: &Cell) -> Option<Said> {
    let number: i8 = cell.shown().parse().ok()?;
    (1..=12).contains(&number).then_some(Said {
        month: Some(number),
        ..Said::default()
    })
}
