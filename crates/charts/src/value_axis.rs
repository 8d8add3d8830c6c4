//! The axis of values below a chart that runs across: a line for each of its ticks, zero stronger than the others.

use throughline_core::UnitOfMeasure;

use crate::scale::Linear;
use crate::svg::{Anchor, Path, Rect, Svg};
use crate::text::{Style, width};

/// The room for its labels.
pub(crate) const AXIS: f64 = 26.0;

/// So far from the end of a drawing its last label stays.
const EDGE: f64 = 2.0;

/// Draws it over the full width, its labels below `bottom`. The last one alone says in what unit all are: it has its place before
/// the others, and stands inside even where its tick is near the end.
pub(crate) fn value_axis(
    svg: &mut Svg,
    (line, unit): (&Linear, &UnitOfMeasure),
    (full, bottom): (f64, f64),
) {
    let ticks = line.ticks.iter().zip(line.labels(unit));
    for (tick, text) in ticks.rev() {
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
        let last = full - EDGE - width(&text, Style::Label) / 2.0;
        let at = (x.min(last), bottom + 17.0);
        svg.free_label(Style::Label, Anchor::Middle, at, within, &text);
    }
}

#[cfg(test)]
mod tests {
    use throughline_core::UnitOfMeasure;

    use crate::checks::holds;
    use crate::scale::Linear;
    use crate::{Change, Chart, PredictedChart};

    /// The label of the last tick, the only one with the unit.
    fn last_label(sizes: [f64; 2], unit: &str) -> String {
        let sizes = sizes.into_iter().chain([0.0]);
        let line = Linear::nice(sizes, 5, 0.0, 1.0);
        let labels = line.labels(&UnitOfMeasure::parse(unit));
        labels.last().expect("a tick").clone()
    }

    #[test]
    fn the_label_with_the_unit_is_drawn_however_many_others_there_are() {
        let change = |size: f64| Change {
            size,
            said: format!("{size}"),
        };
        let check = |[least, most]: [f64; 2], unit: &str| {
            let chart = PredictedChart {
                name: "Costs".to_owned(),
                unit: unit.to_owned(),
                change: change(most),
                least: change(least),
                most: change(most),
                actual: None,
                outcome: "not known yet".to_owned(),
            };
            holds(&chart);
            let label = last_label([least, most], unit);
            for width in chart.widths() {
                let drawing = chart.drawing(*width);
                assert!(drawing.contains(&format!(">{label}</text>")), "{drawing}");
            }
        };
        assert_eq!(last_label([-1e5, 1.1e6], "CHF"), "CHF 1.25m");
        for unit in ["CHF", "USD", "%"] {
            check([-1e5, 1.1e6], unit);
            check([-9e5, 1.4e6], unit);
            check([0.0, 4e7], unit);
            check([-2.2e9, 1e8], unit);
            check([-4e14, 8e14], unit);
        }
    }
}
