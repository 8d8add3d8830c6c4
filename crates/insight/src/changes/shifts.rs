//! All shifts of level in a series: PELT (Killick, Fearnhead and Eckley 2012) with squared error.
//!
//! Values are divided by the noise, sigma = median |step| / (0.6745 sqrt 2), which a few shifts hardly move; a shift must
//! save more than 3 ln n of squared error, and a level lasts at least [`SEGMENT_MIN`] points.

use super::{NoChange, enough};
use crate::numbers::{Prefix, median};
use crate::points::Present;

/// A level lasts at least so many points.
pub const SEGMENT_MIN: usize = 4;
/// The penalty of a shift is so many ln n.
const PENALTY: f64 = 3.0;
/// The median of |N(0, 1)|.
const NORMAL_MEDIAN: f64 = 0.6745;

/// A shift of level.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shift {
    /// The place of the first point of the new level, missing points counted.
    pub index: usize,
    /// The mean of the level before, in the units of the series.
    pub before: f64,
    /// The mean of the new level.
    pub after: f64,
}

/// The shifts of a series, oldest first.
pub fn shifts(values: &[Option<f64>]) -> Result<Vec<Shift>, NoChange> {
    let points = enough(values, 2 * SEGMENT_MIN)?;
    let sigma = noise(&points)?;
    let scaled: Vec<f64> = points.iter().map(|point| point.value / sigma).collect();
    let starts = starts(&Prefix::of(&scaled), PENALTY * (scaled.len() as f64).ln());
    let levels: Vec<f64> = starts
        .iter()
        .zip(starts.iter().skip(1).chain([&points.len()]))
        .map(|(start, end)| {
            let level = &points[*start..*end];
            level.iter().map(|point| point.value).sum::<f64>() / level.len() as f64
        })
        .collect();
    Ok(starts
        .iter()
        .zip(levels.windows(2))
        .map(|(_, pair)| pair)
        .zip(starts.iter().skip(1))
        .map(|(pair, start)| Shift {
            index: points[*start].index,
            before: pair[0],
            after: pair[1],
        })
        .collect())
}

fn noise(points: &[Present]) -> Result<f64, NoChange> {
    let steps = points
        .windows(2)
        .map(|pair| (pair[1].value - pair[0].value).abs());
    let sigma = median(steps.collect()) / (NORMAL_MEDIAN * 2.0_f64.sqrt());
    if sigma > 0.0 {
        Ok(sigma)
    } else {
        Err(NoChange::NoVariation)
    }
}

/// Where levels begin, 0 first: the split with the least cost, by dynamic programming. A beginning that can never be best
/// again is dropped, which makes the time nearly linear.
fn starts(prefix: &Prefix, penalty: f64) -> Vec<usize> {
    let length = prefix.len();
    let mut best = vec![f64::INFINITY; length + 1];
    let mut last_start = vec![0; length + 1];
    best[0] = -penalty;
    let mut candidates: Vec<usize> = Vec::new();
    for end in SEGMENT_MIN..=length {
        candidates.push(end - SEGMENT_MIN);
        let costs: Vec<f64> = candidates
            .iter()
            .map(|start| best[*start] + prefix.squared_error(*start, end))
            .collect();
        for (start, cost) in candidates.iter().zip(&costs) {
            if cost + penalty < best[end] {
                best[end] = cost + penalty;
                last_start[end] = *start;
            }
        }
        let bound = best[end];
        let mut costs = costs.iter();
        candidates.retain(|_| costs.next().is_some_and(|cost| *cost <= bound));
    }
    let mut starts = Vec::new();
    let mut end = length;
    while end > 0 {
        end = last_start[end];
        starts.push(end);
    }
    starts.reverse();
    starts
}
