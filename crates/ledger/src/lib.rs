//! The ledger: the plan and its observations as a line of commits that is never rewritten.
//!
//! A commit puts or retires records and adds observations; its hash contains the hash of the commit before it. From
//! this come history, the plan and the observations as known at any time, drafts, and a check that nobody changed what
//! was. All SQL of our own store stands here, in the module of the engine; `docs/LEDGER_FORMAT.md` describes the form.

mod backup;
mod block;
mod body;
mod checkpoint;
mod commit;
mod compare;
mod error;
mod extent;
mod hash;
mod ledger;
mod location;
mod naming;
mod postgres;
mod replay;
mod restore;
mod seal;
mod sqlite;
mod store;
mod stored;
mod verify;
mod workings;
mod writer;

pub use backup::{BackedUp, BackupHeader};
pub use block::{BLOCK_ROWS, NOTE_LENGTH_LIMIT};
pub use body::ERASED_NAME;
pub use checkpoint::{Checkpoint, PublicKey, Signature, SigningKey};
pub use commit::{
    Appended, Commit, CommitHash, CommitKind, Draft, DraftId, Head, NewCommit, PlanClock,
    REASON_LENGTH_LIMIT, RecordVersion, Standing, Tally, VersionChange,
};
pub use error::{HistoryRefused, LedgerError, Result};
pub use ledger::{Follower, Ledger, State, WAIT_LIMIT};
pub use location::{DatabaseUrl, Location};
pub use restore::{RestoreOptions, Restored, RestoredKeys};
pub use seal::Randomness;
pub use sqlite::FILE_NAME;
pub use verify::{PROBLEMS_LIMIT, Problem, VerifyReport};
pub use workings::{WORKING_LENGTH_LIMIT, WORKINGS_READ_MAX, Workings};
pub use writer::{DRAFT_NAME_LENGTH_LIMIT, Writer};
