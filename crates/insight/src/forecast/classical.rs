//! Seasons the simple way: the mean of each place in the cycle against a centred moving average (as R's `decompose`).

/// How a season goes with the level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SeasonKind {
    /// It is added.
    Additive,
    /// It is a factor; for values above 0.
    Multiplicative,
}

/// With fewer cycles a season has to show itself first.
const CYCLES_ENOUGH: usize = 3;
/// By so many standard errors: from one on what a number brings to the square of a miss is expected to be less than what it
/// takes away (Toro-Vizcarrondo and Wallace 1968).
const ERRORS_MIN: f64 = 1.0;

impl SeasonKind {
    /// Factors, where all values are above 0.
    pub(super) fn of(values: &[f64]) -> SeasonKind {
        if values.iter().all(|value| *value > 0.0) {
            SeasonKind::Multiplicative
        } else {
            SeasonKind::Additive
        }
    }
}

/// The season of each place in the cycle, the place of the first value first; they add up to 0, or have a mean of 1.
/// `None` with fewer than two cycles.
pub(super) fn season(values: &[f64], period: usize, kind: SeasonKind) -> Option<Vec<f64>> {
    let places = places(values, period, kind)?;
    normalised(places.iter().map(|seen| mean(seen)).collect(), kind)
}

/// The same, each place as far from none as its own few values bear out: drawn to it by the part of what lies between places
/// that chance within them accounts for (Miller and Williams 2003, after James and Stein). `None` where that is all of it, and
/// where cycles are few and values do not go with those of a cycle before.
pub(super) fn shrunk_season(values: &[f64], period: usize, kind: SeasonKind) -> Option<Vec<f64>> {
    let errors = cycle_correlation(values, period)?;
    let shows = values.len() >= CYCLES_ENOUGH * period || errors > ERRORS_MIN;
    if !shows {
        return None;
    }
    let places = places(values, period, kind)?;
    let means: Vec<f64> = places.iter().map(|seen| mean(seen)).collect();
    let within: f64 = places
        .iter()
        .zip(&means)
        .map(|(seen, mean)| squares(seen, *mean))
        .sum();
    let seen: usize = places.iter().map(Vec::len).sum();
    let chance = within / (seen - period) as f64;
    let of_mean = |seen: &Vec<f64>| chance / seen.len() as f64;
    let by_chance = places.iter().map(of_mean).sum::<f64>() / period as f64;
    let centre = mean(&means);
    let between = squares(&means, centre) / (period - 1) as f64 - by_chance;
    if between.is_nan() || between <= 0.0 {
        return None;
    }
    let shrunk = places
        .iter()
        .zip(&means)
        .map(|(seen, mean)| centre + (mean - centre) * between / (between + of_mean(seen)));
    normalised(shrunk.collect(), kind)
}

/// What the values of each place in the cycle are against a centred moving average; `None` with fewer than two cycles.
fn places(values: &[f64], period: usize, kind: SeasonKind) -> Option<Vec<Vec<f64>>> {
    let half = period / 2;
    if values.len() < 2 * period {
        return None;
    }
    let mut places = vec![Vec::with_capacity(values.len() / period); period];
    for at in half..values.len() - half {
        let level = if period.is_multiple_of(2) {
            let inner: f64 = values[at - half + 1..at + half].iter().sum();
            (inner + f64::midpoint(values[at - half], values[at + half])) / period as f64
        } else {
            mean(&values[at - half..=at + half])
        };
        places[at % period].push(match kind {
            SeasonKind::Additive => values[at] - level,
            SeasonKind::Multiplicative => values[at] / level,
        });
    }
    Some(places)
}

