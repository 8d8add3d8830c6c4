//! Compares two versions of a record part by part.

use throughline_core::finding::{FieldPath, Segment};

use super::{Changed, PartChange, PartSort};
use crate::tree::Tree;
use crate::written::{FieldForm, Form, Part};

/// What changed from one version of a record to the next, in the order of its fields.
pub(super) fn record(before: Part<'_>, after: Part<'_>, form: &Form) -> Vec<Changed> {
    let mut comparison = Comparison::default();
    comparison.part(before, after, form);
    comparison.changes
}

#[derive(Default)]
struct Comparison {
    path: Vec<Segment>,
    changes: Vec<Changed>,
}

impl Comparison {
    fn part(&mut self, before: Part<'_>, after: Part<'_>, form: &Form) {
        if before.is(after) {
            return;
        }
        match form {
            Form::Group(fields) if before.is_group() && after.is_group() => {
                self.fields(before, after, fields);
            }
            Form::List { element, key } => self.list(before, after, element, key),
            Form::Whole { prose: true, .. } => self.changed(before, after, PartSort::Prose),
            Form::Whole { text: true, .. } => self.changed(before, after, PartSort::Text),
            _ => self.changed(before, after, PartSort::Value),
        }
    }

    fn fields(&mut self, before: Part<'_>, after: Part<'_>, fields: &[FieldForm]) {
        for field in fields {
            let (old, new) = (before.field(field.name), after.field(field.name));
            // Only a record itself has a field of this name.
            if field.name == "key" && !old.is(new) {
                let key = old.shown.scalar().unwrap_or_default().to_string();
                self.changes.push(Changed::Renamed(key));
                continue;
            }
            self.path.push(Segment::Field(field.name.into()));
            self.part(old, new, &field.form);
            self.path.pop();
        }
    }

    fn list(&mut self, before: Part<'_>, after: Part<'_>, form: &Form, key: &[&str]) {
        let (old, new) = (before.elements(key), after.elements(key));
        for name in &new.order {
            let element = new.get(name);
            self.path.push(element.segment(key));
            if old.has(name) {
                self.part(old.get(name), element, form);
            } else {
                self.changed(Part::NOTHING, element, PartSort::Element);
            }
            self.path.pop();
        }
        for name in old.order.iter().filter(|name| !new.has(name)) {
            let element = old.get(name);
            self.path.push(element.segment(key));
            self.changed(element, Part::NOTHING, PartSort::Element);
            self.path.pop();
        }
        let common_before: Vec<_> = old.order.iter().filter(|name| new.has(name)).collect();
        let common_after: Vec<_> = new.order.iter().filter(|name| old.has(name)).collect();
        if common_before != common_after {
            self.push(
                Some(old.shown_keys(key)),
                Some(new.shown_keys(key)),
                PartSort::Order,
            );
        }
    }

    fn changed(&mut self, before: Part<'_>, after: Part<'_>, sort: PartSort) {
        self.push(before.value(), after.value(), sort);
    }

    fn push(&mut self, before: Option<Tree>, after: Option<Tree>, sort: PartSort) {
        let path = self
            .path
            .iter()
            .cloned()
            .fold(FieldPath::new(), FieldPath::then);
        self.changes.push(Changed::Part(PartChange {
            path,
            before,
            after,
            sort,
        }));
    }
}
