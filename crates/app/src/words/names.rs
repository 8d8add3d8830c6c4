//! The names of what readings are about, from ids.

use throughline_engine::{ChildKey, NodeKey};
use throughline_model::formula::NameKind;
use throughline_model::records::Measure;
use throughline_model::value::Names;
use throughline_model::{Kind, Model};
use uuid::Uuid;

/// The record of a node.
pub fn of_node(node: NodeKey) -> (Kind, Uuid) {
    match node {
        NodeKey::Perspective(id) => (Kind::Perspective, id.as_uuid()),
        NodeKey::Objective(id) => (Kind::Objective, id.as_uuid()),
        NodeKey::Outcome(id) => (Kind::Outcome, id.as_uuid()),
        NodeKey::Behaviour(id) => (Kind::Behaviour, id.as_uuid()),
    }
}

/// The record of a child of a node.
pub fn of_child(child: ChildKey) -> (Kind, Uuid) {
    match child {
        ChildKey::Measure(id) => (Kind::Measure, id.as_uuid()),
        ChildKey::Objective(id) => (Kind::Objective, id.as_uuid()),
    }
}

/// The key of a record.
pub fn key(model: &Model, (kind, id): (Kind, Uuid)) -> String {
    model.name(&[kind], kind, id)
}

/// The name of a record as people know it; its key where it has no other.
pub fn name(model: &Model, (kind, id): (Kind, Uuid)) -> String {
    use throughline_model::AnyRecord;
    let named = match model.record(kind, id) {
        Some(AnyRecord::Unit(unit)) => Some(unit.name.clone()),
        Some(AnyRecord::Person(person)) => Some(person.name.clone()),
        Some(AnyRecord::Perspective(perspective)) => Some(perspective.name.clone()),
        Some(AnyRecord::Objective(objective)) => Some(objective.name.clone()),
        Some(AnyRecord::Outcome(outcome)) => Some(outcome.name.clone()),
        Some(AnyRecord::Behaviour(behaviour)) => Some(behaviour.name.clone()),
        Some(AnyRecord::Measure(measure)) => Some(measure.name.clone()),
        Some(AnyRecord::Initiative(initiative)) => Some(initiative.name.clone()),
        Some(AnyRecord::Target(target)) => {
            let measure = name(model, (Kind::Measure, target.measure.as_uuid()));
            let unit = name(model, (Kind::Unit, target.unit.as_uuid()));
            Some(format!("the target of {measure} at {unit}"))
        }
        _ => None,
    };
    named.unwrap_or_else(|| key(model, (kind, id)))
}

/// The formula of a measure as people wrote it, if it has one.
pub fn formula(model: &Model, measure: &Measure) -> Option<String> {
    let key_of = |kind: NameKind, id: Uuid| {
        let kind = match kind {
            NameKind::Measure => Kind::Measure,
            NameKind::Unit => Kind::Unit,
        };
        key(model, (kind, id))
    };
    measure
        .formula
        .as_ref()
        .map(|formula| formula.to_text(&key_of))
}
