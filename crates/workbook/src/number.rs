//! Numbers as people type them: with thousands separators, currencies, brackets for minus, percent signs.

/// A number that was read from a text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Typed {
    /// The number as it stands, not yet divided by a hundred.
    pub number: f64,
    /// Whether a percent sign stands beside it.
    pub is_percent: bool,
    /// Decimal places that were typed.
    pub decimals: u8,
}

/// Reads a text as a number; `None` if it is none for certain.
#[must_use]
pub fn read(text: &str) -> Option<Typed> {
    let mut rest: String = text
        .chars()
        .filter(|character| {
            !character.is_whitespace() && *character != '\u{a0}' && *character != '\''
        })
        .map(|character| match character {
            '−' | '–' => '-',
            other => other,
        })
        .collect();
    for mark in ["≥", "≤", ">=", "<=", "USD", "EUR", "GBP"] {
        rest = rest.strip_prefix(mark).map(str::to_owned).unwrap_or(rest);
    }
    let in_brackets = rest
        .strip_prefix('(')
        .and_then(|inner| inner.strip_suffix(')'));
    let is_negative = in_brackets.is_some();
    rest = in_brackets.unwrap_or(&rest).to_owned();
    let is_percent = rest.ends_with('%') || rest.starts_with('%');
    rest = rest.trim_matches('%').to_owned();
    let (sign, digits) = match rest.strip_prefix('-') {
        Some(digits) => (-1.0, digits),
        None => (1.0, rest.strip_prefix('+').unwrap_or(&rest)),
    };
    let digits = digits
        .trim_start_matches(['£', '$', '€'])
        .trim_end_matches(['£', '$', '€']);
    let (digits, sign) = match digits.strip_prefix('-') {
        Some(digits) => (digits, -sign),
        None => (digits, sign),
    };
    let (whole, fraction) = parts(digits)?;
    let number: f64 = format!("{whole}.{fraction}0").parse().ok()?;
    let sign = if is_negative { -sign } else { sign };
    Some(Typed {
        number: sign * number,
        is_percent,
        decimals: u8::try_from(fraction.len()).unwrap_or(u8::MAX),
    })
}

/// The digits before and after the decimal mark, without separators. A mark that could be either is a separator of thousands
/// if it is a comma with three digits behind, and else the decimal mark.
fn parts(digits: &str) -> Option<(String, String)> {
    /// More digits than any number of a workbook has.
    const DIGITS_MAX: usize = 40;
    let is_number = |character: char| character.is_ascii_digit() || ".,".contains(character);
    let has_digit = digits.chars().any(|character| character.is_ascii_digit());
    if !has_digit || digits.len() > DIGITS_MAX || !digits.chars().all(is_number) {
        return None;
    }
    let last = |mark: char| digits.rfind(mark);
    let count = |mark: char| digits.matches(mark).count();
    let decimal = match (last('.'), last(',')) {
        (None, None) => None,
        (Some(point), Some(comma)) => Some(if point > comma { '.' } else { ',' }),
        (Some(_), None) => (count('.') == 1).then_some('.'),
        (None, Some(comma)) => {
            let behind = digits.len() - comma - 1;
            (count(',') == 1 && behind != 3).then_some(',')
        }
    };
    let (whole, fraction) = match decimal.and_then(|mark| digits.rsplit_once(mark)) {
        Some((whole, fraction)) => (whole, fraction),
        None => (digits, ""),
    };
    if decimal.is_some_and(|mark| whole.contains(mark)) {
        return None;
    }
    let groups: Vec<&str> = whole.split(['.', ',']).collect();
    let fits = |(index, group): (usize, &&str)| match index {
        0 => groups.len() == 1 || (1..=3).contains(&group.len()),
        _ => group.len() == 3,
    };
    groups
        .iter()
        .enumerate()
        .all(fits)
        .then(|| (format!("0{}", groups.concat()), fraction.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Option<f64> {
        read(text).map(|typed| typed.number)
    }

    #[test]
    fn numbers_are_read_as_they_are_meant() {
        assert_eq!(number("2,200.00"), Some(2200.0));
        assert_eq!(number("55,555"), Some(55555.0));
        assert_eq!(number("1.234,5"), Some(1234.5));
        assert_eq!(number("3,5"), Some(3.5));
        assert_eq!(number("(0.2)"), Some(-0.2));
        assert_eq!(number("−0.4"), Some(-0.4));
        assert_eq!(number("£1,200"), Some(1200.0));
        assert_eq!(number("-£3"), Some(-3.0));
        assert_eq!(number("1 234"), Some(1234.0));
        assert_eq!(number(".5"), Some(0.5));
        let percent = read("82.5 %").expect("a number");
        assert_eq!(
            (percent.number, percent.is_percent, percent.decimals),
            (82.5, true, 1)
        );
    }

    #[test]
    fn what_is_no_number_is_none() {
        for text in [
            "", "-", "n/a", "12 days", "1,2,3", "1.2.3", "red", "%", ",", "1,23,4", "<5",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
