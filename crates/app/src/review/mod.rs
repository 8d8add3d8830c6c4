//! Reviews: what a body looks at in a period, with an agenda that writes itself, and what comes of it.
//!
//! A prepared review follows the plan and the figures as they come in; once it is frozen it reads what was known then: its
//! body, its figures, and the actions, decisions and links of its agenda stay what they were. What was corrected
//! afterwards stands in the next review of the body.

mod act;
mod action;
mod ahead;
mod body;
mod calendar_link;
mod call_off;
mod facts;
mod list;
mod minutes;
mod missing;
mod outcome;
mod presence;
mod record;
mod since;
mod steps;
mod to_record;
mod undo;

use std::collections::HashMap;
use std::sync::Arc;

use throughline_core::{MeasureId, ReviewId};
use throughline_engine::MeasureReading;
use throughline_model::records::{Body, Review};
use throughline_model::{Entry, Kind, Model};

pub use crate::written::Written;
pub use act::Act;
pub use action::finish_action;
pub use ahead::{MeetingAhead, meeting_on, meetings_ahead};
pub use body::{Every, MEMBERS_MAX, NewBody, first_meeting, found_body};
pub(crate) use calendar_link::forget;
pub use calendar_link::{
    calendar_by_link, end_calendar_link, has_calendar_link, new_calendar_link,
};
pub use call_off::call_off;
pub use list::{BodyReviews, ListedAction, ReadActions, ReadReviews, actions, reviews};
pub use minutes::{item_name, minutes};
pub use missing::MissingFigures;
pub use outcome::{Outcome, OutcomeOf, outcome_of};
pub use presence::{PRESENT_MAX, mark_present};
pub use record::{TEXT_MAX, deciders, due_after, record, withdraw};
pub(crate) use record::{last_position, next_key, no_such, text};
pub use since::{MovedSince, Since};
pub use steps::{NewReview, Step, schedule, step};
pub use to_record::{NewAction, NewCause, NewDecision, NewEffect, NewLesson, NewRemark, Recorded};
pub use undo::{UNDO_MINUTES, act_of, undo};

use crate::agenda::Agenda;
use crate::policy::{HoldReviews, LeadReviews, Object, ReadPlan, ReadReadings};
use crate::scorecard::{ReadScorecard, scorecard};
use crate::selection::Selection;
use crate::trend::{Trend, trends};
use crate::{AppError, Ctx};

/// The minutes of a review of which nothing says how long it takes.
pub const MINUTES: u16 = 60;

/// A review, read.
pub struct ReadReview {
    /// The plan of now, with what was recorded since.
    pub model: Arc<Model>,
    /// The body that holds it, as it was when the review was frozen, else as it is.
    pub body: Arc<Entry<Body>>,
    /// The review.
    pub review: Arc<Entry<Review>>,
    /// The figures of its period at the unit of its body, as they were known when it was frozen, or are known now.
    pub read: ReadScorecard,
    /// Its agenda.
    pub agenda: Agenda,
    /// What moved since the review of the body before.
    pub since: Option<Since>,
    /// Whether the actor may hold it.
    pub may_hold: bool,
    /// Whether the actor may freeze and close it.
    pub may_lead: bool,
    measures: HashMap<MeasureId, Arc<Trend>>,
}

impl ReadReview {
    /// The plan that its agenda is made of: the one that was known when it was frozen, else that of now.
    #[must_use]
    pub fn plan(&self) -> &Model {
        &self.read.selected.model
    }

    /// A measure over time with its signals, if it is reviewed.
    #[must_use]
    pub fn over_time(&self, measure: MeasureId) -> Option<&Trend> {
        Some(self.measures.get(&measure)?)
    }

    /// How many members of the body were there.
    #[must_use]
    pub fn members_there(&self) -> usize {
        let present = self.review.present.iter();
        present.filter(|one| self.body.has(**one)).count()
    }

    /// How many members make a quorum, and whether as many were there.
    #[must_use]
    pub fn quorum(&self) -> Option<(usize, bool)> {
        let needed = usize::from(self.body.quorum?.0);
        Some((needed, self.members_there() >= needed))
    }

    /// The reading of a measure in the period of the review.
    #[must_use]
    pub fn reading(&self, measure: MeasureId) -> Option<&MeasureReading> {
        self.read.scorecard.measure(measure)
    }
}

/// Reads a review.
///
/// # Errors
/// If there is none with that key, or the actor may not read at the unit of its body.
pub async fn review(ctx: &Ctx, key: &str) -> Result<ReadReview, AppError> {
    let model = newest(ctx).await?;
    let (body, review) = found(&model, key)?;
    let (plan, body) = as_frozen(ctx, &model, &body, &review).await?;
    let review = as_scheduled(&plan, review);
    let read = scorecard(ctx, &selection_of(&plan, &body, &review)).await?;
    let plan = Arc::clone(&read.selected.model);
    let measures = facts::reviewed(&body, &read);
    let over_time = trends(ctx, &read.selected, &measures).await?;
    let measures: HashMap<MeasureId, Arc<Trend>> = measures.into_iter().zip(over_time).collect();
    let facts = facts::of(&plan, &body, &review, &read, &measures);
    let since = since::of(ctx, &plan, &body, &review, &read).await?;
    let may_hold = ctx
        .authorize::<HoldReviews>(Object::Body(body.id()))
        .await
        .is_ok();
    let may_lead = ctx
        .authorize::<LeadReviews>(Object::Body(body.id()))
        .await
        .is_ok();
    Ok(ReadReview {
        agenda: Agenda::of(&facts, review.on, minutes_of(&body, &review)),
        model,
        body,
        review,
        read,
        since,
        may_hold,
        may_lead,
        measures,
    })
}

