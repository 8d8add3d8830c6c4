//! Where the records of a section stand in the plan: as few as possible move.

use uuid::Uuid;

/// The positions of records in the order of a folder, each given with the position that it has, if it has one.
///
/// Those that stand in the right order already (the longest such run) keep their positions; the others come between
/// their neighbours, so that a record that is added or moved touches no other.
pub(crate) fn positions(records: &[(Uuid, Option<f64>)]) -> Vec<f64> {
    let kept = longest_run(records);
    let mut positions: Vec<Option<f64>> = records
        .iter()
        .zip(&kept)
        .map(|((_, position), kept)| position.filter(|_| *kept))
        .collect();
    let mut start = 0;
    while start < positions.len() {
        if positions[start].is_some() {
            start += 1;
            continue;
        }
        let length = positions[start..]
            .iter()
            .take_while(|position| position.is_none())
            .count();
        let before = start.checked_sub(1).and_then(|index| positions[index]);
        let after = positions.get(start + length).copied().flatten();
        for step in 0..length {
            positions[start + step] = Some(between(before, after, step, length));
        }
        start += length;
    }
    let positions: Vec<f64> = positions.into_iter().flatten().collect();
    // Numbers between two neighbours run out after some fifty times; then all are numbered anew.
    let in_order = positions.iter().all(|position| position.is_finite())
        && records
            .iter()
            .zip(&positions)
            .is_sorted_by(|((a, _), x), ((b, _), y)| (*x, a) < (*y, b));
    if in_order {
        positions
    } else {
        (1..=records.len()).map(|number| number as f64).collect()
    }
}

/// The place of one of `length` records that stand between two others.
fn between(before: Option<f64>, after: Option<f64>, step: usize, length: usize) -> f64 {
    let step = step as f64;
    let length = length as f64;
    match (before, after) {
        (None, None) => step + 1.0,
        (Some(before), None) => before.floor() + step + 1.0,
        (None, Some(after)) => after.ceil() - length + step,
        (Some(before), Some(after)) => before + (after - before) * (step + 1.0) / (length + 1.0),
    }
}

/// Which records belong to the longest run that stands in ascending order (patience sorting, Fredman 1975).
fn longest_run(records: &[(Uuid, Option<f64>)]) -> Vec<bool> {
    // For each length of a run the index of the record that ends the lowest one, and for each record the one before.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = vec![None; records.len()];
    let lower = |a: usize, b: usize| {
        let (a_id, a_position) = &records[a];
        let (b_id, b_position) = &records[b];
        (a_position, a_id) < (b_position, b_id)
    };
    for (index, (_, position)) in records.iter().enumerate() {
        if !position.is_some_and(f64::is_finite) {
            continue;
        }
        let length = ends.partition_point(|end| lower(*end, index));
        before[index] = length.checked_sub(1).map(|shorter| ends[shorter]);
        if length == ends.len() {
            ends.push(index);
        } else {
            ends[length] = index;
        }
    }
    let mut kept = vec![false; records.len()];
    let mut next = ends.last().copied();
    while let Some(index) = next {
        kept[index] = true;
        next = before[index];
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Ids descend, so that of two records at one position the second comes first in the plan.
    fn check(given: &[Option<f64>], expected: &[f64]) {
        let records: Vec<(Uuid, Option<f64>)> = given
            .iter()
            .enumerate()
            .map(|(index, position)| (Uuid::from_u128(1000 - index as u128), *position))
            .collect();
        assert_eq!(positions(&records), expected, "{given:?}");
    }

    #[test]
    fn what_is_in_order_stays_and_the_others_come_between() {
        let at = Some;
        check(&[], &[]);
        check(&[None, None], &[1.0, 2.0]);
        check(&[at(1.0), at(2.0), None], &[1.0, 2.0, 3.0]);
        check(&[None, at(1.0)], &[0.0, 1.0]);
        check(&[at(1.0), None, at(2.0)], &[1.0, 1.5, 2.0]);
        check(&[at(1.0), None, None, at(4.0)], &[1.0, 2.0, 3.0, 4.0]);
        // The last one moved to the front.
        check(&[at(3.0), at(1.0), at(2.0)], &[0.0, 1.0, 2.0]);
        check(&[at(2.5), None], &[2.5, 3.0]);
        // There is nothing between.
        let next = f64::from_bits(1.0_f64.to_bits() + 1);
        check(&[at(1.0), None, at(next)], &[1.0, 2.0, 3.0]);
        check(&[at(f64::MAX), None], &[1.0, 2.0]);
    }

    proptest! {
        #[test]
        fn positions_are_in_order(given in proptest::collection::vec(proptest::option::of(-1e6..1e6f64), 0..60)) {
            let records: Vec<(Uuid, Option<f64>)> =
                given.iter().enumerate().map(|(index, position)| (Uuid::from_u128(index as u128), *position)).collect();
            let found = positions(&records);
            prop_assert_eq!(found.len(), given.len());
            let placed: Vec<(f64, Uuid)> = found.into_iter().zip(records.iter().map(|(id, _)| *id)).collect();
            prop_assert!(placed.is_sorted_by(|a, b| a < b));
        }
    }
}
