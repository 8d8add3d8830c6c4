//! Seasonal measures: trend, season and rest of a series, and the points of the rest that stand out.
//!
//! STL (Cleveland, Cleveland, McRae and Terpenning 1990). Anomalies are taken from the robust form, by the modified z of
//! the rest (Iglewicz and Hoaglin 1993). Whether there is a season at all is said by its strength (Wang, Smith and Hyndman
//! 2006).

use std::fmt;

use crate::numbers::median;
use crate::points::POINTS_MAX;

/// Seasons of fewer than so many whole cycles are not known.
pub const CYCLES_MIN: usize = 3;
/// The longest cycle, in points.
pub const PERIOD_MAX: usize = 400;
/// So many cycles of one place in the season are smoothed together.
const SEASONAL_WINDOW: usize = 13;
/// A rest with a larger modified z stands out. 3.5, which textbooks give, flags 4 % of clean points.
const Z_MIN: f64 = 5.0;
/// The median of |N(0, 1)|.
const NORMAL_MEDIAN: f64 = 0.6745;

/// A season explains at least this share of what is not trend; a weaker one may be chance, and taking it off would make
/// noise look like a pattern. The border is that of `nsdiffs` in R's forecast.
const STRENGTH_MIN: f64 = 0.64;

/// A series taken apart: the three add up to it.
#[derive(Clone, Debug, PartialEq)]
pub struct Decomposition {
    /// The slow movement.
    pub trend: Vec<f64>,
    /// What comes back with each cycle.
    pub season: Vec<f64>,
    /// What is left.
    pub rest: Vec<f64>,
}

/// A point that neither trend nor season explains.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Anomaly {
    /// Its place in the series.
    pub index: usize,
    /// What trend and season led to expect, in the units of the series.
    pub expected: f64,
    /// How far it lies from that, in units of the usual rest, with its sign.
    pub z: f64,
}

/// Why a series is not taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoSeason {
    /// Fewer than [`CYCLES_MIN`] cycles.
    TooFewCycles {
        /// How many points there are.
        have: usize,
        /// How many are needed.
        need: usize,
    },
    /// A cycle of less than two points or more than [`PERIOD_MAX`].
    Period,
    /// A point is missing; a season is read from whole cycles.
    Missing {
        /// Its place.
        index: usize,
    },
    /// More points than are read.
    TooManyPoints {
        /// How many there are.
        have: usize,
    },
}

impl fmt::Display for NoSeason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NoSeason::TooFewCycles { have, need } => {
                write!(formatter, "too few points for a season: {have} of {need}")
            }
            NoSeason::Period => write!(
                formatter,
                "a season has from 2 to {PERIOD_MAX} points in a cycle"
            ),
            NoSeason::Missing { index } => {
                write!(formatter, "the value at place {index} is missing")
            }
            NoSeason::TooManyPoints { have } => write!(
                formatter,
                "too many points: {have}; at most {POINTS_MAX} are read"
            ),
        }
    }
}

impl std::error::Error for NoSeason {}

/// Takes a series apart, as R's `stl(s.window = 13)` does.
pub fn decompose(values: &[Option<f64>], period: usize) -> Result<Decomposition, NoSeason> {
    fit(&whole(values, period)?, period, false)
}

/// What comes back with each cycle, one for each point and 0 on average; `None` where no season is strong enough to be told
/// from chance.
pub fn recurring(values: &[Option<f64>], period: usize) -> Result<Option<Vec<f64>>, NoSeason> {
    let parts = decompose(values, period)?;
    let is_strong = parts.season_strength() >= STRENGTH_MIN;
    Ok(is_strong.then_some(parts.season))
}

impl Decomposition {
    /// The share of what is not trend that the season explains, from 0 to 1.
    pub fn season_strength(&self) -> f64 {
        let both: Vec<f64> = (self.season.iter().zip(&self.rest))
            .map(|(season, rest)| season + rest)
            .collect();
        let of_both = variance(&both);
        if of_both > 0.0 {
            (1.0 - variance(&self.rest) / of_both).max(0.0)
        } else {
            0.0
        }
    }
}

fn variance(values: &[f64]) -> f64 {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    values
        .iter()
        .map(|value| (value - mean).powi(2))
        .sum::<f64>()
        / count
}

