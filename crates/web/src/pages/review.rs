//! A review: its agenda beside one item at a time, with the figures, and what is recorded about it.

use askama::Template;
use axum::http::header;
use axum::response::IntoResponse;
use serde::Deserialize;
use throughline_app::agenda::Subject;
use throughline_app::review::{MovedSince, ReadReview, Step, minutes, review};
use throughline_app::words::{self, numbers};
use throughline_app::{Course, CoursePoint, Reach};
use throughline_core::{MeasureId, Period};
use throughline_engine::MeasureReading;
use throughline_model::records::ReviewState;
use throughline_model::{Entry, Kind};

use super::links;
use super::review_records::RecordForm;
use crate::address::{Path, Query};
use crate::error::{PageResult, WebError, form_page};
use crate::frame::{Frame, Section};
use crate::parts::course_chart::CourseChart;
use crate::parts::problems::Problems;
use crate::parts::recorded::RecordedRow;
use crate::parts::review_item::{ItemWords, figures, grouped};
use crate::place::Place;
use crate::viewer::Viewer;

/// What can be recorded: kind, words, key.
pub const RECORDS: [(&str, &str, &str); 4] = [
    ("decision", "Decision", "d"),
    ("action", "Action", "a"),
    ("cause", "Root cause", "r"),
    ("lesson", "Lesson", "l"),
];

/// The state of the page.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct ReviewQuery {
    /// The number of the item that is shown, from 1.
    #[serde(deserialize_with = "crate::address::number")]
    pub item: Option<usize>,
    /// What is being recorded.
    pub record: String,
    /// What was recorded last, to be undone: `decision/d-1`.
    pub done: String,
}

