//! What was worked out once is not worked out again.

use std::cell::RefCell;
use std::hash::Hash;

use throughline_core::hash::Map;

/// Answers by what was asked.
pub(crate) struct Memo<K, V> {
    known: RefCell<Map<K, V>>,
}

impl<K, V> Default for Memo<K, V> {
    fn default() -> Self {
        Memo {
            known: RefCell::default(),
        }
    }
}

impl<K: Eq + Hash, V: Clone> Memo<K, V> {
    /// Looks an answer up, or makes and keeps it. Making it may ask for others.
    pub(crate) fn remembered(&self, key: K, make: impl FnOnce() -> V) -> V {
        if let Some(known) = self.known.borrow().get(&key) {
            return known.clone();
        }
        let made = make();
        self.known.borrow_mut().insert(key, made.clone());
        made
    }
}
