//! The values that stand in fields: texts, keys, numbers, dates, periods, references, lists, words.

mod list;
mod number;
mod recurrence;
mod text;
mod time;
mod words;

pub use list::{Element, LIST_LENGTH_LIMIT, element_key};
pub(crate) use number::FRACTION_MAX;
pub use number::{Count, Currency, Decimals, Percent, Range, Weight, Year, parse_number};
pub use number::{from_percent, in_percent};
pub use recurrence::{RULE_LENGTH_LIMIT, Recurrence};
pub use text::{KEY_LENGTH_LIMIT, Key, Markdown, TEXT_LENGTH_LIMIT};
pub use time::{DAYS_LIMIT, Days, HOURS_LIMIT, Hours};
pub(crate) use words::{unknown_word, words};
