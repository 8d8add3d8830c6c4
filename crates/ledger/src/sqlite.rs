//! The dialect of SQLite: every statement of our store that this engine runs, and how its answers become values.
//!
//! Nothing outside the module of an engine and its folder knows SQL; `postgres` has the same functions. What is encoded,
//! hashed, sealed and replayed does not depend on the engine.

mod connect;
mod erasure;
mod migrations;
mod read;
mod stage;
mod workings;
mod write;

pub(crate) use connect::{BUSY_TIMEOUT, begin_read, begin_write, checkpoint, create, open};
pub(crate) use erasure::{delete_data_key, erased_persons};
use migrations::{is_newest_format, migrate};
pub(crate) use read::*;
pub(crate) use stage::{Staged, stage};
pub(crate) use workings::*;
pub(crate) use write::*;

use sqlx::error::DatabaseError;
use sqlx::{Sqlite, SqliteConnection, SqlitePool};

use crate::error::LedgerError;

/// A connection to the store.
pub(crate) type Connection = SqliteConnection;

/// Some connections to the store.
pub(crate) type Pool = SqlitePool;

/// A transaction; what it did is undone when it is dropped.
pub(crate) type Transaction = sqlx::Transaction<'static, Sqlite>;

/// The file of the ledger in its data folder.
pub const FILE_NAME: &str = "ledger.sqlite";

/// The oldest SQLite that does not lose committed data when it resets its journal.
pub(crate) const LEAST_SQLITE: (&str, [u32; 3]) = ("3.51.3", [3, 51, 3]);

/// Primary result codes of SQLite: <https://www.sqlite.org/rescode.html>.
mod result_code {
    pub(super) const BUSY: u32 = 5;
    pub(super) const LOCKED: u32 = 6;
    pub(super) const READONLY: u32 = 8;
    pub(super) const IOERR: u32 = 10;
    pub(super) const CORRUPT: u32 = 11;
    pub(super) const FULL: u32 = 13;
    pub(super) const CANTOPEN: u32 = 14;
    pub(super) const NOTADB: u32 = 26;
    /// Another file has the name of the one that is open: a ledger was restored there.
    pub(super) const READONLY_DBMOVED: u32 = READONLY | 4 << 8;
    /// No room for the memory that processes share; SQLite does not call that "full".
    pub(super) const IOERR_SHMSIZE: u32 = IOERR | 19 << 8;
}

/// What an error of the library means for a ledger. Extended result codes have the primary one in their lowest eight
/// bits.
pub(crate) fn of_result_code(error: Box<dyn DatabaseError>) -> LedgerError {
    let extended = error.code().and_then(|code| code.parse::<u32>().ok());
    let what = error.message().to_owned();
    if extended == Some(result_code::IOERR_SHMSIZE) {
        return LedgerError::DiskFull;
    }
    if extended == Some(result_code::READONLY_DBMOVED) {
        return LedgerError::Locked;
    }
    match extended.map(|code| code & 0xff) {
        Some(result_code::BUSY | result_code::LOCKED) => LedgerError::Locked,
        Some(result_code::FULL) => LedgerError::DiskFull,
        Some(result_code::IOERR | result_code::READONLY | result_code::CANTOPEN) => {
            LedgerError::InputOutput { what }
        }
        Some(result_code::CORRUPT | result_code::NOTADB) => LedgerError::corrupted(FILE_NAME, what),
        _ => LedgerError::Storage(error.into_error()),
    }
}

/// Whether the file is none of the library's.
fn is_no_database(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(DatabaseError::code);
    code.and_then(|code| code.parse::<u32>().ok())
        .is_some_and(|code| code & 0xff == result_code::NOTADB)
}

#[cfg(test)]
mod tests {
    use super::*;
    use sqlx::Connection as _;

    /// What a statement is answered, after others that prepare for it.
    async fn answer(preparation: &'static str, statement: &'static str) -> LedgerError {
        let mut connection = Connection::connect("sqlite::memory:").await.unwrap();
        sqlx::raw_sql(preparation)
            .execute(&mut connection)
            .await
            .unwrap();
        sqlx::raw_sql(statement)
            .execute(&mut connection)
            .await
            .unwrap_err()
            .into()
    }

    #[tokio::test]
    async fn errors_of_the_engine_are_told_apart() {
        let full = answer(
            "create table t (a); pragma max_page_count = 3",
            "insert into t values (zeroblob(100000))",
        )
        .await;
        assert!(matches!(full, LedgerError::DiskFull), "{full:?}");
        let read_only = answer(
            "create table t (a); pragma query_only = on",
            "insert into t values (1)",
        )
        .await;
        assert!(
            matches!(read_only, LedgerError::InputOutput { .. }),
            "{read_only:?}"
        );
        let other = answer("", "select * from nothing").await;
        assert!(matches!(other, LedgerError::Storage(_)), "{other:?}");
    }

    #[tokio::test]
    async fn a_second_writer_is_told_to_wait() {
        let options = sqlx::sqlite::SqliteConnectOptions::new()
            .filename("file:two-writers?mode=memory&cache=shared")
            .busy_timeout(std::time::Duration::ZERO);
        let mut one = Connection::connect_with(&options).await.unwrap();
        let mut two = Connection::connect_with(&options).await.unwrap();
        sqlx::raw_sql("begin immediate")
            .execute(&mut one)
            .await
            .unwrap();
        let refused = sqlx::raw_sql("begin immediate")
            .execute(&mut two)
            .await
            .unwrap_err();
        assert!(matches!(LedgerError::from(refused), LedgerError::Locked));
    }
}
