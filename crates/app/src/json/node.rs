//! The shape of `explain` of a node: what it is made of, what decided its status, and what it would be otherwise.

use schemars::JsonSchema;
use serde::Serialize;

use super::scorecard::{NodeLine, node};
use crate::ExplainedNode;
use crate::words::names;

/// The answer of `explain` of a perspective, an objective, an outcome or a behaviour.
#[derive(Serialize, JsonSchema)]
pub struct NodeExplained {
    unit: String,
    period: String,
    known_at: String,
    node: NodeLine,
    rule: Rule,
    children: Vec<Child>,
    otherwise: Vec<Otherwise>,
}

#[derive(Serialize, JsonSchema)]
struct Rule {
    decided_by: &'static str,
    mean: Option<f64>,
    weight: f64,
    coverage_minimum: f64,
    on_track_coverage: f64,
    on_track_from: f64,
    at_risk_from: f64,
}

#[derive(Serialize, JsonSchema)]
struct Child {
    kind: &'static str,
    key: String,
    weight: f64,
    critical: bool,
    score: Option<f64>,
    coverage: f64,
    status: String,
    left_out: Option<&'static str>,
}

#[derive(Serialize, JsonSchema)]
struct Otherwise {
    with: &'static str,
    score: Option<f64>,
    coverage: f64,
    status: String,
}

impl NodeExplained {
    /// The answer.
    #[must_use]
    pub fn of(explained: &ExplainedNode) -> NodeExplained {
        let selected = &explained.read.selected;
        let derivation = &explained.derivation;
        let child = |child: &throughline_engine::ChildReading| {
            let record = names::of_child(child.child);
            Child {
                kind: record.0.word(),
                key: names::key(&selected.model, record),
                weight: child.weight,
                critical: child.critical,
                score: child.score,
                coverage: child.coverage,
                status: child.status.to_string(),
                left_out: explained.left_out(child).map(|why| why.word()),
            }
        };
        let otherwise = derivation.otherwise.iter().map(|then| Otherwise {
            with: then.way.word(),
            score: then.score,
            coverage: then.coverage,
            status: then.status.to_string(),
        });
        NodeExplained {
            unit: selected.unit_key(),
            period: selected.period_name(),
            known_at: selected.known_at.to_string(),
            node: node(&explained.node, &explained.read),
            rule: Rule {
                decided_by: derivation.rule.word(),
                mean: derivation.mean,
                weight: derivation.weight,
                coverage_minimum: derivation.borders.coverage_minimum,
                on_track_coverage: derivation.borders.on_track_coverage,
                on_track_from: derivation.borders.on_track_from,
                at_risk_from: derivation.borders.at_risk_from,
            },
            children: explained.node.children.iter().map(child).collect(),
            otherwise: otherwise.collect(),
        }
    }
}
