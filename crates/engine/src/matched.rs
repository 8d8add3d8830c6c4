//! Matched cells (SEMANTICS 3): the measures of a formula are added up only over those cells in which all of them are
//! present, so that a missing cost does not make a margin.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use throughline_core::id::{MeasureId, UnitId};
use throughline_core::period::Period;
use throughline_model::Entry;
use throughline_model::depth::UNIT_DEPTH_MAX;
use throughline_model::formula::{Expression, Formula};
use throughline_model::records::{Measure, MeasureKind, OverTime, OverUnits};

use crate::aggregate::{Ways, Weighed, aggregate};
use crate::evaluator::Evaluator;
use crate::explanation::FormulaPart;
use crate::inputs::{Input, PeriodInputs, gather, value_of};
use crate::reading::ReadingFinding;
use crate::reporters::Reporters;

/// The measures of a formula over its matched cells.
#[derive(Default)]
pub(crate) struct Matched {
    pub(crate) values: BTreeMap<MeasureId, Option<f64>>,
    /// The same measures with the inputs of the cells, for explanation.
    pub(crate) parts: Vec<FormulaPart>,
    pub(crate) matched: usize,
    pub(crate) owed: usize,
    pub(crate) findings: BTreeSet<ReadingFinding>,
    /// Whether one of the measures is added up.
    pub(crate) adds_up: bool,
}

/// One measure of a formula.
struct Part<'v> {
    measure: &'v Entry<Measure>,
    ways: Ways,
    reporters: Rc<Reporters<'v>>,
}

/// The cells of one period.
struct Cells<'c, 'v> {
    parts: &'c [Part<'v>],
    period: Period,
    /// Of each measure, the inputs in matched cells.
    inputs: Vec<Vec<Input>>,
    matched: usize,
    owed: usize,
    differs: bool,
}

impl<'v> Evaluator<'v> {
    /// The matched cells of a formula; `None` where each of its measures is read by itself.
    pub(crate) fn matched(
        &self,
        formula: &Formula,
        unit: UnitId,
        span: &Period,
    ) -> Option<Matched> {
        let measures = self.matchable(formula)?;
        let parts: Vec<Part<'v>> = measures
            .into_iter()
            .map(|measure| Part {
                measure,
                ways: Ways::of(measure),
                reporters: self.reporters(measure),
            })
            .collect();
        let frequency = parts.first()?.measure.frequency;
        let ranges = parts
            .iter()
            .map(|part| self.indexes(part.measure, unit, span));
        // Where the span is shorter than the period, each may have another latest one: the earliest counts for all.
        let indexes = ranges.reduce(|a, b| *a.start().min(b.start())..=*a.end().min(b.end()))?;
        let one_period = indexes.clone().count() == 1;
        if !one_period && parts.iter().any(|part| is_of_one_period(part.measure)) {
            return None;
        }
        let mut matched = Matched::default();
        let mut inputs: Vec<Vec<Vec<Input>>> = vec![Vec::new(); parts.len()];
        let mut periods = Vec::new();
        for index in indexes {
            let read: Vec<PeriodInputs> = parts
                .iter()
                .map(|part| self.inputs(part.measure, unit, index))
                .collect();
            if !read.iter().all(PeriodInputs::counts) {
                continue;
            }
            let cells = self.cells(&parts, unit, self.calendar().period(frequency, index));
            matched.matched += cells.matched;
            matched.owed += cells.owed;
            if cells.differs {
                matched.findings.insert(ReadingFinding::DiffersFromChildren);
            }
            if read.iter().any(|inputs| inputs.is_cut_off) {
                matched.findings.insert(ReadingFinding::TooDeep);
            }
            if read.iter().any(|inputs| inputs.outside_dates) {
                matched.findings.insert(ReadingFinding::OutsideDates);
            }
            periods.push(cells.period);
            for (all, found) in inputs.iter_mut().zip(cells.inputs) {
                all.push(found);
            }
        }
        for (part, inputs) in parts.iter().zip(&inputs) {
            let weighed: Vec<Vec<Weighed>> = inputs
                .iter()
                .map(|found| found.iter().map(Input::weighed).collect())
                .collect();
            let whole = aggregate(part.ways, &weighed);
            if whole.lacks_weights {
                matched.findings.insert(ReadingFinding::NoWeights);
            }
            matched.adds_up |=
                part.ways.over_time == OverTime::Sum || part.ways.over_units == OverUnits::Sum;
            matched.values.insert(part.measure.id(), whole.value);
            let lines = periods
                .iter()
                .zip(inputs)
                .flat_map(|(period, found)| found.iter().map(move |input| (*period, input)));
            matched.parts.push(FormulaPart {
                measure: part.measure.id(),
                unit,
                span: *span,
                value: whole.value,
                present: matched.matched,
                owed: matched.owed,
                matched: true,
                inputs: lines
                    .filter_map(|(period, input)| Some((period, self.input_line(input)?)))
                    .collect(),
            });
        }
        Some(matched)
    }

    /// Whether the measures of a formula are added up over its matched cells in a span.
    pub(crate) fn is_matched(&self, formula: &Formula, span: &Period) -> bool {
        let is_one =
            |measure: &Entry<Measure>| self.calendar().parts(span, measure.frequency).count() == 1;
        self.matchable(formula).is_some_and(|measures| {
            measures
                .iter()
                .all(|measure| !is_of_one_period(measure) || is_one(measure))
        })
    }

