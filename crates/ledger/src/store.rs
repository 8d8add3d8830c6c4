//! The engines behind one list of what an engine must do. Each is a module with these functions; which one is asked
//! is decided here, by where the ledger stands, and by nobody else.

mod listener;

use std::collections::BTreeSet;
use std::io::ErrorKind;

use jiff::Timestamp;
use sqlx::postgres::PgDatabaseError;
use throughline_core::id::PersonId;
use throughline_model::Kind;
use uuid::Uuid;

use crate::commit::{Commit, Draft, DraftId, Head, Standing};
use crate::error::{LedgerError, Result};
use crate::extent::{Extent, Place};
use crate::location::Location;
use crate::stored::{StoredBlock, StoredCommit, StoredLabel, StoredVersion, Version};
use crate::{postgres, sqlite};

pub(crate) use crate::sqlite::BUSY_TIMEOUT;
pub(crate) use listener::Listener;

/// Some connections to a store.
#[derive(Clone)]
pub(crate) enum Pool {
    Sqlite(sqlite::Pool),
    Postgres(postgres::Pool),
}

/// A transaction; what it did is undone when it is dropped.
pub(crate) enum Transaction {
    Sqlite(sqlite::Transaction),
    Postgres(postgres::Transaction),
}

/// Makes an empty ledger. Nothing is left behind where that fails.
///
/// # Errors
/// [`LedgerError::LedgerExists`]; what the system or the database says.
pub(crate) async fn create(location: &Location, id: Uuid, head: &Head) -> Result<()> {
    match location {
        Location::Folder(folder) => sqlite::create(folder, id, head).await,
        Location::Database(url) => postgres::create(url, id, head).await,
    }
}

/// Opens a ledger, and brings its tables to the newest format.
///
/// # Errors
/// [`LedgerError::NoLedger`] and what else is wrong with what is there; what the
/// database says.
pub(crate) async fn open(location: &Location, now: Timestamp) -> Result<Pool> {
    match location {
        Location::Folder(folder) => {
            let pool = sqlite::open(folder, now.as_microsecond()).await?;
            Ok(Pool::Sqlite(pool))
        }
        Location::Database(url) => {
            let pool = postgres::open(url, now.as_microsecond()).await?;
            Ok(Pool::Postgres(pool))
        }
    }
}

/// A place in which a ledger is made before it takes that of another.
pub(crate) enum Staged {
    Sqlite(sqlite::Staged),
    Postgres(postgres::Staged),
}

/// Makes an empty ledger in a fresh place beside where it will stand.
///
/// # Errors
/// [`LedgerError::LedgerExists`] unless it is to be replaced; what the system or the database says.
pub(crate) async fn stage(
    location: &Location,
    name: &str,
    id: Uuid,
    head: &Head,
    replace: bool,
) -> Result<Staged> {
    match location {
        Location::Folder(folder) => {
            let staged = sqlite::stage(folder, name, id, head, replace).await?;
            Ok(Staged::Sqlite(staged))
        }
        Location::Database(url) => {
            let staged = postgres::stage(url, name, id, head, replace).await?;
            Ok(Staged::Postgres(staged))
        }
    }
}

impl Staged {
    /// Connections to it.
    pub(crate) fn pool(&self) -> Pool {
        match self {
            Staged::Sqlite(staged) => Pool::Sqlite(staged.pool.clone()),
            Staged::Postgres(staged) => Pool::Postgres(staged.pool.clone()),
        }
    }

    /// Puts it in its place. Returns where the ledger is that was there before, in which nobody may be erased but these.
    ///
    /// # Errors
    /// [`LedgerError::LedgerExists`]; [`LedgerError::InUse`], also if somebody else was erased there; what the system or
    /// the database says. What was there stays then.
    pub(crate) async fn publish(
        self,
        replace: bool,
        erased: &BTreeSet<PersonId>,
    ) -> Result<Option<String>> {
        match self {
            Staged::Sqlite(staged) => staged.publish(replace, erased).await,
            Staged::Postgres(staged) => staged.publish(replace, erased).await,
        }
    }

    /// Removes it.
    pub(crate) async fn discard(self) {
        match self {
            Staged::Sqlite(staged) => staged.discard().await,
            Staged::Postgres(staged) => staged.discard().await,
        }
    }
}

