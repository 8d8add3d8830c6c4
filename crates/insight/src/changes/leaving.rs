//! Whether the newest points are leaving their level, before any rule says so: a hint to look again, and no signal.
//!
//! How probable it is that a new regime began a few points ago is told by [`under_way`]. That alone cries wolf where points
//! carry each other along, so that those before must not, and all that came since must lie on one side of their average.

use super::{enough, under_way};
use crate::points::Present;
use crate::signals::{NaturalLimits, RUN_LENGTH, Side};

/// Fewer points since are chance, and as many as a run needs signal by themselves.
const SINCE_MIN: usize = 3;
/// Fewer points before are no level that could be left.
const BEFORE_MIN: usize = 12;
/// As probable it has to be that the regime is so new.
const PROBABLE: f64 = 0.5;

/// The newest points of a series, which probably belong to another level than those before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leaving {
    /// The place of the first of them.
    pub start: usize,
    /// How many they are.
    pub points: usize,
    /// On which side of the average before they lie.
    pub side: Side,
}

/// The newest points, if they are leaving the level of those before; `None` where they are not, or that cannot be told.
pub fn leaving(values: &[Option<f64>]) -> Option<Leaving> {
    let points = enough(values, BEFORE_MIN + SINCE_MIN).ok()?;
    let found = under_way(values).ok()?;
    let is_before = |point: &Present| point.index < found.start;
    let (before, since) = points.split_at(points.partition_point(is_before));
    let lengths = SINCE_MIN..=RUN_LENGTH;
    let is_new = lengths.contains(&since.len()) && before.len() >= BEFORE_MIN;
    let probable: f64 = lengths.map(|length| found.of_run_length(length)).sum();
    if !is_new || probable < PROBABLE {
        return None;
    }
    let before: Vec<f64> = before.iter().map(|point| point.value).collect();
    let limits = NaturalLimits::of_baseline(&before);
    let all = |is_there: fn(f64, f64) -> bool| {
        let mut since = since.iter();
        since.all(|point| is_there(point.value, limits.centre))
    };
    let side = match (all(|one, other| one > other), all(|one, other| one < other)) {
        (true, _) => Side::Above,
        (_, true) => Side::Below,
        _ => return None,
    };
    limits.runs_count().then_some(Leaving {
        start: found.start,
        points: since.len(),
        side,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;

    /// So many points around 50, and then some around another level.
    fn series(seed: u64, before: usize, since: usize, level: f64) -> Vec<Option<f64>> {
        let mut random = Random::of_seed(seed);
        let point = |place: usize| if place < before { 50.0 } else { level };
        (0..before + since)
            .map(|place| Some(point(place) + random.normal()))
            .collect()
    }

    #[test]
    fn a_level_that_is_being_left_is_seen_in_most_cases() {
        let found = |level: f64| -> Vec<Leaving> {
            let all = (0..200).map(|seed| leaving(&series(seed, 19, 5, level)));
            all.flatten().collect()
        };
        let (up, down) = (found(53.0), found(47.0));
        assert!(
            up.len() > 100 && down.len() > 100,
            "{} {}",
            up.len(),
            down.len()
        );
        assert!(up.iter().all(|one| one.side == Side::Above));
        assert!(down.iter().all(|one| one.side == Side::Below));
        let exact = up.iter().filter(|one| (one.start, one.points) == (19, 5));
        assert!(exact.count() * 2 > up.len());
    }

    #[test]
    fn one_point_far_away_is_hardly_ever_a_level() {
        let found = (0..200).filter(|seed| {
            let mut values = series(*seed, 24, 0, 50.0);
            values[23] = Some(60.0);
            leaving(&values).is_some()
        });
        let found = found.count();
        assert!(found <= 10, "{found} of 200");
    }

    #[test]
    fn what_cannot_be_told_is_not_said() {
        assert_eq!(leaving(&series(1, 11, 5, 90.0)), None, "too few before");
        assert_eq!(leaving(&[Some(3.0); 30]), None, "nothing varies");
        assert_eq!(leaving(&[None; 30]), None);
        assert_eq!(leaving(&series(1, 20, 12, 60.0)), None, "it is long since");
    }
}
