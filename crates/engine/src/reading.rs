//! The reading of a measure: value, target, status, score, and what there is to say about them (SEMANTICS 5).

use std::fmt;
use std::sync::Arc;

use throughline_core::id::{MeasureId, UnitId};
use throughline_core::period::Period;
use throughline_model::Entry;
use throughline_model::records::{Better, Measure};

use crate::compare::{below, sum, weighted_mean};
use crate::evaluator::Evaluator;
use crate::judgement::{Judgement, Status, gap, judge, leaves_no_room};
use crate::target::{Held, Path, Standard};
use crate::value::{Value, ValuePeriod, is_formula};

/// A formula that is less complete than this has no status.
const FORMULA_COMPLETENESS: f64 = 0.8;

/// A target or floor: a number, or the edges of a range for `between`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Edge {
    /// A number.
    Number(f64),
    /// The lower and the upper edge.
    Range(f64, f64),
}

impl Edge {
    fn parts(self) -> [f64; 2] {
        match self {
            Edge::Number(number) => [number, number],
            Edge::Range(low, high) => [low, high],
        }
    }

    /// Puts together edges of one form, part by part.
    fn together(edges: &[Edge], combine: impl Fn(&[f64]) -> f64) -> Edge {
        let part = |which: usize| {
            combine(
                &edges
                    .iter()
                    .map(|edge| edge.parts()[which])
                    .collect::<Vec<_>>(),
            )
        };
        match edges.first() {
            Some(Edge::Range(..)) => Edge::Range(part(0), part(1)),
            _ => Edge::Number(part(0)),
        }
    }

    pub(crate) fn sum(edges: impl Iterator<Item = Edge>) -> Edge {
        Edge::together(&edges.collect::<Vec<_>>(), |numbers| {
            sum(numbers.iter().copied())
        })
    }

    pub(crate) fn mean(weighed: impl Iterator<Item = (Edge, f64)>) -> Option<Edge> {
        let (edges, weights): (Vec<Edge>, Vec<f64>) = weighed.unzip();
        if edges.is_empty() || sum(weights.iter().copied()) <= 0.0 {
            return None;
        }
        let mean = |numbers: &[f64]| {
            weighted_mean(numbers.iter().copied().zip(weights.iter().copied())).unwrap_or(f64::NAN)
        };
        Some(Edge::together(&edges, mean))
    }

    pub(crate) fn shifted(self, by: f64) -> Edge {
        match self {
            Edge::Number(number) => Edge::Number(number + by),
            Edge::Range(low, high) => Edge::Range(low + by, high + by),
        }
    }
}

/// Something that is to be said beside a reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReadingFinding {
    /// It was added up over inputs that are not all there.
    Partial,
    /// Some input had no weight, so all count the same.
    NoWeights,
    /// A unit's own value differs from the aggregate of those below.
    DiffersFromChildren,
    /// A formula divided by zero.
    DivisionByZero,
    /// Nothing lies between on track and off track.
    NoFloor,
    /// It rests on too little weight to be judged.
    TooFew,
    /// The season is not known yet; the plain path is used.
    SeasonUnknown,
    /// A running period is compared with as much of an earlier one.
    SoFar,
    /// What counts of a running period is no part that an earlier one has, too, so they are not compared.
    NotComparable,
    /// `prev` reads a whole period beside a running one.
    BesideWhole,
    /// Something was observed of a unit outside its dates of validity; it takes no part.
    OutsideDates,
    /// The measure is not read at the unit: neither that nor one below it reports it.
    NotReadHere,
    /// Formulas or units stand in each other deeper than is read.
    TooDeep,
}

impl ReadingFinding {
    /// The words that are shown.
    pub fn word(self) -> &'static str {
        match self {
            ReadingFinding::Partial => "partial",
            ReadingFinding::NoWeights => "no weights",
            ReadingFinding::DiffersFromChildren => "differs from children",
            ReadingFinding::DivisionByZero => "division by zero",
            ReadingFinding::NoFloor => "no floor",
            ReadingFinding::TooFew => "too few",
            ReadingFinding::SeasonUnknown => "season unknown",
            ReadingFinding::SoFar => "so far",
            ReadingFinding::NotComparable => "not comparable",
            ReadingFinding::BesideWhole => "beside a whole period",
            ReadingFinding::OutsideDates => "outside dates",
            ReadingFinding::NotReadHere => "not read here",
            ReadingFinding::TooDeep => "too deep",
        }
    }
}

impl fmt::Display for ReadingFinding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.word())
    }
}

