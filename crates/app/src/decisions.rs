//! What needs a decision at a unit in a period: measures of objectives, chosen by one rule that tells a real change from what
//! misses its target as it always did.

use std::cmp::Ordering;
use std::sync::Arc;

use throughline_core::hash::Set;
use throughline_core::{MeasureId, ObjectiveId};
use throughline_engine::{ChildKey, MeasureReading, NodeKey, NodeReading, ReadingFinding, Status};
use throughline_insight::signals::State;

use crate::insight::Verdict;
use crate::policy::{Object, ReadReadings};
use crate::trend::{Trend, trends, trends_so_far};
use crate::{AppError, Ctx, ReadScorecard};

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
    /// What its newest point says; none where nothing new is, or it was not asked.
    pub verdict: Option<Verdict>,
}

/// How many measures are asked whether they changed: those that miss their targets first, then those that weigh most.
const JUDGED_MAX: usize = 48;

/// Everything that needs a decision, the most urgent first: measures that are off track, and critical ones that are at risk
/// or have no data, those before the others that change for the worse; then those that still meet their targets and change for
/// the worse. Of equals the critical first, then by weight, then the lowest score. A season that is not known yet is no
/// reason to decide anything, and neither is a period that has not begun.
///
/// # Errors
/// If the actor may not read there, or the trends cannot be evaluated.
pub async fn decisions(ctx: &Ctx, read: &ReadScorecard) -> Result<Vec<Decision>, AppError> {
    ctx.authorize::<ReadReadings>(Object::Unit(read.selected.unit))
        .await?;
    let found = candidates(ctx, read);
    let trends = trends(ctx, &read.selected, &judged(&found)).await?;
    Ok(decided(read, found, trends.into_iter().map(Some)))
}

/// The same, with what points say as far as it is known when whoever asks waits no longer; and whether all of it was.
///
/// # Errors
/// As of [`decisions`].
pub async fn decisions_so_far(
    ctx: &Ctx,
    read: &ReadScorecard,
) -> Result<(Vec<Decision>, bool), AppError> {
    ctx.authorize::<ReadReadings>(Object::Unit(read.selected.unit))
        .await?;
    let found = candidates(ctx, read);
    let trends = trends_so_far(ctx, &read.selected, &judged(&found)).await?;
    let is_whole = trends.iter().all(Option::is_some);
    Ok((decided(read, found, trends.into_iter()), is_whole))
}

/// What may need a decision, each measure once, the most urgent first as far as points do not say it: those that need one in
/// any case, and the others where these are so few that they are asked for, too. A server remembers it with the scorecard.
fn candidates(ctx: &Ctx, read: &ReadScorecard) -> Vec<Candidate> {
    let make = || candidates_of(read);
    match ctx.snapshot() {
        Some(snapshot) => (*snapshot.candidates(&read.selected, make)).clone(),
        None => make(),
    }
}

fn candidates_of(read: &ReadScorecard) -> Vec<Candidate> {
    if !read.selected.has_begun() {
        return Vec::new();
    }
    // A measure that stands in two objectives is one thing to decide.
    let mut seen = Set::default();
    let mut found = of_objectives(read, true);
    found.retain(|candidate| seen.insert(candidate.decision.measure));
    if found.len() < JUDGED_MAX {
        let mut others = of_objectives(read, false);
        others.retain(|candidate| seen.insert(candidate.decision.measure));
        found.extend(others);
        // The rest is not asked whether it changes.
        found.truncate(JUDGED_MAX);
    }
    found
}

/// The measures that are asked whether they changed.
fn judged(found: &[Candidate]) -> Vec<MeasureId> {
    let judged = found.iter().take(JUDGED_MAX);
    judged.map(|one| one.decision.measure).collect()
}

/// What needs a decision, by the trends of the first of them.
fn decided(
    read: &ReadScorecard,
    mut found: Vec<Candidate>,
    trends: impl Iterator<Item = Option<Arc<Trend>>>,
) -> Vec<Decision> {
    for (candidate, trend) in found.iter_mut().zip(trends) {
        candidate.decision.verdict = trend.and_then(|trend| trend.verdict(&read.selected.period));
    }
    found.retain(|candidate| candidate.misses || candidate.is_worsening());
    found.sort_by(by_urgency);
    found.into_iter().map(|one| one.decision).collect()
}

/// A measure that may need a decision.
#[derive(Clone)]
pub(crate) struct Candidate {
    /// The lower, the more urgent; where there is none, the least urgent.
    score: f64,
    /// Whether it needs one whatever its points say.
    misses: bool,
    decision: Decision,
}

impl Candidate {
    fn is_worsening(&self) -> bool {
        self.decision.verdict == Some(Verdict::Of(State::Worsening))
    }

    /// The lower, the more urgent.
    fn rank(&self) -> u8 {
        match (self.misses, self.is_worsening()) {
            (true, true) => 0,
            (true, false) => 1,
            (false, _) => 2,
        }
    }
}

fn by_urgency(one: &Candidate, other: &Candidate) -> Ordering {
    let (of_one, of_other) = (&one.decision, &other.decision);
    one.rank()
        .cmp(&other.rank())
        .then(of_other.is_critical.cmp(&of_one.is_critical))
        .then(of_other.weight.total_cmp(&of_one.weight))
        .then(one.score.total_cmp(&other.score))
}

/// What needs a decision whatever its points say, or what does not, the most urgent first; a measure that stands in several
/// objectives more than once.
fn of_objectives(read: &ReadScorecard, misses: bool) -> Vec<Candidate> {
    let nodes = read.scorecard.nodes.iter();
    let all = nodes.flat_map(|node| of_node(read, node, misses));
    let mut found: Vec<Candidate> = all.collect();
    found.sort_by(by_urgency);
    found
}

/// The same in one objective, in the order of the plan.
fn of_node(
    read: &ReadScorecard,
    node: &NodeReading,
    misses: bool,
) -> impl Iterator<Item = Candidate> {
    let objective = match node.node {
        NodeKey::Objective(id) => read.selected.model.objectives().get(id),
        _ => None,
    };
    objective.into_iter().flat_map(move |objective| {
        let total: f64 = node.children.iter().map(|child| child.weight).sum();
        node.children.iter().filter_map(move |child| {
            let ChildKey::Measure(measure) = child.child else {
                return None;
            };
            // Most of thousands are told by their status alone.
            if misses && !is_of_concern(child.status, child.critical) {
                return None;
            }
            let reading = read.scorecard.measure(measure)?;
            if needs_one(reading, child.critical) != misses {
                return None;
            }
            let total = if total > 0.0 { total } else { 1.0 };
            Some(Candidate {
                score: reading.score.unwrap_or(f64::INFINITY),
                misses,
                decision: Decision {
                    measure,
                    objective: objective.id(),
                    is_critical: child.critical,
                    weight: objective.weight.0 * child.weight / total,
                    verdict: None,
                },
            })
        })
    })
}

fn needs_one(reading: &MeasureReading, is_critical: bool) -> bool {
    is_of_concern(reading.status, is_critical)
        && !reading.findings.contains(&ReadingFinding::SeasonUnknown)
}

fn is_of_concern(status: Status, is_critical: bool) -> bool {
    match status {
        Status::OffTrack => true,
        Status::AtRisk | Status::NoData => is_critical,
        Status::OnTrack | Status::NoTarget => false,
    }
}
