//! Walking the cascade at a unit (SEMANTICS 6): of what each behaviour, outcome, objective and perspective is made.

use std::rc::Rc;

use throughline_core::hash::{Map, Set};
use throughline_core::id::{MeasureId, ObjectiveId, PerspectiveId};
use throughline_model::depth::ENDLESS;
use throughline_model::records::{MeasureUse, Objective};
use throughline_model::{Entry, Model};

use crate::judgement::Status;
use crate::node::{Borders, ChildKey, ChildReading, NodeKey, NodeReading, roll_up};
use crate::reading::{MeasureReading, ReadingFinding};

/// Every measure of the plan with its reading at the unit; none where it is not read there.
pub(crate) type Read = Map<MeasureId, Option<Rc<MeasureReading>>>;

/// The nodes of one unit and period, each read once.
pub(crate) struct Rollup<'v> {
    plan: &'v Model,
    read: &'v Read,
    borders: Borders,
    /// What was read so far.
    objectives: Map<ObjectiveId, NodeReading>,
}

impl<'v> Rollup<'v> {
    pub(crate) fn new(plan: &'v Model, read: &'v Read) -> Self {
        let organisation = plan.organisation();
        let mut rollup = Rollup {
            plan,
            read,
            borders: Borders::of(organisation.map(|organisation| &organisation.record)),
            objectives: Map::default(),
        };
        for objective in rollup.upwards() {
            let reading = rollup.read(objective);
            rollup.objectives.insert(objective.id(), reading);
        }
        rollup
    }

    /// The objectives, each after those that support it, however long the cascade is. Those of a circle of support, which
    /// a check refuses, have no place in it.
    fn upwards(&self) -> Vec<&'v Entry<Objective>> {
        let index = self.plan.index();
        let depth = |objective: &Entry<Objective>| index.support_depth(objective.id());
        let objectives = self.plan.objectives().iter();
        let mut objectives: Vec<&'v Entry<Objective>> = objectives
            .map(|objective| objective.as_ref())
            .filter(|objective| depth(objective) != ENDLESS)
            .collect();
        objectives.sort_by_key(|objective| depth(objective));
        objectives
    }

    /// Every node of the plan: perspectives, objectives, outcomes, behaviours.
    pub(crate) fn nodes(&self) -> Vec<NodeReading> {
        let plan = self.plan;
        let mut nodes = Vec::new();
        nodes.extend(
            plan.perspectives()
                .iter()
                .map(|perspective| self.perspective(perspective.id())),
        );
        nodes.extend(
            plan.objectives()
                .iter()
                .filter_map(|one| self.objectives.get(&one.id()))
                .cloned(),
        );
        nodes.extend(
            plan.outcomes()
                .iter()
                .map(|one| self.of_measures(NodeKey::Outcome(one.id()), &one.measures)),
        );
        nodes.extend(
            plan.behaviours()
                .iter()
                .map(|one| self.of_measures(NodeKey::Behaviour(one.id()), &one.measures)),
        );
        nodes
    }

    fn of_measures(&self, node: NodeKey, measures: &[MeasureUse]) -> NodeReading {
        roll_up(node, self.measures(measures), self.borders)
    }

    /// Reads an objective whose supporting ones are read.
    fn read(&self, objective: &Entry<Objective>) -> NodeReading {
        let mut children = self.measures(&objective.measures);
        for supporter in self.plan.index().supporters(objective.id()) {
            let reading = self.objectives.get(&supporter.objective);
            children.extend(reading.map(|reading| {
                as_child(
                    reading,
                    supporter.objective,
                    supporter.weight,
                    supporter.critical,
                )
            }));
        }
        roll_up(NodeKey::Objective(objective.id()), children, self.borders)
    }

    fn perspective(&self, id: PerspectiveId) -> NodeReading {
        let within = self.in_others_of(id);
        let objectives = self.plan.objectives().iter();
        let children = objectives
            .filter(|objective| objective.perspective == Some(id))
            .filter(|objective| !within.contains(&objective.id()))
            .filter_map(|objective| {
                let reading = self.objectives.get(&objective.id())?;
                Some(as_child(reading, objective.id(), objective.weight.0, false))
            })
            .collect();
        roll_up(NodeKey::Perspective(id), children, self.borders)
    }

    /// The objectives that support, directly or not, an objective of the perspective: they are in it already.
    fn in_others_of(&self, perspective: PerspectiveId) -> Set<ObjectiveId> {
        let objectives = self.plan.objectives();
        let mut within = Set::default();
        // What is supported comes first, so that it is known of it whether it is within another one.
        for objective in self.upwards().into_iter().rev() {
            let leads_there = objective.supports.iter().any(|support| {
                let above = objectives.get(support.objective);
                within.contains(&support.objective)
                    || above.is_some_and(|above| above.perspective == Some(perspective))
            });
            if leads_there {
                within.insert(objective.id());
            }
        }
        within
    }

    fn measures(&self, uses: &[MeasureUse]) -> Vec<ChildReading> {
        let child = |one: &MeasureUse| {
            let reading = self.read.get(&one.measure)?;
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
            if let Some(reading) = reading {
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
