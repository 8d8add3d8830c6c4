//! Why a number moved: the parts of a difference, between two periods or between actual and target.
//!
//! These are bridges: arithmetic that adds up, not causes. Before and after may be any two sides of a comparison. Where a total
//! shows nothing but routine variation, its parts are not looked through: noise has no reasons.

mod dimensions;
mod factors;
mod mix_rate;
mod money;
mod shapley;

pub use dimensions::{Attribution, Dimension, DimensionPart, Element, attribute};
pub use factors::{FactorEffects, factors};
pub use mix_rate::{MixRate, RatioPart, mix_rate};
pub use money::{Item, VolumeMixPrice, volume_mix_price};
pub use shapley::{DRIVERS_MAX, shapley};

use std::fmt;

/// The most parts of one difference.
pub const PARTS_MAX: usize = 20_000;

/// One number on both sides of a comparison.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Change {
    /// Before, or as planned.
    pub before: f64,
    /// After, or as it came.
    pub after: f64,
}

impl Change {
    /// How much was added.
    pub fn step(self) -> f64 {
        self.after - self.before
    }

    fn is_finite(self) -> bool {
        self.before.is_finite() && self.after.is_finite()
    }

    fn is_positive(self) -> bool {
        self.before > 0.0 && self.after > 0.0
    }
}

/// Why a difference is not taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoDrivers {
    /// There is nothing to take apart, or more than is read.
    Parts {
        /// How many parts there are.
        have: usize,
    },
    /// A number is not finite.
    NotFinite {
        /// The place of its part.
        part: usize,
    },
    /// A number must be above 0 and is not.
    NotPositive {
        /// The place of its part.
        part: usize,
    },
    /// The parts do not have the same factors.
    Shape,
    /// The total did not change.
    NoChange,
    /// The total varies as it always does: there is nothing to explain.
    Noise,
}

impl fmt::Display for NoDrivers {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NoDrivers::Parts { have } => {
                write!(
                    formatter,
                    "a difference has 1 to {PARTS_MAX} parts, not {have}"
                )
            }
            NoDrivers::NotFinite { part } => {
                write!(formatter, "a number of part {part} is not finite")
            }
            NoDrivers::NotPositive { part } => {
                write!(formatter, "a number of part {part} is not above 0")
            }
            NoDrivers::Shape => write!(formatter, "the parts do not have the same factors"),
            NoDrivers::NoChange => write!(formatter, "the total did not change"),
            NoDrivers::Noise => write!(
                formatter,
                "the total varies as it always does; there is nothing to explain"
            ),
        }
    }
}

impl std::error::Error for NoDrivers {}

/// Checks that there are parts and that their numbers are finite.
fn check(parts: usize, changes: impl Iterator<Item = (usize, Change)>) -> Result<(), NoDrivers> {
    if parts == 0 || parts > PARTS_MAX {
        return Err(NoDrivers::Parts { have: parts });
    }
    for (part, change) in changes {
        if !change.is_finite() {
            return Err(NoDrivers::NotFinite { part });
        }
    }
    Ok(())
}

#[cfg(test)]
mod examples {
    //! The three products of the reference.

    use super::{Change, Item};

    /// Quantities 100, 80, 50 at prices 10, 20, 40; then 120, 70, 55 at 9.5, 21, 41.
    pub(super) fn products() -> Vec<Item> {
        let item = |quantity: (f64, f64), price: (f64, f64)| Item {
            quantity: Change {
                before: quantity.0,
                after: quantity.1,
            },
            price: Change {
                before: price.0,
                after: price.1,
            },
        };
        vec![
            item((100.0, 120.0), (10.0, 9.5)),
            item((80.0, 70.0), (20.0, 21.0)),
            item((50.0, 55.0), (40.0, 41.0)),
        ]
    }

    /// Of each product total quantity, share in it, and price.
    pub(super) fn products_as_factors() -> Vec<Vec<Change>> {
        let total = Change {
            before: 230.0,
            after: 245.0,
        };
        products()
            .iter()
            .map(|item| {
                let share = Change {
                    before: item.quantity.before / total.before,
                    after: item.quantity.after / total.after,
                };
                vec![total, share, item.price]
            })
            .collect()
    }
}
