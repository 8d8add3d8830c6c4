//! What people read, in every way in: dates, instants and counts here, values, names and meanings in the modules.

pub mod bounds;
pub mod derivation;
pub mod meaning;
pub mod names;
mod node;
pub mod numbers;
pub mod parts;
pub mod spans;

use jiff::Timestamp;
use jiff::civil::Date;
use throughline_core::{Calendar, Frequency, Origin, Period};
use throughline_ledger::CommitKind;
use throughline_model::{Kind, Model};

use crate::history::Told;

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// `23 Nov 2026`
pub fn date(day: Date) -> String {
    format!("{} {} {}", day.day(), month(day), day.year())
}

/// `23 Nov 2026, 14:05`, in the organisation's time zone.
pub fn instant(at: Timestamp, calendar: &Calendar) -> String {
    let local = calendar.time_zone().to_datetime(at);
    format!(
        "{}, {:02}:{:02}",
        date(local.date()),
        local.hour(),
        local.minute()
    )
}

/// `23 Nov 2026, 14:05:09`, in the organisation's time zone, where minutes are not enough.
pub fn instant_to_the_second(at: Timestamp, calendar: &Calendar) -> String {
    let second = calendar.time_zone().to_datetime(at).second();
    format!("{}:{second:02}", instant(at, calendar))
}

/// The days of a period: `1 to 30 Jun 2013`.
pub fn days(period: &Period) -> String {
    let (first, last) = (period.first, period.last);
    if first == last {
        return date(first);
    }
    let from = if first.year() != last.year() {
        date(first)
    } else if first.month() != last.month() {
        format!("{} {}", first.day(), month(first))
    } else {
        first.day().to_string()
    };
    format!("{from} to {}", date(last))
}

/// A period as people call it: `Jun 2013`, `Q2 2013`, `Week 23, 2013`, `FY2018`, `Q1 FY2018`.
pub fn period(period: &Period, calendar: &Calendar) -> String {
    let name = calendar.name(period);
    match period.frequency {
        Frequency::Day => date(period.first),
        Frequency::Month => format!("{} {}", month(period.first), period.first.year()),
        Frequency::Week => match name.split_once("-W") {
            Some((year, week)) => format!("Week {}, {year}", week.trim_start_matches('0')),
            None => name,
        },
        // `2013-Q2` is read as `Q2 2013`; a year is its own name.
        _ => match name.split_once('-') {
            Some((year, part)) => format!("{part} {year}"),
            None => name,
        },
    }
}

fn month(day: Date) -> &'static str {
    // A month is 1 to 12.
    MONTHS[usize::try_from(day.month() - 1).unwrap_or(0)]
}

/// Who made a commit, by name.
pub fn author(told: &Told, model: &Model) -> String {
    match (&told.author, told.commit.author) {
        (Some(key), Some(person)) => {
            let name = names::name(model, (Kind::Person, person.as_uuid()));
            if name == *key {
                name
            } else {
                format!("{name} ({key})")
            }
        }
        (None, Some(_)) => "a person who is not in the plan any more".to_owned(),
        _ if told.commit.origin == Origin::CommandLine => "the local administrator".to_owned(),
        _ => "the system".to_owned(),
    }
}

/// What is in a commit: `12 records, 4 observations`
pub fn contents(told: &Told) -> String {
    let commit = &told.commit;
    let mut parts = Vec::new();
    if commit.kind == CommitKind::Erasure {
        parts.push("a person erased".to_owned());
    } else if commit.records > 0 {
        parts.push(count(commit.records, "record"));
    }
    if commit.observations > 0 {
        parts.push(count(commit.observations, "observation"));
    }
    if commit.draft.is_some() {
        parts.push("in a draft".to_owned());
    }
    if commit.brought_in {
        parts.push("brought in as history".to_owned());
    }
    if parts.is_empty() {
        commit.kind.to_string()
    } else {
        parts.join(", ")
    }
}

/// `1 record`, `1,204 records`
pub fn count(number: u64, singular: &str) -> String {
    let plural = match singular.strip_suffix('y') {
        Some(stem) if !singular.ends_with("ay") && !singular.ends_with("ey") => {
            format!("{stem}ies")
        }
        _ => format!("{singular}s"),
    };
    let word = if number == 1 { singular } else { &plural };
    format!("{} {word}", grouped(number))
}

/// The days up to which they are counted as such.
const COUNTED_DAYS_MAX: u32 = 99;

/// A stretch of days as people say it: `66 days`, `5 months`, `12 years`.
pub fn how_long(days: u32) -> String {
    let months = (f64::from(days) / 30.44) as u64;
    match months {
        _ if days <= COUNTED_DAYS_MAX => count(u64::from(days), "day"),
        ..24 => count(months, "month"),
        _ => count(months / 12, "year"),
    }
}

/// `1,204`
pub fn grouped(number: u64) -> String {
    throughline_core::format_value(
        Some(number as f64),
        &throughline_core::UnitOfMeasure::None,
        0,
    )
}

/// `a`, `a and b`, `a, b and c`
pub fn list(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
    }
}

/// A name as it stands within a sentence: its first letter is small, unless it begins with an abbreviation.
pub fn within(name: &str) -> String {
    let mut letters = name.chars();
    match (letters.next(), letters.clone().next()) {
        (Some(_), Some(second)) if second.is_uppercase() => name.to_owned(),
        (Some(first), _) => first.to_lowercase().chain(letters).collect(),
        (None, _) => String::new(),
    }
}

/// The text with its first letter as a capital.
pub fn sentence(text: &str) -> String {
    let mut characters = text.chars();
    match characters.next() {
        Some(first) => first.to_uppercase().chain(characters).collect(),
        None => String::new(),
    }
}

/// The text with a full stop, if it does not end already.
pub fn stopped(text: &str) -> String {
    match text.ends_with(['.', '!', '?', ':', '…']) {
        true => text.to_owned(),
        false => format!("{text}."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_and_instants_read_as_text() {
        let calendar = Calendar::default();
        let check = |name: &str, expected: &str| {
            assert_eq!(days(&calendar.parse_period(name).unwrap()), expected);
        };
        check("2013-06", "1 to 30 Jun 2013");
        check("2013-W01", "31 Dec 2012 to 6 Jan 2013");
        check("2013-Q2", "1 Apr to 30 Jun 2013");
        check("2013-06-07", "7 Jun 2013");
        let called = |name: &str, expected: &str| {
            let meant = calendar.parse_period(name).unwrap();
            assert_eq!(period(&meant, &calendar), expected);
        };
        called("2013-06-07", "7 Jun 2013");
        called("2013-W01", "Week 1, 2013");
        called("2013-06", "Jun 2013");
        called("2013-Q2", "Q2 2013");
        called("2013-H1", "H1 2013");
        called("2013", "2013");
        let at = "2013-07-08T04:05:06Z".parse().unwrap();
        assert_eq!(instant(at, &calendar), "8 Jul 2013, 04:05");
    }

    #[test]
    fn counts_have_their_plural() {
        assert_eq!(count(1, "entry"), "1 entry");
        assert_eq!(count(2, "entry"), "2 entries");
        assert_eq!(count(1204, "day"), "1,204 days");
        assert_eq!(count(0, "record"), "0 records");
        for (number, words) in [
            (1, "1 day"),
            (99, "99 days"),
            (100, "3 months"),
            (800, "2 years"),
        ] {
            assert_eq!(how_long(number), words);
        }
        assert_eq!(list(&["a".into(), "b".into(), "c".into()]), "a, b and c");
        assert_eq!(sentence("über"), "Über");
    }
}
