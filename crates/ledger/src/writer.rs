//! The one who writes: holds the head of the line, adds commits, and makes them durable all at once or not at all.

mod draft;
mod erase;
mod history;
mod observations;

use std::collections::HashSet;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use throughline_core::id::PersonId;
use throughline_model::observation::CommitNumber;
use throughline_model::{AnyRecord, Change, Kind, Model};
use tokio::sync::OwnedMutexGuard;

pub use draft::DRAFT_NAME_LENGTH_LIMIT;

use crate::body::{self, DataKeys};
use crate::commit::{
    Appended, Commit, CommitHash, CommitKind, Head, NewCommit, REASON_LENGTH_LIMIT,
};
use crate::error::{LedgerError, Result};
use crate::hash::{self, Entry};
use crate::ledger::{Inner, draft_of};
use crate::replay::{self, END, Newest};
use crate::seal::DataKey;
use crate::store::{self, Transaction};
use crate::stored::{
    StoredBlock, StoredChange, Version, commit_hash, stored_number, to_microsecond,
};
use crate::workings;

/// Adds commits as one group. Dropping it undoes them.
pub struct Writer {
    ledger: Arc<Inner>,
    transaction: Transaction,
    /// Given back after the transaction has ended.
    _turn: OwnedMutexGuard<()>,
    head: Head,
    model: Arc<Model>,
    keys: DataKeys,
    erased: HashSet<PersonId>,
    has_failed: bool,
}

