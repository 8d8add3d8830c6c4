//! What a target asks of a whole period of its own length, also while that period runs: a reading of it has the target of
//! what counts so far (SEMANTICS 4).

use throughline_core::id::{MeasureId, UnitId};
use throughline_core::period::{Frequency, Period};
use throughline_model::Entry;
use throughline_model::records::{Joined, Measure, MeasureKind, OverTime, Target};

use crate::aggregate::Ways;
use crate::evaluator::Evaluator;
use crate::pieces::WeighedValue;
use crate::reading::Edge;
use crate::scorecard::View;
use crate::value::ValuePeriod;

/// A target of a period that is longer than those in which its measure is read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WholeTarget {
    /// The period.
    pub period: Period,
    /// What all of it is to be.
    pub target: Edge,
}

impl View {
    /// The target of the whole period, of the target's own length, that holds the middle of a shorter one. `None` where the
    /// values of the measure neither add up over time nor have their mean, or no target is of longer periods than the
    /// measure is read in.
    pub fn target_of_whole(
        &self,
        measure: MeasureId,
        unit: UnitId,
        within: &Period,
    ) -> Option<WholeTarget> {
        let evaluator = Evaluator::new(self);
        let measure = evaluator.measure(measure)?;
        let held = evaluator.held(measure, unit, within)?;
        let length = length_of(measure, &held.target, within)?;
        let calendar = evaluator.calendar();
        let period = calendar.containing(length, within.middle());
        let parts = calendar.parts(&period, measure.frequency);
        let parts = parts.map(|index| ValuePeriod {
            index,
            counts: true,
            weight: 1.0,
        });
        let parts: Vec<ValuePeriod> = parts.collect();
        let (path, _) = evaluator.path(measure, unit, &held, &parts)?;
        let target = path.over(&parts, held.is_own)?.target;
        Some(WholeTarget { period, target })
    }

    /// The value of a measure at a unit in each of some periods, with its weight; `None` where there is no value.
    pub fn weighed_over(
        &self,
        measure: MeasureId,
        unit: UnitId,
        periods: &[Period],
    ) -> Vec<Option<WeighedValue>> {
        let evaluator = Evaluator::new(self);
        let Some(measure) = evaluator.measure(measure) else {
            return vec![None; periods.len()];
        };
        let of_period = |period: &Period| {
            let value = evaluator.value_in(measure, unit, period);
            Some(WeighedValue {
                value: value.value?,
                weight: value.total_weight,
            })
        };
        periods.iter().map(of_period).collect()
    }
}

/// The length of the periods that the points of a target are for, where it is a longer one than the measure's own: that of
/// the newest point that began by then. A line towards a mean is for its end, and not for all of the period.
fn length_of(measure: &Entry<Measure>, target: &Target, within: &Period) -> Option<Frequency> {
    let is_whole = match Ways::of(measure).over_time {
        OverTime::Sum => true,
        // The value of a formula over a year is that of the year's inputs.
        OverTime::Mean if measure.kind == MeasureKind::Formula && measure.over_time.is_none() => {
            false
        }
        OverTime::Mean => target.joined == Joined::Steps,
        OverTime::Last | OverTime::Max | OverTime::Min => false,
    };
    let begun = target.points.iter().map(|point| point.period);
    let begun = begun.filter(|period| period.first <= within.last);
    let period = begun.max_by_key(|period| (period.first, period.last))?;
    let length = period.frequency;
    (is_whole && measure.frequency.is_finer_than(length)).then_some(length)
}
