//! What an incomplete reading would be with what is missing at its least and at its greatest, in sentences.

use throughline_core::format_value;
use throughline_engine::{Bound, Edge};
use throughline_model::records::{Better, Measure};

use super::numbers::{decimals_of, score, unit_of};

/// The most decimals that are shown beyond those of the measure, so that what differs looks different.
const MORE_DECIMALS_MAX: u8 = 6;

/// `With what is missing at its least: 17.505 h, target ≤ 19.965 h, floor 22 h: on track, score 100.0.`, and the same for
/// the greatest.
#[must_use]
pub fn bounds_in_words(bounds: &[Bound; 2], measure: &Measure) -> [String; 2] {
    let all = bounds.iter().flat_map(numbers_of).collect::<Vec<f64>>();
    let decimals = decimals_apart(&all, measure);
    let shown = |number: f64| format_value(Some(number), &unit_of(measure), decimals);
    let edge = |edge: Edge| match edge {
        Edge::Number(number) => shown(number),
        Edge::Range(low, high) => format!("{} to {}", shown(low), shown(high)),
    };
    let sense = match (bounds[0].target, measure.better) {
        (Edge::Range(..), _) => "",
        (_, Some(Better::Lower)) => "≤ ",
        _ => "≥ ",
    };
    let sentence = |at: &str, bound: &Bound| {
        format!(
            "With what is missing at its {at}: {}, target {sense}{}, floor {}: {}, score {}.",
            shown(bound.value),
            edge(bound.target),
            edge(bound.floor),
            bound.status.word(),
            score(Some(bound.score)),
        )
    };
    [
        sentence("least", &bounds[0]),
        sentence("greatest", &bounds[1]),
    ]
}

fn numbers_of(bound: &Bound) -> Vec<f64> {
    let edge = |edge: Edge| match edge {
        Edge::Number(number) => vec![number],
        Edge::Range(low, high) => vec![low, high],
    };
    [vec![bound.value], edge(bound.target), edge(bound.floor)].concat()
}

/// The fewest decimals with which numbers that differ look different, from those of the measure on.
fn decimals_apart(numbers: &[f64], measure: &Measure) -> u8 {
    let own = decimals_of(measure);
    let shown = |number: f64, decimals: u8| format_value(Some(number), &unit_of(measure), decimals);
    let are_apart = |decimals: u8| {
        numbers.iter().enumerate().all(|(position, one)| {
            let others = numbers.iter().skip(position + 1);
            others
                .filter(|other| *other != one)
                .all(|other| shown(*one, decimals) != shown(*other, decimals))
        })
    };
    (own..=own.saturating_add(MORE_DECIMALS_MAX))
        .find(|decimals| are_apart(*decimals))
        .unwrap_or(own + MORE_DECIMALS_MAX)
}
