//! What a value says beside those before it: whether it is a real change, and whether the status turned.

use throughline_engine::{Status, View};
use throughline_insight::signals::State;
use throughline_model::observation::Cell;

use crate::insight::Verdict;
use crate::trend::Trend;

/// What a value says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Says {
    /// Its status.
    pub status: Status,
    /// The status of the period before.
    pub before: Option<Status>,
    /// Whether it is a signal; `None` where there are too few points.
    pub state: Option<State>,
    /// Between which values it usually lies, told by those before it.
    pub usual: Option<(f64, f64)>,
}

impl Says {
    /// What the newest value of a cell says, by a view in which it is recorded.
    pub(super) fn of(view: &View, cell: Cell) -> Says {
        let trend = before_and_at(view, cell);
        let at = trend.readings.last();
        let before = trend.readings.iter().rev().nth(1);
        Says {
            status: at.map_or(Status::NoData, |(_, reading)| reading.status),
            before: before.map(|(_, reading)| reading.status),
            state: match trend.verdict(&cell.period) {
                Some(Verdict::Of(state)) => Some(state),
                Some(Verdict::TooFew | Verdict::Doubtful) | None => None,
            },
            usual: usual(&trend),
        }
    }

    /// Whether it is a real change.
    #[must_use]
    pub fn is_change(&self) -> bool {
        self.state.is_some_and(|state| state != State::Steady)
    }

    /// Whether the status turned, from one judgement to another.
    #[must_use]
    pub fn has_turned(&self) -> bool {
        let judged = self.before.filter(|before| before.is_judgement());
        self.status.is_judgement() && judged.is_some_and(|before| before != self.status)
    }

    /// Whether others will ask what happened.
    #[must_use]
    pub fn asks(&self) -> bool {
        self.is_change() || self.has_turned()
    }
}

/// Between which values a measure usually lies, told by the readings before the last; none where they are too few.
pub(super) fn usual(trend: &Trend) -> Option<(f64, f64)> {
    let limits = trend.limits_before_last()?;
    Some((limits.lower, limits.upper))
}

/// The readings of a cell's measure at its unit up to its period, by periods of the measure's own length.
pub(super) fn before_and_at(view: &View, cell: Cell) -> Trend {
    let calendar = view.plan.calendar();
    let last = (cell.period.frequency, calendar.index(&cell.period));
    Trend::until(view, cell.measure, cell.unit, last)
}
