//! When something repeats: the part of the rules of RFC 5545 that meetings need, over days of the civil calendar.

use std::fmt;

use jiff::civil::{Date, Weekday};

use crate::tree::Tree;
use crate::value::{Names, Reader, Shape, Value};

/// The longest rule, in bytes.
pub const RULE_LENGTH_LIMIT: usize = 200;
/// The most days that are looked at for the next one: a century.
const DAYS_LOOKED_AT: usize = 36_525;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Every {
    Day,
    Week,
    Month,
    Year,
}

/// A rule by which days repeat: `FREQ=MONTHLY;BYDAY=2TU` is every second Tuesday of a month.
///
/// `FREQ` is `DAILY`, `WEEKLY`, `MONTHLY` or `YEARLY`; of the other parts there are `INTERVAL`, `BYDAY`, `BYMONTHDAY`,
/// `BYMONTH`, `COUNT` and `UNTIL`. Weeks begin on Monday. What else RFC 5545 knows is refused and not left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recurrence {
    text: String,
    every: Every,
    interval: i32,
    days: Vec<(i8, Weekday)>,
    month_days: Vec<i8>,
    months: Vec<i8>,
    count: Option<usize>,
    until: Option<Date>,
}

impl Recurrence {
    /// The rule with that text.
    ///
    /// # Errors
    /// What cannot be read in it, in words.
    pub fn parse(text: &str) -> Result<Recurrence, String> {
        if text.len() > RULE_LENGTH_LIMIT {
            return Err(format!("a rule has up to {RULE_LENGTH_LIMIT} characters"));
        }
        let mut rule = Recurrence {
            text: text.to_owned(),
            every: Every::Day,
            interval: 1,
            days: Vec::new(),
            month_days: Vec::new(),
            months: Vec::new(),
            count: None,
            until: None,
        };
        let mut seen: Vec<&str> = Vec::new();
        for part in text.split(';') {
            let (name, value) = part
                .split_once('=')
                .ok_or_else(|| format!("`{part}` is no part of a rule"))?;
            if seen.contains(&name) {
                return Err(format!("`{name}` stands in the rule twice"));
            }
            seen.push(name);
            rule.part(name, value)?;
        }
        if !seen.contains(&"FREQ") {
            return Err("the rule has no FREQ, which says how often".to_owned());
        }
        rule.whole().map(|()| rule)
    }

    fn part(&mut self, name: &str, value: &str) -> Result<(), String> {
        let wrong = || format!("`{name}={value}` is no part of a rule that is understood");
        let number = |from: i32, to: i32| {
            let number = value.parse::<i32>().ok();
            number.filter(|number| (from..=to).contains(number))
        };
        match name {
            "FREQ" => {
                self.every = match value {
                    "DAILY" => Every::Day,
                    "WEEKLY" => Every::Week,
                    "MONTHLY" => Every::Month,
                    "YEARLY" => Every::Year,
                    _ => return Err(wrong()),
                };
            }
            "INTERVAL" => self.interval = number(1, 1000).ok_or_else(wrong)?,
            "COUNT" => self.count = Some(number(1, 10_000).ok_or_else(wrong)? as usize),
            "UNTIL" => self.until = Some(day_of(value).ok_or_else(wrong)?),
            "BYDAY" => {
                let days = value.split(',').map(weekday).collect::<Option<Vec<_>>>();
                self.days = days.ok_or_else(wrong)?;
            }
            "BYMONTHDAY" => self.month_days = numbers(value, -31, 31).ok_or_else(wrong)?,
            "BYMONTH" => self.months = numbers(value, 1, 12).ok_or_else(wrong)?,
            _ => return Err(wrong()),
        }
        Ok(())
    }

    /// What the parts cannot mean together.
    fn whole(&self) -> Result<(), String> {
        let has_places = self.days.iter().any(|(place, _)| *place != 0);
        let is_of_months =
            self.every == Every::Month || (self.every == Every::Year && !self.months.is_empty());
        if has_places && !is_of_months {
            return Err(
                "BYDAY with a place, such as 2TU, needs FREQ=MONTHLY, or FREQ=YEARLY with BYMONTH"
                    .to_owned(),
            );
        }
        if self.every == Every::Week && !self.month_days.is_empty() {
            return Err("a week has no BYMONTHDAY".to_owned());
        }
        if self.count.is_some() && self.until.is_some() {
            return Err("a rule ends by COUNT or by UNTIL, not by both".to_owned());
        }
        Ok(())
    }

