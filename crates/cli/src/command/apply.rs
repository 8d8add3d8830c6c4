//! `apply`: makes a plan folder the plan that holds.

use std::path::Path;

use throughline_app::{AppError, AppliedPlan, ApplyOptions, FolderOptions, apply_plan, files};
use throughline_model::text::{self, Base, PlanFile};

use super::diff::{line, say_consequences, say_left_out, say_newer};
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
        folder: FolderOptions {
            retire: asked.retire,
            folder_wins: asked.folder_wins,
        },
        recorded_at: asked.recorded_at.clone(),
    };
    let applied = apply_plan(&session.ctx, &files, &options).await?;
    let moved = applied
        .base
        .as_ref()
        .map(|base| move_base(&asked.plan_dir, &files, base));
    let told = tell(session, asked, &files, &applied, moved);
    session.recorded(applied.commit.as_ref(), told)
}

fn tell(
    session: &Session<'_>,
    asked: &Apply,
    files: &[PlanFile],
    applied: &AppliedPlan,
    moved: Option<Result<(), AppError>>,
) -> Result<Outcome, AppError> {
    if session.is_json() {
        session.print_json(&Applied::of(applied, session.common.acting_as.as_deref()))?;
        return Ok(Outcome::Done);
    }
    if applied.is_new_ledger {
        session.say(&format!("Made a ledger in {}", session.ctx.location()));
    }
    session.print(&in_words(applied))?;
    say_consequences(session, &applied.consequences, &asked.plan_dir);
    if applied.remarks.warnings() > 0 {
        let warnings = words::count(applied.remarks.warnings() as u64, "warning");
        session.say(&format!(
            "The plan has {warnings}: throughline check {}",
            asked.plan_dir.display()
        ));
    }
    say_newer(session, &applied.newer);
    say_left_out(session, &applied.left_out, asked.retire);
    match (moved, &applied.base) {
        (Some(Err(_)), Some(base)) => session.say(&format!(
            "Set `base: {base}` in organisation.yaml, which could not be written: the next `apply` counts the changes of the folder from there."
        )),
        (Some(Ok(())), Some(base)) if text::base_of(files).is_none() => session.say(&format!(
            "Wrote `base: {base}` into organisation.yaml: the next `apply` counts the changes of the folder from there."
        )),
        _ => {}
    }
    Ok(Outcome::Done)
}

/// Writes into the folder that it is as new as the ledger, so that the next change of it counts from here.
fn move_base(folder: &Path, files: &[PlanFile], base: &Base) -> Result<(), AppError> {
    match base.put_into(files) {
        Some(file) => files::write_plan_file(folder, &file),
        None => Err(AppError::bad_request(
            "organisation.yaml has no line of its own for `base`",
        )),
    }
}

fn in_words(applied: &AppliedPlan) -> String {
    let Some(commit) = &applied.commit else {
        return match applied.newer.as_slice() {
            [] => "Nothing to change: the plan is as the folder says.\n".to_owned(),
            _ => "Nothing to change: the folder has no changes since it was exported.\n".to_owned(),
        };
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
