//! The files that are excepted from a rule, each with its reason: `xtask/exceptions.toml`.

use super::{Problem, RULES};
use crate::manifest::{Toml, text_of};
use crate::workspace::Workspace;

const EXCEPTIONS_FILE: &str = "xtask/exceptions.toml";

/// One file that one rule leaves alone.
pub struct Exception {
    pub rule: String,
    pub file: String,
    line: usize,
}

impl Exception {
    /// The problem of an exception that no longer excepts anything.
    pub fn is_unneeded(&self) -> Problem {
        let Self { rule, file, line } = self;
        let what = format!("{file} does not break the rule `{rule}`, and needs no exception");
        Problem::new(EXCEPTIONS_FILE, *line, what, "remove the entry")
    }
}

/// The exceptions, and what is wrong with the file itself.
pub fn read(workspace: &Workspace) -> (Vec<Exception>, Vec<Problem>) {
    let Some(file) = workspace.file(EXCEPTIONS_FILE) else {
        return (Vec::new(), Vec::new());
    };
    let toml = match Toml::read(file) {
        Ok(toml) => toml,
        Err((line, message)) => {
            let problem = Problem::new(EXCEPTIONS_FILE, line, message, "write valid TOML");
            return (Vec::new(), vec![problem]);
        }
    };
    let mut exceptions = Vec::new();
    let mut problems = Vec::new();
    for (line, table) in toml.tables("exception") {
        let text = |key| text_of(table, key).unwrap_or_default().trim().to_string();
        let (rule, file) = (text("rule"), text("file"));
        let mut problem =
            |what: &str, mend: &str| problems.push(Problem::new(EXCEPTIONS_FILE, line, what, mend));
        if !RULES.iter().any(|known| known.name == rule) {
            let names: Vec<&str> = RULES.iter().map(|known| known.name).collect();
            problem(
                &format!("there is no rule `{rule}`"),
                &format!("name one of {}", names.join(", ")),
            );
        } else if file.is_empty() || text("reason").is_empty() {
            problem(
                "an exception lacks its file or its reason",
                "give `rule`, `file` and `reason`",
            );
        } else {
            exceptions.push(Exception { rule, file, line });
        }
    }
    (exceptions, problems)
}
