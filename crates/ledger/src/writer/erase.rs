//! Erasing a person: their data key is destroyed, and with it everything that was sealed under it. The chain stays.

use throughline_core::actor::Origin;
use throughline_core::id::PersonId;
use throughline_model::Kind;

use super::Writer;
use crate::commit::{Commit, CommitKind, NewCommit};
use crate::error::{LedgerError, Result};
use crate::ledger::Ledger;
use crate::store;
use crate::stored::{StoredChange, Version};

impl Ledger {
    /// Erases a person for good: key, name, address and whatever else is personal. Records go on referring to the
    /// person's id. To erase a person who is erased already only cleans the file once more.
    ///
    /// # Errors
    /// [`LedgerError::NotFound`]; [`LedgerError::ErasureUnfinished`] if the journal could not be overwritten because
    /// somebody was reading; what the database says.
    pub async fn erase_person(
        &self,
        person: PersonId,
        author: Option<PersonId>,
        origin: Origin,
        reason: Option<String>,
    ) -> Result<Option<Commit>> {
        let mut writer = self.write().await?;
        let commit = writer.erase(person, author, origin, reason).await?;
        writer.finish().await?;
        // The pages of before the erasure are in the journal until it is emptied.
        if self.inner.pool.clean_after_erasure().await? {
            Ok(commit)
        } else {
            Err(LedgerError::ErasureUnfinished)
        }
    }
}

impl Writer {
    async fn erase(
        &mut self,
        person: PersonId,
        author: Option<PersonId>,
        origin: Origin,
        reason: Option<String>,
    ) -> Result<Option<Commit>> {
        if self.erased.contains(&person) {
            return Ok(None);
        }
        if !self.keys.contains_key(&person) {
            return Err(LedgerError::NotFound {
                what: format!("person {person}"),
            });
        }
        let mut commit = self.header(&NewCommit::new(author, origin, reason))?;
        commit.kind = CommitKind::Erasure;
        let version = Version {
            ordinal: 0,
            kind: Kind::Person,
            id: person.as_uuid(),
            change: StoredChange::Erase,
            position: 0.0,
            body: String::new(),
            new_key: false,
        };
        self.has_failed = true;
        self.insert(&mut commit, &[version], &[], &[]).await?;
        store::delete_data_key(&mut self.transaction, person).await?;
        self.keys.remove(&person);
        self.erased.insert(person);
        self.model = self.replayed().await?;
        self.has_failed = false;
        Ok(Some(commit))
    }
}
