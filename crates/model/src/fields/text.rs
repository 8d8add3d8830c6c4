//! Keys and texts.

use std::fmt;

use crate::tree::Tree;
use crate::value::{Names, Reader, Shape, Value};

/// The longest key.
pub const KEY_LENGTH_LIMIT: usize = 100;

/// The longest key that is made of a name.
const NAME_LENGTH_MAX: usize = 60;

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

    /// What a name would be as a key: `First wave, on time` is `first-wave-on-time`.
    pub fn of_name(name: &str) -> Option<Key> {
        let letters: Vec<char> = name.chars().flat_map(char::to_lowercase).collect();
        let is_plain = |place: Option<usize>| {
            let letter = place.and_then(|place| letters.get(place));
            letter.is_some_and(char::is_ascii_alphanumeric)
        };
        let mut key = String::new();
        for (place, letter) in letters.iter().enumerate() {
            if key.len() >= NAME_LENGTH_MAX {
                break;
            }
            match (spelled_out(*letter), letter) {
                (Some(spelled), _) => key.push_str(spelled),
                (None, letter) if letter.is_ascii_alphanumeric() => key.push(*letter),
                (None, '.') if is_plain(place.checked_sub(1)) && is_plain(Some(place + 1)) => {
                    key.push('.');
                }
                (None, '%') => {
                    let apart = !key.is_empty() && !key.ends_with('-');
                    key.push_str(if apart { "-percent" } else { "percent" });
                }
                (None, _) if !key.is_empty() && !key.ends_with('-') => key.push('-'),
                (None, _) => {}
            }
        }
        Key::new(key.trim_matches('-'))
    }

    /// What a text would be as a key: the help for one that is not.
    fn suggestion(text: &str) -> Option<String> {
        Key::of_name(text).map(|key| format!("write `{key}`"))
    }
}

/// Letters with marks, and ligatures, in plain ones.
fn spelled_out(character: char) -> Option<&'static str> {
    Some(match character {
        'ä' | 'æ' => "ae",
        'ö' | 'œ' => "oe",
        'ü' => "ue",
        'ß' => "ss",
        'à' | 'á' | 'â' | 'ã' | 'å' => "a",
        'è' | 'é' | 'ê' | 'ë' => "e",
        'ì' | 'í' | 'î' | 'ï' => "i",
        'ò' | 'ó' | 'ô' | 'õ' | 'ø' => "o",
        'ù' | 'ú' | 'û' => "u",
        'ç' => "c",
        'ñ' => "n",
        '’' | '\'' => "",
        _ => return None,
    })
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
