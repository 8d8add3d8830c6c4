//! A measure at a unit where it is not read: what it is, who answers for it, and where it is read.

use askama::Template;
use throughline_app::NotRead;
use throughline_model::Kind;

use super::links;
use super::measure::definition;
use super::strategy::said_of;
use crate::error::{PageResult, WebError, page};
use crate::frame::{Frame, Section};
use crate::parts::people_of_measure::PeopleOfMeasure;
use crate::parts::place_bar::Choice;
use crate::parts::ties::TieTable;
use crate::viewer::Viewer;

/// The page.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "measure_not_read.html")]
pub struct MeasureNotReadPage {
    /// What is around it.
    pub frame: Frame,
    /// Its name.
    pub name: String,
    /// What is counted, how, and which direction is better.
    pub definition: String,
    /// Which figures these would be.
    pub said: String,
    /// The name of the unit.
    pub unit: String,
    /// Units at which it is read.
    pub read_at: Vec<Choice>,
    /// Who answers for it.
    pub people: PeopleOfMeasure,
    /// What moves it, and what it moves.
    pub ties: TieTable,
}

/// Shows a measure where it is not read.
///
/// # Errors
/// If the evidence cannot be worked out, or the template not be filled.
pub async fn show(viewer: &Viewer, not_read: &NotRead) -> PageResult {
    let (place, meant) = (&viewer.place, &not_read.selected);
    let model = &meant.model;
    let measure = model.measures().get(not_read.measure);
    let measure = measure.ok_or(WebError::NotThere)?;
    let key = measure.key.as_str();
    let evidence = viewer.evidence(meant).await?;
    let frame = Frame::at(viewer, Section::Measures, measure.name.clone(), meant);
    let read_at = not_read.read_at.iter().filter_map(|unit| {
        let unit = model.units().get(*unit)?;
        Some(Choice {
            name: unit.name.clone(),
            href: links::measure(&place.at_unit(unit.key.as_str()), key)?,
            is_current: false,
        })
    });
    page(&MeasureNotReadPage {
        frame: frame
            .below("Measures", links::page(place, "measures"))
            .below(measure.name.clone(), None)
            .of_record(viewer, Kind::Measure, key),
        name: measure.name.clone(),
        definition: definition(measure),
        said: said_of(meant),
        unit: meant.unit_name(),
        read_at: read_at.collect(),
        people: PeopleOfMeasure::of(model, measure, place),
        ties: TieTable::of_measure(model, not_read.measure, place, evidence.as_deref()),
    })
}
