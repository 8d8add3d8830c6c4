//! `export`: writes the plan that holds into a folder.

use throughline_app::{AppError, export_plan, files};

use super::{Outcome, Session};
use crate::arguments::Export;
use crate::json::plan::Exported;
use crate::terminal::words;

/// Writes the plan into a folder.
///
/// # Errors
/// If the ledger cannot be read, or the folder not written.
pub async fn run(session: &Session<'_>, asked: &Export) -> Result<Outcome, AppError> {
    let exported = export_plan(&session.ctx).await?;
    files::write_plan_folder(&asked.plan_dir, &exported.files, asked.replace)?;
    if session.is_json() {
        session.print_json(&Exported::of(&exported))?;
        return Ok(Outcome::Done);
    }
    let count = words::count(exported.files.len() as u64, "file");
    session.print(&format!(
        "Wrote the plan of commit {} to {}: {count}\n",
        exported.base,
        asked.plan_dir.display()
    ))?;
    for (kind, fields) in &exported.left_out {
        let fields: Vec<&str> = fields.iter().copied().collect();
        session.say(&format!(
            "Left out, because you may not see it: {} of {}; applying the plan leaves it as it is",
            fields.join(", "),
            kind.section()
        ));
    }
    session.say(&format!(
        "Edit them, then: throughline apply {}",
        asked.plan_dir.display()
    ));
    Ok(Outcome::Done)
}
