//! How much of a running period counts, so that it is compared with as much of an earlier one, and not with the whole
//! of it (SEMANTICS 9).

use throughline_core::id::UnitId;
use throughline_core::period::{Frequency, Period};
use throughline_model::Entry;
use throughline_model::formula::{Expression, Formula};
use throughline_model::records::{Measure, OverTime};

use crate::aggregate::Ways;
use crate::evaluator::Evaluator;
use crate::span;

/// How much of a span counts in a reading of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Covered {
    /// Nothing of it yet.
    Nothing,
    /// All of it.
    Whole,
    /// All up to this period of the measure, the last that counts; the rest is to come.
    Until(Period),
    /// What counts does not end on one day: a later period is complete before an earlier one, or the measures of a
    /// formula go to different days.
    Scattered,
}

/// What counts of a running period, and how much of the earlier ones it is compared with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SoFar {
    /// What counts of the period.
    pub counts: Period,
    /// As much of the same period a year before.
    pub last_year: Period,
    /// What the previous period is read over: as much of it, or all of it where its last value is read.
    pub previous: Period,
}

/// How a reading is compared with earlier ones.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Comparison {
    /// The whole period with whole periods.
    #[default]
    Whole,
    /// A running period with as much of the earlier ones.
    SoFar(SoFar),
    /// Not at all: what counts of a running period is no part that an earlier one has, too.
    None,
}

impl Evaluator<'_> {
    /// How much of a span counts for a measure.
    pub(crate) fn covered(&self, measure: &Entry<Measure>, unit: UnitId, span: &Period) -> Covered {
        let key = (measure.id(), unit, *span, span.frequency);
        self.covered.remembered(key, || match &measure.formula {
            Some(formula) => self.covered_by_formula(measure, formula, unit, span),
            None => self.covered_by_observations(measure, unit, span),
        })
    }

    /// Whether a period has ended and all of it counts: what is missing is late, and not still to come.
    pub(crate) fn is_over(&self, measure: &Entry<Measure>, unit: UnitId, period: &Period) -> bool {
        period.last <= self.today() && self.covered(measure, unit, period) == Covered::Whole
    }

    fn covered_by_observations(
        &self,
        measure: &Entry<Measure>,
        unit: UnitId,
        span: &Period,
    ) -> Covered {
        // In a span shorter than the measure's own periods a whole one of them is read.
        if span.frequency.is_finer_than(measure.frequency) {
            return Covered::Whole;
        }
        self.covered_by(measure, span, |index| {
            self.inputs(measure, unit, index).counts()
        })
    }

    /// Goes through the periods of a measure that are not due: those that are count.
    fn covered_by(
        &self,
        measure: &Measure,
        span: &Period,
        counts: impl Fn(i32) -> bool,
    ) -> Covered {
        let parts = self.calendar().parts(span, measure.frequency);
        let due = self.latest_due(measure);
        if *parts.end() <= due {
            return Covered::Whole;
        }
        let ahead = (*parts.start()).max(due + 1)..=*parts.end();
        let counted: Vec<bool> = ahead.clone().map(counts).collect();
        let before = counted.iter().take_while(|counts| **counts).count();
        if before == counted.len() {
            return Covered::Whole;
        }
        if counted.iter().skip(before).any(|counts| *counts) {
            return Covered::Scattered;
        }
        let last = ahead.start() - 1 + before as i32;
        if last < *parts.start() {
            return Covered::Nothing;
        }
        Covered::Until(self.calendar().period(measure.frequency, last))
    }

    fn covered_by_formula(
        &self,
        measure: &Entry<Measure>,
        formula: &Formula,
        unit: UnitId,
        span: &Period,
    ) -> Covered {
        if span.frequency.is_finer_than(measure.frequency) || self.is_too_deep(measure) {
            return Covered::Whole;
        }
        if measure.over_time.is_some() {
            return self.covered_by(measure, span, |_| false);
        }
        let is_matched = self.is_matched(formula, span);
        let mut covered = Vec::new();
        for node in formula.expression().nodes() {
            // An earlier period is read as a whole, however much of this one counts.
            let Some(of) = node.reference().filter(|_| !is_earlier(node)) else {
                continue;
            };
            let Some(read) = self.measure(of.measure) else {
                continue;
            };
            if span.frequency.is_finer_than(read.frequency) {
                continue;
            }
            let unit = of.unit.unwrap_or(unit);
            if matches!(node, Expression::ChildrenSum(_)) {
                let children = self.children_read(read, unit, span);
                covered.extend(
                    children
                        .into_iter()
                        .map(|child| self.covered(read, child, span)),
                );
            } else {
                covered.push(self.covered(read, unit, span));
            }
        }
        if is_matched {
            together(covered)
        } else {
            alike(covered)
        }
    }

    /// The span a year earlier with which a span is compared; `None` where nothing alike is there.
    pub(crate) fn year_before(
        &self,
        measure: &Entry<Measure>,
        unit: UnitId,
        span: &Period,
    ) -> Option<Period> {
        let calendar = self.calendar();
        let back = |period: &Period| span::year_earlier(calendar, period, measure.frequency);
        match self.covered(measure, unit, span) {
            // While nothing counts nothing is compared: the whole period is what is to be expected.
            Covered::Nothing | Covered::Whole => Some(back(span)),
            Covered::Until(last) => Some(span::until(&back(span), &back(&last))),
            Covered::Scattered => None,
        }
    }

    /// The last periods of a frequency, up to the last one that counts; `None` where none of the span does.
    pub(crate) fn last_periods(
        &self,
        measure: &Entry<Measure>,
        unit: UnitId,
        span: &Period,
        periods: i32,
        frequency: Frequency,
    ) -> Option<Period> {
        let rolling = |span: &Period| span::rolling(self.calendar(), span, periods, frequency);
        match self.covered(measure, unit, span) {
            Covered::Whole => Some(rolling(span)),
            Covered::Until(last) => Some(rolling(&span::until(span, &last))),
            Covered::Nothing | Covered::Scattered => None,
        }
    }

    /// How a reading is compared with the period before and the same a year before.
    pub(crate) fn comparison(
        &self,
        measure: &Entry<Measure>,
        unit: UnitId,
        span: &Period,
    ) -> Comparison {
        let last = match self.covered(measure, unit, span) {
            Covered::Nothing | Covered::Whole => return Comparison::Whole,
            Covered::Scattered => return Comparison::None,
            Covered::Until(last) => last,
        };
        let calendar = self.calendar();
        let counts = span::until(span, &last);
        let before = span::earlier(calendar, span, 1, measure.frequency);
        let back = |period: &Period| span::year_earlier(calendar, period, measure.frequency);
        Comparison::SoFar(SoFar {
            counts,
            last_year: span::until(&back(span), &back(&last)),
            // The last value of the period before is where this one started, be it running or not.
            previous: if is_gathered(measure) {
                span::as_many_parts(calendar, &before, &counts, last.frequency)
            } else {
                before
            },
        })
    }
}

