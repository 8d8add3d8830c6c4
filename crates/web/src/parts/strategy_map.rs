//! The map, as a drawing and as the list that stands for it where there is no room: objectives with their cascade and the
//! outcomes that bring them about, or everything that drives something.

use std::collections::{BTreeSet, HashMap};

use askama::Template;
use throughline_app::evidence::MapEvidence;
use throughline_app::insight::is_red_inside;
use throughline_app::words::{names, numbers};
use throughline_app::{ReadScorecard, main_measure};
use throughline_charts::{Evidence, LinkKind, MapLink, MapNode, MapRow, StrategyMap};
use throughline_core::{MeasureId, PerspectiveId, UnitOfMeasure};
use throughline_engine::{ChildKey, MeasureReading, NodeKey, NodeReading, Status};
use throughline_model::records::{Effect, Link, Measure, NodeId};
use throughline_model::{Entry, Kind, Model};
use uuid::Uuid;

use super::map_head::{self, MapHead};
use super::status::StatusMark;
use super::ties::{self, EvidenceMark};
use crate::markdown;
use crate::pages::links;
use crate::place::Place;
use crate::viewer::Viewer;

/// The most boxes that are drawn, beside a scorecard and alone; more than these are read in the scorecard. A box has up to
/// 28 elements with its links and its line of the list, and a page is to have 2,500.
const BOXES_BESIDE_SCORECARD: usize = 40;
const BOXES_ALONE: usize = 60;

/// The map.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "parts/strategy_map.html")]
pub struct MapPart {
    /// What stands above it.
    pub head: MapHead,
    /// The drawing.
    pub drawing: String,
    /// The list.
    pub rows: Vec<ListRow>,
    /// How many things are left out.
    pub left_out: usize,
}

/// A row of the list.
#[derive(Debug, Clone)]
pub struct ListRow {
    /// Its name.
    pub name: String,
    /// What it is about.
    pub about: String,
    /// What stands in it.
    pub nodes: Vec<ListNode>,
}

/// A thing in the list.
#[derive(Debug, Clone)]
pub struct ListNode {
    /// Its name.
    pub name: String,
    /// Where it is shown.
    pub href: Option<String>,
    /// Its status.
    pub status: Status,
    /// What stands behind the status.
    pub figure: String,
    /// How likely that reaches its target.
    pub note: String,
    /// Each link: what is known of a belief, and in words: `drives On-time arrivals`.
    pub links: Vec<(Option<EvidenceMark>, String)>,
}

impl ListNode {
    fn mark(&self) -> StatusMark {
        StatusMark(self.status)
    }
}

/// How far down a map or a scorecard goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Depth {
    /// Objectives and their cascade.
    Objectives,
    /// What brings them about, too.
    Outcomes,
    /// What people do, too.
    Everything,
}

impl Depth {
    /// Whether things of this kind are shown.
    #[must_use]
    pub fn shows(self, kind: Kind) -> bool {
        match kind {
            Kind::Behaviour => self >= Depth::Everything,
            Kind::Outcome => self >= Depth::Outcomes,
            _ => true,
        }
    }
}

impl MapPart {
    /// The map of a scorecard; `likely` says of measures how likely they reach their targets.
    #[must_use]
    pub fn of(
        viewer: &Viewer,
        read: &ReadScorecard,
        depth: Depth,
        evidence: Option<&MapEvidence>,
        likely: &HashMap<MeasureId, String>,
    ) -> MapPart {
        let place = &viewer.place;
        let model = &read.selected.model;
        let mut left = match depth {
            Depth::Objectives | Depth::Outcomes => BOXES_BESIDE_SCORECARD,
            Depth::Everything => BOXES_ALONE,
        };
        let mut left_out = 0;
        let mut rows = Vec::new();
        let mut shown = Shown::default();
        for (name, about, meant) in rows_of(read, depth) {
            let nodes: Vec<MapNode> = meant
                .iter()
                .take(left)
                .map(|node| node_of(read, place, node, likely))
                .collect();
            let records = meant.iter().map(|node| names::of_node(node.node));
            let drawn = records.zip(&nodes);
            shown.extend(drawn.map(|(record, node)| (record, node.key.clone())));
            left -= nodes.len();
            left_out += meant.len() - nodes.len();
            if !nodes.is_empty() {
                rows.push(MapRow { name, about, nodes });
            }
        }
        let map = StrategyMap {
            name: format!("Map of {}", read.selected.unit_name()),
            links: links_of(model, depth, &shown, evidence),
            rows,
            picked: map_head::picked(viewer),
        };
        let order = viewer.server.map_order(&map.shape());
        MapPart {
            head: MapHead::of(viewer, (model, evidence), (depth, &map.rows)),
            drawing: map.drawn_in(&order),
            rows: listed(&map, evidence.is_some()),
            left_out,
        }
    }
}

