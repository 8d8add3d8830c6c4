//! Writes the plan back as files, so that they can be edited and applied again.

use std::sync::Arc;

use throughline_ledger::PlanClock;
use throughline_model::Model;
use throughline_model::observation::CommitNumber;
use throughline_model::text::{self, Base, PlanFile};

use crate::policy::{Object, ReadPlan};
use crate::{AppError, Ctx};

/// A plan as files.
#[derive(Debug)]
pub struct ExportedPlan {
    /// The files.
    pub files: Vec<PlanFile>,
    /// The commit at which it was exported, to which changes in the files are merged back.
    pub base: CommitNumber,
}

/// The plan that holds, as files.
///
/// # Errors
/// If there is no ledger, or it cannot be read.
pub async fn export_plan(ctx: &Ctx) -> Result<ExportedPlan, AppError> {
    let proof = ctx.authorize::<ReadPlan>(Object::Organisation).await?;
    let ledger = ctx.ledger(&proof)?;
    let head = ledger.head().await?;
    let base = head.number;
    let model = ledger.model(PlanClock::Commit(base)).await?;
    Ok(ExportedPlan {
        files: text::export(&model, &Base::new(base, &head.hash.to_string())),
        base,
    })
}

/// The plan that holds.
///
/// # Errors
/// If there is no ledger, or it cannot be read.
pub async fn current_plan(ctx: &Ctx) -> Result<Arc<Model>, AppError> {
    let proof = ctx.authorize::<ReadPlan>(Object::Organisation).await?;
    Ok(ctx.ledger(&proof)?.model(PlanClock::Newest).await?)
}
