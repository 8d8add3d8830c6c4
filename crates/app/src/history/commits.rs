//! A stretch of the commits, counted from the latest one.

use std::ops::Range;

use throughline_ledger::PlanClock;

use super::{Told, told};
use crate::policy::{Object, ReadHistory};
use crate::{AppError, Ctx};

/// A stretch of the commits, the latest first: those at these places, counted from the latest one, and none but those are
/// read.
#[derive(Debug)]
pub struct CommitList {
    /// The commits.
    pub commits: Vec<Told>,
    /// How many there are in the ledger.
    pub all: usize,
}

/// The commits at these places, the latest first.
///
/// # Errors
/// If there is no ledger, or it cannot be read.
pub async fn commits(ctx: &Ctx, places: Range<usize>) -> Result<CommitList, AppError> {
    let proof = ctx.authorize::<ReadHistory>(Object::Organisation).await?;
    let ledger = ctx.ledger(&proof)?;
    let head = ledger.head().await?.number.0;
    let last = head.saturating_sub(places.start as u64);
    let first = head.saturating_sub(places.end as u64) + 1;
    let model = ctx.plan(ledger, PlanClock::Newest).await?;
    let commits = ledger.commits(first..=last).await?;
    let told = commits.into_iter().rev().map(|commit| told(commit, &model));
    Ok(CommitList {
        commits: told.collect(),
        all: usize::try_from(head).unwrap_or(usize::MAX),
    })
}
