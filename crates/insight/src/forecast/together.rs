//! Forecasts of a unit and of those right below it, brought together so that they add up: by what each missed by when the end of
//! all was hidden (see [`super::hierarchy`]), or from the parts where that cannot be told.

use std::fmt;
use std::sync::Arc;

use super::hierarchy::{NODES_MAX, Weights, reconcile};
use super::{Forecast, NoForecast};

/// With a part of fewer points its misses say too little of it, and the whole is what the parts come to.
const POINTS_FOR_MISSES: usize = 24;
/// How many times the end of all series is hidden at least.
const ENDS: usize = 2;
/// How many times it is hidden at most, where ends are short or values of the same periods are few.
const ENDS_MAX: usize = 6;
/// Misses of fewer periods say nothing of how series go together.
const MISSES_MIN: usize = 3;
/// A whole is what its parts come to, but for such a share of it.
const ROUNDING: f64 = 1e-6;

/// How forecasts were brought together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// The whole is what its parts come to, and why.
    FromParts(Cause),
    /// Each moved as little as its usual miss allows.
    ByMisses,
}

/// Why forecasts are not moved by their misses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// A part has too few points.
    TooShort,
    /// There are too few periods in which all have a value and a forecast from before.
    FewMisses,
    /// Misses of one do not vary, or depend on those of the others.
    MissesAlike,
    /// Moved so, one would be what it cannot be.
    Impossible,
}

impl fmt::Display for Cause {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Cause::TooShort => write!(
                formatter,
                "one of them has fewer than {POINTS_FOR_MISSES} points, too few to say how far off its forecasts are"
            ),
            Cause::FewMisses => write!(
                formatter,
                "too few of their values are of the same periods to say how far off forecasts of all are"
            ),
            Cause::MissesAlike => write!(
                formatter,
                "how far off forecasts were does not tell which of them to move"
            ),
            Cause::Impossible => write!(
                formatter,
                "moved by how far off forecasts were, one of them would be what it cannot be"
            ),
        }
    }
}

/// A whole, or a part of it.
#[derive(Clone, Copy, Debug)]
pub struct Series<'a> {
    /// Its values, the oldest first.
    pub values: &'a [Option<f64>],
    /// From where to where its values can lie: nothing outside is expected.
    pub possible: (f64, f64),
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
    series: &[Series<'_>],
    shares: &[f64],
    horizon: usize,
    forecast: &Forecasting<'_>,
) -> Result<Together, NotTogether> {
    let length = series.first().map_or(0, |whole| whole.values.len());
    let fits =
        series.len() == shares.len() + 1 && series.iter().all(|one| one.values.len() == length);
    if !fits || shares.is_empty() || series.len() > NODES_MAX || horizon == 0 {
        return Err(NotTogether::Shape);
    }
    if !adds_up(series, shares) {
        return Err(NotTogether::DoNotAddUp);
    }
    let ahead = |(at, one): (usize, &Series<'_>)| {
        ahead(one, length, horizon, forecast)
            .map_err(|why| NotTogether::NoForecast { series: at, why })
    };
    let alone = series.iter().enumerate().map(ahead);
    let alone: Vec<Vec<f64>> = alone.collect::<Result<_, _>>()?;
    let moved = misses(series, horizon, forecast)
        .and_then(|misses| by_misses(series, &alone, shares, &misses));
    let (way, by_step) = match moved {
        Ok(steps) => (Way::ByMisses, steps),
        Err(cause) => (Way::FromParts(cause), from_parts(&alone, shares, horizon)),
    };
    let of_series = |at: usize| by_step.iter().map(|step| step[at]).collect();
    Ok(Together {
        way,
        together: (0..series.len()).map(of_series).collect(),
        alone,
    })
}

