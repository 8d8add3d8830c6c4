//! Whether a target will be reached, in words.

use super::{Measure, sentence};
use crate::forecast::{Chance, ChanceWord};
use crate::targets::Aim;

/// What is known of a period that is longer than those in which values are read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OfWhole {
    /// Whether its value is the sum of its parts; else their mean.
    pub is_sum: bool,
    /// The sum or the mean of those that are there.
    pub so_far: Option<f64>,
    /// What is expected of all of them.
    pub expected: f64,
}

/// What is expected of a longer period that runs, what of it is there, and the chance to reach its target. `at` names the
/// period.
pub fn chance_of_whole(
    measure: &Measure<'_>,
    at: &str,
    whole: OfWhole,
    aim: Aim,
    chance: &Chance,
) -> String {
    let expected = measure.value(whole.expected);
    let so_far = whole.so_far.map(|so_far| measure.value(so_far));
    let of_it = match (whole.is_sum, so_far) {
        (true, Some(so_far)) => {
            format!("{expected} is expected for all of {at}, with {so_far} so far")
        }
        (true, None) => format!("{expected} is expected for all of {at}"),
        (false, Some(so_far)) => {
            format!("{expected} is expected on average over {at}, with {so_far} so far")
        }
        (false, None) => format!("{expected} is expected on average over {at}"),
    };
    sentence(&format!(
        "{of_it}, and {}",
        how_likely(measure, aim, chance)
    ))
}

/// What is expected at the target's date, and the chance to reach it. `at` names the period of the target.
pub fn chance(measure: &Measure<'_>, at: &str, expected: f64, aim: Aim, chance: &Chance) -> String {
    sentence(&format!(
        "{} is expected for {at}, and {}",
        measure.value(expected),
        how_likely(measure, aim, chance)
    ))
}

/// Of chances in percent from the least to the most of these it is said that they are as likely as not.
const AS_LIKELY_AS_NOT: (u8, u8) = (40, 60);

/// `at least 95% is likely (about 70%)`, or without the number where it is known from too little.
fn how_likely(measure: &Measure<'_>, aim: Aim, chance: &Chance) -> String {
    let (least, most) = AS_LIKELY_AS_NOT;
    let word = match (chance.word(), chance.percent()) {
        (ChanceWord::Even, Some(percent)) if percent < least => "less likely than not",
        (ChanceWord::Even, Some(percent)) if percent > most => "more likely than not",
        (ChanceWord::Even, _) => "as likely as not",
        (word, _) => word.word(),
    };
    let number = match chance.percent() {
        Some(percent) => format!(" (about {percent}%)"),
        None => String::new(),
    };
    format!("{} is {word}{number}", measure.aim(aim))
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
    fn of_a_longer_period_it_says_what_is_there() {
        let found = Chance {
            share: 0.62,
            paths: 100,
            series: 40,
        };
        let name = |_: usize| String::new();
        let said = |is_sum, so_far| {
            let whole = OfWhole {
                is_sum,
                so_far,
                expected: 42.0,
            };
            chance_of_whole(&plain(&name), "2026", whole, Aim::AtLeast(41.2), &found)
        };
        assert_eq!(
            said(true, Some(28.1)),
            "42.0 is expected for all of 2026, with 28.1 so far, and at least 41.2 is as likely as not (about 60%)."
        );
        assert_eq!(
            said(false, Some(40.5)),
            "42.0 is expected on average over 2026, with 40.5 so far, and at least 41.2 is as likely as not (about 60%)."
        );
        for is_sum in [true, false] {
            let text = said(is_sum, None);
            assert_sentence(&text);
            assert!(!text.contains("so far"), "{text}");
        }
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
            prop_assert_eq!(text.contains("less likely than not"), number == 35);
            prop_assert_eq!(text.contains("as likely as not"), (40..=60).contains(&number));
            prop_assert_eq!(text.contains("more likely than not"), number == 65);
            prop_assert_eq!(text.contains("is likely"), number > 65);
        }

        #[test]
        fn of_a_longer_period_the_words_agree_with_the_numbers(
            share in 0.0..=1.0_f64,
            series in 5..60_usize,
            expected in 0.0..100.0_f64,
            so_far in proptest::option::of(0.0..50.0_f64),
            is_sum in proptest::bool::ANY,
        ) {
            let name = |_: usize| String::new();
            let measure = plain(&name);
            let found = Chance { share, paths: 100, series };
            let whole = OfWhole { is_sum, so_far, expected };
            let text = chance_of_whole(&measure, "2026", whole, Aim::AtLeast(41.2), &found);
            assert_sentence(&text);
            prop_assert!(text.starts_with(&format!("{} is expected ", measure.value(expected))), "{}", text);
            prop_assert_eq!(text.contains("for all of 2026"), is_sum);
            prop_assert_eq!(text.contains("on average over 2026"), !is_sum);
            let there = so_far.map(|so_far| format!("with {} so far", measure.value(so_far)));
            prop_assert_eq!(text.contains("so far"), there.is_some());
            prop_assert!(there.is_none_or(|there| text.contains(&there)), "{}", text);
            prop_assert_eq!(text.contains("about"), series >= 30);
            prop_assert_eq!(text.contains("unlikely"), found.word() == ChanceWord::Unlikely);
            prop_assert_eq!(text.contains("is likely"), found.word() == ChanceWord::Likely);
            let is_between = text.contains("as likely as not") || text.contains("likely than not");
            prop_assert_eq!(is_between, found.word() == ChanceWord::Even);
            // A target that most misses meet is never called unlikely.
            prop_assert!(share <= 0.5 || !text.contains("unlikely"));
            prop_assert!(share >= 0.5 || !text.contains("is likely"));
        }
    }
}
