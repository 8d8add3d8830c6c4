//! The grade of each link of a map, all at once, because what is kept of many questions depends on how many were asked.

use std::fmt;

use super::belief::Strength;
use super::estimate::LinkEstimate;

/// Of what is called supported or contradicted so much may be wrong.
const FALSE_DISCOVERIES: f64 = 0.10;
/// Evidence that supports or contradicts.
const EVIDENCE: f64 = 10.0;
/// Evidence that a strong link needs.
const EVIDENCE_STRONG: f64 = 30.0;
/// How sure one has to be that the effect is useful, is opposite, or is negligible.
const SURE: f64 = 0.90;
/// How sure for a strong link.
const SURE_STRONG: f64 = 0.95;
/// Fewer units, or fewer rows, test nothing.
pub(crate) const UNITS_MIN: usize = 6;
pub(crate) const ROWS_MIN: usize = 60;
/// An effect of so many standard errors is found in 80 % of cases.
const FOUND: f64 = 2.8;
/// An effect of so many times the stated one must be findable.
const STATED: f64 = 2.0;

/// How far a link holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Grade {
    /// The data are too few to tell.
    Untested,
    /// The data could tell and do not.
    NotShown,
    /// The effect is probably in the claimed direction.
    Plausible,
    /// It is useful, by more than chance, in the claimed direction.
    Supported,
    /// The same by more, from a design that excludes other causes, or again on later data.
    Strong,
    /// It is too small to be useful.
    Negligible,
    /// It goes the other way.
    Contradicted,
}

impl Grade {
    /// The words that are shown.
    pub fn word(self) -> &'static str {
        match self {
            Grade::Untested => "untested",
            Grade::NotShown => "not shown",
            Grade::Plausible => "plausible",
            Grade::Supported => "supported",
            Grade::Strong => "strong",
            Grade::Negligible => "negligible",
            Grade::Contradicted => "contradicted",
        }
    }
}

/// How the data came to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Design {
    /// L1: a panel with a lag.
    LaggedPanel,
    /// L2: the same, and its checks hold.
    CheckedPanel,
    /// L3: staggered adoption, synthetic control or an interrupted series, with placebos.
    QuasiExperiment,
    /// L4: chance decided who did what.
    Randomised,
}

/// What is graded.
#[derive(Clone, Debug)]
pub struct Graded {
    /// The estimate, or `None` where there is none.
    pub estimate: Option<LinkEstimate>,
    /// How the data came to be.
    pub design: Design,
    /// Whether a check failed (see [`super::Checks::fails`]); it holds the grade at plausible.
    pub check_failed: bool,
    /// The evidence of later data alone, where the link was tested again.
    pub replication: Option<f64>,
}

/// The grades of all links of a map, in the given order.
pub fn grades(links: &[Graded]) -> Vec<Grade> {
    let of_each = |evidence: fn(&LinkEstimate) -> f64| -> Vec<f64> {
        links
            .iter()
            .map(|link| testable(link).map_or(0.0, evidence))
            .collect()
    };
    let kept_for = kept(&of_each(|estimate| estimate.evidence), FALSE_DISCOVERIES);
    let kept_against = kept(
        &of_each(|estimate| estimate.evidence_against),
        FALSE_DISCOVERIES,
    );
    links
        .iter()
        .enumerate()
        .map(|(at, link)| grade(link, kept_for[at], kept_against[at]))
        .collect()
}

/// The estimate, if its data were enough to tell.
fn testable(link: &Graded) -> Option<&LinkEstimate> {
    link.estimate.as_ref().filter(|estimate| estimate.tells())
}

/// What an effect lacks to be called supported, or contradicted where it goes the other way.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Lacking {
    /// It may be smaller than is useful: how sure it is that it is not.
    Usefulness(f64),
    /// The evidence is less than is asked for.
    Evidence(f64),
}

impl fmt::Display for Lacking {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Lacking::Usefulness(sure) => write!(
                formatter,
                "it is {:.0}% sure, and not {:.0}%, that the effect is large enough to matter",
                (sure * 100.0).floor(),
                SURE * 100.0
            ),
            Lacking::Evidence(evidence) => write!(
                formatter,
                "the evidence is {:.1}, and {EVIDENCE:.0} is asked for",
                (evidence * 10.0).floor() / 10.0
            ),
        }
    }
}

