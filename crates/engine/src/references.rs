//! Reading the references of a formula one by one (SEMANTICS 3): other periods, other units, targets and scores.

use std::collections::BTreeSet;

use throughline_core::id::UnitId;
use throughline_core::period::Period;
use throughline_model::Entry;
use throughline_model::formula::{Expression, Formula, MeasureReference};
use throughline_model::records::Measure;

use crate::compare::sum;
use crate::covered::{Covered, is_gathered, reads_more_than_earlier};
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
            .fold((0, 0), |(present, owed), (_, read)| {
                (present + read.value.present, owed + read.value.owed)
            });
        let parts = operands.read.iter().filter_map(|(node, read)| {
            let of = node.reference()?;
            Some(FormulaPart {
                measure: of.measure,
                unit: of.unit.unwrap_or(unit),
                span: read.span,
                value: read.value.value,
                present: read.value.present,
                owed: read.value.owed,
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

    /// Reads one reference of a formula.
    fn read_reference(&self, node: &Expression, place: Place<'_>) -> Read {
        let nothing = Read::of(*place.span, Value::default());
        let Some(MeasureReference { measure, unit }) = node.reference() else {
            return nothing;
        };
        let Some(measure) = self.measure(measure) else {
            return nothing;
        };
        let unit = unit.unwrap_or(place.unit);
        if !self.is_read_at(measure, unit, place.span) {
            return Read::of(*place.span, Value::finding(ReadingFinding::NotReadHere));
        }
        match node {
            Expression::Prev { periods, .. } => {
                self.earlier_part(measure, unit, place, i32::from(*periods))
            }
            Expression::Rolling { periods, .. } => {
                self.rolling_part(measure, unit, place, i32::from(*periods))
            }
            Expression::YearOnYear(_) => self.part_a_year_before(measure, unit, place),
            Expression::YearToDate(_) => {
                let span = span::year_to_date(self.calendar(), place.span);
                Read::of(span, self.value_in(measure, unit, &span))
            }
            Expression::ChildrenSum(_) => {
                Read::of(*place.span, self.children_sum(measure, unit, place.span))
            }
            Expression::Target(_) | Expression::Score(_) => Read::of(
                *place.span,
                self.judged_part(node, measure, unit, place.span),
            ),
            _ => {
                // What counts of a running period is what the value is of.
                let span = match self.covered(measure, unit, place.span) {
                    Covered::Until(last) => span::until(place.span, &last),
                    _ => *place.span,
                };
                Read::of(span, self.value_in(measure, unit, place.span))
            }
        }
    }

    /// An earlier period, read as a whole: beside a running one, which may be less, that is to be said.
    fn earlier_part(
        &self,
        measure: &Entry<Measure>,
        unit: UnitId,
        place: Place<'_>,
        periods: i32,
    ) -> Read {
        let frequency = place.measure.frequency;
        let span = span::earlier(self.calendar(), place.span, periods, frequency);
        let mut value = self.value_in(measure, unit, &span);
        let is_running = matches!(
            self.covered(measure, unit, place.span),
            Covered::Until(_) | Covered::Scattered
        );
        if is_running && is_gathered(measure) && reads_more_than_earlier(place.measure) {
            value.findings.insert(ReadingFinding::BesideWhole);
        }
        Read::of(span, value)
    }

    /// The last n periods, up to the last one that counts.
    fn rolling_part(
        &self,
        measure: &Entry<Measure>,
        unit: UnitId,
        place: Place<'_>,
        periods: i32,
    ) -> Read {
        let frequency = place.measure.frequency;
        match self.last_periods(measure, unit, place.span, periods, frequency) {
            Some(span) => Read::of(span, self.value_in(measure, unit, &span)),
            None => Read::of(*place.span, self.not_compared(measure, unit, place.span)),
        }
    }

    /// As much of the same period a year before as counts of this one.
    fn part_a_year_before(&self, measure: &Entry<Measure>, unit: UnitId, place: Place<'_>) -> Read {
        let indexes = self.indexes(measure, unit, place.span);
        let shown = self.shown(measure, place.span, &indexes);
        let Some(span) = self.year_before(measure, unit, &shown) else {
            return Read::of(shown, self.not_compared(measure, unit, &shown));
        };
        let mut value = self.value_in(measure, unit, &span);
        if matches!(self.covered(measure, unit, &shown), Covered::Until(_)) {
            value.findings.insert(ReadingFinding::SoFar);
        }
        Read::of(span, value)
    }

    /// No value, with the reason where something counts that nothing can be compared with.
    fn not_compared(&self, measure: &Entry<Measure>, unit: UnitId, span: &Period) -> Value {
        let mut value = Value::default();
        if self.covered(measure, unit, span) == Covered::Scattered {
            value.findings.insert(ReadingFinding::NotComparable);
        }
        value
    }

    fn children_sum(&self, measure: &Entry<Measure>, unit: UnitId, span: &Period) -> Value {
        let values: Vec<Value> = self
            .children_read(measure, unit, span)
            .into_iter()
            .map(|child| self.value_in(measure, child, span))
            .collect();
        let present: Vec<f64> = values.iter().filter_map(|value| value.value).collect();
        let total = (!present.is_empty()).then(|| sum(present));
        added_up(total, &values, true)
    }

    /// The units directly below at which a measure is read: of those the ones through which something is reported, as for
    /// the unit itself, or all of them where nothing is yet.
    pub(crate) fn children_read(
        &self,
        measure: &Entry<Measure>,
        unit: UnitId,
        span: &Period,
    ) -> Vec<UnitId> {
        let children = self.plan.index().units_on(span.middle()).children(unit);
        let read = children.iter().copied();
        let read: Vec<UnitId> = read
            .filter(|child| self.is_read_at(measure, *child, span))
            .collect();
        let is_reported = |child: &UnitId| self.is_reported_below(measure, *child);
        if !read.iter().any(is_reported) {
            return read;
        }
        read.into_iter().filter(is_reported).collect()
    }

    fn judged_part(
        &self,
        node: &Expression,
        measure: &Entry<Measure>,
        unit: UnitId,
        span: &Period,
    ) -> Value {
        let reading = self.reading(measure, unit, span);
        let value = match (node, reading.target) {
            (Expression::Score(_), _) => reading.score,
            (_, Some(Edge::Number(target))) => Some(target),
            _ => None,
        };
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

/// A reference of a formula, read: over what time, and what it gave.
struct Read {
    span: Period,
    value: Value,
}

impl Read {
    fn of(span: Period, value: Value) -> Read {
        Read { span, value }
    }
}

/// References that are each read by themselves, once.
struct EachByItself<'e, 'v> {
    evaluator: &'e Evaluator<'v>,
    place: Place<'e>,
    read: Vec<(Expression, Read)>,
    findings: BTreeSet<ReadingFinding>,
}

impl EachByItself<'_, '_> {
    fn part(&mut self, node: &Expression) -> &Value {
        let known = self.read.iter().position(|(read, _)| read == node);
        let position = known.unwrap_or_else(|| {
            self.read.push((
                node.clone(),
                self.evaluator.read_reference(node, self.place),
            ));
            self.read.len() - 1
        });
        &self.read[position].1.value
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
