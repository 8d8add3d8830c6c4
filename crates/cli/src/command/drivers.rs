//! `drivers`: what made a value differ.

use throughline_app::AppError;
use throughline_app::drivers::{Against, drivers};

use super::{Outcome, Session};
use crate::arguments::{self, AgainstWhat};
use crate::json::drivers::Drivers;
use crate::terminal::{self, drivers as shown};

/// Shows what made a value differ.
///
/// # Errors
/// If there is no such measure, unit, period or instant, or no ledger.
pub async fn run(session: &Session<'_>, asked: &arguments::Drivers) -> Result<Outcome, AppError> {
    let against = asked.against.map(|against| match against {
        AgainstWhat::Target => Against::Target,
        AgainstWhat::Before => Against::Before,
        AgainstWhat::YearBefore => Against::YearBefore,
    });
    let place = (&asked.place).into();
    let read = drivers(&session.ctx, &asked.measure, &place, against).await?;
    for choice in &read.selected.chosen {
        session.say(choice);
    }
    if session.is_json() {
        session.print_json(&Drivers::of(&read))?;
    } else {
        session.print(&shown::render(&read, terminal::width()))?;
    }
    Ok(Outcome::Done)
}
