//! A suppressed lint must fail once it is no longer needed: `expect` with a reason, never `allow`.
//!
//! Clippy says the same of most places; this rule also sees code that is compiled out.

use super::Problem;
use crate::source::lines_with;
use crate::workspace::Workspace;

pub fn find(workspace: &Workspace) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (file, source) in workspace.rust_files() {
        let in_attribute = |line: &usize| {
            let text = source.code.lines().nth(line - 1).unwrap_or_default();
            ["#[allow(", "#![allow(", "cfg_attr("]
                .iter()
                .any(|opening| text.contains(opening))
        };
        problems.extend(
            lines_with(&source.code, "allow(")
                .filter(in_attribute)
                .map(|line| {
                    let mend = "write `#[expect(lint, reason = \"...\")]`";
                    Problem::new(&file.path, line, "a lint is suppressed for ever", mend)
                }),
        );
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;
    use super::find;

    #[test]
    fn allow_is_refused() {
        let source = |text: &str, expected: &[&str]| {
            check(find, &[("crates/core/src/a.rs", text)], expected)
        };
        source(
            "\n#[allow(dead_code)]\nfn f() {}\n",
            &["crates/core/src/a.rs:2"],
        );
        source("#![allow(dead_code)]\n", &["crates/core/src/a.rs:1"]);
        source(
            "#[cfg_attr(windows, allow(dead_code))]\n",
            &["crates/core/src/a.rs:1"],
        );
        source("#[expect(dead_code, reason = \"soon\")]\n", &[]);
        source(
            "table.allow(role);\nlet a = \"#[allow(dead_code)]\"; // #[allow(x)]\n",
            &[],
        );
    }
}
