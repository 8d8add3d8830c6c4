//! Score, coverage and status of what rolls up: behaviours, outcomes, objectives, perspectives (SEMANTICS 6).

use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt;
use std::rc::Rc;

use throughline_core::id::{BehaviourId, MeasureId, ObjectiveId, OutcomeId, PerspectiveId, UnitId};
use throughline_core::period::Period;
use throughline_model::Entry;
use throughline_model::records::{MeasureUse, Objective, Organisation};

use crate::compare::{below, sum, weighted_mean};
use crate::evaluator::Evaluator;
use crate::judgement::Status;
use crate::reading::ReadingFinding;

/// What rolls up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NodeKey {
    /// A perspective.
    Perspective(PerspectiveId),
    /// An objective.
    Objective(ObjectiveId),
    /// An outcome.
    Outcome(OutcomeId),
    /// A behaviour.
    Behaviour(BehaviourId),
}

/// What a node is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChildKey {
    /// One of its measures.
    Measure(MeasureId),
    /// An objective that supports it, or of a perspective one that belongs to it.
    Objective(ObjectiveId),
}

/// Why the status of a node would easily be another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fragile {
    /// With equal weights.
    EqualWeights,
    /// With the worst child in place of the mean.
    WorstChild,
    /// With missing children counted as 0.
    MissingAsZero,
}

impl Fragile {
    /// The words that are shown.
    pub fn word(self) -> &'static str {
        match self {
            Fragile::EqualWeights => "equal weights",
            Fragile::WorstChild => "worst child",
            Fragile::MissingAsZero => "missing as 0",
        }
    }
}

impl fmt::Display for Fragile {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.word())
    }
}

/// A node, read at a unit in a period.
#[derive(Clone, Debug, PartialEq)]
pub struct NodeReading {
    /// The node.
    pub node: NodeKey,
    /// 0 to 100: the weighted mean of the scores that are there.
    pub score: Option<f64>,
    /// The share of the weight below that is backed by data, 0 to 1; `None` where nothing takes part.
    pub coverage: Option<f64>,
    /// The word for it.
    pub status: Status,
    /// The child with the lowest score.
    pub worst: Option<ChildKey>,
    /// Why the status would easily be another one.
    pub fragile: Vec<Fragile>,
    /// Whether a critical child at or below it keeps it, and what is above it, from being better than at risk.
    pub capped: bool,
    /// What it is made of, in the order of the plan.
    pub children: Vec<ChildReading>,
}

/// A child of a node, as it counts there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ChildReading {
    /// The child.
    pub child: ChildKey,
    /// How much it counts.
    pub weight: f64,
    /// Whether it is critical.
    pub critical: bool,
    /// Its score, where it has one.
    pub score: Option<f64>,
    /// Its coverage, or of a measure its completeness.
    pub coverage: f64,
    /// Its status.
    pub status: Status,
    /// Whether it takes part in the node.
    pub takes_part: bool,
    capped: bool,
}

impl ChildReading {
    /// The score of a child that takes part and has one.
    fn counted_score(&self) -> Option<f64> {
        self.score.filter(|_| self.takes_part)
    }
}

/// The borders of an organisation's scorecard.
#[derive(Clone, Copy, Debug)]
struct Borders {
    coverage_minimum: f64,
    on_track_coverage: f64,
    on_track_from: f64,
    at_risk_from: f64,
}

impl Borders {
    fn of(organisation: Option<&Organisation>) -> Borders {
        Borders {
            coverage_minimum: organisation.map_or(0.5, Organisation::coverage_minimum),
            on_track_coverage: organisation.map_or(0.8, Organisation::on_track_coverage),
            on_track_from: organisation.map_or(95.0, Organisation::on_track_from),
            at_risk_from: organisation.map_or(60.0, Organisation::at_risk_from),
        }
    }
}

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

/// Reads a node from its children.
fn roll_up(node: NodeKey, children: Vec<ChildReading>, borders: Borders) -> NodeReading {
    let part: Vec<&ChildReading> = children.iter().filter(|child| child.takes_part).collect();
    let capped = is_capped(&part);
    let mut reading = NodeReading {
        node,
        score: None,
        coverage: None,
        status: Status::NoData,
        worst: worst(&part),
        fragile: Vec::new(),
        capped,
        children: Vec::new(),
    };
    if children.is_empty() {
        reading.coverage = Some(0.0);
    } else if part.is_empty() {
        reading.status = why_nothing_takes_part(&children);
    } else {
        let outcome = judge_node(&part, Variant::AsItIs, borders);
        reading.score = outcome.score;
        reading.coverage = Some(outcome.coverage);
        reading.status = outcome.status;
        if outcome.status.is_judgement() {
            let differs =
                |variant: Variant| judge_node(&part, variant, borders).status != outcome.status;
            let reasons = [
                (Variant::EqualWeights, Fragile::EqualWeights),
                (Variant::WorstChild, Fragile::WorstChild),
                (Variant::MissingAsZero, Fragile::MissingAsZero),
            ];
            reading.fragile = reasons
                .into_iter()
                .filter(|(variant, _)| differs(*variant))
                .map(|(_, reason)| reason)
                .collect();
        }
    }
    reading.children = children;
    reading
}

