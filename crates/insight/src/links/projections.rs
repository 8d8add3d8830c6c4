//! When does it bite: what a change of the driver now is followed by, period for period (local projections, Jorda 2005), and
//! what all lags bring together.

use super::NoEvidence;
use super::estimate::{CONTROLS_MAX, LinkData};
use super::panel::{Column, Panel, check};
use super::slope::Slope;
use crate::distribution::t_quantile;

/// The longest horizon, in periods.
pub const HORIZON_MAX: usize = 60;

/// What follows so many periods after the driver changed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Projection {
    /// How many periods later.
    pub horizon: usize,
    /// How many pairs there are.
    pub rows: usize,
    /// The effect of one more of the driver, in units of the outcome.
    pub plain_effect: f64,
    /// Its standard error.
    pub plain_error: f64,
    /// The degrees of freedom of the error.
    pub freedom: f64,
}

impl Projection {
    /// The 95 % interval of the effect, in units of the outcome.
    pub fn interval(&self) -> (f64, f64) {
        let reach = t_quantile(0.975, self.freedom) * self.plain_error;
        (self.plain_effect - reach, self.plain_effect + reach)
    }
}

/// What follows a change of the driver, now and up to `horizon` periods later. Driver and outcome of the period before are held
/// fixed, so that what the driver does now is news. Ends where data end.
pub fn projections(data: &LinkData<'_>, horizon: usize) -> Result<Vec<Projection>, NoEvidence> {
    check_data(data, horizon)?;
    let mut found = Vec::with_capacity(horizon + 1);
    for horizon in 0..=horizon {
        let one = one(data, horizon);
        match one {
            Ok(one) => found.push(one),
            Err(why) if found.is_empty() => return Err(why),
            Err(_) => break,
        }
    }
    Ok(found)
}

fn one(data: &LinkData<'_>, horizon: usize) -> Result<Projection, NoEvidence> {
    let slope = projection(data.driver, data.outcome, data.controls, horizon)?;
    Ok(Projection {
        horizon,
        rows: slope.rows.len(),
        plain_effect: slope.slope,
        plain_error: slope.error_with(horizon + 1)?,
        freedom: slope.freedom(),
    })
}

/// The slope of the outcome `horizon` periods ahead on the driver.
pub(super) fn projection(
    driver: Panel<'_>,
    outcome: Panel<'_>,
    controls: &[Panel<'_>],
    horizon: usize,
) -> Result<Slope, NoEvidence> {
    let of = |panel, lag| Column { panel, lag };
    let columns: Vec<Column<'_>> = [
        of(outcome, -(horizon as isize)),
        of(driver, 0),
        of(driver, 1),
        of(outcome, 1),
    ]
    .into_iter()
    .chain(controls.iter().map(|control| of(control, 0)))
    .collect();
    Slope::of(&columns, None)
}

/// What the driver brings over the lags from 0 to `lags` together, for one more that stays.
pub fn cumulative(data: &LinkData<'_>, lags: usize) -> Result<Projection, NoEvidence> {
    check_data(data, lags)?;
    let slope = cumulative_slope(data.driver, data.outcome, data.controls, lags)?;
    Ok(Projection {
        horizon: lags,
        rows: slope.rows.len(),
        plain_effect: slope.slope,
        plain_error: slope.error()?,
        freedom: slope.freedom(),
    })
}

/// The sum of the slopes on all lags. On the last lag and the steps between lags, the slope on the last lag is that sum.
pub(super) fn cumulative_slope(
    driver: Panel<'_>,
    outcome: Panel<'_>,
    controls: &[Panel<'_>],
    lags: usize,
) -> Result<Slope, NoEvidence> {
    let step = |values: &Vec<Option<f64>>| -> Vec<Option<f64>> {
        let steps = values.windows(2).map(|pair| Some(pair[1]? - pair[0]?));
        std::iter::once(None)
            .chain(steps)
            .take(values.len())
            .collect()
    };
    let steps: Vec<Vec<Option<f64>>> = driver.iter().map(step).collect();
    let of = |panel, lag: usize| Column {
        panel,
        lag: lag as isize,
    };
    let columns: Vec<Column<'_>> = [of(outcome, 0), of(driver, lags)]
        .into_iter()
        .chain((0..lags).map(|lag| of(&steps[..], lag)))
        .chain(controls.iter().map(|control| of(control, 0)))
        .collect();
    Slope::of(&columns, None)
}

fn check_data(data: &LinkData<'_>, horizon: usize) -> Result<(), NoEvidence> {
    if horizon > HORIZON_MAX {
        return Err(NoEvidence::Claim);
    }
    if data.controls.len() > CONTROLS_MAX {
        return Err(NoEvidence::Shape);
    }
    let panels = [data.outcome, data.driver].into_iter();
    check(
        &panels
            .chain(data.controls.iter().copied())
            .collect::<Vec<_>>(),
    )
}
