//! The handle of a ledger: opening it, and reading from it at any of its two clocks.

mod follow;
mod observations;

use std::ops::{Bound, RangeBounds};
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use throughline_core::clock::Clock;
use throughline_model::observation::CommitNumber;
use throughline_model::{Change, Kind, Model};
use tokio::sync::watch;
use tokio::task::AbortHandle;
use uuid::Uuid;

pub use follow::{Follower, WAIT_LIMIT};
pub use observations::State;

use crate::commit::{
    Commit, Draft, DraftId, Head, PlanClock, RecordVersion, Standing, VersionChange,
};
use crate::error::{LedgerError, Result};
use crate::location::Location;
use crate::replay::{self, END, Newest};
use crate::seal::Randomness;
use crate::store::{self, Pool, Transaction};
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
    location: Location,
    pub(crate) pool: Pool,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) randomness: Arc<Randomness>,
    /// Held by the writer of this handle, so that others wait in line and not each in the database.
    pub(crate) turn: Arc<tokio::sync::Mutex<()>>,
    newest: Mutex<Option<Newest>>,
    /// Where the line ends, as last told to those who follow.
    news: watch::Sender<Option<Head>>,
    /// The task that watches what others write.
    watching: Mutex<Option<AbortHandle>>,
}

impl Inner {
    /// Where the line of commits ends.
    pub(crate) async fn head(&self) -> Result<Head> {
        let mut transaction = self.pool.begin_read().await?;
        store::head(&mut transaction).await
    }

    /// The newest model as far as this handle has seen.
    pub(crate) fn remembered(&self) -> Option<Newest> {
        self.newest
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// The newest model, as a transaction sees it.
    pub(crate) async fn newest(&self, connection: &mut Transaction) -> Result<Newest> {
        let remembered = self.remembered();
        let before = remembered.as_ref().map(|newest| newest.standing);
        let newest = replay::newest(connection, remembered).await?;
        if before != Some(newest.standing) {
            self.remember(newest.clone());
        }
        Ok(newest)
    }

    /// Keeps a model for the next who asks. It may be older than the one that was kept, which then may be of a line that a
    /// restored backup has ended; whoever asks next carries it on.
    pub(crate) fn remember(&self, newest: Newest) {
        *self.newest.lock().unwrap_or_else(PoisonError::into_inner) = Some(newest);
    }
}

impl Ledger {
    /// Makes an empty ledger in a data folder, which is made too if it is not there, or in an empty database.
    ///
    /// # Errors
    /// [`LedgerError::LedgerExists`]; [`LedgerError::NotALedger`] for a database with other tables; what the system or
    /// the database says, and then nothing is left behind.
    pub async fn create(
        location: impl Into<Location>,
        clock: Arc<dyn Clock>,
        randomness: Arc<Randomness>,
    ) -> Result<Ledger> {
        let location = location.into();
        let mut id = [0; 16];
        randomness(&mut id);
        let id = uuid::Builder::from_random_bytes(id).into_uuid();
        let at = to_microsecond(clock.now());
        let head = Head {
            number: CommitNumber(0),
            hash: hash::of_ledger(id, at.as_microsecond()),
            at,
        };
        store::create(&location, id, &head).await?;
        Self::open(location, clock, randomness).await
    }

    /// Opens the ledger of a data folder or database, and brings its tables to the newest format.
    ///
    /// # Errors
    /// [`LedgerError::NoLedger`], [`LedgerError::NotALedger`], [`LedgerError::NewerFormat`],
    /// [`LedgerError::OldSqlite`]; what the system or the database says.
    pub async fn open(
        location: impl Into<Location>,
        clock: Arc<dyn Clock>,
        randomness: Arc<Randomness>,
    ) -> Result<Ledger> {
        let location = location.into();
        let pool = store::open(&location, clock.now()).await?;
        Ok(Ledger::of(location, pool, clock, randomness))
    }

    /// The handle of a ledger that is open already.
    pub(crate) fn of(
        location: Location,
        pool: Pool,
        clock: Arc<dyn Clock>,
        randomness: Arc<Randomness>,
    ) -> Ledger {
        let inner = Inner {
            location,
            pool,
            clock,
            randomness,
            turn: Arc::default(),
            newest: Mutex::new(None),
            news: watch::Sender::new(None),
            watching: Mutex::new(None),
        };
        Ledger {
            inner: Arc::new(inner),
        }
    }

    /// Closes the ledger for all clones of this handle: what is in the journal is moved into the file.
    pub async fn close(self) {
        self.inner.stop_watching();
        self.inner.pool.close().await;
    }

    /// Where it stands.
    pub fn location(&self) -> &Location {
        &self.inner.location
    }

    /// By what the newest plan is told from others, without reading it.
    ///
    /// # Errors
    /// What the database says.
    pub async fn standing(&self) -> Result<Standing> {
        let mut transaction = self.inner.pool.begin_read().await?;
        store::standing(&mut transaction).await
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
        self.inner.head().await
    }

