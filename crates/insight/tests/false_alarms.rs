//! How often an XmR chart of a process in which nothing changes signals: simulated, seeded. `cargo xtask nightly` draws
//! more charts.

use throughline_insight::Better;
use throughline_insight::random::Random;
use throughline_insight::signals;

mod common;

/// The share of charts of `points` points that have a signal anywhere, while nothing changes and each deviation carries
/// over to the next point by `carry_over`.
fn false_alarms(points: usize, carry_over: f64, charts: usize) -> f64 {
    let mut random = Random::of_seed(20_240_601 + points as u64);
    let innovation = (1.0 - carry_over * carry_over).sqrt();
    let alarms = (0..charts)
        .filter(|_| {
            let mut deviation = random.normal();
            let values: Vec<Option<f64>> = (0..points)
                .map(|_| {
                    let value = deviation;
                    deviation = carry_over * deviation + innovation * random.normal();
                    Some(value)
                })
                .collect();
            let reading = signals::read(&values, Better::Higher, &[]).expect("a reading");
            !reading.signals.is_empty()
        })
        .count();
    alarms as f64 / charts as f64
}

/// Asserts that at most a share of `most` signals, with four standard errors of room for the simulation.
fn check(points: usize, carry_over: f64, most: f64) {
    let charts = common::count("THROUGHLINE_CHARTS_SIMULATED", 2_000);
    let found = false_alarms(points, carry_over, charts);
    let room = 4.0 * (most * (1.0 - most) / charts as f64).sqrt();
    assert!(
        found <= most + room,
        "{found} of charts with {points} points and carry-over {carry_over} signal, at most {most} should"
    );
}

#[test]
fn two_years_of_months_without_carry_over() {
    check(24, 0.0, 0.075);
}

#[test]
fn two_years_of_months_with_some_carry_over() {
    check(24, 0.3, 0.085);
}

#[test]
fn two_years_of_months_with_much_carry_over() {
    check(24, 0.6, 0.035);
}

#[test]
fn one_year_of_months() {
    check(12, 0.0, 0.02);
    check(12, 0.6, 0.02);
}
