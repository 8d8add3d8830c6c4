//! What was looked up in the history of a ledger and may be asked for again. The past does not change, and to look it up
//! can take as long as the ledger is: each thing is looked up once for all who ask, and what is long one after the other.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::{Range, RangeInclusive};
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use throughline_core::{Actor, Frequency, Period, UnitId};
use throughline_ledger::{Commit, Ledger, PlanClock, RecordVersion};
use throughline_model::Kind;
use throughline_model::diff::Difference;
use throughline_model::observation::CommitNumber;
use tokio::sync::Mutex;
use uuid::Uuid;

use super::remembered::{Limits, Remembered};
use super::since::Since;
use crate::AppError;
use crate::history::{MovedTargets, Restated, Told};

/// Differences between plans that are remembered: how many pairs, and how many changes they may have together.
const DIFFERENCES: Limits = Limits {
    most: 256,
    heaviest: 100_000,
};
/// Commits of which it is remembered where their observations stand, and how many stretches these may be together. One takes
/// some 30 bytes.
const RECORDED: Limits = Limits {
    most: 64,
    heaviest: 1_000_000,
};
/// Commits that are remembered with who made them.
const COMMITS: Limits = Limits {
    most: 65_536,
    heaviest: 65_536,
};
/// Records of which the versions are remembered, and how many these may be together.
const VERSIONS: Limits = Limits {
    most: 16_384,
    heaviest: 65_536,
};
/// Targets that moved are remembered once, with so many points that did. One takes some 500 bytes.
const MOVED: Limits = Limits {
    most: 1,
    heaviest: 100_000,
};
/// Comparisons of readings that are remembered, and how many readings that differ they may have together.
const RESTATED: Limits = Limits {
    most: 128,
    heaviest: 100_000,
};

/// What was looked up.
pub struct LookedUp {
    /// The differences between two plans, as an actor sees them on a day.
    pub(crate) differences: Remembered<DifferencesKey, Arc<Vec<Difference>>>,
    /// Where the observations of a commit stand among all.
    pub(crate) recorded: Remembered<CommitNumber, Arc<OfUnits>>,
    /// The versions of a record, as [`Ledger::record_history`] has them.
    pub(crate) versions: Remembered<(Kind, Uuid), Arc<Vec<RecordVersion>>>,
    /// The targets that moved, all of them.
    pub(crate) moved: Remembered<(), Arc<MovedTargets>>,
    /// Readings that differ between two instants.
    pub(crate) restated: Remembered<RestatedKey, Arc<Restated>>,
    commits: Remembered<CommitNumber, Told>,
    /// Held by whoever looks up what is long, so that several are not on their way into memory at once.
    pub(crate) turn: Mutex<()>,
}

/// The rows of a commit in stretches of one unit each, in their order.
pub(crate) type OfUnits = Vec<(UnitId, Range<usize>)>;

/// Who sees a difference on which day, and between which plans.
type DifferencesKey = ((Actor, Date), [PlanClock; 2]);

/// What a comparison of readings is a function of, beside the ledger: who sees it on which day, where, in which period, between
/// which instants, and of which measure, if only one was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RestatedKey {
    pub(crate) of_whom: (Actor, Date),
    pub(crate) unit: UnitId,
    /// Two periods of the same days are equal and have different names.
    pub(crate) period: (Period, Frequency),
    pub(crate) span: (Timestamp, Timestamp),
    pub(crate) measure: Option<String>,
}

impl LookedUp {
    /// Nothing yet.
    pub(super) fn new() -> LookedUp {
        LookedUp {
            differences: Remembered::new(DIFFERENCES),
            recorded: Remembered::new(RECORDED),
            versions: Remembered::new(VERSIONS),
            moved: Remembered::new(MOVED),
            restated: Remembered::new(RESTATED),
            commits: Remembered::new(COMMITS),
            turn: Mutex::new(()),
        }
    }

    /// What holds of it after what became known since, of which no target is.
    pub(super) fn carried(&self, since: &Since) -> LookedUp {
        let is_past = |at| since.is_past(at);
        LookedUp {
            differences: self.differences.carried(|(_, plans)| {
                let mut plans = plans.iter();
                plans.all(|plan| since.keeps_plan_of(plan))
            }),
            recorded: self.recorded.carried(|_| true),
            versions: self.versions.carried(|_| since.keeps_versions()),
            moved: self.moved.carried(|()| true),
            restated: self
                .restated
                .carried(|key| is_past(key.span.0) && is_past(key.span.1)),
            commits: self.commits.carried(|_| true),
            turn: Mutex::new(()),
        }
    }

    /// The commits with these numbers; those are read that are not remembered.
    pub(crate) async fn commits(
        &self,
        ledger: &Ledger,
        numbers: &BTreeSet<CommitNumber>,
        tell: impl Fn(Commit) -> Told,
    ) -> Result<BTreeMap<CommitNumber, Told>, AppError> {
        let remembered = numbers
            .iter()
            .filter_map(|number| Some((*number, self.commits.get(number)?)));
        let mut found: BTreeMap<CommitNumber, Told> = remembered.collect();
        let missing: BTreeSet<CommitNumber> = numbers
            .iter()
            .copied()
            .filter(|number| !found.contains_key(number))
            .collect();
        for commit in read_commits(ledger, &missing).await? {
            let told = tell(commit);
            let number = told.commit.number;
            self.commits.put(number, told.clone(), 1);
            found.insert(number, told);
        }
        Ok(found)
    }
}

/// The commits with these numbers.
pub(crate) async fn read_commits(
    ledger: &Ledger,
    numbers: &BTreeSet<CommitNumber>,
) -> Result<Vec<Commit>, AppError> {
    let mut found = Vec::with_capacity(numbers.len());
    for stretch in stretches(numbers) {
        let read = ledger.commits(stretch).await?.into_iter();
        found.extend(read.filter(|commit| numbers.contains(&commit.number)));
    }
    Ok(found)
}

/// Commits that lie this near to each other are read together with those between them.
const NEAR: u64 = 32;

/// The stretches of numbers in which these lie.
fn stretches(numbers: &BTreeSet<CommitNumber>) -> Vec<RangeInclusive<u64>> {
    let mut stretches: Vec<RangeInclusive<u64>> = Vec::new();
    for CommitNumber(number) in numbers.iter().copied() {
        match stretches.last_mut() {
            Some(last) if number - last.end() <= NEAR => *last = *last.start()..=number,
            _ => stretches.push(number..=number),
        }
    }
    stretches
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_near_is_read_together() {
        let check = |numbers: &[u64], expected: &[RangeInclusive<u64>]| {
            let numbers = numbers.iter().copied().map(CommitNumber).collect();
            assert_eq!(stretches(&numbers), expected, "{numbers:?}");
        };
        check(&[], &[]);
        check(&[7], &[7..=7]);
        check(&[2, 1, 3], &[1..=3]);
        check(
            &[1, 1 + NEAR, 2 + 2 * NEAR],
            &[1..=1 + NEAR, 2 + 2 * NEAR..=2 + 2 * NEAR],
        );
        check(&[1, 1_000_000], &[1..=1, 1_000_000..=1_000_000]);
    }
}
