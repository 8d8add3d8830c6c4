//! Counts by status, as bars of one length scale.

use askama::Template;
use throughline_app::{ReadScorecard, StatusCounts, words};
use throughline_engine::Status;

use super::status::{Glyph, class, word};

/// Counts by status.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "parts/tally.html")]
pub struct Tally {
    /// What is counted: `11 objectives`.
    pub counted: String,
    /// A line for each status that occurs, and always for the three judgements.
    pub lines: Vec<TallyLine>,
}

/// One status and how often it occurs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TallyLine {
    /// The status.
    pub status: Status,
    /// How often.
    pub count: usize,
    /// The length of the bar, of 100.
    pub length: usize,
}

impl TallyLine {
    fn word(&self) -> String {
        word(self.status)
    }

    fn class(&self) -> &'static str {
        class(self.status)
    }

    fn glyph(&self) -> Glyph {
        Glyph(self.status)
    }
}

impl Tally {
    /// The tally of counts.
    #[must_use]
    pub fn of(singular: &str, counts: StatusCounts) -> Tally {
        let line = |(status, count): (Status, usize)| TallyLine {
            status,
            count,
            length: (count * 100).checked_div(counts.all()).unwrap_or(0),
        };
        Tally {
            counted: words::count(counts.all() as u64, singular),
            lines: counts
                .each()
                .map(line)
                .filter(|line| line.count > 0 || line.status.is_judgement())
                .collect(),
        }
    }
}

/// The measures of a scorecard by their status: `18 measures: 6 at risk, 9 off track.`
#[must_use]
pub fn measures_in_words(read: &ReadScorecard) -> String {
    let counts = StatusCounts::of_measures(read);
    let measures = words::count(counts.all() as u64, "measure");
    format!("{measures}: {}.", in_words(counts))
}

/// Counts by status in a sentence: `6 on track, 2 at risk`.
#[must_use]
pub fn in_words(counts: StatusCounts) -> String {
    let counts: Vec<String> = counts
        .each()
        .filter(|(_, count)| *count > 0)
        .map(|(status, count)| format!("{count} {}", status.word()))
        .collect();
    words::list(&counts)
}
