//! The figures that are late at a unit and those below it, whoever is to enter them: for whoever looks after a scorecard, who is
//! neither their owner nor enters them.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use jiff::civil::Date;
use throughline_core::{MeasureId, Period, UnitId};
use throughline_engine::View;
use throughline_model::Model;
use throughline_model::observation::Cell;

use super::due::PERIODS_BACK;
use super::is_entered;
use crate::selection::{Selection, select};
use crate::{AppError, Ctx};

/// The figures that are late.
pub struct LateFigures {
    /// The plan, for names.
    pub model: Arc<Model>,
    /// The unit.
    pub unit: UnitId,
    /// The figures by measure and unit: the longest overdue first, those of one day in the order of the plan.
    pub series: Vec<LateSeries>,
}

/// The figures of a measure at a unit that are late; one at least.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LateSeries {
    /// The measure.
    pub measure: MeasureId,
    /// The unit.
    pub unit: UnitId,
    /// The earliest period whose figure is late.
    pub first: Period,
    /// The latest one.
    pub last: Period,
    /// How many are late.
    pub figures: usize,
    /// The last day on which the earliest one was in time.
    pub by: Date,
}

/// The figures that are late at a unit and those below it, of the latest twelve periods of each measure, where whoever looks
/// may read. What was entered and waits for its owner is not late.
///
/// # Errors
/// If there is no such unit or instant, or no ledger.
pub async fn late(ctx: &Ctx, asked: &Selection) -> Result<LateFigures, AppError> {
    let (selected, _) = select(ctx, asked).await?;
    let (model, unit) = (Arc::clone(&selected.model), selected.unit);
    let day = model.calendar().date_of(selected.known_at);
    let below = model.index().units_on(day).with_descendants(unit);
    let below = below.into_iter().filter(|unit| selected.may_read(*unit));
    let below: HashSet<UnitId> = below.collect();
    let view = selected.view();
    let look = move || late_in(&view, unit, &below);
    let series = tokio::task::spawn_blocking(look).await;
    let series =
        series.map_err(|error| AppError::failed("what is late could not be evaluated", error))?;
    Ok(LateFigures {
        model,
        unit,
        series,
    })
}

fn late_in(view: &View, unit: UnitId, below: &HashSet<UnitId>) -> Vec<LateSeries> {
    let mut late: Vec<LateSeries> = Vec::new();
    for measure in view.plan.measures().iter().filter(|one| is_entered(one)) {
        let is_below = |unit| below.contains(&unit);
        let owed = view.owed(measure.id(), is_below, Some(unit), PERIODS_BACK);
        let waits = |unit, period| {
            let measure = measure.id();
            let cell = Cell {
                measure,
                unit,
                period,
            };
            view.observations.held().contains_key(&cell)
        };
        let mut places: HashMap<UnitId, usize> = HashMap::new();
        for owed in owed {
            if !owed.is_late || waits(owed.unit, owed.period) {
                continue;
            }
            let place = *places.entry(owed.unit).or_insert(late.len());
            match late.get_mut(place) {
                Some(one) => {
                    one.last = owed.period;
                    one.figures += 1;
                }
                None => late.push(LateSeries {
                    measure: measure.id(),
                    unit: owed.unit,
                    first: owed.period,
                    last: owed.period,
                    figures: 1,
                    by: owed.by,
                }),
            }
        }
    }
    late.sort_by_key(|one| one.by);
    late
}
