//! Seasonal ARIMA (Box and Jenkins 1976): differences of a series as a moving average of chance and of their own past.
//!
//! The likelihood of the differences is exact, by the Kalman filter of Harvey's form (Gardner, Harvey and Phillips 1980), as R's
//! `arima` has it.

use super::filter::Filter;
use super::minimise::{Budget, minimise};

/// The orders of a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Orders {
    /// Own past, moving average: of the last periods.
    pub(super) ar: usize,
    pub(super) ma: usize,
    /// Moving average of the last cycles.
    pub(super) seasonal_ma: usize,
    /// The length of the cycle, 1 without.
    pub(super) period: usize,
}

/// Coefficients with all lags: 1 - sum of `ar` B^i on one side, 1 + sum of `ma` B^i on the other.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Coefficients {
    pub(super) ar: Vec<f64>,
    pub(super) ma: Vec<f64>,
}

/// A fitted model of differences.
#[derive(Clone, Debug)]
pub(super) struct Fitted {
    orders: Orders,
    coefficients: Coefficients,
    /// The mean of the differences; 0 where none is fitted.
    mean: f64,
    /// The corrected information criterion.
    pub(super) aicc: f64,
    /// The numbers that the search found.
    free: Vec<f64>,
}

/// Of numbers that a search may choose freely, coefficients that neither run away nor hide the past: partial correlations by
/// tanh (Barndorff-Nielsen and Schou 1973).
fn stable(free: &[f64]) -> Vec<f64> {
    let mut coefficients: Vec<f64> = Vec::new();
    for number in free {
        let partial = number.tanh();
        let before = coefficients.clone();
        for (cell, other) in coefficients.iter_mut().zip(before.iter().rev()) {
            *cell -= partial * other;
        }
        coefficients.push(partial);
    }
    coefficients
}

/// (1 + sum of `one` B^i)(1 + sum of `other` B^(i period)) without its 1.
fn multiplied(one: &[f64], other: &[f64], period: usize) -> Vec<f64> {
    let mut product = vec![0.0; one.len() + other.len() * period];
    let with_one =
        |list: &[f64]| -> Vec<f64> { std::iter::once(1.0).chain(list.iter().copied()).collect() };
    for (at, cell) in with_one(one).iter().enumerate() {
        for (cycle, seasonal) in with_one(other).iter().enumerate() {
            let lag = at + cycle * period;
            if lag > 0 {
                product[lag - 1] += cell * seasonal;
            }
        }
    }
    product
}

impl Coefficients {
    /// Of the numbers of a search, in the order ar, ma, seasonal ma.
    fn of(free: &[f64], orders: &Orders) -> Coefficients {
        let mut rest = free;
        let mut take = |count: usize| {
            let (taken, left) = rest.split_at(count);
            rest = left;
            stable(taken)
        };
        let (ar, ma) = (take(orders.ar), take(orders.ma));
        let seasonal_ma = take(orders.seasonal_ma);
        let negative = |list: &[f64]| -> Vec<f64> { list.iter().map(|cell| -cell).collect() };
        Coefficients {
            ar,
            ma: multiplied(&negative(&ma), &negative(&seasonal_ma), orders.period),
        }
    }

    pub(super) fn states(&self) -> usize {
        self.ar.len().max(self.ma.len() + 1)
    }
}

/// What the values of differences are under given coefficients: the spread of chance, squared, and the logarithm of the
/// likelihood.
fn likelihood(coefficients: &Coefficients, differences: &[f64], mean: f64) -> (f64, f64) {
    let mut filter = Filter::of(coefficients);
    let (mut squares, mut logarithms) = (0.0, 0.0);
    for value in differences {
        let (miss, variance) = filter.observe(value - mean);
        squares += miss * miss / variance;
        logarithms += variance.ln();
    }
    let count = differences.len() as f64;
    let spread = squares / count;
    let ln = -0.5
        * (count * (std::f64::consts::TAU * spread.max(f64::MIN_POSITIVE)).ln()
            + logarithms
            + count);
    (spread, ln)
}

