//! Rows as they are stored, before anything in them is believed, and the way from and to what they mean.

use jiff::Timestamp;
use throughline_core::id::PersonId;
use throughline_model::Kind;
use throughline_model::observation::{CommitNumber, Observation};
use uuid::Uuid;

use crate::commit::{Commit, CommitHash, CommitKind, Draft, DraftId, origin_of_word};
use crate::error::{LedgerError, Result};
use crate::extent::{Extent, Place};
use crate::hash::Entry;

/// A row of the commits.
#[derive(Clone, Debug)]
pub(crate) struct StoredCommit {
    pub(crate) number: i64,
    pub(crate) previous: Vec<u8>,
    pub(crate) hash: Vec<u8>,
    pub(crate) at: i64,
    pub(crate) recorded_at: i64,
    pub(crate) brought_in: bool,
    pub(crate) author: Option<Vec<u8>>,
    pub(crate) origin: String,
    pub(crate) reason: Option<String>,
    pub(crate) kind: String,
    pub(crate) draft: Option<Vec<u8>>,
    pub(crate) records: i64,
    pub(crate) observations: i64,
}

impl StoredCommit {
    /// The commit that the row means.
    ///
    /// # Errors
    /// [`LedgerError::Corrupted`] with what is wrong.
    pub(crate) fn read(&self) -> Result<Commit> {
        let place = || format!("commit {}", self.number);
        let bad = |what: &str| LedgerError::corrupted(place(), what);
        let kind = CommitKind::from_word(&self.kind);
        let author = self
            .author
            .as_deref()
            .map(|id| uuid(id).ok_or_else(|| bad("its author is no id")));
        let draft = self
            .draft
            .as_deref()
            .map(|id| uuid(id).ok_or_else(|| bad("its draft is no id")));
        Ok(Commit {
            number: commit_number(self.number),
            previous: commit_hash(&self.previous)
                .ok_or_else(|| bad("the hash before it is no hash"))?,
            hash: commit_hash(&self.hash).ok_or_else(|| bad("its hash is no hash"))?,
            at: instant(self.at).ok_or_else(|| bad("its time is no time"))?,
            recorded_at: instant(self.recorded_at).ok_or_else(|| bad("its time is no time"))?,
            brought_in: self.brought_in,
            author: author.transpose()?.map(PersonId::from_uuid),
            origin: origin_of_word(&self.origin)
                .ok_or_else(|| bad("its way in is none that exists"))?,
            reason: self.reason.clone(),
            kind: kind.ok_or_else(|| bad("its kind is none that exists"))?,
            draft: draft.transpose()?.map(DraftId),
            records: u64::try_from(self.records)
                .map_err(|_| bad("its number of records is negative"))?,
            observations: u64::try_from(self.observations)
                .map_err(|_| bad("its number of observations is negative"))?,
        })
    }
}

/// What a commit does to a record, as it is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StoredChange {
    Put,
    Retire,
    Erase,
}

impl StoredChange {
    pub(crate) const fn word(self) -> &'static str {
        match self {
            StoredChange::Put => "put",
            StoredChange::Retire => "retire",
            StoredChange::Erase => "erase",
        }
    }

    pub(crate) fn from_word(word: &str) -> Option<StoredChange> {
        [StoredChange::Put, StoredChange::Retire, StoredChange::Erase]
            .into_iter()
            .find(|change| change.word() == word)
    }
}

/// A version of a record.
#[derive(Clone, Debug)]
pub(crate) struct Version {
    pub(crate) ordinal: i64,
    pub(crate) kind: Kind,
    pub(crate) id: Uuid,
    pub(crate) change: StoredChange,
    /// Of a put.
    pub(crate) position: f64,
    /// Of a put; else empty.
    pub(crate) body: String,
    /// Whether the record may not have had its key before.
    pub(crate) new_key: bool,
}

impl Version {
    /// What is hashed of it.
    pub(crate) fn entry(&self) -> Entry<'_> {
        let (kind, id) = (self.kind, self.id);
        match self.change {
            StoredChange::Put => Entry::Put {
                kind,
                id,
                position: self.position,
                body: &self.body,
            },
            StoredChange::Retire => Entry::Retire { kind, id },
            StoredChange::Erase => Entry::Erase { kind, id },
        }
    }
}

/// A row of the record versions.
#[derive(Clone, Debug)]
pub(crate) struct StoredVersion {
    pub(crate) number: i64,
    pub(crate) ordinal: i64,
    pub(crate) kind: String,
    pub(crate) id: Vec<u8>,
    pub(crate) change: String,
    pub(crate) position: Option<f64>,
    pub(crate) body: Option<String>,
    pub(crate) new_key: bool,
    pub(crate) recorded_at: i64,
    pub(crate) draft: Option<Vec<u8>>,
}

