//! Every Rust file opens with why it exists.

use super::Problem;
use crate::workspace::Workspace;

pub fn find(workspace: &Workspace) -> Vec<Problem> {
    let without = workspace
        .rust_files()
        .filter(|(file, _)| !opens_with_docs(&file.text));
    let problem = |path: &str| {
        Problem::new(
            path,
            1,
            "the file does not open with why it exists",
            "open it with a line `//! ...` that says so",
        )
    };
    without.map(|(file, _)| problem(&file.path)).collect()
}

/// Whether the first line of `text` is documentation of the module, and says something.
fn opens_with_docs(text: &str) -> bool {
    let first = text.lines().next().unwrap_or_default();
    first
        .strip_prefix("//!")
        .is_some_and(|words| !words.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;
    use super::find;

    #[test]
    fn a_file_says_first_why_it_exists() {
        let source = |text: &str, expected: &[&str]| {
            check(find, &[("crates/core/src/a.rs", text)], expected)
        };
        let bad = ["crates/core/src/a.rs:1"];
        source("//! Periods of all frequencies.\nuse std::fmt;\n", &[]);
        source("use std::fmt;\n//! Late.\n", &bad);
        source("// A plain comment.\n", &bad);
        source("//!\n", &bad);
        source("", &bad);
        check(find, &[("docs/a.md", "")], &[]);
    }
}
