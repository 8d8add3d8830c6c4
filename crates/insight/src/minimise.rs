//! The least value of a smooth function of a few numbers: steps down its slope, which learn its curvature on the way (Broyden,
//! Fletcher, Goldfarb and Shanno; Nocedal and Wright 2006, chapter 6).

use crate::linear::dot;

/// When to end.
#[derive(Clone, Copy)]
pub(crate) struct Budget {
    /// The most steps.
    pub(crate) steps: usize,
    /// End when a step promises less, or two steps in a row brought less.
    pub(crate) tolerance: f64,
}

/// A smooth function of a few numbers.
pub(crate) trait Function {
    /// The value at a point; infinite where there is none.
    fn value(&mut self, at: &[f64]) -> f64;

    /// How fast the value grows with each number, at the point whose value was asked for last. `value` is it.
    fn slope(&mut self, at: &[f64], value: f64, into: &mut [f64]);
}

/// A function whose slope is found by small steps along each number.
pub(crate) struct BySteps<F>(pub(crate) F);

/// The small step, near which the error of rounding is that of curvature.
const SMALL: f64 = 3e-8;

impl<F: FnMut(&[f64]) -> f64> Function for BySteps<F> {
    fn value(&mut self, at: &[f64]) -> f64 {
        (self.0)(at)
    }

    fn slope(&mut self, at: &[f64], value: f64, into: &mut [f64]) {
        let mut near = at.to_vec();
        for (place, slope) in into.iter_mut().enumerate() {
            near[place] += SMALL;
            *slope = ((self.0)(&near) - value) / SMALL;
            near[place] = at[place];
        }
    }
}

/// The first step goes so far at most, every other one so far.
const FIRST_REACH: f64 = 0.3;
const REACH: f64 = 2.0;
/// A step is taken if it brings at least this part of what the slope promises.
const ENOUGH: f64 = 1e-4;
/// How often a step is shortened before the search ends.
const SHORTENED_MAX: usize = 12;

/// Where `function` is least near `start`, as far as found, and its value there.
pub(crate) fn minimise(
    function: &mut impl Function,
    start: &[f64],
    budget: Budget,
) -> (Vec<f64>, f64) {
    let mut search = Search::of(function, start);
    let mut small_steps = 0;
    for step in 0..budget.steps {
        let promised = search.look(step == 0);
        if !search.value.is_finite() || promised.is_nan() || promised < budget.tolerance {
            break;
        }
        let Some(brought) = search.walk(function, promised) else {
            break;
        };
        small_steps = if brought < budget.tolerance {
            small_steps + 1
        } else {
            0
        };
        if small_steps == 2 {
            break;
        }
        search.learn();
    }
    (search.point, search.value)
}

/// Where a search stands.
struct Search {
    point: Vec<f64>,
    value: f64,
    slope: Vec<f64>,
    /// The inverse of the curvature, row by row.
    inverse: Vec<f64>,
    is_learned: bool,
    direction: Vec<f64>,
    next: Vec<f64>,
    next_slope: Vec<f64>,
    spare: Vec<f64>,
}

impl Search {
    fn of(function: &mut impl Function, start: &[f64]) -> Search {
        let size = start.len();
        let mut slope = vec![0.0; size];
        let value = function.value(start);
        function.slope(start, value, &mut slope);
        let mut inverse = vec![0.0; size * size];
        inverse
            .iter_mut()
            .step_by(size + 1)
            .for_each(|cell| *cell = 1.0);
        Search {
            point: start.to_vec(),
            value,
            slope,
            inverse,
            is_learned: false,
            direction: vec![0.0; size],
            next: vec![0.0; size],
            next_slope: vec![0.0; size],
            spare: vec![0.0; size],
        }
    }

