//! How long the server takes for each page and each answer for programs: of the example, and of the organisation.
//!
//! The measuring is done by the example `page_times` of the web room, which knows the routes; here it is built and run, and
//! it is said how busy the machine was.

use std::fs;
use std::path::Path;

use super::process::{machine, measure};
use super::report::write_between_marks;
use super::{FULL, OBSERVATIONS_PER_UNIT, REPORT, target_folder};

/// Builds, measures and prints; with `write` also into the report.
pub fn run(root: &Path, write: bool) -> Result<(), String> {
    let what = [
        "build",
        "--release",
        "--package",
        "throughline-web",
        "--example",
        "page_times",
    ];
    crate::test::cargo(root, &what)?;
    let program = target_folder()?.join("release/examples/page_times");
    let mut text = format!("Machine: {}.\n", machine());
    let full = format!(
        "{FULL} units, {} measures, {} observations",
        FULL * 10,
        FULL * OBSERVATIONS_PER_UNIT
    );
    let sizes = [
        ("The bundled example".to_owned(), "example".to_owned()),
        (full, FULL.to_string()),
    ];
    for (name, size) in sizes {
        let before = load();
        let printed = measure(&program, &[&size], root)?.out;
        if printed.is_empty() {
            let program = program.display();
            return Err(format!(
                "the pages of {size} could not be measured; `{program} {size}` says why"
            ));
        }
        let told = format!(
            "\n### {name}\nLoad average of one minute: {before} before, {} after; this task makes 1 to 2 of it.\n\n{printed}",
            load()
        );
        println!("{told}");
        text.push_str(&told);
    }
    if write {
        write_between_marks(&root.join(REPORT), "bench --pages --write", &text)?;
    }
    Ok(())
}

/// How many programs wanted to run at once in the last minute, on average, as Linux counts it.
fn load() -> String {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let first = text.split_whitespace().next();
    first.unwrap_or("unknown").to_owned()
}
