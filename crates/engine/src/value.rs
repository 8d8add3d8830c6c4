//! The value of a measure at a unit over some of its periods, with its completeness and bounds (SEMANTICS 2 and 5).

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use throughline_core::id::UnitId;
use throughline_core::period::Period;
use throughline_model::Entry;
use throughline_model::records::{Measure, MeasureKind, OverTime, OverUnits};

use crate::aggregate::{Aggregate, Ways, Weighed, aggregate};
use crate::evaluator::Evaluator;
use crate::explanation::FormulaPart;
use crate::inputs::{Input, PeriodInputs, value_of};
use crate::reading::ReadingFinding;

/// So many earlier observations bound a missing one.
const BOUNDING_OBSERVATIONS: usize = 12;

/// The value of a measure, and what it rests on.
#[derive(Clone, Debug, Default)]
pub(crate) struct Value {
    pub(crate) value: Option<f64>,
    /// Inputs that are there.
    pub(crate) present: usize,
    /// Inputs that are there or owed.
    pub(crate) owed: usize,
    /// Whether an input is missing of a period of the measure's own in which values are asked for; of a formula nothing.
    pub(crate) lacks_asked_for: bool,
    pub(crate) findings: BTreeSet<ReadingFinding>,
    /// The periods that were looked at, by index; of a formula its own.
    pub(crate) periods: Vec<ValuePeriod>,
    /// The inputs of each period; empty for a formula.
    pub(crate) inputs: Vec<PeriodInputs>,
    /// The references of its formula.
    pub(crate) parts: Vec<FormulaPart>,
    /// The two full readings, with what is missing at its least and at its greatest.
    pub(crate) bounds: Option<[FullReading; 2]>,
    /// The total weight, with missing inputs at their mean weight; `None` where one has none.
    pub(crate) total_weight: Option<f64>,
}

/// A period that a reading looked at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ValuePeriod {
    pub(crate) index: i32,
    pub(crate) counts: bool,
    /// What it weighs in the value.
    pub(crate) weight: f64,
}

/// A reading in which nothing is missing.
#[derive(Clone, Debug)]
pub(crate) struct FullReading {
    pub(crate) value: f64,
    pub(crate) periods: Vec<ValuePeriod>,
}

impl Value {
    /// No value, and why.
    pub(crate) fn finding(finding: ReadingFinding) -> Value {
        Value {
            findings: [finding].into(),
            ..Value::default()
        }
    }

    /// The value without what it is made of.
    pub(crate) fn alone(self) -> Value {
        Value {
            value: self.value,
            present: self.present,
            owed: self.owed,
            findings: self.findings,
            ..Value::default()
        }
    }

    /// Inputs present of inputs owed; `None` where nothing is owed.
    pub(crate) fn completeness(&self) -> Option<f64> {
        (self.owed > 0).then(|| self.present as f64 / self.owed as f64)
    }
}

/// What stands in for an input that is missing.
#[derive(Clone, Copy)]
struct Imputed {
    least: f64,
    greatest: f64,
    weight: Option<f64>,
}

