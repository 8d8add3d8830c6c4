//! Periods: the days that a number is about. A [`Frequency`] says how long, a calendar says which days.

use std::fmt;
use std::hash::{Hash, Hasher};

use jiff::civil::Date;
use thiserror::Error;

/// How long a period is, and by which year it is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Frequency {
    /// One day.
    Day,
    /// Seven days, from the calendar's first day of the week.
    Week,
    /// A month of the calendar.
    Month,
    /// A quarter of the calendar year.
    Quarter,
    /// A half of the calendar year.
    HalfYear,
    /// A calendar year.
    Year,
    /// A quarter of the fiscal year.
    FiscalQuarter,
    /// A half of the fiscal year.
    FiscalHalfYear,
    /// A fiscal year, named after the calendar year in which it ends.
    FiscalYear,
}

impl Frequency {
    /// All frequencies, in the order of the plan format.
    pub const ALL: [Frequency; 9] = [
        Frequency::Day,
        Frequency::Week,
        Frequency::Month,
        Frequency::Quarter,
        Frequency::HalfYear,
        Frequency::Year,
        Frequency::FiscalQuarter,
        Frequency::FiscalHalfYear,
        Frequency::FiscalYear,
    ];

    /// The word of the plan format.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Frequency::Day => "day",
            Frequency::Week => "week",
            Frequency::Month => "month",
            Frequency::Quarter => "quarter",
            Frequency::HalfYear => "half-year",
            Frequency::Year => "year",
            Frequency::FiscalQuarter => "fiscal-quarter",
            Frequency::FiscalHalfYear => "fiscal-half-year",
            Frequency::FiscalYear => "fiscal-year",
        }
    }

    /// The word in sentences: the fiscal ones are called like the others.
    #[must_use]
    pub const fn everyday_word(self) -> &'static str {
        match self {
            Frequency::FiscalQuarter => Frequency::Quarter.word(),
            Frequency::FiscalHalfYear => Frequency::HalfYear.word(),
            Frequency::FiscalYear => Frequency::Year.word(),
            other => other.word(),
        }
    }

    /// The place in the order of length, from 0 for a day to 5 for a year; the fiscal ones have the
    /// rank of their calendar counterparts.
    #[must_use]
    pub const fn rank(self) -> u8 {
        match self {
            Frequency::Day => 0,
            Frequency::Week => 1,
            Frequency::Month => 2,
            Frequency::Quarter | Frequency::FiscalQuarter => 3,
            Frequency::HalfYear | Frequency::FiscalHalfYear => 4,
            Frequency::Year | Frequency::FiscalYear => 5,
        }
    }

    /// Whether periods of this frequency are shorter than those of the other.
    #[must_use]
    pub const fn is_finer_than(self, other: Frequency) -> bool {
        self.rank() < other.rank()
    }

    /// Whether periods of this frequency are counted by the fiscal year.
    #[must_use]
    pub const fn is_fiscal(self) -> bool {
        matches!(
            self,
            Frequency::FiscalQuarter | Frequency::FiscalHalfYear | Frequency::FiscalYear
        )
    }

    /// The number of whole months in a period; `None` for days and weeks.
    #[must_use]
    pub const fn months(self) -> Option<i32> {
        match self {
            Frequency::Day | Frequency::Week => None,
            Frequency::Month => Some(1),
            Frequency::Quarter | Frequency::FiscalQuarter => Some(3),
            Frequency::HalfYear | Frequency::FiscalHalfYear => Some(6),
            Frequency::Year | Frequency::FiscalYear => Some(12),
        }
    }
}

impl fmt::Display for Frequency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

/// A text that is no frequency. The caller knows the text and the place, and [`Frequency::ALL`] the words.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "not a frequency; it is one of day, week, month, quarter, half-year, year, fiscal-quarter, \
     fiscal-half-year, fiscal-year"
)]
pub struct FrequencyError;

impl std::str::FromStr for Frequency {
    type Err = FrequencyError;

    fn from_str(text: &str) -> Result<Self, FrequencyError> {
        Self::ALL
            .into_iter()
            .find(|frequency| frequency.word() == text)
            .ok_or(FrequencyError)
    }
}

/// The days from `first` to `last`, both included, as one period of a frequency.
///
/// Equality, order and hash look at the days alone: two names for the same days are the same
/// period, so `2026` equals `FY2026` where the fiscal year starts in January. The order is by the
/// first day, then the last. Periods are made by a [`Calendar`](crate::Calendar).
#[derive(Debug, Clone, Copy)]
pub struct Period {
    /// How long the period is, and by which name it goes.
    pub frequency: Frequency,
    /// Its first day.
    pub first: Date,
    /// Its last day; not before the first.
    pub last: Date,
}

impl Period {
    /// Whether the day lies in the period.
    #[must_use]
    pub fn contains(&self, day: Date) -> bool {
        self.first <= day && day <= self.last
    }

    /// Whether all days of the other period lie in this one.
    #[must_use]
    pub fn covers(&self, other: &Period) -> bool {
        self.first <= other.first && other.last <= self.last
    }

    /// The number of days, at least 1.
    #[must_use]
    pub fn days(&self) -> i32 {
        day_number(self.last) - day_number(self.first) + 1
    }

