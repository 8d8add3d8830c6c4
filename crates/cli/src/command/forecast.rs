//! `forecast`: where measures go if things go on as they do, and whether they reach their targets.

use throughline_app::insight::{
    Depth, Insight, Outlook, Range, ReadInsights, chance_in_words, chances_come_true,
    outlook_in_words, track_in_words, with_units_in_words,
};
use throughline_app::json::insight::ForecastAnswer;
use throughline_app::json::track::TrackAnswer;
use throughline_app::{AppError, Selection};
use throughline_core::Calendar;
use throughline_model::records::Measure;

use super::insights::{insights_in_words, insights_of};
use super::{Outcome, Session};
use crate::arguments::Forecast;
use crate::terminal::insight::{head, listed};
use crate::terminal::table::{Cell, Column, Table};
use crate::terminal::{self, numbers, words};

/// Says what is to come.
///
/// # Errors
/// If there is no such measure, unit, period or instant, or no ledger.
pub async fn run(session: &Session<'_>, asked: &Forecast) -> Result<Outcome, AppError> {
    if asked.came_true {
        return came_true(session, &(&asked.of.place).into()).await;
    }
    let depth = match asked.with_units {
        true => Depth::WithUnits,
        false => Depth::Forecasts,
    };
    let asked = &asked.of;
    let read = insights_of(session, asked, depth).await?;
    if session.is_json() {
        session.print_json(&ForecastAnswer::of(&read))?;
    } else {
        session.print(&insights_in_words(asked, &read, of_one, of_all))?;
    }
    Ok(Outcome::Done)
}

/// Says how often the chances came true that were said before.
async fn came_true(session: &Session<'_>, place: &Selection) -> Result<Outcome, AppError> {
    let read = chances_come_true(&session.ctx, place).await?;
    for choice in &read.selected.chosen {
        session.say(choice);
    }
    if session.is_json() {
        session.print_json(&TrackAnswer::of(&read))?;
    } else {
        let says = track_in_words(&read).join("\n");
        session.print(&format!("{}{says}\n", head(&read.selected, None)))?;
    }
    Ok(Outcome::Done)
}

/// What is to come of a measure, where something can be said.
fn outlook(one: &Insight) -> Option<&Outlook> {
    one.foresight.as_deref()?.as_ref().ok()
}

/// A line for each measure.
fn of_all(read: &ReadInsights) -> String {
    let mut table = Table::new([
        Column::words("Measure").giving_way(),
        Column::words("By"),
        Column::numbers("Expected"),
        Column::words("80 of 100 cases").optional(),
        Column::numbers("Target"),
        Column::numbers("Chance"),
        Column::words("No forecast because").optional(),
    ]);
    let model = &read.selected.model;
    for one in &read.measures {
        let Some(measure) = model.measures().get(one.measure) else {
            continue;
        };
        let name = Cell::from(measure.name.clone());
        let last = outlook(one).and_then(|outlook| Some((outlook, outlook.expected.last()?)));
        let why = match one.foresight.as_deref() {
            Some(Err(why)) => why.to_string(),
            _ => String::new(),
        };
        let Some((outlook, last)) = last else {
            let empty = || Cell::from("");
            table.row([
                name,
                empty(),
                empty(),
                empty(),
                empty(),
                empty(),
                Cell::from(why),
            ]);
            continue;
        };
        // What the target is for stands in the line: a longer period, or the last of those to come.
        let (by, expected, of_80) = match &outlook.whole {
            Some(whole) => (whole.period, whole.expected, whole.range),
            None => (last.period, last.mean, last.ranges[1]),
        };
        let aimed = outlook.goal().map(|(_, aimed)| aimed);
        let target = aimed.map(|aimed| numbers::target_in_words(aimed.target, measure));
        let chance = aimed.map(|aimed| chance_in_words(&aimed.chance));
        table.row([
            name,
            Cell::from(words::period(&by, model.calendar())),
            Cell::from(numbers::value(Some(expected), measure)),
            Cell::from(range(of_80, measure)),
            Cell::from(target.unwrap_or_default()),
            Cell::from(chance.unwrap_or_default()),
            Cell::from(why),
        ]);
    }
    listed(read, &table)
}

/// The periods to come of one measure.
fn of_one(read: &ReadInsights, one: &Insight) -> String {
    let model = &read.selected.model;
    let Some(measure) = model.measures().get(one.measure) else {
        return String::new();
    };
    let calendar = model.calendar();
    let said = one.foresight.as_deref();
    let said = said.map(|said| outlook_in_words(said, &one.trend, measure, calendar));
    let said = said.unwrap_or_default().into_iter();
    let said: Vec<String> = said.chain(one.second_look.clone()).collect();
    let said = said.join("\n");
    let periods = outlook(one).map(|outlook| periods(outlook, measure, calendar));
    format!(
        "{}{said}\n{}{}",
        head(&read.selected, Some(measure)),
        periods.map_or_else(String::new, |periods| format!("\n{periods}")),
        with_units(read, one, measure).unwrap_or_default()
    )
}

/// What is expected of the last period at the unit and at those below it, by itself and brought together.
fn with_units(read: &ReadInsights, one: &Insight, measure: &Measure) -> Option<String> {
    let (model, unit) = (&read.selected.model, read.selected.unit);
    let found = one.with_units.as_deref()?;
    let said = with_units_in_words(found, model, unit);
    let (Ok(found), Some(last)) = (found, outlook(one).and_then(|one| one.expected.last())) else {
        return Some(format!("\n{said}\n"));
    };
    let mut table = Table::new([
        Column::words("Unit").giving_way(),
        Column::words("By"),
        Column::numbers("By itself"),
        Column::numbers("Brought together"),
    ]);
    let forecasts = &found.forecasts;
    let units = std::iter::once(unit).chain(found.units.iter().copied());
    for ((unit, alone), together) in units.zip(&forecasts.alone).zip(&forecasts.together) {
        let unit = model.units().get(unit);
        let value = |of: &[f64]| Cell::from(numbers::value(of.last().copied(), measure));
        table.row([
            Cell::from(unit.map_or_else(String::new, |unit| unit.name.clone())),
            Cell::from(words::period(&last.period, model.calendar())),
            value(alone),
            value(together),
        ]);
    }
    Some(format!("\n{said}\n\n{}", table.render(terminal::width())))
}

fn periods(outlook: &Outlook, measure: &Measure, calendar: &Calendar) -> String {
    let mut table = Table::new([
        Column::words("Period"),
        Column::numbers("Expected"),
        Column::words("50 of 100 cases").optional(),
        Column::words("80 of 100 cases"),
        Column::words("95 of 100 cases").optional(),
    ]);
    for expected in &outlook.expected {
        table.row([
            Cell::from(words::period(&expected.period, calendar)),
            Cell::from(numbers::value(Some(expected.mean), measure)),
            Cell::from(range(expected.ranges[0], measure)),
            Cell::from(range(expected.ranges[1], measure)),
            Cell::from(range(expected.ranges[2], measure)),
        ]);
    }
    table.render(terminal::width())
}

/// `79.6% to 86.2%`
fn range(range: Option<Range>, measure: &Measure) -> String {
    range.map_or_else(String::new, |(low, high)| {
        let [low, high] = [low, high].map(|edge| numbers::value(Some(edge), measure));
        format!("{low} to {high}")
    })
}
