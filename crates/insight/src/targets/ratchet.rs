//! The ratchet: targets that rise after good results and do not fall after bad ones teach people to hold back.
//!
//! Each revision of a target is explained by how far the result before lay above or below the target before (Weitzman 1980;
//! Leone and Rock 2002): dT = a + l+ max(A - T, 0) + l- min(A - T, 0).

use super::NoAdvice;
use crate::better::Better;
use crate::linear::least_squares;

/// Fewer revisions say nothing.
pub const REVISIONS_MIN: usize = 8;
/// So much of an over-performance in the next target is a ratchet ...
const UP_MIN: f64 = 0.3;
/// ... if it is by so much more than what is taken back after an under-performance.
const DIFFERENCE_MIN: f64 = 0.2;

/// A target, what was reached, and the target after that.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Revision {
    /// The target, in units of the measure.
    pub target: f64,
    /// The result that it was held against.
    pub actual: f64,
    /// The target of the time after.
    pub next_target: f64,
}

/// How targets follow results.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ratchet {
    /// What is added to targets whatever happened, positive where more is asked.
    pub drift: f64,
    /// The part of an over-performance that is added to the next target.
    pub up: f64,
    /// The part of an under-performance that is taken off it.
    pub down: f64,
    /// How many revisions this is known from.
    pub revisions: usize,
}

impl Ratchet {
    /// Whether to warn.
    pub fn warns(&self) -> bool {
        self.up > UP_MIN && self.up - self.down > DIFFERENCE_MIN
    }
}

/// How targets follow results, over the revisions of all units together. Ranges have no ratchet: [`NoAdvice::Target`].
pub fn ratchet(revisions: &[Revision], better: Better) -> Result<Ratchet, NoAdvice> {
    let sign = match better {
        Better::Higher => 1.0,
        Better::Lower => -1.0,
        Better::Between { .. } => return Err(NoAdvice::Target),
    };
    let (have, need) = (revisions.len(), REVISIONS_MIN);
    if have < need {
        return Err(NoAdvice::TooFew { have, need });
    }
    let is_odd = |one: &Revision| !(one.target + one.actual + one.next_target).is_finite();
    if let Some(index) = revisions.iter().position(is_odd) {
        return Err(NoAdvice::NotFinite { index });
    }
    let over = |one: &Revision| sign * (one.actual - one.target);
    let columns = [
        vec![1.0; have],
        revisions.iter().map(|one| over(one).max(0.0)).collect(),
        revisions.iter().map(|one| over(one).min(0.0)).collect(),
    ];
    let steps: Vec<f64> = revisions
        .iter()
        .map(|one| sign * (one.next_target - one.target))
        .collect();
    // Where results never lay on one side of the target, nothing is known of that side.
    let fit = least_squares(&columns, &steps).ok_or(NoAdvice::NoVariation)?;
    Ok(Ratchet {
        drift: fit.coefficients[0],
        up: fit.coefficients[1],
        down: fit.coefficients[2],
        revisions: have,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::golden::{assert_near, numbers, reference};

    fn revisions() -> Vec<Revision> {
        let expected = &reference("targets.json")["ratchet"];
        let (actuals, targets) = (numbers(&expected["A"]), numbers(&expected["T"]));
        (1..targets.len())
            .map(|at| Revision {
                target: targets[at - 1],
                actual: actuals[at - 1],
                next_target: targets[at],
            })
            .collect()
    }

    #[test]
    fn targets_that_follow_results_are_measured_as_in_the_reference() {
        let expected = &reference("targets.json")["ratchet"];
        let number = |name: &str| expected[name].as_f64().unwrap();
        let found = ratchet(&revisions(), Better::Higher).unwrap();
        assert_near(found.drift, number("a"), 1e-9);
        assert_near(found.up, number("lambda_up"), 1e-9);
        assert_near(found.down, number("lambda_down"), 1e-9);
        assert!(!found.warns(), "the difference is .187");
    }

    #[test]
    fn a_ratchet_warns_in_both_directions_of_better() {
        let ratcheted = |sign: f64| -> Vec<Revision> {
            let misses = [2.0, -1.0, 3.0, -2.0, 1.0, 4.0, -3.0, 2.5, -1.5];
            let revision = |miss: &f64| Revision {
                target: 100.0,
                actual: 100.0 + sign * miss,
                next_target: 100.0 + sign * 0.6 * miss.max(0.0),
            };
            misses.iter().map(revision).collect()
        };
        assert!(ratchet(&ratcheted(1.0), Better::Higher).unwrap().warns());
        assert!(ratchet(&ratcheted(-1.0), Better::Lower).unwrap().warns());
        assert!(!ratchet(&ratcheted(1.0), Better::Lower).unwrap().warns());
    }

    #[test]
    fn few_or_one_sided_revisions_say_nothing() {
        let all = revisions();
        assert_eq!(
            ratchet(&all[..7], Better::Higher),
            Err(NoAdvice::TooFew { have: 7, need: 8 })
        );
        let above: Vec<Revision> = all
            .iter()
            .map(|one| Revision {
                actual: one.target + 1.0,
                ..*one
            })
            .collect();
        assert_eq!(ratchet(&above, Better::Higher), Err(NoAdvice::NoVariation));
    }
}
