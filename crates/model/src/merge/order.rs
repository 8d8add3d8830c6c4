//! Orders that two sides changed: of the elements of a list, and of the records of a kind.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

/// One order for what both sides have. Ours counts, unless only theirs differs from the base; what one side added
/// stands after what it follows there.
pub(super) fn merge<K: Clone + Ord>(base: &[K], ours: &[K], theirs: &[K]) -> Vec<K> {
    if common(base, ours) == common(ours, base) {
        insert(theirs, ours)
    } else {
        insert(ours, theirs)
    }
}

/// The elements of `list` that `other` has, too.
fn common<'a, K: Ord>(list: &'a [K], other: &[K]) -> Vec<&'a K> {
    let other: BTreeSet<&K> = other.iter().collect();
    list.iter().filter(|key| other.contains(key)).collect()
}

/// `main`, with what only `other` has behind what it follows there.
fn insert<K: Clone + Ord>(main: &[K], other: &[K]) -> Vec<K> {
    let in_main: BTreeSet<&K> = main.iter().collect();
    let mut following: BTreeMap<Option<&K>, Vec<&K>> = BTreeMap::new();
    let mut anchor = None;
    for key in other {
        if in_main.contains(key) {
            anchor = Some(key);
        } else {
            following.entry(anchor).or_default().push(key);
        }
    }
    let mut merged = Vec::with_capacity(main.len() + other.len());
    for anchor in std::iter::once(None).chain(main.iter().map(Some)) {
        merged.extend(anchor.cloned());
        merged.extend(following.remove(&anchor).into_iter().flatten().cloned());
    }
    merged
}

/// Positions that put records in this order, and leave as many as possible where they are.
pub(crate) fn positions(order: &[Uuid], present: &BTreeMap<Uuid, f64>) -> BTreeMap<Uuid, f64> {
    let stay = longest_ascending(order, present);
    let mut positions = BTreeMap::new();
    let mut waiting: Vec<Uuid> = Vec::new();
    let mut last: Option<f64> = None;
    for id in order {
        let Some(position) = present.get(id).filter(|_| stay.contains(id)) else {
            waiting.push(*id);
            continue;
        };
        if !place(&mut positions, &mut waiting, last, Some(*position)) {
            return numbered(order);
        }
        positions.insert(*id, *position);
        last = Some(*position);
    }
    if !place(&mut positions, &mut waiting, last, None) {
        return numbered(order);
    }
    positions
}

/// Spreads the waiting records between two positions. `false` if there is no room between them.
fn place(
    positions: &mut BTreeMap<Uuid, f64>,
    waiting: &mut Vec<Uuid>,
    after: Option<f64>,
    before: Option<f64>,
) -> bool {
    let count = waiting.len() as f64;
    let (start, step) = match (after, before) {
        (None, None) => (0.0, 1.0),
        (Some(after), None) => (after, 1.0),
        (None, Some(before)) => (before - count - 1.0, 1.0),
        (Some(after), Some(before)) => (after, (before - after) / (count + 1.0)),
    };
    let mut previous = after.unwrap_or(f64::NEG_INFINITY);
    for (index, id) in waiting.drain(..).enumerate() {
        let position = start + step * (index as f64 + 1.0);
        let has_room = previous < position && before.is_none_or(|before| position < before);
        if !has_room || !position.is_finite() {
            return false;
        }
        positions.insert(id, position);
        previous = position;
    }
    true
}

/// New positions for all, where there was no room left between two.
fn numbered(order: &[Uuid]) -> BTreeMap<Uuid, f64> {
    let numbers = (1..).map(f64::from);
    order.iter().copied().zip(numbers).collect()
}

/// The most records whose positions ascend in this order already. (Patience sorting, O(n log n).)
fn longest_ascending(order: &[Uuid], present: &BTreeMap<Uuid, f64>) -> BTreeSet<Uuid> {
    let placed: Vec<(Uuid, f64)> = order
        .iter()
        .filter_map(|id| present.get(id).map(|position| (*id, *position)))
        .collect();
    let mut tails: Vec<usize> = Vec::new();
    let mut previous: Vec<Option<usize>> = Vec::with_capacity(placed.len());
    for (index, (_, position)) in placed.iter().enumerate() {
        let pile = tails.partition_point(|tail| placed[*tail].1 < *position);
        previous.push(pile.checked_sub(1).map(|below| tails[below]));
        if pile == tails.len() {
            tails.push(index);
        } else {
            tails[pile] = index;
        }
    }
    std::iter::successors(tails.last().copied(), |index| previous[*index])
        .map(|index| placed[index].0)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_merge() {
        let check = |base: &str, ours: &str, theirs: &str, expected: &str| {
            let letters = |text: &str| text.chars().collect::<Vec<_>>();
            let merged = merge(&letters(base), &letters(ours), &letters(theirs));
            assert_eq!(merged.into_iter().collect::<String>(), expected);
        };
        check("abc", "abc", "abc", "abc");
        check("abc", "xaybz", "abc", "xaybzc");
        check("abc", "abc", "cab", "cab");
        check("abc", "bac", "abc", "bac");
        check("abc", "bac", "cab", "bac");
        check("abc", "abxc", "abyc", "abxyc");
        check("abc", "bacx", "yabc", "ybacx");
        check("", "ab", "cd", "abcd");
    }

    #[test]
    fn records_keep_their_positions_where_they_can() {
        let id = |number: u128| Uuid::from_u128(number);
        let check = |order: &[u128], present: &[(u128, f64)], expected: &[f64]| {
            let order: Vec<Uuid> = order.iter().map(|number| id(*number)).collect();
            let present = present
                .iter()
                .map(|(number, position)| (id(*number), *position))
                .collect();
            let positions = positions(&order, &present);
            let found: Vec<f64> = order.iter().map(|id| positions[id]).collect();
            assert_eq!(found, expected);
        };
        check(
            &[1, 2, 3],
            &[(1, 1.0), (2, 5.0), (3, 9.0)],
            &[1.0, 5.0, 9.0],
        );
        check(&[1, 4, 2], &[(1, 1.0), (2, 5.0)], &[1.0, 3.0, 5.0]);
        check(&[4, 1, 5], &[(1, 1.0)], &[-0.0, 1.0, 2.0]);
        check(
            &[2, 3, 1],
            &[(1, 1.0), (2, 2.0), (3, 3.0)],
            &[2.0, 3.0, 4.0],
        );
        check(&[7, 8], &[], &[1.0, 2.0]);
        let next = 1.0_f64.next_up();
        check(&[1, 9, 2], &[(1, 1.0), (2, next)], &[1.0, 2.0, 3.0]);
    }
}
