//! The figures that are late at a unit and those below it, whoever is to enter them: for whoever looks after a scorecard, who is
//! neither their owner nor enters them.

use std::collections::HashSet;
use std::sync::Arc;

use throughline_core::UnitId;
use throughline_engine::View;
use throughline_model::Model;
use throughline_model::observation::Cell;

use super::due::{LateCell, PERIODS_BACK};
use super::is_entered;
use crate::selection::{Selection, select};
use crate::{AppError, Ctx};

/// The figures that are late.
pub struct LateFigures {
    /// The plan, for names.
    pub model: Arc<Model>,
    /// The unit.
    pub unit: UnitId,
    /// The figures: the longest overdue first, those of one day in the order of the plan.
    pub cells: Vec<LateCell>,
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
    let cells = tokio::task::spawn_blocking(look).await;
    let cells =
        cells.map_err(|error| AppError::failed("what is late could not be evaluated", error))?;
    Ok(LateFigures { model, unit, cells })
}

fn late_in(view: &View, unit: UnitId, below: &HashSet<UnitId>) -> Vec<LateCell> {
    let mut late = Vec::new();
    for measure in view.plan.measures().iter().filter(|one| is_entered(one)) {
        let is_below = |unit| below.contains(&unit);
        let owed = view.owed(measure.id(), is_below, Some(unit), PERIODS_BACK);
        let owed = owed.into_iter().filter(|owed| owed.is_late);
        late.extend(owed.map(|owed| LateCell {
            cell: Cell {
                measure: measure.id(),
                unit: owed.unit,
                period: owed.period,
            },
            by: owed.by,
        }));
    }
    late.retain(|one| !view.observations.held().contains_key(&one.cell));
    late.sort_by_key(|one| one.by);
    late
}
