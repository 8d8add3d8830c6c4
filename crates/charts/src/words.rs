//! Small words that descriptions share.

use throughline_core::number::format_bare;
use throughline_core::{
    UnitOfMeasure, format_short, format_short_variance, format_value, format_variance,
};

/// How a measure's numbers are written: its unit and how many decimals it shows.
#[derive(Clone, Copy)]
pub(crate) struct Numbers<'a> {
    pub unit: &'a UnitOfMeasure,
    pub decimals: u8,
}

impl Numbers<'_> {
    pub(crate) fn value(self, value: Option<f64>) -> String {
        format_value(value, self.unit, self.decimals)
    }

    /// The value in a drawing, where money of a million and more is shortened.
    pub(crate) fn short(self, value: f64) -> String {
        format_short(Some(value), self.unit, self.decimals)
    }

    /// The value without its unit, if that is a word and may be long: it stands above the axis as well.
    pub(crate) fn bare(self, value: f64) -> String {
        match self.unit {
            UnitOfMeasure::Named(_) => format_bare(Some(value), self.unit, self.decimals),
            _ => self.short(value),
        }
    }

    /// A size without its sign in a drawing; of percent in points.
    pub(crate) fn short_size(self, size: f64) -> String {
        let text = format_short_variance(Some(size.abs()), self.unit, self.decimals);
        text.trim_start_matches('+').to_owned()
    }

    /// Where a value stands to another, such as "0.7 points below" or "equal to".
    pub(crate) fn beside(self, value: f64, other: f64) -> String {
        let variance = format_variance(Some(value - other), self.unit, self.decimals);
        if let Some(above) = variance.strip_prefix('+') {
            format!("{above} above")
        } else if let Some(below) = variance.strip_prefix('−') {
            format!("{below} below")
        } else {
            "equal to".to_owned()
        }
    }
}

/// A count with its word: "1 period", "3 periods".
pub(crate) fn count(number: usize, word: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {word}{plural}")
}

/// Words in a row: "a", "a and b", "a, b and c".
pub(crate) fn listed(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [only] => only.clone(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
    }
}
