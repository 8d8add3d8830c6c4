//! Products of factors: how much of a difference is due to each factor, without a rest. LMDI (Ang 2005), for factors above 0.

use super::{Change, NoDrivers, check};

/// The most factors of a product.
pub const FACTORS_MAX: usize = 20;

/// What each factor brought.
#[derive(Clone, Debug, PartialEq)]
pub struct FactorEffects {
    /// Of each factor what it added; together the difference.
    pub added: Vec<f64>,
    /// Of each factor by what it multiplied; their product is the ratio of after to before.
    pub multiplied: Vec<f64>,
}

/// Takes the difference of a sum of products apart by factor: for each part its factors, in one order. A change from or to 0
/// has no such answer; there [`super::shapley`] has.
pub fn factors(parts: &[Vec<Change>]) -> Result<FactorEffects, NoDrivers> {
    let changes = parts.iter().enumerate();
    check(
        parts.len(),
        changes.flat_map(|(at, factors)| factors.iter().map(move |factor| (at, *factor))),
    )?;
    let count = parts[0].len();
    let is_even = parts.iter().all(|factors| factors.len() == count);
    if !is_even || count == 0 || count > FACTORS_MAX {
        return Err(NoDrivers::Shape);
    }
    let is_odd = |factors: &Vec<Change>| !factors.iter().all(|factor| factor.is_positive());
    if let Some(part) = parts.iter().position(is_odd) {
        return Err(NoDrivers::NotPositive { part });
    }
    let product = |factors: &[Change]| Change {
        before: factors.iter().map(|factor| factor.before).product(),
        after: factors.iter().map(|factor| factor.after).product(),
    };
    let products: Vec<Change> = parts.iter().map(|factors| product(factors)).collect();
    let total = Change {
        before: products.iter().map(|product| product.before).sum(),
        after: products.iter().map(|product| product.after).sum(),
    };
    let added: Vec<f64> = (0..count)
        .map(|factor| {
            let pairs = parts.iter().zip(&products);
            let effects = pairs.map(|(factors, product)| {
                logarithmic_mean(*product) * (factors[factor].after / factors[factor].before).ln()
            });
            effects.sum()
        })
        .collect();
    let mean = logarithmic_mean(total);
    let multiplied = added.iter().map(|added| (added / mean).exp()).collect();
    Ok(FactorEffects { added, multiplied })
}

/// (a - b) / (ln a - ln b), and a where both are the same.
fn logarithmic_mean(change: Change) -> f64 {
    let ratio = change.after / change.before;
    // Near 1 the quotient loses its digits, and the mean of both is as near.
    if (ratio - 1.0).abs() < 1e-6 {
        f64::midpoint(change.before, change.after)
    } else {
        change.step() / ratio.ln()
    }
}

#[cfg(test)]
mod tests {
    use super::super::examples::products_as_factors;
    use super::*;
    use crate::golden::{assert_near, reference};

    #[test]
    fn three_products_are_taken_apart_as_in_the_reference() {
        let expected = reference("drivers-and-scenarios.json");
        let found = factors(&products_as_factors()).unwrap();
        for (at, name) in ["volume", "mix", "price"].into_iter().enumerate() {
            let added = expected["lmdi_additive"][name].as_f64().unwrap();
            assert_near(found.added[at], added, 1e-3);
            let multiplied = expected["lmdi_multiplicative"][name].as_f64().unwrap();
            assert_near(found.multiplied[at], multiplied, 1e-6);
        }
        assert_near(found.added.iter().sum::<f64>(), 265.0, 1e-9);
        assert_near(
            found.multiplied.iter().product::<f64>(),
            4865.0 / 4600.0,
            1e-12,
        );
    }

    #[test]
    fn factors_must_be_above_0_and_as_many() {
        let mut parts = products_as_factors();
        parts[1][2].after = 0.0;
        assert_eq!(factors(&parts), Err(NoDrivers::NotPositive { part: 1 }));
        parts[1].pop();
        assert_eq!(factors(&parts), Err(NoDrivers::Shape));
    }

    mod properties {
        use proptest::prelude::*;

        use super::*;

        proptest! {
            #[test]
            fn effects_add_up_and_multiply_up(
                numbers in proptest::collection::vec((0.01..100.0_f64, 0.01..100.0_f64), 6)
            ) {
                let change = |at: usize| Change { before: numbers[at].0, after: numbers[at].1 };
                let parts: Vec<Vec<Change>> = (0..3).map(|part| vec![change(2 * part), change(2 * part + 1)]).collect();
                let found = factors(&parts).unwrap();
                let sum = |side: fn(&Change) -> f64| -> f64 {
                    parts.iter().map(|factors| factors.iter().map(side).product::<f64>()).sum()
                };
                let (before, after) = (sum(|one| one.before), sum(|one| one.after));
                let added: f64 = found.added.iter().sum();
                prop_assert!((added - (after - before)).abs() < 1e-8 * (before + after));
                let multiplied: f64 = found.multiplied.iter().product();
                prop_assert!((multiplied / (after / before) - 1.0).abs() < 1e-8);
            }
        }
    }
}
