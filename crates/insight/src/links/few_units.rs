//! The effect of a link with the error that holds for few units, by [`crate::clusters`].

use super::NoEvidence;
use super::estimate::{Claim, LinkData, check_all, columns};
use super::slope::Slope;
use crate::clusters::ClusterError;

/// An effect and its error for few units.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OfFewUnits {
    /// How many units there are.
    pub units: usize,
    /// The effect of one more of the driver, in units of the outcome.
    pub plain_effect: f64,
    /// How uncertain it is.
    pub error: ClusterError,
}

/// The effect at the claimed lag with the error for few units (CR2). It allows for carry-over in units and not for shocks that few
/// of them share, as the error of [`super::estimate`] does.
pub fn of_few_units(data: &LinkData<'_>, claim: &Claim) -> Result<OfFewUnits, NoEvidence> {
    check_all(data, claim)?;
    let slope = Slope::of(&columns(data, claim.lag as isize), None)?;
    slope.error()?;
    Ok(OfFewUnits {
        units: slope.rows.units,
        plain_effect: slope.slope,
        error: slope.bias_reduced().map_err(NoEvidence::OfFewUnits)?,
    })
}

#[cfg(test)]
mod tests {
    use super::super::grunfeld::panel;
    use super::super::{Direction, Strength, USEFUL};
    use super::*;
    use crate::golden::{assert_near, numbers, reference};

    #[test]
    fn ten_firms_have_the_error_of_the_reference() {
        let (driver, outcome, capital) = (panel("value"), panel("inv"), panel("capital"));
        let data = LinkData {
            driver: &driver,
            outcome: &outcome,
            controls: &[&capital],
        };
        let claim = Claim {
            direction: Direction::Same,
            lag: 0,
            strength: Strength::Moderate,
            useful: USEFUL,
        };
        let found = of_few_units(&data, &claim).unwrap();
        let expected = &reference("panel-and-meta-r.json")["grunfeld"]["twoway_CR2"];
        assert_eq!(found.units, 10);
        assert_near(found.plain_effect, numbers(&expected["coef"])[0], 1e-6);
        assert_near(
            found.error.standard_error,
            numbers(&expected["se"])[0],
            1e-6,
        );
        let (low, high) = found.error.interval(found.plain_effect);
        assert!(low > 0.0 && high < 0.25, "{low} {high}");
    }
}
