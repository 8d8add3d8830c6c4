//! Where a value stands against its target: a bar from zero, a tick for the target, a zone beyond the floor.

use throughline_core::UnitOfMeasure;

use crate::chart::{Chart, Width};
use crate::scale::finite;
use crate::svg::{Frame, Path, Rect, Svg};
use crate::words::Numbers;

const WIDTH: f64 = 84.0;
const HEIGHT: f64 = 18.0;
/// The background and the floor's zone on it.
const ZONE: (f64, f64) = (3.0, 12.0);
/// The bar of the actual value.
const BAR: (f64, f64) = (6.5, 5.0);
/// How far beyond the largest value the axis goes.
const HEADROOM: f64 = 1.15;

/// Which values are better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Better {
    /// More is better; the floor is the least that is acceptable.
    Higher,
    /// Less is better; the floor is the most that is acceptable.
    Lower,
}

/// One value against target and floor. The axis always contains zero, so that the length of the bar is the value.
#[derive(Clone, Debug)]
pub struct Bullet {
    /// The measure's name.
    pub name: String,
    /// The unit its values are shown in.
    pub unit: UnitOfMeasure,
    /// The decimals its values are shown with.
    pub decimals: u8,
    /// Which values are better.
    pub better: Better,
    /// The value, if there is one.
    pub actual: Option<f64>,
    /// The target, if there is one.
    pub target: Option<f64>,
    /// The floor, if there is one.
    pub floor: Option<f64>,
}

impl Bullet {
    fn numbers(&self) -> Numbers<'_> {
        Numbers {
            unit: &self.unit,
            decimals: self.decimals,
        }
    }

    /// The ends of the axis: all values and zero, with some room on the side that has values.
    fn domain(&self) -> (f64, f64) {
        let values = || {
            [self.actual, self.target, self.floor]
                .into_iter()
                .filter_map(finite)
        };
        let low = values().fold(0.0, f64::min) * HEADROOM;
        let high = values().fold(0.0, f64::max) * HEADROOM;
        // A share is read against the whole, as far as it stays within.
        let is_share =
            self.unit == UnitOfMeasure::Percent && low >= 0.0 && values().all(|value| value <= 1.0);
        match (low, high) {
            _ if is_share => (0.0, high.clamp(f64::MIN_POSITIVE, 1.0)),
            (0.0, 0.0) => (0.0, 1.0),
            ends => ends,
        }
    }
}

impl Chart for Bullet {
    fn title(&self) -> String {
        format!("{} against target", self.name)
    }

    fn description(&self) -> String {
        let numbers = self.numbers();
        let Some(actual) = finite(self.actual) else {
            return "There is no value.".to_owned();
        };
        let value = numbers.value(Some(actual));
        let mut text = match finite(self.target) {
            Some(target) => {
                let beside = numbers.beside(actual, target);
                format!(
                    "{value}, {beside} the target of {}.",
                    numbers.value(Some(target))
                )
            }
            None => format!("{value}; there is no target."),
        };
        if let Some(floor) = finite(self.floor) {
            text.push_str(&format!(" The floor is {}.", numbers.value(Some(floor))));
        }
        text
    }

    fn table(&self) -> Vec<Vec<String>> {
        let numbers = self.numbers();
        let rows = [
            ("Actual", self.actual),
            ("Target", self.target),
            ("Floor", self.floor),
        ];
        let heads = vec!["What".to_owned(), "Value".to_owned()];
        let shown = rows
            .into_iter()
            .map(|(what, value)| vec![what.to_owned(), numbers.value(value)]);
        std::iter::once(heads).chain(shown).collect()
    }

    fn drawing(&self, _width: Width) -> String {
        let (low, high) = self.domain();
        let at = |value: f64| ((value - low) / (high - low)).clamp(0.0, 1.0) * WIDTH;
        let strip = |(top, height): (f64, f64), from: f64, to: f64| Rect {
            x: from.min(to),
            y: top,
            width: (to - from).abs(),
            height,
        };
        let mut svg = Svg::new();
        svg.rect("b-bg2", strip(ZONE, 0.0, WIDTH), 2.0);
        if let Some(floor) = finite(self.floor) {
            let beyond = if self.better == Better::Higher {
                0.0
            } else {
                WIDTH
            };
            svg.rect("b-bg1", strip(ZONE, at(floor), beyond), 2.0);
        }
        if let Some(actual) = finite(self.actual) {
            svg.rect("b-ac", strip(BAR, at(0.0), at(actual)), 1.0);
        }
        if low < 0.0 {
            svg.path(
                "c-axis",
                Path::new()
                    .move_to(at(0.0), ZONE.0)
                    .down_to(ZONE.0 + ZONE.1),
            );
        }
        if let Some(target) = finite(self.target) {
            // The tick is two pixels wide and stays inside whole.
            let x = at(target).clamp(1.0, WIDTH - 1.0);
            svg.path("b-plan", Path::new().move_to(x, 1.5).down_to(HEIGHT - 1.5));
        }
        svg.finish(&Frame {
            class: "bullet",
            width: WIDTH,
            height: HEIGHT,
            title: &self.title(),
            description: &self.description(),
            parts: false,
        })
    }
}
