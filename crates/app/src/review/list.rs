//! All bodies with their reviews, and all actions.

use std::cmp::Reverse;
use std::collections::HashSet;
use std::sync::Arc;

use jiff::civil::Date;
use throughline_model::records::{Action, Body, Review};
use throughline_model::{Entry, Model};

use super::action::body_of;
use super::{MeetingAhead, meetings_ahead, newest};
use crate::policy::{FinishOwnActions, HoldReviews, Object};
use crate::{AppError, Ctx};

/// The bodies and their reviews.
pub struct ReadReviews {
    /// The plan.
    pub model: Arc<Model>,
    /// Today.
    pub today: Date,
    /// Each body that answers for a unit at which the actor may read.
    pub bodies: Vec<BodyReviews>,
}

/// A body with its reviews.
pub struct BodyReviews {
    /// The body.
    pub body: Arc<Entry<Body>>,
    /// When it meets next.
    pub next: Vec<MeetingAhead>,
    /// Its reviews, the latest first.
    pub reviews: Vec<Arc<Entry<Review>>>,
    /// Whether the actor may hold its reviews.
    pub may_hold: bool,
}

/// Reads the bodies and their reviews.
///
/// # Errors
/// If there is no ledger.
pub async fn reviews(ctx: &Ctx) -> Result<ReadReviews, AppError> {
    let model = newest(ctx).await?;
    let may_read = ctx.may_read_at().await?;
    let today = model.calendar().date_of(ctx.now());
    let mut bodies = Vec::new();
    for body in model.bodies() {
        if body.unit.is_some_and(|unit| !may_read(unit)) {
            continue;
        }
        let held = model.reviews().iter();
        let mut held: Vec<_> = held
            .filter(|review| review.body == body.id())
            .cloned()
            .collect();
        held.sort_by_key(|review| Reverse(review.on));
        bodies.push(BodyReviews {
            body: Arc::clone(body),
            next: meetings_ahead(&model, body, today),
            reviews: held,
            may_hold: ctx
                .authorize::<HoldReviews>(Object::Body(body.id()))
                .await
                .is_ok(),
        });
    }
    Ok(ReadReviews {
        model,
        today,
        bodies,
    })
}

/// The actions that the actor may know of.
pub struct ReadActions {
    /// The plan.
    pub model: Arc<Model>,
    /// Today.
    pub today: Date,
    /// Each action: what is open first, by its day; what is done after it, the latest first.
    pub actions: Vec<ListedAction>,
}

/// An action in the list.
pub struct ListedAction {
    /// The action.
    pub action: Arc<Entry<Action>>,
    /// Whether it is the actor's own.
    pub is_mine: bool,
    /// Whether it is of the actor's unit or one below it, or somebody's who works there.
    pub is_of_my_unit: bool,
    /// Whether it should have been done before today.
    pub is_overdue: bool,
    /// Whether the actor may say that it is done.
    pub may_finish: bool,
}

/// Reads the actions.
///
/// # Errors
/// If there is no ledger.
pub async fn actions(ctx: &Ctx) -> Result<ReadActions, AppError> {
    let model = newest(ctx).await?;
    let may_read = ctx.may_read_at().await?;
    let today = model.calendar().date_of(ctx.now());
    let own = ctx.actor().person;
    let seen = model
        .actions()
        .iter()
        .filter(|action| own == Some(action.who) || action.unit.is_none_or(&may_read));
    let mut held = HashSet::new();
    for body in model.bodies() {
        let object = Object::Body(body.id());
        if ctx.authorize::<HoldReviews>(object).await.is_ok() {
            held.insert(body.id());
        }
    }
    let oneself = own.map(Object::Person);
    let may_finish_own = match oneself {
        Some(oneself) => ctx.authorize::<FinishOwnActions>(oneself).await.is_ok(),
        None => false,
    };
    let unit_of = |person| model.people().get(person).and_then(|one| one.unit);
    let mine = own.and_then(unit_of);
    let units = model.index().units_on(today);
    let is_below_mine =
        |unit| mine == Some(unit) || units.ancestors(unit).any(|above| mine == Some(above));
    let mut actions: Vec<ListedAction> = seen
        .map(|action| ListedAction {
            action: Arc::clone(action),
            is_mine: own == Some(action.who),
            is_of_my_unit: [action.unit, unit_of(action.who)]
                .into_iter()
                .flatten()
                .any(is_below_mine),
            is_overdue: action.is_overdue_on(today),
            may_finish: (may_finish_own && own == Some(action.who))
                || body_of(&model, action, today).is_some_and(|body| held.contains(&body.id())),
        })
        .collect();
    actions.sort_by_key(|one| match one.action.done {
        None => (false, one.action.due, Reverse(Date::MIN)),
        Some(done) => (true, Date::MIN, Reverse(done)),
    });
    Ok(ReadActions {
        model,
        today,
        actions,
    })
}
