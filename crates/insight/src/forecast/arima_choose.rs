//! Choosing an ARIMA model: how often differences are taken, by tests; then the orders, by the corrected information criterion
//! (Hyndman and Khandakar 2008, with a short list in place of a search).

use super::arima::{Fitted, Orders, ROUGHLY, fit, refit};
use super::classical::{SeasonKind, season, without};
use super::differences::Differences;

/// The strength of a season above which the step to the next cycle is taken (as of Wang, Smith and Hyndman 2006, less what chance
/// gives). On the monthly series of M3, months before the last 18, much more than this misses more, and so does it on noise with
/// less.
const SEASONAL_MIN: f64 = 0.15;
/// The 5 % point of the statistic of Kwiatkowski, Phillips, Schmidt and Shin (1992) about a level.
const LEVEL_MAX: f64 = 0.463;
/// The orders of own past and moving average that are tried.
const PLAIN: [(usize, usize); 5] = [(0, 1), (1, 0), (1, 1), (2, 0), (0, 2)];
/// What the best model expects next; `None` where none can be fitted.
pub(super) fn forecast(values: &[f64], period: usize, horizon: usize) -> Option<Vec<f64>> {
    let differences = differences(values, period);
    let of = differences.of(values);
    let has_mean = differences.plain + differences.seasonal == 0;
    let best = best(&of, differences, has_mean)?;
    let best = refit(&best, &of, has_mean).unwrap_or(best);
    Some(differences.undo(values, &best.ahead(&of, horizon)))
}

/// The best model. Cycles are a moving average, where differences of cycles are taken.
fn best(of: &[f64], differences: Differences, has_mean: bool) -> Option<Fitted> {
    let fitted = PLAIN.iter().filter_map(|(ar, ma)| {
        let orders = Orders {
            ar: *ar,
            ma: *ma,
            seasonal_ma: differences.seasonal,
            period: differences.period,
        };
        fit(of, &orders, has_mean, ROUGHLY)
    });
    fitted.min_by(|one, other| one.aicc.total_cmp(&other.aicc))
}

/// How often differences are taken.
fn differences(values: &[f64], period: usize) -> Differences {
    let has_season = period > 1 && seasonal_strength(values, period) > SEASONAL_MIN;
    let mut differences = Differences {
        plain: 0,
        seasonal: usize::from(has_season),
        period,
    };
    differences.plain = usize::from(level_statistic(&differences.of(values)) > LEVEL_MAX);
    differences
}

/// How much of what is left after the trend is season, from 0 to 1, about 0 where all is chance.
fn seasonal_strength(values: &[f64], period: usize) -> f64 {
    let Some(season) = season(values, period, SeasonKind::Additive) else {
        return 0.0;
    };
    let level = |values: &[f64]| -> Vec<f64> {
        values
            .windows(period)
            .map(|cycle| cycle.iter().sum::<f64>() / period as f64)
            .collect()
    };
    // Deviations from a moving mean, with and without the season.
    let spread = |values: &[f64]| {
        let middles = level(values);
        let deviations = values[period / 2..].iter().zip(middles);
        deviations
            .map(|(value, level)| (value - level).powi(2))
            .sum::<f64>()
    };
    let (with, left) = (
        spread(values),
        spread(&without(values, &season, SeasonKind::Additive)),
    );
    // Of so many cycles that a season is the mean of, it takes one of chance with it.
    let cycles = (values.len() / period) as f64 - 1.0;
    if with > 0.0 && cycles > 1.0 {
        (1.0 - left / with * cycles / (cycles - 1.0)).max(0.0)
    } else {
        0.0
    }
}

/// The statistic of Kwiatkowski and others: sums of deviations from the mean, against their long-run variance.
fn level_statistic(values: &[f64]) -> f64 {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let deviations: Vec<f64> = values.iter().map(|value| value - mean).collect();
    let product = |lag: usize| -> f64 {
        let pairs = deviations.iter().zip(deviations.iter().skip(lag));
        pairs.map(|(one, other)| one * other).sum::<f64>() / count
    };
    let lags = (4.0 * (count / 100.0).powf(0.25)).floor() as usize;
    let weighted =
        (1..=lags).map(|lag| 2.0 * (1.0 - lag as f64 / (lags + 1) as f64) * product(lag));
    let variance = product(0) + weighted.sum::<f64>();
    if variance <= 0.0 {
        return 0.0;
    }
    let mut sum = 0.0;
    let squares = deviations.iter().map(|deviation| {
        sum += deviation;
        sum * sum
    });
    squares.sum::<f64>() / (count * count * variance)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::golden::full_column;
    use crate::random::Random;

    #[test]
    fn passengers_have_both_differences_and_noise_has_none() {
        let values = full_column("data/air-passengers.csv", "value");
        let expected = Differences {
            plain: 1,
            seasonal: 1,
            period: 12,
        };
        assert_eq!(differences(&values, 12), expected);
        let mut random = Random::of_seed(1);
        let noise: Vec<f64> = (0..100).map(|_| random.normal()).collect();
        let none = Differences {
            plain: 0,
            seasonal: 0,
            period: 12,
        };
        assert_eq!(differences(&noise, 12), none);
    }

    #[test]
    fn the_last_year_of_passengers_is_near_that_of_r() {
        let values = full_column("data/air-passengers.csv", "value");
        let found = forecast(&values[..132], 12, 12).unwrap();
        let misses = found.iter().zip(&values[132..]);
        let percent = misses.map(|(found, value)| 200.0 * (found - value).abs() / (found + value));
        let smape = percent.sum::<f64>() / 12.0;
        // R's auto.arima: 4.03.
        assert!(smape < 4.5, "{smape}");
    }
}