impl LinkEstimate {
    /// What it lacks by itself to be called supported, or contradicted where it goes the other way; which checks fail and
    /// how many links were asked about may hold it back, too.
    pub fn lacking(&self) -> Vec<Lacking> {
        let useful = self.claim.useful;
        let (sure, evidence) = match self.theta() > 0.0 {
            true => (self.posterior.above(useful), self.evidence),
            false => (self.posterior.below(-useful), self.evidence_against),
        };
        let usefulness = (sure < SURE).then_some(Lacking::Usefulness(sure));
        let evidence = (evidence < EVIDENCE).then_some(Lacking::Evidence(evidence));
        usefulness.into_iter().chain(evidence).collect()
    }

    /// Whether its data are enough to tell if the claim holds: without that the link is untested.
    pub fn tells(&self) -> bool {
        self.units >= UNITS_MIN
            && self.rows >= ROWS_MIN
            && is_precise(self.widened_error, self.claim.strength)
    }
}

/// Whether twice the stated effect would be found.
pub(crate) fn is_precise(error: f64, strength: Strength) -> bool {
    FOUND * error <= STATED * strength.effect()
}

/// By how much the squared error is too large for the stated effect; 1 or less is enough.
pub(crate) fn shortage(error: f64, strength: Strength) -> f64 {
    (FOUND * error / (STATED * strength.effect())).powi(2)
}

fn grade(link: &Graded, kept_for: bool, kept_against: bool) -> Grade {
    let Some(estimate) = testable(link) else {
        return Grade::Untested;
    };
    let (posterior, useful) = (&estimate.posterior, estimate.claim.useful);
    let is_supported = posterior.above(useful) >= SURE && estimate.evidence >= EVIDENCE && kept_for;
    let excludes_other_causes = link.design >= Design::QuasiExperiment
        || link
            .replication
            .is_some_and(|evidence| evidence >= EVIDENCE);
    let is_strong = is_supported
        && posterior.above(useful) >= SURE_STRONG
        && estimate.evidence >= EVIDENCE_STRONG
        && excludes_other_causes;
    let is_contradicted =
        posterior.below(-useful) >= SURE && estimate.evidence_against >= EVIDENCE && kept_against;
    if is_supported && link.check_failed {
        Grade::Plausible
    } else if is_strong {
        Grade::Strong
    } else if is_supported {
        Grade::Supported
    } else if is_contradicted {
        if link.check_failed {
            Grade::NotShown
        } else {
            Grade::Contradicted
        }
    } else if posterior.within(useful) >= SURE {
        Grade::Negligible
    } else if posterior.above(0.0) >= SURE {
        Grade::Plausible
    } else {
        Grade::NotShown
    }
}

/// Which of many pieces of evidence are kept, so that at most the share `alpha` of them is false (e-BH, Wang and Ramdas
/// 2022): the k largest, for the largest k with e_(k) >= K / (alpha k).
pub(crate) fn kept(evidence: &[f64], alpha: f64) -> Vec<bool> {
    let mut sorted = evidence.to_vec();
    sorted.sort_by(|one, other| other.total_cmp(one));
    let count = evidence.len() as f64;
    let least = (1..=sorted.len())
        .rev()
        .find(|k| sorted[k - 1] >= count / (alpha * *k as f64))
        .map_or(f64::INFINITY, |k| sorted[k - 1]);
    evidence.iter().map(|e| *e >= least).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::golden::{numbers, places, reference};

    #[test]
    fn evidence_is_kept_as_in_the_reference() {
        let expected = &reference("links.json")["e_bh"];
        let kept = kept(
            &numbers(&expected["e"]),
            expected["alpha"].as_f64().unwrap(),
        );
        let found: Vec<usize> = (0..kept.len()).filter(|at| kept[*at]).collect();
        assert_eq!(found, places(&expected["reject"]));
    }

    /// Evidence of 1/p makes of it the procedure of Benjamini and Hochberg (1995) for p values.
    #[test]
    fn the_fifteen_tests_of_benjamini_and_hochberg() {
        let expected = &reference("links.json")["bh1995"];
        let evidence: Vec<f64> = numbers(&expected["p"]).iter().map(|p| 1.0 / p).collect();
        let kept = kept(&evidence, 0.05);
        let rejected = expected["bh_reject"].as_u64().unwrap() as usize;
        let expected: Vec<bool> = (0..kept.len()).map(|at| at < rejected).collect();
        assert_eq!((rejected, kept), (4, expected));
    }

    #[test]
    fn nothing_is_kept_of_nothing() {
        assert_eq!(kept(&[], 0.1), Vec::<bool>::new());
        assert_eq!(kept(&[0.0, 0.0], 0.1), [false, false]);
    }
}
