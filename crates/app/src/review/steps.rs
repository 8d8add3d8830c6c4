//! The way of a review: it is scheduled, its figures are fixed, it is opened, it is closed.

use jiff::civil::{Date, Time};
use throughline_core::{Period, PersonId};
use throughline_model::fields::Key;
use throughline_model::records::{AnyRecord, Body, Review, ReviewState};
use throughline_model::{Change, Entry, Kind, Model};

use super::presence::there;
use super::{found, newest, readable, refuse_unread};
use crate::policy::{HoldReviews, LeadReviews, Object};
use crate::written::{Write, Written, written};
use crate::{AppError, Ctx};

/// A review that is to be held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewReview {
    /// The key of the body that holds it.
    pub body: String,
    /// The name of the period that it looks at.
    pub period: String,
    /// The day on which it is held.
    pub on: Date,
    /// When it begins.
    pub at: Option<Time>,
}

/// A step of a review.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Its figures are fixed: it reads what is known now from here on.
    Freeze,
    /// It begins.
    Open,
    /// It is over.
    Close,
}

impl Step {
    /// The step that comes next for a review, if there is one.
    #[must_use]
    pub const fn after(state: ReviewState) -> Option<Step> {
        match state {
            ReviewState::Prepared => Some(Step::Freeze),
            ReviewState::Frozen => Some(Step::Open),
            ReviewState::InSession => Some(Step::Close),
            ReviewState::Closed | ReviewState::CalledOff => None,
        }
    }

    /// Whether it is for whoever leads the body: what all figures and the minutes are is said by one person.
    #[must_use]
    pub const fn is_led(self) -> bool {
        matches!(self, Step::Freeze | Step::Close)
    }

    /// The word for it, as it stands in an address.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Step::Freeze => "freeze",
            Step::Open => "open",
            Step::Close => "close",
        }
    }
}

/// Schedules a review of a body.
///
/// # Errors
/// If there is no such body or period, the period has not begun on that day, or it holds a review then already; if the actor may not hold its reviews.
pub async fn schedule(ctx: &Ctx, new: &NewReview) -> Result<Written, AppError> {
    let model = newest(ctx).await?;
    let body = model.bodies().by_key(&new.body);
    let unknown = || AppError::unknown_name(format!("there is no body `{}`", new.body));
    let body = body.ok_or_else(unknown)?;
    refuse_unread(ctx, body, unknown).await?;
    let period = period_of(&model, &new.period)?;
    if new.on < period.first {
        let message = format!("this period begins on {}, after the review", period.first);
        return Err(AppError::bad_request(message).with_help("choose one that has begun by then"));
    }
    let key = free_key(&model, body, new.on)?;
    let at = new.at.map(|at| at.to_string()).unwrap_or_default();
    let on = new.on.to_string();
    let asked = [
        new.body.as_bytes(),
        on.as_bytes(),
        new.period.as_bytes(),
        at.as_bytes(),
    ];
    let record = Review {
        key: key.clone(),
        body: body.id(),
        period,
        on: new.on,
        at: new.at,
        minutes: None,
        frozen: None,
        opened: None,
        closed: None,
        called_off: None,
        present: Vec::new(),
        silences: Vec::new(),
    };
    let write = Write {
        object: Object::Body(body.id()),
        use_case: "schedule a review",
        asked: &asked,
        change: |model: &Model, id| {
            let position = super::record::last_position(model.reviews()) + 1.0;
            Ok(Change::Put(
                AnyRecord::from(record).with_identity(id, position),
            ))
        },
    };
    written::<HoldReviews, _>(ctx, write).await
}

/// The key of a new review of a body on a day: by both, and by a number where one was prepared on that day and taken back or called
/// off, since keys are not used again.
fn free_key(model: &Model, body: &Entry<Body>, on: Date) -> Result<Key, AppError> {
    let mut held = model.reviews().iter();
    let is_held = |review: &Review| review.state() != ReviewState::CalledOff;
    if held.any(|review| review.body == body.id() && review.on == on && is_held(review)) {
        let message = format!("{} holds a review on {on} already", body.name);
        return Err(AppError::bad_request(message).with_help("choose another day"));
    }
    let first = format!("{}-{on}", body.key);
    let numbered = (2..).map(|number| format!("{first}-{number}"));
    let mut keys = std::iter::once(first.clone()).chain(numbered);
    let free = keys.find(|key| model.first_user_of(Kind::Review, key).is_none());
    free.and_then(Key::new)
        .ok_or_else(|| AppError::bad_request("the key of the body is too long for a review"))
}

pub(super) fn period_of(model: &Model, name: &str) -> Result<Period, AppError> {
    let period = model.calendar().parse_period(name);
    period.map_err(|error| AppError::bad_request(error.to_string()))
}

/// Takes a review one step further. A step that was taken before is refused, so that no pack is fixed twice; the same request
/// once more gets the first answer. Whoever opens it says who is there.
///
/// # Errors
/// If it is not the next step of the review, or it is opened with nobody there; if the actor may not hold it, not lead it where
/// the step is for whoever does, or not read it.
pub async fn step(
    ctx: &Ctx,
    key: &str,
    step: Step,
    present: &[PersonId],
) -> Result<Written, AppError> {
    let (body, _) = readable(ctx, key).await?;
    let proof = ctx
        .authorize::<HoldReviews>(Object::Body(body.id()))
        .await?;
    // Where the clock stands still or went back, what was committed last is known nevertheless.
    let last = ctx.ledger(&proof)?.head().await?.at;
    let now = ctx.now().max(last);
    let asked = [key.as_bytes(), step.word().as_bytes()];
    let write = Write {
        object: Object::Body(body.id()),
        use_case: "take a review a step further",
        asked: &asked,
        change: |model: &Model, _| {
            let (body, entry) = found(model, key)?;
            let next = next(&entry, step)?;
            let at = Some(now);
            let record = match next {
                Step::Freeze => Review {
                    frozen: at,
                    ..entry.record.clone()
                },
                Step::Open => Review {
                    opened: at,
                    present: there(&body, present)?,
                    ..entry.record.clone()
                },
                Step::Close => Review {
                    closed: at,
                    ..entry.record.clone()
                },
            };
            Ok(Change::Put(
                AnyRecord::from(record).with_identity(entry.id, entry.position),
            ))
        },
    };
    match step.is_led() {
        true => written::<LeadReviews, _>(ctx, write).await,
        false => written::<HoldReviews, _>(ctx, write).await,
    }
}

/// The step, if it is the next one.
fn next(review: &Entry<Review>, step: Step) -> Result<Step, AppError> {
    let state = review.state();
    if Step::after(state) == Some(step) {
        return Ok(step);
    }
    let message = format!("the review is {} already", state.words());
    Err(AppError::bad_request(message)
        .with_help("look at it again: somebody else may have been first"))
}
