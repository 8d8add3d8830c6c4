//! Verifying on the way: whoever reads the whole line for a purpose of its own shows each commit to the verifier, so that
//! nothing is carried on that is not as it was written.

use super::{Keys, Verifier};
use crate::commit::Head;
use crate::error::{LedgerError, Result};
use crate::store::Transaction;
use crate::stored::{StoredBlock, StoredCommit, StoredVersion};

/// A line that is verified while it is read.
pub(crate) struct Along(Verifier);

impl Along {
    /// Notes what stands beside the line, which must be read in one transaction with its head. Data keys may be missing:
    /// a ledger that was restored without them is as it was written.
    ///
    /// # Errors
    /// [`LedgerError::Corrupted`]; what the database says.
    pub(crate) async fn begin(transaction: &mut Transaction) -> Result<Along> {
        let verifier = Verifier::begin(transaction, Keys::MayBeMissing).await?;
        Ok(Along(verifier))
    }

    /// Looks at the next commit with all that it contains.
    ///
    /// # Errors
    /// [`LedgerError::Corrupted`].
    pub(crate) fn commit(
        &mut self,
        stored: &StoredCommit,
        versions: Vec<StoredVersion>,
        blocks: &[StoredBlock],
    ) -> Result<()> {
        self.0.commit(stored, versions, blocks);
        self.intact()
    }

    /// Looks at what stands beside the line, once all of it up to that head was shown.
    ///
    /// # Errors
    /// [`LedgerError::Corrupted`].
    pub(crate) fn end(mut self, head: &Head) -> Result<()> {
        let end = (self.0.previous, self.0.last_at_us());
        if end != (head.hash, head.at.as_microsecond()) {
            return Err(LedgerError::corrupted(
                "head",
                "it has another hash or time than its commit",
            ));
        }
        self.0.labels();
        self.0.data_keys();
        self.intact()
    }

    fn intact(&self) -> Result<()> {
        let Some(problem) = self.0.report.problems.first() else {
            return Ok(());
        };
        let place = problem.commit.map(|number| format!("commit {number}"));
        let place = place.unwrap_or_else(|| "ledger".to_owned());
        Err(LedgerError::corrupted(place, problem.what.clone()))
    }
}
