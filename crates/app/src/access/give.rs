//! Giving and taking roles: each a commit, so that who let whom in stands in the history.

use std::sync::Arc;

use throughline_core::{PersonId, UnitId};
use throughline_ledger::Commit;
use throughline_model::records::{AnyRecord, Person, PersonRole};
use throughline_model::{Change, Entry, Model};

use super::attempts::Door;
use super::invitation::person_of;
use super::rights::access_of;
use super::sign_in::{has_password, keep, refuse_weak_of};
use crate::policy::{GiveAccess, Object, SeeAccess};
use crate::{AppError, Ctx};

/// A role to be given.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Given {
    /// The role; `None` takes access away.
    pub role: Option<PersonRole>,
    /// The key of the unit where it holds; `None` is the whole organisation.
    pub unit: Option<String>,
}

/// The first administrator.
#[derive(Debug)]
pub struct Begun {
    /// Who that is.
    pub person: PersonId,
    /// The commit that gave the role; `None` if the plan did.
    pub commit: Option<Commit>,
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

/// Whether nobody can sign in who gives access: then whoever runs the server has to begin.
///
/// # Errors
/// What the ledger says.
pub async fn lacks_administrator(ctx: &Ctx) -> Result<bool, AppError> {
    let proof = ctx.authorize::<SeeAccess>(Object::Organisation).await?;
    let ledger = ctx.ledger(&proof)?;
    let plan = ctx.newest_model().await?;
    for person in plan
        .people()
        .iter()
        .filter(|person| is_administrator(person))
    {
        if has_password(ledger, person.id()).await? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Makes a person of the plan the first administrator, with a password: what whoever runs the server does first.
///
/// # Errors
/// If there is no such person, the password is weak, or there is an administrator already.
pub async fn begin_as_administrator(
    ctx: &Ctx,
    door: &Door,
    key: &str,
    password: &str,
) -> Result<Begun, AppError> {
    let proof = ctx.authorize::<GiveAccess>(Object::Organisation).await?;
    if !lacks_administrator(ctx).await? {
        return Err(AppError::not_found("there is an administrator already"));
    }
    let ledger = ctx.ledger(&proof)?;
    let plan = ctx.newest_model().await?;
    let person = person_of(&plan, key)?;
    refuse_weak_of(&plan, person, password)?;
    let given = Given {
        role: Some(PersonRole::Administrator),
        unit: None,
    };
    let commit = give_role(ctx, key, &given).await?;
    keep(ctx, door, ledger, person.id(), password).await?;
    Ok(Begun {
        person: person.id(),
        commit,
    })
}

fn is_administrator(person: &Person) -> bool {
    access_of(person).is_some()
        && person.role == Some(PersonRole::Administrator)
        && person.role_at.is_none()
}

fn has_administrator(plan: &Model) -> bool {
    plan.people().iter().any(|person| is_administrator(person))
}

/// The change that a person is as given from here on.
fn put(before: &Entry<Person>, record: Person) -> Change {
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
