//! The performance map: what drives what, from what people do to what the organisation wants.

use askama::Template;
use throughline_app::words::names;
use throughline_engine::NodeKey;

use super::strategy::said;
use crate::error::{PageResult, page};
use crate::frame::{Frame, Section};
use crate::parts::strategy_map::{Depth, MapPart};
use crate::viewer::Viewer;

/// How much of what has no measure is named.
const UNMEASURED_MAX: usize = 12;

/// The page.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "map.html")]
pub struct MapPage {
    /// What is around it.
    pub frame: Frame,
    /// Which figures these are.
    pub said: String,
    /// The map.
    pub map: MapPart,
    /// What has no measure, by name.
    pub unmeasured: Vec<String>,
    /// How much more has none.
    pub more_unmeasured: usize,
}

/// Shows the map at a unit in a period.
///
/// # Errors
/// As of the scorecard's use case.
pub async fn get(viewer: Viewer) -> PageResult {
    let read = viewer.scorecard().await?;
    let model = &read.selected.model;
    let nodes = read.scorecard.nodes.iter();
    let unmeasured: Vec<NodeKey> = nodes
        .filter(|node| node.children.is_empty())
        .map(|node| node.node)
        .filter(|node| !matches!(node, NodeKey::Perspective(_)))
        .collect();
    let named = unmeasured.iter().take(UNMEASURED_MAX);
    page(&MapPage {
        frame: Frame::at(&viewer, Section::Map, "Performance map", &read.selected),
        said: said(&read),
        map: MapPart::of(&viewer, &read, Depth::Everything),
        more_unmeasured: unmeasured.len().saturating_sub(UNMEASURED_MAX),
        unmeasured: named
            .map(|node| names::name(model, names::of_node(*node)))
            .collect(),
    })
}
