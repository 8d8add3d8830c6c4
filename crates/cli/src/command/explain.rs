//! `explain`: where a number came from.

use throughline_app::{AppError, Explained, ExplainedNode, ExplainedReading, explain_named};

use super::{Outcome, Session};
use crate::arguments::Explain;
use crate::json::explanation;
use crate::json::node::NodeExplained;
use crate::terminal::{self, derivation, node};

/// Explains the numbers of a measure or a node of the strategy.
///
/// # Errors
/// If there is no such record, unit, period or instant, or no ledger.
pub async fn run(session: &Session<'_>, asked: &Explain) -> Result<Outcome, AppError> {
    let place = (&asked.place).into();
    match explain_named(&session.ctx, &asked.record, &place).await? {
        Explained::Measure(explained) => of_measure(session, asked, &explained)?,
        Explained::Node(explained) => of_node(session, &explained)?,
    }
    Ok(Outcome::Done)
}

fn of_measure(
    session: &Session<'_>,
    asked: &Explain,
    explained: &ExplainedReading,
) -> Result<(), AppError> {
    for choice in &explained.selected.chosen {
        session.say(choice);
    }
    if session.is_json() {
        return session.print_json(&explanation::Explained::of(explained));
    }
    session.print(&derivation::render(explained, asked.all, terminal::width()))
}

fn of_node(session: &Session<'_>, explained: &ExplainedNode) -> Result<(), AppError> {
    for choice in &explained.read.selected.chosen {
        session.say(choice);
    }
    if session.is_json() {
        return session.print_json(&NodeExplained::of(explained));
    }
    session.print(&node::render(explained, terminal::width()))
}
