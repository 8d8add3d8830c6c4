//! Dates, periods and numbers of days and hours.

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use throughline_core::period::Period;

use crate::tree::Tree;
use crate::value::{Names, Reader, Shape, Value};

/// A number of days: `5 days`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Days(pub u16);

/// The longest wait that can be written, in days.
pub const DAYS_LIMIT: u16 = 3660;

impl Value for Days {
    fn shape() -> Shape {
        Shape::Pattern {
            pattern: "^[0-9]+ days?$",
            example: "5 days",
        }
    }

    fn read(tree: &Tree, reader: &mut Reader<'_>) -> Option<Self> {
        let text = reader.scalar(tree, "a number of days")?;
        let number = text
            .split_once(' ')
            .filter(|(_, unit)| matches!(*unit, "day" | "days"));
        match number
            .and_then(|(number, _)| number.parse::<u16>().ok())
            .filter(|days| *days <= DAYS_LIMIT)
        {
            Some(days) => Some(Days(days)),
            None => reader.error(
                "bad-days",
                format!("`{text}` is not a number of days up to {DAYS_LIMIT}"),
                Some("write it like `5 days`".into()),
            ),
        }
    }

    fn write(&self, _: &dyn Names) -> Tree {
        Tree::text(self.to_string())
    }
}

/// As the plan writes it: `5 days`.
impl std::fmt::Display for Days {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            1 => write!(out, "1 day"),
            days => write!(out, "{days} days"),
        }
    }
}

/// What to write in place of what is no date.
fn instead_of(text: &str) -> String {
    let numbers: Vec<&str> = text.split('-').collect();
    let is_written_like_one = matches!(numbers[..], [year, month, day]
        if year.len() == 4 && month.len() == 2 && day.len() == 2)
        && text.chars().all(|c| c.is_ascii_digit() || c == '-');
    match text.parse::<Date>() {
        Ok(date) if date.year() > 2200 && is_written_like_one => {
            "years run from 1900 to 2200; leave it out where there is no end".into()
        }
        Ok(_) if is_written_like_one => "years run from 1900 to 2200".into(),
        Err(_) if is_written_like_one => "the calendar has no such day".into(),
        _ => "write it like 2026-11-23".into(),
    }
}

/// A number of hours: `24 hours`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hours(pub u16);

/// The longest wait that can be written in hours: a week.
pub const HOURS_LIMIT: u16 = 168;

impl Value for Hours {
    fn shape() -> Shape {
        Shape::Pattern {
            pattern: "^[0-9]+ hours?$",
            example: "24 hours",
        }
    }

    fn read(tree: &Tree, reader: &mut Reader<'_>) -> Option<Self> {
        let text = reader.scalar(tree, "a number of hours")?;
        let number = text
            .split_once(' ')
            .filter(|(_, unit)| matches!(*unit, "hour" | "hours"));
        let number = number.and_then(|(number, _)| number.parse::<u16>().ok());
        match number.filter(|hours| *hours <= HOURS_LIMIT) {
            Some(hours) => Some(Hours(hours)),
            None => reader.error(
                "bad-hours",
                format!("`{text}` is not a number of hours up to {HOURS_LIMIT}"),
                Some("write it like `24 hours`".into()),
            ),
        }
    }

    fn write(&self, _: &dyn Names) -> Tree {
        Tree::text(match self.0 {
            1 => "1 hour".to_string(),
            hours => format!("{hours} hours"),
        })
    }
}

impl Value for Date {
    fn shape() -> Shape {
        Shape::Pattern {
            pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
            example: "2026-11-23",
        }
    }

    fn read(tree: &Tree, reader: &mut Reader<'_>) -> Option<Self> {
        let text = reader.scalar(tree, "a date")?;
        let date = text
            .parse::<Date>()
            .ok()
            .filter(|date| (1900..=2200).contains(&date.year()) && date.to_string() == text);
        match date {
            Some(date) => Some(date),
            None => reader.error(
                "bad-date",
                format!("`{text}` is not a date"),
                Some(instead_of(text)),
            ),
        }
    }

    fn write(&self, _: &dyn Names) -> Tree {
        Tree::text(self.to_string())
    }
}

impl Value for Time {
    fn shape() -> Shape {
        Shape::Pattern {
            pattern: "^([01][0-9]|2[0-3]):[0-5][0-9]$",
            example: "09:30",
        }
    }

    fn read(tree: &Tree, reader: &mut Reader<'_>) -> Option<Self> {
        let text = reader.scalar(tree, "a time of day")?;
        match Time::strptime("%H:%M", text) {
            Ok(time) if text.len() == 5 => Some(time),
            _ => reader.error(
                "bad-time",
                format!("`{text}` is not a time of day"),
                Some("write it like 09:30".into()),
            ),
        }
    }

    fn write(&self, _: &dyn Names) -> Tree {
        Tree::text(format!("{:02}:{:02}", self.hour(), self.minute()))
    }
}

impl Value for Timestamp {
    fn shape() -> Shape {
        Shape::Pattern {
            pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z$",
            example: "2026-11-25T16:00:00Z",
        }
    }

    fn read(tree: &Tree, reader: &mut Reader<'_>) -> Option<Self> {
        let text = reader.scalar(tree, "an instant")?;
        match text.parse::<Timestamp>() {
            Ok(at) if at.to_string() == text => Some(at),
            _ => reader.error(
                "bad-instant",
                format!("`{text}` is not an instant"),
                Some("write it in UTC, like 2026-11-25T16:00:00Z".into()),
            ),
        }
    }

    fn write(&self, _: &dyn Names) -> Tree {
        Tree::text(self.to_string())
    }
}

impl Value for Period {
    fn shape() -> Shape {
        Shape::Pattern {
            pattern: r"^(FY)?[0-9]{4}(-(Q[1-4]|H[12]|W[0-9]{2}|[0-9]{2}(-[0-9]{2})?))?$",
            example: "2026-Q4",
        }
    }

    fn read(tree: &Tree, reader: &mut Reader<'_>) -> Option<Self> {
        let text = reader.scalar(tree, "a period")?;
        match reader.calendar().parse_period(text) {
            Ok(period) => Some(period),
            Err(error) => reader.error("bad-period", error.to_string(), None),
        }
    }

    fn write(&self, names: &dyn Names) -> Tree {
        let name = names.calendar().name(self);
        // A year is written like the number that it looks like.
        if name.bytes().all(|byte| byte.is_ascii_digit()) {
            Tree::Plain(name)
        } else {
            Tree::Text(name)
        }
    }
}
