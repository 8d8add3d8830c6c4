//! A day of the calendar as a number, so that time is a line.

use std::fmt;

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// Years outside are brought to the nearest within, so that no sum overflows.
const YEAR_MAX: i32 = 9999;

/// A day of the Gregorian calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(i32);

impl Day {
    /// The day of this year, month (1 to 12) and day of the month (1 to 31); what is outside is brought inside.
    #[must_use]
    pub fn of(year: i32, month: u8, day: u8) -> Self {
        let (month, day) = (i32::from(month.clamp(1, 12)), i32::from(day.clamp(1, 31)));
        // Years begin in March here, so that the leap day is the last of its year.
        let year = year.clamp(1, YEAR_MAX) - i32::from(month <= 2);
        let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        Self(year * 365 + year / 4 - year / 100 + year / 400 + day_of_year)
    }

    /// Year, month from 1 and day of the month from 1.
    #[must_use]
    pub fn parts(self) -> (i32, u8, u8) {
        // Within 400 years the calendar repeats after 146,097 days.
        let era = self.0.div_euclid(146_097);
        let day_of_era = self.0.rem_euclid(146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * shifted + 2) / 5 + 1;
        let month = if shifted < 10 {
            shifted + 3
        } else {
            shifted - 9
        };
        let year = era * 400 + year_of_era + i32::from(month <= 2);
        (year, month as u8, day as u8)
    }

    /// Days since a fixed day long ago.
    pub(crate) fn number(self) -> f64 {
        f64::from(self.0)
    }

    /// The short name of its month, such as "Apr".
    pub(crate) fn month_name(self) -> &'static str {
        let (_, month, _) = self.parts();
        MONTHS
            .get(usize::from(month) - 1)
            .copied()
            .unwrap_or_default()
    }

    /// The first days of months from this day to the other, every so many months from January; from twelve months on,
    /// every so many whole years.
    pub(crate) fn months_to(self, end: Day, every: usize) -> Vec<Day> {
        let (year, ..) = self.parts();
        let (last, ..) = end.parts();
        let starts = (year..=last).step_by((every / 12).max(1)).flat_map(|year| {
            (1..=12_u8)
                .step_by(every.clamp(1, 12))
                .map(move |month| Day::of(year, month, 1))
        });
        starts.filter(|day| (self..=end).contains(day)).collect()
    }
}

impl fmt::Display for Day {
    /// As people read it: "12 Apr 2013".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, _, day) = self.parts();
        write!(f, "{day} {} {year}", self.month_name())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Day;

    #[test]
    fn days_have_dates() {
        let check = |(year, month, day), expected: &str| {
            assert_eq!(Day::of(year, month, day).to_string(), expected)
        };
        check((2013, 4, 12), "12 Apr 2013");
        check((2024, 2, 29), "29 Feb 2024");
        check((2000, 12, 31), "31 Dec 2000");
        check((1, 1, 1), "1 Jan 1");
        assert_eq!(
            Day::of(2024, 3, 1).number() - Day::of(2024, 2, 28).number(),
            2.0
        );
        assert_eq!(
            Day::of(1900, 3, 1).number() - Day::of(1900, 2, 28).number(),
            1.0
        );
    }

    proptest! {
        #[test]
        fn dates_come_back(year in 1..9999_i32, month in 1..13_u8, day in 1..29_u8) {
            prop_assert_eq!(Day::of(year, month, day).parts(), (year, month, day));
        }
    }
}
