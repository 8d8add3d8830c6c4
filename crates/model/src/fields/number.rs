//! Numbers: measured values, whole numbers, percentages, weights, ranges, amounts of money.

use rust_decimal::Decimal;

use crate::tree::Tree;
use crate::value::{NUMBER_LIMIT, Names, Reader, Shape, Value};

/// Reads a number as plan files and observations write it: a decimal point, nothing else.
///
/// # Errors
/// What is wrong with it and, where it can be told, what to write.
pub fn parse_number(text: &str) -> Result<f64, (String, Option<String>)> {
    let bad = |message: String, help: Option<String>| Err((message, help));
    let shown: String = text.chars().take(40).collect();
    if let Ok(value) = text.parse::<f64>() {
        if text.bytes().any(|byte| byte.is_ascii_digit())
            && value.is_finite()
            && value.abs() < NUMBER_LIMIT
        {
            // Minus zero would be a second way to write zero, and another hash.
            return Ok(if value == 0.0 { 0.0 } else { value });
        }
        return bad(
            format!(
                "`{shown}` is not a number that can be used: numbers are finite and below 1e30"
            ),
            None,
        );
    }
    if let Some(number) = text
        .strip_suffix('%')
        .map(str::trim)
        .and_then(|number| number.parse::<f64>().ok())
    {
        let help = format!("write the fraction: {}", from_percent(number));
        return bad(
            format!("`{shown}`: numbers take no percent sign"),
            Some(help),
        );
    }
    let without: String = text
        .chars()
        .filter(|c| {
            !matches!(
                c,
                ',' | '\'' | '_' | ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}'
            )
        })
        .collect();
    if without.parse::<f64>().is_ok() && without.len() < text.len() {
        let help = match text.matches(',').count() {
            1 if !text.contains('.') => format!(
                "write `{}` or `{without}`, as you mean it",
                text.replace(',', ".")
            ),
            // The comma after a point is the decimal one: `1.234,5` is a thousand and more.
            1 if text.find('.') < text.find(',') => {
                format!("write `{}`", text.replace('.', "").replace(',', "."))
            }
            _ => format!("write `{without}`"),
        };
        return bad(
            format!("`{shown}`: numbers have a decimal point and no thousands separators"),
            Some(help),
        );
    }
    if NO_VALUE.contains(&text.trim().to_lowercase().as_str()) {
        let help = "leave it empty where there is no value".to_owned();
        return bad(format!("`{shown}` is not a number"), Some(help));
    }
    bad(format!("`{shown}` is not a number"), bare_number(text))
}

/// What people write where they have no value.
const NO_VALUE: [&str; 10] = [
    "n/a", "na", "n.a.", "nan", "null", "none", "-", "–", "—", "#n/a",
];

/// The fraction that a number of percent is, moved by its decimal digits: dividing would change the last of them.
pub fn from_percent(value: f64) -> f64 {
    format!("{value}e-2").parse().unwrap_or(value / 100.0)
}

/// A share above this was most likely written in percent: 5.5 would be shown as 550%.
pub(crate) const FRACTION_MAX: f64 = 2.0;

/// The number of percent that a fraction is, moved by its decimal digits.
pub fn in_percent(value: f64) -> f64 {
    format!("{value}e2").parse().unwrap_or(value * 100.0)
}

/// What to write in place of a number with something around it: `€5`, `5 EUR`, `(5)`.
fn bare_number(text: &str) -> Option<String> {
    let is_part = |c: char| c.is_ascii_digit() || matches!(c, '.' | '-' | '+');
    // The minus of typesetters, and the dash that a word processor makes of one.
    let text = &text.replace(['\u{2212}', '\u{2013}', '\u{2014}'], "-");
    let bare = text.trim_matches(|c: char| !is_part(c));
    let number = bare.parse::<f64>().ok()?;
    if !number.is_finite() {
        return None;
    }
    if bare == text.trim() {
        return Some(format!("write `{bare}`, with the minus of the keyboard"));
    }
    // `5k` is not 5, and `<5` is no number at all.
    let around: String = text.chars().filter(|c| !is_part(*c)).collect();
    let around = around.trim();
    let is_multiple = matches!(
        around.to_lowercase().as_str(),
        "k" | "m" | "mn" | "mio" | "bn" | "t"
    );
    if is_multiple || around.contains(['<', '>', '~', '≈', '±', '≤', '≥']) {
        return None;
    }
    // Bookkeepers write what is below zero in brackets.
    let is_in_brackets = text.trim().starts_with('(') && text.trim().ends_with(')');
    Some(match is_in_brackets {
        true => format!("write `-{bare}` or `{bare}`, as you mean it"),
        false => format!("write `{bare}`; the unit is said once, by `shown_as` of the measure"),
    })
}

