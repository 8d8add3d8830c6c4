//! One observation: every value that was recorded for a measure at a unit in a period, with who did it, when and why.

use askama::Template;
use throughline_app::AppError;
use throughline_app::entry::may_correct;
use throughline_app::history::{CellHistory, RecordedValue, cell_history};
use throughline_app::words::{self, names, numbers};
use throughline_model::Kind;
use throughline_model::observation::Cell;
use throughline_model::records::Measure;

use super::links;
use crate::address::Path;
use crate::error::{PageResult, WebError, page};
use crate::frame::{Frame, Section};
use crate::parts::place_bar::of_today;
use crate::parts::told_changes::by;
use crate::viewer::Viewer;

/// The page.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "observation.html")]
pub struct ObservationPage {
    /// What is around it.
    pub frame: Frame,
    /// The measure, with its unit.
    pub measure: String,
    /// Where and when: `Newark, Week 23, 2013`.
    pub place: String,
    /// What is to be known of it, in a sentence.
    pub said: String,
    /// Why the reading there is what it is.
    pub why: Option<String>,
    /// Where it is corrected, for whoever may.
    pub correct: Option<String>,
    /// The values, the newest first.
    pub values: Vec<ValueRow>,
    /// Whether any has a weight.
    pub has_weights: bool,
}

/// A value that was recorded.
#[derive(Debug, Clone)]
pub struct ValueRow {
    /// When it became known.
    pub at: String,
    /// What was there before; empty for the first.
    pub before: String,
    /// What was recorded.
    pub value: String,
    /// Its weight.
    pub weight: String,
    /// Who recorded it.
    pub by: String,
    /// The commit.
    pub commit: String,
    /// Its page, for whoever may see it.
    pub href: Option<String>,
    /// Why it was recorded.
    pub reason: String,
    /// Whether it was checked, and the remark that came with it.
    pub remark: String,
}

/// Shows every value of an observation.
///
/// # Errors
/// As of the use case; if the address names no unit or period.
pub async fn get(viewer: Viewer, Path(key): Path<String>) -> PageResult {
    let (Some(unit), Some(period)) = (&viewer.place.unit, &viewer.place.period) else {
        let error = AppError::bad_request("an observation is of a unit and a period");
        return Err(error
            .with_help("open it from why a number is what it is")
            .into());
    };
    let read = cell_history(&viewer.ctx, &key, unit, period).await?;
    let model = &read.model;
    let measure = model.measures().by_key(&read.measure);
    let measure = measure.ok_or(WebError::NotThere)?;
    let unit = names::name(model, (Kind::Unit, read.unit.as_uuid()));
    let place = format!("{unit}, {}", words::period(&read.period, model.calendar()));
    let title = format!("{}: {place}", measure.name);
    let cell = Cell {
        measure: measure.id(),
        unit: read.unit,
        period: read.period,
    };
    let may_correct = may_correct(&viewer.ctx).await?(measure, read.unit);
    let may_correct = may_correct && !read.values.is_empty();
    let frame = frame_of(&viewer, &title).await;
    page(&ObservationPage {
        frame: frame
            .below("Measures", links::page(&viewer.place, "measures"))
            .below(measure.name.clone(), links::measure(&viewer.place, &key))
            .below("Observation", None),
        measure: numbers::name_with_unit(measure),
        said: in_a_sentence(&read) + of_today(&viewer.place),
        why: links::explanation(&viewer.place, &key),
        correct: may_correct
            .then(|| links::correction(&viewer.place, model, &cell))
            .flatten(),
        has_weights: (read.values.iter()).any(|value| value.recorded.observation.weight.is_some()),
        values: rows(&read, measure, &viewer),
        place,
    })
}

/// The frame, with a bar that leads to what was recorded elsewhere: periods have the length of the measure's own.
async fn frame_of(viewer: &Viewer, title: &str) -> Frame {
    // Of a unit that was closed since, what was recorded is still told.
    let Ok(meant) = viewer.selected().await else {
        return Frame::new(viewer, Section::Measures, title);
    };
    let mut frame = Frame::at(viewer, Section::Measures, title, &meant);
    if let Some(bar) = &mut frame.place_bar {
        bar.lengths.clear();
    }
    frame
}

fn in_a_sentence(read: &CellHistory) -> String {
    match read.values.len() {
        0 => "Nothing was ever recorded here. A unit above it adds up what those below recorded."
            .to_owned(),
        1 => "It was recorded once and never changed.".to_owned(),
        many => format!("It was recorded {many} times; the first line is what holds."),
    }
}

fn rows(read: &CellHistory, measure: &Measure, viewer: &Viewer) -> Vec<ValueRow> {
    let mut before = String::new();
    let rows = read.values.iter().map(|value| {
        let row = row(read, value, measure, viewer, &before);
        before.clone_from(&row.value);
        row
    });
    let mut rows: Vec<ValueRow> = rows.collect();
    rows.reverse();
    rows
}

fn row(
    read: &CellHistory,
    value: &RecordedValue,
    measure: &Measure,
    viewer: &Viewer,
    before: &str,
) -> ValueRow {
    let (model, observation) = (&read.model, &value.recorded.observation);
    let number = value.recorded.commit;
    let told = value.told.as_ref();
    let state = observation.state.map(|state| words::sentence(state.word()));
    let remark: Vec<String> = state.into_iter().chain(observation.note.clone()).collect();
    let may_open = viewer.ctx.may_read_history();
    ValueRow {
        at: words::instant(value.recorded.at, model.calendar()),
        before: before.to_owned(),
        value: match observation.value {
            Some(_) => numbers::bare(observation.value, measure),
            None => "none".to_owned(),
        },
        weight: observation.weight.map(numbers::plain).unwrap_or_default(),
        by: told.map_or_else(String::new, |told| by(told, model)),
        commit: format!("Commit {number}"),
        href: may_open
            .then(|| links::commit(&viewer.place, number.0))
            .flatten(),
        reason: told
            .and_then(|told| told.commit.reason.clone())
            .unwrap_or_default(),
        remark: remark.join(": "),
    }
}
