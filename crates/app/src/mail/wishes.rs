//! Which mails somebody wants: all, until they switch one off. Kept among the workings, without an end; it is nobody's
//! business in the history.

use std::collections::HashMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use throughline_core::{PersonId, Uuid};
use throughline_ledger::Ledger;

use super::matters::MailKind;
use crate::policy::{ChooseMails, Object};
use crate::{AppError, Ctx};

/// Under which purpose it is kept what somebody does not want, by the id of the person.
const PURPOSE: &str = "mail-off";

/// Which mails somebody wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wishes {
    /// The weekly mail.
    pub digest: bool,
    /// Reminders.
    pub reminder: bool,
}

impl Default for Wishes {
    fn default() -> Self {
        Wishes {
            digest: true,
            reminder: true,
        }
    }
}

impl Wishes {
    /// Whether a sort is wanted.
    #[must_use]
    pub fn want(self, kind: MailKind) -> bool {
        match kind {
            MailKind::Digest => self.digest,
            MailKind::Reminder => self.reminder,
        }
    }

    /// The same without a sort.
    #[must_use]
    pub fn without(self, kind: MailKind) -> Wishes {
        match kind {
            MailKind::Digest => Wishes {
                digest: false,
                ..self
            },
            MailKind::Reminder => Wishes {
                reminder: false,
                ..self
            },
        }
    }
}

/// Which mails the actor wants.
///
/// # Errors
/// If the actor is nobody in person; what the ledger says.
pub async fn wishes(ctx: &Ctx) -> Result<Wishes, AppError> {
    let person = oneself(ctx)?;
    let proof = ctx.authorize::<ChooseMails>(Object::Person(person)).await?;
    of(ctx.ledger(&proof)?, person).await
}

/// Keeps which mails the actor wants.
///
/// # Errors
/// As of [`wishes`].
pub async fn choose(ctx: &Ctx, wishes: Wishes) -> Result<(), AppError> {
    let person = oneself(ctx)?;
    let proof = ctx.authorize::<ChooseMails>(Object::Person(person)).await?;
    keep(ctx.ledger(&proof)?, person, wishes).await
}

fn oneself(ctx: &Ctx) -> Result<PersonId, AppError> {
    let person = ctx.actor().person;
    person.ok_or_else(|| AppError::not_found("there is no such page"))
}

/// Which mails a person wants.
pub(super) async fn of(ledger: &Ledger, person: PersonId) -> Result<Wishes, AppError> {
    let kept = ledger.workings(PURPOSE).get(&key(person)).await?;
    Ok(kept.map_or_else(Wishes::default, |kept| read(&kept)))
}

/// Which mails those want who do not want all.
pub(super) async fn of_all(ledger: &Ledger) -> Result<HashMap<PersonId, Wishes>, AppError> {
    let kept = super::outbox::all(&ledger.workings(PURPOSE)).await?;
    let kept = kept.into_iter().filter_map(|(key, body)| {
        let person = key.parse::<Uuid>().ok()?;
        Some((PersonId::from_uuid(person), read(&body)))
    });
    Ok(kept.collect())
}

pub(super) async fn keep(
    ledger: &Ledger,
    person: PersonId,
    wishes: Wishes,
) -> Result<(), AppError> {
    let workings = ledger.workings(PURPOSE);
    if wishes == Wishes::default() {
        workings.remove(&key(person)).await?;
        return Ok(());
    }
    let body = serde_json::to_vec(&wishes)
        .map_err(|error| AppError::failed("the choice could not be kept", error))?;
    workings.put(&key(person), &body, Timestamp::MAX).await?;
    Ok(())
}

fn key(person: PersonId) -> String {
    person.as_uuid().to_string()
}

/// What was kept; whoever said no and cannot be read gets nothing.
fn read(body: &[u8]) -> Wishes {
    serde_json::from_slice(body).unwrap_or(Wishes {
        digest: false,
        reminder: false,
    })
}
