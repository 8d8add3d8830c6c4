//! Seasonal ARIMA (Box and Jenkins 1976): differences of a series as a moving average of chance and of their own past.
//!
//! The likelihood of the differences is exact, as R's `arima` has it. While orders are compared it is that of a series before which
//! all was as expected, which is near and cheaper.

use super::PERIOD_MAX;
use super::filter::Filter;
use crate::minimise::{Budget, BySteps, minimise};

/// The most periods of own past.
pub(super) const AR_MAX: usize = 2;
/// The most periods of a moving average, those of a cycle before included.
const MA_MAX: usize = 2 + PERIOD_MAX;
/// The most numbers that hold all that a model knows.
pub(super) const STATES_MAX: usize = MA_MAX + 1;

/// The orders of a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Orders {
    /// Own past, moving average: of the last periods; at most two each.
    pub(super) ar: usize,
    pub(super) ma: usize,
    /// Moving average of the last cycle; at most one.
    pub(super) seasonal_ma: usize,
    /// The length of the cycle, 1 without.
    pub(super) period: usize,
}

/// Coefficients with all lags: 1 - sum of `ar` B^i on one side, 1 + sum of `ma` B^i on the other.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Coefficients {
    pub(super) ar: [f64; AR_MAX],
    ma: [f64; MA_MAX],
    /// How many of `ma` may be other than 0.
    ma_lags: usize,
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

/// Of numbers that a search may choose freely, at most two, coefficients that neither run away nor hide the past: partial
/// correlations by tanh (Barndorff-Nielsen and Schou 1973).
fn stable(free: &[f64]) -> [f64; 2] {
    let partial = |at: usize| free.get(at).map_or(0.0, |number| number.tanh());
    [partial(0) * (1.0 - partial(1)), partial(1)]
}

impl Coefficients {
    /// Of the numbers of a search, in the order ar, ma, seasonal ma.
    fn of(free: &[f64], orders: &Orders) -> Coefficients {
        let (ar, rest) = free.split_at(orders.ar);
        let (ma, seasonal_ma) = rest.split_at(orders.ma);
        let negative = |free: &[f64]| stable(free).map(|cell| -cell);
        Coefficients::multiplied(
            &stable(ar),
            &negative(ma)[..orders.ma],
            &negative(seasonal_ma)[..orders.seasonal_ma],
            orders.period,
        )
    }

    /// Own past, and (1 + sum of `ma` B^i)(1 + sum of `seasonal_ma` B^(i period)). At most two of the first two, one of the last.
    pub(super) fn multiplied(
        ar: &[f64],
        ma: &[f64],
        seasonal_ma: &[f64],
        period: usize,
    ) -> Coefficients {
        let mut coefficients = Coefficients {
            ar: [0.0; AR_MAX],
            ma: [0.0; MA_MAX],
            ma_lags: ma.len() + seasonal_ma.len() * period,
        };
        coefficients.ar[..ar.len()].copy_from_slice(ar);
        let own = || ma.iter().enumerate().map(|(at, cell)| (at + 1, *cell));
        for (lag, cell) in own() {
            coefficients.ma[lag - 1] += cell;
        }
        for (at, seasonal) in seasonal_ma.iter().enumerate() {
            let cycle = (at + 1) * period;
            coefficients.ma[cycle - 1] += seasonal;
            for (lag, cell) in own() {
                coefficients.ma[cycle + lag - 1] += cell * seasonal;
            }
        }
        coefficients
    }

    /// What a chance brings by the moving average, so many periods later.
    pub(super) fn impulse(&self, lag: usize) -> f64 {
        match lag {
            0 => 1.0,
            lag => self.ma.get(lag - 1).copied().unwrap_or(0.0),
        }
    }

    pub(super) fn states(&self) -> usize {
        let own = self.ar.iter().rposition(|cell| *cell != 0.0);
        (self.ma_lags + 1).max(own.map_or(0, |last| last + 1))
    }
}

