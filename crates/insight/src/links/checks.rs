//! Checks of a link that has an estimate. They only lower a grade: a link whose check fails is at most plausible.

use std::fmt;

use super::NoEvidence;
use super::direction::{Foretells, foretells};
use super::estimate::{Claim, LinkData, check_all, columns};
use super::panel::Column;
use super::sensitivity::{e_value_of_effect, robustness};
use super::slope::Slope;
use super::wild;
use crate::distribution::t_quantile;

/// With more units one of them decides nothing, and leaving out each is not tried.
const LEFT_OUT_MAX: usize = 200;
/// A wild bootstrap above this doubts the link.
const WILD_MAX: f64 = 0.10;

/// What checks say of a link.
#[derive(Clone, Debug, PartialEq)]
pub struct Checks {
    /// t of the driver of the period after, beside that of the claimed lag: what is done later cannot have brought what was
    /// there before. `None` where there are too few rows.
    pub lead_t: Option<f64>,
    /// Beyond this such a t comes in 5 % of cases by chance.
    pub lead_t_limit: f64,
    /// The effect at the lags beside the claimed one, and at it, each alone.
    pub lags: Vec<LagEffect>,
    /// The least and the greatest effect, in the claimed direction, when one unit is left out; `None` with more than 200.
    pub left_out: Option<(f64, f64)>,
    /// The probability of an effect as large by chance, by the enumerated wild cluster bootstrap; with up to 12 units.
    pub wild: Option<f64>,
    /// Whether the driver's past foretells the outcome; where no period is missing.
    pub foretells: Option<Foretells>,
    /// What an unmeasured cause would have to explain of driver and outcome to bring the effect to 0, from 0 to 1.
    pub robustness: f64,
    /// The same for an effect that could be chance at 5 %.
    pub robustness_of_signal: f64,
    /// The ratio by which an unmeasured cause would have to be tied to both.
    pub e_value: f64,
}

/// The effect at one lag.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LagEffect {
    /// The lag, in periods.
    pub lag: usize,
    /// The effect in standard deviations, with its sign.
    pub effect: f64,
    /// Its standard error.
    pub standard_error: f64,
}

/// A check that speaks against a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// The driver of the period after goes with the outcome as well.
    Lead,
    /// One unit alone gives the effect its direction.
    OneUnit,
    /// So few units could give it by chance.
    Chance,
}

impl fmt::Display for Doubt {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Doubt::Lead => {
                "what was done in the period after goes with it as well, and cannot have brought it"
            }
            Doubt::OneUnit => "without one of the units the effect has the other direction",
            Doubt::Chance => "so few units could show it by chance",
        })
    }
}

impl Checks {
    /// What speaks against the link: the driver of the period after has an effect, one unit alone gives the effect its
    /// direction, or few units could give it by chance.
    pub fn doubts(&self) -> Vec<Doubt> {
        let lead = self.lead_t.is_some_and(|t| t.abs() > self.lead_t_limit);
        let one_unit = self
            .left_out
            .is_some_and(|(least, greatest)| least.signum() * greatest.signum() < 0.0);
        let chance = self.wild.is_some_and(|wild| wild > WILD_MAX);
        let all = [
            (lead, Doubt::Lead),
            (one_unit, Doubt::OneUnit),
            (chance, Doubt::Chance),
        ];
        let found = all.into_iter().filter(|(is_found, _)| *is_found);
        found.map(|(_, doubt)| doubt).collect()
    }

    /// Whether a check speaks against the link.
    pub fn fails(&self) -> bool {
        !self.doubts().is_empty()
    }
}

/// Checks a link.
pub fn checks(data: &LinkData<'_>, claim: &Claim) -> Result<Checks, NoEvidence> {
    check_all(data, claim)?;
    let lag = claim.lag as isize;
    let slope = Slope::of(&columns(data, lag), None)?;
    let scale = slope.driver_sd / slope.outcome_sd;
    slope.error()?;
    let freedom = slope.freedom();
    let (t, plain_freedom) = slope.plain_t();
    let lags = (claim.lag.saturating_sub(1)..=claim.lag + 1)
        .filter_map(|lag| lag_effect(data, lag))
        .collect();
    Ok(Checks {
        lead_t: lead_t(data, lag),
        lead_t_limit: t_quantile(0.975, freedom),
        lags,
        left_out: left_out(data, claim, slope.rows.units),
        wild: wild::probability(&slope),
        foretells: foretells(data.driver, data.outcome, claim.lag.max(1)).ok(),
        robustness: robustness(t, plain_freedom, 0.0),
        robustness_of_signal: robustness(t, plain_freedom, 0.05),
        e_value: e_value_of_effect(slope.slope * scale),
    })
}

/// t of the driver of the period after.
fn lead_t(data: &LinkData<'_>, lag: isize) -> Option<f64> {
    let mut all = columns(data, lag);
    let lead = Column {
        panel: data.driver,
        lag: -1,
    };
    all.insert(1, lead);
    let slope = Slope::of(&all, None).ok()?;
    Some(slope.slope / slope.error().ok()?)
}

fn lag_effect(data: &LinkData<'_>, lag: usize) -> Option<LagEffect> {
    let slope = Slope::of(&columns(data, lag as isize), None).ok()?;
    let scale = slope.driver_sd / slope.outcome_sd;
    Some(LagEffect {
        lag,
        effect: slope.slope * scale,
        standard_error: slope.error().ok()? * scale,
    })
}

/// The least and the greatest effect without one of the units.
fn left_out(data: &LinkData<'_>, claim: &Claim, units: usize) -> Option<(f64, f64)> {
    if !(2..=LEFT_OUT_MAX).contains(&units) {
        return None;
    }
    let columns = columns(data, claim.lag as isize);
    let effects = (0..data.driver.len()).filter_map(|unit| {
        let slope = Slope::of(&columns, Some(unit)).ok()?;
        let effect = slope.slope * slope.driver_sd / slope.outcome_sd;
        Some(claim.direction.sign() * effect)
    });
    effects.fold(None, |range, effect| {
        let (least, greatest) = range.unwrap_or((effect, effect));
        Some((effect.min(least), effect.max(greatest)))
    })
}
