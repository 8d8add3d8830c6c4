//! `cargo xtask bench --engines`: the plan and a whole file of observations, by the binary, on both engines in turns.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use super::process::{self, Sample, measure};
use super::{CLOCK, FULL, OBSERVATIONS_PER_UNIT, RUNS, build, remove, target_folder};

/// What is measured, in this order.
const STEPS: [(&str, &[&str]); 4] = [
    ("apply", &["apply", "plan"]),
    ("load", &["load", "observations.csv"]),
    ("load again, no change", &["load", "observations.csv"]),
    ("verify", &["verify"]),
];

/// The samples of each step, run by run.
type Samples = [Vec<Sample>; STEPS.len()];

/// Databases of PostgreSQL, one after the other.
struct Databases {
    process: Child,
    asked: ChildStdin,
    told: BufReader<ChildStdout>,
}

/// Measures and prints, for an organisation of so many units.
pub fn run(root: &Path, units: Option<usize>, runs: Option<usize>) -> Result<(), String> {
    let (units, runs) = (units.unwrap_or(FULL), runs.unwrap_or(RUNS));
    let target = target_folder()?;
    build(root)?;
    let example = ["--package", "throughline-testkit", "--example", "databases"];
    crate::test::cargo(root, &[&["build", "--release"][..], &example].concat())?;
    let release = target.join("release");
    let folder = target.join("bench-engines");
    remove(&folder)?;
    std::fs::create_dir_all(&folder).map_err(|error| super::cannot(&folder, error))?;
    let organisation = release.join("examples/organisation");
    measure(&organisation, &[&units.to_string(), "."], &folder)?;
    let mut databases = Databases::start(&release.join("examples/databases"))?;
    let binary = release.join("throughline");
    let (mut of_file, mut of_database) = (Samples::default(), Samples::default());
    // The first run is not counted.
    for run in 0..=runs {
        remove(&folder.join("data"))?;
        let url = databases.next()?;
        // Step by step on the one and the other, so that what else the machine does falls on both.
        for (place, (name, arguments)) in STEPS.iter().enumerate() {
            let engines = [
                (&mut of_file, ["--data", "data"]),
                (&mut of_database, ["--database", &url]),
            ];
            for (samples, place_of_ledger) in engines {
                let arguments = [arguments, &place_of_ledger[..], &["--clock", CLOCK]].concat();
                let sample = measure(&binary, &arguments, &folder)?;
                println!(
                    "run {run}, {name}, {}: {:.3} s",
                    place_of_ledger[0], sample.seconds
                );
                if run > 0 {
                    samples[place].push(sample);
                }
            }
        }
    }
    databases.stop()?;
    remove(&folder)?;
    println!("\n{}", table(units, runs, &of_file, &of_database));
    Ok(())
}

fn table(units: usize, runs: usize, of_file: &Samples, of_database: &Samples) -> String {
    let observations = units * OBSERVATIONS_PER_UNIT;
    let machine = process::machine();
    let mut out = format!(
        "{} measures and {observations} observations, medians and ranges of {runs} runs after one that is not counted.\n\
         Machine: {machine}.\n\n\
         | what, seconds | SQLite | PostgreSQL | PostgreSQL in SQLite's |\n|---|---:|---:|---:|\n",
        units * 10
    );
    for (place, (name, _)) in STEPS.iter().enumerate() {
        let seconds = |samples: &Samples| -> Vec<f64> {
            samples[place].iter().map(|sample| sample.seconds).collect()
        };
        let (file, database) = (seconds(of_file), seconds(of_database));
        let ratios = database
            .iter()
            .zip(&file)
            .map(|(database, file)| database / file);
        let ratios = spread(ratios.collect());
        out.push_str(&format!(
            "| {name} | {} | {} | {ratios} |\n",
            spread(file),
            spread(database)
        ));
    }
    out
}

/// The median of some numbers, and how far they range.
fn spread(mut numbers: Vec<f64>) -> String {
    numbers.sort_by(f64::total_cmp);
    match (
        numbers.first(),
        numbers.get(numbers.len() / 2),
        numbers.last(),
    ) {
        (Some(least), Some(median), Some(most)) => {
            format!("{median:.2} ({least:.2} to {most:.2})")
        }
        _ => "none".to_owned(),
    }
}

impl Databases {
    fn start(program: &Path) -> Result<Databases, String> {
        let failed = |error| format!("`{}` cannot be run: {error}", program.display());
        let mut command = Command::new(program);
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = command.spawn().map_err(failed)?;
        match (process.stdin.take(), process.stdout.take()) {
            (Some(asked), Some(told)) => Ok(Databases {
                process,
                asked,
                told: BufReader::new(told),
            }),
            _ => Err(format!("`{}` cannot be spoken to", program.display())),
        }
    }

    /// The address of a new, empty database.
    fn next(&mut self) -> Result<String, String> {
        let failed = |error: std::io::Error| format!("there is no database: {error}");
        writeln!(self.asked).map_err(failed)?;
        let mut url = String::new();
        self.told.read_line(&mut url).map_err(failed)?;
        match url.trim() {
            "" => Err("there is no PostgreSQL here".to_owned()),
            url => Ok(url.to_owned()),
        }
    }

    /// Lets the databases and their server go.
    fn stop(self) -> Result<(), String> {
        let Databases {
            mut process, asked, ..
        } = self;
        drop(asked);
        let ended = process.wait();
        ended
            .map(drop)
            .map_err(|error| format!("the databases do not end: {error}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_a_line_for_each_step() {
        let sample = |seconds| Sample {
            seconds,
            ..Sample::default()
        };
        let samples = |factor: f64| -> Samples {
            std::array::from_fn(|_| [3.0, 1.0, 2.0].map(|one| sample(factor * one)).to_vec())
        };
        let table = table(20, 3, &samples(1.0), &samples(2.0));
        assert!(
            table.starts_with("200 measures and 10000 observations"),
            "{table}"
        );
        let line = "| load | 2.00 (1.00 to 3.00) | 4.00 (2.00 to 6.00) | 2.00 (2.00 to 2.00) |\n";
        assert!(table.contains(line), "{table}");
        assert_eq!(table.lines().count(), 5 + STEPS.len());
        assert_eq!(spread(Vec::new()), "none");
    }
}