impl Value for f64 {
    fn shape() -> Shape {
        Shape::Number
    }

    fn read(tree: &Tree, reader: &mut Reader<'_>) -> Option<Self> {
        match tree {
            Tree::Plain(text) => parse_number(text)
                .or_else(|(message, help)| reader.error("bad-number", message, help).ok_or(()))
                .ok(),
            Tree::Text(text) => {
                let help = match parse_number(text) {
                    Ok(_) => Some("write it without quotes".to_string()),
                    // `"6,20"`: what was meant is a number all the same.
                    Err((message, Some(help))) => {
                        return reader.error("bad-number", message, Some(help));
                    }
                    Err((_, None)) => {
                        Some("write a number, with a decimal point and without quotes".to_string())
                    }
                };
                reader.error("wrong-type", "a number was expected here, not text", help)
            }
            other => reader.error(
                "wrong-type",
                format!("a number was expected here, not {}", other.describe()),
                Some("write one number, with a decimal point".to_string()),
            ),
        }
    }

    fn write(&self, _: &dyn Names) -> Tree {
        Tree::plain(self)
    }
}

/// Reads a whole number between two bounds, both included.
fn whole_number(tree: &Tree, reader: &mut Reader<'_>, least: i64, greatest: i64) -> Option<i64> {
    let number = f64::read(tree, reader)?;
    if number.fract() == 0.0 && number >= least as f64 && number <= greatest as f64 {
        return Some(number as i64);
    }
    reader.error(
        "bad-number",
        format!("a whole number from {least} to {greatest} was expected here"),
        None,
    )
}

/// Decimal places that a value is shown with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decimals(pub u8);

impl Value for Decimals {
    fn shape() -> Shape {
        Shape::Integer
    }

    fn read(tree: &Tree, reader: &mut Reader<'_>) -> Option<Self> {
        whole_number(tree, reader, 0, 9).map(|number| Decimals(number as u8))
    }

    fn write(&self, _: &dyn Names) -> Tree {
        Tree::plain(self.0)
    }
}

/// How many there are of something: persons, minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Count(pub u16);

impl Value for Count {
    fn shape() -> Shape {
        Shape::Integer
    }

    fn read(tree: &Tree, reader: &mut Reader<'_>) -> Option<Self> {
        whole_number(tree, reader, 1, 1440).map(|number| Count(number as u16))
    }

    fn write(&self, _: &dyn Names) -> Tree {
        Tree::plain(self.0)
    }
}

/// A calendar year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Year(pub i16);

impl Value for Year {
    fn shape() -> Shape {
        Shape::Integer
    }

    fn read(tree: &Tree, reader: &mut Reader<'_>) -> Option<Self> {
        whole_number(tree, reader, 1900, 2200).map(|number| Year(number as i16))
    }

    fn write(&self, _: &dyn Names) -> Tree {
        Tree::plain(self.0)
    }
}

/// A share that is written with a percent sign; held in percent, so that it is written as it was read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Percent(pub f64);

impl Percent {
    /// The share as a fraction.
    pub fn fraction(self) -> f64 {
        self.0 / 100.0
    }
}

impl Value for Percent {
    fn shape() -> Shape {
        Shape::Pattern {
            pattern: r"^[0-9]+(\.[0-9]+)?%$",
            example: "50%",
        }
    }

    fn read(tree: &Tree, reader: &mut Reader<'_>) -> Option<Self> {
        let text = reader.scalar(tree, "a percentage")?;
        let number = text
            .strip_suffix('%')
            .and_then(|number| parse_number(number).ok());
        match number.filter(|number| (0.0..=100.0).contains(number)) {
            Some(number) => Some(Percent(number)),
            None => reader.error(
                "bad-percent",
                format!("`{text}` is not a percentage from 0% to 100%"),
                Some("write it like 50%".into()),
            ),
        }
    }

    fn write(&self, _: &dyn Names) -> Tree {
        Tree::text(format!("{}%", self.0))
    }
}

/// How much something counts among its siblings; above 0, and 1 where nothing is said.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Weight(pub f64);

impl Default for Weight {
    fn default() -> Self {
        Weight(1.0)
    }
}

impl Value for Weight {
    fn shape() -> Shape {
        Shape::Number
    }

    fn read(tree: &Tree, reader: &mut Reader<'_>) -> Option<Self> {
        let number = f64::read(tree, reader)?;
        if number > 0.0 {
            return Some(Weight(number));
        }
        reader.error(
            "bad-weight",
            "a weight is above 0",
            Some("leave out what is not to count".into()),
        )
    }

