//! Any formula: what each driver brought, on average over all orders in which drivers could have changed (Shapley 1953).

use super::NoDrivers;

/// Exact for so many drivers.
pub const DRIVERS_MAX: usize = 6;

/// What each of `drivers` brought. `value` gives the number when the drivers that are marked are as they are after and the
/// others as they were before; what comes back adds up to the difference.
pub fn shapley(drivers: usize, value: impl Fn(&[bool]) -> f64) -> Result<Vec<f64>, NoDrivers> {
    if !(1..=DRIVERS_MAX).contains(&drivers) {
        return Err(NoDrivers::Parts { have: drivers });
    }
    let marked = |set: usize| -> Vec<bool> { (0..drivers).map(|at| set >> at & 1 == 1).collect() };
    let values: Vec<f64> = (0..1_usize << drivers)
        .map(|set| value(&marked(set)))
        .collect();
    if values.iter().any(|value| !value.is_finite()) {
        return Err(NoDrivers::NotFinite { part: 0 });
    }
    let orders = factorial(drivers);
    Ok((0..drivers)
        .map(|driver| {
            let without = (0..values.len()).filter(|set| set >> driver & 1 == 0);
            let brought = without.map(|set| {
                let before = set.count_ones() as usize;
                let weight = factorial(before) * factorial(drivers - before - 1) / orders;
                weight * (values[set | 1 << driver] - values[set])
            });
            brought.sum()
        })
        .collect())
}

fn factorial(number: usize) -> f64 {
    (1..=number).map(|factor| factor as f64).product()
}

#[cfg(test)]
mod tests {
    use super::super::examples::products_as_factors;
    use super::*;
    use crate::golden::{assert_near, reference};

    #[test]
    fn three_products_are_taken_apart_as_in_the_reference() {
        let parts = products_as_factors();
        let revenue = |after: &[bool]| -> f64 {
            let products = parts.iter().map(|factors| {
                let sides = factors.iter().zip(after);
                let side =
                    sides.map(|(factor, after)| if *after { factor.after } else { factor.before });
                side.product::<f64>()
            });
            products.sum()
        };
        let found = shapley(3, revenue).unwrap();
        let expected = &reference("drivers-and-scenarios.json")["shapley"];
        for (at, name) in ["volume", "mix", "price"].into_iter().enumerate() {
            assert_near(found[at], expected[name].as_f64().unwrap(), 1e-3);
        }
        assert_near(found.iter().sum::<f64>(), 265.0, 1e-9);
    }

    #[test]
    fn negatives_are_no_trouble_and_seven_drivers_are_refused() {
        let product =
            |after: &[bool]| if after[0] { -2.0 } else { 1.0 } * if after[1] { 5.0 } else { 3.0 };
        let found = shapley(2, product).unwrap();
        assert_near(found[0] + found[1], -13.0, 1e-12);
        assert_eq!(shapley(7, |_| 0.0), Err(NoDrivers::Parts { have: 7 }));
    }
}
