//! How far off forecasts are: what they missed by when the end of a series was hidden from them, over all series together, in
//! units of each series' own steps. Intervals and chances come from these misses.
//!
//! A miss counts with both signs: up is good for one series and bad for another, so that which way the others missed says
//! nothing of this one, and a share is as likely to reach its target as its complement.

use super::stretch::stretched;
use super::{Forecast, forecast};
use crate::targets::Aim;

/// The most series that are looked at.
pub const SERIES_MAX: usize = 5_000;
/// The most ends that are hidden of one series.
pub const ORIGINS_MAX: usize = 24;
/// With fewer series a chance is said in words only.
pub const PATHS_FOR_NUMBERS: usize = 30;
/// Chances are rounded to this.
const STEP: f64 = 0.05;

/// A series whose end can be hidden.
#[derive(Clone, Copy, Debug)]
pub struct Past<'a> {
    /// Its values, oldest first.
    pub values: &'a [Option<f64>],
    /// The length of its cycle.
    pub period: usize,
}

/// What forecasts of one series missed by when its end was hidden: for each hidden end the misses (value less forecast) over
/// the horizon, in units of the series' steps; `None` where the value is missing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Misses(pub(super) Vec<Vec<Option<f64>>>);

/// What forecasts missed by.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Calibration {
    /// As of [`Misses`], of all series, none of them smaller than those of the same rank a period before.
    paths: Vec<Vec<Option<f64>>>,
    /// How many series they are from.
    series: usize,
}

/// A chance in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChanceWord {
    /// Below .35.
    Unlikely,
    /// .35 to .65.
    Even,
    /// Above .65.
    Likely,
}

impl ChanceWord {
    /// The words that are shown.
    pub fn word(self) -> &'static str {
        match self {
            ChanceWord::Unlikely => "unlikely",
            ChanceWord::Even => "even",
            ChanceWord::Likely => "likely",
        }
    }
}

/// The chance to reach a target.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Chance {
    /// The share of misses with which the target is met, from above 0 to 1; not to be shown, see [`Chance::percent`].
    pub share: f64,
    /// How many misses it is from.
    pub paths: usize,
    /// From how many series these are.
    pub series: usize,
}

impl Chance {
    /// The share as it is rounded before it is said, for what is decided by it and stands beside it.
    pub fn rounded(&self) -> f64 {
        (self.share / STEP).round() * STEP
    }

    /// The chance in percent, rounded to 5 points and never certain; `None` where it is to be said in words only.
    pub fn percent(&self) -> Option<u8> {
        let rounded = self.rounded().clamp(STEP, 1.0 - STEP);
        (self.series >= PATHS_FOR_NUMBERS).then_some((rounded * 100.0).round() as u8)
    }

    /// The chance in words.
    pub fn word(&self) -> ChanceWord {
        // The same rounding as of the number, so that both say the same.
        let rounded = self.rounded();
        if rounded < 0.35 - STEP / 2.0 {
            ChanceWord::Unlikely
        } else if rounded > 0.65 + STEP / 2.0 {
            ChanceWord::Likely
        } else {
            ChanceWord::Even
        }
    }
}

impl Misses {
    /// Hides the last `horizon` periods of a series, then the `horizon` before them, up to `origins` times, and forecasts them
    /// from what is left. None where the series is too short or cannot be forecast.
    pub fn of(past: Past<'_>, horizon: usize, origins: usize) -> Misses {
        let ends = (1..=origins.min(ORIGINS_MAX))
            .map_while(|origin| past.values.len().checked_sub(origin * horizon));
        Misses(ends.filter_map(|end| path(past, end, horizon)).collect())
    }
}

