//! Spans of time that formulas and derived readings look at: earlier periods, the year to date, the last n periods.

use std::ops::RangeInclusive;

use jiff::ToSpan;
use jiff::civil::Date;
use throughline_core::calendar::Calendar;
use throughline_core::period::{Frequency, Period};

/// The same length of time, `periods` periods of its own frequency earlier. A span that is no period of its frequency,
/// such as a year to date, is moved by periods of `unit`.
pub(crate) fn earlier(calendar: &Calendar, span: &Period, periods: i32, unit: Frequency) -> Period {
    let back = |frequency: Frequency, day: Date| {
        calendar.period(frequency, calendar.index_of(frequency, day) - periods)
    };
    if is_period(calendar, span) {
        return back(span.frequency, span.first);
    }
    Period {
        frequency: span.frequency,
        first: back(unit, span.first).first,
        last: back(unit, span.last).last,
    }
}

/// The same span a year earlier: of a week the week of the same number, of a day the same date. A span that is no period
/// of its frequency is moved by its first and last periods of `unit`.
pub fn year_earlier(calendar: &Calendar, span: &Period, unit: Frequency) -> Period {
    let months_in_year = 12;
    let frequency = span.frequency;
    match (is_period(calendar, span), frequency.months()) {
        (true, Some(months)) => earlier(calendar, span, months_in_year / months, frequency),
        (true, None) if frequency == Frequency::Week => {
            let weeks =
                |year: i32| calendar.parts(&calendar.period(Frequency::Year, year), frequency);
            let year = i32::from(span.middle().year());
            let number = calendar.index(span) - weeks(year).start();
            let before = weeks(year - 1);
            calendar.period(frequency, (before.start() + number).min(*before.end()))
        }
        (false, _) if !calendar.parts(span, unit).is_empty() => {
            let parts = calendar.parts(span, unit);
            let back = |part: i32| year_earlier(calendar, &calendar.period(unit, part), unit);
            Period {
                frequency,
                first: back(*parts.start()).first,
                last: back(*parts.end()).last,
            }
        }
        _ => {
            let back = |day: Date| day.checked_sub(1.year()).unwrap_or(day);
            let (first, last) = (back(span.first), back(span.last));
            Period {
                frequency,
                first,
                last,
            }
        }
    }
}

/// A span up to the end of one of its parts.
pub(crate) fn until(span: &Period, last: &Period) -> Period {
    Period {
        last: last.last,
        ..*span
    }
}

/// The first parts of a span, as many as another one has; all where it has no more.
pub(crate) fn as_many_parts(
    calendar: &Calendar,
    span: &Period,
    other: &Period,
    unit: Frequency,
) -> Period {
    let parts = calendar.parts(span, unit);
    let many = calendar.parts(other, unit).count() as i32;
    if parts.clone().count() as i32 <= many {
        return *span;
    }
    until(span, &calendar.period(unit, parts.start() + many - 1))
}

/// The year of which what is read to date is a part: the fiscal year where the span is a fiscal one.
#[must_use]
pub fn year_of(calendar: &Calendar, span: &Period) -> Period {
    let year = if span.frequency.is_fiscal() {
        Frequency::FiscalYear
    } else {
        Frequency::Year
    };
    calendar.containing(year, span.middle())
}

/// From the start of the year to the end of the span.
pub(crate) fn year_to_date(calendar: &Calendar, span: &Period) -> Period {
    let year = year_of(calendar, span);
    Period {
        frequency: year.frequency,
        first: year.first,
        last: span.last,
    }
}

/// The last periods of a frequency, the last one that belongs to the span included.
pub(crate) fn rolling(
    calendar: &Calendar,
    span: &Period,
    periods: i32,
    frequency: Frequency,
) -> Period {
    let parts: RangeInclusive<i32> = calendar.parts(span, frequency);
    let last = if parts.is_empty() {
        calendar.latest_ended_by(frequency, span.last)
    } else {
        *parts.end()
    };
    let first = calendar.period(frequency, last - periods + 1).first;
    // A span counts as long as a year, so that measures of any frequency are added up in it.
    Period {
        frequency: Frequency::Year,
        first,
        last: calendar.period(frequency, last).last,
    }
}

fn is_period(calendar: &Calendar, span: &Period) -> bool {
    calendar.containing(span.frequency, span.first) == *span
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(shift: impl Fn(&Calendar, &Period) -> Period, cases: &[(&str, &str, &str)]) {
        let calendar = Calendar::default();
        for (period, first, last) in cases {
            let found = shift(&calendar, &calendar.parse_period(period).unwrap());
            assert_eq!(
                (found.first.to_string(), found.last.to_string()),
                (first.to_string(), last.to_string()),
                "{period}"
            );
        }
    }

    #[test]
    fn a_year_earlier_is_the_period_of_the_same_name() {
        check(
            |calendar, period| year_earlier(calendar, period, Frequency::Day),
            &[
                ("2020-02-29", "2019-02-28", "2019-02-28"),
                ("2020-03", "2019-03-01", "2019-03-31"),
                ("2020-Q1", "2019-01-01", "2019-03-31"),
                ("2020", "2019-01-01", "2019-12-31"),
                ("2021-W01", "2019-12-30", "2020-01-05"),
                ("2020-W53", "2019-12-23", "2019-12-29"),
                ("2022-W10", "2021-03-08", "2021-03-14"),
            ],
        );
    }

    #[test]
    fn a_part_of_a_year_has_the_same_parts_a_year_earlier() {
        let so_far = |unit: Frequency, parts: i32| {
            move |calendar: &Calendar, period: &Period| {
                let last = calendar.parts(period, unit).start() + parts - 1;
                let span = until(period, &calendar.period(unit, last));
                year_earlier(calendar, &span, unit)
            }
        };
        check(
            so_far(Frequency::Month, 2),
            &[
                ("2021", "2020-01-01", "2020-02-29"),
                ("2020", "2019-01-01", "2019-02-28"),
            ],
        );
        check(
            so_far(Frequency::Week, 40),
            &[("2026", "2024-12-30", "2025-10-05")],
        );
        let first_parts = |calendar: &Calendar, period: &Period| {
            let other = calendar.parse_period("2020-01-01").unwrap();
            let other = until(
                &calendar.containing(Frequency::Quarter, other.first),
                &calendar.containing(Frequency::Month, other.first),
            );
            as_many_parts(calendar, period, &other, Frequency::Month)
        };
        check(
            first_parts,
            &[
                ("2019-Q4", "2019-10-01", "2019-10-31"),
                ("2019-10", "2019-10-01", "2019-10-31"),
            ],
        );
    }

    #[test]
    fn spans_end_with_the_period() {
        check(
            year_to_date,
            &[
                ("2013-W05", "2013-01-01", "2013-02-03"),
                ("2020-Q2", "2020-01-01", "2020-06-30"),
            ],
        );
        check(
            |calendar, period| rolling(calendar, period, 12, Frequency::Month),
            &[
                ("2020-03", "2019-04-01", "2020-03-31"),
                ("2020", "2020-01-01", "2020-12-31"),
            ],
        );
        check(
            |calendar, period| earlier(calendar, period, 2, Frequency::Month),
            &[
                ("2020-01", "2019-11-01", "2019-11-30"),
                ("2020", "2018-01-01", "2018-12-31"),
            ],
        );
    }
}
