//! What is expected of the next value of an ARMA process after those before, exactly.
//!
//! How uncertain a state is changes, for a process that goes on as ever, by a matrix of rank one from value to value (Morf, Sidhu
//! and Kailath 1974, Pearlman 1980); following that one vector gives what the Kalman filter gives in Harvey's form, by as many
//! steps as there are states in place of their square.

use super::arima::{AR_MAX, Coefficients, STATES_MAX};

/// A cell more than states, which stays 0, so that there is always a next one.
type Vector = [f64; STATES_MAX + 1];

/// The filter: what is expected of the differences, and how uncertain that is, in units of the spread of chance.
pub(super) struct Filter {
    ar: [f64; AR_MAX],
    states: usize,
    state: Vector,
    /// How the next state goes with the next value.
    gain: Vector,
    /// The variance of the next value.
    variance: f64,
    /// What the next state's variance is less than this one's: `factor` times `change` times itself transposed.
    change: Vector,
    factor: f64,
    is_settled: bool,
}

/// A variance that is this near to that of chance alone has settled.
const SETTLED: f64 = 1e-10;

impl Filter {
    /// The filter of a model, before the first value.
    pub(super) fn of(coefficients: &Coefficients) -> Filter {
        let states = coefficients.states();
        let ar = coefficients.ar;
        let with_first = with_first(coefficients, states);
        let mut gain = next(&with_first, &ar);
        gain[states] = 0.0;
        Filter {
            ar,
            states,
            state: [0.0; STATES_MAX + 1],
            gain,
            variance: with_first[0],
            change: gain,
            factor: -1.0 / with_first[0],
            is_settled: false,
        }
    }

    /// What is expected of the next value.
    pub(super) fn expected(&self) -> f64 {
        self.state[0]
    }

    /// Takes a value in; gives by how much it was missed and with what variance.
    pub(super) fn observe(&mut self, value: f64) -> (f64, f64) {
        let (miss, variance) = (value - self.state[0], self.variance);
        self.advance(miss / variance);
        if !self.is_settled {
            self.settle();
        }
        (miss, variance)
    }

    /// Goes on to the next value without one: as if it were as expected.
    pub(super) fn skip(&mut self) {
        self.advance(0.0);
    }

    fn advance(&mut self, miss: f64) {
        let first = self.state[0];
        for at in 0..self.states {
            self.state[at] = self.state[at + 1] + self.gain[at] * miss;
        }
        for (state, ar) in self.state.iter_mut().zip(&self.ar) {
            *state += ar * first;
        }
    }

    /// How uncertain the value after the next is.
    fn settle(&mut self) {
        let first = self.change[0];
        let variance = self.variance + self.factor * first * first;
        let (moved, part) = (self.factor * first, first / variance);
        // The change of the next state, where own past goes in.
        let mut head = [0.0; AR_MAX];
        for (at, cell) in head.iter_mut().enumerate() {
            *cell = self.change[at + 1] + self.ar[at] * first;
        }
        for at in 0..self.states {
            let next = self.change[at + 1];
            self.gain[at] += moved * next;
            self.change[at] = next - self.gain[at] * part;
        }
        for (at, cell) in head.iter().enumerate().take(self.states) {
            self.gain[at] += moved * self.ar[at] * first;
            self.change[at] = cell - self.gain[at] * part;
        }
        self.factor += moved * moved / self.variance;
        self.is_settled = (variance - 1.0).abs() < SETTLED && (self.variance - 1.0).abs() < SETTLED;
        self.variance = variance;
    }
}

/// The state after this one, without chance.
fn next(state: &Vector, ar: &[f64; AR_MAX]) -> Vector {
    let mut next = [0.0; STATES_MAX + 1];
    next[..STATES_MAX].copy_from_slice(&state[1..]);
    for (cell, ar) in next.iter_mut().zip(ar) {
        *cell += ar * state[0];
    }
    next
}

