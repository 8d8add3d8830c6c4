//! The rules of the house that neither the compiler nor clippy knows.
//!
//! A rule is a function from the workspace to what breaks it, in a file of its own with samples that break it. A file may
//! be excepted from a rule in `xtask/exceptions.toml`, with a reason; an exception that is no longer needed is an error.

mod ambient;
mod dependencies;
mod exceptions;
mod length;
mod machine_paths;
mod module_docs;
mod purity;
mod rooms;
mod sql;
mod suppressions;

use std::fmt;

use crate::workspace::Workspace;

/// A rule of the house.
pub struct Rule {
    /// The name that is printed, and by which files are excepted.
    pub name: &'static str,
    pub find: fn(&Workspace) -> Vec<Problem>,
}

/// All rules. To add one: its file, and a line here.
pub const RULES: &[Rule] = &[
    Rule {
        name: "rooms",
        find: rooms::find,
    },
    Rule {
        name: "purity",
        find: purity::find,
    },
    Rule {
        name: "sql",
        find: sql::find,
    },
    Rule {
        name: "module-docs",
        find: module_docs::find,
    },
    Rule {
        name: "ambient",
        find: ambient::find,
    },
    Rule {
        name: "length",
        find: length::find,
    },
    Rule {
        name: "machine-paths",
        find: machine_paths::find,
    },
    Rule {
        name: "suppressions",
        find: suppressions::find,
    },
    Rule {
        name: "dependencies",
        find: dependencies::find,
    },
];

/// Something that breaks a rule, or is worth a look.
#[derive(Debug, Clone)]
pub struct Problem {
    pub path: String,
    /// From 1.
    pub line: usize,
    pub what: String,
    /// What to do about it, as an instruction.
    pub mend: String,
    pub is_note: bool,
}

/// A problem with the name of the rule that found it.
pub struct Finding {
    pub rule: &'static str,
    pub problem: Problem,
}

/// What the rules found.
#[derive(Default)]
pub struct Report {
    pub errors: Vec<Finding>,
    pub notes: Vec<Finding>,
}

impl Problem {
    fn new(path: &str, line: usize, what: impl Into<String>, mend: impl Into<String>) -> Self {
        Self {
            path: path.to_string(),
            line,
            what: what.into(),
            mend: mend.into(),
            is_note: false,
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Problem {
            path,
            line,
            what,
            mend,
            ..
        } = &self.problem;
        write!(out, "{what}\n  --> {path}:{line}\n  mend: {mend}")
    }
}

/// Checks all rules, less the exceptions.
pub fn check(workspace: &Workspace) -> Report {
    let (exceptions, mut problems) = exceptions::read(workspace);
    let mut is_needed = vec![false; exceptions.len()];
    let mut report = Report::default();
    for rule in RULES {
        for problem in (rule.find)(workspace) {
            let excepted = exceptions.iter().position(|exception| {
                exception.rule == rule.name && exception.file == problem.path
            });
            match excepted {
                _ if problem.is_note => report.notes.push(Finding {
                    rule: rule.name,
                    problem,
                }),
                Some(index) => is_needed[index] = true,
                None => report.errors.push(Finding {
                    rule: rule.name,
                    problem,
                }),
            }
        }
    }
    let unneeded = exceptions
        .iter()
        .zip(is_needed)
        .filter(|(_, is_needed)| !is_needed);
    problems.extend(unneeded.map(|(exception, _)| exception.is_unneeded()));
    let of_exceptions = problems.into_iter().map(|problem| Finding {
        rule: "exceptions",
        problem,
    });
    report.errors.extend(of_exceptions);
    report
}

#[cfg(test)]
mod testing {
    //! How the tests of the rules run a rule.

    use super::Problem;
    use crate::workspace::{File, ROOMS_FILE, Workspace};

    /// A small house for samples.
    pub const ROOMS: (&str, &str) = (
        ROOMS_FILE,
        "[room.core]\nmay_use = []\npure = true\n\
         [room.ledger]\nmay_use = [\"core\"]\nsql = true\n\
         [room.app]\nmay_use = [\"core\", \"ledger\"]\n\
         [room.testkit]\nmay_use = [\"core\", \"ledger\", \"app\"]\ntests_only = true\n\
         [pure]\nforbidden_dependencies = [\"tokio\"]\nforbidden_code = [\"std::fs\", \"async fn\"]\n",
    );

    pub fn workspace(files: &[(&str, &str)]) -> Workspace {
        let file =
            |(path, text): &(&str, &str)| File::new((*path).to_string(), (*text).to_string());
        Workspace {
            files: files.iter().map(file).collect(),
        }
    }

    /// Runs a rule over sample files and compares what it finds, as `path:line`.
    pub fn check(find: fn(&Workspace) -> Vec<Problem>, files: &[(&str, &str)], expected: &[&str]) {
        let problems = find(&workspace(files));
        let found: Vec<String> = problems
            .iter()
            .map(|problem| format!("{}:{}", problem.path, problem.line))
            .collect();
        assert_eq!(found, expected, "{files:?}\n{problems:?}");
    }
}

#[cfg(test)]
mod tests {
    use super::check;
    use super::testing::{ROOMS, workspace};

    const LONG: &str = "crates/app/src/long.rs";

    #[test]
    fn exceptions_silence_one_rule_in_one_file_and_must_be_needed() {
        let check = |exceptions: &str, expected: &[&str]| {
            let long = format!("//! Long.\n{}", "\n".repeat(600));
            let report = check(&workspace(&[
                ROOMS,
                (LONG, &long),
                ("xtask/exceptions.toml", exceptions),
            ]));
            let found: Vec<&str> = report.errors.iter().map(|error| error.rule).collect();
            assert_eq!(found, expected, "{exceptions}");
        };
        let exception = |rule: &str, file: &str, reason: &str| {
            format!("[[exception]]\nrule = \"{rule}\"\nfile = \"{file}\"\nreason = \"{reason}\"\n")
        };
        check("", &["length"]);
        check(&exception("length", LONG, "a table"), &[]);
        check(&exception("length", LONG, " "), &["length", "exceptions"]);
        check(
            &exception("sql", LONG, "a table"),
            &["length", "exceptions"],
        );
        check(
            &exception("size", LONG, "a table"),
            &["length", "exceptions"],
        );
        check(
            &exception("length", "crates/app/src/gone.rs", "a table"),
            &["length", "exceptions"],
        );
        check(
            "[[exception]]\nrule = \"length\"\n",
            &["length", "exceptions"],
        );
        check("[[exception]\n", &["length", "exceptions"]);
    }
}
