//! Values of a measure as they are shown: in its unit, with its decimals, the target with its sense.

use throughline_core::number::format_bare;
use throughline_core::{
    UnitOfMeasure, format_short, format_short_variance, format_value, format_variance,
};
use throughline_engine::Edge;
use throughline_model::records::{Better, Measure, MeasureKind, PredictedEffect};

/// The decimals that are shown where a measure says nothing else.
const DECIMALS: u8 = 1;

/// The unit in which the values of a measure are shown.
pub fn unit_of(measure: &Measure) -> UnitOfMeasure {
    UnitOfMeasure::parse(measure.shown_as.as_deref().unwrap_or_default())
}

/// The decimals with which the values of a measure are shown.
pub fn decimals_of(measure: &Measure) -> u8 {
    let whole = matches!(measure.kind, MeasureKind::Sum | MeasureKind::Level);
    measure
        .decimals
        .map_or(if whole { 0 } else { DECIMALS }, |decimals| decimals.0)
}

/// The name of a measure with the unit of its values: `On-time arrivals, %`.
pub fn name_with_unit(measure: &Measure) -> String {
    match unit_of(measure) {
        UnitOfMeasure::None => measure.name.clone(),
        unit => format!("{}, {unit}", measure.name),
    }
}

/// The value without its unit, which stands with the name.
pub fn bare(value: Option<f64>, measure: &Measure) -> String {
    format_bare(value, &unit_of(measure), decimals_of(measure))
}

/// The value with its unit, for a sentence.
pub fn value(value: Option<f64>, measure: &Measure) -> String {
    format_value(value, &unit_of(measure), decimals_of(measure))
}

/// The value with its unit where room is short, large money in millions: `$40.8m`. Columns of values and explanations have it
/// whole.
pub fn short(value: Option<f64>, measure: &Measure) -> String {
    format_short(value, &unit_of(measure), decimals_of(measure))
}

/// The most decimals with which a value is shown that is not to be rounded.
const EXACT_MAX: u8 = 9;

/// The value with its unit and as many decimals as it has, for who is to agree with it.
pub fn exact(value: Option<f64>, measure: &Measure) -> String {
    let places = places_of(value.as_slice(), measure);
    format_value(value, &unit_of(measure), places)
}

/// The fewest decimals with which none of some values is rounded, and the usual ones of the measure at least.
fn places_of(values: &[f64], measure: &Measure) -> u8 {
    let usual = decimals_of(measure);
    let is_percent = unit_of(measure) == UnitOfMeasure::Percent;
    let scale = if is_percent { 2 } else { 0 };
    let says_all = |places: &u8| {
        let factor = 10_f64.powi(i32::from(places + scale));
        values.iter().all(|value| {
            let shown = (value * factor).round() / factor;
            (shown - value).abs() <= f64::EPSILON * value.abs()
        })
    };
    let places = (usual..=EXACT_MAX.max(usual)).find(says_all);
    places.unwrap_or(EXACT_MAX)
}

/// How far the value is from its target, for a column whose row names the unit: `1.13 points worse`, `996 worse`; empty without
/// a gap. A sign would be read the wrong way round where lower is better.
pub fn gap(gap: Option<f64>, measure: &Measure) -> String {
    let unit = match unit_of(measure) {
        UnitOfMeasure::Percent => UnitOfMeasure::Percent,
        _ => UnitOfMeasure::None,
    };
    let words = |gap| {
        let signed = format_variance(Some(gap), &unit, decimals_of(measure));
        distance_in_words(gap, &signed, measure.better)
    };
    let words = gap.map(words).unwrap_or_default();
    words.trim_end_matches(" than plan").to_owned()
}

/// As [`gap`], large money in millions: `$16.4m worse`.
pub fn short_gap(gap_: Option<f64>, measure: &Measure) -> String {
    let is_money = matches!(unit_of(measure), UnitOfMeasure::Currency(_));
    match gap_.filter(|_| is_money) {
        None => gap(gap_, measure),
        Some(_) => short_against_plan(gap_, measure).replace(" than plan", ""),
    }
}

