//! Will it get there: what the next periods bring if things go on as they do, how far off that may be, and the chance to reach
//! a target.
//!
//! The mean of exponential smoothing, Theta and, of longer series, ARIMA; such means beat each of their parts in every forecasting competition
//! (Makridakis et al. 2020). How far off: what the same forecasts missed by on this and other series (conformal prediction,
//! Vovk et al. 2005; pooled over series), not what a model says of itself.

mod arima;
mod arima_choose;
mod classical;
mod conformal;
mod differences;
mod ets;
mod ets_fit;
mod ets_slope;
mod filter;
mod hierarchy;
mod leaning;
mod stretch;
mod theta;
mod together;
mod track;

pub use conformal::{
    Calibration, Chance, ChanceWord, Misses, ORIGINS_MAX, PATHS_FOR_NUMBERS, Past, SERIES_MAX,
};
pub use hierarchy::{NODES_MAX, NoReconciliation, Weights, reconcile};
pub use leaning::{BY_CHANCE_MAX, Leaning, Overall, TARGETS_MIN};
pub use theta::forecast as theta;
pub use together::{Cause, Forecasting, NotTogether, Series, Together, Way, together};
pub use track::{Bin, Said, SaidAs, Stated, Track, track};

use std::fmt;

use crate::points::POINTS_MAX;

/// Fewer points have no forecast.
pub const POINTS_MIN: usize = 8;
/// With fewer points ARIMA does not join.
pub const ARIMA_POINTS_MIN: usize = 36;
/// Fewer cycles have no season.
pub const CYCLES_MIN: usize = 2;
/// The longest horizon, in periods.
pub const HORIZON_MAX: usize = 120;
/// The longest cycle, in periods. Longer ones would begin with more numbers than can be fitted.
pub const PERIOD_MAX: usize = 24;
/// The share of points that may be missing within; they are drawn between their neighbours.
const MISSING_MAX: f64 = 0.1;
/// The newest points that are looked at; older ones hardly move a forecast.
const NEWEST: usize = 400;
/// A forecast further outside the range of all points than so many times that range is not believed.
const SANE: f64 = 2.0;

/// What the next periods bring.
#[derive(Clone, Debug, PartialEq)]
pub struct Forecast {
    /// The expected value of each of the next periods, in units of the series.
    pub mean: Vec<f64>,
    /// The unit in which errors are compared between series: the mean step from a value to that of a cycle later (of a period
    /// later without season), as of MASE (Hyndman and Koehler 2006); 0 where values do not move.
    pub scale: f64,
    /// What the mean is of, beside Theta.
    pub made_of: Methods,
    /// How many points it is made of.
    pub points: usize,
}

/// What a forecast is the mean of. Theta always belongs to it; what could not be fitted or ran away does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Methods {
    /// Exponential smoothing.
    pub smoothing: bool,
    /// ARIMA, of [`ARIMA_POINTS_MIN`] points or more.
    pub arima: bool,
}

/// Why there is no forecast.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoForecast {
    /// Fewer than [`POINTS_MIN`] points.
    TooFewPoints {
        /// How many there are.
        have: usize,
    },
    /// More points than are read.
    TooManyPoints {
        /// How many there are.
        have: usize,
    },
    /// More than a tenth of the points is missing.
    Missing {
        /// How many are.
        missing: usize,
    },
    /// A value is not a finite number.
    NotFinite {
        /// Its place.
        index: usize,
    },
    /// A horizon of 0 or more than [`HORIZON_MAX`], or a cycle of 0 or more than [`PERIOD_MAX`].
    Horizon,
    /// The values cannot be fitted.
    Unfit,
}

