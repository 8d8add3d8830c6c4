//! `cargo xtask bench`: how the product does with an organisation of 20,000 measures and 1,000,000 observations.
//!
//! Times differ from machine to machine, so what is told is mostly ratios: to a plain insert of as many rows in the same
//! run, and to a run of a tenth of the size, where 1.0 is linear. Nothing here passes or fails. `--pages` measures the
//! pages and the answers for programs alone, for the example and for an organisation of the same size;
//! `--browser` measures in Chromium how fast pages appear and answer on a phone; `--peers` puts forecasts and evidence beside Python packages.

pub mod browser;
pub mod engines;
pub mod pages;
pub mod peers;
mod process;
mod report;

use std::fs;
use std::path::{Path, PathBuf};

use self::process::{Sample, measure, median};
use self::report::Report;

/// Where figures are written.
const REPORT: &str = "docs/BENCHMARKS.md";

/// The sizes, in units of the organisation: each has 10 measures and 500 observations.
const SMALL: usize = 200;
const FULL: usize = 2_000;

/// Each command runs so often, after one run that is not counted.
const RUNS: usize = 5;

const OBSERVATIONS_PER_UNIT: usize = 500;

/// The period and instant of what is read; the organisation's last month, when all of it is due.
const PERIOD: &str = "2026-10";
const CLOCK: &str = "2026-11-23T10:00:00Z";

/// What is measured at one size.
pub struct Size {
    pub units: usize,
    /// The steps in the order of [`STEPS`].
    pub steps: Vec<Sample>,
    pub ledger_bytes: u64,
    /// Seconds of the plain insert from outside, and inside of the database.
    pub raw: [f64; 2],
    pub raw_bytes: u64,
}

/// One command, in the folder of its size.
struct Step {
    name: &'static str,
    /// The data folder that it begins with, of those that earlier steps left; none is an empty one.
    begins_with: Option<&'static str>,
    /// The name under which its data folder is kept for later steps.
    leaves: Option<&'static str>,
    arguments: &'static [&'static str],
}

#[rustfmt::skip]
const STEPS: &[Step] = &[
    Step { name: "check", begins_with: None, leaves: None, arguments: &["check", "plan"] },
    Step { name: "apply", begins_with: None, leaves: Some("applied"), arguments: &["apply", "plan"] },
    Step { name: "apply again, no change", begins_with: Some("applied"), leaves: None, arguments: &["apply", "plan"] },
    Step { name: "load", begins_with: Some("applied"), leaves: Some("loaded"), arguments: &["load", "observations.csv"] },
    Step { name: "load again, no change", begins_with: Some("loaded"), leaves: None, arguments: &["load", "observations.csv"] },
    Step { name: "scorecard of the topmost unit, cold", begins_with: Some("loaded"), leaves: None, arguments: &["scorecard", "--unit", "unit-0000", "--period", PERIOD] },
    Step { name: "scorecard of a unit at the bottom, cold", begins_with: Some("loaded"), leaves: None, arguments: &["scorecard", "--unit", "unit-0199", "--period", PERIOD] },
    Step { name: "explain, cold", begins_with: Some("loaded"), leaves: None, arguments: &["explain", "seen-in-time-0000", "--unit", "unit-0000", "--period", PERIOD] },
    Step { name: "verify", begins_with: Some("loaded"), leaves: None, arguments: &["verify"] },
];

impl Size {
    pub fn observations(&self) -> usize {
        self.units * OBSERVATIONS_PER_UNIT
    }
}

/// Builds, measures and prints; with `write` also into docs/BENCHMARKS.md.
pub fn run(root: &Path, write: bool) -> Result<(), String> {
    let target = target_folder()?;
    build(root)?;
    let folder = target.join("bench");
    let release = target.join("release");
    let small = measure_size(&release, &folder, SMALL)?;
    let full = measure_size(&release, &folder, FULL)?;
    remove(&folder)?;
    let report = Report {
        names: STEPS.iter().map(|step| step.name).collect(),
        small,
        full,
        runs: RUNS,
        machine: process::machine(),
    };
    let table = report.in_words();
    println!("\n{table}");
    if write {
        report::write_between_marks(&root.join(REPORT), "bench --write", &table)?;
    }
    pages::run(root, write)
}

/// The build folder of cargo: that in which this program stands.
fn target_folder() -> Result<PathBuf, String> {
    let program = std::env::current_exe().map_err(|error| format!("where is xtask? {error}"))?;
    let folder = program.ancestors().nth(2).map(Path::to_path_buf);
    folder.ok_or_else(|| format!("{} stands in no build folder", program.display()))
}

