//! Writes the plan back as files, so that they can be edited and applied again.

use std::sync::Arc;

use throughline_ledger::PlanClock;
use throughline_model::Model;
use throughline_model::observation::CommitNumber;
use throughline_model::text::{self, Base, LeftOut, PlanFile};

use crate::policy::{Object, ReadPlan};
use crate::{AppError, Ctx};

/// A plan as files.
#[derive(Debug)]
pub struct ExportedPlan {
    /// The files.
    pub files: Vec<PlanFile>,
    /// The commit at which it was exported, to which changes in the files are merged back.
    pub base: CommitNumber,
    /// The fields that the actor may not see. The files say so, and leave them as they are when they are applied.
    pub left_out: LeftOut,
}

/// The plan that holds, as files.
///
/// # Errors
/// If there is no ledger, or it cannot be read.
pub async fn export_plan(ctx: &Ctx) -> Result<ExportedPlan, AppError> {
    let proof = ctx.authorize::<ReadPlan>(Object::Organisation).await?;
    let ledger = ctx.ledger(&proof)?;
    let head = ledger.head().await?;
    let whole = ledger.model(PlanClock::Commit(head.number)).await?;
    let sight = ctx.sight().await?;
    let left_out = sight.left_out(&whole);
    let seen = sight.plan(whole);
    let base = Base::new(head.number, &head.hash.to_string());
    Ok(ExportedPlan {
        files: text::export_without(&seen, &base, &left_out),
        base: head.number,
        left_out,
    })
}

/// The plan that holds.
///
/// # Errors
/// If there is no ledger, or it cannot be read.
pub async fn current_plan(ctx: &Ctx) -> Result<Arc<Model>, AppError> {
    let proof = ctx.authorize::<ReadPlan>(Object::Organisation).await?;
    ctx.plan(ctx.ledger(&proof)?, PlanClock::Newest).await
}
