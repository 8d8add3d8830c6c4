//! Small systems of linear equations and least squares. Methods here have a handful of unknowns; a library of matrices
//! would cost every build more than these lines.

/// Of a unit matrix less than this is left when a column depends on the others.
const SINGULAR: f64 = 1e-11;

/// A symmetric or general square matrix, row by row.
pub(crate) type Square = Vec<Vec<f64>>;

/// The inverse of a square matrix by Gauss and Jordan with pivots, or `None` where it is singular. Rows and columns are
/// brought to one scale first, so that units of measure do not matter; the diagonal must be positive.
pub(crate) fn inverse(matrix: &Square) -> Option<Square> {
    let size = matrix.len();
    let scales: Vec<f64> = (0..size).map(|at| matrix[at][at].sqrt()).collect();
    if scales.iter().any(|scale| !scale.is_normal()) {
        return None;
    }
    let mut work: Square = (0..size)
        .map(|row| {
            let scaled = (0..size).map(|column| matrix[row][column] / scales[row] / scales[column]);
            let unit = (0..size).map(|column| f64::from(u8::from(column == row)));
            scaled.chain(unit).collect()
        })
        .collect();
    for at in 0..size {
        let pivot = (at..size).max_by(|one, other| {
            let size_of = |row: usize| work[row][at].abs();
            size_of(*one).total_cmp(&size_of(*other))
        })?;
        work.swap(at, pivot);
        if work[at][at].abs() < SINGULAR {
            return None;
        }
        let divisor = work[at][at];
        work[at].iter_mut().for_each(|cell| *cell /= divisor);
        let pivot_row = work[at].clone();
        for (row, cells) in work.iter_mut().enumerate() {
            let factor = cells[at];
            if row != at && factor != 0.0 {
                for (cell, pivot) in cells.iter_mut().zip(&pivot_row) {
                    *cell -= factor * pivot;
                }
            }
        }
    }
    Some(
        work.iter()
            .zip(&scales)
            .map(|(row, of_row)| {
                let cells = row[size..].iter().zip(&scales);
                cells.map(|(cell, scale)| cell / of_row / scale).collect()
            })
            .collect(),
    )
}

/// The product of a matrix and a vector.
pub(crate) fn times(matrix: &Square, vector: &[f64]) -> Vec<f64> {
    matrix.iter().map(|row| dot(row, vector)).collect()
}

/// The sum of products, in four strands, so that no addition waits for the one before.
pub(crate) fn dot(one: &[f64], other: &[f64]) -> f64 {
    let count = one.len().min(other.len());
    let (ones, others) = (one[..count].chunks_exact(4), other[..count].chunks_exact(4));
    let ends = ones.remainder().iter().zip(others.remainder());
    let end: f64 = ends.map(|(one, other)| one * other).sum();
    let mut strands = [0.0; 4];
    for (one, other) in ones.zip(others) {
        for (strand, (one, other)) in strands.iter_mut().zip(one.iter().zip(other)) {
            *strand += one * other;
        }
    }
    strands.iter().sum::<f64>() + end
}

/// The sum of squares that is left of `outcome` after each of `columns` in turn has taken its part (Gram and Schmidt, column by
/// column), or `None` where a column depends on those before. Both are left as what no column before them explains.
pub(crate) fn squares_left(columns: &mut [Vec<f64>], outcome: &mut [f64]) -> Option<Vec<f64>> {
    let sizes: Vec<f64> = columns.iter().map(|column| dot(column, column)).collect();
    let mut left = Vec::with_capacity(columns.len());
    for (at, size) in sizes.iter().enumerate() {
        let (column, later) = columns[at..].split_first_mut()?;
        let square = dot(column, column);
        if square.is_nan() || square <= SINGULAR * size {
            return None;
        }
        for other in later
            .iter_mut()
            .map(Vec::as_mut_slice)
            .chain([&mut *outcome])
        {
            let part = dot(column, other) / square;
            for (cell, of_column) in other.iter_mut().zip(column.iter()) {
                *cell -= part * of_column;
            }
        }
        left.push(dot(outcome, outcome));
    }
    Some(left)
}

/// An eigenvalue that is this small part of a matrix is none.
const NOTHING: f64 = 1e-10;
/// Columns are orthogonal whose product is this small part of their sizes.
const ORTHOGONAL: f64 = 1e-14;
/// Rounds of turning; few are needed.
const ROUNDS_MAX: usize = 30;

/// The symmetric root of the inverse of a symmetric matrix without negative eigenvalues; what it takes to nothing stays nothing
/// (Moore and Penrose). Eigenvalues by turning pairs of columns until they are orthogonal (one-sided Jacobi, Hestenes 1958).
pub(crate) fn inverse_root(matrix: &Square) -> Square {
    let size = matrix.len();
    // Columns of matrix times turns; as the matrix is symmetric they end as eigenvalues times eigenvectors.
    let mut columns = matrix.clone();
    let largest = columns
        .iter()
        .flatten()
        .fold(0.0_f64, |most, cell| most.max(cell.abs()));
    for _ in 0..ROUNDS_MAX {
        let mut turned = false;
        for one in 0..size {
            let (before, after) = columns.split_at_mut(one + 1);
            let first = &mut before[one];
            for second in after {
                turned |= turn(first, second, largest);
            }
        }
        if !turned {
            break;
        }
    }
    let mut root = vec![vec![0.0; size]; size];
    for column in &columns {
        let eigenvalue = dot(column, column).sqrt();
        if eigenvalue <= NOTHING * largest {
            continue;
        }
        let factor = eigenvalue.powf(-2.5);
        for (row, cell) in root.iter_mut().zip(column) {
            for (into, other) in row.iter_mut().zip(column) {
                *into += factor * cell * other;
            }
        }
    }
    root
}

