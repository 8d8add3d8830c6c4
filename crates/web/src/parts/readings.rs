//! Readings of one measure as a table: by unit or by period, each with a way to why it is what it is.

use askama::Template;
use throughline_app::words::numbers;
use throughline_engine::{MeasureReading, Status};
use throughline_model::records::Measure;

use super::status::StatusMark;

/// The table.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "parts/readings.html")]
pub struct Readings {
    /// What it shows, for those who hear it.
    pub about: String,
    /// The head of the first column.
    pub of: &'static str,
    /// Its rows.
    pub rows: Vec<ReadingRow>,
    /// The period that something is expected for; empty where nothing is shown of that.
    pub expected_for: String,
}

/// One reading.
#[derive(Debug, Clone)]
pub struct ReadingRow {
    /// The unit or period.
    pub name: String,
    /// The measure's page there.
    pub href: String,
    /// Whether it is the one that the page shows.
    pub is_current: bool,
    /// Why the number is what it is.
    pub why: Option<String>,
    /// Its status.
    pub status: StatusMark,
    /// The value.
    pub actual: String,
    /// The value whole, where it is shown in millions.
    pub exact: String,
    /// The target with its sense.
    pub plan: String,
    /// Value less target.
    pub variance: String,
    /// How much of what is owed is there.
    pub completeness: String,
    /// What the value signals, and why.
    pub signal: String,
    /// What is expected by itself, and so that all add up.
    pub expected: Option<[String; 2]>,
    /// Where the figure is corrected, for whoever may.
    pub correct: Option<String>,
}

impl Readings {
    fn has_signals(&self) -> bool {
        self.rows.iter().any(|row| !row.signal.is_empty())
    }

    fn has_corrections(&self) -> bool {
        self.rows.iter().any(|row| row.correct.is_some())
    }
}

impl ReadingRow {
    /// The row of a reading.
    #[must_use]
    pub fn of(
        reading: &MeasureReading,
        measure: &Measure,
        name: String,
        href: String,
        why: Option<String>,
    ) -> ReadingRow {
        let [actual, plan] = numbers::in_columns(reading.value, reading.target, measure);
        ReadingRow {
            name,
            href,
            is_current: false,
            why: why.filter(|_| reading.value.is_some() || reading.status != Status::NoTarget),
            status: StatusMark(reading.status),
            actual,
            exact: numbers::unshortened(reading.value, measure),
            plan,
            variance: numbers::short_gap(reading.gap, measure),
            completeness: numbers::share(reading.completeness),
            signal: String::new(),
            expected: None,
            correct: None,
        }
    }
}
