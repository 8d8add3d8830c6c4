//! Weeks that are named by a day: by the one on which they begin, the one on which they end, or a Sunday of which nothing is said.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};
use serde::{Deserialize, Serialize};
use throughline_core::Calendar;

use crate::facts::Fact;
use crate::words::{plain, role_of};

/// Which day of a week is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Edge {
    /// The one on which it begins: `w/c`.
    First,
    /// The one on which it ends: `w/e`.
    Last,
}

impl Edge {
    /// The middle of the week that begins or ends on a day. It lies in the week of the calendar that shares most days with it.
    #[must_use]
    pub fn middle(self, day: Date) -> Date {
        match self {
            Edge::First => day.saturating_add(3.days()),
            Edge::Last => day.saturating_sub(3.days()),
        }
    }
}

/// The words that name a week by a day, with which day that is.
#[rustfmt::skip]
const WORDS: &[(&str, Option<Edge>)] = &[
    ("w/e", Some(Edge::Last)), ("w.e.", Some(Edge::Last)), ("wk ending", Some(Edge::Last)), ("week ending", Some(Edge::Last)),
    ("wk end", Some(Edge::Last)), ("week end", Some(Edge::Last)), ("w/ending", Some(Edge::Last)), ("w/c", Some(Edge::First)),
    ("w/b", Some(Edge::First)), ("w.c.", Some(Edge::First)), ("week commencing", Some(Edge::First)),
    ("week beginning", Some(Edge::First)), ("week of", None),
];

/// What stands behind words that name a week by a day, and which day that is, if they say it.
pub fn behind(text: &str) -> Option<(&str, Option<Edge>)> {
    WORDS.iter().find_map(|(words, edge)| {
        let rest = text.strip_prefix(words)?;
        let day = rest.strip_prefix(": ").or_else(|| rest.strip_prefix(' '))?;
        Some((day, *edge))
    })
}

/// Which day of a week a text says that days are, with what stands before and behind it, in plain words.
fn parts(text: &str) -> Option<(Edge, String, String)> {
    let said = format!(" {} ", plain(text));
    WORDS.iter().find_map(|(words, edge)| {
        let (before, behind) = said.split_once(&format!(" {} ", plain(words)))?;
        let is_mark = |character: char| !character.is_alphanumeric();
        let [before, behind] = [before, behind].map(|text| text.trim_matches(is_mark).to_owned());
        edge.map(|edge| (edge, before, behind))
    })
}

/// Which day of their weeks days are, by a text that says nothing else.
pub fn alone(text: &str) -> Option<Edge> {
    let (edge, before, behind) = parts(text)?;
    (before.is_empty() && behind.is_empty()).then_some(edge)
}

/// Which day of their weeks the days below the heading of their column are, if that says it, whatever else it says but a number:
/// that is of one day.
pub fn above_days(heading: &str) -> Option<Edge> {
    let (edge, ..) = parts(heading)?;
    (!has_digit(heading)).then_some(edge)
}

/// Which day of their weeks the days right of a label are, if that says it at its end (`Tickets, w/c`), or beside a word for what
/// stands below it (`W/E KPI`) or a day (`Week ending Sunday`). What goes on is a name: `Week end stock`.
pub fn beside_days(label: &str) -> Option<Edge> {
    let (edge, before, behind) = parts(label)?;
    let rest = format!("{before} {behind}");
    let is_named = behind.is_empty() || role_of(&rest).is_some() || is_weekday(rest.trim());
    (is_named && !has_digit(label)).then_some(edge)
}

fn has_digit(text: &str) -> bool {
    text.bytes().any(|byte| byte.is_ascii_digit())
}

fn is_weekday(text: &str) -> bool {
    #[rustfmt::skip]
    const DAYS: &[&str] = &[
        "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "mon", "tue", "wed", "thu", "fri", "sat",
        "sun",
    ];
    DAYS.contains(&text)
}

/// Whether most days that are said to be the last ones of weeks are those on which weeks of the calendar begin. Nobody's week ends
/// there; one that begins on the day on which those of the calendar end, on a Sunday, is a week.
pub fn end_where_weeks_begin(days: &[Date], calendar: &Calendar) -> bool {
    let first = days
        .iter()
        .filter(|day| day.weekday() == calendar.week_starts());
    first.count() * 2 > days.len()
}

/// What is said of the Sundays by which the weeks of a measure are named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sundays {
    /// Which day of their weeks they are.
    Said(Edge),
    /// Nothing.
    Unsaid,
}

/// What is said of the days of weekly values, if all of these are Sundays that are no first days of the calendar's weeks, and not
/// said to be one thing here and another there.
pub fn sundays(facts: &[&Fact], calendar: &Calendar) -> Option<Sundays> {
    let mut all = None;
    for said in facts.iter().filter_map(|fact| fact.said) {
        let Some(day) = said.day else {
            continue;
        };
        all = match (all, said.edge) {
            _ if !is_sunday(day, calendar) => return None,
            (Some(Sundays::Said(known)), Some(edge)) if known != edge => return None,
            (_, Some(edge)) => Some(Sundays::Said(edge)),
            (known, None) => known.or(Some(Sundays::Unsaid)),
        };
    }
    all
}

/// Whether a day is a Sunday, and weeks of the calendar begin on another day.
pub fn is_sunday(day: Date, calendar: &Calendar) -> bool {
    day.weekday() == Weekday::Sunday && calendar.week_starts() != Weekday::Sunday
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_say_which_day_of_a_week_is_named() {
        assert_eq!(behind("w/e: 6 march"), Some(("6 march", Some(Edge::Last))));
        assert_eq!(behind("week of 6 march"), Some(("6 march", None)));
        assert_eq!(behind("weekly"), None);
    }

    #[test]
    fn words_count_where_they_speak_of_days() {
        let (first, last) = (Some(Edge::First), Some(Edge::Last));
        for (text, alone_says, above_says, beside_says) in [
            ("Week ending:", last, last, last),
            ("w.c.", first, first, first),
            ("KPI (w/e)", None, last, last),
            ("Tickets, w/c", None, first, first),
            ("W/E date", None, last, last),
            ("Week ending Sunday", None, last, last),
            ("W/E (dd/mm)", None, last, None),
            ("Week end stock", None, last, None),
            ("W/C days", None, first, None),
            ("Week ending 8 March 2026", None, None, None),
            ("Figures of 2026, w/e", None, None, None),
            ("Flow/efficiency", None, None, None),
            ("Week of", None, None, None),
        ] {
            assert_eq!(alone(text), alone_says, "{text}");
            assert_eq!(above_days(text), above_says, "{text}");
            assert_eq!(beside_days(text), beside_says, "{text}");
        }
    }
}
