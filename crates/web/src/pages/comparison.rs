//! What changed between two days: in the plan, and in the readings of a unit in a period.

use askama::Template;
use jiff::{Timestamp, ToSpan};
use serde::Deserialize;
use throughline_app::history::{
    Restatement, Restatements, Told, plan_changes, restatements, wrong_day,
};
use throughline_app::{AppError, Selected, words};
use throughline_engine::MeasureReading;
use throughline_model::Model;
use throughline_model::records::Measure;

use super::history::{ViewLink, kept, views};
use super::links;
use crate::address::Query;
use crate::error::{PageResult, form_page};
use crate::frame::{Frame, Section};
use crate::parts::changes::{CHANGES_MAX, Changes, Today};
use crate::parts::problems::Problems;
use crate::parts::status::StatusMark;
use crate::place::Place;
use crate::viewer::Viewer;

/// How many restated readings are shown.
const RESTATED_MAX: usize = 100;

/// The page.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "comparison.html")]
pub struct ComparisonPage {
    /// What is around it.
    pub frame: Frame,
    /// What else of the history there is.
    pub views: Vec<ViewLink>,
    /// The two days that the address names; of none, the last week.
    pub asked: Days,
    /// Name and value of what the form keeps of the address.
    pub kept: Vec<(&'static str, String)>,
    /// Stretches of time that are often asked for: words, address, and whether it is shown.
    pub often: Vec<(&'static str, String, bool)>,
    /// What differs; nothing where one day alone is named.
    pub between: Option<Between>,
    /// What of the days means nothing.
    pub problems: Problems,
}

/// Two days, as the address names them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Days {
    /// The earlier one.
    pub from: String,
    /// The later one.
    pub to: String,
}

/// What differs between two days.
#[derive(Debug, Clone)]
pub struct Between {
    /// `From 8 Jul 2013, 23:59 to 31 Dec 2013, 23:59`
    pub said: String,
    /// How many changes of the plan there are.
    pub counted: String,
    /// Changes of the plan.
    pub changes: Changes,
    /// The unit and period of the readings.
    pub place: String,
    /// How many readings were restated, of how many.
    pub restated_said: String,
    /// What made the difference, where it is the same for all of them: words, and the page of the commit.
    pub because: Vec<(String, Option<String>)>,
    /// Readings that differ.
    pub restated: Vec<RestatedRow>,
    /// How many more there are.
    pub more: usize,
}

/// A reading that differs.
#[derive(Debug, Clone)]
pub struct RestatedRow {
    /// The measure, and its unit.
    pub name: String,
    /// Its page.
    pub href: Option<String>,
    /// Value then, and later.
    pub value: [String; 2],
    /// Target then, and later.
    pub target: [String; 2],
    /// Status then, and later; none where it was not read.
    pub status: [Option<StatusMark>; 2],
    /// Who made the difference, when and why, where it is not the same for all: words, and the page of the commit.
    pub because: Vec<(String, Option<String>)>,
}

/// Shows what changed between two days: where none is named in the last week, which the links of the page then name.
///
/// # Errors
/// If these are no two days in order; what may not be read is not there.
pub async fn get(mut viewer: Viewer, Query(asked): Query<Days>) -> PageResult {
    let meant = viewer.selected().await?;
    let mut asked = Days {
        from: asked.from.trim().to_owned(),
        to: asked.to.trim().to_owned(),
    };
    if asked == Days::default() {
        asked = Days::back(&meant, 7.days()).unwrap_or_default();
        viewer.state.push(("from", asked.from.clone()));
        viewer.state.push(("to", asked.to.clone()));
    }
    let mut problems = Problems::default();
    for (field, text) in [("from", &asked.from), ("to", &asked.to)] {
        let wrong = wrong_day(text, &meant.model).filter(|_| !text.is_empty());
        wrong.iter().for_each(|error| problems.add(field, error));
    }
    let is_asked = problems.is_empty() && !asked.from.is_empty() && !asked.to.is_empty();
    let between = match is_asked {
        false => None,
        true => match Between::read(&viewer, &asked).await {
            // Two days, but not in order.
            Err(error @ AppError::BadRequest { .. }) => {
                problems.add("from", &error);
                None
            }
            read => Some(read?),
        },
    };
    let title = problems.title("What changed between two days");
    let frame = match is_asked {
        true => Frame::at(&viewer, Section::History, title, &meant),
        // Without two days there is nothing that unit, period or clocks would change.
        false => Frame::new(&viewer, Section::History, title),
    };
    let shown = ComparisonPage {
        frame: frame
            .below("History", links::page(&viewer.place, "history"))
            .below("Between two days", None),
        views: views(&viewer, "comparison"),
        kept: kept(&viewer),
        often: often(&viewer, &meant, &asked),
        asked,
        between,
        problems,
    };
    form_page(&shown, &shown.problems)
}

impl Days {
    /// From so long ago up to the day on which things are known.
    fn back(meant: &Selected, span: jiff::Span) -> Option<Days> {
        let today = meant.model.calendar().date_of(meant.known_at);
        Some(Days {
            from: today.checked_sub(span).ok()?.to_string(),
            to: today.to_string(),
        })
    }
}

/// The last week, month and year.
fn often(viewer: &Viewer, meant: &Selected, asked: &Days) -> Vec<(&'static str, String, bool)> {
    let back = [
        ("The last 7 days", 7.days()),
        ("The last month", 1.month()),
        ("The last year", 1.year()),
    ];
    let link = |(words, span): (&'static str, jiff::Span)| {
        let days = Days::back(meant, span)?;
        let state = [("from", days.from.as_str()), ("to", &days.to)];
        let href = viewer.place.href_with(&viewer.path, &state);
        Some((words, href, days == *asked))
    };
    back.into_iter().filter_map(link).collect()
}

impl Between {
    async fn read(viewer: &Viewer, asked: &Days) -> Result<Between, AppError> {
        let span = format!("{}..{}", asked.from, asked.to);
        let plan = plan_changes(&viewer.ctx, &span).await?;
        let place = viewer.place.as_of_now();
        let readings = restatements(&viewer.ctx, None, &place.selection(), &span).await?;
        let selected = &readings.selected;
        let today = Today::of(viewer).await?;
        let at = |at: Timestamp| words::instant(at, selected.model.calendar());
        // What was replaced comes before what is there for the first time.
        let mut restated: Vec<&Restatement> = readings.restated.iter().collect();
        restated.sort_by_key(|one| one.is_first());
        let more = restated.len().saturating_sub(RESTATED_MAX);
        let mut restated: Vec<RestatedRow> = restated
            .iter()
            .take(RESTATED_MAX)
            .filter_map(|restated| RestatedRow::of(restated, &selected.model, viewer))
            .collect();
        let because = match more {
            0 => taken_together(&mut restated),
            _ => Vec::new(),
        };
        Ok(Between {
            said: format!(
                "From {} to {}.{}",
                at(plan.from),
                at(plan.to),
                of_these_days(&viewer.place)
            ),
            counted: words::count(plan.differences.len() as u64, "change"),
            changes: Changes::of(&plan.differences, CHANGES_MAX, &viewer.place, &today),
            place: format!(
                "{}, {}",
                selected.unit_name(),
                words::period(&selected.period, selected.model.calendar())
            ),
            restated_said: restated_said(&readings),
            because,
            restated,
            more,
        })
    }
}

/// What made the difference for each of several rows alike, which then tell it no longer.
fn taken_together(rows: &mut [RestatedRow]) -> Vec<(String, Option<String>)> {
    let same = match &*rows {
        [first, others @ ..] if !others.is_empty() => {
            others.iter().all(|other| other.because == first.because)
        }
        _ => false,
    };
    let mut because = Vec::new();
    if same {
        for row in rows {
            because = std::mem::take(&mut row.because);
        }
    }
    because
}

/// That two days are compared whatever the clocks of the address say.
fn of_these_days(place: &Place) -> &'static str {
    match (&place.known_at, &place.plan_at) {
        (None, None) => "",
        _ => " Compared are these two days, whatever day is looked at elsewhere.",
    }
}

