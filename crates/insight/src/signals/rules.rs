//! The rules by which a point of an XmR chart signals (Wheeler 1993; Western Electric 1956).

use super::limits::NaturalLimits;
use crate::points::Present;

/// So many points in a row on one side of the centre signal.
pub const RUN_LENGTH: usize = 8;
/// Of so many points ...
const NEAR_OF: usize = 4;
/// ... so many nearer to a limit than to the centre signal.
const NEAR_COUNT: usize = 3;
/// What is nearer to a border than this part of its size is on it, so that rounding makes no signal.
const ROUNDING: f64 = 1e-9;

/// Why a point signals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// It lies outside the limits.
    Outside,
    /// It is the last of [`RUN_LENGTH`] points in a row on one side of the centre.
    Run,
    /// It and two of the three points before it are nearer to one limit than to the centre.
    NearLimit,
}

/// The side of the centre.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// Below the centre.
    Below,
    /// Above the centre.
    Above,
}

/// A point that signals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signal {
    /// Its place in the series, missing points counted.
    pub index: usize,
    /// The rule it meets.
    pub rule: Rule,
    /// The side on which it meets it.
    pub side: Side,
}

/// The signals of a segment, in order of the points.
pub(crate) fn signals(points: &[Present], limits: &NaturalLimits) -> Vec<Signal> {
    let mut found = Vec::new();
    for (at, point) in points.iter().enumerate() {
        let before = &points[..=at];
        let mut note = |rule, side| {
            let index = point.index;
            found.push(Signal { index, rule, side });
        };
        if let Some(side) = outside(point.value, limits) {
            note(Rule::Outside, side);
        }
        if !limits.runs_count() {
            continue;
        }
        if let Some(side) = run(before, limits) {
            note(Rule::Run, side);
        }
        if let Some(side) = near_limit(before, limits) {
            note(Rule::NearLimit, side);
        }
    }
    found
}

/// The places of points whose step from the point before is larger than routine.
pub(crate) fn large_steps<'a>(
    points: &'a [Present],
    limits: &'a NaturalLimits,
) -> impl Iterator<Item = usize> + 'a {
    points
        .windows(2)
        .filter(|pair| (pair[1].value - pair[0].value).abs() > beyond(limits.step_limit, limits))
        .map(|pair| pair[1].index)
}

/// The points at the end that are on the side of the last one.
pub(crate) fn run_at_end<'a>(points: &'a [Present], limits: &NaturalLimits) -> &'a [Present] {
    alike_at_end(points, |point| side(point.value, limits.centre, limits))
}

/// The points at the end that lie outside the limits where the last one does.
pub(crate) fn outside_at_end<'a>(points: &'a [Present], limits: &NaturalLimits) -> &'a [Present] {
    alike_at_end(points, |point| outside(point.value, limits))
}

/// The points at the end of which the same is true as of the last one, if that is on a side.
fn alike_at_end(points: &[Present], side: impl Fn(&Present) -> Option<Side>) -> &[Present] {
    let Some(last) = points.last().and_then(&side) else {
        return &[];
    };
    let length = points
        .iter()
        .rev()
        .take_while(|point| side(point) == Some(last))
        .count();
    &points[points.len() - length..]
}

/// What a number must exceed to lie above `border` by more than rounding.
fn beyond(border: f64, limits: &NaturalLimits) -> f64 {
    border + ROUNDING * limits.centre.abs().max(border.abs())
}

/// On which side of a border a value lies, if not on it.
fn side(value: f64, border: f64, limits: &NaturalLimits) -> Option<Side> {
    if value > beyond(border, limits) {
        Some(Side::Above)
    } else if -value > beyond(-border, limits) {
        Some(Side::Below)
    } else {
        None
    }
}

/// On which side of the limits a value lies, if outside of them.
pub(super) fn outside(value: f64, limits: &NaturalLimits) -> Option<Side> {
    match (
        side(value, limits.upper, limits),
        side(value, limits.lower, limits),
    ) {
        (Some(Side::Above), _) => Some(Side::Above),
        (_, Some(Side::Below)) => Some(Side::Below),
        _ => None,
    }
}

fn run(points: &[Present], limits: &NaturalLimits) -> Option<Side> {
    let recent = &points[points.len().checked_sub(RUN_LENGTH)?..];
    let first = side(recent[0].value, limits.centre, limits)?;
    recent
        .iter()
        .all(|point| side(point.value, limits.centre, limits) == Some(first))
        .then_some(first)
}

fn near_limit(points: &[Present], limits: &NaturalLimits) -> Option<Side> {
    let recent = &points[points.len().checked_sub(NEAR_OF)?..];
    let middle = (limits.upper - limits.centre) / 2.0;
    let near = |point: &Present, wanted: Side| {
        let border = match wanted {
            Side::Above => limits.centre + middle,
            Side::Below => limits.centre - middle,
        };
        side(point.value, border, limits) == Some(wanted)
    };
    let newest = recent.last()?;
    [Side::Above, Side::Below].into_iter().find(|wanted| {
        let count = recent.iter().filter(|point| near(point, *wanted)).count();
        near(newest, *wanted) && count >= NEAR_COUNT
    })
}
