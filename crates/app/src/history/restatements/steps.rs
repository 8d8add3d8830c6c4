//! The readings between two instants, commit by commit: which of the commits made a difference.

use std::collections::HashSet;

use jiff::Timestamp;
use throughline_core::{MeasureId, Period, UnitId};

use super::past::{Past, Readings};
use super::says_the_same;
use crate::AppError;
use crate::history::Told;

/// The most commits that are tried one by one; of more all are named that touched a reading.
const COMMITS_TRIED_MAX: usize = 24;

/// The most readings that are made to try commits, of all commits together.
const READINGS_TRIED_MAX: usize = 50_000;

/// Readings that differ, commit by commit.
pub(super) struct Steps {
    /// As known at the earlier instant.
    before: Readings,
    /// As known after each commit, in the order in which they became known.
    after: Vec<(Told, Readings)>,
}

impl Steps {
    /// Reads some measures after each of the commits; `None` if that is too much. What was due is that of the later
    /// instant for all, so that only commits make a difference.
    pub(super) async fn of(
        past: &mut Past<'_>,
        (from, to): (Timestamp, Timestamp),
        place: (UnitId, Period),
        measures: &HashSet<MeasureId>,
        commits: Vec<Told>,
    ) -> Result<Option<Steps>, AppError> {
        let is_too_much = commits.len() > COMMITS_TRIED_MAX
            || commits.len().saturating_mul(measures.len()) > READINGS_TRIED_MAX;
        if is_too_much {
            return Ok(None);
        }
        let mut steps = Steps {
            before: past.readings(from, to, place, Some(measures)).await?,
            after: Vec::new(),
        };
        for told in commits {
            let known_at = told.commit.recorded_at;
            let readings = past.readings(known_at, to, place, Some(measures)).await?;
            steps.after.push((told, readings));
        }
        Ok(Some(steps))
    }

    /// The commits after which the reading was another one than before.
    pub(super) fn that_changed(&self, measure: MeasureId) -> Vec<Told> {
        let mut before = self.before.get(&measure);
        let mut changed = Vec::new();
        for (told, readings) in &self.after {
            let after = readings.get(&measure);
            if !says_the_same(before, after) {
                changed.push(told.clone());
            }
            before = after;
        }
        changed
    }
}