fn build(root: &Path) -> Result<(), String> {
    let builds: [&[&str]; 3] = [
        &["--package", "throughline"],
        &[
            "--package",
            "throughline-testkit",
            "--example",
            "organisation",
        ],
        &["--package", "throughline-ledger", "--example", "raw_insert"],
    ];
    for what in builds {
        crate::test::cargo(root, &[&["build", "--release"], what].concat())?;
    }
    Ok(())
}

fn measure_size(release: &Path, folder: &Path, units: usize) -> Result<Size, String> {
    remove(folder)?;
    fs::create_dir_all(folder).map_err(|error| cannot(folder, error))?;
    let examples = release.join("examples");
    measure(
        &examples.join("organisation"),
        &[&units.to_string(), "."],
        folder,
    )?;
    let binary = release.join("throughline");
    let steps = STEPS
        .iter()
        .map(|step| measure_step(&binary, folder, step, units));
    let steps = steps.collect::<Result<Vec<Sample>, String>>()?;
    let rows = units * OBSERVATIONS_PER_UNIT;
    let (raw, raw_bytes) = measure_raw_insert(&examples.join("raw_insert"), folder, rows)?;
    Ok(Size {
        units,
        steps,
        ledger_bytes: bytes_of(&folder.join("loaded/ledger.sqlite"))?,
        raw,
        raw_bytes,
    })
}

/// The median of the runs of a step, each with a data folder of its own.
fn measure_step(binary: &Path, folder: &Path, step: &Step, units: usize) -> Result<Sample, String> {
    let data = folder.join("data");
    let arguments = [step.arguments, &["--data", "data", "--clock", CLOCK]].concat();
    let mut samples = Vec::new();
    for run in 0..=RUNS {
        remove(&data)?;
        if let Some(before) = step.begins_with {
            copy_folder(&folder.join(before), &data)?;
        }
        let sample = measure(binary, &arguments, folder)?;
        if run > 0 {
            samples.push(sample);
        }
    }
    if let Some(name) = step.leaves {
        fs::rename(&data, folder.join(name)).map_err(|error| cannot(&data, error))?;
    }
    let sample = median(samples);
    println!("{units} units, {}: {:.3} s", step.name, sample.seconds);
    Ok(sample)
}

/// Seconds of the plain insert, from outside and inside, and the size of one such table.
fn measure_raw_insert(
    program: &Path,
    folder: &Path,
    rows: usize,
) -> Result<([f64; 2], u64), String> {
    let file = folder.join("raw.sqlite");
    let mut seconds: [Vec<f64>; 2] = [Vec::new(), Vec::new()];
    let mut bytes = 0;
    for run in 0..=RUNS {
        for end in ["", "-wal", "-shm"] {
            remove(&folder.join(format!("raw.sqlite{end}")))?;
        }
        let printed = measure(program, &[&rows.to_string(), "raw.sqlite"], folder)?.out;
        let numbers: Vec<f64> = printed
            .lines()
            .filter_map(|line| line.parse().ok())
            .collect();
        if run > 0 {
            for (of_kind, number) in seconds.iter_mut().zip(numbers) {
                of_kind.push(number);
            }
        }
        // The file holds the table twice.
        bytes = bytes_of(&file)? / 2;
    }
    let middle = |mut numbers: Vec<f64>| {
        numbers.sort_by(f64::total_cmp);
        numbers.get(numbers.len() / 2).copied()
    };
    let [outside, inside] = seconds.map(middle);
    match (outside, inside) {
        (Some(outside), Some(inside)) => Ok(([outside, inside], bytes)),
        _ => Err("the plain insert did not print its times".to_owned()),
    }
}

fn copy_folder(from: &Path, to: &Path) -> Result<(), String> {
    fs::create_dir_all(to).map_err(|error| cannot(to, error))?;
    for entry in fs::read_dir(from).map_err(|error| cannot(from, error))? {
        let entry = entry.map_err(|error| cannot(from, error))?;
        fs::copy(entry.path(), to.join(entry.file_name())).map_err(|error| cannot(to, error))?;
    }
    Ok(())
}

/// Removes a file or folder, if it is there.
fn remove(path: &Path) -> Result<(), String> {
    let removed = if path.is_dir() {
        fs::remove_dir_all(path)
    } else if path.exists() {
        fs::remove_file(path)
    } else {
        Ok(())
    };
    removed.map_err(|error| cannot(path, error))
}

fn bytes_of(file: &Path) -> Result<u64, String> {
    let metadata = fs::metadata(file).map_err(|error| cannot(file, error))?;
    Ok(metadata.len())
}

fn cannot(path: &Path, error: std::io::Error) -> String {
    format!("{} cannot be used: {error}", path.display())
}
