//! Whether a value that was typed is probably a slip: a percentage beyond 100 % where none ever was, or a value that is a
//! power of ten away from all others.

use throughline_engine::{Edge, View};
use throughline_model::observation::Cell;
use throughline_model::records::{Measure, MeasureKind};

use super::says::before_and_at;

/// How many other values there must be before one is held against them.
const OTHERS_MIN: usize = 6;
/// How many of the latest values a value is held against.
const OTHERS_MAX: usize = 60;
/// How many times all others a value is at least that is asked about; below, it may well be a change.
const TIMES_MIN: f64 = 3.0;
/// How much further than the others what is meant may lie.
const ROOM: f64 = 1.5;
/// By what a value is divided by a slip: a point that was left out, or put one or two places too far.
const FACTORS: [f64; 6] = [10.0, 100.0, 1000.0, 0.1, 0.01, 0.001];

/// A value that is probably a slip.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Slip {
    /// The value that was typed.
    pub value: f64,
    /// What was probably meant.
    pub meant: Option<f64>,
    /// Why it is probably a slip.
    pub why: SlipReason,
}

/// Why a value is probably a slip.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SlipReason {
    /// It is above 100 %, as nothing before was.
    BeyondAll,
    /// It is far above all others.
    FarAbove,
    /// It is far below all others.
    FarBelow,
}

/// Whether a value of a cell is probably a slip, told by what is known besides in `view`.
pub(super) fn slip(view: &View, measure: &Measure, cell: Cell, value: f64) -> Option<Slip> {
    if measure.kind == MeasureKind::YesNo || value == 0.0 {
        return None;
    }
    let others = others(view, cell);
    let why = reason(view, measure, cell, value, &others)?;
    let meant = FACTORS.iter().map(|factor| in_digits(value / factor));
    let fits = |meant: &f64| {
        let in_range = why != SlipReason::BeyondAll || *meant <= 1.0;
        in_range && (others.len() < OTHERS_MIN || is_among(*meant, &others))
    };
    Some(Slip {
        value,
        meant: meant.clone().find(fits),
        why,
    })
}

fn reason(
    view: &View,
    measure: &Measure,
    cell: Cell,
    value: f64,
    others: &[f64],
) -> Option<SlipReason> {
    if measure.is_shown_as_percent() && value > 1.0 && !may_pass_one(view, cell) {
        return Some(SlipReason::BeyondAll);
    }
    if others.len() < OTHERS_MIN || !(FACTORS.iter()).any(|by| is_among(value / by, others)) {
        return None;
    }
    let (least, greatest) = ends(others);
    let size = value.abs();
    match (size > greatest * TIMES_MIN, size * TIMES_MIN < least) {
        (true, _) => Some(SlipReason::FarAbove),
        (_, true) => Some(SlipReason::FarBelow),
        _ => None,
    }
}

/// Whether a percentage above 100 % is nothing new: one was recorded at any unit, or is aimed at.
fn may_pass_one(view: &View, cell: Cell) -> bool {
    let trend = before_and_at(view, cell);
    let target = (trend.readings.last()).and_then(|(_, reading)| reading.target);
    let is_aimed_at = target.is_some_and(|target| match target {
        Edge::Number(number) => number > 1.0,
        Edge::Range(_, high) => high > 1.0,
    });
    let of_measure = view.observations.of_measure(cell.measure);
    let mut all = of_measure.into_iter().flatten().flat_map(|(unit, series)| {
        let points = series.points().iter();
        points.filter(move |point| *unit != cell.unit || point.period != cell.period)
    });
    is_aimed_at || all.any(|point| point.value.is_some_and(|value| value > 1.0))
}

/// The sizes of the other values of a cell's measure at its unit, the latest of them; nothing is a power of ten away from 0.
fn others(view: &View, cell: Cell) -> Vec<f64> {
    let series = view.observations.series(cell.measure, cell.unit);
    let points = series.map_or(&[][..], |series| series.points());
    let others = points.iter().rev();
    let others = others.filter(|point| point.period != cell.period);
    let sizes = others.filter_map(|point| point.value.map(f64::abs));
    sizes.filter(|size| *size > 0.0).take(OTHERS_MAX).collect()
}

fn ends(others: &[f64]) -> (f64, f64) {
    let least = others.iter().copied().fold(f64::INFINITY, f64::min);
    (least, others.iter().copied().fold(0.0, f64::max))
}

fn is_among(value: f64, others: &[f64]) -> bool {
    let (least, greatest) = ends(others);
    (least / ROOM..=greatest * ROOM).contains(&value.abs())
}

/// A value without what its division added beyond the digits that people type.
fn in_digits(value: f64) -> f64 {
    format!("{value:.12e}").parse().unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_meant_has_the_digits_that_were_typed() {
        assert_eq!(in_digits(1.81 / 10.0), 0.181);
        assert_eq!(in_digits(0.3 / 0.1), 3.0);
        assert_eq!(in_digits(8.13 / 100.0), 0.0813);
    }
}
