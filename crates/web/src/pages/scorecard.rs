//! The scorecard alone: every objective, outcome and behaviour with its measures.

use askama::Template;

use super::strategy::said;
use crate::address::Query;
use crate::error::{PageResult, page};
use crate::frame::{Frame, Section};
use crate::parts::empty::Empty;
use crate::parts::scorecard::{ScorecardTable, TableState};
use crate::parts::strategy_map::Depth;
use crate::parts::tally::{measures_in_words, signals_in_sum};
use crate::viewer::Viewer;

/// The page.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "scorecard.html")]
pub struct ScorecardPage {
    /// What is around it.
    pub frame: Frame,
    /// Which figures these are.
    pub said: String,
    /// The measures by status, in a sentence.
    pub measures: String,
    /// What stands in the place of the table, where there is nothing in the plan yet.
    pub empty: Option<Empty>,
    /// The table.
    pub scorecard: ScorecardTable,
}

/// Shows the scorecard of a unit in a period.
///
/// # Errors
/// As of the scorecard's use case.
pub async fn get(viewer: Viewer, Query(state): Query<TableState>) -> PageResult {
    let read = viewer.scorecard().await?;
    // The table asks what the points of its measures say, so that their sum is known after it.
    let scorecard = ScorecardTable::read(&viewer, &read, &state, Depth::Everything).await?;
    page(&ScorecardPage {
        frame: Frame::at(&viewer, Section::Scorecard, "Scorecard", &read.selected),
        said: said(&read),
        empty: Empty::of_beginning(&viewer, &read.selected.model),
        measures: format!(
            "{}{}",
            measures_in_words(&read),
            signals_in_sum(&viewer, &read).await?
        ),
        scorecard,
    })
}
