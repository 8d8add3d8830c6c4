//! What something did that began, in words: which way, by how much, how sure that is, and what is not excluded.

use throughline_core::{UnitOfMeasure, format_variance};

use super::{Measure, count, sentence};
use crate::interruption::{Effect, Form};

/// What values have been since something began, against what they would have been. Why there is no effect says
/// [`super::reason`].
pub fn effect(measure: &Measure<'_>, found: &Effect) -> String {
    let since = (measure.period_name)(found.began);
    let (low, high) = found.interval();
    let decimals = decimals(measure, found.form, high - low);
    let size = |effect: f64| size(measure, found.form, effect, decimals);
    if !found.is_shown() {
        return sentence(&format!(
            "since {since} no effect is shown: values may have been anything from {} lower to {} higher than they would have \
             been",
            size(low),
            size(high)
        ));
    }
    let (way, least, most) = if low > 0.0 {
        ("higher", low, high)
    } else {
        ("lower", high, low)
    };
    let seen = format!(
        "since {since} values have been {} {way} than they would have been, {} to {}",
        size(found.told()),
        size(least),
        size(most)
    );
    let rank = found.rank();
    let of = count(rank.of);
    let placebos = match rank.as_clear {
        0 => format!("at none of the {of} dates before, when nothing began, a change was as clear"),
        some => format!(
            "at {} of the {of} dates before, when nothing began, a change was as clear",
            count(some)
        ),
    };
    let all = [&seen, &placebos, "what else began then is not excluded"];
    all.map(sentence).join(" ")
}

/// How much, without its sign. What is added to a percentage is told in points.
fn size(measure: &Measure<'_>, form: Form, effect: f64, decimals: u8) -> String {
    match form {
        Form::Amount => {
            let difference = format_variance(Some(effect.abs()), measure.unit, decimals);
            difference.trim_start_matches('+').to_owned()
        }
        Form::Share => format!("{:.*}%", usize::from(decimals), effect.abs() * 100.0),
    }
}

