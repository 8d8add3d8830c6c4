//! The map as a list: perspectives as rows, their objectives as cards, and what each supports. It stands for the drawing
//! where there is no room for it.

use askama::Template;
use throughline_app::ReadScorecard;
use throughline_app::words::numbers;
use throughline_engine::{ChildKey, NodeKey, NodeReading, Status};

use super::status::{Glyph, word};
use crate::pages::links;
use crate::place::Place;

/// The most objectives that are shown; a strategy with more is no strategy, and has its table.
const OBJECTIVES_MAX: usize = 80;

/// The map as a list.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "parts/map_list.html")]
pub struct MapList {
    /// The perspectives.
    pub rows: Vec<MapRow>,
}

/// A perspective with its objectives.
#[derive(Debug, Clone)]
pub struct MapRow {
    /// Its name.
    pub name: String,
    /// What it looks at.
    pub about: String,
    /// Its objectives.
    pub nodes: Vec<MapNode>,
}

/// An objective.
#[derive(Debug, Clone)]
pub struct MapNode {
    /// Its name.
    pub name: String,
    /// Where it is shown.
    pub href: Option<String>,
    /// Its status.
    pub status: Status,
    /// Its worst measure, in words.
    pub figure: String,
    /// What it supports.
    pub supports: String,
}

impl MapNode {
    fn glyph(&self) -> Glyph {
        Glyph(self.status)
    }

    fn word(&self) -> String {
        word(self.status)
    }
}

impl MapList {
    /// The map of a scorecard.
    #[must_use]
    pub fn of(read: &ReadScorecard, place: &Place) -> MapList {
        let model = &read.selected.model;
        let mut left = OBJECTIVES_MAX;
        let mut rows = Vec::new();
        for perspective in model.perspectives() {
            let of_it = read
                .scorecard
                .nodes
                .iter()
                .filter_map(|node| match node.node {
                    NodeKey::Objective(id) => {
                        let objective = model.objectives().get(id)?;
                        (objective.perspective == Some(perspective.id()))
                            .then_some((node, objective))
                    }
                    _ => None,
                });
            let nodes: Vec<MapNode> = of_it
                .take(left)
                .map(|(node, objective)| MapNode {
                    name: objective.name.clone(),
                    href: links::objective(place, objective.key.as_str()),
                    status: node.status,
                    figure: figure(read, node),
                    supports: supported(read, objective),
                })
                .collect();
            left -= nodes.len();
            rows.push(MapRow {
                name: perspective.name.clone(),
                about: perspective
                    .about
                    .as_ref()
                    .map_or_else(String::new, |about| about.0.clone()),
                nodes,
            });
        }
        MapList { rows }
    }
}

/// The measure that weighs on a node most: `On-time arrivals 74.2% against ≥ 80.0`.
fn figure(read: &ReadScorecard, node: &NodeReading) -> String {
    let model = &read.selected.model;
    let first = || {
        let mut children = node.children.iter();
        children.find_map(|child| match child.child {
            ChildKey::Measure(id) => Some(id),
            ChildKey::Objective(_) => None,
        })
    };
    let worst = match node.worst {
        Some(ChildKey::Measure(id)) => Some(id),
        _ => first(),
    };
    let reading = worst.and_then(|id| {
        let mut readings = read.scorecard.measures.iter();
        readings.find(|reading| reading.measure == id)
    });
    let Some((reading, measure)) =
        reading.and_then(|reading| Some((reading, model.measures().get(reading.measure)?)))
    else {
        return "No measure is read here".to_owned();
    };
    match (reading.value, reading.target) {
        (None, _) => format!("{}: nothing was observed", measure.name),
        (value, None) => format!("{} {}", measure.name, numbers::value(value, measure)),
        (value, target) => format!(
            "{} {} against {}",
            measure.name,
            numbers::value(value, measure),
            numbers::target(target, measure)
        ),
    }
}

fn supported(read: &ReadScorecard, objective: &throughline_model::records::Objective) -> String {
    let model = &read.selected.model;
    let names: Vec<String> = objective
        .supports
        .iter()
        .filter_map(|support| Some(model.objectives().get(support.objective)?.name.clone()))
        .collect();
    if names.is_empty() {
        String::new()
    } else {
        format!("Supports {}", throughline_app::words::list(&names))
    }
}
