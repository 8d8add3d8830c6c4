//! The value of a formula (SEMANTICS 3): on its aggregated inputs, or where it is overridden for each period or lowest
//! unit first.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::ops::RangeInclusive;
use std::rc::Rc;

use throughline_core::id::{MeasureId, UnitId};
use throughline_core::period::Period;
use throughline_model::Entry;
use throughline_model::formula::{Expression, Formula};
use throughline_model::records::{Measure, OverTime, OverUnits};

use crate::aggregate::{Ways, Weighed, aggregate};
use crate::evaluator::Evaluator;
use crate::expression::{Operands, evaluate};
use crate::matched::Matched;
use crate::reading::ReadingFinding;
use crate::value::{Value, ValuePeriod};

impl Evaluator<'_> {
    /// The value of a formula over some of its measure's periods, which together are `span`.
    pub(crate) fn formula_value(
        &self,
        measure: &Entry<Measure>,
        formula: &Formula,
        unit: UnitId,
        indexes: RangeInclusive<i32>,
        span: &Period,
    ) -> Value {
        let period = |index: i32| self.calendar().period(measure.frequency, index);
        let periods: Vec<ValuePeriod> = indexes
            .map(|index| ValuePeriod {
                index,
                counts: self.is_due(measure, &period(index)),
                weight: 1.0,
            })
            .collect();
        let mut value = match (measure.over_time, measure.over_units) {
            (None, None) => self.plain(measure, formula, unit, span),
            (Some(over_time), _) => {
                let counted: Vec<Period> = periods
                    .iter()
                    .filter(|one| one.counts)
                    .map(|one| period(one.index))
                    .collect();
                self.over_periods(measure, formula, unit, over_time, &counted)
            }
            (None, Some(_)) => self.over_lowest_units(measure, formula, unit, span),
        };
        value.periods = periods;
        value
    }

    /// Evaluates on the aggregated inputs.
    fn plain(
        &self,
        measure: &Entry<Measure>,
        formula: &Formula,
        unit: UnitId,
        span: &Period,
    ) -> Value {
        match self.matched(formula, unit, span) {
            Some(matched) => evaluate_matched(formula, matched),
            None => self.each_by_itself(measure, formula, unit, span),
        }
    }

    /// Evaluates for each period first, then adds up over time.
    fn over_periods(
        &self,
        measure: &Entry<Measure>,
        formula: &Formula,
        unit: UnitId,
        over_time: OverTime,
        counted: &[Period],
    ) -> Value {
        let in_period = |period: &Period| {
            let key = (measure.id(), unit, *period, period.frequency);
            self.formula_periods.remembered(key, || {
                let value = match measure.over_units {
                    Some(_) => self.over_lowest_units(measure, formula, unit, period),
                    None => self.plain(measure, formula, unit, period),
                };
                value.alone()
            })
        };
        let values: Vec<Value> = counted.iter().map(in_period).collect();
        let read_from = if over_time == OverTime::Last {
            values.len().saturating_sub(1)
        } else {
            0
        };
        let ways = Ways {
            over_time,
            over_units: OverUnits::None,
            weighted: false,
        };
        let inputs: Vec<Vec<Weighed>> = values
            .iter()
            .map(|value| value.value.map(|value| (value, None)).into_iter().collect())
            .collect();
        added_up(
            aggregate(ways, &inputs).value,
            values.get(read_from..).unwrap_or_default(),
            over_time == OverTime::Sum,
        )
    }

    /// Evaluates for each lowest unit first, then adds up over units.
    fn over_lowest_units(
        &self,
        measure: &Entry<Measure>,
        formula: &Formula,
        unit: UnitId,
        span: &Period,
    ) -> Value {
        let over_units = Ways::of(measure).over_units;
        let lowest = match over_units {
            OverUnits::None => vec![unit],
            _ => self.lowest_units(measure, formula, unit, span).to_vec(),
        };
        let values: Vec<Value> = lowest
            .iter()
            .map(|lowest| self.plain(measure, formula, *lowest, span))
            .collect();
        let ways = Ways {
            over_time: OverTime::Last,
            over_units,
            weighted: false,
        };
        let inputs: Vec<Weighed> = values
            .iter()
            .filter_map(|value| value.value.map(|value| (value, None)))
            .collect();
        added_up(
            aggregate(ways, &[inputs]).value,
            &values,
            over_units == OverUnits::Sum,
        )
    }

    /// The lowest units at which something of the formula is there or owed. Where one measure stands further up than
    /// another, the upper unit is the cell, as for matched cells: nothing below it is counted twice.
    fn lowest_units(
        &self,
        measure: &Entry<Measure>,
        formula: &Formula,
        unit: UnitId,
        span: &Period,
    ) -> Rc<[UnitId]> {
        let key = (measure.id(), unit, *span, span.frequency);
        self.lowest.remembered(key, || {
            if self.is_too_deep(measure) {
                return Rc::default();
            }
            self.lowest_units_of(formula, unit, span).into()
        })
    }

    fn lowest_units_of(&self, formula: &Formula, unit: UnitId, span: &Period) -> Vec<UnitId> {
        let mut found = BTreeMap::new();
        for measure in formula
            .measures()
            .filter_map(|measure| self.measure(measure))
        {
            if let Some(inner) = &measure.formula {
                let inner = self.lowest_units(measure, inner, unit, span);
                found.extend(inner.iter().map(|unit| (self.position(*unit), *unit)));
                continue;
            }
            for index in self.indexes(measure, unit, span) {
                let inputs = self.inputs(measure, unit, index);
                let units = inputs
                    .inputs
                    .iter()
                    .map(|input| input.unit)
                    .chain(inputs.missing.iter().map(|missing| missing.unit));
                found.extend(units.map(|unit| (self.position(unit), unit)));
            }
        }
        let tree = self.plan.index().units_on(span.middle());
        let all: HashSet<UnitId> = found.values().copied().collect();
        found.retain(|_, unit| !tree.ancestors(*unit).any(|above| all.contains(&above)));
        found.into_values().collect()
    }
}

