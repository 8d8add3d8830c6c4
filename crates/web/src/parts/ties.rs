//! What drives what, in words: a belief with its strength, lag, reason and evidence, or a decision of the cascade.

use askama::Template;
use throughline_app::words::{self, names};
use throughline_app::{ReadScorecard, Tie, Tied};
use throughline_engine::Status;
use throughline_model::records::{Effect, Lag, LagUnit, Link, NodeId, Strength};

use super::figures::node_reading;
use super::status::StatusMark;
use crate::pages::links;
use crate::place::Place;

/// How many ties are shown in each direction.
const TIES_MAX: usize = 40;

/// What drives a node, and what it drives.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "parts/ties.html")]
pub struct TieTable {
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
    /// Its status.
    pub status: StatusMark,
    /// What is known of it.
    pub evidence: EvidenceMark,
    /// What is expected: `Raises it strongly, within 2 weeks`.
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
    /// A belief that was not tested yet.
    Untested,
    /// A decision of the cascade, which needs no evidence.
    Decided,
}

impl EvidenceMark {
    /// The mark of a tie. No belief is tested against the figures yet.
    #[must_use]
    pub fn of(tie: &Tie) -> EvidenceMark {
        match tie {
            Tie::Belief(_) => EvidenceMark::Untested,
            Tie::Cascade { .. } => EvidenceMark::Decided,
        }
    }

    /// The class of its line.
    #[must_use]
    pub fn class(self) -> &'static str {
        match self {
            EvidenceMark::Untested => "untested",
            EvidenceMark::Decided => "supports",
        }
    }

    /// The word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            EvidenceMark::Untested => "Untested",
            EvidenceMark::Decided => "Decided",
        }
    }
}

impl TieTable {
    /// The table of some ties, by direction.
    #[must_use]
    pub fn of(read: &ReadScorecard, place: &Place, groups: &[(&str, Vec<Tied>)]) -> TieTable {
        let rows = |tied: &[Tied]| -> Vec<TieRow> {
            let shown = tied.iter().take(TIES_MAX);
            shown.map(|tied| TieRow::of(read, place, tied)).collect()
        };
        let left_out = |(_, tied): &(&str, Vec<Tied>)| tied.len().saturating_sub(TIES_MAX);
        TieTable {
            groups: groups
                .iter()
                .filter(|(_, tied)| !tied.is_empty())
                .map(|(name, tied)| ((*name).to_owned(), rows(tied)))
                .collect(),
            more: groups.iter().map(left_out).sum(),
        }
    }
}

impl TieRow {
    fn of(read: &ReadScorecard, place: &Place, tied: &Tied) -> TieRow {
        let model = &read.selected.model;
        let record = (tied.node.kind(), tied.node.uuid());
        let status = node_reading(read, tied.node).map_or(Status::NoData, |node| node.status);
        let review_by = match &tied.tie {
            Tie::Belief(link) => link.review_by.map(words::date),
            Tie::Cascade { .. } => None,
        };
        TieRow {
            name: names::name(model, record),
            kind: kind_word(tied.node).to_owned(),
            href: links::record(place, record.0, &names::key(model, record)),
            status: StatusMark(status),
            evidence: EvidenceMark::of(&tied.tie),
            expected: expected(&tied.tie),
            why: why(&tied.tie),
            review_by: review_by.unwrap_or_default(),
        }
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
        Tie::Belief(link) => link
            .why
            .as_ref()
            .map_or_else(String::new, |why| why.0.clone()),
        Tie::Cascade { critical: true, .. } => {
            "Critical: where it is off track, so is the objective above.".to_owned()
        }
        Tie::Cascade { .. } => "A decision of the plan, and no belief.".to_owned(),
    }
}

/// What is expected of a tie: `Raises it, strongly, within 2 weeks`.
#[must_use]
pub fn expected(tie: &Tie) -> String {
    match tie {
        Tie::Belief(link) => belief(link),
        Tie::Cascade { weight, .. } => format!("Supports it, weight {weight}"),
    }
}

fn belief(link: &Link) -> String {
    let effect = match link.effect {
        Effect::Raises => "Raises it",
        Effect::Lowers => "Lowers it",
    };
    let said = [
        Some(effect.to_owned()),
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
        check(Effect::Raises, None, None, "Raises it");
        check(
            Effect::Raises,
            strong,
            weeks(0),
            "Raises it, strongly, in the same week",
        );
        check(
            Effect::Lowers,
            strong,
            weeks(1),
            "Lowers it, strongly, after 1 week",
        );
        check(
            Effect::Raises,
            Some(Strength::Stated(0.3)),
            Some((2, LagUnit::Quarters)),
            "Raises it, by 0.3 standard deviations for one, after 2 quarters",
        );
    }
}
