//! Whether a difference is more than routine variation, by the natural limits of the measure's own points.

use throughline_core::{Period, UnitId};
use throughline_engine::View;
use throughline_insight::Better;
use throughline_insight::signals::{self, State};
use throughline_model::Entry;
use throughline_model::records::Measure;

use super::Against;
use crate::trend::TREND_PERIODS;

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
    let known = calendar.index_range(frequency);
    let indexes = (last - TREND_PERIODS + 1..=last).filter(|index| known.contains(index));
    let periods: Vec<Period> = indexes
        .map(|index| calendar.period(frequency, index))
        .collect();
    let readings = view.trends(&[measure.id()], unit, |_| periods.clone());
    let values: Vec<Option<f64>> = readings.iter().flatten().map(|one| one.value).collect();
    // The direction does not matter here.
    let read = signals::read(&values, Better::Higher, &[]).ok()?;
    let limits = read.segments.last()?.limits;
    let room = match against {
        Against::Target => limits.upper - limits.centre,
        Against::Before | Against::YearBefore => limits.step_limit,
    };
    Some(read.state == State::Steady && difference.abs() <= room)
}
