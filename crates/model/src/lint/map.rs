//! Lints of the performance map: what is measured, what leads where, and how well each belief is stated.

use std::collections::HashSet;

use throughline_core::finding::FieldPath;

use super::survey::{Node, Survey};
use super::{Hit, Lint};
use crate::check::circles;
use crate::records::{Indicator, NodeId};
use crate::value::Names;

pub(super) const NO_STRATEGY: Lint = Lint {
    code: "no-strategy",
    title: "Objectives or targets without a strategy",
    reason: "The strategy says by when all of it is to be reached, and why. Without a horizon nothing is late, and nobody \
             knows from when on values are owed.",
    find: |survey| {
        let model = survey.model;
        let is_lacking = model.strategy().is_none()
            && !(model.objectives().is_empty() && model.targets().is_empty());
        let hit = || {
            let help = "write `strategy:` with key, name, from and to in strategy.yaml";
            Hit::of_plan(
                "there are objectives or targets, and no strategy with a horizon",
                help,
            )
        };
        is_lacking.then(hit).into_iter().collect()
    },
};

pub(super) const OBJECTIVE_WITHOUT_MEASURE: Lint = Lint {
    code: "objective-without-measure",
    title: "Objective that nothing measures",
    reason: "Nobody can tell whether an objective is reached that nothing measures. It needs a measure of its own, or an \
             objective that supports it and has one.",
    find: |survey| {
        let measured = reached(survey, |node| !node.measures.is_empty(), Along::Cascade);
        let objectives = survey.model.objectives().iter();
        objectives
            .filter(|objective| !measured.contains(&NodeId::Objective(objective.id())))
            .map(|objective| {
                let help = "give it a measure, or let an objective that has one support it";
                Hit::at(objective, "nothing measures this objective", help)
            })
            .collect()
    },
};

pub(super) const LAGGING_WITHOUT_LEADING: Lint = Lint {
    code: "lagging-without-leading",
    title: "Result without anything that moves before it",
    reason: "A lagging measure tells what has happened, when it can no longer be changed. Something that drives the result \
             must be measured too, so that there is time to act.",
    find: |survey| {
        let led = reached(
            survey,
            |node| is_leading(survey, node),
            Along::CascadeAndLinks,
        );
        let nodes = survey.nodes.iter().filter(|node| {
            !matches!(node.id, NodeId::Behaviour(_))
                && !led.contains(&node.id)
                && has_indicator(survey, node, Indicator::Lagging)
        });
        nodes
            .map(|node| Hit {
                record: Some((node.id.kind(), node.id.uuid())),
                path: FieldPath::new().field("measures"),
                message: format!(
                    "this {} has lagging measures only, and nothing that drives it has a leading one",
                    node.id.kind()
                ),
                help: "measure a behaviour that drives it, and say so with a link",
            })
            .collect()
    },
};

pub(super) const BEHAVIOUR_WITHOUT_MEASURE: Lint = Lint {
    code: "behaviour-without-measure",
    title: "Behaviour that no measure observes",
    reason: "What people are expected to do and nobody can see is a wish. Whether it works cannot be learned either.",
    find: |survey| {
        let behaviours = survey.model.behaviours().iter();
        behaviours
            .filter(|behaviour| behaviour.measures.is_empty())
            .map(|behaviour| {
                let help = "give it a measure of how often it is done, or how well";
                Hit::at(behaviour, "no measure observes this behaviour", help)
            })
            .collect()
    },
};

pub(super) const BEHAVIOUR_LEADS_NOWHERE: Lint = Lint {
    code: "behaviour-leads-nowhere",
    title: "Behaviour that leads nowhere",
    reason: "Whoever is asked to do something wants to know what for. A behaviour without a link to an outcome or an \
             objective is work that the strategy does not need, or an effect that nobody has stated.",
    find: |survey| {
        let behaviours = survey.model.behaviours().iter();
        behaviours
            .filter(|behaviour| {
                !survey
                    .effects
                    .contains_key(&NodeId::Behaviour(behaviour.id()))
            })
            .map(|behaviour| {
                let help = "write a link from it to what it brings about";
                Hit::at(
                    behaviour,
                    "this behaviour leads to no outcome and no objective",
                    help,
                )
            })
            .collect()
    },
};

pub(super) const OUTCOME_LEADS_NOWHERE: Lint = Lint {
    code: "outcome-leads-nowhere",
    title: "Outcome that leads nowhere",
    reason: "An outcome stands on the way to an objective. One that leads to nothing is either no part of the strategy, or \
             the belief that makes it one is missing.",
    find: |survey| {
        let outcomes = survey.model.outcomes().iter();
        outcomes
            .filter(|outcome| !survey.effects.contains_key(&NodeId::Outcome(outcome.id())))
            .map(|outcome| {
                let help = "write a link from it to the objective that it serves";
                Hit::at(outcome, "this outcome leads to no objective", help)
            })
            .collect()
    },
};

