//! The days on which the bodies meet, as a calendar: to download, and to subscribe to by a private address that calendar
//! programs, which have no session, can ask.

use askama::Template;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use jiff::tz::TimeZone;
use throughline_app::review::{
    MeetingAhead, ReadReviews, calendar_by_link, end_calendar_link, has_calendar_link,
    new_calendar_link, reviews,
};

use super::links;
use super::sign_in::refuse_demo;
use crate::address::Path;
use crate::error::{PageResult, WebError, page};
use crate::frame::{Frame, Section};
use crate::server::Server;
use crate::viewer::Viewer;

/// The page of one's own calendar address.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "calendar.html")]
pub struct CalendarPage {
    /// What is around it.
    pub frame: Frame,
    /// The address that was just made, which is shown once.
    pub address: Option<String>,
    /// Whether there is one.
    pub is_there: bool,
}

/// Shows whether one has an address of the calendar.
///
/// # Errors
/// There is no such page for nobody in person, nor in the demonstration.
pub async fn get(viewer: Viewer) -> PageResult {
    refuse_demo(&viewer.server)?;
    let is_there = has_calendar_link(&viewer.ctx).await?;
    page(&CalendarPage::of(&viewer, None, is_there))
}

/// Makes an address, and shows it once; the one before ends.
///
/// # Errors
/// As of [`get`].
pub async fn renew(viewer: Viewer) -> PageResult {
    refuse_demo(&viewer.server)?;
    let token = new_calendar_link(&viewer.ctx).await?;
    let address = format!("{}/calendar/{token}{ENDING}", viewer.server.origin());
    page(&CalendarPage::of(&viewer, Some(address), true))
}

/// Ends the address.
///
/// # Errors
/// As of [`get`].
pub async fn end(viewer: Viewer) -> PageResult {
    refuse_demo(&viewer.server)?;
    end_calendar_link(&viewer.ctx).await?;
    Ok(Redirect::to("/calendar").into_response())
}

impl CalendarPage {
    fn of(viewer: &Viewer, address: Option<String>, is_there: bool) -> CalendarPage {
        let title = "Calendar";
        CalendarPage {
            frame: Frame::new(viewer, Section::Reviews, title)
                .below("Reviews", links::page(&viewer.place, "reviews"))
                .below(title, None),
            address,
            is_there,
        }
    }
}

/// How the address of a calendar ends, so that programs know what it is.
const ENDING: &str = ".ics";

/// Answers whoever has a private address with the meetings that its person may see.
///
/// # Errors
/// If the address opens nothing: it is as if there were no such page.
pub async fn subscribed(State(server): State<Server>, Path(file): Path<String>) -> PageResult {
    refuse_demo(&server)?;
    let token = file.strip_suffix(ENDING).ok_or(WebError::NotThere)?;
    let (ctx, door) = (server.ctx_of_nobody(), server.link_door());
    let read = calendar_by_link(&ctx, server.live(), door, token).await?;
    Ok(answer(&server, &read.ok_or(WebError::NotThere)?))
}

/// Answers with the days on which the bodies meet, as a calendar by RFC 5545.
///
/// # Errors
/// As of the use case.
pub async fn calendar(viewer: Viewer) -> PageResult {
    let read = reviews(&viewer.ctx).await?;
    Ok(answer(&viewer.server, &read))
}

fn answer(server: &Server, read: &ReadReviews) -> Response {
    let text = calendar_of(read, server.now(), &server.origin());
    let kind = [(header::CONTENT_TYPE, "text/calendar; charset=utf-8")];
    (kind, text).into_response()
}

/// The longest line of a calendar, in bytes, its break not counted.
const LINE_MAX: usize = 75;

fn calendar_of(read: &ReadReviews, now: jiff::Timestamp, origin: &str) -> String {
    let stamp = now.strftime("%Y%m%dT%H%M%SZ").to_string();
    let zone = read.model.calendar().time_zone().clone();
    let mut lines = vec![
        "BEGIN:VCALENDAR".to_owned(),
        "VERSION:2.0".to_owned(),
        "PRODID:-//Throughline//Reviews//EN".to_owned(),
    ];
    for of in &read.bodies {
        for next in &of.next {
            let Some(begins) = begins_at(next, &zone) else {
                continue;
            };
            lines.extend([
                "BEGIN:VEVENT".to_owned(),
                format!("UID:{}-{}@throughline", of.body.id, next.on),
                format!("DTSTAMP:{stamp}"),
                begins,
            ]);
            if next.at.is_some() {
                lines.push(format!("DURATION:PT{}M", next.minutes));
            }
            lines.push(format!("SUMMARY:{}", escaped(&of.body.name)));
            let page = match &next.review {
                Some(review) => format!("/{}", review.key),
                None => format!("#body-{}", of.body.key),
            };
            lines.push(format!("URL:{origin}/reviews{page}"));
            lines.push("END:VEVENT".to_owned());
        }
    }
    lines.push("END:VCALENDAR".to_owned());
    lines.iter().map(|line| folded(line)).collect()
}

/// The line that says when a meeting begins; its day alone where no time of day is set.
fn begins_at(next: &MeetingAhead, zone: &TimeZone) -> Option<String> {
    let Some(at) = next.at else {
        return Some(format!("DTSTART;VALUE=DATE:{}", next.on.strftime("%Y%m%d")));
    };
    let begins = zone.to_timestamp(next.on.to_datetime(at)).ok()?;
    Some(format!("DTSTART:{}", begins.strftime("%Y%m%dT%H%M%SZ")))
}

/// A text of a calendar: commas, semicolons, backslashes and breaks are written with a backslash.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' => out.push_str("\\n"),
            '\r' => {}
            ',' | ';' | '\\' => out.extend(['\\', character]),
            _ => out.push(character),
        }
    }
    out
}

/// A line, continued on the next with a space where it is too long, with its break.
fn folded(line: &str) -> String {
    let mut out = String::with_capacity(line.len() + 2);
    let mut length = 0;
    for character in line.chars() {
        if length + character.len_utf8() > LINE_MAX {
            out.push_str("\r\n ");
            length = 1;
        }
        out.push(character);
        length += character.len_utf8();
    }
    out + "\r\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_a_calendar_are_short_and_read_back() {
        let long = format!("SUMMARY:{}", "é".repeat(100));
        let text = folded(&long);
        assert!(text.ends_with("\r\n"));
        assert!(
            text.trim_end()
                .split("\r\n")
                .all(|line| line.len() <= LINE_MAX)
        );
        assert_eq!(text.replace("\r\n ", "").trim_end(), long);
        assert_eq!(escaped("a,b;c\\d\ne"), "a\\,b\\;c\\\\d\\ne");
    }
}
