//! The chances that are said, held against those of a reference: airline passengers of 1960, from the airline model of the years
//! before. What the model does not know of the months to come are the misses, and the functions that pages ask count them.

use super::Fitted;
use super::tests::{AIRLINE, BOTH, airline, logarithms};
use crate::forecast::{Calibration, Chance, Forecast, Methods, Misses};
use crate::golden::{assert_near, numbers, reference};
use crate::random::Random;
use crate::targets::Aim;

const MONTHS: usize = 12;
const PATHS: usize = 100_000;

/// The months of 1960 as logarithms: what is expected, and drawn paths of how far they are off.
struct Year {
    means: Vec<f64>,
    paths: Vec<Vec<f64>>,
}

/// The year, by the model of the reference.
fn year(case: &serde_json::Value) -> Year {
    let params = numbers(&case["params"]);
    let values = logarithms(132);
    let model = Fitted {
        orders: AIRLINE,
        coefficients: airline(params[0], params[1]),
        mean: 0.0,
        aicc: 0.0,
        free: vec![],
    };
    let means = BOTH.undo(&values, &model.ahead(&BOTH.of(&values), MONTHS));
    assert_near(means[11], case["logmean12"].as_f64().unwrap(), 1e-3);
    // What one shock brings to each later month: the model run on nothing but it.
    let impulse = [&[1.0], &model.coefficients.ma[..11]].concat();
    let psi = BOTH.undo(&[0.0; 40], &impulse);
    let error = (params[2] * psi.iter().map(|psi| psi * psi).sum::<f64>()).sqrt();
    assert_near(error, case["logse12"].as_f64().unwrap(), 1e-4);
    let mut random = Random::of_seed(1);
    let paths = (0..PATHS).map(|_| {
        let shocks: Vec<f64> = (0..MONTHS)
            .map(|_| params[2].sqrt() * random.normal())
            .collect();
        let moved = |at: usize| (0..=at).map(|from| psi[at - from] * shocks[from]).sum();
        (0..MONTHS).map(moved).collect()
    });
    Year {
        paths: paths.collect(),
        means,
    }
}

fn forecast(mean: Vec<f64>) -> Forecast {
    Forecast {
        mean,
        scale: 1.0,
        made_of: Methods {
            smoothing: false,
            arima: true,
        },
        points: 132,
    }
}

fn calibration(paths: Vec<Vec<f64>>) -> Calibration {
    let paths = paths.into_iter();
    let paths = paths.map(|path| path.into_iter().map(Some).collect());
    Calibration::pooled([Misses(paths.collect())])
}

fn assert_chance(found: Option<Chance>, expected: &serde_json::Value, tolerance: f64) {
    let found = found.expect("a chance").share;
    assert_near(found, expected.as_f64().unwrap(), tolerance);
}

#[test]
fn the_chance_of_a_month_is_that_of_the_reference() {
    let case = &reference("forecast.json")["air_target"];
    let year = year(case);
    let aim = Aim::AtLeast(430_f64.ln());
    let found = calibration(year.paths).chance(&forecast(year.means), MONTHS - 1, aim);
    assert_chance(found, &case["p_dec1960_ge_430"], 0.002);
}

#[test]
fn the_chance_of_a_year_is_that_of_the_reference() {
    let case = &reference("forecast.json")["air_target"];
    let year = year(case);
    let passengers = |path: &Vec<f64>| -> Vec<f64> {
        let months = year.means.iter().zip(path);
        months.map(|(mean, moved)| (mean + moved).exp()).collect()
    };
    let paths: Vec<Vec<f64>> = year.paths.iter().map(passengers).collect();
    let over_paths =
        |of: &dyn Fn(&Vec<f64>) -> f64| paths.iter().map(of).sum::<f64>() / PATHS as f64;
    let means: Vec<f64> = (0..MONTHS).map(|at| over_paths(&|path| path[at])).collect();
    let spread = |at: usize| over_paths(&|path| (path[at] - means[at]).powi(2));
    // A sum does not ask for the order of its months; from the best known on, as none is taken to be known better than those
    // before it.
    let mut months: Vec<usize> = (0..MONTHS).collect();
    months.sort_by(|one, other| spread(*one).total_cmp(&spread(*other)));
    let misses = |path: &Vec<f64>| months.iter().map(|at| path[*at] - means[*at]).collect();
    let calibration = calibration(paths.iter().map(misses).collect());
    let forecast = forecast(months.iter().map(|at| means[*at]).collect());
    let all = (f64::NEG_INFINITY, f64::INFINITY);
    let aim = Aim::AtLeast(5700.0);
    let found = calibration.chance_of_total(&forecast, 0.0, &[1.0; MONTHS], all, aim);
    assert_chance(found, &case["p_sum1960_ge_5700_sim"], 0.015);
}
