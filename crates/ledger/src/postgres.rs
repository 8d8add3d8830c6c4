//! The dialect of PostgreSQL: every statement of our store that this engine runs, and how its answers become values.
//!
//! It has the functions of `sqlite`, and the same tables; a test holds the two equal. A ledger is what stands in the
//! first schema of the search path: usually one database, or one of several schemas that the address names.

mod connect;
mod erasure;
mod migrations;
mod read;
mod stage;
mod workings;
mod write;

pub(crate) use connect::{begin_read, begin_workings, begin_write, create, listen, open, pool};
pub(crate) use erasure::{clean_after_erasure, delete_data_key, erased_persons};
use migrations::{is_newest_format, migrate};
pub(crate) use read::*;
pub(crate) use stage::{Staged, stage};
pub(crate) use workings::*;
pub(crate) use write::*;

use sqlx::postgres::PgDatabaseError;
use sqlx::{PgConnection, PgPool, Postgres};

use crate::error::LedgerError;

/// A connection to the store.
pub(crate) type Connection = PgConnection;

/// Some connections to the store.
pub(crate) type Pool = PgPool;

/// A transaction; what it did is undone when it is dropped.
pub(crate) type Transaction = sqlx::Transaction<'static, Postgres>;

/// Somebody who is told what others write.
pub(crate) type Listener = sqlx::postgres::PgListener;

/// The oldest server that is supported: its name, and its number as the server counts.
pub(crate) const LEAST_POSTGRES: (&str, i32) = ("14", 140_000);

/// Codes of errors: <https://www.postgresql.org/docs/current/errcodes-appendix.html>.
mod code {
    pub(super) const LOCK_NOT_AVAILABLE: &str = "55P03";
    pub(super) const SERIALIZATION_FAILURE: &str = "40001";
    pub(super) const DEADLOCK_DETECTED: &str = "40P01";
    pub(super) const NO_SUCH_DATABASE: &str = "3D000";
    pub(super) const INSUFFICIENT_PRIVILEGE: &str = "42501";
    pub(super) const DISK_FULL: &str = "53100";
    pub(super) const TOO_MANY_CONNECTIONS: &str = "53300";
    pub(super) const READ_ONLY: &str = "25006";
    pub(super) const INPUT_OUTPUT: &str = "58030";
    /// The server is told to stop, has crashed, or is starting; somebody ended the connection.
    pub(super) const GOING_OR_COMING: [&str; 4] = ["57P01", "57P02", "57P03", "57P05"];
    /// The class of errors in which the connection is lost.
    pub(super) const CONNECTION: &str = "08";
    /// The class of errors in which the user is not let in.
    pub(super) const AUTHORIZATION: &str = "28";
    /// A page or an index is damaged.
    pub(super) const DAMAGED: [&str; 2] = ["XX001", "XX002"];
}

/// Whether somebody else held a lock for too long.
fn is_lock_timeout(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(|error| error.code());
    code.is_some_and(|code| code == code::LOCK_NOT_AVAILABLE)
}

/// What an error of the server means for a ledger.
pub(crate) fn of_server(error: &PgDatabaseError) -> Option<LedgerError> {
    let what = error.message().to_owned();
    let code = error.code();
    Some(match code {
        code::LOCK_NOT_AVAILABLE | code::SERIALIZATION_FAILURE | code::DEADLOCK_DETECTED => {
            LedgerError::Locked
        }
        code::NO_SUCH_DATABASE => LedgerError::NoDatabase { what },
        code::INSUFFICIENT_PRIVILEGE => LedgerError::AccessRefused { what },
        code::DISK_FULL => LedgerError::DiskFull,
        code::READ_ONLY | code::INPUT_OUTPUT => LedgerError::InputOutput { what },
        code::TOO_MANY_CONNECTIONS => LedgerError::Unavailable { what },
        _ if code::GOING_OR_COMING.contains(&code) || code.starts_with(code::CONNECTION) => {
            LedgerError::Unavailable { what }
        }
        _ if code.starts_with(code::AUTHORIZATION) => LedgerError::AccessRefused { what },
        _ if code::DAMAGED.contains(&code) => {
            LedgerError::corrupted("the files of the server", what)
        }
        _ => return None,
    })
}
