//! The handle of a ledger: opening it, and reading from it at any of its two clocks.

mod observations;

use std::ops::{Bound, RangeBounds};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use throughline_core::clock::Clock;
use throughline_model::observation::CommitNumber;
use throughline_model::{Change, Kind, Model};
use uuid::Uuid;

use crate::commit::{Commit, Draft, DraftId, Head, PlanClock, RecordVersion, VersionChange};
use crate::error::{LedgerError, Result};
use crate::replay::{self, END, Newest};
use crate::seal::Randomness;
use crate::sqlite::{self, Connection, Pool};
use crate::stored::{StoredChange, commit_number, stored_number, to_microsecond};
use crate::writer::Writer;
use crate::{hash, verify};

/// A ledger that is open. Clones are the same handle; another process may have it open too.
///
/// It needs a tokio runtime with timers (`enable_time`).
#[derive(Clone)]
pub struct Ledger {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    folder: PathBuf,
    pub(crate) pool: Pool,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) randomness: Arc<Randomness>,
    /// Held by the writer of this handle, so that others wait in line and not each in the database.
    pub(crate) turn: Arc<tokio::sync::Mutex<()>>,
    newest: Mutex<Option<Newest>>,
}

impl Inner {
    /// The newest model as far as this handle has seen.
    pub(crate) fn remembered(&self) -> Option<Newest> {
        self.newest
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Keeps a model for the next who asks, unless a later one is there.
    pub(crate) fn remember(&self, newest: Newest) {
        let mut kept = self.newest.lock().unwrap_or_else(PoisonError::into_inner);
        if kept
            .as_ref()
            .is_none_or(|kept| kept.head.number <= newest.head.number)
        {
            *kept = Some(newest);
        }
    }
}

impl Ledger {
    /// Whether there is a ledger in a data folder.
    pub fn exists(folder: &Path) -> bool {
        folder.join(sqlite::FILE_NAME).exists()
    }

    /// Makes an empty ledger in a data folder, which is made too if it is not there.
    ///
    /// # Errors
    /// [`LedgerError::LedgerExists`]; what the system or the database says, and then nothing is left behind.
    pub async fn create(
        folder: &Path,
        clock: Arc<dyn Clock>,
        randomness: Arc<Randomness>,
    ) -> Result<Ledger> {
        if Self::exists(folder) {
            return Err(LedgerError::LedgerExists {
                folder: folder.to_owned(),
            });
        }
        let mut id = [0; 16];
        randomness(&mut id);
        let id = uuid::Builder::from_random_bytes(id).into_uuid();
        // It comes to its name once it is whole, so that an interrupted creation leaves no half a ledger.
        let unfinished = folder.join(format!("{id}.unfinished"));
        sqlite::create_file(folder, &unfinished)?;
        let filled = Self::fill(&unfinished, id, to_microsecond(clock.now())).await;
        let published = match filled {
            Ok(()) => sqlite::publish(&unfinished, &folder.join(sqlite::FILE_NAME)),
            Err(error) => Err(error),
        };
        // The first error is the one that matters.
        drop(std::fs::remove_file(&unfinished));
        published?;
        Self::open(folder, clock, randomness).await
    }

    /// Makes the tables of a ledger in an empty file.
    async fn fill(file: &Path, id: Uuid, at: Timestamp) -> Result<()> {
        let pool = sqlite::connect(file, true).await?;
        let head = Head {
            number: CommitNumber(0),
            hash: hash::of_ledger(id, at.as_microsecond()),
            at,
        };
        let mut transaction = sqlite::begin_write(&pool).await?;
        sqlite::migrate(&mut transaction, at.as_microsecond()).await?;
        sqlite::insert_ledger(&mut transaction, id, &head).await?;
        transaction.commit().await?;
        pool.close().await;
        Ok(())
    }

