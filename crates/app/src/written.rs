//! How a single record is written, of a review or a note on a chart: the right is asked for, the plan that it makes is checked, one commit is made.

use throughline_core::{IdSource, Severity};
use throughline_model::observation::CommitNumber;
use throughline_model::{Change, Kind, Model, check};
use uuid::Uuid;

use crate::once::Once;
use crate::policy::{Object, Writes};
use crate::{AppError, Ctx};

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The kind of the record.
    pub kind: Kind,
    /// Its key.
    pub key: String,
    /// The commit, by which a reader knows that it is there.
    pub commit: CommitNumber,
    /// Whether the record is no more.
    pub is_retired: bool,
}

/// What is to be written: a use case, what it was asked, and the change that it makes of the plan as it stands.
pub(crate) struct Write<'a, F> {
    pub(crate) object: Object,
    pub(crate) use_case: &'a str,
    pub(crate) asked: &'a [&'a [u8]],
    pub(crate) change: F,
}

/// Writes one change by the right to do something with an object, once for each idempotency key.
pub(crate) async fn written<A, F>(ctx: &Ctx, write: Write<'_, F>) -> Result<Written, AppError>
where
    A: Writes,
    F: FnOnce(&Model, Uuid) -> Result<Change, AppError>,
{
    let proof = ctx.authorize::<A>(write.object).await?;
    let ledger = ctx.ledger(&proof)?.clone();
    let once = Once::of(ctx, write.use_case, write.asked)?;
    let mut writer = ctx.writer(&ledger, &proof).await?;
    if let Some(numbers) = once.earlier_in(&mut writer).await? {
        return again(writer.model(), &numbers);
    }
    let change = (write.change)(writer.model(), ctx.ids().next())?;
    let (kind, id) = change.identity();
    let before = writer.model().key_of(kind, id);
    let after = writer.model().with([change.clone()]);
    refuse_errors((writer.model(), &after), kind)?;
    let commit = ctx.commit(writer.model())?.with_changes(vec![change]);
    let appended = writer.append(commit).await?;
    let is_retired = !after.has(kind, id);
    let commit = appended
        .commit
        .map_or(writer.head().number, |commit| commit.number);
    let [high, low] = halves(id);
    once.keep(ctx, &mut writer, &[commit.0, kind as u64, high, low])
        .await?;
    writer.finish().await?;
    Ok(Written {
        kind,
        key: after.key_of(kind, id).or(before).unwrap_or_default(),
        commit,
        is_retired,
    })
}

/// Refuses a plan with an error in records of a kind: the others were there before.
fn refuse_errors((before, after): (&Model, &Model), kind: Kind) -> Result<(), AppError> {
    let findings = check::check_after(before, after).into_iter();
    let mut errors = findings.filter(|finding| {
        let place = finding.place.as_ref();
        finding.severity == Severity::Error && place.is_some_and(|place| place.kind == kind.word())
    });
    match errors.next() {
        None => Ok(()),
        Some(finding) => {
            let error = AppError::bad_request(finding.message.clone());
            Err(match finding.help {
                Some(help) => error.with_help(help),
                None => error,
            })
        }
    }
}

fn halves(id: Uuid) -> [u64; 2] {
    let (high, low) = id.as_u64_pair();
    [high, low]
}

/// The first answer.
fn again(newest: &Model, numbers: &[u64]) -> Result<Written, AppError> {
    let damaged = || AppError::bad_request("what was kept of the first answer is damaged");
    let &[commit, kind, high, low] = numbers else {
        return Err(damaged());
    };
    let kind = Kind::ALL.get(kind as usize).copied().ok_or_else(damaged)?;
    let id = Uuid::from_u64_pair(high, low);
    Ok(Written {
        kind,
        key: newest.last_key_of(kind, id).ok_or_else(damaged)?,
        commit: CommitNumber(commit),
        is_retired: !newest.has(kind, id),
    })
}
