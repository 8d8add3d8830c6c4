//! One value of a measure for a unit and a period, with what is known of it.

use jiff::Timestamp;
use throughline_core::id::{MeasureId, UnitId};
use throughline_core::period::Period;

use crate::fields::words;

words! {
    /// Whether an observation has been checked.
    ObservationState {
        /// Not checked yet. It counts all the same, marked.
        Provisional = "provisional",
        /// Checked.
        Validated = "validated",
        /// Taken back: as if nothing had been recorded. It has no value.
        Withdrawn = "withdrawn",
        /// Seen by its owner first. For all others what was recorded before it goes on to hold, until it is recorded again
        /// without this word: that publishes it.
        Held = "held",
    }
}

/// The longest note of an observation, in bytes.
pub const NOTE_LENGTH_LIMIT: usize = 4 * 1024;

/// What is observed: one measure, at one unit, in one period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cell {
    /// The measure.
    pub measure: MeasureId,
    /// The unit.
    pub unit: UnitId,
    /// The period, of the measure's frequency.
    pub period: Period,
}

/// One value of a cell.
#[derive(Clone, Debug, PartialEq)]
pub struct Observation {
    /// What is observed.
    pub cell: Cell,
    /// The value, in the measure's own unit; `None` states that there is none.
    pub value: Option<f64>,
    /// The denominator of a ratio or the n of a mean.
    pub weight: Option<f64>,
    /// Whether it has been checked; `None` where nobody said.
    pub state: Option<ObservationState>,
    /// A remark about it.
    pub note: Option<String>,
}

impl Observation {
    /// Whether it is not published yet.
    pub fn is_held(&self) -> bool {
        self.state == Some(ObservationState::Held)
    }
}

/// The number of a commit in the ledger; the first is 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CommitNumber(pub u64);

impl std::fmt::Display for CommitNumber {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}", self.0)
    }
}

/// An observation with the commit that recorded it.
#[derive(Clone, Debug, PartialEq)]
pub struct Recorded {
    /// The observation.
    pub observation: Observation,
    /// The commit.
    pub commit: CommitNumber,
    /// When it became known.
    pub at: Timestamp,
}
