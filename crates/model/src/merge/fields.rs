//! Merges three versions of a record field by field, lists by the keys of their elements.

use throughline_core::finding::{FieldPath, Segment};

use super::order;
use crate::tree::Tree;
use crate::written::{FieldForm, Form, Part};

/// Three versions of a part of a record.
#[derive(Clone, Copy)]
pub(super) struct Three<'a> {
    /// The version from which both sides began; nothing, where there was none.
    pub(super) base: Part<'a>,
    /// The version of the folder.
    pub(super) ours: Part<'a>,
    /// The version of the ledger.
    pub(super) theirs: Part<'a>,
}

/// A part that both sides changed, each in its way. Values are shown with keys.
#[derive(Debug)]
pub(super) struct Clash {
    pub(super) path: FieldPath,
    pub(super) base: Option<Tree>,
    pub(super) ours: Option<Tree>,
    pub(super) theirs: Option<Tree>,
}

/// The merged record with ids, and what could not be merged.
pub(super) fn record(versions: Three<'_>, form: &Form) -> (Tree, Vec<Clash>) {
    let mut merge = Merge::default();
    let merged = merge.part(versions, form);
    (merged, merge.clashes)
}

#[derive(Default)]
struct Merge {
    path: Vec<Segment>,
    clashes: Vec<Clash>,
}

impl Merge {
    fn part(&mut self, versions: Three<'_>, form: &Form) -> Tree {
        let Three { base, ours, theirs } = versions;
        if ours.is(theirs) || theirs.is(base) {
            return ours.stored.clone();
        }
        if ours.is(base) {
            return theirs.stored.clone();
        }
        match form {
            Form::Group(fields) if ours.is_group() && theirs.is_group() => {
                self.fields(versions, fields)
            }
            Form::List { element, key } => self.list(versions, element, key),
            _ => {
                self.clash(versions);
                ours.stored.clone()
            }
        }
    }

    fn fields(&mut self, versions: Three<'_>, fields: &[FieldForm]) -> Tree {
        let mut entries = Vec::new();
        for field in fields {
            let of_field = Three {
                base: versions.base.field(field.name),
                ours: versions.ours.field(field.name),
                theirs: versions.theirs.field(field.name),
            };
            self.path.push(Segment::Field(field.name.into()));
            let value = self.part(of_field, &field.form);
            self.path.pop();
            if !value.is_null() {
                entries.push((field.name.to_string(), value));
            }
        }
        Tree::Map(entries)
    }

    fn list(&mut self, versions: Three<'_>, form: &Form, key: &[&str]) -> Tree {
        let base = versions.base.elements(key);
        let ours = versions.ours.elements(key);
        let theirs = versions.theirs.elements(key);
        let mut elements = Vec::new();
        for name in order::merge(&base.order, &ours.order, &theirs.order) {
            let of_element = Three {
                base: base.get(&name),
                ours: ours.get(&name),
                theirs: theirs.get(&name),
            };
            let shown = [of_element.ours, of_element.theirs]
                .into_iter()
                .find(|part| !part.is_nothing());
            self.path.push(shown.unwrap_or(Part::NOTHING).segment(key));
            let element = self.part(of_element, form);
            self.path.pop();
            if !element.is_null() {
                elements.push(element);
            }
        }
        Tree::List(elements)
    }

    fn clash(&mut self, versions: Three<'_>) {
        let path = self.path.iter().cloned();
        self.clashes.push(Clash {
            path: path.fold(FieldPath::new(), FieldPath::then),
            base: versions.base.value(),
            ours: versions.ours.value(),
            theirs: versions.theirs.value(),
        });
    }
}
