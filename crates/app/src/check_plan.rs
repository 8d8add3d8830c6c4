//! Is a plan folder sound? Errors that keep it from being applied, and weaknesses that a good plan does not have.

use throughline_model::text::PlanFile;

use crate::plan_folder::{FolderOptions, Plans, prepare};
use crate::policy::{Object, ReadPlan};
use crate::{AppError, Ctx, Remarks};

/// What there is to say about a plan folder.
#[derive(Debug)]
pub struct CheckedPlan {
    /// Errors and warnings.
    pub remarks: Remarks,
    /// How many records the plan has.
    pub records: usize,
    /// How many files it stands in.
    pub files: usize,
}

/// Checks a plan folder: by itself, or on top of the ledger if there is one, so that records that are left out of the
/// folder are known.
///
/// # Errors
/// If the ledger cannot be read. Errors in the plan are an answer, and none of this function.
pub async fn check_plan(ctx: &Ctx, files: &[PlanFile]) -> Result<CheckedPlan, AppError> {
    let proof = ctx.authorize::<ReadPlan>(Object::Organisation).await?;
    let ledger = ctx.ledger_if_any(&proof);
    let plans = Plans::onto(files, ledger).await?;
    match prepare(ctx, files, &plans, ledger, FolderOptions::default()).await {
        Ok(prepared) => {
            let mut remarks = prepared.remarks;
            remarks.join(prepared.consequences);
            for (_, said) in prepared.conflicts {
                remarks.join(said);
            }
            let records = throughline_model::Kind::ALL.into_iter();
            Ok(CheckedPlan {
                remarks,
                records: records.map(|kind| prepared.after.records(kind).len()).sum(),
                files: files.len(),
            })
        }
        Err(AppError::BadInput { remarks, .. }) => Ok(CheckedPlan {
            remarks,
            records: 0,
            files: files.len(),
        }),
        Err(error) => Err(error),
    }
}
