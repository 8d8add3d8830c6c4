//! What somebody noted on the chart of a measure, and where natural limits begin anew because of a cause that is known.

use throughline_core::id::{MeasureId, UnitId};
use throughline_core::period::Period;

use super::Silence;
use crate::fields::Key;
use crate::record::{named_by_key, record};

/// The most notes on the chart of one measure at one unit.
pub const NOTES_MAX: usize = 200;

record! {
    /// What somebody noted on the chart of a measure. Who noted it and when says the history.
    Note(NoteId) {
        /// Its readable key.
        public key: Key,
        /// What happened; of a baseline, why the level is another.
        public what: String,
        /// The measure on whose chart it stands.
        public measure: MeasureId,
        /// The unit.
        public unit: UnitId,
        /// The period at which it stands.
        public period: Period,
        /// Whether natural limits begin anew with the period.
        public baseline: bool,
        /// The value of the period, in the unit of the measure, where it is said to be right although it lies far from all others.
        public right: Option<f64>,
        /// Lints that do not hold for this note, each with its reason.
        public silences: Vec<Silence>,
    }
}

named_by_key!(Note);
