//! Reading the references of a formula one by one (SEMANTICS 3): other periods, other units, targets and scores.

use std::collections::BTreeSet;

use throughline_core::id::UnitId;
use throughline_core::period::Period;
use throughline_model::Entry;
use throughline_model::formula::{Expression, Formula, MeasureReference};
use throughline_model::records::Measure;

use crate::compare::sum;
use crate::evaluator::Evaluator;
use crate::explanation::FormulaPart;
use crate::expression::{Operands, evaluate};
use crate::formula::added_up;
use crate::reading::{Edge, ReadingFinding};
use crate::span;
use crate::value::Value;

/// Where and over what time a formula is read.
#[derive(Clone, Copy)]
struct Place<'p> {
    measure: &'p Measure,
    unit: UnitId,
    span: &'p Period,
}

impl Evaluator<'_> {
    /// Reads each reference by itself; the completeness is that of all of them together.
    pub(crate) fn each_by_itself(
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
