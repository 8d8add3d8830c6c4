//! Calendars against known facts: names and days of periods, ISO weeks, fiscal years, middle days,
//! and the instants at which days start where clocks change at midnight.

use jiff::Timestamp;
use jiff::civil::{Date, Weekday, date};
use throughline_core::calendar::time_zone;
use throughline_core::{Calendar, CalendarError, Frequency};

fn fiscal(month: u8) -> Calendar {
    Calendar::new(month, Weekday::Monday, jiff::tz::TimeZone::UTC).expect("a month")
}

fn weeks_from(weekday: Weekday) -> Calendar {
    Calendar::new(1, weekday, jiff::tz::TimeZone::UTC).expect("a month")
}

fn in_zone(name: &str) -> Calendar {
    let zone = time_zone(name).expect("a time zone");
    Calendar::new(1, Weekday::Monday, zone).expect("a month")
}

fn day(text: &str) -> Date {
    text.parse().expect("a date")
}

/// The name stands for these days, and they have this name.
fn check(calendar: &Calendar, name: &str, frequency: Frequency, first: &str, last: &str) {
    let period = calendar.parse_period(name).expect(name);
    assert_eq!(period.frequency, frequency, "{name}");
    assert_eq!(
        (period.first, period.last),
        (day(first), day(last)),
        "{name}"
    );
    assert_eq!(calendar.name(&period), name);
}

#[test]
fn every_frequency_has_its_days() {
    let calendar = fiscal(4);
    let check = |name, frequency, first, last| check(&calendar, name, frequency, first, last);
    check("2026-11-23", Frequency::Day, "2026-11-23", "2026-11-23");
    check("2026-W48", Frequency::Week, "2026-11-23", "2026-11-29");
    check("2026-11", Frequency::Month, "2026-11-01", "2026-11-30");
    check("2024-02", Frequency::Month, "2024-02-01", "2024-02-29");
    check("2026-12", Frequency::Month, "2026-12-01", "2026-12-31");
    check("2026-Q4", Frequency::Quarter, "2026-10-01", "2026-12-31");
    check("2026-H2", Frequency::HalfYear, "2026-07-01", "2026-12-31");
    check("2026", Frequency::Year, "2026-01-01", "2026-12-31");
    check("FY2026", Frequency::FiscalYear, "2025-04-01", "2026-03-31");
    check(
        "FY2026-Q1",
        Frequency::FiscalQuarter,
        "2025-04-01",
        "2025-06-30",
    );
    check(
        "FY2026-Q4",
        Frequency::FiscalQuarter,
        "2026-01-01",
        "2026-03-31",
    );
    check(
        "FY2026-H1",
        Frequency::FiscalHalfYear,
        "2025-04-01",
        "2025-09-30",
    );
}

#[test]
fn a_fiscal_year_starts_in_any_month_and_ends_in_its_own_year() {
    let starts = [
        "2026-01-01",
        "2025-02-01",
        "2025-03-01",
        "2025-04-01",
        "2025-05-01",
        "2025-06-01",
        "2025-07-01",
        "2025-08-01",
        "2025-09-01",
        "2025-10-01",
        "2025-11-01",
        "2025-12-01",
    ];
    let ends = [
        "2026-12-31",
        "2026-01-31",
        "2026-02-28",
        "2026-03-31",
        "2026-04-30",
        "2026-05-31",
        "2026-06-30",
        "2026-07-31",
        "2026-08-31",
        "2026-09-30",
        "2026-10-31",
        "2026-11-30",
    ];
    for (month, (first, last)) in (1..=12).zip(starts.into_iter().zip(ends)) {
        check(&fiscal(month), "FY2026", Frequency::FiscalYear, first, last);
    }
    for month in [0, 13, 255] {
        let error = Calendar::new(month, Weekday::Monday, jiff::tz::TimeZone::UTC);
        assert_eq!(error, Err(CalendarError::NoSuchMonth { month }));
    }
}

#[test]
fn two_names_for_the_same_days_are_the_same_period() {
    let parse = |calendar: &Calendar, name| calendar.parse_period(name).expect(name);
    let january = Calendar::default();
    assert_eq!(parse(&january, "FY2026"), parse(&january, "2026"));
    assert_eq!(parse(&january, "FY2026-Q2"), parse(&january, "2026-Q2"));
    assert_eq!(parse(&fiscal(7), "FY2026-H2"), parse(&fiscal(7), "2026-H1"));
    assert_ne!(parse(&fiscal(7), "FY2026"), parse(&fiscal(7), "2026"));
}

