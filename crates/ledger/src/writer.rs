//! The one who writes: holds the head of the line, adds commits, and makes them durable all at once or not at all.

mod draft;
mod erase;
mod history;
mod observations;
mod records;
mod storing;

use std::collections::HashSet;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use throughline_core::id::PersonId;
use throughline_model::observation::CommitNumber;
use throughline_model::{Change, Model};
use tokio::sync::OwnedMutexGuard;

pub use draft::DRAFT_NAME_LENGTH_LIMIT;

use crate::body::{self, DataKeys};
use crate::commit::{
    Appended, Commit, CommitHash, CommitKind, Head, NewCommit, REASON_LENGTH_LIMIT, Standing,
};
use crate::error::{LedgerError, Result};
use crate::ledger::{Inner, draft_of};
use crate::replay::{self, END, Newest};
use crate::store::{self, Transaction};
use crate::stored::{stored_number, to_microsecond};
use crate::workings;

/// Adds commits as one group. Dropping it undoes them.
pub struct Writer {
    ledger: Arc<Inner>,
    transaction: Transaction,
    /// Given back after the transaction has ended.
    _turn: OwnedMutexGuard<()>,
    /// Where the line ended before this group.
    before: Standing,
    head: Head,
    model: Arc<Model>,
    /// Whether it was looked up who has a data key and who is erased: only a commit that is about persons needs to know, and
    /// there may be thousands.
    knows_persons: bool,
    keys: DataKeys,
    erased: HashSet<PersonId>,
    has_failed: bool,
}

impl Writer {
    pub(crate) async fn begin(ledger: Arc<Inner>) -> Result<Writer> {
        let turn = tokio::time::timeout(store::BUSY_TIMEOUT, Arc::clone(&ledger.turn).lock_owned());
        let turn = turn.await.map_err(|_| LedgerError::Locked)?;
        let mut transaction = ledger.pool.begin_write().await?;
        let newest = replay::newest(&mut transaction, ledger.remembered()).await?;
        Ok(Writer {
            ledger,
            transaction,
            _turn: turn,
            before: newest.standing,
            head: newest.standing.head,
            model: newest.model,
            knows_persons: false,
            keys: DataKeys::new(),
            erased: HashSet::new(),
            has_failed: false,
        })
    }

    /// The last commit, those of this group included.
    pub fn head(&self) -> Head {
        self.head
    }

    /// The newest plan of the main line, with the commits of this group.
    pub fn model(&self) -> &Arc<Model> {
        &self.model
    }

    /// Looks up who has a data key and who is erased, as of this group.
    async fn know_persons(&mut self) -> Result<()> {
        if !self.knows_persons {
            self.keys = replay::data_keys(&mut self.transaction).await?;
            let erased = store::erased_persons(&mut self.transaction).await?;
            self.erased = erased.into_iter().collect();
            self.knows_persons = true;
        }
        Ok(())
    }

    /// Adds a commit, unless it would change nothing: observations that say what their cells say already are left out,
    /// and a commit without contents is not made. Changes of records are taken as they come.
    ///
    /// # Errors
    /// [`LedgerError::HistoryRefused`], [`LedgerError::CalendarFixed`], [`LedgerError::ObservationRefused`],
    /// [`LedgerError::RecordRefused`], [`LedgerError::DraftRefused`], [`LedgerError::TooLong`]: this commit is not
    /// made, and others can be. After any other error the group is lost.
    pub async fn append(&mut self, new: NewCommit) -> Result<Appended> {
        self.refuse_after_failure()?;
        self.refuse_draft(&new).await?;
        let mut identities = new.changes.iter().map(Change::identity);
        if identities.any(|(kind, id)| body::subject(kind, id).is_some()) {
            self.know_persons().await?;
        }
        let mut commit = self.header(&new)?;
        let comparison = self.compare(new.observations, commit.recorded_at).await?;
        let (observations, tally) = comparison.finish();
        if new.changes.is_empty() && observations.is_empty() {
            return Ok(Appended {
                commit: None,
                observations: tally,
            });
        }
        if commit.brought_in {
            self.refuse_history(
                commit.recorded_at,
                !new.changes.is_empty(),
                !observations.is_empty(),
            )
            .await?;
        }
        let line = self.line(&commit).await?;
        self.refuse_changes(&new.changes, &line)?;
        let changes = self.without_erased(new.changes, &line)?;
        // Without changes it is the same plan, and whoever has it knows it again.
        let after = if changes.is_empty() {
            Arc::clone(&line)
        } else {
            Arc::new(line.with(changes.iter().cloned()))
        };
        self.refuse_new_calendar(&changes, &after).await?;
        self.refuse_unknown_cells(&observations, &after)?;
        if changes.is_empty() {
            commit.kind = CommitKind::Observations;
        }

        self.has_failed = true;
        self.make_data_keys(&changes, &line).await?;
        let versions = self.versions(&changes, &line, &after, commit.brought_in);
        let blocks = self.blocks(&commit, observations).await?;
        self.insert(&mut commit, &versions, &blocks, &[]).await?;
        self.model = match (commit.draft, commit.brought_in) {
            (Some(_), _) => Arc::clone(&self.model),
            (None, true) if !versions.is_empty() => self.replayed().await?,
            (None, true) => Arc::clone(&self.model),
            (None, false) if after.calendar() != line.calendar() => self.replayed().await?,
            (None, false) => after,
        };
        self.has_failed = false;
        Ok(Appended {
            commit: Some(commit),
            observations: tally,
        })
    }

