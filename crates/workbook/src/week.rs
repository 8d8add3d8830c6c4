//! Weeks that are named by a day: by the one on which they begin, the one on which they end, or a Sunday of which nothing is said.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};
use throughline_core::Calendar;

use crate::facts::Fact;
use crate::words::plain;

/// Which day of a week is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

/// Which day of their weeks the days below a heading or a title are, if that says it.
pub fn edge_in(text: &str) -> Option<Edge> {
    let said = format!(" {} ", plain(text));
    let mut words = WORDS.iter();
    words.find_map(|(words, edge)| {
        let is_said = said.contains(&format!(" {} ", plain(words)));
        edge.filter(|_| is_said)
    })
}

/// Whether all days of weekly values are Sundays, with no word of which day of their weeks these are: weeks begin on them, then,
/// as those that end on a Sunday are named by their end in words.
pub fn begin_on_sundays(facts: &[&Fact], calendar: &Calendar) -> bool {
    let said = facts.iter().filter_map(|fact| fact.said);
    let mut days = said
        .filter_map(|said| Some((said.day?, said.edge)))
        .peekable();
    calendar.week_starts() != Weekday::Sunday
        && days.peek().is_some()
        && days.all(|(day, edge)| day.weekday() == Weekday::Sunday && edge.is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_say_which_day_of_a_week_is_named() {
        assert_eq!(behind("w/e: 6 march"), Some(("6 march", Some(Edge::Last))));
        assert_eq!(behind("week of 6 march"), Some(("6 march", None)));
        assert_eq!(behind("weekly"), None);
        assert_eq!(edge_in("KPI (w/e)"), Some(Edge::Last));
        assert_eq!(edge_in("Week commencing"), Some(Edge::First));
        assert_eq!(edge_in("Flow/efficiency"), None);
    }
}
