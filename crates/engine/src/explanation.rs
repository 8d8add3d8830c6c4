//! Where a number comes from: inputs, rule, records, observations, clocks. Every line of it was used in the reading.

use jiff::Timestamp;
use throughline_core::id::{MeasureId, TargetId, UnitId};
use throughline_core::period::Period;
use throughline_model::Entry;
use throughline_model::observation::{CommitNumber, ObservationState};
use throughline_model::records::{Measure, OverTime, OverUnits};

use crate::aggregate::{Ways, aggregate};
use crate::compare::same;
use crate::covered::Comparison;
use crate::evaluator::Evaluator;
use crate::inputs::{Counted, Input, Owed, PeriodInputs};
use crate::reading::{Assessment, Bound, Edge, MeasureReading};
use crate::span;
use crate::target::Path;

/// The rule that gave the floor of a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FloorRule {
    /// The target states it.
    Stated,
    /// Half of the planned improvement behind, but never more than a quarter of it worse than the baseline.
    FromBaseline,
    /// Of a share: the smaller of max(t, 1 - t) / 10 and min(t, 1 - t) / 2.
    OfAShare,
    /// 10 % of the target.
    TenPercent,
    /// Half the width of the range beyond either edge.
    HalfTheRange,
}

/// An observation that is in the number.
#[derive(Clone, Debug, PartialEq)]
pub struct InputLine {
    /// The unit that it was observed at.
    pub unit: UnitId,
    /// Its value.
    pub value: f64,
    /// Its weight.
    pub weight: Option<f64>,
    /// The commit that recorded it.
    pub commit: CommitNumber,
    /// When it became known.
    pub recorded_at: Timestamp,
    /// Whether it was checked.
    pub state: Option<ObservationState>,
    /// The remark that came with it.
    pub note: Option<String>,
}

/// An observation that is owed and not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MissingLine {
    /// The unit that owes it.
    pub unit: UnitId,
    /// Why it owes it.
    pub owed: Owed,
}

/// One of the measure's periods.
#[derive(Clone, Debug, PartialEq)]
pub struct PeriodLine {
    /// The period.
    pub period: Period,
    /// Whether it counts, and why.
    pub counted: Counted,
    /// The units added up.
    pub value: Option<f64>,
    /// What the period weighs in the value.
    pub weight: f64,
    /// The target of the period.
    pub target: Option<Edge>,
    /// The floor of the period.
    pub floor: Option<Edge>,
    /// What is in it.
    pub inputs: Vec<InputLine>,
    /// What is missing from it.
    pub missing: Vec<MissingLine>,
    /// Units whose own value differs from that of those below.
    pub differing: Vec<UnitId>,
}

/// One reference of a formula.
#[derive(Clone, Debug, PartialEq)]
pub struct FormulaPart {
    /// The measure that is read.
    pub measure: MeasureId,
    /// The unit at which it is read.
    pub unit: UnitId,
    /// Over what time.
    pub span: Period,
    /// What it gave.
    pub value: Option<f64>,
    /// Inputs that are there: of matched cells those in which all measures are.
    pub present: usize,
    /// Inputs that are there or owed.
    pub owed: usize,
    /// Whether it was added up over matched cells only.
    pub matched: bool,
    /// The observations of matched cells, with their periods.
    pub inputs: Vec<(Period, InputLine)>,
}

/// The target that the number is held against.
#[derive(Clone, Debug, PartialEq)]
pub struct TargetLine {
    /// The record.
    pub target: TargetId,
    /// The unit that it is set for.
    pub unit: UnitId,
    /// Whether that is the unit read; otherwise it is inherited.
    pub is_own: bool,
    /// The rule that gave the floor of the last period.
    pub floor_rule: Option<FloorRule>,
    /// The baseline of the reading.
    pub baseline: Option<f64>,
    /// The final target of the reading.
    pub last: Option<f64>,
    /// What a line states for the period itself, of a measure that is summed over time: the targets of its parts lie on
    /// the line, and come to something else.
    pub stated: Option<f64>,
}

/// Readings that every measure has without set-up.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Derived {
    /// From the start of the year.
    pub year_to_date: Option<f64>,
    /// In the same period last year; of a running period in as much of it as counts now.
    pub same_period_last_year: Option<f64>,
    /// In the previous period; of a running one in as many of its first parts, or at its end where the last value
    /// counts.
    pub previous: Option<f64>,
    /// Less the previous period.
    pub change_on_previous: Option<f64>,
    /// Over the last year of the measure's own periods, up to the last one that counts.
    pub rolling_year: Option<f64>,
    /// What was compared with what.
    pub comparison: Comparison,
}

/// Where a number comes from.
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    /// The number and what is said of it.
    pub reading: MeasureReading,
    /// The unit at which it was read.
    pub unit: UnitId,
    /// How values add up over time.
    pub over_time: OverTime,
    /// How values add up over units.
    pub over_units: OverUnits,
    /// Whether inputs count by their weights.
    pub weighted: bool,
    /// The measure's periods that were looked at.
    pub periods: Vec<PeriodLine>,
    /// The references of its formula.
    pub parts: Vec<FormulaPart>,
    /// The target that it is held against.
    pub target: Option<TargetLine>,
    /// Of a reading that is not complete: what it would be with what is missing at its least, and at its greatest.
    pub bounds: Option<[Bound; 2]>,
    /// Other readings of the same measure.
    pub derived: Derived,
}