    /// The working of a purpose under a key, unless it has ended; what other writers kept before is seen.
    ///
    /// # Errors
    /// What the database says.
    pub async fn working(&mut self, purpose: &str, key: &str) -> Result<Option<Vec<u8>>> {
        let now = self.ledger.clock.now().as_microsecond();
        store::working(&mut self.transaction, purpose, key, now).await
    }

    /// Keeps a working with the commits of the group, or not at all; those that have ended are deleted.
    ///
    /// # Errors
    /// [`LedgerError::TooLong`]; what the database says.
    pub async fn put_working(
        &mut self,
        purpose: &str,
        key: &str,
        body: &[u8],
        expires_at: Timestamp,
    ) -> Result<()> {
        workings::refuse_long(body)?;
        let now = self.ledger.clock.now().as_microsecond();
        store::purge_workings(&mut self.transaction, now).await?;
        let expires_at_us = expires_at.as_microsecond();
        store::put_working(&mut self.transaction, purpose, key, body, expires_at_us).await
    }

    /// Makes the commits of the group durable. Once this returns they are on disk.
    ///
    /// # Errors
    /// [`LedgerError::GroupFailed`] if one of them failed; what the database says. Nothing is changed then.
    pub async fn finish(mut self) -> Result<Head> {
        self.refuse_after_failure()?;
        store::update_head(&mut self.transaction, &self.head).await?;
        match self.transaction.commit().await {
            Ok(()) => {}
            // The line can say only of commits whether they are there.
            Err(LedgerError::Unavailable { what }) if self.head != self.before.head => {
                refuse_unless_kept(&self.ledger, &self.head, what).await?;
            }
            Err(error) => return Err(error),
        }
        self.ledger.tell(self.head);
        let standing = Standing {
            head: self.head,
            data_keys: match self.knows_persons {
                true => self.keys.len() as u64,
                false => self.before.data_keys,
            },
        };
        self.ledger.remember(Newest {
            standing,
            model: self.model,
        });
        Ok(self.head)
    }

    fn refuse_after_failure(&self) -> Result<()> {
        if self.has_failed {
            Err(LedgerError::GroupFailed)
        } else {
            Ok(())
        }
    }

    /// The header of the next commit, as far as it is known before its contents.
    fn header(&self, new: &NewCommit) -> Result<Commit> {
        if new
            .reason
            .as_ref()
            .is_some_and(|reason| reason.len() > REASON_LENGTH_LIMIT)
        {
            return Err(LedgerError::TooLong {
                what: "reason",
                limit: REASON_LENGTH_LIMIT,
            });
        }
        if new
            .reason
            .as_ref()
            .is_some_and(|reason| reason.contains('\0'))
        {
            return Err(LedgerError::ZeroCharacter { what: "reason" });
        }
        let at = self.next_instant();
        let recorded_at = new.recorded_at.map(to_microsecond);
        Ok(Commit {
            number: CommitNumber(self.head.number.0 + 1),
            previous: self.head.hash,
            hash: CommitHash([0; 32]),
            at,
            recorded_at: recorded_at.unwrap_or(at),
            brought_in: recorded_at.is_some(),
            author: new.author,
            origin: new.origin,
            reason: new.reason.clone(),
            kind: CommitKind::Plan,
            draft: new.draft,
            records: 0,
            observations: 0,
        })
    }

    /// What the clock says, or a microsecond after the last commit where the clock is behind it.
    fn next_instant(&self) -> Timestamp {
        let microsecond = SignedDuration::from_micros(1);
        let after_the_last = self
            .head
            .at
            .checked_add(microsecond)
            .unwrap_or(Timestamp::MAX);
        to_microsecond(self.ledger.clock.now()).max(after_the_last)
    }

    /// The plan to which the commit's changes are made: the newest, that of its draft, or the one known at its time.
    async fn line(&mut self, commit: &Commit) -> Result<Arc<Model>> {
        let connection = &mut self.transaction;
        if let Some(draft) = commit.draft {
            let draft = draft_of(connection, draft).await?;
            return Ok(Arc::new(replay::model_of_draft(connection, &draft).await?));
        }
        if commit.brought_in {
            let recorded_at = commit.recorded_at.as_microsecond();
            return Ok(Arc::new(
                replay::model_as_known(connection, recorded_at, END).await?,
            ));
        }
        Ok(Arc::clone(&self.model))
    }

    /// The newest plan, read from what is stored.
    async fn replayed(&mut self) -> Result<Arc<Model>> {
        Ok(Arc::new(
            replay::model_as_known(&mut self.transaction, END, END).await?,
        ))
    }
}

/// A connection that is lost while a group is made durable leaves open whether it was. The head is taken once more, which
/// waits for the end of the lost transaction, and then the line says it.
async fn refuse_unless_kept(ledger: &Inner, head: &Head, what: String) -> Result<()> {
    let kept = async {
        let mut transaction = ledger.pool.begin_write().await?;
        let number = stored_number(head.number);
        let rows = store::commits(&mut transaction, number, number).await?;
        Ok::<bool, LedgerError>(rows.iter().any(|row| row.hash == head.hash.0))
    };
    match kept.await {
        Ok(true) => Ok(()),
        Ok(false) => Err(LedgerError::Unavailable { what }),
        Err(_) => Err(LedgerError::OutcomeUnknown { last: head.number }),
    }
}
