//! Undo: a commit that takes back what another one did in a review, as long as nothing was built on it.

use jiff::SignedDuration;
use throughline_core::ReviewId;
use throughline_ledger::{LedgerError, PlanClock};
use throughline_model::observation::CommitNumber;
use throughline_model::records::{AnyRecord, Review, ReviewState};
use throughline_model::{Change, Kind, Model};

use super::act::{Act, states};
use super::readable;
use super::record::refuse_closed;
use super::to_record::RECORDED;
use crate::policy::{HoldReviews, LeadReviews, Object};
use crate::written::{Write, Written, written};
use crate::{AppError, Ctx};

/// How long after it an act can be undone, in minutes: it is for what was meant otherwise, and no way around the minutes.
pub const UNDO_MINUTES: i64 = 60;

/// What a commit did in a review, if it can be undone by the actor.
///
/// # Errors
/// If there is no such review for the actor, or the ledger cannot be read.
pub async fn act_of(ctx: &Ctx, key: &str, commit: CommitNumber) -> Result<Option<Act>, AppError> {
    let (body, _) = readable(ctx, key).await?;
    let object = Object::Body(body.id());
    if ctx.authorize::<HoldReviews>(object).await.is_err() {
        return Ok(None);
    }
    let act = undoable(ctx, key, commit).await?;
    let may_lead = ctx.authorize::<LeadReviews>(object).await.is_ok();
    Ok(act.filter(|act| may_lead || !act.is_led()))
}

/// What a commit did in a review, if it can be undone by whoever may.
async fn undoable(ctx: &Ctx, key: &str, commit: CommitNumber) -> Result<Option<Act>, AppError> {
    let (body, review) = readable(ctx, key).await?;
    let proof = ctx
        .authorize::<HoldReviews>(Object::Body(body.id()))
        .await?;
    let ledger = ctx.ledger(&proof)?;
    let made = match ledger.commit(commit).await {
        Ok(made) => made,
        Err(LedgerError::NotFound { .. }) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let limit = SignedDuration::from_mins(UNDO_MINUTES);
    if ctx.now().duration_since(made.at) > limit || commit.0 == 0 {
        return Ok(None);
    }
    let changes = ledger.changes(commit).await?;
    let [change] = changes.as_slice() else {
        return Ok(None);
    };
    let (kind, id) = change.identity();
    let earlier = ledger
        .model(PlanClock::Commit(CommitNumber(commit.0 - 1)))
        .await?;
    let later = ledger.model(PlanClock::Commit(commit)).await?;
    let act = Act {
        commit,
        before: earlier.record(kind, id),
        after: later.record(kind, id),
        key: later.last_key_of(kind, id).unwrap_or_default(),
        kind,
        id,
    };
    let newest = ledger.model(PlanClock::Newest).await?;
    let can_be = act.is_of(review.id()) && refused(&newest, &act).is_none();
    Ok(can_be.then_some(act))
}

/// Takes back what a commit did in a review.
///
/// # Errors
/// If there is no such review, or nothing in it that the commit did and that can be taken back; if the actor may not hold it, or not lead it where
/// figures were frozen or the review was closed.
pub async fn undo(ctx: &Ctx, key: &str, commit: CommitNumber) -> Result<Written, AppError> {
    let (body, _) = readable(ctx, key).await?;
    let object = Object::Body(body.id());
    ctx.authorize::<HoldReviews>(object).await?;
    // Asked for again, it is undone already: the first answer comes before what can be undone now.
    let act = undoable(ctx, key, commit).await?;
    if act.as_ref().is_some_and(Act::is_led) {
        ctx.authorize::<LeadReviews>(object).await?;
    }
    let number = commit.0.to_string();
    let write = Write {
        object,
        use_case: "undo in a review",
        asked: &[key.as_bytes(), number.as_bytes()],
        change: |model: &Model, _| {
            let act = act.ok_or_else(|| {
                AppError::bad_request("this cannot be undone any more")
                    .with_help("it was changed since, or more than an hour has passed")
            })?;
            match refused(model, &act) {
                Some(error) => Err(error),
                None => Ok(act.taken_back()),
            }
        },
    };
    written::<HoldReviews, _>(ctx, write).await
}

impl Act {
    /// Whether it was done in that review.
    fn is_of(&self, review: ReviewId) -> bool {
        let of = match self.after.as_ref().or(self.before.as_ref()) {
            Some(AnyRecord::Review(one)) => Some(one.id()),
            Some(record) => review_of(record),
            None => None,
        };
        of == Some(review)
    }

    /// Whether it is for whoever leads the body to take it back: the figures were frozen or the review was closed, or either was
    /// taken back.
    fn is_led(&self) -> bool {
        let [before, after] = states(self);
        let steps = [
            (ReviewState::Prepared, ReviewState::Frozen),
            (ReviewState::InSession, ReviewState::Closed),
        ];
        let is_step = |from, to| steps.contains(&(from, to)) || steps.contains(&(to, from));
        before
            .zip(after)
            .is_some_and(|(from, to)| is_step(from, to))
    }

    /// The change that undoes it.
    fn taken_back(&self) -> Change {
        match &self.before {
            Some(before) => Change::Put(before.clone()),
            None => Change::Retire(self.kind, self.id),
        }
    }
}

/// The review in which a record was recorded.
pub(super) fn review_of(record: &AnyRecord) -> Option<ReviewId> {
    match record {
        AnyRecord::Decision(one) => one.review,
        AnyRecord::Action(one) => one.review,
        AnyRecord::Cause(one) => one.review,
        AnyRecord::Lesson(one) => one.review,
        AnyRecord::Remark(one) => Some(one.review),
        _ => None,
    }
}

/// Refuses a review to come back on a day for which another one of the body was prepared since.
fn refuse_taken_day(model: &Model, before: &AnyRecord) -> Result<(), AppError> {
    let AnyRecord::Review(before) = before else {
        return Ok(());
    };
    let mut others = model.reviews().iter().filter(|one| one.id() != before.id());
    let is_on_the_day = |one: &Review| {
        one.body == before.body && one.on == before.on && one.state() != ReviewState::CalledOff
    };
    match others.any(|one| is_on_the_day(one)) {
        false => Ok(()),
        true => {
            let message = "another review of the body was prepared for that day";
            Err(AppError::bad_request(message).with_help("call that one off first"))
        }
    }
}

/// Why an act is not undone, by the plan that is written to: somebody may have built on it since.
fn refused(model: &Model, act: &Act) -> Option<AppError> {
    let record = act.after.as_ref().or(act.before.as_ref())?;
    if model.record(act.kind, act.id) != act.after {
        return Some(AppError::bad_request(
            "it was changed since, and is not undone",
        ));
    }
    if act.kind != Kind::Review {
        return refuse_closed(model, review_of(record)).err();
    }
    if states(act)[1] == Some(ReviewState::CalledOff) {
        let before = act.before.as_ref();
        return before.and_then(|before| refuse_taken_day(model, before).err());
    }
    let review = ReviewId::from_uuid(act.id);
    let mut recorded = RECORDED.iter().flat_map(|kind| model.records(*kind));
    (act.before.is_none() && recorded.any(|record| review_of(&record) == Some(review))).then(|| {
        AppError::bad_request("something was recorded in the review").with_help("withdraw it first")
    })
}
