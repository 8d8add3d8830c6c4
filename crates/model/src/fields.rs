//! The values that stand in fields: texts, keys, numbers, dates, periods, references, lists.

use std::fmt;

use jiff::civil::Date;
use rust_decimal::Decimal;
use throughline_core::finding::Segment;
use throughline_core::period::Period;

use crate::kind::Kind;
use crate::tree::Tree;
use crate::value::{NUMBER_LIMIT, Names, Reader, Shape, Value};

/// The longest key.
pub const KEY_LENGTH_LIMIT: usize = 100;

/// The longest text of a field, in bytes.
pub const TEXT_LENGTH_LIMIT: usize = 64 * 1024;

/// A readable, unique name of a record: lower case, digits, `.` and `-`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(String);

impl Key {
    /// The key with that text, if the text can be one.
    pub fn new(text: impl Into<String>) -> Option<Key> {
        let text = text.into();
        let allowed = |character: char| {
            character.is_ascii_lowercase() || character.is_ascii_digit() || ".-".contains(character)
        };
        let fits = !text.is_empty() && text.len() <= KEY_LENGTH_LIMIT && text.chars().all(allowed);
        fits.then_some(Key(text))
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What a text would be as a key: the help for one that is not.
    fn suggestion(text: &str) -> Option<String> {
        let dashed: String = text
            .to_lowercase()
            .chars()
            .map(|c| {
                if c.is_ascii_alphanumeric() || c == '.' {
                    c
                } else {
                    '-'
                }
            })
            .collect();
        Key::new(dashed.trim_matches('-')).map(|key| format!("write `{key}`"))
    }
}

impl fmt::Display for Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl Value for Key {
    fn shape() -> Shape {
        Shape::Key
    }

    fn read(tree: &Tree, reader: &mut Reader<'_>) -> Option<Self> {
        let text = reader.scalar(tree, "a key")?;
        Key::new(text).or_else(|| {
            let message = format!(
                "`{text}` cannot be a key: a key is made of lower case letters, digits, `.` and `-`"
            );
            reader.error("bad-key", message, Key::suggestion(text))
        })
    }

    fn write(&self, _: &dyn Names) -> Tree {
        Tree::text(&self.0)
    }
}

impl Value for String {
    fn shape() -> Shape {
        Shape::Line
    }

    fn read(tree: &Tree, reader: &mut Reader<'_>) -> Option<Self> {
        let text = reader.scalar(tree, "text")?;
        if text.trim().is_empty() {
            return reader.error(
                "empty-text",
                "this text is empty",
                Some("write it, or leave the key out".into()),
            );
        }
        if text.len() > TEXT_LENGTH_LIMIT {
            return reader.error(
                "long-text",
                format!("this text is longer than {TEXT_LENGTH_LIMIT} bytes"),
                None,
            );
        }
        Some(text.to_string())
    }

    fn write(&self, _: &dyn Names) -> Tree {
        Tree::text(self)
    }
}

/// Text for people, in Markdown without raw HTML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Markdown(pub String);

impl Value for Markdown {
    fn shape() -> Shape {
        Shape::Markdown
    }

    fn read(tree: &Tree, reader: &mut Reader<'_>) -> Option<Self> {
        String::read(tree, reader).map(Markdown)
    }