/// Whether a value is gathered over time, so that that of half a period is of less than that of a whole one.
pub(crate) fn is_gathered(measure: &Measure) -> bool {
    measure.formula.is_some() || Ways::of(measure).over_time != OverTime::Last
}

/// Whether a formula reads the period that it is asked for, and not earlier ones alone.
pub(crate) fn reads_more_than_earlier(measure: &Measure) -> bool {
    let formula = measure.formula.as_ref();
    formula.is_some_and(|formula| {
        let mut references = formula.expression().nodes();
        references.any(|node| node.reference().is_some() && !is_earlier(node))
    })
}

/// Whether a reference reads an earlier period as a whole.
fn is_earlier(node: &Expression) -> bool {
    matches!(node, Expression::Prev { .. })
}

/// What several measures cover that are read over the periods that count for all of them.
fn together(covered: Vec<Covered>) -> Covered {
    covered
        .into_iter()
        .reduce(|a, b| match (a, b) {
            (Covered::Nothing, _) | (_, Covered::Nothing) => Covered::Nothing,
            (Covered::Scattered, _) | (_, Covered::Scattered) => Covered::Scattered,
            (Covered::Whole, other) | (other, Covered::Whole) => other,
            (Covered::Until(a), Covered::Until(b)) => {
                Covered::Until(if a.last <= b.last { a } else { b })
            }
        })
        .unwrap_or(Covered::Whole)
}

/// What several measures cover that are each read by themselves: the same, or nothing that could be compared. One of
/// which nothing counts brings nothing.
fn alike(covered: Vec<Covered>) -> Covered {
    if covered.is_empty() {
        return Covered::Whole;
    }
    covered
        .into_iter()
        .filter(|one| *one != Covered::Nothing)
        .reduce(|a, b| match (a, b) {
            (Covered::Until(a), Covered::Until(b)) if a.last == b.last => Covered::Until(a),
            (a, b) if a == b => a,
            _ => Covered::Scattered,
        })
        .unwrap_or(Covered::Nothing)
}
