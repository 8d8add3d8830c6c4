//! Walking the cascade at a unit (SEMANTICS 6): of what each behaviour, outcome, objective and perspective is made.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use throughline_core::id::{ObjectiveId, PerspectiveId, UnitId};
use throughline_core::period::Period;
use throughline_model::Entry;
use throughline_model::records::{MeasureUse, Objective};

use crate::evaluator::Evaluator;
use crate::judgement::Status;
use crate::node::{Borders, ChildKey, ChildReading, NodeKey, NodeReading, roll_up};
use crate::reading::ReadingFinding;

/// The nodes of one unit and period, each read once.
pub(crate) struct Rollup<'e, 'v> {
    evaluator: &'e Evaluator<'v>,
    unit: UnitId,
    period: Period,
    borders: Borders,
    objectives: RefCell<HashMap<ObjectiveId, Option<Rc<NodeReading>>>>,
}

impl<'e, 'v> Rollup<'e, 'v> {
    pub(crate) fn new(evaluator: &'e Evaluator<'v>, unit: UnitId, period: Period) -> Self {
        let borders = Borders::of(
            evaluator
                .plan
                .organisation()
                .map(|organisation| &organisation.record),
        );
        Rollup {
            evaluator,
            unit,
            period,
            borders,
            objectives: RefCell::default(),
        }
    }

    /// Every node of the plan: perspectives, objectives, outcomes, behaviours.
    pub(crate) fn nodes(&self) -> Vec<NodeReading> {
        let plan = self.evaluator.plan;
        let mut nodes = Vec::new();
        nodes.extend(
            plan.perspectives()
                .iter()
                .map(|perspective| self.perspective(perspective.id())),
        );
        nodes.extend(
            plan.objectives()
                .iter()
                .filter_map(|one| self.objective(one.id()))
                .map(|node| (*node).clone()),
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

    /// `None` only within a circle of support, which a check refuses.
    fn objective(&self, id: ObjectiveId) -> Option<Rc<NodeReading>> {
        if let Some(known) = self.objectives.borrow().get(&id) {
            return known.clone();
        }
        self.objectives.borrow_mut().insert(id, None);
        let objective = self.evaluator.plan.objectives().get(id)?;
        let mut children = self.measures(&objective.measures);
        for supporter in self.evaluator.plan.index().supporters(id) {
            let reading = self.objective(supporter.objective);
            children.extend(reading.map(|reading| {
                as_child(
                    &reading,
                    supporter.objective,
                    supporter.weight,
                    supporter.critical,
                )
            }));
        }
        let reading = Rc::new(roll_up(NodeKey::Objective(id), children, self.borders));
        self.objectives
            .borrow_mut()
            .insert(id, Some(Rc::clone(&reading)));
        Some(reading)
    }

    fn perspective(&self, id: PerspectiveId) -> NodeReading {
        let objectives = self.evaluator.plan.objectives().iter();
        let own: Vec<_> = objectives
            .filter(|objective| objective.perspective == Some(id))
            .collect();
        let children = own
            .iter()
            .filter(|objective| !self.supports_one_of(objective, id))
            .filter_map(|objective| {
                let reading = self.objective(objective.id())?;
                Some(as_child(
                    &reading,
                    objective.id(),
                    objective.weight.0,
                    false,
                ))
            })
            .collect();
        roll_up(NodeKey::Perspective(id), children, self.borders)
    }

    /// Whether an objective supports, directly or not, another objective of the perspective: it is in it already.
    fn supports_one_of(&self, objective: &Entry<Objective>, perspective: PerspectiveId) -> bool {
        let objectives = self.evaluator.plan.objectives();
        let mut seen = Vec::new();
        let mut ahead: Vec<ObjectiveId> = objective
            .supports
            .iter()
            .map(|support| support.objective)
            .collect();
        while let Some(next) = ahead.pop() {
            if seen.contains(&next) {
                continue;
            }
            seen.push(next);
            if let Some(above) = objectives.get(next) {
                if above.perspective == Some(perspective) && next != objective.id() {
                    return true;
                }
                ahead.extend(above.supports.iter().map(|support| support.objective));
            }
        }
        false
    }

    fn measures(&self, uses: &[MeasureUse]) -> Vec<ChildReading> {
        let child = |one: &MeasureUse| {
            let measure = self.evaluator.measure(one.measure)?;
            let is_read = self.evaluator.is_read_at(measure, self.unit, &self.period);
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
            if is_read {
                let reading = self.evaluator.reading(measure, self.unit, &self.period);
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