impl Calibration {
    /// The misses of each series, put together; see [`Misses::of`].
    pub fn of(series: &[Past<'_>], horizon: usize, origins: usize) -> Calibration {
        let series = series.iter().take(SERIES_MAX);
        Calibration::pooled(series.map(|past| Misses::of(*past, horizon, origins)))
    }

    /// The misses of several series, put together. Series without any are left out. What is further away is not known better:
    /// where misses make it seem so, those of the period before stand.
    pub fn pooled(misses: impl IntoIterator<Item = Misses>) -> Calibration {
        let (mut series, mut paths) = (0, Vec::new());
        for Misses(of_series) in misses.into_iter().take(SERIES_MAX) {
            series += usize::from(!of_series.is_empty());
            paths.extend(of_series);
        }
        let paths = stretched(paths);
        Calibration { paths, series }
    }

    /// The interval of each forecast period that holds the value with the given probability; `None` for periods of which too
    /// little is known. Symmetric about the mean, and never narrower than that of the period before.
    pub fn intervals(&self, forecast: &Forecast, level: f64) -> Vec<Option<(f64, f64)>> {
        let reach = |step: usize| reach(self.misses(step).map(|miss| miss * forecast.scale), level);
        let means = forecast.mean.iter().enumerate();
        means
            .map(|(step, mean)| reach(step).map(|reach| (mean - reach, mean + reach)))
            .collect()
    }

    /// The chance that the value `step` periods ahead (0 is the next one) meets the target. `None` without a miss to go by.
    pub fn chance(&self, forecast: &Forecast, step: usize, aim: Aim) -> Option<Chance> {
        let mean = *forecast.mean.get(step)?;
        let misses = self.misses(step).map(|miss| miss * forecast.scale);
        self.share(mean, misses, (f64::NEG_INFINITY, f64::INFINITY), aim)
    }

    /// The chance that what there is so far and the next periods, each by its weight, add up to the target: a weight of 1 each
    /// for a sum, shares of 1 for a mean. Misses of one series go together, because one that is too low is often followed by
    /// another. What the total can be, given what is there, is known as well: it lies within `possible`. `None` without a miss
    /// to go by, or where more periods are weighed than are forecast.
    pub fn chance_of_total(
        &self,
        forecast: &Forecast,
        so_far: f64,
        weights: &[f64],
        possible: (f64, f64),
        aim: Aim,
    ) -> Option<Chance> {
        let expected = expected_total(forecast, so_far, weights)?;
        let misses = self.misses_of_total(forecast, weights);
        self.share(expected, misses, possible, aim)
    }

    /// The range that holds such a total with the given probability; `None` where too little is known. Symmetric about what
    /// is expected.
    pub fn interval_of_total(
        &self,
        forecast: &Forecast,
        so_far: f64,
        weights: &[f64],
        level: f64,
    ) -> Option<(f64, f64)> {
        let expected = expected_total(forecast, so_far, weights)?;
        let reach = reach(self.misses_of_total(forecast, weights), level)?;
        Some((expected - reach, expected + reach))
    }

    /// What totals missed by, in the units of the series.
    fn misses_of_total(
        &self,
        forecast: &Forecast,
        weights: &[f64],
    ) -> impl Iterator<Item = f64> + '_ {
        let weights: Vec<(usize, f64)> = (weights.iter().copied().enumerate())
            .filter(|(_, weight)| *weight != 0.0)
            .collect();
        let scale = forecast.scale;
        self.paths.iter().filter_map(move |path| {
            let weighed = weights.iter();
            let weighed = weighed.map(|(step, weight)| Some((*path.get(*step)?)? * weight));
            let total: Option<f64> = weighed.sum();
            Some(total? * scale)
        })
    }

    /// How many series there are misses of.
    pub fn series(&self) -> usize {
        self.series
    }

