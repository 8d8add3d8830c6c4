//! The links of mails: one leads to the figures that it names and to nothing else, another to where mails are switched off.
//! Of each only the hash is kept, among the workings, with an end.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use throughline_core::{Actor, Origin, PersonId, Role, Scope, Uuid};
use throughline_ledger::Ledger;
use throughline_model::observation::Cell;
use throughline_model::{Kind, Model};

use super::matters::MailKind;
use super::wishes::{self, Wishes};
use crate::access::{Door, actor_of};
use crate::live::Live;
use crate::policy::{EnterByLink, Object, SignIn};
use crate::{AppError, Ctx};

/// How long a link to figures opens.
pub const FIGURES_LINK_LASTS: SignedDuration = SignedDuration::from_hours(7 * 24);
/// How long a link that switches mails off opens.
pub const OFF_LINK_LASTS: SignedDuration = SignedDuration::from_hours(90 * 24);
/// The most figures that a link leads to.
pub const LINK_CELLS_MAX: usize = crate::entry::CELLS_MAX;
/// How many random bytes a token has.
const TOKEN_BYTES: usize = 32;

/// Under which purpose links to figures are kept, by the hash of their token.
const FIGURES: &str = "figures-link";
/// Under which purpose the last link to figures that was mailed to a person is kept: those before it no longer open.
const LAST: &str = "figures-link-last";
/// Under which purpose links that switch mails off are kept, by the hash of their token.
const OFF: &str = "mail-off-link";

/// A link to figures, as it is kept.
#[derive(Debug, Serialize, Deserialize)]
struct KeptFigures {
    person: IdText,
    made: i64,
    until: i64,
    /// Measure, unit and period of each.
    cells: Vec<(IdText, IdText, String)>,
}

/// The last link to figures of a person.
#[derive(Debug, Serialize, Deserialize)]
struct KeptLast {
    made: i64,
    hash: String,
}

#[derive(Debug, Serialize, Deserialize)]
struct KeptOff {
    person: IdText,
    kind: String,
}

/// An id, as text.
type IdText = String;

/// A link to figures that was made and is to be mailed.
#[derive(Debug)]
pub(super) struct NewLink {
    pub token: String,
    pub until: Timestamp,
    made: i64,
}

