//! Evaluating formulas (SEMANTICS 3): missing in, missing out; division by zero is a finding.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use throughline_core::id::{MeasureId, UnitId};
use throughline_core::period::Period;
use throughline_model::Entry;
use throughline_model::formula::{Expression, Formula, MeasureReference, Operator};
use throughline_model::records::{Measure, OverTime, OverUnits};

use crate::aggregate::{Ways, Weighed, aggregate};
use crate::compare::{below, same, sum};
use crate::evaluator::Evaluator;
use crate::explanation::FormulaPart;
use crate::matched::Matched;
use crate::reading::{Edge, ReadingFinding};
use crate::span;
use crate::value::{Value, ValuePeriod};

/// Where and over what time a formula is read.
#[derive(Clone, Copy)]
struct Place<'p> {
    measure: &'p Measure,
    unit: UnitId,
    span: &'p Period,
}

/// What a formula is evaluated with: the value of each of its references, found when it is asked for.
trait Operands {
    fn value_of(&mut self, reference: &Expression) -> Option<f64>;
    fn finding(&mut self, finding: ReadingFinding);
}

/// Evaluates an expression. Missing in, missing out, unless `coalesce` or `if` says otherwise.
fn evaluate(expression: &Expression, operands: &mut dyn Operands) -> Option<f64> {
    let value = match expression {
        Expression::Number(number) => Some(*number),
        Expression::Missing => None,
        Expression::Negate(part) => evaluate(part, operands).map(|value| -value),
        Expression::Binary {
            operator,
            left,
            right,
        } => {
            let (left, right) = (evaluate(left, operands), evaluate(right, operands));
            return operate(*operator, left?, right?, operands);
        }
        Expression::If {
            condition,
            then,
            otherwise,
        } => {
            let holds = evaluate(condition, operands)? != 0.0;
            return evaluate(if holds { then } else { otherwise }, operands);
        }
        Expression::Coalesce(parts) => {
            return parts.iter().find_map(|part| evaluate(part, operands));
        }
        reference => operands.value_of(reference),
    };
    value.filter(|value| value.is_finite())
}

