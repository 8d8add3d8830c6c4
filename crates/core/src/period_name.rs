//! How periods are written: `2026-11-23`, `2026-W48`, `2026-11`, `2026-Q4`, `2026-H2`, `2026`,
//! `FY2026`, `FY2026-Q1`, `FY2026-H1`; and what is wrong with a text that is none of these.
//!
//! Only the spelling is decided here, and how many months, quarters and halves a year has. Which
//! days a name stands for, and how many weeks a year has, is the calendar's to say.

use jiff::civil::Date;
use thiserror::Error;

use crate::calendar::{FIRST_YEAR, LAST_YEAR};
use crate::period::Frequency;

/// A name taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PeriodName {
    Day(Date),
    /// The period with this number, from 1, in the year. The number of a week may be too great.
    InYear {
        frequency: Frequency,
        year: i32,
        number: i32,
    },
}

/// Why a text is no period, and what would be.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PeriodError {
    /// There is no text.
    #[error("a period is missing; write one such as 2026-11, 2026-W48 or FY2026-Q1")]
    Empty,
    /// It can be guessed what is meant.
    #[error("`{text}` is not how a period is written; write `{right}`")]
    Spelling {
        /// The text.
        text: String,
        /// The period that is most likely meant.
        right: String,
    },
    /// Nothing like a period.
    #[error(
        "`{text}` is not a period; write one such as 2026-11-23, 2026-W48, 2026-11, 2026-Q4, 2026-H2, \
         2026, FY2026, FY2026-Q1 or FY2026-H1"
    )]
    Unknown {
        /// The text.
        text: String,
    },
    /// The year is out of range.
    #[error("`{text}` is out of range; years run from {FIRST_YEAR} to {LAST_YEAR}")]
    Year {
        /// The text.
        text: String,
    },
    /// The month is 00 or more than 12.
    #[error("`{text}` does not exist; months run from 01 to 12")]
    Month {
        /// The text.
        text: String,
    },
    /// The month has no such day.
    #[error("`{text}` does not exist; {year}-{month:02} has {days} days")]
    Day {
        /// The text.
        text: String,
        /// The year.
        year: i16,
        /// The month, 1 to 12.
        month: i8,
        /// The number of days in the month.
        days: i8,
    },
    /// The year has no such week.
    #[error("`{text}` does not exist; {year} has {weeks} weeks, W01 to W{weeks}")]
    Week {
        /// The text.
        text: String,
        /// The year.
        year: i32,
        /// The number of weeks in the year.
        weeks: i32,
    },
    /// The quarter is none of 1 to 4.
    #[error("`{text}` does not exist; quarters are Q1, Q2, Q3 and Q4")]
    Quarter {
        /// The text.
        text: String,
    },
    /// The half-year is none of 1 and 2.
    #[error("`{text}` does not exist; half-years are H1 and H2")]
    HalfYear {
        /// The text.
        text: String,
    },
}

/// The longest part of a wrong text, in characters, that is repeated in a message.
const QUOTED_LENGTH_MAX: usize = 40;

/// The text as a message quotes it: at most [`QUOTED_LENGTH_MAX`] characters.
pub(crate) fn quoted(text: &str) -> String {
    let mut characters = text.chars();
    let mut quoted: String = characters.by_ref().take(QUOTED_LENGTH_MAX).collect();
    if characters.next().is_some() {
        quoted.push('…');
    }
    quoted
}

/// A text in the shape of a name, its numbers not yet looked at.
#[derive(Debug, Clone, Copy)]
struct Shape {
    fiscal: bool,
    year: i16,
    position: Position,
}

#[derive(Debug, Clone, Copy)]
enum Position {
    Whole,
    Half(i32),
    Quarter(i32),
    Month(i8),
    Week(i32),
    Day(i8, i8),
}

impl PeriodName {
    /// Reads a name.
    pub(crate) fn parse(text: &str) -> Result<PeriodName, PeriodError> {
        match Shape::read(text) {
            Some(shape) => shape.name(text),
            None => Err(wrong_shape(text)),
        }
    }
}

