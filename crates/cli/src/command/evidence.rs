//! `evidence`: how far the links of the map hold.

use throughline_app::AppError;
use throughline_app::evidence::{evidence, keep_grades, link_evidence};

use super::{Outcome, Session};
use crate::arguments;
use crate::json::evidence::{Evidence, OneEvidence};
use crate::terminal::{self, evidence as shown};

/// Shows the evidence of all links, or of one.
///
/// # Errors
/// If there is no such link, unit, period or instant, or no ledger.
pub async fn run(session: &Session<'_>, asked: &arguments::Evidence) -> Result<Outcome, AppError> {
    let place = (&asked.place).into();
    if asked.record {
        let kept = keep_grades(&session.ctx, &place).await?;
        session.say(&terminal::evidence::kept(&kept));
    }
    if let Some(key) = &asked.link {
        let one = link_evidence(&session.ctx, key, &place).await?;
        for choice in &one.read.selected.chosen {
            session.say(choice);
        }
        if session.is_json() {
            session.print_json(&OneEvidence::of(&one))?;
        } else {
            session.print(&shown::link(&one, terminal::width()))?;
        }
        return Ok(Outcome::Done);
    }
    let read = evidence(&session.ctx, &place).await?;
    for choice in &read.selected.chosen {
        session.say(choice);
    }
    if session.is_json() {
        session.print_json(&Evidence::of(&read))?;
    } else {
        session.print(&shown::map(&read, terminal::width()))?;
    }
    Ok(Outcome::Done)
}
