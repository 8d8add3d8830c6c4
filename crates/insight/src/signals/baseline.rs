//! Where limits may begin anew: only after a run, once enough is known of the new level. That a cause is known is for a
//! person to say; here stands what the points must say.

use super::limits::{BASELINE_MAX, NaturalLimits, POINTS_MIN, PROVISIONAL_BELOW};
use super::rules::{self, RUN_LENGTH, Side};
use super::within;
use crate::points::{self, Present};

/// Where points carry each other along, so many of the first [`RUN_LENGTH`] of the new level lie outside the limits of the old
/// one, which are wider for it: its middle lies there.
pub const OUTSIDE_LEAST: usize = RUN_LENGTH / 2;
/// With more carry-over than this points wander, and there is no level that another could follow.
const WANDERS_ABOVE: f64 = 0.8;

/// Why limits do not begin anew at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NoBaseline {
    /// There are fewer than [`POINTS_MIN`] points before it, so that nothing is known of an old level.
    TooFewBefore {
        /// How many there are.
        have: usize,
    },
    /// The points before it carry each other along and are fewer than [`PROVISIONAL_BELOW`], so that their limits are
    /// provisional.
    ProvisionalBefore {
        /// How many there are.
        have: usize,
    },
    /// There are fewer than [`POINTS_MIN`] points from it on.
    TooFewSince {
        /// How many there are.
        have: usize,
    },
    /// No run of [`RUN_LENGTH`] points on one side of the old average holds it and the points right after it.
    NoRun,
    /// Points before it carry each other along, so that a run is not enough: fewer than [`OUTSIDE_LEAST`] of those from it on
    /// lie outside the limits of those before it.
    CarryOver {
        /// How many do.
        outside: usize,
    },
    /// Points before it wander, so that they have no level.
    Wanders,
    /// Limits begin anew soon after it, and would not any more.
    AnotherFollows,
    /// The values cannot be read.
    Unreadable,
}

/// Whether limits may begin anew at a place: the points from it on, [`POINTS_MIN`] of them at least, belong to a run of
/// [`RUN_LENGTH`] on one side of the average of those before it. Where these carry each other along, a run comes about by chance: there
/// they are [`PROVISIONAL_BELOW`] at least, and [`OUTSIDE_LEAST`] of the new ones lie outside their limits as well. Only the newest [`BASELINE_MAX`] points from `from` up to the
/// place are the old level, so that the answer stays the same while time goes on.
///
/// # Errors
/// Why not.
pub fn carries(values: &[Option<f64>], from: usize, place: usize) -> Result<(), NoBaseline> {
    let points = points::present(values).map_err(|_| NoBaseline::Unreadable)?;
    let before = within(&points, from.min(place), place);
    let since = within(&points, place, values.len());
    if before.len() < POINTS_MIN {
        let have = before.len();
        return Err(NoBaseline::TooFewBefore { have });
    }
    if since.len() < POINTS_MIN {
        let have = since.len();
        return Err(NoBaseline::TooFewSince { have });
    }
    let old = &before[before.len().saturating_sub(BASELINE_MAX)..];
    let limits = NaturalLimits::of(old);
    if !limits.runs_count() {
        has_a_level(old, &limits)?;
    }
    // The run as it stands with the last point that must be part of it, then on from there.
    let must = before.len() + POINTS_MIN;
    let of_segment = within(&points, from, values.len());
    let run = rules::run_at_end(&of_segment[..must], &limits).len();
    if run < POINTS_MIN {
        return Err(NoBaseline::NoRun);
    }
    let rest = &of_segment[must..];
    let longer = (0..rest.len())
        .take_while(|more| {
            let up_to = must + more + 1;
            rules::run_at_end(&of_segment[..up_to], &limits).len() == run + more + 1
        })
        .take(RUN_LENGTH)
        .count();
    if run + longer < RUN_LENGTH {
        return Err(NoBaseline::NoRun);
    }
    let new = of_segment[before.len()..].iter().take(RUN_LENGTH);
    let side = if of_segment[must - 1].value > limits.centre {
        Side::Above
    } else {
        Side::Below
    };
    let outside = new
        .filter(|point| rules::outside(point.value, &limits) == Some(side))
        .count();
    match limits.runs_count() || outside >= OUTSIDE_LEAST {
        true => Ok(()),
        false => Err(NoBaseline::CarryOver { outside }),
    }
}

