//! Walking the cascade at a unit (SEMANTICS 6): of what each behaviour, outcome, objective and perspective is made.
//!
//! A plan has thousands of nodes, and at one unit, or after one observation, few of them differ from what they were without
//! it. So nodes are made from those before: what rests on no reading that changed stays what it was.

use std::sync::Arc;

use throughline_core::hash::{Map, Set};
use throughline_core::id::{MeasureId, ObjectiveId, PerspectiveId};
use throughline_model::depth::ENDLESS;
use throughline_model::records::{MeasureUse, Objective};
use throughline_model::{Entry, Model};

use crate::judgement::Status;
use crate::node::{Borders, ChildKey, ChildReading, NodeKey, NodeReading, roll_up};
use crate::reading::{MeasureReading, ReadingFinding};
use crate::readings::Readings;

/// The nodes of a plan, as they are where nothing is read: a function of the plan alone, from which those of a unit are made.
#[derive(Debug)]
pub struct Cascade {
    nodes: Readings<NodeReading>,
    places: Arc<Map<NodeKey, usize>>,
    /// The objectives, each after those that support it, however long the cascade is. Those of a circle of support, which
    /// a check refuses, have no place in it.
    upwards: Vec<ObjectiveId>,
    /// Of each perspective the objectives that are in it by themselves, with their weights.
    within: Vec<(PerspectiveId, Vec<(ObjectiveId, f64)>)>,
}

impl Cascade {
    /// That of a plan.
    pub fn of(plan: &Model) -> Cascade {
        let upwards = upwards(plan);
        let in_a_circle = |objective: ObjectiveId| plan.index().support_depth(objective) == ENDLESS;
        let perspectives = plan.perspectives().iter();
        let within = perspectives.map(|one| (one.id(), objectives_of(plan, &upwards, one.id())));
        let perspectives = plan.perspectives().iter();
        let perspectives = perspectives.map(|one| NodeKey::Perspective(one.id()));
        let objectives = plan.objectives().iter().map(|one| one.id());
        let objectives = objectives.filter(|one| !in_a_circle(*one));
        let outcomes = plan.outcomes().iter();
        let behaviours = plan.behaviours().iter();
        let keys: Vec<NodeKey> = perspectives
            .chain(objectives.map(NodeKey::Objective))
            .chain(outcomes.map(|one| NodeKey::Outcome(one.id())))
            .chain(behaviours.map(|one| NodeKey::Behaviour(one.id())))
            .collect();
        let borders = borders(plan);
        let without_children = |key: &NodeKey| Arc::new(roll_up(*key, Vec::new(), borders));
        let mut cascade = Cascade {
            nodes: keys.iter().map(without_children).collect(),
            places: Arc::new(keys.iter().copied().zip(0..).collect()),
            within: within.collect(),
            upwards,
        };
        let mut renewal = cascade.renewal(plan, &cascade.nodes, &|_| None, &|_| true);
        renewal.all = true;
        cascade.nodes = renewal.nodes();
        cascade
    }

    /// The nodes where nothing is read.
    pub(crate) fn nodes(&self) -> &Readings<NodeReading> {
        &self.nodes
    }

    /// Where each node stands.
    pub(crate) fn places(&self) -> &Arc<Map<NodeKey, usize>> {
        &self.places
    }

    /// The nodes with the readings that there are now, from those before: only what rests on a measure that has changed, or on a
    /// node that differs by that, is made anew. The plan is that of the cascade.
    pub(crate) fn renewed<'r>(
        &self,
        plan: &Model,
        before: &Readings<NodeReading>,
        read: &dyn Fn(MeasureId) -> Option<&'r MeasureReading>,
        has_changed: &dyn Fn(MeasureId) -> bool,
    ) -> Readings<NodeReading> {
        self.renewal(plan, before, read, has_changed).nodes()
    }

    fn renewal<'c, 'r>(
        &'c self,
        plan: &'c Model,
        before: &Readings<NodeReading>,
        read: &'c dyn Fn(MeasureId) -> Option<&'r MeasureReading>,
        has_changed: &'c dyn Fn(MeasureId) -> bool,
    ) -> Renewal<'c, 'r> {
        Renewal {
            cascade: self,
            plan,
            borders: borders(plan),
            read,
            has_changed,
            all: false,
            nodes: before.clone(),
            differing: Set::default(),
        }
    }
}

fn borders(plan: &Model) -> Borders {
    let organisation = plan.organisation();
    Borders::of(organisation.map(|organisation| &organisation.record))
}

fn upwards(plan: &Model) -> Vec<ObjectiveId> {
    let depth = |objective: &ObjectiveId| plan.index().support_depth(*objective);
    let objectives = plan.objectives().iter().map(|objective| objective.id());
    let mut upwards: Vec<ObjectiveId> = objectives.filter(|one| depth(one) != ENDLESS).collect();
    upwards.sort_by_cached_key(depth);
    upwards
}

