//! Who answers for a measure.

use askama::Template;
use throughline_model::records::Measure;
use throughline_model::{Entry, Model};

use super::person_mark::PersonMark;
use crate::place::Place;

/// Who answers for a measure, and for what of it.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "parts/people_of_measure.html")]
pub struct PeopleOfMeasure {
    /// Who does what for it.
    pub people: Vec<(&'static str, Option<PersonMark>)>,
}

impl PeopleOfMeasure {
    /// Who answers for a measure of a plan.
    #[must_use]
    pub fn of(model: &Model, measure: &Entry<Measure>, place: &Place) -> PeopleOfMeasure {
        let person = |id| PersonMark::of(model, place, id);
        let mut people = vec![
            ("Owner", person(measure.owner)),
            ("Steward", person(measure.steward)),
            ("Validator", person(measure.validator)),
        ];
        if let Some(corrector) = person(measure.corrector) {
            people.push(("Starts corrective action", Some(corrector)));
        }
        PeopleOfMeasure { people }
    }
}
