//! What would applying a plan folder change?

use throughline_model::Kind;
use throughline_model::diff::Difference;
use throughline_model::text::PlanFile;

use crate::plan_folder::{FolderOptions, Plans, prepare, told};
use crate::policy::{Object, ReadPlan};
use crate::{AppError, Ctx, PlanConflict, Remarks};

/// What applying a plan folder would change.
#[derive(Debug)]
pub struct PlanDiff {
    /// Each change, in the order of the plan.
    pub differences: Vec<Difference>,
    /// What the ledger says otherwise than the folder since it was exported, and would stay.
    pub newer: Vec<Difference>,
    /// What was changed on both sides.
    pub conflicts: Vec<PlanConflict>,
    /// Records that are missing from a section that is there, and stay without retiring.
    pub left_out: Vec<(Kind, String)>,
    /// What the changes would do to observations that are there.
    pub consequences: Remarks,
    /// Whether there is no plan yet.
    pub is_first: bool,
    /// Errors and warnings about the plan as it would be.
    pub remarks: Remarks,
}

/// Compares a plan folder with the plan that holds; where there is none yet, all of it is new.
///
/// # Errors
/// [`AppError::BadInput`] if the folder has errors; if the ledger cannot be read.
pub async fn diff_plan(
    ctx: &Ctx,
    files: &[PlanFile],
    options: FolderOptions,
) -> Result<PlanDiff, AppError> {
    let proof = ctx.authorize::<ReadPlan>(Object::Organisation).await?;
    let ledger = ctx.ledger_if_any(&proof);
    let plans = Plans::onto(files, ledger).await?;
    let prepared = prepare(ctx, files, &plans, ledger, options).await?;
    let conflicts = match ledger {
        Some(ledger) => told(ledger, &plans.head, prepared.conflicts).await?,
        // Nobody else changed a plan that there is not.
        None => Vec::new(),
    };
    Ok(PlanDiff {
        differences: prepared.differences,
        newer: prepared.newer,
        conflicts,
        consequences: prepared.consequences,
        is_first: ledger.is_none(),
        left_out: prepared.left_out,
        remarks: prepared.remarks,
    })
}
