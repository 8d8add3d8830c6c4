//! Whether a target will be reached, in words.

use super::{Measure, sentence};
use crate::forecast::Chance;
use crate::targets::Aim;

/// What is expected at the target's date, and the chance to reach it. `at` names the period of the target.
pub fn chance(measure: &Measure<'_>, at: &str, expected: f64, aim: Aim, chance: &Chance) -> String {
    let word = match chance.word().word() {
        "even" => "as likely as not".to_owned(),
        word => word.to_owned(),
    };
    let number = match chance.percent() {
        Some(percent) => format!(" (about {percent}%)"),
        None => String::new(),
    };
    sentence(&format!(
        "{} is expected for {at}, and {} is {word}{number}",
        measure.value(expected),
        measure.aim(aim)
    ))
}

/// What is expected for a period without a target to hold it against, and the range that holds four of five such values, if
/// it is known.
pub fn expected(
    measure: &Measure<'_>,
    at: &str,
    expected: f64,
    four_of_five: Option<(f64, f64)>,
) -> String {
    let range = match four_of_five {
        Some((low, high)) => format!(
            ", and four of five such forecasts end between {} and {}",
            measure.value(low),
            measure.value(high)
        ),
        None => String::new(),
    };
    sentence(&format!(
        "{} is expected for {at}{range}",
        measure.value(expected)
    ))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::tests::{assert_sentence, plain};
    use super::*;

    fn said(share: f64, series: usize) -> String {
        let found = Chance {
            share,
            paths: 100,
            series,
        };
        let name = |_: usize| String::new();
        chance(
            &plain(&name),
            "December 2026",
            430.0,
            Aim::AtLeast(420.0),
            &found,
        )
    }

    #[test]
    fn with_many_series_a_number_and_with_few_a_word() {
        assert_eq!(
            said(0.71, 40),
            "430.0 is expected for December 2026, and at least 420.0 is likely (about 70%)."
        );
        assert_eq!(
            said(0.48, 12),
            "430.0 is expected for December 2026, and at least 420.0 is as likely as not."
        );
    }

    #[test]
    fn a_range_is_said_where_it_is_known() {
        let name = |_: usize| String::new();
        let measure = plain(&name);
        assert_eq!(
            expected(&measure, "March 2027", 82.9, Some((79.6, 86.2))),
            "82.9 is expected for March 2027, and four of five such forecasts end between 79.6 and 86.2."
        );
        assert_sentence(&expected(&measure, "March 2027", 82.9, None));
    }

    proptest! {
        #[test]
        fn words_agree_with_the_number(share in 0.0..=1.0_f64) {
            let text = said(share, 40);
            assert_sentence(&text);
            let number: u8 = text.split("about ").nth(1).unwrap().split('%').next().unwrap().parse().unwrap();
            prop_assert!((f64::from(number) / 100.0 - share).abs() <= 0.05 + 1e-9);
            prop_assert!((5..=95).contains(&number) && number.is_multiple_of(5));
            prop_assert_eq!(text.contains("unlikely"), number < 35);
            prop_assert_eq!(text.contains("as likely as not"), (35..=65).contains(&number));
            prop_assert_eq!(text.contains("is likely"), number > 65);
        }
    }
}
