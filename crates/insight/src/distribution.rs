//! The probability distributions that several methods share, in the form in which they need them.

use statrs::distribution::{ContinuousCDF, StudentsT};
use statrs::function::erf;

/// The probability that a standard normal number is at most `z`.
pub(crate) fn normal_below(z: f64) -> f64 {
    0.5 * erf::erfc(-z * std::f64::consts::FRAC_1_SQRT_2)
}

/// The probability that Student's t with so many degrees of freedom is at most `t`.
pub(crate) fn t_below(t: f64, freedom: f64) -> f64 {
    student(freedom).cdf(t)
}

/// The t below which lies the share `probability`.
pub(crate) fn t_quantile(probability: f64, freedom: f64) -> f64 {
    student(freedom).inverse_cdf(probability)
}

fn student(freedom: f64) -> StudentsT {
    StudentsT::new(0.0, 1.0, freedom).expect("degrees of freedom are above 0")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::golden::assert_near;

    #[test]
    fn values_are_those_of_tables() {
        assert_near(normal_below(1.959_963_984_540_054), 0.975, 1e-11);
        assert_near(t_quantile(0.975, 9.0), 2.262_157_162_740_992, 1e-9);
        assert_near(t_quantile(0.975, 23.0), 2.068_657_610_419_041, 1e-9);
        assert_near(t_below(2.262_157_162_740_992, 9.0), 0.975, 1e-11);
        assert_near(normal_below(-8.0) / 6.220_960_574_271_785e-16, 1.0, 1e-9);
    }
}
