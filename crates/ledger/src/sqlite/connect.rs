//! Opening the file, with the settings on which durability, privacy and erasure rest.

use std::path::Path;
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection as _};

use uuid::Uuid;

use super::stage::{remove, with_suffix};
use super::{
    Connection, FILE_NAME, LEAST_SQLITE, Pool, Transaction, insert_ledger, is_newest_format,
    is_no_database, migrate,
};
use crate::commit::Head;
use crate::error::{LedgerError, Result};
use crate::naming::{folder_of, give_name, sync_folder};

/// How long a writer waits for another one.
pub(crate) const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// The most connections of one handle: one that writes and a few that read.
const CONNECTIONS_LIMIT: u32 = 5;

/// How often emptying the journal is tried, each time for a tenth of a second, and how long it pauses in between: for up to
/// three seconds together.
const CHECKPOINT_ATTEMPTS: usize = 15;
const CHECKPOINT_PAUSE: Duration = Duration::from_millis(100);

/// What the name of the journal has after that of its file.
const JOURNAL: &str = "-wal";

/// Written into the head of the file, so that a ledger is known for one: `thrl`.
const APPLICATION_ID: i64 = 0x7468_726c;

/// Makes an empty ledger in a data folder, which is made too if it is not there.
///
/// # Errors
/// [`LedgerError::LedgerExists`]; what the system or the database says, and then nothing is left behind.
pub(crate) async fn create(folder: &Path, id: Uuid, head: &Head) -> Result<()> {
    let file = folder.join(FILE_NAME);
    if file.exists() {
        return Err(LedgerError::LedgerExists {
            location: folder.into(),
        });
    }
    // It comes to its name once it is whole, so that an interrupted creation leaves no half a ledger.
    let unfinished = folder.join(format!("{id}.unfinished"));
    create_file(folder, &unfinished)?;
    let filled = fill(&unfinished, id, head).await;
    let published = match filled {
        Ok(()) => publish(&unfinished, &file).and_then(|()| sync_folder(folder)),
        Err(error) => Err(error),
    };
    // The first error is the one that matters.
    remove(&unfinished);
    published
}

/// Makes the tables of a ledger in an empty file.
async fn fill(file: &Path, id: Uuid, head: &Head) -> Result<()> {
    settle(filled(file, id, head).await?, file).await
}

/// Closes a file that is about to get another name: all that is in its journal, which keeps the old one, is moved into it.
///
/// # Errors
/// [`LedgerError::DiskFull`]; what the system or the database says. The file is not whole then.
pub(super) async fn settle(pool: Pool, file: &Path) -> Result<()> {
    pool.close().await;
    if !with_suffix(file, JOURNAL).exists() {
        return Ok(());
    }
    // The last to close moves the journal and removes it, and does not say why it could not.
    let options = SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(false)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(BUSY_TIMEOUT);
    let mut connection = options.connect().await?;
    let (busy, _, _): (i64, i64, i64) = sqlx::query_as("pragma wal_checkpoint(truncate)")
        .fetch_one(&mut connection)
        .await?;
    connection.close().await?;
    if busy == 0 {
        Ok(())
    } else {
        Err(LedgerError::Locked)
    }
}

/// Connections to a file in which the tables of a ledger were made.
pub(super) async fn filled(file: &Path, id: Uuid, head: &Head) -> Result<Pool> {
    let pool = connect(file, true).await?;
    let mut transaction = begin_write(&pool).await?;
    migrate(&mut transaction, head.at.as_microsecond()).await?;
    insert_ledger(&mut transaction, id, head).await?;
    transaction.commit().await?;
    Ok(pool)
}

