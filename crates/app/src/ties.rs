//! What a node of the performance map leads to, and what leads to it: beliefs and the cascade as one list.

use std::sync::Arc;

use throughline_model::records::{Link, NodeId};
use throughline_model::{Entry, Model};

/// How strong a belief is taken to be where the plan does not say, as a standardised effect: moderate.
const STRENGTH_UNSTATED: f64 = 0.2;

/// How one node leads to another.
#[derive(Debug, Clone)]
pub enum Tie {
    /// A belief: the cause drives the effect.
    Belief(Arc<Entry<Link>>),
    /// A decision: the objective below supports the one above.
    Cascade {
        /// How much it counts there.
        weight: f64,
        /// Whether the objective above is off track when the one below is.
        critical: bool,
    },
}

/// A node at the other end of a tie.
#[derive(Debug, Clone)]
pub struct Tied {
    /// The node.
    pub node: NodeId,
    /// How it is tied.
    pub tie: Tie,
}

/// What a node leads to: beliefs first, then the objectives that it supports; each in the order of the plan.
#[must_use]
pub fn leads_to(model: &Model, node: NodeId) -> Vec<Tied> {
    let beliefs = model.links().iter().filter(|link| link.from == node);
    let mut tied: Vec<Tied> = beliefs.map(|link| believed(link, link.to)).collect();
    if let NodeId::Objective(id) = node
        && let Some(objective) = model.objectives().get(id)
    {
        tied.extend(objective.supports.iter().map(|support| Tied {
            node: NodeId::Objective(support.objective),
            tie: Tie::Cascade {
                weight: support.weight.0,
                critical: support.critical,
            },
        }));
    }
    tied
}

/// What leads to a node: beliefs first, then the objectives that support it; each in the order of the plan.
#[must_use]
pub fn led_to_by(model: &Model, node: NodeId) -> Vec<Tied> {
    let beliefs = model.links().iter().filter(|link| link.to == node);
    let mut tied: Vec<Tied> = beliefs.map(|link| believed(link, link.from)).collect();
    if let NodeId::Objective(id) = node {
        let supporters = model.index().supporters(id).iter();
        tied.extend(supporters.map(|supporter| Tied {
            node: NodeId::Objective(supporter.objective),
            tie: Tie::Cascade {
                weight: supporter.weight,
                critical: supporter.critical,
            },
        }));
    }
    tied
}

fn believed(link: &Arc<Entry<Link>>, node: NodeId) -> Tied {
    Tied {
        node,
        tie: Tie::Belief(Arc::clone(link)),
    }
}

impl Tied {
    /// Whether a belief, and how strong; then by weight. A belief says more of why than a decision does.
    fn force(&self) -> (bool, f64) {
        match &self.tie {
            Tie::Belief(link) => (
                true,
                link.strength
                    .map_or(STRENGTH_UNSTATED, |strength| strength.standardised()),
            ),
            Tie::Cascade { weight, .. } => (false, *weight),
        }
    }
}

/// The strongest of some ties: beliefs before decisions, then by strength or weight; of equals the first in the plan.
#[must_use]
pub fn strongest(tied: &[Tied]) -> Option<&Tied> {
    tied.iter().reduce(|best, next| {
        let ((is_belief, force), (best_is_belief, best_force)) = (next.force(), best.force());
        let is_stronger = is_belief && !best_is_belief
            || is_belief == best_is_belief && force.total_cmp(&best_force).is_gt();
        if is_stronger { next } else { best }
    })
}
