//! The organisation's calendar: which days a period has, how periods follow on each other and
//! belong to each other, and when a day starts and ends.
//!
//! Periods of one frequency have consecutive indexes, so that a series can be a vector. All
//! arithmetic is total: outside the years [`FIRST_YEAR`] to [`LAST_YEAR`] it stops at their ends.

use std::ops::RangeInclusive;

use jiff::Timestamp;
use jiff::civil::{Date, Weekday};
use jiff::tz::{AmbiguousOffset, TimeZone, TimeZoneDatabase};
use thiserror::Error;

use crate::finding::nearest;
use crate::period::{Frequency, Period, date_of_day_number, day_number};
use crate::period_name::{PeriodError, PeriodName, quoted};

/// The first year that a date or a period can lie in.
pub const FIRST_YEAR: i16 = 1900;

/// The last year that a date or a period can lie in.
pub const LAST_YEAR: i16 = 2200;

/// The first day that is in a period of every frequency.
pub const FIRST_DATE: Date = Date::constant(FIRST_YEAR, 1, 1);

/// The last day that is in a period of every frequency.
pub const LAST_DATE: Date = Date::constant(LAST_YEAR, 12, 31);

const DAYS_PER_WEEK: i32 = 7;
const MONTHS_PER_YEAR: i32 = 12;

/// First month of the fiscal year, first day of the week and time zone of an organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    fiscal_year_starts: u8,
    week_starts: Weekday,
    time_zone: TimeZone,
}

/// Why there is no such calendar.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CalendarError {
    /// The fiscal year starts in no month.
    #[error("there is no month {month}; the fiscal year starts in a month from 1 to 12")]
    NoSuchMonth {
        /// The month that was given.
        month: u8,
    },
    /// The time zone is not in the database.
    #[error("there is no time zone `{name}`{}", did_you_mean(.nearest.as_deref()))]
    UnknownTimeZone {
        /// The name that was given.
        name: String,
        /// The nearest name that exists.
        nearest: Option<String>,
    },
}

fn did_you_mean(nearest: Option<&str>) -> String {
    match nearest {
        Some(nearest) => format!("; did you mean `{nearest}`?"),
        None => "; a time zone is written such as Europe/London or UTC".to_owned(),
    }
}

/// The time zone of this IANA name, from the data within the program: what the machine has
/// installed is not looked at, so that the same plan means the same everywhere.
///
/// # Errors
/// [`CalendarError::UnknownTimeZone`], with the nearest name that exists.
pub fn time_zone(name: &str) -> Result<TimeZone, CalendarError> {
    let zones = TimeZoneDatabase::bundled();
    zones.get(name).map_err(|_| {
        let names: Vec<_> = zones.available().collect();
        let nearest = nearest(name, names.iter().map(|name| name.as_str()));
        CalendarError::UnknownTimeZone {
            name: quoted(name),
            nearest: nearest.map(str::to_owned),
        }
    })
}

impl Default for Calendar {
    /// The fiscal year is the calendar year, weeks start on Monday, days at midnight UTC.
    fn default() -> Self {
        Self {
            fiscal_year_starts: 1,
            week_starts: Weekday::Monday,
            time_zone: TimeZone::UTC,
        }
    }
}

impl Calendar {
    /// A calendar whose fiscal year starts in the month `fiscal_year_starts`, 1 to 12.
    ///
    /// # Errors
    /// [`CalendarError::NoSuchMonth`] for any other month.
    pub fn new(
        fiscal_year_starts: u8,
        week_starts: Weekday,
        time_zone: TimeZone,
    ) -> Result<Self, CalendarError> {
        if !(1..=12).contains(&fiscal_year_starts) {
            return Err(CalendarError::NoSuchMonth {
                month: fiscal_year_starts,
            });
        }
        Ok(Self {
            fiscal_year_starts,
            week_starts,
            time_zone,
        })
    }

    /// The first month of the fiscal year, 1 to 12.
    #[must_use]
    pub fn fiscal_year_starts(&self) -> u8 {
        self.fiscal_year_starts
    }

    /// The first day of the week.
    #[must_use]
    pub fn week_starts(&self) -> Weekday {
        self.week_starts
    }

    /// The time zone in which days start and end.
    #[must_use]
    pub fn time_zone(&self) -> &TimeZone {
        &self.time_zone
    }