fn operate(operator: Operator, left: f64, right: f64, operands: &mut dyn Operands) -> Option<f64> {
    let truth = |holds: bool| if holds { 1.0 } else { 0.0 };
    let value = match operator {
        Operator::Add => left + right,
        Operator::Subtract => left - right,
        Operator::Multiply => left * right,
        Operator::Divide if right == 0.0 => {
            operands.finding(ReadingFinding::DivisionByZero);
            return None;
        }
        Operator::Divide => left / right,
        Operator::Less => truth(below(left, right)),
        Operator::LessOrEqual => truth(!below(right, left)),
        Operator::Greater => truth(below(right, left)),
        Operator::GreaterOrEqual => truth(!below(left, right)),
        Operator::Equal => truth(same(left, right)),
        Operator::NotEqual => truth(!same(left, right)),
    };
    value.is_finite().then_some(value)
}

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
        let in_period = |period: &Period| match measure.over_units {
            Some(_) => self.over_lowest_units(measure, formula, unit, period),
            None => self.plain(measure, formula, unit, period),
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
            _ => self.lowest_units(formula, unit, span),
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

    /// The lowest units at which something of the formula is there or owed.
    fn lowest_units(&self, formula: &Formula, unit: UnitId, span: &Period) -> Vec<UnitId> {
        let mut found = BTreeMap::new();
        for measure in formula
            .measures()
            .filter_map(|measure| self.measure(measure))
        {
            if let Some(inner) = &measure.formula {
                let inner = self.nested(Vec::new(), || self.lowest_units(inner, unit, span));
                found.extend(inner.into_iter().map(|unit| (self.position(unit), unit)));
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
        found.into_values().collect()
    }

    /// Reads each reference by itself; the completeness is that of all of them together.
    fn each_by_itself(
        &self,
        measure: &Entry<Measure>,
        formula: &Formula,
        unit: UnitId,
        span: &Period,
    ) -> Value {
        let place = Place {
            measure,
            unit,
            span,
        };
        let mut operands = EachByItself {
            evaluator: self,
            place,
            read: Vec::new(),
            findings: BTreeSet::new(),
        };
        for node in formula
            .expression()
            .nodes()
            .filter(|node| node.reference().is_some())
        {
            operands.part(node);
        }
        let value = evaluate(formula.expression(), &mut operands);
        let (present, owed) = operands
            .read
            .iter()
            .fold((0, 0), |(present, owed), (_, part)| {
                (present + part.present, owed + part.owed)
            });
        let parts = operands.read.iter().filter_map(|(node, part)| {
            let of = node.reference()?;
            Some(FormulaPart {
                measure: of.measure,
                unit: of.unit.unwrap_or(unit),
                span: self.span_of(node, place),
                value: part.value,
                present: part.present,
                owed: part.owed,
                matched: false,
                inputs: Vec::new(),
            })
        });
        let parts = parts.collect();
        Value {
            value,
            present,
            owed,
            findings: operands.findings,
            parts,
            ..Value::default()
        }
    }

    /// The time over which one reference of a formula is read.
    fn span_of(&self, node: &Expression, place: Place<'_>) -> Period {
        let calendar = self.calendar();
        let frequency = place.measure.frequency;
        match node {
            Expression::Prev { periods, .. } => {
                span::earlier(calendar, place.span, i32::from(*periods), frequency)
            }
            Expression::YearToDate(_) => span::year_to_date(calendar, place.span),
            Expression::Rolling { periods, .. } => {
                span::rolling(calendar, place.span, i32::from(*periods), frequency)
            }
            Expression::YearOnYear(_) => span::year_earlier(calendar, place.span),
            _ => *place.span,
        }
    }

    /// The value of one reference of a formula.
    fn reference_value(&self, node: &Expression, place: Place<'_>) -> Value {
        let Some(MeasureReference { measure, unit }) = node.reference() else {
            return Value::default();
        };
        let Some(measure) = self.measure(measure) else {
            return Value::default();
        };
        let unit = unit.unwrap_or(place.unit);
        match node {
            Expression::ChildrenSum(_) => self.children_sum(measure, unit, place.span),
            Expression::Target(_) | Expression::Score(_) => {
                self.judged_part(node, measure, unit, place.span)
            }
            _ => self.value_in(measure, unit, &self.span_of(node, place)),
        }
    }

    fn children_sum(&self, measure: &Entry<Measure>, unit: UnitId, span: &Period) -> Value {
        let children = self.plan.index().units_on(span.middle()).children(unit);
        // A child at which the measure is not read owes nothing of it.
        let values: Vec<Value> = children
            .iter()
            .filter(|child| self.is_read_at(measure, **child, span))
            .map(|child| self.value_in(measure, *child, span))
            .collect();
        let present: Vec<f64> = values.iter().filter_map(|value| value.value).collect();
        let total = (!present.is_empty()).then(|| sum(present));
        added_up(total, &values, true)
    }

    fn judged_part(
        &self,
        node: &Expression,
        measure: &Entry<Measure>,
        unit: UnitId,
        span: &Period,
    ) -> Value {
        let reading = self.nested(None, || Some(self.reading(measure, unit, span)));
        let value = reading.and_then(|reading| match (node, reading.target) {
            (Expression::Score(_), _) => reading.score,
            (_, Some(Edge::Number(target))) => Some(target),
            _ => None,
        });
        // A target is owed by nobody; a score is there or not.
        let owed = usize::from(matches!(node, Expression::Score(_)));
        Value {
            value,
            present: owed.min(usize::from(value.is_some())),
            owed,
            ..Value::default()
        }
    }
}

/// Puts together readings that were added up.
fn added_up(value: Option<f64>, parts: &[Value], is_sum: bool) -> Value {
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

/// References that are each read by themselves, once.
struct EachByItself<'e, 'v> {
    evaluator: &'e Evaluator<'v>,
    place: Place<'e>,
    read: Vec<(Expression, Value)>,
    findings: BTreeSet<ReadingFinding>,
}

impl EachByItself<'_, '_> {
    fn part(&mut self, node: &Expression) -> &Value {
        let known = self.read.iter().position(|(read, _)| read == node);
        let position = known.unwrap_or_else(|| {
            self.read.push((
                node.clone(),
                self.evaluator.reference_value(node, self.place),
            ));
            self.read.len() - 1
        });
        &self.read[position].1
    }
}

impl Operands for EachByItself<'_, '_> {
    fn value_of(&mut self, reference: &Expression) -> Option<f64> {
        let part = self.part(reference);
        let (value, findings) = (part.value, part.findings.clone());
        self.findings.extend(findings);
        value
    }

    fn finding(&mut self, finding: ReadingFinding) {
        self.findings.insert(finding);
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
