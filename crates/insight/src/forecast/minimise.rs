//! The least value of a function of a few numbers, without derivatives: the simplex of Nelder and Mead (1965), with the
//! coefficients of Gao and Han (2012), which keep it moving in many dimensions.

/// When to end.
#[derive(Clone, Copy)]
pub(super) struct Budget {
    /// The most evaluations.
    pub(super) evaluations: usize,
    /// End when the values at the corners differ by less.
    pub(super) tolerance: f64,
}

/// Where `function` is least, as far as found, and its value there. `steps` says how far to look from `start` at first; a
/// step of 0 keeps a number as it is only at first.
pub(super) fn minimise(
    mut function: impl FnMut(&[f64]) -> f64,
    start: &[f64],
    steps: &[f64],
    budget: Budget,
) -> (Vec<f64>, f64) {
    let size = start.len();
    let mut evaluated = 0;
    let mut value = |point: &[f64]| {
        evaluated += 1;
        let value = function(point);
        (
            if value.is_nan() { f64::INFINITY } else { value },
            evaluated,
        )
    };
    let mut corners: Vec<(f64, Vec<f64>)> = vec![(value(start).0, start.to_vec())];
    for (at, step) in steps.iter().enumerate() {
        let mut corner = start.to_vec();
        corner[at] += step;
        corners.push((value(&corner).0, corner));
    }
    let many = size.max(2) as f64;
    let (expand, contract, shrink) = (1.0 + 2.0 / many, 0.75 - 0.5 / many, 1.0 - 1.0 / many);
    let mut done = size + 1;
    while done < budget.evaluations {
        corners.sort_by(|one, other| one.0.total_cmp(&other.0));
        let (best, second_worst, worst) = (corners[0].0, corners[size - 1].0, corners[size].0);
        if worst - best < budget.tolerance {
            break;
        }
        let centre: Vec<f64> = (0..size)
            .map(|at| {
                corners[..size]
                    .iter()
                    .map(|corner| corner.1[at])
                    .sum::<f64>()
                    / size as f64
            })
            .collect();
        let from_centre = |factor: f64| -> Vec<f64> {
            let pairs = centre.iter().zip(&corners[size].1);
            pairs
                .map(|(centre, worst)| centre + factor * (centre - worst))
                .collect()
        };
        let reflected = from_centre(1.0);
        let at_reflected = value(&reflected).0;
        let (next, at_next) = if at_reflected < best {
            let expanded = from_centre(expand);
            let at_expanded = value(&expanded).0;
            if at_expanded < at_reflected {
                (expanded, at_expanded)
            } else {
                (reflected, at_reflected)
            }
        } else if at_reflected < second_worst {
            (reflected, at_reflected)
        } else {
            let factor = if at_reflected < worst {
                contract
            } else {
                -contract
            };
            let contracted = from_centre(factor);
            let (at_contracted, count) = value(&contracted);
            done = count;
            (contracted, at_contracted)
        };
        if at_next < worst.min(at_reflected.max(second_worst)) || at_next < worst {
            corners[size] = (at_next, next);
            done += 1;
        } else {
            let to = corners[0].1.clone();
            for corner in &mut corners[1..] {
                for (cell, to) in corner.1.iter_mut().zip(&to) {
                    *cell = to + shrink * (*cell - to);
                }
                (corner.0, done) = value(&corner.1);
            }
        }
    }
    corners.sort_by(|one, other| one.0.total_cmp(&other.0));
    let (value, point) = corners.swap_remove(0);
    (point, value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::golden::assert_near;

    #[test]
    fn the_valley_of_rosenbrock() {
        let valley = |at: &[f64]| (1.0 - at[0]).powi(2) + 100.0 * (at[1] - at[0] * at[0]).powi(2);
        let budget = Budget {
            evaluations: 2_000,
            tolerance: 1e-14,
        };
        let (point, _) = minimise(valley, &[-1.2, 1.0], &[0.1, 0.1], budget);
        assert_near(point[0], 1.0, 1e-5);
        assert_near(point[1], 1.0, 1e-5);
    }
}
