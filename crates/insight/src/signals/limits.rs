//! Natural limits of an XmR chart: the range in which points fall while nothing changes.

use crate::points::Present;

/// Fewer points than this have no limits.
pub const POINTS_MIN: usize = 6;
/// Limits of fewer points than this are provisional.
pub const PROVISIONAL_BELOW: usize = 12;
/// Limits are made of the first so many points of a segment and then stay as they are.
pub const BASELINE_MAX: usize = 24;
/// The mean step from point to point is so many times the spread of a process: d2 of moving ranges of two points.
pub const STEPS_PER_SIGMA: f64 = 1.128;
/// 3 / d2 for moving ranges of two points, d2 = 1.128 (Wheeler 1993, rounded as everywhere).
const LIMIT_FACTOR: f64 = 2.66;
/// D4 for moving ranges of two points.
const STEP_FACTOR: f64 = 3.268;
/// With more carry-over than this the limits are widened and runs count no longer.
const CARRY_OVER_MIN: f64 = 0.3;
/// Carry-over is held below this, so that limits stay finite.
const CARRY_OVER_MAX: f64 = 0.95;

/// How firm limits are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Made of fewer than [`PROVISIONAL_BELOW`] points.
    Provisional,
    /// They move a little with each new point.
    Settling,
    /// Made of [`BASELINE_MAX`] points; new points no longer move them.
    Locked,
}

/// The limits of a segment, in the units of the series.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NaturalLimits {
    /// The mean of the baseline.
    pub centre: f64,
    /// Points below signal.
    pub lower: f64,
    /// Points above signal.
    pub upper: f64,
    /// The mean step from one point to the next, without sign.
    pub mean_step: f64,
    /// A step above this is larger than routine steps are.
    pub step_limit: f64,
    /// The share of a deviation that carries over to the next point, from 0 to below 1.
    pub carry_over: f64,
    /// How many points the limits are made of.
    pub made_of: usize,
    /// How firm they are.
    pub standing: Standing,
}

impl NaturalLimits {
    /// The limits of a segment: of its first points, up to [`BASELINE_MAX`].
    pub(crate) fn of(points: &[Present]) -> NaturalLimits {
        let values: Vec<f64> = points
            .iter()
            .take(BASELINE_MAX)
            .map(|point| point.value)
            .collect();
        NaturalLimits::of_baseline(&values)
    }

    /// The limits that a baseline of at least two finite values gives. Steps go from one value to the next one that is
    /// there, over gaps.
    ///
    /// Carry-over makes steps smaller than the spread of the points: with lag-1 correlation phi the moving range shows
    /// sigma sqrt(1 - phi), and the limits are widened by as much. r1 is too small in short series by about
    /// (1 + 4 phi)/n (Kendall 1954; Marriott and Pope 1954), which is put back.
    pub(crate) fn of_baseline(values: &[f64]) -> NaturalLimits {
        let centre = mean(values);
        let steps = values.windows(2).map(|pair| (pair[1] - pair[0]).abs());
        let mean_step = steps.sum::<f64>() / (values.len() - 1) as f64;
        let carry_over = carry_over(values, centre);
        let wider = if carry_over > CARRY_OVER_MIN {
            1.0 / (1.0 - carry_over).sqrt()
        } else {
            1.0
        };
        let half = LIMIT_FACTOR * mean_step * wider;
        NaturalLimits {
            centre,
            lower: centre - half,
            upper: centre + half,
            mean_step,
            step_limit: STEP_FACTOR * mean_step,
            carry_over,
            made_of: values.len(),
            standing: standing(values.len()),
        }
    }

    /// How far points spread about the centre, also where they carry each other along: as the limits are wide.
    pub fn sigma(&self) -> f64 {
        (self.upper - self.centre) / LIMIT_FACTOR / STEPS_PER_SIGMA
    }

    /// The standard error of the centre: how far noise moves the mean of so many points. Where each carries the next along they
    /// tell as little as fewer would, (1 - phi)/(1 + phi) of them (Bartlett 1935).
    pub fn error_of_centre(&self) -> f64 {
        let carried = (1.0 + self.carry_over) / (1.0 - self.carry_over);
        self.sigma() * (carried / self.made_of as f64).sqrt()
    }

