//! The figures of a commit that is taken back: what stood in each cell before, or nothing. Nobody's later figure is lost: where
//! one rests on what the commit brought, nothing is taken back.

use std::collections::{BTreeSet, HashSet};

use throughline_engine::Observations;
use throughline_ledger::{Commit, Ledger};
use throughline_model::observation::{CommitNumber, Observation, Recorded};
use throughline_model::{Change, Kind};
use uuid::Uuid;

use crate::AppError;
use crate::entry::before;
use crate::words;

/// What each cell that a commit recorded is to hold again.
///
/// # Errors
/// [`AppError::Conflict`] if a cell was recorded anew since, or something else was observed of what is to go.
pub(super) async fn withdrawn(
    ledger: &Ledger,
    commit: &Commit,
    changes: &[Change],
) -> Result<Vec<Observation>, AppError> {
    if commit.observations == 0 {
        return Ok(Vec::new());
    }
    // Of the ledger, and not of a snapshot, which may be from before whoever holds the pen took it.
    let known = Observations::of(ledger.observations(None).await?);
    let gone = changes.iter().filter_map(|change| match change {
        Change::Retire(kind @ (Kind::Measure | Kind::Unit), id) => Some((*kind, *id)),
        _ => None,
    });
    let gone: HashSet<(Kind, Uuid)> = gone.collect();
    let rows = known.rows_of(commit.number, commit.recorded_at);
    let (mut back, mut later) = (Vec::new(), BTreeSet::new());
    for one in rows.clone().filter_map(|row| known.recorded(row)) {
        let history: Vec<Recorded> = known
            .history(&one.observation.cell)
            .into_iter()
            .cloned()
            .collect();
        match before(&history, commit.number) {
            Some(observation) => back.push(observation),
            None => later.extend(history.last().map(|newest| newest.commit)),
        }
    }
    let others = (0..known.len()).filter(|row| !rows.contains(row));
    let others = others.filter_map(|row| known.recorded(row));
    later.extend(
        others
            .filter(|one| rests_on(one, &gone))
            .map(|one| one.commit),
    );
    refuse_later(&later)?;
    Ok(back)
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
