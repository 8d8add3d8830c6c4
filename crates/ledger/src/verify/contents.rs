//! What a commit contains: its records, its observations, and the hash over all of it.

use std::collections::HashSet;

use throughline_model::observation::Cell;
use throughline_model::{AnyRecord, Change, Kind};

use super::{Keys, RESTORE, RESTORE_KEYS, Verifier};
use crate::block::in_parallel;
use crate::body;
use crate::commit::{Commit, CommitKind, Draft};
use crate::error::Result;
use crate::extent::Extent;
use crate::hash::{self, Entry};
use crate::replay;
use crate::stored::{StoredBlock, StoredChange, StoredVersion, Version};

impl Verifier {
    /// Checks everything that a commit contains.
    pub(super) fn contents(
        &mut self,
        commit: &Commit,
        stored: Vec<StoredVersion>,
        blocks: &[StoredBlock],
    ) {
        let stored_count = stored.len() as u64;
        self.report.records += stored_count;
        let mut versions = Vec::with_capacity(stored.len());
        for (row, ordinal) in stored.into_iter().zip(0..) {
            self.columns(commit, &row, ordinal);
            let read = row.read();
            versions.extend(self.noted(commit.number, read));
        }
        self.records(commit, &versions);
        let observations = self.observations(commit, blocks);
        if commit.records != stored_count || commit.observations != observations {
            self.problem(
                Some(commit.number),
                "it has another number of records or observations than it says",
                RESTORE,
            );
        }
        let mut entries: Vec<Entry<'_>> = versions.iter().map(Version::entry).collect();
        entries.extend(blocks.iter().filter_map(StoredBlock::entry));
        let draft = self.draft_entry(commit);
        entries.extend(draft.as_ref().map(|draft| match commit.kind {
            CommitKind::DraftOpened => Entry::DraftOpened(draft),
            _ => Entry::DraftClosed(draft),
        }));
        if hash::of_commit(commit, &entries) != commit.hash {
            self.problem(
                Some(commit.number),
                "its contents are not those that were committed: the hash differs",
                RESTORE,
            );
        }
    }

    /// Columns that repeat what the commit says, so that the hash does not cover them.
    fn columns(&mut self, commit: &Commit, row: &StoredVersion, ordinal: i64) {
        let draft = commit.draft.map(|draft| draft.0.as_bytes().to_vec());
        let repeats = row.recorded_at == commit.recorded_at.as_microsecond() && row.draft == draft;
        if !repeats || row.ordinal != ordinal {
            let what = format!(
                "record {} stands at another time, in another line or in another order",
                row.ordinal + 1
            );
            self.problem(Some(commit.number), what, RESTORE);
        }
    }

    fn records(&mut self, commit: &Commit, versions: &[Version]) {
        let number = commit.number;
        for version in versions {
            let (kind, id) = (version.kind, version.id);
            if version.change != StoredChange::Put {
                // Restoring a backup erases also whom it does not know.
                let may_be_unknown = version.change == StoredChange::Erase;
                if !may_be_unknown && !self.known.contains(&(kind, id)) {
                    self.problem(
                        Some(number),
                        format!("the {kind} {id} ends here and never began"),
                        RESTORE,
                    );
                }
                continue;
            }
            self.known.insert((kind, id));
            let person = body::subject(kind, id);
            if let Some(person) = person.filter(|_| body::has_sealed(&version.body)) {
                let is_first = self.sealed.insert(id);
                if !self.keys.contains_key(&person) && !self.erased.contains(&id) {
                    if !is_first || self.expected == Keys::MayBeMissing {
                        continue;
                    }
                    let what = format!("the data key of person {id} is missing, who is not erased");
                    self.problem(Some(number), what, RESTORE_KEYS);
                    continue;
                }
            }
            let read = self.read(version);
            self.noted(number, read);
            if let Some(key) =
                body::key_of(kind, id, &version.body, &self.keys).filter(|_| kind.has_key())
            {
                *self.marked_keys.entry((kind, id, key)).or_default() |= version.new_key;
            }
        }
    }

    /// Reads a version. Names of periods are those of the calendar that was in force in its line; there is one
    /// calendar, unless it was changed while there were no observations yet.
    fn read(&mut self, version: &Version) -> Result<()> {
        let mut read = Ok(None);
        for calendar in self.calendars.iter().rev() {
            read = replay::change(version, calendar, &self.keys);
            if read.is_ok() {
                break;
            }
        }
        if let Some(Change::Put(AnyRecord::Organisation(organisation))) = read? {
            self.calendars.push(organisation.calendar());
        }
        Ok(())
    }

    /// Checks the blocks of a commit; returns how many observations there are.
    fn observations(&mut self, commit: &Commit, blocks: &[StoredBlock]) -> u64 {
        let read = in_parallel(blocks, StoredBlock::observations);
        let mut count = 0;
        let mut last: Option<Cell> = None;
        for ((block, read), ordinal) in blocks.iter().zip(read).zip(0..) {
            let Some(observations) = self.noted(commit.number, read) else {
                continue;
            };
            count += observations.len() as u64;
            let (Some(first_cell), Some(last_cell)) = (
                observations.first().map(|one| one.cell),
                observations.last().map(|one| one.cell),
            ) else {
                self.problem(
                    Some(commit.number),
                    "it has a block without observations",
                    RESTORE,
                );
                continue;
            };
            let extent = Extent::of(observations.iter().map(|one| &one.cell));
            let repeats = block.recorded_at == commit.recorded_at.as_microsecond()
                && extent.is_some_and(|extent| extent == block.extent);
            if !repeats || block.ordinal != ordinal || last.is_some_and(|last| first_cell <= last) {
                let what = format!(
                    "block {} stands at another time, under other measures, units or days, or in another order",
                    block.ordinal + 1
                );
                self.problem(Some(commit.number), what, RESTORE);
            }
            last = Some(last_cell);
            let named: HashSet<_> = observations
                .iter()
                .map(|one| (one.cell.measure, one.cell.unit))
                .collect();
            for (measure, unit) in named {
                let is_known = self.known.contains(&(Kind::Measure, measure.as_uuid()))
                    && self.known.contains(&(Kind::Unit, unit.as_uuid()));
                if !is_known {
                    let what = format!(
                        "it has observations of measure {measure} and unit {unit}, which are not both there"
                    );
                    self.problem(Some(commit.number), what, RESTORE);
                }
            }
        }
        self.report.observations += count;
        count
    }

    /// The draft that a commit opens or closes.
    fn draft_entry(&mut self, commit: &Commit) -> Option<Draft> {
        let number = commit.number;
        let found = match commit.kind {
            CommitKind::DraftOpened => {
                self.opening.insert(number);
                self.labels.iter().find(|label| label.opened == number)
            }
            CommitKind::DraftClosed => {
                self.closing.insert(number);
                self.labels
                    .iter()
                    .find(|label| label.closed == Some(number))
            }
            _ => {
                let is_known = |draft| self.labels.iter().any(|label| label.id == draft);
                if commit.draft.is_some_and(|draft| !is_known(draft)) {
                    self.problem(
                        Some(number),
                        "it belongs to a draft that is not there",
                        RESTORE,
                    );
                }
                return None;
            }
        };
        let found = found.cloned();
        if found.is_none() {
            self.problem(
                Some(number),
                "the draft that it opens or closes is not there",
                RESTORE,
            );
        }
        found
    }
}
