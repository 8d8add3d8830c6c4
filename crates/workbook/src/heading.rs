//! Headings: what stands above a column, over one row or several, taken apart into period, series and name.

use jiff::civil::Date;
use throughline_core::Calendar;

use crate::book::{Cell, CellValue};
use crate::mapping::Role;
use crate::period::{self, Said};
use crate::week::{self, Edge};
use crate::words::role_of;

/// What a column or a row is of: what was, or what should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Series {
    /// What was.
    Actual,
    /// What should be.
    Target,
}

/// A heading taken apart.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Heading {
    /// All of it; the lines joined by ` / `.
    pub text: String,
    /// The period that it names, perhaps without its year.
    pub said: Option<Said>,
    /// Which day of its week the day is that it names, if a line of it says that.
    pub edge: Option<Edge>,
    /// Whether it says that its values are targets, or not.
    pub series: Option<Series>,
    /// What else it says.
    pub rest: String,
}

impl Heading {
    /// The heading of these cells, from above to below.
    pub fn of(cells: &[&Cell], calendar: &Calendar) -> Heading {
        let mut heading = Heading::default();
        let mut texts: Vec<String> = Vec::new();
        let mut rest: Vec<String> = Vec::new();
        for cell in cells {
            let text = cell.shown();
            if text.is_empty() || texts.last() == Some(&text) {
                continue;
            }
            match part(cell, calendar) {
                Part::Period(said) => {
                    heading.said = Some(heading.said.map_or(said, |known| said.or(known)))
                }
                Part::Series(series) => heading.series = Some(series),
                Part::Both(said, series) => {
                    heading.said = Some(heading.said.map_or(said, |known| said.or(known)));
                    heading.series = Some(series);
                }
                Part::Rest => rest.push(text.clone()),
            }
            texts.push(text);
        }
        if heading.said.is_some_and(|said| said.day.is_some()) {
            heading.edge = rest.iter().find_map(|text| week::alone(text));
            rest.retain(|text| week::alone(text).is_none());
        }
        heading.text = texts.join(" / ");
        heading.rest = rest.join(" / ");
        heading
    }
}

enum Part {
    Period(Said),
    Series(Series),
    Both(Said, Series),
    Rest,
}

fn part(cell: &Cell, calendar: &Calendar) -> Part {
    if let Some(said) = said(cell, calendar) {
        return Part::Period(said);
    }
    let text = cell.text();
    if let Some(series) = series(&text) {
        return Part::Series(series);
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    let ends = [words.split_first(), words.split_last()];
    for (word, others) in ends.into_iter().flatten() {
        let named = series(word.trim_matches(['(', ')', '-', ':', '–']));
        let period = period::read(
            others.join(" ").trim_matches([' ', '-', ':', '–']),
            calendar,
        );
        if let (Some(series), Some(said)) = (named, period) {
            return Part::Both(said, series);
        }
    }
    Part::Rest
}

/// The series that a word names.
pub fn series(text: &str) -> Option<Series> {
    match role_of(text) {
        Some(Role::Target) => Some(Series::Target),
        Some(Role::Value) => Some(Series::Actual),
        _ => None,
    }
}

/// The period that a cell names.
pub fn said(cell: &Cell, calendar: &Calendar) -> Option<Said> {
    match &cell.value {
        CellValue::Date(day) => Some(of_day(*day)),
        CellValue::Number(number)
            if !cell.is_percent && number.fract() == 0.0 && (1950.0..=2150.0).contains(number) =>
        {
            Some(Said {
                year: Some(*number as i16),
                ..Said::default()
            })
        }
        CellValue::Text(_) => period::read(&cell.text(), calendar),
        _ => None,
    }
}

fn of_day(day: Date) -> Said {
    Said {
        day: Some(day),
        ..Said::default()
    }
}
