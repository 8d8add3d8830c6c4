//! Maps and sets of ids. The ledger hands out ids, nobody outside chooses them to collide, and an evaluation looks up
//! millions: so they are hashed in a few nanoseconds, where the hash of the standard library takes ten times that.
//!
//! The order in which they are walked through differs from run to run, as in the standard library: no answer may hang on it.

/// A map by ids.
pub type Map<K, V> = std::collections::HashMap<K, V, foldhash::fast::RandomState>;
/// A set of ids.
pub type Set<K> = std::collections::HashSet<K, foldhash::fast::RandomState>;