/// What the values of differences are under given coefficients: the logarithm of the likelihood.
fn likelihood(coefficients: &Coefficients, differences: &[f64], mean: f64) -> f64 {
    let mut filter = Filter::of(coefficients);
    let (mut squares, mut logarithms) = (0.0, 0.0);
    // The logarithm of a product is taken, as it is of most variances of chance alone.
    let mut product = 1.0_f64;
    for value in differences {
        let (miss, variance) = filter.observe(value - mean);
        squares += miss * miss / variance;
        product *= variance;
        if !(1e-100..1e100).contains(&product) {
            logarithms += product.ln();
            product = 1.0;
        }
    }
    of_squares(squares, differences.len()) - 0.5 * (logarithms + product.ln())
}

/// The logarithm of the likelihood of chances of the spread that their sum of squares says.
fn of_squares(squares: f64, count: usize) -> f64 {
    let count = count as f64;
    let spread = (squares / count).max(f64::MIN_POSITIVE);
    -0.5 * count * ((std::f64::consts::TAU * spread).ln() + 1.0)
}

/// The logarithm of the likelihood as if all before the first value had been as expected (conditional sum of squares). It is
/// near the exact one in long series, and much faster. `misses` is room for it.
fn conditional(
    coefficients: &Coefficients,
    differences: &[f64],
    mean: f64,
    misses: &mut Vec<f64>,
) -> f64 {
    let mut lags = [(0, 0.0); MA_MAX];
    let mut count = 0;
    for (at, cell) in coefficients.ma[..coefficients.ma_lags].iter().enumerate() {
        if *cell != 0.0 {
            lags[count] = (at + 1, *cell);
            count += 1;
        }
    }
    let lags = &lags[..count];
    let room = coefficients.ma_lags;
    // What was missed before the first value: nothing.
    misses.clear();
    misses.resize(room, 0.0);
    let [one, two] = coefficients.ar;
    let (mut before, mut before_that, mut squares) = (0.0, 0.0, 0.0);
    for value in differences {
        let value = value - mean;
        let at = misses.len();
        let moved: f64 = lags.iter().map(|(lag, cell)| cell * misses[at - lag]).sum();
        let miss = value - one * before - two * before_that - moved;
        (before, before_that) = (value, before);
        squares += miss * miss;
        misses.push(miss);
    }
    of_squares(squares, differences.len())
}

/// How a model is fitted.
#[derive(Clone, Copy)]
pub(super) struct Effort {
    is_exact: bool,
    budget: Budget,
}

/// While the best model is looked for.
pub(super) const ROUGHLY: Effort = Effort {
    is_exact: false,
    budget: Budget {
        steps: 20,
        tolerance: 0.005,
    },
};
/// The best model, from where it was found.
const AGAIN: Effort = Effort {
    is_exact: true,
    budget: Budget {
        steps: 20,
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
    let mut misses = Vec::new();
    let cost = |list: &[f64]| {
        let (coefficients, mean) = read(list);
        let ln = if effort.is_exact {
            likelihood(&coefficients, differences, mean)
        } else {
            conditional(&coefficients, differences, mean, &mut misses)
        };
        if ln.is_nan() { f64::INFINITY } else { -ln }
    };
    let (list, least) = minimise(&mut BySteps(cost), start, effort.budget);
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
                filter.skip();
                next + self.mean
            })
            .collect()
    }
}

#[cfg(test)]
mod reference_chances;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forecast::differences::Differences;
    use crate::golden::{assert_near, full_column, numbers, reference};
    use crate::random::Random;

    pub(super) const AIRLINE: Orders = Orders {
        ar: 0,
        ma: 1,
        seasonal_ma: 1,
        period: 12,
    };
    const EXACTLY: Effort = Effort {
        is_exact: true,
        budget: Budget {
            steps: 50,
            tolerance: 1e-7,
        },
    };
    pub(super) const BOTH: Differences = Differences {
        plain: 1,
        seasonal: 1,
        period: 12,
    };

    pub(super) fn logarithms(count: usize) -> Vec<f64> {
        let values = full_column("data/air-passengers.csv", "value");
        values[..count].iter().map(|value| value.ln()).collect()
    }

    pub(super) fn airline(ma: f64, seasonal_ma: f64) -> Coefficients {
        Coefficients::multiplied(&[], &[ma], &[seasonal_ma], 12)
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
        let ln = likelihood(&found.coefficients, &differences, 0.0);
        assert_near(ln, number("loglik"), 4e-3);
        assert_near(found.aicc, number("aicc"), 8e-3);
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
        let ln = likelihood(&found.coefficients, &differences, 0.0);
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
