//! What moved since the review before: figures of its period that were corrected after they were fixed, and targets of
//! this period that are others than they were then. Nothing here changes what the earlier review showed.

use std::sync::Arc;

use jiff::Timestamp;
use throughline_core::MeasureId;
use throughline_engine::{Edge, MeasureReading};
use throughline_ledger::Commit;
use throughline_model::records::{Body, Review};
use throughline_model::{Entry, Kind, Model};

use super::{as_frozen, before, facts, selection_of, unit_key};
use crate::history::{Restatement, Told, restatements, told};
use crate::policy::{Object, ReadHistory};
use crate::scorecard::{ReadScorecard, scorecard};
use crate::selection::Selection;
use crate::{AppError, Ctx};

/// What moved since the review of the body before.
pub struct Since {
    /// The review before.
    pub review: Arc<Entry<Review>>,
    /// Values of its period that are others now.
    pub values: Vec<MovedSince<Option<f64>>>,
    /// The last commits that made values others, by measure; nothing for who may not read the history.
    pub because: Vec<(MeasureId, Told)>,
    /// Targets of the period of this review that are others now.
    pub targets: Vec<MovedSince<Option<Edge>>>,
    /// The last commits that moved these targets, by measure; nothing for who may not read the history, and of targets that are
    /// worked out of others.
    pub set: Vec<(MeasureId, Told)>,
}

/// Something of a measure that is another now.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MovedSince<T> {
    /// The measure.
    pub measure: MeasureId,
    /// What it was when the figures of the earlier review were fixed.
    pub before: T,
    /// What it is.
    pub after: T,
}

/// What moved since the review before; nothing where there is none whose figures were fixed, or where its unit is not there
/// to be read. The body may have moved to another unit since: figures are compared at the unit of then, targets at the
/// unit of now.
pub(super) async fn of(
    ctx: &Ctx,
    plan: &Arc<Model>,
    body: &Arc<Entry<Body>>,
    review: &Entry<Review>,
    read: &ReadScorecard,
) -> Result<Option<Since>, AppError> {
    let earlier = before(plan, review);
    let Some((earlier, frozen)) = earlier.and_then(|one| Some((Arc::clone(&one), one.frozen?)))
    else {
        return Ok(None);
    };
    let (plan_then, body_then) = as_frozen(ctx, plan, body, &earlier).await?;
    let of_then = selection_of(&plan_then, &body_then, &earlier);
    let Some(then) = if_there(scorecard(ctx, &of_then).await)? else {
        return Ok(None);
    };
    let of_now = Selection {
        unit: unit_key(plan, &body_then),
        known_at: review.frozen.map(|at| at.to_string()),
        ..of_then
    };
    let now = if_there(scorecard(ctx, &of_now).await)?;
    // Values change with observations: until the next one the answer is the same.
    let known = &read.selected.observations;
    let newest = known
        .len()
        .checked_sub(1)
        .and_then(|row| known.recorded(row));
    let until = review.frozen.or(newest.map(|newest| newest.at));
    let as_planned_then = Selection {
        plan_at: Some(frozen.to_string()),
        ..selection_of(plan, body, review)
    };
    let planned = if_there(scorecard(ctx, &as_planned_then).await)?;
    let measures = facts::reviewed(body, read);
    let values = now.map_or_else(Vec::new, |now| {
        moved(&measures, &then, &now, |reading| reading.value)
    });
    let targets = planned.map_or_else(Vec::new, |planned| {
        moved(&measures, &planned, read, |reading| reading.target)
    });
    Ok(Some(Since {
        review: earlier,
        because: match until.filter(|until| !values.is_empty() && frozen < *until) {
            None => Vec::new(),
            Some(until) => because(ctx, &of_now, &format!("{frozen}..{until}")).await?,
        },
        values,
        set: set(ctx, read, &targets, (frozen, review.frozen)).await?,
        targets,
    }))
}

/// The last commit of observations behind each reading that differs between two instants: others moved its target or its
/// floor.
async fn because(
    ctx: &Ctx,
    of_now: &Selection,
    span: &str,
) -> Result<Vec<(MeasureId, Told)>, AppError> {
    let at_both = Selection {
        known_at: None,
        ..of_now.clone()
    };
    let read = if_there(restatements(ctx, None, &at_both, span).await)?;
    let restated = read.into_iter().flat_map(|read| read.restated);
    let last = |one: Restatement| {
        let mut because = one.because.into_iter().rev();
        let told = because.find(|told| told.commit.observations > 0)?;
        Some((one.measure, told))
    };
    Ok(restated.filter_map(last).collect())
}

/// How many targets that moved are told with who moved them: each is looked up.
const SET_MAX: usize = 20;

/// The last commit between two instants, or since the first, that changed the target of each measure at the unit that is read.
async fn set(
    ctx: &Ctx,
    read: &ReadScorecard,
    targets: &[MovedSince<Option<Edge>>],
    (after, until): (Timestamp, Option<Timestamp>),
) -> Result<Vec<(MeasureId, Told)>, AppError> {
    let Ok(proof) = ctx.authorize::<ReadHistory>(Object::Organisation).await else {
        return Ok(Vec::new());
    };
    let (plan, ledger) = (&read.selected.model, ctx.ledger(&proof)?);
    let mut set = Vec::new();
    let is_between = |commit: &Commit| {
        let is_by_then = until.is_none_or(|until| commit.recorded_at <= until);
        commit.draft.is_none() && commit.recorded_at > after && is_by_then
    };
    for moved in targets.iter().take(SET_MAX) {
        let measure = plan.measures().get(moved.measure);
        let key = measure.map(|one| format!("{}@{}", one.key, read.selected.unit_key()));
        let Some(id) = key.and_then(|key| plan.id_of(Kind::Target, &key)) else {
            continue;
        };
        let versions = ctx.versions(ledger, Kind::Target, id).await?;
        let commits = versions.iter().map(|version| &version.commit);
        let newest = commits
            .filter(|commit| is_between(commit))
            .max_by_key(|commit| commit.number);
        set.extend(newest.map(|commit| (moved.measure, told(commit.clone(), plan))));
    }
    Ok(set)
}

/// What was read, unless it is not there for the actor.
fn if_there<T>(read: Result<T, AppError>) -> Result<Option<T>, AppError> {
    match read {
        Ok(read) => Ok(Some(read)),
        Err(AppError::NotFound { .. } | AppError::Forbidden { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

fn moved<T: PartialEq + Copy>(
    measures: &[MeasureId],
    before: &ReadScorecard,
    after: &ReadScorecard,
    of: fn(&MeasureReading) -> T,
) -> Vec<MovedSince<T>> {
    let pairs = measures.iter().filter_map(|measure| {
        let before = of(before.scorecard.measure(*measure)?);
        let after = of(after.scorecard.measure(*measure)?);
        (before != after).then_some(MovedSince {
            measure: *measure,
            before,
            after,
        })
    });
    pairs.collect()
}