/// The measures that decided the status of what is on a map, each once.
#[must_use]
pub fn decisive_measures(read: &ReadScorecard, depth: Depth) -> Vec<MeasureId> {
    let nodes = read.scorecard.nodes.iter();
    let shown = nodes.filter(|node| match names::of_node(node.node).0 {
        Kind::Perspective => false,
        kind => depth.shows(kind),
    });
    let decisive = shown.filter_map(|node| Some(decisive_measure(read, node)?.0.measure));
    let unique: BTreeSet<MeasureId> = decisive.take(BOXES_ALONE).collect();
    unique.into_iter().collect()
}

/// The rows of a map: name, what is in it in a few words, and its nodes, in the order of the plan.
type RowOfNodes<'a> = (String, String, Vec<&'a NodeReading>);

/// The rows from the top down: the perspectives, objectives of none, outcomes and behaviours.
fn rows_of(read: &ReadScorecard, depth: Depth) -> Vec<RowOfNodes<'_>> {
    let model = &read.selected.model;
    let mut of_perspectives: HashMap<Option<PerspectiveId>, Vec<&NodeReading>> = HashMap::new();
    let (mut outcomes, mut behaviours) = (Vec::new(), Vec::new());
    for node in read.scorecard.nodes.iter() {
        match node.node {
            NodeKey::Objective(id) => {
                if let Some(objective) = model.objectives().get(id) {
                    let of_it = of_perspectives.entry(objective.perspective).or_default();
                    of_it.push(node);
                }
            }
            NodeKey::Outcome(_) => outcomes.push(node),
            NodeKey::Behaviour(_) => behaviours.push(node),
            NodeKey::Perspective(_) => {}
        }
    }
    let mut rows: Vec<RowOfNodes<'_>> = Vec::new();
    for perspective in model.perspectives() {
        let about = perspective.about.as_ref();
        rows.push((
            perspective.record.name.clone(),
            about.map_or_else(String::new, markdown::line),
            of_perspectives
                .remove(&Some(perspective.id()))
                .unwrap_or_default(),
        ));
    }
    let of_none = of_perspectives.remove(&None).unwrap_or_default();
    rows.push(("Objectives".to_owned(), String::new(), of_none));
    if depth.shows(Kind::Outcome) {
        let about = "what behaviours bring about".to_owned();
        rows.push(("Outcomes".to_owned(), about, outcomes));
    }
    if depth.shows(Kind::Behaviour) {
        let about = "what people do".to_owned();
        rows.push(("Behaviours".to_owned(), about, behaviours));
    }
    rows
}

fn node_of(
    read: &ReadScorecard,
    place: &Place,
    node: &NodeReading,
    likely: &HashMap<MeasureId, String>,
) -> MapNode {
    let model = &read.selected.model;
    let decisive = decisive_measure(read, node);
    let note = match is_red_inside(read, node) {
        true => Some("part of it is off track"),
        false => decisive
            .and_then(|(reading, _)| likely.get(&reading.measure))
            .map(String::as_str),
    };
    let record = names::of_node(node.node);
    let key = names::key(model, record);
    MapNode {
        name: names::name(model, record),
        status: drawn(node.status),
        figure: figure(node, decisive),
        note: note.map(whole).unwrap_or_default(),
        href: links::record(place, record.0, &key),
        key,
    }
}

fn drawn(status: Status) -> throughline_charts::Status {
    match status {
        Status::OnTrack => throughline_charts::Status::OnTrack,
        Status::AtRisk => throughline_charts::Status::AtRisk,
        Status::OffTrack => throughline_charts::Status::OffTrack,
        Status::NoTarget => throughline_charts::Status::NoTarget,
        Status::NoData => throughline_charts::Status::NoData,
    }
}

fn read_back(status: throughline_charts::Status) -> Status {
    match status {
        throughline_charts::Status::OnTrack => Status::OnTrack,
        throughline_charts::Status::AtRisk => Status::AtRisk,
        throughline_charts::Status::OffTrack => Status::OffTrack,
        throughline_charts::Status::NoTarget => Status::NoTarget,
        throughline_charts::Status::NoData => Status::NoData,
    }
}

/// The keys of what is on a map, by record.
type Shown = HashMap<(Kind, Uuid), String>;

