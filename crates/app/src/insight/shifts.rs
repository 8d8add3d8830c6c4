//! When the level of a trend shifted: what is found in its points, and is more than noise.

use throughline_insight::Better;
use throughline_insight::changes::{Shift, shifts};
use throughline_insight::signals::{self, POINTS_MIN};

/// A level differs from the one before by so many times the spread within levels; less is found too often in series that have
/// no shifts.
const SHIFT_LEAST: f64 = 2.0;

/// When the level shifted. Where one point still carries the next along once the shifts are taken off, the level moves all
/// the time, and no day is one of a shift; and a level that does not last, or hardly differs from the one before, is noise.
pub(super) fn shifts_of(level: &[Option<f64>]) -> Vec<Shift> {
    let found = shifts(level).unwrap_or_default();
    let rest = level.iter().enumerate().map(|(at, value)| {
        let before = found.iter().rev().find(|shift| shift.index <= at);
        let mean = before.map(|shift| shift.after);
        let mean = mean.or(found.first().map(|shift| shift.before));
        Some((*value)? - mean.unwrap_or(0.0))
    });
    let rest: Vec<Option<f64>> = rest.collect();
    let stays = signals::read(&rest, Better::Higher, &[])
        .is_ok_and(|reading| reading.current().limits.runs_count());
    let (sum, count) = rest.iter().flatten().fold((0.0, 0.0), |(sum, count), one| {
        (sum + one * one, count + 1.0)
    });
    let spread = (sum / f64::max(count - found.len() as f64 - 1.0, 1.0)).sqrt();
    let differ = found
        .iter()
        .all(|shift| (shift.after - shift.before).abs() >= SHIFT_LEAST * spread);
    if stays && differ && levels_last(level, &found) {
        found
    } else {
        Vec::new()
    }
}

/// Whether each level between shifts has points enough.
fn levels_last(level: &[Option<f64>], shifts: &[Shift]) -> bool {
    let starts = std::iter::once(0).chain(shifts.iter().map(|shift| shift.index));
    let ends = shifts.iter().map(|shift| shift.index);
    let ends = ends.chain(std::iter::once(level.len()));
    let points = |(start, end): (usize, usize)| level[start..end].iter().flatten().count();
    starts.zip(ends).all(|span| points(span) >= POINTS_MIN)
}