/// Whether points that carry each other along are known well enough, and have a level.
fn has_a_level(old: &[Present], limits: &NaturalLimits) -> Result<(), NoBaseline> {
    let have = old.len();
    if have < PROVISIONAL_BELOW {
        Err(NoBaseline::ProvisionalBefore { have })
    } else if limits.carry_over > WANDERS_ABOVE {
        Err(NoBaseline::Wanders)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::golden::column;
    use crate::random::Random;

    fn series(values: &[f64]) -> Vec<Option<f64>> {
        values.iter().copied().map(Some).collect()
    }

    /// Twelve points around 10, then what is given.
    fn and_then(more: &[f64]) -> Vec<Option<f64>> {
        let old = [
            10.0, 12.0, 9.0, 8.0, 11.0, 10.0, 12.0, 8.0, 10.0, 9.0, 11.0, 9.9,
        ];
        series(&[&old[..], more].concat())
    }

    #[test]
    fn the_nile_begins_anew_where_the_dam_was_begun() {
        let nile = column("data/nile.csv", "value");
        // 1899, where PELT finds the shift, too.
        assert_eq!(carries(&nile, 0, 28), Ok(()));
        assert_eq!(carries(&nile, 0, 12), Err(NoBaseline::NoRun));
        // Once begun anew, there is no reason to do it again.
        for place in 34..95 {
            assert!(carries(&nile, 28, place).is_err(), "{place}");
        }
        // What comes later, and what was long before, does not change it.
        assert_eq!(carries(&nile[..36], 0, 28), Ok(()));
        assert_eq!(carries(&nile[4..], 0, 24), Ok(()));
    }

    #[test]
    fn eight_points_on_one_side_and_six_of_them_since() {
        assert_eq!(carries(&and_then(&[13.0; 8]), 0, 12), Ok(()));
        // Two of the run may lie before the place, and no fewer than six after it.
        let mut values = and_then(&[13.0; 6]);
        assert_eq!(carries(&values, 0, 12), Err(NoBaseline::NoRun));
        values.splice(10..12, series(&[10.6, 10.6]));
        assert_eq!(carries(&values, 0, 12), Ok(()));
        let back = [13.0, 13.0, 13.0, 13.0, 13.0, 8.0, 13.0, 13.0, 13.0];
        assert_eq!(carries(&and_then(&back), 0, 12), Err(NoBaseline::NoRun));
        let seven = [13.0, 13.0, 13.0, 13.0, 13.0, 13.0, 13.0, 8.0];
        assert_eq!(carries(&and_then(&seven), 0, 12), Err(NoBaseline::NoRun));
    }

    #[test]
    fn what_is_too_short_says_what_is_missing() {
        let values = and_then(&[13.0; 5]);
        assert_eq!(
            carries(&values, 0, 12),
            Err(NoBaseline::TooFewSince { have: 5 })
        );
        assert_eq!(
            carries(&values, 0, 5),
            Err(NoBaseline::TooFewBefore { have: 5 })
        );
        assert_eq!(
            carries(&values, 14, 12),
            Err(NoBaseline::TooFewBefore { have: 0 })
        );
        assert_eq!(
            carries(&values, 8, 12),
            Err(NoBaseline::TooFewBefore { have: 4 })
        );
    }

    #[test]
    fn points_that_wander_have_no_level_that_another_could_follow() {
        let wander: Vec<f64> = (0..40).map(|at| f64::from(at) * 0.5).collect();
        assert_eq!(carries(&series(&wander), 0, 24), Err(NoBaseline::Wanders));
    }

    /// Points of which each keeps a share of what the one before was away from the level, which moves at a place.
    fn carried_along(
        share: f64,
        length: usize,
        (at, by): (usize, f64),
        random: &mut Random,
    ) -> Vec<Option<f64>> {
        let mut away = random.normal();
        let mut point = |place: usize| {
            away = share * away + (1.0 - share * share).sqrt() * random.normal();
            Some(away + if place < at { 0.0 } else { by })
        };
        (0..length).map(&mut point).collect()
    }

    #[test]
    fn where_points_carry_each_other_along_half_of_the_new_ones_lie_outside() {
        // A slow wave about 10, and a level that is about as far above it as its limits are, or clearly farther.
        let wave = |at: usize| 10.0 + (at as f64 * std::f64::consts::TAU / 6.0).sin();
        let and_then = |by: f64| -> Vec<Option<f64>> {
            let level = |at| if at < 24 { 0.0 } else { by };
            (0..32).map(|at| Some(wave(at) + level(at))).collect()
        };
        let limits = NaturalLimits::of(&points::present(&and_then(0.0)[..24]).unwrap());
        assert!(!limits.runs_count() && limits.carry_over <= WANDERS_ABOVE);
        let wide = limits.upper - limits.centre;
        assert_eq!(carries(&and_then(wide + 1.5), 0, 24), Ok(()));
        assert_eq!(carries(&and_then(-wide - 1.5), 0, 24), Ok(()));
        let near = carries(&and_then(1.2), 0, 24);
        assert_eq!(near, Err(NoBaseline::CarryOver { outside: 0 }));
        let late = carries(&and_then(wide + 1.5)[13..], 0, 11);
        assert_eq!(late, Err(NoBaseline::ProvisionalBefore { have: 11 }));
    }

    /// Of charts of 36 points that carry each other along and do not change, hardly one in thirty lets limits begin anew anywhere;
    /// of levels that moved by four spreads most do.
    #[test]
    fn carry_over_alone_rarely_makes_a_new_level() {
        let mut random = Random::of_seed(21);
        for (share, by_chance_max, found_least) in [(0.3, 0.01, 0.9), (0.6, 0.03, 0.7)] {
            let (charts, mut by_chance, mut found) = (2000, 0, 0);
            for _ in 0..charts {
                let unchanged = carried_along(share, 36, (36, 0.0), &mut random);
                let is_carried_along = |place: usize| {
                    let old = points::present(&unchanged[place.saturating_sub(24)..place]);
                    !NaturalLimits::of(&old.unwrap()).runs_count()
                };
                let mut places = 6..=30;
                by_chance +=
                    usize::from(places.any(|place| {
                        is_carried_along(place) && carries(&unchanged, 0, place).is_ok()
                    }));
                let moved = carried_along(share, 36, (26, 4.0), &mut random);
                found += usize::from(carries(&moved, 0, 26).is_ok());
            }
            let share_of = |count: usize| count as f64 / f64::from(charts);
            assert!(share_of(by_chance) <= by_chance_max, "{share}: {by_chance}");
            assert!(share_of(found) >= found_least, "{share}: {found}");
        }
    }

    #[test]
    fn gaps_are_not_counted() {
        let mut values = and_then(&[13.0; 8]);
        values.insert(14, None);
        values.insert(5, None);
        assert_eq!(carries(&values, 0, 13), Ok(()));
    }
}
