//! Brings a plan folder and the ledger together, field by field, from the commit at which the folder was exported.
//!
//! A folder that is older than the ledger cannot undo what was changed there since: what only one side changed is
//! taken from that side, and what both changed differently is named and left to people.

mod conflict;
mod fields;
pub(crate) mod order;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use throughline_core::calendar::Calendar;
use throughline_core::finding::FieldPath;
use uuid::Uuid;

pub use conflict::{Clashing, Conflict};

use self::fields::Three;
use crate::diff::is_same;
use crate::kind::Kind;
use crate::model::{Change, Model};
use crate::records::AnyRecord;
use crate::tree::Tree;
use crate::value::{ById, KeyBook, Names};
use crate::written::{Form, Part, Written};

/// A plan folder, read.
#[derive(Clone, Copy, Debug)]
pub struct Folder<'a> {
    /// The sections that are there. Those that are not are left alone.
    pub sections: &'a BTreeSet<Kind>,
    /// The records, each with its identity; their positions give the order within a kind.
    pub records: &'a [AnyRecord],
    /// Whether records that it lacks in its sections are retired.
    pub retire: bool,
    /// Whether the folder wins where both sides changed the same field. What the other side alone changed still stays.
    pub wins: bool,
}

/// What applying a folder would do.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Proposal {
    /// What changes in the ledger. To be committed only if there are no conflicts.
    pub changes: Vec<Change>,
    /// What both sides changed.
    pub conflicts: Vec<Conflict>,
    /// Records that the folder lacks in the sections that it has, and that stay because retiring was not asked for.
    pub left_out: Vec<(Kind, Uuid)>,
}

/// What to do with a folder whose base is `base`, on top of `head`. A folder without a base has `head` as its base,
/// so that it simply wins.
pub fn propose(base: &Model, head: &Model, folder: Folder<'_>) -> Proposal {
    let mut merge = Merge {
        base,
        head,
        calendar: calendar(head, folder.records),
        names: names(base, head, folder.records),
        retire: folder.retire,
        wins: folder.wins,
        proposal: Proposal::default(),
    };
    let mut by_kind: BTreeMap<Kind, Vec<&AnyRecord>> = BTreeMap::new();
    for record in folder.records {
        by_kind.entry(record.kind()).or_default().push(record);
    }
    for kind in Kind::written() {
        let mut records = by_kind.remove(&kind).unwrap_or_default();
        records.sort_by(|one, other| one.position().total_cmp(&other.position()));
        merge.put(kind, &records);
        if folder.sections.contains(&kind) {
            merge.retire(kind, &records);
        }
    }
    merge.proposal
}

/// The calendar of the folder, or of the ledger where the folder has no organisation.
fn calendar(head: &Model, records: &[AnyRecord]) -> Calendar {
    let organisation = records.iter().find_map(|record| match record {
        AnyRecord::Organisation(organisation) => Some(organisation.calendar()),
        _ => None,
    });
    organisation.unwrap_or_else(|| head.calendar().clone())
}

/// Keys from the book, and periods as one side names them: the same text in two calendars is no change of the text.
struct InCalendar<'a> {
    names: &'a KeyBook,
    calendar: &'a Calendar,
}

impl Names for InCalendar<'_> {
    fn name(&self, kinds: &[Kind], kind: Kind, id: Uuid) -> String {
        self.names.name(kinds, kind, id)
    }

    fn calendar(&self) -> &Calendar {
        self.calendar
    }
}

/// The keys of everything that can be referred to; where they differ, those of the folder.
fn names(base: &Model, head: &Model, records: &[AnyRecord]) -> KeyBook {
    let mut book = KeyBook::new(head.calendar().clone());
    for kind in Kind::ALL.into_iter().filter(|kind| kind.has_key()) {
        for model in [base, head] {
            for record in model.records(kind) {
                book.enter(kind, record.key(model), record.id());
            }
        }
    }
    for record in records.iter().filter(|record| record.kind().has_key()) {
        let key = record.key(&ById(head.calendar()));
        book.enter(record.kind(), key, record.id());
    }
    book
}

struct Merge<'a> {
    base: &'a Model,
    head: &'a Model,
    calendar: Calendar,
    names: KeyBook,
    retire: bool,
    wins: bool,
    proposal: Proposal,
}