    /// The days of a rule that counts from a day on, at most a century of them.
    pub fn days_from(&self, first: Date) -> impl Iterator<Item = Date> + '_ {
        let days = std::iter::successors(Some(first), |day| day.tomorrow().ok());
        let days = days.take(DAYS_LOOKED_AT);
        let days = days.take_while(|day| self.until.is_none_or(|until| *day <= until));
        days.filter(move |day| self.holds(first, *day))
            .take(self.count.unwrap_or(usize::MAX))
    }

    /// The first day of the rule that is not before a day.
    pub fn next(&self, first: Date, not_before: Date) -> Option<Date> {
        self.days_from(first).find(|day| *day >= not_before)
    }

    fn holds(&self, first: Date, day: Date) -> bool {
        let months = i32::from(day.year() - first.year()) * 12 + i32::from(day.month())
            - i32::from(first.month());
        let passed = match self.every {
            Every::Day => (day - first).get_days(),
            Every::Week => (monday(day) - monday(first)).get_days() / 7,
            Every::Month => months,
            Every::Year => i32::from(day.year() - first.year()),
        };
        passed % self.interval == 0
            && (self.months.is_empty() || self.months.contains(&day.month()))
            && self.holds_within(first, day)
    }

    fn holds_within(&self, first: Date, day: Date) -> bool {
        let has_days = !self.days.is_empty();
        let has_month_days = !self.month_days.is_empty();
        let by_day = self.days.iter().any(|(place, weekday)| {
            *weekday == day.weekday()
                && (*place == 0 || *place == places(day).0 || *place == places(day).1)
        });
        let from_end = day.day() - day.days_in_month() - 1;
        let by_month_day = self
            .month_days
            .iter()
            .any(|number| *number == day.day() || *number == from_end);
        if has_days || has_month_days {
            return (!has_days || by_day) && (!has_month_days || by_month_day);
        }
        match self.every {
            Every::Day => true,
            Every::Week => day.weekday() == first.weekday(),
            Every::Month => day.day() == first.day(),
            Every::Year => {
                day.day() == first.day()
                    && (!self.months.is_empty() || day.month() == first.month())
            }
        }
    }
}

/// The place of a day among those of its weekday in the month, from its beginning and from its end.
fn places(day: Date) -> (i8, i8) {
    let from_start = (day.day() - 1) / 7 + 1;
    let from_end = -((day.days_in_month() - day.day()) / 7 + 1);
    (from_start, from_end)
}

fn monday(day: Date) -> Date {
    let back = i32::from(day.weekday().to_monday_zero_offset());
    let span = jiff::Span::new().days(back);
    day.checked_sub(span).unwrap_or(day)
}

/// `20141231`, or the day of `20141231T235959Z`.
fn day_of(text: &str) -> Option<Date> {
    let digits = text.get(..8)?;
    let is_whole = text.len() == 8 || text.get(8..9) == Some("T");
    is_whole
        .then(|| Date::strptime("%Y%m%d", digits).ok())
        .flatten()
}

fn weekday(text: &str) -> Option<(i8, Weekday)> {
    let (place, name) = text.split_at_checked(text.len().checked_sub(2)?)?;
    let weekday = match name {
        "MO" => Weekday::Monday,
        "TU" => Weekday::Tuesday,
        "WE" => Weekday::Wednesday,
        "TH" => Weekday::Thursday,
        "FR" => Weekday::Friday,
        "SA" => Weekday::Saturday,
        "SU" => Weekday::Sunday,
        _ => return None,
    };
    let place = match place {
        "" => 0,
        text => text
            .parse::<i8>()
            .ok()
            .filter(|place| *place != 0 && (-5..=5).contains(place))?,
    };
    Some((place, weekday))
}

fn numbers(text: &str, from: i8, to: i8) -> Option<Vec<i8>> {
    let number = |text: &str| {
        let number = text.parse::<i8>().ok();
        number.filter(|number| *number != 0 && (from..=to).contains(number))
    };
    text.split(',').map(number).collect()
}

impl fmt::Display for Recurrence {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

impl Value for Recurrence {
    fn shape() -> Shape {
        Shape::Pattern {
            pattern: "^[A-Z]+=[A-Z0-9,+-]+(;[A-Z]+=[A-Z0-9,+-]+)*$",
            example: "FREQ=MONTHLY;BYDAY=2TU",
        }
    }