/// The logarithm of the likelihood as if all before the first value had been as expected (conditional sum of squares). It is
/// near the exact one in long series, and much faster.
fn conditional(coefficients: &Coefficients, differences: &[f64], mean: f64) -> f64 {
    let lags = |list: &[f64]| -> Vec<(usize, f64)> {
        let lags = list.iter().enumerate();
        lags.filter(|(_, cell)| **cell != 0.0)
            .map(|(at, cell)| (at + 1, *cell))
            .collect()
    };
    let (ar, ma) = (lags(&coefficients.ar), lags(&coefficients.ma));
    let mut misses: Vec<f64> = Vec::with_capacity(differences.len());
    for (at, value) in differences.iter().enumerate() {
        let own = ar.iter().filter(|(lag, _)| *lag <= at);
        let own: f64 = own
            .map(|(lag, cell)| cell * (differences[at - lag] - mean))
            .sum();
        let moved = ma.iter().filter(|(lag, _)| *lag <= at);
        let moved: f64 = moved.map(|(lag, cell)| cell * misses[at - lag]).sum();
        misses.push(value - mean - own - moved);
    }
    let count = differences.len() as f64;
    let spread = misses.iter().map(|miss| miss * miss).sum::<f64>() / count;
    -0.5 * count * ((std::f64::consts::TAU * spread.max(f64::MIN_POSITIVE)).ln() + 1.0)
}

/// How a model is fitted.
#[derive(Clone, Copy)]
pub(super) struct Effort {
    is_exact: bool,
    /// How far to look at first.
    step: f64,
    budget: Budget,
}

/// While the best model is looked for.
pub(super) const ROUGHLY: Effort = Effort {
    is_exact: false,
    step: 0.5,
    budget: Budget {
        evaluations: 150,
        tolerance: 0.01,
    },
};
/// The best model, from where it was found.
const AGAIN: Effort = Effort {
    is_exact: true,
    step: 0.1,
    budget: Budget {
        evaluations: 60,
        tolerance: 1e-3,
    },
};

/// Fits a model to differences; with a mean of its own if `has_mean`.
pub(super) fn fit(
    differences: &[f64],
    orders: &Orders,
    has_mean: bool,
    effort: Effort,
) -> Option<Fitted> {
    let free = orders.ar + orders.ma + orders.seasonal_ma;
    let start = vec![0.1; free + usize::from(has_mean)];
    fit_from(differences, orders, has_mean, &start, effort)
}

/// Fits a model again, exactly.
pub(super) fn refit(fitted: &Fitted, differences: &[f64], has_mean: bool) -> Option<Fitted> {
    fit_from(differences, &fitted.orders, has_mean, &fitted.free, AGAIN)
}

/// Fits a model, from the numbers `start` of the search.
fn fit_from(
    differences: &[f64],
    orders: &Orders,
    has_mean: bool,
    start: &[f64],
    effort: Effort,
) -> Option<Fitted> {
    let free = start.len() - usize::from(has_mean);
    let count = differences.len() as f64;
    let average = differences.iter().sum::<f64>() / count;
    let deviation = differences
        .iter()
        .map(|value| (value - average).powi(2))
        .sum::<f64>();
    let unit = (deviation / count).sqrt() / count.sqrt();
    let parameters = (start.len() + 1) as f64;
    if unit <= 0.0 || count <= parameters + 2.0 {
        return None;
    }
    let read = |list: &[f64]| {
        let mean = if has_mean {
            average + list[free] * unit
        } else {
            0.0
        };
        (Coefficients::of(&list[..free], orders), mean)
    };
    let steps = vec![effort.step; start.len()];
    let cost = |list: &[f64]| {
        let (coefficients, mean) = read(list);
        if effort.is_exact {
            -likelihood(&coefficients, differences, mean).1
        } else {
            -conditional(&coefficients, differences, mean)
        }
    };
    let (list, least) = minimise(cost, start, &steps, effort.budget);
    let (coefficients, mean) = read(&list);
    let aicc = 2.0 * least
        + 2.0 * parameters
        + 2.0 * parameters * (parameters + 1.0) / (count - parameters - 1.0);
    aicc.is_finite().then_some(Fitted {
        orders: *orders,
        coefficients,
        mean,
        aicc,
        free: list,
    })
}