/// Opens the ledger of a data folder, and brings its tables to the newest format.
///
/// # Errors
/// [`LedgerError::NoLedger`], [`LedgerError::NotALedger`], [`LedgerError::NewerFormat`], [`LedgerError::OldSqlite`];
/// what the system or the database says.
pub(crate) async fn open(folder: &Path, now_us: i64) -> Result<Pool> {
    let file = folder.join(FILE_NAME);
    // What may not be looked at is something else than what is not there.
    if !file.try_exists()? {
        return Err(LedgerError::NoLedger {
            location: folder.into(),
        });
    }
    let pool = connect(&file, false).await?;
    if !is_newest_format(&pool).await? {
        let mut transaction = begin_write(&pool).await?;
        migrate(&mut transaction, now_us).await?;
        transaction.commit().await?;
    }
    Ok(pool)
}

/// Makes the data folder and an empty file that nobody but the owner can read.
///
/// # Errors
/// What the system says.
pub(super) fn create_file(folder: &Path, file: &Path) -> Result<()> {
    create_folder(folder)?;
    let mut options = std::fs::OpenOptions::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.write(true).create_new(true).open(file)?;
    Ok(())
}

/// Makes a folder, with those above it that are missing, so that they outlast a loss of power.
fn create_folder(folder: &Path) -> Result<()> {
    let is_missing = |folder: &&Path| *folder != Path::new("") && !folder.exists();
    let missing: Vec<&Path> = folder.ancestors().take_while(is_missing).collect();
    let mut builder = std::fs::DirBuilder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    builder.recursive(true).create(folder)?;
    for made in missing {
        sync_folder(folder_of(made))?;
    }
    Ok(())
}

/// Gives a finished file its name, unless somebody else was quicker.
///
/// # Errors
/// [`LedgerError::LedgerExists`]; what the system says.
pub(super) fn publish(finished: &Path, file: &Path) -> Result<()> {
    give_name(finished, file).map_err(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => LedgerError::LedgerExists {
            location: file.parent().unwrap_or(file).into(),
        },
        _ => error.into(),
    })
}

/// Connects to the file, which must be there. `is_new`: it is still empty.
///
/// # Errors
/// [`LedgerError::OldSqlite`]; [`LedgerError::NotALedger`]; what the database says.
async fn connect(file: &Path, is_new: bool) -> Result<Pool> {
    let options = SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(false)
        // Acknowledged means on disk.
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(BUSY_TIMEOUT)
        // What is deleted is overwritten, and nothing is written to temporary files.
        .pragma("secure_delete", "on")
        .pragma("temp_store", "memory");
    let connected = SqlitePoolOptions::new()
        .max_connections(CONNECTIONS_LIMIT)
        .idle_timeout(None)
        .max_lifetime(None)
        .connect_with(options);
    let pool = connected
        .await
        .map_err(|error| of_connecting(error, file))?;
    let mut connection = pool.acquire().await?;
    refuse_old_library(&mut connection).await?;
    if is_new {
        // A pragma takes no parameters.
        sqlx::raw_sql("pragma application_id = 1953002092")
            .execute(&mut *connection)
            .await?;
    } else {
        refuse_other_files(&mut connection, file).await?;
    }
    // Kept in the file, so that later connections find it so; it is set once the file is known for ours.
    sqlx::raw_sql("pragma journal_mode = wal")
        .execute(&mut *connection)
        .await?;
    refuse_other_settings(&mut connection).await?;
    drop(connection);
    Ok(pool)
}

/// What an error of the first connection means: a file that the library does not know for one of its own is no ledger.
fn of_connecting(error: sqlx::Error, file: &Path) -> LedgerError {
    if is_no_database(&error) {
        not_a_ledger(file)
    } else {
        error.into()
    }
}

/// The identifying number stands in the head of the file. The library is asked for it: a file of which this process has
/// locks must not be opened and closed beside the library, since by the rules of POSIX the process then loses them all,
/// and another one would remove the journal from under it.
async fn refuse_other_files(connection: &mut Connection, file: &Path) -> Result<()> {
    let (id,): (i64,) = sqlx::query_as("pragma application_id")
        .fetch_one(connection)
        .await?;
    if id == APPLICATION_ID {
        Ok(())
    } else {
        Err(not_a_ledger(file))
    }
}