    fn write(&self, names: &dyn Names) -> Tree {
        self.0.write(names)
    }

    fn absent() -> Option<Self> {
        Some(Weight::default())
    }
}

/// Two edges, the lower one first: `[0.85, 0.92]`, or `0.85..0.92` in a cell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range {
    /// The lower edge.
    pub low: f64,
    /// The upper edge.
    pub high: f64,
}

impl Value for Range {
    fn shape() -> Shape {
        Shape::List {
            element: Box::new(Shape::Number),
            key: &[],
        }
    }

    fn read(tree: &Tree, reader: &mut Reader<'_>) -> Option<Self> {
        let edges: Vec<f64> = match (tree, tree.scalar().and_then(|text| text.split_once(".."))) {
            (_, Some((low, high))) => [low, high]
                .iter()
                .filter_map(|edge| f64::read(&Tree::plain(edge.trim()), reader))
                .collect(),
            (Tree::List(elements), _) => elements
                .iter()
                .filter_map(|edge| f64::read(edge, reader))
                .collect(),
            _ => Vec::new(),
        };
        match edges[..] {
            [low, high] if low <= high => Some(Range { low, high }),
            [low, high] => reader.error(
                "bad-range",
                format!("the lower edge {low} is above the upper edge {high}"),
                Some(format!("write [{high}, {low}]")),
            ),
            _ => reader.error(
                "bad-range",
                "a range of two numbers was expected here",
                Some("write it like [0.85, 0.92]".into()),
            ),
        }
    }

    fn write(&self, names: &dyn Names) -> Tree {
        Tree::List(vec![self.low.write(names), self.high.write(names)])
    }
}

/// An ISO 4217 currency code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Currency(pub String);

impl Value for Currency {
    fn shape() -> Shape {
        Shape::Pattern {
            pattern: "^[A-Z]{3}$",
            example: "USD",
        }
    }

    fn read(tree: &Tree, reader: &mut Reader<'_>) -> Option<Self> {
        let text = reader.scalar(tree, "a currency")?;
        if text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_uppercase()) {
            return Some(Currency(text.to_string()));
        }
        reader.error(
            "bad-currency",
            format!("`{text}` is not a currency"),
            Some("write its ISO code of three capitals, like USD".into()),
        )
    }

    fn write(&self, _: &dyn Names) -> Tree {
        Tree::text(&self.0)
    }
}

impl Value for Decimal {
    fn shape() -> Shape {
        Shape::Number
    }

    fn read(tree: &Tree, reader: &mut Reader<'_>) -> Option<Self> {
        let text = reader.scalar(tree, "an amount")?;
        text.parse::<Decimal>().ok().or_else(|| {
            let (message, help) = parse_number(text)
                .err()
                .unwrap_or((format!("`{text}` has too many digits for an amount"), None));
            reader.error("bad-number", message, help)
        })
    }

    fn write(&self, _: &dyn Names) -> Tree {
        Tree::plain(self)
    }
}

impl Value for bool {
    fn shape() -> Shape {
        Shape::Truth
    }

    fn read(tree: &Tree, reader: &mut Reader<'_>) -> Option<Self> {
        match tree {
            Tree::Plain(text) if text == "true" => Some(true),
            Tree::Plain(text) if text == "false" => Some(false),
            _ => reader.error("wrong-type", "`true` or `false` was expected here", None),
        }
    }

    fn write(&self, _: &dyn Names) -> Tree {
        Tree::plain(self)
    }

    fn absent() -> Option<Self> {
        Some(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_to_write_is_the_number_that_was_meant() {
        let check = |text: &str, expected: &str| {
            let (_, help) = parse_number(text).expect_err(text);
            assert_eq!(help.as_deref(), Some(expected), "{text}");
        };
        check("1.234,5", "write `1234.5`");
        check("1,234.5", "write `1234.5`");
        check("1,234,567", "write `1234567`");
        check("6,20", "write `6.20` or `620`, as you mean it");
        check("1'234.5", "write `1234.5`");
        check("\u{2212}5", "write `-5`, with the minus of the keyboard");
        check("–5", "write `-5`, with the minus of the keyboard");
        check("n/a", "leave it empty where there is no value");
        check("–", "leave it empty where there is no value");
    }

    #[test]
    fn what_may_be_another_number_is_not_proposed() {
        for text in ["5k", "<5", "~5", "5 Mio", "≥ 5"] {
            let (_, help) = parse_number(text).expect_err(text);
            assert_eq!(help, None, "{text}");
        }
    }
}