    /// The plan at one of its clocks.
    ///
    /// # Errors
    /// [`LedgerError::NotFound`] for a commit or draft that does not exist; [`LedgerError::Corrupted`]; what the
    /// database says.
    pub async fn model(&self, clock: PlanClock) -> Result<Arc<Model>> {
        let mut transaction = self.inner.pool.begin_read().await?;
        let connection = &mut transaction;
        let model = match clock {
            PlanClock::Newest => return Ok(self.inner.newest(connection).await?.model),
            PlanClock::KnownAt(known_at) => {
                let (recorded_at, last) = plan_bounds(connection, known_at).await?;
                replay::model_as_known(connection, recorded_at, last).await?
            }
            PlanClock::Commit(CommitNumber(0)) => Model::default(),
            PlanClock::Commit(number) => {
                commit_of(connection, number).await?;
                replay::model_as_known(connection, END, stored_number(number)).await?
            }
            PlanClock::Draft(draft) => {
                let draft = draft_of(connection, draft).await?;
                replay::model_of_draft(connection, &draft).await?
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
        let mut transaction = self.inner.pool.begin_read().await?;
        let rows = store::commits(&mut transaction, first, last).await?;
        rows.iter().map(|row| row.read()).collect()
    }

    /// One commit.
    ///
    /// # Errors
    /// [`LedgerError::NotFound`]; [`LedgerError::Corrupted`]; what the database says.
    pub async fn commit(&self, number: CommitNumber) -> Result<Commit> {
        let mut transaction = self.inner.pool.begin_read().await?;
        commit_of(&mut transaction, number).await
    }

    /// What a commit did to records, in its order.
    ///
    /// # Errors
    /// [`LedgerError::NotFound`]; [`LedgerError::Corrupted`]; what the database says.
    pub async fn changes(&self, number: CommitNumber) -> Result<Vec<Change>> {
        let mut transaction = self.inner.pool.begin_read().await?;
        let connection = &mut transaction;
        commit_of(connection, number).await?;
        let newest = self.inner.newest(connection).await?;
        let number = stored_number(number);
        let rows = store::versions(connection, number, number).await?;
        let versions = rows
            .into_iter()
            .map(|row| row.read())
            .collect::<Result<Vec<_>>>()?;
        let keys = replay::data_keys_for(connection, replay::has_sealed(&versions)).await?;
        replay::changes(&versions, newest.model.calendar(), &keys)
    }

    /// Every version of a record in the main line, in the order in which they became known.
    ///
    /// # Errors
    /// [`LedgerError::Corrupted`]; what the database says.
    pub async fn record_history(&self, kind: Kind, id: Uuid) -> Result<Vec<RecordVersion>> {
        let mut transaction = self.inner.pool.begin_read().await?;
        let connection = &mut transaction;
        let newest = self.inner.newest(connection).await?;
        let (mut numbers, mut versions) = (Vec::new(), Vec::new());
        for row in store::versions_of_record(connection, kind, id).await? {
            numbers.push(commit_number(row.number));
            versions.push(row.read()?);
        }
        let keys = replay::data_keys_for(connection, replay::has_sealed(&versions)).await?;
        let mut history = Vec::with_capacity(versions.len());
        for (number, version) in numbers.into_iter().zip(versions) {
            let commit = commit_of(connection, number).await?;
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
        let mut transaction = self.inner.pool.begin_read().await?;
        drafts(&mut transaction).await
    }

    /// Computes the whole chain again and compares it with what is stored; where it is whole, looks at what the newest plan
    /// names.
    ///
    /// # Errors
    /// What the database says; what is wrong with the ledger is in the report.
    pub async fn verify(&self) -> Result<verify::VerifyReport> {
        let mut transaction = self.inner.pool.begin_read().await?;
        verify::verify_with_the_plan(&mut transaction).await
    }
}

/// How far to read for the plan as known at an instant: by time and by number. Before the first plan became known it
/// is the plan as first committed.
async fn plan_bounds(connection: &mut Transaction, known_at: Timestamp) -> Result<(i64, i64)> {
    let known_at = known_at.as_microsecond();
    match store::first_of_the_plan(connection).await? {
        Some((number, first)) if known_at < first => Ok((first, number)),
        _ => Ok((known_at, END)),
    }
}

pub(crate) async fn commit_of(
    connection: &mut Transaction,
    number: CommitNumber,
) -> Result<Commit> {
    let stored = stored_number(number);
    let rows = store::commits(connection, stored, stored).await?;
    let row = rows.first().ok_or_else(|| LedgerError::NotFound {
        what: format!("commit {number}"),
    })?;
    row.read()
}

pub(crate) async fn drafts(connection: &mut Transaction) -> Result<Vec<Draft>> {
    let rows = store::labels(connection).await?;
    rows.into_iter().map(|row| row.read()).collect()
}

pub(crate) async fn draft_of(connection: &mut Transaction, draft: DraftId) -> Result<Draft> {
    let drafts = drafts(connection).await?;
    let found = drafts.into_iter().find(|one| one.id == draft);
    found.ok_or_else(|| LedgerError::NotFound {
        what: format!("draft {}", draft.0),
    })
}