    fn read(tree: &Tree, reader: &mut Reader<'_>) -> Option<Self> {
        let text = reader.scalar(tree, "a rule")?;
        match Recurrence::parse(text) {
            Ok(rule) => Some(rule),
            Err(message) => reader.error(
                "bad-rule",
                message,
                Some("write it like `FREQ=MONTHLY;BYDAY=2TU`: every second Tuesday".into()),
            ),
        }
    }

    fn write(&self, _: &dyn Names) -> Tree {
        Tree::text(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn check(rule: &str, first: Date, expected: &[&str]) {
        let rule = Recurrence::parse(rule).unwrap();
        let days: Vec<String> = rule
            .days_from(first)
            .take(expected.len())
            .map(|day| day.to_string())
            .collect();
        assert_eq!(days, expected, "{rule}");
    }

    /// The cases that RFC 5545, 3.8.5.3 lists, where they are of the part that is understood.
    #[test]
    fn days_are_those_of_the_standard() {
        let first = date(1997, 9, 2);
        check(
            "FREQ=DAILY;INTERVAL=10;COUNT=5",
            first,
            &[
                "1997-09-02",
                "1997-09-12",
                "1997-09-22",
                "1997-10-02",
                "1997-10-12",
            ],
        );
        check(
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH",
            first,
            &[
                "1997-09-02",
                "1997-09-04",
                "1997-09-16",
                "1997-09-18",
                "1997-09-30",
            ],
        );
        check(
            "FREQ=MONTHLY;BYDAY=1FR",
            date(1997, 9, 5),
            &["1997-09-05", "1997-10-03", "1997-11-07", "1997-12-05"],
        );
        check(
            "FREQ=MONTHLY;BYDAY=-2MO",
            date(1997, 9, 22),
            &["1997-09-22", "1997-10-20", "1997-11-17", "1997-12-22"],
        );
        check(
            "FREQ=MONTHLY;BYMONTHDAY=-3",
            date(1997, 9, 28),
            &["1997-09-28", "1997-10-29", "1997-11-28", "1997-12-29"],
        );
        check(
            "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13",
            first,
            &["1998-02-13", "1998-03-13", "1998-11-13", "1999-08-13"],
        );
        check(
            "FREQ=YEARLY;BYMONTH=6,7",
            date(1997, 6, 10),
            &["1997-06-10", "1997-07-10", "1998-06-10", "1998-07-10"],
        );
        check(
            "FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8",
            date(1996, 11, 5),
            &["1996-11-05", "2000-11-07", "2004-11-02"],
        );
        // A month without a 31st has none.
        check(
            "FREQ=MONTHLY",
            date(2013, 1, 31),
            &["2013-01-31", "2013-03-31", "2013-05-31"],
        );
        check(
            "FREQ=MONTHLY;INTERVAL=3;BYDAY=3TH",
            date(2013, 1, 1),
            &["2013-01-17", "2013-04-18", "2013-07-18"],
        );
    }

    #[test]
    fn a_rule_ends() {
        let rule = Recurrence::parse("FREQ=WEEKLY;UNTIL=20130115").unwrap();
        assert_eq!(rule.days_from(date(2013, 1, 1)).count(), 3);
        assert_eq!(
            rule.next(date(2013, 1, 1), date(2013, 1, 9)),
            Some(date(2013, 1, 15))
        );
        assert_eq!(rule.next(date(2013, 1, 1), date(2013, 1, 16)), None);
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        for rule in [
            "",
            "MONTHLY",
            "BYDAY=2TU",
            "FREQ=HOURLY",
            "FREQ=DAILY;FREQ=DAILY",
            "FREQ=WEEKLY;BYDAY=2TU",
            "FREQ=MONTHLY;BYSETPOS=1",
            "FREQ=MONTHLY;INTERVAL=0",
            "FREQ=MONTHLY;BYDAY=6MO",
            "FREQ=MONTHLY;BYDAY=é",
            "FREQ=WEEKLY;BYMONTHDAY=1",
            "FREQ=DAILY;COUNT=1;UNTIL=20130101",
            "FREQ=DAILY;UNTIL=2013é111",
        ] {
            assert!(Recurrence::parse(rule).is_err(), "{rule}");
        }
    }
}