    fn write(&self, names: &dyn Names) -> Tree {
        self.0.write(names)
    }
}

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
        let help = format!("write the fraction: {}", number / 100.0);
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
            _ => format!("write `{without}`"),
        };
        return bad(
            format!("`{shown}`: numbers have a decimal point and no thousands separators"),
            Some(help),
        );
    }
    bad(format!("`{shown}` is not a number"), None)
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
                let help = parse_number(text)
                    .is_ok()
                    .then(|| "write it without quotes".to_string());
                reader.error("wrong-type", "a number was expected here, not text", help)
            }
            other => reader.error(
                "wrong-type",
                format!("a number was expected here, not {}", other.describe()),
                None,
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

/// A number of days: `5 days`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Days(pub u16);

/// The longest wait that can be written, in days.
pub const DAYS_LIMIT: u16 = 3660;

impl Value for Days {
    fn shape() -> Shape {
        Shape::Pattern {
            pattern: "^[0-9]+ days?$",
            example: "5 days",
        }
    }

    fn read(tree: &Tree, reader: &mut Reader<'_>) -> Option<Self> {
        let text = reader.scalar(tree, "a number of days")?;
        let number = text
            .split_once(' ')
            .filter(|(_, unit)| matches!(*unit, "day" | "days"));
        match number
            .and_then(|(number, _)| number.parse::<u16>().ok())
            .filter(|days| *days <= DAYS_LIMIT)
        {
            Some(days) => Some(Days(days)),
            None => reader.error(
                "bad-days",
                format!("`{text}` is not a number of days up to {DAYS_LIMIT}"),
                Some("write it like `5 days`".into()),
            ),
        }
    }

    fn write(&self, _: &dyn Names) -> Tree {
        Tree::text(if self.0 == 1 {
            "1 day".to_string()
        } else {
            format!("{} days", self.0)
        })
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

impl Value for Date {
    fn shape() -> Shape {
        Shape::Pattern {
            pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
            example: "2026-11-23",
        }
    }

    fn read(tree: &Tree, reader: &mut Reader<'_>) -> Option<Self> {
        let text = reader.scalar(tree, "a date")?;
        let date = text
            .parse::<Date>()
            .ok()
            .filter(|date| (1900..=2200).contains(&date.year()) && date.to_string() == text);
        match date {
            Some(date) => Some(date),
            None => reader.error(
                "bad-date",
                format!("`{text}` is not a date"),
                Some("write it like 2026-11-23".into()),
            ),
        }
    }

    fn write(&self, _: &dyn Names) -> Tree {
        Tree::text(self.to_string())
    }
}

impl Value for Period {
    fn shape() -> Shape {
        Shape::Pattern {
            pattern: r"^(FY)?[0-9]{4}(-(Q[1-4]|H[12]|W[0-9]{2}|[0-9]{2}(-[0-9]{2})?))?$",
            example: "2026-Q4",
        }
    }

    fn read(tree: &Tree, reader: &mut Reader<'_>) -> Option<Self> {
        let text = reader.scalar(tree, "a period")?;
        match reader.calendar().parse_period(text) {
            Ok(period) => Some(period),
            Err(error) => reader.error("bad-period", error.to_string(), None),
        }
    }

    fn write(&self, names: &dyn Names) -> Tree {
        let name = names.calendar().name(self);
        // A year is written like the number that it looks like.
        if name.bytes().all(|byte| byte.is_ascii_digit()) {
            Tree::Plain(name)
        } else {
            Tree::Text(name)
        }
    }
}

impl<T: Value> Value for Option<T> {
    fn shape() -> Shape {
        T::shape()
    }

    fn read(tree: &Tree, reader: &mut Reader<'_>) -> Option<Self> {
        if tree.is_null() {
            Some(None)
        } else {
            T::read(tree, reader).map(Some)
        }
    }

    fn write(&self, names: &dyn Names) -> Tree {
        self.as_ref().map_or(Tree::Null, |value| value.write(names))
    }

    fn absent() -> Option<Self> {
        Some(None)
    }
}

/// Something that can stand in a list, where each element is told apart from the others.
pub trait Element: Value {
    /// The fields that tell it apart; itself, where there are none.
    const KEY: &'static [&'static str] = &[];
}

/// The most elements that one list of a record may have.
pub const LIST_LENGTH_LIMIT: usize = 20_000;

impl<T: Element> Value for Vec<T> {
    fn shape() -> Shape {
        Shape::List {
            element: Box::new(T::shape()),
            key: T::KEY,
        }
    }

    fn read(tree: &Tree, reader: &mut Reader<'_>) -> Option<Self> {
        let Tree::List(elements) = tree else {
            let help = tree.scalar().map(|text| format!("write [{text}]"));
            return reader.error(
                "wrong-type",
                format!("a list was expected here, not {}", tree.describe()),
                help,
            );
        };
        if elements.len() > LIST_LENGTH_LIMIT {
            return reader.error(
                "long-list",
                format!("a list has at most {LIST_LENGTH_LIMIT} elements"),
                None,
            );
        }
        let mut values = Vec::with_capacity(elements.len());
        let mut seen = std::collections::BTreeMap::new();
        let mut complete = true;
        for (index, element) in elements.iter().enumerate() {
            let value = reader.at(Segment::Index(index), |reader| {
                let value = T::read(element, reader)?;
                let key = element_key(&value.write(&crate::value::ById(reader.calendar())), T::KEY);
                if let Some(first) = seen.insert(key, index) {
                    let message = format!(
                        "this stands in the list twice: it is element {} too",
                        first + 1
                    );
                    return reader.error("duplicate-element", message, None);
                }
                Some(value)
            });
            complete &= value.is_some();
            values.extend(value);
        }
        complete.then_some(values)
    }

    fn write(&self, names: &dyn Names) -> Tree {
        Tree::List(self.iter().map(|element| element.write(names)).collect())
    }

    fn absent() -> Option<Self> {
        Some(Vec::new())
    }
}

/// What tells an element of a list from the others, as text.
pub fn element_key(element: &Tree, key: &[&str]) -> String {
    match (key, element) {
        ([], _) | (_, Tree::Null | Tree::Plain(_) | Tree::Text(_)) => element
            .scalar()
            .map_or_else(|| element.to_json(), str::to_string),
        (fields, _) => {
            let parts = fields.iter().map(|field| {
                element
                    .get(field)
                    .and_then(Tree::scalar)
                    .unwrap_or_default()
            });
            parts.collect::<Vec<_>>().join(" ")
        }
    }
}

/// Makes ids of core usable as references to records of one kind.
macro_rules! references {
    ($($id:ident => $kind:ident),* $(,)?) => {$(
        impl Value for throughline_core::id::$id {
            fn shape() -> Shape {
                Shape::Reference(&[Kind::$kind])
            }

            fn read(tree: &Tree, reader: &mut Reader<'_>) -> Option<Self> {
                reader.reference(&[Kind::$kind], tree).map(|(_, id)| Self::from_uuid(id))
            }

            fn write(&self, names: &dyn Names) -> Tree {
                Tree::text(names.name(&[Kind::$kind], Kind::$kind, self.as_uuid()))
            }
        }

        impl Element for throughline_core::id::$id {}
    )*};
}

references! {
    UnitId => Unit,
    PersonId => Person,
    PerspectiveId => Perspective,
    ThemeId => Theme,
    ObjectiveId => Objective,
    MeasureId => Measure,
}

/// Declares an enumeration whose values are written as fixed words.
macro_rules! words {
    ($(#[$about:meta])* $name:ident $(default $default:ident)? { $($(#[$doc:meta])* $variant:ident = $word:literal),* $(,)? }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$doc])* $variant),*
        }

        impl $name {
            /// Every value, in order.
            pub const ALL: &'static [$name] = &[$($name::$variant),*];
            const WORDS: &'static [&'static str] = &[$($word),*];

            /// The word that is written.
            pub const fn word(self) -> &'static str {
                match self {
                    $($name::$variant => $word),*
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str(self.word())
            }
        }

        impl $crate::value::Value for $name {
            fn shape() -> $crate::value::Shape {
                $crate::value::Shape::Word(Self::WORDS)
            }

            fn read(tree: &$crate::tree::Tree, reader: &mut $crate::value::Reader<'_>) -> Option<Self> {
                let text = reader.scalar(tree, "a word")?;
                if let Some(value) = Self::ALL.iter().find(|value| value.word() == text) {
                    return Some(*value);
                }
                $crate::fields::unknown_word(text, Self::WORDS, reader)
            }

            fn write(&self, _: &dyn $crate::value::Names) -> $crate::tree::Tree {
                $crate::tree::Tree::text(self.word())
            }

            $(fn absent() -> Option<Self> {
                Some($name::$default)
            })?
        }

        impl $crate::fields::Element for $name {}
    };
}
pub(crate) use words;

/// The error for a word that is not one of those that can stand there.
pub(crate) fn unknown_word<T>(
    text: &str,
    words: &[&'static str],
    reader: &mut Reader<'_>,
) -> Option<T> {
    let help = match throughline_core::finding::nearest(text, words.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("write one of: {}", words.join(", ")),
    };
    reader.error(
        "unknown-word",
        format!("`{text}` is not one of the words that can stand here"),
        Some(help),
    )
}