/// The page.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "review.html")]
pub struct ReviewPage {
    /// What is around it.
    pub frame: Frame,
    /// The key of the review.
    pub key: String,
    /// Which figures these are.
    pub said: String,
    /// The steps: words, what is known of it, `done`, `now` or `todo`.
    pub steps: Vec<(&'static str, String, &'static str)>,
    /// The next step: its word and what its button says.
    pub next: Option<(&'static str, &'static str)>,
    /// Who can be present: key, name and whether they were.
    pub members: Vec<(String, String, bool)>,
    /// The address of the minutes, once it is closed.
    pub minutes: Option<String>,
    /// The number of the item that is shown.
    pub number: usize,
    /// How many there are.
    pub count: usize,
    /// The item.
    pub item: Option<ItemWords>,
    /// Its measure over time.
    pub chart: Option<CourseChart>,
    /// Its periods as a table: name, value, target.
    pub periods: Vec<(String, String, String)>,
    /// The addresses of the items before and after.
    pub around: [Option<String>; 2],
    /// What can be recorded: kind, words, key, address, whether it is chosen.
    pub records: Vec<(&'static str, &'static str, &'static str, String, bool)>,
    /// The form, as far as it is filled.
    pub form: RecordForm,
    /// Measures of which an effect can be predicted: key and name.
    pub measures: Vec<(String, String)>,
    /// People who can do something: key and name.
    pub people: Vec<(String, String)>,
    /// What is wrong with the form.
    pub problems: Problems,
    /// What was recorded on this item.
    pub recorded: Vec<RecordedRow>,
    /// What was recorded on what is on the agenda no more, or on no item.
    pub elsewhere: Vec<RecordedRow>,
    /// The agenda in groups: the number, its address and whether it is shown.
    pub agenda: Vec<(&'static str, Vec<AgendaRow>)>,
    /// How the agenda came to be.
    pub wrote_itself: String,
    /// What misses its target as before: a line, and each of them.
    pub routine: (String, Vec<(String, String)>),
    /// What moved since the last review: a line, and each of it.
    pub moved: (String, Vec<(String, String)>),
    /// What was recorded just now: words, kind and key.
    pub done: Option<(String, String, String)>,
    /// Whether something may be recorded.
    pub may_record: bool,
    /// Whether somebody has chosen what to record: they write at once.
    pub is_recording: bool,
}

/// A line of the agenda.
#[derive(Debug, Clone)]
pub struct AgendaRow {
    /// Its number.
    pub number: usize,
    /// Its title.
    pub title: String,
    /// What is known of it.
    pub short: String,
    /// Its minutes.
    pub minutes: u16,
    /// Its address.
    pub href: String,
    /// Whether it is shown.
    pub is_current: bool,
}

/// Shows a review.
///
/// # Errors
/// If there is none with that key, or as of the use case.
pub async fn get(
    viewer: Viewer,
    Path(key): Path<String>,
    Query(state): Query<ReviewQuery>,
) -> PageResult {
    let read = review(&viewer.ctx, &key).await?;
    shown(&viewer, &read, &state, None, Problems::default())
}

/// The page, with a form that was not accepted where there is one.
pub(super) fn shown(
    viewer: &Viewer,
    read: &ReadReview,
    state: &ReviewQuery,
    form: Option<RecordForm>,
    problems: Problems,
) -> PageResult {
    let page = ReviewPage::of(viewer, read, state, form, problems);
    form_page(&page, &page.problems)
}

/// Answers with the minutes of a closed review, as Markdown.
///
/// # Errors
/// If there is none with that key or it is not closed yet, or as of the use case.
pub async fn get_minutes(viewer: Viewer, Path(key): Path<String>) -> PageResult {
    let read = review(&viewer.ctx, &key).await?;
    if read.review.state() != ReviewState::Closed {
        return Err(WebError::NotThere);
    }
    let text = minutes(&read);
    Ok((
        [(header::CONTENT_TYPE, "text/markdown; charset=utf-8")],
        text,
    )
        .into_response())
}

/// The address of a review, with a state.
pub(super) fn address(place: &Place, key: &str, state: &[(&'static str, &str)]) -> String {
    place.href_with(&format!("/reviews/{key}"), state)
}

impl ReviewPage {
    fn of(
        viewer: &Viewer,
        read: &ReadReview,
        state: &ReviewQuery,
        form: Option<RecordForm>,
        problems: Problems,
    ) -> ReviewPage {
        let key = read.review.key.to_string();
        let at_period = place_of(viewer, read);
        let items: Vec<ItemWords> = read
            .agenda
            .items
            .iter()
            .map(|item| ItemWords::of(read, item, &at_period))
            .collect();
        let number = state.item.unwrap_or(1).clamp(1, items.len().max(1));
        let href = |number: usize| {
            let number = number.to_string();
            address(&viewer.place, &key, &[("item", number.as_str())])
        };
        let item = items.get(number - 1).cloned();
        let measure = read
            .agenda
            .items
            .get(number - 1)
            .and_then(|item| match item.subject {
                Subject::Change(measure, _) | Subject::Turned(measure, _) => Some(measure),
                Subject::Effect(decision) => {
                    let decision = read.model.decisions().get(decision)?;
                    decision.effect.as_ref().map(|effect| effect.measure)
                }
                Subject::Overdue(_) | Subject::Link(_) => None,
            });
        let chosen = RECORDS.iter().find(|(kind, ..)| *kind == state.record);
        let chosen = chosen.map_or("decision", |(kind, ..)| kind);
        let form =
            form.unwrap_or_else(|| RecordForm::new(viewer, read, chosen, item.as_ref(), measure));
        let title = format!("{}, {}", read.body.name, words::date(read.review.on));
        let frame = Frame::new(viewer, Section::Reviews, problems.title(&title));
        let about = item.as_ref().map(|item| item.key.clone());
        ReviewPage {
            frame: frame
                .below("Reviews", links::page(&viewer.place, "reviews"))
                .below(title, None)
                .of_record(viewer, Kind::Review, &key),
            said: said(read),
            steps: steps(read),
            next: next(read).filter(|_| read.may_hold),
            members: members(read),
            minutes: (read.review.state() == ReviewState::Closed)
                .then(|| viewer.place.href(&format!("/reviews/{key}/minutes"))),
            number,
            count: items.len(),
            chart: measure.and_then(|measure| chart(read, measure)),
            periods: measure.map_or_else(Vec::new, |measure| periods(read, measure)),
            around: [
                (number > 1).then(|| href(number - 1)),
                (number < items.len()).then(|| href(number + 1)),
            ],
            records: RECORDS
                .iter()
                .map(|(kind, words, letter)| {
                    let number = number.to_string();
                    let state = [("item", number.as_str()), ("record", kind)];
                    let href = address(&viewer.place, &key, &state);
                    (*kind, *words, *letter, href, *kind == form.kind)
                })
                .collect(),
            form,
            measures: names_of_measures(read),
            people: read
                .model
                .people()
                .iter()
                .map(|person| (person.key.to_string(), person.name.clone()))
                .collect(),
            problems,
            recorded: RecordedRow::on(read, |of| of == about.as_deref()),
            elsewhere: RecordedRow::on(read, |of| {
                of != about.as_deref() && !items.iter().any(|item| of == Some(item.key.as_str()))
            }),
            agenda: grouped(&items)
                .into_iter()
                .map(|(group, rows)| {
                    let rows = rows.into_iter().map(|(place, item)| AgendaRow {
                        number: place,
                        title: item.title,
                        short: item.short,
                        minutes: item.minutes,
                        href: href(place),
                        is_current: place == number,
                    });
                    (group, rows.collect())
                })
                .collect(),
            wrote_itself: wrote_itself(read),
            routine: routine(read),
            moved: moved(read),
            done: done(read, &state.done),
            is_recording: RECORDS.iter().any(|(kind, ..)| *kind == state.record),
            may_record: read.may_hold && read.review.state() != ReviewState::Closed,
            item,
            key,
        }
    }
}

/// Unit and period of the review, for links to what it shows.
fn place_of(viewer: &Viewer, read: &ReadReview) -> Place {
    let at = Place {
        known_at: read.review.frozen.map(|at| at.to_string()),
        ..viewer.place.clone()
    };
    at.at_unit(read.read.selected.unit_key())
        .in_period(read.read.selected.period_name())
}

fn said(read: &ReadReview) -> String {
    let calendar = read.model.calendar();
    let figures = format!(
        "Figures for {}, {}",
        read.read.selected.unit_name(),
        words::period(&read.review.period, calendar)
    );
    match read.review.frozen {
        Some(at) => format!("{figures}, as known on {}.", words::instant(at, calendar)),
        None => format!("{figures}, as known now."),
    }
}

fn steps(read: &ReadReview) -> Vec<(&'static str, String, &'static str)> {
    let (review, calendar) = (&read.review, read.model.calendar());
    let at = |at: Option<jiff::Timestamp>| {
        at.map_or_else(String::new, |at| words::instant(at, calendar))
    };
    let all = [
        (ReviewState::Prepared, "Prepared", wrote_itself(read)),
        (ReviewState::Frozen, "Frozen", at(review.frozen)),
        (ReviewState::InSession, "In session", at(review.opened)),
        (ReviewState::Closed, "Closed", at(review.closed)),
    ];
    let state = review.state();
    let line = |(step, words, about): (ReviewState, &'static str, String)| {
        let class = match step.cmp(&state) {
            std::cmp::Ordering::Less => "done",
            std::cmp::Ordering::Equal => "now",
            std::cmp::Ordering::Greater => "todo",
        };
        (words, about, class)
    };
    all.into_iter().map(line).collect()
}

fn next(read: &ReadReview) -> Option<(&'static str, &'static str)> {
    let step = Step::after(read.review.state())?;
    let words = match step {
        Step::Freeze => "Freeze the figures",
        Step::Open => "Open the review",
        Step::Close => "Close the review",
    };
    Some((step.word(), words))
}

fn members(read: &ReadReview) -> Vec<(String, String, bool)> {
    let members = read.body.members.iter().filter_map(|member| {
        let person = read.model.people().get(member.person)?;
        let was_there = read.review.present.contains(&member.person);
        Some((person.key.to_string(), person.name.clone(), was_there))
    });
    members.collect()
}

fn wrote_itself(read: &ReadReview) -> String {
    let measures = read.read.scorecard.measures.len();
    let measures = match read.body.measures.len() {
        0 => measures,
        own => own,
    };
    format!(
        "Wrote itself from {}",
        words::count(measures as u64, "measure")
    )
}

fn name_of(
    read: &ReadReview,
    measure: MeasureId,
) -> Option<&Entry<throughline_model::records::Measure>> {
    read.read
        .selected
        .model
        .measures()
        .get(measure)
        .map(AsRef::as_ref)
}

fn routine(read: &ReadReview) -> (String, Vec<(String, String)>) {
    let lines = read.agenda.routine.iter().filter_map(|measure| {
        let record = name_of(read, *measure)?;
        Some((
            record.name.clone(),
            figures(read.reading(*measure)?, record),
        ))
    });
    let lines: Vec<_> = lines.collect();
    let count = words::count(lines.len() as u64, "measure");
    let verb = if lines.len() == 1 {
        "misses its target"
    } else {
        "miss their target"
    };
    (format!("{count} {verb} without a sign of change"), lines)
}

fn moved(read: &ReadReview) -> (String, Vec<(String, String)>) {
    let Some(since) = &read.since else {
        return (String::new(), Vec::new());
    };
    let values = since
        .values
        .iter()
        .filter_map(|one: &MovedSince<Option<f64>>| {
            let record = name_of(read, one.measure)?;
            let said = |value| match value {
                None => "no value".to_owned(),
                value => numbers::value(value, record),
            };
            let moved = format!("{} → {} since the pack", said(one.before), said(one.after));
            Some((record.name.clone(), moved))
        });
    let targets = since.targets.iter().filter_map(|one| {
        let record = name_of(read, one.measure)?;
        let said = |target| match target {
            None => "no target".to_owned(),
            Some(target) => numbers::target_in_words(target, record),
        };
        let moved = format!("target {} → {}", said(one.before), said(one.after));
        Some((record.name.clone(), moved))
    });
    let lines: Vec<_> = values.chain(targets).collect();
    let count = words::count(lines.len() as u64, "figure");
    let on = words::date(since.review.on);
    (format!("{count} moved since the review of {on}"), lines)
}

fn names_of_measures(read: &ReadReview) -> Vec<(String, String)> {
    let measures = read.read.scorecard.measures.iter();
    let measures = measures.filter_map(|reading| name_of(read, reading.measure));
    measures
        .map(|measure| (measure.key.to_string(), numbers::name_with_unit(measure)))
        .collect()
}

fn chart(read: &ReadReview, measure: MeasureId) -> Option<CourseChart> {
    let readings = &read.over_time(measure)?.trend.readings;
    let first = readings
        .iter()
        .position(|(_, reading)| reading.value.is_some())?;
    let point = |(period, reading): &(Period, MeasureReading)| CoursePoint {
        period: *period,
        reading: reading.clone(),
        year_before: None,
    };
    let course = Course {
        reach: Reach::All,
        reaches: Vec::new(),
        so_far: readings[first..].iter().map(point).collect(),
        to_come: Vec::new(),
        is_cut: false,
    };
    CourseChart::of(
        &course,
        name_of(read, measure)?,
        read.model.calendar(),
        None,
    )
}

fn periods(read: &ReadReview, measure: MeasureId) -> Vec<(String, String, String)> {
    let (Some(record), Some(over_time)) = (name_of(read, measure), read.over_time(measure)) else {
        return Vec::new();
    };
    let rows = over_time.trend.readings.iter();
    let rows = rows.skip_while(|(_, reading)| reading.value.is_none());
    rows.map(|(period, reading)| {
        (
            words::period(period, read.model.calendar()),
            numbers::bare(reading.value, record),
            numbers::target(reading.target, record),
        )
    })
    .collect()
}

/// What was recorded last, from the address: only something that stands in this review, for who may take it back.
fn done(read: &ReadReview, text: &str) -> Option<(String, String, String)> {
    let rows = RecordedRow::on(read, |_| true).into_iter();
    let mut rows = rows.filter(|_| read.may_hold && read.review.closed.is_none());
    let row = rows.find(|row| text.split_once('/') == Some((row.kind, row.key.as_str())))?;
    let said = format!("{} {} is recorded.", row.label, row.key);
    Some((said, row.kind.to_owned(), row.key))
}

impl ReviewPage {
    fn all_minutes(&self) -> u16 {
        let rows = self.agenda.iter().flat_map(|(_, rows)| rows);
        rows.map(|row| row.minutes).sum()
    }
}
