//! Partial pooling: effects or levels of several units, each known with an error, drawn towards what they have in common.
//!
//! The normal random-effects model: y_i ~ N(theta_i, v_i), theta_i ~ N(mu, tau2). tau2 by restricted maximum likelihood
//! (Viechtbauer 2005) or by the method of Paule and Mandel (1982), the interval of the mean by Knapp and Hartung (2003).

use crate::distribution::t_quantile;

/// Iterations end here at the latest; they converge in a few.
const STEPS_MAX: usize = 500;

/// An estimate of one unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// The estimate, in any unit that all share.
    pub value: f64,
    /// The square of its standard error.
    pub variance: f64,
}

/// How the spread between units is estimated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spread {
    /// Restricted maximum likelihood.
    Reml,
    /// Paule and Mandel: tau2 such that the weighted squares are as many as the degrees of freedom.
    PauleMandel,
}

/// What units have in common and how much they differ.
#[derive(Clone, Debug, PartialEq)]
pub struct Pooled {
    /// The common mean.
    pub mean: f64,
    /// Its standard error, as if tau2 were known.
    pub standard_error: f64,
    /// Its standard error by Knapp and Hartung.
    pub knapp_hartung: f64,
    /// Its 95 % interval by Knapp and Hartung.
    pub interval: (f64, f64),
    /// The variance between units.
    pub tau2: f64,
    /// Each unit's estimate drawn towards the mean, in the given order, with its standard error.
    pub shrunken: Vec<Shrunken>,
}

/// An estimate drawn towards the mean.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shrunken {
    /// The best guess of the unit's true value.
    pub value: f64,
    /// Its standard error.
    pub standard_error: f64,
}

/// Pools estimates. `None` with fewer than two, or where a value is not finite or a variance not above 0.
pub fn pool(estimates: &[Estimate], spread: Spread) -> Option<Pooled> {
    let sound = |estimate: &Estimate| {
        estimate.value.is_finite() && estimate.variance.is_normal() && estimate.variance > 0.0
    };
    if estimates.len() < 2 || !estimates.iter().all(sound) {
        return None;
    }
    let tau2 = match spread {
        Spread::Reml => reml(estimates),
        Spread::PauleMandel => paule_mandel(estimates),
    };
    let at = Weighted::at(estimates, tau2);
    let freedom = (estimates.len() - 1) as f64;
    let standard_error = (1.0 / at.weight).sqrt();
    let knapp_hartung = (at.squares / freedom / at.weight).sqrt();
    let reach = t_quantile(0.975, freedom) * knapp_hartung;
    let shrunken = estimates.iter().map(|estimate| at.shrink(estimate, tau2));
    Some(Pooled {
        mean: at.mean,
        standard_error,
        knapp_hartung,
        interval: (at.mean - reach, at.mean + reach),
        tau2,
        shrunken: shrunken.collect(),
    })
}

/// Sums over estimates that are weighted by 1/(v + tau2).
struct Weighted {
    mean: f64,
    /// Sums of the weights, of their squares and of their cubes.
    weight: f64,
    weight2: f64,
    weight3: f64,
    /// Sums of w (y - mean)^2 and of w^2 (y - mean)^2.
    squares: f64,
    squares2: f64,
}

impl Weighted {
    /// An estimate drawn towards the mean, by how much units differ.
    fn shrink(&self, estimate: &Estimate, tau2: f64) -> Shrunken {
        let own = tau2 / (tau2 + estimate.variance);
        let variance = own * estimate.variance + (1.0 - own).powi(2) / self.weight;
        Shrunken {
            value: own * estimate.value + (1.0 - own) * self.mean,
            standard_error: variance.sqrt(),
        }
    }

    fn at(estimates: &[Estimate], tau2: f64) -> Weighted {
        let weight_of = |estimate: &Estimate| 1.0 / (estimate.variance + tau2);
        let sum = |power: i32| -> f64 {
            let powers = estimates.iter().map(|one| weight_of(one).powi(power));
            powers.sum()
        };
        let weight = sum(1);
        let weighted = estimates.iter().map(|one| weight_of(one) * one.value);
        let mean = weighted.sum::<f64>() / weight;
        let squares = |power: i32| -> f64 {
            let terms = estimates
                .iter()
                .map(|one| weight_of(one).powi(power) * (one.value - mean).powi(2));
            terms.sum()
        };
        Weighted {
            mean,
            weight,
            weight2: sum(2),
            weight3: sum(3),
            squares: squares(1),
            squares2: squares(2),
        }
    }
}

/// Fisher scoring of the restricted likelihood.
fn reml(estimates: &[Estimate]) -> f64 {
    let mut tau2 = paule_mandel(estimates);
    for _ in 0..STEPS_MAX {
        let at = Weighted::at(estimates, tau2);
        let trace = at.weight - at.weight2 / at.weight;
        let trace2 = at.weight2 - 2.0 * at.weight3 / at.weight + (at.weight2 / at.weight).powi(2);
        let next = (tau2 + (at.squares2 - trace) / trace2).max(0.0);
        let is_there = (next - tau2).abs() <= 1e-12 * (1.0 / at.weight + tau2);
        tau2 = next;
        if is_there {
            break;
        }
    }
    tau2
}

