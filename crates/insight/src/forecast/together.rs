//! Forecasts of a unit and of those right below it, brought together so that they add up: from the parts where one of them is
//! short, else by what each missed by when the end of all was hidden (see [`super::hierarchy`]).

use std::fmt;
use std::sync::Arc;

use super::hierarchy::{NODES_MAX, NoReconciliation, Weights, reconcile};
use super::{Forecast, NoForecast};

/// With a part of fewer points its misses say too little of it, and the whole is what the parts come to.
const POINTS_FOR_MISSES: usize = 24;
/// How many times the end of all series is hidden.
const ORIGINS: usize = 2;
/// Misses of fewer periods say nothing of how series go together.
const MISSES_MIN: usize = 3;
/// A whole is what its parts come to, but for such a share of it.
const ROUNDING: f64 = 1e-6;

/// How forecasts were brought together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// The whole is what its parts come to.
    FromParts,
    /// Each moved as little as its usual miss allows.
    ByMisses,
}

/// Forecasts a series by a number of periods.
pub type Forecasting<'a> = dyn Fn(&[Option<f64>], usize) -> Result<Arc<Forecast>, NoForecast> + 'a;

/// Forecasts that add up.
#[derive(Clone, Debug, PartialEq)]
pub struct Together {
    /// How they came to do so.
    pub way: Way,
    /// What is expected of the whole and of each part by itself, and of each the next periods.
    pub alone: Vec<Vec<f64>>,
    /// The same, brought together.
    pub together: Vec<Vec<f64>>,
}

/// Why forecasts are not brought together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotTogether {
    /// There is no part, or there are more than [`NODES_MAX`] series, or they do not fit each other.
    Shape,
    /// The values of the parts, each by its share, do not come to that of the whole.
    DoNotAddUp,
    /// A series cannot be forecast: the whole is 0, its parts follow.
    NoForecast {
        /// Which one.
        series: usize,
        /// Why not.
        why: NoForecast,
    },
    /// They cannot be reconciled.
    NoReconciliation(NoReconciliation),
}

impl fmt::Display for NotTogether {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NotTogether::Shape => {
                write!(
                    formatter,
                    "it takes one part at least, and {NODES_MAX} series at most"
                )
            }
            NotTogether::DoNotAddUp => {
                write!(formatter, "the parts do not come to the value of the whole")
            }
            NotTogether::NoForecast { why, .. } => why.fmt(formatter),
            NotTogether::NoReconciliation(why) => why.fmt(formatter),
        }
    }
}

impl std::error::Error for NotTogether {}

/// Brings forecasts of a whole and its parts together, over so many periods after the last. `series` are the whole and then
/// each part, over the same periods; `shares` what one of each part adds to the whole: 1 for sums. `forecast` forecasts a
/// series by a number of periods.
///
/// # Errors
/// Why they are not brought together.
pub fn together(
    series: &[&[Option<f64>]],
    shares: &[f64],
    horizon: usize,
    forecast: &Forecasting<'_>,
) -> Result<Together, NotTogether> {
    let length = series.first().map_or(0, |whole| whole.len());
    let fits = series.len() == shares.len() + 1 && series.iter().all(|one| one.len() == length);
    if !fits || shares.is_empty() || series.len() > NODES_MAX || horizon == 0 {
        return Err(NotTogether::Shape);
    }
    if !adds_up(series, shares) {
        return Err(NotTogether::DoNotAddUp);
    }
    let ahead = |(at, values): (usize, &&[Option<f64>])| {
        ahead(values, horizon, forecast).map_err(|why| NotTogether::NoForecast { series: at, why })
    };
    let alone = series.iter().enumerate().map(ahead);
    let alone: Vec<Vec<f64>> = alone.collect::<Result<_, _>>()?;
    let points = |values: &&[Option<f64>]| values.iter().flatten().count();
    let is_short = series[1..]
        .iter()
        .any(|part| points(part) < POINTS_FOR_MISSES);
    let misses = if is_short {
        Vec::new()
    } else {
        misses(series, horizon, forecast)
    };
    let summing = summing(shares);
    let by_misses = |step: usize| {
        let of_step: Vec<f64> = alone.iter().map(|one| one[step]).collect();
        reconcile(&of_step, &summing, Weights::Errors(&misses))
    };
    let (way, by_step) = match misses.len() < MISSES_MIN {
        true => (Way::FromParts, from_parts(&alone, shares, horizon)),
        false => {
            let steps = (0..horizon).map(by_misses);
            let steps: Result<Vec<Vec<f64>>, _> = steps.collect();
            // Where misses tell nothing, as all are alike, the parts do.
            match steps {
                Ok(steps) => (Way::ByMisses, steps),
                Err(NoReconciliation::Weights) => {
                    (Way::FromParts, from_parts(&alone, shares, horizon))
                }
                Err(why) => return Err(NotTogether::NoReconciliation(why)),
            }
        }
    };
    let of_series = |at: usize| by_step.iter().map(|step| step[at]).collect();
    Ok(Together {
        way,
        together: (0..series.len()).map(of_series).collect(),
        alone,
    })
}

/// Whether the newest values that all series have come to that of the whole.
fn adds_up(series: &[&[Option<f64>]], shares: &[f64]) -> bool {
    let at = |place: usize| -> Option<Vec<f64>> { series.iter().map(|one| one[place]).collect() };
    let newest = (0..series[0].len()).rev().find_map(at);
    newest.is_some_and(|values| {
        let parts = come_to(&values[1..], shares);
        let size = values
            .iter()
            .fold(0.0, |size: f64, one| size.max(one.abs()));
        (parts - values[0]).abs() <= ROUNDING * size
    })
}

