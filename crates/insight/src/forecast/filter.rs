//! The Kalman filter of an ARMA model: what is expected of the next value after those before, exactly.

use super::arima::Coefficients;

/// The filter: what is expected of the differences, and how uncertain that is, in units of the spread of chance.
pub(super) struct Filter {
    ar: Vec<f64>,
    impulse: Vec<f64>,
    state: Vec<f64>,
    /// Row by row, see [`Filter::predict_variance`].
    variance: Vec<f64>,
    spare: Vec<f64>,
    is_settled: bool,
}

/// Rounds until what is known before the first value has settled; near unit roots it does not matter that it has not.
const ROUNDS_MAX: usize = 60;
/// A variance that changes by less than this part has settled.
const SETTLED: f64 = 1e-10;

impl Filter {
    /// The filter of a model, before the first value.
    pub(super) fn of(coefficients: &Coefficients) -> Filter {
        let states = coefficients.states();
        let mut ar = coefficients.ar.clone();
        ar.resize(states, 0.0);
        let mut impulse = vec![1.0];
        impulse.extend(&coefficients.ma);
        impulse.resize(states, 0.0);
        let mut filter = Filter {
            ar,
            impulse,
            state: vec![0.0; states],
            variance: vec![0.0; (states + 1) * (states + 1)],
            spare: vec![0.0; (states + 1) * (states + 1)],
            is_settled: false,
        };
        // A moving average has settled after as many steps as it has lags; other models when as many add nothing any more.
        for _ in 0..ROUNDS_MAX {
            let before = filter.variance[0];
            for _ in 0..states {
                filter.predict_variance();
            }
            if (filter.variance[0] - before).abs() <= SETTLED * before {
                break;
            }
        }
        filter
    }

    /// Rows and columns have one more cell, which stays 0, so that there is always a next one.
    fn predict_variance(&mut self) {
        let (states, width) = (self.ar.len(), self.ar.len() + 1);
        let first = self.variance[0];
        for row in 0..states {
            let (ar, impulse) = (self.ar[row], self.impulse[row]);
            let below = &self.variance[(row + 1) * width..(row + 2) * width];
            let top = &self.variance[..width];
            let into = &mut self.spare[row * width..(row + 1) * width];
            for column in 0..states {
                into[column] = below[column + 1]
                    + impulse * self.impulse[column]
                    + ar * (self.ar[column] * first + top[column + 1])
                    + self.ar[column] * below[0];
            }
        }
        std::mem::swap(&mut self.variance, &mut self.spare);
    }

    /// What is expected of the next value.
    pub(super) fn expected(&self) -> f64 {
        self.state[0]
    }

    /// Expects the next state.
    pub(super) fn predict(&mut self) {
        let first = self.state[0];
        let states = self.state.len();
        for at in 0..states {
            let next = if at + 1 < states {
                self.state[at + 1]
            } else {
                0.0
            };
            self.state[at] = self.ar[at] * first + next;
        }
    }

    /// Takes a value in; gives by how much it was missed and with what variance.
    pub(super) fn observe(&mut self, value: f64) -> (f64, f64) {
        let states = self.state.len();
        let miss = value - self.state[0];
        let of_next = self.variance[0];
        if self.is_settled {
            // Nothing is uncertain any more but the newest chance.
            for (state, impulse) in self.state.iter_mut().zip(&self.impulse) {
                *state += impulse * miss;
            }
            self.predict();
            return (miss, 1.0);
        }
        let width = states + 1;
        let gains: Vec<f64> = (0..states)
            .map(|at| self.variance[at * width] / of_next)
            .collect();
        for (state, gain) in self.state.iter_mut().zip(&gains) {
            *state += gain * miss;
        }
        for row in 0..states {
            let from = &self.variance[row * width..(row + 1) * width];
            let into = &mut self.spare[row * width..(row + 1) * width];
            let known = gains[row] * of_next;
            for column in 0..states {
                into[column] = from[column] - known * gains[column];
            }
        }
        std::mem::swap(&mut self.variance, &mut self.spare);
        self.predict_variance();
        self.is_settled =
            (self.variance[0] - 1.0).abs() < SETTLED && (of_next - 1.0).abs() < SETTLED;
        self.predict();
        (miss, of_next)
    }
}
