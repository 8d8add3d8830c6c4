//! `cargo xtask bench --peers`: forecasts and lagged evidence beside Python packages, in turns in the same run.
//!
//! The packages are installed into a folder of the build, for this task alone; no test needs them. Both sides read the same data
//! from files, write what they found into files, and say how many seconds of processor a pass took, so that what else the
//! machine does counts little, and starting Python not at all.

mod accuracy;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use self::accuracy::{Accuracy, greatest_difference, numbers};
use super::process::{machine, measure};
use super::report::write_between_marks;
use super::{REPORT, cannot, remove, target_folder};

/// What is installed; beside this file, as the program that runs it.
const REQUIREMENTS: &str = "xtask/src/bench/peers/requirements.txt";
const PROGRAM: &str = "xtask/src/bench/peers/peers.py";
/// Each side runs so often.
const RUNS: usize = 3;
/// What the files hold; as in the example and the program.
const MONTHS: usize = 60;
const HELD_OUT: usize = 12;
const PAIRS: usize = 60;
const LAGS_MAX: usize = 6;

/// One side of a comparison.
struct Side {
    /// What it is called in the table.
    name: &'static str,
    /// The word by which its program knows it; none for ours.
    peer: Option<&'static str>,
    /// The seconds of processor of each run.
    seconds: Vec<f64>,
}

impl Side {
    fn of(name: &'static str, peer: Option<&'static str>) -> Side {
        Side {
            name,
            peer,
            seconds: Vec::new(),
        }
    }

    fn median(&self) -> f64 {
        let mut seconds = self.seconds.clone();
        seconds.sort_by(f64::total_cmp);
        seconds.get(seconds.len() / 2).copied().unwrap_or(f64::NAN)
    }
}

/// Where everything is.
struct Places {
    ours: PathBuf,
    python: PathBuf,
    peers: PathBuf,
    folder: PathBuf,
}

/// Builds, installs, measures and prints; with `write` also into the report.
pub fn run(root: &Path, write: bool) -> Result<(), String> {
    let package = ["--package", "throughline-insight"];
    let example = ["--example", "beside_peers"];
    let build = [&["build", "--release"][..], &package, &example].concat();
    crate::test::cargo(root, &build)?;
    let target = target_folder()?;
    let places = Places {
        ours: target.join("release/examples/beside_peers"),
        python: installed(root, &target.join("peers"))?,
        peers: root.join(PROGRAM),
        folder: target.join("bench-peers"),
    };
    remove(&places.folder)?;
    fs::create_dir_all(&places.folder).map_err(|error| cannot(&places.folder, error))?;
    measure(&places.ours, &["generate", "."], &places.folder)?;
    let text = measured(&places)?;
    remove(&places.folder)?;
    println!("\n{text}");
    if write {
        write_between_marks(&root.join(REPORT), "bench --peers --write", &text)?;
    }
    Ok(())
}

/// The Python of a folder in which the packages are.
fn installed(root: &Path, folder: &Path) -> Result<PathBuf, String> {
    let run = |program: &Path, arguments: &[&str]| {
        let words = format!("{} {}", program.display(), arguments.join(" "));
        println!("\n==> {words}");
        match Command::new(program)
            .args(arguments)
            .current_dir(root)
            .status()
        {
            Ok(status) if status.success() => Ok(()),
            Ok(_) => Err(format!("`{words}` failed")),
            Err(error) => Err(format!("`{words}` cannot be started: {error}")),
        }
    };
    let python = folder.join("bin/python");
    if !python.exists() {
        let folder = folder.to_string_lossy();
        run(Path::new("python3"), &["-m", "venv", &folder])?;
    }
    let install = [
        "-m",
        "pip",
        "install",
        "--quiet",
        "--requirement",
        REQUIREMENTS,
    ];
    run(&python, &install)?;
    Ok(python)
}

/// All that is measured, as the text of the report.
fn measured(places: &Places) -> Result<String, String> {
    let mut forecasts = [
        Side::of("Throughline", None),
        Side::of("statsforecast AutoETS", Some("AutoETS")),
        Side::of("statsforecast AutoTheta", Some("AutoTheta")),
    ];
    let mut evidence = [
        Side::of("Throughline", None),
        Side::of("statsmodels `grangercausalitytests`", Some("granger")),
    ];
    for _ in 0..RUNS {
        take_turns(places, &mut forecasts, "forecasts")?;
        take_turns(places, &mut evidence, "evidence")?;
    }
    let of = |side: &Side, ours| numbers(&places.folder.join(found(side, ours)));
    let series = numbers(&places.folder.join("series.f64"))?;
    let accuracies = forecasts.iter().map(|side| {
        let means = of(side, "forecasts")?;
        Accuracy::of(&series, &means, MONTHS, HELD_OUT)
    });
    let accuracies = accuracies.collect::<Result<Vec<Accuracy>, String>>()?;
    let count = series.len() / (MONTHS + HELD_OUT);
    let apart = greatest_difference(
        &of(&evidence[0], "evidence")?,
        &of(&evidence[1], "evidence")?,
    )?;
    let observation = measure(&places.ours, &["observation"], &places.folder)?.out;
    Ok(format!(
        "Machine: {}. Seconds of one processor, median of {RUNS} runs in turns.\n\n{}\n{}\n{}",
        machine(),
        forecast_table(&forecasts, &accuracies, count),
        evidence_table(&evidence, apart),
        observation_table(&observation)?
    ))
}

