//! On which days mails are sent: working days, from eight in the morning of the organisation on. There is no calendar of
//! holidays; Saturday and Sunday are none.

use jiff::Timestamp;
use jiff::civil::{Date, Weekday};
use throughline_core::Calendar;

/// The hour from which mails of a day are sent, in the time zone of the organisation.
pub(super) const HOUR: i8 = 8;
/// How many days after its own a mail can still be made, where no server ran on that day.
const DAYS_BACK: i32 = 2;

/// Whether it is a working day.
pub(super) fn is_working(day: Date) -> bool {
    !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
}

/// The day itself or the next that is a working day.
pub(super) fn working_from(day: Date) -> Date {
    let days = std::iter::successors(Some(day), |day| day.tomorrow().ok());
    days.take(7).find(|day| is_working(*day)).unwrap_or(day)
}

/// The last working day before a day.
pub(super) fn working_before(day: Date) -> Date {
    let before = |day: &Date| day.yesterday().ok();
    let days = std::iter::successors(before(&day), before);
    days.take(7).find(|day| is_working(*day)).unwrap_or(day)
}

/// A day so many later.
pub(super) fn later(day: Date, days: i64) -> Date {
    let span = jiff::Span::new().try_days(days);
    let later = span.and_then(|span| day.checked_add(span));
    later.unwrap_or(Date::MAX)
}

/// Whether it is the first working day of a week of the organisation.
pub(super) fn begins_week(day: Date, calendar: &Calendar) -> bool {
    let into = day.weekday().since(calendar.week_starts());
    let first = later(day, -i64::from(into));
    working_from(first) == day
}

/// The days whose mails can be made at an instant: the earliest first.
pub(super) fn days_at(now: Timestamp, calendar: &Calendar) -> Vec<Date> {
    let local = calendar.time_zone().to_datetime(now);
    let days = (0..=DAYS_BACK).rev();
    let days = days.map(|back| later(local.date(), -i64::from(back)));
    days.filter(|day| is_working(*day) && (*day < local.date() || local.hour() >= HOUR))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn calendar(week_starts: Weekday, zone: &str) -> Calendar {
        let zone = throughline_core::calendar::time_zone(zone).unwrap();
        Calendar::new(1, week_starts, zone).unwrap()
    }

    #[test]
    fn a_weekend_is_passed_over() {
        // 8 February 2014 is a Saturday.
        assert_eq!(working_from(day("2014-02-07")), day("2014-02-07"));
        assert_eq!(working_from(day("2014-02-08")), day("2014-02-10"));
        assert_eq!(working_before(day("2014-02-10")), day("2014-02-07"));
        assert_eq!(working_before(day("2014-02-11")), day("2014-02-10"));
    }

    #[test]
    fn a_week_begins_with_its_first_working_day() {
        let check = |week_starts, expected: &str| {
            let calendar = calendar(week_starts, "UTC");
            let days = (2..=8).map(|number| jiff::civil::date(2014, 2, number));
            let found: Vec<Date> = days.filter(|day| begins_week(*day, &calendar)).collect();
            assert_eq!(found, [day(expected)], "{week_starts:?}");
        };
        check(Weekday::Monday, "2014-02-03");
        check(Weekday::Sunday, "2014-02-03");
        check(Weekday::Saturday, "2014-02-03");
        check(Weekday::Wednesday, "2014-02-05");
    }

    #[test]
    fn eight_is_eight_where_the_organisation_is() {
        let check = |at: &str, zone: &str, expected: &[&str]| {
            let calendar = calendar(Weekday::Monday, zone);
            let expected: Vec<Date> = expected.iter().map(|one| day(one)).collect();
            assert_eq!(days_at(at.parse().unwrap(), &calendar), expected, "{at}");
        };
        check("2014-02-03T07:59:59Z", "UTC", &[]);
        check("2014-02-03T08:00:00Z", "UTC", &["2014-02-03"]);
        check("2014-02-03T12:59:59Z", "America/New_York", &[]);
        check("2014-02-03T13:00:00Z", "America/New_York", &["2014-02-03"]);
        // It is Monday there already.
        check("2014-02-02T19:00:00Z", "Pacific/Auckland", &["2014-02-03"]);
        // Summer time began on the Sunday before.
        check("2014-03-10T11:59:59Z", "America/New_York", &[]);
        check("2014-03-10T12:00:00Z", "America/New_York", &["2014-03-10"]);
        let since_monday = ["2014-02-03", "2014-02-04", "2014-02-05"];
        check("2014-02-05T09:00:00Z", "UTC", &since_monday);
        check("2014-02-08T09:00:00Z", "UTC", &["2014-02-06", "2014-02-07"]);
    }
}
