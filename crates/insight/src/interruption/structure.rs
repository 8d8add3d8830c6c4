//! A series as a level that wanders, a season that may wander, chance, and what known columns bring (Harvey 1989; Durbin and
//! Koopman 2012, chapter 3), its likelihood by the Kalman filter.
//!
//! Nothing is believed of where level and season begin: each time of a cycle has a column of its own, one in its first cycle and
//! in all others, and the filter starts from zero. It takes the same from the series as from each column; what is left are
//! independent rows, and the rest is least squares.

use crate::linear::{dot, squares_left};
use crate::minimise::{Budget, BySteps, minimise};

/// How far level and season move from one point to the next: variances, of which that of chance is 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Structure {
    /// The length of the season's cycle; 1 without.
    pub(super) period: usize,
    pub(super) level: f64,
    pub(super) season: f64,
}

/// A series and what is known beside it, all over the same places; the filter passes over places without a value.
#[derive(Clone, Debug)]
pub(super) struct Columns {
    pub(super) values: Vec<Option<f64>>,
    pub(super) known: Vec<Vec<f64>>,
}

/// What a column brings, given those before it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Brought {
    pub(super) effect: f64,
    pub(super) standard_error: f64,
    /// The rows that are left when each column took one.
    pub(super) freedom: f64,
}

/// The logarithms of variances that are tried: below the first nothing moves, above the last there is nothing else.
const LEAST: f64 = -24.0;
const GREATEST: f64 = 12.0;
/// Where the search starts: level and season that move little, and a level that moves much.
const STARTS: [[f64; 2]; 2] = [[-3.0, -8.0], [0.0, -8.0]];
/// A structure is nearly as likely whose likelihood is within what holds the true one in 95 of 100 cases: half of chi squared.
const NEARLY: f64 = 1.92;
/// The logarithm of the variance of the most restless level that is tried, and how often the way there is halved.
const RESTLESS_MOST: f64 = 4.0;
const HALVINGS: usize = 10;
/// Less than this part of its squares is left of a series of which columns tell all.
const ROUNDING: f64 = 1e-22;
const BUDGET: Budget = Budget {
    steps: 40,
    tolerance: 1e-5,
};

impl Structure {
    /// The structure under which the series is most likely, or `None` where its columns tell all of it or depend on each other.
    pub(super) fn fitted(period: usize, columns: &Columns) -> Option<Structure> {
        let of = |free: &[f64]| Structure {
            period,
            level: free[0].exp(),
            season: free.get(1).map_or(0.0, |free| free.exp()),
        };
        let unlikely = |free: &[f64]| {
            let is_tried = free.iter().all(|free| (LEAST..=GREATEST).contains(free));
            let likelihood = is_tried.then(|| of(free).likelihood(columns)).flatten();
            likelihood.map_or(f64::INFINITY, |likelihood| -likelihood)
        };
        let free = if period > 1 { 2 } else { 1 };
        STARTS
            .iter()
            .map(|start| minimise(&mut BySteps(unlikely), &start[..free], BUDGET))
            .filter(|(_, unlikely)| unlikely.is_finite())
            .min_by(|one, other| one.1.total_cmp(&other.1))
            .map(|(free, _)| of(&free))
    }

    /// The structure whose level moves most among those that are nearly as likely, with the season of this one or with one that
    /// stays: short series often seem to have a level that hardly moves, and are then too sure of every step.
    pub(super) fn restless(self, columns: &Columns) -> Option<Structure> {
        let least = self.likelihood(columns)? - NEARLY;
        let restless = [0.0, self.season].map(|season| {
            let of = |level: f64| Structure {
                level: level.exp(),
                season,
                ..self
            };
            let is_likely = |structure: Structure| {
                let likelihood = structure.likelihood(columns);
                likelihood.is_some_and(|likelihood| likelihood >= least)
            };
            let mut low = self.level.ln();
            let mut high = low.max(RESTLESS_MOST);
            for _ in 0..HALVINGS {
                let middle = f64::midpoint(low, high);
                if is_likely(of(middle)) {
                    low = middle;
                } else {
                    high = middle;
                }
            }
            of(low)
        });
        restless
            .into_iter()
            .max_by(|one, other| one.level.total_cmp(&other.level))
    }

    /// The logarithm of the likelihood of all values, given those of the first cycle.
    pub(super) fn likelihood(&self, columns: &Columns) -> Option<f64> {
        let (mut white, mut outcome, logarithms) = self.white(columns);
        let all = dot(&outcome, &outcome);
        squares_left(&mut white, &mut outcome)?;
        let begin = white[..self.period].iter();
        let of_begin: f64 = begin.map(|column| dot(column, column).ln()).sum();
        let count = (outcome.len() - self.period) as f64;
        let spread = dot(&outcome, &outcome) / count;
        (spread * count > ROUNDING * all).then(|| {
            -0.5 * (count * ((std::f64::consts::TAU * spread).ln() + 1.0) + logarithms + of_begin)
        })
    }

