//! `explain`: where a number came from.

use throughline_app::{AppError, explain};

use super::{Outcome, Session};
use crate::arguments::Explain;
use crate::json::explanation::Explained;
use crate::terminal::{self, derivation};

/// Explains the reading of a measure.
///
/// # Errors
/// If there is no such measure, unit, period or instant, or no ledger.
pub async fn run(session: &Session<'_>, asked: &Explain) -> Result<Outcome, AppError> {
    let explained = explain(&session.ctx, &asked.measure, &(&asked.place).into()).await?;
    for choice in &explained.selected.chosen {
        session.say(choice);
    }
    if session.is_json() {
        session.print_json(&Explained::of(&explained))?;
    } else {
        session.print(&derivation::render(
            &explained,
            asked.all,
            terminal::width(),
        ))?;
    }
    Ok(Outcome::Done)
}