    fn misses(&self, step: usize) -> impl Iterator<Item = f64> + '_ {
        let of_step = move |path: &Vec<Option<f64>>| path.get(step).copied().flatten();
        self.paths.iter().filter_map(of_step)
    }

    /// The share of misses, each with both signs, that leave what is expected within the target; what comes of them lies
    /// within what is possible.
    fn share(
        &self,
        expected: f64,
        misses: impl Iterator<Item = f64>,
        (least, greatest): (f64, f64),
        aim: Aim,
    ) -> Option<Chance> {
        let (mut met, mut paths) = (0, 0);
        let is_met = |value: f64| usize::from(aim.is_met_by(value.max(least).min(greatest)));
        for miss in misses {
            paths += 1;
            met += is_met(expected + miss) + is_met(expected - miss);
        }
        (paths > 0).then_some(Chance {
            share: (1 + met) as f64 / (2 * paths + 1) as f64,
            paths,
            series: self.series,
        })
    }
}

/// What is there so far with what is expected of the next periods, each by its weight.
fn expected_total(forecast: &Forecast, so_far: f64, weights: &[f64]) -> Option<f64> {
    let means = forecast.mean.get(..weights.len())?.iter();
    let expected: f64 = means.zip(weights).map(|(mean, weight)| mean * weight).sum();
    Some(so_far + expected)
}

/// The size that so large a share of misses does not exceed; `None` where they are too few to tell.
fn reach(misses: impl Iterator<Item = f64>, level: f64) -> Option<f64> {
    let mut sizes: Vec<f64> = misses.map(f64::abs).collect();
    sizes.sort_by(f64::total_cmp);
    let place = ((sizes.len() + 1) as f64 * level).ceil() as usize;
    sizes.get(place.checked_sub(1)?).copied()
}

