//! Observations on their way in: checked, compared with what is there, packed.

use std::collections::HashSet;

use jiff::Timestamp;
use throughline_model::Model;
use throughline_model::observation::Observation;

use super::Writer;
use crate::block::{BLOCK_ROWS, NOTE_LENGTH_LIMIT, encode_all, frequency_of_length, in_parallel};
use crate::commit::Commit;
use crate::compare::Comparison;
use crate::error::{LedgerError, Result};
use crate::extent::{Extent, Place};
use crate::hash;
use crate::replay::blocking;
use crate::store;
use crate::stored::{StoredBlock, stored_number};

/// How many blocks are read at a time for a comparison, at most; the first time it is one.
const BLOCKS_AT_A_TIME: i64 = 64;

/// How many of these are unpacked at a time.
const UNPACKED_AT_A_TIME: usize = 8;

impl Writer {
    /// Compares observations with what is current for their cells as known at a time. Blocks that can have one of the cells
    /// are looked at from the latest back until of each cell is known what is current: a cell that is corrected again and
    /// again costs as much each time.
    pub(super) async fn compare(
        &mut self,
        observations: Vec<Observation>,
        known_at: Timestamp,
    ) -> Result<Comparison> {
        let comparison = blocking(move || {
            let observations = observations
                .into_iter()
                .map(checked)
                .collect::<Result<Vec<_>>>()?;
            Comparison::of(observations).map_err(|cell| LedgerError::ObservationRefused {
                cell,
                what: "the same measure, unit and period stand here twice with different values",
            })
        });
        let mut comparison = comparison.await?;
        let mut place = Place::after(known_at.as_microsecond());
        let mut at_a_time = 1;
        while let Some(wanted) = comparison.open() {
            let blocks =
                store::latest_blocks(&mut self.transaction, place, &wanted, at_a_time).await?;
            let Some(last) = blocks.last() else {
                break;
            };
            place = last.place();
            comparison = blocking(move || {
                let unpack = |block: &StoredBlock| block.observations_within(&wanted);
                for some in blocks.chunks(UNPACKED_AT_A_TIME) {
                    for block in in_parallel(some, unpack) {
                        comparison.look_at(&block?);
                    }
                }
                Ok::<_, LedgerError>(comparison)
            })
            .await?;
            at_a_time = BLOCKS_AT_A_TIME.min(2 * at_a_time);
        }
        Ok(comparison)
    }

    /// Refuses observations of measures and units that the plan does not have.
    pub(super) fn refuse_unknown_cells(
        &self,
        observations: &[Observation],
        after: &Model,
    ) -> Result<()> {
        let mut known = HashSet::new();
        for observation in observations {
            let cell = observation.cell;
            if !known.insert((cell.measure, cell.unit)) {
                continue;
            }
            let refused = |what| Err(LedgerError::ObservationRefused { cell, what });
            if [after, &self.model]
                .iter()
                .all(|model| model.measures().get(cell.measure).is_none())
            {
                return refused("the plan has no such measure");
            }
            if [after, &self.model]
                .iter()
                .all(|model| model.units().get(cell.unit).is_none())
            {
                return refused("the plan has no such unit");
            }
        }
        Ok(())
    }

    /// The blocks of a commit's observations, which are sorted by cell.
    pub(super) async fn blocks(
        &self,
        commit: &Commit,
        observations: Vec<Observation>,
    ) -> Result<Vec<StoredBlock>> {
        let (number, recorded_at) = (
            stored_number(commit.number),
            commit.recorded_at.as_microsecond(),
        );
        blocking(move || {
            let encoded =
                encode_all(&observations).map_err(|error| LedgerError::Storage(Box::new(error)))?;
            let rows = observations.chunks(BLOCK_ROWS);
            let blocks =
                (0..)
                    .zip(encoded.into_iter().zip(rows))
                    .map(|(ordinal, (bytes, rows))| {
                        let extent = Extent::of(rows.iter().map(|row| &row.cell));
                        StoredBlock {
                            number,
                            ordinal,
                            rows: rows.len() as i64,
                            extent: extent.unwrap_or_else(Extent::everything),
                            hash: hash::sha256(&bytes).to_vec(),
                            recorded_at,
                            bytes,
                        }
                    });
            Ok(blocks.collect())
        })
        .await
    }
}

/// The observation in the one form in which it is kept, or why it cannot be.
fn checked(mut observation: Observation) -> Result<Observation> {
    let cell = observation.cell;
    let refused = |what| Err(LedgerError::ObservationRefused { cell, what });
    let numbers = [&mut observation.value, &mut observation.weight];
    for number in numbers.into_iter().flatten() {
        if !number.is_finite() {
            return refused("its value or weight is no finite number");
        }
        // Minus zero would be a second way to write zero.
        *number += 0.0;
    }
    if frequency_of_length(i64::from(cell.period.days())).is_none() {
        return refused("its period has a length that no period has");
    }
    if observation
        .note
        .as_ref()
        .is_some_and(|note| note.len() > NOTE_LENGTH_LIMIT)
    {
        return refused("its note is too long");
    }
    Ok(observation)
}
