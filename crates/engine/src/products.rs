//! Which formulas are sums of products of measures: of these it can be told exactly what each factor brought.

use throughline_core::MeasureId;
use throughline_model::formula::{Expression, Operator};

/// The products of which a formula is the sum, as measures; nothing where it is anything else, or names a measure twice.
pub fn products_of(expression: &Expression) -> Option<Vec<Vec<MeasureId>>> {
    let products = sum(expression)?;
    let mut named: Vec<MeasureId> = products.iter().flatten().copied().collect();
    named.sort_unstable();
    let is_once = named.windows(2).all(|pair| pair[0] != pair[1]);
    is_once.then_some(products)
}

fn sum(expression: &Expression) -> Option<Vec<Vec<MeasureId>>> {
    match expression {
        Expression::Binary {
            operator: Operator::Add,
            left,
            right,
        } => {
            let mut products = sum(left)?;
            products.extend(sum(right)?);
            Some(products)
        }
        other => Some(vec![product(other)?]),
    }
}

fn product(expression: &Expression) -> Option<Vec<MeasureId>> {
    match expression {
        Expression::Measure(of) if of.unit.is_none() => Some(vec![of.measure]),
        Expression::Binary {
            operator: Operator::Multiply,
            left,
            right,
        } => {
            let mut factors = product(left)?;
            factors.extend(product(right)?);
            Some(factors)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use throughline_model::formula::Formula;

    use super::*;

    /// The places of the measures `a` to `f` in each product.
    fn places(text: &str) -> Option<Vec<Vec<u128>>> {
        let mut known = |_, name: &str| {
            let letter = name.bytes().next().unwrap_or_default();
            Ok(uuid::Uuid::from_u128(u128::from(letter - b'a')))
        };
        let formula = Formula::parse(text, &mut known).expect("a formula");
        let products = products_of(formula.expression())?;
        let place = |measure: &MeasureId| measure.as_uuid().as_u128();
        Some(
            products
                .iter()
                .map(|product| product.iter().map(place).collect())
                .collect(),
        )
    }

    #[test]
    fn sums_of_products_are_known() {
        assert_eq!(places("a * b"), Some(vec![vec![0, 1]]));
        let both = vec![vec![0, 1], vec![2, 3], vec![4]];
        assert_eq!(places("a * b + (c * d) + e"), Some(both));
        assert_eq!(places("a + b"), Some(vec![vec![0], vec![1]]));
        for other in [
            "a * a",
            "a - b",
            "a * 2",
            "a / b",
            "(a + b) * c",
            "prev(a, 1)",
        ] {
            assert_eq!(places(other), None, "{other}");
        }
    }
}
