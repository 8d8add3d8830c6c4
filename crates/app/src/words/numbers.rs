//! Values of a measure as they are shown: in its unit, with its decimals, the target with its sense.

use throughline_core::number::{self, format_bare, short_scale};
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

/// The value with its unit where nobody needs its last digit, large money in millions: `$40.8m`. Explanations, single
/// observations and what is to be entered or agreed with have it whole.
pub fn short(value: Option<f64>, measure: &Measure) -> String {
    format_short(value, &unit_of(measure), decimals_of(measure))
}

/// How values that are held against each other are said: short, unless some that differ would look alike then.
pub fn apart(values: &[Option<f64>], measure: &Measure) -> Say {
    match look_alike(values, measure) {
        true => value,
        false => short,
    }
}

/// Whether some values differ and look alike where they are short.
fn look_alike(values: &[Option<f64>], measure: &Measure) -> bool {
    number::look_alike(values, &unit_of(measure), decimals_of(measure))
}

/// A value and its target, each with its unit: `$40.8m` and `≤ $24.4m`, whole where they would look alike in millions. The target
/// is empty where there is none.
pub fn value_and_target(
    value: Option<f64>,
    target: Option<Edge>,
    measure: &Measure,
) -> [String; 2] {
    let say = apart(&with_edges(value, target), measure);
    let target = target.map(|target| with_sense(target, measure, say));
    [say(value, measure), target.unwrap_or_default()]
}

/// The same without units for columns, but of large money: it says that it is in millions.
pub fn in_columns(value: Option<f64>, target: Option<Edge>, measure: &Measure) -> [String; 2] {
    let all = with_edges(value, target);
    let unit = unit_of(measure);
    let is_large = |value: &Option<f64>| value.is_some_and(|one| short_scale(one, &unit).is_some());
    let (of_value, of_target): (Say, Say) = match (look_alike(&all, measure), target) {
        (true, _) => (bare, bare),
        // Both edges have the unit, or neither.
        (false, Some(Edge::Range(..))) if all.iter().skip(1).any(is_large) => (short_bare, short),
        (false, _) => (short_bare, short_bare),
    };
    let target = target.map(|target| with_sense(target, measure, of_target));
    [of_value(value, measure), target.unwrap_or_default()]
}

fn with_edges(value: Option<f64>, target: Option<Edge>) -> Vec<Option<f64>> {
    match target {
        None => vec![value],
        Some(Edge::Number(number)) => vec![value, Some(number)],
        Some(Edge::Range(low, high)) => vec![value, Some(low), Some(high)],
    }
}

/// The value without its unit for a column, but of large money, which is in millions and says so: `$40.8m`.
fn short_bare(value: Option<f64>, measure: &Measure) -> String {
    let unit = unit_of(measure);
    match value.and_then(|value| short_scale(value, &unit)) {
        Some(_) => short(value, measure),
        None => bare(value, measure),
    }
}

/// The value whole, where [`short`] has it in millions; else nothing.
pub fn unshortened(value: Option<f64>, measure: &Measure) -> String {
    let unit = unit_of(measure);
    let whole = value.filter(|value| short_scale(*value, &unit).is_some());
    whole.map_or_else(String::new, |whole| self::value(Some(whole), measure))
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

/// How far the value is from its target, for a column that says against what: `1.13 points worse`, `4.8 min worse`, `0.7 min
/// outside`; empty without a gap. It has its unit, as every change has. A sign would be read the wrong way round where lower is
/// better.
pub fn gap(gap: Option<f64>, measure: &Measure) -> String {
    in_column(&against_plan(gap, measure))
}

/// As [`gap`], large money in millions: `$16.4m worse`.
pub fn short_gap(gap: Option<f64>, measure: &Measure) -> String {
    in_column(&short_against_plan(gap, measure))
}

/// A distance without what the head of its column says.
fn in_column(distance: &str) -> String {
    let distance = distance.trim_end_matches(" than plan");
    distance.trim_end_matches(" the range").to_owned()
}

/// As [`against_plan`], large money in millions.
pub fn short_against_plan(gap: Option<f64>, measure: &Measure) -> String {
    let words = |gap| distance_in_words(gap, &short_change(Some(gap), measure), measure.better);
    let words = gap.map(words);
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

/// As [`change`], large money in millions: `+$16.4m`.
pub fn short_change(change: Option<f64>, measure: &Measure) -> String {
    format_short_variance(change, &unit_of(measure), decimals_of(measure))
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
    let said = target.map(|target| with_sense(target, measure, bare));
    said.unwrap_or_default()
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
pub type Say = fn(Option<f64>, &Measure) -> String;

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
    use throughline_model::Model;

    use super::*;
    use crate::testing::{self, LEAST};

    /// A plan with one measure `m`, of which less is better.
    fn model(shown_as: &str) -> Model {
        let measure = format!(
            "measures: [{{ key: m, name: M, kind: sum, frequency: month, better: lower, shown_as: \"{shown_as}\" }}]\n"
        );
        let [organisation, strategy] = LEAST;
        testing::model(&[organisation, strategy, ("measures.yaml", &measure)])
    }

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
    fn large_money_says_its_unit_in_a_column_and_nothing_else_does() {
        let check = |shown_as: &str, value: f64, expected: [&str; 2]| {
            let model = model(shown_as);
            let measure = model.measures().by_key("m").expect("a measure");
            let target = Some(Edge::Number(value));
            assert_eq!(in_columns(Some(value), target, measure), expected);
            let is_shortened = !unshortened(Some(value), measure).is_empty();
            assert_eq!(is_shortened, expected[0].ends_with('m'));
        };
        check("USD", 40_847_264.0, ["$40.8m", "≤ $40.8m"]);
        check("USD", 40_847.0, ["40,847", "≤ 40,847"]);
        check("flights", 40_847_264.0, ["40,847,264", "≤ 40,847,264"]);
    }

    #[test]
    fn money_that_would_look_alike_is_whole() {
        let model = model("USD");
        let measure = model.measures().by_key("m").expect("a measure");
        let near = (Some(24_432_000.0), Some(Edge::Number(24_400_000.0)));
        assert_eq!(
            value_and_target(near.0, near.1, measure),
            ["$24,432,000", "≤ $24,400,000"]
        );
        assert_eq!(
            in_columns(near.0, near.1, measure),
            ["24,432,000", "≤ 24,400,000"]
        );
        let range = Some(Edge::Range(900_000.0, 1_200_000.0));
        assert_eq!(
            in_columns(Some(40_847_264.0), range, measure),
            ["$40.8m", "$900,000 to $1.20m"]
        );
    }

    #[test]
    fn a_gap_in_a_column_has_its_unit() {
        let check = |shown_as: &str, value: f64, expected: &str| {
            let model = model(shown_as);
            let measure = model.measures().by_key("m").expect("a measure");
            assert_eq!(short_gap(Some(value), measure), expected);
        };
        check("min", -4.0, "4 min worse");
        check("flights", 996.0, "996 flights better");
        check("USD", -16_447_264.0, "$16.4m worse");
        check("min", 0.0, "on plan");
        assert_eq!(in_column("0.7 min outside the range"), "0.7 min outside");
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
