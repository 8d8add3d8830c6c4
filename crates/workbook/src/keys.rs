//! Keys of a plan from names of a workbook: readable, and each once.

use std::collections::{BTreeMap, BTreeSet};

use throughline_model::fields::Key;

/// Keys that were given.
#[derive(Debug, Default)]
pub struct Keys {
    given: BTreeSet<String>,
    /// By what a name makes, the number that the next one like it takes.
    next: BTreeMap<String, usize>,
}

impl Keys {
    /// Keys beside those.
    pub fn beside<'a>(taken: impl IntoIterator<Item = &'a String>) -> Keys {
        Keys {
            given: taken.into_iter().cloned().collect(),
            next: BTreeMap::new(),
        }
    }

    /// A key for a name.
    pub fn of(&mut self, name: &str) -> String {
        let own = slug(name);
        if self.given.insert(own.clone()) {
            return own;
        }
        let number = self.next.entry(own.clone()).or_insert(2);
        loop {
            let key = format!("{own}-{number}");
            *number += 1;
            if self.given.insert(key.clone()) {
                return key;
            }
        }
    }
}

/// The key that a name makes, however often it is there.
pub fn slug(name: &str) -> String {
    Key::of_name(name).map_or_else(|| "unnamed".to_owned(), |key| key.to_string())
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
        let taken = ["unnamed-2".to_owned()];
        let mut keys = Keys::beside(&taken);
        let made: Vec<String> = (0..3).map(|_| keys.of("測定")).collect();
        assert_eq!(made, ["unnamed", "unnamed-3", "unnamed-4"]);
    }
}
