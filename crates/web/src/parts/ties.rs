//! What drives what, in words: a belief with its strength, lag, reason and evidence, or a decision of the cascade.

use askama::Template;
use throughline_app::evidence::{Grade, LinkEvidence, MapEvidence, towards_goal, words as told};
use throughline_app::words::{self, names};
use throughline_app::{ReadScorecard, Tie, Tied, leads_to, led_to_by, node_reading};
use throughline_charts::effect_mark;
use throughline_core::MeasureId;
use throughline_engine::Status;
use throughline_model::Model;
use throughline_model::records::{Lag, LagUnit, Link, MeasureUse, NodeId, Strength};

use super::status::StatusMark;
use crate::markdown;
use crate::pages::links;
use crate::place::Place;

/// How many ties are shown in each direction.
const TIES_MAX: usize = 40;

/// What drives a node, and what it drives.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "parts/ties.html")]
pub struct TieTable {
    /// Whether the status of the other nodes is shown.
    pub has_status: bool,
    /// Each direction: heading and rows.
    pub groups: Vec<(String, Vec<TieRow>)>,
    /// How many more there are.
    pub more: usize,
}

/// A tie to another node.
#[derive(Debug, Clone)]
pub struct TieRow {
    /// The name of the other node.
    pub name: String,
    /// What it is: `Outcome`.
    pub kind: String,
    /// Its page.
    pub href: Option<String>,
    /// Its status, where it was read.
    pub status: Option<StatusMark>,
    /// What is known of it.
    pub evidence: EvidenceMark,
    /// Its size with its interval towards what is better, where it was tested.
    pub effect: Option<EffectWords>,
    /// What its grade rests on.
    pub rests_on: Option<String>,
    /// What is expected: `Drives it, strongly, after 2 weeks`.
    pub expected: String,
    /// Why.
    pub why: String,
    /// When the belief is looked at again.
    pub review_by: String,
}

/// What the data say about a tie: a line in its style, and a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Template)]
#[template(path = "parts/evidence.html")]
pub enum EvidenceMark {
    /// A belief with its grade.
    Graded(throughline_charts::Evidence),
    /// A belief whose grade is being worked out.
    Awaited,
    /// A decision of the cascade, which needs no evidence.
    Decided,
}

impl EvidenceMark {
    /// The mark of a tie, by the evidence of the map; without it, it is being worked out.
    #[must_use]
    pub fn of(tie: &Tie, evidence: Option<&MapEvidence>) -> EvidenceMark {
        match (tie, evidence) {
            (Tie::Cascade { .. }, _) => EvidenceMark::Decided,
            (Tie::Belief(_), None) => EvidenceMark::Awaited,
            (Tie::Belief(link), Some(evidence)) => {
                EvidenceMark::Graded(drawn(evidence.grade(link.id()).unwrap_or(Grade::Untested)))
            }
        }
    }

    /// The class of its line.
    #[must_use]
    pub fn class(self) -> &'static str {
        match self {
            EvidenceMark::Graded(grade) => grade.class(),
            EvidenceMark::Awaited => throughline_charts::Evidence::Untested.class(),
            EvidenceMark::Decided => "supports",
        }
    }

    /// The sign on its line.
    #[must_use]
    pub fn sign(self) -> Option<&'static str> {
        match self {
            EvidenceMark::Graded(grade) => grade.sign(),
            EvidenceMark::Awaited | EvidenceMark::Decided => None,
        }
    }

    /// The word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            EvidenceMark::Graded(grade) => grade.word(),
            EvidenceMark::Awaited => "Being worked out",
            EvidenceMark::Decided => "Decided",
        }
    }
}

/// A grade as it is drawn.
#[must_use]
pub fn drawn(grade: Grade) -> throughline_charts::Evidence {
    use throughline_charts::Evidence;
    match grade {
        Grade::Untested => Evidence::Untested,
        Grade::NotShown => Evidence::NotShown,
        Grade::Plausible => Evidence::Plausible,
        Grade::Supported => Evidence::Supported,
        Grade::Strong => Evidence::Strong,
        Grade::Negligible => Evidence::Negligible,
        Grade::Contradicted => Evidence::Contradicted,
    }
}

