//! The chance of a target that is for a longer period than its measure is read in: of a year's sum, or its mean, while the
//! year runs.

use throughline_core::{Frequency, Period};
use throughline_engine::WholeTarget;
use throughline_insight::forecast::Forecast;
use throughline_model::Entry;
use throughline_model::records::Measure;

use super::aim;
use super::calibration::Pool;
use super::outlook::{Aimed, Maker, Range};

/// How much a range holds of what it is of.
const LEVEL: f64 = 0.80;
/// What a period to come weighs in a mean is what the latest ones weighed, so many of them.
const WEIGHTS_OF: usize = 12;

/// How a longer period ends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Whole {
    /// The period.
    pub period: Period,
    /// Whether its parts are summed; else their mean is taken.
    pub is_sum: bool,
    /// The sum or the mean of what is there; nothing before its first part is.
    pub so_far: Option<f64>,
    /// What is expected of all of it.
    pub expected: f64,
    /// The range that holds that in 80 of 100 cases, where it is known.
    pub range: Option<Range>,
    /// Its target.
    pub aimed: Aimed,
}

/// A series and its forecast: the newest value that is there has the last index, and what is forecast follows it.
pub(super) struct Continued<'a> {
    pub(super) frequency: Frequency,
    /// The values up to that one, the oldest first.
    pub(super) values: &'a [Option<f64>],
    /// The place of that one in time.
    pub(super) last: i32,
    pub(super) forecast: &'a Forecast,
    /// So many of the periods that are forecast may be looked at.
    pub(super) steps: usize,
    /// Between what values can lie.
    pub(super) possible: Range,
}

impl Continued<'_> {
    /// The periods with their values from a place in time on, up to the newest; `None` where one is missing.
    fn since(&self, start: i32) -> Option<Vec<(i32, f64)>> {
        let count = usize::try_from(self.last - start + 1).unwrap_or(0);
        let from = self.values.len().checked_sub(count)?;
        let places = self.last + 1 - count as i32..;
        let values = places.zip(&self.values[from..]);
        values
            .map(|(place, value)| Some((place, (*value)?)))
            .collect()
    }
}

/// What parts of a longer period weigh in its value.
struct Weighed {
    /// What is there adds so much to the value.
    so_far: f64,
    /// What of that is there, summed or as a mean by itself.
    shown: Option<f64>,
    /// What each period that is forecast weighs; those that belong to another one nothing.
    to_come: Vec<f64>,
}

impl Maker {
    /// How the period ends that the target is for, where it is a longer one and forecasts reach its end.
    pub(super) fn whole(
        &self,
        measure: &Entry<Measure>,
        series: &Continued<'_>,
        pool: &Pool,
    ) -> Option<Whole> {
        let calendar = self.view.plan.calendar();
        let next = calendar.period(series.frequency, series.last + 1);
        let WholeTarget { period, target } =
            (self.view).target_of_whole(measure.id(), self.unit, &next)?;
        let aim = aim(measure.better, target)?;
        let parts = calendar.parts(&period, series.frequency);
        let to_come = usize::try_from(parts.end() - series.last).ok()?;
        if to_come == 0 || to_come > series.steps || parts.start() == parts.end() {
            return None;
        }
        let known = series.since(*parts.start())?;
        let weighed = match measure.is_summed_over_time() {
            true => summed(&known, to_come),
            false => self.averaged(measure, series, &known, to_come),
        };
        let (calibration, forecast) = (&pool.calibration, series.forecast);
        let (so_far, weights) = (weighed.so_far, &weighed.to_come[..]);
        let (least, greatest) = series.possible;
        let total = |value: &dyn Fn(usize) -> f64| -> f64 {
            let to_come = weights.iter().enumerate();
            let to_come = to_come.map(|(step, weight)| weight * value(step));
            so_far + to_come.sum::<f64>()
        };
        let (lowest, highest) = (total(&|_| least), total(&|_| greatest));
        let possible = (lowest, highest);
        let chance = calibration.chance_of_total(forecast, so_far, weights, possible, aim)?;
        let range = calibration.interval_of_total(forecast, so_far, weights, LEVEL);
        Some(Whole {
            period,
            is_sum: measure.is_summed_over_time(),
            so_far: weighed.shown,
            expected: total(&|step| forecast.mean[step].clamp(least, greatest)),
            range: range
                .map(|(low, high)| (low.clamp(lowest, highest), high.clamp(lowest, highest))),
            aimed: Aimed {
                target,
                aim,
                chance,
            },
        })
    }

    /// The parts of a mean, weighed as its value weighs them; what is to come as what was weighed of late.
    fn averaged(
        &self,
        measure: &Entry<Measure>,
        series: &Continued<'_>,
        known: &[(i32, f64)],
        to_come: usize,
    ) -> Weighed {
        let calendar = self.view.plan.calendar();
        let latest = known.len().max(WEIGHTS_OF).min(series.values.len());
        let first = series.last + 1 - latest as i32;
        let periods: Vec<Period> = (first..=series.last)
            .map(|place| calendar.period(series.frequency, place))
            .collect();
        // Without weights periods count alike: where one that has a value has none.
        let parts = |period: &Period| calendar.parts(period, measure.frequency).count().max(1);
        let weights = self.view.weighed_over(measure.id(), self.unit, &periods);
        let weights = weights.iter().flatten().map(|one| one.weight);
        let alike = || periods.iter().map(|one| parts(one) as f64).collect();
        let weights = stated(weights, known.len()).unwrap_or_else(alike);
        let usual = weights.iter().sum::<f64>() / weights.len() as f64;
        // All of its own periods have a value, and they are the newest.
        let own = &weights[weights.len() - known.len()..];
        let there: f64 = own.iter().sum();
        let all = there + usual * to_come as f64;
        let sum: f64 = own
            .iter()
            .zip(known)
            .map(|(own, (_, value))| own * value)
            .sum();
        Weighed {
            so_far: sum / all,
            shown: (there > 0.0).then(|| sum / there),
            to_come: vec![usual / all; to_come],
        }
    }
}

/// What the latest periods that have a value weigh, of which so many are its own; `None` where one of them says nothing, or
/// all of them weigh nothing. A period without a value is left out, and takes the others' weights from nobody.
fn stated(weights: impl Iterator<Item = Option<f64>>, own: usize) -> Option<Vec<f64>> {
    let weights: Option<Vec<f64>> = weights.collect();
    weights.filter(|weights| weights.len() >= own && weights.iter().sum::<f64>() > 0.0)
}

/// The parts of a sum.
fn summed(known: &[(i32, f64)], to_come: usize) -> Weighed {
    let so_far = known.iter().map(|(_, value)| value).sum();
    Weighed {
        so_far,
        shown: (!known.is_empty()).then_some(so_far),
        to_come: vec![1.0; to_come],
    }
}

#[cfg(test)]
mod tests {
    use super::stated;

    #[test]
    fn a_month_without_a_value_leaves_the_weights_of_the_others() {
        let found = [Some(Some(10.0)), None, Some(Some(1000.0)), Some(Some(20.0))];
        let weights = |own| stated(found.into_iter().flatten(), own);
        assert_eq!(weights(2), Some(vec![10.0, 1000.0, 20.0]));
        assert_eq!(weights(4), None);
        assert_eq!(stated([Some(1.0), None].into_iter(), 1), None);
        assert_eq!(stated([Some(0.0)].into_iter(), 1), None);
    }
}