impl fmt::Display for NoForecast {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NoForecast::TooFewPoints { have } => {
                write!(formatter, "too few points: {have} of {POINTS_MIN}")
            }
            NoForecast::TooManyPoints { have } => write!(
                formatter,
                "too many points: {have}; at most {POINTS_MAX} are read"
            ),
            NoForecast::Missing { missing } => {
                write!(formatter, "too many points are missing: {missing}")
            }
            NoForecast::NotFinite { index } => {
                write!(formatter, "the value at place {index} is not a number")
            }
            NoForecast::Horizon => write!(
                formatter,
                "a forecast goes from 1 to {HORIZON_MAX} periods ahead, with cycles of 1 to {PERIOD_MAX}"
            ),
            NoForecast::Unfit => write!(formatter, "the values cannot be fitted"),
        }
    }
}

impl std::error::Error for NoForecast {}

/// Forecasts a series, oldest point first, by `horizon` periods. `period` is the length of the season's cycle, 1 where none is
/// to be looked for; with fewer than two cycles none is.
pub fn forecast(
    values: &[Option<f64>],
    period: usize,
    horizon: usize,
) -> Result<Forecast, NoForecast> {
    if !(1..=HORIZON_MAX).contains(&horizon) || !(1..=PERIOD_MAX).contains(&period) {
        return Err(NoForecast::Horizon);
    }
    let values = filled(values)?;
    let period = if values.len() < CYCLES_MIN * period {
        1
    } else {
        period
    };
    let theta = theta::with_shrunk_season(&values, period, horizon).ok_or(NoForecast::Unfit)?;
    let smoothing = ets_fit::choose(&values, period)
        .map(|fitted| fitted.forecast(&values, horizon))
        .filter(|mean| is_sane(mean, &values));
    let arima = (values.len() >= ARIMA_POINTS_MIN)
        .then(|| arima_choose::forecast(&values, period, horizon))
        .flatten()
        .filter(|mean| is_sane(mean, &values));
    let made_of = Methods {
        smoothing: smoothing.is_some(),
        arima: arima.is_some(),
    };
    let all: Vec<Vec<f64>> = [Some(theta), smoothing, arima]
        .into_iter()
        .flatten()
        .collect();
    let mean = (0..horizon)
        .map(|step| all.iter().map(|mean| mean[step]).sum::<f64>() / all.len() as f64)
        .collect();
    Ok(Forecast {
        mean,
        scale: scale(&values, period),
        made_of,
        points: values.len(),
    })
}

/// The newest points without gaps: what is missing before the first and after the last is left off, the rest is drawn between
/// its neighbours.
fn filled(values: &[Option<f64>]) -> Result<Vec<f64>, NoForecast> {
    if values.len() > POINTS_MAX {
        return Err(NoForecast::TooManyPoints { have: values.len() });
    }
    let is_odd = |value: &Option<f64>| value.is_some_and(|value| !value.is_finite());
    if let Some(index) = values.iter().position(is_odd) {
        return Err(NoForecast::NotFinite { index });
    }
    let first = values.iter().position(Option::is_some).unwrap_or(0);
    let last = values
        .iter()
        .rposition(Option::is_some)
        .map_or(0, |last| last + 1);
    let values = &values[first..last];
    let values = &values[values.len().saturating_sub(NEWEST)..];
    let have = values.iter().flatten().count();
    if have < POINTS_MIN {
        return Err(NoForecast::TooFewPoints { have });
    }
    let missing = values.len() - have;
    if missing as f64 > MISSING_MAX * values.len() as f64 {
        return Err(NoForecast::Missing { missing });
    }
    let mut whole: Vec<f64> = Vec::with_capacity(values.len());
    for (at, value) in values.iter().enumerate() {
        let value = value.unwrap_or_else(|| {
            let later = values[at..].iter().position(Option::is_some);
            let next = later.and_then(|later| Some((later, values[at + later]?)));
            match (whole.last(), next) {
                (Some(before), Some((later, next))) => {
                    before + (next - before) / (later + 1) as f64
                }
                (None, Some((_, next))) => next,
                (before, None) => before.copied().unwrap_or(0.0),
            }
        });
        whole.push(value);
    }
    Ok(whole)
}