/// Seasons that add up to 0, or have a mean of 1; `None` where one is not a number.
fn normalised(seasons: Vec<f64>, kind: SeasonKind) -> Option<Vec<f64>> {
    let mean = mean(&seasons);
    let of_kind = |season: f64| match kind {
        SeasonKind::Additive => season - mean,
        SeasonKind::Multiplicative => season / mean,
    };
    let seasons: Vec<f64> = seasons.into_iter().map(of_kind).collect();
    seasons
        .iter()
        .all(|season| season.is_finite())
        .then_some(seasons)
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn squares(values: &[f64], about: f64) -> f64 {
    values.iter().map(|value| (value - about).powi(2)).sum()
}

/// The values without their season.
pub(super) fn without(values: &[f64], season: &[f64], kind: SeasonKind) -> Vec<f64> {
    let pairs = values.iter().zip(season.iter().cycle());
    match kind {
        SeasonKind::Additive => pairs.map(|(value, season)| value - season).collect(),
        SeasonKind::Multiplicative => pairs.map(|(value, season)| value / season).collect(),
    }
}

/// The correlation of values with those `lag` before.
pub(super) fn autocorrelations(values: &[f64], lags: usize) -> Vec<f64> {
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    let deviations: Vec<f64> = values.iter().map(|value| value - mean).collect();
    let spread: f64 = deviations
        .iter()
        .map(|deviation| deviation * deviation)
        .sum();
    (1..=lags)
        .map(|lag| {
            let pairs = deviations.iter().zip(deviations.iter().skip(lag));
            pairs.map(|(one, other)| one * other).sum::<f64>() / spread
        })
        .collect()
}

/// Whether values have a season of `period`, as Theta asks (Fiorucci et al. 2016): the correlation at the period is above what
/// chance gives in 10 % of cases.
pub(super) fn is_seasonal(values: &[f64], period: usize) -> bool {
    cycle_correlation(values, period).is_some_and(|errors| errors.abs() > 1.644_853_626_951_472_2)
}

/// How values go with those of a cycle before: the correlation in units of its standard error (Bartlett 1946). `None` without
/// a cycle and with no more than two.
fn cycle_correlation(values: &[f64], period: usize) -> Option<f64> {
    if period < 2 || values.len() < 2 * period + 1 {
        return None;
    }
    let correlations = autocorrelations(values, period);
    let (last, before) = correlations.split_last()?;
    let noise: f64 = before.iter().map(|r| r * r).sum();
    Some(last / ((1.0 + 2.0 * noise) / values.len() as f64).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::golden::{assert_near, full_column};
    use crate::random::Random;

    #[test]
    fn a_clear_season_stays_and_chance_is_drawn_to_none() {
        let values = full_column("data/air-passengers.csv", "value");
        let kind = SeasonKind::of(&values);
        let whole = season(&values, 12, kind).unwrap();
        let shrunk = shrunk_season(&values, 12, kind).unwrap();
        for (shrunk, whole) in shrunk.iter().zip(&whole) {
            assert_near(*shrunk, *whole, 2e-3);
            assert!((shrunk - 1.0).abs() <= (whole - 1.0).abs() + 1e-12);
        }
        let mut random = Random::of_seed(5);
        let (mut of_whole, mut of_shrunk) = (0.0, 0.0);
        for _ in 0..100 {
            let noise: Vec<f64> = (0..48).map(|_| random.normal()).collect();
            let whole = season(&noise, 12, SeasonKind::Additive).unwrap();
            let shrunk = shrunk_season(&noise, 12, SeasonKind::Additive);
            of_whole += squares(&whole, 0.0);
            of_shrunk += shrunk.map_or(0.0, |season| squares(&season, 0.0));
        }
        assert!(of_shrunk < 0.2 * of_whole, "{of_shrunk} of {of_whole}");
    }

    #[test]
    fn two_cycles_that_do_not_come_back_have_no_season() {
        let wave = |at: usize| if at % 24 < 12 { at % 12 } else { 12 - at % 12 };
        let against: Vec<f64> = (0..30).map(|at| wave(at) as f64 - 6.0).collect();
        assert_eq!(shrunk_season(&against, 12, SeasonKind::Additive), None);
        let again: Vec<f64> = (0..30).map(|at| (at % 12) as f64 - 6.0).collect();
        assert!(shrunk_season(&again, 12, SeasonKind::Additive).is_some());
        assert_eq!(shrunk_season(&again[..24], 12, SeasonKind::Additive), None);
    }
}
