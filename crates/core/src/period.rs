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

/// The day from which day numbers count; a Thursday.
const DAY_ZERO: Date = Date::constant(1970, 1, 1);

const SECONDS_PER_DAY: i64 = 24 * 60 * 60;

/// The number of days from 1970-01-01 to the date, negative before.
pub(crate) fn day_number(date: Date) -> i32 {
    // All dates lie within 9,999 years of day zero, fewer than four million days.
    (date.duration_since(DAY_ZERO).as_secs() / SECONDS_PER_DAY) as i32
}

/// The inverse of [`day_number`]; beyond the years of [`Date`] its last or first day.
pub(crate) fn date_of_day_number(number: i32) -> Date {
    let since_day_zero = jiff::SignedDuration::from_secs(i64::from(number) * SECONDS_PER_DAY);
    DAY_ZERO.saturating_add(since_day_zero)
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
