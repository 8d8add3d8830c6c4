//! Keys of a plan from names of a workbook: readable, and each once.

use std::collections::BTreeSet;

/// The longest key that is made.
const LENGTH_MAX: usize = 60;

/// Keys that were given.
#[derive(Debug, Default)]
pub struct Keys {
    given: BTreeSet<String>,
}

impl Keys {
    /// Keys beside those.
    pub fn beside<'a>(taken: impl IntoIterator<Item = &'a String>) -> Keys {
        Keys {
            given: taken.into_iter().cloned().collect(),
        }
    }

    /// A key for a name.
    pub fn of(&mut self, name: &str) -> String {
        let own = slug(name);
        let mut key = own.clone();
        let mut number = 2;
        while !self.given.insert(key.clone()) {
            key = format!("{own}-{number}");
            number += 1;
        }
        key
    }
}

/// Lower case letters and digits with `-` between words.
pub fn slug(name: &str) -> String {
    let mut slug = String::new();
    for character in name.chars().flat_map(char::to_lowercase) {
        if slug.len() >= LENGTH_MAX {
            break;
        }
        match unaccented(character) {
            Some(letters) => slug.push_str(letters),
            None if character.is_ascii_alphanumeric() => slug.push(character),
            None if character == '%' => slug.push_str(if slug.ends_with('-') || slug.is_empty() {
                "percent"
            } else {
                "-percent"
            }),
            None if !slug.is_empty() && !slug.ends_with('-') => slug.push('-'),
            None => {}
        }
    }
    let slug = slug.trim_matches('-').to_owned();
    if slug.is_empty() {
        "unnamed".to_owned()
    } else {
        slug
    }
}

fn unaccented(character: char) -> Option<&'static str> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_readable_and_each_once() {
        let mut keys = Keys::default();
        assert_eq!(keys.of("First visit fix %"), "first-visit-fix-percent");
        assert_eq!(keys.of("First visit fix %"), "first-visit-fix-percent-2");
        assert_eq!(keys.of("Über (Größe)"), "ueber-groesse");
        assert_eq!(keys.of("???"), "unnamed");
    }
}