impl Pool {
    /// Begins to read: everything in the transaction sees the same state.
    pub(crate) async fn begin_read(&self) -> Result<Transaction> {
        match self {
            Pool::Sqlite(pool) => Ok(Transaction::Sqlite(sqlite::begin_read(pool).await?)),
            Pool::Postgres(pool) => Ok(Transaction::Postgres(postgres::begin_read(pool).await?)),
        }
    }

    /// Takes the head of the line, after whoever holds it now.
    ///
    /// # Errors
    /// [`LedgerError::Locked`] if that takes longer than [`BUSY_TIMEOUT`]; what the
    /// database says.
    pub(crate) async fn begin_write(&self) -> Result<Transaction> {
        match self {
            Pool::Sqlite(pool) => Ok(Transaction::Sqlite(sqlite::begin_write(pool).await?)),
            Pool::Postgres(pool) => Ok(Transaction::Postgres(postgres::begin_write(pool).await?)),
        }
    }

    /// Begins to write workings, which are outside the line and need not wait for its head.
    pub(crate) async fn begin_workings(&self) -> Result<Transaction> {
        match self {
            Pool::Sqlite(pool) => Ok(Transaction::Sqlite(sqlite::begin_write(pool).await?)),
            Pool::Postgres(pool) => {
                Ok(Transaction::Postgres(postgres::begin_workings(pool).await?))
            }
        }
    }

    /// Removes what a deleted data key leaves behind. Returns whether that was possible now.
    pub(crate) async fn clean_after_erasure(&self) -> Result<bool> {
        match self {
            Pool::Sqlite(pool) => sqlite::checkpoint(pool).await,
            Pool::Postgres(pool) => postgres::clean_after_erasure(pool).await,
        }
    }

    /// Closes every connection.
    pub(crate) async fn close(&self) {
        match self {
            Pool::Sqlite(pool) => pool.close().await,
            Pool::Postgres(pool) => pool.close().await,
        }
    }
}

impl Transaction {
    /// Makes durable what was done. Once this returns it is on disk.
    pub(crate) async fn commit(self) -> Result<()> {
        match self {
            Transaction::Sqlite(transaction) => Ok(transaction.commit().await?),
            Transaction::Postgres(transaction) => Ok(transaction.commit().await?),
        }
    }
}

