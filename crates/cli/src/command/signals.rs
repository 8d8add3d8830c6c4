//! `signals`: whether measures changed, or vary as they always do.

use throughline_app::insight::{
    Depth, Insight, ReadInsights, marks_in_words, offered_in_words, signals_in_words,
    unusual_in_words,
};
use throughline_app::json::insight::SignalsAnswer;
use throughline_app::{AppError, Trend};
use throughline_model::records::Measure;

use super::insights::{insights_in_words, insights_of};
use super::{Outcome, Session};
use crate::arguments::OfMeasure;
use crate::terminal::insight::{head, listed};
use crate::terminal::table::{Cell, Column, Table};
use crate::terminal::{self, numbers, words};

/// Tells changes from routine variation.
///
/// # Errors
/// If there is no such measure, unit, period or instant, or no ledger.
pub async fn run(session: &Session<'_>, asked: &OfMeasure) -> Result<Outcome, AppError> {
    let read = insights_of(session, asked, Depth::Signals).await?;
    if session.is_json() {
        session.print_json(&SignalsAnswer::of(&read))?;
    } else {
        session.print(&insights_in_words(asked, &read, of_one, of_all))?;
    }
    Ok(Outcome::Done)
}

/// A line for each measure.
fn of_all(read: &ReadInsights) -> String {
    let mut table = Table::new([
        Column::words("Measure"),
        Column::words("Signal"),
        Column::words("Why").giving_way(),
    ]);
    let model = &read.selected.model;
    for one in &read.measures {
        let Some(measure) = model.measures().get(one.measure) else {
            continue;
        };
        let verdict = one.trend.verdict(&read.selected.period);
        let said = signals_in_words(&one.trend, measure, model.calendar());
        // A hint follows what the newest point says.
        let shown = if one.trend.signals.leaving.is_some() {
            2
        } else {
            1
        };
        table.row([
            Cell::from(measure.name.clone()),
            Cell::from(verdict.map_or("", |verdict| verdict.words())),
            Cell::from(said.into_iter().take(shown).collect::<Vec<_>>().join(" ")),
        ]);
    }
    listed(read, &table)
}

/// The points of one measure.
fn of_one(read: &ReadInsights, one: &Insight) -> String {
    let model = &read.selected.model;
    let Some(measure) = model.measures().get(one.measure) else {
        return String::new();
    };
    let mut said = signals_in_words(&one.trend, measure, model.calendar());
    said.extend(offered_in_words(&one.trend, model.calendar()));
    format!(
        "{}{}\n\n{}",
        head(&read.selected, Some(measure)),
        said.join("\n"),
        points(&one.trend, measure, model.calendar())
    )
}

fn points(trend: &Trend, measure: &Measure, calendar: &throughline_core::Calendar) -> String {
    let mut table = Table::new([
        Column::words("Period"),
        Column::numbers("Value"),
        Column::numbers("Lower limit"),
        Column::numbers("Average"),
        Column::numbers("Upper limit"),
        Column::words("Signal and notes").giving_way(),
    ]);
    let notes = |place: usize| {
        let notes = trend.notes.iter();
        let notes = notes.filter(move |note| trend.place_of(note) == Some(place));
        notes.map(|note| {
            let what = note.what.trim();
            match (trend.begins_anew_at(note), trend.is_right_by(note)) {
                (true, _) => format!("new limits: {what}"),
                (_, true) => format!("it is right: {what}"),
                _ => format!("note: {what}"),
            }
        })
    };
    let readings = trend.readings.iter().enumerate();
    for (place, (period, reading)) in readings.skip_while(|(_, (_, one))| one.value.is_none()) {
        let limits = trend.signals.limits(place);
        let mark = trend.signals.mark(place);
        let value = |value: Option<f64>| Cell::from(numbers::value(value, measure));
        table.row([
            Cell::from(words::period(period, calendar)),
            value(reading.value),
            value(limits.map(|limits| limits.lower)),
            value(limits.map(|limits| limits.centre)),
            value(limits.map(|limits| limits.upper)),
            Cell::from(
                (mark.iter().map(marks_in_words))
                    .chain(unusual_in_words(trend, place))
                    .chain(notes(place))
                    .collect::<Vec<_>>()
                    .join("; "),
            ),
        ]);
    }
    table.render(terminal::width())
}
