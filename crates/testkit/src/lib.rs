//! What tests of several rooms share: builders and example organisations. Other crates use it in `[dev-dependencies]`
//! alone; something comes in here when a second room needs it.

pub mod certificates;
pub mod chance;
pub mod mail;
mod organisation;
pub mod postgres;

pub use organisation::{FIRST_YEAR, LAST_PERIOD, MEASURES_PER_UNIT, NOW, Organisation};