fn restated_said(readings: &Restatements) -> String {
    let all = words::count(readings.compared as u64, "reading");
    let grouped = |count: usize| words::grouped(count as u64);
    match readings.counts() {
        (0, 0) => format!("Nothing was restated: {all} compared."),
        (0, first) => format!("{} of {all} had their first value.", grouped(first)),
        (restated, 0) => format!("{} of {all} restated.", grouped(restated)),
        (restated, first) => format!(
            "{} of {all} restated; {} had their first value.",
            grouped(restated),
            grouped(first)
        ),
    }
}

impl RestatedRow {
    fn of(restated: &Restatement, model: &Model, viewer: &Viewer) -> Option<RestatedRow> {
        let measure = restated.plan.measures().get(restated.measure)?;
        let both = [restated.before.as_ref(), restated.after.as_ref()];
        Some(RestatedRow {
            name: words::numbers::name_with_unit(measure),
            href: links::measure(&viewer.place, measure.key.as_str()),
            value: if restated.is_first() {
                let after = value(restated.after.as_ref(), measure);
                ["none yet".to_owned(), after]
            } else {
                both.map(|reading| value(reading, measure))
            },
            target: both.map(|reading| target(reading, measure)),
            status: both.map(|reading| reading.map(|reading| StatusMark(reading.status))),
            because: because(&restated.because, model, viewer),
        })
    }
}

fn value(reading: Option<&MeasureReading>, measure: &Measure) -> String {
    reading.map_or_else(
        || "not read".to_owned(),
        |reading| words::numbers::bare(reading.value, measure),
    )
}

fn target(reading: Option<&MeasureReading>, measure: &Measure) -> String {
    reading.map_or_else(String::new, |reading| {
        words::numbers::target(reading.target, measure)
    })
}

fn because(commits: &[Told], model: &Model, viewer: &Viewer) -> Vec<(String, Option<String>)> {
    if commits.is_empty() {
        return vec![("No commit: more was due by then".to_owned(), None)];
    }
    let line = |told: &Told| {
        let reason = told.commit.reason.as_ref();
        let reason = reason.map_or_else(String::new, |reason| format!(": {reason}"));
        let who = crate::parts::told_changes::who(told, model);
        let href = links::commit(&viewer.place, told.commit.number.0);
        (format!("{who}{reason}"), href)
    };
    commits.iter().map(line).collect()
}
