//! Which of the observations that come in say something new.
//!
//! Both what comes in and every block that is there are sorted by cell, so each block is compared in one pass. Blocks are
//! looked at from the latest back, so that the first one that has a cell says what is current for it.

use throughline_model::observation::{Cell, Observation, ObservationState};

use crate::commit::Tally;
use crate::extent::Extent;

/// How an observation stands to what is current for its cell.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// No block that was looked at has the cell.
    New,
    /// The cell says the same.
    Unchanged,
    /// The cell says something else.
    Correction,
    /// What the cell said was taken back: it has no value.
    Returned,
}

/// Observations that come in, sorted, each with how it stands to the blocks that have been looked at.
pub(crate) struct Comparison {
    incoming: Vec<Observation>,
    standing: Vec<Standing>,
    /// Of how many of them no block was found yet that has the cell.
    open: usize,
}

impl Comparison {
    /// Starts with those observations. Two of one cell count once if they are equal.
    ///
    /// # Errors
    /// The cell of which two say something different.
    pub(crate) fn of(mut incoming: Vec<Observation>) -> Result<Comparison, Cell> {
        incoming.sort_by_key(|observation| observation.cell);
        let differing = incoming
            .windows(2)
            .find(|pair| pair[0].cell == pair[1].cell && !says_the_same(&pair[0], &pair[1]));
        if let Some(pair) = differing {
            return Err(pair[0].cell);
        }
        incoming.dedup_by_key(|observation| observation.cell);
        let standing = vec![Standing::New; incoming.len()];
        Ok(Comparison {
            open: incoming.len(),
            incoming,
            standing,
        })
    }

    /// Where the cells lie of which no block was found yet that has them; `None` if there are none.
    pub(crate) fn open(&self) -> Option<Extent> {
        if self.open == 0 {
            return None;
        }
        let pairs = self.incoming.iter().zip(&self.standing);
        let open = pairs.filter(|(_, standing)| **standing == Standing::New);
        Extent::of(open.map(|(incoming, _)| &incoming.cell))
    }

    /// Looks at a block, which is earlier than those before: what it has is current for the cells that none of these had.
    pub(crate) fn look_at(&mut self, block: &[Observation]) {
        let mut at = 0;
        for stored in block {
            while self
                .incoming
                .get(at)
                .is_some_and(|incoming| incoming.cell < stored.cell)
            {
                at += 1;
            }
            match self.incoming.get(at) {
                Some(incoming) if incoming.cell == stored.cell => {
                    if self.standing[at] == Standing::New {
                        let same = says_the_same(incoming, stored);
                        self.standing[at] = match stored.state {
                            _ if same => Standing::Unchanged,
                            Some(ObservationState::Withdrawn) => Standing::Returned,
                            _ => Standing::Correction,
                        };
                        self.open -= 1;
                    }
                }
                Some(_) => {}
                None => break,
            }
        }
    }

    /// What is to be written, sorted by cell.
    pub(crate) fn finish(self) -> (Vec<Observation>, Tally) {
        let mut tally = Tally::default();
        let pairs = self.incoming.into_iter().zip(self.standing);
        let news = pairs.filter_map(|(incoming, standing)| {
            match standing {
                Standing::New | Standing::Returned => tally.added += 1,
                Standing::Unchanged => tally.unchanged += 1,
                Standing::Correction => tally.corrections += 1,
            }
            (standing != Standing::Unchanged).then_some(incoming)
        });
        (news.collect(), tally)
    }
}

/// Whether two observations of one cell have the same value, weight, state and note.
fn says_the_same(one: &Observation, other: &Observation) -> bool {
    (one.value, one.weight, one.state, &one.note)
        == (other.value, other.weight, other.state, &other.note)
}
