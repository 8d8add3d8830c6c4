//! Where the numbers of a node come from: how its children add up, what decided its status, and what it would be otherwise
//! (SEMANTICS 6).

use throughline_model::records::Organisation;

use crate::judgement::Status;
use crate::node::{Borders, ChildReading, Fragile, NodeReading, NodeRule, Variant, judge_node};

/// How a node came to its numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct NodeDerivation {
    /// The borders of the organisation that it was held against.
    pub borders: Borders,
    /// The weight of all that takes part.
    pub weight: f64,
    /// The weighted mean of the scores that are there, 0 to 100. It is the node's score where its coverage suffices.
    pub mean: Option<f64>,
    /// What decided its status.
    pub rule: NodeRule,
    /// What it would be, were it read in another way; empty where it has no judgement that could differ.
    pub otherwise: Vec<NodeOtherwise>,
}

/// What a node would be, were it read in another way.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NodeOtherwise {
    /// The way.
    pub way: Fragile,
    /// Its score then, 0 to 100.
    pub score: Option<f64>,
    /// Its coverage then, 0 to 1.
    pub coverage: f64,
    /// Its status then.
    pub status: Status,
}

impl NodeReading {
    /// How the node came to its numbers, by the same functions that gave them.
    pub fn derivation(&self, organisation: Option<&Organisation>) -> NodeDerivation {
        let borders = Borders::of(organisation);
        let part: Vec<&ChildReading> = self.children.iter().filter(|one| one.takes_part).collect();
        let nothing = |rule: NodeRule| NodeDerivation {
            borders,
            weight: 0.0,
            mean: None,
            rule,
            otherwise: Vec::new(),
        };
        if self.children.is_empty() {
            return nothing(NodeRule::NothingMeasures);
        }
        if part.is_empty() {
            return nothing(NodeRule::NothingTakesPart);
        }
        let outcome = judge_node(&part, Variant::AsItIs, borders);
        let ways = [
            (Variant::EqualWeights, Fragile::EqualWeights),
            (Variant::WorstChild, Fragile::WorstChild),
            (Variant::MissingAsZero, Fragile::MissingAsZero),
        ];
        let otherwise = ways.into_iter().filter(|_| outcome.status.is_judgement());
        let otherwise = otherwise.map(|(variant, way)| {
            let then = judge_node(&part, variant, borders);
            NodeOtherwise {
                way,
                score: then.score,
                coverage: then.coverage,
                status: then.status,
            }
        });
        NodeDerivation {
            borders,
            weight: crate::compare::sum(part.iter().map(|child| child.weight)),
            mean: outcome.mean,
            rule: outcome.rule,
            otherwise: otherwise.collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use throughline_core::id::{MeasureId, ObjectiveId};
    use uuid::Uuid;

    use super::*;
    use crate::node::{ChildKey, NodeKey, roll_up};

    fn child(weight: f64, score: Option<f64>, critical: bool) -> ChildReading {
        let status = match score {
            None => Status::NoData,
            Some(score) if score >= 100.0 => Status::OnTrack,
            Some(score) if score >= 60.0 => Status::AtRisk,
            Some(_) => Status::OffTrack,
        };
        ChildReading {
            child: ChildKey::Measure(MeasureId::from_uuid(Uuid::nil())),
            weight,
            critical,
            score,
            coverage: score.map_or(0.0, |_| 1.0),
            status,
            takes_part: true,
            capped: false,
        }
    }

    /// Children as weight, score and whether they are critical; what decides, and the scores in other ways.
    fn check(
        children: &[(f64, Option<f64>, bool)],
        (status, rule): (Status, NodeRule),
        otherwise: &[(Option<f64>, Status)],
    ) {
        let of = |(weight, score, critical): &(f64, Option<f64>, bool)| {
            child(*weight, *score, *critical)
        };
        let node = NodeKey::Objective(ObjectiveId::from_uuid(Uuid::nil()));
        let children = children.iter().map(of).collect();
        let reading = roll_up(node, children, Borders::of(None));
        let derivation = reading.derivation(None);
        assert_eq!((reading.status, derivation.rule), (status, rule));
        let scored = reading.score.is_some();
        assert!(!scored || derivation.mean == reading.score);
        assert_eq!(derivation.otherwise.len(), otherwise.len());
        for (then, (score, status)) in derivation.otherwise.iter().zip(otherwise) {
            let near = match (then.score, score) {
                (Some(then), Some(score)) => (then - score).abs() < 0.05,
                (then, score) => then == *score,
            };
            assert!(near && then.status == *status, "{then:?}");
            let is_fragile = reading.fragile.contains(&then.way);
            assert_eq!(is_fragile, then.status != reading.status, "{then:?}");
        }
    }

    #[test]
    fn a_node_says_what_decided_and_what_it_would_be_otherwise() {
        use NodeRule as Rule;
        use Status::{AtRisk, NoData, OffTrack, OnTrack};
        // The worked cases 4 and 5.
        check(
            &[
                (1.0, Some(100.0), false),
                (1.0, Some(100.0), false),
                (2.0, Some(0.0), false),
            ],
            (OffTrack, Rule::Score),
            &[
                (Some(66.7), AtRisk),
                (Some(0.0), OffTrack),
                (Some(50.0), OffTrack),
            ],
        );
        check(
            &[(4.0, Some(100.0), false), (1.0, None, false)],
            (OnTrack, Rule::Score),
            &[
                (Some(100.0), NoData),
                (Some(100.0), OnTrack),
                (Some(80.0), AtRisk),
            ],
        );
        check(
            &[(3.0, Some(100.0), false), (1.0, None, false)],
            (NoData, Rule::CoverageForOnTrack),
            &[],
        );
        check(
            &[(1.0, Some(100.0), false), (2.0, None, false)],
            (NoData, Rule::CoverageMinimum),
            &[],
        );
        check(
            &[(9.0, Some(100.0), false), (1.0, Some(20.0), true)],
            (OffTrack, Rule::CriticalOffTrack),
            &[
                (Some(60.0), OffTrack),
                (Some(20.0), OffTrack),
                (Some(92.0), OffTrack),
            ],
        );
        check(
            &[(9.0, Some(100.0), false), (1.0, None, true)],
            (AtRisk, Rule::CriticalBelow),
            &[
                (Some(100.0), AtRisk),
                (Some(100.0), AtRisk),
                (Some(90.0), AtRisk),
            ],
        );
        check(
            &[(1.0, Some(96.0), false)],
            (AtRisk, Rule::BestChild),
            &[
                (Some(96.0), AtRisk),
                (Some(96.0), AtRisk),
                (Some(96.0), AtRisk),
            ],
        );
        check(&[], (NoData, Rule::NothingMeasures), &[]);
    }
}
