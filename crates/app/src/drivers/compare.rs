//! Whether a difference is more than routine variation, by the natural limits of the measure's own points.

use throughline_core::{Period, UnitId};
use throughline_engine::View;
use throughline_insight::signals::State;
use throughline_model::Entry;
use throughline_model::records::Measure;

use super::Against;
use crate::trend::Trend;

/// Whether a difference is routine: the newest point signals nothing, and the step is no larger than steps are; or a target
/// lies no further away than points lie from their mean. `None` where there are too few points to tell.
pub(super) fn routine(
    view: &View,
    measure: &Entry<Measure>,
    unit: UnitId,
    period: Period,
    against: Against,
    difference: f64,
) -> Option<bool> {
    let calendar = view.plan.calendar();
    let frequency = if period.frequency.is_finer_than(measure.frequency) {
        measure.frequency
    } else {
        period.frequency
    };
    let last = calendar.latest_ended_by(frequency, period.last);
    let trend = Trend::until(view, measure.id(), unit, (frequency, last));
    let read = trend.signals.reading?;
    let limits = read.segments.last()?.limits;
    // Of what comes back each year a step is routine, however large.
    let season = match (against, trend.signals.season.as_slice()) {
        (Against::Before, [.., before, last]) => last - before,
        _ => 0.0,
    };
    let difference = difference - season;
    let room = match against {
        Against::Target => limits.upper - limits.centre,
        Against::Before | Against::YearBefore => limits.step_limit,
    };
    // What one value in doubt makes of the others is no change.
    let is_steady = read.state == State::Steady || trend.signals.doubt.is_some();
    Some(is_steady && difference.abs() <= room)
}
