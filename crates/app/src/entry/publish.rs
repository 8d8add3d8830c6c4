//! Publishing figures that wait: by their owner, or by the clock once their time has come. One commit, whoever else does so
//! at the same time.

use throughline_core::Origin;
use throughline_ledger::{Ledger, NewCommit, Writer};
use throughline_model::Model;
use throughline_model::observation::{Cell, CommitNumber, Observation, Recorded};

use super::held::{Waiting, waiting};
use super::{COMMENT_LENGTH_MAX, TypedCell};
use crate::policy::{Object, PublishDue, PublishFigure, ReadPlan, ReadReadings, SeeHeldFigure};
use crate::{AppError, Ctx};

/// The reason of the commit of an owner, before what they say.
const PUBLISHED: &str = "Published";
/// The reason of the commit of the clock.
const BY_THE_CLOCK: &str =
    "Published by the clock: the time in which the owner alone could do it is over";
/// The most figures that the clock publishes in one commit; the others follow.
pub const PUBLISHED_AT_ONCE_MAX: usize = 1000;

/// Publishes the figure of a cell that was recorded by a commit, with one line of comment. `None` if it is published already.
///
/// # Errors
/// If there is no such figure for the actor, who is not its owner; if another one took its place meanwhile; if the comment is
/// too long.
pub async fn publish(
    ctx: &Ctx,
    named: &TypedCell,
    seen: CommitNumber,
) -> Result<Option<CommitNumber>, AppError> {
    let reading = ctx.authorize::<ReadPlan>(Object::Organisation).await?;
    let ledger = ctx.ledger(&reading)?;
    let model = ctx.newest_model().await?;
    let gone = || AppError::not_found("there is no such figure");
    let cell = named.cell(&model).ok_or_else(gone)?;
    ctx.authorize::<ReadReadings>(Object::Unit(cell.unit))
        .await?;
    let object = Object::Figure {
        measure: cell.measure,
        by: None,
    };
    ctx.authorize::<SeeHeldFigure>(object).await?;
    let proof = ctx.authorize::<PublishFigure>(object).await?;
    let comment = named.comment();
    if comment.chars().count() > COMMENT_LENGTH_MAX {
        let message = format!("a comment has up to {COMMENT_LENGTH_MAX} characters");
        return Err(AppError::bad_request(message));
    }
    let mut writer = ctx.writer(ledger, &proof).await?;
    let Some(held) = held_in(ledger, cell).await?.pop() else {
        return Ok(None);
    };
    if held.commit != seen {
        let error = AppError::bad_request("the figure was changed meanwhile");
        return Err(error.with_help("look at it again before you publish it"));
    }
    let reason = match comment.as_str() {
        "" => PUBLISHED.to_owned(),
        said => format!("{PUBLISHED}: {said}"),
    };
    // What the owner says stands at the figure where whoever entered it said nothing.
    let mut published = published(held.observation);
    if published.note.is_none() && !comment.is_empty() {
        published.note = Some(comment);
    }
    let new = NewCommit {
        reason: Some(reason),
        ..ctx
            .commit(writer.model())?
            .with_observations(vec![published])
    };
    appended(writer.append(new).await?.commit, writer).await
}

/// Publishes the figures whose time has come, for the clock: a server does so each minute and at its start, and whoever enters
/// figures first. `None` if there are none, or the actor may write nothing.
///
/// # Errors
/// If the ledger cannot be read or written.
pub async fn publish_due(ctx: &Ctx) -> Result<Option<CommitNumber>, AppError> {
    let proof = match ctx.authorize::<PublishDue>(Object::Organisation).await {
        Ok(proof) => proof,
        Err(AppError::Forbidden { .. } | AppError::NotFound { .. }) => return Ok(None),
        Err(error) => return Err(error),
    };
    let Some(ledger) = ctx.ledger_if_any(&proof) else {
        return Ok(None);
    };
    let (_, observations) = ctx.newest_known(ledger).await?;
    let plan = ctx.newest_model().await?;
    let mut due = waiting(ctx, ledger, &observations).await?;
    // What is of no measure or unit of the plan waits for them to come back, and keeps nothing else waiting.
    due.retain(|one| one.until <= ctx.now() && is_of(&plan, one));
    due.sort_by_key(|one| one.until);
    due.truncate(PUBLISHED_AT_ONCE_MAX);
    if due.is_empty() {
        return Ok(None);
    }
    let mut writer = ctx.writer(ledger, &proof).await?;
    let mut published_now = Vec::new();
    for one in due {
        let cell = one.newest.observation.cell;
        let is_there = is_of(writer.model(), &one);
        // Whoever wrote since has published it, or put another figure in its place, which waits no longer for that; or both,
        // and what stands there now has its own time.
        let mut run = held_in(ledger, cell).await?;
        let is_same = run.first().is_some_and(|first| first.commit == one.first);
        if let Some(held) = run.pop().filter(|_| is_there && is_same) {
            published_now.push(published(held.observation));
        }
    }
    let reason = Some(BY_THE_CLOCK.to_owned());
    let new = NewCommit::new(None, Origin::Job, reason).with_observations(published_now);
    appended(writer.append(new).await?.commit, writer).await
}

fn is_of(plan: &Model, one: &Waiting) -> bool {
    let cell = one.newest.observation.cell;
    plan.measures().get(cell.measure).is_some() && plan.units().get(cell.unit).is_some()
}

async fn appended(
    commit: Option<throughline_ledger::Commit>,
    writer: Writer,
) -> Result<Option<CommitNumber>, AppError> {
    writer.finish().await?;
    Ok(commit.map(|commit| commit.number))
}

/// What waits in a cell, the newest last, asked by the only one who writes.
async fn held_in(ledger: &Ledger, cell: Cell) -> Result<Vec<Recorded>, AppError> {
    let history = ledger.observation_history(cell).await?;
    let run = history.rsplit(|one| !one.observation.is_held()).next();
    Ok(run.unwrap_or_default().to_vec())
}

fn published(held: Observation) -> Observation {
    Observation {
        state: None,
        ..held
    }
}
