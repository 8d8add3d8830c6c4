//! What is further away is not known better. Where a few misses make it seem so, those of the nearer period stand for it, so
//! that ranges never narrow with time; and as ranges and chances are made of the same misses, neither contradicts the other.

/// The paths of misses with those of each step at least as large as those of the step before: of each rank by size (the
/// smallest, the median, the largest), whatever its sign and whichever path it is of. What is larger anyway stays as it is.
pub(super) fn stretched(mut paths: Vec<Vec<Option<f64>>>) -> Vec<Vec<Option<f64>>> {
    let steps = paths.iter().map(Vec::len).max().unwrap_or(0);
    let mut before: Vec<f64> = Vec::new();
    for step in 0..steps {
        let of_step = paths
            .iter_mut()
            .filter_map(|path| path.get_mut(step)?.as_mut());
        let mut misses: Vec<&mut f64> = of_step.collect();
        if misses.is_empty() {
            continue;
        }
        misses.sort_by(|one, other| one.abs().total_cmp(&other.abs()));
        let count = misses.len();
        for (at, miss) in misses.iter_mut().enumerate() {
            let least = of_rank(&before, at + 1, count);
            if miss.abs() < least {
                **miss = least.copysign(**miss);
            }
        }
        before = misses.iter().map(|miss| miss.abs()).collect();
    }
    paths
}

/// The size that stands among sorted sizes where a rank among `of` others does, in the way in which ranges take it; 0 of none.
fn of_rank(sizes: &[f64], rank: usize, of: usize) -> f64 {
    let place = ((sizes.len() + 1) * rank).div_ceil(of + 1);
    match sizes {
        [] => 0.0,
        _ => sizes[place.clamp(1, sizes.len()) - 1],
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{Calibration, Forecast, Methods, Misses};
    use super::*;
    use crate::targets::Aim;

    #[test]
    fn each_rank_is_at_least_as_large_as_before() {
        let paths = vec![
            vec![Some(-3.0), Some(0.5), Some(8.0)],
            vec![Some(1.0), Some(-2.0), None],
            vec![Some(2.0), Some(9.0)],
        ];
        let expected = vec![
            vec![Some(-3.0), Some(1.0), Some(8.0)],
            vec![Some(1.0), Some(-2.0), None],
            vec![Some(2.0), Some(9.0)],
        ];
        assert_eq!(stretched(paths), expected);
        assert_eq!(stretched(Vec::new()), Vec::<Vec<Option<f64>>>::new());
    }

    /// So many periods are drawn.
    const STEPS: usize = 4;
    const LEVELS: [f64; 3] = [0.50, 0.80, 0.95];

    /// Misses of periods that may be less and less far off, some of them missing.
    fn paths() -> impl Strategy<Value = Vec<Vec<Option<f64>>>> {
        let miss = proptest::option::weighted(0.9, -10.0..10.0_f64);
        let path = proptest::collection::vec(miss, STEPS);
        let paths = proptest::collection::vec(path, 30..80);
        let sizes = proptest::collection::vec(0.1..3.0_f64, STEPS);
        (paths, sizes).prop_map(|(paths, sizes)| {
            let sized = |path: Vec<Option<f64>>| -> Vec<Option<f64>> {
                let misses = path.into_iter().zip(&sizes);
                misses.map(|(miss, size)| Some(miss? * size)).collect()
            };
            paths.into_iter().map(sized).collect()
        })
    }

    fn expected(means: &[f64]) -> Forecast {
        Forecast {
            mean: means.to_vec(),
            scale: 1.5,
            made_of: Methods {
                smoothing: true,
                arima: false,
            },
            points: 36,
        }
    }

    /// Asserts that what is said of a target within a range of a probability does not contradict the range: as the range leaves
    /// out half of the rest on each side, the target is met with at least that chance and missed with as much, but for one rank
    /// of the misses and the rounding of what is said.
    fn assert_agrees(chance: &crate::forecast::Chance, level: f64) -> Result<(), TestCaseError> {
        let rest = (1.0 - level) / 2.0;
        let rank = 1.0 / chance.paths as f64;
        let share = chance.share;
        prop_assert!(
            (rest - rank..=1.0 - rest + rank).contains(&share),
            "{level}: {share}"
        );
        let said = f64::from(chance.percent().expect("a number")) / 100.0;
        let room = rank + 0.025 + 1e-9;
        prop_assert!(
            (rest - room..=1.0 - rest + room).contains(&said),
            "{level}: {said}"
        );
        Ok(())
    }

    proptest! {
        #[test]
        fn ranges_never_narrow_with_time(paths in paths()) {
            let calibration = Calibration::pooled([Misses(paths)]);
            for level in LEVELS {
                let ranges = calibration.intervals(&expected(&[10.0, 11.0, 12.0, 13.0]), level);
                let wide = ranges.iter().flatten().map(|(low, high)| high - low);
                let wide: Vec<f64> = wide.collect();
                prop_assert!(wide.windows(2).all(|pair| pair[0] <= pair[1] + 1e-9), "{:?}", wide);
            }
        }

        #[test]
        fn a_target_within_a_range_is_neither_sure_nor_out_of_reach(
            paths in paths(),
            means in proptest::collection::vec(-50.0..50.0_f64, STEPS),
            place in 0.0..=1.0_f64,
            weights in proptest::collection::vec(0.1..1.0_f64, STEPS),
        ) {
            let each = paths.into_iter().map(|path| Misses(vec![path]));
            let calibration = Calibration::pooled(each);
            let forecast = expected(&means);
            let all = (f64::NEG_INFINITY, f64::INFINITY);
            for level in LEVELS {
                let ranges = calibration.intervals(&forecast, level);
                for (step, (low, high)) in ranges.into_iter().enumerate().filter_map(|(step, range)| Some((step, range?))) {
                    let target = low + place * (high - low);
                    for aim in [Aim::AtLeast(target), Aim::AtMost(target)] {
                        assert_agrees(&calibration.chance(&forecast, step, aim).unwrap(), level)?;
                    }
                }
                let Some((low, high)) = calibration.interval_of_total(&forecast, 7.0, &weights, level) else {
                    continue;
                };
                let target = low + place * (high - low);
                for aim in [Aim::AtLeast(target), Aim::AtMost(target)] {
                    let chance = calibration.chance_of_total(&forecast, 7.0, &weights, all, aim);
                    assert_agrees(&chance.unwrap(), level)?;
                }
            }
        }

        #[test]
        fn a_total_of_the_last_period_alone_is_that_period(paths in paths(), target in -20.0..20.0_f64) {
            let calibration = Calibration::pooled(paths.into_iter().map(|path| Misses(vec![path])));
            let forecast = expected(&[0.0; STEPS]);
            let all = (f64::NEG_INFINITY, f64::INFINITY);
            let alone = [0.0, 0.0, 0.0, 1.0];
            let of_total = calibration.chance_of_total(&forecast, 0.0, &alone, all, Aim::AtLeast(target));
            prop_assert_eq!(of_total, calibration.chance(&forecast, STEPS - 1, Aim::AtLeast(target)));
            let range = calibration.interval_of_total(&forecast, 0.0, &alone, 0.8);
            prop_assert_eq!(range, calibration.intervals(&forecast, 0.8)[STEPS - 1]);
        }
    }
}
