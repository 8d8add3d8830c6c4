//! In the demonstration a visitor looks through the eyes of a person of the plan, and may do what that person's level
//! stands for. Nobody signs in there; who somebody is, and may do, is decided here and not by the pages.

use throughline_core::{Actor, Origin, PersonId, Role, Scope};
use throughline_model::Model;
use throughline_model::records::{Level, Person};

use crate::Ctx;

/// A person through whose eyes the demonstration can be looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Eyes {
    /// The person's key.
    pub key: String,
    /// The person's name.
    pub name: String,
    /// The person's level, if it is known.
    pub level: Option<Level>,
    /// The name of the unit in which the person works.
    pub unit: Option<String>,
    /// The role in which the visitor acts.
    pub role: Role,
}

/// Everybody through whose eyes the demonstration can be looked at, in the order of the plan.
#[must_use]
pub fn eyes(ctx: &Ctx) -> Vec<Eyes> {
    let Some(snapshot) = ctx.snapshot() else {
        return Vec::new();
    };
    let model = &snapshot.model;
    let of = |person: &Person| Eyes {
        key: person.key.to_string(),
        name: person.name.clone(),
        level: person.level,
        unit: person
            .unit
            .and_then(|unit| Some(model.units().get(unit)?.name.clone())),
        role: role_of(person),
    };
    model.people().iter().map(|person| of(person)).collect()
}

/// The actor whom a visitor is who looks through a person's eyes; `None` if there is no such person (any more).
#[must_use]
pub fn stand_in(model: &Model, person: PersonId) -> Option<Actor> {
    let person = model.people().get(person)?;
    let role = role_of(person);
    Some(Actor {
        person: Some(person.id()),
        role,
        // Who sets the course does so for the whole; everybody else is confined to where they work.
        scope: match (role, person.unit) {
            (Role::Strategist, _) => Scope::Organisation,
            (_, Some(unit)) => Scope::Unit(unit),
            (_, None) => Scope::Nowhere,
        },
        origin: Origin::Server,
    })
}

fn role_of(person: &Person) -> Role {
    match person.level {
        Some(Level::Executive) => Role::Strategist,
        Some(Level::Manager) => Role::Steward,
        Some(Level::Frontline) => Role::Contributor,
        None => Role::Viewer,
    }
}
