//! Steps from period to period and from cycle to cycle, taken of a series and undone again.

/// What a series is freed of before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Differences {
    /// How often the step to the next period is taken.
    pub(super) plain: usize,
    /// How often the step to the next cycle is taken.
    pub(super) seasonal: usize,
    pub(super) period: usize,
}

impl Differences {
    /// The lags of the steps, in the order in which they are taken.
    fn lags(&self) -> impl DoubleEndedIterator<Item = usize> {
        let seasonal = std::iter::repeat_n(self.period, self.seasonal);
        seasonal.chain(std::iter::repeat_n(1, self.plain))
    }

    /// The differences of values.
    pub(super) fn of(&self, values: &[f64]) -> Vec<f64> {
        self.lags()
            .fold(values.to_vec(), |values, lag| step(&values, lag))
    }

    /// What comes after values, if `next` comes after their differences.
    pub(super) fn undo(&self, values: &[f64], next: &[f64]) -> Vec<f64> {
        let mut levels = vec![values.to_vec()];
        for lag in self.lags() {
            let last = levels.last().expect("there is a level");
            levels.push(step(last, lag));
        }
        levels.pop();
        let steps = self.lags().rev().zip(levels.into_iter().rev());
        steps.fold(next.to_vec(), |next, (lag, mut level)| {
            let count = level.len();
            for step in next {
                let before = level[level.len() - lag];
                level.push(before + step);
            }
            level.split_off(count)
        })
    }
}

fn step(values: &[f64], lag: usize) -> Vec<f64> {
    let pairs = values.iter().zip(values.iter().skip(lag));
    pairs.map(|(before, after)| after - before).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::golden::{assert_near, full_column};

    #[test]
    fn differences_are_undone() {
        let values = &full_column("data/air-passengers.csv", "value")[..60];
        let both = Differences {
            plain: 1,
            seasonal: 1,
            period: 12,
        };
        let next = both.of(values)[40..].to_vec();
        let found = both.undo(&values[..53], &next);
        for (found, value) in found.iter().zip(&values[53..]) {
            assert_near(*found, *value, 1e-12);
        }
    }
}