impl Merge<'_> {
    /// Merges the records of a kind that the folder has.
    fn put(&mut self, kind: Kind, folder: &[&AnyRecord]) {
        if folder.is_empty() {
            return;
        }
        let form = Form::of(kind);
        let mut merged: BTreeMap<Uuid, AnyRecord> = BTreeMap::new();
        for record in folder {
            if let Some(result) = self.merged(record, &form) {
                merged.insert(record.id(), result);
            }
        }
        for (id, position) in self.positions(kind, folder, &merged) {
            let before = self.head.record(kind, id);
            let Some(record) = merged.remove(&id).or_else(|| before.clone()) else {
                continue;
            };
            let record = record.with_identity(id, position);
            if before.as_ref() != Some(&record) {
                self.proposal.changes.push(Change::Put(record));
            }
        }
    }

    /// The records of a kind in their order after the merge, each with its position.
    fn positions(
        &self,
        kind: Kind,
        folder: &[&AnyRecord],
        merged: &BTreeMap<Uuid, AnyRecord>,
    ) -> Vec<(Uuid, f64)> {
        let (base, theirs) = (self.base.records(kind), self.head.records(kind));
        let ids = |records: &[AnyRecord]| records.iter().map(AnyRecord::id).collect::<Vec<_>>();
        let ours: Vec<Uuid> = folder.iter().map(|record| record.id()).collect();
        let present: BTreeMap<Uuid, f64> = theirs
            .iter()
            .map(|record| (record.id(), record.position()))
            .collect();
        let mut order = order::merge(&ids(&base), &ours, &ids(&theirs));
        order.retain(|id| merged.contains_key(id) || present.contains_key(id));
        let positions = order::positions(&order, &present);
        let placed = |id: Uuid| positions.get(&id).map(|position| (id, *position));
        order.into_iter().filter_map(placed).collect()
    }

    /// What a record of the folder becomes; `None` where nothing is put.
    fn merged(&mut self, ours: &AnyRecord, form: &Form) -> Option<AnyRecord> {
        let (kind, id) = (ours.kind(), ours.id());
        let base = self.base.record(kind, id);
        let Some(theirs) = self.head.record(kind, id) else {
            return match base {
                Some(base) if is_same(&base, ours) => None,
                Some(_) => self.conflict(ours, FieldPath::new(), Clashing::RetiredInLedger),
                None => self.with_unused_key(ours),
            };
        };
        let is_base = |record: &AnyRecord| base.as_ref().is_some_and(|base| is_same(base, record));
        if is_same(ours, &theirs) || is_base(ours) {
            return Some(theirs);
        }
        let renamed = ours.key(&self.names) != theirs.key(&self.names);
        let ours = if renamed {
            &self.with_unused_key(ours)?
        } else {
            ours
        };
        if is_base(&theirs) {
            return Some(ours.clone());
        }
        self.three_way(base.as_ref(), ours, &theirs, form)
    }

    /// Merges a record that both sides changed.
    fn three_way(
        &mut self,
        base: Option<&AnyRecord>,
        ours: &AnyRecord,
        theirs: &AnyRecord,
        form: &Form,
    ) -> Option<AnyRecord> {
        let write = |record: &AnyRecord, calendar: &Calendar| {
            let names = InCalendar {
                names: &self.names,
                calendar,
            };
            Written::new(record, form, &names)
        };
        let base = base.map(|base| write(base, self.base.calendar()));
        let folder = write(ours, &self.calendar);
        let ledger = write(theirs, self.head.calendar());
        let versions = Three {
            base: base.as_ref().map_or(Part::NOTHING, Written::part),
            ours: folder.part(),
            theirs: ledger.part(),
        };
        let (tree, clashes) = fields::record(versions, form);
        if clashes.is_empty() || self.wins {
            return self.read(ours, theirs, &tree);
        }
        for clash in clashes {
            let values = Clashing::Values {
                base: clash.base,
                folder: clash.ours,
                ledger: clash.theirs,
            };
            self.conflict::<()>(ours, clash.path, values);
        }
        None
    }

    /// Reads the merged record, so that what is put is what will be read again. Where two changes do not go together,
    /// such as one that makes a list too long, the record as a whole is in conflict.
    fn read(&mut self, ours: &AnyRecord, theirs: &AnyRecord, tree: &Tree) -> Option<AnyRecord> {
        let key = ours.key(&self.names);
        let names = ById(&self.calendar);
        let read = AnyRecord::read(ours.kind(), &key, tree, &names, &mut Vec::new());
        read.or_else(|| {
            let values = Clashing::Values {
                base: None,
                folder: Some(ours.write(&self.names)),
                ledger: Some(theirs.write(&self.names)),
            };
            self.conflict(ours, FieldPath::new(), values)
        })
    }

    /// A record that is new, or has a new key, which no other record has or had: keys are not used again.
    fn with_unused_key(&mut self, record: &AnyRecord) -> Option<AnyRecord> {
        let key = record.key(&self.names);
        match self.head.first_user_of(record.kind(), &key) {
            Some(user) if user != record.id() => {
                self.conflict(record, FieldPath::new(), Clashing::KeyInUse)
            }
            _ => Some(record.clone()),
        }
    }

    /// Retires the records of the base that the folder lacks, or lists them.
    fn retire(&mut self, kind: Kind, folder: &[&AnyRecord]) {
        let kept: BTreeSet<Uuid> = folder.iter().map(|record| record.id()).collect();
        for base in self.base.records(kind) {
            let id = base.id();
            let Some(theirs) = self.head.record(kind, id).filter(|_| !kept.contains(&id)) else {
                continue;
            };
            if !self.retire {
                self.proposal.left_out.push((kind, id));
            } else if is_same(&base, &theirs) {
                self.proposal.changes.push(Change::Retire(kind, id));
            } else {
                self.conflict::<()>(&theirs, FieldPath::new(), Clashing::ChangedInLedger);
            }
        }
    }

    /// Notes a conflict; the answer of a merge that puts nothing.
    fn conflict<T>(&mut self, record: &AnyRecord, path: FieldPath, clash: Clashing) -> Option<T> {
        self.proposal.conflicts.push(Conflict {
            kind: record.kind(),
            id: record.id(),
            key: record.key(&self.names),
            path,
            clash,
        });
        None
    }
}
