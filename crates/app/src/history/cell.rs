//! Each value that was recorded for a measure at a unit in a period.

use std::sync::Arc;
use throughline_core::{MeasureId, Period, UnitId};
use throughline_ledger::PlanClock;
use throughline_model::observation::{Cell, Recorded};
use throughline_model::{Kind, Model};
use uuid::Uuid;

use super::Told;
use crate::entry::Eyes;
use crate::explain::no_measure;
use crate::policy::{Object, ReadHistory, ReadPlan, RecordObservations};
use crate::selection::no_unit;
use crate::{AppError, Ctx};

/// The values of a cell.
#[derive(Debug)]
pub struct CellHistory {
    /// The plan of today, for names and units of measure.
    pub model: Arc<Model>,
    /// The key of the measure.
    pub measure: String,
    /// The unit.
    pub unit: UnitId,
    /// The period.
    pub period: Period,
    /// The values, in the order in which they became known.
    pub values: Vec<RecordedValue>,
}

/// A value with the commit that recorded it.
#[derive(Debug)]
pub struct RecordedValue {
    /// The value.
    pub recorded: Recorded,
    /// The commit.
    pub told: Option<Told>,
}

/// The record that has, or once had, that key: what was recorded under it is its history.
fn known(model: &Model, kind: Kind, key: &str) -> Option<Uuid> {
    let now = model.id_of(kind, key);
    now.or_else(|| model.first_user_of(kind, key))
}

/// Each value that was recorded for a measure at a unit in a period of the measure's frequency.
///
/// # Errors
/// If there is no such measure, unit or period; if there is no ledger, or it cannot be read.
pub async fn cell_history(
    ctx: &Ctx,
    measure: &str,
    key: &str,
    period: &str,
) -> Result<CellHistory, AppError> {
    let reading = ctx.authorize::<ReadPlan>(Object::Organisation).await?;
    let ledger = ctx.ledger(&reading)?;
    let model = ctx.plan(ledger, PlanClock::Newest).await?;
    let found = known(&model, Kind::Measure, measure);
    let found = found.and_then(|id| model.measures().get(MeasureId::from_uuid(id)));
    let found = found.ok_or_else(|| no_measure(&model, measure))?;
    let measure = found.key.as_str();
    let unit = known(&model, Kind::Unit, key).ok_or_else(|| no_unit(&model, key))?;
    let unit = UnitId::from_uuid(unit);
    let may_read = ctx.authorize::<ReadHistory>(Object::Unit(unit)).await;
    may_read.map_err(|error| match error {
        AppError::NotFound { .. } => no_unit(&model, key),
        other => other,
    })?;
    let period = model
        .calendar()
        .parse_period(period)
        .map_err(|error| AppError::bad_request(error.to_string()))?;
    if period.frequency != found.frequency {
        let message = format!(
            "{measure} is observed by the {}, and {} is a {}",
            found.frequency,
            model.calendar().name(&period),
            period.frequency
        );
        return Err(AppError::bad_request(message)
            .with_help("`throughline explain` shows which observations are in a longer period"));
    }
    let cell = Cell {
        measure: found.id(),
        unit,
        period,
    };
    let eyes = Eyes::of(ctx).await?;
    let own = ctx.actor().person;
    let may_record = ctx.allows_at::<RecordObservations>().await?;
    let may_have_seen_more = eyes.see(&cell, None) || (own.is_some() && may_record(unit));
    let history = match ctx.snapshot() {
        Some(snapshot) if !may_have_seen_more => {
            let history = snapshot.observations.history(&cell).into_iter();
            history.cloned().collect()
        }
        _ => ledger.observation_history(cell).await?,
    };
    let numbers = history.iter().map(|recorded| recorded.commit).collect();
    let told = ctx.told(ledger, &numbers).await?;
    let values = history.into_iter().map(|recorded| RecordedValue {
        told: told.get(&recorded.commit).cloned(),
        recorded,
    });
    // What was not for all is told to those who could see it then, and to nobody else, published since or not.
    let values = values.filter(|value| {
        let by = value.told.as_ref().and_then(|told| told.commit.author);
        !value.recorded.observation.is_held() || eyes.see(&cell, by)
    });
    Ok(CellHistory {
        measure: measure.to_owned(),
        unit,
        period,
        values: values.collect(),
        model,
    })
}