    /// Chooses the direction of the next step, and says how much less the value is to be after it.
    fn look(&mut self, is_first: bool) -> f64 {
        let rows = self.inverse.chunks_exact(self.point.len());
        for (cell, row) in self.direction.iter_mut().zip(rows) {
            *cell = -dot(row, &self.slope);
        }
        let far = self
            .direction
            .iter()
            .fold(0.0_f64, |far, cell| far.max(cell.abs()));
        let reach = if is_first { FIRST_REACH } else { REACH };
        if far > reach {
            self.direction
                .iter_mut()
                .for_each(|cell| *cell *= reach / far);
        }
        -dot(&self.direction, &self.slope)
    }

    /// Takes the step, shortened until it goes down; gives how much less the value is, or `None` where it nowhere does.
    fn walk(&mut self, function: &mut impl Function, promised: f64) -> Option<f64> {
        let mut length = 1.0;
        for _ in 0..SHORTENED_MAX {
            let pairs = self.point.iter().zip(&self.direction);
            for (next, (from, step)) in self.next.iter_mut().zip(pairs) {
                *next = from + length * step;
            }
            let value = function.value(&self.next);
            let brought = self.value - value;
            if brought >= ENOUGH * length * promised {
                function.slope(&self.next, value, &mut self.next_slope);
                self.value = value;
                return Some(brought);
            }
            // Where a parabola through what is known is least.
            let lowest = 0.5 * length * promised / (promised - brought / length);
            length = if value.is_finite() {
                lowest.clamp(0.1 * length, 0.5 * length)
            } else {
                0.2 * length
            };
        }
        None
    }

    /// Moves to the next point and learns of the curvature on the way.
    fn learn(&mut self) {
        let size = self.point.len();
        for at in 0..size {
            // From here on `direction` is the step and `slope` what the slope changed by.
            self.direction[at] = self.next[at] - self.point[at];
            self.slope[at] = self.next_slope[at] - self.slope[at];
        }
        let (step, change) = (&self.direction, &self.slope);
        let (bend, square) = (dot(step, change), dot(change, change));
        if bend > 1e-10 * square.sqrt() * dot(step, step).sqrt() {
            if !self.is_learned {
                let scale = bend / square;
                self.inverse.iter_mut().for_each(|cell| *cell *= scale);
                self.is_learned = true;
            }
            for (cell, row) in self.spare.iter_mut().zip(self.inverse.chunks_exact(size)) {
                *cell = dot(row, change);
            }
            let factor = (1.0 + dot(change, &self.spare) / bend) / bend;
            for (row, cells) in self.inverse.chunks_exact_mut(size).enumerate() {
                let (of_step, of_spare) = (
                    step[row] * factor - self.spare[row] / bend,
                    step[row] / bend,
                );
                for (column, cell) in cells.iter_mut().enumerate() {
                    *cell += of_step * step[column] - of_spare * self.spare[column];
                }
            }
        }
        std::mem::swap(&mut self.point, &mut self.next);
        std::mem::swap(&mut self.slope, &mut self.next_slope);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::golden::assert_near;

    #[test]
    fn the_valley_of_rosenbrock() {
        let valley = |at: &[f64]| (1.0 - at[0]).powi(2) + 100.0 * (at[1] - at[0] * at[0]).powi(2);
        let budget = Budget {
            steps: 200,
            tolerance: 1e-14,
        };
        let (point, _) = minimise(&mut BySteps(valley), &[-1.2, 1.0], budget);
        assert_near(point[0], 1.0, 1e-4);
        assert_near(point[1], 1.0, 1e-4);
    }

    #[test]
    fn where_there_is_no_value_the_search_does_not_go() {
        let wall = |at: &[f64]| {
            if at[0] > 0.1 {
                at[0].ln().powi(2)
            } else {
                f64::INFINITY
            }
        };
        let budget = Budget {
            steps: 50,
            tolerance: 1e-12,
        };
        let (point, _) = minimise(&mut BySteps(wall), &[3.0], budget);
        assert_near(point[0], 1.0, 1e-4);
    }
}
