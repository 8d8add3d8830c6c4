//! A plan folder brought together with what the ledger holds: what `check`, `diff` and `apply` have in common.

use std::sync::Arc;

use throughline_core::{Finding, Place, Severity};
use throughline_ledger::{CommitKind, Ledger, PlanClock};
use throughline_model::check::{check, check_after};
use throughline_model::diff::{Changed, Difference, diff};
use throughline_model::lint::lint;
use throughline_model::merge::{Conflict, Folder, propose};
use throughline_model::observation::CommitNumber;
use throughline_model::text::{self, Base, Places, PlanFile, PlanText};
use throughline_model::{AnyRecord, Change, Kind, Model};

use crate::consequences::consequences;
use crate::sight::Sight;
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
    /// What the changes do to observations that are there: warnings and notes.
    pub consequences: Remarks,
    /// What was changed on both sides. Nothing may be committed while there is any.
    pub conflicts: Vec<(Conflict, Remarks)>,
    /// What the plan after says otherwise than the folder: it was changed in the ledger since the base, and stays.
    pub newer: Vec<Difference>,
}

/// How a folder is brought together with the ledger.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct FolderOptions {
    /// Whether records are retired that are missing from a section that is there.
    pub retire: bool,
    /// Whether the folder wins where both changed the same field.
    pub folder_wins: bool,
}

/// After every commit.
const NEWEST: CommitNumber = CommitNumber(u64::MAX);

/// The two plans that a folder is read against.
pub(crate) struct Plans {
    /// The plan that the folder was exported from.
    pub base: Arc<Model>,
    /// The plan that holds.
    pub head: Arc<Model>,
    /// The base that the folder names and the ledger does not have, and the last commit that it has.
    unknown_base: Option<(Base, CommitNumber)>,
    /// How many persons were erased since the base; without a base, ever.
    erased: usize,
    /// Whether the folder names a base.
    has_base: bool,
    /// Whether `head` is the plan of today. What an older one did to observations is not asked again.
    is_newest: bool,
}

impl Plans {
    /// The plans for a folder on top of `head`; without a ledger both are empty.
    pub async fn of(
        files: &[PlanFile],
        ledger: Option<&Ledger>,
        head: Arc<Model>,
    ) -> Result<Plans, AppError> {
        Plans::as_of(files, ledger, head, NEWEST).await
    }

    /// The plans for a folder on top of the plan that holds; without a ledger there is none.
    pub async fn onto(files: &[PlanFile], ledger: Option<&Ledger>) -> Result<Plans, AppError> {
        let head = match ledger {
            Some(ledger) => ledger.model(PlanClock::Newest).await?,
            None => Arc::new(Model::default()),
        };
        Plans::of(files, ledger, head).await
    }

    /// The plans for a folder on top of `head`, the plan of that commit, as if none were after it.
    pub async fn as_of(
        files: &[PlanFile],
        ledger: Option<&Ledger>,
        head: Arc<Model>,
        last: CommitNumber,
    ) -> Result<Plans, AppError> {
        let nothing_else = |unknown_base, erased| Plans {
            base: Arc::clone(&head),
            head: Arc::clone(&head),
            unknown_base,
            erased,
            has_base: false,
            is_newest: last == NEWEST,
        };
        let Some(ledger) = ledger else {
            return Ok(nothing_else(None, 0));
        };
        let named = text::base_of(files);
        let first = named.as_ref().map_or(1, |base| base.commit.0);
        // The base itself, and what was committed since.
        let commits = ledger.commits(first..=last.0).await?;
        let erasures = commits
            .iter()
            .filter(|commit| commit.kind == CommitKind::Erasure);
        let erased = erasures.count();
        // As of an older commit a newer base is what was written into the folder since.
        let Some(named) = named.filter(|base| last == NEWEST || base.commit <= last) else {
            return Ok(nothing_else(None, erased));
        };
        let Some(known) = commits
            .first()
            .filter(|commit| named.names(commit.number, &commit.hash.to_string()))
        else {
            let last = ledger.head().await?.number;
            // Into a ledger that nothing was written to any folder goes.
            let unknown = (last > CommitNumber(0)).then_some((named, last));
            return Ok(nothing_else(unknown, 0));
        };
        Ok(Plans {
            base: ledger.model(PlanClock::Commit(known.number)).await?,
            head,
            unknown_base: None,
            // The folder was exported after the base, also where that was an erasure itself.
            erased: erased - usize::from(known.kind == CommitKind::Erasure),
            has_base: true,
            is_newest: last == NEWEST,
        })
    }
}

