//! How far forecasts of a file are from the values that were held out.

use std::path::Path;

/// The step of a year, by which errors of monthly series are scaled.
const CYCLE: usize = 12;

/// What forecasts missed by on average.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Accuracy {
    /// The symmetric absolute percentage error.
    pub smape: f64,
    /// The absolute error in units of the mean step of a year before.
    pub mase: f64,
}

impl Accuracy {
    /// Of `means`, `held_out` a series, against the ends of `series`, which have `months` before.
    pub fn of(
        series: &[f64],
        means: &[f64],
        months: usize,
        held_out: usize,
    ) -> Result<Accuracy, String> {
        let count = series.len() / (months + held_out);
        if means.len() != count * held_out || count == 0 {
            return Err(format!(
                "there are {} forecasts of {count} series, not {held_out} each",
                means.len()
            ));
        }
        let mut sum = Accuracy {
            smape: 0.0,
            mase: 0.0,
        };
        let pairs = series
            .chunks_exact(months + held_out)
            .zip(means.chunks_exact(held_out));
        for (values, means) in pairs {
            let (past, future) = values.split_at(months);
            let steps = past.iter().zip(past.iter().skip(CYCLE));
            let scale = steps.map(|(one, other)| (other - one).abs()).sum::<f64>()
                / (months - CYCLE) as f64;
            for (mean, value) in means.iter().zip(future) {
                let miss = (mean - value).abs();
                sum.smape += 200.0 * miss / (mean.abs() + value.abs());
                sum.mase += miss / scale;
            }
        }
        let all = means.len() as f64;
        Ok(Accuracy {
            smape: sum.smape / all,
            mase: sum.mase / all,
        })
    }
}

/// The greatest difference between two lists, as a part of the greater number.
pub fn greatest_difference(one: &[f64], other: &[f64]) -> Result<f64, String> {
    if one.len() != other.len() || one.is_empty() {
        return Err(format!(
            "one side found {} numbers, the other {}",
            one.len(),
            other.len()
        ));
    }
    let differences = one.iter().zip(other).map(|(one, other)| {
        let greater = one.abs().max(other.abs()).max(f64::MIN_POSITIVE);
        (one - other).abs() / greater
    });
    Ok(differences.fold(0.0, f64::max))
}

/// The little-endian numbers of a file.
pub fn numbers(file: &Path) -> Result<Vec<f64>, String> {
    let bytes = std::fs::read(file).map_err(|error| super::cannot(file, error))?;
    let (numbers, _) = bytes.as_chunks::<8>();
    Ok(numbers.iter().copied().map(f64::from_le_bytes).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_forecast_that_is_off_by_a_step_has_an_error_of_one() {
        let series: Vec<f64> = (1..=26).map(f64::from).collect();
        // The step of a year is 12; each month held out is missed by it.
        let means: Vec<f64> = series[24..].iter().map(|value| value + 12.0).collect();
        let found = Accuracy::of(&series, &means, 24, 2).unwrap();
        assert!((found.mase - 1.0).abs() < 1e-12, "{found:?}");
        let smape = 50.0 * (12.0 / 31.0 + 12.0 / 32.0);
        assert!((found.smape - smape).abs() < 1e-9, "{found:?}");
        assert!(Accuracy::of(&series, &means[1..], 24, 2).is_err());
    }

    #[test]
    fn lists_are_as_far_apart_as_their_worst_pair() {
        assert_eq!(greatest_difference(&[1.0, 2.0], &[1.0, 4.0]), Ok(0.5));
        assert!(greatest_difference(&[1.0], &[]).is_err());
    }
}
