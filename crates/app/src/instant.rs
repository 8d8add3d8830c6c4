//! Instants as people write them: a timestamp, or a date in the organisation's time zone.

use jiff::Timestamp;
use jiff::civil::Date;
use throughline_core::Calendar;
use throughline_ledger::HistoryRefused;

use crate::{AppError, words};

/// For which instant of a day a date stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OfDay {
    /// The first, as for what was recorded on that day.
    First,
    /// The last, as for what was known on that day.
    Last,
}

/// The instant that a text means.
///
/// # Errors
/// If it is neither a date nor a timestamp.
pub(crate) fn parse(text: &str, calendar: &Calendar, of_day: OfDay) -> Result<Timestamp, AppError> {
    let text = text.trim();
    // A date must be asked for first: the reader of dates also takes one from a timestamp.
    let is_date = text.len() == "2013-07-08".len();
    if let Some(day) = is_date.then(|| text.parse::<Date>().ok()).flatten() {
        return Ok(match of_day {
            OfDay::First => calendar.start_of_day(day),
            OfDay::Last => calendar.end_of_day(day),
        });
    }
    text.parse().map_err(|_| {
        let message = format!("`{text}` is no date and no timestamp");
        AppError::bad_request(message).with_help(
            "write a date such as 2013-07-08, or a timestamp such as 2013-07-08T12:00:00Z",
        )
    })
}

/// Why history cannot be brought in with its time, in the organisation's time zone, and what to do.
pub(crate) fn history_refused(refused: &HistoryRefused, calendar: &Calendar) -> (String, String) {
    let said = |at: &Timestamp| words::instant_to_the_second(*at, calendar);
    match refused {
        HistoryRefused::NotBeforeFirstCommit {
            recorded_at,
            bound,
            commit,
        } => (
            format!(
                "history of {} cannot be brought in: it must be before {}, when commit {commit} was made, the first without such a time",
                said(recorded_at),
                said(bound)
            ),
            "history goes before all else: bring it into a new ledger, or leave `recorded_at` out"
                .to_owned(),
        ),
        HistoryRefused::NotAscending {
            what,
            recorded_at,
            bound,
        } => (
            format!(
                "{what} of {} cannot be brought in: history is brought in from the oldest to the newest, and {what} up to {} are there",
                said(recorded_at),
                said(bound)
            ),
            "write a later time".to_owned(),
        ),
        HistoryRefused::InTheFuture { recorded_at, now } => (
            format!(
                "{} has not come yet; it is {}",
                said(recorded_at),
                said(now)
            ),
            "write when it became known".to_owned(),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_stand_for_an_end_of_their_day_and_timestamps_for_themselves() {
        let zone = throughline_core::calendar::time_zone("America/New_York").unwrap();
        let calendar = Calendar::new(1, jiff::civil::Weekday::Monday, zone).unwrap();
        let check = |text: &str, of_day, expected: &str| {
            let at = parse(text, &calendar, of_day).unwrap();
            assert_eq!(at.to_string(), expected, "{text}");
        };
        check("2013-07-08", OfDay::First, "2013-07-08T04:00:00Z");
        check("2013-07-08", OfDay::Last, "2013-07-09T03:59:59.999999Z");
        check("2013-07-08T00:00:00Z", OfDay::Last, "2013-07-08T00:00:00Z");
        check(
            "2013-07-08T00:00:00+02:00",
            OfDay::Last,
            "2013-07-07T22:00:00Z",
        );
        for wrong in [
            "",
            "yesterday",
            "2013-13-01",
            "2013-07",
            "08/07/2013",
            "2013-07-08T",
        ] {
            assert!(parse(wrong, &calendar, OfDay::Last).is_err(), "{wrong}");
        }
    }
}
