//! Values that one observation of a measure cannot have, because the plan says what it has at least and at most.

use throughline_core::finding::Finding;

use crate::fields::{FRACTION_MAX, from_percent, in_percent};
use crate::records::Measure;

/// That a value lies within the plausible range of its measure.
///
/// # Errors
/// What the measure is at least or at most, and what to write instead.
pub(super) fn within_range(measure: &Measure, value: f64) -> Result<(), Box<Finding>> {
    let (border, word, field, beyond) = match (measure.least, measure.greatest) {
        _ if measure.is_plausible(value) => return Ok(()),
        (_, Some(greatest)) if value > greatest => (greatest, "most", "greatest", "greater"),
        (Some(least), _) => (least, "least", "least", "lower"),
        (None, _) => return Ok(()),
    };
    let message = format!(
        "{} is at {word} {}, not {}",
        measure.key,
        in_words(border, measure),
        in_words(value, measure)
    );
    let mend = format!("if the value is right, give the measure a {beyond} `{field}`");
    let fraction = from_percent(value);
    let help = if measure.is_share() && value.abs() > FRACTION_MAX && measure.is_plausible(fraction)
    {
        format!("if {value}% is meant, write {fraction}; {mend}")
    } else {
        mend
    };
    Err(Box::new(
        Finding::error("implausible-value", message).with_help(help),
    ))
}

/// A value as it is written, and beside it as it is shown where that is another number: `1 (100%)`.
fn in_words(value: f64, measure: &Measure) -> String {
    if measure.is_shown_as_percent() {
        format!("{value} ({}%)", in_percent(value))
    } else {
        value.to_string()
    }
}