/// The objectives of a perspective, with their weights, without those that support, directly or not, another one of it: they
/// are in it already.
fn objectives_of(
    plan: &Model,
    upwards: &[ObjectiveId],
    perspective: PerspectiveId,
) -> Vec<(ObjectiveId, f64)> {
    let objectives = plan.objectives();
    let mut in_others: Set<ObjectiveId> = Set::default();
    // What is supported comes first, so that it is known of it whether it is within another one.
    for objective in upwards.iter().rev().filter_map(|id| objectives.get(*id)) {
        let leads_there = objective.supports.iter().any(|support| {
            let above = objectives.get(support.objective);
            in_others.contains(&support.objective)
                || above.is_some_and(|above| above.perspective == Some(perspective))
        });
        if leads_there {
            in_others.insert(objective.id());
        }
    }
    let of_it = objectives.iter().filter(|objective| {
        objective.perspective == Some(perspective) && !in_others.contains(&objective.id())
    });
    of_it
        .map(|objective| (objective.id(), objective.weight.0))
        .collect()
}

/// The nodes of one unit and period while they are made.
struct Renewal<'c, 'r> {
    cascade: &'c Cascade,
    plan: &'c Model,
    borders: Borders,
    read: &'c dyn Fn(MeasureId) -> Option<&'r MeasureReading>,
    has_changed: &'c dyn Fn(MeasureId) -> bool,
    /// Whether every node is made, whatever has changed.
    all: bool,
    nodes: Readings<NodeReading>,
    /// The objectives that are not what they were.
    differing: Set<ObjectiveId>,
}

impl Renewal<'_, '_> {
    /// Every node of the plan.
    fn nodes(mut self) -> Readings<NodeReading> {
        self.objectives();
        self.perspectives();
        for one in self.plan.outcomes() {
            self.of_measures(NodeKey::Outcome(one.id()), &one.measures);
        }
        for one in self.plan.behaviours() {
            self.of_measures(NodeKey::Behaviour(one.id()), &one.measures);
        }
        self.nodes
    }

    fn objectives(&mut self) {
        for id in &self.cascade.upwards {
            let Some(objective) = self.plan.objectives().get(*id) else {
                continue;
            };
            let supporters = self.plan.index().supporters(*id).iter();
            let mut supporters = supporters.map(|supporter| supporter.objective);
            if self.has_changed_of(&objective.measures)
                || supporters.any(|supporter| self.differing.contains(&supporter))
            {
                let children = self.children(objective);
                if self.renew(NodeKey::Objective(*id), children) {
                    self.differing.insert(*id);
                }
            }
        }
    }

    /// What an objective is made of, once those that support it are made.
    fn children(&self, objective: &Entry<Objective>) -> Vec<ChildReading> {
        let mut children = self.measures(&objective.measures);
        for supporter in self.plan.index().supporters(objective.id()) {
            let reading = self.objective(supporter.objective);
            let (weight, critical) = (supporter.weight, supporter.critical);
            children.extend(
                reading.map(|reading| as_child(reading, supporter.objective, weight, critical)),
            );
        }
        children
    }

    fn perspectives(&mut self) {
        for (perspective, objectives) in &self.cascade.within {
            let mut ids = objectives.iter();
            if self.all || ids.any(|(objective, _)| self.differing.contains(objective)) {
                let children = objectives.iter().filter_map(|(objective, weight)| {
                    let reading = self.objective(*objective)?;
                    Some(as_child(reading, *objective, *weight, false))
                });
                let children = children.collect();
                self.renew(NodeKey::Perspective(*perspective), children);
            }
        }
    }

    fn of_measures(&mut self, node: NodeKey, uses: &[MeasureUse]) {
        if self.has_changed_of(uses) {
            let children = self.measures(uses);
            self.renew(node, children);
        }
    }

    fn has_changed_of(&self, uses: &[MeasureUse]) -> bool {
        self.all || uses.iter().any(|one| (self.has_changed)(one.measure))
    }

    fn objective(&self, objective: ObjectiveId) -> Option<&NodeReading> {
        let place = self.cascade.places.get(&NodeKey::Objective(objective))?;
        self.nodes.get(*place)
    }

    /// Makes a node of its children; returns whether it differs from what it was.
    fn renew(&mut self, node: NodeKey, children: Vec<ChildReading>) -> bool {
        let reading = roll_up(node, children, self.borders);
        let place = self.cascade.places.get(&node);
        place.is_some_and(|place| self.nodes.renew(*place, reading))
    }

    fn measures(&self, uses: &[MeasureUse]) -> Vec<ChildReading> {
        let child = |one: &MeasureUse| {
            self.plan.measures().get(one.measure)?;
            let mut child = ChildReading {
                child: ChildKey::Measure(one.measure),
                weight: one.weight.0,
                critical: one.critical,
                score: None,
                coverage: 0.0,
                status: Status::NoData,
                takes_part: false,
                capped: false,
            };
            if let Some(reading) = (self.read)(one.measure) {
                child.score = reading.score;
                child.coverage = reading.completeness.unwrap_or(0.0);
                child.status = reading.status;
                child.takes_part = reading.status != Status::NoTarget
                    && !reading.findings.contains(&ReadingFinding::TooFew);
            }
            Some(child)
        };
        uses.iter().filter_map(child).collect()
    }
}

fn as_child(
    reading: &NodeReading,
    objective: ObjectiveId,
    weight: f64,
    critical: bool,
) -> ChildReading {
    ChildReading {
        child: ChildKey::Objective(objective),
        weight,
        critical,
        score: reading.score,
        coverage: reading.coverage.unwrap_or(0.0),
        status: reading.status,
        takes_part: reading.coverage.is_some(),
        capped: reading.capped,
    }
}
