//! How deep records of a plan stand in each other. What is deeper than anybody reads is refused by the checks, and not
//! read by the evaluation, so that no plan makes either of them run without an end.

use std::hash::Hash;

use throughline_core::hash::Map;

use crate::formula::PERIODS_MAX;

/// A unit stands below so many others at most.
pub const UNIT_DEPTH_MAX: usize = 64;

/// A formula needs so many others one after the other at most, itself included.
pub const FORMULA_DEPTH_MAX: usize = 64;

/// An objective is supported by so many others one after the other at most.
pub const SUPPORT_DEPTH_MAX: usize = 64;

/// A formula looks back over so many periods at most, through all the formulas that it needs: the periods of each `prev` and
/// `rolling` on the way, added up. Three times what one of them may have; the work grows with it where each
/// formula is evaluated period by period.
pub const FORMULA_REACH_MAX: usize = 3 * PERIODS_MAX as usize;

/// The depth of what leads back to itself.
pub const ENDLESS: usize = usize::MAX;

/// How many steps lead on from each node at most; [`ENDLESS`] where they lead to a circle.
pub(crate) fn depths<N: Copy + Eq + Hash>(
    starts: impl IntoIterator<Item = N>,
    next: impl Fn(N) -> Vec<N>,
) -> Map<N, usize> {
    longest_ways(starts, |node| {
        next(node).into_iter().map(|next| (next, 1)).collect()
    })
}

/// How long the longest way from each node is, each step as long as is said; [`ENDLESS`] where it leads to a circle.
pub(crate) fn longest_ways<N: Copy + Eq + Hash>(
    starts: impl IntoIterator<Item = N>,
    next: impl Fn(N) -> Vec<(N, usize)>,
) -> Map<N, usize> {
    /// A node of which something still lies ahead, how long the step to it was, and how deep it is by what is behind.
    struct Step<N> {
        node: N,
        length: usize,
        ahead: Vec<(N, usize)>,
        depth: usize,
    }
    let step = |(node, length): (N, usize)| Step {
        node,
        length,
        ahead: next(node),
        depth: 0,
    };
    let mut known: Map<N, usize> = Map::default();
    for start in starts {
        if known.contains_key(&start) {
            continue;
        }
        let mut way = vec![step((start, 0))];
        // While a node is on the way it counts as endless: whoever comes back to it is in a circle.
        known.insert(start, ENDLESS);
        while let Some(last) = way.last_mut() {
            match last.ahead.pop() {
                Some((following, length)) => match known.get(&following) {
                    Some(depth) => last.depth = last.depth.max(depth.saturating_add(length)),
                    None => {
                        known.insert(following, ENDLESS);
                        way.push(step((following, length)));
                    }
                },
                None => {
                    let (node, depth) = (last.node, last.depth.saturating_add(last.length));
                    known.insert(node, last.depth);
                    way.pop();
                    if let Some(before) = way.last_mut() {
                        before.depth = before.depth.max(depth);
                    }
                }
            }
        }
    }
    known
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(ways: &[(u32, &[u32])], expected: &[(u32, usize)]) {
        let next = |node: u32| {
            let way = ways.iter().find(|(from, _)| *from == node);
            way.map(|(_, to)| to.to_vec()).unwrap_or_default()
        };
        let found = depths(ways.iter().map(|(from, _)| *from), next);
        for (node, depth) in expected {
            assert_eq!(found.get(node), Some(depth), "{node} of {ways:?}");
        }
    }

    #[test]
    fn the_longest_way_counts_and_a_circle_has_no_end() {
        check(&[(1, &[2, 3]), (2, &[3])], &[(1, 2), (2, 1), (3, 0)]);
        check(&[(1, &[1])], &[(1, ENDLESS)]);
        check(
            &[(1, &[2]), (2, &[3, 5]), (3, &[4]), (4, &[2]), (5, &[])],
            &[(1, ENDLESS), (3, ENDLESS), (4, ENDLESS), (5, 0)],
        );
        let chain: Vec<(u32, Vec<u32>)> = (0..100_000).map(|node| (node, vec![node + 1])).collect();
        let found = depths([0], |node| {
            let step = chain.get(node as usize);
            step.map(|(_, to)| to.clone()).unwrap_or_default()
        });
        assert_eq!(found.get(&0), Some(&100_000));
    }
}
