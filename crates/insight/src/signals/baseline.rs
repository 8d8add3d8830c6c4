//! Where limits may begin anew: only after a run, once enough is known of the new level. That a cause is known is for a
//! person to say; here stands what the points must say.

use super::limits::{BASELINE_MAX, NaturalLimits, POINTS_MIN};
use super::rules::{self, RUN_LENGTH};
use super::within;
use crate::points;

/// Why limits do not begin anew at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NoBaseline {
    /// There are fewer than [`POINTS_MIN`] points before it, so that nothing is known of an old level.
    TooFewBefore {
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
    /// Points before it carry each other along, so that a run says nothing.
    CarryOver,
    /// Limits begin anew soon after it, and would not any more.
    AnotherFollows,
    /// The values cannot be read.
    Unreadable,
}

/// Whether limits may begin anew at a place: the points from it on, [`POINTS_MIN`] of them at least, belong to a run of
/// [`RUN_LENGTH`] on one side of the average of those before it. Only the newest [`BASELINE_MAX`] points from `from` up to the
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
        return Err(NoBaseline::CarryOver);
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
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::golden::column;

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
    fn points_that_carry_each_other_along_have_no_runs() {
        let wander: Vec<f64> = (0..40).map(|at| f64::from(at) * 0.5).collect();
        assert_eq!(carries(&series(&wander), 0, 24), Err(NoBaseline::CarryOver));
    }

    #[test]
    fn gaps_are_not_counted() {
        let mut values = and_then(&[13.0; 8]);
        values.insert(14, None);
        values.insert(5, None);
        assert_eq!(carries(&values, 0, 13), Ok(()));
    }
}