/// As [`against_plan`], large money in millions.
pub fn short_against_plan(gap: Option<f64>, measure: &Measure) -> String {
    let signed = |gap| format_short_variance(Some(gap), &unit_of(measure), decimals_of(measure));
    let words = gap.map(|gap| distance_in_words(gap, &signed(gap), measure.better));
    words.unwrap_or_default()
}

/// How far the value is from its target, in words: `1.13 points worse than plan`; empty without a gap.
pub fn against_plan(gap: Option<f64>, measure: &Measure) -> String {
    match gap {
        None => String::new(),
        Some(gap) => distance_in_words(gap, &change(Some(gap), measure), measure.better),
    }
}

/// A gap in words, by its text with sign and unit.
fn distance_in_words(gap: f64, signed: &str, better: Option<Better>) -> String {
    let distance = signed.trim_start_matches(['+', '−']);
    if distance == signed {
        // What rounds to nothing has no sign.
        return "on plan".to_owned();
    }
    let which = match better {
        Some(Better::Between) if gap > 0.0 => "inside the range",
        Some(Better::Between) => "outside the range",
        _ if gap > 0.0 => "better than plan",
        _ => "worse than plan",
    };
    format!("{distance} {which}")
}

/// A change with its sign and unit; of percentages in points.
pub fn change(change: Option<f64>, measure: &Measure) -> String {
    format_variance(change, &unit_of(measure), decimals_of(measure))
}

/// A predicted change as it was written, with its range where it has one: `+0.5 min (+0.2 min to +1.0 min)`.
pub fn predicted(effect: &PredictedEffect, measure: &Measure) -> String {
    let said = |change| change_like(change, effect, measure);
    let all = said(effect.change);
    if effect.least == effect.most {
        return all;
    }
    format!("{all} ({} to {})", said(effect.least), said(effect.most))
}

/// A change with the decimals that the predicted one needs, so that both can be told apart.
pub fn change_like(change: f64, effect: &PredictedEffect, measure: &Measure) -> String {
    let written = [effect.change, effect.least, effect.most];
    let places = places_of(&written, measure);
    format_variance(Some(change), &unit_of(measure), places)
}

/// A target with its sense: `≥ 82.0`, `≤ 6.0`, `18.0 to 22.0`.
pub fn target(target: Option<Edge>, measure: &Measure) -> String {
    match target {
        None => String::new(),
        Some(Edge::Range(low, high)) => format!(
            "{} to {}",
            bare(Some(low), measure),
            bare(Some(high), measure)
        ),
        Some(Edge::Number(number)) => {
            let sense = if measure.better == Some(Better::Lower) {
                "≤"
            } else {
                "≥"
            };
            format!("{sense} {}", bare(Some(number), measure))
        }
    }
}

/// A target with its sense and unit, for a sentence: `≥ 82.0%`, `18.0 to 22.0 min`.
pub fn target_in_words(target: Edge, measure: &Measure) -> String {
    with_sense(target, measure, value)
}

/// As [`target_in_words`], large money in millions: `≤ $24.4m`.
pub fn short_target(target: Edge, measure: &Measure) -> String {
    with_sense(target, measure, short)
}

/// How a value is said.
type Say = fn(Option<f64>, &Measure) -> String;

fn with_sense(target: Edge, measure: &Measure, say: Say) -> String {
    let said = edge_by(target, measure, say);
    match target {
        Edge::Range(..) => said,
        Edge::Number(_) if measure.better == Some(Better::Lower) => format!("≤ {said}"),
        Edge::Number(_) => format!("≥ {said}"),
    }
}

/// A target or floor with its unit, for a sentence.
pub fn edge(edge: Edge, measure: &Measure) -> String {
    edge_by(edge, measure, value)
}

