//! How uncertain a slope, or a difference, is whose rows come in few clusters that carry over within themselves: bias-reduced
//! errors (CR2; Bell and McCaffrey 2002, with fixed effects Pustejovsky and Tipton 2018).
//!
//! Residuals of few clusters are smaller than what they stand for, most where one cluster moves the slope by itself. Each
//! cluster's are enlarged by what the model takes from them, as if rows were independent and alike (the working model); by the
//! same model the degrees of freedom are those of Satterthwaite (1946), and fall towards one where one cluster tells all.
//!
//! It knows no panel: a slope within units and periods is one case, the difference between two groups of clusters another.

use std::fmt;

use crate::distribution::{t_below, t_quantile};
use crate::linear::{dot, inverse_root};

/// More rows are not read: the time grows with their square, and clusters of so many are rarely few.
pub const ROWS_MAX: usize = 1_000;
/// More rows of one cluster are not read: the time grows with their cube.
pub const CLUSTER_ROWS_MAX: usize = 250;

/// A slope by least squares, and the clusters of its rows.
pub struct Clustered<'a> {
    /// Of each row its cluster, numbered from 0 without a gap.
    pub cluster: &'a [usize],
    /// The regressor, freed of all others (Frisch and Waugh 1933), one a row.
    pub regressor: &'a [f64],
    /// What the model leaves of the outcome, one a row.
    pub residuals: &'a [f64],
    /// Leaves of any column what the model, the regressor included, does not explain.
    pub leave: &'a dyn Fn(&mut [f64]),
}

/// How uncertain a slope is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ClusterError {
    /// The standard error of the slope, in its units.
    pub standard_error: f64,
    /// The degrees of freedom of the error; rarely a whole number.
    pub freedom: f64,
}

impl ClusterError {
    /// The probability, two-sided, of a slope as far from none by chance.
    pub fn probability(&self, slope: f64) -> f64 {
        2.0 * t_below(-(slope / self.standard_error).abs(), self.freedom)
    }

    /// The 95 % interval of a slope.
    pub fn interval(&self, slope: f64) -> (f64, f64) {
        let reach = t_quantile(0.975, self.freedom) * self.standard_error;
        (slope - reach, slope + reach)
    }
}

/// Why a slope has no such error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoClusterError {
    /// The lists differ in length, or clusters are numbered with a gap.
    Shape,
    /// More rows than are read.
    TooManyRows {
        /// How many there are.
        have: usize,
    },
    /// More rows of one cluster than are read.
    TooManyInCluster {
        /// How many there are.
        have: usize,
    },
    /// Fewer than two clusters.
    TooFewClusters,
    /// Nothing is left to tell by: the model explains all, or the regressor does not vary.
    NothingLeft,
}

impl fmt::Display for NoClusterError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NoClusterError::Shape => {
                write!(
                    formatter,
                    "each row has a regressor, a residual and a cluster, numbered from 0 without a gap"
                )
            }
            NoClusterError::TooManyRows { have } => write!(
                formatter,
                "too many rows: {have}; at most {ROWS_MAX} are read"
            ),
            NoClusterError::TooManyInCluster { have } => write!(
                formatter,
                "too many rows of one cluster: {have}; at most {CLUSTER_ROWS_MAX} are read"
            ),
            NoClusterError::TooFewClusters => {
                write!(formatter, "too few clusters: at least 2 are needed")
            }
            NoClusterError::NothingLeft => write!(formatter, "nothing is left to tell by"),
        }
    }
}

impl std::error::Error for NoClusterError {}

