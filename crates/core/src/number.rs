//! Units of measure, and numbers as people read them: `86.6%`, `$1,212`, `4.4 min`, `+1.4 points`.
//!
//! What is rounded are the decimal digits that people wrote, not the binary number nearest to them,
//! so that 0.285 is 28.5% and 2.675 is 2.68.

use std::fmt;

/// What a missing number is shown as; the reason stands beside it.
pub const MISSING: &str = "–";

/// The most decimals that are shown.
pub const DECIMALS_MAX: u8 = 12;

/// The unit in which a measure's values are shown: its `shown_as` text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub enum UnitOfMeasure {
    /// A plain number.
    #[default]
    None,
    /// Percent: values are fractions and are shown times 100.
    Percent,
    /// Money, by the three capitals of its ISO 4217 code.
    Currency([u8; 3]),
    /// Anything else, shown behind the number, such as `min` or `people`.
    Named(String),
}

impl UnitOfMeasure {
    /// The unit that a `shown_as` text means. Any text means one.
    #[must_use]
    pub fn parse(shown_as: &str) -> Self {
        let shown_as = shown_as.trim();
        match *shown_as.as_bytes() {
            [] => UnitOfMeasure::None,
            [b'%'] => UnitOfMeasure::Percent,
            [a @ b'A'..=b'Z', b @ b'A'..=b'Z', c @ b'A'..=b'Z'] => {
                UnitOfMeasure::Currency([a, b, c])
            }
            _ => UnitOfMeasure::Named(shown_as.to_owned()),
        }
    }
}

impl From<&str> for UnitOfMeasure {
    fn from(shown_as: &str) -> Self {
        Self::parse(shown_as)
    }
}

impl fmt::Display for UnitOfMeasure {
    /// Writes the `shown_as` text.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            UnitOfMeasure::None => Ok(()),
            UnitOfMeasure::Percent => f.pad("%"),
            UnitOfMeasure::Currency(code) => f.pad(&currency_code(*code)),
            UnitOfMeasure::Named(name) => f.pad(name),
        }
    }
}

fn currency_code(code: [u8; 3]) -> String {
    code.into_iter().map(char::from).collect()
}

/// What stands before an amount of the currency: its sign where one is known everywhere, else the code.
#[must_use]
pub fn currency_prefix(code: [u8; 3]) -> String {
    match &code {
        b"USD" => "$".to_owned(),
        b"GBP" => "£".to_owned(),
        b"EUR" => "€".to_owned(),
        _ => format!("{} ", currency_code(code)),
    }
}

/// The value with its unit, such as `86.6%`, `$1,212`, `CHF 1,212` or `4.4 min`; a missing or
/// not finite one as [`MISSING`]. Rounded half away from zero on the decimal digits.
#[must_use]
pub fn format_value(value: Option<f64>, unit: &UnitOfMeasure, decimals: u8) -> String {
    match Rounded::of(value, unit, decimals) {
        Some(number) => number.in_unit(number.minus(), unit, "%"),
        None => MISSING.to_owned(),
    }
}

/// What money of this size is divided by where room is short, and what then stands behind it: a million and `m`, a billion and
/// `bn`, a trillion and `tn`. `None` for what is not shortened.
#[must_use]
pub fn short_scale(size: f64, unit: &UnitOfMeasure) -> Option<(f64, &'static str)> {
    let UnitOfMeasure::Currency(_) = unit else {
        return None;
    };
    // What rounds to a thousand of one is one of the next.
    let scales = [(1e12, "tn"), (1e9, "bn"), (1e6, "m")];
    let fits = |(scale, _): &(f64, &str)| size.abs() / scale >= 0.9995;
    scales.into_iter().find(fits)
}

/// The value with its unit, where room is short: money of a million and more with three digits, such as `$40.8m` or `£1.21bn`;
/// all else as [`format_value`] has it.
#[must_use]
pub fn format_short(value: Option<f64>, unit: &UnitOfMeasure, decimals: u8) -> String {
    match value.and_then(|value| Rounded::short(value, unit)) {
        Some(number) => number.in_unit(number.minus(), unit, "%"),
        None => format_value(value, unit, decimals),
    }
}

