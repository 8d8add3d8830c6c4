//! Units of measure, and numbers as people read them.

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
fn currency_prefix(code: [u8; 3]) -> String {
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
