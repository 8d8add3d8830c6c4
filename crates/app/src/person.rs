//! A person of the plan: who they are, and what they answer for. What is personal is there for few, and for the others
//! it is not there at all.

use std::sync::Arc;

use throughline_core::PersonId;
use throughline_model::records::Person;
use throughline_model::{Entry, Kind, Model};
use uuid::Uuid;

use crate::policy::{Object, ReadPlan};
use crate::scorecard::{ReadScorecard, scorecard};
use crate::selection::Selection;
use crate::{AppError, Ctx};

/// A person, and how what they answer for stands.
pub struct ReadPerson {
    /// The person, without what the actor may not see.
    pub person: Arc<Entry<Person>>,
    /// How things stand at what is meant.
    pub read: ReadScorecard,
    /// What they have a part in, in the order of the plan.
    pub duties: Vec<Duty>,
}

/// What a person has a part in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Duty {
    /// What they do for it.
    pub part: DutyPart,
    /// The kind of the record.
    pub kind: Kind,
    /// The record.
    pub id: Uuid,
}

/// What a person does for a record of the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DutyPart {
    /// Answers for it.
    Owner,
    /// Collects it.
    Steward,
    /// Checks it.
    Validator,
}

/// Reads a person by key.
///
/// # Errors
/// If there is no such person, or as for a scorecard.
pub async fn person(ctx: &Ctx, key: &str, asked: &Selection) -> Result<ReadPerson, AppError> {
    // Who somebody is stands in the plan, how things stand in the scorecard, which asks for itself.
    ctx.authorize::<ReadPlan>(Object::Organisation).await?;
    let read = scorecard(ctx, asked).await?;
    let model = &read.selected.model;
    let found = model.people().by_key(key);
    let found = found.ok_or_else(|| AppError::not_found("there is no such person"))?;
    let person = Arc::clone(found);
    let duties = duties_of(model, person.id());
    Ok(ReadPerson {
        person,
        read,
        duties,
    })
}

/// What a person has a part in: objectives, outcomes, behaviours and initiatives that they answer for, then measures.
#[must_use]
pub fn duties_of(model: &Model, person: PersonId) -> Vec<Duty> {
    let mut duties = Vec::new();
    each_duty(model, |of, duty| {
        if of == person {
            duties.push(duty);
        }
    });
    duties
}

/// Goes through every duty of the plan, with whose it is.
pub fn each_duty(model: &Model, mut found: impl FnMut(PersonId, Duty)) {
    let mut note = |part: DutyPart, who: Option<PersonId>, kind: Kind, id: Uuid| {
        if let Some(who) = who {
            found(who, Duty { part, kind, id });
        }
    };
    for one in model.objectives() {
        note(DutyPart::Owner, one.owner, Kind::Objective, one.id);
    }
    for one in model.outcomes() {
        note(DutyPart::Owner, one.owner, Kind::Outcome, one.id);
    }
    for one in model.behaviours() {
        note(DutyPart::Owner, one.owner, Kind::Behaviour, one.id);
    }
    for one in model.initiatives() {
        note(DutyPart::Owner, one.owner, Kind::Initiative, one.id);
    }
    for one in model.measures() {
        note(DutyPart::Owner, one.owner, Kind::Measure, one.id);
        note(DutyPart::Steward, one.steward, Kind::Measure, one.id);
        note(DutyPart::Validator, one.validator, Kind::Measure, one.id);
    }
}