/// Puts together readings that were added up.
pub(crate) fn added_up(value: Option<f64>, parts: &[Value], is_sum: bool) -> Value {
    let (present, owed) = parts.iter().fold((0, 0), |(present, owed), part| {
        (present + part.present, owed + part.owed)
    });
    let mut findings: BTreeSet<ReadingFinding> = parts
        .iter()
        .flat_map(|part| part.findings.iter().copied())
        .collect();
    if is_sum && value.is_some() && present < owed {
        findings.insert(ReadingFinding::Partial);
    }
    Value {
        value,
        present,
        owed,
        findings,
        ..Value::default()
    }
}

/// The measures of a formula, added up over its matched cells.
struct MatchedOperands {
    values: BTreeMap<MeasureId, Option<f64>>,
    findings: BTreeSet<ReadingFinding>,
}

impl Operands for MatchedOperands {
    fn value_of(&mut self, reference: &Expression) -> Option<f64> {
        self.values
            .get(&reference.reference()?.measure)
            .copied()
            .flatten()
    }

    fn finding(&mut self, finding: ReadingFinding) {
        self.findings.insert(finding);
    }
}

fn evaluate_matched(formula: &Formula, matched: Matched) -> Value {
    let mut operands = MatchedOperands {
        values: matched.values,
        findings: matched.findings,
    };
    let value = evaluate(formula.expression(), &mut operands);
    if value.is_some() && matched.adds_up && matched.matched < matched.owed {
        operands.findings.insert(ReadingFinding::Partial);
    }
    let findings = operands.findings;
    Value {
        value,
        present: matched.matched,
        owed: matched.owed,
        findings,
        parts: matched.parts,
        ..Value::default()
    }
}
