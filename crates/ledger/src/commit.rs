//! A commit: who changed what, when and why, and the hash that binds it to all that came before.

use std::fmt;

use jiff::Timestamp;
use throughline_core::actor::Origin;
use throughline_core::id::PersonId;
use throughline_model::observation::{CommitNumber, Observation};
use throughline_model::{AnyRecord, Change};
use uuid::Uuid;

/// The longest reason, in bytes.
pub const REASON_LENGTH_LIMIT: usize = 4 * 1024;

/// The SHA-256 of a commit's canonical bytes, which contain the hash of the commit before it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct CommitHash(pub [u8; 32]);

impl fmt::Display for CommitHash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&crate::hash::hex(&self.0))
    }
}

impl fmt::Debug for CommitHash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "CommitHash({self})")
    }
}

/// Identity of a draft.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DraftId(pub Uuid);

/// What a commit is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CommitKind {
    /// Records of the plan, perhaps with observations.
    Plan,
    /// Observations alone.
    Observations,
    /// A person was erased.
    Erasure,
    /// A draft was opened.
    DraftOpened,
    /// A draft was closed.
    DraftClosed,
}

impl CommitKind {
    const ALL: [CommitKind; 5] = [
        CommitKind::Plan,
        CommitKind::Observations,
        CommitKind::Erasure,
        CommitKind::DraftOpened,
        CommitKind::DraftClosed,
    ];

    /// The word that is stored.
    pub const fn word(self) -> &'static str {
        match self {
            CommitKind::Plan => "plan",
            CommitKind::Observations => "observations",
            CommitKind::Erasure => "erasure",
            CommitKind::DraftOpened => "draft opened",
            CommitKind::DraftClosed => "draft closed",
        }
    }

    /// The kind with that word.
    pub fn from_word(word: &str) -> Option<CommitKind> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

impl fmt::Display for CommitKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.word())
    }
}

/// The way in of that word.
pub(crate) fn origin_of_word(word: &str) -> Option<Origin> {
    [Origin::CommandLine, Origin::Server, Origin::Job]
        .into_iter()
        .find(|origin| origin.to_string() == word)
}

/// A commit as it stands in the ledger.
#[derive(Clone, Debug, PartialEq)]
pub struct Commit {
    /// Its number; the first is 1.
    pub number: CommitNumber,
    /// The hash of the commit before it; of the first, that of the ledger itself.
    pub previous: CommitHash,
    /// Its own hash.
    pub hash: CommitHash,
    /// When it was made; later than all commits before it.
    pub at: Timestamp,
    /// From when on it counts as known: `at`, or earlier for history that was brought in.
    pub recorded_at: Timestamp,
    /// Whether it is history that was brought in.
    pub brought_in: bool,
    /// Who made it.
    pub author: Option<PersonId>,
    /// The way in.
    pub origin: Origin,
    /// Why it was made.
    pub reason: Option<String>,
    /// What it is.
    pub kind: CommitKind,
    /// The draft to which it belongs, if it is not of the main line.
    pub draft: Option<DraftId>,
    /// How many records it changes.
    pub records: u64,
    /// How many observations it adds.
    pub observations: u64,
}

/// Where the line of commits ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// The number of the last commit; 0 while there is none.
    pub number: CommitNumber,
    /// Its hash; while there is no commit, that of the ledger itself.
    pub hash: CommitHash,
    /// When it was made; while there is no commit, when the ledger was.
    pub at: Timestamp,
}

/// By what the newest plan is told from others: a data key that is added to a ledger that was restored without it leaves no
/// commit, and its person reads otherwise from then on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Where the line of commits ends.
    pub head: Head,
    /// How many data keys there are.
    pub data_keys: u64,
}

/// A commit that is to be made.
#[derive(Clone, Debug)]
pub struct NewCommit {
    /// Who makes it.
    pub author: Option<PersonId>,
    /// The way in.
    pub origin: Origin,
    /// Why it is made; for people.
    pub reason: Option<String>,
    /// For history that is brought in, when it became known.
    pub recorded_at: Option<Timestamp>,
    /// The draft to which it belongs; drafts take no observations and no history.
    pub draft: Option<DraftId>,
    /// What it does to records, in this order.
    pub changes: Vec<Change>,
    /// What was observed, in any order.
    pub observations: Vec<Observation>,
}

impl NewCommit {
    /// A commit of the main line, as of now, without contents.
    pub fn new(author: Option<PersonId>, origin: Origin, reason: Option<String>) -> NewCommit {
        NewCommit {
            author,
            origin,
            reason,
            recorded_at: None,
            draft: None,
            changes: Vec::new(),
            observations: Vec::new(),
        }
    }

    /// The same commit with those changes of records.
    pub fn with_changes(self, changes: Vec<Change>) -> NewCommit {
        NewCommit { changes, ..self }
    }

    /// The same commit with those observations.
    pub fn with_observations(self, observations: Vec<Observation>) -> NewCommit {
        NewCommit {
            observations,
            ..self
        }
    }

    /// The same commit as history that became known at that time.
    pub fn brought_in_at(self, recorded_at: Timestamp) -> NewCommit {
        NewCommit {
            recorded_at: Some(recorded_at),
            ..self
        }
    }

    /// The same commit on a draft.
    pub fn on_draft(self, draft: DraftId) -> NewCommit {
        NewCommit {
            draft: Some(draft),
            ..self
        }
    }
}

/// What became of a commit that was to be made.
#[derive(Clone, Debug, PartialEq)]
pub struct Appended {
    /// The commit; `None` if it would have changed nothing.
    pub commit: Option<Commit>,
    /// What became of its observations.
    pub observations: Tally,
}

/// How many observations were what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Written for a cell that had no value before.
    pub added: u64,
    /// Written in place of another value.
    pub corrections: u64,
    /// Not written, since the cell's value is the same.
    pub unchanged: u64,
}

impl Tally {
    /// How many were written.
    pub fn written(self) -> u64 {
        self.added + self.corrections
    }
}

/// One version of a record.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordVersion {
    /// The commit that made it.
    pub commit: Commit,
    /// What the commit did to the record.
    pub change: VersionChange,
}

/// What a commit did to a record.
#[derive(Clone, Debug, PartialEq)]
pub enum VersionChange {
    /// It put this record.
    Put(AnyRecord),
    /// It retired the record.
    Retired,
    /// It erased the person.
    Erased,
}

/// A draft: a name for a line of plan commits beside the main one.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// Its identity.
    pub id: DraftId,
    /// Its name; unique among those that are open.
    pub name: String,
    /// The commit that opened it: the draft begins with the plan as it was then.
    pub opened: CommitNumber,
    /// The commit that closed it.
    pub closed: Option<CommitNumber>,
}

/// Which plan is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PlanClock {
    /// The plan as it stands.
    Newest,
    /// The plan as it was known at an instant; before the first plan became known, the plan as first committed.
    KnownAt(Timestamp),
    /// The plan when that commit had just been made; 0 is the empty plan.
    Commit(CommitNumber),
    /// The plan of a draft.
    Draft(DraftId),
}