impl Evaluator<'_> {
    /// The value of a measure over some of its periods, which together are `span`.
    pub(crate) fn value(
        &self,
        measure: &Entry<Measure>,
        unit: UnitId,
        indexes: RangeInclusive<i32>,
        span: &Period,
    ) -> Value {
        match &measure.formula {
            Some(_) if self.is_too_deep(measure) => Value::finding(ReadingFinding::TooDeep),
            Some(formula) => self.formula_value(measure, formula, unit, indexes, span),
            None => self.observed_value(measure, unit, indexes),
        }
    }

    /// The value of a measure in a period of any length. That of a formula is worked out once, however often others name
    /// it, and kept without what it is made of.
    pub(crate) fn value_in(
        &self,
        measure: &Entry<Measure>,
        unit: UnitId,
        period: &Period,
    ) -> Value {
        let read = || {
            let indexes = self.indexes(measure, unit, period);
            self.value(measure, unit, indexes, period)
        };
        if measure.formula.is_none() {
            return read();
        }
        let key = (measure.id(), unit, *period, period.frequency);
        self.formulas.remembered(key, || read().alone())
    }

    /// Reads a measure that is observed.
    pub(crate) fn observed_value(
        &self,
        measure: &Entry<Measure>,
        unit: UnitId,
        indexes: RangeInclusive<i32>,
    ) -> Value {
        let ways = Ways::of(measure);
        let looked_at: Vec<(i32, PeriodInputs)> = indexes
            .map(|index| (index, self.inputs(measure, unit, index)))
            .collect();
        let counted: Vec<&(i32, PeriodInputs)> = looked_at
            .iter()
            .filter(|(_, inputs)| inputs.counts())
            .collect();
        let weighed: Vec<Vec<Weighed>> = counted
            .iter()
            .map(|(_, inputs)| inputs.inputs.iter().map(Input::weighed).collect())
            .collect();
        let whole = aggregate(ways, &weighed);

        // Over time, the last period alone may decide; then it alone can be complete or not.
        let read_from = if ways.over_time == OverTime::Last {
            counted.len().saturating_sub(1)
        } else {
            0
        };
        let read = counted.get(read_from..).unwrap_or_default();
        let present = read
            .iter()
            .map(|(_, inputs)| inputs.inputs.len())
            .sum::<usize>();
        let missing = read
            .iter()
            .map(|(_, inputs)| inputs.missing.len())
            .sum::<usize>();

        let mut value = Value {
            value: whole.value,
            present,
            owed: present + missing,
            periods: periods_of(&looked_at, &whole),
            ..Value::default()
        };
        value.lacks_asked_for = read
            .iter()
            .any(|(_, inputs)| !inputs.missing.is_empty() && self.is_asked_for(&inputs.period));
        if whole.lacks_weights && whole.value.is_some() {
            value.findings.insert(ReadingFinding::NoWeights);
        }
        if read.iter().any(|(_, inputs)| !inputs.differing.is_empty()) {
            value.findings.insert(ReadingFinding::DiffersFromChildren);
        }
        if looked_at.iter().any(|(_, inputs)| inputs.is_cut_off) {
            value.findings.insert(ReadingFinding::TooDeep);
        }
        if looked_at.iter().any(|(_, inputs)| inputs.outside_dates) {
            value.findings.insert(ReadingFinding::OutsideDates);
        }
        let adds_up = ways.over_time == OverTime::Sum || ways.over_units == OverUnits::Sum;
        if adds_up && missing > 0 && whole.value.is_some() {
            value.findings.insert(ReadingFinding::Partial);
        }
        let imputed = self.imputed(measure, ways, read);
        value.total_weight = total_weight(ways, read, imputed.as_deref());
        if missing > 0 && whole.value.is_some() {
            value.bounds =
                imputed.and_then(|imputed| bounds(ways, &looked_at, &weighed, read_from, &imputed));
        }
        value.inputs = looked_at.into_iter().map(|(_, inputs)| inputs).collect();
        value
    }

    /// What stands in for each missing input of each period that is read; `None` if one of them has no history.
    fn imputed(
        &self,
        measure: &Entry<Measure>,
        ways: Ways,
        read: &[&(i32, PeriodInputs)],
    ) -> Option<Vec<Vec<Imputed>>> {
        let reporters = self.reporters(measure);
        let stand_in = |unit: UnitId, inputs: &PeriodInputs| {
            let earlier = reporters.before(unit, &inputs.period);
            let earlier: Vec<Weighed> = earlier
                .filter_map(|point| value_of(point, ways).map(|value| (value, point.weight)))
                .take(BOUNDING_OBSERVATIONS)
                .collect();
            let values = || earlier.iter().map(|(value, _)| *value);
            let weights: Option<Vec<f64>> = earlier.iter().map(|(_, weight)| *weight).collect();
            Some(Imputed {
                least: values().reduce(f64::min)?,
                greatest: values().reduce(f64::max)?,
                weight: weights.map(|weights| weights.iter().sum::<f64>() / weights.len() as f64),
            })
        };
        read.iter()
            .map(|(_, inputs)| {
                inputs
                    .missing
                    .iter()
                    .map(|missing| stand_in(missing.unit, inputs))
                    .collect()
            })
            .collect()
    }
}

fn periods_of(looked_at: &[(i32, PeriodInputs)], whole: &Aggregate) -> Vec<ValuePeriod> {
    let mut weights = whole.period_weights.iter();
    looked_at
        .iter()
        .map(|(index, inputs)| {
            let counts = inputs.counts();
            let weight = if counts {
                weights.next().copied().unwrap_or(0.0)
            } else {
                0.0
            };
            ValuePeriod {
                index: *index,
                counts,
                weight,
            }
        })
        .collect()
}

/// The total weight of a reading, with what is missing at its mean weight. `None`: an input has no weight.
fn total_weight(
    ways: Ways,
    read: &[&(i32, PeriodInputs)],
    imputed: Option<&[Vec<Imputed>]>,
) -> Option<f64> {
    if !ways.weighted {
        return None;
    }
    let present = read
        .iter()
        .flat_map(|(_, inputs)| inputs.inputs.iter().map(|input| input.weight));
    let missing = imputed?.iter().flatten().map(|imputed| imputed.weight);
    present.chain(missing).sum()
}

/// Reads twice more: with everything that is missing at its least, and at its greatest.
fn bounds(
    ways: Ways,
    looked_at: &[(i32, PeriodInputs)],
    weighed: &[Vec<Weighed>],
    read_from: usize,
    imputed: &[Vec<Imputed>],
) -> Option<[FullReading; 2]> {
    let full = |pick: fn(&Imputed) -> f64| {
        let mut filled = weighed.to_vec();
        for (inputs, stand_ins) in filled.iter_mut().skip(read_from).zip(imputed) {
            inputs.extend(
                stand_ins
                    .iter()
                    .map(|imputed| (pick(imputed), imputed.weight)),
            );
        }
        let whole = aggregate(ways, &filled);
        Some(FullReading {
            value: whole.value?,
            periods: periods_of(looked_at, &whole),
        })
    };
    let (a, b) = (
        full(|imputed| imputed.least)?,
        full(|imputed| imputed.greatest)?,
    );
    Some(if a.value <= b.value { [a, b] } else { [b, a] })
}

/// Whether the value of a measure comes from other measures.
pub(crate) fn is_formula(measure: &Measure) -> bool {
    measure.kind == MeasureKind::Formula
}
