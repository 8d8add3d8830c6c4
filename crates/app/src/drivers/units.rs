//! A difference taken apart by the units below: sums by what each added, shares and means by how each did and by how much it
//! weighs.

use throughline_core::{Period, UnitId};
use throughline_engine::{Edge, WeighedValue};
use throughline_insight::drivers::{Change, RatioPart, mix_rate};
use throughline_model::records::OverUnits;

use super::{Across, Bridge, DriverPart, PartOf, Place};

/// What each unit below brought since another period.
pub(super) fn between(place: &Place<'_>, period: Period, difference: f64) -> Option<Bridge> {
    let parts = match over_units(place) {
        Some(OverUnits::Sum) => sums(place, period),
        Some(OverUnits::Mean) => rates(place, period)?,
        _ => return None,
    };
    Bridge::of(Across::Units, parts, difference)
}

/// How far each unit below is from the target of the unit above, by its weight; of a sum from its own.
pub(super) fn from_target(place: &Place<'_>, target: f64, difference: f64) -> Option<Bridge> {
    let parts = match over_units(place) {
        Some(OverUnits::Sum) => own_gaps(place)?,
        Some(OverUnits::Mean) => weighed_gaps(place, target)?,
        _ => return None,
    };
    Bridge::of(Across::Units, parts, difference)
}

/// How the measure adds up over units; a formula does not by itself.
fn over_units(place: &Place<'_>) -> Option<OverUnits> {
    let measure = place.measure;
    let kind = measure.kind;
    let is_weighed = kind.is_weighted() || measure.is_summed_over_units();
    (measure.formula.is_none() && is_weighed)
        .then(|| measure.over_units.unwrap_or(kind.over_units()))
}

/// The units in a period; one that was not below then took no part.
fn weighed(place: &Place<'_>, period: Period) -> Vec<Option<WeighedValue>> {
    let index = place.view.plan.index();
    let then = index.units_on(period.middle()).children(place.unit);
    let found = place.view.weighed(place.measure.id(), place.below, period);
    let found = found.into_iter().zip(place.below);
    found
        .map(|(value, unit)| value.filter(|_| then.contains(unit)))
        .collect()
}

fn sums(place: &Place<'_>, period: Period) -> Vec<DriverPart> {
    let values = weighed(place, period)
        .into_iter()
        .zip(weighed(place, place.period));
    let parts = place
        .below
        .iter()
        .zip(values)
        .filter_map(|(unit, (before, after))| {
            let [before, after] = [before, after].map(|one| one.map(|one| one.value));
            // A unit that is new, or gone, was nothing before, or is now.
            (before.is_some() || after.is_some()).then(|| DriverPart {
                of: PartOf::Unit(*unit),
                other: before,
                value: after,
                brought: after.unwrap_or(0.0) - before.unwrap_or(0.0),
                by_weight: None,
            })
        });
    parts.collect()
}

/// The whole with its weight, and those of the units below.
type WholeAndParts = (WeighedValue, Vec<Option<WeighedValue>>);

fn whole(place: &Place<'_>, period: Period) -> Option<WholeAndParts> {
    let whole = place
        .view
        .weighed(place.measure.id(), &[place.unit], period);
    Some((whole.into_iter().next()??, weighed(place, period)))
}

fn rates(place: &Place<'_>, period: Period) -> Option<Vec<DriverPart>> {
    let (before, parts_before) = whole(place, period)?;
    let (after, parts_after) = whole(place, place.period)?;
    let pairs = parts_before.iter().zip(&parts_after);
    let mut ratios: Vec<RatioPart> = pairs
        .map(|(before, after)| ratio(*before, *after))
        .collect::<Option<_>>()?;
    // What is not shown is one part more.
    let total = ratio(Some(before), Some(after))?;
    ratios.push(rest(total, &ratios));
    let brought = mix_rate(&ratios).ok()?;
    let pairs = parts_before.into_iter().zip(parts_after);
    let parts = place.below.iter().zip(pairs).zip(brought);
    let there = parts.filter(|((_, (before, after)), _)| before.is_some() || after.is_some());
    let parts = there.map(|((unit, (before, after)), brought)| DriverPart {
        of: PartOf::Unit(*unit),
        other: before.map(|one| one.value),
        value: after.map(|one| one.value),
        brought: brought.rate + brought.mix,
        by_weight: Some(brought.mix),
    });
    Some(parts.collect())
}

/// A unit as a ratio: what it counts, and out of how much. `None` where a weight is missing.
fn ratio(before: Option<WeighedValue>, after: Option<WeighedValue>) -> Option<RatioPart> {
    let side = |one: Option<WeighedValue>| match one {
        None => Some((0.0, 0.0)),
        Some(one) => one.weight.map(|weight| (one.value * weight, weight)),
    };
    let ((before, weight_before), (after, weight_after)) = (side(before)?, side(after)?);
    Some(RatioPart {
        numerator: Change { before, after },
        denominator: Change {
            before: weight_before,
            after: weight_after,
        },
    })
}

/// What the parts of a whole leave; no less than nothing, as weights are.
fn rest(whole: RatioPart, parts: &[RatioPart]) -> RatioPart {
    let sum = |of: &dyn Fn(&RatioPart) -> f64| parts.iter().map(of).sum::<f64>();
    let left = |whole: f64, parts: f64| {
        let left = whole - parts;
        if left.abs() <= 1e-9 * whole.abs() {
            0.0
        } else {
            left
        }
    };
    RatioPart {
        numerator: Change {
            before: left(whole.numerator.before, sum(&|part| part.numerator.before)),
            after: left(whole.numerator.after, sum(&|part| part.numerator.after)),
        },
        denominator: Change {
            before: left(
                whole.denominator.before,
                sum(&|part| part.denominator.before),
            )
            .max(0.0),
            after: left(whole.denominator.after, sum(&|part| part.denominator.after)).max(0.0),
        },
    }
}

fn weighed_gaps(place: &Place<'_>, target: f64) -> Option<Vec<DriverPart>> {
    let (whole, parts) = whole(place, place.period)?;
    let total = whole.weight.filter(|weight| *weight > 0.0)?;
    let parts = place.below.iter().zip(parts);
    let parts = parts.filter_map(|(unit, found)| {
        let found = found?;
        Some(found.weight.map(|weight| DriverPart {
            of: PartOf::Unit(*unit),
            other: Some(target),
            value: Some(found.value),
            brought: weight / total * (found.value - target),
            by_weight: None,
        }))
    });
    parts.collect()
}

fn own_gaps(place: &Place<'_>) -> Option<Vec<DriverPart>> {
    let index = place.view.plan.index();
    let now = index.units_on(place.period.middle()).children(place.unit);
    let part = |unit: &UnitId| {
        let reading = place
            .view
            .reading(place.measure.id(), *unit, place.period)?;
        let value = reading.value?;
        // Where a unit has no target of its own nobody said what it should add.
        let Some(Edge::Number(target)) = reading.target else {
            return Some(None);
        };
        Some(Some(DriverPart {
            of: PartOf::Unit(*unit),
            other: Some(target),
            value: Some(value),
            brought: value - target,
            by_weight: None,
        }))
    };
    let below = place.below.iter().filter(|unit| now.contains(unit));
    below.filter_map(part).collect()
}
