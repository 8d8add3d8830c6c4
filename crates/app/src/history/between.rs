//! What changed in the plan between two dates.

use std::sync::Arc;

use throughline_ledger::{Ledger, PlanClock};
use throughline_model::diff::{Difference, diff};

use jiff::Timestamp;
use throughline_model::Model;

use super::restatements::instants;
use crate::policy::{Object, ReadHistory};
use crate::{AppError, Ctx};

/// The plan at two instants, and what differs.
#[derive(Debug)]
pub struct PlanChanges {
    /// The earlier instant.
    pub from: Timestamp,
    /// The later one.
    pub to: Timestamp,
    /// Each change, in the order of the plan.
    pub differences: Arc<Vec<Difference>>,
}

/// Compares the plans that were known at two instants, written as `FROM..TO`.
///
/// # Errors
/// If these are no two instants in order; if there is no ledger, or it cannot be read.
pub async fn plan_changes(ctx: &Ctx, span: &str) -> Result<PlanChanges, AppError> {
    let proof = ctx.authorize::<ReadHistory>(Object::Organisation).await?;
    let ledger = ctx.ledger(&proof)?;
    let newest = ctx.plan_known(ledger, None).await?;
    let (from, to) = instants(span, &newest)?;
    let both = [PlanClock::KnownAt(from), PlanClock::KnownAt(to)];
    Ok(PlanChanges {
        from,
        to,
        differences: differences(ctx, ledger, both).await?,
    })
}

/// What differs between two plans, as the actor sees them: looked up once, one pair after the other, beside the threads that
/// answer, since it takes as long as the plan is.
pub(super) async fn differences(
    ctx: &Ctx,
    ledger: &Ledger,
    both: [PlanClock; 2],
) -> Result<Arc<Vec<Difference>>, AppError> {
    let Some(snapshot) = ctx.snapshot() else {
        return compare(ctx, ledger, both).await;
    };
    let looked_up = snapshot.looked_up();
    let look = async {
        let _one_at_a_time = looked_up.turn.lock().await;
        let found = compare(ctx, ledger, both).await?;
        let weight = found.len();
        Ok::<_, AppError>((found, weight))
    };
    let of_whom = ctx.sight().await?.of_whom();
    looked_up
        .differences
        .get_or_make((of_whom, both), look)
        .await
}

async fn compare(
    ctx: &Ctx,
    ledger: &Ledger,
    [before, after]: [PlanClock; 2],
) -> Result<Arc<Vec<Difference>>, AppError> {
    let before = plan_of(ctx, ledger, before).await?;
    let after = plan_of(ctx, ledger, after).await?;
    let compared = tokio::task::spawn_blocking(move || Arc::new(diff(&before, &after)));
    compared
        .await
        .map_err(|error| AppError::failed("the plans could not be compared", error))
}

/// The plan of a clock; that of an instant may be remembered.
async fn plan_of(ctx: &Ctx, ledger: &Ledger, clock: PlanClock) -> Result<Arc<Model>, AppError> {
    match clock {
        PlanClock::KnownAt(at) => ctx.plan_known(ledger, Some(at)).await,
        other => ctx.plan(ledger, other).await,
    }
}