/// Whether the newest values that all series have come to that of the whole.
fn adds_up(series: &[Series<'_>], shares: &[f64]) -> bool {
    let at =
        |place: usize| -> Option<Vec<f64>> { series.iter().map(|one| one.values[place]).collect() };
    let newest = (0..series[0].values.len()).rev().find_map(at);
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

/// The forecast of a series, as far as it can be so, of the periods after so many, the newest of which may be missing.
fn ahead(
    series: &Series<'_>,
    end: usize,
    horizon: usize,
    forecast: &Forecasting<'_>,
) -> Result<Vec<f64>, NoForecast> {
    let values = &series.values[..end];
    let behind = values.iter().rev().take_while(|one| one.is_none()).count();
    let found = forecast(values, behind + horizon)?;
    let (least, greatest) = series.possible;
    let means = found.mean[behind..].iter();
    Ok(means.map(|mean| mean.max(least).min(greatest)).collect())
}

/// What the forecasts missed by when the ends of all series were hidden: a row for each period in which all have a value. More
/// ends are hidden where these are too few.
fn misses(
    series: &[Series<'_>],
    horizon: usize,
    forecast: &Forecasting<'_>,
) -> Result<Vec<Vec<f64>>, Cause> {
    let points = |part: &Series<'_>| part.values.iter().flatten().count();
    if series[1..]
        .iter()
        .any(|part| points(part) < POINTS_FOR_MISSES)
    {
        return Err(Cause::TooShort);
    }
    let mut rows = Vec::new();
    for hidden in 1..=ENDS_MAX {
        if hidden > ENDS && rows.len() >= MISSES_MIN {
            break;
        }
        let Some(end) = series[0].values.len().checked_sub(hidden * horizon) else {
            break;
        };
        let known = series.iter().map(|one| ahead(one, end, horizon, forecast));
        let Ok(known) = known.collect::<Result<Vec<Vec<f64>>, NoForecast>>() else {
            break;
        };
        for step in 0..horizon {
            let of_series = series.iter().zip(&known);
            let row = of_series.map(|(one, known)| Some(one.values[end + step]? - known[step]));
            rows.extend(row.collect::<Option<Vec<f64>>>());
        }
    }
    match rows.len() >= MISSES_MIN {
        true => Ok(rows),
        false => Err(Cause::FewMisses),
    }
}

/// Each period with all moved as little as their misses allow, where all can be so.
fn by_misses(
    series: &[Series<'_>],
    alone: &[Vec<f64>],
    shares: &[f64],
    misses: &[Vec<f64>],
) -> Result<Vec<Vec<f64>>, Cause> {
    let summing = summing(shares);
    let at = |step: usize| {
        let of_step: Vec<f64> = alone.iter().map(|one| one[step]).collect();
        let moved = reconcile(&of_step, &summing, Weights::Errors(misses));
        // Misses that cannot be weighed tell nothing: all are alike, or too great for a number.
        let moved = moved.map_err(|_| Cause::MissesAlike)?;
        let can_be = |(one, value): (&Series<'_>, &f64)| {
            let (least, greatest) = one.possible;
            (least..=greatest).contains(value)
        };
        match series.iter().zip(&moved).all(can_be) {
            true => Ok(moved),
            false => Err(Cause::Impossible),
        }
    };
    (0..alone[0].len()).map(at).collect()
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
        let series: Vec<Series<'_>> = series.iter().map(|one| anything(one)).collect();
        together(&series, shares, horizon, &by_models)
    }

    fn by_models(values: &[Option<f64>], horizon: usize) -> Result<Arc<Forecast>, NoForecast> {
        forecast(values, 1, horizon).map(Arc::new)
    }

    /// A series whose values can be any.
    fn anything(values: &[Option<f64>]) -> Series<'_> {
        Series {
            values,
            possible: (f64::NEG_INFINITY, f64::INFINITY),
        }
    }

    #[test]
    fn what_is_brought_together_adds_up() {
        for (length, shares, way) in [
            (48, [1.0, 1.0, 1.0], Way::ByMisses),
            (48, [0.2, 0.5, 0.3], Way::ByMisses),
            (20, [1.0, 1.0, 1.0], Way::FromParts(Cause::TooShort)),
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

    #[test]
    fn of_one_period_more_ends_are_hidden_until_misses_are_enough() {
        let whole = series(60, [1.0; 3]);
        assert_eq!(of(&whole, &[1.0; 3], 1).expect("one").way, Way::ByMisses);
        // One more where a value of these periods is missing.
        let mut gap = whole.clone();
        gap[2][58] = None;
        assert_eq!(of(&gap, &[1.0; 3], 1).expect("one").way, Way::ByMisses);
        // None of the newest six periods has all values.
        let mut gaps = whole;
        for place in 54..60 {
            gaps[1 + (place - 54) / 2][place] = None;
        }
        let found = of(&gaps, &[1.0; 3], 1).expect("one");
        assert_eq!(found.way, Way::FromParts(Cause::FewMisses));
    }

    /// Parts and their sum, with another last part.
    fn with_last(of: impl Fn(usize, f64) -> f64) -> Vec<Vec<Option<f64>>> {
        let mut all = series(48, [1.0; 3]);
        let [whole, .., last] = &mut all[..] else {
            panic!("a whole and its parts")
        };
        for (place, (whole, last)) in whole
            .iter_mut()
            .flatten()
            .zip(last.iter_mut().flatten())
            .enumerate()
        {
            let other = of(place, *last);
            *whole += other - *last;
            *last = other;
        }
        all
    }

    #[test]
    fn misses_that_do_not_vary_are_no_short_series() {
        let whole = with_last(|_, _| 5.0);
        let series: Vec<Series<'_>> = whole.iter().map(|one| anything(one)).collect();
        let newest = |values: &[Option<f64>], horizon: usize| {
            let found = by_models(values, horizon)?;
            let last = values.iter().rev().find_map(|value| *value);
            let mean = vec![last.expect("a value"); horizon];
            Ok(Arc::new(Forecast {
                mean,
                ..(*found).clone()
            }))
        };
        let found = together(&series, &[1.0; 3], 3, &newest).expect("forecasts");
        assert_eq!(found.way, Way::FromParts(Cause::MissesAlike));
    }

    #[test]
    fn nothing_is_expected_that_cannot_be() {
        let falling =
            with_last(|place, value| (47.0 - place as f64 + (value - 20.0) / 10.0).max(0.0));
        let least = |found: &[Vec<f64>]| found[3].iter().copied().fold(f64::INFINITY, f64::min);
        let free = of(&falling, &[1.0; 3], 6).expect("forecasts");
        assert!(least(&free.alone) < 0.0 && least(&free.together) < 0.0);
        let of_count = |values| Series {
            values,
            possible: (0.0, f64::INFINITY),
        };
        let counts: Vec<Series<'_>> = falling.iter().map(|one| of_count(one)).collect();
        let found = together(&counts, &[1.0; 3], 6, &by_models).expect("forecasts");
        assert!(least(&found.alone) >= 0.0 && least(&found.together) >= 0.0);
        for step in 0..6 {
            let parts: Vec<f64> = found.together[1..].iter().map(|one| one[step]).collect();
            assert!((found.together[0][step] - come_to(&parts, &[1.0; 3])).abs() < 1e-6);
        }
    }

    /// Where one that is moved would be what it cannot be, none is moved and the whole is what the parts come to.
    #[test]
    fn what_would_be_moved_too_far_is_not_moved() {
        let whole = series(48, [1.0; 3]);
        let free = of(&whole, &[1.0; 3], 1).expect("forecasts");
        let mut bounded: Vec<Series<'_>> = whole.iter().map(|one| anything(one)).collect();
        let (alone, moved) = (free.alone[1][0], free.together[1][0]);
        let between = f64::midpoint(alone, moved);
        bounded[1].possible = match moved < alone {
            true => (between, f64::INFINITY),
            false => (f64::NEG_INFINITY, between),
        };
        let found = together(&bounded, &[1.0; 3], 1, &by_models).expect("forecasts");
        assert_eq!(found.way, Way::FromParts(Cause::Impossible));
        assert_eq!(found.alone[1..], found.together[1..]);
    }
}
