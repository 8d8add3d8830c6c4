//! Comparing and adding up numbers so that what stands on a border stands on it, and order does not matter.

/// What is within this share of a border stands on it (SEMANTICS 5).
const BORDER: f64 = 1e-9;

/// Whether two numbers are the same for every rule: within a billionth, relative to the greater.
pub(crate) fn same(a: f64, b: f64) -> bool {
    is_nothing_of(a - b, a.abs().max(b.abs()))
}

/// Whether a difference is within a billionth of a whole.
pub(crate) fn is_nothing_of(difference: f64, whole: f64) -> bool {
    difference.abs() <= BORDER * whole.abs()
}

/// Whether `a` is less than `b` and not on it.
pub(crate) fn below(a: f64, b: f64) -> bool {
    a < b && !same(a, b)
}

/// A sum that keeps what each addition loses (Neumaier 1974).
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Sum {
    sum: f64,
    lost: f64,
}

impl Sum {
    pub(crate) fn add(&mut self, value: f64) {
        let total = self.sum + value;
        self.lost += if self.sum.abs() >= value.abs() {
            (self.sum - total) + value
        } else {
            (value - total) + self.sum
        };
        self.sum = total;
    }

    pub(crate) fn total(self) -> f64 {
        self.sum + self.lost
    }
}

impl FromIterator<f64> for Sum {
    fn from_iter<I: IntoIterator<Item = f64>>(values: I) -> Self {
        let mut sum = Sum::default();
        values.into_iter().for_each(|value| sum.add(value));
        sum
    }
}

/// The compensated sum.
pub(crate) fn sum(values: impl IntoIterator<Item = f64>) -> f64 {
    values.into_iter().collect::<Sum>().total()
}

/// The mean of values by their weights. It lies between the least and the greatest of them; `None` without weight.
pub(crate) fn weighted_mean(inputs: impl Iterator<Item = (f64, f64)> + Clone) -> Option<f64> {
    let weight = sum(inputs.clone().map(|(_, weight)| weight));
    if weight <= 0.0 || !weight.is_finite() {
        return None;
    }
    let mean = sum(inputs.clone().map(|(value, weight)| value * weight)) / weight;
    let least = inputs
        .clone()
        .map(|(value, _)| value)
        .fold(f64::INFINITY, f64::min);
    let greatest = inputs
        .map(|(value, _)| value)
        .fold(f64::NEG_INFINITY, f64::max);
    Some(mean.clamp(least, greatest)).filter(|mean| mean.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_within_a_billionth_is_on_the_border() {
        assert!(same(0.1 + 0.2, 0.3));
        assert!(!below(0.95 - 1e-12, 0.95));
        assert!(below(0.949, 0.95));
        assert!(!same(0.0, 1e-300));
    }

    #[test]
    fn sums_keep_what_is_lost() {
        assert_eq!(sum([1e16, 1.0, -1e16]), 1.0);
        assert_eq!(sum([0.1; 10]), 1.0);
    }

    #[test]
    fn a_mean_lies_between_its_inputs() {
        let third = 0.1 + 0.2;
        assert_eq!(
            weighted_mean([(third, 3.0), (third, 7.0)].into_iter()),
            Some(third)
        );
        assert_eq!(weighted_mean([(1.0, 0.0)].into_iter()), None);
    }
}
