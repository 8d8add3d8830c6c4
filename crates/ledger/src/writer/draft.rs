//! Drafts: lines of plan commits beside the main one, each under a name.

use throughline_core::actor::Origin;
use throughline_core::id::PersonId;

use super::Writer;
use crate::commit::{Commit, CommitKind, Draft, DraftId, NewCommit};
use crate::error::{LedgerError, Result};
use crate::hash::Entry;
use crate::ledger::{draft_of, drafts};
use crate::store;

/// The longest name of a draft, in bytes.
pub const DRAFT_NAME_LENGTH_LIMIT: usize = 200;

impl Writer {
    /// Opens a draft on the plan as it stands.
    ///
    /// # Errors
    /// [`LedgerError::DraftRefused`] if an open draft has that name; [`LedgerError::TooLong`]; what the database says.
    pub async fn open_draft(
        &mut self,
        name: &str,
        author: Option<PersonId>,
        origin: Origin,
        reason: Option<String>,
    ) -> Result<Draft> {
        self.refuse_after_failure()?;
        if name.len() > DRAFT_NAME_LENGTH_LIMIT {
            return Err(LedgerError::TooLong {
                what: "name of the draft",
                limit: DRAFT_NAME_LENGTH_LIMIT,
            });
        }
        if name.contains('\0') {
            return Err(LedgerError::ZeroCharacter {
                what: "name of the draft",
            });
        }
        let mut commit = self.header(&NewCommit::new(author, origin, reason))?;
        commit.kind = CommitKind::DraftOpened;
        let others = drafts(&mut self.transaction).await?;
        if others
            .iter()
            .any(|draft| draft.name == name && draft.closed.is_none())
        {
            let what = "a draft of that name is open already";
            return Err(LedgerError::DraftRefused {
                name: name.to_owned(),
                what,
            });
        }
        let mut id = [0; 16];
        (self.ledger.randomness)(&mut id);
        let draft = Draft {
            id: DraftId(uuid::Builder::from_random_bytes(id).into_uuid()),
            name: name.to_owned(),
            opened: commit.number,
            closed: None,
        };
        self.has_failed = true;
        store::insert_label(&mut self.transaction, &draft).await?;
        self.insert(&mut commit, &[], &[], &[Entry::DraftOpened(&draft)])
            .await?;
        self.has_failed = false;
        Ok(draft)
    }

    /// Closes a draft: it can be read, and takes no more commits.
    ///
    /// # Errors
    /// [`LedgerError::NotFound`]; [`LedgerError::DraftRefused`] if it is closed; what the database says.
    pub async fn close_draft(
        &mut self,
        draft: DraftId,
        author: Option<PersonId>,
        origin: Origin,
        reason: Option<String>,
    ) -> Result<Commit> {
        self.refuse_after_failure()?;
        let mut draft = self.open_draft_of(draft).await?;
        let mut commit = self.header(&NewCommit::new(author, origin, reason))?;
        commit.kind = CommitKind::DraftClosed;
        draft.closed = Some(commit.number);
        self.has_failed = true;
        store::close_label(&mut self.transaction, &draft).await?;
        self.insert(&mut commit, &[], &[], &[Entry::DraftClosed(&draft)])
            .await?;
        self.has_failed = false;
        Ok(commit)
    }

    /// Refuses what a draft cannot take.
    pub(super) async fn refuse_draft(&mut self, new: &NewCommit) -> Result<()> {
        let Some(draft) = new.draft else {
            return Ok(());
        };
        let draft = self.open_draft_of(draft).await?;
        let what = if !new.observations.is_empty() {
            "observations belong to the main line"
        } else if new.recorded_at.is_some() {
            "history belongs to the main line"
        } else {
            return Ok(());
        };
        Err(LedgerError::DraftRefused {
            name: draft.name,
            what,
        })
    }

    async fn open_draft_of(&mut self, draft: DraftId) -> Result<Draft> {
        let draft = draft_of(&mut self.transaction, draft).await?;
        if draft.closed.is_some() {
            return Err(LedgerError::DraftRefused {
                name: draft.name,
                what: "it is closed",
            });
        }
        Ok(draft)
    }
}
