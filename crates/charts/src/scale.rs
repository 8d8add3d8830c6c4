//! From numbers to pixels: a line of numbers with ticks at round ones, and bands of equal width for periods.

use throughline_core::number::{DECIMALS_MAX, format_bare, short_scale};
use throughline_core::{UnitOfMeasure, format_value};

/// Values beyond this are drawn at the edge: no measure has them, and differences of larger ones could overflow.
const VALUE_MAX: f64 = 1e150;

/// A range of values narrower than this share of its size is all one value.
const NARROWEST_SHARE: f64 = 1e-9;

/// A range of values narrower than this is all one value.
const NARROWEST: f64 = 1e-150;

/// The value if it can be drawn.
pub(crate) fn finite(value: Option<f64>) -> Option<f64> {
    value
        .filter(|value| value.is_finite())
        .map(|value| value.clamp(-VALUE_MAX, VALUE_MAX))
}

/// A line of numbers: values `low..=high` lie on pixels `from..=to`.
#[derive(Clone, Debug)]
pub(crate) struct Linear {
    low: f64,
    high: f64,
    from: f64,
    to: f64,
    /// The round numbers on it, upwards.
    pub ticks: Vec<f64>,
    /// The distance between ticks.
    pub step: f64,
}

impl Linear {
    /// The line that shows all values and ends at round numbers, with about so many ticks. Values that are not finite
    /// are left out; without any it goes from 0 to 1.
    pub(crate) fn nice(
        values: impl Iterator<Item = f64>,
        about: usize,
        from: f64,
        to: f64,
    ) -> Self {
        let (mut low, mut high) = values
            .filter_map(|value| finite(Some(value)))
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
                (low.min(value), high.max(value))
            });
        if low > high {
            (low, high) = (0.0, 1.0);
        }
        let size = low.abs().max(high.abs());
        if high - low < (size * NARROWEST_SHARE).max(NARROWEST) {
            let room = if size < NARROWEST { 1.0 } else { size * 0.1 };
            (low, high) = (low - room, high + room);
        }
        let step = round_step((high - low) / about.max(1) as f64);
        let (first, last) = ((low / step).floor(), (high / step).ceil());
        // A few ticks by construction; the bound only guards against rounding at the edge of precision.
        let count = (last - first).clamp(1.0, 20.0) as usize;
        let ticks = (0..=count)
            .map(|index| (first + index as f64) * step)
            .collect();
        Self {
            low: first * step,
            high: last * step,
            from,
            to,
            ticks,
            step,
        }
    }

    /// The pixel of a value; values outside lie at the ends.
    pub(crate) fn at(&self, value: f64) -> f64 {
        self.beyond(value.clamp(self.low, self.high))
    }

    /// The pixel of a value, also of one that lies outside.
    pub(crate) fn beyond(&self, value: f64) -> f64 {
        let share = (value - self.low) / (self.high - self.low);
        self.from + share * (self.to - self.from)
    }

    /// A number for each tick. The unit stands at the last one alone, and so do millions of money, in which all are then read;
    /// a unit that is a word stands elsewhere.
    pub(crate) fn labels(&self, unit: &UnitOfMeasure) -> Vec<String> {
        let largest = self.low.abs().max(self.high.abs());
        let (by, word) = short_scale(largest, unit).unwrap_or((1.0, ""));
        // Percent moves the point by two.
        let moved = if *unit == UnitOfMeasure::Percent {
            2
        } else {
            0
        };
        let decimals = decimals(self.step / by).saturating_sub(moved);
        let is_named = matches!(unit, UnitOfMeasure::Named(_));
        let last = self.ticks.len().saturating_sub(1);
        let label = |(index, tick): (usize, &f64)| {
            let shown = Some(*tick / by);
            if index == last && !is_named {
                format!("{}{word}", format_value(shown, unit, decimals))
            } else {
                format_bare(shown, unit, decimals)
            }
        };
        self.ticks.iter().enumerate().map(label).collect()
    }
}

/// How many decimals tell one tick from the next.
fn decimals(step: f64) -> u8 {
    let power = step.log10().floor();
    // A step of 2.5 needs one place more than one of 2.
    let digit = step / 10_f64.powf(power);
    let is_whole = (digit - digit.round()).abs() < 1e-6;
    let decimals = if is_whole { 0.0 - power } else { 1.0 - power };
    decimals.clamp(0.0, f64::from(DECIMALS_MAX)) as u8
}

