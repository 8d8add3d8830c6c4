//! `cargo xtask nightly`: the tests of faults, of backups and of statistics in their full form, and what they counted.
//!
//! They are the tests that `cargo xtask test` runs, and no others; only the counts differ, which they read from variables.
//! Each count has a variable of its own. One that is set already is kept, so that one of them can be run longer than here.

use std::path::Path;

use crate::test::{PROFILE, cargo_with};

/// How often each thing is done.
const COUNTS: &[(&str, &str)] = &[
    // Kills of a load, of a restore, and of the server below a load.
    ("THROUGHLINE_KILLS", "1000"),
    ("THROUGHLINE_RESTORE_KILLS", "200"),
    ("THROUGHLINE_SERVER_KILLS", "100"),
    // Moments at which the power fails: while a ledger is filled, and while one is restored, backed up or erased from.
    ("THROUGHLINE_CRASH_POINTS", "10000"),
    ("THROUGHLINE_RESTORE_CRASH_POINTS", "5000"),
    ("THROUGHLINE_BACKUP_CRASH_POINTS", "5000"),
    ("THROUGHLINE_ERASE_CRASH_POINTS", "5000"),
    // Sizes of the room that is left for a load, for a new ledger, and for a restore.
    ("THROUGHLINE_FULL_DISKS", "500"),
    ("THROUGHLINE_FULL_DISKS_OF_NEW", "100"),
    ("THROUGHLINE_FULL_DISKS_OF_RESTORE", "200"),
    // On each engine.
    ("THROUGHLINE_CLOCK_JUMPS", "200"),
    ("THROUGHLINE_BACKUPS", "100"),
    ("THROUGHLINE_TAMPERINGS", "1000"),
    ("THROUGHLINE_CHANGED_BACKUPS", "10000"),
    // Charts in which nothing changes, of each kind.
    ("THROUGHLINE_CHARTS_SIMULATED", "100000"),
    // The same for hints, which take longer, and years of a plain season.
    ("THROUGHLINE_HINTS_SIMULATED", "20000"),
    ("THROUGHLINE_SEASONS_SIMULATED", "5000"),
    // Panels of which the truth is known, of each kind.
    ("THROUGHLINE_PANELS_SIMULATED", "10000"),
    // Series in which something began, and the same without it, of each kind.
    ("THROUGHLINE_INTERRUPTIONS_SIMULATED", "1000"),
    // Series of the M3 competition, where they lie beside the project: all of them.
    ("THROUGHLINE_M3_SERIES", "1428"),
];

/// The tests: of a package, the names of files of tests.
const TESTS: &[(&str, &[&str])] = &[
    ("throughline", &["faults"]),
    (
        "throughline-ledger",
        &[
            "backup",
            "backups_under_load",
            "outages",
            "tampering",
            "random_tampering",
        ],
    ),
    (
        "throughline-insight",
        &[
            "false_alarms",
            "hints",
            "interrupted_series",
            "m3_monthly",
            "operating_characteristics",
        ],
    ),
];

/// Runs all of them, also after one has failed, and prints what they counted themselves. What a test would need and is not
/// here is an error, as in CI: a test that was left out has counted nothing.
pub fn run(root: &Path) -> Result<(), String> {
    let report = root.join("target/nightly.txt");
    std::fs::create_dir_all(root.join("target")).map_err(|error| error.to_string())?;
    // What an earlier night counted is not what this one did.
    drop(std::fs::remove_file(&report));
    let mut variables: Vec<(&str, String)> = COUNTS
        .iter()
        .map(|(name, count)| (*name, std::env::var(name).unwrap_or((*count).to_owned())))
        .collect();
    variables.push(("THROUGHLINE_FAULTS_REPORT", report.display().to_string()));
    variables.push(("CI", "true".to_owned()));
    let failed: Vec<String> = TESTS
        .iter()
        .filter_map(|(package, files)| {
            let mut arguments = vec!["test", "--profile", PROFILE, "--package", package];
            arguments.push("--no-fail-fast");
            arguments.extend(files.iter().flat_map(|file| ["--test", file]));
            cargo_with(root, &arguments, &variables).err()
        })
        .collect();
    println!("\n==> what was done");
    print!("{}", std::fs::read_to_string(&report).unwrap_or_default());
    match failed.as_slice() {
        [] => Ok(()),
        failed => Err(failed.join("\n")),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::path::{Path, PathBuf};

    use super::{COUNTS, TESTS};

    /// The files of tests that stand in a folder, at any depth.
    fn sources(folder: &Path) -> Vec<PathBuf> {
        let entries = std::fs::read_dir(folder).expect("a folder of tests");
        let paths = entries.map(|entry| entry.expect("an entry").path());
        paths
            .flat_map(|path| {
                if path.is_dir() {
                    sources(&path)
                } else {
                    vec![path]
                }
            })
            .collect()
    }

    /// Each count that a test of the night asks for is in the list, and no two tests ask for the same one.
    #[test]
    fn each_count_has_a_variable_of_its_own() {
        let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates");
        let mut asked: BTreeMap<String, usize> = BTreeMap::new();
        for folder in ["cli/tests", "insight/tests", "ledger/tests"] {
            for source in sources(&crates.join(folder)) {
                let text = std::fs::read_to_string(&source).unwrap_or_default();
                let calls = text.split("count(\"").skip(1);
                for name in calls.filter_map(|call| call.split('"').next()) {
                    *asked.entry(name.to_owned()).or_default() += 1;
                }
            }
        }
        let expected: BTreeMap<String, usize> = COUNTS
            .iter()
            .map(|(name, _)| ((*name).to_owned(), 1))
            .collect();
        assert_eq!(asked, expected);
    }

    #[test]
    fn each_test_is_there() {
        let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates");
        for (package, files) in TESTS {
            let package = package.strip_prefix("throughline-").unwrap_or("cli");
            for file in *files {
                let tests = crates.join(package).join("tests");
                let is_there = tests.join(format!("{file}.rs")).exists()
                    || tests.join(file).join("main.rs").exists();
                assert!(is_there, "{package} {file}");
            }
        }
    }
}
