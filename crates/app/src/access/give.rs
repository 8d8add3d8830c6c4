//! Giving and taking roles: each a commit, so that who let whom in stands in the history.

use std::sync::Arc;

use throughline_core::UnitId;
use throughline_ledger::Commit;
use throughline_model::records::{AnyRecord, Person, PersonRole};
use throughline_model::{Change, Entry, Model};

use super::invitation::person_of;
use super::rights::access_of;
use crate::policy::{GiveAccess, Object};
use crate::{AppError, Ctx};

/// A role to be given.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Given {
    /// The role; `None` takes access away.
    pub role: Option<PersonRole>,
    /// The key of the unit where it holds; `None` is the whole organisation.
    pub unit: Option<String>,
}

/// Gives a person a role, or takes it. Returns the commit; `None` if they had it.
///
/// # Errors
/// If there is no such person or unit; if nobody would be left who gives access.
pub async fn give_role(ctx: &Ctx, key: &str, given: &Given) -> Result<Option<Commit>, AppError> {
    let proof = ctx.authorize::<GiveAccess>(Object::Organisation).await?;
    let ledger = ctx.ledger(&proof)?;
    let mut writer = ctx.writer(ledger, &proof).await?;
    let plan = writer.model().clone();
    let person = person_of(&plan, key)?;
    let mut changed = Person::clone(person);
    changed.role = given.role;
    changed.role_at = match &given.unit {
        Some(unit) if given.role.is_some() => Some(unit_of(&plan, unit)?),
        _ => None,
    };
    if changed == **person {
        return Ok(None);
    }
    let put = put(person, changed);
    let after = plan.with([put.clone()]);
    if has_administrator(&plan) && !has_administrator(&after) {
        return Err(
            AppError::bad_request("nobody would be left who gives access")
                .with_help("make somebody else administrator of the whole organisation first"),
        );
    }
    let commit = ctx.commit(&plan)?.with_changes(vec![put]);
    let appended = writer.append(commit).await?;
    writer.finish().await?;
    Ok(appended.commit)
}

/// Whether a person may say who may do what: an administrator of the whole.
#[must_use]
pub fn is_administrator(person: &Person) -> bool {
    access_of(person).is_some()
        && person.role == Some(PersonRole::Administrator)
        && person.role_at.is_none()
}

fn has_administrator(plan: &Model) -> bool {
    plan.people().iter().any(|person| is_administrator(person))
}

/// The change that a person is as given from here on.
pub(super) fn put(before: &Entry<Person>, record: Person) -> Change {
    Change::Put(AnyRecord::Person(Arc::new(Entry {
        id: before.id,
        position: before.position,
        record,
    })))
}

fn unit_of(plan: &Model, key: &str) -> Result<UnitId, AppError> {
    let unit = plan.units().by_key(key).map(|unit| unit.id());
    unit.ok_or_else(|| AppError::unknown_name(format!("there is no unit `{key}`")))
}
