//! What values a measure can have, as far as plan and values tell: nothing outside is expected, or drawn as a limit.

use throughline_core::UnitOfMeasure;
use throughline_model::records::Measure;

use super::outlook::Range;
use crate::words::numbers;

/// From where to where readings of a measure can lie.
pub(crate) fn possible(measure: &Measure, values: &[Option<f64>]) -> Range {
    let adds = Adds {
        is_summed: measure.is_summed_over_time() || measure.is_summed_over_units(),
        is_share: numbers::unit_of(measure) == UnitOfMeasure::Percent,
    };
    adds.between(measure.least, measure.greatest, values)
}

/// How readings come from observations.
#[derive(Debug, Clone, Copy)]
struct Adds {
    /// Whether they are sums, over time or units.
    is_summed: bool,
    /// Whether they are parts of a whole.
    is_share: bool,
}

impl Adds {
    /// `least` and `greatest` are of single observations: where these are summed, only their sign tells. Where they are not
    /// stated, what was never below 0 does not go there, and a share that was never above all of it does not, either. What was
    /// read is possible.
    fn between(self, least: Option<f64>, greatest: Option<f64>, values: &[Option<f64>]) -> Range {
        let known = || values.iter().flatten().copied();
        let (lowest, highest) = (
            known().fold(f64::INFINITY, f64::min),
            known().fold(f64::NEG_INFINITY, f64::max),
        );
        let least = match least {
            Some(least) if self.is_summed => (least >= 0.0).then_some(0.0),
            Some(least) => Some(least),
            None => (lowest >= 0.0).then_some(0.0),
        };
        let greatest = match greatest {
            Some(greatest) if self.is_summed => (greatest <= 0.0).then_some(0.0),
            Some(greatest) => Some(greatest),
            None => (self.is_share && highest <= 1.0).then_some(1.0),
        };
        (
            least.unwrap_or(f64::NEG_INFINITY).min(lowest),
            greatest.unwrap_or(f64::INFINITY).max(highest),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOWEST: f64 = f64::NEG_INFINITY;
    const HIGHEST: f64 = f64::INFINITY;

    fn check(
        (is_summed, is_share): (bool, bool),
        (least, greatest): (Option<f64>, Option<f64>),
        values: &[f64],
        expected: Range,
    ) {
        let known: Vec<Option<f64>> = values.iter().copied().map(Some).collect();
        let adds = Adds {
            is_summed,
            is_share,
        };
        let found = adds.between(least, greatest, &known);
        assert_eq!(
            found, expected,
            "{adds:?} {least:?} {greatest:?} {values:?}"
        );
    }

    #[test]
    fn what_is_stated_bounds_what_is_not_summed() {
        let (mean, sum) = ((false, false), (true, false));
        check(mean, (Some(1.0), Some(5.0)), &[3.2, 4.1], (1.0, 5.0));
        check(mean, (Some(-1.0), None), &[3.2, 4.1], (-1.0, HIGHEST));
        // A sum of values of at most 5 is more than 5, and none of values of at least 1 is below 0.
        check(sum, (Some(1.0), Some(5.0)), &[9.0], (0.0, HIGHEST));
        check(sum, (Some(-1.0), Some(0.0)), &[-9.0], (LOWEST, 0.0));
        // What was read is possible, whatever is stated.
        check(mean, (Some(1.0), Some(5.0)), &[0.5, 6.0], (0.5, 6.0));
    }

    #[test]
    fn where_nothing_is_stated_values_tell() {
        let (mean, share) = ((false, false), (false, true));
        check(mean, (None, None), &[0.2, 0.4], (0.0, HIGHEST));
        check(mean, (None, None), &[-0.2, 0.4], (LOWEST, HIGHEST));
        check(share, (None, None), &[0.2, 0.4], (0.0, 1.0));
        check(share, (None, None), &[0.2, 1.4], (0.0, HIGHEST));
        check(share, (None, None), &[], (0.0, 1.0));
    }
}
