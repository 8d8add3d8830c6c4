//! How a unit stands in a period.

use std::ops::Deref;
use std::sync::Arc;

use throughline_core::MeasureId;
use throughline_core::hash::Map;
use throughline_engine::{MeasureReading, NodeKey, NodeReading, Scorecard};

use crate::selection::{Selected, Selection, select};
use crate::{AppError, Ctx};

/// A scorecard, and what it was read from.
pub struct ReadScorecard {
    /// What was meant.
    pub selected: Selected,
    /// Its nodes and measures.
    pub scorecard: Arc<IndexedScorecard>,
}

/// A scorecard in which each reading is found without looking at all of them: there may be tens of thousands.
#[derive(Debug, Clone, PartialEq)]
pub struct IndexedScorecard {
    scorecard: Scorecard,
    measures: Map<MeasureId, usize>,
    nodes: Map<NodeKey, usize>,
}

impl IndexedScorecard {
    /// The scorecard with its index.
    #[must_use]
    pub fn of(scorecard: Scorecard) -> IndexedScorecard {
        let measures = scorecard.measures.iter().enumerate();
        let nodes = scorecard.nodes.iter().enumerate();
        IndexedScorecard {
            measures: measures.map(|(at, one)| (one.measure, at)).collect(),
            nodes: nodes.map(|(at, one)| (one.node, at)).collect(),
            scorecard,
        }
    }

    /// The reading of a measure, if it is read there.
    #[must_use]
    pub fn measure(&self, measure: MeasureId) -> Option<&MeasureReading> {
        self.scorecard.measures.get(*self.measures.get(&measure)?)
    }

    /// The reading of a node.
    #[must_use]
    pub fn node(&self, node: NodeKey) -> Option<&NodeReading> {
        self.scorecard.nodes.get(*self.nodes.get(&node)?)
    }
}

impl Deref for IndexedScorecard {
    type Target = Scorecard;

    fn deref(&self) -> &Scorecard {
        &self.scorecard
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
            Arc::new(IndexedScorecard::of(scorecard))
        }
    };
    Ok(ReadScorecard {
        selected,
        scorecard,
    })
}
