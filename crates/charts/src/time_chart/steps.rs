//! The moving range below a time chart: how far each value moved from the one before, and above which size a step is not
//! routine.

use super::draw::{BASE_LINE, LABEL_GAP, Plot};
use super::strokes::{Stroke, along, crosses};
use super::{Step, TimeChart, TimePoint};
use crate::scale::{Linear, finite};
use crate::sparkline::runs;
use crate::svg::{Anchor, Path, Rect, Svg, label_box};
use crate::text::{self, Style};

/// How much higher a drawing is with the steps.
pub(super) const HEIGHT: f64 = 92.0;
/// From the bottom of the chart's own part to the steps: their heading.
const HEAD: f64 = 20.0;
/// From there to the base line of the heading.
const HEAD_LINE: f64 = 10.0;
/// The radius of the ring around a large step.
const RING: f64 = 4.5;
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
        let heads = ["Moving range, from one value to the next", "Moving range"];
        let mut heads = heads.into_iter();
        if let Some(head) =
            heads.find_map(|head| text::fit_whole(head, Style::Label, self.right - left))
        {
            svg.whole_label(Style::Label, Anchor::Start, left, from + HEAD_LINE, head);
        }
        self.limit_of_steps(svg, &scale);
        let mut line = Path::new();
        for run in runs(sizes()) {
            self.draw_through(&mut line, &scale, &run);
        }
        svg.path("c-ac", &line);
        for (index, point) in points.iter().enumerate() {
            if let Some(step) = step(point).filter(|step| step.is_large()) {
                let (x, y) = (self.bands.middle(index), scale.at(step.size));
                svg.circle("c-ring", x, y, RING);
            }
        }
        let axis = &mut Path::new();
        svg.path("c-axis", axis.move_to(left, bottom).across_to(self.right));
    }

    /// The limit as one level within each period, named at its right end, or above it where there is no room.
    fn limit_of_steps(&self, svg: &mut Svg, scale: &Linear) {
        let limits = self.chart.points.iter();
        let limits = limits.map(|point| step(point).and_then(|step| step.limit));
        let limits = runs(limits);
        let mut path = Path::new();
        for run in &limits {
            self.draw_level(&mut path, scale, run);
        }
        svg.path("c-lim", &path);
        let Some((index, limit)) = limits.into_iter().flatten().next_back() else {
            return;
        };
        let y = scale.at(limit);
        let text = limit_text(self.chart, limit);
        let left = self.right + LABEL_GAP;
        if text::width(&text, Style::Label) <= self.width - left {
            svg.whole_label(Style::Label, Anchor::Start, left, y + BASE_LINE, &text);
            return;
        }
        let room = Rect {
            x: self.bands.from,
            y: self.height,
            width: self.right - self.bands.from,
            height: HEIGHT - FOOT,
        };
        let strokes = self.strokes_of_steps(scale);
        let (start, end) = (self.bands.from, self.bands.start(index + 1));
        let sides = [(Anchor::End, end), (Anchor::Start, start)];
        let places = sides.map(|(anchor, x)| [(anchor, (x, y - 5.0)), (anchor, (x, y + 14.0))]);
        // Where its line has no room either, at the end of the heading.
        let beside_head = (Anchor::End, (self.right, self.height + HEAD_LINE));
        for (anchor, (x, y)) in places.into_iter().flatten().chain([beside_head]) {
            let place = label_box(Style::Label, anchor, x, y, &text);
            let is_crossed = strokes.iter().any(|stroke| crosses(stroke, &place));
            if !is_crossed && svg.free_label(Style::Label, anchor, (x, y), room, &text) {
                return;
            }
        }
    }

    /// The line of steps with its rings, and that of their limit, for what is not to lie upon them.
    fn strokes_of_steps(&self, scale: &Linear) -> Vec<Stroke> {
        let steps = || self.chart.points.iter().map(step);
        let sizes = runs(steps().map(|step| step.map(|step| step.size)));
        let limits = runs(steps().map(|step| step.and_then(|step| step.limit)));
        let of_sizes = sizes
            .iter()
            .flat_map(|run| self.through_strokes(scale, run));
        let of_limits = limits.iter().flat_map(|run| self.level_strokes(scale, run));
        let large = self.chart.points.iter().enumerate();
        let large = large.filter_map(|(index, point)| Some((index, step(point)?)));
        let rings = large.filter(|(_, step)| step.is_large());
        let rings = rings.flat_map(|(index, step)| {
            let (x, y) = (self.bands.middle(index), scale.at(step.size));
            let corners = [(x - RING, y), (x, y - RING), (x + RING, y), (x, y + RING)];
            let round = [corners, corners].concat();
            along(&round[..=corners.len()]).collect::<Vec<_>>()
        });
        of_sizes.chain(of_limits).chain(rings).collect()
    }
}

/// What the limit of steps is called.
fn limit_text(chart: &TimeChart, limit: f64) -> String {
    format!("limit {}", chart.numbers().short_size(limit))
}

/// The name of the newest limit of steps, if there is one.
pub(super) fn limit_label(chart: &TimeChart) -> Option<String> {
    let mut points = chart.points.iter().rev();
    let limit = points.find_map(|point| step(point)?.limit)?;
    Some(limit_text(chart, limit))
}
