//! The shape of `explain`: the reading, and all that it rests on, down to single observations.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::ExplainedReading;
use schemars::JsonSchema;
use serde::Serialize;
use throughline_core::{Period, UnitId};
use throughline_engine::{Comparison, Counted, FloorRule, InputLine, Owed};
use throughline_model::Kind;

use super::plan::CommitLine;
use super::scorecard::{EdgeValue, MeasureLine, measure};
use crate::words::names;
use crate::words::parts::Parts;

/// The answer of `explain`.
#[derive(Serialize, JsonSchema)]
pub struct Explained {
    unit: String,
    period: String,
    known_at: String,
    reading: MeasureLine,
    rule: Rule,
    covers: Option<Covers>,
    periods: Vec<PeriodPart>,
    parts: Vec<Part>,
    target: Option<Target>,
    bounds: Option<[Bound; 2]>,
    derived: Derived,
    commits: Vec<CommitLine>,
    /// Observations that are in the number and not in the lines, because the actor may not read them.
    left_out: usize,
}

#[derive(Serialize, JsonSchema)]
struct Rule {
    kind: String,
    formula: Option<String>,
    over_time: &'static str,
    over_units: &'static str,
    weighted: bool,
}

#[derive(Serialize, JsonSchema)]
struct PeriodPart {
    period: String,
    counts: bool,
    why: &'static str,
    value: Option<f64>,
    weight: f64,
    target: Option<EdgeValue>,
    floor: Option<EdgeValue>,
    inputs: Vec<Input>,
    missing: Vec<Missing>,
    differing: Vec<String>,
}

#[derive(Serialize, JsonSchema)]
struct Input {
    unit: String,
    period: String,
    value: f64,
    weight: Option<f64>,
    state: Option<&'static str>,
    note: Option<String>,
    commit: u64,
    recorded_at: String,
}

#[derive(Serialize, JsonSchema)]
struct Missing {
    unit: String,
    owed: &'static str,
}

#[derive(Serialize, JsonSchema)]
struct Part {
    measure: String,
    unit: String,
    period: String,
    first: String,
    last: String,
    value: Option<f64>,
    present: usize,
    owed: usize,
    matched: bool,
    inputs: Vec<Input>,
}

#[derive(Serialize, JsonSchema)]
struct Target {
    key: String,
    unit: String,
    is_own: bool,
    floor_rule: Option<&'static str>,
    baseline: Option<f64>,
    last: Option<f64>,
    stated: Option<f64>,
}

#[derive(Serialize, JsonSchema)]
struct Bound {
    value: f64,
    target: EdgeValue,
    floor: EdgeValue,
    status: String,
    score: f64,
}

impl From<throughline_engine::Bound> for Bound {
    fn from(bound: throughline_engine::Bound) -> Bound {
        Bound {
            value: bound.value,
            target: bound.target.into(),
            floor: bound.floor.into(),
            status: bound.status.to_string(),
            score: bound.score,
        }
    }
}

#[derive(Serialize, JsonSchema)]
struct Derived {
    year_to_date: Option<f64>,
    rolling_year: Option<f64>,
    same_period_last_year: Option<f64>,
    previous: Option<f64>,
    change_on_previous: Option<f64>,
    compared: &'static str,
    counts: Option<Days>,
    last_year: Option<Days>,
    previous_period: Option<Days>,
}

/// The measure's own periods in the one that is read, where their days are not its days: the weeks of a month.
#[derive(Serialize, JsonSchema)]
struct Covers {
    count: usize,
    first: String,
    last: String,
}

impl Covers {
    fn of(explained: &ExplainedReading) -> Option<Covers> {
        let (model, reading) = (&explained.selected.model, &explained.explanation.reading);
        let measure = model.measures().get(reading.measure)?;
        let parts = Parts::of(model.calendar(), measure.frequency, &reading.shown_period)?;
        Some(Covers {
            count: parts.count,
            first: parts.days.first.to_string(),
            last: parts.days.last.to_string(),
        })
    }
}

/// A part of a period that is not over, or of an earlier one.
#[derive(Serialize, JsonSchema)]
struct Days {
    first: String,
    last: String,
}

impl Days {
    fn of(period: &Period) -> Days {
        Days {
            first: period.first.to_string(),
            last: period.last.to_string(),
        }
    }
}

impl Explained {
    /// The answer, whole.
    pub fn of(explained: &ExplainedReading) -> Explained {
        Explained::stretch(explained, 0..usize::MAX).0
    }

