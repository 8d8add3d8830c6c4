//! What is judged of a time chart: natural limits behind the lines, shifts of the level, the fan of what is expected, and
//! rings around points that signal.

use super::draw::Plot;
use super::labels::LINE_HEIGHT;
use super::strokes::UPRIGHT_ABOVE;
use super::{Line, NaturalLimits, Signal, expected_range, limits};
use crate::chart::Width;
use crate::sparkline::runs;
use crate::svg::{Anchor, Path, Rect, Svg};
use crate::text::Style;

/// What the part of the chart is called that is still to come.
const FUTURE: &str = "forecast";
/// The base line of a word above the flags of notes.
const ABOVE_NAMES: f64 = 11.0;
/// What the band of natural limits is called on the chart.
const LIMITS: &str = "Natural limits";

/// From a dot to the ring around it.
pub(super) const RING_RADIUS: f64 = 6.5;
/// How far what is beyond the axis runs over its ends, so that one sees that it goes on.
const BEYOND: f64 = 4.0;
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
            self.draw_level(&mut area, &self.value, high);
            let back: Vec<(usize, f64)> = low.iter().rev().copied().collect();
            self.steps_back(&mut area, &back);
            svg.path("c-npl", &area);
        }
        let (mut edges, mut average) = (Path::new(), Path::new());
        for run in lower.iter().chain(&upper) {
            self.draw_level(&mut edges, &self.value, run);
        }
        for run in &centre {
            self.draw_level(&mut average, &self.value, run);
        }
        svg.path("c-lim", &edges);
        svg.path("c-mean", &average);
    }

    /// A line that is one level within each period, from right to left, to close an area.
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
            let ((x, from), (_, to)) = self.upright(place);
            path.move_to(x, from).down_to(to);
        }
        svg.path("c-step", &path);
    }

    /// The fan from the last value on, a dashed line through what is expected, and a line where the future begins.
    pub(super) fn fan(&self, svg: &mut Svg) {
        let Some(first) = self.chart.first_expected() else {
            return;
        };
        let start = self.chart.start_of_expected();
        for (level, class) in FAN {
            let ranges = self.chart.points.iter().enumerate();
            let ranges: Vec<(usize, (f64, f64))> = ranges
                .filter_map(|(index, point)| Some((index, expected_range(point, level)?)))
                .collect();
            let from = start.map(|(index, value)| (index, (value, value)));
            let all: Vec<(usize, (f64, f64))> = from.into_iter().chain(ranges).collect();
            // One point alone has no area.
            if all.len() < 2 {
                continue;
            }
            let upper = all.iter().map(|(index, (_, high))| (*index, *high));
            let lower = all.iter().rev().map(|(index, (low, _))| (*index, *low));
            svg.path(class, &self.area(upper.chain(lower)));
        }
        let mut path = Path::new();
        self.draw_through(&mut path, &self.value, &self.expected_line());
        svg.path("c-fc", &path);
        let ((x, from), (_, to)) = self.upright(first);
        svg.path("c-now", Path::new().move_to(x, from).down_to(to));
    }

    /// What begins at the line where the future does, beside its upper end.
    pub(super) fn future_label(&self, svg: &mut Svg) {
        let Some(first) = self.chart.first_expected() else {
            return;
        };
        let above = Rect {
            x: 0.0,
            y: 0.0,
            width: self.width,
            height: self.top,
        };
        let x = self.bands.start(first) + 5.0;
        // Higher up where the name of a line stands beside it.
        for y in [self.top - UPRIGHT_ABOVE - 2.0, ABOVE_NAMES] {
            if svg.free_label(Style::Label, Anchor::Start, (x, y), above, FUTURE) {
                return;
            }
        }
    }

    /// The places of the dashed line: the last value, if it is the one before, and what is expected.
    pub(super) fn expected_line(&self) -> Vec<(usize, f64)> {
        let means = self.chart.values(Line::Expected).enumerate();
        let means = means.filter_map(|(index, value)| Some((index, value?)));
        let start = self.chart.start_of_expected();
        start.into_iter().chain(means).collect()
    }

    /// The area within these places, as far as the axis reaches.
    fn area(&self, places: impl Iterator<Item = (usize, f64)>) -> Path {
        let places =
            places.map(|(index, value)| (self.bands.middle(index), self.value.beyond(value)));
        let (top, bottom) = (self.top - BEYOND, self.bottom() + BEYOND);
        let below_top = cut(&places.collect::<Vec<_>>(), top, |y| y >= top);
        let inside = cut(&below_top, bottom, |y| y <= bottom);
        let mut path = Path::new();
        for (step, (x, y)) in inside.into_iter().enumerate() {
            match step {
                0 => path.move_to(x, y),
                _ => path.line_to(x, y),
            };
        }
        path
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

    /// Average and natural limits with their numbers, at each of their levels that has room; else what the band is, once, where no
    /// line runs through; nowhere else, as legend and description say it, too.
    pub(super) fn limits_label(&self, svg: &mut Svg) {
        let levels = self.levels_of_limits();
        let (Some(first), Some(last)) = (levels.first(), levels.last()) else {
            return;
        };
        // Limits that follow the season are others in each period.
        let has_numbers = match self.size {
            Width::Page | Width::Full | Width::Wide | Width::Middle => !self.chart.is_seasonal,
            Width::Narrow | Width::Wall => false,
        };
        let all_sides = [Anchor::Start, Anchor::End, Anchor::Middle];
        let mut is_numbered = false;
        if has_numbers {
            for level in levels.iter().rev() {
                let lines = self.limits_in_words(level.limits);
                let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
                is_numbered |= self.label_of_limits(svg, level, &all_sides, &lines);
            }
        }
        if is_numbered {
            return;
        }
        for (of, side) in [(first, Anchor::Start), (last, Anchor::End)] {
            let all = Level {
                first: first.first,
                end: last.end,
                limits: of.limits,
            };
            if self.label_of_limits(svg, &all, &[side], &[LIMITS]) {
                return;
            }
        }
    }

    /// "average 80.8%" and "limits 77.3% to 84.2%"
    fn limits_in_words(&self, limits: NaturalLimits) -> [String; 2] {
        let say = |value: f64| self.chart.numbers().short(value);
        [
            format!("average {}", say(limits.centre)),
            format!("limits {} to {}", say(limits.lower), say(limits.upper)),
        ]
    }

    /// Lines below or above the band, or at its edges inside, where there is room; whether there was.
    fn label_of_limits(
        &self,
        svg: &mut Svg,
        level: &Level,
        sides: &[Anchor],
        lines: &[&str],
    ) -> bool {
        let (left, right) = (self.bands.start(level.first), self.bands.start(level.end));
        let room = Rect {
            x: left,
            width: right - left,
            ..self.inside()
        };
        let edges = [level.limits.lower, level.limits.upper];
        let [lower, upper] = edges.map(|edge| self.value.at(edge));
        let more = (lines.len().saturating_sub(1)) as f64 * LINE_HEIGHT;
        let (below, above) = (13.0, -5.0 - more);
        let heights = [lower + below, upper + above, upper + below, lower + above];
        let at = |side: Anchor| match side {
            Anchor::Start => left + 4.0,
            Anchor::End => right - 4.0,
            Anchor::Middle => (left + right) / 2.0,
        };
        for y in heights {
            for side in sides.iter().copied() {
                let place = (at(side), y);
                if self.clear_label(svg, (Style::Label, side), place, room, lines) {
                    return true;
                }
            }
        }
        false
    }

    /// Where limits stay the same over periods in a row, oldest first.
    fn levels_of_limits(&self) -> Vec<Level> {
        let mut levels: Vec<Level> = Vec::new();
        for (index, point) in self.chart.points.iter().enumerate() {
            let Some(limits) = limits(point) else {
                continue;
            };
            match levels.last_mut() {
                Some(level) if level.end == index && level.limits == limits => level.end += 1,
                _ => levels.push(Level {
                    first: index,
                    end: index + 1,
                    limits,
                }),
            }
        }
        levels
    }
}

/// Periods in a row with the same natural limits.
struct Level {
    first: usize,
    /// The place after the last of them.
    end: usize,
    limits: NaturalLimits,
}

/// What of an area lies on the side of an edge that is kept.
fn cut(area: &[(f64, f64)], edge: f64, keeps: impl Fn(f64) -> bool) -> Vec<(f64, f64)> {
    let mut kept = Vec::new();
    let before = area.iter().cycle().skip(area.len().saturating_sub(1));
    for (before, spot) in before.zip(area) {
        if keeps(before.1) != keeps(spot.1) {
            let share = (edge - before.1) / (spot.1 - before.1);
            kept.push((before.0 + share * (spot.0 - before.0), edge));
        }
        if keeps(spot.1) {
            kept.push(*spot);
        }
    }
    kept
}

/// The class of a ring, by what is signalled.
fn ring(signal: &Signal) -> &'static str {
    match signal.is_better {
        Some(true) => "c-ring good",
        Some(false) => "c-ring bad",
        None => "c-ring",
    }
}
