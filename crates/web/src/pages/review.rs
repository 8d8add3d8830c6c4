//! A review: its agenda beside one item at a time, with the figures, and what is recorded about it.

use askama::Template;
use axum::http::header;
use axum::response::IntoResponse;
use serde::Deserialize;
use throughline_app::agenda::Subject;
use throughline_app::review::{MissingFigures, ReadReview, act_of, review};
use throughline_app::words::{self, numbers};
use throughline_model::Kind;
use throughline_model::observation::CommitNumber;
use throughline_model::records::ReviewState;

use super::links;
use super::review_records::{RecordForm, why_of};
use super::reviews::calendar_address;
use crate::address::{Path, Query};
use crate::error::{PageResult, WebError, form_page};
use crate::frame::{Frame, Section};
use crate::on_paper::pack;
use crate::parts::course_chart::CourseChart;
use crate::parts::meeting::Meeting;
use crate::parts::period_choice::{PeriodGroup, periods_after};
use crate::parts::predicted::Predicted;
use crate::parts::problems::Problems;
use crate::parts::recorded::RecordedRow;
use crate::parts::review_chart::{chart, measure_of, measure_of_item, periods};
use crate::parts::review_item::{ItemWords, grouped};
use crate::parts::review_notes::Note;
use crate::parts::review_people::{PeopleGroup, can_decide, can_do};
use crate::place::Place;
use crate::viewer::Viewer;

/// What can be recorded: kind, words, key.
pub const RECORDS: [(&str, &str, &str); 5] = [
    ("decision", "Decision", "d"),
    ("action", "Action", "a"),
    ("cause", "Root cause", "r"),
    ("lesson", "Lesson", "l"),
    ("remark", "Note", "n"),
];

/// What can be recorded in a review now: decisions once it is in session, all else before, too.
pub(super) fn offered(read: &ReadReview) -> Vec<(&'static str, &'static str, &'static str)> {
    let is_open = read.review.state() == ReviewState::InSession;
    let kinds = RECORDS.into_iter();
    kinds
        .filter(|(kind, ..)| is_open || *kind != "decision")
        .collect()
}