    /// The day that decides to which coarser period this one belongs: the middle one, of an even
    /// number the earlier of the two. Of a week it is the fourth.
    #[must_use]
    pub fn middle(&self) -> Date {
        date_of_day_number(day_number(self.first) + (self.days() - 1) / 2)
    }
}

impl PartialEq for Period {
    fn eq(&self, other: &Self) -> bool {
        (self.first, self.last) == (other.first, other.last)
    }
}

impl Eq for Period {}

impl PartialOrd for Period {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Period {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.first, self.last).cmp(&(other.first, other.last))
    }
}

impl Hash for Period {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.first, self.last).hash(state);
    }
}

/// Years repeat after so many, with so many days. A year is counted from March here, so that a leap day is its last.
const CYCLE_YEARS: i32 = 400;
const CYCLE_DAYS: i32 = 146_097;
/// The days from 1 March of the year 0 to 1970-01-01, from which day numbers count; a Thursday.
const DAY_ZERO: i32 = 719_468;

/// The number of days from 1970-01-01 to the date, negative before. A reading asks for some tens, so this is whole numbers alone
/// (H. Hinnant, "chrono-compatible low-level date algorithms", 2013).
pub(crate) fn day_number(date: Date) -> i32 {
    let (month, day) = (i32::from(date.month()), i32::from(date.day()));
    let year = i32::from(date.year()) - i32::from(month <= 2);
    let in_cycle = year.rem_euclid(CYCLE_YEARS);
    // The days of the months from March on: 31, 30, 31, 30, 31, and again.
    let in_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    year.div_euclid(CYCLE_YEARS) * CYCLE_DAYS + in_cycle * 365 + in_cycle / 4 - in_cycle / 100
        + in_year
        - DAY_ZERO
}

/// The inverse of [`day_number`]; beyond the years of [`Date`] its last or first day.
pub(crate) fn date_of_day_number(number: i32) -> Date {
    let days = number.saturating_add(DAY_ZERO);
    let of_cycle = days.rem_euclid(CYCLE_DAYS);
    let in_cycle = (of_cycle - of_cycle / 1_460 + of_cycle / 36_524 - of_cycle / 146_096) / 365;
    let of_year = of_cycle - (in_cycle * 365 + in_cycle / 4 - in_cycle / 100);
    let from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * from_march + 2) / 5 + 1;
    let month = (from_march + 2) % 12 + 1;
    let year = days.div_euclid(CYCLE_DAYS) * CYCLE_YEARS + in_cycle + i32::from(month <= 2);
    let beyond = if number < 0 { Date::MIN } else { Date::MAX };
    let year = i16::try_from(year);
    year.map_or(beyond, |year| {
        Date::new(year, month as i8, day as i8).unwrap_or(beyond)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn words_are_read_back() {
        for frequency in Frequency::ALL {
            assert_eq!(frequency.to_string().parse(), Ok(frequency));
        }
        for wrong in ["", "Week", "weekly", "fiscal year", "fortnight"] {
            assert_eq!(wrong.parse::<Frequency>(), Err(FrequencyError));
        }
    }

    #[test]
    fn ranks_order_by_length() {
        assert!(Frequency::Week.is_finer_than(Frequency::Month));
        assert!(Frequency::Month.is_finer_than(Frequency::FiscalQuarter));
        assert!(!Frequency::Quarter.is_finer_than(Frequency::FiscalQuarter));
        assert!(!Frequency::Year.is_finer_than(Frequency::HalfYear));
    }

    #[test]
    fn day_numbers_and_middles() {
        for day in [
            date(1970, 1, 1),
            date(1969, 12, 31),
            date(2000, 2, 29),
            Date::MIN,
            Date::MAX,
        ] {
            assert_eq!(date_of_day_number(day_number(day)), day);
        }
        assert_eq!(day_number(date(1969, 12, 31)), -1);
        // All days of two cycles of years, and both ends, one after the other.
        let (first, last) = (date(1599, 12, 31), date(2400, 3, 1));
        let mut day = first;
        for number in day_number(first)..=day_number(last) {
            assert_eq!((day_number(day), date_of_day_number(number)), (number, day));
            day = day.tomorrow().unwrap();
        }
        assert_eq!(day, last.tomorrow().unwrap());
        let since = |day: Date| day.duration_since(date(1970, 1, 1)).as_hours() / 24;
        for day in [Date::MIN, date(-400, 2, 29), date(0, 3, 1), Date::MAX] {
            assert_eq!(i64::from(day_number(day)), since(day));
            assert_eq!(date_of_day_number(day_number(day)), day);
        }
        assert_eq!(date_of_day_number(i32::MAX), Date::MAX);
        assert_eq!(date_of_day_number(i32::MIN), Date::MIN);

        let check = |first, last, middle| {
            let frequency = Frequency::Month;
            let period = Period {
                frequency,
                first,
                last,
            };
            assert_eq!(period.middle(), middle);
        };
        check(date(2026, 11, 23), date(2026, 11, 29), date(2026, 11, 26));
        check(date(2026, 2, 1), date(2026, 2, 28), date(2026, 2, 14));
        check(date(2026, 7, 4), date(2026, 7, 4), date(2026, 7, 4));
    }
}
