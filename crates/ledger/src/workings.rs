//! Workings: sessions, jobs, idempotency keys, read marks. Outside the chain, and each with an end.

use jiff::Timestamp;

use crate::error::{LedgerError, Result};
use crate::ledger::Ledger;
use crate::store;

/// The longest body, in bytes.
pub const WORKING_LENGTH_LIMIT: usize = 1024 * 1024;

/// Refuses a body that is too long.
pub(crate) fn refuse_long(body: &[u8]) -> Result<()> {
    if body.len() > WORKING_LENGTH_LIMIT {
        return Err(LedgerError::TooLong {
            what: "body",
            limit: WORKING_LENGTH_LIMIT,
        });
    }
    Ok(())
}

/// The workings of one purpose.
pub struct Workings<'a> {
    ledger: &'a Ledger,
    purpose: &'static str,
}

impl Ledger {
    /// The workings of a purpose, such as `session`.
    pub fn workings(&self, purpose: &'static str) -> Workings<'_> {
        Workings {
            ledger: self,
            purpose,
        }
    }

    /// Deletes the workings of every purpose that have ended. Returns how many there were.
    ///
    /// # Errors
    /// What the database says.
    pub async fn purge_workings(&self) -> Result<u64> {
        let mut transaction = self.inner.pool.begin_workings().await?;
        let now = self.inner.clock.now().as_microsecond();
        let purged = store::purge_workings(&mut transaction, now).await?;
        transaction.commit().await?;
        Ok(purged)
    }
}

impl Workings<'_> {
    /// Keeps a body under a key until an instant; what was there is replaced.
    ///
    /// # Errors
    /// [`LedgerError::TooLong`]; what the database says.
    pub async fn put(&self, key: &str, body: &[u8], expires_at: Timestamp) -> Result<()> {
        refuse_long(body)?;
        let mut transaction = self.ledger.inner.pool.begin_workings().await?;
        store::put_working(
            &mut transaction,
            self.purpose,
            key,
            body,
            expires_at.as_microsecond(),
        )
        .await?;
        transaction.commit().await
    }

    /// The body under a key, unless it has ended.
    ///
    /// # Errors
    /// What the database says.
    pub async fn get(&self, key: &str) -> Result<Option<Vec<u8>>> {
        let mut transaction = self.ledger.inner.pool.begin_read().await?;
        let now = self.ledger.inner.clock.now().as_microsecond();
        store::working(&mut transaction, self.purpose, key, now).await
    }

    /// Deletes what is under a key. Returns whether there was anything.
    ///
    /// # Errors
    /// What the database says.
    pub async fn remove(&self, key: &str) -> Result<bool> {
        let mut transaction = self.ledger.inner.pool.begin_workings().await?;
        let removed = store::remove_working(&mut transaction, self.purpose, key).await?;
        transaction.commit().await?;
        Ok(removed)
    }
}