impl TieTable {
    /// The table of some ties, by direction.
    #[must_use]
    pub fn of(
        read: &ReadScorecard,
        place: &Place,
        groups: &[(&str, Vec<Tied>)],
        evidence: Option<&MapEvidence>,
    ) -> TieTable {
        let model = &read.selected.model;
        let row = |tied: &Tied| TieRow {
            status: Some(StatusMark(
                node_reading(read, tied.node).map_or(Status::NoData, |node| node.status),
            )),
            ..TieRow::of(model, place, tied, evidence)
        };
        let rows = |tied: &Vec<Tied>| tied.iter().map(row).collect();
        let groups = groups.iter();
        TieTable::cut(
            true,
            groups
                .map(|(name, tied)| ((*name).to_owned(), rows(tied)))
                .collect(),
        )
    }

    /// What moves a measure and what it moves, as the plan states it: the beliefs about everything that is read by it.
    #[must_use]
    pub fn of_measure(
        model: &Model,
        measure: MeasureId,
        place: &Place,
        evidence: Option<&MapEvidence>,
    ) -> TieTable {
        let nodes = read_by(model, measure);
        let rows = |ties: fn(&Model, NodeId) -> Vec<Tied>| {
            let beliefs = nodes.iter().flat_map(|node| {
                let tied = ties(model, *node).into_iter();
                tied.filter(|tied| matches!(tied.tie, Tie::Belief(_)))
                    .map(|tied| (*node, tied))
            });
            let row = |(node, tied): (NodeId, Tied)| {
                let row = TieRow::of(model, place, &tied, evidence);
                match nodes.as_slice() {
                    [_] => row,
                    // Which of them the belief is about has to be said.
                    _ => TieRow {
                        kind: format!(
                            "{}, through “{}”",
                            row.kind,
                            names::name(model, (node.kind(), node.uuid()))
                        ),
                        ..row
                    },
                }
            };
            beliefs.map(row).collect::<Vec<_>>()
        };
        TieTable::cut(
            false,
            vec![
                ("Moves this measure".to_owned(), rows(led_to_by)),
                ("This measure moves".to_owned(), rows(leads_to)),
            ],
        )
    }

    /// Whether any effect is shown.
    #[must_use]
    pub fn has_effects(&self) -> bool {
        let mut rows = self.groups.iter().flat_map(|(_, rows)| rows);
        rows.any(|row| row.effect.is_some())
    }

    /// The table of some rows, of which the first of each direction are shown.
    fn cut(has_status: bool, mut groups: Vec<(String, Vec<TieRow>)>) -> TieTable {
        let left_out = |(_, rows): &(String, Vec<TieRow>)| rows.len().saturating_sub(TIES_MAX);
        let more = groups.iter().map(left_out).sum();
        groups.retain(|(_, rows)| !rows.is_empty());
        for (_, rows) in &mut groups {
            rows.truncate(TIES_MAX);
        }
        TieTable {
            has_status,
            groups,
            more,
        }
    }
}

/// The objectives, outcomes and behaviours that are read by a measure.
fn read_by(model: &Model, measure: MeasureId) -> Vec<NodeId> {
    let mut nodes = Vec::new();
    let uses = |used: &[MeasureUse]| used.iter().any(|used| used.measure == measure);
    let objectives = model.objectives().iter().filter(|one| uses(&one.measures));
    nodes.extend(objectives.map(|one| NodeId::Objective(one.id())));
    let outcomes = model.outcomes().iter().filter(|one| uses(&one.measures));
    nodes.extend(outcomes.map(|one| NodeId::Outcome(one.id())));
    let behaviours = model.behaviours().iter().filter(|one| uses(&one.measures));
    nodes.extend(behaviours.map(|one| NodeId::Behaviour(one.id())));
    nodes
}

impl TieRow {
    fn of(model: &Model, place: &Place, tied: &Tied, evidence: Option<&MapEvidence>) -> TieRow {
        let record = (tied.node.kind(), tied.node.uuid());
        let rests_on = match &tied.tie {
            Tie::Belief(link) => links::link(place, model, link.id()),
            Tie::Cascade { .. } => None,
        };
        let review_by = match &tied.tie {
            Tie::Belief(link) => link.review_by.map(words::date),
            Tie::Cascade { .. } => None,
        };
        TieRow {
            name: names::name(model, record),
            kind: kind_word(tied.node).to_owned(),
            href: links::record(place, record.0, &names::key(model, record)),
            status: None,
            evidence: EvidenceMark::of(&tied.tie, evidence),
            effect: evidence.and_then(|evidence| {
                let Tie::Belief(link) = &tied.tie else {
                    return None;
                };
                EffectWords::of(link, evidence.of_link(link.id())?, evidence)
            }),
            rests_on,
            expected: expected(&tied.tie),
            why: why(&tied.tie),
            review_by: review_by.unwrap_or_default(),
        }
    }
}

