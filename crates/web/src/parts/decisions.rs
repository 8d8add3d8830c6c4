//! What needs a decision: up to three measures, chosen by a rule that the page says.

use askama::Template;
use throughline_app::ReadScorecard;
use throughline_app::words::{self, numbers};
use throughline_engine::{ChildKey, MeasureReading, NodeKey, NodeReading, ReadingFinding, Status};
use throughline_model::records::{Measure, Objective};

use super::status::Glyph;
use crate::pages::links;
use crate::place::Place;

/// How many are shown: more than this nobody decides at once.
const SHOWN_MAX: usize = 3;

/// What needs a decision.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "parts/decisions.html")]
pub struct Decisions {
    /// Each of them.
    pub shown: Vec<Decision>,
    /// How many more the rule finds.
    pub more: usize,
}

/// One thing that needs a decision.
#[derive(Debug, Clone)]
pub struct Decision {
    /// Its status.
    pub status: Status,
    /// What is the case: `On-time arrivals are 74.2% against ≥ 80.0%`.
    pub title: String,
    /// Where to look closer.
    pub href: Option<String>,
    /// Why it is here.
    pub why: String,
    /// Who answers for it.
    pub owner: Option<String>,
    /// For what.
    pub objective: String,
}

impl Decision {
    fn glyph(&self) -> Glyph {
        Glyph(self.status)
    }
}

/// A measure that the rule finds, in an objective.
struct Candidate<'a> {
    reading: &'a MeasureReading,
    measure: &'a Measure,
    objective: &'a Objective,
    is_critical: bool,
    weight: f64,
}

impl Decisions {
    /// What needs a decision at a unit in a period: measures that are off track, and critical ones that are at risk or
    /// have no data; the critical first, then by their weight, then the lowest score. A season that is not known yet
    /// is no reason to decide anything.
    #[must_use]
    pub fn of(read: &ReadScorecard, place: &Place) -> Decisions {
        let mut candidates = candidates(read);
        candidates.sort_by(|one, other| {
            let score = |of: &Candidate<'_>| of.reading.score.unwrap_or(f64::INFINITY);
            other
                .is_critical
                .cmp(&one.is_critical)
                .then(other.weight.total_cmp(&one.weight))
                .then(score(one).total_cmp(&score(other)))
        });
        // A measure that stands in two objectives is one thing to decide.
        let mut seen = std::collections::HashSet::new();
        candidates.retain(|candidate| seen.insert(candidate.reading.measure));
        Decisions {
            more: candidates.len().saturating_sub(SHOWN_MAX),
            shown: candidates
                .iter()
                .take(SHOWN_MAX)
                .map(|candidate| candidate.decision(read, place))
                .collect(),
        }
    }
}

fn candidates(read: &ReadScorecard) -> Vec<Candidate<'_>> {
    let model = &read.selected.model;
    let mut found = Vec::new();
    let objectives = read
        .scorecard
        .nodes
        .iter()
        .filter_map(|node| match node.node {
            NodeKey::Objective(id) => Some((node, model.objectives().get(id)?)),
            _ => None,
        });
    for (node, objective) in objectives {
        let total = weight_of(node);
        for child in &node.children {
            let ChildKey::Measure(id) = child.child else {
                continue;
            };
            let (Some(reading), Some(measure)) =
                (read.scorecard.measure(id), model.measures().get(id))
            else {
                continue;
            };
            let is_found = match reading.status {
                Status::OffTrack => true,
                Status::AtRisk | Status::NoData => child.critical,
                Status::OnTrack | Status::NoTarget => false,
            };
            if is_found && !reading.findings.contains(&ReadingFinding::SeasonUnknown) {
                found.push(Candidate {
                    reading,
                    measure,
                    objective,
                    is_critical: child.critical,
                    weight: objective.weight.0 * child.weight / total,
                });
            }
        }
    }
    found
}

fn weight_of(node: &NodeReading) -> f64 {
    let total: f64 = node.children.iter().map(|child| child.weight).sum();
    if total > 0.0 { total } else { 1.0 }
}

impl Candidate<'_> {
    fn decision(&self, read: &ReadScorecard, place: &Place) -> Decision {
        let model = &read.selected.model;
        let value = numbers::value(self.reading.value, self.measure);
        let title = match (self.reading.value, self.reading.target) {
            (None, _) => format!("{}: nothing was observed", self.measure.name),
            (_, None) => format!("{}: {value}", self.measure.name),
            (_, Some(target)) => format!(
                "{}: {value} against {}",
                self.measure.name,
                numbers::target_in_words(target, self.measure)
            ),
        };
        let owner = self.objective.owner.or(self.measure.owner);
        Decision {
            status: self.reading.status,
            title,
            href: links::measure(place, self.measure.key.as_str()),
            why: self.why(),
            owner: owner.and_then(|owner| Some(model.people().get(owner)?.name.clone())),
            objective: self.objective.name.clone(),
        }
    }

    fn why(&self) -> String {
        let gap = self
            .reading
            .gap
            .map(|gap| {
                format!(
                    "{}. ",
                    words::sentence(&numbers::against_plan(Some(gap), self.measure))
                )
            })
            .unwrap_or_default();
        let part = if self.is_critical {
            format!(
                "Critical for “{}”: where it is off track, so is the objective",
                self.objective.name
            )
        } else {
            format!("Counts in “{}”", self.objective.name)
        };
        format!("{gap}{part}.")
    }
}
