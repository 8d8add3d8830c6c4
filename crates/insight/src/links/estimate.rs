//! One link against its data: the effect at the claimed lag, how sure it is, and what would be enough to tell.

use super::NoEvidence;
use super::belief::{Posterior, Strength, evidence};
use super::grade::{ROWS_MIN, UNITS_MIN, shortage};
use super::panel::{Column, Panel, check};
use super::slope::Slope;
use crate::distribution::t_quantile;

/// The smallest effect that is called useful, in standard deviations, unless a link says otherwise.
pub const USEFUL: f64 = 0.05;
/// The longest lag, in periods.
pub const LAG_MAX: usize = 400;
/// The most controls.
pub const CONTROLS_MAX: usize = 20;
/// z of a 95 % interval, as the error is widened from it.
const Z: f64 = 1.959_963_984_540_054;
const TWO_SIDED: f64 = 0.975;

/// The direction that a link states.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// More of the driver brings more of the outcome.
    Same,
    /// More of the driver brings less of the outcome.
    Opposite,
}

impl Direction {
    /// 1 or -1.
    pub(crate) fn sign(self) -> f64 {
        match self {
            Direction::Same => 1.0,
            Direction::Opposite => -1.0,
        }
    }
}

/// What a link stated before the data were looked at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Claim {
    /// The direction.
    pub direction: Direction,
    /// After how many periods the effect is there.
    pub lag: usize,
    /// How strong it is.
    pub strength: Strength,
    /// The smallest useful effect, in standard deviations; usually [`USEFUL`].
    pub useful: f64,
}

/// The measures of a link over the same units and periods.
#[derive(Clone, Copy, Debug)]
pub struct LinkData<'a> {
    /// What is done.
    pub driver: Panel<'a>,
    /// What it is to bring.
    pub outcome: Panel<'a>,
    /// What else may move the outcome, in the periods of the outcome.
    pub controls: &'a [Panel<'a>],
}

/// What the data say of a link.
#[derive(Clone, Debug, PartialEq)]
pub struct LinkEstimate {
    /// What was claimed.
    pub claim: Claim,
    /// How many pairs of driver and outcome there are.
    pub rows: usize,
    /// In how many units.
    pub units: usize,
    /// In how many periods.
    pub periods: usize,
    /// The effect of one more of the driver, in units of the outcome.
    pub plain_effect: f64,
    /// The effect in standard deviations within units and periods, with its sign.
    pub effect: f64,
    /// Its standard error.
    pub standard_error: f64,
    /// The degrees of freedom of both.
    pub freedom: f64,
    /// The standard error widened for few units or periods, so that 1.96 of it are a 95 % interval.
    pub widened_error: f64,
    /// One standard deviation of the driver within units and periods, in its units.
    pub driver_sd: f64,
    /// The same of the outcome.
    pub outcome_sd: f64,
    /// The evidence for the claim over no effect; 10 is much.
    pub evidence: f64,
    /// The evidence for the opposite of the claim.
    pub evidence_against: f64,
    /// What a sceptic makes of it, positive in the claimed direction.
    pub posterior: Posterior,
}

impl LinkEstimate {
    /// The 95 % interval of the effect, in standard deviations.
    pub fn interval(&self) -> (f64, f64) {
        let reach = Z * self.widened_error;
        (self.effect - reach, self.effect + reach)
    }

    /// The effect in the claimed direction.
    pub fn theta(&self) -> f64 {
        self.claim.direction.sign() * self.effect
    }

    /// How much data would tell whether the claim holds: so many units over the same periods, or so many periods in the same
    /// units. What there is, where it is enough.
    pub fn enough(&self) -> Enough {
        let factor = shortage(self.widened_error, self.claim.strength)
            .max(ROWS_MIN as f64 / self.rows as f64)
            .max(1.0);
        let grown = |count: usize| (count as f64 * factor).ceil() as usize;
        Enough {
            units: grown(self.units).max(UNITS_MIN),
            periods: grown(self.periods),
        }
    }
}

/// How much data would tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Enough {
    /// So many units, over the same periods.
    pub units: usize,
    /// Or so many periods, in the same units (if these are at least six).
    pub periods: usize,
}

/// Tests a link on its data.
pub fn estimate(data: &LinkData<'_>, claim: &Claim) -> Result<LinkEstimate, NoEvidence> {
    check_all(data, claim)?;
    let slope = Slope::of(&columns(data, claim.lag as isize), None)?;
    of_slope(&slope, claim)
}

/// Checks shapes, numbers and the claim.
pub(crate) fn check_all(data: &LinkData<'_>, claim: &Claim) -> Result<(), NoEvidence> {
    let is_size = |size: f64| size > 0.0 && size.is_finite();
    if claim.lag > LAG_MAX || !is_size(claim.useful) || !is_size(claim.strength.effect()) {
        return Err(NoEvidence::Claim);
    }
    if data.controls.len() > CONTROLS_MAX {
        return Err(NoEvidence::Shape);
    }
    let panels = [data.outcome, data.driver];
    let all: Vec<Panel<'_>> = panels
        .into_iter()
        .chain(data.controls.iter().copied())
        .collect();
    check(&all)
}

/// Outcome, driver at a lag and controls.
pub(crate) fn columns<'a>(data: &LinkData<'a>, lag: isize) -> Vec<Column<'a>> {
    let of = |panel: Panel<'a>, lag| Column { panel, lag };
    [of(data.outcome, 0), of(data.driver, lag)]
        .into_iter()
        .chain(data.controls.iter().map(|control| of(control, 0)))
        .collect()
}

fn of_slope(slope: &Slope, claim: &Claim) -> Result<LinkEstimate, NoEvidence> {
    let scale = slope.driver_sd / slope.outcome_sd;
    let error = slope.error()? * scale;
    let freedom = slope.freedom();
    let widened_error = error * t_quantile(TWO_SIDED, freedom) / Z;
    let effect = slope.slope * scale;
    let theta = claim.direction.sign() * effect;
    Ok(LinkEstimate {
        claim: *claim,
        rows: slope.rows.len(),
        units: slope.rows.units,
        periods: slope.rows.periods,
        plain_effect: slope.slope,
        effect,
        standard_error: error,
        freedom,
        widened_error,
        driver_sd: slope.driver_sd,
        outcome_sd: slope.outcome_sd,
        evidence: evidence(theta, widened_error, claim.strength),
        evidence_against: evidence(-theta, widened_error, claim.strength),
        posterior: Posterior::of_sceptic(theta, widened_error, claim.strength),
    })
}