/// The misses of one hidden end.
fn path(past: Past<'_>, end: usize, horizon: usize) -> Option<Vec<Option<f64>>> {
    let found = forecast(&past.values[..end], past.period, horizon).ok()?;
    if found.scale <= 0.0 || past.values[..end].last()?.is_none() {
        return None;
    }
    let hidden = past.values.get(end..end + horizon)?;
    let pairs = hidden.iter().zip(&found.mean);
    let misses = pairs.map(|(value, mean)| value.map(|value| (value - mean) / found.scale));
    Some(misses.collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forecast::Methods;
    use crate::golden::assert_near;
    use crate::random::Random;

    fn known(misses: &[f64]) -> Calibration {
        Calibration {
            paths: misses
                .iter()
                .map(|miss| vec![Some(*miss), Some(*miss)])
                .collect(),
            series: misses.len(),
        }
    }

    fn flat(mean: f64) -> Forecast {
        Forecast {
            mean: vec![mean, mean],
            scale: 2.0,
            made_of: Methods {
                smoothing: false,
                arima: false,
            },
            points: 30,
        }
    }

    #[test]
    fn intervals_are_ranks_of_misses() {
        let misses: Vec<f64> = (1..=19).map(f64::from).collect();
        let found = known(&misses).intervals(&flat(100.0), 0.8);
        // The 16th of 19: ceil(20 x .8).
        assert_eq!(found[0], Some((100.0 - 32.0, 100.0 + 32.0)));
        assert_eq!(known(&misses[..3]).intervals(&flat(100.0), 0.8)[0], None);
    }

    #[test]
    fn chances_count_misses() {
        let misses: Vec<f64> = (0..39).map(|at| f64::from(at) - 19.0).collect();
        let calibration = known(&misses);
        let chance = |aim| calibration.chance(&flat(100.0), 0, aim).unwrap();
        assert_near(chance(Aim::AtLeast(100.0)).share, 41.0 / 79.0, 1e-12);
        assert_eq!(chance(Aim::AtLeast(101.0)).percent(), Some(50));
        assert_eq!(chance(Aim::AtLeast(101.0)).word(), ChanceWord::Even);
        assert_eq!(chance(Aim::AtLeast(1000.0)).percent(), Some(5));
        assert_eq!(chance(Aim::AtMost(1000.0)).percent(), Some(95));
        assert_eq!(chance(Aim::AtMost(1000.0)).word(), ChanceWord::Likely);
        let all = (f64::NEG_INFINITY, f64::INFINITY);
        let total = |so_far, weights: &[f64], aim| {
            let found = calibration.chance_of_total(&flat(100.0), so_far, weights, all, aim);
            found.map(|chance| chance.share)
        };
        let sum = total(50.0, &[1.0, 1.0], Aim::AtLeast(250.0));
        assert_near(sum.unwrap(), 41.0 / 79.0, 1e-12);
        // Each miss counts twice over two periods; what weighs nothing misses nothing.
        let closer = total(50.0, &[1.0, 1.0], Aim::AtLeast(254.0));
        assert_eq!(closer, total(50.0, &[0.0, 1.0], Aim::AtLeast(152.0)));
        assert_eq!(total(0.0, &[1.0; 3], Aim::AtLeast(1.0)), None);
        // What is there already is certain: of a count that cannot fall no total is below it.
        let counted = |so_far, aim| {
            let possible = (so_far, f64::INFINITY);
            let found = calibration.chance_of_total(&flat(1.0), so_far, &[1.0], possible, aim);
            found.unwrap().share
        };
        assert_near(counted(98.0, Aim::AtLeast(95.0)), 1.0, 1e-12);
        assert_near(counted(104.0, Aim::AtMost(100.0)), 1.0 / 79.0, 1e-12);
        assert_eq!(
            known(&misses[..10])
                .chance(&flat(1.0), 0, Aim::AtMost(1.0))
                .unwrap()
                .percent(),
            None
        );
        assert_eq!(known(&[]).chance(&flat(1.0), 0, Aim::AtMost(1.0)), None);
    }

    #[test]
    fn the_range_of_a_mean_is_that_of_its_periods() {
        let misses: Vec<f64> = (1..=9).map(f64::from).collect();
        let calibration = known(&misses);
        let mean = calibration.interval_of_total(&flat(100.0), 0.0, &[0.5, 0.5], 0.8);
        assert_eq!(mean, calibration.intervals(&flat(100.0), 0.8)[0]);
        // With half of it there already, it is as far off as the other half.
        let half = calibration.interval_of_total(&flat(100.0), 50.0, &[0.0, 0.5], 0.8);
        assert_eq!(half, Some((92.0, 108.0)));
        assert_eq!(mean, Some((84.0, 116.0)));
    }

    #[test]
    fn a_share_reaches_its_target_as_often_as_its_complement() {
        // All others missed upwards.
        let misses: Vec<f64> = (1..=20).map(f64::from).collect();
        let calibration = known(&misses);
        for target in [70.0, 90.0, 100.0, 110.0] {
            let share = calibration.chance(&flat(80.0), 0, Aim::AtLeast(target));
            let complement = calibration.chance(&flat(20.0), 0, Aim::AtMost(100.0 - target));
            assert_eq!(share, complement, "{target}");
        }
    }

    #[test]
    fn four_of_five_values_fall_into_intervals_of_80_percent() {
        let mut random = Random::of_seed(4);
        let mut series = || -> Vec<Option<f64>> {
            let mut level = 100.0;
            let mut value = |random: &mut Random| {
                level += random.normal();
                Some(level + 2.0 * random.normal())
            };
            (0..40).map(|_| value(&mut random)).collect()
        };
        let all: Vec<Vec<Option<f64>>> = (0..160).map(|_| series()).collect();
        let past: Vec<Past<'_>> = all[..80]
            .iter()
            .map(|values| Past { values, period: 1 })
            .collect();
        let calibration = Calibration::of(&past, 6, 1);
        assert_eq!(calibration.series(), 80);
        let (mut inside, mut count) = (0, 0);
        for values in &all[80..] {
            let found = forecast(&values[..34], 1, 6).unwrap();
            let intervals = calibration.intervals(&found, 0.8);
            for (interval, value) in intervals.iter().zip(&values[34..]) {
                let (low, high) = interval.unwrap();
                count += 1;
                inside += i32::from((low..=high).contains(&value.unwrap()));
            }
        }
        let share = f64::from(inside) / f64::from(count);
        assert!((0.74..=0.88).contains(&share), "{share}");
    }
}
