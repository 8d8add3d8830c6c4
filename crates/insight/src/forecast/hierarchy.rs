//! Forecasts of a whole and of its parts, brought together so that they add up.
//!
//! Each forecast moves as little as its usual error allows: MinT (Wickramasuriya, Athanasopoulos and Hyndman 2019), with the
//! covariance of errors drawn towards its diagonal (Schafer and Strimmer 2005), as R's `hts`.

use std::fmt;

use crate::linear::{Square, dot, inverse, times};

/// The most wholes and parts together.
pub const NODES_MAX: usize = 400;

/// What forecasts are weighted by.
#[derive(Clone, Copy, Debug)]
pub enum Weights<'a> {
    /// All alike.
    Alike,
    /// By the number of parts in each.
    Structure,
    /// By the covariance of errors.
    Covariance(&'a [Vec<f64>]),
    /// By errors of the past: one row for each period, in it one error for each whole and part, in order. At least three rows.
    Errors(&'a [Vec<f64>]),
}

/// Why forecasts are not brought together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoReconciliation {
    /// Lists do not fit each other, or there are more than [`NODES_MAX`] wholes and parts.
    Shape,
    /// A number is not finite.
    NotFinite,
    /// The weights tell nothing: errors are all alike or depend on each other.
    Weights,
}

impl fmt::Display for NoReconciliation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            NoReconciliation::Shape => "forecasts, parts and errors do not fit each other",
            NoReconciliation::NotFinite => "a number is not finite",
            NoReconciliation::Weights => "the errors do not vary",
        })
    }
}

impl std::error::Error for NoReconciliation {}

/// Brings forecasts together. `summing` has a row for each forecast and in it a number for each part: 1 where the part belongs
/// to it, 0 elsewhere; for the part itself 1 at its place.
pub fn reconcile(
    forecasts: &[f64],
    summing: &[Vec<f64>],
    weights: Weights<'_>,
) -> Result<Vec<f64>, NoReconciliation> {
    let parts = summing.first().map_or(0, Vec::len);
    let fits = forecasts.len() == summing.len() && summing.iter().all(|row| row.len() == parts);
    if !fits || parts == 0 || forecasts.len() > NODES_MAX {
        return Err(NoReconciliation::Shape);
    }
    let numbers = forecasts.iter().chain(summing.iter().flatten());
    if !numbers.into_iter().all(|number| number.is_finite()) {
        return Err(NoReconciliation::NotFinite);
    }
    let covariance = covariance(forecasts.len(), summing, weights)?;
    let precision = inverse(&covariance).ok_or(NoReconciliation::Weights)?;
    // The generalised least squares fit of the parts: (S' P S)^-1 S' P y.
    let weighted: Vec<Vec<f64>> = (0..parts)
        .map(|part| {
            let column: Vec<f64> = summing.iter().map(|row| row[part]).collect();
            times(&precision, &column)
        })
        .collect();
    let cross: Square = weighted
        .iter()
        .map(|of_part| {
            let product = |part: usize| -> f64 {
                let pairs = of_part.iter().zip(summing);
                pairs.map(|(weight, row)| weight * row[part]).sum()
            };
            (0..parts).map(product).collect()
        })
        .collect();
    let moments: Vec<f64> = weighted
        .iter()
        .map(|of_part| dot(of_part, forecasts))
        .collect();
    let fitted = times(&inverse(&cross).ok_or(NoReconciliation::Weights)?, &moments);
    Ok(summing.iter().map(|row| dot(row, &fitted)).collect())
}

fn covariance(
    nodes: usize,
    summing: &[Vec<f64>],
    weights: Weights<'_>,
) -> Result<Square, NoReconciliation> {
    let diagonal = |of: &dyn Fn(usize) -> f64| -> Square {
        (0..nodes)
            .map(|row| {
                (0..nodes)
                    .map(|at| if at == row { of(row) } else { 0.0 })
                    .collect()
            })
            .collect()
    };
    let check = |rows: &[Vec<f64>]| {
        if !rows.iter().all(|row| row.len() == nodes) {
            Err(NoReconciliation::Shape)
        } else if !rows.iter().flatten().all(|number| number.is_finite()) {
            Err(NoReconciliation::NotFinite)
        } else {
            Ok(())
        }
    };
    match weights {
        Weights::Alike => Ok(diagonal(&|_| 1.0)),
        Weights::Structure => Ok(diagonal(&|row| summing[row].iter().sum())),
        Weights::Covariance(matrix) => {
            check(matrix)?;
            if matrix.len() == nodes {
                Ok(matrix.to_vec())
            } else {
                Err(NoReconciliation::Shape)
            }
        }
        Weights::Errors(errors) => {
            check(errors)?;
            if errors.len() < 3 {
                Err(NoReconciliation::Shape)
            } else {
                shrunken(errors)
            }
        }
    }
}

