//! The private address of the calendar of reviews: calendar programs have no session, so each person can have one address
//! that shows them the meetings that they may see, and nothing else.
//!
//! Only the hash of its secret is kept, among the workings, beside whose it is; what may be seen is asked anew each time. A
//! new address ends the one before.

use jiff::Timestamp;
use throughline_core::PersonId;
use throughline_ledger::Ledger;

use super::{ReadReviews, reviews};
use crate::access::{Door, actor_of};
use crate::live::Live;
use crate::mail::{hash_of_token, new_token};
use crate::policy::{KeepCalendarLink, Object, ReadCalendarByLink, SignIn};
use crate::{AppError, Ctx};

/// Under which purpose it is kept whose an address is, by the hash of its secret.
const WHOSE: &str = "calendar-link";
/// Under which purpose the hash of the newest address of a person is kept: those before it no longer open.
const NEWEST: &str = "calendar-link-newest";

/// Whether the actor has an address.
///
/// # Errors
/// If the actor is nobody in person; what the ledger says.
pub async fn has_calendar_link(ctx: &Ctx) -> Result<bool, AppError> {
    let (ledger, person) = own(ctx).await?;
    Ok(newest_of(ledger, person).await?.is_some())
}

/// Makes an address for the actor, and gives its secret, which is kept nowhere. The one before ends.
///
/// # Errors
/// As of [`has_calendar_link`].
pub async fn new_calendar_link(ctx: &Ctx) -> Result<String, AppError> {
    let (ledger, person) = own(ctx).await?;
    let token = new_token(ctx);
    let (hash, before) = (hash_of_token(&token), newest_of(ledger, person).await?);
    let whose = ledger.workings(WHOSE);
    whose
        .put(&hash, key(person).as_bytes(), Timestamp::MAX)
        .await?;
    ledger
        .workings(NEWEST)
        .put(&key(person), hash.as_bytes(), Timestamp::MAX)
        .await?;
    if let Some(before) = before {
        whose.remove(&before).await?;
    }
    Ok(token)
}

/// Ends the address of the actor.
///
/// # Errors
/// As of [`has_calendar_link`].
pub async fn end_calendar_link(ctx: &Ctx) -> Result<(), AppError> {
    let (ledger, person) = own(ctx).await?;
    forget(ledger, person).await
}

/// The bodies and reviews that the person of an address may read; `None` if it has ended, was replaced by a newer one, or is
/// none; if its person is no longer there or may no longer read.
///
/// # Errors
/// [`AppError::TooManyAttempts`]; what the ledger says.
pub async fn calendar_by_link(
    ctx: &Ctx,
    live: &Live,
    door: &Door,
    token: &str,
) -> Result<Option<ReadReviews>, AppError> {
    let proof = ctx.authorize::<SignIn>(Object::Organisation).await?;
    let ledger = ctx.ledger(&proof)?;
    let hash = hash_of_token(token);
    let Some(person) = whose(ledger, &hash).await? else {
        door.knock(&hash, ctx.now())?;
        return Ok(None);
    };
    let Some(actor) = actor_of(&live.snapshot(), person) else {
        return Ok(None);
    };
    let theirs = ctx.of_request(live, actor);
    // What the role of the person allows is asked anew each time.
    let may = theirs.authorize::<ReadCalendarByLink>(Object::Person(person));
    match may.await {
        Ok(_) => Ok(Some(reviews(&theirs).await?)),
        Err(AppError::Forbidden { .. } | AppError::NotFound { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Ends the address of a person.
pub(crate) async fn forget(ledger: &Ledger, person: PersonId) -> Result<(), AppError> {
    if let Some(hash) = newest_of(ledger, person).await? {
        ledger.workings(WHOSE).remove(&hash).await?;
    }
    ledger.workings(NEWEST).remove(&key(person)).await?;
    Ok(())
}

/// The ledger, for an actor who is somebody in person.
async fn own(ctx: &Ctx) -> Result<(&Ledger, PersonId), AppError> {
    let person = ctx.actor().person;
    let person = person.ok_or_else(|| AppError::not_found("there is no such page"))?;
    let object = Object::Person(person);
    let proof = ctx.authorize::<KeepCalendarLink>(object).await?;
    Ok((ctx.ledger(&proof)?, person))
}

async fn newest_of(ledger: &Ledger, person: PersonId) -> Result<Option<String>, AppError> {
    let kept = ledger.workings(NEWEST).get(&key(person)).await?;
    Ok(kept.and_then(|hash| String::from_utf8(hash).ok()))
}

/// Whose an address is, as long as it is their newest.
async fn whose(ledger: &Ledger, hash: &str) -> Result<Option<PersonId>, AppError> {
    let kept = ledger.workings(WHOSE).get(hash).await?;
    let person = kept.and_then(|person| String::from_utf8(person).ok()?.parse().ok());
    let Some(person) = person.map(PersonId::from_uuid) else {
        return Ok(None);
    };
    let newest = newest_of(ledger, person).await?;
    Ok((newest.as_deref() == Some(hash)).then_some(person))
}

fn key(person: PersonId) -> String {
    person.as_uuid().to_string()
}
