//! Signing in with a name and a password.

use jiff::Timestamp;
use throughline_core::PersonId;
use throughline_ledger::Ledger;
use throughline_model::records::Person;
use throughline_model::{Entry, Model};

use super::attempts::Door;
use super::password::{Kept, refuse_weak};
use super::rights::access_of;
use crate::policy::{Object, SignIn};
use crate::{AppError, Ctx};

/// Under which purpose passwords are kept among the workings, by the id of the person.
const PURPOSE: &str = "password";

/// A password has no end; workings have one.
const NO_END: Timestamp = Timestamp::MAX;

/// What is compared where there is no such person, so that it takes as long.
const NOBODY: &str =
    "$argon2id$v=19$m=47104,t=1,p=1$bm9ib2R5J3Mgc2FsdA$QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE";

/// What is said of a password that is not the one of now.
pub const NOT_THE_PASSWORD: &str = "this is not your password of now";

/// The person whose name (key or e-mail address) and password these are. Who has no role, or no password, gets the same
/// answer as somebody unknown, after the same time.
///
/// # Errors
/// [`AppError::TooManyAttempts`]; [`AppError::BadRequest`] if it is nobody's.
pub async fn sign_in(
    ctx: &Ctx,
    door: &Door,
    name: &str,
    password: &str,
) -> Result<PersonId, AppError> {
    let proof = ctx.authorize::<SignIn>(Object::Organisation).await?;
    let ledger = ctx.ledger(&proof)?;
    let name = name.trim().to_lowercase();
    door.knock(&name, ctx.now())?;
    let plan = ctx.newest_model().await?;
    let person = named(&plan, &name);
    let kept = match person {
        Some(person) => kept(ledger, person.id()).await?,
        None => None,
    };
    let is_right = is_of(door, kept, password.to_owned()).await?;
    match person {
        Some(person) if is_right => {
            door.opened(&name);
            Ok(person.id())
        }
        _ => Err(AppError::bad_request("name and password do not go together")
            .with_help("the name is your e-mail address or your key in the plan; who looks after access can invite you anew")),
    }
}

/// Replaces the actor's own password, which has to be given once more. Returns who that is: their other sessions are to end.
///
/// # Errors
/// [`AppError::TooManyAttempts`]; [`AppError::BadRequest`] if the old one is wrong or the new one weak.
pub async fn change_password(
    ctx: &Ctx,
    door: &Door,
    old: &str,
    new: &str,
) -> Result<PersonId, AppError> {
    let proof = ctx.authorize::<SignIn>(Object::Organisation).await?;
    let ledger = ctx.ledger(&proof)?;
    let plan = ctx.newest_model().await?;
    let person = ctx
        .actor()
        .person
        .and_then(|person| plan.people().get(person));
    let person = person.ok_or_else(|| AppError::not_found("there is no such thing"))?;
    let name = person.key.to_string();
    door.knock(&name, ctx.now())?;
    if !is_of(door, kept(ledger, person.id()).await?, old.to_owned()).await? {
        return Err(AppError::bad_request(NOT_THE_PASSWORD));
    }
    door.opened(&name);
    refuse_weak_of(&plan, person, new)?;
    keep(ctx, door, ledger, person.id(), new).await?;
    Ok(person.id())
}

/// The person with that key or e-mail address, if they may sign in. An address that two have is nobody's.
fn named<'a>(plan: &'a Model, name: &str) -> Option<&'a Entry<Person>> {
    let is_meant = |person: &&Entry<Person>| {
        let email = person.email.as_deref().map(str::to_lowercase);
        person.key.as_str() == name || email.as_deref() == Some(name)
    };
    let mut found = plan.people().iter().map(AsRef::as_ref).filter(is_meant);
    let person = found.next().filter(|person| access_of(person).is_some())?;
    found.next().is_none().then_some(person)
}

/// Refuses a password that somebody could guess who knows of the person.
pub(super) fn refuse_weak_of(
    plan: &Model,
    person: &Person,
    password: &str,
) -> Result<(), AppError> {
    let organisation = plan
        .organisation()
        .map_or("", |organisation| organisation.name.as_str());
    let email = person.email.as_deref().unwrap_or_default();
    refuse_weak(
        password,
        &[&person.name, person.key.as_str(), email, organisation],
    )
}

/// Whether a person has a password.
pub(super) async fn has_password(ledger: &Ledger, person: PersonId) -> Result<bool, AppError> {
    Ok(kept(ledger, person).await?.is_some())
}

/// Keeps a password that was looked at.
pub(super) async fn keep(
    ctx: &Ctx,
    door: &Door,
    ledger: &Ledger,
    person: PersonId,
    password: &str,
) -> Result<(), AppError> {
    let kept = hashed(ctx, door, password).await?;
    let key = person.as_uuid().to_string();
    ledger
        .workings(PURPOSE)
        .put(&key, kept.bytes(), NO_END)
        .await?;
    Ok(())
}

/// Keeps a password that was looked at, and uses up the working by which it may be chosen; or does neither. Returns whether
/// that was still there.
pub(super) async fn keep_once(
    ctx: &Ctx,
    door: &Door,
    ledger: &Ledger,
    person: PersonId,
    password: &str,
    (purpose, used): (&'static str, &str),
) -> Result<bool, AppError> {
    let kept = hashed(ctx, door, password).await?;
    let (passwords, key) = (ledger.workings(PURPOSE), person.as_uuid().to_string());
    let workings = ledger.workings(purpose);
    let is_first = workings.use_up(used, &passwords, &key, kept.bytes(), NO_END);
    Ok(is_first.await?)
}

async fn hashed(ctx: &Ctx, door: &Door, password: &str) -> Result<Kept, AppError> {
    let mut salt = [0; 16];
    ctx.fill_with_randomness(&mut salt);
    let password = password.to_owned();
    apart(door, move || Kept::of(&password, salt)).await?
}

/// Forgets the password of a person.
pub(crate) async fn forget(ledger: &Ledger, person: PersonId) -> Result<(), AppError> {
    ledger
        .workings(PURPOSE)
        .remove(&person.as_uuid().to_string())
        .await?;
    Ok(())
}

async fn kept(ledger: &Ledger, person: PersonId) -> Result<Option<Kept>, AppError> {
    let bytes = ledger
        .workings(PURPOSE)
        .get(&person.as_uuid().to_string())
        .await?;
    Ok(bytes.and_then(Kept::read))
}

async fn is_of(door: &Door, kept: Option<Kept>, password: String) -> Result<bool, AppError> {
    let is_somebody = kept.is_some();
    let kept = kept.or_else(|| Kept::read(NOBODY.as_bytes().to_vec()));
    let is_right = apart(door, move || kept.is_some_and(|kept| kept.is_of(&password))).await?;
    Ok(is_right && is_somebody)
}

/// Does slow work beside the others, and not more of it at a time than there is room for.
async fn apart<T: Send + 'static>(
    door: &Door,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, AppError> {
    let _room = door.room().await?;
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|error| AppError::failed("a password could not be looked at", error))
}
