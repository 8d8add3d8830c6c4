//! What a reading of one measure is made of: the inputs that are there, those that are owed and missing, and the
//! periods that count (SEMANTICS 1 and 2).

use std::rc::Rc;

use throughline_core::id::UnitId;
use throughline_core::period::Period;
use throughline_model::depth::UNIT_DEPTH_MAX;

use crate::aggregate::{Ways, Weighed, aggregate};
use crate::compare::same;
use crate::observations::Point;
use crate::reporters::Reporters;

/// An input that is there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Input {
    /// The unit that it was observed at.
    pub unit: UnitId,
    /// Its value.
    pub value: f64,
    /// Its weight, where it has one.
    pub weight: Option<f64>,
    /// Which of the recorded observations it is.
    pub row: usize,
}

impl Input {
    pub(crate) fn weighed(&self) -> Weighed {
        (self.value, self.weight)
    }
}

/// Why an input is owed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Owed {
    /// The measure lists the unit.
    Listed,
    /// The unit reported it before.
    ReportedBefore,
    /// Nobody at or below the unit that is read ever reported it.
    NobodyElse,
}

/// An input that is owed and not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Missing {
    /// The unit that owes it.
    pub unit: UnitId,
    /// Why.
    pub owed: Owed,
}

/// Whether a period counts in a reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted {
    /// It is due.
    Due,
    /// It is not due yet, and all that is owed is there.
    Early,
    /// It is not due yet, and something is still to come.
    NotYet,
}

/// What there is of one measure in one period, at one unit and below.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PeriodInputs {
    /// The period.
    pub period: Period,
    /// Whether it counts.
    pub counted: Counted,
    /// The inputs that are there, in the order of the plan.
    pub inputs: Vec<Input>,
    /// The inputs that are owed and not there.
    pub missing: Vec<Missing>,
    /// Units whose own value differs from that of those below.
    pub differing: Vec<UnitId>,
    /// Whether somebody said that there is none.
    pub none_stated: bool,
    /// Whether something was observed of a unit outside its dates of validity, which takes no part.
    pub outside_dates: bool,
    /// Whether units stand below that are nested deeper than is read; a check refuses such.
    pub is_cut_off: bool,
}

impl PeriodInputs {
    fn empty(period: Period) -> PeriodInputs {
        PeriodInputs {
            period,
            counted: Counted::NotYet,
            inputs: Vec::new(),
            missing: Vec::new(),
            differing: Vec::new(),
            none_stated: false,
            outside_dates: false,
            is_cut_off: false,
        }
    }

    /// Whether the period counts.
    pub(crate) fn counts(&self) -> bool {
        self.counted != Counted::NotYet
    }

    /// Whether all that is owed is there, and something is.
    pub(crate) fn is_whole(&self) -> bool {
        self.missing.is_empty() && (!self.inputs.is_empty() || self.none_stated)
    }

    /// Whether all that is said is that there is none.
    pub(crate) fn states_none(&self) -> bool {
        self.inputs.is_empty() && self.missing.is_empty() && self.none_stated
    }

    /// Whether the unit owes an input itself and has not reported it.
    pub(crate) fn is_missing_at(&self, unit: UnitId) -> bool {
        self.missing.iter().any(|missing| missing.unit == unit)
    }
}

/// The value that a point holds for a measure of these ways: none where there is none, or where it weighs nothing.
pub(crate) fn value_of(point: &Point, ways: Ways) -> Option<f64> {
    point
        .value
        .filter(|_| !(ways.weighted && point.weight == Some(0.0)))
}

/// Gathers what there is of a measure in a period at a unit and below.
pub(crate) fn gather(
    reporters: &Reporters<'_>,
    ways: Ways,
    unit: UnitId,
    period: Period,
    depth: usize,
) -> PeriodInputs {
    let mut found = PeriodInputs::empty(period);
    gather_below(reporters, ways, unit, depth, &mut found);
    found
}

fn gather_below(
    reporters: &Reporters<'_>,
    ways: Ways,
    unit: UnitId,
    depth: usize,
    found: &mut PeriodInputs,
) {
    if depth > UNIT_DEPTH_MAX {
        found.is_cut_off = true;
        return;
    }
    let own = reporters.point(unit, &found.period);
    found.outside_dates |= reporters.is_outside_dates(unit, &found.period);
    let children = if ways.adds_over_units() {
        reporters.children(unit, &found.period)
    } else {
        Rc::default()
    };
    if let Some((point, value)) =
        own.and_then(|point| value_of(point, ways).map(|value| (point, value)))
    {
        found.inputs.push(Input {
            unit,
            value,
            weight: point.weight,
            row: point.row,
        });
        if differs_from_below(reporters, ways, value, &children, found.period, depth) {
            found.differing.push(unit);
        }
        return;
    }
    let before = (found.inputs.len(), found.missing.len());
    for child in children.iter() {
        gather_below(reporters, ways, *child, depth + 1, found);
    }
    found.none_stated |= own.is_some();
    let nothing_below = before == (found.inputs.len(), found.missing.len());
    if nothing_below && own.is_none() && reporters.owes(unit, &found.period) {
        let owed = if reporters.is_listed(unit) {
            Owed::Listed
        } else {
            Owed::ReportedBefore
        };
        found.missing.push(Missing { unit, owed });
    }
}

/// Whether the value of a unit differs from the aggregate of its children, where all of them are there.
fn differs_from_below(
    reporters: &Reporters<'_>,
    ways: Ways,
    value: f64,
    children: &[UnitId],
    period: Period,
    depth: usize,
) -> bool {
    if children.is_empty() {
        return false;
    }
    let mut below = PeriodInputs::empty(period);
    for child in children {
        gather_below(reporters, ways, *child, depth + 1, &mut below);
    }
    let inputs: Vec<Weighed> = below.inputs.iter().map(Input::weighed).collect();
    let aggregated = aggregate(ways, &[inputs]).value;
    below.missing.is_empty() && aggregated.is_some_and(|aggregated| !same(aggregated, value))
}
