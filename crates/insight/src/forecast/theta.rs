//! Theta (Assimakopoulos and Nikolopoulos 2000): simple smoothing of the level, with half of the straight line's slope (Hyndman
//! and Billah 2003), on values without their season.

use super::classical::{SeasonKind, is_seasonal, season, shrunk_season, without};
use super::ets_fit::simple;
use crate::linear::least_squares;

/// What Theta alone expects of the next periods, of values without gaps, as R's `thetaf`; nothing where they cannot be fitted.
/// `period` is 1 where no season is to be looked for.
pub fn forecast(values: &[f64], period: usize, horizon: usize) -> Option<Vec<f64>> {
    let kind = SeasonKind::of(values);
    let seasons = is_seasonal(values, period)
        .then(|| season(values, period, kind))
        .flatten();
    ahead(values, seasons.as_deref(), kind, horizon)
}

/// The same with as much of a season as values bear out, in place of all of it where a test finds one. That test sees no season
/// beside a trend.
pub(super) fn with_shrunk_season(
    values: &[f64],
    period: usize,
    horizon: usize,
) -> Option<Vec<f64>> {
    let kind = SeasonKind::of(values);
    let seasons = shrunk_season(values, period, kind);
    ahead(values, seasons.as_deref(), kind, horizon)
}

/// What is expected of values with a known season or none.
fn ahead(
    values: &[f64],
    seasons: Option<&[f64]>,
    kind: SeasonKind,
    horizon: usize,
) -> Option<Vec<f64>> {
    let plain = match seasons {
        Some(season) => without(values, season, kind),
        None => values.to_vec(),
    };
    let fitted = simple(&plain)?;
    let alpha = fitted.level_smoothing();
    let count = plain.len();
    let times: Vec<f64> = (0..count).map(|time| time as f64).collect();
    let line = least_squares(&[vec![1.0; count], times], &plain)?;
    let half = line.coefficients[1] / 2.0;
    let settled = (1.0 - (1.0 - alpha).powi(i32::try_from(count).ok()?)) / alpha;
    let levels = fitted.forecast(&plain, horizon);
    let ahead = levels.iter().enumerate().map(|(step, level)| {
        let value = level + half * (step as f64 + settled);
        match seasons {
            None => value,
            Some(season) => {
                let season = season[(count + step) % season.len()];
                match kind {
                    SeasonKind::Additive => value + season,
                    SeasonKind::Multiplicative => value * season,
                }
            }
        }
    });
    Some(ahead.collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::golden::{assert_near, full_column, numbers, reference};

    #[test]
    fn passengers_are_those_of_r() {
        let values = full_column("data/air-passengers.csv", "value");
        let found = forecast(&values[..132], 12, 12).unwrap();
        let expected = numbers(&reference("forecast-r.json")["air_theta"]["mean"]);
        assert_near(found[0], expected[0], 1e-3);
        for (found, expected) in found.iter().zip(&expected) {
            assert_near(*found, *expected, 2e-3);
        }
    }

    #[test]
    fn the_nile_is_that_of_r() {
        let values = full_column("data/nile.csv", "value");
        let found = forecast(&values, 1, 5).unwrap();
        let expected = numbers(&reference("ets.json")["nile_theta"]["mean"]);
        // R ends its search a little before the best smoothing.
        for (found, expected) in found.iter().zip(&expected) {
            assert_near(*found, *expected, 0.05);
        }
    }
}
