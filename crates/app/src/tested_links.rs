//! Which links of the map an initiative tests, and which initiatives test a link.
//!
//! An initiative is to move the objectives that it serves, and with them what they are read by. A link that starts from
//! such an objective, or from an outcome or a behaviour that is read by one of its measures, is put to the test by that:
//! whether its effect follows is seen in the data. An initiative that moves the other end so, too, tests nothing of the
//! link, since it may bring the effect about by itself.

use std::sync::Arc;

use throughline_core::{MeasureId, ObjectiveId};
use throughline_model::records::{Initiative, Link, MeasureUse, NodeId};
use throughline_model::{Entry, Model};

/// The links that an initiative tests, in the order of the plan.
#[must_use]
pub fn links_tested_by(model: &Model, initiative: &Initiative) -> Vec<Arc<Entry<Link>>> {
    let moved = moved_by(model, &initiative.serves);
    let links = model.links().iter();
    links
        .filter(|link| tests(model, link, &initiative.serves, &moved))
        .cloned()
        .collect()
}

/// The initiatives that test a link, in the order of the plan.
#[must_use]
pub fn initiatives_testing(model: &Model, link: &Link) -> Vec<Arc<Entry<Initiative>>> {
    let is_tested = |initiative: &&Arc<Entry<Initiative>>| {
        let moved = moved_by(model, &initiative.serves);
        tests(model, link, &initiative.serves, &moved)
    };
    let initiatives = model.initiatives().iter();
    initiatives.filter(is_tested).cloned().collect()
}

/// Whether a link starts from what is moved, and does not end there.
fn tests(model: &Model, link: &Link, serves: &[ObjectiveId], moved: &[MeasureId]) -> bool {
    let is_moved = |node| is_moved(model, node, serves, moved);
    is_moved(link.from) && !is_moved(link.to)
}

/// The measures by which objectives are read.
fn moved_by(model: &Model, serves: &[ObjectiveId]) -> Vec<MeasureId> {
    let nodes = serves.iter().map(|id| NodeId::Objective(*id));
    let uses = nodes.flat_map(|node| measures_of(model, node));
    uses.map(|used| used.measure).collect()
}

/// Whether a node is one of the objectives, or is read by one of the measures.
fn is_moved(model: &Model, node: NodeId, serves: &[ObjectiveId], moved: &[MeasureId]) -> bool {
    match node {
        NodeId::Objective(id) if serves.contains(&id) => true,
        _ => {
            let mut uses = measures_of(model, node).iter();
            uses.any(|used| moved.contains(&used.measure))
        }
    }
}

/// The measures by which a node is read.
fn measures_of(model: &Model, node: NodeId) -> &[MeasureUse] {
    let uses = match node {
        NodeId::Objective(id) => model.objectives().get(id).map(|one| &one.measures),
        NodeId::Outcome(id) => model.outcomes().get(id).map(|one| &one.measures),
        NodeId::Behaviour(id) => model.behaviours().get(id).map(|one| &one.measures),
    };
    uses.map_or(&[], Vec::as_slice)
}
