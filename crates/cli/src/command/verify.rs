//! `verify`: was anything in the ledger altered?

use serde::Serialize;
use throughline_app::{AppError, files, verify_ledger};
use throughline_ledger::{Checkpoint, PublicKey};

use super::{Outcome, Session};
use crate::arguments::Verify;
use crate::terminal::paint::{ERROR, NOTE, STRONG, paint};
use crate::terminal::{harmless, words};

/// The answer of `verify`.
#[derive(Serialize)]
struct Verified {
    commits: u64,
    records: u64,
    observations: u64,
    problems: Vec<ProblemLine>,
    against: Option<AgainstLine>,
}

/// The checkpoint that the ledger was held against.
#[derive(Serialize)]
struct AgainstLine {
    commit: u64,
    made_at: String,
    signed_by: Option<String>,
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
pub async fn run(session: &Session<'_>, asked: &Verify) -> Result<Outcome, AppError> {
    let against = match &asked.against {
        Some(file) => Some(Checkpoint::parse(&files::read_small_text(file)?)?),
        None => None,
    };
    let trusted = match &asked.public_key {
        Some(file) => Some(PublicKey::parse(&files::read_small_text(file)?)?),
        None => None,
    };
    let verified = verify_ledger(&session.ctx, against.as_ref(), trusted.as_ref());
    let report = verified.await?.report;
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
            against: against.as_ref().map(AgainstLine::of),
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
    if let Some(checkpoint) = against.filter(|_| report.problems.is_empty()) {
        out.push_str(&against_in_words(&checkpoint, trusted.is_some()));
    }
    session.print(&out)?;
    Ok(outcome)
}

impl AgainstLine {
    fn of(checkpoint: &Checkpoint) -> AgainstLine {
        let signed = checkpoint.signed.as_ref();
        AgainstLine {
            commit: checkpoint.commit.0,
            made_at: checkpoint.made_at.to_string(),
            signed_by: signed.map(|signature| signature.by.to_string()),
        }
    }
}

fn against_in_words(checkpoint: &Checkpoint, is_trusted: bool) -> String {
    let (commit, made_at) = (checkpoint.commit, checkpoint.made_at);
    let signed = match (&checkpoint.signed, is_trusted) {
        (Some(_), true) => "signed by the key that was given".to_owned(),
        (Some(signature), false) => format!(
            "signed by {}; whether that is the right key shows with --public-key",
            signature.by
        ),
        (None, _) => "not signed".to_owned(),
    };
    format!("It contains commit {commit} as in the checkpoint of {made_at}, {signed}.\n")
}
