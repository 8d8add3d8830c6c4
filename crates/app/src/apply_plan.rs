//! Makes a plan folder the plan that holds: merged with what was changed since it was exported, checked, committed.

use std::sync::Arc;

use throughline_ledger::{
    Commit, CommitHash, HistoryRefused, Ledger, LedgerError, NewCommit, PlanClock,
};
use throughline_model::diff::Difference;
use throughline_model::observation::CommitNumber;
use throughline_model::text::{self, Base, PlanFile};
use throughline_model::{Kind, Model};

use crate::access::refuse_without_right;
use crate::instant::{self, OfDay};
use crate::once::{self, Once};
use crate::plan_folder::{FolderOptions, Plans, Prepared, prepare, told};
use crate::policy::{BringInHistory, ChangePlan, Object};
use crate::{AppError, Ctx, Remarks};

/// How a plan is applied.
#[derive(Debug, Clone, Default)]
pub struct ApplyOptions {
    /// How the folder is brought together with the ledger.
    pub folder: FolderOptions,
    /// When the plan became known, for history that is brought in: a date or a timestamp.
    pub recorded_at: Option<String>,
}

/// What applying a plan did.
#[derive(Debug)]
pub struct AppliedPlan {
    /// The commit; `None` if nothing changed.
    pub commit: Option<Commit>,
    /// Each change, in the order of the plan.
    pub differences: Vec<Difference>,
    /// Records that are missing from a section that is there, and stayed.
    pub left_out: Vec<(Kind, String)>,
    /// What the ledger says otherwise than the folder since it was exported, and stays.
    pub newer: Vec<Difference>,
    /// The base of the folder from now on, where the ledger has nothing newer than it and it is not the one that it names.
    pub base: Option<Base>,
    /// What the changes did to observations that are there.
    pub consequences: Remarks,
    /// Warnings about the plan.
    pub remarks: Remarks,
    /// Whether the ledger was made for it.
    pub is_new_ledger: bool,
}

/// Applies a plan folder. All of it is committed, or nothing.
///
/// # Errors
/// [`AppError::BadInput`] if the plan has errors, [`AppError::Conflict`] if something was changed on both sides;
/// if history cannot be brought in with that time; if the ledger cannot be written.
pub async fn apply_plan(
    ctx: &Ctx,
    files: &[PlanFile],
    options: &ApplyOptions,
) -> Result<AppliedPlan, AppError> {
    let proof = ctx.authorize::<ChangePlan>(Object::Organisation).await?;
    if options.recorded_at.is_some() {
        ctx.authorize::<BringInHistory>(Object::Organisation)
            .await?;
    }
    // Most that can be wrong shows before anybody has to wait for the pen, and before there is a ledger.
    let existing = ctx.ledger_if_any(&proof);
    let same_base = Base::new(CommitNumber(1), "").put_into(files);
    let once = Once::of(
        ctx,
        "apply a plan",
        &asked(files, same_base.as_ref(), options),
    )?;
    if let Some(ledger) = existing
        && let Some(numbers) = once.earlier(ledger).await?
    {
        return again(ctx, files, ledger, options, &numbers).await;
    }
    // The position first: what comes in between is looked at again.
    let (prepared_at, plan) = match existing {
        Some(ledger) => {
            let head = ledger.head().await?;
            (Some(head), ledger.model(PlanClock::Newest).await?)
        }
        None => (None, Arc::new(Model::default())),
    };
    let plans = Plans::of(files, existing, plan).await?;
    let mut prepared = accepted(ctx, files, &plans, existing, options).await?;
    let mut commit = commit_of(ctx, options, &prepared.after)?;

    let is_new_ledger = existing.is_none();
    let ledger = ctx.ledger_or_new(&proof).await?;
    ctx.step("Writing the plan");
    let mut writer = ctx.writer(&ledger, &proof).await?;
    if let Some(numbers) = once.earlier_in(&mut writer).await? {
        drop(writer);
        return again(ctx, files, &ledger, options, &numbers).await;
    }
    let before = writer.head().number;
    // What was prepared before there was a ledger holds for one without commits; another may have been first in it.
    let is_as_prepared = match prepared_at {
        Some(head) => writer.head() == head,
        None => before == CommitNumber(0),
    };
    if !is_as_prepared {
        let plans = Plans::of(files, Some(&ledger), Arc::clone(writer.model())).await?;
        prepared = accepted(ctx, files, &plans, Some(&ledger), options).await?;
        // Who acts may have been a new person of the folder, and be one of the plan by now.
        commit = commit_of(ctx, options, &prepared.after)?;
    }
    let appended = writer.append(commit.with_changes(prepared.changes)).await;
    let appended = appended.map_err(|error| history_refused(error, &prepared.after))?;
    let number = appended.commit.as_ref().map_or(0, |commit| commit.number.0);
    let numbers = [before.0, u64::from(is_new_ledger), number];
    once.keep(ctx, &mut writer, &numbers).await?;
    let head = writer.head();
    let head = (head.number, head.hash);
    writer.finish().await?;
    Ok(AppliedPlan {
        commit: appended.commit,
        base: next_base(&prepared.newer, head)
            .filter(|next| text::base_of(files).as_ref() != Some(next)),
        differences: prepared.differences,
        newer: prepared.newer,
        left_out: prepared.left_out,
        consequences: prepared.consequences,
        remarks: prepared.remarks,
        is_new_ledger,
    })
}

