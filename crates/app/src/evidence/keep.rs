//! Keeping the grades of a period: one commit for the whole map, as its links are graded together. Done again for the same
//! period it changes nothing.

use std::sync::Arc;

use throughline_core::{IdSource, Period};
use throughline_ledger::Commit;
use throughline_model::{AnyRecord, Change};

use super::Estimates;
use super::regrade::{Regraded, regraded};
use crate::policy::{KeepGrades, Object};
use crate::selection::{Selected, Selection, select};
use crate::{AppError, Ctx, words};

/// What was kept.
#[derive(Debug)]
pub struct KeptGrades {
    /// The commit; `None` where the grades of the period were kept before, or there is no link.
    pub commit: Option<Commit>,
    /// How many links have a new grade, or a new version of it.
    pub changed: usize,
    /// How many links the map has.
    pub links: usize,
    /// The last period of the data that they rest on.
    pub until: Option<Period>,
}

/// Grades all links as of a period, and keeps the grades. Where none is named, that is the one that pages open on once figures
/// of a newer one are there, and else the one before it: figures of the newest may still come, and a grade is kept once.
///
/// # Errors
/// If there is no such period or no ledger, an instant of the past is asked for, or the actor may not keep grades.
pub async fn keep_grades(ctx: &Ctx, asked: &Selection) -> Result<KeptGrades, AppError> {
    let proof = ctx.authorize::<KeepGrades>(Object::Organisation).await?;
    if asked.known_at.is_some() || asked.plan_at.is_some() {
        let error = AppError::bad_request("grades are kept of what is known now");
        return Err(error.with_help("leave the instant out"));
    }
    let ledger = ctx.ledger(&proof)?.clone();
    let (selected, _) = select(ctx, asked).await?;
    ctx.step("Weighing the evidence");
    let estimates = ctx
        .snapshot()
        .map(|snapshot| Arc::clone(&snapshot.evidence().estimates));
    let estimates = estimates.unwrap_or_else(|| Arc::new(Estimates::new()));
    let until = match &asked.period {
        Some(_) => selected.period,
        None => settled(&selected),
    };
    let view = selected.view();
    let found = tokio::task::spawn_blocking(move || regraded(&view, until, &estimates)).await;
    let failed = |error| AppError::failed("the evidence could not be worked out", error);
    let mut found = found.map_err(failed)?;
    if found.changes.is_empty() {
        return Ok(kept(None, found));
    }
    let mut writer = ctx.writer(&ledger, &proof).await?;
    let (read, newest) = (&selected.model, writer.model());
    let is_same =
        read.links().iter().eq(newest.links()) && read.grades().iter().eq(newest.grades());
    if !is_same {
        let error = AppError::bad_request("the links were changed meanwhile; no grade was kept");
        return Err(error.with_help("try again"));
    }
    let mut ids = ctx.ids();
    for change in &mut found.changes {
        if let Change::Put(record @ AnyRecord::Grade(_)) = change
            && record.id().is_nil()
        {
            *record = record.clone().with_identity(ids.next(), 0.0);
        }
    }
    let calendar = selected.model.calendar();
    let until = found.until.map(|until| words::period(&until, calendar));
    let reason = match until {
        Some(until) => format!("The grades of links, of data up to {until}"),
        None => "The grades of links".to_owned(),
    };
    let mut commit = ctx.commit(writer.model())?;
    commit.reason.get_or_insert(reason);
    let appended = writer
        .append(commit.with_changes(found.changes.clone()))
        .await?;
    writer.finish().await?;
    Ok(kept(appended.commit, found))
}

/// The newest period whose figures are over, as far as can be told from those that came after it.
fn settled(selected: &Selected) -> Period {
    let Period { frequency, .. } = selected.period;
    let calendar = selected.model.calendar();
    let index = calendar.index(&selected.period);
    match &selected.newer {
        Some(_) => selected.period,
        None => calendar.period(frequency, index.saturating_sub(1)),
    }
}

fn kept(commit: Option<Commit>, found: Regraded) -> KeptGrades {
    KeptGrades {
        commit,
        changed: found.changes.len(),
        links: found.links,
        until: found.until,
    }
}