pub(super) const LINK_WITHOUT_RATIONALE: Lint = Lint {
    code: "link-without-rationale",
    title: "Link without a reason why it is believed",
    reason: "A link is a belief about cause and effect. Without its reason it can be neither discussed nor tested, and after \
             a year nobody remembers it.",
    find: |survey| {
        let links = survey.model.links().iter();
        links
            .filter(|link| link.why.is_none())
            .map(|link| {
                Hit::at(
                    link,
                    "this link does not say why it is believed",
                    "write `why:`",
                )
            })
            .collect()
    },
};

pub(super) const LINK_WITHOUT_LAG: Lint = Lint {
    code: "link-without-lag",
    title: "Link without a lag",
    reason: "Data can support or contradict a link only if it says after what time the effect is to be seen. Without a lag \
             an effect that takes a year looks like none.",
    find: |survey| {
        let links = survey.model.links().iter();
        links
            .filter(|link| link.lag.is_none())
            .map(|link| {
                let message = "this link does not say how long the effect takes";
                Hit::at(link, message, "write `lag:`, such as `2 weeks`")
            })
            .collect()
    },
};

pub(super) const LINK_WITHOUT_REVIEW: Lint = Lint {
    code: "link-without-review",
    title: "Link without a review date",
    reason: "A belief that is never looked at again turns into dogma. The date says when the data are asked.",
    find: |survey| {
        let links = survey.model.links().iter();
        links
            .filter(|link| link.review_by.is_none())
            .map(|link| {
                let message = "this link does not say when it is looked at again";
                Hit::at(link, message, "write `review_by:` with a date")
            })
            .collect()
    },
};

pub(super) const LINK_CYCLE: Lint = Lint {
    code: "link-cycle",
    title: "Links that go round in a circle",
    reason: "Where each drives the other, data cannot tell which came first, and a scenario would amplify itself. Say which \
             way the effect mainly runs, or what else drives both.",
    find: |survey| {
        let next = |node: NodeId| survey.effects.get(&node).cloned().unwrap_or_default();
        let starts = survey.nodes.iter().map(|node| node.id);
        let found = circles(starts, next);
        // A link to itself is an error of its own.
        let found = found.into_iter().filter(|circle| circle.len() > 1);
        found
            .filter_map(|circle| link_of_circle(survey, &circle))
            .collect()
    },
};

/// The hit for a circle of links, at the one that leads on from the first node.
fn link_of_circle(survey: &Survey<'_>, circle: &[NodeId]) -> Option<Hit> {
    let (from, to) = (*circle.first()?, *circle.get(1)?);
    let mut links = survey.model.links().iter();
    let link = links.find(|link| link.from == from && link.to == to)?;
    let around = circle.iter().chain(circle.first());
    let names = around.map(|node| survey.model.name(&[node.kind()], node.kind(), node.uuid()));
    let message = format!(
        "these links go round in a circle: {}",
        names.collect::<Vec<_>>().join(" -> ")
    );
    Some(Hit::at(
        link,
        message,
        "take out the link that is believed least",
    ))
}

/// Whether a measure of the node moves before results. What is measured of a behaviour does, unless it says otherwise.
fn is_leading(survey: &Survey<'_>, node: &Node<'_>) -> bool {
    let is_behaviour = matches!(node.id, NodeId::Behaviour(_));
    let mut measures = node.measures.iter().filter_map(|used| survey.measure(used));
    measures.any(|measure| match measure.indicator {
        Some(indicator) => indicator == Indicator::Leading,
        None => is_behaviour,
    })
}

fn has_indicator(survey: &Survey<'_>, node: &Node<'_>, indicator: Indicator) -> bool {
    let mut measures = node.measures.iter().filter_map(|used| survey.measure(used));
    measures.any(|measure| measure.indicator == Some(indicator))
}

/// Along what one node reaches another.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Along {
    /// From an objective to those that it supports.
    Cascade,
    /// And from a cause to its effects.
    CascadeAndLinks,
}

/// The nodes for which something holds, and all that are reached from them.
fn reached(
    survey: &Survey<'_>,
    holds: impl Fn(&Node<'_>) -> bool,
    along: Along,
) -> HashSet<NodeId> {
    let starts = survey.nodes.iter().filter(|node| holds(node));
    let mut ahead: Vec<NodeId> = starts.map(|node| node.id).collect();
    let mut reached: HashSet<NodeId> = ahead.iter().copied().collect();
    while let Some(node) = ahead.pop() {
        let mut following = Vec::new();
        if let NodeId::Objective(id) = node
            && let Some(objective) = survey.model.objectives().get(id)
        {
            let supported = objective.supports.iter();
            following.extend(supported.map(|support| NodeId::Objective(support.objective)));
        }
        if along == Along::CascadeAndLinks {
            following.extend(survey.effects.get(&node).into_iter().flatten());
        }
        ahead.extend(following.into_iter().filter(|node| reached.insert(*node)));
    }
    reached
}
