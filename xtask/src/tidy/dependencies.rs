//! Every dependency has a line that says why it is there, and its version stands in one place.
//!
//! A dependency is code that we answer for; the line is where its price was weighed.

use super::Problem;
use super::rooms::room_of_manifest;
use crate::manifest::Toml;
use crate::workspace::Workspace;

const MANIFEST: &str = "Cargo.toml";
const REASONS: &str = "docs/DEPENDENCIES.md";

pub fn find(workspace: &Workspace) -> Vec<Problem> {
    let mut problems = versions_outside_the_workspace(workspace);
    let Some(manifest) = workspace.file(MANIFEST) else {
        return problems;
    };
    let toml = match Toml::read(manifest) {
        Ok(toml) => toml,
        Err((line, message)) => {
            problems.push(Problem::new(MANIFEST, line, message, "write valid TOML"));
            return problems;
        }
    };
    let is_ours = |value: &toml::de::DeValue<'_>| {
        value
            .as_table()
            .is_some_and(|table| table.contains_key("path"))
    };
    let used: Vec<(usize, &str)> = toml
        .entries(&["workspace", "dependencies"])
        .iter()
        .filter(|entry| !is_ours(entry.value))
        .map(|entry| (entry.line, entry.key))
        .collect();
    let explained = explained(workspace);
    for (line, name) in &used {
        if !explained.iter().any(|(_, explained)| explained == name) {
            let what = format!("nothing says why `{name}` is there");
            problems.push(Problem::new(
                MANIFEST,
                *line,
                what,
                format!("add a line to {REASONS}: | `{name}` | why |"),
            ));
        }
    }
    for (line, name) in explained {
        if !used.iter().any(|(_, used)| *used == name) {
            let what =
                format!("`{name}` is explained, and no longer a dependency of the workspace");
            problems.push(Problem::new(REASONS, line, what, "remove the line"));
        }
    }
    problems
}

/// The names with a reason, each with its line.
fn explained(workspace: &Workspace) -> Vec<(usize, &str)> {
    let lines = workspace
        .file(REASONS)
        .into_iter()
        .flat_map(|file| file.text.lines().enumerate());
    lines
        .filter_map(|(index, line)| Some((index + 1, explained_name(line)?)))
        .collect()
}

/// The name of a row `| `name` | why |` whose second cell is not empty.
fn explained_name(line: &str) -> Option<&str> {
    let (name, reason) = line.strip_prefix("| `")?.split_once("` |")?;
    let is_empty = reason.trim_matches([' ', '|']).is_empty();
    (!is_empty).then_some(name)
}

fn versions_outside_the_workspace(workspace: &Workspace) -> Vec<Problem> {
    let mut problems = Vec::new();
    for file in workspace
        .files
        .iter()
        .filter(|file| room_of_manifest(file).is_some())
    {
        // A manifest that cannot be read is a problem of the rule `rooms`.
        let Ok(toml) = Toml::read(file) else { continue };
        let strays = toml
            .dependencies()
            .into_iter()
            .filter(|dependency| !dependency.is_from_workspace);
        problems.extend(strays.map(|dependency| {
            let what = format!(
                "the version of `{}` does not come from the workspace",
                dependency.package
            );
            let mend = format!(
                "name it in [workspace.dependencies], and write `{}.workspace = true` here",
                dependency.package
            );
            Problem::new(&file.path, dependency.line, what, mend)
        }));
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;
    use super::find;

    #[test]
    fn each_dependency_has_a_reason_and_each_reason_a_dependency() {
        let manifest = "[workspace.dependencies]\nthroughline-core = { path = \"crates/core\" }\njiff = \"0.2\"\n";
        let both = |reasons: &str, expected: &[&str]| {
            check(
                find,
                &[("Cargo.toml", manifest), ("docs/DEPENDENCIES.md", reasons)],
                expected,
            )
        };
        both(
            "# Why\n\n| name | why |\n|---|---|\n| `jiff` | time |\n",
            &[],
        );
        both("| `jiff` |  |\n", &["Cargo.toml:3"]);
        both("`jiff`\n", &["Cargo.toml:3"]);
        both(
            "| `jiff` | time |\n| `chrono` | time |\n",
            &["docs/DEPENDENCIES.md:2"],
        );
        check(find, &[("Cargo.toml", manifest)], &["Cargo.toml:3"]);
        check(find, &[("Cargo.toml", "[workspace\n")], &["Cargo.toml:1"]);
    }

    #[test]
    fn versions_stand_in_the_workspace() {
        let room = |text: &str, expected: &[&str]| {
            check(find, &[("crates/core/Cargo.toml", text)], expected)
        };
        room(
            "[dependencies]\njiff.workspace = true\ncsv = { workspace = true, features = [] }\n",
            &[],
        );
        room(
            "[dependencies]\njiff = \"0.2\"\n",
            &["crates/core/Cargo.toml:2"],
        );
        room(
            "[dev-dependencies]\njiff = { version = \"0.2\" }\n",
            &["crates/core/Cargo.toml:2"],
        );
    }
}
