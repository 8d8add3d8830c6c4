//! What moved since the review before: figures of its period that were corrected after they were fixed, and targets of
//! this period that are others than they were then. Nothing here changes what the earlier review showed.

use std::sync::Arc;

use throughline_core::MeasureId;
use throughline_engine::{Edge, MeasureReading};
use throughline_model::records::{Body, Review};
use throughline_model::{Entry, Model};

use super::{before, facts, selection_of};
use crate::scorecard::{ReadScorecard, scorecard};
use crate::selection::Selection;
use crate::{AppError, Ctx};

/// What moved since the review of the body before.
pub struct Since {
    /// The review before.
    pub review: Arc<Entry<Review>>,
    /// Values of its period that are others now.
    pub values: Vec<MovedSince<Option<f64>>>,
    /// Targets of the period of this review that are others now.
    pub targets: Vec<MovedSince<Option<Edge>>>,
}

/// Something of a measure that is another now.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MovedSince<T> {
    /// The measure.
    pub measure: MeasureId,
    /// What it was when the figures of the earlier review were fixed.
    pub before: T,
    /// What it is.
    pub after: T,
}

/// What moved since the review before; nothing where there is none whose figures were fixed.
pub(super) async fn of(
    ctx: &Ctx,
    model: &Model,
    body: &Entry<Body>,
    review: &Entry<Review>,
    read: &ReadScorecard,
) -> Result<Option<Since>, AppError> {
    let Some((earlier, frozen)) =
        before(model, review).and_then(|earlier| Some((Arc::clone(&earlier), earlier.frozen?)))
    else {
        return Ok(None);
    };
    let of_then = selection_of(model, body, &earlier);
    let then = scorecard(ctx, &of_then).await?;
    let known_at = review.frozen.map(|at| at.to_string());
    let now = scorecard(
        ctx,
        &Selection {
            known_at,
            ..of_then
        },
    )
    .await?;
    let as_planned_then = Selection {
        plan_at: Some(frozen.to_string()),
        ..selection_of(model, body, review)
    };
    let planned = scorecard(ctx, &as_planned_then).await?;
    let measures = facts::reviewed(body, read);
    Ok(Some(Since {
        review: earlier,
        values: moved(&measures, &then, &now, |reading| reading.value),
        targets: moved(&measures, &planned, read, |reading| reading.target),
    }))
}

fn moved<T: PartialEq + Copy>(
    measures: &[MeasureId],
    before: &ReadScorecard,
    after: &ReadScorecard,
    of: fn(&MeasureReading) -> T,
) -> Vec<MovedSince<T>> {
    let pairs = measures.iter().filter_map(|measure| {
        let before = of(before.scorecard.measure(*measure)?);
        let after = of(after.scorecard.measure(*measure)?);
        (before != after).then_some(MovedSince {
            measure: *measure,
            before,
            after,
        })
    });
    pairs.collect()
}
