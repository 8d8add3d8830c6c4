//! Workings: sessions, jobs, idempotency keys, mails to be sent, read marks. Outside the chain, and each with an end.

use jiff::Timestamp;

use crate::error::{LedgerError, Result};
use crate::ledger::Ledger;
use crate::store;

/// The longest body, in bytes.
pub const WORKING_LENGTH_LIMIT: usize = 1024 * 1024;

/// How many are read at a time.
pub const WORKINGS_READ_MAX: usize = 1000;

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
        store::working(&mut transaction, self.purpose, key, self.now()).await
    }

    /// Keeps a body under a key until an instant, unless something is there. Returns whether nothing was: of those who keep
    /// something under one key at the same moment one is told so.
    ///
    /// # Errors
    /// [`LedgerError::TooLong`]; what the database says.
    pub async fn put_new(&self, key: &str, body: &[u8], expires_at: Timestamp) -> Result<bool> {
        refuse_long(body)?;
        let mut transaction = self.ledger.inner.pool.begin_workings().await?;
        let is_new = store::put_new_working(
            &mut transaction,
            self.purpose,
            key,
            body,
            expires_at.as_microsecond(),
            self.now(),
        )
        .await?;
        transaction.commit().await?;
        Ok(is_new)
    }

    /// Changes the body under a key from one to another, until the same instant. Returns whether it was that one: of those
    /// who change one body at the same moment one is told so.
    ///
    /// # Errors
    /// [`LedgerError::TooLong`]; what the database says.
    pub async fn replace(&self, key: &str, before: &[u8], body: &[u8]) -> Result<bool> {
        refuse_long(body)?;
        let mut transaction = self.ledger.inner.pool.begin_workings().await?;
        let now = self.now();
        let (purpose, key) = (self.purpose, key);
        let was = store::replace_working(&mut transaction, purpose, key, before, body, now).await?;
        transaction.commit().await?;
        Ok(was)
    }

    /// What is kept under keys that come after one, at most [`WORKINGS_READ_MAX`], in the order of the keys. All of it is read
    /// by asking from the empty text on, and again after the last key.
    ///
    /// # Errors
    /// What the database says.
    pub async fn after(&self, key: &str) -> Result<Vec<(String, Vec<u8>)>> {
        let mut transaction = self.ledger.inner.pool.begin_read().await?;
        let (most, now) = (WORKINGS_READ_MAX as i64, self.now());
        store::workings_after(&mut transaction, self.purpose, key, most, now).await
    }

    /// Deletes what is under a key and keeps a body of another purpose, or does neither. Returns whether there was anything
    /// under the key: of those who use one up at the same moment one is told so, and nothing else can come between.
    ///
    /// # Errors
    /// [`LedgerError::TooLong`]; what the database says.
    pub async fn use_up(
        &self,
        key: &str,
        kept: &Workings<'_>,
        kept_key: &str,
        body: &[u8],
        expires_at: Timestamp,
    ) -> Result<bool> {
        refuse_long(body)?;
        let mut transaction = self.ledger.inner.pool.begin_workings().await?;
        if !store::remove_working(&mut transaction, self.purpose, key).await? {
            return Ok(false);
        }
        let until = expires_at.as_microsecond();
        store::put_working(&mut transaction, kept.purpose, kept_key, body, until).await?;
        transaction.commit().await?;
        Ok(true)
    }

    fn now(&self) -> i64 {
        self.ledger.inner.clock.now().as_microsecond()
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
