//! How often an XmR chart of a process in which nothing changes signals: simulated, seeded. `cargo xtask nightly` draws
//! more charts.

use throughline_insight::Better;
use throughline_insight::random::Random;
use throughline_insight::signals;

mod common;

/// The shares of charts of `points` points that have a signal, while nothing changes and each deviation carries over to the next
/// point by `carry_over`.
struct FalseAlarms {
    /// Anywhere.
    anywhere: f64,
    /// At the newest point, which is what a list of measures says.
    newest: f64,
}

fn false_alarms(points: usize, carry_over: f64, charts: usize) -> FalseAlarms {
    let mut random = Random::of_seed(20_240_601 + points as u64);
    let innovation = (1.0 - carry_over * carry_over).sqrt();
    let (mut anywhere, mut newest) = (0, 0);
    for _ in 0..charts {
        let mut deviation = random.normal();
        let values: Vec<Option<f64>> = (0..points)
            .map(|_| {
                let value = deviation;
                deviation = carry_over * deviation + innovation * random.normal();
                Some(value)
            })
            .collect();
        let reading = signals::read(&values, Better::Higher, &[]).expect("a reading");
        let mut of_newest = reading.signals.iter();
        anywhere += usize::from(!reading.signals.is_empty());
        newest += usize::from(of_newest.any(|signal| signal.index == reading.newest));
    }
    let share = |count: usize| count as f64 / charts as f64;
    FalseAlarms {
        anywhere: share(anywhere),
        newest: share(newest),
    }
}

/// Asserts the shares that are stated, without any room: the charts are so many that what is true lies below by more than
/// chance moves it.
fn check(points: usize, carry_over: f64, (anywhere, newest): (f64, f64)) {
    let charts = common::count("THROUGHLINE_CHARTS_SIMULATED", 20_000);
    let found = false_alarms(points, carry_over, charts);
    assert!(
        found.anywhere <= anywhere && found.newest <= newest,
        "{points} points, carry-over {carry_over}: {} of charts signal and {} at the newest point, at most {anywhere} and \
         {newest} should",
        found.anywhere,
        found.newest
    );
}

#[test]
fn two_years_of_months_without_carry_over() {
    check(24, 0.0, (0.08, 0.01));
}

#[test]
fn two_years_of_months_with_some_carry_over() {
    check(24, 0.3, (0.085, 0.01));
}

#[test]
fn two_years_of_months_with_much_carry_over() {
    check(24, 0.6, (0.04, 0.01));
}

/// What pages show: limits are locked at 24 points, and a third year is held against them.
#[test]
fn three_years_of_months() {
    check(36, 0.0, (0.22, 0.03));
    check(36, 0.3, (0.27, 0.05));
    check(36, 0.6, (0.17, 0.045));
}

#[test]
fn one_year_of_months() {
    check(12, 0.0, (0.02, 0.02));
    check(12, 0.6, (0.02, 0.02));
}
