//! `erase`: erases what identifies a person.

use throughline_app::{AppError, ErasedPerson, erase_person};

use super::{Outcome, Session};
use crate::arguments::Erase;
use crate::json::plan::Erased;

/// Erases a person.
///
/// # Errors
/// If there is no such person, or the ledger cannot be written.
pub async fn run(session: &Session<'_>, asked: &Erase) -> Result<Outcome, AppError> {
    let erased = erase_person(&session.ctx, &asked.person).await?;
    session.recorded(erased.commit.as_ref(), tell(session, &erased))
}

fn tell(session: &Session<'_>, erased: &ErasedPerson) -> Result<Outcome, AppError> {
    let outcome = match &erased.unfinished {
        Some(_) => Outcome::Findings,
        None => Outcome::Done,
    };
    if session.is_json() {
        session.print_json(&Erased::of(erased, session.common.acting_as.as_deref()))?;
        return Ok(outcome);
    }
    session.print(&match &erased.commit {
        Some(commit) => format!(
            "Erased in commit {}: key, name and address can be read by nobody any more. The ledger still verifies.\n",
            commit.number
        ),
        None => "The person was erased before; what was left in the file is overwritten.\n".to_owned(),
    })?;
    if let Some(unfinished) = &erased.unfinished {
        session.print(&format!("Not finished: {unfinished}\n"))?;
    }
    session.say(
        "Backups and exported folders still hold what they held; delete them, or export anew.",
    );
    Ok(outcome)
}
