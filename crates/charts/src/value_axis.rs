//! The axis of values below a chart that runs across: a line for each of its ticks, zero stronger than the others.

use throughline_core::UnitOfMeasure;

use crate::scale::Linear;
use crate::svg::{Anchor, Path, Rect, Svg};
use crate::text::Style;

/// The room for its labels.
pub(crate) const AXIS: f64 = 26.0;

/// Draws it over the full width, its labels below `bottom`.
pub(crate) fn value_axis(
    svg: &mut Svg,
    (line, unit): (&Linear, &UnitOfMeasure),
    (full, bottom): (f64, f64),
) {
    for (tick, text) in line.ticks.iter().zip(line.labels(unit)) {
        let x = line.at(*tick);
        let is_zero = tick.abs() < line.step / 2.0;
        let class = if is_zero { "c-axis" } else { "c-grid" };
        svg.path(class, Path::new().move_to(x, 0.0).down_to(bottom));
        let within = Rect {
            x: 0.0,
            y: bottom,
            width: full,
            height: AXIS,
        };
        let at = (x, bottom + 17.0);
        svg.free_label(Style::Label, Anchor::Middle, at, within, &text);
    }
}
