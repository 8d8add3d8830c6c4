//! Which comes first: does the driver's past foretell the outcome beyond the outcome's own past, in at least some units?
//!
//! Dumitrescu and Hurlin (2012): a Wald test in each unit, averaged, standardised for few periods.

use super::NoEvidence;
use super::panel::{Panel, check};
use crate::distribution::normal_below;
use crate::linear::squares_left;

/// The most lags.
const LAGS_MAX: usize = 24;

/// Whether a driver foretells an outcome.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Foretells {
    /// The mean of the units' Wald statistics.
    pub mean_wald: f64,
    /// It, standardised for few periods; standard normal where nothing foretells.
    pub z: f64,
    /// The two-sided probability of such a z by chance.
    pub probability: f64,
    /// How many units were tested.
    pub units: usize,
}

/// Tests whether `driver` foretells `outcome` by `lags` periods. Every unit needs more than 5 + 2 `lags` periods after the first
/// lags, and none missing; units that have less, or that do not vary, are left out.
pub fn foretells(
    driver: Panel<'_>,
    outcome: Panel<'_>,
    lags: usize,
) -> Result<Foretells, NoEvidence> {
    check(&[driver, outcome])?;
    if !(1..=LAGS_MAX).contains(&lags) {
        return Err(NoEvidence::Claim);
    }
    let rows = driver.first().map_or(0, Vec::len).saturating_sub(lags);
    if rows <= 5 + 2 * lags {
        return Err(NoEvidence::TooFewRows { have: rows });
    }
    let walds: Vec<f64> = driver
        .iter()
        .zip(outcome)
        .filter_map(|(driver, outcome)| {
            let whole =
                |values: &[Option<f64>]| values.iter().copied().collect::<Option<Vec<f64>>>();
            wald(&whole(driver)?, &whole(outcome)?, lags)
        })
        .collect();
    if walds.is_empty() {
        return Err(NoEvidence::NoVariation);
    }
    let (units, periods, lags) = (walds.len() as f64, rows as f64, lags as f64);
    let mean_wald = walds.iter().sum::<f64>() / units;
    let spread = units / (2.0 * lags) * (periods - 2.0 * lags - 5.0) / (periods - lags - 3.0);
    let scaled = (periods - 2.0 * lags - 3.0) / (periods - 2.0 * lags - 1.0) * mean_wald;
    let z = spread.sqrt() * (scaled - lags);
    Ok(Foretells {
        mean_wald,
        z,
        probability: 2.0 * normal_below(-z.abs()),
        units: walds.len(),
    })
}

/// The Wald statistic of one unit.
fn wald(driver: &[f64], outcome: &[f64], lags: usize) -> Option<f64> {
    let rows = outcome.len() - lags;
    let lagged = |values: &[f64], lag: usize| values[lags - lag..lags - lag + rows].to_vec();
    let own = (1..=lags).map(|lag| lagged(outcome, lag));
    let past = own.chain((1..=lags).map(|lag| lagged(driver, lag)));
    let mut columns: Vec<Vec<f64>> = std::iter::once(vec![1.0; rows]).chain(past).collect();
    let left = squares_left(&mut columns, &mut lagged(outcome, 0))?;
    let (without, with) = (left[lags], left[2 * lags]);
    let freedom = (rows - 2 * lags - 1) as f64;
    (with > 0.0).then(|| (without - with) / (with / freedom))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::golden::{assert_near, reference};
    use crate::links::grunfeld::panel;

    #[test]
    fn firms_of_grunfeld_are_as_by_plm() {
        let expected = &reference("links.json")["dumitrescu_hurlin"];
        for (name, outcome, driver, lags) in [
            ("inv_value_1", "inv", "value", 1),
            ("inv_value_2", "inv", "value", 2),
            ("value_inv_1", "value", "inv", 1),
            ("inv_capital_1", "inv", "capital", 1),
        ] {
            let found = foretells(&panel(driver), &panel(outcome), lags).unwrap();
            let number = |of: &str| expected[name][of].as_f64().unwrap();
            assert_near(found.mean_wald, number("Wbar"), 1e-6);
            assert_near(found.z, number("Ztilde"), 1e-6);
            assert_near(found.probability, number("p_Ztilde"), 1e-6);
        }
    }

    #[test]
    fn short_panels_are_refused() {
        let short: Vec<Vec<Option<f64>>> =
            panel("inv").iter().map(|unit| unit[..8].to_vec()).collect();
        assert_eq!(
            foretells(&short, &short, 1),
            Err(NoEvidence::TooFewRows { have: 7 })
        );
    }
}