/// The weighted squares fall as tau2 grows, so the root is found by halving.
fn paule_mandel(estimates: &[Estimate]) -> f64 {
    let freedom = (estimates.len() - 1) as f64;
    let squares = |tau2: f64| Weighted::at(estimates, tau2).squares;
    if squares(0.0) <= freedom {
        return 0.0;
    }
    let (mut low, mut high) = (0.0, estimates[0].variance);
    for _ in 0..STEPS_MAX {
        if squares(high) <= freedom {
            break;
        }
        (low, high) = (high, high * 2.0);
    }
    for _ in 0..STEPS_MAX {
        let middle = f64::midpoint(low, high);
        if middle <= low || middle >= high {
            break;
        }
        if squares(middle) > freedom {
            low = middle;
        } else {
            high = middle;
        }
    }
    f64::midpoint(low, high)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::golden::{assert_near, numbers, reference};

    #[test]
    fn thirteen_trials_of_bcg_are_pooled_as_by_metafor() {
        let expected = &reference("panel-and-meta-r.json")["bcg"];
        let estimates: Vec<Estimate> = numbers(&expected["yi"])
            .into_iter()
            .zip(numbers(&expected["vi"]))
            .map(|(value, variance)| Estimate { value, variance })
            .collect();
        let number = |of: &str, name: &str| expected[of][name].as_f64().unwrap();
        let found = pool(&estimates, Spread::Reml).unwrap();
        assert_near(found.tau2, number("REML", "tau2"), 1e-5);
        assert_near(found.mean, number("REML", "mu"), 1e-5);
        assert_near(found.standard_error, number("REML", "se"), 1e-5);
        assert_near(found.knapp_hartung, number("REML_KNHA", "se"), 1e-5);
        assert_near(found.interval.0, -1.108_443_723, 1e-5);
        assert_near(found.interval.1, -0.320_620_973_690_1, 1e-5);
        let values = numbers(&expected["blup"]["pred"]);
        let errors = numbers(&expected["blup"]["se"]);
        for (shrunken, (value, error)) in found.shrunken.iter().zip(values.iter().zip(&errors)) {
            assert_near(shrunken.value, *value, 1e-5);
            assert_near(shrunken.standard_error, *error, 1e-5);
        }
        let other = pool(&estimates, Spread::PauleMandel).unwrap();
        assert_near(other.tau2, 0.318_068_452_203_7, 1e-6);
    }

    /// Rubin (1981): shrinking, averaged over how much schools may differ (tau even from 0 to 60), has the means and spreads of the
    /// posterior.
    #[test]
    fn eight_schools_are_drawn_together_as_by_bayes() {
        let expected = &reference("links.json")["eight_schools"];
        let school = |(value, error): (f64, f64)| Estimate {
            value,
            variance: error * error,
        };
        let values = [28.0, 8.0, -3.0, 7.0, -1.0, 1.0, 18.0, 12.0];
        let errors = [15.0, 10.0, 16.0, 11.0, 9.0, 11.0, 10.0, 18.0];
        let schools: Vec<Estimate> = values.into_iter().zip(errors).map(school).collect();
        let (mut all, mut common) = (0.0, 0.0);
        let (mut means, mut squares) = (vec![0.0; schools.len()], vec![0.0; schools.len()]);
        // The steps of the reference, both ends whole; finer ones move the first school by .002.
        for step in 0..=6_000 {
            let tau2 = (f64::from(step) / 100.0).powi(2);
            let at = Weighted::at(&schools, tau2);
            let spreads: f64 = schools
                .iter()
                .map(|one| (one.variance + tau2).sqrt())
                .product();
            let density = (-0.5 * at.squares).exp() / (spreads * at.weight.sqrt());
            all += density;
            common += density * at.mean;
            for (place, school) in schools.iter().enumerate() {
                let shrunken = at.shrink(school, tau2);
                means[place] += density * shrunken.value;
                squares[place] +=
                    density * (shrunken.value.powi(2) + shrunken.standard_error.powi(2));
            }
        }
        assert_near(common / all, expected["mu"].as_f64().unwrap(), 1e-3);
        assert_near(common / all, 7.932, 1e-3);
        assert_near(means[0] / all, 11.396, 1e-3);
        let (of_mean, of_spread) = (
            numbers(&expected["post_mean"]),
            numbers(&expected["post_sd"]),
        );
        for place in 0..schools.len() {
            let mean = means[place] / all;
            assert_near(mean, of_mean[place], 1e-3);
            let spread = (squares[place] / all - mean * mean).sqrt();
            assert_near(spread, of_spread[place], 1e-3);
        }
    }

    #[test]
    fn units_that_agree_are_drawn_together_wholly() {
        let estimate = |value| Estimate {
            value,
            variance: 4.0,
        };
        let found = pool(
            &[estimate(10.0), estimate(10.5), estimate(9.5)],
            Spread::Reml,
        )
        .unwrap();
        assert_near(found.tau2, 0.0, 0.0);
        assert_near(found.shrunken[1].value, 10.0, 1e-12);
        assert!(pool(&[estimate(1.0)], Spread::Reml).is_none());
        assert!(pool(&[estimate(f64::NAN), estimate(1.0)], Spread::Reml).is_none());
    }
}
