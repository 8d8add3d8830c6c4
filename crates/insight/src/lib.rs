//! What the data say, and how sure they are: plain series and panels in, findings or a typed reason for none out.
//!
//! This room is pure and knows no records: whoever asks turns readings into slices of numbers, `None` where a value is
//! missing, and turns what comes back into words beside the measure. Each method names its source where it stands, and
//! `golden/insight` of the repository holds what established implementations give for it.

mod better;
mod distribution;
mod linear;
mod minimise;
mod numbers;
mod points;

#[cfg(test)]
#[path = "../tests/golden/mod.rs"]
mod golden;

pub mod changes;
pub mod clusters;
pub mod drivers;
pub mod forecast;
pub mod interruption;
pub mod links;
pub mod pooling;
pub mod random;
pub mod season;
pub mod sentences;
pub mod signals;
pub mod targets;
pub mod watermelon;

pub use better::Better;
pub use points::POINTS_MAX;