/// Reads a folder and works out what it would do, and what that does to the observations that are there.
///
/// # Errors
/// [`AppError::BadInput`] if the folder cannot be read as a plan.
pub(crate) async fn prepare(
    ctx: &Ctx,
    files: &[PlanFile],
    plans: &Plans,
    ledger: Option<&Ledger>,
    options: FolderOptions,
) -> Result<Prepared, AppError> {
    let (mut prepared, places) = merged(ctx, files, plans, options).await?;
    if let Some(ledger) = ledger.filter(|_| plans.is_newest) {
        let models = (&*prepared.before, &prepared.after);
        let findings = consequences(ctx, ledger, models, &prepared.changes).await?;
        let (errors, others): (Vec<Finding>, Vec<Finding>) = findings
            .into_iter()
            .partition(|finding| finding.severity == Severity::Error);
        prepared.remarks.add(errors, &places);
        let replaced = replaced(files, plans, &prepared.differences);
        prepared
            .consequences
            .add(replaced.into_iter().chain(others), &places);
    }
    // What is wrong makes weaknesses beside it hard to tell; they wait until it is mended.
    if prepared.remarks.errors() == 0 {
        prepared.remarks.add(lint(&prepared.after), &places);
    }
    Ok(prepared)
}

/// Reads a folder and brings it together with the ledger.
async fn merged(
    ctx: &Ctx,
    files: &[PlanFile],
    plans: &Plans,
    options: FolderOptions,
) -> Result<(Prepared, Places), AppError> {
    ctx.step("Reading the plan");
    let reading = text::read(files, &plans.base, &plans.head, &mut ctx.ids());
    let Some(plan) = reading.plan else {
        let mut remarks = Remarks::from(reading.diagnostics);
        let is_there = files.iter().any(|file| file.path == "organisation.yaml");
        if !is_there && plans.head.organisation().is_none() {
            // What is missing in a plan of nothing: the names of units and people that are not known follow from it.
            remarks.add_unplaced(check(&Model::default()));
        }
        return Err(AppError::BadInput {
            message: "the plan has errors".to_owned(),
            remarks,
        });
    };
    ctx.step("Checking the plan");
    let mut remarks = Remarks::from(reading.diagnostics);
    if let Some((named, last)) = &plans.unknown_base {
        remarks.add([unknown_base(&plan, named, *last)], &plan.places);
    }
    remarks.add(perhaps_erased(&plan, plans), &plan.places);
    let sight = ctx.sight().await?;
    let records = completed(&sight, &plan, &[&plans.base, &plans.head]);
    let folder = Folder {
        sections: &plan.sections,
        records: &records,
        retire: options.retire,
        wins: options.folder_wins,
    };
    let proposal = propose(&plans.base, &plans.head, folder);
    let after = plans.head.with(proposal.changes.iter().cloned());
    remarks.add(check_after(&plans.head, &after), &plan.places);
    let conflicts = proposal.conflicts.into_iter().map(|conflict| {
        let conflict = sight.conflict(conflict);
        let mut said = Remarks::default();
        said.add([conflict.finding()], &plan.places);
        (conflict, said)
    });
    let conflicts: Vec<(Conflict, Remarks)> = conflicts.collect();
    let named = |(kind, id): (Kind, _)| Some((kind, plans.head.key_of(kind, id)?));
    let newer = if plans.has_base {
        // What the folder leaves out is as new as the plan.
        let records = completed(&sight, &plan, &[&after]);
        let folder = Folder {
            records: &records,
            ..folder
        };
        let folder_alone = propose(&after, &after, folder);
        let folder_alone = Arc::new(after.with(folder_alone.changes));
        let mut newer = differences(&sight, &folder_alone, &after);
        // What both changed is told as a conflict; what the folder says there is in no ledger.
        newer.retain(|one| {
            !conflicts
                .iter()
                .any(|conflict| is_in_conflict(one, &conflict.0))
        });
        newer
    } else {
        Vec::new()
    };
    let prepared = Prepared {
        newer,
        consequences: Remarks::default(),
        before: Arc::clone(&plans.head),
        differences: differences(&sight, &plans.head, &after),
        after,
        changes: proposal.changes,
        left_out: proposal.left_out.into_iter().filter_map(named).collect(),
        remarks,
        conflicts,
    };
    Ok((prepared, plan.places))
}

