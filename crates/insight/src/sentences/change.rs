//! What changed and why a number moved, in words.

use super::{Measure, listed, percent, sentence};
use crate::changes::{Leaving, Shift};
use crate::drivers::DimensionPart;
use crate::season::Anomaly;
use crate::signals::Side;

/// The most parts of a bridge that are named; the others are put together.
const NAMED_MAX: usize = 4;

/// The newest shift of level, and how many there were before it; `None` without one.
pub fn shifts(measure: &Measure<'_>, found: &[Shift]) -> Option<String> {
    let (newest, before) = found.split_last()?;
    let moved = if newest.after > newest.before {
        "rose"
    } else {
        "fell"
    };
    let earlier = match before.len() {
        0 => String::new(),
        1 => ", after one earlier shift".to_owned(),
        count => format!(", after {count} earlier shifts"),
    };
    Some(sentence(&format!(
        "the level {moved} from {} to {}, probably in {}{earlier}",
        measure.value(newest.before),
        measure.value(newest.after),
        (measure.period_name)(newest.index)
    )))
}

/// That the newest points are leaving their level, as a hint that no rule bears out yet. `start` names the period of the
/// first of them; with a season taken off, points lie as they do without it.
pub fn leaving(start: &str, found: &Leaving, has_season: bool) -> String {
    let side = match found.side {
        Side::Above => "higher",
        Side::Below => "lower",
    };
    let taken_off = match has_season {
        true => ", once what comes back each year is taken off",
        false => "",
    };
    sentence(&format!(
        "it may be changing now: the {} points since {start} all lie {side} than those before did on average{taken_off}, \
         which is no signal yet; wait for the next ones",
        found.points
    ))
}

/// `high for a July`: a point that trend and season do not explain. `time` names what comes back each year.
pub fn unusual(found: &Anomaly, time: &str) -> String {
    let side = if found.z > 0.0 { "high" } else { "low" };
    format!("{side} for {time}")
}

/// The same as a sentence, with what was expected.
pub fn anomaly(measure: &Measure<'_>, found: &Anomaly, value: f64, time: &str) -> String {
    let [value, expected] = measure.apart(value, found.expected);
    sentence(&format!(
        "{} is {}: {value}, where trend and season lead to expect {expected}",
        (measure.period_name)(found.index),
        unusual(found, time),
    ))
}

/// The parts of a difference, largest first. Names are those of the parts, in lower case as within a sentence.
pub fn bridge(measure: &Measure<'_>, parts: &[(&str, f64)]) -> String {
    let total: f64 = parts.iter().map(|(_, part)| part).sum();
    let mut sorted = parts.to_vec();
    sorted.sort_by(|one, other| other.1.abs().total_cmp(&one.1.abs()));
    let (named, others) = sorted.split_at(sorted.len().min(NAMED_MAX));
    let mut said: Vec<String> = named
        .iter()
        .map(|(name, part)| format!("{name} {}", measure.difference(*part)))
        .collect();
    if !others.is_empty() {
        let rest: f64 = others.iter().map(|(_, part)| part).sum();
        said.push(format!("all others {}", measure.difference(rest)));
    }
    sentence(&format!(
        "a difference of {} is made up of {}; this is arithmetic, not cause",
        measure.difference(total),
        listed(&said)
    ))
}

