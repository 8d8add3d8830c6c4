//! Advice on a target while it is set: whether today's process can meet it, what good peers reach, and whether targets
//! follow past results.

mod benchmark;
mod capability;
mod ratchet;

pub use benchmark::{Benchmark, PEERS_MIN, benchmark};
pub use capability::{Aim, Capability, CapabilityWord, capability};
pub use ratchet::{REVISIONS_MIN, Ratchet, Revision, ratchet};

use std::fmt;

/// Why there is no advice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoAdvice {
    /// Too few points, peers or revisions.
    TooFew {
        /// How many there are.
        have: usize,
        /// How many are needed.
        need: usize,
    },
    /// More points than are read.
    TooMany {
        /// How many there are.
        have: usize,
    },
    /// A value or a border is not a finite number, or a variance not above 0.
    NotFinite {
        /// Its place, or that of its pair.
        index: usize,
    },
    /// The target is not a number, or a range that ends before it begins.
    Target,
    /// The values do not vary, so that nothing can be told from them.
    NoVariation,
}

impl fmt::Display for NoAdvice {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NoAdvice::TooFew { have, need } => write!(formatter, "too few: {have} of {need}"),
            NoAdvice::TooMany { have } => write!(formatter, "too many: {have}"),
            NoAdvice::NotFinite { index } => {
                write!(formatter, "the value at place {index} cannot be used")
            }
            NoAdvice::Target => write!(formatter, "the target is not a number or a range"),
            NoAdvice::NoVariation => write!(formatter, "the values do not vary"),
        }
    }
}

impl std::error::Error for NoAdvice {}