/// A measure, read at a unit in a period.
#[derive(Clone, Debug, PartialEq)]
pub struct MeasureReading {
    /// The measure.
    pub measure: MeasureId,
    /// Its value, in its own unit.
    pub value: Option<f64>,
    /// Inputs present of inputs owed, 0 to 1; `None` where nothing is owed.
    pub completeness: Option<f64>,
    /// What it should be.
    pub target: Option<Edge>,
    /// Worse than this is off track.
    pub floor: Option<Edge>,
    /// Value less target, positive where favourable.
    pub gap: Option<f64>,
    /// The word for it.
    pub status: Status,
    /// 0 to 100; 100 at the target, 60 at the floor.
    pub score: Option<f64>,
    /// The way from the baseline to the final target, as a share of it; not capped.
    pub progress: Option<f64>,
    /// The way from the baseline to the target of the period, as a share of it.
    pub pace: Option<f64>,
    /// The value with what is missing at its least and at its greatest.
    pub bounds: Option<(f64, f64)>,
    /// The period that is shown.
    pub shown_period: Period,
    /// Whether something that is due has not come.
    pub late: bool,
    /// Whether the period has ended and all of it counts, so that nothing that is to come in time changes the value.
    pub is_over: bool,
    /// What there is to say.
    pub findings: Vec<ReadingFinding>,
}

/// A reading that is not complete, with what is missing at its least or at its greatest.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bound {
    /// The value that it would have.
    pub value: f64,
    /// What it should be then: a full reading weighs its periods otherwise.
    pub target: Edge,
    /// Worse than this is off track.
    pub floor: Edge,
    /// The word for it.
    pub status: Status,
    /// 0 to 100.
    pub score: f64,
}

/// A path of a target with whether its season is unknown, and whether the target is the unit's own.
type HeldPath<'a> = ((Path<'a>, bool), bool);

/// A reading with all that it rests on.
pub(crate) struct Assessment {
    pub(crate) reading: MeasureReading,
    pub(crate) value: Value,
    pub(crate) held: Option<Held>,
}

/// Whether a value rests on too little weight to be judged.
pub(crate) fn is_too_few(measure: &Measure, value: &Value) -> bool {
    let weight = value.total_weight.filter(|_| value.value.is_some());
    weight.is_some_and(|weight| below(weight, measure.least_weight()))
}

/// Whether a formula lacks too many of its inputs to be judged.
pub(crate) fn is_too_incomplete(measure: &Measure, value: &Value) -> bool {
    let completeness = value.completeness();
    is_formula(measure) && completeness.is_some_and(|share| below(share, FORMULA_COMPLETENESS))
}

impl<'v> Evaluator<'v> {
    /// The reading of a measure, made once.
    pub(crate) fn reading(
        &self,
        measure: &Entry<Measure>,
        unit: UnitId,
        period: &Period,
    ) -> Arc<MeasureReading> {
        let key = (measure.id(), unit, *period, period.frequency);
        self.remembered(key, || self.assess(measure, unit, period).reading)
    }

    /// Reads a measure, with all that the reading rests on. Where it is not read there is nothing but that to say.
    pub(crate) fn assess(
        &self,
        measure: &Entry<Measure>,
        unit: UnitId,
        period: &Period,
    ) -> Assessment {
        if !self.is_read_at(measure, unit, period) {
            let value = Value::finding(ReadingFinding::NotReadHere);
            return Assessment {
                reading: self.judged(measure, unit, *period, &value, None),
                value,
                held: None,
            };
        }
        let indexes = self.indexes(measure, unit, period);
        let shown_period = self.shown(measure, period, &indexes);
        let value = self.value(measure, unit, indexes, &shown_period);
        let held = self.held(measure, unit, &shown_period);
        let reading = self.judged(measure, unit, shown_period, &value, held.as_ref());
        Assessment {
            reading,
            value,
            held,
        }
    }