/// Where a difference mostly sits: the most surprising dimension. `element_name` names an element of it.
pub fn attribution(
    dimension_name: &str,
    found: &DimensionPart,
    element_name: &dyn Fn(usize) -> String,
) -> String {
    let names: Vec<String> = found
        .elements
        .iter()
        .map(|element| element_name(element.element))
        .collect();
    // Elements may explain more than all of it, where others went the other way.
    let share = if found.explained <= 1.0 {
        format!("{} of the difference", percent(found.explained))
    } else {
        "more than all of the difference, which others took back in part".to_owned()
    };
    sentence(&format!(
        "by {dimension_name} it sits in {}: {share}; this is where, not why",
        listed(&names)
    ))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::tests::{assert_sentence, plain};
    use super::*;
    use crate::drivers::Element;

    fn name(index: usize) -> String {
        (1871 + index).to_string()
    }

    #[test]
    fn changes_in_words() {
        let measure = plain(&name);
        let fall = Shift {
            index: 28,
            before: 1097.75,
            after: 849.97,
        };
        assert_eq!(
            shifts(&measure, &[fall]).unwrap(),
            "The level fell from 1,097.8 to 850.0, probably in 1899."
        );
        assert!(
            shifts(&measure, &[fall, fall])
                .unwrap()
                .contains("one earlier shift")
        );
        assert_eq!(shifts(&measure, &[]), None);
        let found = Anomaly {
            index: 1,
            expected: 380.0,
            z: 7.0,
        };
        assert_eq!(
            anomaly(&measure, &found, 430.0, "a July"),
            "1872 is high for a July: 430.0, where trend and season lead to expect 380.0."
        );
        let below = Anomaly { z: -7.0, ..found };
        assert_eq!(unusual(&below, "an April"), "low for an April");
        let newest = Leaving {
            start: 30,
            points: 4,
            side: Side::Below,
        };
        assert_eq!(
            leaving("1901", &newest, false),
            "It may be changing now: the 4 points since 1901 all lie lower than those before did on average, which is no signal yet; wait for the next ones."
        );
    }

    #[test]
    fn bridges_in_words() {
        let measure = plain(&name);
        assert_eq!(
            bridge(
                &measure,
                &[("price", 65.0), ("volume", 300.0), ("mix", -100.0)]
            ),
            "A difference of +265.0 is made up of volume +300.0, mix −100.0 and price +65.0; this is arithmetic, not cause."
        );
        let element = Element {
            element: 1,
            explained: 0.75,
            surprise: 0.01,
        };
        let part = DimensionPart {
            dimension: 0,
            elements: vec![element],
            explained: 0.75,
            surprise: 0.01,
        };
        assert_eq!(
            attribution("region", &part, &|element| ["North", "South"][element]
                .to_owned()),
            "By region it sits in South: 75% of the difference; this is where, not why."
        );
    }

    proptest! {
        #[test]
        fn a_bridge_names_the_largest_parts_with_their_signs(
            parts in proptest::collection::vec(-1000.0..1000.0_f64, 1..9)
        ) {
            let names = ["a", "b", "c", "d", "e", "f", "g", "h"];
            let named: Vec<(&str, f64)> = names.iter().copied().zip(parts.iter().copied()).collect();
            let text = bridge(&plain(&name), &named);
            assert_sentence(&text);
            prop_assert_eq!(text.contains("all others"), named.len() > NAMED_MAX);
            let largest = named.iter().max_by(|one, other| one.1.abs().total_cmp(&other.1.abs())).unwrap();
            let sign = if largest.1 > 0.0 { '+' } else { '−' };
            if largest.1.abs() >= 0.05 {
                prop_assert!(text.contains(&format!("of {} {}", largest.0, sign)), "{}", text);
            }
        }

        #[test]
        fn a_shift_rises_or_falls_as_its_levels_do(before in -100.0..100.0_f64, step in 1.0..50.0_f64) {
            let measure = plain(&name);
            let said = |after| shifts(&measure, &[Shift { index: 3, before, after }]).unwrap();
            prop_assert!(said(before + step).contains("rose"));
            prop_assert!(said(before - step).contains("fell"));
        }

        #[test]
        fn what_is_unusual_is_high_where_it_lies_above_what_was_expected(
            expected in -100.0..100.0_f64, rest in 0.5..50.0_f64, z in 5.0..40.0_f64, above in proptest::bool::ANY
        ) {
            let sign = if above { 1.0 } else { -1.0 };
            let found = Anomaly { index: 2, expected, z: sign * z };
            let value = expected + sign * rest;
            let measure = plain(&name);
            let text = anomaly(&measure, &found, value, "a July");
            assert_sentence(&text);
            prop_assert_eq!(text.contains("is high for a July"), value > expected);
            prop_assert_eq!(text.contains("is low for a July"), value < expected);
            prop_assert!(text.starts_with("1873 "), "{}", text);
            let told = format!("{}, where trend and season lead to expect {}.", measure.value(value), measure.value(expected));
            prop_assert!(text.ends_with(&told), "{}", text);
        }

        #[test]
        fn what_is_leaving_its_level_lies_where_it_is_said_to(
            before in proptest::collection::vec(-1.0..1.0_f64, 20..30),
            since in proptest::collection::vec(-1.0..1.0_f64, 3..8),
            shift in 4.0..12.0_f64,
            above in proptest::bool::ANY,
            has_season in proptest::bool::ANY,
        ) {
            let shift = if above { shift } else { -shift };
            let moved = since.iter().map(|value| value + shift);
            let values: Vec<f64> = before.iter().copied().chain(moved).collect();
            let series: Vec<Option<f64>> = values.iter().copied().map(Some).collect();
            let Some(found) = crate::changes::leaving(&series) else {
                return Ok(());
            };
            let text = leaving(&name(found.start), &found, has_season);
            assert_sentence(&text);
            let (old, newest) = values.split_at(found.start);
            let mean = old.iter().sum::<f64>() / old.len() as f64;
            prop_assert_eq!(text.contains("lie higher"), newest.iter().all(|value| *value > mean), "{}", text);
            prop_assert_eq!(text.contains("lie lower"), newest.iter().all(|value| *value < mean), "{}", text);
            let told = format!("the {} points since {} ", newest.len(), name(found.start));
            prop_assert!(text.contains(&told), "{}", text);
            prop_assert_eq!(text.contains("taken off"), has_season);
        }

        #[test]
        fn an_attribution_names_its_elements_and_how_much_they_explain(
            explained in 0.67..2.0_f64, named in 1..4_usize
        ) {
            let names = ["North", "South", "East", "West"];
            let element = |element| Element { element, explained: explained / named as f64, surprise: 0.01 };
            let part = DimensionPart {
                dimension: 0,
                elements: (0..named).map(element).collect(),
                explained,
                surprise: 0.02,
            };
            let text = attribution("region", &part, &|element| names[element].to_owned());
            assert_sentence(&text);
            for (at, name) in names.iter().enumerate() {
                prop_assert_eq!(text.contains(name), at < named, "{}", text);
            }
            prop_assert_eq!(text.contains("more than all of the difference"), explained > 1.0, "{}", text);
            if let Some((before, _)) = text.split_once('%') {
                let said: f64 = before.rsplit(' ').next().unwrap().parse().unwrap();
                prop_assert!((said / 100.0 - explained).abs() <= 0.01, "{}", text);
            } else {
                prop_assert!(explained > 1.0);
            }
        }
    }
}