    /// The period with this index; the first or last that there is where the index is beyond it.
    #[must_use]
    pub fn period(&self, frequency: Frequency, index: i32) -> Period {
        let range = self.index_range(frequency);
        let index = index.clamp(*range.start(), *range.end());
        let (first, last) = match (frequency, frequency.months()) {
            (_, Some(months)) => {
                let first_month = index * months - self.months_ahead(frequency);
                let last_month = first_of_month(first_month + months - 1);
                (first_of_month(first_month), last_month.last_of_month())
            }
            (Frequency::Week, None) => {
                let first = index * DAYS_PER_WEEK + self.week_zero();
                (
                    date_of_day_number(first),
                    date_of_day_number(first + DAYS_PER_WEEK - 1),
                )
            }
            (_, None) => (date_of_day_number(index), date_of_day_number(index)),
        };
        Period {
            frequency,
            first,
            last,
        }
    }

    /// The index of the period that contains the day; a day outside the calendar's years counts as
    /// the first or last in them. Indexes of one frequency are consecutive.
    #[must_use]
    pub fn index_of(&self, frequency: Frequency, day: Date) -> i32 {
        let day = day.clamp(FIRST_DATE, LAST_DATE);
        match (frequency, frequency.months()) {
            (_, Some(months)) => {
                (month_number(day) + self.months_ahead(frequency)).div_euclid(months)
            }
            (Frequency::Week, None) => {
                (day_number(day) - self.week_zero()).div_euclid(DAYS_PER_WEEK)
            }
            (_, None) => day_number(day),
        }
    }

    /// The indexes of all periods that there are.
    #[must_use]
    pub fn index_range(&self, frequency: Frequency) -> RangeInclusive<i32> {
        self.index_of(frequency, FIRST_DATE)..=self.index_of(frequency, LAST_DATE)
    }

    /// The period that contains the day; see [`index_of`](Self::index_of) for days beyond.
    #[must_use]
    pub fn containing(&self, frequency: Frequency, day: Date) -> Period {
        self.period(frequency, self.index_of(frequency, day))
    }

    /// The index of a period that this calendar made.
    #[must_use]
    pub fn index(&self, period: &Period) -> i32 {
        self.index_of(period.frequency, period.first)
    }

    /// The period that the text names, in any of the forms of a period.
    ///
    /// # Errors
    /// What is wrong with the text, and what would be right.
    pub fn parse_period(&self, text: &str) -> Result<Period, PeriodError> {
        let out_of_range = || PeriodError::Year { text: quoted(text) };
        let (frequency, index) = match PeriodName::parse(text)? {
            PeriodName::Day(day) if (FIRST_DATE..=LAST_DATE).contains(&day) => {
                (Frequency::Day, day_number(day))
            }
            PeriodName::Day(_) => return Err(out_of_range()),
            PeriodName::InYear {
                frequency: Frequency::Week,
                year,
                number,
            } => {
                let weeks = self.weeks_in(year);
                if !(1..=weeks).contains(&number) {
                    let text = quoted(text);
                    return Err(PeriodError::Week { text, year, weeks });
                }
                (Frequency::Week, self.first_week_of(year) + number - 1)
            }
            PeriodName::InYear {
                frequency,
                year,
                number,
            } => (frequency, year * periods_per_year(frequency) + number - 1),
        };
        if !self.index_range(frequency).contains(&index) {
            return Err(out_of_range());
        }
        Ok(self.period(frequency, index))
    }

    /// The name of the period in its own frequency, such as `2026-W48`; what
    /// [`parse_period`](Self::parse_period) reads.
    #[must_use]
    pub fn name(&self, period: &Period) -> String {
        let index = self.index(period);
        let per_year = periods_per_year(period.frequency);
        let year = index.div_euclid(per_year);
        let number = index.rem_euclid(per_year) + 1;
        match period.frequency {
            Frequency::Day => period.first.to_string(),
            Frequency::Week => {
                let year = i32::from(period.middle().year());
                let number = index - self.first_week_of(year) + 1;
                format!("{year:04}-W{number:02}")
            }
            Frequency::Month => format!("{year:04}-{number:02}"),
            Frequency::Quarter => format!("{year:04}-Q{number}"),
            Frequency::HalfYear => format!("{year:04}-H{number}"),
            Frequency::Year => format!("{year:04}"),
            Frequency::FiscalQuarter => format!("FY{year:04}-Q{number}"),
            Frequency::FiscalHalfYear => format!("FY{year:04}-H{number}"),
            Frequency::FiscalYear => format!("FY{year:04}"),
        }
    }

    /// Whether the finer period belongs to the coarser one: its middle day, of a week the fourth,
    /// lies in it. A period never belongs to one of a finer frequency.
    #[must_use]
    pub fn belongs_to(&self, finer: &Period, coarser: &Period) -> bool {
        !coarser.frequency.is_finer_than(finer.frequency) && coarser.contains(finer.middle())
    }

