//! How often something is hinted at of a process in which nothing changes: that its level is being left, or that a point is
//! unusual for its season. Simulated, seeded; docs/INSIGHT.md states the same shares.

use throughline_insight::Better;
use throughline_insight::changes::leaving;
use throughline_insight::random::Random;
use throughline_insight::season::{anomalies, recurring};
use throughline_insight::signals::{self, State};

mod common;

/// Points of which each deviation carries over to the next one by `carry_over`.
fn points(random: &mut Random, count: usize, carry_over: f64) -> Vec<Option<f64>> {
    let innovation = (1.0 - carry_over * carry_over).sqrt();
    let mut deviation = random.normal();
    let mut point = || {
        let value = deviation;
        deviation = carry_over * deviation + innovation * random.normal();
        Some(value)
    };
    (0..count).map(|_| point()).collect()
}

/// Asserts that of charts in which nothing changes, and the newest point of which does not signal, at most such a share hints
/// at a level that is being left.
fn check(count: usize, carry_over: f64, most: f64) {
    let charts = common::count("THROUGHLINE_HINTS_SIMULATED", 4_000);
    let mut random = Random::of_seed(20_261_130 + count as u64);
    let hints = (0..charts).filter(|_| {
        let values = points(&mut random, count, carry_over);
        let reading = signals::read(&values, Better::Higher, &[]).expect("a reading");
        reading.state == State::Steady && leaving(&values).is_some()
    });
    let share = hints.count() as f64 / charts as f64;
    assert!(
        share <= most,
        "{count} points, carry-over {carry_over}: {share} of charts, at most {most} should"
    );
}

#[test]
fn a_level_that_stays_is_rarely_said_to_be_left() {
    check(18, 0.0, 0.005);
    check(24, 0.0, 0.005);
    check(36, 0.0, 0.005);
}

#[test]
fn nor_where_points_carry_each_other_along() {
    check(24, 0.3, 0.015);
    check(36, 0.3, 0.01);
    check(24, 0.6, 0.03);
    check(36, 0.6, 0.02);
}

/// Five years of months with a season and nothing else: so large a share has a point that is said to be unusual for it.
#[test]
fn points_of_a_plain_season_are_rarely_unusual() {
    let charts = common::count("THROUGHLINE_SEASONS_SIMULATED", 1_000);
    let mut random = Random::of_seed(20_261_131);
    let (mut seasonal, mut any, mut newest) = (0, 0, 0);
    for _ in 0..charts {
        let season: Vec<f64> = (0..12).map(|_| 3.0 * random.normal()).collect();
        let values: Vec<Option<f64>> = points(&mut random, 60, 0.0)
            .into_iter()
            .enumerate()
            .map(|(place, value)| Some(value? + season[place % 12]))
            .collect();
        if recurring(&values, 12).expect("whole years").is_none() {
            continue;
        }
        let found = anomalies(&values, 12).expect("whole years");
        seasonal += 1;
        any += usize::from(found.iter().any(|one| one.index >= 24));
        newest += usize::from(found.iter().any(|one| one.index == 59));
    }
    let share = |count: usize| count as f64 / f64::from(seasonal);
    assert!(seasonal > 500);
    assert!(
        share(any) <= 0.25 && share(newest) <= 0.02,
        "{} in the three years that are shown, {} at the newest point",
        share(any),
        share(newest)
    );
}
