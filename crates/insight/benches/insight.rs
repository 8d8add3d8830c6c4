//! How fast a series is read and forecast, and how fast a link is tested: what a night over a whole organisation costs.

use throughline_insight::links::{self, Claim, Direction, LinkData, Strength, USEFUL};
use throughline_insight::random::Random;
use throughline_insight::{Better, forecast, signals};

fn main() {
    divan::main();
}

/// A monthly series with level, trend, season and noise.
fn series(points: usize, seed: u64) -> Vec<Option<f64>> {
    let mut random = Random::of_seed(seed);
    (0..points)
        .map(|at| {
            let season = (at as f64 * std::f64::consts::TAU / 12.0).sin();
            Some(200.0 + 0.5 * at as f64 + 20.0 * season + 5.0 * random.normal())
        })
        .collect()
}

/// Forecasts of eighteen months.
#[divan::bench(args = [36, 60, 120])]
fn forecast_of_months(bencher: divan::Bencher<'_, '_>, points: usize) {
    let values = series(points, 1);
    bencher.bench(|| forecast::forecast(divan::black_box(&values), 12, 18));
}

#[divan::bench(args = [36, 60, 120])]
fn signals_of_months(bencher: divan::Bencher<'_, '_>, points: usize) {
    let values = series(points, 1);
    bencher.bench(|| signals::read(divan::black_box(&values), Better::Higher, &[]));
}

/// One link over units and 36 months, every twentieth value missing.
#[divan::bench(args = [12, 24, 60])]
fn test_of_a_link(bencher: divan::Bencher<'_, '_>, units: usize) {
    let panel = |seed: u64| -> Vec<Vec<Option<f64>>> {
        let mut random = Random::of_seed(seed);
        let mut value = || {
            let value = random.normal();
            (random.below(20) > 0).then_some(value)
        };
        (0..units)
            .map(|_| (0..36).map(|_| value()).collect())
            .collect()
    };
    let (driver, outcome) = (panel(1), panel(2));
    let claim = Claim {
        direction: Direction::Same,
        lag: 1,
        strength: Strength::Moderate,
        useful: USEFUL,
    };
    let data = LinkData {
        driver: &driver,
        outcome: &outcome,
        controls: &[],
    };
    bencher.bench(|| links::estimate(divan::black_box(&data), &claim));
}
