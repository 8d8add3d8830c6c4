//! Estimates of single links. They follow their data: what was worked out for the same values and the same claim is found
//! again, whatever else changed in plan or ledger.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use sha2::{Digest, Sha256};
use throughline_insight::links::{
    self, Checks, Claim, LinkData, LinkEstimate, NoEvidence, Projection, checks, estimate,
    projections,
};

use super::panels::Panels;
use super::survey::{Asked, Survey};
use crate::beside::Beside;
use crate::live::{Limits, Remembered};

/// Estimates that are remembered; each takes some kilobytes.
const ESTIMATES: Limits = Limits {
    most: 4096,
    heaviest: 4096,
};
/// With other causes held fixed at least this share of the pairs must be left.
const KEPT_MIN: f64 = 0.8;
/// Looked at for what follows a change of the driver: at least so many periods, so many beyond the claimed lag, and so many
/// at most.
const FOLLOWED_MIN: usize = 6;
const FOLLOWED_BEYOND: usize = 3;
const FOLLOWED_MAX: usize = 24;

/// What was worked out of links, whatever ledger it came from.
pub(crate) struct Estimates {
    known: Remembered<[u8; 32], Arc<Worked>>,
    /// The maps that wait for being worked out beside the page.
    pub beside: Beside,
}

impl Estimates {
    /// None yet.
    pub fn new() -> Estimates {
        Estimates {
            known: Remembered::new(ESTIMATES),
            beside: Beside::new(),
        }
    }
}

/// What the data of one link give.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Worked {
    pub estimate: Result<LinkEstimate, NoEvidence>,
    /// The same without anything held fixed, where something is.
    pub alone: Option<LinkEstimate>,
    /// The other causes that were held fixed, by their place.
    pub held_fixed: Vec<usize>,
    pub checks: Option<Checks>,
    /// What follows a change of the driver, from its own period on; nothing where that cannot be told.
    pub follows: Vec<Projection>,
}

type Values = Vec<Vec<Option<f64>>>;

/// The values of one link.
pub(super) struct Data {
    driver: Values,
    outcome: Values,
    others: Vec<Values>,
}

impl Data {
    pub fn of(panels: &Panels, asked: &Asked) -> Data {
        let frequency = asked.pair.frequency;
        let own = |measure| panels.at((measure, frequency), asked.units.iter().copied().map(Some));
        let others = asked.others.iter();
        Data {
            driver: own(asked.pair.driver),
            outcome: own(asked.pair.outcome),
            others: others
                .map(|(other, at)| panels.at((*other, frequency), at.iter().copied()))
                .collect(),
        }
    }

    /// By what an estimate is known: all that it is a function of.
    fn fingerprint(&self, claim: &Claim) -> [u8; 32] {
        let mut digest = Sha256::new();
        let links::Claim {
            direction,
            lag,
            strength,
            useful,
        } = claim;
        digest.update([u8::from(*direction == links::Direction::Same)]);
        digest.update(lag.to_le_bytes());
        digest.update(strength.effect().to_le_bytes());
        digest.update(useful.to_le_bytes());
        let own = [&self.driver, &self.outcome];
        for panel in own.into_iter().chain(&self.others) {
            digest.update(panel.len().to_le_bytes());
            for values in panel {
                digest.update(values.len().to_le_bytes());
                for value in values {
                    // No value is the bits of this one.
                    let bits = value.map_or(u64::MAX, f64::to_bits);
                    digest.update(bits.to_le_bytes());
                }
            }
        }
        digest.finalize().into()
    }

    fn with<'a>(&'a self, others: &'a [&'a [Vec<Option<f64>>]]) -> LinkData<'a> {
        LinkData {
            driver: &self.driver,
            outcome: &self.outcome,
            controls: others,
        }
    }

    /// The same estimate on some of its periods alone, with those other causes held fixed. Outcomes of other periods are left
    /// out; what was done before the first of them is not, as its outcome lies in them.
    pub fn estimate_of(
        &self,
        periods: Range<usize>,
        claim: &Claim,
        held_fixed: &[usize],
    ) -> Result<LinkEstimate, NoEvidence> {
        let read = periods.start.saturating_sub(claim.lag)..periods.end;
        let cut = |values: &Values| -> Values {
            let cut =
                |values: &Vec<Option<f64>>| values.get(read.clone()).unwrap_or_default().to_vec();
            values.iter().map(cut).collect()
        };
        let mut outcome = cut(&self.outcome);
        for values in &mut outcome {
            for value in values.iter_mut().take(periods.start - read.start) {
                *value = None;
            }
        }
        let driver = cut(&self.driver);
        let others: Vec<Values> = held_fixed
            .iter()
            .filter_map(|at| self.others.get(*at).map(cut))
            .collect();
        let others: Vec<&[Vec<Option<f64>>]> = others.iter().map(Vec::as_slice).collect();
        let data = LinkData {
            driver: &driver,
            outcome: &outcome,
            controls: &others,
        };
        estimate(&data, claim)
    }

    fn worked(&self, claim: &Claim) -> Worked {
        let alone = estimate(&self.with(&[]), claim);
        let enough = |rows: usize| {
            let all = alone.as_ref().map_or(0, |alone| alone.rows);
            rows as f64 >= KEPT_MIN * all as f64
        };
        // Another cause that is often missing would take the link's own data away.
        let held_fixed: Vec<usize> = (0..self.others.len())
            .filter(|at| {
                let kept = estimate(&self.with(&[&self.others[*at]]), claim);
                kept.is_ok_and(|kept| enough(kept.rows))
            })
            .collect();
        let others: Vec<&[Vec<Option<f64>>]> =
            held_fixed.iter().map(|at| &self.others[*at][..]).collect();
        let data = self.with(&others);
        let (held, alone) = match held_fixed.is_empty() {
            true => (alone, None),
            false => (estimate(&data, claim), alone.ok()),
        };
        Worked {
            checks: held.is_ok().then(|| checks(&data, claim).ok()).flatten(),
            follows: held
                .as_ref()
                .map_or_else(|_| Vec::new(), |_| follows(&data, claim.lag)),
            estimate: held,
            alone,
            held_fixed,
        }
    }
}

/// What follows a change of the driver, as long as half of the pairs of the first period are left.
fn follows(data: &LinkData<'_>, lag: usize) -> Vec<Projection> {
    let until = (lag + FOLLOWED_BEYOND).clamp(FOLLOWED_MIN, FOLLOWED_MAX);
    let found = projections(data, until).unwrap_or_default();
    let all = found.first().map_or(0, |first| first.rows);
    found
        .into_iter()
        .take_while(|one| 2 * one.rows >= all)
        .collect()
}

/// What the data of each link of a survey give.
pub(super) fn work_out(
    panels: &Panels,
    survey: &Survey,
    estimates: &Estimates,
) -> BTreeMap<throughline_core::LinkId, Arc<Worked>> {
    let mut worked = BTreeMap::new();
    for (link, asked) in &survey.links {
        let Ok(asked) = asked else { continue };
        let data = Data::of(panels, asked);
        let fingerprint = data.fingerprint(&asked.pair.claim);
        let found = estimates.known.get(&fingerprint).unwrap_or_else(|| {
            let found = Arc::new(data.worked(&asked.pair.claim));
            estimates.known.put(fingerprint, Arc::clone(&found), 1);
            found
        });
        worked.insert(*link, found);
    }
    worked
}