impl Fitted {
    /// What the model expects of the next differences.
    pub(super) fn ahead(&self, differences: &[f64], horizon: usize) -> Vec<f64> {
        let mut filter = Filter::of(&self.coefficients);
        for value in differences {
            filter.observe(value - self.mean);
        }
        (0..horizon)
            .map(|_| {
                let next = filter.expected();
                filter.predict();
                next + self.mean
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::normal_below;
    use crate::forecast::differences::Differences;
    use crate::golden::{assert_near, full_column, numbers, reference};
    use crate::random::Random;

    const AIRLINE: Orders = Orders {
        ar: 0,
        ma: 1,
        seasonal_ma: 1,
        period: 12,
    };
    const EXACTLY: Effort = Effort {
        is_exact: true,
        step: 0.5,
        budget: Budget {
            evaluations: 300,
            tolerance: 1e-6,
        },
    };
    const BOTH: Differences = Differences {
        plain: 1,
        seasonal: 1,
        period: 12,
    };

    fn logarithms(count: usize) -> Vec<f64> {
        let values = full_column("data/air-passengers.csv", "value");
        values[..count].iter().map(|value| value.ln()).collect()
    }

    fn airline(ma: f64, seasonal_ma: f64) -> Coefficients {
        Coefficients {
            ar: vec![],
            ma: multiplied(&[ma], &[seasonal_ma], 12),
        }
    }

    #[test]
    fn the_airline_model_is_that_of_r() {
        let expected = &reference("forecast-r.json")["airline_model"];
        let number = |name: &str| expected[name].as_f64().unwrap();
        let differences = BOTH.of(&logarithms(144));
        let found = fit(&differences, &AIRLINE, false, EXACTLY).unwrap();
        assert_near(
            found.coefficients.ma[0],
            expected["coef"]["ma1"].as_f64().unwrap(),
            1e-3,
        );
        assert_near(
            found.coefficients.ma[11],
            expected["coef"]["sma1"].as_f64().unwrap(),
            1e-3,
        );
        // R keeps a little belief that levels are near 0, which costs it .003; without it the likelihood is 244.6965.
        let (_, ln) = likelihood(&found.coefficients, &differences, 0.0);
        assert_near(ln, number("loglik"), 4e-3);
        assert_near(found.aicc, number("aicc"), 8e-3);
    }

    #[test]
    fn the_chances_of_1960_are_those_of_the_reference() {
        let case = &reference("forecast.json")["air_target"];
        let params = numbers(&case["params"]);
        let values = logarithms(132);
        let differences = BOTH.of(&values);
        let model = Fitted {
            orders: AIRLINE,
            coefficients: airline(params[0], params[1]),
            mean: 0.0,
            aicc: 0.0,
            free: vec![],
        };
        let means = BOTH.undo(&values, &model.ahead(&differences, 12));
        assert_near(means[11], case["logmean12"].as_f64().unwrap(), 1e-3);
        // What one chance brings to each later month: the model run on nothing but it.
        let quiet = vec![0.0; 40];
        let impulse = [&[1.0], &model.coefficients.ma[..11]].concat();
        let psi = BOTH.undo(&quiet, &impulse);
        let error = (params[2] * psi.iter().map(|psi| psi * psi).sum::<f64>()).sqrt();
        assert_near(error, case["logse12"].as_f64().unwrap(), 1e-4);
        let chance = normal_below((means[11] - 430_f64.ln()) / error);
        assert_near(chance, case["p_dec1960_ge_430"].as_f64().unwrap(), 0.002);
        let mut random = Random::of_seed(1);
        let paths = 20_000;
        let reached = (0..paths).filter(|_| {
            let shocks: Vec<f64> = (0..12)
                .map(|_| params[2].sqrt() * random.normal())
                .collect();
            let month = |at: usize| -> f64 {
                let moved = (0..=at).map(|from| psi[at - from] * shocks[from]);
                (means[at] + moved.sum::<f64>()).exp()
            };
            (0..12).map(month).sum::<f64>() >= 5700.0
        });
        let share = reached.count() as f64 / f64::from(paths);
        assert_near(
            share,
            case["p_sum1960_ge_5700_sim"].as_f64().unwrap(),
            0.015,
        );
    }

    #[test]
    fn the_nile_as_a_moving_average_of_differences() {
        let expected = &reference("ets.json")["nile_ima11"];
        let values = full_column("data/nile.csv", "value");
        let steps = Differences {
            plain: 1,
            seasonal: 0,
            period: 1,
        };
        let orders = Orders {
            seasonal_ma: 0,
            period: 1,
            ..AIRLINE
        };
        let differences = steps.of(&values);
        let found = fit(&differences, &orders, false, EXACTLY).unwrap();
        assert_near(
            found.coefficients.ma[0],
            expected["ma1"].as_f64().unwrap(),
            1e-3,
        );
        let (_, ln) = likelihood(&found.coefficients, &differences, 0.0);
        assert_near(ln, expected["loglik"].as_f64().unwrap(), 1e-3);
        let ahead = steps.undo(&values, &found.ahead(&differences, 3));
        assert_near(ahead[2], numbers(&expected["f"])[2], 0.1);
    }

    #[test]
    fn an_autoregression_is_found_again() {
        let mut random = Random::of_seed(3);
        let mut values = vec![0.0, 0.0];
        for at in 2..2_000 {
            let next = 0.5 * values[at - 1] + 0.3 * values[at - 2] + random.normal();
            values.push(next);
        }
        let orders = Orders {
            ar: 2,
            ma: 0,
            seasonal_ma: 0,
            period: 1,
        };
        let found = fit(&values, &orders, true, EXACTLY).unwrap();
        assert_near(found.coefficients.ar[0], 0.5, 0.06);
        assert_near(found.coefficients.ar[1], 0.3, 0.06);
    }
}
