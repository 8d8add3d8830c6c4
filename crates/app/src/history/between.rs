//! What changed in the plan between two dates.

use throughline_model::diff::{Difference, diff};

use super::restatements::instants;
use crate::policy::{Object, ReadHistory};
use crate::{AppError, Ctx};
use jiff::Timestamp;

/// The plan at two instants, and what differs.
#[derive(Debug)]
pub struct PlanChanges {
    /// The earlier instant.
    pub from: Timestamp,
    /// The later one.
    pub to: Timestamp,
    /// Each change, in the order of the plan.
    pub differences: Vec<Difference>,
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
    let before = ctx.plan_known(ledger, Some(from)).await?;
    let after = ctx.plan_known(ledger, Some(to)).await?;
    Ok(PlanChanges {
        from,
        to,
        differences: diff(&before, &after),
    })
}
