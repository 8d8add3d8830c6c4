//! An invitation: a link that lets one person choose a password, once.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use throughline_core::PersonId;
use throughline_ledger::{Commit, Ledger};
use throughline_model::records::{Person, PersonRole};
use throughline_model::value::Resolver;
use throughline_model::{Entry, Kind, Model};

use super::attempts::Door;
use super::give::put;
use super::rights::access_of;
use super::sign_in::{keep_once, refuse_weak_of};
use crate::once::Once;
use crate::policy::{GiveAccess, Object, SignIn};
use crate::{AppError, Ctx};

/// How long an invitation opens.
pub const INVITATION_LASTS: SignedDuration = SignedDuration::from_hours(7 * 24);
/// How many people are invited together.
pub const INVITED_MAX: usize = 100;
/// How many random bytes its token has.
const TOKEN_BYTES: usize = 32;
/// Under which purpose invitations are kept among the workings, by the hash of their token.
const PURPOSE: &str = "invitation";
/// Under which purpose the newest invitation of a person is kept: an older one no longer opens.
const NEWEST: &str = "newest-invitation";

/// An invitation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// Whom it lets in.
    pub person: PersonId,
    /// The key of that person.
    pub key: String,
    /// The name of that person.
    pub name: String,
    /// When it ends.
    pub until: Timestamp,
}

#[derive(Serialize, Deserialize)]
struct Kept {
    person: PersonUuid,
    until: i64,
}

type PersonUuid = String;

fn hash(token: &str) -> String {
    Sha256::digest(token)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// Invites the person with that key, and gives the token of the link; an earlier invitation no longer opens. The token is
/// kept nowhere.
///
/// # Errors
/// If there is no such person, or they have no role yet.
pub async fn invite(ctx: &Ctx, key: &str) -> Result<(Invitation, String), AppError> {
    let proof = ctx.authorize::<GiveAccess>(Object::Organisation).await?;
    let ledger = ctx.ledger(&proof)?;
    let plan = ctx.newest_model().await?;
    let person = person_of(&plan, key)?;
    if access_of(person).is_none() {
        return Err(AppError::bad_request(format!(
            "{} has no role yet, and could do nothing here",
            person.name
        ))
        .with_help("give them a role first"));
    }
    invited(ctx, ledger, person).await
}

/// Somebody who is to be invited.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Invitee {
    /// The key.
    pub key: String,
    /// The e-mail address that reminders go to; what is known of it stays where nothing is given.
    pub email: Option<String>,
}

/// Invites people, and makes contributors of those who have no role yet, in one commit. Gives the tokens of their links, and
/// the commit if there was one.
///
/// # Errors
/// If one of them is not there, an address is none, or there are too many.
pub async fn invite_all(
    ctx: &Ctx,
    invitees: &[Invitee],
) -> Result<(Vec<(Invitation, String)>, Option<Commit>), AppError> {
    let proof = ctx.authorize::<GiveAccess>(Object::Organisation).await?;
    if invitees.len() > INVITED_MAX {
        let message = format!("at most {INVITED_MAX} people are invited together");
        return Err(AppError::bad_request(message));
    }
    let ledger = ctx.ledger(&proof)?;
    let emails = invitees.iter().filter_map(|one| one.email.as_deref());
    emails.clone().try_for_each(refuse_no_address)?;
    let keys = invitees.iter().map(|one| one.key.as_str());
    let asked: Vec<&[u8]> = keys.chain(emails).map(str::as_bytes).collect();
    let once = Once::of(ctx, "invite people", &asked)?;
    let mut writer = ctx.writer(ledger, &proof).await?;
    if once.earlier_in(&mut writer).await?.is_some() {
        return Err(AppError::bad_request(
            "these links were made already, and are shown only once",
        )
        .with_help("open the page anew to make others; the first ones end then"));
    }
    let plan = writer.model().clone();
    let people = invitees.iter().map(|one| person_of(&plan, &one.key));
    let people: Vec<&Entry<Person>> = people.collect::<Result<_, _>>()?;
    let changes = people.iter().zip(invitees).filter_map(|(person, invitee)| {
        let mut changed = Person::clone(person);
        if access_of(person).is_none() {
            changed.role = Some(PersonRole::Contributor);
            changed.role_at = None;
        }
        changed.email = invitee.email.clone().or(changed.email);
        (changed != ***person).then(|| put(person, changed))
    });
    let commit = ctx.commit(&plan)?.with_changes(changes.collect());
    let appended = writer.append(commit).await?;
    once.keep(ctx, &mut writer, &[]).await?;
    writer.finish().await?;
    let mut invitations = Vec::new();
    for person in people {
        invitations.push(invited(ctx, ledger, person).await?);
    }
    Ok((invitations, appended.commit))
}