/// The commit without its contents. The ledger refuses history of the future too, but it would have been made by then.
fn commit_of(ctx: &Ctx, options: &ApplyOptions, after: &Model) -> Result<NewCommit, AppError> {
    let commit = ctx.commit(after)?;
    let Some(text) = &options.recorded_at else {
        return Ok(commit);
    };
    let (at, now) = (
        instant::parse(text, after.calendar(), OfDay::First)?,
        ctx.now(),
    );
    if at > now {
        let refused = HistoryRefused::InTheFuture {
            recorded_at: at,
            now,
        };
        return Err(history_refused(refused.into(), after));
    }
    Ok(commit.brought_in_at(at))
}

/// An error of the ledger; where it is about times of history, in the organisation's time zone.
fn history_refused(error: LedgerError, plan: &Model) -> AppError {
    let LedgerError::HistoryRefused(refused) = error else {
        return error.into();
    };
    let (message, help) = instant::history_refused(&refused, plan.calendar());
    AppError::bad_request(message).with_help(help)
}

/// What makes an application the same as another one: all but the base, which is written into the folder in between.
fn asked<'a>(
    files: &'a [PlanFile],
    same_base: Option<&'a PlanFile>,
    options: &'a ApplyOptions,
) -> Vec<&'a [u8]> {
    let retire: &[u8] = if options.folder.retire {
        b"retire"
    } else {
        b""
    };
    let wins: &[u8] = if options.folder.folder_wins {
        b"wins"
    } else {
        b""
    };
    let recorded_at = options.recorded_at.as_deref().unwrap_or_default();
    let of_any_base = |file: &'a PlanFile| same_base.filter(|same| same.path == file.path);
    let files = files
        .iter()
        .map(|file| of_any_base(file).unwrap_or(file))
        .flat_map(|file| [file.path.as_bytes(), &file.bytes]);
    [retire, wins, recorded_at.as_bytes()]
        .into_iter()
        .chain(files)
        .collect()
}

/// The first answer, worked out again from the plan as it was.
async fn again(
    ctx: &Ctx,
    files: &[PlanFile],
    ledger: &Ledger,
    options: &ApplyOptions,
    numbers: &[u64],
) -> Result<AppliedPlan, AppError> {
    let &[before, is_new_ledger, commit] = numbers else {
        return Err(AppError::bad_request(
            "what was kept of the first answer is damaged",
        ));
    };
    let head = ledger
        .model(PlanClock::Commit(CommitNumber(before)))
        .await?;
    let plans = Plans::as_of(files, Some(ledger), head, CommitNumber(before)).await?;
    let prepared = accepted(ctx, files, &plans, Some(ledger), options).await?;
    let commit: Vec<u64> = Some(commit)
        .filter(|number| *number > 0)
        .into_iter()
        .collect();
    let commit = once::commits(ledger, &commit).await?.pop();
    let head = commit.as_ref().map(|commit| (commit.number, commit.hash));
    Ok(AppliedPlan {
        base: head.and_then(|head| next_base(&prepared.newer, head)),
        commit,
        differences: prepared.differences,
        newer: prepared.newer,
        left_out: prepared.left_out,
        consequences: prepared.consequences,
        remarks: prepared.remarks,
        is_new_ledger: is_new_ledger == 1,
    })
}

/// The base of a folder that was applied: what it says and the ledger says are the same now, unless the ledger is newer.
fn next_base(newer: &[Difference], (number, hash): (CommitNumber, CommitHash)) -> Option<Base> {
    newer
        .is_empty()
        .then(|| Base::new(number, &hash.to_string()))
}

/// What a folder would do, if nothing is against it.
async fn accepted(
    ctx: &Ctx,
    files: &[PlanFile],
    plans: &Plans,
    ledger: Option<&Ledger>,
    options: &ApplyOptions,
) -> Result<Prepared, AppError> {
    let prepared = prepare(ctx, files, plans, ledger, options.folder).await;
    let mut prepared = prepared.map_err(|error| match error {
        AppError::BadInput { remarks, .. } => refused(remarks),
        other => other,
    })?;
    let conflicts = std::mem::take(&mut prepared.conflicts);
    if let (false, Some(ledger)) = (conflicts.is_empty(), ledger) {
        return Err(AppError::Conflict {
            message: "the plan was changed since the folder was exported; nothing was applied"
                .to_owned(),
            conflicts: told(ledger, &plans.head, conflicts).await?,
        });
    }
    if prepared.remarks.errors() > 0 {
        return Err(refused(prepared.remarks));
    }
    refuse_without_right(ctx, &prepared.before, &prepared.changes)?;
    Ok(prepared)
}

fn refused(remarks: Remarks) -> AppError {
    AppError::BadInput {
        message: "the plan has errors; nothing was applied".to_owned(),
        remarks,
    }
}
