//! All initiatives on a day, what is late first, with the scorecard of the objectives that they serve.

use std::sync::Arc;

use jiff::civil::Date;
use throughline_model::Entry;
use throughline_model::records::Initiative;

use crate::initiative_state::InitiativeState;
use crate::scorecard::{ReadScorecard, scorecard};
use crate::selection::{Selected, Selection};
use crate::{AppError, Ctx};

/// All initiatives on a day.
pub struct ReadInitiatives {
    /// How the objectives stand.
    pub read: ReadScorecard,
    /// The day as of which they are shown.
    pub day: Date,
    /// Each with how it stands: the late first, then in the order of the plan.
    pub initiatives: Vec<(Arc<Entry<Initiative>>, InitiativeState)>,
}

/// Reads all initiatives as of the end of a period, or of the day on which things were known if that is before.
///
/// # Errors
/// As for a scorecard.
pub async fn initiatives(ctx: &Ctx, asked: &Selection) -> Result<ReadInitiatives, AppError> {
    let read = scorecard(ctx, asked).await?;
    let day = read.selected.day();
    let all = read.selected.model.initiatives().iter();
    let all = all.map(|one| (Arc::clone(one), InitiativeState::of(one, day)));
    let mut initiatives: Vec<_> = all.collect();
    initiatives.sort_by_key(|(_, state)| *state);
    Ok(ReadInitiatives {
        read,
        day,
        initiatives,
    })
}

impl ReadInitiatives {
    /// How many initiatives stand how, as far as any do.
    pub fn counts(&self) -> impl Iterator<Item = (InitiativeState, usize)> {
        let count = |state| {
            let of_state = self.initiatives.iter().filter(|(_, one)| *one == state);
            (state, of_state.count())
        };
        let all = InitiativeState::ALL.into_iter().map(count);
        all.filter(|(_, count)| *count > 0)
    }
}

impl Selected {
    /// The day as of which what has days is shown: the last of the period, or the day on which things were known if that is
    /// before.
    #[must_use]
    pub fn day(&self) -> Date {
        let known = self.model.calendar().date_of(self.known_at);
        self.period.last.min(known)
    }
}
