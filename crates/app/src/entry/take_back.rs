//! Taking back what was entered: a commit that puts what was there before into each cell, or nothing where there was nothing.

use throughline_ledger::{CommitKind, Ledger, LedgerError, NewCommit};
use throughline_model::observation::{Cell, CommitNumber, Observation, ObservationState, Recorded};

use super::publish::publish_due;
use super::{CELLS_SENT_MAX, Eyes, held};
use crate::once::Once;
use crate::policy::{Object, ReadPlan, RecordObservations};
use crate::{AppError, Ctx};

/// The reason of the commit, before the number of the one that it takes back.
const TAKEN_BACK: &str = "Takes back commit";

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TakenBack {
    /// The commit; `None` if there was nothing left to take back.
    pub commit: Option<CommitNumber>,
    /// How many cells are as they were before.
    pub cells: usize,
    /// How many somebody recorded anew or published since, or may not see, which stay as they are.
    pub kept: usize,
}

/// Takes back what the actor entered in a commit.
///
/// # Errors
/// If there is no such commit of the actor; if they may not record there any more.
pub async fn take_back(ctx: &Ctx, number: u64) -> Result<TakenBack, AppError> {
    let proof = ctx.authorize::<ReadPlan>(Object::Organisation).await?;
    let ledger = ctx.ledger(&proof)?.clone();
    let gone = || AppError::not_found("there is no such entry of yours");
    let number = CommitNumber(number);
    let commit = ledger.commit(number).await.map_err(|error| match error {
        LedgerError::NotFound { .. } => gone(),
        other => other.into(),
    })?;
    let is_own = commit.author.is_some() && commit.author == ctx.actor().person;
    let is_entry = commit.kind == CommitKind::Observations && !commit.brought_in;
    if !is_own || !is_entry || commit.observations > CELLS_SENT_MAX as u64 {
        return Err(gone());
    }
    publish_due(ctx).await?;
    let once = Once::of(
        ctx,
        "take back what was entered",
        &[&number.0.to_be_bytes()],
    )?;
    let recorded = ledger.observations_of(number).await?;
    let is_within = ctx.is_within();
    if recorded.is_empty() || !(recorded.iter()).all(|one| is_within(&one.observation.cell)) {
        return Err(gone());
    }
    let units = recorded.iter().map(|one| one.observation.cell.unit);
    let plan = ctx.newest_model().await?;
    // A link may be passed on: what its owner published while signed in is not taken from everybody by it.
    let is_published = |one: &Recorded| {
        let measure = plan.measures().get(one.observation.cell.measure);
        let waits = measure.is_some_and(|measure| held::waits(&plan, measure));
        waits && one.observation.state != Some(ObservationState::Held)
    };
    if ctx.is_confined() && recorded.iter().any(is_published) {
        return Err(gone());
    }
    let proof = ctx.authorize_units::<RecordObservations>(units, &plan)?;
    let proof = proof.ok_or_else(gone)?;
    let mut writer = ctx.writer(&ledger, &proof).await?;
    let units = recorded.iter().map(|one| one.observation.cell.unit);
    ctx.authorize_units::<RecordObservations>(units, writer.model())?;
    if let Some(numbers) = once.earlier_in(&mut writer).await? {
        return again(&numbers);
    }
    // Asked by the only one who writes now.
    let mut back = Vec::new();
    for one in &recorded {
        let history = ledger.observation_history(one.observation.cell).await?;
        back.extend(before(ctx, &ledger, &history, number).await?);
    }
    let cells = back.len();
    let new = NewCommit {
        reason: Some(format!("{TAKEN_BACK} {number}")),
        ..ctx.commit(writer.model())?.with_observations(back)
    };
    let appended = writer.append(new).await?;
    let commit = appended.commit.map(|commit| commit.number);
    let kept = recorded.len() - cells;
    let number = commit.map_or(0, |commit| commit.0);
    once.keep(ctx, &mut writer, &[number, cells as u64, kept as u64])
        .await?;
    writer.finish().await?;
    Ok(TakenBack {
        commit,
        cells,
        kept,
    })
}

/// The first answer.
fn again(numbers: &[u64]) -> Result<TakenBack, AppError> {
    let &[commit, cells, kept] = numbers else {
        return Err(AppError::bad_request(
            "what was kept of the first answer is damaged",
        ));
    };
    Ok(TakenBack {
        commit: (commit > 0).then_some(CommitNumber(commit)),
        cells: cells as usize,
        kept: kept as usize,
    })
}

/// What a cell is to hold again: what stood there before the commit, or nothing; `None` if it stays as it is, as somebody
/// recorded it anew since, or what it held is published by now.
///
/// A figure that waited comes back only in the place of one that waits, and only for whoever may see it; what was published never
/// waits again.
async fn before(
    ctx: &Ctx,
    ledger: &Ledger,
    history: &[Recorded],
    number: CommitNumber,
) -> Result<Option<Observation>, AppError> {
    let Some((newest, earlier)) = history.split_last() else {
        return Ok(None);
    };
    if newest.commit != number {
        return Ok(None);
    }
    let waited = earlier.last().filter(|one| one.observation.is_held());
    match waited {
        Some(waited) if newest.observation.is_held() => {
            let author = ledger.commit(waited.commit).await?.author;
            let eyes = Eyes::of(ctx).await?;
            let may_see = eyes.see(&waited.observation.cell, author);
            Ok(may_see.then(|| waited.observation.clone()))
        }
        // What is published stays so: only the figure itself is taken back.
        Some(waited) if is_same(&waited.observation, &newest.observation) => Ok(None),
        _ => {
            let mut published = earlier.iter().filter(|one| !one.observation.is_held());
            let published = published.next_back().map(|one| one.observation.clone());
            let nothing = || nothing_in(newest.observation.cell);
            Ok(Some(published.unwrap_or_else(nothing)))
        }
    }
}

/// Whether two observations say the same.
pub(super) fn is_same(one: &Observation, other: &Observation) -> bool {
    (one.value, one.weight) == (other.value, other.weight)
}

/// That a cell holds nothing, as if nothing had been recorded.
pub(crate) fn nothing_in(cell: Cell) -> Observation {
    Observation {
        cell,
        value: None,
        weight: None,
        state: Some(ObservationState::Withdrawn),
        note: None,
    }
}
