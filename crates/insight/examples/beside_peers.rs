//! What is put beside Python packages in docs/BENCHMARKS.md; `cargo xtask bench --peers` runs both in turns.
//!
//! `beside_peers generate FOLDER` writes the data for both: `series.f64`, series of 60 months and 12 that are held out, and
//! `pairs.f64`, a driver and an outcome of 60 months each; little-endian numbers, one series after the other. `forecasts FOLDER`
//! and `evidence FOLDER` work on them, write what they found beside them and print the seconds of processor that one pass took.
//! `observation` prints what one more observation costs, a part a line in microseconds.

#![expect(clippy::print_stdout, reason = "its output is its result")]

use std::error::Error;
use std::f64::consts::TAU;
use std::fs;
use std::hint::black_box;
use std::path::Path;

use throughline_insight::forecast::forecast;
use throughline_insight::links::{
    Claim, Direction, LinkData, Strength, USEFUL, checks, estimate, foretells,
};
use throughline_insight::random::Random;
use throughline_insight::{Better, signals};

const SERIES: usize = 500;
const MONTHS: usize = 60;
const HELD_OUT: usize = 12;
const CYCLE: usize = 12;
const PAIRS: usize = 60;
const LAGS_MAX: usize = 6;
/// The units of the panel of a link.
const UNITS: usize = 24;
/// A pass over all is so short that it is repeated.
const PASSES: usize = 5;

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words[..] {
        ["generate", folder] => generate(Path::new(folder)),
        ["forecasts", folder] => forecasts(Path::new(folder)),
        ["evidence", folder] => evidence(Path::new(folder)),
        ["observation"] => observation(),
        _ => {
            Err("give `generate`, `forecasts` or `evidence` and a folder, or `observation`".into())
        }
    }
}

fn generate(folder: &Path) -> Outcome<()> {
    let mut random = Random::of_seed(1);
    let series: Vec<f64> = (0..SERIES).flat_map(|_| series(&mut random)).collect();
    write(&folder.join("series.f64"), &series)?;
    let pairs: Vec<f64> = (0..PAIRS).flat_map(|_| pair(&mut random)).collect();
    write(&folder.join("pairs.f64"), &pairs)
}

/// Half with a trend and an added season, a quarter with a season that is a factor, some with a trend alone, a tenth of noise.
fn series(random: &mut Random) -> Vec<f64> {
    let level = 50.0 + 450.0 * random.uniform();
    let slope = 0.004 * random.normal() * level;
    let (phase, size) = (TAU * random.uniform(), 0.05 + 0.2 * random.uniform());
    let kind = random.uniform();
    let mut wandered = 0.0;
    let months = (0..MONTHS + HELD_OUT).map(|month| {
        let angle = TAU * month as f64 / CYCLE as f64;
        let season = size * ((angle + phase).sin() + 0.3 * (2.0 * angle + phase).sin());
        wandered += 0.01 * random.normal() * level;
        let moved = level + slope * month as f64 + wandered;
        let value = match kind {
            kind if kind < 0.5 => moved + season * level,
            kind if kind < 0.75 => moved * (1.0 + season),
            kind if kind < 0.9 => moved,
            _ => level,
        };
        (value + 0.03 * random.normal() * level).max(1.0)
    });
    months.collect()
}

/// A driver that wanders a little, then an outcome that follows it after two months.
fn pair(random: &mut Random) -> Vec<f64> {
    let mut wandered = 0.0;
    let mut driver = Vec::with_capacity(MONTHS);
    for _ in 0..MONTHS {
        wandered += 0.1 * random.normal();
        driver.push(wandered + random.normal());
    }
    let outcome: Vec<f64> = (0..MONTHS)
        .map(|month| 0.5 * driver[(month + MONTHS - 2) % MONTHS] + random.normal())
        .collect();
    [driver, outcome].concat()
}

fn forecasts(folder: &Path) -> Outcome<()> {
    let all: Vec<Vec<Option<f64>>> = read(&folder.join("series.f64"))?
        .chunks_exact(MONTHS + HELD_OUT)
        .map(|months| months[..MONTHS].iter().copied().map(Some).collect())
        .collect();
    let mut means: Vec<f64> = Vec::new();
    let start = processor_seconds()?;
    for _ in 0..PASSES {
        means.clear();
        for series in &all {
            means.extend(forecast(black_box(series), CYCLE, HELD_OUT)?.mean);
        }
    }
    println!("{:.6}", (processor_seconds()? - start) / PASSES as f64);
    write(&folder.join("found-forecasts.f64"), &means)
}

