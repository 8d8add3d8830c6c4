//! Score, coverage and status of a node from its children, and whether it is fragile (SEMANTICS 6).

use std::fmt;

use throughline_core::id::{BehaviourId, MeasureId, ObjectiveId, OutcomeId, PerspectiveId};
use throughline_model::records::Organisation;

use crate::compare::{below, is_nothing_of, sum, weighted_mean};
use crate::judgement::Status;

/// The highest score.
const FULL_SCORE: f64 = 100.0;

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
    /// Whether something critical below it keeps it from being better than at risk.
    pub(crate) capped: bool,
}

impl ChildReading {
    /// The score of a child that takes part and has one.
    fn counted_score(&self) -> Option<f64> {
        self.score.filter(|_| self.takes_part)
    }

    /// Whether there is something of it here, be it too few to judge.
    fn has_data(&self) -> bool {
        self.coverage > 0.0
    }
}

/// The borders of an organisation's scorecard.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Borders {
    /// A node with less coverage has no data, 0 to 1.
    pub coverage_minimum: f64,
    /// A node with less coverage is not on track, 0 to 1.
    pub on_track_coverage: f64,
    /// The score from which a node is on track.
    pub on_track_from: f64,
    /// The score from which a node is at risk.
    pub at_risk_from: f64,
}

/// What decided the status of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NodeRule {
    /// Its score, between the borders of the organisation.
    Score,
    /// It is never better than its best child.
    BestChild,
    /// It is never worse than its worst child.
    WorstChild,
    /// Something critical in it is off track.
    CriticalOffTrack,
    /// Something critical at or below it keeps it from being better than at risk.
    CriticalBelow,
    /// It would be on track, with too little coverage for that.
    CoverageForOnTrack,
    /// Its coverage is below the minimum.
    CoverageMinimum,
    /// None of what takes part is judged.
    NothingJudged,
    /// Nothing in it takes part.
    NothingTakesPart,
    /// Nothing measures it.
    NothingMeasures,
}

impl NodeRule {
    /// The words for programs.
    pub fn word(self) -> &'static str {
        match self {
            NodeRule::Score => "score",
            NodeRule::BestChild => "best child",
            NodeRule::WorstChild => "worst child",
            NodeRule::CriticalOffTrack => "critical off track",
            NodeRule::CriticalBelow => "critical below",
            NodeRule::CoverageForOnTrack => "coverage for on track",
            NodeRule::CoverageMinimum => "coverage minimum",
            NodeRule::NothingJudged => "nothing judged",
            NodeRule::NothingTakesPart => "nothing takes part",
            NodeRule::NothingMeasures => "nothing measures it",
        }
    }
}

impl Borders {
    pub(crate) fn of(organisation: Option<&Organisation>) -> Borders {
        Borders {
            coverage_minimum: organisation.map_or(0.5, Organisation::coverage_minimum),
            on_track_coverage: organisation.map_or(0.8, Organisation::on_track_coverage),
            on_track_from: organisation.map_or(95.0, Organisation::on_track_from),
            at_risk_from: organisation.map_or(60.0, Organisation::at_risk_from),
        }
    }
}

/// Reads a node from its children.
pub(crate) fn roll_up(node: NodeKey, children: Vec<ChildReading>, borders: Borders) -> NodeReading {
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

/// The child with the lowest score; of equals the first in the plan.
fn worst(part: &[&ChildReading]) -> Option<ChildKey> {
    // Two scores are equal within a billionth of the whole scale, so that a 0 that was computed is a 0.
    let is_less = |a: f64, b: f64| a < b && !is_nothing_of(b - a, FULL_SCORE);
    let scored = part
        .iter()
        .filter_map(|child| child.score.map(|score| (child.child, score)));
    scored
        .reduce(|worst, next| {
            if is_less(next.1, worst.1) {
                next
            } else {
                worst
            }
        })
        .map(|(child, _)| child)
}

/// How a node is judged: as it is, or in a way that tells whether its status is fragile.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Variant {
    AsItIs,
    EqualWeights,
    WorstChild,
    MissingAsZero,
}

pub(crate) struct NodeOutcome {
    /// The weighted mean of the scores that are there, whatever the coverage.
    pub(crate) mean: Option<f64>,
    pub(crate) score: Option<f64>,
    pub(crate) coverage: f64,
    pub(crate) status: Status,
    pub(crate) rule: NodeRule,
}

pub(crate) fn judge_node(
    part: &[&ChildReading],
    variant: Variant,
    borders: Borders,
) -> NodeOutcome {
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
    let mean = match variant {
        Variant::WorstChild => scores.map(|(score, _)| score).reduce(f64::min),
        _ => weighted_mean(scores),
    };
    let score = mean.filter(|_| !below(coverage, borders.coverage_minimum));
    let (status, rule) = status_of(part, variant, score, coverage, borders);
    NodeOutcome {
        mean,
        score,
        coverage,
        status,
        rule,
    }
}

fn status_of(
    part: &[&ChildReading],
    variant: Variant,
    score: Option<f64>,
    coverage: f64,
    borders: Borders,
) -> (Status, NodeRule) {
    if part
        .iter()
        .any(|child| child.critical && child.status == Status::OffTrack)
    {
        return (Status::OffTrack, NodeRule::CriticalOffTrack);
    }
    let Some(score) = score else {
        let rule = if below(coverage, borders.coverage_minimum) {
            NodeRule::CoverageMinimum
        } else {
            NodeRule::NothingJudged
        };
        return (Status::NoData, rule);
    };
    let judged = part
        .iter()
        .filter_map(|child| match (child.counted_score(), variant) {
            (Some(_), _) => Some(child.status).filter(|status| status.is_judgement()),
            (None, Variant::MissingAsZero) => Some(Status::OffTrack),
            (None, _) => None,
        });
    let (Some(worst), Some(best)) = (judged.clone().min(), judged.max()) else {
        return (Status::NoData, NodeRule::NothingJudged);
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
        Status::OnTrack if is_capped(part) => (Status::AtRisk, NodeRule::CriticalBelow),
        Status::OnTrack if below(coverage, borders.on_track_coverage) => {
            (Status::NoData, NodeRule::CoverageForOnTrack)
        }
        status if status < from_score => (status, NodeRule::BestChild),
        status if status > from_score => (status, NodeRule::WorstChild),
        status => (status, NodeRule::Score),
    }
}

/// Whether something critical below keeps the node from being better than at risk.
fn is_capped(part: &[&ChildReading]) -> bool {
    let troubles = |child: &ChildReading| {
        child.critical && matches!(child.status, Status::OffTrack | Status::NoData)
    };
    part.iter().any(|child| child.capped || troubles(child))
}
