//! How fast pages appear and answer on a phone: in Chromium, slowed down, over a slow network.
//!
//! The measuring is done by a test of the web room that is ignored otherwise, which knows how to talk to the browser; here
//! it is run. The server is that of the tests, which is not optimised.

use std::path::Path;

use super::REPORT;
use super::process::{machine, measure};
use super::report::write_between_marks;

/// Measures and prints; with `write` also into the report.
pub fn run(root: &Path, write: bool) -> Result<(), String> {
    let test = [
        "test",
        "--release",
        "--package",
        "throughline-web",
        "--test",
        "browser",
        "--",
        "--ignored",
        "--exact",
        "--nocapture",
        "speed::how_fast_a_phone_is",
    ];
    let printed = measure(Path::new("cargo"), &test, root)?.out;
    let table: Vec<&str> = printed
        .lines()
        .filter(|line| line.starts_with('|'))
        .collect();
    if table.is_empty() {
        return Err("no page was measured; is there a Chromium on this machine?".to_owned());
    }
    let text = format!("Machine: {}.\n\n{}\n", machine(), table.join("\n"));
    println!("{text}");
    if write {
        write_between_marks(&root.join(REPORT), "bench --browser --write", &text)?;
    }
    Ok(())
}