    /// Whether points in a row on one side say anything: not where one point carries the next along.
    pub fn runs_count(&self) -> bool {
        self.carry_over <= CARRY_OVER_MIN
    }
}

fn standing(count: usize) -> Standing {
    if count < PROVISIONAL_BELOW {
        Standing::Provisional
    } else if count < BASELINE_MAX {
        Standing::Settling
    } else {
        Standing::Locked
    }
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// max(0, r1 + (1 + 4 r1)/n), below 1; of values that do not vary none.
fn carry_over(values: &[f64], centre: f64) -> f64 {
    let spread: f64 = values.iter().map(|value| (value - centre).powi(2)).sum();
    if spread <= 0.0 {
        return 0.0;
    }
    let together: f64 = values
        .windows(2)
        .map(|pair| (pair[0] - centre) * (pair[1] - centre))
        .sum();
    let r1 = together / spread;
    (r1 + (1.0 + 4.0 * r1) / values.len() as f64).clamp(0.0, CARRY_OVER_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn individuals_of_the_handbook() {
        // NIST/SEMATECH e-Handbook 6.3.2.2; it divides by 1.128 where 2.66 is used here, hence 1e-3.
        let values = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1];
        let plain = 3.0 / 1.128;
        let limits = NaturalLimits::of_baseline(&values);
        assert!((limits.centre - 50.81).abs() < 1e-9);
        assert!((limits.mean_step - 1.8778).abs() < 1e-4);
        assert!((limits.step_limit - 6.136_577_777_777_78).abs() < 1e-9);
        assert!((limits.centre + plain * limits.mean_step - 55.8041).abs() < 1e-3);
        // The ten points carry over, so the limits that are drawn are wider by 1/sqrt(1 - phi).
        let wider = 1.0 / (1.0 - limits.carry_over).sqrt();
        assert!(((limits.upper - 50.81) / wider - (55.8041 - 50.81)).abs() < 1e-3);
        assert!(((50.81 - limits.lower) / wider - (50.81 - 45.8159)).abs() < 1e-3);
    }

    /// Of processes whose mean is where it is meant to be, few have a centre further from it than three errors.
    #[test]
    fn the_error_of_a_centre_is_that_of_drawn_ones() {
        for (carry_over, at_most) in [(0.0_f64, 0.01), (0.3, 0.03), (0.6, 0.05)] {
            let mut random = crate::random::Random::of_seed(11);
            let innovation = (1.0 - carry_over * carry_over).sqrt();
            let mut drawn = || {
                let mut value = random.normal();
                let values: Vec<f64> = (0..24)
                    .map(|_| {
                        let now = value;
                        value = carry_over * value + innovation * random.normal();
                        now
                    })
                    .collect();
                NaturalLimits::of_baseline(&values)
            };
            let charts: Vec<NaturalLimits> = (0..8_000).map(|_| drawn()).collect();
            let count = charts.len() as f64;
            let is_beyond =
                |limits: &&NaturalLimits| limits.centre.abs() > 3.0 * limits.error_of_centre();
            let beyond = charts.iter().filter(is_beyond).count() as f64 / count;
            assert!(beyond <= at_most, "{carry_over}: {beyond}");
            // And it is no larger than it has to be.
            let squares = charts.iter().map(|limits| limits.centre.powi(2));
            let spread = (squares.sum::<f64>() / count).sqrt();
            let mut errors: Vec<f64> = charts.iter().map(NaturalLimits::error_of_centre).collect();
            errors.sort_by(f64::total_cmp);
            let usual = errors[errors.len() / 2];
            assert!(
                (0.8..=1.25).contains(&(usual / spread)),
                "{carry_over}: {usual} {spread}"
            );
        }
    }

    #[test]
    fn values_that_do_not_vary_have_limits_without_width() {
        let limits = NaturalLimits::of_baseline(&[3.0; 8]);
        assert_eq!(
            (limits.lower, limits.upper, limits.carry_over),
            (3.0, 3.0, 0.0)
        );
    }
}
