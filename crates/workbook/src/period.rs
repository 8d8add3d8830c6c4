//! Periods as people write them: `Nov-24`, `2025-01`, `Q1 FY26`, `2025/26`, a day.

use jiff::civil::Date;
use throughline_core::{Calendar, Frequency, Period};

use crate::week::{self, Edge};

/// What a text says of a period.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// The year that it names.
    pub year: Option<i16>,
    /// Whether the year is a fiscal one.
    pub is_fiscal: bool,
    /// The month, 1 to 12.
    pub month: Option<i8>,
    /// The quarter, 1 to 4.
    pub quarter: Option<i32>,
    /// The half-year, 1 or 2.
    pub half: Option<i32>,
    /// The week.
    pub week: Option<i32>,
    /// The day, if it is one day.
    pub day: Option<Date>,
    /// Which day of a week that is, if it is said.
    pub edge: Option<Edge>,
}

impl Said {
    /// A year.
    #[must_use]
    pub fn of_year(year: i16) -> Said {
        Said {
            year: Some(year),
            ..Said::default()
        }
    }

    /// Whether it names a part of a year, or a day.
    #[must_use]
    pub fn has_part(&self) -> bool {
        self.month.is_some()
            || self.quarter.is_some()
            || self.half.is_some()
            || self.week.is_some()
            || self.day.is_some()
    }

    /// Both together: what this one does not say, the other does.
    #[must_use]
    pub fn or(self, other: Said) -> Said {
        Said {
            year: self.year.or(other.year),
            is_fiscal: self.is_fiscal || (self.year.is_none() && other.is_fiscal),
            month: self.month.or(other.month),
            quarter: self.quarter.or(other.quarter),
            half: self.half.or(other.half),
            week: self.week.or(other.week),
            day: self.day.or(other.day),
            // It is said of the day that counts.
            edge: match self.day {
                Some(_) => self.edge,
                None => other.edge,
            },
        }
    }

    /// The same; which day of a week it names, if it names a day, is this one, unless it says that itself.
    #[must_use]
    pub fn named_by(self, edge: Option<Edge>) -> Said {
        let edge = self.edge.or(edge).filter(|_| self.day.is_some());
        Said { edge, ..self }
    }

    /// The period, if a year is known. A day is the period of `of_day` that holds it; where it is the first or the last of a week,
    /// the week that has most of its days.
    #[must_use]
    pub fn period(&self, calendar: &Calendar, of_day: Frequency) -> Option<Period> {
        if let Some(day) = self.day {
            let edge = self.edge.filter(|_| of_day == Frequency::Week);
            let day = edge.map_or(day, |edge| edge.middle(day));
            return Some(calendar.containing(of_day, day));
        }
        let year = self.year?;
        let name = if let Some(month) = self.month {
            format!(
                "{:04}-{month:02}",
                self.year_of_month(calendar, year, month)
            )
        } else if let Some(week) = self.week {
            format!("{year:04}-W{week:02}")
        } else {
            let part = match (self.quarter, self.half) {
                (Some(quarter), _) => format!("-Q{quarter}"),
                (None, Some(half)) => format!("-H{half}"),
                (None, None) => String::new(),
            };
            let fiscal = if self.is_fiscal { "FY" } else { "" };
            format!("{fiscal}{year:04}{part}")
        };
        calendar.parse_period(&name).ok()
    }

