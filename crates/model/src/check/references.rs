//! Every reference leads to a record of the plan. Reading a folder finds unknown keys; this finds what was retired
//! while something still refers to it.

use std::cell::RefCell;

use throughline_core::calendar::Calendar;
use throughline_core::finding::{FieldPath, Finding, Place, Segment};
use uuid::Uuid;

use crate::kind::Kind;
use crate::model::Model;
use crate::records::AnyRecord;
use crate::tree::Tree;
use crate::value::{ById, Names};

pub(super) fn check(model: &Model, findings: &mut Vec<Finding>) {
    // What is worked out follows the plan, and may lag behind it.
    for record in Kind::written().flat_map(|kind| model.records(kind)) {
        let probe = Probe {
            model,
            missing: RefCell::new(Vec::new()),
        };
        record.write(&probe);
        let mut missing = probe.missing.into_inner();
        missing.sort();
        missing.dedup();
        for (kind, id) in missing {
            findings.extend(broken(model, &record, kind, id));
        }
    }
}

/// Notes which of the records that a record names are not there. Writing a record names all that it refers to,
/// those in its formula included.
struct Probe<'a> {
    model: &'a Model,
    missing: RefCell<Vec<(Kind, Uuid)>>,
}

impl Names for Probe<'_> {
    fn name(&self, _: &[Kind], kind: Kind, id: Uuid) -> String {
        if !self.model.has(kind, id) {
            self.missing.borrow_mut().push((kind, id));
        }
        String::new()
    }

    fn calendar(&self) -> &Calendar {
        self.model.calendar()
    }
}

/// The errors of all references of a record to one that is not there.
fn broken(model: &Model, record: &AnyRecord, kind: Kind, id: Uuid) -> Vec<Finding> {
    let message = match model.last_key_of(kind, id) {
        Some(key) => format!("the {kind} `{key}` is no longer part of the plan"),
        None => format!("there is no such {kind}"),
    };
    let mut paths = Vec::new();
    let stored = record.write(&ById(model.calendar()));
    find(&stored, &id.to_string(), FieldPath::new(), &mut paths);
    let place = Place::record(record.kind().word(), record.key(model));
    let error = |path: FieldPath| {
        Finding::error("unknown-reference", message.clone())
            .at(place.clone().path(path))
            .with_help("take the reference out, or keep the record in the plan")
    };
    paths.into_iter().map(error).collect()
}

/// The paths of the scalars of a tree that name an id.
fn find(tree: &Tree, id: &str, path: FieldPath, found: &mut Vec<FieldPath>) {
    match tree {
        Tree::Null => {}
        Tree::Plain(text) | Tree::Text(text) => {
            if text.contains(id) {
                found.push(path);
            }
        }
        Tree::List(elements) => {
            for (index, element) in elements.iter().enumerate() {
                find(element, id, path.clone().index(index), found);
            }
        }
        Tree::Map(entries) => {
            for (name, value) in entries {
                let segment = Segment::Field(name.clone().into());
                find(value, id, path.clone().then(segment), found);
            }
        }
    }
}
