//! A difference taken apart by the measures of a formula: of a sum of products by logarithms, else what each brought on
//! average over all orders in which they could have changed; and of money by volume, mix and price.

use std::collections::BTreeMap;

use throughline_core::{MeasureId, Period, UnitOfMeasure};
use throughline_engine::products_of;
use throughline_insight::drivers::{Change, DRIVERS_MAX, Item, factors, shapley, volume_mix_price};

use super::{Across, Bridge, DriverPart, PartOf, Place};
use crate::words::numbers;

/// How near the formula on its inputs must come to the value, as a part of it.
const SAME: f64 = 1e-6;

/// The measures of a formula in two periods.
struct Inputs {
    measures: Vec<MeasureId>,
    before: BTreeMap<MeasureId, f64>,
    after: BTreeMap<MeasureId, f64>,
}

impl Inputs {
    /// Nothing where the formula is not read by these values alone: then it cannot be taken apart by them.
    fn of(place: &Place<'_>, period: Period, difference: f64) -> Option<Inputs> {
        let id = place.measure.id();
        let inputs = |period| place.view.formula_inputs(id, place.unit, period);
        let (before, after) = (inputs(period)?, inputs(place.period)?);
        if !before.keys().eq(after.keys()) {
            return None;
        }
        let value = |values: &BTreeMap<MeasureId, f64>| place.view.formula_on(id, values);
        let step = value(&after)? - value(&before)?;
        if (step - difference).abs() > SAME * difference.abs() {
            return None;
        }
        let measures = after.keys().copied().collect();
        Some(Inputs {
            measures,
            before,
            after,
        })
    }

    fn change(&self, measure: MeasureId) -> Option<Change> {
        Some(Change {
            before: *self.before.get(&measure)?,
            after: *self.after.get(&measure)?,
        })
    }

    fn part(&self, of: PartOf, measure: MeasureId, brought: f64) -> DriverPart {
        DriverPart {
            of,
            other: self.before.get(&measure).copied(),
            value: self.after.get(&measure).copied(),
            brought,
            by_weight: None,
        }
    }
}

/// The products of which the formula of a measure is the sum.
fn products(place: &Place<'_>) -> Option<Vec<Vec<MeasureId>>> {
    products_of(place.measure.formula.as_ref()?.expression())
}

/// What each measure of the formula brought since another period.
pub(super) fn between(place: &Place<'_>, period: Period, difference: f64) -> Option<Bridge> {
    let inputs = Inputs::of(place, period, difference)?;
    let brought = products(place)
        .and_then(|products| by_logarithms(&inputs, &products))
        .or_else(|| by_orders(place, &inputs))?;
    let parts = brought.into_iter();
    let parts =
        parts.map(|(measure, brought)| inputs.part(PartOf::Measure(measure), measure, brought));
    Bridge::of(Across::Inputs, parts.collect(), difference)
}

/// By the logarithmic mean of each product (LMDI); where all is above 0.
fn by_logarithms(inputs: &Inputs, products: &[Vec<MeasureId>]) -> Option<Vec<(MeasureId, f64)>> {
    let mut brought = Vec::new();
    for product in products {
        let changes = product.iter().map(|measure| inputs.change(*measure));
        let found = factors(&[changes.collect::<Option<Vec<Change>>>()?]).ok()?;
        brought.extend(product.iter().copied().zip(found.added));
    }
    Some(brought)
}

/// On average over all orders in which the measures could have changed; of a few measures.
fn by_orders(place: &Place<'_>, inputs: &Inputs) -> Option<Vec<(MeasureId, f64)>> {
    let measures = &inputs.measures;
    if measures.len() > DRIVERS_MAX {
        return None;
    }
    let on = |changed: &[bool]| {
        let mixed = measures.iter().zip(changed);
        let mixed = mixed.filter_map(|(measure, is_after)| {
            let from = match is_after {
                true => &inputs.after,
                false => &inputs.before,
            };
            Some((*measure, *from.get(measure)?))
        });
        let value = place.view.formula_on(place.measure.id(), &mixed.collect());
        value.unwrap_or(f64::NAN)
    };
    let brought = shapley(measures.len(), on).ok()?;
    Some(measures.iter().copied().zip(brought).collect())
}

/// Money by volume, mix and price: where the formula is a sum of quantities times prices, all quantities in one unit.
pub(super) fn money(place: &Place<'_>, period: Period, difference: f64) -> Option<Bridge> {
    let is_money = |measure: &_| matches!(numbers::unit_of(measure), UnitOfMeasure::Currency(_));
    if !is_money(place.measure) {
        return None;
    }
    let products = products(place)?;
    let model = &place.view.plan;
    let mut pairs = Vec::with_capacity(products.len());
    let mut counted_in = None;
    for product in &products {
        let [one, other] = product[..] else {
            return None;
        };
        let [first, second] = [one, other].map(|id| model.measures().get(id));
        let (quantity, price) = match (is_money(first?), is_money(second?)) {
            (false, true) => (first?, second?),
            (true, false) => (second?, first?),
            _ => return None,
        };
        let unit = numbers::unit_of(quantity);
        if counted_in.get_or_insert_with(|| unit.clone()) != &unit {
            return None;
        }
        pairs.push((quantity.id(), price.id()));
    }
    if pairs.len() < 2 {
        return None;
    }
    let inputs = Inputs::of(place, period, difference)?;
    let items = pairs.iter().map(|(quantity, price)| {
        Some(Item {
            quantity: inputs.change(*quantity)?,
            price: inputs.change(*price)?,
        })
    });
    let found = volume_mix_price(&items.collect::<Option<Vec<Item>>>()?).ok()?;
    let mut parts = vec![DriverPart {
        of: PartOf::Volume,
        other: None,
        value: None,
        brought: found.volume,
        by_weight: None,
    }];
    for ((quantity, price), (mix, dearer)) in pairs.iter().zip(found.mix.iter().zip(&found.price)) {
        parts.push(inputs.part(PartOf::Mix(*quantity), *quantity, *mix));
        parts.push(inputs.part(PartOf::Measure(*price), *price, *dearer));
    }
    Bridge::of(Across::Money, parts, difference)
}