    /// What each of the last `count` columns brings when it stands beside the ones before these, and not beside the others.
    pub(super) fn each(&self, columns: &Columns, count: usize) -> Vec<Option<Brought>> {
        let (mut beside, outcome, _) = self.white(columns);
        let last = beside.split_off(beside.len() - count);
        last.into_iter()
            .map(|column| {
                let mut beside = beside.clone();
                beside.push(column);
                brought(beside, &outcome)
            })
            .collect()
    }

    /// The columns, those of the first cycle before them, and the series, as independent rows of one variance; and the logarithm
    /// of the product of the variances that they were divided by.
    fn white(&self, columns: &Columns) -> (Vec<Vec<f64>>, Vec<f64>, f64) {
        let places = columns.values.len();
        let begin = (0..self.period).map(|time| {
            let is_time = |place: usize| f64::from(u8::from(place % self.period == time));
            (0..places).map(is_time).collect::<Vec<f64>>()
        });
        let mut all: Vec<Vec<f64>> = begin.chain(columns.known.iter().cloned()).collect();
        all.push(
            columns
                .values
                .iter()
                .map(|value| value.unwrap_or(0.0))
                .collect(),
        );
        let mut filter = Filter::of(self, all.len());
        let mut white = vec![Vec::with_capacity(places); all.len()];
        let mut logarithms = 0.0;
        for (place, value) in columns.values.iter().enumerate() {
            if value.is_some() {
                let cells = all.iter().map(|column| column[place]);
                logarithms += filter.observe(cells, &mut white);
            }
            filter.advance(self);
        }
        let outcome = white.pop().unwrap_or_default();
        (white, outcome, logarithms)
    }
}

/// What the last column brings beside those before it.
fn brought(mut columns: Vec<Vec<f64>>, outcome: &[f64]) -> Option<Brought> {
    let mut left = outcome.to_vec();
    let squares = *squares_left(&mut columns, &mut left)?.last()?;
    let freedom = outcome.len().checked_sub(columns.len())? as f64;
    let column = columns.last()?;
    let of_column = dot(column, column);
    (freedom > 0.0 && squares > ROUNDING * dot(outcome, outcome)).then(|| Brought {
        effect: dot(column, outcome) / of_column,
        standard_error: (squares / freedom / of_column).sqrt(),
        freedom,
    })
}

/// The Kalman filter of several columns at once: how uncertain a state is depends on no value.
struct Filter {
    /// Of each column the level and the season, that of now and those before, newest first.
    states: Vec<Vec<f64>>,
    /// How uncertain a state is, row by row.
    covariance: Vec<Vec<f64>>,
}

impl Filter {
    fn of(structure: &Structure, columns: usize) -> Filter {
        Filter {
            states: vec![vec![0.0; structure.period]; columns],
            covariance: vec![vec![0.0; structure.period]; structure.period],
        }
    }

    /// Takes the cells of a row in; adds to each column by how much it was missed, in units of how much that was to be expected,
    /// of which the logarithm is given back, squared.
    fn observe(&mut self, cells: impl Iterator<Item = f64>, white: &mut [Vec<f64>]) -> f64 {
        let with: Vec<f64> = self.covariance.iter().map(|row| expected(row)).collect();
        let variance = expected(&with) + 1.0;
        for ((cell, state), white) in cells.zip(&mut self.states).zip(white) {
            let miss = cell - expected(state);
            white.push(miss / variance.sqrt());
            for (part, with) in state.iter_mut().zip(&with) {
                *part += with * miss / variance;
            }
        }
        for (row, of_row) in self.covariance.iter_mut().zip(&with) {
            for (cell, with) in row.iter_mut().zip(&with) {
                *cell -= of_row * with / variance;
            }
        }
        variance.ln()
    }

    /// Goes on to the next place.
    fn advance(&mut self, structure: &Structure) {
        self.states.iter_mut().for_each(|state| next(state));
        self.covariance.iter_mut().for_each(|row| next(row));
        if let [_, season @ ..] = &mut self.covariance[..]
            && !season.is_empty()
        {
            let sums =
                (0..structure.period).map(|at| -season.iter().map(|row| row[at]).sum::<f64>());
            let sums = sums.collect();
            season.rotate_right(1);
            season[0] = sums;
            season[0][1] += structure.season;
        }
        self.covariance[0][0] += structure.level;
    }
}

/// What a state leads to expect: level and season of now.
fn expected(state: &[f64]) -> f64 {
    state.iter().take(2).sum()
}

/// The state of the next place: the seasons of a whole cycle come to nothing.
fn next(state: &mut [f64]) {
    if let [_, season @ ..] = state
        && !season.is_empty()
    {
        let sum: f64 = season.iter().sum();
        season.rotate_right(1);
        season[0] = -sum;
    }
}
