//! The latest commits.

use throughline_ledger::PlanClock;

use super::{Told, told};
use crate::policy::{Object, ReadHistory};
use crate::{AppError, Ctx};

/// The latest commits, the latest first, at most `limit`.
///
/// # Errors
/// If there is no ledger, or it cannot be read.
pub async fn commits(ctx: &Ctx, limit: usize) -> Result<Vec<Told>, AppError> {
    let proof = ctx.authorize::<ReadHistory>(Object::Organisation).await?;
    let ledger = ctx.ledger(&proof)?;
    let last = ledger.head().await?.number.0;
    let first = last.saturating_sub(limit as u64) + 1;
    let model = ctx.plan(ledger, PlanClock::Newest).await?;
    let commits = ledger.commits(first..=last).await?;
    Ok(commits
        .into_iter()
        .rev()
        .map(|commit| told(commit, &model))
        .collect())
}
