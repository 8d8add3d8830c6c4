//! Reading observations: all of now with the plan, all that were known at an instant, those since a commit, those of one cell.

use std::sync::Arc;

use jiff::Timestamp;
use throughline_model::Model;
use throughline_model::observation::{Cell, CommitNumber, Recorded};

use super::Ledger;
use crate::block::in_parallel;
use crate::commit::{Head, Standing};
use crate::error::{LedgerError, Result};
use crate::extent::Extent;
use crate::replay::{self, END, Newest, blocking};
use crate::store;
use crate::stored::{StoredBlock, commit_number, instant, stored_number};

/// What a ledger says at one position: nothing in it is from before or after.
pub struct State {
    /// The last commit, and how many data keys there were.
    pub standing: Standing,
    /// The plan.
    pub model: Arc<Model>,
    /// Every observation, or those since an earlier position, in the order in which they became known.
    pub observations: Vec<Recorded>,
}

impl Ledger {
    /// Where the line ends now, with the plan and the observations of there, from one transaction.
    ///
    /// # Errors
    /// [`LedgerError::Corrupted`]; what the database says.
    pub async fn state(&self) -> Result<State> {
        let mut transaction = self.inner.pool.begin_read().await?;
        let Newest { standing, model } = self.inner.newest(&mut transaction).await?;
        let everything = Extent::everything();
        let blocks = store::blocks_as_known(&mut transaction, END, &everything).await?;
        drop(transaction);
        let observations = blocking(move || recorded(&blocks, &everything)).await?;
        Ok(State {
            standing,
            model,
            observations,
        })
    }

    /// Where the line ends now, with the plan of there, and the observations since a commit that once was the last one: all of
    /// them became known after those that were there. `None` where that is not so: some were brought in as history, or the
    /// commit is not in this line, because a backup was restored.
    ///
    /// # Errors
    /// [`LedgerError::Corrupted`]; what the database says.
    pub async fn state_since(&self, earlier: &Head) -> Result<Option<State>> {
        let mut transaction = self.inner.pool.begin_read().await?;
        let connection = &mut transaction;
        let Newest { standing, model } = self.inner.newest(connection).await?;
        if !replay::contains(connection, earlier).await? {
            return Ok(None);
        }
        let first = stored_number(earlier.number).saturating_add(1);
        for row in store::commits(connection, first, END).await? {
            let commit = row.read()?;
            if commit.brought_in && commit.observations > 0 {
                return Ok(None);
            }
        }
        let blocks = store::blocks(connection, first, END).await?;
        drop(transaction);
        let observations = blocking(move || recorded(&blocks, &Extent::everything())).await?;
        Ok(Some(State {
            standing,
            model,
            observations,
        }))
    }

    /// Every observation as known at an instant, in the order in which they became known: the last one of a cell is
    /// its current one.
    ///
    /// # Errors
    /// [`LedgerError::Corrupted`]; what the database says.
    pub async fn observations(&self, known_at: Option<Timestamp>) -> Result<Vec<Recorded>> {
        let mut transaction = self.inner.pool.begin_read().await?;
        let recorded_at = known_at.map_or(END, |known_at| known_at.as_microsecond());
        let everything = Extent::everything();
        let blocks = store::blocks_as_known(&mut transaction, recorded_at, &everything).await?;
        drop(transaction);
        blocking(move || recorded(&blocks, &everything)).await
    }

    /// The observations of one commit, by cell.
    ///
    /// # Errors
    /// [`LedgerError::Corrupted`]; what the database says.
    pub async fn observations_of(&self, number: CommitNumber) -> Result<Vec<Recorded>> {
        let mut transaction = self.inner.pool.begin_read().await?;
        let number = stored_number(number);
        let blocks = store::blocks(&mut transaction, number, number).await?;
        drop(transaction);
        blocking(move || recorded(&blocks, &Extent::everything())).await
    }

    /// Every value that a cell ever had, in the order in which they became known.
    ///
    /// # Errors
    /// [`LedgerError::Corrupted`]; what the database says.
    pub async fn observation_history(&self, cell: Cell) -> Result<Vec<Recorded>> {
        let mut transaction = self.inner.pool.begin_read().await?;
        let wanted = Extent::of([&cell]).unwrap_or_else(Extent::everything);
        let blocks = store::blocks_as_known(&mut transaction, END, &wanted).await?;
        drop(transaction);
        let mut history = blocking(move || recorded(&blocks, &wanted)).await?;
        // A longer period begins or ends within the days of a shorter one.
        history.retain(|recorded| recorded.observation.cell == cell);
        Ok(history)
    }
}

/// The observations of blocks with the commits that recorded them, as far as they lie within an extent.
fn recorded(blocks: &[StoredBlock], wanted: &Extent) -> Result<Vec<Recorded>> {
    let read = in_parallel(blocks, |block| {
        let place = || format!("commit {}", block.number);
        let at = instant(block.recorded_at)
            .ok_or_else(|| LedgerError::corrupted(place(), "its time is no time"))?;
        let commit = commit_number(block.number);
        let observations = block.observations_within(wanted)?.into_iter();
        Ok(observations
            .map(|observation| Recorded {
                observation,
                commit,
                at,
            })
            .collect())
    });
    let read: Vec<Vec<Recorded>> = read.into_iter().collect::<Result<_>>()?;
    let mut all = Vec::with_capacity(read.iter().map(Vec::len).sum());
    read.into_iter()
        .for_each(|mut block| all.append(&mut block));
    Ok(all)
}
