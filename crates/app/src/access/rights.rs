//! What the plan says that a person may do, and who may change that.

use throughline_core::{Actor, Origin, PersonId, Role, Scope};
use throughline_model::records::{AnyRecord, Person};
use throughline_model::{Change, Kind, Model};

use crate::live::Snapshot;
use crate::policy::{GiveAccess, Object};
use crate::{AppError, Ctx};

/// A role, and where it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Access {
    /// The role.
    pub role: Role,
    /// Where it holds.
    pub scope: Scope,
}

impl Access {
    /// The actor that a person is who has it.
    pub(crate) fn actor(self, person: PersonId) -> Actor {
        Actor {
            person: Some(person),
            role: self.role,
            scope: self.scope,
            origin: Origin::Server,
        }
    }
}

/// What a person may do by a plan; `None` for somebody who has no role, and cannot sign in.
#[must_use]
pub fn access_of(person: &Person) -> Option<Access> {
    let scope = match person.role_at {
        Some(unit) => Scope::Unit(unit),
        None => Scope::Organisation,
    };
    person.role.map(|role| Access {
        role: role.into(),
        scope,
    })
}

/// The actor that a person is who has signed in, by the plan of now; `None` if they are no longer in it, or have no role.
#[must_use]
pub fn actor_of(snapshot: &Snapshot, person: PersonId) -> Option<Actor> {
    let access = access_of(snapshot.whole.people().get(person)?)?;
    Some(access.actor(person))
}

/// Refuses changes that give or take access to an actor who may not do that: whoever writes the plan would otherwise write
/// themselves into every right.
///
/// # Errors
/// [`AppError::Forbidden`].
pub(crate) fn refuse_without_right(
    ctx: &Ctx,
    before: &Model,
    changes: &[Change],
) -> Result<(), AppError> {
    if gives_access(before, changes) {
        ctx.prove::<GiveAccess>(Object::Organisation, before)?;
    }
    Ok(())
}

/// Whether some change gives or takes access.
pub(crate) fn gives_access(before: &Model, changes: &[Change]) -> bool {
    let had = |person| before.people().get(person).and_then(|one| access_of(one));
    changes.iter().any(|change| match change {
        Change::Put(AnyRecord::Person(person)) => access_of(person) != had(person.id()),
        Change::Put(_) => false,
        Change::Retire(Kind::Person, id) => had(PersonId::from_uuid(*id)).is_some(),
        Change::Retire(..) => false,
    })
}
