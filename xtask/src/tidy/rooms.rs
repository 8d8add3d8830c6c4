//! Dependencies run only as the table of rooms says.
//!
//! A boundary that no check holds will leak, and a wrong arrow is cheap to mend only on the day it is drawn.

use super::Problem;
use crate::manifest::{Dependency, Kind, Toml};
use crate::workspace::{File, ROOMS_FILE, Workspace};

/// The table of rooms.
pub struct Rooms {
    pub rooms: Vec<Room>,
    /// Packages that a pure room may not depend on.
    pub forbidden_dependencies: Vec<String>,
    /// Code that may not stand in a pure room.
    pub forbidden_code: Vec<String>,
}

/// One room: the crate in `crates/NAME`, or `xtask`.
pub struct Room {
    pub name: String,
    pub may_use: Vec<String>,
    pub is_pure: bool,
    /// Whether SQL may stand here.
    pub has_sql: bool,
    /// Whether others may use it in tests only, and then whatever `may_use` says.
    pub is_for_tests: bool,
    line: usize,
}

/// What breaks the table, and what is wrong with the table itself.
pub fn find(workspace: &Workspace) -> Vec<Problem> {
    let rooms = match Rooms::read(workspace) {
        Ok(rooms) => rooms,
        Err(problem) => return vec![problem],
    };
    let mut problems = rooms.unknown_names();
    for file in &workspace.files {
        let Some(name) = room_of_manifest(file) else {
            continue;
        };
        let toml = match Toml::read(file) {
            Ok(toml) => toml,
            Err((line, message)) => {
                problems.push(Problem::new(&file.path, line, message, "write valid TOML"));
                continue;
            }
        };
        let Some(room) = rooms.room(name) else {
            let what = format!("the room `{name}` is not in the table of rooms");
            let mend =
                format!("add [room.{name}] to {ROOMS_FILE}, and its line to docs/ARCHITECTURE.md");
            problems.push(Problem::new(&file.path, 1, what, mend));
            continue;
        };
        let refused = |dependency: &Dependency| rooms.refuses(room, dependency, &file.path);
        problems.extend(toml.dependencies().iter().filter_map(refused));
    }
    problems
}

/// The room whose manifest the file is.
pub fn room_of_manifest(file: &File) -> Option<&str> {
    let name = file.room()?;
    let is_manifest =
        file.path == format!("crates/{name}/Cargo.toml") || file.path == "xtask/Cargo.toml";
    is_manifest.then_some(name)
}

impl Rooms {
    /// Reads the table.
    pub fn read(workspace: &Workspace) -> Result<Self, Problem> {
        let Some(file) = workspace.file(ROOMS_FILE) else {
            return Err(Problem::new(
                ROOMS_FILE,
                1,
                "the table of rooms is missing",
                "restore the file",
            ));
        };
        let toml = Toml::read(file).map_err(|(line, message)| {
            Problem::new(ROOMS_FILE, line, message, "write valid TOML")
        })?;
        let rooms = toml.entries(&["room"]).into_iter().map(|entry| {
            let flag = |key| flag(&toml, &["room", entry.key], key);
            Room {
                name: entry.key.to_string(),
                may_use: texts(&toml, &["room", entry.key], "may_use"),
                is_pure: flag("pure"),
                has_sql: flag("sql"),
                is_for_tests: flag("tests_only"),
                line: entry.line,
            }
        });
        Ok(Self {
            rooms: rooms.collect(),
            forbidden_dependencies: texts(&toml, &["pure"], "forbidden_dependencies"),
            forbidden_code: texts(&toml, &["pure"], "forbidden_code"),
        })
    }

    pub fn room(&self, name: &str) -> Option<&Room> {
        self.rooms.iter().find(|room| room.name == name)
    }

    fn unknown_names(&self) -> Vec<Problem> {
        let pairs = self
            .rooms
            .iter()
            .flat_map(|room| room.may_use.iter().map(move |used| (room, used)));
        let unknown = pairs.filter(|(_, used)| self.room(used).is_none());
        let problem = |(room, used): (&Room, &String)| {
            let what = format!("`{}` may use `{used}`, which is no room", room.name);
            Problem::new(
                ROOMS_FILE,
                room.line,
                what,
                "correct the name, or add the room",
            )
        };
        unknown.map(problem).collect()
    }

