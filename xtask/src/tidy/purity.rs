//! Pure rooms calculate and nothing else: no IO, no async, no environment, no clock.
//!
//! That is what makes a reading a function of its inputs, which can be explained, replayed and tested without a set-up.
//! Tests of a pure room may read their golden files.

use super::Problem;
use super::rooms::{Rooms, room_of_manifest};
use crate::manifest::{Kind, Toml};
use crate::source::lines_with;
use crate::workspace::Workspace;

pub fn find(workspace: &Workspace) -> Vec<Problem> {
    // A table that cannot be read is a problem of the rule `rooms`.
    let Ok(rooms) = Rooms::read(workspace) else {
        return Vec::new();
    };
    let is_pure = |name: &str| rooms.room(name).is_some_and(|room| room.is_pure);
    let mut problems = Vec::new();
    for file in &workspace.files {
        if let Some(name) = room_of_manifest(file).filter(|name| is_pure(name))
            && let Ok(toml) = Toml::read(file)
        {
            let forbidden = toml.dependencies().into_iter().filter(|dependency| {
                dependency.kind == Kind::Product
                    && rooms.forbidden_dependencies.contains(&dependency.package)
            });
            problems.extend(forbidden.map(|dependency| {
                let what = format!("the pure room `{name}` depends on `{}`", dependency.package);
                Problem::new(
                    &file.path,
                    dependency.line,
                    what,
                    "take the values as arguments, and do this in `app`",
                )
            }));
        }
    }
    for (file, source) in workspace.rust_files() {
        let Some(name) = file.room().filter(|name| is_pure(name)) else {
            continue;
        };
        if file.is_of_tests() {
            continue;
        }
        for code in &rooms.forbidden_code {
            problems.extend(lines_with(&source.code_without_tests, code).map(|line| {
                let what = format!("`{code}` in the pure room `{name}`");
                Problem::new(
                    &file.path,
                    line,
                    what,
                    "take the value as an argument, and read it in `app` or `cli`",
                )
            }));
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::super::testing::{ROOMS, check};
    use super::find;

    #[test]
    fn pure_rooms_have_no_impure_dependency() {
        let manifest = |path: &str, text: &str, expected: &[&str]| {
            check(find, &[ROOMS, (path, text)], expected)
        };
        manifest(
            "crates/core/Cargo.toml",
            "[dependencies]\njiff.workspace = true\n",
            &[],
        );
        manifest(
            "crates/core/Cargo.toml",
            "[dependencies]\ntokio.workspace = true\n",
            &["crates/core/Cargo.toml:2"],
        );
        manifest(
            "crates/core/Cargo.toml",
            "[build-dependencies]\ntokio = \"1\"\n",
            &["crates/core/Cargo.toml:2"],
        );
        manifest(
            "crates/core/Cargo.toml",
            "[dev-dependencies]\ntokio = \"1\"\n",
            &[],
        );
        manifest(
            "crates/app/Cargo.toml",
            "[dependencies]\ntokio.workspace = true\n",
            &[],
        );
    }

    #[test]
    fn pure_rooms_have_no_impure_code() {
        let source = |path: &str, text: &str, expected: &[&str]| {
            check(find, &[ROOMS, (path, text)], expected)
        };
        source(
            "crates/core/src/lib.rs",
            "//! Uses std::fs.\nuse std::fs;\n",
            &["crates/core/src/lib.rs:2"],
        );
        source(
            "crates/core/src/lib.rs",
            "pub async fn f() {}\n",
            &["crates/core/src/lib.rs:1"],
        );
        source(
            "crates/core/src/lib.rs",
            "const A: &str = \"std::fs\";\n",
            &[],
        );
        source(
            "crates/core/src/lib.rs",
            "#[cfg(test)]\nmod tests {\n use std::fs;\n}\n",
            &[],
        );
        source("crates/core/tests/golden.rs", "use std::fs;\n", &[]);
        source("crates/app/src/lib.rs", "use std::fs;\n", &[]);
    }
}