/// How many minutes a review takes.
#[must_use]
pub fn minutes_of(body: &Body, review: &Review) -> u16 {
    let usual = || body.cadence.as_ref().map(|cadence| cadence.minutes);
    review
        .minutes
        .or_else(usual)
        .map_or(MINUTES, |minutes| minutes.0)
}

/// The review of the body before one whose figures were fixed, by their days: one that was skipped or called off has told nobody anything.
#[must_use]
pub fn before(model: &Model, review: &Entry<Review>) -> Option<Arc<Entry<Review>>> {
    let of_body = model.reviews().iter();
    of_body
        .filter(|other| other.body == review.body && other.id != review.id && other.on < review.on)
        .filter(|other| other.frozen.is_some() && other.called_off.is_none())
        .max_by_key(|other| other.on)
        .cloned()
}

/// The key of the review with that id.
#[must_use]
pub fn key_of(model: &Model, review: ReviewId) -> Option<String> {
    model.key_of(Kind::Review, review.as_uuid())
}

/// The plan of now, as the actor may see it.
async fn newest(ctx: &Ctx) -> Result<Arc<Model>, AppError> {
    let proof = ctx.authorize::<ReadPlan>(Object::Organisation).await?;
    let ledger = ctx.ledger(&proof)?;
    ctx.plan_known(ledger, None).await
}

/// The plan that was known when a review was frozen, with its body in it; both as they are where it is not, or where the
/// body is newer.
async fn as_frozen(
    ctx: &Ctx,
    model: &Arc<Model>,
    body: &Arc<Entry<Body>>,
    review: &Review,
) -> Result<(Arc<Model>, Arc<Entry<Body>>), AppError> {
    let now = (Arc::clone(model), Arc::clone(body));
    let Some(frozen) = review.frozen else {
        return Ok(now);
    };
    let proof = ctx.authorize::<ReadPlan>(Object::Organisation).await?;
    let plan = ctx.plan_known(ctx.ledger(&proof)?, Some(frozen)).await?;
    let then = plan.bodies().get(review.body).cloned();
    Ok(then.map_or(now, |body| (plan, body)))
}

/// A review with the day, the period and the length that it had by a plan: those of a frozen one are part of its pack.
fn as_scheduled(plan: &Model, review: Arc<Entry<Review>>) -> Arc<Entry<Review>> {
    let Some(then) = plan.reviews().get(review.id()) else {
        return review;
    };
    let record = Review {
        period: then.period,
        on: then.on,
        at: then.at,
        minutes: then.minutes,
        ..review.record.clone()
    };
    Arc::new(Entry {
        id: review.id,
        position: review.position,
        record,
    })
}

type Found = (Arc<Entry<Body>>, Arc<Entry<Review>>);

fn found(model: &Model, key: &str) -> Result<Found, AppError> {
    let review = model.reviews().by_key(key);
    let found = review.and_then(|review| Some((model.bodies().get(review.body)?, review)));
    let (body, review) = found.ok_or_else(|| unknown(key))?;
    Ok((Arc::clone(body), Arc::clone(review)))
}

/// Which figures a review reads.
fn selection_of(model: &Model, body: &Body, review: &Review) -> Selection {
    Selection {
        unit: unit_key(model, body),
        period: Some(model.calendar().name(&review.period)),
        known_at: review.frozen.map(|at| at.to_string()),
        plan_at: None,
    }
}

/// A review and its body, for an actor who may read at its unit; others do not learn that it is there.
async fn readable(ctx: &Ctx, key: &str) -> Result<Found, AppError> {
    let model = newest(ctx).await?;
    let (body, review) = found(&model, key)?;
    refuse_unread(ctx, &body, || unknown(key)).await?;
    Ok((body, review))
}

/// Refuses an actor who may not read at the unit of a body, as if there were none.
async fn refuse_unread(
    ctx: &Ctx,
    body: &Body,
    unknown: impl FnOnce() -> AppError,
) -> Result<(), AppError> {
    if let Some(unit) = body.unit {
        let may_read = ctx.authorize::<ReadReadings>(Object::Unit(unit)).await;
        may_read.map_err(|_| unknown())?;
    }
    Ok(())
}

fn unknown(key: &str) -> AppError {
    AppError::unknown_name(format!("there is no review `{key}`"))
}

fn unit_key(model: &Model, body: &Body) -> Option<String> {
    model.key_of(Kind::Unit, body.unit?.as_uuid())
}