    /// Opens the ledger of a data folder, and brings its tables to the newest format.
    ///
    /// # Errors
    /// [`LedgerError::NoLedger`], [`LedgerError::NotALedger`], [`LedgerError::NewerFormat`],
    /// [`LedgerError::OldSqlite`]; what the system or the database says.
    pub async fn open(
        folder: &Path,
        clock: Arc<dyn Clock>,
        randomness: Arc<Randomness>,
    ) -> Result<Ledger> {
        if !Self::exists(folder) {
            return Err(LedgerError::NoLedger {
                folder: folder.to_owned(),
            });
        }
        let pool = sqlite::connect(&folder.join(sqlite::FILE_NAME), false).await?;
        if !sqlite::is_newest_format(&pool).await? {
            let mut transaction = sqlite::begin_write(&pool).await?;
            sqlite::migrate(&mut transaction, clock.now().as_microsecond()).await?;
            transaction.commit().await?;
        }
        let inner = Inner {
            folder: folder.to_owned(),
            pool,
            clock,
            randomness,
            turn: Arc::default(),
            newest: Mutex::new(None),
        };
        Ok(Ledger {
            inner: Arc::new(inner),
        })
    }

    /// Closes the ledger for all clones of this handle: what is in the journal is moved into the file.
    pub async fn close(self) {
        self.inner.pool.close().await;
    }

    /// The data folder.
    pub fn folder(&self) -> &Path {
        &self.inner.folder
    }

    /// Takes the head of the line, after whoever holds it now, and catches up with it.
    ///
    /// # Errors
    /// [`LedgerError::Locked`] if somebody else holds it for too long; what the database says.
    pub async fn write(&self) -> Result<Writer> {
        Writer::begin(Arc::clone(&self.inner)).await
    }

    /// Where the line of commits ends.
    ///
    /// # Errors
    /// What the database says.
    pub async fn head(&self) -> Result<Head> {
        let mut transaction = sqlite::begin_read(&self.inner.pool).await?;
        sqlite::head(&mut transaction).await
    }

    /// The plan at one of its clocks.
    ///
    /// # Errors
    /// [`LedgerError::NotFound`] for a commit or draft that does not exist; [`LedgerError::Corrupted`]; what the
    /// database says.
    pub async fn model(&self, clock: PlanClock) -> Result<Arc<Model>> {
        let mut transaction = sqlite::begin_read(&self.inner.pool).await?;
        let connection = &mut *transaction;
        let keys = replay::data_keys(connection).await?;
        let model = match clock {
            PlanClock::Newest => {
                let newest = replay::newest(connection, &keys, self.inner.remembered()).await?;
                self.inner.remember(newest.clone());
                return Ok(newest.model);
            }
            PlanClock::KnownAt(known_at) => {
                let (recorded_at, last) = plan_bounds(connection, known_at).await?;
                replay::model_as_known(connection, &keys, recorded_at, last).await?
            }
            PlanClock::Commit(CommitNumber(0)) => Model::default(),
            PlanClock::Commit(number) => {
                commit_of(connection, number).await?;
                replay::model_as_known(connection, &keys, END, stored_number(number)).await?
            }
            PlanClock::Draft(draft) => {
                let draft = draft_of(connection, draft).await?;
                replay::model_of_draft(connection, &keys, &draft).await?
            }
        };
        Ok(Arc::new(model))
    }

    /// The commits whose numbers lie in a range, ascending.
    ///
    /// # Errors
    /// [`LedgerError::Corrupted`]; what the database says.
    pub async fn commits(&self, numbers: impl RangeBounds<u64>) -> Result<Vec<Commit>> {
        let number = |number: u64| stored_number(CommitNumber(number));
        let first = match numbers.start_bound() {
            Bound::Included(first) => number(*first),
            Bound::Excluded(before) => number(*before).saturating_add(1),
            Bound::Unbounded => 0,
        };
        let last = match numbers.end_bound() {
            Bound::Included(last) => number(*last),
            Bound::Excluded(after) => number(*after).saturating_sub(1),
            Bound::Unbounded => END,
        };
        let mut transaction = sqlite::begin_read(&self.inner.pool).await?;
        let rows = sqlite::commits(&mut transaction, first, last).await?;
        rows.iter().map(|row| row.read()).collect()
    }

