//! Values that look observed: each wanders around its own level, and is decided by its cell alone.

use std::fmt::Write;

use super::plan::{self, ROLES};
use super::{MeasureNumber, month_name};
use throughline_model::records::MeasureKind;

/// Numbers that look random and are the same each time: splitmix64 (Steele, Lea and Flood, "Fast splittable
/// pseudorandom number generators", 2014).
#[derive(Clone, Copy, Debug)]
pub(super) struct Chance(u64);

impl Chance {
    /// The start that belongs to these numbers.
    pub fn of(numbers: &[usize]) -> Chance {
        let mut chance = Chance(0);
        for number in numbers {
            chance.0 ^= *number as u64;
            chance.0 = chance.next();
        }
        chance
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 up to, but not including, 1.
    pub fn share(&mut self) -> f64 {
        let bits = 53;
        (self.next() >> (u64::BITS - bits)) as f64 / (1_u64 << bits) as f64
    }

    /// A number from 0 up to, but not including, `count`.
    pub fn number(&mut self, count: usize) -> usize {
        (self.next() % count as u64) as usize
    }
}

/// The level around which the values of a measure wander.
pub(super) fn level(measure: MeasureNumber) -> f64 {
    let share = measure.chance().share();
    match ROLES[measure.in_unit].kind {
        MeasureKind::Ratio => 0.6 + 0.35 * share,
        MeasureKind::YesNo => 0.8,
        _ => 40.0 + 400.0 * share,
    }
}

/// Adds the row of one cell.
pub(super) fn add_row(
    text: &mut String,
    measure: MeasureNumber,
    unit: usize,
    month: usize,
    period: &str,
) {
    let mut chance = Chance::of(&[measure.unit, measure.in_unit, unit, month]);
    let kind = ROLES[measure.in_unit].kind;
    let level = level(measure);
    let wandered = level * (0.9 + 0.2 * chance.share());
    let key = plan::measure_key(measure);
    let unit = plan::unit_key(unit);
    let row = match kind {
        MeasureKind::YesNo => {
            let word = if chance.share() < level { "yes" } else { "no" };
            writeln!(text, "{key},{unit},{period},{word},")
        }
        MeasureKind::Ratio => {
            let cases = 20 + chance.number(400);
            let value = wandered.min(1.0);
            writeln!(text, "{key},{unit},{period},{value:.4},{cases}")
        }
        MeasureKind::Mean => {
            let cases = 1 + chance.number(400);
            writeln!(text, "{key},{unit},{period},{wandered:.2},{cases}")
        }
        MeasureKind::Sum => writeln!(text, "{key},{unit},{period},{wandered:.0},"),
        _ => writeln!(text, "{key},{unit},{period},{wandered:.1},"),
    };
    // Writing to a text cannot fail.
    row.unwrap_or_default();
}

/// The targets of a measure: where it was in the first month, and where it is to be at the end of each year.
pub(super) fn path(measure: MeasureNumber, is_better_higher: bool) -> [(String, f64); 3] {
    let level = level(measure);
    let improvement = if is_better_higher { 0.02 } else { -0.02 };
    let point = |years: usize| {
        let value = level * (1.0 + improvement * years as f64);
        (month_name(2 + 12 * years), value)
    };
    [point(0), point(1), point(2)]
}