/// The hash of the secret of a link: that alone is kept.
pub(crate) fn hash_of_token(token: &str) -> String {
    let digest = Sha256::digest(token);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A new secret for a link.
pub(crate) fn new_token(ctx: &Ctx) -> String {
    let mut bytes = [0; TOKEN_BYTES];
    ctx.fill_with_randomness(&mut bytes);
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn end_of(ctx: &Ctx, lasts: SignedDuration) -> Result<Timestamp, AppError> {
    let end = ctx.now().saturating_add(lasts);
    end.map_err(|error| AppError::failed("the clock is wrong", error))
}

fn written<T: Serialize>(kept: &T) -> Result<Vec<u8>, AppError> {
    serde_json::to_vec(kept).map_err(|error| AppError::failed("a link could not be kept", error))
}

/// Makes a link to some figures of a person. It opens from now on; those before it until this one [was
/// mailed](figures_link_was_mailed).
pub(super) async fn new_figures_link(
    ctx: &Ctx,
    ledger: &Ledger,
    model: &Model,
    person: PersonId,
    cells: impl Iterator<Item = Cell>,
) -> Result<NewLink, AppError> {
    let (token, until) = (new_token(ctx), end_of(ctx, FIGURES_LINK_LASTS)?);
    let made = ctx.now().as_microsecond();
    let cells = cells.take(LINK_CELLS_MAX).map(|cell| {
        let (measure, unit) = (cell.measure.as_uuid(), cell.unit.as_uuid());
        let period = model.calendar().name(&cell.period);
        (measure.to_string(), unit.to_string(), period)
    });
    let kept = KeptFigures {
        person: person.as_uuid().to_string(),
        made,
        until: until.as_microsecond(),
        cells: cells.collect(),
    };
    let body = written(&kept)?;
    ledger
        .workings(FIGURES)
        .put(&hash_of_token(&token), &body, until)
        .await?;
    Ok(NewLink { token, until, made })
}

/// Ends the links to figures that a person was mailed before.
pub(super) async fn figures_link_was_mailed(
    ledger: &Ledger,
    person: PersonId,
    link: &NewLink,
) -> Result<(), AppError> {
    let kept = KeptLast {
        made: link.made,
        hash: hash_of_token(&link.token),
    };
    let key = person.as_uuid().to_string();
    ledger
        .workings(LAST)
        .put(&key, &written(&kept)?, link.until)
        .await?;
    Ok(())
}

/// Ends every link to figures of a person.
pub(super) async fn end_figures_links(
    ctx: &Ctx,
    ledger: &Ledger,
    person: PersonId,
) -> Result<(), AppError> {
    let kept = KeptLast {
        made: ctx.now().as_microsecond(),
        hash: String::new(),
    };
    let until = end_of(ctx, FIGURES_LINK_LASTS)?;
    let key = person.as_uuid().to_string();
    ledger
        .workings(LAST)
        .put(&key, &written(&kept)?, until)
        .await?;
    Ok(())
}

/// Whoever comes by a link to figures.
pub struct ByLink {
    /// The context: of the person, confined to the figures of the link.
    pub ctx: Ctx,
    /// The name of the person.
    pub name: String,
    /// When the link ends.
    pub until: Timestamp,
}

/// Whoever reaches the server. What a link shows of the plan is what they would see: nothing personal or internal.
const ANYBODY: Actor = Actor {
    person: None,
    role: Role::Viewer,
    scope: Scope::Nowhere,
    origin: Origin::Server,
};

/// Lets in whoever has a link to figures, to these and to nothing else; `None` if it has ended, was replaced by a newer one,
/// or is none; if its person is no longer there or may no longer record.
///
/// # Errors
/// [`AppError::TooManyAttempts`]; what the ledger says.
pub async fn by_link(
    ctx: &Ctx,
    live: &Live,
    door: &Door,
    token: &str,
) -> Result<Option<ByLink>, AppError> {
    let proof = ctx.authorize::<SignIn>(Object::Organisation).await?;
    let ledger = ctx.ledger(&proof)?;
    let hash = hash_of_token(token);
    let snapshot = live.snapshot();
    let model = ctx.newest_model().await?;
    let Some((kept, person)) = found(ledger, &hash).await? else {
        door.knock(&hash, ctx.now())?;
        return Ok(None);
    };
    let actor = actor_of(&snapshot, person);
    let named = model.people().get(person).zip(actor);
    let until = Timestamp::from_microsecond(kept.until).ok();
    let (Some((named, actor)), Some(until)) = (named, until) else {
        return Ok(None);
    };
    let cells = kept.cells.iter().filter_map(|cell| read(cell, &model));
    let confined = ctx
        .of_request(live, ANYBODY)
        .confined_to(actor, cells.collect());
    // What the role of the person allows is asked anew each time.
    let may = confined.authorize::<EnterByLink>(Object::Person(person));
    Ok(may.await.is_ok().then(|| ByLink {
        ctx: confined,
        name: named.name.clone(),
        until,
    }))
}

async fn found(ledger: &Ledger, hash: &str) -> Result<Option<(KeptFigures, PersonId)>, AppError> {
    let body = ledger.workings(FIGURES).get(hash).await?;
    let Some(kept) = body.and_then(|body| serde_json::from_slice::<KeptFigures>(&body).ok()) else {
        return Ok(None);
    };
    let last = ledger.workings(LAST).get(&kept.person).await?;
    let is_open = match last {
        None => true,
        Some(last) => serde_json::from_slice::<KeptLast>(&last)
            .is_ok_and(|last| kept.made > last.made || hash == last.hash),
    };
    let person = kept.person.parse().ok().map(PersonId::from_uuid);
    Ok(person.filter(|_| is_open).map(|person| (kept, person)))
}

/// A figure of a link, if its measure and its unit are still there.
fn read((measure, unit, period): &(IdText, IdText, String), model: &Model) -> Option<Cell> {
    let there = |kind, id: &str| {
        let id: Uuid = id.parse().ok()?;
        model.has(kind, id).then_some(id)
    };
    Some(Cell {
        measure: throughline_core::MeasureId::from_uuid(there(Kind::Measure, measure)?),
        unit: throughline_core::UnitId::from_uuid(there(Kind::Unit, unit)?),
        period: model.calendar().parse_period(period).ok()?,
    })
}

/// Makes a link that switches a sort of mail of a person off.
pub(super) async fn new_off_link(
    ctx: &Ctx,
    ledger: &Ledger,
    person: PersonId,
    kind: MailKind,
) -> Result<String, AppError> {
    let (token, until) = (new_token(ctx), end_of(ctx, OFF_LINK_LASTS)?);
    let kept = KeptOff {
        person: person.as_uuid().to_string(),
        kind: kind.word().to_owned(),
    };
    let body = written(&kept)?;
    ledger
        .workings(OFF)
        .put(&hash_of_token(&token), &body, until)
        .await?;
    Ok(token)
}

/// What a link switches off; `None` if it has ended or is none. Nothing is changed.
///
/// # Errors
/// [`AppError::TooManyAttempts`]; what the ledger says.
pub async fn off_link(ctx: &Ctx, door: &Door, token: &str) -> Result<Option<MailKind>, AppError> {
    let proof = ctx.authorize::<SignIn>(Object::Organisation).await?;
    let found = found_off(ctx, ctx.ledger(&proof)?, door, token).await?;
    Ok(found.map(|(_, kind)| kind))
}

/// Switches off what a link switches off, and says what that is; `None` as of [`off_link`].
///
/// # Errors
/// As of [`off_link`].
pub async fn switch_off(ctx: &Ctx, door: &Door, token: &str) -> Result<Option<MailKind>, AppError> {
    let proof = ctx.authorize::<SignIn>(Object::Organisation).await?;
    let ledger = ctx.ledger(&proof)?;
    let Some((person, kind)) = found_off(ctx, ledger, door, token).await? else {
        return Ok(None);
    };
    let wishes: Wishes = wishes::of(ledger, person).await?;
    wishes::keep(ledger, person, wishes.without(kind)).await?;
    Ok(Some(kind))
}

async fn found_off(
    ctx: &Ctx,
    ledger: &Ledger,
    door: &Door,
    token: &str,
) -> Result<Option<(PersonId, MailKind)>, AppError> {
    let hash = hash_of_token(token);
    let body = ledger.workings(OFF).get(&hash).await?;
    let kept = body.and_then(|body| serde_json::from_slice::<KeptOff>(&body).ok());
    let found = kept.and_then(|kept| {
        let person = PersonId::from_uuid(kept.person.parse().ok()?);
        Some((person, MailKind::of(&kept.kind)?))
    });
    if found.is_none() {
        door.knock(&hash, ctx.now())?;
    }
    Ok(found)
}