    /// One commit.
    ///
    /// # Errors
    /// [`LedgerError::NotFound`]; [`LedgerError::Corrupted`]; what the database says.
    pub async fn commit(&self, number: CommitNumber) -> Result<Commit> {
        let mut transaction = sqlite::begin_read(&self.inner.pool).await?;
        commit_of(&mut transaction, number).await
    }

    /// What a commit did to records, in its order.
    ///
    /// # Errors
    /// [`LedgerError::NotFound`]; [`LedgerError::Corrupted`]; what the database says.
    pub async fn changes(&self, number: CommitNumber) -> Result<Vec<Change>> {
        let mut transaction = sqlite::begin_read(&self.inner.pool).await?;
        let connection = &mut *transaction;
        commit_of(connection, number).await?;
        let keys = replay::data_keys(connection).await?;
        let newest = replay::newest(connection, &keys, self.inner.remembered()).await?;
        let number = stored_number(number);
        let rows = sqlite::versions(connection, number, number).await?;
        let versions = rows
            .into_iter()
            .map(|row| row.read())
            .collect::<Result<Vec<_>>>()?;
        replay::changes(&versions, newest.model.calendar(), &keys)
    }

    /// Every version of a record in the main line, in the order in which they became known.
    ///
    /// # Errors
    /// [`LedgerError::Corrupted`]; what the database says.
    pub async fn record_history(&self, kind: Kind, id: Uuid) -> Result<Vec<RecordVersion>> {
        let mut transaction = sqlite::begin_read(&self.inner.pool).await?;
        let connection = &mut *transaction;
        let keys = replay::data_keys(connection).await?;
        let newest = replay::newest(connection, &keys, self.inner.remembered()).await?;
        let mut history = Vec::new();
        for row in sqlite::versions_of_record(connection, kind, id).await? {
            let commit = commit_of(connection, commit_number(row.number)).await?;
            let version = row.read()?;
            let change = match (
                version.change,
                replay::change(&version, newest.model.calendar(), &keys)?,
            ) {
                (_, Some(Change::Put(record))) => VersionChange::Put(record),
                (StoredChange::Erase, _) => VersionChange::Erased,
                _ => VersionChange::Retired,
            };
            history.push(RecordVersion { commit, change });
        }
        Ok(history)
    }

    /// Every draft, in the order in which they were opened.
    ///
    /// # Errors
    /// [`LedgerError::Corrupted`]; what the database says.
    pub async fn drafts(&self) -> Result<Vec<Draft>> {
        let mut transaction = sqlite::begin_read(&self.inner.pool).await?;
        drafts(&mut transaction).await
    }

    /// Computes the whole chain again and compares it with what is stored.
    ///
    /// # Errors
    /// What the database says; what is wrong with the ledger is in the report.
    pub async fn verify(&self) -> Result<verify::VerifyReport> {
        let mut transaction = sqlite::begin_read(&self.inner.pool).await?;
        verify::verify(&mut transaction).await
    }
}

/// How far to read for the plan as known at an instant: by time and by number. Before the first plan became known it
/// is the plan as first committed.
async fn plan_bounds(connection: &mut Connection, known_at: Timestamp) -> Result<(i64, i64)> {
    let known_at = known_at.as_microsecond();
    match sqlite::first_of_the_plan(connection).await? {
        Some((number, first)) if known_at < first => Ok((first, number)),
        _ => Ok((known_at, END)),
    }
}

pub(crate) async fn commit_of(connection: &mut Connection, number: CommitNumber) -> Result<Commit> {
    let stored = stored_number(number);
    let rows = sqlite::commits(connection, stored, stored).await?;
    let row = rows.first().ok_or_else(|| LedgerError::NotFound {
        what: format!("commit {number}"),
    })?;
    row.read()
}

pub(crate) async fn drafts(connection: &mut Connection) -> Result<Vec<Draft>> {
    let rows = sqlite::labels(connection).await?;
    rows.into_iter().map(|row| row.read()).collect()
}

pub(crate) async fn draft_of(connection: &mut Connection, draft: DraftId) -> Result<Draft> {
    let drafts = drafts(connection).await?;
    let found = drafts.into_iter().find(|one| one.id == draft);
    found.ok_or_else(|| LedgerError::NotFound {
        what: format!("draft {}", draft.0),
    })
}
