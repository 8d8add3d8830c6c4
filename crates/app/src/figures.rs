//! Figures of nodes: which reading a node has, and which measure stands for it where there is room for one.

use throughline_engine::{ChildKey, MeasureReading, NodeKey, NodeReading};
use throughline_model::Entry;
use throughline_model::records::{Measure, NodeId};

use crate::ReadScorecard;

/// The reading of a node, at what was read.
#[must_use]
pub fn node_reading(read: &ReadScorecard, node: NodeId) -> Option<&NodeReading> {
    let key = match node {
        NodeId::Objective(id) => NodeKey::Objective(id),
        NodeId::Outcome(id) => NodeKey::Outcome(id),
        NodeId::Behaviour(id) => NodeKey::Behaviour(id),
    };
    read.scorecard.node(key)
}

/// The measure that weighs on a node most: the one with the lowest score, or else its first.
#[must_use]
pub fn main_measure<'a>(
    read: &'a ReadScorecard,
    node: &NodeReading,
) -> Option<(&'a MeasureReading, &'a Entry<Measure>)> {
    let first = || {
        let mut children = node.children.iter();
        children.find_map(|child| match child.child {
            ChildKey::Measure(id) => Some(id),
            ChildKey::Objective(_) => None,
        })
    };
    let id = match node.worst {
        Some(ChildKey::Measure(id)) => Some(id),
        _ => first(),
    }?;
    Some((
        read.scorecard.measure(id)?,
        read.selected.model.measures().get(id)?,
    ))
}
