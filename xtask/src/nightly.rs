//! `cargo xtask nightly`: the tests of faults and of backups in their full form, and what they counted.
//!
//! They are the tests that `cargo xtask test` runs, and no others; only the counts differ, which they read from variables.
//! A count that is set already is kept, so that one of them can be run longer than here.

use std::path::Path;

use crate::test::{PROFILE, cargo_with};

/// How often each thing is done.
const COUNTS: &[(&str, &str)] = &[
    ("THROUGHLINE_KILLS", "1000"),
    ("THROUGHLINE_CRASH_POINTS", "10000"),
    ("THROUGHLINE_FULL_DISKS", "500"),
    ("THROUGHLINE_CLOCK_JUMPS", "200"),
    ("THROUGHLINE_SERVER_KILLS", "100"),
    // Backups under load; of the bits of a backup a thousand are changed in any case.
    ("THROUGHLINE_ROUNDS", "100"),
];

/// The tests: of a package, the names of files of tests.
const TESTS: &[(&str, &[&str])] = &[
    ("throughline", &["--test", "faults"]),
    (
        "throughline-ledger",
        &[
            "--test",
            "backup",
            "--test",
            "outages",
            "--test",
            "tampering",
        ],
    ),
];

/// Runs all of them, also after one has failed, and prints what they counted.
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
    let failed: Vec<String> = TESTS
        .iter()
        .filter_map(|(package, files)| {
            let tests = ["test", "--profile", PROFILE, "--package", package];
            cargo_with(root, &[&tests, *files].concat(), &variables).err()
        })
        .collect();
    println!("\n==> what was done");
    for (name, count) in &variables {
        println!("{name}={count}");
    }
    print!("{}", std::fs::read_to_string(&report).unwrap_or_default());
    match failed.as_slice() {
        [] => Ok(()),
        failed => Err(failed.join("\n")),
    }
}
