//! How often the interval of an effect holds what is true, and how often one is told where nothing began: simulated, seeded.
//! `cargo xtask nightly` draws more series.

use throughline_insight::interruption::{Effect, Form, Interrupted, NoEffect, effect};
use throughline_insight::random::Random;

mod common;

/// How a made series comes to be.
#[derive(Clone, Copy)]
struct Made {
    points: usize,
    began: usize,
    period: usize,
    /// How far the level moves from point to point, in spreads of chance.
    wander: f64,
    /// How much of a deviation is there at the next point.
    carry_over: f64,
}

fn series(made: &Made, step: f64, random: &mut Random) -> Vec<Option<f64>> {
    let season: Vec<f64> = (0..made.period).map(|_| 2.0 * random.normal()).collect();
    let innovation = (1.0 - made.carry_over * made.carry_over).sqrt();
    let (mut level, mut deviation) = (0.0, random.normal());
    (0..made.points)
        .map(|at| {
            level += made.wander * random.normal();
            deviation = made.carry_over * deviation + innovation * random.normal();
            let brought = if at >= made.began { step } else { 0.0 };
            Some(level + deviation + season[at % made.period] + brought)
        })
        .collect()
}

fn of(made: &Made, step: f64, random: &mut Random) -> Result<Effect, NoEffect> {
    effect(&Interrupted {
        values: &series(made, step, random),
        began: made.began,
        period: made.period,
        controls: &[],
        form: Form::Amount,
    })
}

/// Asserts that intervals hold a large step at least as often, and that where nothing began an effect is told at most as often, as is
/// stated; and that intervals are no wider than stated in their mean, in spreads of chance: an endless one holds every step. A step does
/// not change how sure one is of it; a large one is never refused for its rank.
fn check(made: &Made, series: usize, (held, told, width): (f64, f64, f64)) {
    const STEP: f64 = 1000.0;
    let mut random = Random::of_seed(20_260_601 + made.points as u64);
    let mut counts = (0, 0);
    let mut widths = 0.0;
    for _ in 0..series {
        let (low, high) = of(made, STEP, &mut random).expect("an effect").interval();
        widths += high - low;
        counts.0 += usize::from(low <= STEP && STEP <= high);
        counts.1 += usize::from(of(made, 0.0, &mut random).is_ok_and(|found| found.is_shown()));
    }
    let share = |count: usize| count as f64 / series as f64;
    let found = (share(counts.0), share(counts.1), widths / series as f64);
    assert!(
        found.0 >= held && found.1 <= told && found.2 <= width,
        "intervals hold the step in {} of cases, at least {held} should; told without a step in {}, at most {told} should; they are \
         {} wide, at most {width} they should be",
        found.0,
        found.1,
        found.2
    );
}

fn simulated() -> usize {
    common::count("THROUGHLINE_INTERRUPTIONS_SIMULATED", 100)
}

const FOUR_YEARS: Made = Made {
    points: 48,
    began: 37,
    period: 1,
    wander: 0.0,
    carry_over: 0.0,
};

#[test]
fn a_level_that_stays() {
    check(&FOUR_YEARS, simulated(), (0.95, 0.05, 3.3));
}

#[test]
fn a_level_that_wanders() {
    for (wander, width) in [(0.1, 3.6), (0.3, 4.7), (1.0, 7.6)] {
        let made = Made {
            wander,
            ..FOUR_YEARS
        };
        check(&made, simulated(), (0.9, 0.1, width));
    }
}

/// Another structure than the one that is fitted.
#[test]
fn points_that_carry_over() {
    let made = Made {
        carry_over: 0.5,
        ..FOUR_YEARS
    };
    check(&made, simulated(), (0.9, 0.1, 4.3));
}

#[test]
fn a_season_in_five_years_of_months() {
    let made = Made {
        points: 60,
        began: 48,
        period: 12,
        wander: 0.3,
        carry_over: 0.0,
    };
    check(&made, simulated() / 5, (0.85, 0.1, 5.0));
}