/// How each part of the state before the first value goes with that value.
fn with_first(coefficients: &Coefficients, states: usize) -> Vector {
    let [one, two] = coefficients.ar;
    // What a chance brings to its own and each later value.
    let mut brought: Vector = [0.0; STATES_MAX + 1];
    for at in 0..states {
        let before = |lag: usize| at.checked_sub(lag).map_or(0.0, |at| brought[at]);
        brought[at] = coefficients.impulse(at) + one * before(1) + two * before(2);
    }
    // What chances bring to two values so far apart, by which own past is left to add.
    let chances = |from: usize| -> f64 {
        (from..states)
            .map(|at| coefficients.impulse(at) * brought[at - from])
            .sum()
    };
    // The covariances of values by Yule and Walker, solved for two lags of own past.
    let (same, next, after) = (chances(0), chances(1), chances(2));
    let variance = (same + two * after + one * (1.0 + two) * next / (1.0 - two))
        / (1.0 - two * two - one * one * (1.0 + two) / (1.0 - two));
    let with_next = (one * variance + next) / (1.0 - two);
    let with_after = one * with_next + two * variance + after;
    let mut parts: Vector = [0.0; STATES_MAX + 1];
    for (at, part) in parts.iter_mut().enumerate().take(states) {
        let own = match at {
            0 => one * with_next + two * with_after,
            1 => two * with_next,
            _ => 0.0,
        };
        *part = own + chances(at);
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::golden::assert_near;
    use crate::random::Random;

    /// The misses and variances of values whose covariances are known, by elimination: the long way.
    fn eliminated(covariance: impl Fn(usize) -> f64, values: &[f64]) -> Vec<(f64, f64)> {
        let count = values.len();
        let mut matrix: Vec<Vec<f64>> = (0..count)
            .map(|row| {
                (0..count)
                    .map(|column| covariance(row.abs_diff(column)))
                    .collect()
            })
            .collect();
        let mut left = values.to_vec();
        for step in 0..count {
            let pivot = matrix[step].clone();
            for row in step + 1..count {
                let factor = matrix[row][step] / pivot[step];
                for (cell, of_pivot) in matrix[row].iter_mut().zip(&pivot) {
                    *cell -= factor * of_pivot;
                }
                left[row] -= factor * left[step];
            }
        }
        (0..count).map(|at| (left[at], matrix[at][at])).collect()
    }

    /// The covariance of values so far apart, summed over very many chances.
    fn covariance(coefficients: &Coefficients, lag: usize) -> f64 {
        let mut brought: Vec<f64> = Vec::new();
        for at in 0..2_000_usize {
            let own = coefficients.ar.iter().enumerate();
            let own = own.filter_map(|(place, ar)| Some(ar * brought[at.checked_sub(place + 1)?]));
            let next = coefficients.impulse(at) + own.sum::<f64>();
            brought.push(next);
        }
        let pairs = brought.iter().zip(&brought[lag..]);
        pairs.map(|(one, other)| one * other).sum()
    }

    #[test]
    fn misses_are_those_of_elimination() {
        let mut random = Random::of_seed(9);
        let values: Vec<f64> = (0..40).map(|_| random.normal()).collect();
        let models: [(&[f64], &[f64], &[f64]); 6] = [
            (&[], &[0.5], &[-0.7]),
            (&[0.6], &[], &[-0.5]),
            (&[0.5, -0.3], &[], &[]),
            (&[0.4, 0.3], &[-0.8, 0.1], &[0.6]),
            (&[-0.9], &[0.4], &[]),
            (&[], &[-1.0], &[]),
        ];
        for (ar, ma, seasonal) in models {
            let model = Coefficients::multiplied(ar, ma, seasonal, 12);
            let covariances: Vec<f64> = (0..40).map(|lag| covariance(&model, lag)).collect();
            let mut filter = Filter::of(&model);
            let expected = eliminated(|lag| covariances[lag], &values);
            for (value, (miss, variance)) in values.iter().zip(expected) {
                let found = filter.observe(*value);
                assert_near(found.0, miss, 1e-8);
                assert_near(found.1, variance, 1e-8);
            }
        }
    }
}
