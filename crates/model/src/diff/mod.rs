//! What differs between two plans, record by record and field by field, for people to read and for programs.

mod compare;
#[cfg(test)]
mod tests;
pub(crate) mod words;

use std::collections::BTreeMap;

use throughline_core::finding::FieldPath;
use uuid::Uuid;

use crate::kind::Kind;
use crate::model::Model;
use crate::records::AnyRecord;
use crate::tree::Tree;
use crate::value::Names;
use crate::written::{Form, Written};

/// One thing in which two plans differ. Written with `{}` it is one line, with `{:#}` long texts follow below it.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// The kind of the record.
    pub kind: Kind,
    /// The record; `None` where it is about the order of all records of the kind.
    pub id: Option<Uuid>,
    /// Its key after the change, or before it where it is retired; empty where there is no one record.
    pub key: String,
    /// What happened to it.
    pub change: Changed,
}

/// What happened to a record.
#[derive(Clone, Debug, PartialEq)]
pub enum Changed {
    /// It is new; all its fields, with keys.
    Added(Tree),
    /// It is no longer part of the plan; all its fields, with keys.
    Retired(Tree),
    /// It has another key; this was the one before.
    Renamed(String),
    /// The records of the kind stand in another order: their keys before and after.
    Reordered(Vec<String>, Vec<String>),
    /// A part of it differs.
    Part(PartChange),
}

/// A part of a record that differs.
#[derive(Clone, Debug, PartialEq)]
pub struct PartChange {
    /// The way to it; elements of lists stand by their keys.
    pub path: FieldPath,
    /// What was there, with keys.
    pub before: Option<Tree>,
    /// What is there, with keys.
    pub after: Option<Tree>,
    /// What sort of part it is.
    pub sort: PartSort,
}

/// What sort of part of a record differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartSort {
    /// A value such as a number, a date or a key.
    Value,
    /// Text of one line.
    Text,
    /// Text that may be long.
    Prose,
    /// An element of a list, added or removed.
    Element,
    /// The order of a list.
    Order,
}

/// What differs between two plans: by kind, and there in the order of the plan.
pub fn diff(before: &Model, after: &Model) -> Vec<Difference> {
    Kind::ALL
        .into_iter()
        .flat_map(|kind| differences_of_kind(kind, before, after))
        .collect()
}

fn differences_of_kind(kind: Kind, before: &Model, after: &Model) -> Vec<Difference> {
    let earlier = before.records(kind);
    let later = after.records(kind);
    let earlier_by_id: BTreeMap<Uuid, &AnyRecord> =
        earlier.iter().map(|record| (record.id(), record)).collect();
    let form = Form::of(kind);
    let mut found = Vec::new();
    for record in &later {
        match earlier_by_id.get(&record.id()) {
            None => found.push(added(record, after)),
            Some(previous) => found.extend(altered((previous, before), (record, after), &form)),
        }
    }
    for record in &earlier {
        if after.record(kind, record.id()).is_none() {
            found.push(retired(record, before));
        }
    }
    found.extend(reordered(kind, before, after));
    found
}

/// What differs between two versions of one record, of which one may be missing, where it was not part of the plan then. What
/// they refer to is named by a plan. Where the record stands among others is not compared.
pub fn diff_of_record(
    before: Option<&AnyRecord>,
    after: Option<&AnyRecord>,
    names: &Model,
) -> Vec<Difference> {
    match (before, after) {
        (None, None) => Vec::new(),
        (None, Some(record)) => vec![added(record, names)],
        (Some(record), None) => vec![retired(record, names)],
        (Some(before), Some(after)) => {
            let form = Form::of(after.kind());
            altered((before, names), (after, names), &form)
        }
    }
}

fn added(record: &AnyRecord, names: &Model) -> Difference {
    named(record, names, Changed::Added(record.write(names)))
}

fn retired(record: &AnyRecord, names: &Model) -> Difference {
    named(record, names, Changed::Retired(record.write(names)))
}

/// What differs between two versions of a record, each with the plan by which it names others.
fn altered(
    (before, names_before): (&AnyRecord, &Model),
    (after, names_after): (&AnyRecord, &Model),
    form: &Form,
) -> Vec<Difference> {
    if is_same(before, after) {
        return Vec::new();
    }
    let old = Written::new(before, form, names_before);
    let new = Written::new(after, form, names_after);
    let changes = compare::record(old.part(), new.part(), form).into_iter();
    changes
        .map(|change| named(after, names_after, change))
        .collect()
}

/// Whether two versions of a record say the same, wherever they stand in the plan.
pub(crate) fn is_same(one: &AnyRecord, other: &AnyRecord) -> bool {
    one == other
        || one
            .clone()
            .with_identity(other.id(), other.position())
            .eq(other)
}

fn named(record: &AnyRecord, names: &Model, change: Changed) -> Difference {
    Difference {
        kind: record.kind(),
        id: Some(record.id()),
        key: record.key(names),
        change,
    }
}

/// The difference in order of the records that are in both plans, if there is one.
fn reordered(kind: Kind, before: &Model, after: &Model) -> Option<Difference> {
    let order = |of: &Model, other: &Model| -> Vec<Uuid> {
        let ids = of.records(kind).into_iter().map(|record| record.id());
        ids.filter(|id| other.record(kind, *id).is_some()).collect()
    };
    let (earlier, later) = (order(before, after), order(after, before));
    let keys = |ids: &[Uuid]| {
        let key = |id: &Uuid| after.name(&[kind], kind, *id);
        ids.iter().map(key).collect()
    };
    (earlier != later).then(|| Difference {
        kind,
        id: None,
        key: String::new(),
        change: Changed::Reordered(keys(&earlier), keys(&later)),
    })
}