/// The bias-reduced error of a slope, or why there is none.
pub fn bias_reduced(slope: &Clustered<'_>) -> Result<ClusterError, NoClusterError> {
    let clusters = slope.clusters()?;
    let enlarged: Vec<Vec<f64>> = (0..clusters)
        .map(|cluster| slope.enlarged(cluster))
        .collect();
    let meat: f64 = enlarged
        .iter()
        .map(|column| dot(column, slope.residuals).powi(2))
        .sum();
    let (mut trace, mut squares) = (0.0, 0.0);
    for column in &enlarged {
        let mut left = column.clone();
        (slope.leave)(&mut left);
        trace += dot(&left, column);
        let with_all = enlarged.iter().map(|other| dot(&left, other).powi(2));
        squares += with_all.sum::<f64>();
    }
    let found = ClusterError {
        standard_error: meat.sqrt() / dot(slope.regressor, slope.regressor),
        freedom: trace * trace / squares,
    };
    let is_told = |number: f64| number > 0.0 && number.is_finite();
    match is_told(found.standard_error) && is_told(found.freedom) {
        true => Ok(found),
        false => Err(NoClusterError::NothingLeft),
    }
}

impl Clustered<'_> {
    /// How many clusters there are, if they can be read.
    fn clusters(&self) -> Result<usize, NoClusterError> {
        let have = self.cluster.len();
        if self.regressor.len() != have || self.residuals.len() != have {
            return Err(NoClusterError::Shape);
        }
        if have > ROWS_MAX {
            return Err(NoClusterError::TooManyRows { have });
        }
        let mut rows = vec![0; have];
        for cluster in self.cluster {
            *rows.get_mut(*cluster).ok_or(NoClusterError::Shape)? += 1;
        }
        let clusters = rows.iter().take_while(|rows| **rows > 0).count();
        if rows[clusters..].iter().any(|rows| *rows > 0) {
            return Err(NoClusterError::Shape);
        }
        if let Some(have) = rows.into_iter().find(|rows| *rows > CLUSTER_ROWS_MAX) {
            return Err(NoClusterError::TooManyInCluster { have });
        }
        match clusters {
            ..2 => Err(NoClusterError::TooFewClusters),
            clusters => Ok(clusters),
        }
    }

    /// The regressor over the rows of one cluster, times the root of the inverse of what the model leaves of these rows; 0 elsewhere.
    fn enlarged(&self, cluster: usize) -> Vec<f64> {
        let rows: Vec<usize> = (0..self.cluster.len())
            .filter(|row| self.cluster[*row] == cluster)
            .collect();
        let left: Vec<Vec<f64>> = rows
            .iter()
            .map(|row| {
                let mut column = vec![0.0; self.cluster.len()];
                column[*row] = 1.0;
                (self.leave)(&mut column);
                rows.iter().map(|row| column[*row]).collect()
            })
            .collect();
        let own: Vec<f64> = rows.iter().map(|row| self.regressor[*row]).collect();
        let mut enlarged = vec![0.0; self.cluster.len()];
        for (row, of_row) in rows.iter().zip(inverse_root(&left)) {
            enlarged[*row] = dot(&of_row, &own);
        }
        enlarged
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::golden::assert_near;

    /// The difference of two groups of clusters, each a row of its own.
    fn difference(one: &[f64], other: &[f64]) -> (f64, Result<ClusterError, NoClusterError>) {
        let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
        let (first, rows) = (one.len(), one.len() + other.len());
        let share = other.len() as f64 / rows as f64;
        let regressor: Vec<f64> = (0..rows)
            .map(|row| f64::from(u8::from(row >= first)) - share)
            .collect();
        let leave = |column: &mut [f64]| {
            let (one, other) = column.split_at_mut(first);
            for group in [one, other] {
                let mean = mean(group);
                group.iter_mut().for_each(|cell| *cell -= mean);
            }
        };
        let mut residuals = [one, other].concat();
        leave(&mut residuals);
        let error = bias_reduced(&Clustered {
            cluster: &(0..rows).collect::<Vec<_>>(),
            regressor: &regressor,
            residuals: &residuals,
            leave: &leave,
        });
        (mean(other) - mean(one), error)
    }

    /// With one row a cluster the error is that of Welch, and the degrees of freedom are Satterthwaite's for variances that are
    /// alike.
    #[test]
    fn single_rows_have_the_error_of_two_samples() {
        let (one, other) = ([3.0, 5.0, 4.0, 8.0, 9.0], [12.0, 7.0, 11.0]);
        let (slope, error) = difference(&one, &other);
        let error = error.unwrap();
        // Variances 6.7 and 7; (1/5 + 1/3)^2 / (1/(25 * 4) + 1/(9 * 2)).
        assert_near(
            error.standard_error,
            (6.7_f64 / 5.0 + 7.0 / 3.0).sqrt(),
            1e-12,
        );
        let freedom = (8.0_f64 / 15.0).powi(2) / (1.0 / 100.0 + 1.0 / 18.0);
        assert_near(error.freedom, freedom, 1e-12);
        let (low, high) = error.interval(slope);
        assert_near((low + high) / 2.0, slope, 1e-12);
        assert_near(error.probability(high - slope), 0.05, 1e-9);
    }

    #[test]
    fn one_cluster_against_many_has_hardly_a_degree_of_freedom() {
        let (_, even) = difference(&[1.0, 3.0, 2.0, 4.0, 3.0], &[2.0, 5.0, 3.0, 4.0, 1.0]);
        assert_near(even.unwrap().freedom, 8.0, 1e-12);
        let (_, uneven) = difference(&[1.0, 3.0, 2.0, 4.0, 3.0, 2.0, 5.0, 3.0], &[4.0, 1.0]);
        assert!(uneven.unwrap().freedom < 1.7, "{uneven:?}");
    }

    #[test]
    fn what_tells_nothing_has_no_error() {
        let nothing = Err(NoClusterError::NothingLeft);
        assert_eq!(difference(&[1.0, 1.0], &[2.0, 2.0]).1, nothing);
        assert_eq!(difference(&[1.0, 2.0], &[]).1, nothing);
        let one = Clustered {
            cluster: &[0, 0],
            regressor: &[-0.5, 0.5],
            residuals: &[0.1, 0.1],
            leave: &|_| {},
        };
        assert_eq!(bias_reduced(&one), Err(NoClusterError::TooFewClusters));
        let of = |cluster| bias_reduced(&Clustered { cluster, ..one });
        assert_eq!(of(&[0, 1, 1]), Err(NoClusterError::Shape));
        assert_eq!(of(&[0, 7]), Err(NoClusterError::Shape));
        assert_eq!(of(&[1, 1]), Err(NoClusterError::Shape));
    }

    /// Two clusters, of which the first has so many rows.
    fn with_rows(first: usize, second: usize) -> Result<ClusterError, NoClusterError> {
        let rows = first + second;
        let cluster: Vec<usize> = (0..rows).map(|row| usize::from(row >= first)).collect();
        let turns: Vec<f64> = (0..rows).map(|row| (row % 2) as f64 - 0.5).collect();
        let residuals: Vec<f64> = (0..rows).map(|row| (row % 3) as f64 - 1.0).collect();
        bias_reduced(&Clustered {
            cluster: &cluster,
            regressor: &turns,
            residuals: &residuals,
            leave: &|_| {},
        })
    }

    #[test]
    fn large_clusters_are_not_read_and_say_why() {
        assert!(with_rows(CLUSTER_ROWS_MAX, 10).is_ok());
        let have = CLUSTER_ROWS_MAX + 1;
        let why = NoClusterError::TooManyInCluster { have };
        assert_eq!(with_rows(have, 10), Err(why));
        assert_eq!(with_rows(10, have), Err(why));
        assert_eq!(
            why.to_string(),
            "too many rows of one cluster: 251; at most 250 are read"
        );
        let have = ROWS_MAX + 1;
        let why = NoClusterError::TooManyRows { have };
        assert_eq!(with_rows(have - 1, 1), Err(why));
    }
}
