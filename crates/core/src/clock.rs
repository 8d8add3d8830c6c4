//! What time it is, as an argument: rooms that need the time are given a clock, so that every
//! calculation can be repeated at any instant. The clock of the machine is wired in by the binary.

use jiff::Timestamp;

/// Tells the time.
pub trait Clock: Send + Sync {
    /// The present instant, in UTC.
    fn now(&self) -> Timestamp;
}

/// A clock that always tells the same instant, for tests and for readings "as of" an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FrozenClock(pub Timestamp);

impl Clock for FrozenClock {
    fn now(&self) -> Timestamp {
        self.0
    }
}
