//! Money: how much of a difference in revenue or cost is volume, how much mix, how much price.

use super::{Change, NoDrivers, check};

/// What is sold or bought, in quantity and price.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Item {
    /// How much of it; all items in one unit.
    pub quantity: Change,
    /// What one costs.
    pub price: Change,
}

/// The parts of a difference in money; together they are the difference.
#[derive(Clone, Debug, PartialEq)]
pub struct VolumeMixPrice {
    /// More or less of everything, at the mean price of before.
    pub volume: f64,
    /// Of each item: more or less of it than of everything, by how much dearer than the mean it was.
    pub mix: Vec<f64>,
    /// Of each item: its change of price, on what there is of it now.
    pub price: Vec<f64>,
}

impl VolumeMixPrice {
    /// The difference.
    pub fn total(&self) -> f64 {
        self.volume + self.mix.iter().sum::<f64>() + self.price.iter().sum::<f64>()
    }
}

/// Takes a difference in money apart. The quantity of before must not add up to 0.
pub fn volume_mix_price(items: &[Item]) -> Result<VolumeMixPrice, NoDrivers> {
    let changes = items.iter().enumerate();
    check(
        items.len(),
        changes.flat_map(|(at, item)| [(at, item.quantity), (at, item.price)]),
    )?;
    let before: f64 = items.iter().map(|item| item.quantity.before).sum();
    let after: f64 = items.iter().map(|item| item.quantity.after).sum();
    if before <= 0.0 {
        return Err(NoDrivers::NotPositive { part: 0 });
    }
    let money = items
        .iter()
        .map(|item| item.quantity.before * item.price.before);
    let mean_price = money.sum::<f64>() / before;
    let mix = items.iter().map(|item| {
        let with_the_rest = after * (item.quantity.before / before);
        (item.quantity.after - with_the_rest) * (item.price.before - mean_price)
    });
    let price = items
        .iter()
        .map(|item| item.quantity.after * item.price.step());
    Ok(VolumeMixPrice {
        volume: (after - before) * mean_price,
        mix: mix.collect(),
        price: price.collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::super::examples::products;
    use super::*;
    use crate::golden::{assert_near, numbers, reference};

    #[test]
    fn three_products_are_taken_apart_as_in_the_reference() {
        let expected = &reference("drivers-and-scenarios.json")["pvm"];
        let found = volume_mix_price(&products()).unwrap();
        assert_near(found.volume, expected["volume"].as_f64().unwrap(), 1e-9);
        for (found, expected) in found.mix.iter().zip(numbers(&expected["mix"])) {
            assert_near(*found, expected, 1e-9);
        }
        for (found, expected) in found.price.iter().zip(numbers(&expected["price"])) {
            assert_near(*found, expected, 1e-9);
        }
        assert_near(found.total(), 4865.0 - 4600.0, 1e-9);
    }

    #[test]
    fn nothing_before_is_refused() {
        let mut items = products();
        items.iter_mut().for_each(|item| item.quantity.before = 0.0);
        assert_eq!(
            volume_mix_price(&items),
            Err(NoDrivers::NotPositive { part: 0 })
        );
        assert_eq!(volume_mix_price(&[]), Err(NoDrivers::Parts { have: 0 }));
    }
}