fn not_a_ledger(file: &Path) -> LedgerError {
    LedgerError::NotALedger {
        what: file.display().to_string(),
    }
}

async fn refuse_old_library(connection: &mut Connection) -> Result<()> {
    let (found,): (String,) = sqlx::query_as("select sqlite_version()")
        .fetch_one(connection)
        .await?;
    let (least, least_parts) = LEAST_SQLITE;
    if parts(&found) >= least_parts.to_vec() {
        return Ok(());
    }
    Err(LedgerError::OldSqlite { found, least })
}

/// Reads back what was set: a file system without shared memory, for one, has no journal of this kind.
async fn refuse_other_settings(connection: &mut Connection) -> Result<()> {
    const SYNCHRONOUS_FULL: i64 = 2;
    let (journal,): (String,) = sqlx::query_as("pragma journal_mode")
        .fetch_one(&mut *connection)
        .await?;
    let (synchronous,): (i64,) = sqlx::query_as("pragma synchronous")
        .fetch_one(&mut *connection)
        .await?;
    let settings = [
        ("journal_mode", journal == "wal"),
        ("synchronous", synchronous == SYNCHRONOUS_FULL),
    ];
    match settings.into_iter().find(|(_, is_set)| !is_set) {
        Some((setting, _)) => Err(LedgerError::NotDurable { setting }),
        None => Ok(()),
    }
}

fn parts(version: &str) -> Vec<u32> {
    version
        .split('.')
        .map(|part| part.parse().unwrap_or(0))
        .collect()
}

/// Begins to read: everything in the transaction sees the same state.
///
/// # Errors
/// What the database says.
pub(crate) async fn begin_read(pool: &Pool) -> Result<Transaction> {
    Ok(pool.begin().await?)
}

/// Begins to write, after whoever is writing now.
///
/// # Errors
/// [`LedgerError::Locked`] if that takes longer than [`BUSY_TIMEOUT`]; what the database says.
pub(crate) async fn begin_write(pool: &Pool) -> Result<Transaction> {
    Ok(pool.begin_with("begin immediate").await?)
}

/// Moves the journal into the file and empties it, also on the disk. Returns whether that was possible: it is not while
/// others read.
///
/// # Errors
/// What the database or the system says.
pub(crate) async fn checkpoint(pool: &Pool) -> Result<bool> {
    let mut connection = pool.acquire().await?;
    sqlx::raw_sql("pragma busy_timeout = 100")
        .execute(&mut *connection)
        .await?;
    let mut is_empty = false;
    // Whoever reads is soon done or will be for long. The library waits for readers, and not at all for another who empties
    // the journal at this moment.
    for _ in 0..CHECKPOINT_ATTEMPTS {
        let (busy, _, _): (i64, i64, i64) = sqlx::query_as("pragma wal_checkpoint(truncate)")
            .fetch_one(&mut *connection)
            .await?;
        is_empty = busy == 0;
        if is_empty {
            break;
        }
        tokio::time::sleep(CHECKPOINT_PAUSE).await;
    }
    // The next user of the connection waits as long as any other.
    connection.close().await?;
    if is_empty {
        sync_journal(pool.connect_options().get_filename())?;
    }
    Ok(is_empty)
}

/// Makes durable that the journal is empty, which the library leaves to the system: a loss of power would bring back what
/// was in it.
fn sync_journal(file: &Path) -> Result<()> {
    match std::fs::OpenOptions::new()
        .write(true)
        .open(with_suffix(file, JOURNAL))
    {
        Ok(journal) => Ok(journal.sync_all()?),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_compare_by_their_parts() {
        let least = LEAST_SQLITE.1.to_vec();
        for (version, is_safe) in [
            ("3.51.3", true),
            ("3.51.2", false),
            ("3.52.0", true),
            ("3.9.99", false),
            ("4.0", true),
        ] {
            assert_eq!(parts(version) >= least, is_safe, "{version}");
        }
    }
}