/// Declares functions that each engine has under the same name, and asks the one to which the transaction belongs.
macro_rules! of_each_engine {
    ($($(#[$about:meta])* $name:ident($($argument:ident: $type:ty),*) -> $answer:ty;)*) => {$(
        $(#[$about])*
        pub(crate) async fn $name(transaction: &mut Transaction, $($argument: $type),*) -> Result<$answer> {
            match transaction {
                Transaction::Sqlite(connection) => sqlite::$name(connection, $($argument),*).await,
                Transaction::Postgres(connection) => postgres::$name(connection, $($argument),*).await,
            }
        }
    )*};
}

of_each_engine! {
    /// The identity of the ledger and when it was created, in microseconds.
    ledger() -> (Uuid, i64);
    /// Where the line ends.
    head() -> Head;
    /// The first number from this one on under which there is a commit, a version or a block.
    next_number(first: i64) -> Option<i64>;
    /// The commits from one number to another, both included.
    commits(first: i64, last: i64) -> Vec<StoredCommit>;
    /// The first commit that was not brought in as history: its number and time.
    first_without_recorded_at() -> Option<(i64, i64)>;
    /// The latest times of history that was brought in: of plans, and of observations.
    latest_brought_in() -> (Option<i64>, Option<i64>);
    /// Number and time of the commit with which the plan first became known.
    first_of_the_plan() -> Option<(i64, i64)>;
    /// Of each record of the main line, as known at a time and up to a commit: the newest version (and that it is
    /// that), and the older ones that had another key.
    versions_as_known(recorded_at: i64, last: i64) -> Vec<(StoredVersion, bool)>;
    /// The versions of some commits, of all lines, in the order in which they were made.
    versions(first: i64, last: i64) -> Vec<StoredVersion>;
    /// The versions of a draft, in the order in which they were made.
    versions_of_draft(draft: DraftId) -> Vec<StoredVersion>;
    /// The versions of one record in the main line, in the order in which they became known.
    versions_of_record(kind: Kind, id: Uuid) -> Vec<StoredVersion>;
    /// The blocks as known at a time that can have cells within an extent, in the order in which they became known.
    blocks_as_known(recorded_at: i64, wanted: &Extent) -> Vec<StoredBlock>;
    /// The latest of the blocks before a place that can have cells within an extent, so many at most, the latest first.
    latest_blocks(before: Place, wanted: &Extent, most: i64) -> Vec<StoredBlock>;
    /// The blocks of some commits, in the order in which they were made.
    blocks(first: i64, last: i64) -> Vec<StoredBlock>;
    /// Whether there is any observation.
    has_observations() -> bool;
    /// How many data keys there are.
    count_data_keys() -> u64;
    /// Every data key that there is.
    data_keys() -> Vec<(PersonId, Vec<u8>)>;
    /// The persons who are erased.
    erased_persons() -> Vec<PersonId>;
    /// Every draft, in the order in which they were opened.
    labels() -> Vec<StoredLabel>;
    /// What the database itself finds wrong with what it keeps; empty if nothing.
    damage() -> Vec<String>;

    /// Sets the head, and tells everybody who follows.
    update_head(head: &Head) -> ();
    /// Adds a commit.
    insert_commit(commit: &Commit) -> ();
    /// Adds what a commit does to records.
    insert_versions(commit: &Commit, versions: &[Version]) -> ();
    /// Adds a block of observations.
    insert_block(block: &StoredBlock) -> ();
    /// Adds the data key of a person.
    insert_data_key(person: PersonId, key: &[u8]) -> ();
    /// Deletes the data key of a person. Returns whether there was one.
    delete_data_key(person: PersonId) -> bool;
    /// Adds a draft.
    insert_label(draft: &Draft) -> ();
    /// Notes which commit closed a draft.
    close_label(draft: &Draft) -> ();

    /// Keeps a working, in place of another under its key.
    put_working(purpose: &str, key: &str, body: &[u8], expires_at_us: i64) -> ();
    /// The body of a working that has not ended.
    working(purpose: &str, key: &str, now_us: i64) -> Option<Vec<u8>>;
    /// Keeps a working where there is none under its key. Returns whether there was none.
    put_new_working(purpose: &str, key: &str, body: &[u8], expires_at_us: i64, now_us: i64) -> bool;
    /// Changes the body of a working that has not ended from one to another. Returns whether it was that one.
    replace_working(purpose: &str, key: &str, before: &[u8], body: &[u8], now_us: i64) -> bool;
    /// The workings with greater keys that have not ended, so many at most, in the order of their keys.
    workings_after(purpose: &str, key: &str, most: i64, now_us: i64) -> Vec<(String, Vec<u8>)>;
    /// Deletes a working. Returns whether there was one.
    remove_working(purpose: &str, key: &str) -> bool;
    /// Deletes the workings that have ended. Returns how many.
    purge_workings(now_us: i64) -> u64;
}

/// By what the newest plan is told from others.
pub(crate) async fn standing(transaction: &mut Transaction) -> Result<Standing> {
    Ok(Standing {
        head: head(transaction).await?,
        data_keys: count_data_keys(transaction).await?,
    })
}

impl From<sqlx::Error> for LedgerError {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::Io(error) if is_loss_of_connection(error.kind()) => {
                let what = error.to_string();
                LedgerError::Unavailable { what }
            }
            // A certificate that is refused comes as data that are not as they should be.
            sqlx::Error::Io(error) if error.kind() == ErrorKind::InvalidData => {
                let what = error.to_string();
                LedgerError::NotTrusted { what }
            }
            sqlx::Error::Io(error) => error.into(),
            sqlx::Error::Tls(error) => LedgerError::NotTrusted {
                what: error.to_string(),
            },
            sqlx::Error::Database(error) => match error.try_downcast_ref::<PgDatabaseError>() {
                Some(of_server) => postgres::of_server(of_server)
                    .unwrap_or_else(|| LedgerError::Storage(error.into_error())),
                None => sqlite::of_result_code(error),
            },
            sqlx::Error::PoolTimedOut => LedgerError::Locked,
            sqlx::Error::ColumnDecode { index, source } => {
                LedgerError::corrupted(format!("column {index}"), source.to_string())
            }
            error => LedgerError::Storage(Box::new(error)),
        }
    }
}

/// Whether an error of the system means that the other side of a connection is gone.
fn is_loss_of_connection(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::ConnectionRefused
            | ErrorKind::ConnectionReset
            | ErrorKind::ConnectionAborted
            | ErrorKind::NotConnected
            | ErrorKind::BrokenPipe
            | ErrorKind::UnexpectedEof
            | ErrorKind::TimedOut
    )
}
