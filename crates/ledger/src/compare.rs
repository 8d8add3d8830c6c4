//! Which of the observations that come in say something new.
//!
//! Both what comes in and every block that is there are sorted by cell, so each block is compared in one pass.

use throughline_core::id::MeasureId;
use throughline_model::observation::{Cell, Observation};

use crate::commit::Tally;

/// How an observation stands to what is current for its cell.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// The cell has no value.
    New,
    /// The cell says the same.
    Unchanged,
    /// The cell says something else.
    Correction,
}

/// Observations that come in, sorted, each with how it stands to the blocks that have been looked at.
pub(crate) struct Comparison {
    incoming: Vec<Observation>,
    standing: Vec<Standing>,
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
        Ok(Comparison { incoming, standing })
    }

    /// Looks at a block: what it has for these cells is current, until a later block has something else.
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
                    let same = says_the_same(incoming, stored);
                    self.standing[at] = if same {
                        Standing::Unchanged
                    } else {
                        Standing::Correction
                    };
                }
                Some(_) => {}
                None => break,
            }
        }
    }

    /// The least and the greatest measure of what comes in; `None` if nothing does.
    pub(crate) fn measures(&self) -> Option<(MeasureId, MeasureId)> {
        Some((
            self.incoming.first()?.cell.measure,
            self.incoming.last()?.cell.measure,
        ))
    }

    /// What is to be written, sorted by cell.
    pub(crate) fn finish(self) -> (Vec<Observation>, Tally) {
        let mut tally = Tally::default();
        let pairs = self.incoming.into_iter().zip(self.standing);
        let news = pairs.filter_map(|(incoming, standing)| {
            match standing {
                Standing::New => tally.added += 1,
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