/// The file that a side writes; `ours` is the word by which our program knows the task.
fn found(side: &Side, ours: &str) -> String {
    format!("found-{}.f64", side.peer.unwrap_or(ours))
}

fn take_turns(places: &Places, sides: &mut [Side], ours: &str) -> Result<(), String> {
    for side in sides {
        let peers = places.peers.to_string_lossy();
        let sample = match side.peer {
            None => measure(&places.ours, &[ours, "."], &places.folder)?,
            Some(word) => measure(&places.python, &[&peers, word, "."], &places.folder)?,
        };
        let printed = sample.out.trim();
        let seconds: f64 = printed
            .parse()
            .map_err(|_| format!("{} printed `{printed}`, no seconds", side.name))?;
        println!("{}: {seconds:.3} s", side.name);
        side.seconds.push(seconds);
    }
    Ok(())
}

fn forecast_table(sides: &[Side], accuracies: &[Accuracy], count: usize) -> String {
    let mut text = format!(
        "Forecasts of {count} made-up monthly series of {MONTHS} months by {HELD_OUT}, means alone; sMAPE and MASE of the {HELD_OUT} months held out:\n\n\
         | forecasts | a second | ours in as many | sMAPE, % | MASE |\n|---|---:|---:|---:|---:|\n"
    );
    let ours = sides.first().map_or(f64::NAN, Side::median);
    for (side, accuracy) in sides.iter().zip(accuracies) {
        text.push_str(&format!(
            "| {} | {:.0} | {:.1} | {:.2} | {:.3} |\n",
            side.name,
            count as f64 / side.median(),
            side.median() / ours,
            accuracy.smape,
            accuracy.mase
        ));
    }
    text
}

fn evidence_table(sides: &[Side], apart: f64) -> String {
    let mut text = format!(
        "Whether a driver foretells an outcome by 1 to {LAGS_MAX} lags, {PAIRS} pairs of {MONTHS} months: the F of Granger's test for each number of \
         lags, in which both agree to {apart:.0e}. statsmodels works out three more tests from the same fits, ours the standardised statistic \
         over units:\n\n| pairs with all lags | a second | ours in as many |\n|---|---:|---:|\n"
    );
    let ours = sides.first().map_or(f64::NAN, Side::median);
    for side in sides {
        text.push_str(&format!(
            "| {} | {:.0} | {:.1} |\n",
            side.name,
            PAIRS as f64 / side.median(),
            side.median() / ours
        ));
    }
    text
}

/// What one more observation costs, of what the example printed.
fn observation_table(printed: &str) -> Result<String, String> {
    let of = |name: &str| -> Result<f64, String> {
        let line = printed
            .lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        let microseconds = line.and_then(|line| line.parse().ok());
        microseconds.ok_or_else(|| format!("what an observation costs lacks `{name}`"))
    };
    let (signals, forecast, estimate) = (of("signals")?, of("forecast")?, of("estimate")?);
    let (estimates, checks) = (of("estimates")?, of("checks")?);
    let link = estimate + checks;
    Ok(format!(
        "One more observation of a measure with {MONTHS} months, in a link over 24 units; nothing is kept of the time before, all is worked out \
         again:\n\n| what | µs |\n|---|---:|\n\
         | signals of its series | {signals:.2} |\n| forecast of its series by {HELD_OUT} months | {forecast:.0} |\n\
         | estimate of a link at its lag | {estimate:.0} |\n| estimates of a link at lags 0 to {LAGS_MAX} | {estimates:.0} |\n\
         | checks of a link | {checks:.0} |\n| all of it, for a measure in two links | {:.0} |\n",
        signals + forecast + 2.0 * link
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn side(name: &'static str, seconds: [f64; 3]) -> Side {
        Side {
            seconds: seconds.to_vec(),
            ..Side::of(name, None)
        }
    }

    #[test]
    fn tables_say_how_often_we_do_it_meanwhile() {
        let sides = [
            side("ours", [0.3, 0.1, 0.2]),
            side("theirs", [9.0, 4.0, 1.0]),
        ];
        let accuracy = || Accuracy {
            smape: 5.0,
            mase: 0.5,
        };
        let table = forecast_table(&sides, &[accuracy(), accuracy()], 200);
        assert!(
            table.contains("| ours | 1000 | 1.0 | 5.00 | 0.500 |"),
            "{table}"
        );
        assert!(
            table.contains("| theirs | 50 | 20.0 | 5.00 | 0.500 |"),
            "{table}"
        );
        let table = evidence_table(&sides, 2e-9);
        assert!(table.contains("to 2e-9."), "{table}");
        assert!(table.contains("| theirs | 15 | 20.0 |"), "{table}");
    }

    #[test]
    fn an_observation_costs_the_sum_of_its_parts() {
        let printed =
            "signals 1.000\nforecast 500.0\nestimate 50.0\nestimates 350.0\nchecks 100.0\n";
        let table = observation_table(printed).unwrap();
        assert!(table.contains("in two links | 801 |"), "{table}");
        assert!(observation_table("signals 1.0\n").is_err());
    }
}
