//! Taking back what a commit changed in the plan, with the figures that it brought: a commit of its own, which leaves what
//! was changed since.

use std::collections::BTreeSet;
use std::sync::Arc;

use throughline_core::{Finding, Severity};
use throughline_ledger::{Commit, CommitKind, Ledger, PlanClock};
use throughline_model::check::check_standing;
use throughline_model::diff::Difference;
use throughline_model::merge::{Conflict, Folder, propose};
use throughline_model::observation::CommitNumber;
use throughline_model::value::ById;
use throughline_model::{AnyRecord, Change, Kind, Model};

use super::is_of_reviews;
use super::withdraw::withdrawn;
use crate::access::gives_access;
use crate::consequences::consequences;
use crate::once::{self, Once};
use crate::plan_folder::{differences, told};
use crate::policy::{ChangePlan, Object};
use crate::remarks::Remarks;
use crate::{AppError, Ctx};

/// What was taken back.
#[derive(Debug)]
pub struct TakenBack {
    /// The commit that does it; `None` where the plan is so already.
    pub commit: Option<Commit>,
    /// What it changed.
    pub differences: Vec<Difference>,
}

/// Puts back what was there before a commit, in the plan and in the cells that it recorded: all of it, or nothing.
///
/// # Errors
/// If there is no such commit, it changed nothing in the plan, what it changed was changed again or others rest on it, the
/// plan would have errors, or the actor may not change the plan.
pub async fn take_back(ctx: &Ctx, number: CommitNumber) -> Result<TakenBack, AppError> {
    let proof = ctx.authorize::<ChangePlan>(Object::Organisation).await?;
    let ledger = ctx.ledger(&proof)?.clone();
    let once = Once::of(ctx, "take a commit back", &[&number.0.to_be_bytes()])?;
    let reversal = Reversal::of(&ledger, number).await?;
    let mut writer = ctx.writer(&ledger, &proof).await?;
    if let Some(numbers) = once.earlier_in(&mut writer).await? {
        let commit = once::commits(&ledger, &numbers).await?.pop();
        return Ok(TakenBack {
            commit,
            differences: Vec::new(),
        });
    }
    let head = Arc::clone(writer.model());
    let changes = reversal.on(ctx, &ledger, &head).await?;
    if gives_access(&head, &changes) {
        let message = "this commit changed who may do what, which is not taken back";
        let error = AppError::bad_request(message);
        return Err(error.with_help("give the role anew on the page Access"));
    }
    let back = withdrawn(ctx, &ledger, &reversal.commit, &changes).await?;
    let after = head.with(changes.iter().cloned());
    let findings = consequences(ctx, &ledger, (&*head, &after), &changes).await?;
    refuse_errors(check_standing(&after).into_iter().chain(findings))?;
    let differences = differences(&ctx.sight().await?, &head, &after);
    let commit = ctx.commit(&head)?.with_changes(changes);
    let appended = writer.append(commit.with_observations(back)).await?;
    let number = appended.commit.as_ref().map(|commit| commit.number.0);
    let numbers: Vec<u64> = number.into_iter().collect();
    once.keep(ctx, &mut writer, &numbers).await?;
    writer.finish().await?;
    Ok(TakenBack {
        commit: appended.commit,
        differences,
    })
}

/// The way back from a commit.
struct Reversal {
    /// The commit.
    commit: Commit,
    /// The plan that it made.
    made: Arc<Model>,
    /// What it changed, as it was before.
    before: Vec<AnyRecord>,
    /// What was not there before.
    new: Vec<AnyRecord>,
}

impl Reversal {
    async fn of(ledger: &Ledger, number: CommitNumber) -> Result<Reversal, AppError> {
        let newest = ledger.head().await?.number;
        if number.0 == 0 || number > newest {
            return Err(AppError::not_found("there is no such commit"));
        }
        let commit = ledger.commit(number).await?;
        if commit.kind == CommitKind::Erasure {
            return Err(AppError::bad_request("an erasure cannot be taken back"));
        }
        let changes = ledger.changes(number).await?;
        let mut kinds = changes.iter().map(|change| change.identity().0);
        if kinds.clone().any(Kind::is_worked_out) {
            let message = "this commit keeps grades of links, which are worked out";
            return Err(AppError::bad_request(message)
                .with_help("correct the observations; the next period's grades follow them"));
        }
        if let Some(kind) = kinds.find(|kind| is_of_reviews(*kind)) {
            let message = format!("this commit is about a {kind}, which a review holds");
            return Err(AppError::bad_request(message).with_help("undo it in its review"));
        }
        if changes.is_empty() {
            return Err(AppError::bad_request(
                "this commit changed nothing in the plan",
            ));
        }
        let made = ledger.model(PlanClock::Commit(number)).await?;
        let earlier = match number.0 {
            1 => Arc::new(Model::default()),
            number => {
                ledger
                    .model(PlanClock::Commit(CommitNumber(number - 1)))
                    .await?
            }
        };
        let (mut before, mut new) = (Vec::new(), Vec::new());
        for (kind, id) in changes.iter().map(Change::identity) {
            match (earlier.record(kind, id), made.record(kind, id)) {
                (Some(record), _) => before.push(record),
                (None, Some(record)) => new.push(record),
                (None, None) => {}
            }
        }
        Ok(Reversal {
            commit,
            made,
            before,
            new,
        })
    }

    /// The changes that lead back, on top of the newest plan.
    async fn on(&self, ctx: &Ctx, ledger: &Ledger, head: &Model) -> Result<Vec<Change>, AppError> {
        let folder = Folder {
            sections: &BTreeSet::new(),
            records: &self.before,
            retire: false,
            wins: false,
        };
        let proposal = propose(&self.made, head, folder);
        // Whoever was renamed since is still the same one.
        let by_id = ById(head.calendar());
        let changed_since: Vec<&AnyRecord> = self
            .new
            .iter()
            .filter(|made| {
                let now = head.record(made.kind(), made.id());
                now.is_some_and(|now| now.write(&by_id) != made.write(&by_id))
            })
            .collect();
        if !proposal.conflicts.is_empty() || !changed_since.is_empty() {
            let sight = ctx.sight().await?;
            let conflicts = proposal.conflicts.into_iter();
            let conflicts: Vec<(Conflict, Remarks)> = conflicts
                .map(|conflict| (sight.conflict(conflict), Remarks::default()))
                .collect();
            let names: Vec<String> = changed_since
                .iter()
                .map(|record| record.key(head))
                .collect();
            let what = match names.is_empty() {
                true => String::new(),
                false => format!(": {}", names.join(", ")),
            };
            return Err(AppError::Conflict {
                message: format!(
                    "what this commit changed was changed again since; nothing was taken back{what}"
                ),
                conflicts: told(ledger, head, conflicts).await?,
            });
        }
        let retired = self
            .new
            .iter()
            .filter(|made| head.record(made.kind(), made.id()).is_some());
        let retired = retired.map(|made| Change::Retire(made.kind(), made.id()));
        Ok(proposal.changes.into_iter().chain(retired).collect())
    }
}

/// Refuses a plan that would have errors.
fn refuse_errors(findings: impl Iterator<Item = Finding>) -> Result<(), AppError> {
    let mut remarks = Remarks::default();
    let errors = findings.filter(|finding| finding.severity == Severity::Error);
    remarks.add_unplaced(errors);
    match remarks.errors() {
        0 => Ok(()),
        _ => Err(AppError::BadInput {
            message: "the plan would have errors; nothing was taken back".to_owned(),
            remarks,
        }),
    }
}
