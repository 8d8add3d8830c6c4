//! Time and randomness are arguments, also in tests.
//!
//! Clippy forbids the same methods where it can see them; this rule keeps the list of files that may use them in one
//! place, `xtask/exceptions.toml`, with their reasons.

use super::Problem;
use crate::source::lines_with;
use crate::workspace::Workspace;

/// The calls that read the clock or make randomness of the machine.
const CALLS: &[&str] = &[
    "SystemTime::now",
    "Instant::now",
    "Timestamp::now",
    "Zoned::now",
    "Uuid::now_v7",
    "Uuid::new_v4",
    "TimeZone::system",
    "rand::rng(",
    "thread_rng(",
    "OsRng",
    "SysRng",
    "getrandom::fill",
    "getrandom::getrandom",
];

pub fn find(workspace: &Workspace) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (file, source) in workspace.rust_files() {
        for call in CALLS {
            problems.extend(lines_with(&source.code, call).map(|line| {
                let what = format!("`{call}` reads the machine's clock or randomness");
                let mend = "take a clock, an instant or bytes as an argument; if this is the place that reads it for all, \
                            name the file in xtask/exceptions.toml";
                Problem::new(&file.path, line, what, mend)
            }));
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;
    use super::find;

    #[test]
    fn clock_and_randomness_are_arguments() {
        let source =
            |text: &str, expected: &[&str]| check(find, &[("crates/app/src/a.rs", text)], expected);
        source(
            "fn f() {\n    let now = jiff::Timestamp::now();\n}\n",
            &["crates/app/src/a.rs:2"],
        );
        source("fn f() { SystemTime::now() }\n", &["crates/app/src/a.rs:1"]);
        source("let id = Uuid::now_v7();\n", &["crates/app/src/a.rs:1"]);
        source(
            "#[cfg(test)]\nmod tests {\n let a = Instant::now();\n}\n",
            &["crates/app/src/a.rs:3"],
        );
        source("// Instant::now\nlet a = \"Instant::now\";\n", &[]);
        source("let now = clock.now();\n", &[]);
    }
}
