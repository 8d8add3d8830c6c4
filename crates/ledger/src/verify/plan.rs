//! The plan at the end of the line: whatever its records name is there, and each key leads to one of them. A chain can be
//! whole without it, since whoever writes checks it before.

use throughline_model::check;

use super::VerifyReport;
use crate::error::Result;
use crate::replay::{self, END};
use crate::store::Transaction;

/// What to do where the plan itself is not in order.
const APPLY: &str =
    "mend it in the plan and apply it: `throughline check` names the place in its files";

impl VerifyReport {
    /// Looks at the newest plan, where the chain is as it was written.
    ///
    /// # Errors
    /// What the database says.
    pub(crate) async fn look_at_the_plan(&mut self, connection: &mut Transaction) -> Result<()> {
        let plan = async {
            let keys = replay::data_keys(connection).await?;
            replay::model_as_known(connection, &keys, END, END).await
        };
        let plan = plan.await;
        let Some(plan) = self.unless_corrupted(plan)? else {
            return Ok(());
        };
        for finding in check::names_and_references(&plan) {
            let place = finding.place.map(|place| format!("{place}: "));
            let place = place.unwrap_or_default();
            self.problem(None, format!("the plan: {place}{}", finding.message), APPLY);
        }
        Ok(())
    }
}
