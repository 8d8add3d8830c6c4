//! One plain sentence for each result, made of the result alone, so that words never say more than numbers do.
//!
//! A small grammar: a result chooses a pattern by its own verdict (state, grade, word of a chance), and slots are filled with
//! names, numbers and periods by the helpers here. Nothing else writes such sentences; tests hold the words against the numbers.

mod advice;
mod against;
mod chance;
mod change;
mod effect;
mod link;
mod signal;

pub use advice::{benchmark, capability, doubts, ratchet};
pub use chance::{OfWhole, chance, chance_of_whole, expected};
pub use change::{anomaly, attribution, bridge, leaving, shifts, unusual};
pub use effect::effect;
pub use link::{LinkNames, LinkParts, link, link_parts, untestable};
pub use signal::{signal, why};

use std::fmt::Display;

use throughline_core::number::look_alike;
use throughline_core::{Frequency, UnitOfMeasure, format_short, format_value, format_variance};

use crate::targets::Aim;

/// How a measure is spoken of.
#[derive(Clone, Copy)]
pub struct Measure<'a> {
    /// The unit its values are shown in.
    pub unit: &'a UnitOfMeasure,
    /// The decimals they are shown with.
    pub decimals: u8,
    /// How often it is measured.
    pub frequency: Frequency,
    /// The name of the period at a place of the series, such as `March 2024`.
    pub period_name: &'a dyn Fn(usize) -> String,
}

impl Measure<'_> {
    /// A value with its unit. Large money is short: what a sentence says of it, an average, a limit, what is expected, is seldom
    /// known to the last digit.
    fn value(&self, value: f64) -> String {
        format_short(Some(value), self.unit, self.decimals)
    }

    /// A value to its last digit, where somebody goes by it or adds it up.
    fn whole(&self, value: f64) -> String {
        format_value(Some(value), self.unit, self.decimals)
    }

    /// A difference to its last digit.
    fn difference(&self, difference: f64) -> String {
        format_variance(Some(difference), self.unit, self.decimals)
    }

    /// Two values that are held against each other: to their last digits where they differ and would look alike.
    fn apart(&self, one: f64, other: f64) -> [String; 2] {
        let are_alike = look_alike(&[Some(one), Some(other)], self.unit, self.decimals);
        [one, other].map(|value| match are_alike {
            true => self.whole(value),
            false => self.value(value),
        })
    }

    /// A target in words, such as `at least 95%`.
    fn aim(&self, aim: Aim) -> String {
        match aim {
            Aim::AtLeast(least) => format!("at least {}", self.value(least)),
            Aim::AtMost(most) => format!("at most {}", self.value(most)),
            Aim::Within(low, high) => format!("{} to {}", self.value(low), self.value(high)),
        }
    }
}

/// Why there is no result, as a sentence.
pub fn reason(why: &dyn Display) -> String {
    sentence(&why.to_string())
}

/// A text with a capital and a full stop.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(char::to_uppercase);
    let text: String = first.into_iter().flatten().chain(letters).collect();
    format!("{text}.")
}

/// A share in whole percent. What is neither never nor always is not called so.
fn percent(share: f64) -> String {
    let rounded = (share * 100.0).round();
    let shown = if share > 0.0 && share < 1.0 {
        rounded.clamp(1.0, 99.0)
    } else {
        rounded
    };
    format!("{shown}%")
}

/// How many of something: `1,451`.
fn count(many: usize) -> String {
    format_value(Some(many as f64), &UnitOfMeasure::None, 0)
}

/// A number with two decimals and a minus that is one; what rounds to zero has no sign.
fn two_decimals(number: f64) -> String {
    let digits = format!("{:.2}", number.abs());
    if number < 0.0 && digits != "0.00" {
        format!("−{digits}")
    } else {
        digits
    }
}

/// Things in a row: `a`, `a and b`, `a, b and c`.
fn listed(things: &[String]) -> String {
    match things {
        [] => String::new(),
        [one] => one.clone(),
        [before @ .., last] => format!("{} and {last}", before.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A measure without unit, by month, whose periods are called by their places.
    pub(super) fn plain(period_name: &dyn Fn(usize) -> String) -> Measure<'_> {
        Measure {
            unit: &UnitOfMeasure::None,
            decimals: 1,
            frequency: Frequency::Month,
            period_name,
        }
    }

    /// Asserts that a text is one line of sentences: a capital, full stops, no double spaces, no number that is none.
    pub(super) fn assert_sentence(text: &str) {
        assert!(
            text.chars()
                .next()
                .is_some_and(|letter| !letter.is_lowercase()),
            "{text}"
        );
        assert!(text.ends_with('.') && !text.ends_with(".."), "{text}");
        for odd in ["  ", "NaN", "inf", " .", " ,", "{", "\n"] {
            assert!(!text.contains(odd), "{text}");
        }
    }

    #[test]
    fn slots_are_filled_in_plain_words() {
        assert_eq!(
            sentence("too few points: 4 of 6"),
            "Too few points: 4 of 6."
        );
        assert_eq!(percent(0.999), "99%");
        assert_eq!(percent(0.0), "0%");
        assert_eq!(two_decimals(-0.301), "−0.30");
        assert_eq!(two_decimals(-0.001), "0.00");
        let things: Vec<String> = ["a", "b", "c"].map(String::from).to_vec();
        assert_eq!(listed(&things), "a, b and c");
        assert_eq!(listed(&things[..2]), "a and b");
        assert_eq!(listed(&[]), "");
        assert_eq!([count(0), count(999), count(1451)], ["0", "999", "1,451"]);
    }
}
