//! `apply`: makes a plan folder the plan that holds.

use throughline_app::{AppError, AppliedPlan, ApplyOptions, apply_plan, files};

use super::diff::{line, say_left_out};
use super::{Outcome, Session};
use crate::arguments::Apply;
use crate::json::plan::Applied;
use crate::terminal::words;

/// The most changes that are printed one by one; `history` has the others.
const CHANGES_SHOWN_MAX: usize = 100;

/// Applies a plan folder.
///
/// # Errors
/// If the folder has errors or conflicts, or the ledger cannot be written.
pub async fn run(session: &Session<'_>, asked: &Apply) -> Result<Outcome, AppError> {
    let files = files::read_plan_folder(&asked.plan_dir)?;
    let options = ApplyOptions {
        retire: asked.retire,
        recorded_at: asked.recorded_at.clone(),
    };
    let applied = apply_plan(&session.ctx, &files, &options).await?;
    if session.is_json() {
        session.print_json(&Applied::of(&applied, session.common.acting_as.as_deref()))?;
        return Ok(Outcome::Done);
    }
    if applied.is_new_ledger {
        session.say(&format!("Made a ledger in {}", session.ctx.location()));
    }
    session.print(&in_words(&applied))?;
    if applied.remarks.warnings() > 0 {
        let warnings = words::count(applied.remarks.warnings() as u64, "warning");
        session.say(&format!(
            "The plan has {warnings}: throughline check {}",
            asked.plan_dir.display()
        ));
    }
    say_left_out(session, &applied.left_out, asked.retire);
    Ok(Outcome::Done)
}

fn in_words(applied: &AppliedPlan) -> String {
    let Some(commit) = &applied.commit else {
        return "Nothing to change: the plan is as the folder says.\n".to_owned();
    };
    // The first plan is all new; saying so record by record helps nobody.
    if applied.is_new_ledger {
        let records = words::count(commit.records, "record");
        return format!("Applied as commit {}: {records}\n", commit.number);
    }
    let mut out: String = applied
        .differences
        .iter()
        .take(CHANGES_SHOWN_MAX)
        .map(line)
        .collect();
    let more = applied.differences.len().saturating_sub(CHANGES_SHOWN_MAX);
    if more > 0 {
        out.push_str(&format!("... and {more} more\n"));
    }
    let changes = words::count(applied.differences.len() as u64, "change");
    out.push_str(&format!(
        "\nApplied as commit {}: {changes}\n",
        commit.number
    ));
    out
}
