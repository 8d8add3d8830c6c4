//! What holds for every calendar: names are read back, periods tile the line of days, finer ones
//! are shared out among coarser ones without gap or overlap, and nothing panics.

use jiff::civil::{Date, Weekday};
use jiff::tz::{TimeZone, TimeZoneDatabase};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use throughline_core::calendar::{FIRST_DATE, LAST_DATE};
use throughline_core::{Calendar, Frequency};

fn calendars() -> impl Strategy<Value = Calendar> {
    (1u8..=12, 0i8..7).prop_map(|(month, weekday)| {
        let week_starts = Weekday::from_monday_zero_offset(weekday).expect("a weekday");
        Calendar::new(month, week_starts, TimeZone::UTC).expect("a month")
    })
}

fn frequencies() -> impl Strategy<Value = Frequency> {
    prop::sample::select(&Frequency::ALL[..])
}

fn days() -> impl Strategy<Value = Date> {
    let last = LAST_DATE.duration_since(FIRST_DATE).as_hours() / 24;
    (0..=last).prop_map(|number| FIRST_DATE + SignedDuration::from_hours(24 * number))
}

/// Any day that there is, most of them outside the calendar's years.
fn any_day() -> impl Strategy<Value = Date> {
    let year_month_day = (-9999i16..=9999, 1i8..=12, 1i8..=28);
    prop_oneof![
        Just(Date::MIN),
        Just(Date::MAX),
        year_month_day.prop_map(|(year, month, day)| Date::constant(year, month, day)),
    ]
}

fn zones() -> impl Strategy<Value = TimeZone> {
    let names: Vec<String> = TimeZoneDatabase::bundled()
        .available()
        .map(|name| name.to_string())
        .collect();
    assert!(names.len() > 400, "the bundled time zones are there");
    prop::sample::select(names).prop_map(|name| {
        TimeZoneDatabase::bundled()
            .get(&name)
            .expect("a zone that is listed")
    })
}

proptest! {
    #[test]
    fn names_are_read_back(calendar in calendars(), frequency in frequencies(), day in days()) {
        let period = calendar.containing(frequency, day);
        prop_assert!(period.contains(day));
        prop_assert_eq!(calendar.index(&period), calendar.index_of(frequency, day));
        let read = calendar.parse_period(&calendar.name(&period)).expect("a name");
        prop_assert_eq!(read, period);
        prop_assert_eq!(read.frequency, frequency);
    }

    #[test]
    fn periods_of_a_frequency_tile_the_line(calendar in calendars(), frequency in frequencies()) {
        let range = calendar.index_range(frequency);
        prop_assert!(calendar.period(frequency, *range.start()).contains(FIRST_DATE));
        prop_assert!(calendar.period(frequency, *range.end()).contains(LAST_DATE));
        let mut before = calendar.period(frequency, *range.start());
        for index in range.skip(1) {
            let period = calendar.period(frequency, index);
            prop_assert_eq!(before.last.tomorrow().expect("a day"), period.first);
            prop_assert!(period.first <= period.last);
            before = period;
        }
    }

    #[test]
    fn parts_are_shared_out_without_gap_or_overlap(
        calendar in calendars(), finer in frequencies(), coarser in frequencies(), day in days(),
    ) {
        let range = calendar.index_range(coarser);
        // The first and last periods may have parts that lie outside the calendar.
        let index = calendar.index_of(coarser, day).clamp(range.start() + 2, range.end() - 3);
        let [one, next] = [index, index + 1].map(|index| calendar.period(coarser, index));
        let [parts, parts_of_next] = [one, next].map(|period| calendar.parts(&period, finer));
        if coarser.is_finer_than(finer) {
            prop_assert!(parts.is_empty());
            return Ok(());
        }
        // Of half-years that start a quarter apart one can get two and its neighbour none.
        prop_assert!(!finer.is_finer_than(coarser) || !parts.is_empty());
        prop_assert_eq!(parts.end() + 1, *parts_of_next.start());
        for part in parts.start() - 2..=parts.end() + 2 {
            let belongs = calendar.belongs_to(&calendar.period(finer, part), &one);
            prop_assert_eq!(belongs, parts.contains(&part));
        }
    }

    #[test]
    fn the_latest_ended_is_followed_by_one_that_goes_on(
        calendar in calendars(), frequency in frequencies(), day in days(),
    ) {
        let index = calendar.latest_ended_by(frequency, day);
        let range = calendar.index_range(frequency);
        if range.contains(&index) {
            prop_assert!(calendar.period(frequency, index).last <= day);
        }
        if range.contains(&(index + 1)) {
            prop_assert!(calendar.period(frequency, index + 1).last > day);
        }
    }

    #[test]
    fn days_start_and_end_in_every_zone(zone in zones(), day in days()) {
        let calendar = Calendar::new(1, Weekday::Monday, zone).expect("a month");
        let start = calendar.start_of_day(day);
        let microsecond = SignedDuration::from_micros(1);
        prop_assert!(calendar.date_of(start) >= day);
        prop_assert!(calendar.date_of(start - microsecond) < day);
        prop_assert_eq!(calendar.end_of_day(day.yesterday().expect("a day")), start - microsecond);
    }

    #[test]
    fn nothing_panics_beyond_the_calendar(
        zone in zones(), frequency in frequencies(), index in any::<i32>(), day in any_day(), last in any_day(),
    ) {
        let calendar = Calendar::new(4, Weekday::Sunday, zone).expect("a month");
        let period = calendar.period(frequency, index);
        prop_assert!(calendar.index_range(frequency).contains(&calendar.index_of(frequency, day)));
        prop_assert!(calendar.start_of_day(day) <= calendar.end_of_day(day));
        for instant in [Timestamp::MIN, Timestamp::MAX, calendar.start_of_day(day)] {
            let _ = calendar.date_of(instant);
        }
        let beyond = throughline_core::Period { frequency, first: day.min(last), last: day.max(last) };
        for finer in Frequency::ALL {
            let _ = calendar.latest_ended_by(finer, day);
            for part in calendar.parts(&beyond, finer).take(3) {
                prop_assert!(calendar.index_range(finer).contains(&part));
            }
        }
        let _ = calendar.belongs_to(&period, &beyond);
        let _ = calendar.name(&beyond);
        let _ = beyond.middle();
    }

    #[test]
    fn any_text_is_a_period_or_an_error(text in any::<String>()) {
        let _ = Calendar::default().parse_period(&text);
    }

    #[test]
    fn anything_like_a_period_is_a_period_or_an_error_that_is_right(
        text in "(FY|fy)?[0-9]{1,5}([-/ ]?[WQHMwqh]?[0-9]{1,3}){0,3}",
    ) {
        let calendar = Calendar::default();
        match calendar.parse_period(&text) {
            Ok(period) => prop_assert_eq!(calendar.name(&period), text),
            Err(throughline_core::PeriodError::Spelling { right, .. }) => {
                let again = calendar.parse_period(&right);
                let spelled = !matches!(again, Err(throughline_core::PeriodError::Spelling { .. }));
                prop_assert!(spelled, "{} -> {}", text, right);
            }
            Err(error) => prop_assert!(error.to_string().contains(&text)),
        }
    }
}
