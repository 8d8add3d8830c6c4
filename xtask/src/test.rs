//! `cargo xtask test`: everything that must pass before a change is shared, the cheap checks first.
//!
//! CI runs this and nothing else, so that what passes here passes there. It stops at the first step that fails.

use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::generate;

/// The profile of Cargo.toml that all steps share, so that nothing is compiled twice.
pub const PROFILE: &str = "ci";

/// Runs all steps; the last one is the runner of the tests, whose summary stands last.
pub fn run(root: &Path, tidy: fn(&Path) -> Result<(), String>) -> Result<(), String> {
    let fmt: &[&str] = &["fmt", "--all", "--check"];
    let clippy: &[&str] = &[
        "clippy",
        "--workspace",
        "--all-targets",
        "--profile",
        PROFILE,
        "--",
        "--deny",
        "warnings",
    ];
    let doc_tests: &[&str] = &["test", "--workspace", "--doc", "--profile", PROFILE];
    let nextest: &[&str] = &[
        "nextest",
        "run",
        "--workspace",
        "--cargo-profile",
        PROFILE,
        "--no-tests",
        "pass",
    ];
    let plain: &[&str] = &[
        "test",
        "--workspace",
        "--lib",
        "--bins",
        "--tests",
        "--profile",
        PROFILE,
    ];

    require(root, "fmt", "rustfmt")?;
    require(root, "clippy", "clippy")?;
    cargo(root, fmt)?;
    cargo(root, clippy)?;
    announce("tidy");
    tidy(root)?;
    announce("generate --check");
    generate::run(root, generate::Mode::Check)?;
    cargo(root, doc_tests)?;
    // nextest runs the same tests on all cores at once; it is no part of a plain toolchain.
    cargo(root, if has(root, "nextest") { nextest } else { plain })
}

/// Fails if a part of the toolchain is missing.
fn require(root: &Path, subcommand: &str, component: &str) -> Result<(), String> {
    if has(root, subcommand) {
        return Ok(());
    }
    Err(format!(
        "`cargo {subcommand}` is not installed\n  mend: run `rustup component add {component}`"
    ))
}

fn has(root: &Path, subcommand: &str) -> bool {
    let mut command = command(root, &[subcommand, "--version"]);
    let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}

/// Runs cargo in the root of the workspace, and shows what it says.
pub fn cargo(root: &Path, arguments: &[&str]) -> Result<(), String> {
    cargo_with(root, arguments, &[])
}

/// Runs cargo with more variables.
///
/// # Errors
/// If it fails.
pub fn cargo_with(
    root: &Path,
    arguments: &[&str],
    variables: &[(&str, String)],
) -> Result<(), String> {
    let words = arguments.join(" ");
    println!("\n==> cargo {words}");
    let status = command(root, arguments)
        .envs(variables.iter().map(|(name, value)| (name, value)))
        .status()
        .map_err(|error| format!("`cargo {words}` cannot be started: {error}"))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("`cargo {words}` failed"))
    }
}

fn announce(task: &str) {
    println!("\n==> cargo xtask {task}");
}

/// The cargo that runs this task, in the root of the workspace, without a terminal to ask.
fn command(root: &Path, arguments: &[&str]) -> Command {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let mut command = Command::new(program);
    command
        .args(arguments)
        .current_dir(root)
        .stdin(Stdio::null());
    command
}
