//! Whether a change is under way: how long the present regime has probably lasted.
//!
//! Bayesian online changepoint detection (Adams and MacKay 2007) for normal values of unknown mean and variance, with a
//! normal-inverse-gamma prior (0, 1, 1, 1) on values that are standardised by the first ones.

use statrs::function::gamma::ln_gamma;

use super::{NoChange, enough};
use crate::points::Present;

/// The chance of a change at any one point.
const HAZARD: f64 = 0.01;
/// Values are standardised by so many first ones.
const FIRST: usize = 20;
/// Fewer points are not looked at.
const POINTS_MIN: usize = 8;
/// The newest points that are looked at; the effort grows with the square.
const NEWEST: usize = 1_000;

/// How long the present regime has lasted.
#[derive(Clone, Debug, PartialEq)]
pub struct UnderWay {
    /// The place at which it most probably began, missing points counted.
    pub start: usize,
    /// The probability of each length in points, 0 first. Length 0: a change comes with the next point.
    lengths: Vec<f64>,
}

impl UnderWay {
    /// The probability that the present regime has lasted exactly so many points.
    pub fn of_run_length(&self, points: usize) -> f64 {
        self.lengths.get(points).copied().unwrap_or(0.0)
    }

    /// The probability that something changed within the last so many points.
    pub fn within_last(&self, points: usize) -> f64 {
        self.lengths.iter().take(points + 1).sum()
    }
}

/// What is known of a regime of a given length: the parameters of its normal-inverse-gamma distribution.
#[derive(Clone, Copy)]
struct Regime {
    mean: f64,
    kappa: f64,
    alpha: f64,
    beta: f64,
}

impl Regime {
    const NEW: Regime = Regime {
        mean: 0.0,
        kappa: 1.0,
        alpha: 1.0,
        beta: 1.0,
    };

    /// The logarithm of the density of the next value: Student's t with 2 alpha degrees of freedom.
    fn ln_density(&self, value: f64) -> f64 {
        let freedom = 2.0 * self.alpha;
        let scale2 = self.beta * (self.kappa + 1.0) / (self.alpha * self.kappa);
        let squared = (value - self.mean).powi(2) / scale2;
        ln_gamma(f64::midpoint(freedom, 1.0))
            - ln_gamma(freedom / 2.0)
            - 0.5 * (freedom * std::f64::consts::PI * scale2).ln()
            - f64::midpoint(freedom, 1.0) * (squared / freedom).ln_1p()
    }

    /// The same after one more value.
    fn with(&self, value: f64) -> Regime {
        Regime {
            mean: (self.kappa * self.mean + value) / (self.kappa + 1.0),
            kappa: self.kappa + 1.0,
            alpha: self.alpha + 0.5,
            beta: self.beta + self.kappa * (value - self.mean).powi(2) / (2.0 * (self.kappa + 1.0)),
        }
    }
}

/// How long the present regime of a series has probably lasted.
pub fn under_way(values: &[Option<f64>]) -> Result<UnderWay, NoChange> {
    let all = enough(values, POINTS_MIN)?;
    let points = &all[all.len().saturating_sub(NEWEST)..];
    let lengths = run_lengths(&standardised(points)?);
    let longest = (1..lengths.len())
        .max_by(|one, other| lengths[*one].total_cmp(&lengths[*other]))
        .expect("there are points");
    Ok(UnderWay {
        start: points[points.len() - longest].index,
        lengths,
    })
}

/// The values in units of the spread of the first ones, from their mean.
fn standardised(points: &[Present]) -> Result<Vec<f64>, NoChange> {
    let first: Vec<f64> = points.iter().take(FIRST).map(|point| point.value).collect();
    let mean = first.iter().sum::<f64>() / first.len() as f64;
    let squares: f64 = first.iter().map(|value| (value - mean).powi(2)).sum();
    let spread = (squares / (first.len() - 1) as f64).sqrt();
    if spread <= 0.0 {
        return Err(NoChange::NoVariation);
    }
    Ok(points
        .iter()
        .map(|point| (point.value - mean) / spread)
        .collect())
}

/// The probability of each length of the run after the last value.
fn run_lengths(values: &[f64]) -> Vec<f64> {
    let mut probabilities = vec![1.0];
    let mut regimes = vec![Regime::NEW];
    for value in values {
        let joint: Vec<f64> = probabilities
            .iter()
            .zip(&regimes)
            .map(|(probability, regime)| probability * regime.ln_density(*value).exp())
            .collect();
        let total: f64 = joint.iter().sum();
        // A value that no regime expects at all says that a new one begins.
        if total <= f64::MIN_POSITIVE {
            probabilities = vec![1.0];
            regimes = vec![Regime::NEW.with(*value)];
            continue;
        }
        probabilities = std::iter::once(HAZARD)
            .chain(joint.iter().map(|joint| joint / total * (1.0 - HAZARD)))
            .collect();
        regimes = std::iter::once(Regime::NEW)
            .chain(regimes.iter().map(|regime| regime.with(*value)))
            .collect();
    }
    probabilities
}