/// The points that stand out, oldest first.
pub fn anomalies(values: &[Option<f64>], period: usize) -> Result<Vec<Anomaly>, NoSeason> {
    let values = whole(values, period)?;
    let parts = fit(&values, period, true)?;
    let centre = median(parts.rest.clone());
    let distances = parts.rest.iter().map(|rest| (rest - centre).abs());
    let usual = median(distances.collect()) / NORMAL_MEDIAN;
    // Where trend and season explain all but rounding, nothing stands out.
    let size = values
        .iter()
        .fold(0.0, |size: f64, value| size.max(value.abs()));
    if usual <= size * 1e-12 {
        return Ok(Vec::new());
    }
    let z = parts.rest.iter().map(|rest| (rest - centre) / usual);
    Ok(z.enumerate()
        .filter(|(_, z)| z.abs() > Z_MIN)
        .map(|(index, z)| Anomaly {
            index,
            expected: parts.trend[index] + parts.season[index],
            z,
        })
        .collect())
}

/// The values, if none is missing and they are enough.
fn whole(values: &[Option<f64>], period: usize) -> Result<Vec<f64>, NoSeason> {
    if !(2..=PERIOD_MAX).contains(&period) {
        return Err(NoSeason::Period);
    }
    let (have, need) = (values.len(), CYCLES_MIN * period);
    if have < need {
        return Err(NoSeason::TooFewCycles { have, need });
    }
    if have > POINTS_MAX {
        return Err(NoSeason::TooManyPoints { have });
    }
    values
        .iter()
        .enumerate()
        .map(|(index, value)| {
            value
                .filter(|value| value.is_finite())
                .ok_or(NoSeason::Missing { index })
        })
        .collect()
}

fn fit(values: &[f64], period: usize, robust: bool) -> Result<Decomposition, NoSeason> {
    let fitted = stlrs::params()
        .seasonal_length(SEASONAL_WINDOW)
        .seasonal_degree(0)
        .robust(robust)
        .fit(values, period)
        .map_err(|_| NoSeason::Period)?;
    Ok(Decomposition {
        trend: fitted.trend().to_vec(),
        season: fitted.seasonal().to_vec(),
        rest: fitted.remainder().to_vec(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::golden::{assert_near, full_column, numbers, reference};
    use crate::random::Random;

    fn passengers() -> Vec<Option<f64>> {
        let values = full_column("data/air-passengers.csv", "value");
        values.iter().map(|value| Some(value.ln())).collect()
    }

    #[test]
    fn passengers_are_taken_apart_as_by_r() {
        let found = decompose(&passengers(), 12).unwrap();
        let expected = &reference("signals.json")["airpassengers_stl_R_defaults"];
        let trend = numbers(&expected["trend"]);
        let season = numbers(&expected["seasonal"]);
        for (at, (of_trend, of_season)) in [(0, 0), (71, 6), (143, 143)].into_iter().enumerate() {
            assert_near(found.trend[of_trend], trend[at], 1e-9);
            assert_near(found.season[of_season], season[at], 1e-9);
        }
    }

    #[test]
    fn a_spike_stands_out_and_nothing_else() {
        let mut values = passengers();
        assert_eq!(anomalies(&values, 12).unwrap(), vec![]);
        values[70] = values[70].map(|value| value + 0.4);
        let found = anomalies(&values, 12).unwrap();
        assert_eq!(found.iter().map(|one| one.index).collect::<Vec<_>>(), [70]);
        assert!(found[0].z > Z_MIN);
        assert_near(found[0].expected, passengers()[70].unwrap(), 0.06);
    }

    #[test]
    fn a_missing_point_is_named() {
        let mut values = passengers();
        values[5] = None;
        assert_eq!(decompose(&values, 12), Err(NoSeason::Missing { index: 5 }));
        assert_eq!(
            decompose(&values[..35], 12),
            Err(NoSeason::TooFewCycles { have: 35, need: 36 })
        );
    }

    #[test]
    fn passengers_have_a_season_and_noise_has_none() {
        let season = recurring(&passengers(), 12).unwrap().unwrap();
        assert_eq!(season.len(), 144);
        // July is a high month and November a low one, by about a fifth each.
        assert!(season[6] > 0.1 && season[10] < -0.1);
        let mut random = Random::of_seed(11);
        let found = (0..200).filter(|_| {
            let noise: Vec<Option<f64>> = (0..48).map(|_| Some(random.normal())).collect();
            recurring(&noise, 12).unwrap().is_some()
        });
        let found = found.count();
        assert!(found <= 10, "{found} of 200");
    }
}