/// Whether some of the values differ and look alike as [`format_short`] has them; equal ones may.
#[must_use]
pub fn look_alike(values: &[Option<f64>], unit: &UnitOfMeasure, decimals: u8) -> bool {
    let known: Vec<f64> = values.iter().copied().flatten().collect();
    let short = |value: f64| format_short(Some(value), unit, decimals);
    let is_like_another = |one: &f64| {
        let mut others = known.iter().filter(|other| *other != one);
        others.any(|other| short(*other) == short(*one))
    };
    known.iter().any(is_like_another)
}

/// The difference of two values as [`format_variance`] has it, money as short as by [`format_short`].
#[must_use]
pub fn format_short_variance(variance: Option<f64>, unit: &UnitOfMeasure, decimals: u8) -> String {
    match variance.and_then(|variance| Rounded::short(variance, unit)) {
        Some(number) => number.in_unit(number.plus_or_minus(), unit, " points"),
        None => format_variance(variance, unit, decimals),
    }
}

/// The difference of two values with its sign and unit, such as `+4.4 min` or `−$12`; that of
/// percentages in points, `+1.4 points`. What rounds to zero has no sign.
#[must_use]
pub fn format_variance(variance: Option<f64>, unit: &UnitOfMeasure, decimals: u8) -> String {
    match Rounded::of(variance, unit, decimals) {
        Some(number) => number.in_unit(number.plus_or_minus(), unit, " points"),
        None => MISSING.to_owned(),
    }
}

/// The value without its unit, for a column whose head names it: `86.6` for 0.866 in percent.
#[must_use]
pub fn format_bare(value: Option<f64>, unit: &UnitOfMeasure, decimals: u8) -> String {
    match Rounded::of(value, unit, decimals) {
        Some(number) => format!("{}{}", number.minus(), number.digits),
        None => MISSING.to_owned(),
    }
}

/// A number rounded to what is shown.
struct Rounded {
    negative: bool,
    zero: bool,
    /// The digits without sign, with thousands separators and decimals.
    digits: String,
}

impl Rounded {
    /// The value as shown in the unit; `None` if there is no finite value.
    fn of(value: Option<f64>, unit: &UnitOfMeasure, decimals: u8) -> Option<Self> {
        let value = value.filter(|value| value.is_finite())?;
        let decimals = usize::from(decimals.min(DECIMALS_MAX));
        // Percent moves the decimal point by two digits: multiplying would change the digits.
        let shift = if *unit == UnitOfMeasure::Percent {
            2
        } else {
            0
        };
        let (mut digits, scale) = decimal_digits(value.abs(), shift);
        round_half_up(&mut digits, scale, decimals);
        Some(Self {
            negative: value < 0.0,
            zero: digits.iter().all(|digit| *digit == 0),
            digits: grouped(&digits, decimals),
        })
    }

    /// Money of a million and more in millions, billions or trillions; `None` for what is not shortened.
    fn short(value: f64, unit: &UnitOfMeasure) -> Option<Self> {
        let (scale, word) = short_scale(value, unit)?;
        let scaled = value / scale;
        let decimals = match scaled.abs() {
            ..9.995 => 2,
            ..99.95 => 1,
            _ => 0,
        };
        let mut number = Self::of(Some(scaled), unit, decimals)?;
        number.digits.push_str(word);
        Some(number)
    }

    fn minus(&self) -> &'static str {
        if self.negative && !self.zero {
            "−"
        } else {
            ""
        }
    }

    fn plus_or_minus(&self) -> &'static str {
        match (self.zero, self.negative) {
            (true, _) => "",
            (false, true) => "−",
            (false, false) => "+",
        }
    }

    fn in_unit(&self, sign: &str, unit: &UnitOfMeasure, percent: &str) -> String {
        let digits = &self.digits;
        match unit {
            UnitOfMeasure::None => format!("{sign}{digits}"),
            UnitOfMeasure::Percent => format!("{sign}{digits}{percent}"),
            UnitOfMeasure::Currency(code) => format!("{sign}{}{digits}", currency_prefix(*code)),
            UnitOfMeasure::Named(name) => format!("{sign}{digits} {name}"),
        }
    }
}