    /// The calendar year of a month of a fiscal year.
    fn year_of_month(&self, calendar: &Calendar, year: i16, month: i8) -> i16 {
        if !self.is_fiscal || calendar.fiscal_year_starts() == 1 {
            return year;
        }
        let start = i8::try_from(calendar.fiscal_year_starts()).unwrap_or(1);
        let first = calendar.parse_period(&format!("FY{year:04}"));
        first.map_or(year, |whole| whole.first.year() + i16::from(month < start))
    }
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// What a text says of a period, if it says nothing else. `2025/26` is the fiscal year that starts in 2025.
#[must_use]
pub fn read(text: &str, calendar: &Calendar) -> Option<Said> {
    /// Longer than any way to write a period.
    const LENGTH_MAX: usize = 40;
    let text = text.trim().to_lowercase();
    if text.is_empty() || text.len() > LENGTH_MAX {
        return None;
    }
    let text = match text.ends_with(|last: char| last.is_ascii_alphanumeric()) {
        true => text.as_str(),
        false => without_marks(&text),
    };
    if let Some((day, edge)) = week::behind(text) {
        // What names a week by one of its days names that day; what says no year ("w/e 06 Mar") says too little.
        let said = read_whole(day, calendar).filter(|said| said.day.is_some());
        return said.map(|said| said.named_by(edge));
    }
    read_whole(text, calendar)
}

/// A text without what marks its period as provisional or as one with a footnote.
fn without_marks(text: &str) -> &str {
    const MARKS: &[&str] = &[
        "(p)",
        "(r)",
        "(e)",
        "(prov)",
        "(provisional)",
        "(est)",
        "*",
        "†",
        "‡",
    ];
    let mut text = text;
    while let Some(rest) = MARKS.iter().find_map(|mark| text.strip_suffix(mark)) {
        text = rest.trim_end();
    }
    text
}

fn read_whole(text: &str, calendar: &Calendar) -> Option<Said> {
    if let Some(said) = exact(text, calendar) {
        return Some(said);
    }
    let mut said = Said::default();
    let tokens = tokens(text);
    let mut numbers = Vec::new();
    for token in &tokens {
        if let Some(part) = part(token) {
            said = part.or(said);
        } else if token.chars().all(|character| character.is_ascii_digit()) {
            numbers.push(token.as_str());
        } else if token == "fy" || token == "fiscal" {
            said.is_fiscal = true;
        } else if ![
            "year", "month", "week", "quarter", "of", "ending", "end", "w/e", "we",
        ]
        .contains(&token.as_str())
        {
            return None;
        }
    }
    with_numbers(said, &numbers, calendar).filter(|said| said.has_part() || said.year.is_some())
}

/// Dates and names in a fixed form.
fn exact(text: &str, calendar: &Calendar) -> Option<Said> {
    let day = |year: &str, month: &str, day: &str| {
        let (year, month, day) = (year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
        Date::new(year, month, day).ok()
    };
    let parts: Vec<&str> = text.split(['-', '/', '.', ' ', 't']).collect();
    let numeric = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if parts.len() >= 3 && parts.iter().take(3).all(numeric) {
        let found = match (parts[0].len(), parts[2].len()) {
            (4, _) => day(parts[0], parts[1], parts[2]),
            // The day comes first, unless it cannot.
            (_, 4) => {
                day(parts[2], parts[1], parts[0]).or_else(|| day(parts[2], parts[0], parts[1]))
            }
            (1 | 2, 2) if text.contains('/') => {
                let year = format!("20{}", parts[2]);
                day(&year, parts[1], parts[0]).or_else(|| day(&year, parts[0], parts[1]))
            }
            _ => None,
        };
        return found.map(|day| Said {
            day: Some(day),
            ..Said::default()
        });
    }
    let fiscal = |start: i16| Said {
        year: Some(calendar_year_name(start, calendar)),
        is_fiscal: true,
        ..Said::default()
    };
    if let [first, second] = parts.as_slice()
        && numeric(first)
        && numeric(second)
    {
        let (one, two): (i16, i16) = (first.parse().ok()?, second.parse().ok()?);
        let follows = (one + 1) % 100 == two % 100;
        return match (first.len(), second.len()) {
            (4, 4 | 2) if text.contains('/') && follows => Some(fiscal(one)),
            (2, 2) if text.contains('/') && follows => Some(fiscal(2000 + one)),
            (4, 1 | 2) => month(one, two),
            (1 | 2, 4) => month(two, one),
            _ => None,
        };
    }
    if text.len() == 6 && numeric(&text) && (text.starts_with("19") || text.starts_with("20")) {
        let (year, number) = text.split_at_checked(4)?;
        return month(year.parse().ok()?, number.parse().ok()?);
    }
    None
}

/// How a fiscal year is called that starts in a year.
fn calendar_year_name(start: i16, calendar: &Calendar) -> i16 {
    let month = i8::try_from(calendar.fiscal_year_starts()).unwrap_or(1);
    let named = Date::new(start, month, 1).ok().map(|day| {
        let name = calendar.name(&calendar.containing(Frequency::FiscalYear, day));
        name.trim_start_matches("FY").parse().unwrap_or(start)
    });
    named.unwrap_or(start)
}

fn month(year: i16, number: i16) -> Option<Said> {
    let month = i8::try_from(number)
        .ok()
        .filter(|month| (1..=12).contains(month));
    (month.is_some() && (1900..=2200).contains(&year)).then_some(Said {
        year: Some(year),
        month,
        ..Said::default()
    })
}

/// Words, and digits apart from letters.
fn tokens(text: &str) -> Vec<String> {
    let mut tokens: Vec<String> = Vec::new();
    let mut last = None;
    for character in text.chars() {
        let kind = if character.is_ascii_digit() {
            Some('0')
        } else if character.is_alphabetic() {
            Some('a')
        } else {
            None
        };
        match (kind, tokens.last_mut()) {
            (Some(_), Some(token)) if kind == last => token.push(character),
            (Some(_), _) => tokens.push(character.to_string()),
            (None, _) if " -/_,.'’:()".contains(character) => {}
            // What else stands there makes it no period.
            (None, _) => tokens.push(character.to_string()),
        }
        last = kind;
    }
    joined(tokens)
}

/// `q` and `1` belong together, as do `w`, `h`, `m` and `p` with their numbers.
fn joined(tokens: Vec<String>) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for token in tokens {
        let is_number = token.bytes().all(|byte| byte.is_ascii_digit());
        match out.last_mut() {
            Some(letter)
                if is_number
                    && token.len() <= 2
                    && ["q", "w", "h", "m", "qtr", "wk", "week", "quarter"]
                        .contains(&letter.as_str()) =>
            {
                letter.push_str(&token);
            }
            // `1q`
            Some(number) if ["q", "h"].contains(&token.as_str()) && number.len() == 1 => {
                *number = format!("{token}{number}");
            }
            _ => out.push(token),
        }
    }
    out
}

/// What one word says.
fn part(token: &str) -> Option<Said> {
    let of_name = |name: &str| {
        token == name || (token.len() >= 3 && token.len() <= 4 && name.starts_with(token))
    };
    if let Some(index) = MONTHS.iter().position(|name| of_name(name)) {
        let month = i8::try_from(index + 1).ok();
        return Some(Said {
            month,
            ..Said::default()
        });
    }
    let letters = token.trim_end_matches(|character: char| character.is_ascii_digit());
    let number: i32 = token.strip_prefix(letters)?.parse().ok()?;
    let mut said = Said::default();
    match letters {
        "q" | "qtr" | "quarter" if (1..=4).contains(&number) => said.quarter = Some(number),
        "h" if (1..=2).contains(&number) => said.half = Some(number),
        "w" | "wk" | "week" if (1..=53).contains(&number) => said.week = Some(number),
        "m" if (1..=12).contains(&number) => said.month = i8::try_from(number).ok(),
        _ => return None,
    }
    Some(said)
}

/// With the numbers beside the words: a year, or two that are a fiscal one, or a day before a month and a year.
fn with_numbers(mut said: Said, numbers: &[&str], calendar: &Calendar) -> Option<Said> {
    let year = |text: &str| -> Option<i16> {
        let number: i16 = text.parse().ok()?;
        match text.len() {
            2 if said.has_part() || said.is_fiscal => Some(2000 + number),
            4 if (1900..=2200).contains(&number) => Some(number),
            _ => None,
        }
    };
    match numbers {
        [] => {}
        [only] => said.year = Some(year(only)?),
        [first, second] => {
            let (one, two): (i16, i16) = (first.parse().ok()?, second.parse().ok()?);
            if first.len() >= second.len()
                && second.len() == 2
                && (one + 1) % 100 == two
                && said.day.is_none()
                && (said.is_fiscal || said.quarter.is_some() || first.len() == 4)
            {
                let start = if first.len() == 2 { 2000 + one } else { one };
                said.year = Some(calendar_year_name(start, calendar));
                said.is_fiscal = true;
            } else if let (Some(month), Some(year)) = (said.month, year(second)) {
                said.day = Date::new(year, month, i8::try_from(one).ok()?).ok();
                said.day?;
            } else {
                return None;
            }
        }
        _ => return None,
    }
    Some(said)
}

#[cfg(test)]
mod tests {
    use jiff::civil::Weekday;
    use jiff::tz::TimeZone;