    /// The answer with a stretch of its lines, and how many lines it has: observations, what is missing and what differs, period
    /// after period, then the parts of a formula with their observations. A part stands wherever one of its lines does, and
    /// everything else in each stretch.
    pub fn stretch(explained: &ExplainedReading, places: Range<usize>) -> (Explained, usize) {
        let mut lines = Lines { places, count: 0 };
        let model = &explained.selected.model;
        let explanation = &explained.explanation;
        let calendar = model.calendar();
        let unit = |unit: UnitId| names::key(model, (Kind::Unit, unit.as_uuid()));
        let input = |period: &Period, line: &InputLine| Input {
            unit: unit(line.unit),
            period: calendar.name(period),
            value: line.value,
            weight: line.weight,
            state: line.state.map(|state| state.word()),
            note: line.note.clone(),
            commit: line.commit.0,
            recorded_at: line.recorded_at.to_string(),
        };
        let periods = explanation.periods.iter();
        let periods: Vec<PeriodPart> = periods
            .map(|line| PeriodPart {
                period: calendar.name(&line.period),
                counts: line.counted != Counted::NotYet,
                why: match line.counted {
                    Counted::Due => "due",
                    Counted::Early => "complete before due",
                    Counted::NotYet => "not due and not complete",
                },
                value: line.value,
                weight: line.weight,
                target: line.target.map(EdgeValue::from),
                floor: line.floor.map(EdgeValue::from),
                inputs: lines
                    .of(&line.inputs)
                    .iter()
                    .map(|one| input(&line.period, one))
                    .collect(),
                missing: lines
                    .of(&line.missing)
                    .iter()
                    .map(|missing| Missing {
                        unit: unit(missing.unit),
                        owed: owed(missing.owed),
                    })
                    .collect(),
                differing: lines
                    .of(&line.differing)
                    .iter()
                    .copied()
                    .map(unit)
                    .collect(),
            })
            .collect();
        let parts = explanation.parts.iter().filter_map(|part| {
            let is_meant = !lines.of(std::slice::from_ref(part)).is_empty();
            let inputs = lines.of(&part.inputs);
            (is_meant || !inputs.is_empty()).then(|| Part {
                measure: names::key(model, (Kind::Measure, part.measure.as_uuid())),
                unit: unit(part.unit),
                period: calendar.name(&part.span),
                first: part.span.first.to_string(),
                last: part.span.last.to_string(),
                value: part.value,
                present: part.present,
                owed: part.owed,
                matched: part.matched,
                inputs: inputs
                    .iter()
                    .map(|(period, one)| input(period, one))
                    .collect(),
            })
        });
        let parts: Vec<Part> = parts.collect();
        let of_periods = periods.iter().flat_map(|period| &period.inputs);
        let of_parts = parts.iter().flat_map(|part| &part.inputs);
        let numbers: BTreeSet<u64> = of_periods.chain(of_parts).map(|one| one.commit).collect();
        let commits = explained.commits.values();
        let commits = commits.filter(|told| numbers.contains(&told.commit.number.0));
        let target = explanation.target.as_ref().map(|line| Target {
            key: names::key(model, (Kind::Target, line.target.as_uuid())),
            unit: unit(line.unit),
            is_own: line.is_own,
            floor_rule: line.floor_rule.map(floor_rule),
            baseline: line.baseline,
            last: line.last,
            stated: line.stated,
        });
        let answer = Explained {
            unit: explained.selected.unit_key(),
            period: explained.selected.period_name(),
            known_at: explained.selected.known_at.to_string(),
            reading: measure(&explanation.reading, model),
            rule: rule(explained),
            covers: Covers::of(explained),
            periods,
            parts,
            target,
            bounds: explanation.bounds.map(|bounds| bounds.map(Bound::from)),
            derived: derived(&explanation.derived),
            commits: commits
                .map(|told| CommitLine::of(&told.commit, told.author.clone()))
                .collect(),
            left_out: explained.hidden.observations,
        };
        (answer, lines.count)
    }
}

/// The lines of an answer, counted one after the other, of which those at some places are meant.
struct Lines {
    places: Range<usize>,
    count: usize,
}

impl Lines {
    /// Those of the next lines that are meant.
    fn of<'a, T>(&mut self, next: &'a [T]) -> &'a [T] {
        let before = self.count;
        self.count += next.len();
        let within = |place: usize| place.saturating_sub(before).min(next.len());
        let meant = within(self.places.start)..within(self.places.end);
        next.get(meant).unwrap_or_default()
    }
}

fn derived(derived: &throughline_engine::Derived) -> Derived {
    let so_far = match derived.comparison {
        Comparison::SoFar(so_far) => Some(so_far),
        Comparison::Whole | Comparison::None => None,
    };
    Derived {
        year_to_date: derived.year_to_date,
        rolling_year: derived.rolling_year,
        same_period_last_year: derived.same_period_last_year,
        previous: derived.previous,
        change_on_previous: derived.change_on_previous,
        compared: match derived.comparison {
            Comparison::Whole => "whole",
            Comparison::SoFar(_) => "so far",
            Comparison::None => "not comparable",
        },
        counts: so_far.map(|so_far| Days::of(&so_far.counts)),
        last_year: so_far.map(|so_far| Days::of(&so_far.last_year)),
        previous_period: so_far.map(|so_far| Days::of(&so_far.previous)),
    }
}

fn rule(explained: &ExplainedReading) -> Rule {
    let model = &explained.selected.model;
    let explanation = &explained.explanation;
    let measure = model.measures().get(explanation.reading.measure);
    Rule {
        kind: measure
            .map(|measure| measure.kind.to_string())
            .unwrap_or_default(),
        formula: measure.and_then(|measure| names::formula(model, measure)),
        over_time: explanation.over_time.word(),
        over_units: explanation.over_units.word(),
        weighted: explanation.weighted,
    }
}

fn owed(owed: Owed) -> &'static str {
    match owed {
        Owed::Listed => "listed",
        Owed::ReportedBefore => "reported before",
        Owed::NobodyElse => "nobody else",
    }
}

fn floor_rule(rule: FloorRule) -> &'static str {
    match rule {
        FloorRule::Stated => "stated",
        FloorRule::FromBaseline => "from baseline",
        FloorRule::OfAShare => "of a share",
        FloorRule::TenPercent => "ten percent",
        FloorRule::HalfTheRange => "half the range",
    }
}