    /// The measures of a formula, if they can be matched: of one frequency, without overrides, of kinds that add up,
    /// and without a word about what missing means.
    fn matchable(&self, formula: &Formula) -> Option<Vec<&'v Entry<Measure>>> {
        let expression = formula.expression();
        let is_plain = |node: &Expression| match node {
            Expression::Measure(of) => of.unit.is_none(),
            Expression::Coalesce(_) => false,
            other => other.reference().is_none(),
        };
        if !expression.nodes().all(is_plain) {
            return None;
        }
        let measures: Option<Vec<&'v Entry<Measure>>> = formula
            .measures()
            .map(|measure| self.measure(measure).map(|entry| entry.as_ref()))
            .collect();
        let measures = measures?;
        let frequency = measures.first()?.frequency;
        let fits = |measure: &&Entry<Measure>| {
            let kind = matches!(
                measure.kind,
                MeasureKind::Sum
                    | MeasureKind::Ratio
                    | MeasureKind::Mean
                    | MeasureKind::Max
                    | MeasureKind::Min
                    | MeasureKind::Level
                    | MeasureKind::YesNo
            );
            kind && measure.frequency == frequency
                && measure.over_time.is_none()
                && measure.over_units.is_none()
        };
        measures.iter().all(fits).then_some(measures)
    }

    fn cells<'c>(&self, parts: &'c [Part<'v>], unit: UnitId, period: Period) -> Cells<'c, 'v> {
        let mut cells = Cells {
            parts,
            period,
            inputs: vec![Vec::new(); parts.len()],
            matched: 0,
            owed: 0,
            differs: false,
        };
        let found = self.cells_below(unit, 0, &mut cells);
        let record = self.plan.units().get(unit);
        let nobody = |part: &Part<'v>| {
            !part.reporters.reach(unit)
                && record.is_some_and(|unit| part.reporters.would_owe(unit, &period))
        };
        if !found && parts.iter().any(nobody) {
            cells.owed += 1;
        }
        cells
    }

    /// Goes through the cells at and below a unit. Whether there was any, be it one for which none is stated.
    fn cells_below(&self, unit: UnitId, depth: usize, cells: &mut Cells<'_, 'v>) -> bool {
        if depth > UNIT_DEPTH_MAX {
            return false;
        }
        let period = cells.period;
        let points: Vec<_> = cells
            .parts
            .iter()
            .map(|part| {
                part.reporters
                    .point(unit, &period)
                    .map(|point| value_of(point, part.ways))
            })
            .collect();
        if points.iter().any(|point| matches!(point, Some(Some(_)))) {
            cells.take(unit, depth);
            return true;
        }
        // Where one of the measures is the unit's own to report, and nothing of it is below, the unit is the cell: owed
        // while that one is missing, none where it is stated not to be. What the others have below goes with it.
        // Only where the unit says that it has none, or owes, is it asked what is below: so each is gathered once.
        let own: Vec<(bool, PeriodInputs)> = cells
            .parts
            .iter()
            .zip(&points)
            .filter(|(part, point)| point.is_some() || part.reporters.owes(unit, &period))
            .map(|(part, point)| {
                let inputs = gather(&part.reporters, part.ways, unit, period, depth);
                (point.is_some(), inputs)
            })
            .collect();
        let states_none =
            |(is_said, inputs): &(bool, PeriodInputs)| *is_said && inputs.states_none();
        if own.iter().any(states_none) {
            return true;
        }
        if own.iter().any(|(_, inputs)| inputs.is_missing_at(unit)) {
            cells.owed += 1;
            return true;
        }
        let mut children: Vec<UnitId> = cells
            .parts
            .iter()
            .flat_map(|part| part.reporters.children(unit, &period).to_vec())
            .collect();
        children.sort_by_key(|child| self.position(*child));
        children.dedup();
        let mut found = false;
        for child in children {
            found |= self.cells_below(child, depth + 1, cells);
        }
        found
    }
}

/// Whether a measure is matched over one period only: over several its last one decides.
fn is_of_one_period(measure: &Measure) -> bool {
    matches!(measure.kind, MeasureKind::Level | MeasureKind::YesNo)
}

impl<'v> Cells<'_, 'v> {
    /// Takes a unit at which one of the measures has a value as a cell: matched, if all that are asked there are whole
    /// at or below it.
    fn take(&mut self, unit: UnitId, depth: usize) {
        let found: Vec<PeriodInputs> = self
            .parts
            .iter()
            .map(|part| gather(&part.reporters, part.ways, unit, self.period, depth))
            .collect();
        let is_asked = |part: &Part<'v>, inputs: &PeriodInputs| {
            part.measure.reported_by.is_empty()
                || !inputs.inputs.is_empty()
                || !inputs.missing.is_empty()
                || inputs.none_stated
        };
        let asked: Vec<&PeriodInputs> = self
            .parts
            .iter()
            .zip(&found)
            .filter(|(part, inputs)| is_asked(part, inputs))
            .map(|(_, inputs)| inputs)
            .collect();
        if asked.iter().any(|inputs| inputs.states_none()) {
            return;
        }
        self.owed += 1;
        if asked
            .iter()
            .all(|inputs| inputs.missing.is_empty() && !inputs.inputs.is_empty())
        {
            self.matched += 1;
            self.differs |= found.iter().any(|inputs| !inputs.differing.is_empty());
            for (all, inputs) in self.inputs.iter_mut().zip(found) {
                all.extend(inputs.inputs);
            }
        }
    }
}