    /// The path of a target, with its season; the flag says that the season is not known.
    pub(crate) fn path<'a>(
        &'a self,
        measure: &'a Entry<Measure>,
        unit: UnitId,
        held: &'a Held,
        periods: &[ValuePeriod],
    ) -> Option<(Path<'a>, bool)> {
        let first = periods.first()?.index;
        let season = if held.target.seasonal {
            self.season(measure, unit, first)
        } else {
            None
        };
        let unknown = held.target.seasonal && season.is_none();
        Some((
            Path::new(measure, &held.target, self.calendar(), season)?,
            unknown,
        ))
    }

    fn held_path<'a>(
        &'a self,
        measure: &'a Entry<Measure>,
        unit: UnitId,
        held: &'a Held,
        value: &Value,
    ) -> Option<HeldPath<'a>> {
        Some((self.path(measure, unit, held, &value.periods)?, held.is_own))
    }

    /// The two readings that an incomplete one could become, if it has bounds and a target.
    pub(crate) fn bounds_of(
        &self,
        measure: &Entry<Measure>,
        unit: UnitId,
        assessment: &Assessment,
    ) -> Option<[Bound; 2]> {
        let value = &assessment.value;
        let path = self.held_path(measure, unit, assessment.held.as_ref()?, value)?;
        let better = measure.better.unwrap_or(Better::Higher);
        let bound = |side: usize| Some(full(better, value, &path, side)?.0);
        Some([bound(0)?, bound(1)?])
    }

    /// Whether values of a period are asked for: from the strategy's first year on. What is missing in the history before
    /// it is incomplete, and not late.
    pub(crate) fn is_asked_for(&self, period: &Period) -> bool {
        let strategy = self.plan.strategy();
        strategy.is_none_or(|strategy| strategy.has_begun(period))
    }

    fn judged(
        &self,
        measure: &Entry<Measure>,
        unit: UnitId,
        shown_period: Period,
        value: &Value,
        held: Option<&Held>,
    ) -> MeasureReading {
        let mut findings = value.findings.clone();
        let path = held.and_then(|held| self.held_path(measure, unit, held, value));
        let standard = path
            .as_ref()
            .and_then(|((path, _), is_own)| path.over(&value.periods, *is_own));
        if standard.is_some() && path.as_ref().is_some_and(|((_, unknown), _)| *unknown) {
            findings.insert(ReadingFinding::SeasonUnknown);
        }
        let better = measure.better.unwrap_or(Better::Higher);
        if let Some(standard) = &standard
            && leaves_no_room(better, standard.target, standard.floor)
        {
            findings.insert(ReadingFinding::NoFloor);
        }
        let standard = standard.map(|standard| with_room(better, standard));
        let too_few = is_too_few(measure, value);
        if too_few {
            findings.insert(ReadingFinding::TooFew);
        }
        let completeness = value.completeness();
        let too_incomplete = is_too_incomplete(measure, value);
        let full = |side: usize| Some(full(better, value, path.as_ref()?, side)?.1);
        let (status, score) =
            if value.value.is_none() || completeness.is_none() || too_few || too_incomplete {
                (Status::NoData, None)
            } else {
                match (&standard, value.value) {
                    (Some(standard), Some(number))
                        if is_formula(measure) || value.present == value.owed =>
                    {
                        let judgement = judge(better, number, standard.target, standard.floor);
                        (judgement.status, Some(judgement.score))
                    }
                    (Some(_), _) => judged_alike(full(0), full(1)),
                    (None, _) => (Status::NoTarget, None),
                }
            };
        let judged = standard
            .as_ref()
            .zip(value.value)
            .filter(|_| !too_few && !too_incomplete);
        let along = |to: fn(&Standard) -> Option<f64>| {
            let (standard, number) = judged?;
            let way = to(standard)? - standard.baseline?;
            let share = (number - standard.baseline?) / way;
            (!crate::compare::same(way, 0.0))
                .then_some(share)
                .filter(|share| share.is_finite())
        };
        MeasureReading {
            measure: measure.id(),
            value: value.value,
            completeness,
            target: standard.as_ref().map(|standard| standard.target),
            floor: standard.as_ref().map(|standard| standard.floor),
            gap: judged.map(|(standard, number)| gap(better, number, standard.target)),
            status,
            score,
            progress: along(|standard| standard.last),
            pace: along(|standard| match standard.target {
                Edge::Number(target) => Some(target),
                Edge::Range(..) => None,
            }),
            bounds: value
                .bounds
                .as_ref()
                .map(|[low, high]| (low.value, high.value)),
            shown_period,
            // A formula is in one period: its measures may be in any.
            late: match measure.formula {
                Some(_) => value.present < value.owed && self.is_asked_for(&shown_period),
                None => value.lacks_asked_for,
            },
            is_over: self.is_over(measure, unit, &shown_period),
            findings: findings.into_iter().collect(),
        }
    }
}

/// Where a path leaves no room, the floor is the target; of a range at that edge only.
fn with_room(better: Better, mut standard: Standard) -> Standard {
    standard.floor = match (standard.target, standard.floor) {
        (Edge::Range(low, high), Edge::Range(floor_low, floor_high)) => {
            Edge::Range(floor_low.min(low), floor_high.max(high))
        }
        (target, floor) if leaves_no_room(better, target, floor) => target,
        (_, floor) => floor,
    };
    standard
}

/// The reading with what is missing at its least (side 0) or at its greatest (side 1), under the target of such a reading.
fn full(
    better: Better,
    value: &Value,
    ((path, _), is_own): &HeldPath<'_>,
    side: usize,
) -> Option<(Bound, Judgement)> {
    let full = &value.bounds.as_ref()?[side];
    let Standard { target, floor, .. } = with_room(better, path.over(&full.periods, *is_own)?);
    let judgement = judge(better, full.value, target, floor);
    let reading = Bound {
        value: full.value,
        target,
        floor,
        status: judgement.status,
        score: judgement.score,
    };
    Some((reading, judgement))
}

/// What two full readings say together: their status where they agree, with the score of the worse.
fn judged_alike(low: Option<Judgement>, high: Option<Judgement>) -> (Status, Option<f64>) {
    match (low, high) {
        (Some(low), Some(high)) if low.status == high.status && low.side == high.side => {
            (low.status, Some(low.score.min(high.score)))
        }
        _ => (Status::NoData, None),
    }
}
