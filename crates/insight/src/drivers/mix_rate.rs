//! Ratios: how much of a difference comes from better or worse rates within parts, and how much from the weight of parts.

use super::{Change, NoDrivers, check};

/// A part of a ratio, such as a branch: its numerator and denominator.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RatioPart {
    /// What is counted.
    pub numerator: Change,
    /// What it is counted out of, 0 or more.
    pub denominator: Change,
}

/// What a part brought to a difference of the whole ratio.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MixRate {
    /// Because its own rate changed.
    pub rate: f64,
    /// Because its weight changed, by how much its rate lies above that of the whole.
    pub mix: f64,
}

/// Takes the difference of a ratio apart by parts; all together add up to it. Weights and rates are taken at the mean of both
/// sides (Marshall and Edgeworth), so that before and after may change places. A part that is new, or gone, has no rate on one
/// side: it is all mix.
pub fn mix_rate(parts: &[RatioPart]) -> Result<Vec<MixRate>, NoDrivers> {
    let changes = parts.iter().enumerate();
    check(
        parts.len(),
        changes.flat_map(|(at, part)| [(at, part.numerator), (at, part.denominator)]),
    )?;
    let is_odd = |part: &RatioPart| part.denominator.before < 0.0 || part.denominator.after < 0.0;
    if let Some(part) = parts.iter().position(is_odd) {
        return Err(NoDrivers::NotPositive { part });
    }
    let total = |of: fn(&RatioPart) -> Change| Change {
        before: parts.iter().map(|part| of(part).before).sum(),
        after: parts.iter().map(|part| of(part).after).sum(),
    };
    let (numerator, denominator) = (total(|part| part.numerator), total(|part| part.denominator));
    if !denominator.is_positive() {
        return Err(NoDrivers::NotPositive { part: 0 });
    }
    let whole = f64::midpoint(
        numerator.before / denominator.before,
        numerator.after / denominator.after,
    );
    Ok(parts
        .iter()
        .map(|part| of_part(part, denominator, whole))
        .collect())
}

fn of_part(part: &RatioPart, denominator: Change, whole: f64) -> MixRate {
    let weight = Change {
        before: part.denominator.before / denominator.before,
        after: part.denominator.after / denominator.after,
    };
    // What a part adds to the ratio, its weight times its rate, is known also where the weight is 0.
    let adds = Change {
        before: part.numerator.before / denominator.before,
        after: part.numerator.after / denominator.after,
    };
    let rate = if weight.is_positive() {
        let step = adds.after / weight.after - adds.before / weight.before;
        f64::midpoint(weight.before, weight.after) * step
    } else {
        0.0
    };
    MixRate {
        rate,
        mix: adds.step() - rate - whole * weight.step(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::golden::assert_near;

    fn part(before: (f64, f64), after: (f64, f64)) -> RatioPart {
        RatioPart {
            numerator: Change {
                before: before.0,
                after: after.0,
            },
            denominator: Change {
                before: before.1,
                after: after.1,
            },
        }
    }

    #[test]
    fn a_ratio_may_fall_while_all_its_parts_rise() {
        // Simpson's paradox: both rates rise by a point, the weak part grows.
        let parts = [
            part((80.0, 100.0), (40.5, 50.0)),
            part((20.0, 50.0), (82.0, 200.0)),
        ];
        let found = mix_rate(&parts).unwrap();
        let rate: f64 = found.iter().map(|one| one.rate).sum();
        let mix: f64 = found.iter().map(|one| one.mix).sum();
        assert_near(rate, 0.01, 1e-12);
        assert!(mix < 0.0);
        assert_near(rate + mix, 122.5 / 250.0 - 100.0 / 150.0, 1e-12);
    }

    #[test]
    fn a_new_part_is_all_mix() {
        let parts = [
            part((50.0, 100.0), (50.0, 100.0)),
            part((0.0, 0.0), (90.0, 100.0)),
        ];
        let found = mix_rate(&parts).unwrap();
        assert_near(found[1].rate, 0.0, 0.0);
        assert!(found[1].mix > 0.0);
        let all: f64 = found.iter().map(|one| one.rate + one.mix).sum();
        assert_near(all, 0.7 - 0.5, 1e-12);
    }

    #[test]
    fn a_ratio_out_of_nothing_is_refused() {
        let parts = [part((0.0, 0.0), (1.0, 2.0))];
        assert_eq!(mix_rate(&parts), Err(NoDrivers::NotPositive { part: 0 }));
        let parts = [part((0.0, 3.0), (1.0, -2.0))];
        assert_eq!(mix_rate(&parts), Err(NoDrivers::NotPositive { part: 0 }));
    }

    mod properties {
        use proptest::prelude::*;

        use super::*;

        proptest! {
            #[test]
            fn parts_add_up_and_turn_around(
                numbers in proptest::collection::vec((0.0..50.0_f64, 1.0..50.0_f64, 0.0..50.0_f64, 1.0..50.0_f64), 1..6)
            ) {
                let parts: Vec<RatioPart> = numbers.iter().map(|n| part((n.0, n.1), (n.2, n.3))).collect();
                let turned: Vec<RatioPart> = numbers.iter().map(|n| part((n.2, n.3), (n.0, n.1))).collect();
                let (found, back) = (mix_rate(&parts).unwrap(), mix_rate(&turned).unwrap());
                let sum = |side: usize| -> f64 {
                    let pick = |n: &(f64, f64, f64, f64)| if side == 0 { (n.0, n.1) } else { (n.2, n.3) };
                    let top: f64 = numbers.iter().map(|n| pick(n).0).sum();
                    let bottom: f64 = numbers.iter().map(|n| pick(n).1).sum();
                    top / bottom
                };
                let all: f64 = found.iter().map(|one| one.rate + one.mix).sum();
                prop_assert!((all - (sum(1) - sum(0))).abs() < 1e-9);
                for (one, other) in found.iter().zip(&back) {
                    prop_assert!((one.rate + other.rate).abs() < 1e-9);
                    prop_assert!((one.mix + other.mix).abs() < 1e-9);
                }
            }
        }
    }
}