/// The next of 1, 2, 2.5, 5 or 10 times a power of ten that is not smaller.
fn round_step(rough: f64) -> f64 {
    let power = 10_f64.powf(rough.log10().floor());
    let digit = rough / power;
    let round = [1.0, 2.0, 2.5, 5.0]
        .into_iter()
        .find(|round| digit <= *round + 1e-9)
        .unwrap_or(10.0);
    round * power
}

/// Bands of equal width side by side, one per period.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bands {
    pub from: f64,
    /// The width of one band in pixels.
    pub width: f64,
}

impl Bands {
    pub(crate) fn new(count: usize, from: f64, to: f64) -> Self {
        Self {
            from,
            width: (to - from) / count.max(1) as f64,
        }
    }

    /// The left end of a band.
    pub(crate) fn start(self, index: usize) -> f64 {
        self.from + self.width * index as f64
    }

    /// The middle of a band.
    pub(crate) fn middle(self, index: usize) -> f64 {
        self.start(index) + self.width / 2.0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use throughline_core::UnitOfMeasure;

    use super::{Linear, decimals};

    #[test]
    fn ticks_are_round_and_enclose_the_values() {
        let check = |values: &[f64], expected: &[f64]| {
            let line = Linear::nice(values.iter().copied(), 5, 0.0, 100.0);
            assert_eq!(line.ticks, expected, "{values:?}");
        };
        check(&[71.0, 86.0], &[70.0, 75.0, 80.0, 85.0, 90.0]);
        check(&[0.0, 1.0], &[0.0, 0.2, 0.4, 0.6000000000000001, 0.8, 1.0]);
        check(&[], &[0.0, 0.2, 0.4, 0.6000000000000001, 0.8, 1.0]);
        check(&[-3.0, 12.0], &[-5.0, 0.0, 5.0, 10.0, 15.0]);
        check(&[6.0, 6.0], &[5.25, 5.5, 5.75, 6.0, 6.25, 6.5, 6.75]);
    }

    #[test]
    fn what_lies_outside_is_at_the_ends_or_beyond_them() {
        let line = Linear::nice([0.0, 10.0].into_iter(), 5, 100.0, 0.0);
        let check = |value: f64, at: f64, beyond: f64| {
            assert!((line.at(value) - at).abs() < 1e-9, "{value}");
            assert!((line.beyond(value) - beyond).abs() < 1e-9, "{value}");
        };
        check(5.0, 50.0, 50.0);
        check(12.0, 0.0, -20.0);
        check(-1.0, 100.0, 110.0);
    }

    #[test]
    fn decimals_tell_one_tick_from_the_next() {
        let check = |values: &[f64], expected: u8| {
            let line = Linear::nice(values.iter().copied(), 5, 0.0, 100.0);
            assert_eq!(decimals(line.step), expected, "{:?}", line.ticks);
        };
        check(&[0.0, 10.0], 0);
        check(&[0.0, 1.0], 1);
        check(&[0.0, 12.0], 1);
        check(&[0.65, 0.76], 3);
        check(&[0.0, 0.5], 1);
        check(&[0.0, 1000.0], 0);
    }

    #[test]
    fn the_last_tick_has_the_unit_and_money_is_in_millions() {
        let check = |values: [f64; 2], shown_as: &str, expected: &[&str]| {
            let line = Linear::nice(values.into_iter(), 4, 0.0, 100.0);
            assert_eq!(line.labels(&UnitOfMeasure::parse(shown_as)), expected);
        };
        check([0.0, 4e7], "USD", &["0", "10", "20", "30", "$40m"]);
        check([0.0, 2e6], "GBP", &["0.0", "0.5", "1.0", "1.5", "£2.0m"]);
        check([-2e9, 2e9], "EUR", &["−2", "−1", "0", "1", "€2bn"]);
        check([0.0, 800.0], "USD", &["0", "200", "400", "600", "$800"]);
        check([0.0, 1.0], "%", &["0", "25", "50", "75", "100%"]);
        check(
            [0.0, 4e7],
            "",
            &["0", "10,000,000", "20,000,000", "30,000,000", "40,000,000"],
        );
        check([0.0, 40.0], "min", &["0", "10", "20", "30", "40"]);
    }

    proptest! {
        #[test]
        fn any_value_lies_on_the_line(values in proptest::collection::vec(any::<f64>(), 0..9)) {
            let line = Linear::nice(values.iter().copied(), 5, 10.0, 90.0);
            prop_assert!(line.ticks.len() >= 2 && line.ticks.iter().all(|tick| tick.is_finite()));
            for value in values.into_iter().filter(|value| value.is_finite()) {
                prop_assert!((10.0..=90.0).contains(&line.at(value)));
            }
        }
    }
}