/// The F of each pair for each number of lags, as of Granger's test.
fn evidence(folder: &Path) -> Outcome<()> {
    let all: Vec<[Vec<Vec<Option<f64>>>; 2]> = read(&folder.join("pairs.f64"))?
        .chunks_exact(2 * MONTHS)
        .map(|pair| {
            let (driver, outcome) = pair.split_at(MONTHS);
            [driver, outcome].map(|values| vec![values.iter().copied().map(Some).collect()])
        })
        .collect();
    let passes = 100 * PASSES;
    let mut found = Vec::new();
    let start = processor_seconds()?;
    for _ in 0..passes {
        found.clear();
        for [driver, outcome] in &all {
            for lags in 1..=LAGS_MAX {
                let wald = foretells(black_box(driver), outcome, lags)?.mean_wald;
                found.push(wald / lags as f64);
            }
        }
    }
    println!("{:.6}", (processor_seconds()? - start) / passes as f64);
    write(&folder.join("found-evidence.f64"), &found)
}

/// What an observation of one unit leads to: its series is read and forecast, and the links of its measure are tested.
fn observation() -> Outcome<()> {
    let mut random = Random::of_seed(2);
    let values: Vec<Option<f64>> = series(&mut random)[..MONTHS]
        .iter()
        .copied()
        .map(Some)
        .collect();
    let mut panel = || -> Vec<Vec<Option<f64>>> {
        (0..UNITS)
            .map(|_| (0..MONTHS).map(|_| Some(random.normal())).collect())
            .collect()
    };
    let (driver, outcome) = (panel(), panel());
    let data = LinkData {
        driver: &driver,
        outcome: &outcome,
        controls: &[],
    };
    let claim = |lag| Claim {
        direction: Direction::Same,
        lag,
        strength: Strength::Moderate,
        useful: USEFUL,
    };
    tell("signals", 50_000, || {
        black_box(signals::read(black_box(&values), Better::Higher, &[])).is_ok()
    })?;
    tell("forecast", 500, || {
        black_box(forecast(black_box(&values), CYCLE, HELD_OUT)).is_ok()
    })?;
    tell("estimate", 2_000, || {
        black_box(estimate(black_box(&data), &claim(1))).is_ok()
    })?;
    tell("estimates", 500, || {
        (0..=LAGS_MAX).all(|lag| black_box(estimate(black_box(&data), &claim(lag))).is_ok())
    })?;
    tell("checks", 50, || {
        black_box(checks(black_box(&data), &claim(1))).is_ok()
    })
}

/// Prints the microseconds of processor that `work` takes, the mean of many times after one that is not counted.
fn tell(name: &str, times: usize, work: impl Fn() -> bool) -> Outcome<()> {
    if !work() {
        return Err(format!("{name} did not work").into());
    }
    let start = processor_seconds()?;
    for _ in 0..times {
        black_box(work());
    }
    let seconds = (processor_seconds()? - start) / times as f64;
    println!("{name} {:.3}", 1e6 * seconds);
    Ok(())
}

/// The processor's time that this program has had, as Linux counts it.
fn processor_seconds() -> Outcome<f64> {
    let text = fs::read_to_string("/proc/self/schedstat")?;
    let nanoseconds: f64 = text.split_whitespace().next().unwrap_or_default().parse()?;
    Ok(nanoseconds / 1e9)
}

fn read(file: &Path) -> Outcome<Vec<f64>> {
    let bytes = fs::read(file)?;
    let (numbers, _) = bytes.as_chunks::<8>();
    Ok(numbers.iter().copied().map(f64::from_le_bytes).collect())
}

fn write(file: &Path, numbers: &[f64]) -> Outcome<()> {
    let bytes: Vec<u8> = numbers
        .iter()
        .flat_map(|number| number.to_le_bytes())
        .collect();
    Ok(fs::write(file, bytes)?)
}