#[test]
fn weeks_from_monday_are_iso_weeks() {
    let calendar = Calendar::default();
    for one in date(1999, 1, 1)
        .series(jiff::Span::new().days(1))
        .take_while(|day| day.year() <= 2030)
    {
        let iso = one.iso_week_date();
        let week = calendar.containing(Frequency::Week, one);
        assert_eq!(
            calendar.name(&week),
            format!("{}-W{:02}", iso.year(), iso.week()),
            "{one}"
        );
    }
    // ISO 8601: the long years are those that start on a Thursday, and leap years that start on a Wednesday.
    let long: Vec<i32> = (1999..=2030)
        .filter(|year| calendar.weeks_in(*year) == 53)
        .collect();
    assert_eq!(long, [2004, 2009, 2015, 2020, 2026]);
    check(
        &calendar,
        "2026-W01",
        Frequency::Week,
        "2025-12-29",
        "2026-01-04",
    );
    check(
        &calendar,
        "2026-W53",
        Frequency::Week,
        "2026-12-28",
        "2027-01-03",
    );
    check(
        &calendar,
        "2009-W53",
        Frequency::Week,
        "2009-12-28",
        "2010-01-03",
    );
}

#[test]
fn weeks_from_sunday_are_epidemiological_weeks() {
    // The calendar of the US CDC ("MMWR weeks"): week 1 has at least four days in its year.
    let calendar = weeks_from(Weekday::Sunday);
    check(
        &calendar,
        "2014-W53",
        Frequency::Week,
        "2014-12-28",
        "2015-01-03",
    );
    check(
        &calendar,
        "2015-W01",
        Frequency::Week,
        "2015-01-04",
        "2015-01-10",
    );
    check(
        &calendar,
        "2020-W01",
        Frequency::Week,
        "2019-12-29",
        "2020-01-04",
    );
    check(
        &calendar,
        "2020-W53",
        Frequency::Week,
        "2020-12-27",
        "2021-01-02",
    );
    check(
        &calendar,
        "2026-W01",
        Frequency::Week,
        "2026-01-04",
        "2026-01-10",
    );
    let long: Vec<i32> = (2000..=2025)
        .filter(|year| calendar.weeks_in(*year) == 53)
        .collect();
    assert_eq!(long, [2003, 2008, 2014, 2020, 2025]);
}

#[test]
fn a_period_belongs_where_its_middle_day_lies() {
    let calendar = Calendar::default();
    let check = |calendar: &Calendar, finer: &str, coarser: &str, expected: bool| {
        let [fine, coarse] = [finer, coarser].map(|name| calendar.parse_period(name).expect(name));
        assert_eq!(
            calendar.belongs_to(&fine, &coarse),
            expected,
            "{finer} in {coarser}"
        );
        let listed = calendar
            .parts(&coarse, fine.frequency)
            .contains(&calendar.index(&fine));
        assert_eq!(listed, expected, "{finer} in the parts of {coarser}");
    };
    check(&calendar, "2026-W01", "2026", true);
    check(&calendar, "2026-W01", "2026-01", true);
    check(&calendar, "2026-W53", "2026-12", true);
    check(&calendar, "2026-W53", "2027", false);
    // 30 July 2026 is the fourth day.
    check(&calendar, "2026-W31", "2026-07", true);
    check(&calendar, "2026-W31", "2026-08", false);
    check(&calendar, "2026-11", "2026-Q4", true);
    check(&calendar, "2026", "2026", true);
    check(&calendar, "2026", "FY2026", true);
    // The middle of a year lies in July, to which the year still doesn't belong.
    check(&calendar, "2026", "2026-07", false);
    check(&calendar, "2026-Q1", "2026-W07", false);
    check(&fiscal(4), "2026", "FY2027", true);
    check(&fiscal(4), "2026-Q1", "FY2026-Q4", true);
    check(&fiscal(2), "FY2026-Q1", "2025-Q1", true);
}

#[test]
fn the_latest_period_that_has_ended() {
    let calendar = Calendar::default();
    let check = |frequency, last: &str, expected: &str| {
        let index = calendar.latest_ended_by(frequency, day(last));
        assert_eq!(calendar.name(&calendar.period(frequency, index)), expected);
    };
    check(Frequency::Month, "2026-11-30", "2026-11");
    check(Frequency::Month, "2026-11-29", "2026-10");
    check(Frequency::Week, "2027-01-02", "2026-W52");
    check(Frequency::Week, "2027-01-03", "2026-W53");
    check(Frequency::Day, "2026-11-30", "2026-11-30");
    check(Frequency::Year, "2026-11-30", "2025");
}

