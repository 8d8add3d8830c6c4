//! How a unit stands in a period.

use std::sync::Arc;

use throughline_engine::Scorecard;

use crate::live::share_of_place;
use crate::selection::{Selected, Selection, select};
use crate::{AppError, Ctx};

/// A scorecard, and what it was read from.
pub struct ReadScorecard {
    /// What was meant.
    pub selected: Selected,
    /// Its nodes and measures.
    pub scorecard: Arc<Scorecard>,
}

impl ReadScorecard {
    /// Which share the pages of its place take of what a server remembers: of scorecards, or of trends and outlooks where that is more.
    #[must_use]
    pub fn share(&self) -> f64 {
        share_of_place(&self.scorecard)
    }
}

/// Reads the scorecard of a unit in a period.
///
/// # Errors
/// If there is no such unit, period or instant, or no ledger.
pub async fn scorecard(ctx: &Ctx, asked: &Selection) -> Result<ReadScorecard, AppError> {
    let (selected, _) = select(ctx, asked).await?;
    scorecard_of(ctx, selected).await
}

/// Reads the scorecard of what was selected.
pub(crate) async fn scorecard_of(ctx: &Ctx, selected: Selected) -> Result<ReadScorecard, AppError> {
    ctx.step("Evaluating");
    let scorecard = match ctx.snapshot() {
        Some(snapshot) => snapshot.scorecard(&selected).await?,
        None => {
            let scorecard = selected.view().scorecard(selected.unit, selected.period);
            Arc::new(scorecard)
        }
    };
    Ok(ReadScorecard {
        selected,
        scorecard,
    })
}