/// Turns two columns into each other until they are orthogonal; says whether they were not.
fn turn(one: &mut [f64], other: &mut [f64], largest: f64) -> bool {
    let (first, second, both) = (dot(one, one), dot(other, other), dot(one, other));
    let sizes = (first * second).sqrt().max((NOTHING * largest).powi(2));
    if both.abs() <= ORTHOGONAL * sizes {
        return false;
    }
    let ratio = (second - first) / (2.0 * both);
    let tangent = ratio.signum() / (ratio.abs() + ratio.hypot(1.0));
    let cosine = 1.0 / tangent.hypot(1.0);
    let sine = cosine * tangent;
    for (cell, with) in one.iter_mut().zip(other) {
        (*cell, *with) = (cosine * *cell - sine * *with, sine * *cell + cosine * *with);
    }
    true
}

/// A least squares fit.
pub(crate) struct Fit {
    /// One coefficient for each column.
    pub(crate) coefficients: Vec<f64>,
    /// What is left of each value.
    pub(crate) residuals: Vec<f64>,
}

/// Fits `outcome` by `columns`, or says `None` where the columns depend on each other.
pub(crate) fn least_squares(columns: &[Vec<f64>], outcome: &[f64]) -> Option<Fit> {
    let cross: Square = columns
        .iter()
        .map(|one| columns.iter().map(|other| dot(one, other)).collect())
        .collect();
    let bread = inverse(&cross)?;
    let mut coefficients = vec![0.0; columns.len()];
    let mut residuals = outcome.to_vec();
    // The second pass takes off what rounding left in the first one.
    for _ in 0..2 {
        let moments: Vec<f64> = columns
            .iter()
            .map(|column| dot(column, &residuals))
            .collect();
        let step = times(&bread, &moments);
        for ((coefficient, step), column) in coefficients.iter_mut().zip(&step).zip(columns) {
            *coefficient += step;
            for (residual, cell) in residuals.iter_mut().zip(column) {
                *residual -= step * cell;
            }
        }
    }
    Some(Fit {
        coefficients,
        residuals,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::golden::assert_near;

    #[test]
    fn an_inverse_times_its_matrix_is_one() {
        let matrix = vec![
            vec![4e6, 1e3, 0.5],
            vec![1e3, 3.0, 0.1],
            vec![0.5, 0.1, 2.0],
        ];
        let inverse = inverse(&matrix).unwrap();
        for (row, cells) in matrix.iter().enumerate() {
            for column in 0..3 {
                let of_column: Vec<f64> = inverse.iter().map(|cells| cells[column]).collect();
                let expected = f64::from(u8::from(row == column));
                assert_near(dot(cells, &of_column), expected, 1e-9);
            }
        }
    }

    #[test]
    fn an_inverse_root_twice_is_the_inverse() {
        let matrix = vec![
            vec![4.0, 1.0, 0.5],
            vec![1.0, 3.0, 0.1],
            vec![0.5, 0.1, 2.0],
        ];
        let (root, inverse) = (inverse_root(&matrix), inverse(&matrix).unwrap());
        for (row, cells) in root.iter().enumerate() {
            let squared = times(&root, cells);
            for (found, expected) in squared.iter().zip(&inverse[row]) {
                assert_near(*found, *expected, 1e-12);
            }
        }
    }

    /// A projection is the inverse, and the root, of itself where it does anything.
    #[test]
    fn an_inverse_root_leaves_nothing_of_nothing() {
        let centring: Square = (0..4_usize)
            .map(|row| {
                (0..4)
                    .map(|column| f64::from(u8::from(row == column)) - 0.25)
                    .collect()
            })
            .collect();
        for (found, expected) in inverse_root(&centring).iter().zip(&centring) {
            for (found, expected) in found.iter().zip(expected) {
                assert_near(*found, *expected, 1e-12);
            }
        }
        assert_eq!(inverse_root(&vec![vec![0.0; 2]; 2]), vec![vec![0.0; 2]; 2]);
    }

    #[test]
    fn what_columns_leave_in_turn_is_what_fits_leave() {
        let columns = vec![
            vec![1.0; 6],
            vec![1.0, 2.0, 4.0, 3.0, 7.0, 5.0],
            vec![100.0, 101.0, 99.0, 100.5, 98.0, 102.0],
        ];
        let outcome = [3.0, 5.0, 4.0, 8.0, 9.0, 1.0];
        let left = squares_left(&mut columns.clone(), &mut outcome.clone()).unwrap();
        for (at, left) in left.iter().enumerate() {
            let residuals = least_squares(&columns[..=at], &outcome).unwrap().residuals;
            assert_near(*left, dot(&residuals, &residuals), 1e-9);
        }
    }

    #[test]
    fn columns_that_depend_on_each_other_are_refused() {
        let one = vec![1.0, 2.0, 3.0, 4.0];
        let other = vec![2.0, 4.0, 6.0, 8.0];
        let mut both = [one.clone(), other.clone()];
        assert!(squares_left(&mut both, &mut [1.0, 0.0, 1.0, 0.0]).is_none());
        assert!(least_squares(&[one, other], &[1.0, 0.0, 1.0, 0.0]).is_none());
    }
}
