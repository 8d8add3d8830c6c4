//! Whether a difference is more than routine variation, by the natural limits of the measure's own points.

use throughline_core::{Period, UnitId};
use throughline_engine::View;
use throughline_insight::signals::{NaturalLimits, State};
use throughline_model::Entry;
use throughline_model::records::Measure;

use super::Against;
use crate::trend::Trend;

/// A mean is further away than noise moves it beyond so many of its standard errors: as sure as natural limits are of a value.
const ERRORS: f64 = 3.0;

/// What a difference is of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Noise {
    /// It is routine variation.
    Routine,
    /// The value is, and the process as a whole is not where its target is: its mean at the time of the year.
    Process(f64),
    /// It is more.
    Signal,
}

/// What a difference is of. Against another period it is routine where the newest point signals nothing and the step is no larger
/// than steps are; against a target where besides the target lies no further from the value than points lie from their mean,
/// and from the mean no further than noise moves that. `None` where there are too few points to tell.
pub(super) fn noise(
    view: &View,
    measure: &Entry<Measure>,
    unit: UnitId,
    period: Period,
    against: Against,
    (value, other): (f64, f64),
) -> Option<Noise> {
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
    // What one value in doubt makes of the others is no change.
    if read.state != State::Steady && trend.signals.doubt.is_none() {
        return Some(Noise::Signal);
    }
    // Of what comes back each year a step is routine, however large.
    let season = match (against, trend.signals.season.as_slice()) {
        (Against::Target, [.., last]) => *last,
        (Against::Before, [.., before, last]) => last - before,
        _ => 0.0,
    };
    Some(match against {
        Against::Target => of_target(&limits, season, value, other),
        Against::Before | Against::YearBefore => {
            match (value - other - season).abs() <= limits.step_limit {
                true => Noise::Routine,
                false => Noise::Signal,
            }
        }
    })
}

/// What the difference of a routine value to its target is of. Limits are without the season of the value.
fn of_target(limits: &NaturalLimits, season: f64, value: f64, target: f64) -> Noise {
    let mean = limits.centre + season;
    // A process that is better than its target makes no signal of one routine value that misses it, nor the other way round.
    let is_as_process = (value - target) * (mean - target) > 0.0;
    if is_as_process && (mean - target).abs() > ERRORS * limits.error_of_centre() {
        return Noise::Process(mean);
    }
    match (value - target).abs() <= limits.upper - limits.centre {
        true => Noise::Routine,
        false => Noise::Signal,
    }
}

#[cfg(test)]
mod tests {
    use throughline_insight::Better;
    use throughline_insight::signals::read;

    use super::*;

    /// The limits of two years about 40, in steps of up to 14: wide, and the mean is known well.
    fn limits() -> NaturalLimits {
        let one = [33.0, 46.0, 37.0, 44.0, 34.0, 47.0, 39.0, 40.0];
        let values = one.iter().cycle().take(24).copied().map(Some);
        let read = read(&values.collect::<Vec<_>>(), Better::Lower, &[]).unwrap();
        read.current().limits
    }

    #[test]
    fn a_process_that_misses_its_target_as_a_whole_is_no_routine() {
        let limits = limits();
        assert_eq!(limits.centre, 40.0);
        let room = limits.upper - limits.centre;
        assert!(room > 20.0, "{room}");
        // The target lies within the limits of single values, and all that the process does is above it.
        assert_eq!(of_target(&limits, 0.0, 41.0, 24.4), Noise::Process(40.0));
        assert_eq!(of_target(&limits, 0.0, 41.0, 41.5), Noise::Routine);
        // What one value is on the other side of its target by is routine.
        assert_eq!(of_target(&limits, 0.0, 29.0, 30.0), Noise::Routine);
        // The season of the value is no part of it.
        assert_eq!(of_target(&limits, 10.0, 41.0, 24.4), Noise::Process(50.0));
        assert_eq!(of_target(&limits, -15.6, 41.0, 24.4), Noise::Routine);
    }

    #[test]
    fn a_mean_is_away_from_its_target_beyond_noise_and_not_before() {
        let limits = limits();
        let noise = ERRORS * limits.error_of_centre();
        assert!(noise < (limits.upper - limits.centre) / 4.0, "{noise}");
        let of = |target: f64| of_target(&limits, 0.0, 40.0, target);
        for sign in [-1.0, 1.0] {
            assert_eq!(of(40.0 + sign * 0.99 * noise), Noise::Routine);
            assert_eq!(of(40.0 + sign * 1.01 * noise), Noise::Process(40.0));
        }
    }
}
