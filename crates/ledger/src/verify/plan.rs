//! The plan at the end of the line: whatever its records name is there, and each key leads to one of them. A chain can be
//! whole without it, since whoever writes checks it before.

use throughline_model::check;

use super::{Keys, VerifyReport, verify};
use crate::error::Result;
use crate::replay::{self, END};
use crate::store::Transaction;

/// What to do where the plan itself is not in order.
const APPLY: &str =
    "mend it in the plan and apply it: `throughline check` names the place in its files";

/// Verifies the whole ledger with all data keys, and where it is as it was written, its newest plan too.
///
/// # Errors
/// What the database says.
pub(crate) async fn verify_with_the_plan(connection: &mut Transaction) -> Result<VerifyReport> {
    let mut report = verify(connection, Keys::Complete).await?;
    if report.problems.is_empty() {
        report.look_at_the_plan(connection).await?;
    }
    Ok(report)
}

impl VerifyReport {
    async fn look_at_the_plan(&mut self, connection: &mut Transaction) -> Result<()> {
        let plan = replay::model_as_known(connection, END, END).await;
        let Some(plan) = self.unless_corrupted(plan)? else {
            return Ok(());
        };
        for finding in check::keys_and_references(&plan) {
            let place = finding.place.map(|place| format!("{place}: "));
            let place = place.unwrap_or_default();
            self.problem(None, format!("the plan: {place}{}", finding.message), APPLY);
        }
        Ok(())
    }
}
