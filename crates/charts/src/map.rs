//! The map: what drives what. Rows are given (perspectives, then outcomes and behaviours), links run between them.
//!
//! `order` finds who stands beside whom, `place` where, `route` how links run; `boxes` and `draw` write it down.

mod boxes;
mod draw;
mod order;
mod picked;
mod place;
mod route;

use std::collections::{BTreeMap, BTreeSet};

use self::order::Layers;
pub use self::picked::{Picked, PickedLinks};
use crate::chart::{Chart, Width};
use crate::glyph::{Evidence, Status};
use crate::words::{count, listed};

/// A thing on the map: an objective, an outcome or a behaviour.
#[derive(Clone, Debug)]
pub struct MapNode {
    /// What links name it by; unique on the map.
    pub key: String,
    /// Its name; two lines are shown.
    pub name: String,
    /// Its status, as sign and word.
    pub status: Status,
    /// What stands behind the status, such as "81.3% against ≥ 82.0%"; may be empty.
    pub figure: String,
    /// A line more, such as "score 0.84"; may be empty.
    pub note: String,
    /// Where a click leads.
    pub href: Option<String>,
}

/// A row of the map.
#[derive(Clone, Debug)]
pub struct MapRow {
    /// Its name, such as that of a perspective.
    pub name: String,
    /// What it is about, in a few words; may be empty.
    pub about: String,
    /// What stands in it, in the order of the plan.
    pub nodes: Vec<MapNode>,
}

/// What a link says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkKind {
    /// The first is part of the second: the cascade.
    Supports,
    /// We believe that more of the first makes more of the second.
    Raises(Evidence),
    /// We believe that more of the first makes less of the second.
    Lowers(Evidence),
}

impl LinkKind {
    /// The word between the two names.
    #[must_use]
    pub fn verb(self) -> &'static str {
        match self {
            LinkKind::Supports => "supports",
            LinkKind::Raises(_) => "drives",
            LinkKind::Lowers(_) => "holds back",
        }
    }

    /// What is known about it; the cascade is a decision and needs no evidence.
    #[must_use]
    pub fn evidence(self) -> Option<Evidence> {
        match self {
            LinkKind::Supports => None,
            LinkKind::Raises(evidence) | LinkKind::Lowers(evidence) => Some(evidence),
        }
    }
}

/// A link from one node to another, by their keys.
#[derive(Clone, Debug)]
pub struct MapLink {
    /// The key of what acts.
    pub from: String,
    /// The key of what is acted on.
    pub to: String,
    /// What the link says.
    pub kind: LinkKind,
}

/// A map. Links that name no node, or one node twice, are not shown.
#[derive(Clone, Debug)]
pub struct StrategyMap {
    /// What it shows, such as "Strategy map of Calder Water".
    pub name: String,
    /// The rows from top to bottom.
    pub rows: Vec<MapRow>,
    /// The links.
    pub links: Vec<MapLink>,
    /// What was picked on it.
    pub picked: Picked,
}

/// A node in the list form of the map, with the links that go out from it.
#[derive(Clone, Debug)]
pub struct ListedNode<'a> {
    /// The node.
    pub node: &'a MapNode,
    /// Its links and where each leads.
    pub links: Vec<(&'a MapLink, &'a MapNode)>,
}

/// What the order of a map depends on: how many nodes each row has, and which of them are linked.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MapShape {
    row_sizes: Vec<usize>,
    /// The numbers of the nodes at both ends of each link.
    ends: Vec<(usize, usize)>,
}

impl MapShape {
    /// Finds the order in which links cross least. That is nearly all of the work of a drawing, so whoever draws maps of
    /// one shape again and again keeps it.
    #[must_use]
    pub fn order(&self) -> MapOrder {
        let mut layers = Layers::new(&self.row_sizes, &self.ends);
        layers.order();
        MapOrder {
            shape: self.clone(),
            layers,
        }
    }

    /// How many nodes and links it has.
    #[must_use]
    pub fn size(&self) -> usize {
        self.row_sizes.iter().sum::<usize>() + self.ends.len()
    }
}

/// Who stands beside whom on maps of one shape.
#[derive(Clone, Debug)]
pub struct MapOrder {
    shape: MapShape,
    layers: Layers,
}

impl StrategyMap {
    /// What its order depends on.
    #[must_use]
    pub fn shape(&self) -> MapShape {
        let links = self.shown_links().into_iter();
        MapShape {
            row_sizes: self.rows.iter().map(|row| row.nodes.len()).collect(),
            ends: links.map(|(_, from, to)| (from, to)).collect(),
        }
    }

    /// The drawing in an order that was found for its shape; in its own where that is another.
    #[must_use]
    pub fn drawn_in(&self, order: &MapOrder) -> String {
        let shape = self.shape();
        let layers = if shape == order.shape {
            order.layers.clone()
        } else {
            shape.order().layers
        };
        draw::draw(self, layers)
    }

    fn nodes(&self) -> impl Iterator<Item = &MapNode> {
        self.rows.iter().flat_map(|row| &row.nodes)
    }

