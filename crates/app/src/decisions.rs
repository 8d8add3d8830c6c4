//! What needs a decision at a unit in a period: measures of objectives, chosen by one rule.

use std::collections::HashSet;

use throughline_core::{MeasureId, ObjectiveId};
use throughline_engine::{ChildKey, MeasureReading, NodeKey, NodeReading, ReadingFinding, Status};

use crate::ReadScorecard;

/// A measure that needs a decision, and for what.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Decision {
    /// The measure.
    pub measure: MeasureId,
    /// The objective on whose account it is here: where a measure stands in several, the one that ranks it first.
    pub objective: ObjectiveId,
    /// Whether the objective is off track where the measure is.
    pub is_critical: bool,
    /// Its share in the objective times the weight of that.
    pub weight: f64,
}

/// Everything that needs a decision, the most urgent first: measures that are off track, and critical ones that are at risk
/// or have no data; the critical first, then by weight, then the lowest score. A season that is not known yet is no reason
/// to decide anything, and neither is a period that has not begun.
#[must_use]
pub fn decisions(read: &ReadScorecard) -> Vec<Decision> {
    if !read.selected.has_begun() {
        return Vec::new();
    }
    let nodes = read.scorecard.nodes.iter();
    let mut found: Vec<(&MeasureReading, Decision)> =
        nodes.flat_map(|node| of_node(read, node)).collect();
    found.sort_by(|(one_reading, one), (other_reading, other)| {
        let score = |reading: &MeasureReading| reading.score.unwrap_or(f64::INFINITY);
        other
            .is_critical
            .cmp(&one.is_critical)
            .then(other.weight.total_cmp(&one.weight))
            .then(score(one_reading).total_cmp(&score(other_reading)))
    });
    // A measure that stands in two objectives is one thing to decide.
    let mut seen = HashSet::new();
    let found = found.into_iter().map(|(_, decision)| decision);
    found
        .filter(|decision| seen.insert(decision.measure))
        .collect()
}

/// What needs a decision in an objective, in the order of the plan.
fn of_node<'a>(read: &'a ReadScorecard, node: &NodeReading) -> Vec<(&'a MeasureReading, Decision)> {
    let NodeKey::Objective(id) = node.node else {
        return Vec::new();
    };
    let Some(objective) = read.selected.model.objectives().get(id) else {
        return Vec::new();
    };
    let total: f64 = node.children.iter().map(|child| child.weight).sum();
    let found = node.children.iter().filter_map(|child| {
        let ChildKey::Measure(measure) = child.child else {
            return None;
        };
        let reading = read.scorecard.measure(measure)?;
        let decision = Decision {
            measure,
            objective: id,
            is_critical: child.critical,
            weight: objective.weight.0 * child.weight / if total > 0.0 { total } else { 1.0 },
        };
        needs_one(reading, child.critical).then_some((reading, decision))
    });
    found.collect()
}

fn needs_one(reading: &MeasureReading, is_critical: bool) -> bool {
    let is_of_a_status = match reading.status {
        Status::OffTrack => true,
        Status::AtRisk | Status::NoData => is_critical,
        Status::OnTrack | Status::NoTarget => false,
    };
    is_of_a_status && !reading.findings.contains(&ReadingFinding::SeasonUnknown)
}
