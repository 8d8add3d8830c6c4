//! The stretches of periods whose data of a link are weighed alone. Evidence of separate data multiplies, and what speaks for
//! a link again after it was supported is a replication.
//!
//! A block is closed as soon as its data are enough to tell by themselves, and then keeps its periods. Its evidence is worked
//! out again each time, so that a restatement counts from the start.

use throughline_core::Period;
use throughline_insight::links::Claim;
use throughline_model::records::{Block, Grade};

use super::estimate::Data;

/// Evidence above this, or below one over it, leaves no question open; more is not kept.
const EVIDENCE_MAX: f64 = 1e9;

/// The blocks of a link.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Blocks {
    /// Each block, the oldest first.
    pub all: Vec<Block>,
    /// The last period of the data on which the link was first supported, as long as it is.
    supported_by: Option<Period>,
}

impl Blocks {
    /// Weighs the blocks of a link in those periods anew: those that were kept of the same claim, and what came since.
    pub fn weigh(
        data: &Data,
        claim: &Claim,
        held_fixed: &[usize],
        periods: &[Period],
        kept: Option<&Grade>,
    ) -> Blocks {
        let supported_by = kept.and_then(|kept| kept.supported_by);
        let weighed = |from: usize, until: usize| {
            let estimate = data.estimate_of(from..until, claim, held_fixed).ok()?;
            Some((
                Block {
                    from: *periods.get(from)?,
                    until: *periods.get(until.checked_sub(1)?)?,
                    n: estimate.rows as f64,
                    effect: estimate.effect,
                    error: estimate.widened_error,
                    e: bounded(estimate.evidence),
                    e_against: bounded(estimate.evidence_against),
                },
                estimate.tells(),
            ))
        };
        let first = periods.first().map(|period| period.first);
        let kept = kept.map_or(&[][..], |kept| &kept.blocks);
        let mut all: Vec<Block> = kept
            .iter()
            .filter_map(|block| {
                // What lies before the periods that are read stays as it was weighed then.
                if first.is_none_or(|first| block.from.first < first) {
                    return Some(block.clone());
                }
                let from = periods.partition_point(|one| one.last < block.from.last);
                let until = periods.partition_point(|one| one.last <= block.until.last);
                weighed(from, until).map(|(block, _)| block)
            })
            .collect();
        let last = [kept.last().map(|block| block.until), supported_by];
        let last = last.into_iter().flatten().map(|period| period.last).max();
        let rest = last.map_or(0, |last| periods.partition_point(|one| one.last <= last));
        if let Some((block, true)) = weighed(rest, periods.len()) {
            all.push(block);
        }
        Blocks { all, supported_by }
    }

    /// The evidence of all blocks; `None` where there is none.
    pub fn evidence(&self) -> Option<f64> {
        product(self.all.iter().map(|block| block.e))
    }

    /// The same for the opposite of the claim.
    pub fn evidence_against(&self) -> Option<f64> {
        product(self.all.iter().map(|block| block.e_against))
    }

    /// The evidence of what came after the data on which the link was first supported.
    pub fn replication(&self) -> Option<f64> {
        let supported_by = self.supported_by?.last;
        let later = self
            .all
            .iter()
            .filter(|block| block.from.first > supported_by);
        product(later.map(|block| block.e))
    }
}

fn bounded(evidence: f64) -> f64 {
    evidence.clamp(1.0 / EVIDENCE_MAX, EVIDENCE_MAX)
}

fn product(evidence: impl Iterator<Item = f64>) -> Option<f64> {
    evidence.reduce(|all, one| bounded(all * one))
}
