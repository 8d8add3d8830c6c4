//! The tasks of the workspace: `cargo xtask tidy`, `generate`, `test`, `nightly` and `bench`.
//!
//! They are a program, not scripts, so that they run wherever the product builds, and so that the rules of the house
//! have tests of their own.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "the tasks talk to the terminal"
)]

mod bench;
mod generate;
mod manifest;
mod nightly;
mod source;
mod test;
mod tidy;
mod workspace;

use std::process::ExitCode;

use crate::workspace::Workspace;

const HELP: &str = "\
Tasks of the workspace

Usage: cargo xtask <TASK>

Tasks:
  tidy                Check the rules of the house that the compiler does not know
  generate            Write the generated files
  generate --check    Fail if a committed generated file differs from what would be written
  test                Everything that must pass: format, clippy, tidy, generate --check, all tests
  nightly             The tests of faults and backups with large counts; takes an hour or so
  bench               Measure 20,000 measures and 1,000,000 observations; takes minutes
  bench --write       The same, and write the figures into docs/BENCHMARKS.md
  bench --engines [UNITS [RUNS]]  A plan and a whole file on SQLite and PostgreSQL in turns
  bench --pages [--write]  How long the server takes for each page, and nothing else
  bench --browser [--write]  How fast pages appear and answer in Chromium, slowed down as on a phone
  bench --peers [--write]  Forecasts and evidence beside Python packages, which it installs into the build folder
  help, --help        Print this

Exit status: 0 done, 1 something is to be mended, 2 wrong usage.
";

const EXIT_USAGE: u8 = 2;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    if let [] | ["help"] = words[..] {
        print!("{HELP}");
        return ExitCode::SUCCESS;
    }
    if words.iter().any(|word| matches!(*word, "--help" | "-h")) {
        print!("{HELP}");
        return ExitCode::SUCCESS;
    }
    let outcome = match words[..] {
        ["tidy"] => in_workspace(tidy),
        ["generate"] => in_workspace(|root| generate::run(root, generate::Mode::Write)),
        ["generate", "--check"] => in_workspace(|root| generate::run(root, generate::Mode::Check)),
        ["test"] => in_workspace(|root| test::run(root, tidy)),
        ["nightly"] => in_workspace(nightly::run),
        ["bench"] => in_workspace(|root| bench::run(root, false)),
        ["bench", "--browser"] => in_workspace(|root| bench::browser::run(root, false)),
        ["bench", "--browser", "--write"] => in_workspace(|root| bench::browser::run(root, true)),
        ["bench", "--pages"] => in_workspace(|root| bench::pages::run(root, false)),
        ["bench", "--pages", "--write"] => in_workspace(|root| bench::pages::run(root, true)),
        ["bench", "--peers"] => in_workspace(|root| bench::peers::run(root, false)),
        ["bench", "--peers", "--write"] => in_workspace(|root| bench::peers::run(root, true)),
        ["bench", "--write"] => in_workspace(|root| bench::run(root, true)),
        ["bench", "--engines"] => in_workspace(|root| bench::engines::run(root, None, None)),
        ["bench", "--engines", units] => {
            in_workspace(|root| bench::engines::run(root, Some(number(units)?), None))
        }
        ["bench", "--engines", units, runs] => in_workspace(|root| {
            bench::engines::run(root, Some(number(units)?), Some(number(runs)?))
        }),
        _ => {
            eprintln!("error: there is no task `{}`\n\n{HELP}", words.join(" "));
            return ExitCode::from(EXIT_USAGE);
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}

/// A number of a task.
fn number(text: &str) -> Result<usize, String> {
    text.parse().map_err(|_| format!("`{text}` is no number"))
}

/// Runs a task with the root folder of the workspace that the current folder belongs to.
fn in_workspace(task: impl FnOnce(&std::path::Path) -> Result<(), String>) -> Result<(), String> {
    task(&workspace::find_root()?)
}

/// Checks the rules of the house and prints what breaks them.
fn tidy(root: &std::path::Path) -> Result<(), String> {
    let workspace = Workspace::load(root)?;
    let report = tidy::check(&workspace);
    for note in &report.notes {
        println!("note[{}]: {note}", note.rule);
    }
    for error in &report.errors {
        eprintln!("error[{}]: {error}", error.rule);
    }
    match report.errors.len() {
        0 => {
            println!(
                "tidy: {} rules hold in {} files",
                tidy::RULES.len(),
                workspace.files.len()
            );
            Ok(())
        }
        1 => Err("tidy found 1 thing to mend".to_string()),
        count => Err(format!("tidy found {count} things to mend")),
    }
}