/// The size of the effect of a link towards what is better at its ends, where it was tested, in standard deviations: above 0 it
/// helps. The page of the link has the effect on the numbers as they are measured.
#[derive(Debug, Clone)]
pub struct EffectWords {
    /// Its size and interval, drawn.
    pub drawn: String,
    /// Its size: `0.85`.
    pub size: String,
    /// Its 95 % interval: `0.81 to 0.89`.
    pub interval: String,
}

impl EffectWords {
    /// The effect of a link, drawn on the scale that all links of its map have in common.
    #[must_use]
    pub fn of(link: &Link, found: &LinkEvidence, evidence: &MapEvidence) -> Option<EffectWords> {
        let (effect, interval) = towards_goal(link, found.tested.as_ref().ok()?);
        let tested = evidence
            .links
            .iter()
            .filter_map(|link| link.tested.as_ref().ok());
        let ends = tested.map(|tested| tested.estimate.interval());
        let most = ends.fold(0.0_f64, |most, (low, high)| {
            most.max(low.abs()).max(high.abs())
        });
        Some(EffectWords {
            drawn: effect_mark(effect, interval, most, drawn(found.grade)),
            size: told::standard(effect),
            interval: told::reach(interval),
        })
    }
}

/// What a node is, as people call it.
#[must_use]
pub fn kind_word(node: NodeId) -> &'static str {
    match node {
        NodeId::Objective(_) => "Objective",
        NodeId::Outcome(_) => "Outcome",
        NodeId::Behaviour(_) => "Behaviour",
    }
}

/// Why a tie is there.
#[must_use]
pub fn why(tie: &Tie) -> String {
    match tie {
        Tie::Belief(link) => link.why.as_ref().map_or_else(String::new, markdown::line),
        Tie::Cascade { critical: true, .. } => {
            "Critical: where it is off track, so is the objective above.".to_owned()
        }
        Tie::Cascade { .. } => "Set by the plan, so it is not tested.".to_owned(),
    }
}

/// What is expected of a tie: `Drives it, strongly, after 2 weeks`.
#[must_use]
pub fn expected(tie: &Tie) -> String {
    match tie {
        Tie::Belief(link) => belief(link),
        Tie::Cascade { weight, .. } => format!("Supports it, weight {weight}"),
    }
}

fn belief(link: &Link) -> String {
    let said = [
        Some(words::sentence(&told::acts_on(link.effect, "it"))),
        link.strength.map(strength),
        link.lag.map(lag),
    ];
    let said: Vec<String> = said.into_iter().flatten().collect();
    said.join(", ")
}

fn strength(strength: Strength) -> String {
    match strength {
        Strength::Weak => "weakly".to_owned(),
        Strength::Moderate => "moderately".to_owned(),
        Strength::Strong => "strongly".to_owned(),
        Strength::Stated(effect) => format!("by {effect} standard deviations for one"),
    }
}

fn lag(lag: Lag) -> String {
    let unit = match lag.unit {
        LagUnit::Days => "day",
        LagUnit::Weeks => "week",
        LagUnit::Months => "month",
        LagUnit::Quarters => "quarter",
        LagUnit::Years => "year",
    };
    match lag.count {
        0 => format!("in the same {unit}"),
        count => format!("after {}", words::count(u64::from(count), unit)),
    }
}

#[cfg(test)]
mod tests {
    use throughline_core::BehaviourId;
    use throughline_model::fields::Markdown;
    use throughline_model::records::Effect;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_belief_is_told_in_words() {
        let node = NodeId::Behaviour(BehaviourId::from_uuid(Uuid::nil()));
        let check = |effect, strength, lag: Option<(u16, LagUnit)>, expected: &str| {
            let link = Link {
                from: node,
                to: node,
                effect,
                lag: lag.map(|(count, unit)| Lag { count, unit }),
                strength,
                why: Some(Markdown("Because.".to_owned())),
                review_by: None,
                silences: vec![],
            };
            assert_eq!(belief(&link), expected);
        };
        let weeks = |count| Some((count, LagUnit::Weeks));
        let strong = Some(Strength::Strong);
        check(Effect::Raises, None, None, "Drives it");
        check(
            Effect::Raises,
            strong,
            weeks(0),
            "Drives it, strongly, in the same week",
        );
        check(
            Effect::Lowers,
            strong,
            weeks(1),
            "Holds it back, strongly, after 1 week",
        );
        check(
            Effect::Raises,
            Some(Strength::Stated(0.3)),
            Some((2, LagUnit::Quarters)),
            "Drives it, by 0.3 standard deviations for one, after 2 quarters",
        );
    }
}
