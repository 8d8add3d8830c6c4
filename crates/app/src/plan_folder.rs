//! A plan folder brought together with what the ledger holds: what `check`, `diff` and `apply` have in common.

use std::sync::Arc;

use throughline_core::{Finding, Place, Severity};
use throughline_ledger::{Ledger, PlanClock};
use throughline_model::check::check;
use throughline_model::diff::{Difference, diff};
use throughline_model::lint::lint;
use throughline_model::merge::{Conflict, Folder, propose};
use throughline_model::observation::CommitNumber;
use throughline_model::text::{self, PlanFile, PlanText};
use throughline_model::{Change, Kind, Model};

use crate::{AppError, Ctx, PlanConflict, Remarks};

/// What a folder would do to the plan that holds.
pub(crate) struct Prepared {
    /// The plan before.
    pub before: Arc<Model>,
    /// The plan after.
    pub after: Model,
    /// What is to be committed.
    pub changes: Vec<Change>,
    /// The same in words.
    pub differences: Vec<Difference>,
    /// Records that are missing from a section that is there, and stay.
    pub left_out: Vec<(Kind, String)>,
    /// Errors and warnings about the plan after.
    pub remarks: Remarks,
    /// What was changed on both sides. Nothing may be committed while there is any.
    pub conflicts: Vec<(Conflict, Remarks)>,
}

/// The two plans that a folder is read against.
pub(crate) struct Plans {
    /// The plan that the folder was exported from.
    pub base: Arc<Model>,
    /// The plan that holds.
    pub head: Arc<Model>,
    /// The commit that the folder names and the ledger does not have.
    unknown_base: Option<(CommitNumber, CommitNumber)>,
}

impl Plans {
    /// The plans for a folder on top of `head`; without a ledger both are empty.
    pub async fn of(
        files: &[PlanFile],
        ledger: Option<&Ledger>,
        head: Arc<Model>,
    ) -> Result<Plans, AppError> {
        let (Some(ledger), Some(named)) = (ledger, text::base_of(files)) else {
            return Ok(Plans {
                base: Arc::clone(&head),
                head,
                unknown_base: None,
            });
        };
        let last = ledger.head().await?.number;
        if named > last {
            return Ok(Plans {
                base: Arc::clone(&head),
                head,
                unknown_base: Some((named, last)),
            });
        }
        let base = ledger.model(PlanClock::Commit(named)).await?;
        Ok(Plans {
            base,
            head,
            unknown_base: None,
        })
    }
}

/// Reads a folder and works out what it would do.
///
/// # Errors
/// [`AppError::BadInput`] if the folder cannot be read as a plan.
pub(crate) fn prepare(
    ctx: &Ctx,
    files: &[PlanFile],
    plans: &Plans,
    retire: bool,
) -> Result<Prepared, AppError> {
    ctx.step("Reading the plan");
    let reading = text::read(files, &plans.base, &plans.head, &mut ctx.ids());
    let Some(plan) = reading.plan else {
        return Err(AppError::BadInput {
            message: "the plan has errors".to_owned(),
            remarks: reading.diagnostics.into(),
        });
    };
    ctx.step("Checking the plan");
    let mut remarks = Remarks::from(reading.diagnostics);
    if let Some((named, last)) = plans.unknown_base {
        remarks.add([unknown_base(&plan, named, last)], &plan.places);
    }
    let folder = Folder {
        sections: &plan.sections,
        records: &plan.records,
    };
    let proposal = propose(&plans.base, &plans.head, folder, retire);
    let after = plans.head.with(proposal.changes.iter().cloned());
    let mut findings = check(&after);
    // What is wrong makes weaknesses beside it hard to tell; they wait until it is mended.
    if !findings
        .iter()
        .any(|finding| finding.severity == Severity::Error)
    {
        findings.extend(lint(&after));
    }
    remarks.add(findings, &plan.places);
    let conflicts = proposal.conflicts.into_iter().map(|conflict| {
        let mut said = Remarks::default();
        said.add([conflict.finding()], &plan.places);
        (conflict, said)
    });
    let conflicts = conflicts.collect();
    let named = |(kind, id): (Kind, _)| Some((kind, plans.head.key_of(kind, id)?));
    Ok(Prepared {
        before: Arc::clone(&plans.head),
        differences: diff(&plans.head, &after),
        after,
        changes: proposal.changes,
        left_out: proposal.left_out.into_iter().filter_map(named).collect(),
        remarks,
        conflicts,
    })
}

fn unknown_base(plan: &PlanText, named: CommitNumber, last: CommitNumber) -> Finding {
    let organisation = plan
        .records
        .iter()
        .find(|record| record.kind() == Kind::Organisation);
    let key = organisation
        .map(|record| record.key(&Model::default()))
        .unwrap_or_default();
    let message = format!("the folder was exported at commit {named}, and the ledger has {last}");
    Finding::error("unknown-base", message)
        .at(Place::record(Kind::Organisation.word(), key).field("base"))
        .with_help(
            "apply it to the ledger that it came from, or take `base` out to let the folder win",
        )
}

/// The conflicts with who made the other change, when and why.
pub(crate) async fn told(
    ledger: &Ledger,
    head: &Model,
    conflicts: Vec<(Conflict, Remarks)>,
) -> Result<Vec<PlanConflict>, AppError> {
    let mut told = Vec::new();
    for (conflict, said) in conflicts {
        let versions = ledger.record_history(conflict.kind, conflict.id).await?;
        let changed_by = versions
            .into_iter()
            .map(|version| version.commit)
            .max_by_key(|commit| commit.number);
        let author = changed_by.as_ref().and_then(|commit| commit.author);
        told.push(PlanConflict {
            finding: conflict.finding(),
            diagnostic: said.placed.into_iter().next(),
            author: author.and_then(|person| head.key_of(Kind::Person, person.as_uuid())),
            changed_by,
        });
    }
    Ok(told)
}