/// Refuses what is no e-mail address. Whether somebody reads what is sent there only they know.
///
/// # Errors
/// If it is none.
pub fn refuse_no_address(email: &str) -> Result<(), AppError> {
    let parts = email.split_once('@');
    let is_one = parts.is_some_and(|(name, at)| {
        !name.is_empty()
            && !at.is_empty()
            && !at.contains('@')
            && !email.contains(char::is_whitespace)
    });
    match is_one {
        true => Ok(()),
        false => Err(
            AppError::bad_request(format!("`{email}` is no e-mail address"))
                .with_help("write it like name@example.org"),
        ),
    }
}

/// Keeps an invitation of a person, and gives its token.
async fn invited(
    ctx: &Ctx,
    ledger: &Ledger,
    person: &Entry<Person>,
) -> Result<(Invitation, String), AppError> {
    let until = ctx.now().saturating_add(INVITATION_LASTS);
    let until = until.map_err(|error| AppError::failed("the clock is wrong", error))?;
    let mut bytes = [0; TOKEN_BYTES];
    ctx.fill_with_randomness(&mut bytes);
    let token: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let id = person.id().as_uuid().to_string();
    let kept = Kept {
        person: id.clone(),
        until: until.as_microsecond(),
    };
    let body = serde_json::to_vec(&kept)
        .map_err(|error| AppError::failed("the invitation could not be kept", error))?;
    ledger
        .workings(NEWEST)
        .put(&id, hash(&token).as_bytes(), until)
        .await?;
    ledger
        .workings(PURPOSE)
        .put(&hash(&token), &body, until)
        .await?;
    Ok((invitation_of(person, until), token))
}

/// The invitation of a token; `None` if it has ended, was used, was replaced by a newer one, or is none.
///
/// # Errors
/// What the ledger says.
pub async fn invitation(ctx: &Ctx, token: &str) -> Result<Option<Invitation>, AppError> {
    let proof = ctx.authorize::<SignIn>(Object::Organisation).await?;
    let plan = ctx.newest_model().await?;
    found(ctx.ledger(&proof)?, &plan, token).await
}

/// Lets the person in who was invited, with the password that they chose. The invitation is used up then, and only then.
///
/// # Errors
/// If there is no such invitation; if the password is weak.
pub async fn join(
    ctx: &Ctx,
    door: &Door,
    token: &str,
    password: &str,
) -> Result<PersonId, AppError> {
    let proof = ctx.authorize::<SignIn>(Object::Organisation).await?;
    let ledger = ctx.ledger(&proof)?;
    let plan = ctx.newest_model().await?;
    let gone = || {
        AppError::not_found("this invitation does not open anything").with_help("ask for a new one")
    };
    let invitation = found(ledger, &plan, token).await?.ok_or_else(gone)?;
    let person = plan.people().get(invitation.person).ok_or_else(gone)?;
    refuse_weak_of(&plan, person, password)?;
    // Of two who use it at the same moment one takes it away, and whoever does has a password.
    let hash = hash(token);
    let used = (PURPOSE, hash.as_str());
    if !keep_once(ctx, door, ledger, invitation.person, password, used).await? {
        return Err(gone());
    }
    Ok(invitation.person)
}

async fn found(ledger: &Ledger, plan: &Model, token: &str) -> Result<Option<Invitation>, AppError> {
    let body = ledger.workings(PURPOSE).get(&hash(token)).await?;
    let Some(kept) = body.and_then(|body| serde_json::from_slice::<Kept>(&body).ok()) else {
        return Ok(None);
    };
    let newest = ledger.workings(NEWEST).get(&kept.person).await?;
    let person = kept.person.parse().ok().map(PersonId::from_uuid);
    let person = person.and_then(|person| plan.people().get(person));
    let is_open = newest.is_some_and(|newest| newest == hash(token).as_bytes());
    let until = Timestamp::from_microsecond(kept.until).ok();
    let named = person
        .filter(|person| is_open && access_of(person).is_some())
        .zip(until);
    Ok(named.map(|(person, until)| invitation_of(person, until)))
}

fn invitation_of(person: &Entry<Person>, until: Timestamp) -> Invitation {
    Invitation {
        person: person.id(),
        key: person.key.to_string(),
        name: person.name.clone(),
        until,
    }
}

/// The person with that key.
pub(super) fn person_of<'a>(plan: &'a Model, key: &str) -> Result<&'a Entry<Person>, AppError> {
    plan.people().by_key(key).map(AsRef::as_ref).ok_or_else(|| {
        let error = AppError::unknown_name(format!("there is no person `{key}`"));
        match plan.nearest(&[Kind::Person], key) {
            Some(near) => error.with_help(format!("did you mean `{near}`?")),
            None => error,
        }
    })
}
