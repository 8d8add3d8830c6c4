//! What several lints want to know of a plan, found once.

use std::collections::{BTreeSet, HashMap, HashSet};

use throughline_core::id::{MeasureId, PersonId, UnitId};

use crate::model::Model;
use crate::record::Entry;
use crate::records::{Level, Measure, MeasureUse, NodeId, Person};

/// An objective, outcome or behaviour.
pub(super) struct Node<'a> {
    pub(super) id: NodeId,
    pub(super) measures: &'a [MeasureUse],
    pub(super) owner: Option<PersonId>,
    pub(super) level: Option<Level>,
}

pub(super) struct Survey<'a> {
    pub(super) model: &'a Model,
    /// Objectives, outcomes and behaviours, in the order of the plan.
    pub(super) nodes: Vec<Node<'a>>,
    /// Where each measure is used: positions in `nodes`.
    pub(super) uses: HashMap<MeasureId, Vec<usize>>,
    /// The measures that formulas are made of.
    pub(super) in_formulas: HashSet<MeasureId>,
    /// What each node leads to by a link.
    pub(super) effects: HashMap<NodeId, Vec<NodeId>>,
    /// The units that were ever directly below each.
    pub(super) children: HashMap<UnitId, BTreeSet<UnitId>>,
}

impl<'a> Survey<'a> {
    pub(super) fn of(model: &'a Model) -> Survey<'a> {
        let nodes = nodes(model);
        let mut uses: HashMap<MeasureId, Vec<usize>> = HashMap::new();
        for (index, node) in nodes.iter().enumerate() {
            for used in node.measures {
                uses.entry(used.measure).or_default().push(index);
            }
        }
        let mut effects: HashMap<NodeId, Vec<NodeId>> = HashMap::new();
        for link in model.links() {
            effects.entry(link.from).or_default().push(link.to);
        }
        let mut children: HashMap<UnitId, BTreeSet<UnitId>> = HashMap::new();
        for unit in model.units() {
            let dated = unit.parents.iter().filter_map(|dated| dated.parent);
            for parent in unit.parent.into_iter().chain(dated) {
                children.entry(parent).or_default().insert(unit.id());
            }
        }
        let formulas = model
            .measures()
            .iter()
            .filter_map(|measure| measure.formula.as_ref());
        Survey {
            model,
            nodes,
            uses,
            in_formulas: formulas.flat_map(|formula| formula.measures()).collect(),
            effects,
            children,
        }
    }

    /// The nodes that use a measure.
    pub(super) fn users(&self, measure: MeasureId) -> impl Iterator<Item = &Node<'a>> {
        let positions = self.uses.get(&measure).map_or(&[][..], Vec::as_slice);
        positions
            .iter()
            .filter_map(|position| self.nodes.get(*position))
    }

    pub(super) fn measure(&self, used: &MeasureUse) -> Option<&'a Entry<Measure>> {
        self.model
            .measures()
            .get(used.measure)
            .map(|measure| &**measure)
    }

    pub(super) fn person(&self, id: Option<PersonId>) -> Option<&'a Entry<Person>> {
        self.model.people().get(id?).map(|person| &**person)
    }

    pub(super) fn unit_of(&self, id: Option<PersonId>) -> Option<UnitId> {
        self.person(id)?.unit
    }
}

fn nodes(model: &Model) -> Vec<Node<'_>> {
    let objectives = model.objectives().iter().map(|objective| Node {
        id: NodeId::Objective(objective.id()),
        measures: &objective.measures,
        owner: objective.owner,
        level: None,
    });
    let outcomes = model.outcomes().iter().map(|outcome| Node {
        id: NodeId::Outcome(outcome.id()),
        measures: &outcome.measures,
        owner: outcome.owner,
        level: None,
    });
    let behaviours = model.behaviours().iter().map(|behaviour| Node {
        id: NodeId::Behaviour(behaviour.id()),
        measures: &behaviour.measures,
        owner: behaviour.owner,
        level: behaviour.level,
    });
    objectives.chain(outcomes).chain(behaviours).collect()
}