/// Whether a difference is of the part of a record that both sides changed.
fn is_in_conflict(difference: &Difference, conflict: &Conflict) -> bool {
    let is_same_record = difference.kind == conflict.kind && difference.id == Some(conflict.id);
    match &difference.change {
        Changed::Part(part) => is_same_record && part.path == conflict.path,
        _ => is_same_record && conflict.path.is_empty(),
    }
}

/// The records of a folder, with what its writer could not see or leaves out as it is in the first of these plans that has
/// the record.
fn completed(sight: &Sight, plan: &PlanText, before: &[&Model]) -> Vec<AnyRecord> {
    let completed = |record: &AnyRecord| {
        let (kind, id) = (record.kind(), record.id());
        let mut known = before.iter().filter_map(|model| model.record(kind, id));
        known.next().map_or_else(
            || record.clone(),
            |before| sight.completed(record, &before, &plan.left_out),
        )
    };
    plan.records.iter().map(completed).collect()
}

/// What an actor sees of what differs.
pub(crate) fn differences(sight: &Sight, before: &Arc<Model>, after: &Model) -> Vec<Difference> {
    let before = sight.plan(Arc::clone(before));
    let after = sight.plan(Arc::new(after.clone()));
    diff(&before, &after)
}

/// New persons of a folder from before somebody was erased. Whom the ledger forgot it cannot tell from somebody new, and
/// what is erased must not come back by itself.
fn perhaps_erased(plan: &PlanText, plans: &Plans) -> Vec<Finding> {
    if plans.erased == 0 {
        return Vec::new();
    }
    let is_new = |record: &&AnyRecord| {
        let (kind, id) = (record.kind(), record.id());
        let known = [&plans.base, &plans.head];
        kind == Kind::Person && known.iter().all(|model| model.record(kind, id).is_none())
    };
    let finding = |record: &AnyRecord| {
        let key = record.key(&Model::default());
        let place = Place::record(Kind::Person.word(), key.clone());
        let finding = if plans.has_base {
            let message = format!(
                "person {key} is not in the ledger, and somebody was erased since the folder was exported"
            );
            Finding::error("perhaps-erased", message).with_help(
                "export anew, which leaves out who was erased, and add to that who is new",
            )
        } else {
            let message =
                format!("person {key} is new, and somebody was erased from this ledger before");
            Finding::warning("perhaps-erased", message)
                .with_help("if it is the same person, take the record out of the folder")
        };
        finding.at(place)
    };
    plan.records.iter().filter(is_new).map(finding).collect()
}

/// That a folder which does not say what it was made from takes the place of what stands in the ledger, whoever changed it.
fn replaced(files: &[PlanFile], plans: &Plans, differences: &[Difference]) -> Option<Finding> {
    let is_over = |one: &Difference| !matches!(one.change, Changed::Added(_));
    if plans.has_base || text::base_of(files).is_some() || !differences.iter().any(is_over) {
        return None;
    }
    let message = "the folder does not say which commit it was made from, so that what it says takes the place of what others changed";
    Some(Finding::warning("no-base", message).with_help(
        "if others changed the plan, export it to another folder and make your changes there",
    ))
}

fn unknown_base(plan: &PlanText, named: &Base, last: CommitNumber) -> Finding {
    let organisation = plan
        .records
        .iter()
        .find(|record| record.kind() == Kind::Organisation);
    let key = organisation
        .map(|record| record.key(&Model::default()))
        .unwrap_or_default();
    let message = if named.commit > last {
        format!("the folder was exported at commit {named}, and the ledger has {last}")
    } else {
        format!(
            "the folder was exported at commit {named}, and commit {} of this ledger is another",
            named.commit
        )
    };
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
