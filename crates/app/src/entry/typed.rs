//! What a number means as people type it: with a comma or a point, with thousands apart, with its unit.

use throughline_model::fields::{from_percent, parse_number};
use throughline_model::records::{Measure, MeasureKind};

use crate::AppError;

/// What says that there is no value.
const NONE: [&str; 5] = ["none", "n/a", "-", "–", "—"];

/// How many digits stand between two marks of thousands.
const DIGITS_OF_A_GROUP: usize = 3;

/// The value of a measure that was typed; `None` states that there is none. A percentage is typed in percent and kept as
/// the fraction that it is.
///
/// # Errors
/// If it is no number, or neither yes nor no where that is asked.
pub fn value(text: &str, measure: &Measure) -> Result<Option<f64>, AppError> {
    let text = text.trim();
    if NONE.contains(&text.to_lowercase().as_str()) {
        return Ok(None);
    }
    if measure.kind == MeasureKind::YesNo {
        return match text.to_lowercase().as_str() {
            "yes" | "y" | "1" => Ok(Some(1.0)),
            "no" | "n" | "0" => Ok(Some(0.0)),
            _ => Err(AppError::bad_request("this is neither yes nor no")),
        };
    }
    let shown_as = measure.shown_as.as_deref().unwrap_or_default();
    let bare = text.strip_suffix(shown_as).unwrap_or(text);
    let bare = bare.strip_prefix(shown_as).unwrap_or(bare);
    let number = number(bare)?;
    Ok(Some(match measure.is_shown_as_percent() {
        true => from_percent(number),
        false => number,
    }))
}

/// A number without a unit.
///
/// # Errors
/// If it is none.
pub fn number(text: &str) -> Result<f64, AppError> {
    parse_number(&with_a_point(text)).map_err(|_| {
        AppError::bad_request("this is not a number").with_help("write it like 1,204 or 81.3")
    })
}

/// The number as machines write it. Of a point and a comma the later one stands before the decimals; alone, a comma before
/// three digits stands between thousands, as on every page, and any other before the decimals.
fn with_a_point(text: &str) -> String {
    let mut digits: String = text
        .chars()
        .filter(|letter| !letter.is_whitespace() && !matches!(letter, '\'' | '’'))
        .map(|letter| if letter == '−' { '-' } else { letter })
        .collect();
    if let Some(rest) = digits.strip_prefix('+') {
        digits = rest.to_owned();
    }
    let decimal = match (digits.rfind('.'), digits.rfind(',')) {
        (Some(point), Some(comma)) if point > comma => Some('.'),
        (Some(_), Some(_)) => Some(','),
        (Some(_), None) if digits.matches('.').count() == 1 => Some('.'),
        (None, Some(_)) if digits.matches(',').count() == 1 && !is_grouped(&digits, ',') => {
            Some(',')
        }
        _ => None,
    };
    let group = match decimal {
        Some('.') => ',',
        Some(_) => '.',
        None if digits.contains(',') => ',',
        None => '.',
    };
    let (whole, decimals) = match decimal.and_then(|mark| digits.rsplit_once(mark)) {
        Some((whole, decimals)) => (whole, Some(decimals)),
        None => (digits.as_str(), None),
    };
    // What does not stand in groups of three is no number that anybody meant.
    if whole.contains(group) && !is_grouped(whole, group) {
        return digits;
    }
    let whole = whole.replace(group, "");
    match decimals {
        Some(decimals) => format!("{whole}.{decimals}"),
        None => whole,
    }
}

/// Whether marks stand between groups of three digits: `1,204`, `12,204,000`.
fn is_grouped(text: &str, mark: char) -> bool {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let mut groups = unsigned.split(mark);
    let are_digits = |group: &str| group.bytes().all(|byte| byte.is_ascii_digit());
    let first = groups.next().unwrap_or_default();
    (1..=DIGITS_OF_A_GROUP).contains(&first.len())
        && are_digits(first)
        && !first.starts_with('0')
        && groups.all(|group| group.len() == DIGITS_OF_A_GROUP && are_digits(group))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_write_them() {
        let check = |text: &str, expected: Option<f64>| {
            assert_eq!(number(text).ok(), expected, "{text}");
        };
        check("81.3", Some(81.3));
        check("92,4", Some(92.4));
        check("0,125", Some(0.125));
        check("1,204", Some(1204.0));
        check("1.204", Some(1.204));
        check("1,204.5", Some(1204.5));
        check("1.204,5", Some(1204.5));
        check("1 204", Some(1204.0));
        check("1’204.5", Some(1204.5));
        check("12,204,000", Some(12_204_000.0));
        check("12.204.000", Some(12_204_000.0));
        check("−0.7", Some(-0.7));
        check("+3", Some(3.0));
        check("-1,204", Some(-1204.0));
        check("1,20,4", None);
        check("12,04,000", None);
        check("1.2.3", None);
        check("", None);
        check("about 5", None);
        check("1e400", None);
        check("NaN", None);
    }
}
