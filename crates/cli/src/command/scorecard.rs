//! `scorecard`: how a unit stands in a period.

use throughline_app::{AppError, ReadScorecard, scorecard};

use super::{Outcome, Session};
use crate::arguments::{Format, Where};
use crate::json::scorecard::Card;
use crate::terminal;
use crate::terminal::card;

/// Prints the scorecard of a unit.
///
/// # Errors
/// If there is no such unit, period or instant, or no ledger.
pub async fn run(session: &Session<'_>, place: &Where) -> Result<Outcome, AppError> {
    let read = scorecard(&session.ctx, &place.into()).await?;
    for choice in &read.selected.chosen {
        session.say(choice);
    }
    print(session, &read, place)?;
    Ok(Outcome::Done)
}

/// Prints a scorecard in the format that was asked for.
///
/// # Errors
/// If it cannot be written.
pub fn print(session: &Session<'_>, read: &ReadScorecard, place: &Where) -> Result<(), AppError> {
    match session.common.format {
        Format::Json => session.print_json(&Card::of(read)),
        Format::Csv => session.print(&csv(&Card::of(read))),
        Format::Table => session.print(&card::render(
            read,
            place,
            session.common,
            terminal::width(),
        )),
    }
}

/// The measures, one a line, with the columns of the JSON.
fn csv(card: &Card) -> String {
    let head = Card::COLUMNS.map(str::to_owned);
    let rows = std::iter::once(head).chain(card.rows());
    rows.map(|row| format!("{}\n", row.map(|cell| quoted(&cell)).join(",")))
        .collect()
}

/// The cell as it stands in a file: in quotes where it holds what would end it.
fn quoted(cell: &str) -> String {
    if cell.contains([',', '"', '\n']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}
