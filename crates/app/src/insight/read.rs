//! What the points of one measure say, or of all at a unit, for the command line and the programming interface.

use std::sync::Arc;

use throughline_core::MeasureId;

use super::outlook::{Foresight, outlooks};
use super::second_look::doubts_in_words;
use super::with_units::{Brought, with_units};
use crate::explain::no_measure;
use crate::measure::Below;
use crate::scorecard::scorecard_of;
use crate::selection::{Selected, Selection, select};
use crate::trend::{Trend, trends};
use crate::where_read::{AtUnit, NotRead};
use crate::{AppError, Ctx};

/// The most measures of which everything is worked out for one answer; the others are counted.
pub const MEASURES_MAX: usize = 500;

/// What the points of measures say.
pub struct ReadInsights {
    /// What was meant.
    pub selected: Selected,
    /// Each measure, in the order of the plan.
    pub measures: Vec<Insight>,
    /// How many more there are.
    pub left_out: usize,
}

/// What the points of one measure say.
pub struct Insight {
    /// The measure.
    pub measure: MeasureId,
    /// Its readings over time, and what they say.
    pub trend: Arc<Trend>,
    /// What is to come, or why nothing is said of it; none where it was not asked for, or is still being worked out.
    pub foresight: Option<Arc<Foresight>>,
    /// Why it deserves a second look although it is on track; told of one measure that was named, with what is to come.
    pub second_look: Option<String>,
    /// Its forecast brought together with those of the units right below, or why it is not; told where that was asked for, and is
    /// not still being worked out.
    pub with_units: Option<Arc<Brought>>,
}

/// How much is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// Whether anything changed.
    Signals,
    /// What is to come, too.
    Forecasts,
    /// Of one measure what is to come of the units right below, too, brought together.
    WithUnits,
}

/// Reads what the points of a measure say, named by its key, or of all that are read at a unit.
///
/// # Errors
/// If there is no such measure, unit, period or instant, it is not read there, or there is no ledger.
pub async fn insights(
    ctx: &Ctx,
    key: Option<&str>,
    asked: &Selection,
    depth: Depth,
) -> Result<ReadInsights, AppError> {
    let (selected, _) = select(ctx, asked).await?;
    let (selected, mut measures) = match key {
        Some(key) => {
            let found = selected.model.measures().by_key(key);
            let id = found.ok_or_else(|| no_measure(&selected.model, key))?.id();
            let unit = std::iter::once(selected.unit);
            if selected
                .view()
                .where_read(id, unit, selected.period)
                .is_empty()
            {
                let not_read = NotRead::of(ctx, selected, id).await?;
                return AtUnit::NotRead(not_read).or_error();
            }
            (selected, vec![id])
        }
        None => {
            let read = scorecard_of(ctx, selected).await?;
            let measures = read.scorecard.measures.iter();
            let measures = measures.map(|reading| reading.measure).collect();
            (read.selected, measures)
        }
    };
    let left_out = measures.len().saturating_sub(MEASURES_MAX);
    measures.truncate(MEASURES_MAX);
    let trends = trends(ctx, &selected, &measures).await?;
    let with_trends: Vec<(MeasureId, Arc<Trend>)> = measures.into_iter().zip(trends).collect();
    let foresights = match depth {
        Depth::Signals => vec![None; with_trends.len()],
        Depth::Forecasts | Depth::WithUnits => outlooks(ctx, &selected, &with_trends).await?,
    };
    let measures = with_trends.into_iter().zip(foresights);
    let measures = measures.map(|((measure, trend), foresight)| Insight {
        measure,
        trend,
        foresight,
        second_look: None,
        with_units: None,
    });
    let mut measures: Vec<Insight> = measures.collect();
    if let (Some(_), true, [one]) = (key, depth != Depth::Signals, &mut measures[..]) {
        one.second_look = second_look(ctx, &selected, one).await?;
        if depth == Depth::WithUnits {
            let of_one = (one.measure, &one.trend, one.foresight.as_ref());
            one.with_units = with_units(ctx, &selected, of_one).await?;
        }
    }
    Ok(ReadInsights {
        measures,
        left_out,
        selected,
    })
}

/// Why a measure that is on track deserves a second look.
async fn second_look(
    ctx: &Ctx,
    selected: &Selected,
    one: &Insight,
) -> Result<Option<String>, AppError> {
    let view = selected.view();
    let Some(reading) = view.reading(one.measure, selected.unit, selected.period) else {
        return Ok(None);
    };
    let below = Below::read(ctx, selected, &reading, 0).await?;
    let below = (&below.standing[..], &*selected.model);
    Ok(doubts_in_words(
        &reading,
        &one.trend,
        one.foresight.as_deref(),
        below,
    ))
}
