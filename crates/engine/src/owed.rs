//! What is owed and was not said: the empty cells of a measure that somebody has still to fill (SEMANTICS 1).

use jiff::civil::Date;
use throughline_core::id::{MeasureId, UnitId};
use throughline_core::period::{Frequency, Period};

use crate::evaluator::{Evaluator, days_until_late};
use crate::scorecard::View;

/// A cell that is owed, of a period that has ended, and empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OwedCell {
    /// The unit that owes it.
    pub unit: UnitId,
    /// The period.
    pub period: Period,
    /// The last day on which it is in time.
    pub by: Date,
    /// Whether that day is over.
    pub is_late: bool,
}

impl View {
    /// The cells of a measure that are owed and empty at the units that are wanted, of its latest `periods_max` periods that
    /// have ended: the oldest period first, the units in the order of the plan. Where nobody ever reported a measure and
    /// none is listed, it is asked of the unit `otherwise`. A formula owes nothing.
    pub fn owed(
        &self,
        measure: MeasureId,
        is_wanted: impl Fn(UnitId) -> bool,
        otherwise: Option<UnitId>,
        periods_max: i32,
    ) -> Vec<OwedCell> {
        Evaluator::new(self).owed(measure, is_wanted, otherwise, periods_max)
    }

    /// The same of several measures, each with its cells.
    pub fn owed_of(
        &self,
        measures: impl IntoIterator<Item = MeasureId>,
        is_wanted: impl Fn(UnitId) -> bool,
        otherwise: Option<UnitId>,
        periods_max: i32,
    ) -> Vec<(MeasureId, Vec<OwedCell>)> {
        let evaluator = Evaluator::new(self);
        let owed = |id| (id, evaluator.owed(id, &is_wanted, otherwise, periods_max));
        measures.into_iter().map(owed).collect()
    }
}

impl Evaluator<'_> {
    fn owed(
        &self,
        measure: MeasureId,
        is_wanted: impl Fn(UnitId) -> bool,
        otherwise: Option<UnitId>,
        periods_max: i32,
    ) -> Vec<OwedCell> {
        let Some(measure) = self.measure(measure) else {
            return Vec::new();
        };
        let Some(ended) = latest_ended(self, measure.frequency) else {
            return Vec::new();
        };
        if measure.formula.is_some() {
            return Vec::new();
        }
        let mut units = self.reporters(measure).units();
        if units.is_empty() {
            units.extend(otherwise);
        }
        units.retain(|unit| is_wanted(*unit));
        units.sort_by_key(|unit| self.position(*unit));
        let calendar = self.calendar();
        let earliest = *calendar.index_range(measure.frequency).start();
        let mut owed = Vec::new();
        for index in earliest.max(ended - periods_max + 1)..=ended {
            let period = calendar.period(measure.frequency, index);
            let Ok(late_from) = period.last.checked_add(days_until_late(measure)) else {
                continue;
            };
            let missing = |unit: &UnitId| self.inputs(measure, *unit, index).is_missing_at(*unit);
            owed.extend(units.iter().copied().filter(missing).map(|unit| OwedCell {
                unit,
                period,
                by: late_from.yesterday().unwrap_or(Date::MIN),
                is_late: self.is_due(measure, &period),
            }));
        }
        owed
    }
}

/// The latest period of a frequency that has ended.
fn latest_ended(evaluator: &Evaluator<'_>, frequency: Frequency) -> Option<i32> {
    let yesterday = evaluator.today().yesterday().ok()?;
    Some(evaluator.calendar().latest_ended_by(frequency, yesterday))
}
