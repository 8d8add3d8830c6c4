//! What was believed before, and what the data make of it: evidence for the claim over chance, and probabilities from a
//! sceptic's point of view, so that belief never inflates them.
//!
//! e is a Bayes factor of the claim, b ~ N(m0, m0^2) cut to the claimed sign, against no effect; as its expectation under no
//! effect is at most 1 it is an e-value (Vovk and Wang 2021), and e of separate data may be multiplied.

use crate::distribution::normal_below;

/// The strength of an effect that a link states, in standard deviations of the outcome for one of the driver.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Strength {
    /// 0.1.
    Weak,
    /// 0.2.
    Moderate,
    /// 0.4.
    Strong,
    /// As stated; above 0.
    Stated(f64),
}

impl Strength {
    /// The effect in standard deviations.
    pub fn effect(self) -> f64 {
        match self {
            Strength::Weak => 0.1,
            Strength::Moderate => 0.2,
            Strength::Strong => 0.4,
            Strength::Stated(effect) => effect,
        }
    }
}

/// What is believed of an effect in the claimed direction after the data, by one who expected none.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Posterior {
    /// The most probable effect, in standard deviations, positive in the claimed direction.
    pub mean: f64,
    /// How uncertain it is.
    pub sd: f64,
}

impl Posterior {
    /// A sceptic who expected N(0, m0^2).
    pub(crate) fn of_sceptic(theta: f64, error: f64, strength: Strength) -> Posterior {
        let (prior, noise) = (strength.effect().powi(2), error * error);
        Posterior {
            mean: theta * prior / (prior + noise),
            sd: (prior * noise / (prior + noise)).sqrt(),
        }
    }

    /// The probability that the effect is above `least`.
    pub fn above(&self, least: f64) -> f64 {
        normal_below((self.mean - least) / self.sd)
    }

    /// The probability that it is below `most`.
    pub fn below(&self, most: f64) -> f64 {
        normal_below((most - self.mean) / self.sd)
    }

    /// The probability that it is within `size` of 0.
    pub fn within(&self, size: f64) -> f64 {
        (1.0 - self.above(size) - self.below(-size)).max(0.0)
    }
}

/// The evidence of an estimate in the claimed direction for the claim, over no effect.
pub(crate) fn evidence(theta: f64, error: f64, strength: Strength) -> f64 {
    let m0 = strength.effect();
    let (prior, noise) = (m0 * m0, error * error);
    let variance = 1.0 / (1.0 / prior + 1.0 / noise);
    let mean = variance * (1.0 / m0 + theta / noise);
    // ln N(theta; m0, noise + prior) - ln N(theta; 0, noise)
    let ln_ratio = 0.5 * (noise / (noise + prior)).ln()
        - 0.5 * (theta - m0).powi(2) / (noise + prior)
        + 0.5 * theta * theta / noise;
    // Beyond what a number holds it is as large or as small as a number can be.
    let ln_e = ln_ratio
        + (normal_below(mean / variance.sqrt()) / normal_below(1.0))
            .max(f64::MIN_POSITIVE)
            .ln();
    ln_e.clamp(-700.0, 700.0).exp()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::golden::{assert_near, reference};

    fn normal_density(z: f64) -> f64 {
        (-0.5 * z * z).exp() / std::f64::consts::TAU.sqrt()
    }

    #[test]
    fn posteriors_of_a_sceptic() {
        // The planted map's first link.
        let link = &reference("planted-map-seed1.json")["links"][0];
        let number = |name: &str| link[name].as_f64().unwrap();
        let found = Posterior::of_sceptic(number("theta"), number("se_eff"), Strength::Moderate);
        assert_near(found.mean, number("post"), 1e-9);
        assert_near(found.sd, number("post_sd"), 1e-9);
        assert_near(found.above(0.0), number("P_gt_0"), 1e-9);
        assert_near(found.above(0.05), number("P_gt_delta"), 1e-9);
        assert_near(
            found.above(0.05) + found.within(0.05) + found.below(-0.05),
            1.0,
            1e-12,
        );
    }

    #[test]
    fn evidence_is_what_integration_gives() {
        let (theta, error, m0): (f64, f64, f64) = (0.12, 0.08, 0.2);
        let steps = 200_000;
        let width = 3.0 / f64::from(steps);
        let integral: f64 = (0..steps)
            .map(|step| {
                let b = (f64::from(step) + 0.5) * width;
                let prior = normal_density((b - m0) / m0) / m0 / normal_below(1.0);
                prior * normal_density((theta - b) / error) / error * width
            })
            .sum();
        let null = normal_density(theta / error) / error;
        assert_near(
            evidence(theta, error, Strength::Moderate),
            integral / null,
            1e-6,
        );
    }

    #[test]
    fn evidence_averages_to_one_where_there_is_no_effect() {
        let error = 0.1;
        let steps = 40_000;
        let width = 20.0 / f64::from(steps);
        let mean: f64 = (0..steps)
            .map(|step| {
                let z = -10.0 + (f64::from(step) + 0.5) * width;
                normal_density(z) * width * evidence(z * error, error, Strength::Weak)
            })
            .sum();
        assert_near(mean, 1.0, 1e-6);
    }

    #[test]
    fn evidence_stays_a_number() {
        assert!(evidence(50.0, 0.01, Strength::Strong).is_finite());
        assert!(evidence(-50.0, 0.01, Strength::Strong) >= 0.0);
    }
}
