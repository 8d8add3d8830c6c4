//! History that is brought in: it lies before everything that people have seen, and comes in ascending order.

use jiff::Timestamp;

use super::Writer;
use crate::error::{HistoryRefused, Result};
use crate::store;
use crate::stored::{commit_number, instant};

impl Writer {
    /// Refuses a time that would change what somebody may have seen, or that breaks the order of the sequence: plans
    /// and observations are one sequence each. Equal times are in order.
    pub(super) async fn refuse_history(
        &mut self,
        recorded_at: Timestamp,
        plan: bool,
        observations: bool,
    ) -> Result<()> {
        let now = self.ledger.clock.now();
        if recorded_at > now {
            return Err(HistoryRefused::InTheFuture { recorded_at, now }.into());
        }
        let first = store::first_without_recorded_at(&mut self.transaction).await?;
        if let Some((number, at)) = first
            && let Some(bound) = instant(at).filter(|bound| recorded_at >= *bound)
        {
            let commit = commit_number(number);
            return Err(HistoryRefused::NotBeforeFirstCommit {
                recorded_at,
                bound,
                commit,
            }
            .into());
        }
        let (latest_plan, latest_observations) =
            store::latest_brought_in(&mut self.transaction).await?;
        let sequences = [
            ("plans", plan, latest_plan),
            ("observations", observations, latest_observations),
        ];
        for (what, is_concerned, latest) in sequences {
            let bound = latest
                .and_then(instant)
                .filter(|bound| is_concerned && recorded_at < *bound);
            if let Some(bound) = bound {
                return Err(HistoryRefused::NotAscending {
                    what,
                    recorded_at,
                    bound,
                }
                .into());
            }
        }
        Ok(())
    }
}
