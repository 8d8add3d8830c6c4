//! Small sums that several methods share: medians, quantiles, and squared errors of stretches.

/// The median of at least one finite number; of an even count the mean of the two in the middle.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    if values.len() % 2 == 1 {
        values[middle]
    } else {
        f64::midpoint(values[middle - 1], values[middle])
    }
}

/// The number below which lies the share `share` of at least one finite number, between two of them in proportion
/// (Hyndman and Fan 1996, type 7).
pub(crate) fn quantile(mut values: Vec<f64>, share: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let place = share.clamp(0.0, 1.0) * (values.len() - 1) as f64;
    let (below, above) = (place.floor() as usize, place.ceil() as usize);
    values[below] + (values[above] - values[below]) * place.fract()
}

/// Sums of the first values and of their squares, so that the squared error of any stretch is known at once.
pub(crate) struct Prefix {
    origin: f64,
    sums: Vec<f64>,
    squares: Vec<f64>,
}

impl Prefix {
    /// Sums from the mean, so that large levels do not swallow small differences.
    pub(crate) fn of(values: &[f64]) -> Prefix {
        let origin = values.iter().sum::<f64>() / values.len().max(1) as f64;
        let running = |term: fn(f64) -> f64| {
            let mut sum = 0.0;
            std::iter::once(0.0)
                .chain(values.iter().map(|value| {
                    sum += term(value - origin);
                    sum
                }))
                .collect()
        };
        Prefix {
            origin,
            sums: running(|value| value),
            squares: running(|value| value * value),
        }
    }

    /// How many values there are.
    pub(crate) fn len(&self) -> usize {
        self.sums.len() - 1
    }

    /// The mean of the values from `start` to before `end`.
    pub(crate) fn mean(&self, start: usize, end: usize) -> f64 {
        self.origin + (self.sums[end] - self.sums[start]) / (end - start) as f64
    }

    /// The squared deviations of these values from their mean.
    pub(crate) fn squared_error(&self, start: usize, end: usize) -> f64 {
        let sum = self.sums[end] - self.sums[start];
        let squares = self.squares[end] - self.squares[start];
        (squares - sum * sum / (end - start) as f64).max(0.0)
    }
}
