//! Counts by status, as bars of one length scale.

use std::sync::Arc;

use askama::Template;
use throughline_app::insight::Verdict;
use throughline_app::{AppError, ReadScorecard, StatusCounts, Trend, trends_known, words};
use throughline_engine::Status;
use throughline_insight::signals::State;

use super::scorecard::JUDGED_MAX;
use super::status::{Glyph, class, word};
use crate::viewer::Viewer;

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

/// What the points of the measures of a scorecard say, in sum: `2 improve, 1 worsens, 12 are steady and 2 have too few readings
/// to tell.` A sentence to follow another; empty where nothing is read, and as long as it is not known of all of them: no page
/// waits for it.
///
/// # Errors
/// If the trends may not be read.
pub async fn signals_in_sum(viewer: &Viewer, read: &ReadScorecard) -> Result<String, AppError> {
    let measures = &read.scorecard.measures;
    if measures.len() > JUDGED_MAX {
        return Ok(String::new());
    }
    let measures = measures.iter().map(|reading| reading.measure);
    let known = trends_known(&viewer.ctx, &read.selected, measures).await?;
    let verdict = |trend: &Arc<Trend>| trend.verdict(&read.selected.period);
    let verdicts: Vec<Verdict> = known.iter().flatten().filter_map(verdict).collect();
    let said = in_sum(&verdicts);
    Ok(match said.is_empty() {
        true => said,
        false => format!(" {said}"),
    })
}

fn in_sum(verdicts: &[Verdict]) -> String {
    let of = |states: &[Verdict], one: &str, many: &str| {
        let count = verdicts.iter().filter(|one| states.contains(one)).count();
        match count {
            0 => None,
            1 => Some(format!("1 {one}")),
            _ => Some(format!("{count} {many}")),
        }
    };
    let said = [
        of(&[Verdict::Of(State::Improving)], "improves", "improve"),
        of(&[Verdict::Of(State::Worsening)], "worsens", "worsen"),
        of(
            &[Verdict::Of(State::Moved)],
            "moved within its range",
            "moved within their range",
        ),
        of(&[Verdict::Of(State::Steady)], "is steady", "are steady"),
        of(
            &[Verdict::Doubtful],
            "has a value to check",
            "have a value to check",
        ),
        of(
            &[Verdict::TooFew],
            "has too few readings to tell",
            "have too few readings to tell",
        ),
    ];
    let said: Vec<String> = said.into_iter().flatten().collect();
    match said.is_empty() {
        true => String::new(),
        false => format!("{}.", words::sentence(&words::list(&said))),
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signals_are_summed_up_in_a_sentence() {
        let steady = Verdict::Of(State::Steady);
        let worse = Verdict::Of(State::Worsening);
        assert_eq!(in_sum(&[]), "");
        assert_eq!(in_sum(&[steady]), "1 is steady.");
        assert_eq!(
            in_sum(&[steady, worse, Verdict::TooFew, steady]),
            "1 worsens, 2 are steady and 1 has too few readings to tell."
        );
    }
}
