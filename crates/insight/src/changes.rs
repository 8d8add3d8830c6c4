//! When something changed: shifts of level in a whole series, the one largest of them, and whether one is under way.
//!
//! These look at the level alone. A series with a trend or a season is decomposed first (see [`crate::season`]).

mod largest;
mod leaving;
mod online;
mod shifts;

pub use largest::{LargestBreak, largest_break};
pub use leaving::{Leaving, leaving};
pub use online::{UnderWay, under_way};
pub use shifts::{SEGMENT_MIN, Shift, shifts};

use std::fmt;

use crate::points::{self, POINTS_MAX, Present, Unreadable};

/// Why no change can be looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoChange {
    /// Fewer points than the method needs.
    TooFewPoints {
        /// How many there are.
        have: usize,
        /// How many it needs.
        need: usize,
    },
    /// More points than are read.
    TooManyPoints {
        /// How many there are.
        have: usize,
    },
    /// A value is not a finite number.
    NotFinite {
        /// Its place.
        index: usize,
    },
    /// Half of the steps from point to point, or all points to begin with, are the same: there is no noise to measure a
    /// change against.
    NoVariation,
}

impl fmt::Display for NoChange {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NoChange::TooFewPoints { have, need } => {
                write!(formatter, "too few points: {have} of {need}")
            }
            NoChange::TooManyPoints { have } => write!(
                formatter,
                "too many points: {have}; at most {POINTS_MAX} are read"
            ),
            NoChange::NotFinite { index } => {
                write!(formatter, "the value at place {index} is not a number")
            }
            NoChange::NoVariation => write!(formatter, "the values hardly vary"),
        }
    }
}

impl std::error::Error for NoChange {}

/// The points that are there, if they are enough.
fn enough(values: &[Option<f64>], need: usize) -> Result<Vec<Present>, NoChange> {
    let points = points::present(values).map_err(|unreadable| match unreadable {
        Unreadable::TooMany { have } => NoChange::TooManyPoints { have },
        Unreadable::NotFinite { index } => NoChange::NotFinite { index },
    })?;
    if points.len() < need {
        let have = points.len();
        return Err(NoChange::TooFewPoints { have, need });
    }
    Ok(points)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::golden::{assert_near, column, reference};

    fn nile() -> Vec<Option<f64>> {
        column("data/nile.csv", "value")
    }

    #[test]
    fn the_nile_shifted_once_in_1899() {
        let found = shifts(&nile()).unwrap();
        let expected = reference("signals.json")["nile_pelt"]["bkps"][0].as_u64();
        assert_eq!(found.len(), 1);
        assert_eq!(Some(found[0].index as u64), expected);
        assert_near(found[0].before, 1097.75, 1e-9);
        assert_near(found[0].after, 849.972_222_222_222_2, 1e-9);
    }

    #[test]
    fn its_largest_break_is_that_of_strucchange() {
        let found = largest_break(&nile()).unwrap();
        let expected = &reference("signals.json")["nile_one_break"];
        assert_eq!(Some(found.index as u64), expected["k"].as_u64());
        assert_near(found.f, expected["supF"].as_f64().unwrap(), 1e-6);
    }

    #[test]
    fn run_lengths_at_its_end_are_those_of_the_reference() {
        let found = under_way(&nile()).unwrap();
        let expected = &reference("signals.json")["nile_bocpd"];
        assert_eq!(
            1871 + found.start as u64,
            expected["implied_first_year_of_regime"].as_u64().unwrap()
        );
        let top = &expected["p_runlength_end_top3"];
        for length in [72, 73, 74] {
            let expected = top[length.to_string()].as_f64().unwrap();
            assert_near(found.of_run_length(length), expected, 1e-9);
        }
        assert_eq!(found.start, 28);
        assert!(found.within_last(10) < 0.05);
    }

    #[test]
    fn a_change_that_has_just_begun_is_seen() {
        let values: Vec<Option<f64>> = nile()[..33].to_vec();
        assert!(under_way(&values).unwrap().within_last(8) > 0.5);
    }

    #[test]
    fn what_does_not_vary_is_refused() {
        assert_eq!(shifts(&[Some(2.0); 20]), Err(NoChange::NoVariation));
        assert_eq!(under_way(&[Some(2.0); 20]), Err(NoChange::NoVariation));
        assert_eq!(largest_break(&[Some(2.0); 20]), Err(NoChange::NoVariation));
        let need = 2 * SEGMENT_MIN;
        assert_eq!(
            shifts(&[Some(2.0), None]),
            Err(NoChange::TooFewPoints { have: 1, need })
        );
    }
}