/// The state of the page.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct ReviewQuery {
    /// The number of the item that is shown, from 1.
    #[serde(deserialize_with = "crate::address::number")]
    pub item: Option<usize>,
    /// What is being recorded.
    pub record: String,
    /// Whether somebody is about to close it, and is asked first.
    pub closing: Option<String>,
    /// The commit of what was done last, to be undone.
    #[serde(deserialize_with = "crate::address::number")]
    pub done: Option<u64>,
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
    /// How far it is, who is there, how much time is left.
    pub meeting: Meeting,
    /// The address of the view for the wall.
    pub wall: Option<String>,
    /// The address of the pack, once the figures are frozen.
    pub pack: Option<String>,
    /// The address of the minutes, once it is closed.
    pub minutes: Option<String>,
    /// The commit that it is made after.
    pub position: u64,
    /// The number of the item that is shown.
    pub number: usize,
    /// How many there are.
    pub count: usize,
    /// The item.
    pub item: Option<ItemWords>,
    /// What became of it since the figures were frozen.
    pub since: Option<String>,
    /// Of a decision, what was predicted against what is there.
    pub predicted: Option<Predicted>,
    /// Its measure over time.
    pub chart: Option<CourseChart>,
    /// Its periods as a table: name, value, target.
    pub periods: Vec<(String, String, String)>,
    /// The addresses of the items before and after.
    pub around: [Option<String>; 2],
    /// What can be recorded: kind, words, key, whether it is chosen.
    pub records: Vec<(&'static str, &'static str, &'static str, bool)>,
    /// What a root cause asks about where nothing is written.
    pub asked: Option<String>,
    /// The periods in which a predicted effect can be there.
    pub periods_ahead: Vec<PeriodGroup>,
    /// The form, as far as it is filled.
    pub form: RecordForm,
    /// Measures of which an effect can be predicted: key and name.
    pub measures: Vec<(String, String)>,
    /// People who can do something, members of the body before others: key and name.
    pub people: Vec<PeopleGroup>,
    /// Who can have decided something, the decider of the body first: key and name.
    pub deciders: Vec<(String, String)>,
    /// How many others are not offered.
    pub more_people: usize,
    /// What is wrong with the form.
    pub problems: Problems,
    /// Why it was to be called off, where that was refused.
    pub why_off: String,
    /// Whether it was not called off.
    pub is_held: bool,
    /// What was recorded on this item.
    pub recorded: Vec<RecordedRow>,
    /// What was recorded on what is on the agenda no more, or on no item.
    pub elsewhere: Vec<RecordedRow>,
    /// The agenda in groups: the number, its address and whether it is shown.
    pub agenda: Vec<(&'static str, Vec<AgendaRow>)>,
    /// How the agenda came to be.
    pub wrote_itself: String,
    /// How many items the agenda has no place for.
    pub left_out: usize,
    /// Actions that are open and not late.
    pub open_actions: Option<Note>,
    /// What is noted without discussion.
    pub notes: Vec<Note>,
    /// How figures that are missing are called: they may still come, or did not until the review was frozen.
    pub missing_title: &'static str,
    /// Figures that are missing: of what and how much is there, and from whom.
    pub missing: Vec<(String, String)>,
    /// Whether it is to be held still.
    pub is_ahead: bool,
    /// The address of the calendar.
    pub calendar: &'static str,
    /// The items on which nothing is recorded, where somebody is about to close the review.
    pub asks: Vec<String>,
    /// What was done just now, and the commit that undoing takes back.
    pub done: Option<(String, u64)>,
    /// Whether something may be recorded.
    pub may_record: bool,
    /// Whether decisions are made: somebody is there.
    pub may_decide: bool,
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
    /// The small drawing of a decision.
    pub mark: String,
    /// What was recorded on it, in short.
    pub recorded: String,
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
    shown(&viewer, &read, &state, Refused::default()).await
}

/// A form that was not accepted: what was written in it, and what is wrong with it.
#[derive(Debug, Default)]
pub(super) struct Refused {
    /// The form of what is recorded.
    pub form: Option<RecordForm>,
    /// Why the review was to be called off.
    pub off: String,
    /// What is wrong.
    pub problems: Problems,
}

/// The page, with a form that was not accepted where there is one.
pub(super) async fn shown(
    viewer: &Viewer,
    read: &ReadReview,
    state: &ReviewQuery,
    refused: Refused,
) -> PageResult {
    let done = match state.done {
        Some(commit) => act_of(&viewer.ctx, read.review.key.as_str(), CommitNumber(commit)).await?,
        None => None,
    };
    let page = ReviewPage {
        done: done.map(|act| (act.words(), act.commit.0)),
        ..ReviewPage::of(viewer, read, state, refused)
    };
    form_page(&page, &page.problems)
}

/// Answers with the pack of a review whose figures are frozen, as PDF.
///
/// # Errors
/// If there is none with that key or it is not frozen yet, or as of the use case.
pub async fn get_pack(viewer: Viewer, Path(key): Path<String>) -> PageResult {
    let printer = viewer.server.printer().ok_or(WebError::NotThere)?;
    let read = review(&viewer.ctx, &key).await?;
    if read.review.frozen.is_none() {
        return Err(WebError::NotThere);
    }
    let bytes = pack(&viewer.ctx, &key, printer).await?;
    let name = format!("inline; filename=\"{}.pdf\"", read.review.key);
    let headers = [
        (header::CONTENT_TYPE, "application/pdf".to_owned()),
        (header::CONTENT_DISPOSITION, name),
    ];
    Ok((headers, bytes).into_response())
}

/// The address of an item of a review on the wall.
pub(super) fn wall_address(place: &Place, key: &str, number: usize) -> String {
    let number = number.to_string();
    place.href_with(
        &format!("/reviews/{key}/wall"),
        &[("item", number.as_str())],
    )
}

/// The address of a review, with a state.
pub(super) fn address(place: &Place, key: &str, state: &[(&'static str, &str)]) -> String {
    place.href_with(&format!("/reviews/{key}"), state)
}

impl ReviewPage {
    fn of(viewer: &Viewer, read: &ReadReview, state: &ReviewQuery, refused: Refused) -> ReviewPage {
        let Refused {
            form,
            off,
            problems,
        } = refused;
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
        let measure = measure_of_item(read, number);
        let offered = offered(read);
        let chosen = offered.iter().find(|(kind, ..)| *kind == state.record);
        let chosen = chosen.or(offered.first()).map_or("", |(kind, ..)| kind);
        let form =
            form.unwrap_or_else(|| RecordForm::new(viewer, read, chosen, item.as_ref(), measure));
        // What was refused stays where it was written.
        let records = RECORDS.iter();
        let records = records.filter(|one| offered.contains(one) || one.0 == form.kind);
        let title = format!("{}, {}", read.body.name, words::date(read.review.on));
        let frame = Frame::new(viewer, Section::Reviews, problems.title(&title));
        let about = item.as_ref().map(|item| item.key.clone());
        let people = can_do(read);
        ReviewPage {
            frame: frame
                .below("Reviews", links::page(&viewer.place, "reviews"))
                .below(title, None)
                .of_record(viewer, Kind::Review, &key),
            said: said(read),
            meeting: Meeting::of(read, viewer.ctx.now(), number, wrote_itself(read)),
            wall: read
                .review
                .called_off
                .is_none()
                .then(|| wall_address(&viewer.place, &key, number)),
            pack: (read.review.frozen.is_some() && viewer.server.printer().is_some())
                .then(|| viewer.place.href(&format!("/reviews/{key}/pack.pdf"))),
            minutes: (read.review.state() == ReviewState::Closed)
                .then(|| viewer.place.href(&format!("/reviews/{key}/minutes"))),
            position: viewer.position(),
            number,
            count: items.len(),
            since: since_frozen(read, number),
            predicted: Predicted::of_item(read, number),
            chart: measure.and_then(|measure| chart(read, measure)),
            periods: measure.map_or_else(Vec::new, |measure| periods(read, measure)),
            around: [
                (number > 1).then(|| href(number - 1)),
                (number < items.len()).then(|| href(number + 1)),
            ],
            records: records
                .map(|(kind, words, letter)| (*kind, *words, *letter, *kind == form.kind))
                .collect(),
            asked: item.as_ref().map(why_of),
            periods_ahead: periods_after(read.model.calendar(), &read.review.period, &form.by),
            form,
            measures: names_of_measures(read),
            people: people.0,
            more_people: people.1,
            deciders: can_decide(read),
            problems,
            recorded: RecordedRow::on(read, |of| of == about.as_deref()),
            elsewhere: RecordedRow::on(read, |of| {
                let is_on_agenda = || items.iter().any(|item| of == Some(item.key.as_str()));
                read.review.called_off.is_some() || (of != about.as_deref() && !is_on_agenda())
            }),
            agenda: grouped(&items)
                .into_iter()
                .map(|(group, rows)| {
                    let rows = rows.into_iter().map(|(place, item)| AgendaRow {
                        number: place,
                        title: item.title,
                        short: item.short,
                        mark: item.mark,
                        recorded: recorded_in_short(read, &item.key),
                        minutes: item.minutes,
                        href: href(place),
                        is_current: place == number,
                    });
                    (group, rows.collect())
                })
                .collect(),
            wrote_itself: wrote_itself(read),
            left_out: read.agenda.left_out,
            open_actions: Note::open_actions(read),
            notes: Note::all(read),
            missing_title: match read.review.frozen {
                None => "Figures still missing",
                Some(_) => "Figures that did not come",
            },
            missing: missing(read),
            calendar: calendar_address(viewer),
            is_ahead: !read.review.state().is_over(),
            asks: match state.closing.is_some() && read.review.state() == ReviewState::InSession {
                true => open_items(read, &viewer.place),
                false => Vec::new(),
            },
            done: None,
            is_recording: RECORDS.iter().any(|(kind, ..)| *kind == state.record),
            may_record: read.may_hold && !read.review.state().is_over(),
            may_decide: read.review.state() == ReviewState::InSession,
            item,
            why_off: off,
            is_held: read.review.called_off.is_none(),
            key,
        }
    }
}

/// What is missing, or was when the figures were frozen, as `Leaks, 80% is there` and the name of whom it comes from.
fn missing(read: &ReadReview) -> Vec<(String, String)> {
    if read.review.frozen.is_none() && read.review.state().is_over() {
        return Vec::new();
    }
    let missing = read.missing().into_iter();
    let line = |one: MissingFigures| {
        let there = one.there.filter(|share| *share > 0.0);
        let there = there.map_or_else(
            || "nothing is there".to_owned(),
            |share| format!("{} is there", numbers::share(Some(share))),
        );
        let from = one.from.map(|person| person.name.clone());
        (
            format!("{}, {there}", one.measure.name),
            from.unwrap_or_else(|| "Nobody answers for it".to_owned()),
        )
    };
    missing.map(line).collect()
}

/// That the action of an item is done by now, which the agenda of a frozen review does not know.
pub(super) fn since_frozen(read: &ReadReview, number: usize) -> Option<String> {
    let Subject::Overdue(action) = read.agenda.items.get(number.checked_sub(1)?)?.subject else {
        return None;
    };
    let done = read.model.actions().get(action)?.done?;
    Some(format!("It was done on {}.", words::date(done)))
}

/// Unit and period of the review, for links to what it shows.
pub(super) fn place_of(viewer: &Viewer, read: &ReadReview) -> Place {
    let at = Place {
        known_at: read.review.frozen.map(|at| at.to_string()),
        ..viewer.place.clone()
    };
    at.at_unit(read.read.selected.unit_key())
        .in_period(read.read.selected.period_name())
}

pub(crate) fn said(read: &ReadReview) -> String {
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

pub(crate) fn wrote_itself(read: &ReadReview) -> String {
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

fn names_of_measures(read: &ReadReview) -> Vec<(String, String)> {
    let measures = read.read.scorecard.measures.iter();
    let measures = measures.filter_map(|reading| measure_of(read, reading.measure));
    measures
        .map(|measure| (measure.key.to_string(), numbers::name_with_unit(measure)))
        .collect()
}

/// The titles of the items on which nothing is recorded.
pub(super) fn open_items(read: &ReadReview, place: &Place) -> Vec<String> {
    let items = read.agenda.items.iter();
    let items = items.map(|item| ItemWords::of(read, item, place));
    let open = items.filter(|item| recorded_in_short(read, &item.key).is_empty());
    open.map(|item| item.title).collect()
}

/// `Decision d-2, action a-3 recorded`; empty where nothing was.
pub(super) fn recorded_in_short(read: &ReadReview, item: &str) -> String {
    let rows = RecordedRow::on(read, |of| of == Some(item));
    let each: Vec<String> = rows
        .iter()
        .map(|row| format!("{} {}", row.label.to_lowercase(), row.key))
        .collect();
    match each.is_empty() {
        true => String::new(),
        false => format!("{} recorded", words::sentence(&each.join(", "))),
    }
}

impl ReviewPage {
    fn all_minutes(&self) -> u16 {
        let rows = self.agenda.iter().flat_map(|(_, rows)| rows);
        rows.map(|row| row.minutes).sum()
    }
}
