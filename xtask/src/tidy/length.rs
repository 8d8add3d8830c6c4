//! A file has one subject; a long one is asked what it hides.

use super::Problem;
use crate::workspace::Workspace;

/// Past this many lines a file is worth a look.
const NOTED_LINES_MAX: usize = 400;
/// Past this many lines a file needs a reason in `xtask/exceptions.toml`.
const LINES_MAX: usize = 500;

pub fn find(workspace: &Workspace) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (file, _) in workspace.rust_files() {
        let lines = file.text.lines().count();
        if lines > NOTED_LINES_MAX {
            let what = format!("the file has {lines} lines");
            let mend = format!(
                "give its second subject a file of its own (looked at from {NOTED_LINES_MAX}, refused from {LINES_MAX})"
            );
            let problem = Problem::new(&file.path, lines, what, mend);
            problems.push(Problem {
                is_note: lines <= LINES_MAX,
                ..problem
            });
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::super::testing::workspace;
    use super::find;

    #[test]
    fn long_files_are_noted_and_longer_ones_refused() {
        let check = |lines: usize, expected: Option<bool>| {
            let problems = find(&workspace(&[("crates/core/src/a.rs", &"\n".repeat(lines))]));
            assert_eq!(
                problems.first().map(|problem| problem.is_note),
                expected,
                "{lines}"
            );
        };
        check(0, None);
        check(400, None);
        check(401, Some(true));
        check(500, Some(true));
        check(501, Some(false));
    }
}