#[test]
fn numbers_out_of_range_are_answered_with_the_range() {
    let check = |calendar: &Calendar, text: &str, expected: &str| {
        let error = calendar.parse_period(text).expect_err(text);
        assert_eq!(error.to_string(), format!("`{text}` {expected}"));
    };
    let calendar = Calendar::default();
    check(
        &calendar,
        "2026-W54",
        "does not exist; 2026 has 53 weeks, W01 to W53",
    );
    check(
        &calendar,
        "2025-W53",
        "does not exist; 2025 has 52 weeks, W01 to W52",
    );
    check(
        &calendar,
        "2025-W00",
        "does not exist; 2025 has 52 weeks, W01 to W52",
    );
    check(
        &weeks_from(Weekday::Sunday),
        "2026-W53",
        "does not exist; 2026 has 52 weeks, W01 to W52",
    );
    for text in [
        "1899",
        "2201-01",
        "0000",
        "9999-W01",
        "FY9999",
        "1899-12-31",
        "2201-01-01",
    ] {
        check(
            &calendar,
            text,
            "is out of range; years run from 1900 to 2200",
        );
    }
}

#[test]
fn days_start_when_the_clocks_say_so() {
    let check = |zone: &str, of: &str, start: &str, end: &str| {
        let calendar = in_zone(zone);
        let instant = |text: &str| text.parse::<Timestamp>().expect("an instant");
        assert_eq!(
            calendar.start_of_day(day(of)),
            instant(start),
            "{zone} {of}"
        );
        assert_eq!(calendar.end_of_day(day(of)), instant(end), "{zone} {of}");
    };
    check(
        "UTC",
        "2026-11-23",
        "2026-11-23T00:00:00Z",
        "2026-11-23T23:59:59.999999Z",
    );
    // 23 and 25 hours.
    check(
        "America/New_York",
        "2013-03-10",
        "2013-03-10T05:00:00Z",
        "2013-03-11T03:59:59.999999Z",
    );
    check(
        "America/New_York",
        "2013-11-03",
        "2013-11-03T04:00:00Z",
        "2013-11-04T04:59:59.999999Z",
    );
    // Midnight is skipped: to one o'clock, and in the middle of the skipped hour.
    check(
        "America/Sao_Paulo",
        "2018-11-04",
        "2018-11-04T03:00:00Z",
        "2018-11-05T01:59:59.999999Z",
    );
    check(
        "America/Toronto",
        "1919-03-31",
        "1919-03-31T04:30:00Z",
        "1919-04-01T03:59:59.999999Z",
    );
    // Midnight comes twice.
    check(
        "America/Havana",
        "2025-11-02",
        "2025-11-02T04:00:00Z",
        "2025-11-03T04:59:59.999999Z",
    );
    // Samoa had no 30 December 2011.
    check(
        "Pacific/Apia",
        "2011-12-29",
        "2011-12-29T10:00:00Z",
        "2011-12-30T09:59:59.999999Z",
    );
    check(
        "Pacific/Apia",
        "2011-12-30",
        "2011-12-30T10:00:00Z",
        "2011-12-30T09:59:59.999999Z",
    );
    check(
        "Pacific/Apia",
        "2011-12-31",
        "2011-12-30T10:00:00Z",
        "2011-12-31T09:59:59.999999Z",
    );
}

#[test]
fn an_instant_lies_in_a_local_day() {
    let check = |zone: &str, instant: &str, expected: &str| {
        let instant: Timestamp = instant.parse().expect("an instant");
        assert_eq!(in_zone(zone).date_of(instant), day(expected), "{zone}");
    };
    check(
        "America/New_York",
        "2013-07-08T03:59:59.999999Z",
        "2013-07-07",
    );
    check("America/New_York", "2013-07-08T04:00:00Z", "2013-07-08");
    check("Pacific/Kiritimati", "2026-11-23T10:00:00Z", "2026-11-24");
}

#[test]
fn time_zones_come_from_within_the_program() {
    assert!(time_zone("America/New_York").is_ok());
    let check = |name: &str, expected: &str| {
        let error = time_zone(name).expect_err(name);
        assert_eq!(error.to_string(), expected);
    };
    check(
        "America/NewYork",
        "there is no time zone `America/NewYork`; did you mean `America/New_York`?",
    );
    check(
        "Somewhere",
        "there is no time zone `Somewhere`; a time zone is written such as Europe/London or UTC",
    );
    assert!(
        time_zone(&"x".repeat(100_000))
            .expect_err("no zone")
            .to_string()
            .len()
            < 200
    );
}
