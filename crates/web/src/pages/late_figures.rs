//! Late figures: what should be there at a unit and those below it and is not, with who enters it and who answers for it.

use askama::Template;
use throughline_app::entry::{LateFigures, LateSeries, late};
use throughline_app::words::{self, names};
use throughline_model::Kind;

use crate::address::Query;
use crate::error::{PageResult, page};
use crate::frame::{Frame, Section};
use crate::pages::links;
use crate::parts::pages::{ListState, Pages, Stretch, at_row};
use crate::parts::person_mark::PersonMark;
use crate::place::Place;
use crate::viewer::Viewer;

/// How many are shown at once.
const ROWS_MAX: usize = 150;

/// The page.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "late_figures.html")]
pub struct LateFiguresPage {
    /// What is around it.
    pub frame: Frame,
    /// How many there are, and where, in a sentence.
    pub said: String,
    /// Those that are shown.
    pub rows: Vec<LateFigureRow>,
    /// The ways to the others.
    pub pages: Pages,
}

/// The figures of a measure at a unit that are late.
#[derive(Debug, Clone)]
pub struct LateFigureRow {
    /// The measure.
    pub name: String,
    /// Its page there.
    pub href: Option<String>,
    /// The unit.
    pub unit: String,
    /// Of which periods: `Feb 2013`, `11, Feb 2013 to Dec 2013`.
    pub periods: String,
    /// The last day on which the earliest one was in time.
    pub by: String,
    /// Who enters it.
    pub collector: Option<PersonMark>,
    /// Who answers for it.
    pub owner: Option<PersonMark>,
}

/// Shows what is late.
///
/// # Errors
/// As of the use case.
pub async fn get(viewer: Viewer, Query(state): Query<ListState>) -> PageResult {
    let found = late(&viewer.ctx, &viewer.place.selection()).await?;
    let stretch = Stretch::of(state.row, ROWS_MAX, found.series.len());
    let rows = stretch.rows(&found.series).iter();
    let title = "Late figures";
    page(&LateFiguresPage {
        frame: Frame::at(&viewer, Section::Due, title, &found.selected)
            .of_no_period()
            .below("Due from me", Some(viewer.place.href("/due")))
            .below(title, None),
        said: said(&found),
        rows: rows
            .filter_map(|one| LateFigureRow::of(&viewer, &found, one))
            .collect(),
        pages: stretch.pages("Rows", |row| at_row(&viewer, row)),
    })
}

/// How many are late, and where.
fn said(found: &LateFigures) -> String {
    let unit = found.selected.unit_name();
    let figures: usize = found.series.iter().map(|one| one.figures).sum();
    match figures {
        0 => format!("No figure that people enter is late at {unit} and below."),
        1 => format!("1 figure is late at {unit} and below."),
        figures => {
            let figures = words::count(figures as u64, "figure");
            format!("{figures} are late at {unit} and below, the longest overdue first.")
        }
    }
}

impl LateFigureRow {
    fn of(viewer: &Viewer, found: &LateFigures, late: &LateSeries) -> Option<LateFigureRow> {
        let model = &found.selected.model;
        let measure = model.measures().get(late.measure)?;
        let there = Place {
            unit: Some(model.units().get(late.unit)?.key.to_string()),
            ..viewer.place.clone()
        };
        let period = |period| words::period(period, model.calendar());
        let person = |person| PersonMark::of(model, &viewer.place, person);
        Some(LateFigureRow {
            name: measure.name.clone(),
            href: links::measure(&there, measure.key.as_str()),
            unit: names::name(model, (Kind::Unit, late.unit.as_uuid())),
            periods: match (period(&late.first), late.figures) {
                (first, 1) => first,
                (first, figures) => {
                    let more = if late.may_be_more { " or more" } else { "" };
                    format!("{figures}{more}, {first} to {}", period(&late.last))
                }
            },
            by: match late.may_be_more {
                true => format!("{} or before", words::date(late.by)),
                false => words::date(late.by),
            },
            collector: person(measure.steward.or(measure.owner)),
            owner: person(measure.owner),
        })
    }
}
