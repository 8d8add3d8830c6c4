//! What was said of targets at a place, for whoever sees the same on the same day: it takes long to find out, and is asked for
//! again as long as nothing is committed.

use std::sync::Arc;

use jiff::civil::Date;
use throughline_core::{Actor, MeasureId};

use super::memory::ScorecardKey;
use super::remembered::{Limits, Remembered};
use crate::insight::Tracked;

/// Places of which it is remembered how often chances came true.
const TRACKS: Limits = Limits {
    most: 512,
    heaviest: 512,
};
/// Targets of which the advice is remembered; each has three sentences at most.
const ADVICE: Limits = Limits {
    most: 1024,
    heaviest: 1024,
};

/// A place, and who looks at it on which day.
pub(crate) type Seen = (ScorecardKey, (Actor, Date));

/// What was said.
pub(crate) struct SaidOfTargets {
    /// How often chances came true.
    pub tracks: Remembered<Seen, Arc<Tracked>>,
    /// What the data say about the target of a measure.
    pub advice: Remembered<(Seen, MeasureId), Arc<Vec<String>>>,
}

impl SaidOfTargets {
    /// Nothing yet.
    pub fn new() -> SaidOfTargets {
        SaidOfTargets {
            tracks: Remembered::new(TRACKS),
            advice: Remembered::new(ADVICE),
        }
    }

    /// What holds of it at places that hold.
    pub fn carried(&self, holds: impl Fn(&ScorecardKey) -> bool) -> SaidOfTargets {
        SaidOfTargets {
            tracks: self.tracks.carried(|(place, _)| holds(place)),
            advice: self.advice.carried(|((place, _), _)| holds(place)),
        }
    }
}
