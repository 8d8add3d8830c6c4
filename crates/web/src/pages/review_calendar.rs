//! The days on which the bodies meet, as a calendar to subscribe to.

use axum::http::header;
use axum::response::IntoResponse;
use jiff::tz::TimeZone;
use throughline_app::review::{MeetingAhead, ReadReviews, reviews};

use crate::error::PageResult;
use crate::viewer::Viewer;

/// Answers with the days on which the bodies meet, as a calendar by RFC 5545.
///
/// # Errors
/// As of the use case.
pub async fn calendar(viewer: Viewer) -> PageResult {
    let read = reviews(&viewer.ctx).await?;
    let text = calendar_of(&read, viewer.ctx.now());
    Ok((
        [(header::CONTENT_TYPE, "text/calendar; charset=utf-8")],
        text,
    )
        .into_response())
}

/// The longest line of a calendar, in bytes, its break not counted.
const LINE_MAX: usize = 75;

fn calendar_of(read: &ReadReviews, now: jiff::Timestamp) -> String {
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
