//! What a value is made of, as plain numbers: with its weight, and through the measures of its formula. From these a
//! difference between two values is taken apart.

use std::collections::BTreeMap;

use throughline_core::id::{MeasureId, UnitId};
use throughline_core::period::Period;
use throughline_model::formula::Expression;
use throughline_model::records::MeasureKind;

use crate::evaluator::Evaluator;
use crate::expression::{Operands, evaluate};
use crate::reading::ReadingFinding;
use crate::scorecard::View;

/// A value with its weight.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WeighedValue {
    /// The value.
    pub value: f64,
    /// What it weighs beside others; `None` where it has no weight.
    pub weight: Option<f64>,
}

/// Values that stand for the measures of a formula.
struct Given<'v>(&'v BTreeMap<MeasureId, f64>);

impl Operands for Given<'_> {
    fn value_of(&mut self, reference: &Expression) -> Option<f64> {
        match reference {
            Expression::Measure(of) => self.0.get(&of.measure).copied(),
            _ => None,
        }
    }

    fn finding(&mut self, _: ReadingFinding) {}
}

impl View {
    /// The value of a measure at each of some units in a period, with its weight; `None` where there is no value.
    pub fn weighed(
        &self,
        measure: MeasureId,
        units: &[UnitId],
        period: Period,
    ) -> Vec<Option<WeighedValue>> {
        let evaluator = Evaluator::new(self);
        let Some(measure) = evaluator.measure(measure) else {
            return vec![None; units.len()];
        };
        let of_unit = |unit: &UnitId| {
            if !evaluator.is_read_at(measure, *unit, &period) {
                return None;
            }
            let value = evaluator.value_in(measure, *unit, &period);
            Some(WeighedValue {
                value: value.value?,
                weight: value.total_weight,
            })
        };
        units.iter().map(of_unit).collect()
    }

    /// The values of the measures of a formula at a unit in a period, by which it is evaluated there; `None` where the
    /// formula looks at other units or periods, is evaluated for parts first, or something is missing.
    pub fn formula_inputs(
        &self,
        measure: MeasureId,
        unit: UnitId,
        period: Period,
    ) -> Option<BTreeMap<MeasureId, f64>> {
        let evaluator = Evaluator::new(self);
        let measure = evaluator.measure(measure)?;
        let formula = measure.formula.as_ref()?;
        let mut references = formula.expression().nodes();
        let is_plain = references.all(|node| match node {
            Expression::Measure(of) => of.unit.is_none(),
            node => node.reference().is_none(),
        });
        let is_of_parts = measure.over_time.is_some() || measure.over_units.is_some();
        if !is_plain || is_of_parts || measure.kind != MeasureKind::Formula {
            return None;
        }
        let indexes = evaluator.indexes(measure, unit, &period);
        let value = evaluator.value(measure, unit, indexes, &period);
        let parts = value.parts.iter();
        parts
            .map(|part| Some((part.measure, part.value?)))
            .collect()
    }

    /// What a formula gives on other values of its measures.
    pub fn formula_on(&self, measure: MeasureId, values: &BTreeMap<MeasureId, f64>) -> Option<f64> {
        let measure = self.plan.measures().get(measure)?;
        let formula = measure.formula.as_ref()?;
        evaluate(formula.expression(), &mut Given(values))
    }
}
