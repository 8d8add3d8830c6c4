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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    const PLAN: [(&str, &str); 4] = [
        (
            "organisation.yaml",
            "organisation: { key: o, name: O, time_zone: UTC }
units: [{ key: top, name: Top }]
",
        ),
        (
            "measures.yaml",
            "measures:
  - { key: m, name: Doors, kind: ratio, frequency: month }
  - { key: n, name: Starts, kind: ratio, frequency: month }
",
        ),
        (
            "strategy.yaml",
            "strategy: { key: s, name: S, from: 2012, to: 2030 }
perspectives: [{ key: p, name: P }]
objectives:
  - { key: doors, name: Doors close, perspective: p, measures: [{ measure: m }] }
  - { key: starts, name: Days start, perspective: p, measures: [{ measure: n }] }
initiatives:
  - { key: one, name: Doors alone, serves: [doors] }
  - { key: both, name: Doors and starts, serves: [doors, starts] }
",
        ),
        (
            "map.yaml",
            "outcomes:
  - { key: start, name: Start, measures: [{ measure: n }] }
links:
  - { from: doors, to: start, effect: raises, lag: 0 months, strength: weak, why: They say so., review_by: 2027-01-31 }
",
        ),
    ];

    /// Whoever moves the effect, too, by an objective that is read by the same measure, tests nothing of the link.
    #[test]
    fn what_moves_both_ends_of_a_link_tests_nothing_of_it() {
        let model = testing::model(&PLAN);
        let tested = |key: &str| {
            let initiative = model.initiatives().by_key(key).expect("an initiative");
            links_tested_by(&model, initiative).len()
        };
        assert_eq!((tested("one"), tested("both")), (1, 0));
        let link = model.links().iter().next().expect("a link");
        let testing: Vec<String> = (initiatives_testing(&model, link).iter())
            .map(|initiative| initiative.key.to_string())
            .collect();
        assert_eq!(testing, ["one"]);
    }
}
