//! What today's process delivers: the chance that the next value meets a target, if nothing changes.
//!
//! A new value of a process with mean and sigma estimated from n points is t distributed with n - 1 degrees of freedom
//! about the mean, with sigma sqrt(1 + 1/n) (Hahn and Meeker 1991, prediction of one future observation). Sigma is the
//! mean moving range / 1.128, as of an XmR chart, and wider as its limits are where points carry each other along.

use super::NoAdvice;
use crate::distribution::t_below;
use crate::points::{self, Unreadable};
use crate::signals::{NaturalLimits, POINTS_MIN};

/// What a value has to be to meet a target.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Aim {
    /// At least this.
    AtLeast(f64),
    /// At most this.
    AtMost(f64),
    /// From the first to the second, both included.
    Within(f64, f64),
}

impl Aim {
    /// Whether a value meets it.
    pub fn is_met_by(self, value: f64) -> bool {
        match self {
            Aim::AtLeast(least) => value >= least,
            Aim::AtMost(most) => value <= most,
            Aim::Within(low, high) => (low..=high).contains(&value),
        }
    }

    /// The same of values from which that is taken off.
    #[must_use]
    pub fn less(self, off: f64) -> Aim {
        match self {
            Aim::AtLeast(least) => Aim::AtLeast(least - off),
            Aim::AtMost(most) => Aim::AtMost(most - off),
            Aim::Within(low, high) => Aim::Within(low - off, high - off),
        }
    }
}

/// What today's process does about a target.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Capability {
    /// The chance that the next value meets it, from 0 to 1.
    pub chance: f64,
    /// The mean of the process, in units of the series.
    pub centre: f64,
    /// Its spread from point to point.
    pub sigma: f64,
    /// How many points it is known from.
    pub points: usize,
}

/// What the chance means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CapabilityWord {
    /// Chance below .10: beyond what today's process delivers.
    DifferentProcess,
    /// .10 to below .50.
    Stretch,
    /// .50 to below .80.
    Achievable,
    /// .80 and more.
    AlreadyMet,
}

impl CapabilityWord {
    /// The words that are shown.
    pub fn word(self) -> &'static str {
        match self {
            CapabilityWord::DifferentProcess => "needs a different process, not more effort",
            CapabilityWord::Stretch => "stretch",
            CapabilityWord::Achievable => "achievable",
            CapabilityWord::AlreadyMet => "already met",
        }
    }
}

impl Capability {
    /// What the chance means.
    pub fn word(&self) -> CapabilityWord {
        if self.chance >= 0.80 {
            CapabilityWord::AlreadyMet
        } else if self.chance >= 0.50 {
            CapabilityWord::Achievable
        } else if self.chance >= 0.10 {
            CapabilityWord::Stretch
        } else {
            CapabilityWord::DifferentProcess
        }
    }
}

/// The chance that the next value meets a target, from the values since the last baseline.
pub fn capability(values: &[Option<f64>], aim: Aim) -> Result<Capability, NoAdvice> {
    check(aim)?;
    let points = points::present(values).map_err(|unreadable| match unreadable {
        Unreadable::TooMany { have } => NoAdvice::TooMany { have },
        Unreadable::NotFinite { index } => NoAdvice::NotFinite { index },
    })?;
    let (have, need) = (points.len(), POINTS_MIN);
    if have < need {
        return Err(NoAdvice::TooFew { have, need });
    }
    let plain: Vec<f64> = points.iter().map(|point| point.value).collect();
    let limits = NaturalLimits::of_baseline(&plain);
    // Where points carry each other along, steps are smaller than points spread: as wide as limits are.
    let sigma = limits.sigma();
    if sigma <= 0.0 {
        return Err(NoAdvice::NoVariation);
    }
    let scale = sigma * (1.0 + 1.0 / have as f64).sqrt();
    let below = |border: f64| t_below((border - limits.centre) / scale, (have - 1) as f64);
    let above = |border: f64| t_below((limits.centre - border) / scale, (have - 1) as f64);
    let chance = match aim {
        Aim::AtLeast(least) => above(least),
        Aim::AtMost(most) => below(most),
        Aim::Within(low, high) => (below(high) - below(low)).max(0.0),
    };
    Ok(Capability {
        chance,
        centre: limits.centre,
        sigma,
        points: have,
    })
}

fn check(aim: Aim) -> Result<(), NoAdvice> {
    let is_sound = match aim {
        Aim::AtLeast(border) | Aim::AtMost(border) => border.is_finite(),
        Aim::Within(low, high) => low.is_finite() && high.is_finite() && low <= high,
    };
    if is_sound {
        Ok(())
    } else {
        Err(NoAdvice::Target)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::golden::{assert_near, column, reference};

    #[test]
    fn chances_of_the_nile_are_those_of_the_reference() {
        let nile = &column("data/nile.csv", "value")[28..];
        let expected = &reference("targets.json")["capability"];
        for (target, chance) in expected["p_meet"].as_object().unwrap() {
            let aim = Aim::AtLeast(target.parse().unwrap());
            let found = capability(nile, aim).unwrap();
            assert_near(found.chance, chance.as_f64().unwrap(), 1e-9);
            assert_near(found.sigma, expected["sigma"].as_f64().unwrap(), 1e-9);
        }
        let word = |aim| capability(nile, aim).unwrap().word();
        assert_eq!(word(Aim::AtLeast(800.0)), CapabilityWord::Achievable);
        assert_eq!(word(Aim::AtLeast(900.0)), CapabilityWord::Stretch);
        assert_eq!(word(Aim::AtLeast(1200.0)), CapabilityWord::DifferentProcess);
        assert_eq!(word(Aim::AtMost(1200.0)), CapabilityWord::AlreadyMet);
    }

    #[test]
    fn chances_of_parts_add_up() {
        let nile = column("data/nile.csv", "value");
        let chance = |aim| capability(&nile, aim).unwrap().chance;
        let parts = chance(Aim::AtMost(800.0))
            + chance(Aim::Within(800.0, 1000.0))
            + chance(Aim::AtLeast(1000.0));
        assert_near(parts, 1.0, 1e-9);
    }

    #[test]
    fn what_cannot_be_told_says_why() {
        let aim = Aim::AtLeast(1.0);
        let values = vec![Some(1.0); 7];
        assert_eq!(capability(&values, aim), Err(NoAdvice::NoVariation));
        assert_eq!(
            capability(&values[..3], aim),
            Err(NoAdvice::TooFew { have: 3, need: 6 })
        );
        assert_eq!(
            capability(&values, Aim::Within(2.0, 1.0)),
            Err(NoAdvice::Target)
        );
    }
}
