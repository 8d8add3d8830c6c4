//! The performance map: what drives what, from what people do to what the organisation wants.

use std::collections::HashMap;

use askama::Template;
use throughline_app::evidence::{LinkEvidence, MapEvidence, towards_goal, words as told};
use throughline_app::words::{self, names};
use throughline_charts::Evidence;
use throughline_engine::NodeKey;
use throughline_model::Model;

use super::links;
use super::strategy::said;
use crate::error::{PageResult, page};
use crate::frame::{Frame, Section};
use crate::parts::empty::Empty;
use crate::parts::sorting::{Column, Head, Sort, SortKey};
use crate::parts::strategy_map::{Depth, MapPart};
use crate::parts::ties::{EffectWords, EvidenceMark, drawn};
use crate::place::Place;
use crate::viewer::Viewer;

/// The columns of the links.
const COLUMNS: [Column; 5] = [
    Column::by("name", "Link"),
    Column::by("grade", "Evidence"),
    Column::by("effect", "Effect towards the goal"),
    Column::plain("95% interval").of_class("right"),
    Column::by("pairs", "Pairs").of_class("right"),
];
/// The most links in the table.
const LINKS_LISTED_MAX: usize = 24;
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
    /// What stands in the place of all else, where there are no objectives.
    pub empty: Option<Empty>,
    /// The map.
    pub map: MapPart,
    /// Whether the evidence is being worked out.
    pub is_awaited: bool,
    /// The heads of the table of links.
    pub heads: Vec<Head>,
    /// The links with their grades.
    pub links: Vec<GradedLink>,
    /// How many more there are.
    pub more_links: usize,
    /// What has no measure, by name.
    pub unmeasured: Vec<String>,
    /// How much more has none.
    pub more_unmeasured: usize,
}

/// A link in the table below the map.
#[derive(Debug, Clone)]
pub struct GradedLink {
    /// The names of its ends.
    pub ends: (String, String),
    /// Its page.
    pub href: Option<String>,
    /// Its grade.
    pub evidence: EvidenceMark,
    /// How many pairs of values were looked at.
    pub n: String,
    /// Its size with its interval towards what is better, where it was tested.
    pub effect: Option<EffectWords>,
}

impl GradedLink {
    /// The first of the links in an order.
    fn all(
        place: &Place,
        model: &Model,
        evidence: Option<&MapEvidence>,
        sort: Sort,
    ) -> Vec<GradedLink> {
        let found = evidence.map_or(&[][..], |evidence| &evidence.links);
        let found = sort.order(found.iter().collect(), |one, column| {
            key(model, one, column)
        });
        let of = |found: &LinkEvidence| {
            let link = model.links().get(found.link)?;
            let tested = found.tested.as_ref().ok();
            let name = |node| told::node_name(model, node);
            Some(GradedLink {
                ends: (name(link.from), name(link.to)),
                href: links::link(place, model, found.link),
                evidence: EvidenceMark::Graded(drawn(found.grade)),
                n: tested.map_or_else(String::new, |tested| {
                    words::grouped(tested.estimate.rows as u64)
                }),
                effect: evidence.and_then(|evidence| EffectWords::of(link, found, evidence)),
            })
        };
        let found = found.into_iter().filter_map(of);
        found.take(LINKS_LISTED_MAX).collect()
    }
}

/// What a link has in a column: of its grade what is for it first.
fn key(model: &Model, found: &LinkEvidence, column: &str) -> SortKey {
    let estimate = || Some(&found.tested.as_ref().ok()?.estimate);
    match column {
        "name" => {
            let link = model.links().get(found.link);
            link.map_or(SortKey::Nothing, |link| {
                let name = |node| told::node_name(model, node);
                SortKey::words(&format!("{} → {}", name(link.from), name(link.to)))
            })
        }
        "grade" => {
            let mut grades = Evidence::ALL.iter();
            let place = grades.position(|grade| *grade == drawn(found.grade));
            SortKey::number(place.map(|place| place as f64))
        }
        "effect" => {
            let tested = found.tested.as_ref().ok();
            let shown = model.links().get(found.link).zip(tested);
            SortKey::number(shown.map(|(link, tested)| towards_goal(link, tested).0))
        }
        "pairs" => SortKey::number(estimate().map(|estimate| estimate.rows as f64)),
        _ => SortKey::Nothing,
    }
}

/// Shows the map at a unit in a period.
///
/// # Errors
/// As of the scorecard's use case.
pub async fn get(viewer: Viewer) -> PageResult {
    let read = viewer.scorecard().await?;
    let evidence = viewer.evidence(&read.selected).await?;
    let model = &read.selected.model;
    let sort = Sort::asked(&viewer, &COLUMNS);
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
        empty: Empty::of_objectives(&viewer, model).filter(|_| read.scorecard.nodes.is_empty()),
        map: MapPart::of(
            &viewer,
            &read,
            Depth::Everything,
            evidence.as_deref(),
            &HashMap::new(),
        ),
        is_awaited: evidence.is_none() && !viewer.ctx.waiting().has_failed(),
        heads: sort.heads(&viewer, &COLUMNS, "#links"),
        links: GradedLink::all(&viewer.place, model, evidence.as_deref(), sort),
        more_links: evidence.as_ref().map_or(0, |evidence| {
            evidence.links.len().saturating_sub(LINKS_LISTED_MAX)
        }),
        more_unmeasured: unmeasured.len().saturating_sub(UNMEASURED_MAX),
        unmeasured: named
            .map(|node| names::name(model, names::of_node(*node)))
            .collect(),
    })
}
