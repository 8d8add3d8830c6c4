//! The figures that are late at a unit and those below it, whoever is to enter them: for whoever looks after a scorecard, who is
//! neither their owner nor enters them.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use jiff::civil::Date;
use throughline_core::{MeasureId, Period, UnitId};
use throughline_engine::{OwedCell, View};
use throughline_model::observation::Cell;

use super::due::PERIODS_BACK;
use super::is_entered;
use crate::selection::{Selected, Selection, select};
use crate::{AppError, Ctx};

/// The figures that are late.
pub struct LateFigures {
    /// Where and when that is.
    pub selected: Selected,
    /// The figures by measure and unit: first those that are late in all periods that are looked at, then the longest overdue;
    /// those of one day in the order of the plan.
    pub series: Vec<LateSeries>,
}

/// The figures of a measure at a unit that are late; one at least.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LateSeries {
    /// The measure.
    pub measure: MeasureId,
    /// The unit.
    pub unit: UnitId,
    /// The earliest period whose figure is late, of those that are looked at.
    pub first: Period,
    /// The latest one.
    pub last: Period,
    /// How many are late.
    pub figures: usize,
    /// Whether all that are looked at are late, so that earlier ones may be.
    pub may_be_more: bool,
    /// The last day on which the earliest one was in time.
    pub by: Date,
}

/// The figures that are late at a unit and those below it, of the latest twelve periods of each measure that people enter,
/// where whoever looks may read. What was entered and waits for its owner is not late.
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
    Ok(LateFigures { selected, series })
}

fn late_in(view: &View, unit: UnitId, below: &HashSet<UnitId>) -> Vec<LateSeries> {
    let entered = view.plan.measures().iter().filter(|one| is_entered(one));
    let entered = entered.map(|measure| measure.id());
    let is_below = |unit| below.contains(&unit);
    let owed = view.owed_of(entered, is_below, Some(unit), PERIODS_BACK);
    let held = view.observations.held();
    let mut late: Vec<LateSeries> = Vec::new();
    for (measure, cells) in owed {
        let mut places: HashMap<UnitId, usize> = HashMap::new();
        for owed in cells.into_iter().filter(|owed| owed.is_late) {
            let OwedCell {
                unit, period, by, ..
            } = owed;
            let cell = Cell {
                measure,
                unit,
                period,
            };
            if held.contains_key(&cell) {
                continue;
            }
            let place = *places.entry(unit).or_insert(late.len());
            if let Some(one) = late.get_mut(place) {
                one.last = period;
                one.figures += 1;
                one.may_be_more = one.figures == PERIODS_BACK as usize;
            } else {
                late.push(LateSeries {
                    measure,
                    unit,
                    first: period,
                    last: period,
                    figures: 1,
                    may_be_more: false,
                    by,
                });
            }
        }
    }
    late.sort_by_key(|one| (!one.may_be_more, one.by));
    late
}