/// The cascade, and the beliefs with their grades, between what is on the map.
fn links_of(
    model: &Model,
    depth: Depth,
    shown: &Shown,
    evidence: Option<&MapEvidence>,
) -> Vec<MapLink> {
    let mut links = Vec::new();
    for objective in model.objectives() {
        let Some(from) = shown.get(&(Kind::Objective, objective.id().as_uuid())) else {
            continue;
        };
        let above = objective.supports.iter();
        let above = above.filter_map(|one| shown.get(&(Kind::Objective, one.objective.as_uuid())));
        links.extend(above.map(|to| MapLink {
            from: from.clone(),
            to: to.clone(),
            kind: LinkKind::Supports,
        }));
    }
    let key = |node: NodeId| shown.get(&(node.kind(), node.uuid()));
    let meant = model.links().iter().filter(|link| is_meant(link, depth));
    links.extend(meant.filter_map(|link| {
        let (from, to) = (key(link.from)?.clone(), key(link.to)?.clone());
        let grade = evidence.and_then(|evidence| evidence.grade(link.id()));
        let known = grade.map_or(Evidence::Untested, ties::drawn);
        Some(MapLink {
            from,
            to,
            kind: match link.effect {
                Effect::Raises => LinkKind::Raises(known),
                Effect::Lowers => LinkKind::Lowers(known),
            },
        })
    }));
    links
}

/// Whether a link is on a map that goes so far down.
pub(super) fn is_meant(link: &Link, depth: Depth) -> bool {
    let shows = |node: NodeId| depth.shows(node.kind());
    shows(link.from) && shows(link.to)
}

/// What is known of a belief; nothing of the cascade, which is a decision.
fn mark(kind: LinkKind, is_weighed: bool) -> Option<EvidenceMark> {
    kind.evidence().map(|evidence| match is_weighed {
        true => EvidenceMark::Graded(evidence),
        false => EvidenceMark::Awaited,
    })
}

fn listed(map: &StrategyMap, is_weighed: bool) -> Vec<ListRow> {
    let rows = map.list().into_iter().map(|(row, nodes)| ListRow {
        name: row.name.clone(),
        about: row.about.clone(),
        nodes: nodes
            .into_iter()
            .map(|listed| ListNode {
                name: listed.node.name.clone(),
                href: listed.node.href.clone(),
                status: read_back(listed.node.status),
                figure: listed.node.figure.clone(),
                note: listed.node.note.clone(),
                links: listed
                    .links
                    .iter()
                    .map(|(link, to)| {
                        let words = format!("{} {}", link.kind.verb(), to.name);
                        (mark(link.kind, is_weighed), words)
                    })
                    .collect(),
            })
            .collect(),
    });
    rows.collect()
}

/// What explains the status of a node in a few words: the measure that decided it, `62.6% against ≥ 75.9%`, or else how
/// its parts add up, `score 71.4 of 100`.
fn figure(node: &NodeReading, decisive: Option<(&MeasureReading, &Entry<Measure>)>) -> String {
    if node.children.is_empty() {
        return "nothing measures it".to_owned();
    }
    let Some((reading, measure)) = decisive else {
        return match node.score {
            Some(score) => format!("score {} of 100", numbers::score(Some(score))),
            None if node.status == Status::NoTarget => "nothing in it has a target".to_owned(),
            None if node.coverage.is_none() => "nothing of it is read here".to_owned(),
            None => "too little was observed".to_owned(),
        };
    };
    match (reading.value, reading.target) {
        (None, _) => "nothing observed".to_owned(),
        (value, None) => numbers::short(value, measure),
        (value, target) => {
            let [said, target] = numbers::value_and_target(value, target, measure);
            // A unit that is a word stands once.
            let value = match numbers::unit_of(measure) {
                UnitOfMeasure::Named(_) => numbers::bare(value, measure),
                _ => said,
            };
            format!("{} against {}", whole(&value), whole(&target))
        }
    }
}

/// The measure that decided the status of a node, if one did.
fn decisive_measure<'a>(
    read: &'a ReadScorecard,
    node: &NodeReading,
) -> Option<(&'a MeasureReading, &'a Entry<Measure>)> {
    let of_its_status = |(reading, _): &(&MeasureReading, _)| reading.status == node.status;
    critical_measure(read, node)
        .or_else(|| main_measure(read, node))
        .filter(of_its_status)
}

/// A figure that is not broken over two lines, but for a range before its second number.
fn whole(figure: &str) -> String {
    let whole = figure.replace(' ', "\u{a0}");
    whole.replace("\u{a0}to\u{a0}", "\u{a0}to ")
}

/// The critical measure that put a node off track, if one did.
fn critical_measure<'a>(
    read: &'a ReadScorecard,
    node: &NodeReading,
) -> Option<(&'a MeasureReading, &'a Entry<Measure>)> {
    let mut children = node.children.iter();
    let id = children.find_map(|child| match child.child {
        ChildKey::Measure(id) if child.critical && child.status == Status::OffTrack => Some(id),
        _ => None,
    })?;
    let measure = read.selected.model.measures().get(id)?;
    Some((read.scorecard.measure(id)?, measure))
}