/// The decimal digits of a value that is finite and not negative, and how many of them are decimals:
/// the shortest that read back as the same value, as people wrote it, with the point moved `shift`
/// digits to the right.
fn decimal_digits(value: f64, shift: usize) -> (Vec<u8>, usize) {
    let text = value.to_string();
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let mut digits: Vec<u8> = whole
        .bytes()
        .chain(fraction.bytes())
        .map(|byte| byte - b'0')
        .collect();
    let scale = fraction.len().max(shift);
    digits.resize(whole.len() + scale, 0);
    (digits, scale - shift)
}

/// Brings digits with `scale` decimals to `decimals` of them, rounding half up.
fn round_half_up(digits: &mut Vec<u8>, scale: usize, decimals: usize) {
    if scale <= decimals {
        digits.resize(digits.len() + decimals - scale, 0);
        return;
    }
    let kept = digits.len() - (scale - decimals);
    let up = digits[kept] >= 5;
    digits.truncate(kept);
    if !up {
        return;
    }
    for digit in digits.iter_mut().rev() {
        if *digit < 9 {
            *digit += 1;
            return;
        }
        *digit = 0;
    }
    digits.insert(0, 1);
}

/// The digits, the last `decimals` of them behind a point, the others in groups of three.
fn grouped(digits: &[u8], decimals: usize) -> String {
    let (whole, fraction) = digits.split_at(digits.len() - decimals);
    let leading_zeros = whole.iter().take_while(|digit| **digit == 0).count();
    let whole = &whole[leading_zeros..];
    let mut text = String::new();
    if whole.is_empty() {
        text.push('0');
    }
    for (position, digit) in whole.iter().enumerate() {
        if position > 0 && (whole.len() - position).is_multiple_of(3) {
            text.push(',');
        }
        text.push(char::from(b'0' + digit));
    }
    if decimals > 0 {
        text.push('.');
        text.extend(fraction.iter().map(|digit| char::from(b'0' + digit)));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(value: f64, shown_as: &str, decimals: u8, expected: &str) {
        let unit = UnitOfMeasure::parse(shown_as);
        let shown = format_value(Some(value), &unit, decimals);
        assert_eq!(shown, expected, "{value:e} as {shown_as:?}");
    }

    #[test]
    fn only_money_of_a_million_and_more_is_short() {
        let check = |value: f64, shown_as: &str, expected: &str| {
            let unit = UnitOfMeasure::parse(shown_as);
            assert_eq!(format_short(Some(value), &unit, 0), expected, "{value:e}");
        };
        check(40_847_264.0, "USD", "$40.8m");
        check(-24_400_000.0, "EUR", "−€24.4m");
        check(1_206_000_000.0, "GBP", "£1.21bn");
        check(999_400.0, "USD", "$999,400");
        check(999_600.0, "USD", "$1.00m");
        check(9_996_000.0, "USD", "$10.0m");
        check(99_960_000.0, "USD", "$100m");
        check(999_700_000.0, "CHF", "CHF 1.00bn");
        check(40_847_264.0, "flights", "40,847,264 flights");
        check(40_847_264.0, "", "40,847,264");
        let dollars = UnitOfMeasure::parse("USD");
        let change = |by| format_short_variance(Some(by), &dollars, 0);
        assert_eq!(change(16_447_264.0), "+$16.4m");
        assert_eq!(change(-604.0), "−$604");
        assert_eq!(format_short(None, &dollars, 0), MISSING);
    }

    #[test]
    fn values_that_differ_and_look_alike_are_found() {
        let check = |values: &[f64], expected: bool| {
            let dollars = UnitOfMeasure::parse("USD");
            let values: Vec<Option<f64>> = values.iter().copied().map(Some).collect();
            assert_eq!(look_alike(&values, &dollars, 0), expected, "{values:?}");
        };
        check(&[24_432_000.0, 24_400_000.0], true);
        check(&[1.0, 24_432_000.0, 24_400_000.0], true);
        check(&[24_432_000.0, 24_432_000.0], false);
        check(&[24_432_000.0, 24_600_000.0], false);
        assert!(!look_alike(
            &[None, None, Some(1e6)],
            &UnitOfMeasure::None,
            0
        ));
    }

    #[test]
    fn values_carry_their_unit() {
        check(0.866, "%", 1, "86.6%");
        check(0.95, "%", 0, "95%");
        check(-0.007, "%", 1, "−0.7%");
        check(1212.0, "USD", 0, "$1,212");
        check(41.2, "GBP", 1, "£41.2");
        check(-41.25, "EUR", 2, "−€41.25");
        check(1212.0, "CHF", 0, "CHF 1,212");
        check(-1212.0, "CHF", 0, "−CHF 1,212");
        check(4.4, "min", 1, "4.4 min");
        check(1204.0, "", 0, "1,204");
        check(1204.0, " people ", 0, "1,204 people");
        check(3.0, "usd", 0, "3 usd");
    }

    #[test]
    fn decimal_digits_are_rounded_half_away_from_zero() {
        check(2.675, "", 2, "2.68");
        check(1.005, "", 2, "1.01");
        check(-0.5, "", 0, "−1");
        check(0.5, "", 0, "1");
        check(0.49999, "", 0, "0");
        check(0.285, "%", 0, "29%");
        check(0.00035, "%", 2, "0.04%");
        check(99.96, "", 1, "100.0");
        check(999_999.5, "", 0, "1,000,000");
        check(9.0, "", 2, "9.00");
        check(0.000_000_1, "", 3, "0.000");
        check(0.1 + 0.2, "", 12, "0.300000000000");
    }

    #[test]
    fn zero_has_no_sign() {
        check(-0.0, "", 0, "0");
        check(-0.04, "", 1, "0.0");
        check(-0.0004, "%", 1, "0.0%");
    }

    #[test]
    fn great_and_small_values_are_shown_in_full() {
        check(1e21, "", 0, "1,000,000,000,000,000,000,000");
        check(123_456_789.0, "%", 0, "12,345,678,900%");
        check(f64::MIN_POSITIVE, "", 255, "0.000000000000");
        let greatest = format_value(Some(f64::MAX), &UnitOfMeasure::Percent, 0);
        assert_eq!(greatest.matches(',').count(), 103);
    }

    #[test]
    fn variances_have_a_sign_and_percentages_differ_in_points() {
        let check = |variance: f64, shown_as: &str, expected: &str| {
            let unit = UnitOfMeasure::parse(shown_as);
            assert_eq!(format_variance(Some(variance), &unit, 1), expected);
        };
        check(0.014, "%", "+1.4 points");
        check(-0.0188, "%", "−1.9 points");
        check(0.0, "%", "0.0 points");
        check(-0.000_1, "%", "0.0 points");
        check(4.4, "min", "+4.4 min");
        check(-12.0, "USD", "−$12.0");
        check(0.7, "", "+0.7");
    }

    #[test]
    fn what_is_missing_is_a_dash() {
        for value in [
            None,
            Some(f64::NAN),
            Some(f64::INFINITY),
            Some(f64::NEG_INFINITY),
        ] {
            assert_eq!(format_value(value, &UnitOfMeasure::Percent, 1), MISSING);
            assert_eq!(format_variance(value, &UnitOfMeasure::None, 1), MISSING);
            assert_eq!(format_bare(value, &UnitOfMeasure::None, 1), MISSING);
        }
        assert_eq!(
            format_bare(Some(-0.866), &UnitOfMeasure::Percent, 1),
            "−86.6"
        );
    }

    #[test]
    fn a_unit_is_written_as_it_is_read() {
        for shown_as in ["", "%", "USD", "CHF", "min", "€ per head", "GBPX", "%%"] {
            assert_eq!(UnitOfMeasure::from(shown_as).to_string(), shown_as);
        }
    }

    proptest! {
        #[test]
        fn what_is_shown_is_within_half_of_the_last_digit(value in -1e12..1e12, decimals in 0u8..=3) {
            let shown = format_bare(Some(value), &UnitOfMeasure::None, decimals);
            let read: f64 = shown.replace(',', "").replace('−', "-").parse().expect("a number");
            let half = 0.5 / 10f64.powi(i32::from(decimals));
            // Reading the shown digits and subtracting may be off by a few units in the last place.
            prop_assert!((read - value).abs() <= half + value.abs() * 4.0 * f64::EPSILON, "{value} {shown}");
        }

        #[test]
        fn any_value_in_any_unit_is_shown(
            value in any::<f64>(), shown_as in ".{0,4}", decimals in any::<u8>(),
        ) {
            let unit = UnitOfMeasure::parse(&shown_as);
            prop_assert!(!format_value(Some(value), &unit, decimals).contains('-') || shown_as.contains('-'));
            let _ = format_variance(Some(value), &unit, decimals);
        }
    }
}
