//! A measure over units and periods as plain numbers, for statistics: only what rests on enough to be judged.

use throughline_core::id::{MeasureId, UnitId};
use throughline_core::period::Period;
use throughline_model::Entry;
use throughline_model::records::Measure;

use crate::evaluator::Evaluator;
use crate::reading::{ReadingFinding, is_too_few, is_too_incomplete};
use crate::scorecard::View;

impl View {
    /// The values of a measure: for each unit those of the periods, in their order. `None` where there is none that can be
    /// compared with others: nothing was observed or is read there, it rests on too little weight, a formula on too few of
    /// its inputs, or a sum lacks some.
    pub fn panel(
        &self,
        measure: MeasureId,
        units: &[UnitId],
        periods: &[Period],
    ) -> Vec<Vec<Option<f64>>> {
        let evaluator = Evaluator::new(self);
        let Some(measure) = evaluator.measure(measure) else {
            return vec![vec![None; periods.len()]; units.len()];
        };
        let of_unit = |unit: &UnitId| {
            let values = periods.iter();
            values
                .map(|period| evaluator.comparable(measure, *unit, period))
                .collect()
        };
        units.iter().map(of_unit).collect()
    }

    /// The values of measures at a unit in periods, in their order: those of its readings ([`View::trends`]) of which all
    /// counts, without what they are judged by. `None` where there is none, or something of the period is still to come; a
    /// measure that the plan does not have has no periods.
    pub fn values(
        &self,
        measures: &[MeasureId],
        unit: UnitId,
        periods: impl Fn(&Entry<Measure>) -> Vec<Period>,
    ) -> Vec<Vec<Option<f64>>> {
        let evaluator = Evaluator::new(self);
        let of = |id: &MeasureId| {
            let Some(measure) = evaluator.measure(*id) else {
                return Vec::new();
            };
            let value = |period: &Period| evaluator.whole_value(measure, unit, period);
            periods(measure).iter().map(value).collect()
        };
        measures.iter().map(of).collect()
    }
}

impl Evaluator<'_> {
    /// The value of a reading of which all counts.
    fn whole_value(&self, measure: &Entry<Measure>, unit: UnitId, period: &Period) -> Option<f64> {
        if !self.is_read_at(measure, unit, period) {
            return None;
        }
        let indexes = self.indexes(measure, unit, period);
        let shown = self.shown(measure, period, &indexes);
        if !self.is_over(measure, unit, &shown) {
            return None;
        }
        self.value(measure, unit, indexes, &shown).value
    }

    /// The value of a measure, if it rests on enough to be compared with others.
    fn comparable(&self, measure: &Entry<Measure>, unit: UnitId, period: &Period) -> Option<f64> {
        if !self.is_read_at(measure, unit, period) || !self.is_over(measure, unit, period) {
            return None;
        }
        let value = self.value_in(measure, unit, period);
        let lacks = value.completeness().is_none()
            || value.findings.contains(&ReadingFinding::Partial)
            || is_too_few(measure, &value)
            || is_too_incomplete(measure, &value);
        value.value.filter(|_| !lacks)
    }
}