impl Explanation {
    pub(crate) fn of(
        evaluator: &Evaluator<'_>,
        measure: MeasureId,
        unit: UnitId,
        period: Period,
    ) -> Option<Explanation> {
        let measure = evaluator.measure(measure)?;
        if !evaluator.is_read_at(measure, unit, &period) {
            return None;
        }
        let assessment = evaluator.assess(measure, unit, &period);
        let ways = Ways::of(measure);
        let (path, target) = evaluator.target_line(measure, unit, &assessment);
        Some(Explanation {
            periods: evaluator.period_lines(measure, ways, &assessment, path.as_ref()),
            target,
            bounds: evaluator.bounds_of(measure, unit, &assessment),
            derived: evaluator.derived(measure, unit, &assessment.reading),
            parts: assessment.value.parts.clone(),
            unit,
            over_time: ways.over_time,
            over_units: ways.over_units,
            weighted: ways.weighted,
            reading: assessment.reading.clone(),
        })
    }
}

impl Evaluator<'_> {
    fn target_line<'a>(
        &'a self,
        measure: &'a Entry<Measure>,
        unit: UnitId,
        assessment: &'a Assessment,
    ) -> (Option<Path<'a>>, Option<TargetLine>) {
        let Some(held) = &assessment.held else {
            return (None, None);
        };
        let periods = &assessment.value.periods;
        let path = self
            .path(measure, unit, held, periods)
            .map(|(path, _)| path);
        let standard = path
            .as_ref()
            .and_then(|path| path.over(periods, held.is_own));
        let last_read = periods
            .iter()
            .rfind(|period| period.counts)
            .or(periods.last());
        let line = TargetLine {
            target: held.target.id(),
            unit: held.target.unit,
            is_own: held.is_own,
            floor_rule: path
                .as_ref()
                .and_then(|path| Some(path.at(last_read?.index)?.floor_rule)),
            baseline: standard.as_ref().and_then(|standard| standard.baseline),
            last: standard.as_ref().and_then(|standard| standard.last),
            stated: path
                .as_ref()
                .and_then(|path| path.stated_for(&assessment.reading.shown_period)),
        };
        (path, Some(line))
    }

    fn period_lines(
        &self,
        measure: &Entry<Measure>,
        ways: Ways,
        assessment: &Assessment,
        path: Option<&Path<'_>>,
    ) -> Vec<PeriodLine> {
        let value = &assessment.value;
        let line = |(position, read): (usize, &crate::value::ValuePeriod)| {
            let standard = path.and_then(|path| path.at(read.index));
            let inputs = value.inputs.get(position);
            let counted = match (inputs, read.counts) {
                (Some(inputs), _) => inputs.counted,
                (None, true) => Counted::Due,
                (None, false) => Counted::NotYet,
            };
            PeriodLine {
                period: self.calendar().period(measure.frequency, read.index),
                counted,
                value: inputs.and_then(|inputs| units_added_up(ways, inputs)),
                weight: read.weight,
                target: standard.map(|standard| standard.target),
                floor: standard.map(|standard| standard.floor),
                inputs: inputs.map_or_else(Vec::new, |inputs| {
                    inputs
                        .inputs
                        .iter()
                        .filter_map(|one| self.input_line(one))
                        .collect()
                }),
                missing: inputs.map_or_else(Vec::new, |inputs| {
                    inputs
                        .missing
                        .iter()
                        .map(|missing| MissingLine {
                            unit: missing.unit,
                            owed: missing.owed,
                        })
                        .collect()
                }),
                differing: inputs.map_or_else(Vec::new, |inputs| inputs.differing.clone()),
            }
        };
        value.periods.iter().enumerate().map(line).collect()
    }

    pub(crate) fn input_line(&self, input: &Input) -> Option<InputLine> {
        let recorded = self.view.observations.recorded(input.row)?;
        Some(InputLine {
            unit: input.unit,
            value: input.value,
            weight: input.weight,
            commit: recorded.commit,
            recorded_at: recorded.at,
            state: recorded.observation.state,
            note: recorded.observation.note.clone(),
        })
    }

    fn derived(&self, measure: &Entry<Measure>, unit: UnitId, reading: &MeasureReading) -> Derived {
        let calendar = self.calendar();
        let shown = &reading.shown_period;
        let frequency = measure.frequency;
        let read = |span: Period| self.value_in(measure, unit, &span).value;
        let year = calendar.containing(throughline_core::period::Frequency::Year, shown.middle());
        let periods_in_year = calendar.parts(&year, frequency).count().max(1) as i32;
        let comparison = self.comparison(measure, unit, shown);
        let (last_year, previous) = match comparison {
            Comparison::Whole => (
                Some(span::year_earlier(calendar, shown, frequency)),
                Some(span::earlier(calendar, shown, 1, frequency)),
            ),
            Comparison::SoFar(so_far) => (Some(so_far.last_year), Some(so_far.previous)),
            Comparison::None => (None, None),
        };
        let previous = previous.and_then(read);
        Derived {
            year_to_date: read(span::year_to_date(calendar, shown)),
            same_period_last_year: last_year.and_then(read),
            previous,
            change_on_previous: reading
                .value
                .zip(previous)
                .map(|(now, before)| if same(now, before) { 0.0 } else { now - before }),
            rolling_year: self
                .last_periods(measure, unit, shown, periods_in_year, frequency)
                .and_then(read),
            comparison,
        }
    }
}

fn units_added_up(ways: Ways, inputs: &PeriodInputs) -> Option<f64> {
    let weighed = inputs.inputs.iter().map(Input::weighed).collect();
    aggregate(
        Ways {
            over_time: OverTime::Last,
            ..ways
        },
        &[weighed],
    )
    .value
}