fn is_sane(mean: &[f64], values: &[f64]) -> bool {
    let least = values.iter().copied().fold(f64::INFINITY, f64::min);
    let greatest = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let room = SANE * (greatest - least);
    // What was always above 0 stays there.
    let floor = if least > 0.0 { 0.0 } else { least - room };
    mean.iter()
        .all(|value| *value >= floor && *value <= greatest + room)
}

fn scale(values: &[f64], period: usize) -> f64 {
    let steps = |lag: usize| {
        let steps = values.iter().zip(values.iter().skip(lag));
        let total: f64 = steps.map(|(one, other)| (other - one).abs()).sum();
        total / (values.len() - lag) as f64
    };
    let seasonal = steps(period);
    if seasonal > 0.0 { seasonal } else { steps(1) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::golden::{assert_near, column};

    fn passengers() -> Vec<Option<f64>> {
        column("data/air-passengers.csv", "value")
    }

    #[test]
    fn the_last_year_of_passengers_is_forecast_within_a_few_percent() {
        let values = passengers();
        let found = forecast(&values[..132], 12, 12).unwrap();
        let misses = found.mean.iter().zip(&values[132..]);
        let percent: Vec<f64> = misses
            .map(|(mean, value)| 200.0 * (mean - value.unwrap()).abs() / (mean + value.unwrap()))
            .collect();
        let smape = percent.iter().sum::<f64>() / 12.0;
        assert!(smape < 6.0, "{smape}");
        assert!(found.made_of.smoothing && found.made_of.arima);
    }

    #[test]
    fn gaps_are_drawn_between_neighbours() {
        let values = [None, Some(1.0), None, None, Some(4.0), Some(5.0)];
        let more = (6..40).map(|value| Some(f64::from(value)));
        let values: Vec<Option<f64>> = values.into_iter().chain(more).chain([None]).collect();
        let found = filled(&values).unwrap();
        assert_eq!(found[..5], [1.0, 2.0, 3.0, 4.0, 5.0]);
        assert_eq!(found.len(), 39);
        let ahead = forecast(&values, 12, 2).unwrap();
        // Theta takes half of the slope.
        assert_near(ahead.mean[0], 40.0, 1.0);
    }

    #[test]
    fn short_and_holey_series_say_why() {
        let values = passengers();
        assert_eq!(
            forecast(&values[..7], 12, 3),
            Err(NoForecast::TooFewPoints { have: 7 })
        );
        assert!(forecast(&values[..8], 12, 3).is_ok());
        let mut holey = values[..20].to_vec();
        holey[3] = None;
        holey[5] = None;
        holey[9] = None;
        assert_eq!(
            forecast(&holey, 12, 3),
            Err(NoForecast::Missing { missing: 3 })
        );
        assert_eq!(forecast(&values, 12, 0), Err(NoForecast::Horizon));
        holey[0] = Some(f64::INFINITY);
        assert_eq!(
            forecast(&holey, 12, 3),
            Err(NoForecast::NotFinite { index: 0 })
        );
    }

    #[test]
    fn what_does_not_move_stays() {
        let found = forecast(&[Some(5.0); 30], 12, 3).unwrap();
        for mean in found.mean {
            assert_near(mean, 5.0, 1e-6);
        }
        let zeros = forecast(&[Some(0.0); 30], 12, 3).unwrap();
        assert_eq!(zeros.scale, 0.0);
        for mean in zeros.mean {
            assert_near(mean, 0.0, 1e-6);
        }
    }

    mod properties {
        use proptest::prelude::*;

        use super::*;

        proptest! {
            #![proptest_config(ProptestConfig::with_cases(24))]

            #[test]
            fn any_series_has_a_finite_forecast_near_its_range(
                values in proptest::collection::vec(-1000.0..1000.0_f64, 8..60)
            ) {
                let series: Vec<Option<f64>> = values.iter().copied().map(Some).collect();
                let found = forecast(&series, 4, 6).unwrap();
                for mean in found.mean {
                    prop_assert!(mean.is_finite() && mean.abs() < 20_000.0);
                }
            }
        }
    }
}
