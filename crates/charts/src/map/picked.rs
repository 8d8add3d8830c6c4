//! What of a map stands out: what a way connects with one node, the links of one grade, or both; all else steps back.

use std::collections::BTreeSet;

use super::{MapLink, StrategyMap};
use crate::glyph::Evidence;

/// What was picked on a map; where nothing was, everything stands as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Picked {
    /// The key of a node.
    pub node: Option<String>,
    /// Which links.
    pub links: Option<PickedLinks>,
}

/// Which links were picked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PickedLinks {
    /// Beliefs of which so much is known.
    Known(Evidence),
    /// The cascade.
    Cascade,
}

impl PickedLinks {
    fn are(self, link: &MapLink) -> bool {
        match self {
            PickedLinks::Known(evidence) => link.kind.evidence() == Some(evidence),
            PickedLinks::Cascade => link.kind.evidence().is_none(),
        }
    }
}

/// What stands out, by numbers: of nodes in their order, of links in that of `shown_links`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct StandsOut {
    pub nodes: BTreeSet<usize>,
    pub links: BTreeSet<usize>,
    /// The node that was picked.
    pub picked: Option<usize>,
}

impl StrategyMap {
    /// What stands out; `None` where all does, as nothing was picked that is on the map.
    pub(super) fn stands_out(&self) -> Option<StandsOut> {
        let links = self.shown_links();
        let by_key = self.by_key();
        let named = self.picked.node.as_deref();
        let picked = named.and_then(|key| Some(by_key.get(key)?.0));
        let is_there = |meant: PickedLinks| links.iter().any(|(link, ..)| meant.are(link));
        if picked.is_none() && !self.picked.links.is_some_and(is_there) {
            return None;
        }
        let ends: Vec<(usize, usize)> = links.iter().map(|(_, from, to)| (*from, *to)).collect();
        let on_the_way: BTreeSet<usize> = match picked {
            Some(node) => connected(node, &ends),
            None => (0..ends.len()).collect(),
        };
        let is_meant = |link: &usize| match (self.picked.links, links.get(*link)) {
            (Some(meant), Some((link, ..))) => meant.are(link),
            (_, link) => link.is_some(),
        };
        let links: BTreeSet<usize> = on_the_way.into_iter().filter(is_meant).collect();
        let at_ends = links.iter().filter_map(|link| ends.get(*link));
        let at_ends = at_ends.flat_map(|(from, to)| [*from, *to]);
        Some(StandsOut {
            nodes: at_ends.chain(picked).collect(),
            links,
            picked,
        })
    }
}

/// The links on all ways that lead from a node, and on all that lead to it.
fn connected(node: usize, ends: &[(usize, usize)]) -> BTreeSet<usize> {
    let along = |near: fn(&(usize, usize)) -> usize, far: fn(&(usize, usize)) -> usize| {
        let mut passed = BTreeSet::new();
        let mut next = vec![node];
        while let Some(here) = next.pop() {
            for (link, ends) in ends.iter().enumerate() {
                if near(ends) == here && passed.insert(link) {
                    next.push(far(ends));
                }
            }
        }
        passed
    };
    let mut all = along(|ends| ends.0, |ends| ends.1);
    all.extend(along(|ends| ends.1, |ends| ends.0));
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::map_samples::water;

    fn named(map: &StrategyMap) -> Option<(Vec<String>, usize)> {
        let stands_out = map.stands_out()?;
        let nodes = map.nodes().enumerate();
        let nodes = nodes.filter(|(number, _)| stands_out.nodes.contains(number));
        let names = nodes.map(|(_, node)| node.key.clone()).collect();
        Some((names, stands_out.links.len()))
    }

    #[test]
    fn what_is_picked_stands_out_with_what_is_connected() {
        let map = water();
        assert_eq!(named(&map), None);
        let key = map.rows[0].nodes[0].key.clone();
        let all = map.shown_links().len();
        let pick = |node: Option<&str>, links| {
            let picked = Picked {
                node: node.map(str::to_owned),
                links,
            };
            named(&StrategyMap {
                picked,
                ..map.clone()
            })
        };
        assert_eq!(pick(Some("no such node"), None), None);
        let (nodes, links) = pick(Some(&key), None).unwrap();
        assert!(nodes.contains(&key) && nodes.len() < map.nodes().count());
        assert!(links > 0 && links < all, "{links} of {all}");
        let (_, supported) = pick(None, Some(PickedLinks::Known(Evidence::Supported))).unwrap();
        let expected = map.shown_links();
        let is_supported = |link: &MapLink| link.kind.evidence() == Some(Evidence::Supported);
        let expected = expected.iter().filter(|(link, ..)| is_supported(link));
        assert_eq!(supported, expected.count());
        // Where no link is so, nothing steps back.
        let strong = pick(None, Some(PickedLinks::Known(Evidence::Strong)));
        assert_eq!(strong, None);
        let both = pick(Some(&key), Some(PickedLinks::Known(Evidence::Strong)));
        assert_eq!(both, Some((vec![key], 0)));
    }

    #[test]
    fn the_list_leaves_out_what_steps_back() {
        let mut map = water();
        map.picked.node = Some(map.rows[0].nodes[0].key.clone());
        let (names, links) = named(&map).unwrap();
        let list = map.list();
        let nodes = list.iter().flat_map(|(_, nodes)| nodes);
        let listed: Vec<String> = nodes.clone().map(|node| node.node.key.clone()).collect();
        assert_eq!(listed, names);
        assert_eq!(nodes.map(|node| node.links.len()).sum::<usize>(), links);
    }
}
