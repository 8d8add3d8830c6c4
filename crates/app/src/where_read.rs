//! Where a measure is read, for whoever asks for it where it is not.

use throughline_core::{MeasureId, UnitId};
use throughline_model::Kind;
use throughline_model::value::Names;

use crate::policy::ReadReadings;
use crate::selection::Selected;
use crate::words::list;
use crate::{AppError, Ctx};

/// The most units that are named.
const UNITS_NAMED_MAX: usize = 8;

/// What is read at a unit, or that it is not read there: nothing wrong was asked then.
pub enum AtUnit<T> {
    /// What is read.
    Read(T),
    /// The measure is not read there.
    NotRead(NotRead),
}

/// A measure that is not read at the unit that was asked for.
pub struct NotRead {
    /// What was meant.
    pub selected: Selected,
    /// The measure.
    pub measure: MeasureId,
    /// Units at which it is read in the period and the actor may read it, a few of them, in the order of the plan.
    pub read_at: Vec<UnitId>,
}

impl<T> AtUnit<T> {
    /// What is read, for whoever can do nothing else.
    ///
    /// # Errors
    /// If it is not read there.
    pub fn or_error(self) -> Result<T, AppError> {
        match self {
            AtUnit::Read(read) => Ok(read),
            AtUnit::NotRead(not_read) => Err(not_read.error()),
        }
    }
}

impl NotRead {
    /// Finds out where else a measure is read.
    pub(crate) async fn of(
        ctx: &Ctx,
        selected: Selected,
        measure: MeasureId,
    ) -> Result<NotRead, AppError> {
        let may_read = ctx.allows_at::<ReadReadings>().await?;
        let units = selected.model.units().iter().map(|unit| unit.id());
        let units = units.filter(|unit| may_read(*unit));
        let mut read_at = selected.view().where_read(measure, units, selected.period);
        read_at.truncate(UNITS_NAMED_MAX);
        Ok(NotRead {
            selected,
            measure,
            read_at,
        })
    }

    fn error(&self) -> AppError {
        let model = &self.selected.model;
        let key = model.name(&[Kind::Measure], Kind::Measure, self.measure.as_uuid());
        let unit = self.selected.unit_key();
        let error = AppError::unknown_name(format!("`{key}` is not read at the unit `{unit}`"));
        if self.read_at.is_empty() {
            return error;
        }
        let named = |unit: &UnitId| model.name(&[Kind::Unit], Kind::Unit, unit.as_uuid());
        let named: Vec<String> = self.read_at.iter().map(named).collect();
        error.with_help(format!("it is read at {}", list(&named)))
    }
}