    /// The indexes of the periods of the frequency that [belong to](Self::belongs_to) the period;
    /// empty if none does, as where the frequency is coarser than the period.
    #[must_use]
    pub fn parts(&self, of: &Period, frequency: Frequency) -> RangeInclusive<i32> {
        let mut start = self.index_of(frequency, of.first);
        let mut end = self.index_of(frequency, of.last);
        if of.frequency.is_finer_than(frequency) {
            return start..=start - 1;
        }
        // Only of one that does not begin, or end, within the period it matters where its middle is.
        let (first, last) = (self.period(frequency, start), self.period(frequency, end));
        if first.first < of.first && first.middle() < of.first {
            start += 1;
        }
        if last.last > of.last && last.middle() > of.last {
            end -= 1;
        }
        start..=end
    }

    /// The index of the latest period of the frequency that has ended when `last` has ended. Before
    /// the first such period that is one less than its index, which stands for no period.
    #[must_use]
    pub fn latest_ended_by(&self, frequency: Frequency, last: Date) -> i32 {
        let index = self.index_of(frequency, last);
        let ended = self.period(frequency, index).last <= last;
        if ended { index } else { index - 1 }
    }

    /// The first instant of the day: local midnight, or where the clocks skip it the instant at
    /// which they do.
    #[must_use]
    pub fn start_of_day(&self, day: Date) -> Timestamp {
        let midnight = day.at(0, 0, 0, 0);
        let ambiguous = self.time_zone.to_ambiguous_timestamp(midnight);
        let start = match ambiguous.offset() {
            AmbiguousOffset::Gap { after, .. } => {
                let before_the_gap = after.to_timestamp(midnight).ok();
                before_the_gap.and_then(|instant| {
                    let mut transitions = self.time_zone.following(instant);
                    transitions.next().map(|transition| transition.timestamp())
                })
            }
            AmbiguousOffset::Unambiguous { .. } | AmbiguousOffset::Fold { .. } => None,
        };
        let beyond = if day < FIRST_DATE {
            Timestamp::MIN
        } else {
            Timestamp::MAX
        };
        start.unwrap_or_else(|| ambiguous.compatible().unwrap_or(beyond))
    }

    /// The last instant of the day, to the microsecond: one before the next day starts.
    #[must_use]
    pub fn end_of_day(&self, day: Date) -> Timestamp {
        let Ok(next) = day.tomorrow() else {
            return Timestamp::MAX;
        };
        let microsecond = jiff::SignedDuration::from_micros(1);
        let start_of_next = self.start_of_day(next);
        start_of_next
            .saturating_sub(microsecond)
            .unwrap_or(start_of_next)
    }

    /// The local day in which the instant lies.
    #[must_use]
    pub fn date_of(&self, instant: Timestamp) -> Date {
        self.time_zone.to_datetime(instant).date()
    }

    /// The number of weeks in the year, 52 or 53.
    #[must_use]
    pub fn weeks_in(&self, year: i32) -> i32 {
        self.first_week_of(year + 1) - self.first_week_of(year)
    }

    /// The index of the week with 4 January, which is the first of the year.
    fn first_week_of(&self, year: i32) -> i32 {
        let fourth_of_january = day_number(first_of_month(year * MONTHS_PER_YEAR)) + 3;
        (fourth_of_january - self.week_zero()).div_euclid(DAYS_PER_WEEK)
    }

    /// The day number of the first day of the week with index 0, which contains 1970-01-01.
    fn week_zero(&self) -> i32 {
        -i32::from(Weekday::Thursday.since(self.week_starts))
    }

    /// By how many months the years of the frequency run ahead of those of the calendar.
    fn months_ahead(&self, frequency: Frequency) -> i32 {
        if frequency.is_fiscal() && self.fiscal_year_starts > 1 {
            MONTHS_PER_YEAR + 1 - i32::from(self.fiscal_year_starts)
        } else {
            0
        }
    }
}

/// The number of periods in a year; 1 for days and weeks, which do not divide it evenly.
fn periods_per_year(frequency: Frequency) -> i32 {
    frequency
        .months()
        .map_or(1, |months| MONTHS_PER_YEAR / months)
}

/// The number of months from January of the year 0 to the day's.
fn month_number(day: Date) -> i32 {
    i32::from(day.year()) * MONTHS_PER_YEAR + i32::from(day.month()) - 1
}

/// The first day of the month with this number; beyond the years of [`Date`] its last day.
fn first_of_month(number: i32) -> Date {
    let year = i16::try_from(number.div_euclid(MONTHS_PER_YEAR)).unwrap_or(i16::MAX);
    let month = number.rem_euclid(MONTHS_PER_YEAR) as i8 + 1;
    Date::new(year, month, 1).unwrap_or(Date::MAX)
}
