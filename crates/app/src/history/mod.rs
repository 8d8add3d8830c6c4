//! Who changed what, when and why: commits, versions of a record, values of a cell, restatements, drift of targets.

mod between;
mod cell;
mod chronicle;
mod commit;
mod commits;
mod drift;
mod record;
mod restatements;

use std::collections::BTreeMap;
use std::sync::Arc;

use throughline_ledger::{Commit, Ledger, PlanClock};
use throughline_model::observation::CommitNumber;
use throughline_model::{Kind, Model};

pub use between::{PlanChanges, plan_changes};
pub use cell::{CellHistory, RecordedValue, cell_history};
pub use chronicle::{
    COMMITS_ON_A_PAGE, CommitAbout, CommitFilter, CommitPage, FilterPart, ToldCommit, commit_page,
    wrong_day,
};
pub use commit::{CommitChanges, commit_changes};
pub use commits::{CommitList, commits};
pub use drift::{Drift, DriftReport, target_drift};
pub(crate) use drift::{MovedTargets, drift_of};
pub use record::{RecordHistory, Version, record_history};
pub(crate) use restatements::Restated;
pub use restatements::{Restatement, Restatements, restatements};

use crate::AppError;

/// A commit, and who made it by name.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    /// The commit.
    pub commit: Commit,
    /// The key of its author, where one is known.
    pub author: Option<String>,
}

/// Tells of commits: who made them, by the plan of today.
pub(crate) struct Teller {
    commits: BTreeMap<CommitNumber, Commit>,
    model: Arc<Model>,
}

impl Teller {
    pub(crate) async fn of(ledger: &Ledger) -> Result<Teller, AppError> {
        let commits = ledger.commits(..).await?;
        Ok(Teller {
            commits: commits
                .into_iter()
                .map(|commit| (commit.number, commit))
                .collect(),
            model: ledger.model(PlanClock::Newest).await?,
        })
    }

    /// The commit with that number.
    pub(crate) fn tell(&self, number: CommitNumber) -> Option<Told> {
        self.commits
            .get(&number)
            .map(|commit| told(commit.clone(), &self.model))
    }
}

/// The commit, and who made it by name.
pub(crate) fn told(commit: Commit, model: &Model) -> Told {
    let author = commit.author;
    Told {
        author: author.and_then(|person| model.key_of(Kind::Person, person.as_uuid())),
        commit,
    }
}