/// The covariance of errors about 0, drawn towards its diagonal by as much as its correlations are uncertain.
fn shrunken(errors: &[Vec<f64>]) -> Result<Square, NoReconciliation> {
    let (count, nodes) = (errors.len() as f64, errors[0].len());
    let mean = |of: &dyn Fn(&[f64]) -> f64| errors.iter().map(|row| of(row)).sum::<f64>() / count;
    let sds: Vec<f64> = (0..nodes)
        .map(|at| mean(&|row| row[at] * row[at]).sqrt())
        .collect();
    if sds.iter().any(|sd| !sd.is_normal()) {
        return Err(NoReconciliation::Weights);
    }
    let mut correlations = vec![vec![1.0; nodes]; nodes];
    let (mut uncertain, mut squares) = (0.0, 0.0);
    for one in 0..nodes {
        for other in (0..nodes).filter(|other| *other != one) {
            let product = |row: &[f64]| row[one] / sds[one] * row[other] / sds[other];
            let r = mean(&product);
            let spread = mean(&|row| (product(row) - r).powi(2));
            uncertain += spread / (count - 1.0);
            squares += r * r;
            correlations[one][other] = r;
        }
    }
    let drawn = if squares > 0.0 {
        (uncertain / squares).clamp(0.0, 1.0)
    } else {
        1.0
    };
    for (one, row) in correlations.iter_mut().enumerate() {
        for (other, cell) in row.iter_mut().enumerate() {
            *cell *= sds[one] * sds[other] * if one == other { 1.0 } else { 1.0 - drawn };
        }
    }
    Ok(correlations)
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::golden::{assert_near, numbers, reference};

    fn matrix(value: &Value) -> Vec<Vec<f64>> {
        value.as_array().unwrap().iter().map(numbers).collect()
    }

    fn check(found: &[f64], expected: &Value, tolerance: f64) {
        for (found, expected) in found.iter().zip(numbers(expected)) {
            assert_near(*found, expected, tolerance);
        }
        assert_near(found[1], found[2] + found[3], 1e-9);
        assert_near(found[0], found[1] + found[4], 1e-9);
    }

    #[test]
    fn five_forecasts_are_brought_together_as_in_the_references() {
        let toys = reference("forecast.json");
        let toy = &toys["mint_toy"];
        let (base, summing) = (numbers(&toy["base"]), matrix(&toy["S"]));
        let exact = matrix(&toy["W"]);
        let found = |weights| reconcile(&base, &summing, weights).unwrap();
        check(&found(Weights::Alike), &toy["ols"], 1e-8);
        check(&found(Weights::Structure), &toy["wls_struct"], 1e-8);
        check(&found(Weights::Covariance(&exact)), &toy["mint"], 1e-8);
        let shrunken = &toys["mint_shrink_toy"];
        let given = matrix(&shrunken["W"]);
        check(
            &found(Weights::Covariance(&given)),
            &shrunken["recon"],
            1e-8,
        );
        // The toy draws a little more towards the diagonal than R's `hts`, which we follow.
        let errors = matrix(&shrunken["resid"]);
        let by_hts = &reference("reconciliation.json")["hand"]["mint_shrink_hts"];
        check(&found(Weights::Errors(&errors)), by_hts, 1e-8);
    }

    #[test]
    fn what_does_not_fit_says_so() {
        let summing = vec![vec![1.0, 1.0], vec![1.0, 0.0], vec![0.0, 1.0]];
        let found = |forecasts: &[f64], weights| reconcile(forecasts, &summing, weights);
        assert_eq!(found(&[1.0], Weights::Alike), Err(NoReconciliation::Shape));
        assert_eq!(
            found(&[1.0, f64::NAN, 1.0], Weights::Alike),
            Err(NoReconciliation::NotFinite)
        );
        let still = vec![vec![0.0; 3]; 5];
        assert_eq!(
            found(&[1.0, 1.0, 1.0], Weights::Errors(&still)),
            Err(NoReconciliation::Weights)
        );
    }
}
