//! No committed text names a folder of somebody's machine: it would be wrong on every other one.

use super::Problem;
use crate::workspace::Workspace;

/// Where homes and work folders lie.
const FOLDERS: &[&str] = &["/home/", "/root/", "/work/", "/Users/"];

pub fn find(workspace: &Workspace) -> Vec<Problem> {
    let mut problems = Vec::new();
    for file in &workspace.files {
        let lines = file.text.lines().enumerate();
        problems.extend(lines.filter_map(|(index, line)| {
            let folder = FOLDERS.iter().find(|folder| begins_a_path(line, folder))?;
            let what = format!("a path of a machine (`{folder}...`)");
            Some(Problem::new(
                &file.path,
                index + 1,
                what,
                "write the path from the root of the repository",
            ))
        }));
    }
    problems
}

/// Whether `folder` stands in `line` as the beginning of a path, and not within an address or a longer path.
fn begins_a_path(line: &str, folder: &str) -> bool {
    line.match_indices(folder).any(|(at, _)| {
        let before = line.get(..at).and_then(|before| before.chars().next_back());
        !before.is_some_and(|character| {
            character.is_alphanumeric() || matches!(character, '.' | '-' | '_' | '~' | '}')
        })
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;
    use super::find;

    #[test]
    fn paths_of_a_machine_are_refused() {
        let text = |text: &str, expected: &[&str]| check(find, &[("docs/a.md", text)], expected);
        text("Run it.\nSee /home/ruth/plan.\n", &["docs/a.md:2"]);
        text("`/root/x`", &["docs/a.md:1"]);
        text("\"/work/x\"", &["docs/a.md:1"]);
        text("file:///Users/x", &["docs/a.md:1"]);
        text("https://example.org/home/page", &[]);
        text("../work/x and crates/work/x", &[]);
        text("/homely", &[]);
    }
}
