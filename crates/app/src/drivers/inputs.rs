//! A difference taken apart by the measures of a formula: what each brought on average over all orders in which they could
//! have changed.

use std::collections::BTreeMap;

use throughline_core::{MeasureId, Period};
use throughline_insight::drivers::{DRIVERS_MAX, shapley};

use super::{Across, Bridge, DriverPart, PartOf, Place};

/// How near the formula on its inputs must come to the value, as a part of it.
const SAME: f64 = 1e-6;

/// What each measure of the formula brought since another period.
pub(super) fn between(place: &Place<'_>, period: Period, difference: f64) -> Option<Bridge> {
    let id = place.measure.id();
    let inputs = |period| place.view.formula_inputs(id, place.unit, period);
    let (before, after) = (inputs(period)?, inputs(place.period)?);
    let measures: Vec<MeasureId> = after.keys().copied().collect();
    if measures.len() > DRIVERS_MAX || !before.keys().eq(after.keys()) {
        return None;
    }
    let value = |values: &BTreeMap<MeasureId, f64>| place.view.formula_on(id, values);
    let step = value(&after)? - value(&before)?;
    // A formula that is not read by these values alone cannot be taken apart by them.
    if (step - difference).abs() > SAME * difference.abs() {
        return None;
    }
    let on = |changed: &[bool]| {
        let mixed = measures
            .iter()
            .zip(changed)
            .filter_map(|(measure, is_after)| {
                let from = if *is_after { &after } else { &before };
                Some((*measure, *from.get(measure)?))
            });
        value(&mixed.collect()).unwrap_or(f64::NAN)
    };
    let brought = shapley(measures.len(), on).ok()?;
    let parts = measures
        .iter()
        .zip(brought)
        .map(|(measure, brought)| DriverPart {
            of: PartOf::Measure(*measure),
            other: before.get(measure).copied(),
            value: after.get(measure).copied(),
            brought,
            by_weight: None,
        });
    Bridge::of(Across::Inputs, parts.collect(), difference)
}
