//! Storing a commit: data keys of those who are new, records as they are stored, the hash, and the head.

use throughline_model::{AnyRecord, Change, Model};

use super::Writer;
use crate::body;
use crate::commit::{Commit, Head};
use crate::error::Result;
use crate::hash::{self, Entry};
use crate::seal::DataKey;
use crate::store;
use crate::stored::{StoredBlock, StoredChange, Version, commit_hash};

impl Writer {
    /// Makes a data key for each person who is new.
    pub(super) async fn make_data_keys(
        &mut self,
        changes: &[Change],
        before: &Model,
    ) -> Result<()> {
        for change in changes {
            let Change::Put(record) = change else {
                continue;
            };
            let Some(person) = body::subject(record.kind(), record.id()) else {
                continue;
            };
            if self.keys.contains_key(&person) || self.is_closed(person, before) {
                continue;
            }
            let key = DataKey::new(&*self.ledger.randomness);
            store::insert_data_key(&mut self.transaction, person, &key.0).await?;
            self.keys.insert(person, key);
        }
        Ok(())
    }

    /// The changes as they are stored.
    pub(super) fn versions(
        &self,
        changes: &[Change],
        before: &Model,
        after: &Model,
        brought_in: bool,
    ) -> Vec<Version> {
        let has_new_key = |record: &AnyRecord| {
            let key_before = || before.key_of(record.kind(), record.id());
            record.kind().has_key() && (brought_in || key_before() != Some(record.key(after)))
        };
        let version = |(ordinal, change): (i64, &Change)| {
            let (kind, id) = change.identity();
            let (stored, position, body, new_key) = match change {
                Change::Put(record) => {
                    let body = body::write(
                        record,
                        after.calendar(),
                        &self.keys,
                        &*self.ledger.randomness,
                    );
                    (
                        StoredChange::Put,
                        record.position(),
                        body,
                        has_new_key(record),
                    )
                }
                Change::Retire(..) => (StoredChange::Retire, 0.0, String::new(), false),
            };
            Version {
                ordinal,
                kind,
                id,
                change: stored,
                position,
                body,
                new_key,
            }
        };
        (0..).zip(changes).map(version).collect()
    }

    /// Hashes and writes a commit with its contents, and moves the head to it.
    pub(super) async fn insert(
        &mut self,
        commit: &mut Commit,
        versions: &[Version],
        blocks: &[StoredBlock],
        others: &[Entry<'_>],
    ) -> Result<()> {
        commit.records = versions.len() as u64;
        commit.observations = blocks.iter().map(|block| block.rows.unsigned_abs()).sum();
        let mut entries: Vec<Entry<'_>> = versions.iter().map(Version::entry).collect();
        entries.extend(blocks.iter().filter_map(StoredBlock::entry));
        entries.extend(others.iter().cloned());
        commit.hash = hash::of_commit(commit, &entries);
        store::insert_commit(&mut self.transaction, commit).await?;
        store::insert_versions(&mut self.transaction, commit, versions).await?;
        for block in blocks {
            store::insert_block(&mut self.transaction, block).await?;
        }
        self.head = Head {
            number: commit.number,
            hash: commit.hash,
            at: commit.at,
        };
        Ok(())
    }
}

impl StoredBlock {
    /// What is hashed of it; `None` if its hash is none.
    pub(crate) fn entry(&self) -> Option<Entry<'_>> {
        let hash = commit_hash(&self.hash)?.0;
        Some(Entry::Block {
            rows: self.rows.unsigned_abs(),
            hash,
        })
    }
}
