//! What an actor may see of the plan: its records without the fields that the policy keeps from them.
//!
//! Every use case that reads takes plans and versions of records through here ([`Ctx::plan`](crate::Ctx::plan)), so
//! that what is hidden is not in the values that answers are made of: not in an export, a difference, a history, an
//! explanation, a page or a count.

use std::sync::{Arc, LazyLock};

use jiff::civil::Date;
use throughline_core::finding::Segment;
use throughline_core::{Actor, PersonId};
use throughline_model::merge::{Clashing, Conflict};
use throughline_model::text::LeftOut;
use throughline_model::value::Sensitivity;
use throughline_model::{AnyRecord, Change, Kind, Model};
use uuid::Uuid;

use crate::policy::{Object, Relation, seeing};

/// The kinds that have fields which not everybody sees.
static GUARDED: LazyLock<Vec<Kind>> = LazyLock::new(|| {
    let is_guarded = |kind: &Kind| {
        let mut fields = kind.fields().into_iter();
        fields.any(|field| is_restricted(field.sensitivity))
    };
    Kind::ALL.into_iter().filter(is_guarded).collect()
});

fn is_restricted(sensitivity: Sensitivity) -> bool {
    !matches!(sensitivity, Sensitivity::Public | Sensitivity::Identity)
}

/// What an actor may see, by the plan of today.
pub(crate) struct Sight {
    actor: Actor,
    newest: Arc<Model>,
    today: Date,
}

impl Sight {
    /// The sight of an actor.
    pub fn new(actor: Actor, newest: Arc<Model>, today: Date) -> Sight {
        Sight {
            actor,
            newest,
            today,
        }
    }

    /// What tells the sight of one actor from that of another, for a newest plan.
    pub fn of_whom(&self) -> (Actor, Date) {
        (self.actor, self.today)
    }

    /// Whether a field of a record is hidden.
    fn hides(&self, kind: Kind, id: Uuid, sensitivity: Sensitivity) -> bool {
        let object = match kind {
            Kind::Person => Object::Person(PersonId::from_uuid(id)),
            _ => Object::Organisation,
        };
        let relation = Relation::of(object, &self.actor, &self.newest, self.today);
        is_restricted(sensitivity) && !seeing(sensitivity).allows(self.actor.role, relation)
    }

    /// The record as the actor sees it.
    pub fn record(&self, record: &AnyRecord) -> AnyRecord {
        let (kind, id) = (record.kind(), record.id());
        if !GUARDED.contains(&kind) {
            return record.clone();
        }
        record.without(&|sensitivity| self.hides(kind, id, sensitivity))
    }

    /// The plan as the actor sees it; the same one, if nothing is hidden.
    pub fn plan(&self, plan: Arc<Model>) -> Arc<Model> {
        let records = GUARDED.iter().flat_map(|kind| plan.records(*kind));
        let changed = records.filter_map(|record| {
            let seen = self.record(&record);
            (seen != record).then_some(Change::Put(seen))
        });
        let changed: Vec<Change> = changed.collect();
        if changed.is_empty() {
            plan
        } else {
            Arc::new(plan.with(changed))
        }
    }

    /// The fields that some record of a plan has, and that are hidden.
    pub fn left_out(&self, plan: &Model) -> LeftOut {
        let mut left_out = LeftOut::new();
        for kind in GUARDED.iter().copied() {
            let fields = kind.fields();
            for record in plan.records(kind) {
                let seen = self.record(&record);
                if seen == record {
                    continue;
                }
                let (whole, seen) = (record.write(plan), seen.write(plan));
                let hidden = fields
                    .iter()
                    .filter(|field| whole.get(field.name) != seen.get(field.name))
                    .map(|field| field.name);
                left_out.entry(kind).or_default().extend(hidden);
            }
        }
        left_out
    }

    /// A record of a folder, with what its writer could not see: those of its fields that are hidden, or said to be
    /// left out, and hold nothing are what they were before.
    pub fn completed(
        &self,
        record: &AnyRecord,
        before: &AnyRecord,
        left_out: &LeftOut,
    ) -> AnyRecord {
        let (kind, id) = (record.kind(), record.id());
        if !GUARDED.contains(&kind) && !left_out.contains_key(&kind) {
            return record.clone();
        }
        let fields = kind.fields();
        let is_named = |name: &str| {
            let is_said = left_out
                .get(&kind)
                .is_some_and(|names| names.contains(name));
            let mut fields = fields.iter();
            is_said
                || fields.any(|field| field.name == name && self.hides(kind, id, field.sensitivity))
        };
        record.completed(before, &is_named)
    }

    /// The conflict, without what the plan says in a field that is hidden.
    pub fn conflict(&self, conflict: Conflict) -> Conflict {
        let Clashing::Values { folder, .. } = &conflict.clash else {
            return conflict;
        };
        let hides = |name: Option<&str>| {
            let fields = conflict.kind.fields();
            let mut concerned = fields
                .iter()
                .filter(|field| name.is_none_or(|name| field.name == name));
            concerned.any(|field| self.hides(conflict.kind, conflict.id, field.sensitivity))
        };
        let first = conflict.path.segments().first();
        let is_hidden = hides(first.and_then(|segment| match segment {
            Segment::Field(name) => Some(name.as_ref()),
            _ => None,
        }));
        match is_hidden {
            false => conflict,
            true => Conflict {
                clash: Clashing::Values {
                    base: None,
                    folder: folder.clone(),
                    ledger: None,
                },
                ..conflict
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use throughline_model::value::{Field, Shape};

    /// A field that must be there could not be left out, and one in a group could not be hidden by itself.
    #[test]
    fn what_is_hidden_can_be_left_out() {
        for field in Kind::ALL.into_iter().flat_map(Kind::fields) {
            let is_hidden = is_restricted(field.sensitivity);
            assert!(!(is_hidden && field.required), "{}", field.name);
            let within = nested(&(field.shape)());
            for inner in within {
                let is_open = !is_restricted(inner.sensitivity);
                assert!(is_hidden || is_open, "{}: {}", field.name, inner.name);
            }
        }
    }

    fn nested(shape: &Shape) -> Vec<Field> {
        match shape {
            Shape::Group(_, fields) => {
                let deeper = fields.iter().flat_map(|field| nested(&(field.shape)()));
                fields.iter().cloned().chain(deeper).collect()
            }
            Shape::List { element, .. } => nested(element),
            Shape::Either(shapes) => shapes.iter().flat_map(nested).collect(),
            _ => Vec::new(),
        }
    }
}
