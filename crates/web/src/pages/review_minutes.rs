//! The minutes of a closed review: who was there, what it looked at, and what came of it; as a page to read and to print, and
//! as Markdown to keep.

use askama::Template;
use axum::http::header;
use axum::response::IntoResponse;
use throughline_app::review::{ReadReview, minutes, review};
use throughline_app::words;
use throughline_model::Kind;
use throughline_model::records::ReviewState;

use super::links;
use super::review::{address, place_of, recorded_in_short, said, since_frozen};
use crate::address::Path;
use crate::error::{PageResult, WebError, page};
use crate::frame::{Frame, Section};
use crate::parts::meeting::Meeting;
use crate::parts::recorded::RecordedRow;
use crate::parts::review_item::ItemWords;
use crate::viewer::Viewer;

/// The page.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "review_minutes.html")]
pub struct MinutesPage {
    /// What is around it.
    pub frame: Frame,
    /// The body and the day.
    pub title: String,
    /// Which figures these are.
    pub said: String,
    /// When it was held.
    pub held: String,
    /// Who was there, and whether they were enough to decide.
    pub meeting: Meeting,
    /// The review.
    pub back: String,
    /// The same as Markdown.
    pub text: String,
    /// Each item of the agenda.
    pub items: Vec<MinutesItem>,
    /// What came of it: the word of its kind, its heading, and each.
    pub recorded: Vec<(&'static str, &'static str, Vec<RecordedRow>)>,
}

/// An item of the agenda.
#[derive(Debug, Clone, Default)]
pub struct MinutesItem {
    /// The item in words.
    pub words: ItemWords,
    /// What became of it since the figures were frozen.
    pub since: Option<String>,
    /// What was recorded on it, in short.
    pub recorded: String,
}

/// What comes of a review: kind and heading.
const HEADINGS: [(Kind, &str); 5] = [
    (Kind::Decision, "Decisions"),
    (Kind::Action, "Actions"),
    (Kind::Cause, "Root causes"),
    (Kind::Lesson, "Lessons"),
    (Kind::Remark, "Notes"),
];

/// Shows the minutes of a closed review.
///
/// # Errors
/// If there is none with that key or it is not closed yet, or as of the use case.
pub async fn get(viewer: Viewer, Path(key): Path<String>) -> PageResult {
    page(&MinutesPage::of(&viewer, &closed(&viewer, &key).await?))
}

/// Answers with the minutes of a closed review, as Markdown to keep.
///
/// # Errors
/// If there is none with that key or it is not closed yet, or as of the use case.
pub async fn get_text(viewer: Viewer, Path(key): Path<String>) -> PageResult {
    let read = closed(&viewer, &key).await?;
    let name = format!("attachment; filename=\"{}.md\"", read.review.key);
    let headers = [
        (
            header::CONTENT_TYPE,
            "text/markdown; charset=utf-8".to_owned(),
        ),
        (header::CONTENT_DISPOSITION, name),
    ];
    Ok((headers, minutes(&read)).into_response())
}

/// A review that is closed: before, there are no minutes.
async fn closed(viewer: &Viewer, key: &str) -> Result<ReadReview, WebError> {
    let read = review(&viewer.ctx, key).await?;
    match read.review.state() {
        ReviewState::Closed => Ok(read),
        _ => Err(WebError::NotThere),
    }
}

impl MinutesPage {
    fn of(viewer: &Viewer, read: &ReadReview) -> MinutesPage {
        let (key, at_period) = (read.review.key.as_str(), place_of(viewer, read));
        let title = format!("{}, {}", read.body.name, words::date(read.review.on));
        let back = address(&viewer.place, key, &[]);
        let items = (1..).zip(&read.agenda.items);
        let rows = RecordedRow::on(read, |_| true);
        let of_kind = |kind: Kind| {
            let rows = rows.iter().filter(|row| row.kind == kind.word());
            rows.cloned().collect::<Vec<_>>()
        };
        let recorded = HEADINGS.map(|(kind, heading)| (kind.word(), heading, of_kind(kind)));
        MinutesPage {
            frame: Frame::new(viewer, Section::Reviews, format!("Minutes: {title}"))
                .below("Reviews", links::page(&viewer.place, "reviews"))
                .below(title.clone(), Some(back.clone()))
                .below("Minutes", None),
            said: said(read),
            held: held(read),
            meeting: Meeting::of(read, viewer.ctx.now(), 1, String::new()),
            text: viewer.place.href(&format!("/reviews/{key}/minutes.md")),
            items: items
                .map(|(number, item)| {
                    let words = ItemWords::of(read, item, &at_period);
                    MinutesItem {
                        since: since_frozen(read, number),
                        recorded: recorded_in_short(read, &words.key),
                        words,
                    }
                })
                .collect(),
            recorded: recorded.into_iter().collect(),
            title,
            back,
        }
    }
}

/// `Opened 3 Feb 2014, 05:00, closed 3 Feb 2014, 05:45.`
fn held(read: &ReadReview) -> String {
    let at = |at| words::instant(at, read.model.calendar());
    let opened = read.review.opened.map(at).unwrap_or_default();
    let closed = read.review.closed.map(at).unwrap_or_default();
    format!("Opened {opened}, closed {closed}.")
}
