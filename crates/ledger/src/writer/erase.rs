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
    /// person's id. To erase a person who is erased already only cleans the file once more, unless a data key of theirs
    /// came back.
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
        self.clean_after_erasure().await?;
        Ok(commit)
    }

    /// Removes what an erasure left behind: the pages of before it are in the journal until that is emptied.
    ///
    /// # Errors
    /// [`LedgerError::ErasureUnfinished`] if it is not possible while somebody reads; what the database says.
    pub async fn clean_after_erasure(&self) -> Result<()> {
        if self.inner.pool.clean_after_erasure().await? {
            Ok(())
        } else {
            Err(LedgerError::ErasureUnfinished)
        }
    }
}

impl Writer {
    /// Erases a person with this group; [`Ledger::clean_after_erasure`] has to follow once it is durable. `None` if the
    /// person is erased already. A data key that came back, such as with the copy of a table, is destroyed by a commit of
    /// its own, so that whoever follows the line reads the person no longer.
    ///
    /// # Errors
    /// [`LedgerError::NotFound`]; what the database says.
    pub async fn erase(
        &mut self,
        person: PersonId,
        author: Option<PersonId>,
        origin: Origin,
        reason: Option<String>,
    ) -> Result<Option<Commit>> {
        self.know_persons().await?;
        let has_key = self.keys.contains_key(&person);
        if self.erased.contains(&person) && !has_key {
            return Ok(None);
        }
        // A person whose key was lost can be erased as well: then it cannot come back.
        let is_known = self.model.record(Kind::Person, person.as_uuid()).is_some();
        if !has_key && !is_known {
            return Err(LedgerError::NotFound {
                what: format!("person {person}"),
            });
        }
        let commit = self.erase_known(person, author, origin, reason).await?;
        Ok(Some(commit))
    }

    /// Erases a person who is in the line, with or without a data key.
    pub(crate) async fn erase_known(
        &mut self,
        person: PersonId,
        author: Option<PersonId>,
        origin: Origin,
        reason: Option<String>,
    ) -> Result<Commit> {
        self.refuse_after_failure()?;
        self.know_persons().await?;
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
        Ok(commit)
    }
}
