//! How often a link is called supported that is not there, and how often one that is there is found: simulated, seeded.
//! `cargo xtask nightly` draws more panels.

mod common;

use throughline_insight::links::{
    self, Claim, Design, Direction, Grade, Graded, LinkData, Strength, USEFUL,
};
use throughline_insight::random::Random;

/// How a made panel comes to be.
#[derive(Clone, Copy)]
struct Made {
    units: usize,
    periods: usize,
    /// The true effect at a lag of one period, in standard deviations of what else moves the outcome.
    effect: f64,
    /// How much shocks that all units share move driver and outcome, each unit by a part of its own.
    shared: f64,
}

/// How much of a deviation is there in the next period.
const CARRY_OVER: f64 = 0.5;

/// A series that carries over, of variance 1.
fn series(random: &mut Random, length: usize) -> Vec<f64> {
    let innovation = (1.0 - CARRY_OVER * CARRY_OVER).sqrt();
    let mut value = random.normal();
    (0..length)
        .map(|_| {
            let now = value;
            value = CARRY_OVER * value + innovation * random.normal();
            now
        })
        .collect()
}

type Cells = Vec<Vec<Option<f64>>>;

/// Driver and outcome of a made panel.
fn panel(made: &Made, random: &mut Random) -> (Cells, Cells) {
    let shocks = [series(random, made.periods), series(random, made.periods)];
    let mut unit = || {
        let loads = [random.normal(), random.normal()].map(|load| 1.0 + load);
        let level = random.normal() * 2.0;
        let own = [series(random, made.periods), series(random, made.periods)];
        let moved = |of: usize, at: usize| own[of][at] + made.shared * loads[of] * shocks[of][at];
        let driver: Vec<f64> = (0..made.periods).map(|at| level + moved(0, at)).collect();
        let outcome = (0..made.periods).map(|at| {
            let cause = at.checked_sub(1).map_or(0.0, |before| driver[before]);
            Some(made.effect * cause + moved(1, at))
        });
        let outcome = outcome.collect();
        (driver.into_iter().map(Some).collect(), outcome)
    };
    (0..made.units).map(|_| unit()).unzip()
}

/// The shares of panels that get each grade, for a claim of a moderate effect.
fn share(made: &Made, wanted: &[Grade], panels: usize) -> f64 {
    let mut random = Random::of_seed(7 + made.units as u64);
    let claim = Claim {
        direction: Direction::Same,
        lag: 1,
        strength: Strength::Moderate,
        useful: USEFUL,
    };
    let found = (0..panels).filter(|_| {
        let (driver, outcome) = panel(made, &mut random);
        let data = LinkData {
            driver: &driver,
            outcome: &outcome,
            controls: &[],
        };
        let graded = Graded {
            estimate: links::estimate(&data, &claim).ok(),
            design: Design::QuasiExperiment,
            check_failed: false,
            replication: None,
        };
        wanted.contains(&links::grades(&[graded])[0])
    });
    found.count() as f64 / panels as f64
}

const FOUND: &[Grade] = &[Grade::Supported, Grade::Strong];

fn panels() -> usize {
    common::count("THROUGHLINE_PANELS_SIMULATED", 2_000)
}

/// Asserts the share of panels in which an effect of 0.2 is found: what the design gives, within four standard errors of the
/// simulation and 2.5 points.
fn check_power(units: usize, periods: usize, expected: f64) {
    let made = Made {
        units,
        periods,
        effect: 0.2,
        shared: 0.0,
    };
    let panels = panels();
    let found = share(&made, FOUND, panels);
    let room = 0.025 + 4.0 * (expected * (1.0 - expected) / panels as f64).sqrt();
    assert!(
        (found - expected).abs() <= room,
        "found in {found} of panels of {units} units and {periods} periods, expected {expected}"
    );
}

/// Asserts that at most 1 % are called supported, and at most 1 % contradicted, where there is nothing; without any room, as what
/// is true lies well below.
fn check_false(units: usize, periods: usize, shared: f64) {
    let made = Made {
        units,
        periods,
        effect: 0.0,
        shared,
    };
    let panels = panels();
    for wrong in [FOUND, &[Grade::Contradicted]] {
        let found = share(&made, wrong, panels);
        assert!(
            found <= 0.01,
            "{wrong:?} in {found} of panels of {units} units and {periods} periods without an effect"
        );
    }
}

#[test]
fn an_effect_in_few_units_is_found_in_a_fifth_of_cases() {
    check_power(12, 24, 0.19);
}

#[test]
fn an_effect_in_twenty_units_and_three_years_is_found_in_three_of_five_cases() {
    check_power(20, 36, 0.61);
}

#[test]
fn an_effect_in_sixty_units_is_found_almost_always() {
    check_power(60, 24, 0.98);
}

#[test]
fn nothing_is_hardly_ever_supported() {
    check_false(12, 24, 0.0);
    check_false(20, 36, 0.0);
}

#[test]
fn nothing_is_hardly_ever_supported_under_shocks_that_units_share() {
    check_false(12, 24, 0.7);
    check_false(20, 36, 0.7);
    check_false(60, 24, 0.7);
}