/// So many decimals that the ends of an interval differ: those of the measure, of shares none, or more.
fn decimals(measure: &Measure<'_>, form: Form, width: f64) -> u8 {
    let (usual, width) = match (form, measure.unit) {
        (Form::Amount, UnitOfMeasure::Percent) => (measure.decimals, width * 100.0),
        (Form::Amount, _) => (measure.decimals, width),
        (Form::Share, _) => (0, width * 100.0),
    };
    (usual..6)
        .find(|decimals| width * 10_f64.powi(i32::from(*decimals)) >= 2.0)
        .unwrap_or(6)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::tests::{assert_sentence, plain};
    use super::*;
    use crate::interruption::{Placebo, WEAK};

    fn name(index: usize) -> String {
        format!("place {index}")
    }

    fn made(form: Form, step: f64, error: f64, placebos: &[f64]) -> Effect {
        let of = |(at, step): (usize, &f64)| Placebo {
            began: 24 + at,
            step: *step,
            standard_error: 1.0,
        };
        Effect {
            form,
            began: 60,
            before: 60,
            after: 12,
            step,
            standard_error: error,
            widened_error: error,
            freedom: 57.0,
            clear: (step / error).abs(),
            placebos: placebos.iter().enumerate().map(of).collect(),
        }
    }

    #[test]
    fn effects_in_words() {
        let measure = plain(&name);
        let lower = made(Form::Share, -0.236, 0.045, &[0.4; 140]);
        assert_eq!(
            effect(&measure, &lower),
            "Since place 60 values have been 21% lower than they would have been, 14% to 28%. At none of the 140 dates before, \
             when nothing began, a change was as clear. What else began then is not excluded."
        );
        let mut placebos = [0.4; 40];
        placebos[3] = -5.0;
        let higher = made(Form::Amount, 12.0, 3.0, &placebos);
        assert_eq!(
            effect(&measure, &higher),
            "Since place 60 values have been 12.0 higher than they would have been, 6.0 to 18.0. At 1 of the 40 dates before, \
             when nothing began, a change was as clear. What else began then is not excluded."
        );
        let open = made(Form::Share, -0.02, 0.03, &[0.4; 30]);
        assert_eq!(
            effect(&measure, &open),
            "Since place 60 no effect is shown: values may have been anything from 8% lower to 4% higher than they would have \
             been."
        );
    }

    #[test]
    fn what_is_added_to_a_percentage_is_in_points() {
        let measure = Measure {
            unit: &UnitOfMeasure::Percent,
            ..plain(&name)
        };
        let text = |step, error| {
            let found = made(Form::Amount, step, error, &[0.4; 40]);
            effect(&measure, &found)
        };
        let higher = text(0.12, 0.03);
        let said = "Since place 60 values have been 12.0 points higher than they would have been, 6.0 points to 18.0 points. At";
        assert!(higher.starts_with(said), "{higher}");
        let narrow = text(-0.0021, 0.0001);
        let said =
            "have been 0.21 points lower than they would have been, 0.19 points to 0.23 points. At";
        assert!(narrow.contains(said), "{narrow}");
        let open = text(0.01, 0.02);
        assert!(
            open.contains("from 3.0 points lower to 5.0 points higher than"),
            "{open}"
        );
    }

    proptest! {
        #[test]
        fn words_agree_with_the_numbers(
            step in -2.0..2.0_f64,
            error in 0.0005..0.8_f64,
            is_share in proptest::bool::ANY,
            is_percent in proptest::bool::ANY,
            placebos in proptest::collection::vec(-3.0..3.0_f64, 19..80)
        ) {
            let form = if is_share { Form::Share } else { Form::Amount };
            let found = made(form, step, error, &placebos);
            let (low, high) = found.interval();
            let is_clear = low > 0.0 || high < 0.0;
            // The others are refused.
            prop_assume!(!is_clear || found.rank().probability() <= WEAK);
            let unit = if is_percent { UnitOfMeasure::Percent } else { UnitOfMeasure::None };
            let measure = Measure { unit: &unit, ..plain(&name) };
            let text = effect(&measure, &found);
            assert_sentence(&text);
            prop_assert_eq!(text.contains(" points"), is_percent && !is_share, "{}", text);
            prop_assert_eq!(text.contains("no effect is shown"), !is_clear, "{}", text);
            prop_assert_eq!(text.contains("may have been"), !is_clear);
            prop_assert_eq!(text.contains("have been") && text.contains("dates before"), is_clear);
            if is_clear {
                prop_assert_eq!(text.contains(" higher than"), found.told() > 0.0, "{}", text);
                prop_assert_eq!(text.contains(" lower than"), found.told() < 0.0, "{}", text);
                let none = placebos.iter().all(|placebo| placebo.abs() < (step / error).abs());
                prop_assert_eq!(text.contains("at none of") || text.contains("At none of"), none);
            }
            // What is said lies within rounding of what was found, in the order least to most.
            let numbers: Vec<f64> = text
                .split_once("values")
                .and_then(|(_, rest)| rest.split_once(" been"))
                .map(|(_, rest)| rest.split(". ").next().unwrap_or_default())
                .unwrap_or_default()
                .split(|letter: char| !letter.is_ascii_digit() && letter != '.')
                .filter_map(|word| word.trim_end_matches('.').parse().ok())
                .collect();
            let scale = if is_share || is_percent { 100.0 } else { 1.0 };
            let mut ends = [low.abs() * scale, high.abs() * scale];
            let expected = if is_clear {
                ends.sort_by(f64::total_cmp);
                vec![found.told().abs() * scale, ends[0], ends[1]]
            } else {
                ends.to_vec()
            };
            prop_assert_eq!(numbers.len(), expected.len(), "{}", text);
            let room = ((high - low) * scale).max(1e-6);
            for (number, expected) in numbers.iter().zip(expected) {
                prop_assert!((number - expected).abs() <= room / 2.0, "{number} {expected} {}", text);
            }
        }
    }
}
