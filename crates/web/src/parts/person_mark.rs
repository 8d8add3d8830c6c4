//! A person where they answer for something: initials, name, and the way to their page.

use askama::Template;
use throughline_core::PersonId;
use throughline_model::{Kind, Model};

use crate::frame::initials;
use crate::pages::links;
use crate::place::Place;

/// A person.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "parts/person_mark.html")]
pub struct PersonMark {
    /// The name.
    pub name: String,
    /// Its initials.
    pub initials: String,
    /// The unit in which they work.
    pub unit: String,
    /// Their page.
    pub href: Option<String>,
}

impl PersonMark {
    /// A person of the plan, if there is one.
    #[must_use]
    pub fn of(model: &Model, place: &Place, person: Option<PersonId>) -> Option<PersonMark> {
        let person = model.people().get(person?)?;
        let unit = person.unit.and_then(|unit| model.units().get(unit));
        Some(PersonMark {
            name: person.name.clone(),
            initials: initials(&person.name),
            unit: unit.map_or_else(String::new, |unit| unit.name.clone()),
            href: links::record(place, Kind::Person, person.key.as_str()),
        })
    }
}
