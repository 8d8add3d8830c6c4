//! The wild cluster bootstrap, enumerated: with few units, how often does chance alone give a slope as far from none?
//!
//! Each unit's residuals under "no effect" keep or change their signs as a whole (Cameron, Gelbach and Miller 2008); with up to
//! [`UNITS_MAX`] units all combinations are tried, so nothing is left to chance. Unit and period effects are taken off once,
//! before signs are changed, as the reference does.

use super::slope::Slope;
use crate::linear::dot;

/// More units have too many combinations, and no need of this.
pub(crate) const UNITS_MAX: usize = 12;
/// What is nearer than this part is a tie.
const TIE: f64 = 1e-10;

/// The share of combinations whose t is as large as the one found, or `None` with more than [`UNITS_MAX`] units.
pub(crate) fn probability(slope: &Slope) -> Option<f64> {
    let units = slope.rows.units;
    if !(2..=UNITS_MAX).contains(&units) {
        return None;
    }
    let (slopes, scores) = parts(slope);
    let squares = slope.squares();
    let t = |signs: u32| {
        let sign = |unit: usize| if signs >> unit & 1 == 1 { -1.0 } else { 1.0 };
        let moved: f64 = (0..units).map(|unit| sign(unit) * slopes[unit]).sum();
        let meat: f64 = (0..units)
            .map(|unit| {
                let of_unit: f64 = (0..units).map(|from| sign(from) * scores[from][unit]).sum();
                of_unit * of_unit
            })
            .sum();
        moved.abs() * squares / meat.sqrt()
    };
    let found = slope.slope.abs() / slope.error_by_unit();
    // Turning all signs changes no t, so half of the combinations tell all.
    let combinations = 1_u32 << (units - 1);
    let as_far = (0..combinations)
        .filter(|signs| t(*signs) >= found * (1.0 - TIE))
        .count();
    Some(as_far as f64 / f64::from(combinations))
}

/// What each unit's residuals under "no effect" add to the slope, and to the score of each unit; both are linear in the signs.
fn parts(slope: &Slope) -> (Vec<f64>, Vec<Vec<f64>>) {
    let restricted: Vec<f64> = slope
        .residuals
        .iter()
        .zip(&slope.driver)
        .map(|(residual, driver)| residual + slope.slope * driver)
        .collect();
    let mut slopes = Vec::with_capacity(slope.rows.units);
    let mut scores = Vec::with_capacity(slope.rows.units);
    for from in 0..slope.rows.units {
        let mut column: Vec<f64> = restricted
            .iter()
            .zip(&slope.rows.unit)
            .map(|(residual, unit)| if *unit == from { *residual } else { 0.0 })
            .collect();
        slopes.push(dot(&slope.driver, &column) / slope.squares());
        slope.residuals_of(&mut column);
        let of_rows: Vec<f64> = column
            .iter()
            .zip(&slope.driver)
            .map(|(residual, driver)| residual * driver)
            .collect();
        scores.push(slope.rows.sum_by_unit(&of_rows));
    }
    (slopes, scores)
}
