//! `diff`: what applying a plan folder would change.

use std::path::Path;

use throughline_app::{AppError, FolderOptions, PlanDiff, Remarks, diff_plan, files};
use throughline_model::Kind;
use throughline_model::diff::{Changed, Difference};

use super::{Outcome, Session, conflict_in_words, remarks_in_words, summary};
use crate::arguments::Diff;
use crate::json::plan::Diffed;
use crate::terminal::paint::{ADDED, PLAIN, REMOVED, paint};
use crate::terminal::{harmless, words};

/// Compares a plan folder with the plan that holds.
///
/// # Errors
/// If the folder has errors, or the ledger cannot be read.
pub async fn run(session: &Session<'_>, asked: &Diff) -> Result<Outcome, AppError> {
    let files = files::read_plan_folder(&asked.plan_dir)?;
    let options = FolderOptions {
        retire: asked.retire,
        folder_wins: asked.folder_wins,
    };
    let diff = diff_plan(&session.ctx, &files, options).await?;
    let is_refused = diff.remarks.errors() > 0;
    let outcome = Outcome::findings_if(
        !diff.differences.is_empty() || !diff.conflicts.is_empty() || is_refused,
    );
    if session.is_json() {
        session.print_json(&Diffed::of(&diff))?;
        return Ok(outcome);
    }
    session.print(&in_words(&diff, &asked.plan_dir.to_string_lossy()))?;
    if diff.is_first {
        session.say("There is no ledger yet: the first `apply` makes it, with all of this.");
    }
    say_consequences(session, &diff.consequences, &asked.plan_dir);
    if is_refused {
        session.say(&remarks_in_words(
            &diff.remarks,
            &asked.plan_dir.to_string_lossy(),
        ));
        session.say(&format!(
            "{}: the plan would be refused",
            summary(&diff.remarks)
        ));
    }
    say_newer(session, &diff.newer);
    say_left_out(session, &diff.left_out, asked.retire);
    Ok(outcome)
}

fn in_words(diff: &PlanDiff, folder: &str) -> String {
    let mut out: String = diff.differences.iter().map(line).collect();
    for conflict in &diff.conflicts {
        out.push_str(&conflict_in_words(conflict, folder));
    }
    let conflicts = diff.conflicts.len() as u64;
    match (diff.differences.len() as u64, conflicts) {
        (0, 0) if diff.remarks.errors() > 0 => {}
        (0, 0) => out.push_str("Nothing would change.\n"),
        (changes, 0) => out.push_str(&format!("\n{}\n", words::count(changes, "change"))),
        (changes, conflicts) => {
            let (changes, conflicts) = (
                words::count(changes, "change"),
                words::count(conflicts, "conflict"),
            );
            out.push_str(&format!("\n{changes}, {conflicts}\n"));
        }
    }
    out
}

/// One change in a line, with a sign for what it is.
pub fn line(difference: &Difference) -> String {
    let (sign, style) = match &difference.change {
        Changed::Added(_) => ("+", ADDED),
        Changed::Retired(_) => ("-", REMOVED),
        _ => ("~", PLAIN),
    };
    // Long texts stand below the line; each of these lines is shown as it is.
    let text = format!("{difference:#}");
    let mut lines = text.lines().map(harmless);
    let first = lines.next().unwrap_or_default();
    let mut out = format!("{}\n", paint(style, &format!("{sign} {first}")));
    for below in lines {
        out.push_str(&format!("  {below}\n"));
    }
    out
}

/// Says what the changes do to observations that are there.
pub fn say_consequences(session: &Session<'_>, consequences: &Remarks, folder: &Path) {
    if !consequences.is_empty() {
        let said = remarks_in_words(consequences, &folder.to_string_lossy());
        session.say(said.trim_end());
    }
}

/// Says what the ledger has that is newer than the folder.
pub fn say_newer(session: &Session<'_>, newer: &[Difference]) {
    /// The most changes that are named.
    const NAMED_MAX: usize = 10;
    if newer.is_empty() {
        return;
    }
    let count = words::count(newer.len() as u64, "change");
    session.say(&format!(
        "The ledger has {count} since the folder was exported, which the folder does not have and which stay:"
    ));
    for difference in newer.iter().take(NAMED_MAX) {
        session.say(&harmless(&format!("  {difference}")));
    }
    if newer.len() > NAMED_MAX {
        session.say(&format!("  ... and {} more", newer.len() - NAMED_MAX));
    }
    session.say("To go on from there, export to another folder and make your changes in it.");
}

/// Says which records are in the ledger and not in the folder.
pub fn say_left_out(session: &Session<'_>, left_out: &[(Kind, String)], retire: bool) {
    /// The most records that are named.
    const NAMED_MAX: usize = 10;
    if left_out.is_empty() || retire {
        return;
    }
    let mut names: Vec<String> = left_out
        .iter()
        .take(NAMED_MAX)
        .map(|(kind, key)| format!("{kind} {}", harmless(key)))
        .collect();
    let more = left_out.len().saturating_sub(NAMED_MAX);
    if more > 0 {
        names.push(format!("{more} more"));
    }
    let count = words::count(left_out.len() as u64, "record");
    let (is, it) = if left_out.len() == 1 {
        ("is", "it")
    } else {
        ("are", "them")
    };
    session.say(&format!(
        "{count} {is} in the ledger and not in the folder: {}. --retire retires {it}.",
        words::list(&names)
    ));
    let can_end = |kind: Kind| matches!(kind, Kind::Unit | Kind::Measure);
    if left_out.iter().any(|(kind, _)| can_end(*kind)) {
        session.say(
            "Without a unit or a measure the numbers of the past change, too; to close or end one, keep it and write `to: DATE`.",
        );
    }
}
