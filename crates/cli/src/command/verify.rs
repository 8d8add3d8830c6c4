//! `verify`: was anything in the ledger altered?

use serde::Serialize;
use throughline_app::{AppError, verify_ledger};

use super::{Outcome, Session};
use crate::terminal::paint::{ERROR, NOTE, STRONG, paint};
use crate::terminal::{harmless, words};

/// The answer of `verify`.
#[derive(Serialize)]
struct Verified {
    commits: u64,
    records: u64,
    observations: u64,
    problems: Vec<ProblemLine>,
}

#[derive(Serialize)]
struct ProblemLine {
    commit: Option<u64>,
    what: String,
    help: String,
}

/// Verifies the ledger.
///
/// # Errors
/// If there is none, or it cannot be read.
pub async fn run(session: &Session<'_>) -> Result<Outcome, AppError> {
    let report = verify_ledger(&session.ctx).await?.report;
    let outcome = Outcome::findings_if(!report.problems.is_empty());
    if session.is_json() {
        let problem = |problem: &'_ throughline_ledger::Problem| ProblemLine {
            commit: problem.commit.map(|number| number.0),
            what: problem.what.clone(),
            help: problem.help.clone(),
        };
        session.print_json(&Verified {
            commits: report.commits,
            records: report.records,
            observations: report.observations,
            problems: report.problems.iter().map(problem).collect(),
        })?;
        return Ok(outcome);
    }
    let mut out = String::new();
    for problem in &report.problems {
        let place = problem.commit.map_or_else(
            || "the ledger".to_owned(),
            |number| format!("commit {number}"),
        );
        let what = paint(STRONG, &format!(": {place}: {}", harmless(&problem.what)));
        out.push_str(&format!(
            "{}{what}\n  {} {}\n",
            paint(ERROR, "error"),
            paint(NOTE, "help:"),
            harmless(&problem.help)
        ));
    }
    let counted = format!(
        "{}, {}, {}",
        words::count(report.commits, "commit"),
        words::count(report.records, "version of records")
            .replace("version of recordss", "versions of records"),
        words::count(report.observations, "observation"),
    );
    out.push_str(&match report.problems.len() as u64 {
        0 => format!("The ledger is as it was written: {counted}.\n"),
        problems => format!("{} in {counted}.\n", words::count(problems, "problem")),
    });
    session.print(&out)?;
    Ok(outcome)
}
