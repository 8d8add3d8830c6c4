//! What stands in the sections of a backup: commits, records, blocks, drafts and data keys, in the canonical bytes in
//! which they are hashed too.

use jiff::Timestamp;
use throughline_core::id::PersonId;
use throughline_model::Kind;
use throughline_model::observation::CommitNumber;
use uuid::Uuid;

use super::BackupHeader;
use crate::block::decode;
use crate::commit::{Commit, CommitHash, Draft, DraftId, Head};
use crate::extent::Extent;
use crate::hash::{Bytes, sha256};
use crate::seal::KEY_LENGTH;
use crate::stored::{StoredBlock, StoredChange, StoredCommit, Version, instant, stored_number};

/// The data keys of some persons.
pub(super) type StoredKeys = Vec<(PersonId, Vec<u8>)>;

pub(super) fn write_header(header: &BackupHeader) -> Vec<u8> {
    let mut bytes = Bytes::default();
    bytes.raw(header.ledger.as_bytes());
    bytes.number(header.created_at.as_microsecond());
    bytes.count(header.head.number.0);
    bytes.raw(&header.head.hash.0);
    bytes.number(header.head.at.as_microsecond());
    bytes.number(header.taken_at.as_microsecond());
    bytes.0
}

pub(super) fn read_header(bytes: &[u8]) -> Option<BackupHeader> {
    let mut fields = Fields(bytes);
    let header = BackupHeader {
        ledger: fields.id()?,
        created_at: fields.instant()?,
        head: Head {
            number: CommitNumber(fields.count()?),
            hash: CommitHash(fields.raw()?),
            at: fields.instant()?,
        },
        taken_at: fields.instant()?,
    };
    fields.ends().then_some(header)
}

pub(super) fn write_draft(draft: &Draft) -> Vec<u8> {
    let mut bytes = Bytes::default();
    bytes.raw(draft.id.0.as_bytes());
    bytes.text(&draft.name);
    bytes.count(draft.opened.0);
    let closed = draft.closed.map(|number| number.0.to_be_bytes());
    bytes.optional(closed.as_ref().map(<[u8; 8]>::as_slice));
    bytes.0
}

pub(super) fn read_draft(bytes: &[u8]) -> Option<Draft> {
    let mut fields = Fields(bytes);
    let (id, name) = (DraftId(fields.id()?), fields.text()?);
    let opened = CommitNumber(fields.count()?);
    let closed = match fields.optional()? {
        Some(number) => Some(CommitNumber(u64::from_be_bytes(number.try_into().ok()?))),
        None => None,
    };
    let draft = Draft {
        id,
        name,
        opened,
        closed,
    };
    fields.ends().then_some(draft)
}

pub(super) fn write_commit(commit: &Commit) -> Vec<u8> {
    let mut bytes = Bytes::default();
    bytes.count(commit.number.0);
    bytes.raw(&commit.previous.0);
    bytes.raw(&commit.hash.0);
    bytes.number(commit.at.as_microsecond());
    bytes.number(commit.recorded_at.as_microsecond());
    bytes.raw(&[u8::from(commit.brought_in)]);
    bytes.optional(commit.author.as_ref().map(|id| id.as_bytes().as_slice()));
    bytes.text(&commit.origin.to_string());
    bytes.optional(commit.reason.as_ref().map(|reason| reason.as_bytes()));
    bytes.text(commit.kind.word());
    bytes.optional(commit.draft.as_ref().map(|id| id.0.as_bytes().as_slice()));
    bytes.count(commit.records);
    bytes.count(commit.observations);
    bytes.0
}

pub(super) fn read_commit(bytes: &[u8]) -> Option<Commit> {
    let mut fields = Fields(bytes);
    let row = StoredCommit {
        number: i64::try_from(fields.count()?).ok()?,
        previous: fields.raw::<32>()?.to_vec(),
        hash: fields.raw::<32>()?.to_vec(),
        at: fields.number()?,
        recorded_at: fields.number()?,
        brought_in: fields.truth()?,
        author: fields.optional()?.map(<[u8]>::to_vec),
        origin: fields.text()?,
        reason: match fields.optional()? {
            Some(reason) => Some(String::from_utf8(reason.to_vec()).ok()?),
            None => None,
        },
        kind: fields.text()?,
        draft: fields.optional()?.map(<[u8]>::to_vec),
        records: i64::try_from(fields.count()?).ok()?,
        observations: i64::try_from(fields.count()?).ok()?,
    };
    fields.ends().then(|| row.read().ok()).flatten()
}