impl StoredVersion {
    /// The version that the row means.
    ///
    /// # Errors
    /// [`LedgerError::Corrupted`] with what is wrong.
    pub(crate) fn read(self) -> Result<Version> {
        let bad = |what: &str| {
            LedgerError::corrupted(
                format!("commit {}, record {}", self.number, self.ordinal + 1),
                what,
            )
        };
        let change = StoredChange::from_word(&self.change)
            .ok_or_else(|| bad("its change is none that exists"))?;
        let is_put = change == StoredChange::Put;
        if is_put != self.position.is_some() || is_put != self.body.is_some() {
            return Err(bad("its change and its contents do not agree"));
        }
        Ok(Version {
            ordinal: self.ordinal,
            kind: Kind::from_word(&self.kind).ok_or_else(|| bad("its kind is none that exists"))?,
            id: uuid(&self.id).ok_or_else(|| bad("its id is no id"))?,
            change,
            position: self.position.unwrap_or(0.0),
            body: self.body.unwrap_or_default(),
            new_key: self.new_key,
        })
    }
}

/// A row of the observation blocks.
#[derive(Clone, Debug)]
pub(crate) struct StoredBlock {
    pub(crate) number: i64,
    pub(crate) ordinal: i64,
    pub(crate) rows: i64,
    pub(crate) extent: Extent,
    pub(crate) hash: Vec<u8>,
    pub(crate) recorded_at: i64,
    pub(crate) bytes: Vec<u8>,
}

impl StoredBlock {
    /// Its observations, once its bytes are found to be those that were written.
    ///
    /// # Errors
    /// [`LedgerError::Corrupted`] with what is wrong.
    pub(crate) fn observations(&self) -> Result<Vec<Observation>> {
        self.observations_within(&Extent::everything())
    }

    /// Those of its observations that lie within an extent.
    ///
    /// # Errors
    /// As [`StoredBlock::observations`].
    pub(crate) fn observations_within(&self, wanted: &Extent) -> Result<Vec<Observation>> {
        let bad = |what: &str| {
            LedgerError::corrupted(
                format!("commit {}, observations {}", self.number, self.ordinal + 1),
                what,
            )
        };
        if crate::hash::sha256(&self.bytes).as_slice() != self.hash {
            return Err(bad(
                "the bytes of the block are not those that were written",
            ));
        }
        let unpacked = crate::block::decode(&self.bytes, wanted).map_err(|what| bad(&what))?;
        if i64::try_from(unpacked.rows) == Ok(self.rows) {
            Ok(unpacked.observations)
        } else {
            Err(bad("the block has another number of rows"))
        }
    }

    /// Where it stands in the order in which blocks became known.
    pub(crate) fn place(&self) -> Place {
        Place {
            recorded_at: self.recorded_at,
            number: self.number,
            ordinal: self.ordinal,
        }
    }
}

/// A row of the labels.
#[derive(Clone, Debug)]
pub(crate) struct StoredLabel {
    pub(crate) id: Vec<u8>,
    pub(crate) name: String,
    pub(crate) opened: i64,
    pub(crate) closed: Option<i64>,
}

impl StoredLabel {
    /// The draft that the row means.
    ///
    /// # Errors
    /// [`LedgerError::Corrupted`] with what is wrong.
    pub(crate) fn read(self) -> Result<Draft> {
        let id = uuid(&self.id).ok_or_else(|| {
            LedgerError::corrupted(format!("draft `{}`", self.name), "its id is no id")
        })?;
        Ok(Draft {
            id: DraftId(id),
            name: self.name,
            opened: commit_number(self.opened),
            closed: self.closed.map(commit_number),
        })
    }
}

pub(crate) fn uuid(bytes: &[u8]) -> Option<Uuid> {
    Uuid::from_slice(bytes).ok()
}

pub(crate) fn commit_hash(bytes: &[u8]) -> Option<CommitHash> {
    bytes.try_into().ok().map(CommitHash)
}

pub(crate) fn instant(microseconds: i64) -> Option<Timestamp> {
    Timestamp::from_microsecond(microseconds).ok()
}

/// Stored numbers are signed; a negative one, which nobody writes, is like none.
pub(crate) fn commit_number(number: i64) -> CommitNumber {
    CommitNumber(u64::try_from(number).unwrap_or(0))
}

/// The number as it is stored; beyond what can be stored it is greater than any that is.
pub(crate) fn stored_number(number: CommitNumber) -> i64 {
    i64::try_from(number.0).unwrap_or(i64::MAX)
}

/// A time to the microsecond, as it is kept.
pub(crate) fn to_microsecond(instant: Timestamp) -> Timestamp {
    Timestamp::from_microsecond(instant.as_microsecond()).unwrap_or(instant)
}