    use super::*;

    fn name(text: &str, starts: u8) -> Option<String> {
        let calendar = Calendar::new(starts, Weekday::Monday, TimeZone::UTC).expect("a calendar");
        let said = read(text, &calendar)?;
        said.period(&calendar, Frequency::Month)
            .map(|period| calendar.name(&period))
    }

    #[test]
    fn periods_are_read_as_they_are_written() {
        let cases = [
            ("Nov-24", "2024-11"),
            ("November 2024", "2024-11"),
            ("Sept 2024", "2024-09"),
            ("2025-01", "2025-01"),
            ("01/2025", "2025-01"),
            ("202503", "2025-03"),
            ("2025 M04", "2025-04"),
            ("Q1 2025", "2025-Q1"),
            ("2025-Q3", "2025-Q3"),
            ("1Q25", "2025-Q1"),
            ("2025", "2025"),
            ("W12 2025", "2025-W12"),
            ("2025-W05", "2025-W05"),
            ("31/01/2025", "2025-01"),
            ("2025-01-31", "2025-01"),
            ("31.01.2025", "2025-01"),
            ("FY2026", "FY2026"),
            ("FY26", "FY2026"),
            ("Q2 FY26", "FY2026-Q2"),
            ("H1 2025", "2025-H1"),
            ("30 June 2025", "2025-06"),
            ("Jan '25", "2025-01"),
            ("Jan-25*", "2025-01"),
            ("Mar 2025 (p)", "2025-03"),
            ("W/E 06/03/2026", "2026-03"),
            ("w/c 2 March 2026", "2026-03"),
            ("week ending 13/03/26", "2026-03"),
        ];
        for (text, expected) in cases {
            assert_eq!(name(text, 1).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn fiscal_years_have_their_months() {
        let calendar = Calendar::new(4, Weekday::Monday, TimeZone::UTC).expect("a calendar");
        let whole =
            read("2025/26", &calendar).and_then(|said| said.period(&calendar, Frequency::Month));
        assert_eq!(
            whole.map(|period| period.first.to_string()).as_deref(),
            Some("2025-04-01")
        );
        let year = read("25/26", &calendar).expect("a year");
        let of = |month: &str| {
            let said = read(month, &calendar).expect("a month").or(year);
            said.period(&calendar, Frequency::Month)
                .map(|period| calendar.name(&period))
        };
        assert_eq!(of("Apr").as_deref(), Some("2025-04"));
        assert_eq!(of("Mar").as_deref(), Some("2026-03"));
    }

    #[test]
    fn what_is_no_period_is_none() {
        for text in [
            "",
            "KPI",
            "82%",
            "Target",
            "12",
            "3.5",
            "Maybe",
            "Marketing",
            "n/a",
            "0.96",
            "Q5 2025",
            "13/2025",
            "1,234",
            "w/e 06 Mar",
        ] {
            assert_eq!(name(text, 1), None, "{text}");
        }
    }
}
