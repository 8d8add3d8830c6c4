//! The moving range below a time chart: how far each value moved from the one before, and above which size a step is not
//! routine.

use super::draw::{BASE_LINE, LABEL_GAP, Plot};
use super::{Step, TimePoint};
use crate::scale::{Linear, finite};
use crate::sparkline::runs;
use crate::svg::{Anchor, Path, Svg};
use crate::text::{self, Style};

/// How much higher a drawing is with the steps.
pub(super) const HEIGHT: f64 = 92.0;
/// From the bottom of the chart's own part to the steps: their heading.
const HEAD: f64 = 20.0;
/// Below the axis of the steps.
const FOOT: f64 = 6.0;

/// The step of a period, if it can be drawn.
pub(super) fn step(point: &TimePoint) -> Option<Step> {
    let step = point.step?;
    Some(Step {
        size: finite(Some(step.size.abs()))?,
        limit: finite(step.limit),
    })
}

impl Plot<'_> {
    pub(super) fn steps_below(&self, svg: &mut Svg, from: f64) {
        let points = &self.chart.points;
        let sizes = || points.iter().map(|point| step(point).map(|step| step.size));
        let limits = || {
            points
                .iter()
                .map(|point| step(point).and_then(|step| step.limit))
        };
        if sizes().flatten().next().is_none() {
            return;
        }
        let bottom = from + HEIGHT - FOOT;
        let values = sizes().chain(limits()).flatten().chain([0.0]);
        let scale = Linear::nice(values, 2, bottom, from + HEAD);
        let left = self.bands.from;
        svg.label(
            Style::Label,
            Anchor::Start,
            left,
            from + 10.0,
            self.right - left,
            "Moving range, from one value to the next",
        );
        self.limit_of_steps(svg, &scale);
        let mut line = Path::new();
        for run in runs(sizes()) {
            let alone = run.len() == 1;
            for (at, (index, size)) in run.into_iter().enumerate() {
                let (x, y) = (self.bands.middle(index), scale.at(size));
                match (alone, at) {
                    (true, _) => line.move_to(x - 2.0, y).across_to(x + 2.0),
                    (false, 0) => line.move_to(x, y),
                    (false, _) => line.line_to(x, y),
                };
            }
        }
        svg.path("c-ac", &line);
        for (index, point) in points.iter().enumerate() {
            if let Some(step) = step(point).filter(|step| step.is_large()) {
                let (x, y) = (self.bands.middle(index), scale.at(step.size));
                svg.circle("c-ring", x, y, 4.5);
            }
        }
        let axis = &mut Path::new();
        svg.path("c-axis", axis.move_to(left, bottom).across_to(self.right));
    }

    /// The limit as one level within each period, named at its right end.
    fn limit_of_steps(&self, svg: &mut Svg, scale: &Linear) {
        let limits = self.chart.points.iter();
        let limits = limits.map(|point| step(point).and_then(|step| step.limit));
        let (mut path, mut last) = (Path::new(), None);
        for run in runs(limits) {
            for (at, (index, limit)) in run.into_iter().enumerate() {
                let y = scale.at(limit);
                match at {
                    0 => path.move_to(self.bands.start(index), y),
                    _ => path.down_to(y),
                };
                path.across_to(self.bands.start(index + 1));
                last = Some((limit, y));
            }
        }
        svg.path("c-lim", &path);
        let Some((limit, y)) = last else {
            return;
        };
        let room = self.width - self.right - LABEL_GAP;
        let limit = self.chart.numbers().short_size(limit);
        let texts = [format!("Routine to {limit}"), limit];
        let text = texts
            .iter()
            .find_map(|text| text::fit_whole(text, Style::Label, room));
        if let Some(text) = text {
            let left = self.right + LABEL_GAP;
            svg.whole_label(Style::Label, Anchor::Start, left, y + BASE_LINE, text);
        }
    }
}