/// What parts come to.
fn come_to(parts: &[f64], shares: &[f64]) -> f64 {
    let parts = parts.iter().zip(shares);
    parts.map(|(part, share)| part * share).sum()
}

/// The forecast of the periods after the last place of a series, whose newest values may be missing.
fn ahead(
    values: &[Option<f64>],
    horizon: usize,
    forecast: &Forecasting<'_>,
) -> Result<Vec<f64>, NoForecast> {
    let behind = values.iter().rev().take_while(|one| one.is_none()).count();
    let found = forecast(values, behind + horizon)?;
    Ok(found.mean[behind..].to_vec())
}

/// What the forecasts missed by when the ends of all series were hidden: a row for each period in which all have a value.
fn misses(series: &[&[Option<f64>]], horizon: usize, forecast: &Forecasting<'_>) -> Vec<Vec<f64>> {
    let mut rows = Vec::new();
    let ends = (1..=ORIGINS).filter_map(|origin| series[0].len().checked_sub(origin * horizon));
    for end in ends {
        let known = series
            .iter()
            .map(|values| ahead(&values[..end], horizon, forecast));
        let Ok(known) = known.collect::<Result<Vec<Vec<f64>>, NoForecast>>() else {
            break;
        };
        for step in 0..horizon {
            let of_series = series.iter().zip(&known);
            let row = of_series.map(|(values, known)| Some(values[end + step]? - known[step]));
            rows.extend(row.collect::<Option<Vec<f64>>>());
        }
    }
    rows
}

/// A row for the whole and for each part: what one of each part adds to it.
fn summing(shares: &[f64]) -> Vec<Vec<f64>> {
    let of_part = |part: usize| {
        let parts = 0..shares.len();
        parts
            .map(|other| f64::from(u8::from(other == part)))
            .collect()
    };
    let parts = (0..shares.len()).map(of_part);
    std::iter::once(shares.to_vec()).chain(parts).collect()
}

/// Each period with the parts as they are and the whole as what they come to.
fn from_parts(alone: &[Vec<f64>], shares: &[f64], horizon: usize) -> Vec<Vec<f64>> {
    let at = |step: usize| {
        let parts: Vec<f64> = alone[1..].iter().map(|part| part[step]).collect();
        std::iter::once(come_to(&parts, shares))
            .chain(parts)
            .collect()
    };
    (0..horizon).map(at).collect()
}

#[cfg(test)]
mod tests {
    use super::super::forecast;
    use super::*;
    use crate::random::Random;

    /// Three parts of so many points, and the whole that they come to.
    fn series(length: usize, shares: [f64; 3]) -> Vec<Vec<Option<f64>>> {
        let mut random = Random::of_seed(31);
        let mut part = |level: f64| -> Vec<Option<f64>> {
            let mut level = level;
            let mut value = || {
                level += 0.4 * random.normal();
                Some(level + random.normal())
            };
            (0..length).map(|_| value()).collect()
        };
        let parts = [part(40.0), part(90.0), part(20.0)];
        let whole = (0..length).map(|at| {
            let parts = parts.iter().zip(shares);
            parts.map(|(part, share)| Some(part[at]? * share)).sum()
        });
        std::iter::once(whole.collect())
            .chain(parts.clone())
            .collect()
    }

    fn of(
        series: &[Vec<Option<f64>>],
        shares: &[f64],
        horizon: usize,
    ) -> Result<Together, NotTogether> {
        let series: Vec<&[Option<f64>]> = series.iter().map(Vec::as_slice).collect();
        together(&series, shares, horizon, &|values, horizon| {
            forecast(values, 1, horizon).map(Arc::new)
        })
    }

    #[test]
    fn what_is_brought_together_adds_up() {
        for (length, shares, way) in [
            (48, [1.0, 1.0, 1.0], Way::ByMisses),
            (48, [0.2, 0.5, 0.3], Way::ByMisses),
            (20, [1.0, 1.0, 1.0], Way::FromParts),
        ] {
            let found = of(&series(length, shares), &shares, 6).expect("forecasts");
            assert_eq!(found.way, way);
            for step in 0..6 {
                let parts: Vec<f64> = found.together[1..].iter().map(|one| one[step]).collect();
                let sum = come_to(&parts, &shares);
                assert!((found.together[0][step] - sum).abs() < 1e-6, "{step}");
                let moved = found.alone.iter().zip(&found.together);
                let moved = moved.map(|(alone, together)| (alone[step] - together[step]).abs());
                let far = moved.fold(0.0, f64::max);
                assert!(far < 15.0, "nothing moves far: {far}");
            }
        }
    }

    #[test]
    fn from_short_parts_the_whole_alone_moves() {
        let found = of(&series(20, [1.0; 3]), &[1.0; 3], 3).expect("forecasts");
        assert_eq!(found.alone[1..], found.together[1..]);
    }

    #[test]
    fn what_does_not_fit_says_why() {
        let whole = series(48, [1.0; 3]);
        assert_eq!(
            of(&whole, &[1.0, 1.0, 2.0], 3),
            Err(NotTogether::DoNotAddUp)
        );
        assert_eq!(of(&whole, &[1.0; 2], 3), Err(NotTogether::Shape));
        assert_eq!(of(&whole[..1], &[], 3), Err(NotTogether::Shape));
        let short = series(6, [1.0; 3]);
        let why = NoForecast::TooFewPoints { have: 6 };
        assert_eq!(
            of(&short, &[1.0; 3], 3),
            Err(NotTogether::NoForecast { series: 0, why })
        );
    }

    #[test]
    fn parts_whose_newest_value_is_missing_are_forecast_over_it() {
        let mut late = series(48, [1.0; 3]);
        late[2][47] = None;
        let found = of(&late, &[1.0; 3], 4).expect("forecasts");
        assert!(found.together.iter().all(|one| one.len() == 4));
    }
}