fn edge_by(edge: Edge, measure: &Measure, say: Say) -> String {
    match edge {
        Edge::Number(number) => say(Some(number), measure),
        Edge::Range(low, high) => {
            let (low, high) = (Some(low), Some(high));
            let first = match unit_of(measure) {
                UnitOfMeasure::Currency(_) => say(low, measure),
                // The unit stands once, behind both.
                _ => bare(low, measure),
            };
            format!("{first} to {}", say(high, measure))
        }
    }
}

/// A share as a percentage: `96%`, or more exactly where it would look complete and is not.
pub fn share(share: Option<f64>) -> String {
    let decimals = match share {
        Some(share) if share < 1.0 && share > 0.995 => 2,
        _ => 0,
    };
    match share {
        None => String::new(),
        share => format_value(share, &UnitOfMeasure::Percent, decimals),
    }
}

/// A score: `81.2`.
pub fn score(score: Option<f64>) -> String {
    match score {
        None => String::new(),
        score => format_value(score, &UnitOfMeasure::None, 1),
    }
}

/// The most decimals of a number that is shown as it was written.
const PLAIN_DECIMALS: u8 = 6;

/// The digits of a sum that are shown at most: more is noise of the machine's arithmetic, and nobody reads it.
const SUM_DIGITS: i32 = 7;

/// A sum without a unit, rounded as people round it: the larger it is, the fewer decimals it has.
pub fn sum(number: f64) -> String {
    let before_the_point = number.abs().max(1.0).log10().floor() as i32 + 1;
    let decimals = (SUM_DIGITS - before_the_point).clamp(0, i32::from(PLAIN_DECIMALS));
    let shown = format_value(Some(number), &UnitOfMeasure::None, decimals as u8);
    without_trailing_zeros(&shown)
}

fn without_trailing_zeros(shown: &str) -> String {
    if shown.contains('.') {
        shown.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        shown.to_owned()
    }
}

/// A number without a unit, with as few decimals as it needs.
pub fn plain(number: f64) -> String {
    let shown = format_value(Some(number), &UnitOfMeasure::None, PLAIN_DECIMALS);
    without_trailing_zeros(&shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_numbers_have_the_decimals_that_they_need() {
        let check = |number: f64, expected: &str| assert_eq!(plain(number), expected);
        check(6_191.000_000_001, "6,191");
        check(0.6525, "0.6525");
        check(1000.0, "1,000");
        check(0.0, "0");
        check(-0.1, "−0.1");
        check(1e-9, "0");
    }

    #[test]
    fn a_gap_says_which_side_of_the_plan_it_is_on() {
        let check = |gap, signed, better, expected: &str| {
            assert_eq!(distance_in_words(gap, signed, Some(better)), expected);
        };
        let points = "1.13 points worse than plan";
        check(-0.0113, "−1.13 points", Better::Lower, points);
        check(-0.0113, "−1.13 points", Better::Higher, points);
        check(4.0, "+$4", Better::Lower, "$4 better than plan");
        check(
            -0.7,
            "−0.7 min",
            Better::Between,
            "0.7 min outside the range",
        );
        check(0.7, "+0.7 min", Better::Between, "0.7 min inside the range");
        check(-0.001, "0.0", Better::Higher, "on plan");
    }

    #[test]
    fn sums_are_rounded_as_people_round_them() {
        let check = |number: f64, expected: &str| assert_eq!(sum(number), expected);
        check(17_339.000_001, "17,339");
        check(17_339.123_456, "17,339.12");
        check(0.652_512_345, "0.652512");
        check(12.5, "12.5");
        check(336_776_000.4, "336,776,000");
        check(1e15, "1,000,000,000,000,000");
        check(-250.0, "−250");
        check(0.0, "0");
    }

    #[test]
    fn shares_do_not_look_complete_when_they_are_not() {
        assert_eq!(share(Some(1.0)), "100%");
        assert_eq!(share(Some(0.9999)), "99.99%");
        assert_eq!(share(Some(0.5)), "50%");
        assert_eq!(share(None), "");
    }
}