    /// The problem, if `room` may not have `dependency`.
    fn refuses(&self, room: &Room, dependency: &Dependency, path: &str) -> Option<Problem> {
        let used = self.room(name_of_room(&dependency.package)?)?;
        let problem =
            |what: String, mend: &str| Some(Problem::new(path, dependency.line, what, mend));
        if used.is_for_tests {
            let what = format!(
                "`{}` is for tests, and `{}` depends on it",
                used.name, room.name
            );
            return match dependency.kind {
                Kind::Tests => None,
                Kind::Product => problem(what, "move it to [dev-dependencies]"),
            };
        }
        if room.may_use.contains(&used.name) {
            return None;
        }
        let what = format!("`{}` may not use `{}`", room.name, used.name);
        let mend =
            format!("move what is needed to a room that both may use; the table is {ROOMS_FILE}");
        problem(what, &mend)
    }
}

/// The room that a package of ours is: `throughline-ROOM`; the package `throughline` is `cli`.
fn name_of_room(package: &str) -> Option<&str> {
    match package {
        "throughline" => Some("cli"),
        "xtask" => Some("xtask"),
        _ => package.strip_prefix("throughline-"),
    }
}

fn texts(toml: &Toml<'_>, path: &[&str], key: &str) -> Vec<String> {
    let entries = toml.entries(path);
    let values = entries
        .iter()
        .find(|entry| entry.key == key)
        .and_then(|entry| entry.value.as_array());
    let texts = values
        .into_iter()
        .flat_map(|values| values.iter().filter_map(|value| value.get_ref().as_str()));
    texts.map(str::to_string).collect()
}

fn flag(toml: &Toml<'_>, path: &[&str], key: &str) -> bool {
    let entries = toml.entries(path);
    let value = entries
        .iter()
        .find(|entry| entry.key == key)
        .and_then(|entry| entry.value.as_bool());
    value.unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{ROOMS, check};
    use super::find;

    #[test]
    fn dependencies_run_as_the_table_says() {
        let manifest = |path: &str, text: &str, expected: &[&str]| {
            check(find, &[ROOMS, (path, text)], expected)
        };
        let core = "crates/core/Cargo.toml";
        let app = "crates/app/Cargo.toml";
        manifest(
            app,
            "[dependencies]\nthroughline-ledger.workspace = true\nserde.workspace = true\n",
            &[],
        );
        manifest(
            core,
            "[dependencies]\njiff.workspace = true\nthroughline-app.workspace = true\n",
            &["crates/core/Cargo.toml:3"],
        );
        manifest(
            core,
            "[dev-dependencies]\nthroughline-app.workspace = true\n",
            &["crates/core/Cargo.toml:2"],
        );
        manifest(
            core,
            "[target.'cfg(unix)'.dependencies]\nthroughline-app.workspace = true\n",
            &["crates/core/Cargo.toml:2"],
        );
        manifest(
            core,
            "[dependencies]\na = { package = \"throughline-app\", path = \"../app\" }\n",
            &["crates/core/Cargo.toml:2"],
        );
        manifest(
            core,
            "[dev-dependencies]\nthroughline-testkit.workspace = true\n",
            &[],
        );
        manifest(
            app,
            "[dependencies]\nthroughline-testkit.workspace = true\n",
            &["crates/app/Cargo.toml:2"],
        );
        manifest(
            "crates/attic/Cargo.toml",
            "",
            &["crates/attic/Cargo.toml:1"],
        );
        manifest(core, "[dependencies\n", &["crates/core/Cargo.toml:1"]);
    }

    #[test]
    fn the_table_itself_is_checked() {
        let path = "xtask/rooms.toml";
        check(find, &[], &["xtask/rooms.toml:1"]);
        check(
            find,
            &[(path, "[room.core]\nmay_use = [\"cellar\"]\n")],
            &["xtask/rooms.toml:1"],
        );
        check(find, &[(path, "\n[room.core\n")], &["xtask/rooms.toml:2"]);
    }
}