impl Writer {
    pub(crate) async fn begin(ledger: Arc<Inner>) -> Result<Writer> {
        let turn = tokio::time::timeout(store::BUSY_TIMEOUT, Arc::clone(&ledger.turn).lock_owned());
        let turn = turn.await.map_err(|_| LedgerError::Locked)?;
        let mut transaction = ledger.pool.begin_write().await?;
        let keys = replay::data_keys(&mut transaction).await?;
        let newest = replay::newest(&mut transaction, &keys, ledger.remembered()).await?;
        let erased = store::erased_persons(&mut transaction).await?;
        Ok(Writer {
            ledger,
            transaction,
            _turn: turn,
            head: newest.head,
            model: newest.model,
            keys,
            erased: erased.into_iter().collect(),
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
        let after = if changes.is_empty() {
            (*line).clone()
        } else {
            line.with(changes.iter().cloned())
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
            (None, false) => Arc::new(after),
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
            Err(LedgerError::Unavailable { what }) => {
                refuse_unless_kept(&self.ledger, &self.head, what).await?;
            }
            Err(error) => return Err(error),
        }
        self.ledger.tell(self.head);
        self.ledger.remember(Newest {
            head: self.head,
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
            return Ok(Arc::new(
                replay::model_of_draft(connection, &self.keys, &draft).await?,
            ));
        }
        if commit.brought_in {
            let recorded_at = commit.recorded_at.as_microsecond();
            return Ok(Arc::new(
                replay::model_as_known(connection, &self.keys, recorded_at, END).await?,
            ));
        }
        Ok(Arc::clone(&self.model))
    }

    /// The newest plan, read from what is stored.
    async fn replayed(&mut self) -> Result<Arc<Model>> {
        Ok(Arc::new(
            replay::model_as_known(&mut self.transaction, &self.keys, END, END).await?,
        ))
    }

    /// Refuses to change a record twice, and to retire what is not there.
    fn refuse_changes(&self, changes: &[Change], before: &Model) -> Result<()> {
        let mut seen = HashSet::new();
        for change in changes {
            let (kind, id) = change.identity();
            let refused = |what| Err(LedgerError::RecordRefused { kind, id, what });
            if !seen.insert((kind, id)) {
                return refused("one commit changes it twice");
            }
            if matches!(change, Change::Retire(..)) && before.record(kind, id).is_none() {
                return refused("it is to be retired and is not there");
            }
        }
        Ok(())
    }

    /// Whether nothing can be sealed for a person any more: erased, or restored without the data key, so that another key
    /// would not open what was sealed before.
    fn is_closed(&self, person: PersonId, before: &Model) -> bool {
        let is_without_key = !self.keys.contains_key(&person);
        self.erased.contains(&person)
            || (is_without_key && before.record(Kind::Person, person.as_uuid()).is_some())
    }

    /// Refuses positions that are no numbers, brings the others to one form, and takes what is personal off erased persons.
    fn without_erased(&self, changes: Vec<Change>, before: &Model) -> Result<Vec<Change>> {
        let stripped = changes.into_iter().map(|change| {
            let Change::Put(record) = change else {
                return Ok(change);
            };
            let (kind, id, position) = (record.kind(), record.id(), record.position());
            if !position.is_finite() {
                return Err(LedgerError::RecordRefused {
                    kind,
                    id,
                    what: "its position is no number",
                });
            }
            // Minus zero would be a second way to write zero, and not every engine keeps it.
            let is_minus_zero = position == 0.0 && position.is_sign_negative();
            let record = if is_minus_zero {
                record.with_identity(id, 0.0)
            } else {
                record
            };
            let position = record.position();
            if !body::subject(kind, id).is_some_and(|person| self.is_closed(person, before)) {
                return Ok(Change::Put(record));
            }
            let stored = body::write(
                &record,
                self.model.calendar(),
                &self.keys,
                &*self.ledger.randomness,
            );
            Ok(Change::Put(body::read(
                kind,
                id,
                position,
                &stored,
                self.model.calendar(),
                &self.keys,
            )?))
        });
        stripped.collect()
    }

    /// Stored periods are days, and their names are read with the calendar: it cannot change under observations.
    async fn refuse_new_calendar(&mut self, changes: &[Change], after: &Model) -> Result<()> {
        let touches_it = changes
            .iter()
            .any(|change| change.identity().0 == Kind::Organisation);
        let changes_it = touches_it && after.calendar() != self.model.calendar();
        if changes_it && store::has_observations(&mut self.transaction).await? {
            return Err(LedgerError::CalendarFixed);
        }
        Ok(())
    }

    /// Makes a data key for each person who is new.
    async fn make_data_keys(&mut self, changes: &[Change], before: &Model) -> Result<()> {
        for change in changes {
            let Change::Put(record) = change else {
                continue;
            };
            let Some(person) = body::subject(record.kind(), record.id()) else {
                continue;
            };
            if self.keys.contains_key(&person) || self.is_closed(person, before) {
                continue;
            }
            let key = DataKey::new(&*self.ledger.randomness);
            store::insert_data_key(&mut self.transaction, person, &key.0).await?;
            self.keys.insert(person, key);
        }
        Ok(())
    }

    /// The changes as they are stored.
    fn versions(
        &self,
        changes: &[Change],
        before: &Model,
        after: &Model,
        brought_in: bool,
    ) -> Vec<Version> {
        let has_new_key = |record: &AnyRecord| {
            let key_before = || before.key_of(record.kind(), record.id());
            record.kind().has_key() && (brought_in || key_before() != Some(record.key(after)))
        };
        let version = |(ordinal, change): (i64, &Change)| {
            let (kind, id) = change.identity();
            let (stored, position, body, new_key) = match change {
                Change::Put(record) => {
                    let body = body::write(
                        record,
                        after.calendar(),
                        &self.keys,
                        &*self.ledger.randomness,
                    );
                    (
                        StoredChange::Put,
                        record.position(),
                        body,
                        has_new_key(record),
                    )
                }
                Change::Retire(..) => (StoredChange::Retire, 0.0, String::new(), false),
            };
            Version {
                ordinal,
                kind,
                id,
                change: stored,
                position,
                body,
                new_key,
            }
        };
        (0..).zip(changes).map(version).collect()
    }

    /// Hashes and writes a commit with its contents, and moves the head to it.
    async fn insert(
        &mut self,
        commit: &mut Commit,
        versions: &[Version],
        blocks: &[StoredBlock],
        others: &[Entry<'_>],
    ) -> Result<()> {
        commit.records = versions.len() as u64;
        commit.observations = blocks.iter().map(|block| block.rows.unsigned_abs()).sum();
        let mut entries: Vec<Entry<'_>> = versions.iter().map(Version::entry).collect();
        entries.extend(blocks.iter().filter_map(StoredBlock::entry));
        entries.extend(others.iter().cloned());
        commit.hash = hash::of_commit(commit, &entries);
        store::insert_commit(&mut self.transaction, commit).await?;
        store::insert_versions(&mut self.transaction, commit, versions).await?;
        for block in blocks {
            store::insert_block(&mut self.transaction, block).await?;
        }
        self.head = Head {
            number: commit.number,
            hash: commit.hash,
            at: commit.at,
        };
        Ok(())
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

impl StoredBlock {
    /// What is hashed of it; `None` if its hash is none.
    pub(crate) fn entry(&self) -> Option<Entry<'_>> {
        let hash = commit_hash(&self.hash)?.0;
        Some(Entry::Block {
            rows: self.rows.unsigned_abs(),
            hash,
        })
    }
}