pub(super) fn write_versions(versions: &[Version]) -> Vec<u8> {
    let mut bytes = Bytes::default();
    for version in versions {
        bytes.text(version.change.word());
        bytes.text(version.kind.word());
        bytes.raw(version.id.as_bytes());
        bytes.raw(&version.position.to_bits().to_be_bytes());
        bytes.text(&version.body);
        bytes.raw(&[u8::from(version.new_key)]);
    }
    bytes.0
}

/// The versions, counted on from an ordinal.
pub(super) fn read_versions(bytes: &[u8], first: i64) -> Option<Vec<Version>> {
    let mut fields = Fields(bytes);
    let mut versions = Vec::new();
    for ordinal in first.. {
        if fields.ends() {
            break;
        }
        versions.push(Version {
            ordinal,
            change: StoredChange::from_word(&fields.text()?)?,
            kind: Kind::from_word(&fields.text()?)?,
            id: fields.id()?,
            position: f64::from_bits(fields.count()?),
            body: fields.text()?,
            new_key: fields.truth()?,
        });
    }
    Some(versions)
}

pub(super) fn write_block(block: &StoredBlock) -> Vec<u8> {
    let mut bytes = Bytes::default();
    bytes.count(block.rows.unsigned_abs());
    for measure in &block.extent.measures {
        bytes.raw(measure);
    }
    bytes.raw(&block.bytes);
    bytes.0
}

/// The block of a commit with that ordinal. What else stands beside it is found out from its observations.
pub(super) fn read_block(bytes: &[u8], commit: &Commit, ordinal: i64) -> Option<StoredBlock> {
    let mut fields = Fields(bytes);
    let rows = i64::try_from(fields.count()?).ok()?;
    let measures = [fields.raw::<16>()?.to_vec(), fields.raw::<16>()?.to_vec()];
    let bytes = fields.0.to_vec();
    let observations = decode(&bytes, &Extent::everything()).ok()?.observations;
    let extent = Extent::of(observations.iter().map(|one| &one.cell))?;
    if extent.measures != measures {
        return None;
    }
    Some(StoredBlock {
        number: stored_number(commit.number),
        ordinal,
        rows,
        extent,
        hash: sha256(&bytes).to_vec(),
        recorded_at: commit.recorded_at.as_microsecond(),
        bytes,
    })
}

pub(super) fn write_keys(keys: &StoredKeys) -> Vec<u8> {
    let mut bytes = Bytes::default();
    for (person, key) in keys {
        bytes.raw(person.as_bytes());
        bytes.raw(key);
    }
    bytes.0
}

pub(super) fn read_keys(bytes: &[u8]) -> Option<StoredKeys> {
    let mut fields = Fields(bytes);
    let mut keys = Vec::new();
    while !fields.ends() {
        let person = PersonId::from_uuid(fields.id()?);
        keys.push((person, fields.raw::<KEY_LENGTH>()?.to_vec()));
    }
    Some(keys)
}

/// Canonical bytes as they are read; each answer is `None` where they say something else.
struct Fields<'a>(&'a [u8]);

impl<'a> Fields<'a> {
    fn raw<const LENGTH: usize>(&mut self) -> Option<[u8; LENGTH]> {
        let (bytes, rest) = self.0.split_first_chunk::<LENGTH>()?;
        self.0 = rest;
        Some(*bytes)
    }

    fn count(&mut self) -> Option<u64> {
        self.raw().map(u64::from_be_bytes)
    }

    fn number(&mut self) -> Option<i64> {
        self.raw().map(i64::from_be_bytes)
    }

    fn instant(&mut self) -> Option<Timestamp> {
        instant(self.number()?)
    }

    fn id(&mut self) -> Option<Uuid> {
        self.raw().map(Uuid::from_bytes)
    }

    fn truth(&mut self) -> Option<bool> {
        match self.raw()? {
            [0] => Some(false),
            [1] => Some(true),
            [_] => None,
        }
    }

    fn bytes(&mut self) -> Option<&'a [u8]> {
        let length = usize::try_from(self.count()?).ok()?;
        let (bytes, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(bytes)
    }

    fn text(&mut self) -> Option<String> {
        String::from_utf8(self.bytes()?.to_vec()).ok()
    }

    fn optional(&mut self) -> Option<Option<&'a [u8]>> {
        if self.truth()? {
            self.bytes().map(Some)
        } else {
            Some(None)
        }
    }

    fn ends(&self) -> bool {
        self.0.is_empty()
    }
}
