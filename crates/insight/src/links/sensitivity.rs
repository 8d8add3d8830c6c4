//! How strong a cause that was not measured would have to be to explain an effect away.

use crate::distribution::t_quantile;

/// The robustness value (Cinelli and Hazlett 2020): a cause that explains this share of what is left of both driver and
/// outcome would bring an effect with this t to 0; with `at` above 0, to one whose |t| is no larger than the two-sided
/// quantile of level `at`.
pub fn robustness(t: f64, freedom: f64, at: f64) -> f64 {
    let critical = if at > 0.0 && freedom > 1.0 {
        t_quantile(1.0 - at / 2.0, freedom - 1.0) / (freedom - 1.0).sqrt()
    } else {
        0.0
    };
    let f = (t.abs() / freedom.sqrt() - critical).max(0.0);
    0.5 * ((f.powi(4) + 4.0 * f * f).sqrt() - f * f)
}

/// The E-value of a risk ratio (VanderWeele and Ding 2017): a cause would have to be tied to both by this ratio to explain it
/// away; 1 where there is nothing to explain.
pub fn e_value(ratio: f64) -> f64 {
    let ratio = if ratio < 1.0 { 1.0 / ratio } else { ratio };
    ratio + (ratio * (ratio - 1.0)).sqrt()
}

/// The E-value of an effect in standard deviations, by the ratio exp(0.91 d) that it amounts to (Chinn 2000; VanderWeele and
/// Ding 2017).
pub fn e_value_of_effect(effect: f64) -> f64 {
    e_value((0.91 * effect.abs()).exp())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::golden::{assert_near, reference};

    #[test]
    fn published_values() {
        let expected = &reference("links.json")["sensitivity"];
        let darfur = &expected["darfur"];
        let number = |name: &str| darfur[name].as_f64().unwrap();
        let t = number("b") / number("se");
        assert_near(robustness(t, number("df"), 0.0), number("RV"), 1e-4);
        assert_near(robustness(t, number("df"), 0.05), number("RV_alpha"), 1e-4);
        assert_near(
            e_value(3.9),
            expected["evalue_RR3_9"].as_f64().unwrap(),
            1e-9,
        );
        assert_near(e_value(1.8), 3.0, 1e-9);
        assert_near(e_value(1.0 / 1.8), 3.0, 1e-9);
        assert_near(e_value_of_effect(0.0), 1.0, 0.0);
    }
}