/// The status of a node in which no child takes part: `no target` if that is why.
fn why_nothing_takes_part(children: &[ChildReading]) -> Status {
    let some_without_target = children
        .iter()
        .any(|child| child.status == Status::NoTarget);
    let others = children
        .iter()
        .all(|child| child.status == Status::NoTarget || !child.has_data());
    if some_without_target && others {
        Status::NoTarget
    } else {
        Status::NoData
    }
}

impl ChildReading {
    /// Whether there is something of it here, be it too few to judge.
    fn has_data(&self) -> bool {
        self.coverage > 0.0
    }
}

/// The child with the lowest score; of equals the first in the plan.
fn worst(part: &[&ChildReading]) -> Option<ChildKey> {
    let scored = part
        .iter()
        .filter_map(|child| child.score.map(|score| (child.child, score)));
    scored
        .reduce(|worst, next| if below(next.1, worst.1) { next } else { worst })
        .map(|(child, _)| child)
}

/// How a node is judged: as it is, or in a way that tells whether its status is fragile.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Variant {
    AsItIs,
    EqualWeights,
    WorstChild,
    MissingAsZero,
}

struct NodeOutcome {
    score: Option<f64>,
    coverage: f64,
    status: Status,
}

fn judge_node(part: &[&ChildReading], variant: Variant, borders: Borders) -> NodeOutcome {
    let weight = |child: &ChildReading| {
        if variant == Variant::EqualWeights {
            1.0
        } else {
            child.weight
        }
    };
    let score_of = |child: &ChildReading| match (child.counted_score(), variant) {
        (None, Variant::MissingAsZero) => Some(0.0),
        (score, _) => score,
    };
    let coverage_of = |child: &ChildReading| match (child.counted_score(), variant) {
        (Some(_), _) => child.coverage,
        (None, Variant::MissingAsZero) => 1.0,
        (None, _) => 0.0,
    };
    let all = sum(part.iter().map(|child| weight(child)));
    let coverage = sum(part.iter().map(|child| weight(child) * coverage_of(child))) / all;
    let scores = part
        .iter()
        .filter_map(|child| Some((score_of(child)?, weight(child))));
    let score = match variant {
        Variant::WorstChild => scores.map(|(score, _)| score).reduce(f64::min),
        _ => weighted_mean(scores),
    };
    let score = score.filter(|_| !below(coverage, borders.coverage_minimum));
    let status = status_of(part, variant, score, coverage, borders);
    NodeOutcome {
        score,
        coverage,
        status,
    }
}

fn status_of(
    part: &[&ChildReading],
    variant: Variant,
    score: Option<f64>,
    coverage: f64,
    borders: Borders,
) -> Status {
    if part
        .iter()
        .any(|child| child.critical && child.status == Status::OffTrack)
    {
        return Status::OffTrack;
    }
    let Some(score) = score else {
        return Status::NoData;
    };
    let judged = part
        .iter()
        .filter_map(|child| match (child.counted_score(), variant) {
            (Some(_), _) => Some(child.status).filter(|status| status.is_judgement()),
            (None, Variant::MissingAsZero) => Some(Status::OffTrack),
            (None, _) => None,
        });
    let (Some(worst), Some(best)) = (judged.clone().min(), judged.max()) else {
        return Status::NoData;
    };
    let from_score = if !below(score, borders.on_track_from) {
        Status::OnTrack
    } else if !below(score, borders.at_risk_from) {
        Status::AtRisk
    } else {
        Status::OffTrack
    };
    let status = from_score.clamp(worst, best);
    // A cap comes first: what it holds at risk is not on track with too little coverage.
    match status {
        Status::OnTrack if is_capped(part) => Status::AtRisk,
        Status::OnTrack if below(coverage, borders.on_track_coverage) => Status::NoData,
        status => status,
    }
}

/// Whether something critical below keeps the node from being better than at risk.
fn is_capped(part: &[&ChildReading]) -> bool {
    let troubles = |child: &ChildReading| {
        child.critical && matches!(child.status, Status::OffTrack | Status::NoData)
    };
    part.iter().any(|child| child.capped || troubles(child))
}
