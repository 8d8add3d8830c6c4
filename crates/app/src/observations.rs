//! The observations of a measure as they are known: what was recorded where, and in which commit.

use std::ops::Range;
use std::sync::Arc;

use throughline_core::{Period, UnitId};
use throughline_model::Model;
use throughline_model::observation::Recorded;

use crate::explain::no_measure;
use crate::latest_period::units_at_or_below;
use crate::policy::ReadReadings;
use crate::selection::{Selected, Selection, select};
use crate::{AppError, Ctx};

/// A stretch of the observations of a measure at a unit and below it.
pub struct ReadObservations {
    /// What was meant.
    pub selected: Selected,
    /// How many there are in all.
    pub total: usize,
    /// Those of the stretch, by unit in the order of the plan, then by period.
    pub observations: Vec<Recorded>,
}

/// Reads the observations of a measure at a unit and below it, wherever the actor may read; where a period is asked for,
/// those in it.
///
/// # Errors
/// If there is no such measure, unit, period or instant, or no ledger.
pub async fn observations(
    ctx: &Ctx,
    measure: &str,
    asked: &Selection,
    stretch: Range<usize>,
) -> Result<ReadObservations, AppError> {
    let (selected, _) = select(ctx, asked).await?;
    let model = Arc::clone(&selected.model);
    let id = match model.measures().by_key(measure) {
        Some(found) => found.id(),
        None => return Err(no_measure(&model, measure)),
    };
    let only = asked.period.is_some().then_some(selected.period);
    let known = Arc::clone(&selected.observations);
    let mut read = ReadObservations {
        selected,
        total: 0,
        observations: Vec::new(),
    };
    let may_read = ctx.allows_at::<ReadReadings>().await?;
    let Some(of_units) = known.of_measure(id) else {
        return Ok(read);
    };
    for unit in in_order(&model, read.selected.unit) {
        let Some(series) = of_units.get(&unit) else {
            continue;
        };
        if !may_read(unit) {
            continue;
        }
        let meant = series
            .points()
            .iter()
            .filter(|point| is_in(&model, &point.period, only));
        for point in meant {
            if stretch.contains(&read.total) {
                read.observations.extend(known.recorded(point.row).cloned());
            }
            read.total += 1;
        }
    }
    Ok(read)
}

fn is_in(model: &Model, period: &Period, only: Option<Period>) -> bool {
    only.is_none_or(|only| model.calendar().belongs_to(period, &only))
}

/// The unit and those that were ever below it, in the order of the plan.
fn in_order(model: &Model, unit: UnitId) -> Vec<UnitId> {
    let below = units_at_or_below(model, unit);
    let units = model.units().iter().map(|unit| unit.id());
    units.filter(|unit| below.contains(unit)).collect()
}
