//! The plausible range of a measure's observations: its edges, and the targets that must be within reach.

use throughline_core::finding::{Finding, Place};

use super::place;
use crate::model::Model;
use crate::record::Entry;
use crate::records::{Floor, Measure, MeasureKind, Target};

pub(super) fn check(model: &Model, findings: &mut Vec<Finding>) {
    let measures = model.measures().iter();
    for measure in measures.filter(|measure| has_range(measure)) {
        range(model, measure, findings);
    }
    for target in model.targets() {
        // A measure that is not there is a broken reference, and said as one.
        if let Some(measure) = model.measures().get(target.measure)
            && has_range(measure)
            && stays_within(measure)
        {
            let mut found = out_of_reach(measure, target, &place(model, target));
            findings.append(&mut found);
        }
    }
}

fn has_range(measure: &Measure) -> bool {
    measure.least.is_some() || measure.greatest.is_some()
}

/// Whether what is added up of observations lies between the least and the greatest of them, as targets then must.
fn stays_within(measure: &Measure) -> bool {
    !measure.is_summed_over_time() && !measure.is_summed_over_units()
}

/// The edges of a range stand at a measure that takes numbers, and in order.
fn range(model: &Model, measure: &Entry<Measure>, findings: &mut Vec<Finding>) {
    let field = if measure.least.is_some() {
        "least"
    } else {
        "greatest"
    };
    let place = place(model, measure).field(field);
    let unfit = match measure.kind {
        MeasureKind::Formula => Some((
            "a formula takes no observations, so it has no range of them",
            "write `least` and `greatest` at the measures that the formula names",
        )),
        MeasureKind::YesNo => Some((
            "a yes-no takes yes and no only, so it has no range",
            "take `least` and `greatest` out",
        )),
        _ => None,
    };
    if let Some((message, help)) = unfit {
        let finding = Finding::error("bad-range", message);
        return findings.push(finding.at(place).with_help(help));
    }
    if let (Some(least), Some(greatest)) = (measure.least, measure.greatest)
        && least > greatest
    {
        let message = format!("the least, {least}, is above the greatest, {greatest}");
        let finding = Finding::error("bad-range", message);
        findings.push(
            finding
                .at(place)
                .with_help("no value would be taken: write the smaller one at `least`"),
        );
    }
}

/// The numbers of a target that no observation can have, and nothing made of observations either. The floor of a range may
/// lie outside, where it has to be wider than a range that ends where the measure does.
fn out_of_reach(measure: &Measure, target: &Target, place: &Place) -> Vec<Finding> {
    let at = |field| place.clone().field(field);
    let mut numbers: Vec<(f64, Place)> = Vec::new();
    for (index, point) in target.points.iter().enumerate() {
        let number = point.value.number();
        numbers.extend(number.map(|value| (value, at("points").index(index).field("value"))));
    }
    let baseline = target.baseline.as_ref();
    numbers.extend(baseline.map(|point| (point.value, at("baseline").field("value"))));
    if let Some(Floor::Number(floor)) = target.floor {
        numbers.push((floor, at("floor")));
    }
    numbers.extend(target.stretch.map(|stretch| (stretch, at("stretch"))));
    if let Some(range) = target.better_range {
        numbers.push((range.low, at("better_range")));
        numbers.push((range.high, at("better_range")));
    }
    let unreached = numbers
        .into_iter()
        .filter(|(value, _)| !measure.is_plausible(*value));
    unreached
        .map(|(value, place)| {
            let message = format!(
                "{value} is outside of what `{}` can be: {}",
                measure.key,
                measure.range_in_words(f64::to_string).unwrap_or_default()
            );
            Finding::error("target-out-of-range", message)
                .at(place)
                .with_help(
                    "write a value within `least` and `greatest` of the measure, or widen these",
                )
        })
        .collect()
}