impl Shape {
    /// The shape of the text, if it has that of a name, to the letter.
    fn read(text: &str) -> Option<Shape> {
        let (fiscal, rest) = match text.strip_prefix("FY") {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (year, position) = match rest.split_once('-') {
            Some((year, position)) => (year, Some(position)),
            None => (rest, None),
        };
        let position = match position {
            None => Position::Whole,
            Some(position) => Position::read(position)?,
        };
        let has_fiscal_form = matches!(
            position,
            Position::Whole | Position::Half(_) | Position::Quarter(_)
        );
        let year = digits(year, 4)?;
        (has_fiscal_form || !fiscal).then_some(Shape {
            fiscal,
            year,
            position,
        })
    }

    /// The name with its numbers, if they exist in a year. The text is for the message.
    fn name(self, text: &str) -> Result<PeriodName, PeriodError> {
        let in_year = |calendar, fiscal, number| {
            Ok(PeriodName::InYear {
                frequency: if self.fiscal { fiscal } else { calendar },
                year: i32::from(self.year),
                number,
            })
        };
        let text = || quoted(text);
        match self.position {
            Position::Whole => in_year(Frequency::Year, Frequency::FiscalYear, 1),
            Position::Half(number @ 1..=2) => {
                in_year(Frequency::HalfYear, Frequency::FiscalHalfYear, number)
            }
            Position::Half(_) => Err(PeriodError::HalfYear { text: text() }),
            Position::Quarter(number @ 1..=4) => {
                in_year(Frequency::Quarter, Frequency::FiscalQuarter, number)
            }
            Position::Quarter(_) => Err(PeriodError::Quarter { text: text() }),
            Position::Month(number @ 1..=12) => {
                in_year(Frequency::Month, Frequency::Month, i32::from(number))
            }
            Position::Week(number) => in_year(Frequency::Week, Frequency::Week, number),
            Position::Day(month, day) => {
                let Ok(first) = Date::new(self.year, month, 1) else {
                    return Err(PeriodError::Month { text: text() });
                };
                Date::new(self.year, month, day)
                    .map(PeriodName::Day)
                    .map_err(|_| PeriodError::Day {
                        text: text(),
                        year: self.year,
                        month,
                        days: first.days_in_month(),
                    })
            }
            Position::Month(_) => Err(PeriodError::Month { text: text() }),
        }
    }
}

impl Position {
    fn read(text: &str) -> Option<Position> {
        if let Some(number) = text.strip_prefix('W') {
            digits(number, 2).map(|number: i16| Position::Week(i32::from(number)))
        } else if let Some(number) = text.strip_prefix('Q') {
            digits(number, 1).map(|number: i16| Position::Quarter(i32::from(number)))
        } else if let Some(number) = text.strip_prefix('H') {
            digits(number, 1).map(|number: i16| Position::Half(i32::from(number)))
        } else if let Some((month, day)) = text.split_once('-') {
            Some(Position::Day(digits(month, 2)?, digits(day, 2)?))
        } else {
            digits(text, 2).map(Position::Month)
        }
    }
}

/// The number that the text writes in exactly this many digits.
fn digits<N: std::str::FromStr>(text: &str, count: usize) -> Option<N> {
    let written = text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    written.then(|| text.parse().ok())?
}

/// The error for a text without the shape of a name, with the name that is most likely meant.
fn wrong_shape(text: &str) -> PeriodError {
    if text.trim().is_empty() {
        return PeriodError::Empty;
    }
    match respelled(text) {
        Some(right) => PeriodError::Spelling {
            text: quoted(text),
            right,
        },
        None => PeriodError::Unknown { text: quoted(text) },
    }
}

/// The text mended where it has blanks, lower case, other dashes, missing dashes or leading zeros, or
/// two digits for the year (then of this century); `None` if that doesn't make it a name.
fn respelled(text: &str) -> Option<String> {
    if text.chars().count() > QUOTED_LENGTH_MAX {
        return None;
    }
    let compact: String = text
        .chars()
        .filter(|character| !character.is_whitespace())
        .map(|character| match character {
            '/' | '.' | '_' | '\u{2010}'..='\u{2015}' => '-',
            other => other.to_ascii_uppercase(),
        })
        .collect();
    let (fiscal, rest) = match compact.strip_prefix("FY") {
        Some(rest) => ("FY", rest.trim_start_matches('-')),
        None => ("", compact.as_str()),
    };
    let year_length = rest.bytes().take_while(u8::is_ascii_digit).count();
    let (year, rest) = rest.split_at(year_length);
    let century = match year_length {
        2 => "20",
        4 => "",
        _ => return None,
    };
    let mut right = format!("{fiscal}{century}{year}");
    for part in rest.split('-').filter(|part| !part.is_empty()) {
        let number = part.trim_start_matches(['W', 'Q', 'H', 'M']);
        let padded = match part.strip_suffix(number).unwrap_or_default() {
            letter @ ("Q" | "H") => format!("{letter}{}", number.trim_start_matches('0')),
            "M" => format!("{number:0>2}"),
            letter => format!("{letter}{number:0>2}"),
        };
        right = format!("{right}-{padded}");
    }
    let name = Shape::read(&right)?.name(&right);
    name.is_ok().then_some(right)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_text_is_answered_with_what_is_right() {
        let check = |text: &str, expected: &str| {
            let error = PeriodName::parse(text).expect_err(text);
            assert_eq!(error.to_string(), expected);
        };
        let spelling = |text: &str, right: &str| {
            check(
                text,
                &format!("`{text}` is not how a period is written; write `{right}`"),
            );
        };
        spelling("2026-w48", "2026-W48");
        spelling("2026-q4", "2026-Q4");
        spelling("fy2026", "FY2026");
        spelling(" 2026", "2026");
        spelling("2026 - 11", "2026-11");
        spelling("2026-1", "2026-01");
        spelling("2026-1-5", "2026-01-05");
        spelling("2026/11/23", "2026-11-23");
        spelling("2026-W5", "2026-W05");
        spelling("2026-Q04", "2026-Q4");
        spelling("2026Q4", "2026-Q4");
        spelling("2026M3", "2026-03");
        spelling("26-01", "2026-01");
        spelling("FY26-Q1", "FY2026-Q1");
        spelling("FY 2026 H1", "FY2026-H1");
        spelling("2026\u{2013}11", "2026-11");

        check(
            "2026-13",
            "`2026-13` does not exist; months run from 01 to 12",
        );
        check(
            "2026-00",
            "`2026-00` does not exist; months run from 01 to 12",
        );
        check(
            "2026-02-30",
            "`2026-02-30` does not exist; 2026-02 has 28 days",
        );
        check(
            "2026-14-01",
            "`2026-14-01` does not exist; months run from 01 to 12",
        );
        check(
            "2026-Q5",
            "`2026-Q5` does not exist; quarters are Q1, Q2, Q3 and Q4",
        );
        check(
            "FY2026-H0",
            "`FY2026-H0` does not exist; half-years are H1 and H2",
        );
        for blank in ["", " ", "\t"] {
            check(blank, &PeriodError::Empty.to_string());
        }
        for unknown in [
            "March",
            "FY2026-11",
            "FY2026-W01",
            "2026-",
            "-",
            "20261",
            "٢٠٢٦",
            "2026-W48-1",
        ] {
            let error = PeriodName::parse(unknown);
            assert!(
                matches!(
                    error,
                    Err(PeriodError::Unknown { .. } | PeriodError::Spelling { .. })
                ),
                "{unknown}: {error:?}"
            );
        }
        let long = PeriodName::parse(&"é".repeat(100_000)).expect_err("no period");
        assert!(long.to_string().len() < 300);
    }
}
