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
