//! The figures of a commit that is taken back: what stood in each cell before, or nothing. Nobody's later figure is lost: where
//! one rests on what the commit brought, nothing is taken back.

use std::collections::{BTreeSet, HashSet};

use throughline_engine::Observations;
use throughline_ledger::{Commit, Ledger};
use throughline_model::observation::{Cell, CommitNumber, Observation, Recorded};
use throughline_model::{Change, Kind};
use uuid::Uuid;

use crate::entry::nothing_in;
use crate::words;
use crate::{AppError, Ctx};

/// What each cell that a commit recorded is to hold again.
///
/// # Errors
/// [`AppError::Conflict`] if a cell was recorded anew since, or something else was observed of what is to go.
pub(super) async fn withdrawn(
    ctx: &Ctx,
    ledger: &Ledger,
    commit: &Commit,
    changes: &[Change],
) -> Result<Vec<Observation>, AppError> {
    if commit.observations == 0 {
        return Ok(Vec::new());
    }
    let known = ctx.observations_now(ledger).await?;
    let gone = changes.iter().filter_map(|change| match change {
        Change::Retire(kind @ (Kind::Measure | Kind::Unit), id) => Some((*kind, *id)),
        _ => None,
    });
    let gone: HashSet<(Kind, Uuid)> = gone.collect();
    let rows = known.rows_of(commit.number, commit.recorded_at);
    let (mut back, mut later) = (Vec::new(), BTreeSet::new());
    for one in rows.clone().filter_map(|row| known.recorded(row)) {
        match restored(&known.history(&one.observation.cell), commit.number) {
            Restored::To(observation) => back.push(observation),
            Restored::Stays => {}
            Restored::Rests(on) => {
                later.insert(on);
            }
        }
    }
    let all = if gone.is_empty() { 0 } else { known.len() };
    let others = (0..all).filter(|row| !rows.contains(row));
    let others = others.filter_map(|row| known.recorded(row));
    let resting = others
        .filter(|one| one.commit > commit.number && rests_on(one, &gone) && is_newest(&known, one));
    later.extend(resting.map(|one| one.commit));
    // A figure that waits for its owner rests on it as any other.
    let touched: HashSet<Cell> = rows
        .filter_map(|row| Some(known.recorded(row)?.observation.cell))
        .collect();
    let waiting = known.held().iter().filter_map(|(cell, run)| {
        let newest = run.last()?;
        (touched.contains(cell) || rests_on(newest, &gone)).then_some(newest.commit)
    });
    later.extend(waiting);
    refuse_later(&later)?;
    Ok(back)
}

/// What becomes of a cell.
enum Restored {
    /// It holds that again.
    To(Observation),
    /// It stays as it is: it holds nothing, as before.
    Stays,
    /// A later commit recorded something that would be lost.
    Rests(CommitNumber),
}

/// What a cell is to hold again, by its history: what stood there before the commit. What was recorded since and taken back again
/// is no obstacle.
fn restored(history: &[&Recorded], number: CommitNumber) -> Restored {
    let place = history.iter().position(|one| one.commit == number);
    let (Some(place), Some(newest)) = (place, history.last()) else {
        return Restored::Stays;
    };
    let before = history[..place].last().map(|one| &one.observation);
    let held_before = before.filter(|one| one.value.is_some());
    let (now, brought) = (&newest.observation, &history[place].observation);
    let is_as_brought = (now.value, now.weight) == (brought.value, brought.weight);
    match (is_as_brought, now.value, held_before) {
        (true, ..) => Restored::To(before.map_or_else(|| nothing_in(now.cell), Clone::clone)),
        (false, None, None) => Restored::Stays,
        (false, ..) => Restored::Rests(newest.commit),
    }
}

fn is_newest(known: &Observations, one: &Recorded) -> bool {
    let history = known.history(&one.observation.cell);
    history
        .last()
        .is_some_and(|newest| newest.commit == one.commit)
}

fn rests_on(one: &Recorded, gone: &HashSet<(Kind, Uuid)>) -> bool {
    let cell = &one.observation.cell;
    one.observation.value.is_some()
        && (gone.contains(&(Kind::Measure, cell.measure.as_uuid()))
            || gone.contains(&(Kind::Unit, cell.unit.as_uuid())))
}

fn refuse_later(later: &BTreeSet<CommitNumber>) -> Result<(), AppError> {
    let Some(first) = later.first() else {
        return Ok(());
    };
    let count = words::count(later.len() as u64, "later commit");
    Err(AppError::Conflict {
        message: format!(
            "{count} recorded figures that rest on this one, the first of them commit {first}; nothing was taken back"
        ),
        conflicts: Vec::new(),
    })
}
