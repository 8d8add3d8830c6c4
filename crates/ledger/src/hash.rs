//! The canonical bytes of a commit and their hash. `docs/LEDGER_FORMAT.md` is the description of this file.
//!
//! Every part has a fixed length or stands behind its length, so that no two different commits have the same bytes.

use sha2::{Digest, Sha256};
use throughline_model::Kind;
use uuid::Uuid;

use crate::commit::{Commit, CommitHash, Draft};

/// Opens the bytes of every commit; the number is the version of the canonical form.
const COMMIT_DOMAIN: &[u8] = b"throughline commit 1\n";

/// Opens the bytes from which the hash before the first commit comes.
const LEDGER_DOMAIN: &[u8] = b"throughline ledger 1\n";

/// What a commit contains, as it is hashed.
#[derive(Clone, Debug)]
pub(crate) enum Entry<'a> {
    /// A record was put.
    Put {
        kind: Kind,
        id: Uuid,
        position: f64,
        body: &'a str,
    },
    /// A record was retired.
    Retire { kind: Kind, id: Uuid },
    /// A person was erased.
    Erase { kind: Kind, id: Uuid },
    /// A block of observations, by the hash of its bytes.
    Block { rows: u64, hash: [u8; 32] },
    /// A draft was opened.
    DraftOpened(&'a Draft),
    /// A draft was closed.
    DraftClosed(&'a Draft),
}

/// The SHA-256 of some bytes.
pub(crate) fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// The hash that stands before that of the first commit: it binds the chain to its ledger.
pub(crate) fn of_ledger(id: Uuid, created_at_us: i64) -> CommitHash {
    let mut bytes = Bytes(LEDGER_DOMAIN.to_vec());
    bytes.raw(id.as_bytes());
    bytes.number(created_at_us);
    CommitHash(sha256(&bytes.0))
}

/// The hash of a commit: of its header, the hash before it, and its entries in order.
pub(crate) fn of_commit(commit: &Commit, entries: &[Entry<'_>]) -> CommitHash {
    let mut bytes = Bytes(COMMIT_DOMAIN.to_vec());
    bytes.count(commit.number.0);
    bytes.raw(&commit.previous.0);
    bytes.number(commit.at.as_microsecond());
    bytes.number(commit.recorded_at.as_microsecond());
    bytes.raw(&[u8::from(commit.brought_in)]);
    bytes.optional(
        commit
            .author
            .as_ref()
            .map(|author| author.as_bytes().as_slice()),
    );
    bytes.text(&commit.origin.to_string());
    bytes.optional(commit.reason.as_ref().map(|reason| reason.as_bytes()));
    bytes.text(commit.kind.word());
    bytes.optional(
        commit
            .draft
            .as_ref()
            .map(|draft| draft.0.as_bytes().as_slice()),
    );
    bytes.count(commit.records);
    bytes.count(commit.observations);
    bytes.count(entries.len() as u64);
    for entry in entries {
        bytes.entry(entry);
    }
    CommitHash(sha256(&bytes.0))
}

/// Canonical bytes as they grow. Numbers are big-endian.
#[derive(Default)]
pub(crate) struct Bytes(pub(crate) Vec<u8>);

impl Bytes {
    pub(crate) fn raw(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    pub(crate) fn count(&mut self, count: u64) {
        self.raw(&count.to_be_bytes());
    }

    pub(crate) fn number(&mut self, number: i64) {
        self.raw(&number.to_be_bytes());
    }

    pub(crate) fn text(&mut self, text: &str) {
        self.count(text.len() as u64);
        self.raw(text.as_bytes());
    }

    pub(crate) fn optional(&mut self, bytes: Option<&[u8]>) {
        self.raw(&[u8::from(bytes.is_some())]);
        if let Some(bytes) = bytes {
            self.count(bytes.len() as u64);
            self.raw(bytes);
        }
    }

    fn entry(&mut self, entry: &Entry<'_>) {
        match entry {
            Entry::Put {
                kind,
                id,
                position,
                body,
            } => {
                self.record(1, *kind, *id);
                self.raw(&position.to_bits().to_be_bytes());
                self.raw(&sha256(body.as_bytes()));
            }
            Entry::Retire { kind, id } => self.record(2, *kind, *id),
            Entry::Erase { kind, id } => self.record(3, *kind, *id),
            Entry::Block { rows, hash } => {
                self.raw(&[4]);
                self.count(*rows);
                self.raw(hash);
            }
            Entry::DraftOpened(draft) => self.draft(5, draft),
            Entry::DraftClosed(draft) => self.draft(6, draft),
        }
    }

    fn record(&mut self, tag: u8, kind: Kind, id: Uuid) {
        self.raw(&[tag]);
        self.text(kind.word());
        self.raw(id.as_bytes());
    }

    fn draft(&mut self, tag: u8, draft: &Draft) {
        self.raw(&[tag]);
        self.raw(draft.id.0.as_bytes());
        self.text(&draft.name);
        self.count(draft.opened.0);
    }
}

/// Bytes as lower case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digits = bytes.iter().flat_map(|byte| {
        [
            DIGITS[usize::from(byte >> 4)],
            DIGITS[usize::from(byte & 15)],
        ]
    });
    digits.map(char::from).collect()
}

