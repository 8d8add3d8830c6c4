//! What is judged of a time chart: natural limits behind the lines, shifts of the level, the fan of what is expected, and
//! rings around points that signal.

use super::draw::Plot;
use super::{Line, NaturalLimits, Signal, expected_range, limits};
use crate::sparkline::runs;
use crate::svg::{Anchor, Path, Rect, Svg};
use crate::text::{self, Style};

/// What the band of natural limits is called on the chart.
const LIMITS: &str = "Natural limits";

/// From a dot to the ring around it.
const RING_RADIUS: f64 = 6.5;
/// How far above the plot a line of the level begins.
const SHIFT_ABOVE: f64 = 4.0;
/// The classes of the ranges, widest first so that the narrower lie on top.
const FAN: [(usize, &str); 3] = [(2, "c-fan1"), (1, "c-fan2"), (0, "c-fan3")];

impl Plot<'_> {
    /// The area between the natural limits with its edges and the average, as one level within each period.
    pub(super) fn limits(&self, svg: &mut Svg) {
        let points = &self.chart.points;
        let of = |edge: fn(NaturalLimits) -> f64| {
            let values = points.iter().map(move |point| limits(point).map(edge));
            runs(values)
        };
        let (lower, centre, upper) = (
            of(|one| one.lower),
            of(|one| one.centre),
            of(|one| one.upper),
        );
        for (low, high) in lower.iter().zip(&upper) {
            let mut area = Path::new();
            self.steps(&mut area, high);
            let back: Vec<(usize, f64)> = low.iter().rev().copied().collect();
            self.steps_back(&mut area, &back);
            svg.path("c-npl", &area);
        }
        let (mut edges, mut average) = (Path::new(), Path::new());
        for run in lower.iter().chain(&upper) {
            self.steps(&mut edges, run);
        }
        for run in &centre {
            self.steps(&mut average, run);
        }
        svg.path("c-lim", &edges);
        svg.path("c-mean", &average);
    }

    fn steps(&self, path: &mut Path, run: &[(usize, f64)]) {
        for (step, (index, value)) in run.iter().enumerate() {
            let y = self.value.at(*value);
            if step == 0 {
                path.move_to(self.bands.start(*index), y);
            } else {
                path.down_to(y);
            }
            path.across_to(self.bands.start(index + 1));
        }
    }

    /// The same from right to left, to close an area.
    fn steps_back(&self, path: &mut Path, run: &[(usize, f64)]) {
        for (index, value) in run {
            path.down_to(self.value.at(*value));
            path.across_to(self.bands.start(*index));
        }
    }

    /// A line where the level became another.
    pub(super) fn shifts(&self, svg: &mut Svg) {
        let mut path = Path::new();
        let places = self.chart.shifts.iter().copied();
        for place in places.filter(|place| *place < self.chart.points.len()) {
            path.move_to(self.bands.start(place), self.top - SHIFT_ABOVE)
                .down_to(self.bottom());
        }
        svg.path("c-step", &path);
    }

    /// The fan from the last value on, a dashed line through what is expected, and a line where the future begins.
    pub(super) fn fan(&self, svg: &mut Svg) {
        let Some((first, _)) = self
            .chart
            .values(Line::Expected)
            .enumerate()
            .find_map(known)
        else {
            return;
        };
        let start = self
            .chart
            .last(Line::Actual)
            .filter(|(index, _)| index + 1 == first);
        for (level, class) in FAN {
            let ranges = self.chart.points.iter().enumerate();
            let ranges: Vec<(usize, (f64, f64))> = ranges
                .filter_map(|(index, point)| Some((index, expected_range(point, level)?)))
                .collect();
            let mut path = Path::new();
            let from = start.map(|(index, value)| (index, (value, value)));
            let all: Vec<(usize, (f64, f64))> = from.into_iter().chain(ranges).collect();
            // One point alone has no area.
            if all.len() < 2 {
                continue;
            }
            let upper = all.iter().map(|(index, (_, high))| (*index, *high));
            let lower = all.iter().rev().map(|(index, (low, _))| (*index, *low));
            self.through(&mut path, upper.chain(lower));
            svg.path(class, &path);
        }
        let mut path = Path::new();
        let means = self.chart.values(Line::Expected).enumerate();
        let means = means.filter_map(known);
        self.through(&mut path, start.into_iter().chain(means));
        svg.path("c-fc", &path);
        let x = self.bands.start(first);
        svg.path(
            "c-now",
            Path::new()
                .move_to(x, self.top - SHIFT_ABOVE)
                .down_to(self.bottom()),
        );
    }

    fn through(&self, path: &mut Path, places: impl Iterator<Item = (usize, f64)>) {
        for (step, (index, value)) in places.enumerate() {
            let (x, y) = (self.bands.middle(index), self.value.at(value));
            if step == 0 {
                path.move_to(x, y);
            } else {
                path.line_to(x, y);
            }
        }
    }

    /// A ring around each value that signals.
    pub(super) fn rings(&self, svg: &mut Svg) {
        for (index, value) in runs(self.chart.values(Line::Actual)).into_iter().flatten() {
            let Some(signal) = &self.chart.points[index].signal else {
                continue;
            };
            let (x, y) = (self.bands.middle(index), self.value.at(value));
            svg.circle(ring(signal), x, y, RING_RADIUS);
        }
    }

    /// What the band of natural limits is, beside its edge where there is room and the line does not cross it; nowhere else, as the
    /// legend says it, too.
    pub(super) fn limits_label(&self, svg: &mut Svg) {
        let points = self.chart.points.iter().enumerate();
        let mut with_limits = points.filter_map(|(index, point)| Some((index, limits(point)?)));
        let Some((first, of_first)) = with_limits.next() else {
            return;
        };
        let (last, of_last) = with_limits.next_back().unwrap_or((first, of_first));
        let (left, right) = (self.bands.start(first), self.bands.start(last + 1));
        let room = Rect {
            x: left,
            width: right - left,
            ..self.inside()
        };
        let width = text::width(LIMITS, Style::Label);
        let sides = [
            (Anchor::Start, left + 4.0, left + 4.0, of_first),
            (Anchor::End, right - 4.0, right - 4.0 - width, of_last),
        ];
        for (anchor, x, from, of) in sides {
            let [below, above] = [of.lower, of.upper].map(|edge| self.value.at(edge));
            for y in [below + 13.0, above - 5.0] {
                let is_crossed = self.line_crosses((from, from + width), (y - 11.0, y + 4.0));
                if !is_crossed && svg.free_label(Style::Label, anchor, (x, y), room, LIMITS) {
                    return;
                }
            }
        }
    }

    /// Whether the line of values runs through a box, by its left and right and its top and bottom.
    pub(super) fn line_crosses(
        &self,
        (left, right): (f64, f64),
        (top, bottom): (f64, f64),
    ) -> bool {
        let place = |(index, value): (usize, f64)| (self.bands.middle(index), self.value.at(value));
        let crosses = |run: &Vec<(usize, f64)>| {
            run.windows(2).any(|two| {
                let [from, to] = [two[0], two[1]].map(place);
                let (begin, end) = (from.0.max(left), to.0.min(right));
                if begin > end {
                    return false;
                }
                let at = |x: f64| from.1 + (to.1 - from.1) * (x - from.0) / (to.0 - from.0);
                let (one, other) = (at(begin), at(end));
                one.min(other) <= bottom && one.max(other) >= top
            })
        };
        runs(self.chart.values(Line::Actual)).iter().any(crosses)
    }
}

/// The class of a ring, by what is signalled.
fn ring(signal: &Signal) -> &'static str {
    match signal.is_better {
        Some(true) => "c-ring good",
        Some(false) => "c-ring bad",
        None => "c-ring",
    }
}

fn known((index, value): (usize, Option<f64>)) -> Option<(usize, f64)> {
    Some((index, value?))
}