    /// The first node of each key.
    fn by_key(&self) -> BTreeMap<&str, (usize, &MapNode)> {
        let mut by_key = BTreeMap::new();
        for (index, node) in self.nodes().enumerate() {
            by_key.entry(node.key.as_str()).or_insert((index, node));
        }
        by_key
    }

    /// The links that can be shown, with the number of the nodes at their ends; each once.
    fn shown_links(&self) -> Vec<(&MapLink, usize, usize)> {
        let by_key = self.by_key();
        let mut seen = BTreeSet::new();
        let ends = |link: &MapLink| {
            Some((
                by_key.get(link.from.as_str())?.0,
                by_key.get(link.to.as_str())?.0,
            ))
        };
        self.links
            .iter()
            .filter_map(|link| ends(link).map(|(from, to)| (link, from, to)))
            .filter(|(link, from, to)| from != to && seen.insert((*from, *to, link.kind.verb())))
            .collect()
    }

    /// The same graph as a list, for narrow screens: each row with its nodes, and from each node what it drives. What would
    /// step back is left out.
    #[must_use]
    pub fn list(&self) -> Vec<(&MapRow, Vec<ListedNode<'_>>)> {
        let links = self.shown_links();
        let nodes: Vec<&MapNode> = self.nodes().collect();
        let stands_out = self.stands_out();
        let is_listed = |number: &usize| {
            let nodes = stands_out.as_ref().map(|out| &out.nodes);
            nodes.is_none_or(|nodes| nodes.contains(number))
        };
        let is_told = |link: &usize| {
            let links = stands_out.as_ref().map(|out| &out.links);
            links.is_none_or(|links| links.contains(link))
        };
        let listed_node = |(node, number): (_, usize)| {
            let out = links.iter().enumerate();
            let out = out.filter(move |(link, (_, from, _))| *from == number && is_told(link));
            let links = out.filter_map(|(_, (link, _, to))| Some((*link, *nodes.get(*to)?)));
            ListedNode {
                node,
                links: links.collect(),
            }
        };
        let mut numbers = 0..;
        let rows = self.rows.iter().map(|row| {
            let nodes = row.nodes.iter().zip(numbers.by_ref());
            let nodes = nodes.filter(|(_, number)| is_listed(number));
            (row, nodes.map(&listed_node).collect::<Vec<_>>())
        });
        rows.filter(|(_, nodes)| !nodes.is_empty()).collect()
    }

    fn counted_statuses(&self) -> String {
        let number = |status| self.nodes().filter(|node| node.status == status).count();
        let words = Status::ALL
            .into_iter()
            .map(|status| (number(status), status.word().to_lowercase()));
        let shown: Vec<String> = words
            .filter(|(number, _)| *number > 0)
            .map(|(number, word)| format!("{number} {word}"))
            .collect();
        listed(&shown)
    }

    fn counted_links(&self) -> String {
        let links = self.shown_links();
        let number = |evidence| {
            links
                .iter()
                .filter(|(link, ..)| link.kind.evidence() == evidence)
                .count()
        };
        let mut words: Vec<String> = Evidence::ALL
            .into_iter()
            .map(|evidence| (number(Some(evidence)), evidence.word().to_lowercase()))
            .chain([(number(None), "decided".to_owned())])
            .filter(|(number, _)| *number > 0)
            .map(|(number, word)| format!("{number} {word}"))
            .collect();
        if words.is_empty() {
            words.push("none".to_owned());
        }
        listed(&words)
    }
}

impl Chart for StrategyMap {
    fn title(&self) -> String {
        self.name.clone()
    }

    fn description(&self) -> String {
        let nodes = self.nodes().count();
        if nodes == 0 {
            return "The map is empty.".to_owned();
        }
        format!(
            "{} in {}: {}. {}: {}.",
            if nodes == 1 {
                "1 box".to_owned()
            } else {
                format!("{nodes} boxes")
            },
            count(self.rows.len(), "row"),
            self.counted_statuses(),
            count(self.shown_links().len(), "link"),
            self.counted_links()
        )
    }

    fn table(&self) -> Vec<Vec<String>> {
        let nodes: Vec<&MapNode> = self.nodes().collect();
        let name = |index: usize| {
            nodes
                .get(index)
                .map_or_else(String::new, |node| node.name.clone())
        };
        let heads = ["From", "Link", "To", "Evidence"]
            .map(str::to_owned)
            .to_vec();
        let rows = self.shown_links().into_iter().map(|(link, from, to)| {
            let evidence = link.kind.evidence().map_or("", Evidence::word);
            vec![
                name(from),
                link.kind.verb().to_owned(),
                name(to),
                evidence.to_owned(),
            ]
        });
        std::iter::once(heads).chain(rows).collect()
    }

    /// A narrow screen shows [`StrategyMap::list`] instead; there is one drawing.
    fn drawing(&self, _width: Width) -> String {
        self.drawn_in(&self.shape().order())
    }
}
