//! What `signals` and `forecast` have in common: one measure or all of a unit, read to a depth and put into words.

use throughline_app::AppError;
use throughline_app::insight::{Depth, Insight, ReadInsights, insights};

use super::Session;
use crate::arguments::OfMeasure;

/// Reads what is asked for, and says which unit, period and instant were chosen where none was given.
///
/// # Errors
/// If there is no such measure, unit, period or instant, or no ledger.
pub async fn insights_of(
    session: &Session<'_>,
    asked: &OfMeasure,
    depth: Depth,
) -> Result<ReadInsights, AppError> {
    let place = (&asked.place).into();
    let read = insights(&session.ctx, asked.measure.as_deref(), &place, depth).await?;
    for choice in &read.selected.chosen {
        session.say(choice);
    }
    Ok(read)
}

/// The answer for people: of one measure where one was named, else a line for each.
pub fn insights_in_words(
    asked: &OfMeasure,
    read: &ReadInsights,
    of_one: impl Fn(&ReadInsights, &Insight) -> String,
    of_all: impl Fn(&ReadInsights) -> String,
) -> String {
    match (&asked.measure, read.measures.first()) {
        (Some(_), Some(one)) => of_one(read, one),
        _ => of_all(read),
    }
}