/// The bytes that lower case hexadecimal digits stand for.
pub(crate) fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    let bytes = pairs
        .iter()
        .map(|[high, low]| Some(digit(*high)? << 4 | digit(*low)?));
    rest.is_empty().then(|| bytes.collect()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commit::{CommitKind, DraftId};
    use throughline_core::actor::Origin;
    use throughline_core::id::PersonId;
    use throughline_model::observation::CommitNumber;

    #[test]
    fn hexadecimal_digits_read_back() {
        for bytes in [&[][..], &[0], &[0x0f, 0xf0, 0xff]] {
            assert_eq!(from_hex(&hex(bytes)).as_deref(), Some(bytes));
        }
        for wrong in ["0", "0G", "AB", "é"] {
            assert_eq!(from_hex(wrong), None, "{wrong}");
        }
    }

    /// The form is final: a ledger that was written once must verify with every later release.
    #[test]
    fn the_form_of_the_hash_does_not_change() {
        let ledger = of_ledger(Uuid::from_u128(7), 1_000_000);
        let draft = Draft {
            id: DraftId(Uuid::from_u128(4)),
            name: "Reorganisation".into(),
            opened: CommitNumber(3),
            closed: None,
        };
        let (kind, id) = (Kind::Unit, Uuid::from_u128(5));
        let entries = [
            Entry::Put {
                kind,
                id,
                position: 1.5,
                body: r#"{"key":"ewr","name":"Newark"}"#,
            },
            Entry::Retire { kind, id },
            Entry::Erase {
                kind: Kind::Person,
                id,
            },
            Entry::Block {
                rows: 3,
                hash: [9; 32],
            },
            Entry::DraftOpened(&draft),
            Entry::DraftClosed(&draft),
        ];
        let at = jiff::Timestamp::from_microsecond(1_700_000_000_000_001).unwrap();
        let commit = Commit {
            number: CommitNumber(1),
            previous: ledger,
            hash: CommitHash([0; 32]),
            at,
            recorded_at: at,
            brought_in: false,
            author: Some(PersonId::from_uuid(Uuid::from_u128(2))),
            origin: Origin::CommandLine,
            reason: Some("because".into()),
            kind: CommitKind::Plan,
            draft: Some(draft.id),
            records: 3,
            observations: 3,
        };
        assert_eq!(
            ledger.to_string(),
            "96ea641efa4951c3d4dadaaf5c72ac0e8a6253dc1b6d75e6f24c5c4ad3a957a9"
        );
        assert_eq!(
            of_commit(&commit, &entries).to_string(),
            "a0cf452a6d19ea2148ab68016d5aa462afe13721d748c1b8b95adf7297fa5a7e"
        );
        assert_ne!(
            of_commit(&commit, &entries[..5]),
            of_commit(&commit, &entries)
        );
    }
}
