//! What can go wrong with a ledger, each with what to do next.
//!
//! An error of the database is told apart here once, so that "no space" and "damaged" never look alike further up.

use jiff::Timestamp;
use thiserror::Error;
use throughline_core::finding::Finding;
use throughline_model::Kind;
use throughline_model::observation::{Cell, CommitNumber};
use uuid::Uuid;

use crate::location::Location;

/// The answer of everything that the ledger does.
pub type Result<T, E = LedgerError> = std::result::Result<T, E>;

/// Why the ledger did not do it.
#[derive(Debug, Error)]
pub enum LedgerError {
    /// There is no ledger there.
    #[error("there is no ledger in {location}")]
    NoLedger {
        /// The data folder or database.
        location: Location,
    },
    /// There is one already.
    #[error("there is a ledger in {location} already")]
    LedgerExists {
        /// The data folder or database.
        location: Location,
    },
    /// The file or database is something else.
    #[error("{what} is not a ledger of Throughline")]
    NotALedger {
        /// The file or database.
        what: String,
    },
    /// The address of a database that is none.
    #[error(
        "that is no address of a database: {what}; it has the form postgres://USER@HOST:PORT/DATABASE"
    )]
    NotAnAddress {
        /// What is wrong with it.
        what: String,
    },
    /// A newer release wrote the ledger.
    #[error(
        "the ledger has format {found}, and this release knows formats up to {known}; use a newer release"
    )]
    NewerFormat {
        /// The format of the ledger.
        found: i64,
        /// The newest format that is known here.
        known: i64,
    },
    /// The library could lose what was committed.
    #[error("SQLite {found} can lose committed data; {least} or newer is needed")]
    OldSqlite {
        /// The version in use.
        found: String,
        /// The oldest version that is safe.
        least: &'static str,
    },
    /// The server is too old.
    #[error("PostgreSQL {found} is too old; {least} or newer is needed")]
    OldPostgres {
        /// The version in use.
        found: String,
        /// The oldest version that is supported.
        least: &'static str,
    },
    /// What is acknowledged could be lost with the settings of the database.
    #[error(
        "the database does not promise that what it acknowledges is on disk: `{setting}` is off; turn it on"
    )]
    NotDurable {
        /// Which setting.
        setting: &'static str,
    },
    /// The database keeps text in another encoding.
    #[error("the database keeps text as {found}; a ledger needs a database with the encoding UTF8")]
    OtherEncoding {
        /// Its encoding.
        found: String,
    },
    /// There is no such database on the server.
    #[error("{what}; create it first")]
    NoDatabase {
        /// What the server said.
        what: String,
    },
    /// The server does not let the user in, or not do this.
    #[error("the database refused this user: {what}")]
    AccessRefused {
        /// What the server said.
        what: String,
    },
    /// The connection is to be encrypted, and with this server it cannot be: it has no certificate, or another than it should.
    #[error("the connection to the database would not be safe: {what}")]
    NotTrusted {
        /// What is wrong.
        what: String,
    },
    /// The server cannot be reached, or the connection was lost. Nothing was changed; the next call connects again.
    #[error("the database cannot be reached: {what}. Nothing was changed; try again")]
    Unavailable {
        /// What went wrong.
        what: String,
    },
    /// The connection was lost just when the group was made durable, and did not come back to be asked.
    #[error(
        "the connection to the database was lost while commit {last} was made durable, so that it is not known whether \
         it was kept; look whether it is there before writing it again"
    )]
    OutcomeUnknown {
        /// The last commit of the group.
        last: CommitNumber,
    },
    /// A position that this ledger has not reached.
    #[error("commit {position} is not here yet; the last one is {last}")]
    NotYet {
        /// The commit that was waited for.
        position: CommitNumber,
        /// The last one that is here.
        last: CommitNumber,
    },
    /// Somebody else is writing, and did not finish in time.
    #[error("another process is writing to the ledger; wait until it has finished, and try again")]
    Locked,
    /// There is no room for it.
    #[error("there is no space left for the ledger; nothing was changed. Make room, and try again")]
    DiskFull,
    /// The system could not read or write.
    #[error("the ledger could not be read or written: {what}")]
    InputOutput {
        /// What the system said.
        what: String,
    },
    /// The system could not read or write a file beside the ledger.
    #[error("{file} could not be read or written: {what}")]
    File {
        /// The file or folder.
        file: String,
        /// What the system said.
        what: String,
    },
    /// What is stored is not what was written.
    #[error("the ledger is damaged ({place}): {what}. Run `verify`, and restore a backup")]
    Corrupted {
        /// Where.
        place: String,
        /// What is wrong there.
        what: String,
    },
    /// Something that was asked for is not there.
    #[error("there is no {what}")]
    NotFound {
        /// What was asked for.
        what: String,
    },
    /// History that cannot be brought in any more.
    #[error(transparent)]
    HistoryRefused(#[from] HistoryRefused),
    /// The days of the stored periods would change their meaning.
    #[error(
        "the time zone, the start of the fiscal year and the start of the week are fixed once there are observations, \
         because observations are kept by the days of their periods"
    )]
    CalendarFixed,
    /// An observation that cannot be kept.
    #[error("an observation cannot be kept: {what} (measure {}, unit {}, from {} to {})", .cell.measure, .cell.unit, .cell.period.first, .cell.period.last)]
    ObservationRefused {
        /// What was observed.
        cell: Cell,
        /// Why not.
        what: &'static str,
    },
    /// A change of a record that cannot be kept.
    #[error("the {kind} {id} cannot be kept: {what}")]
    RecordRefused {
        /// The kind of record.
        kind: Kind,
        /// The record.
        id: Uuid,
        /// Why not.
        what: &'static str,
    },
    /// A draft cannot take what was to be written to it.
    #[error("the draft `{name}` cannot take this: {what}")]
    DraftRefused {
        /// Its name.
        name: String,
        /// Why not.
        what: &'static str,
    },
    /// A text that not every engine can keep.
    #[error("the {what} contains a zero character, which cannot be kept")]
    ZeroCharacter {
        /// Which text.
        what: &'static str,
    },
    /// A text that is longer than its limit.
    #[error("the {what} is longer than {limit} bytes")]
    TooLong {
        /// Which text.
        what: &'static str,
        /// The limit, in bytes.
        limit: usize,
    },
    /// An earlier write of the same group failed; all of it is dropped.
    #[error("an earlier commit of this group failed, so that none of it can be kept")]
    GroupFailed,
    /// The person is erased, but old pages could not be overwritten because the ledger was being read.
    #[error(
        "the person is erased, but traces stay in the journal while others read; erase once more when they are done"
    )]
    ErasureUnfinished,
    /// A backup, or a file of data keys, that cannot be restored.
    #[error("the {what} {file} cannot be restored: {why}")]
    BackupRefused {
        /// Which of the two.
        what: &'static str,
        /// The file.
        file: String,
        /// Why not.
        why: String,
    },
    /// A file would be overwritten.
    #[error("{file} is there already; name another file")]
    FileExists {
        /// The file.
        file: String,
    },
    /// A ledger that is to make room is in use.
    #[error("another process has the ledger open; stop it, and try again")]
    InUse,
    /// A checkpoint or a key for signing that does not read.
    #[error("that is no {what}: {why}")]
    NoSuchText {
        /// What it should be.
        what: &'static str,
        /// What is wrong with it.
        why: String,
    },
    /// Anything else that the database said.
    #[error("the database of the ledger failed")]
    Storage(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Why history cannot be brought in with that time.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum HistoryRefused {
    /// Nobody can rewrite what people have seen.
    #[error(
        "history with the time {recorded_at} cannot be brought in: it must be before {bound}, the time of commit {commit}, \
         the first that was made without such a time"
    )]
    NotBeforeFirstCommit {
        /// The time that was asked for.
        recorded_at: Timestamp,
        /// The time that it must be before.
        bound: Timestamp,
        /// The first commit that was made without `recorded_at`.
        commit: CommitNumber,
    },
    /// History is brought in from the oldest to the newest.
    #[error(
        "{what} with the time {recorded_at} cannot be brought in: history is ascending, and {what} up to {bound} are there"
    )]
    NotAscending {
        /// Which of the two sequences: plans or observations.
        what: &'static str,
        /// The time that was asked for.
        recorded_at: Timestamp,
        /// The latest time of the sequence.
        bound: Timestamp,
    },
    /// What has not happened is no history.
    #[error("the time {recorded_at} has not come yet; it is {now}")]
    InTheFuture {
        /// The time that was asked for.
        recorded_at: Timestamp,
        /// What the clock says.
        now: Timestamp,
    },
}

impl LedgerError {
    /// What the system says of a file.
    pub(crate) fn of_file(file: &std::path::Path, error: &std::io::Error) -> LedgerError {
        if error.kind() == std::io::ErrorKind::StorageFull {
            return LedgerError::DiskFull;
        }
        LedgerError::File {
            file: file.display().to_string(),
            what: error.to_string(),
        }
    }

    /// Damage at a place.
    pub(crate) fn corrupted(place: impl Into<String>, what: impl Into<String>) -> LedgerError {
        LedgerError::Corrupted {
            place: place.into(),
            what: what.into(),
        }
    }

    /// A stored record that does not read.
    pub(crate) fn unreadable(kind: Kind, id: Uuid, findings: &[Finding]) -> LedgerError {
        let what = match findings.first() {
            Some(finding) => finding.to_string(),
            None => "it does not read".to_owned(),
        };
        LedgerError::corrupted(format!("{kind} {id}"), what)
    }
}

impl From<std::io::Error> for LedgerError {
    fn from(error: std::io::Error) -> Self {
        if error.kind() == std::io::ErrorKind::StorageFull {
            return LedgerError::DiskFull;
        }
        LedgerError::InputOutput {
            what: error.to_string(),
        }
    }
}
