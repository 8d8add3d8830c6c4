//! Does a link hold? The link states direction, lag and strength first; then the data speak.
//!
//! A panel of units and periods: in the periods in which a unit did more than it usually does, and more than others did at
//! the same time, was its outcome different after the claimed lag? Two-way fixed effects, no lagged outcome; the method and
//! its figures are those of the design of this room.

mod belief;
mod checks;
mod direction;
mod estimate;
mod few_units;
mod grade;
#[cfg(test)]
mod grunfeld;
mod panel;
#[cfg(test)]
mod planted;
mod projections;
mod sensitivity;
mod slope;
mod wild;

pub use belief::{Posterior, Strength};
pub use checks::{Checks, Doubt, LagEffect, checks};
pub use direction::{Foretells, foretells};
pub use estimate::{
    CONTROLS_MAX, Claim, Direction, Enough, LAG_MAX, LinkData, LinkEstimate, USEFUL, estimate,
};
pub use few_units::{OfFewUnits, of_few_units};
pub use grade::{Design, Grade, Graded, Lacking, grades};
pub use panel::{PERIODS_MAX, Panel, UNITS_MAX};
pub use projections::{HORIZON_MAX, Projection, cumulative, projections};
pub use sensitivity::{e_value, e_value_of_effect, robustness};

use std::fmt;

use crate::clusters::NoClusterError;

/// Why a link has no estimate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoEvidence {
    /// The measures do not have the same units and periods, or more than are read.
    Shape,
    /// A value is not a finite number.
    NotFinite,
    /// The claim has a lag or a smallest useful effect that makes no sense.
    Claim,
    /// Driver or outcome does not vary within units and periods.
    NoVariation,
    /// Too few pairs of driver and outcome.
    TooFewRows {
        /// How many there are.
        have: usize,
    },
    /// The driver explains the outcome without any rest: one is computed from the other.
    Exact,
    /// There is no error for few units.
    OfFewUnits(NoClusterError),
}

impl fmt::Display for NoEvidence {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NoEvidence::Shape => write!(
                formatter,
                "the measures must have the same units and periods, at most {UNITS_MAX} and {PERIODS_MAX}"
            ),
            NoEvidence::NotFinite => write!(formatter, "a value is not a number"),
            NoEvidence::Claim => write!(
                formatter,
                "a lag is at most {LAG_MAX} periods, strength and useful effect are above 0"
            ),
            NoEvidence::NoVariation => write!(
                formatter,
                "one of the measures does not vary within units and periods"
            ),
            NoEvidence::TooFewRows { have } => {
                write!(formatter, "too few pairs of driver and outcome: {have}")
            }
            NoEvidence::Exact => write!(formatter, "one measure is computed from the other"),
            NoEvidence::OfFewUnits(why) => why.fmt(formatter),
        }
    }
}

impl std::error::Error for NoEvidence {}
