//! The lines of a time chart: how they run, drawn and as straight strokes, for labels that are not to lie upon them.

use super::draw::Plot;
use super::labels::LINE_HEIGHT;
use super::unusual::half_of_mark;
use super::{Line, NaturalLimits, limits, range};
use crate::scale::Linear;
use crate::sparkline::runs;
use crate::svg::{Anchor, Path, Rect, Svg, label_box};
use crate::text::Style;

/// A place in pixels.
type Spot = (f64, f64);

/// From one place to another.
pub(super) type Stroke = (Spot, Spot);

/// Between a label and a line beside it.
const AIR: f64 = 1.0;
/// Half of the dash that a value between gaps is.
const HALF_DASH: f64 = 2.0;
/// How far above the plot an upright line begins.
pub(super) const UPRIGHT_ABOVE: f64 = 4.0;

/// Whether a stroke runs through a rectangle.
pub(super) fn crosses((from, to): &Stroke, place: &Rect) -> bool {
    let sides = [
        (from.0, to.0, place.x, place.x + place.width),
        (from.1, to.1, place.y, place.y + place.height),
    ];
    // What share of the stroke lies between both pairs of sides.
    let (mut begin, mut end) = (0.0_f64, 1.0_f64);
    for (from, to, low, high) in sides {
        let length = to - from;
        if length.abs() < f64::EPSILON {
            if from < low || from > high {
                return false;
            }
            continue;
        }
        let (one, other) = ((low - from) / length, (high - from) / length);
        begin = begin.max(one.min(other));
        end = end.min(one.max(other));
    }
    begin <= end
}

/// A rectangle with so much more at each side.
fn grown(place: Rect, by: f64) -> Rect {
    Rect {
        x: place.x - by,
        y: place.y - by,
        width: place.width + 2.0 * by,
        height: place.height + 2.0 * by,
    }
}

/// The strokes from each place to the next.
pub(super) fn along(spots: &[Spot]) -> impl Iterator<Item = Stroke> + '_ {
    spots.windows(2).map(|two| (two[0], two[1]))
}

impl Plot<'_> {
    /// All lines that mean something; those of the grid lie behind everything.
    pub(super) fn all_strokes(&self) -> Vec<Stroke> {
        let mut strokes = Vec::new();
        for line in [Line::Actual, Line::YearBefore] {
            for run in runs(self.chart.values(line)) {
                strokes.extend(self.through_strokes(&self.value, &run));
            }
        }
        strokes.extend(self.through_strokes(&self.value, &self.expected_line()));
        let points = &self.chart.points;
        let limits_of = |edge: fn(NaturalLimits) -> f64| {
            let values = points.iter().map(move |point| limits(point).map(edge));
            runs(values)
        };
        let levels = [Line::Target, Line::Floor].map(|line| runs(self.chart.values(line)));
        let of_limits = [
            limits_of(|one| one.lower),
            limits_of(|one| one.centre),
            limits_of(|one| one.upper),
        ];
        for run in levels.into_iter().chain(of_limits).flatten() {
            strokes.extend(self.level_strokes(&self.value, &run));
        }
        let edges = points.iter().map(range);
        for (index, (low, high)) in edges.enumerate().filter_map(|(at, one)| Some((at, one?))) {
            for edge in [low, high] {
                strokes.extend(self.level_strokes(&self.value, &[(index, edge)]));
            }
        }
        strokes.extend(self.upright_strokes());
        strokes.extend(self.lines_of_flags());
        strokes
    }

    /// The places of a line through the middles of periods, on a scale; one value between gaps is a dash.
    fn through_spots(&self, scale: &Linear, run: &[(usize, f64)]) -> Vec<Spot> {
        let spot = |(index, value): &(usize, f64)| (self.bands.middle(*index), scale.at(*value));
        let spots: Vec<Spot> = run.iter().map(spot).collect();
        if let [(x, y)] = spots[..] {
            return vec![(x - HALF_DASH, y), (x + HALF_DASH, y)];
        }
        spots
    }

    pub(super) fn through_strokes(&self, scale: &Linear, run: &[(usize, f64)]) -> Vec<Stroke> {
        along(&self.through_spots(scale, run)).collect()
    }

    /// Draws such a line.
    pub(super) fn draw_through(&self, path: &mut Path, scale: &Linear, run: &[(usize, f64)]) {
        let is_dash = run.len() == 1;
        let spots = self.through_spots(scale, run);
        for (at, (x, y)) in spots.into_iter().enumerate() {
            match at {
                0 => path.move_to(x, y),
                _ if is_dash => path.across_to(x),
                _ => path.line_to(x, y),
            };
        }
    }

    /// The places of a line that is one level within each period, on a scale: where each begins, and where it ends.
    fn level_spots(&self, scale: &Linear, run: &[(usize, f64)]) -> Vec<Spot> {
        let spots = run.iter().flat_map(|(index, value)| {
            let y = scale.at(*value);
            [
                (self.bands.start(*index), y),
                (self.bands.start(index + 1), y),
            ]
        });
        spots.collect()
    }

    pub(super) fn level_strokes(&self, scale: &Linear, run: &[(usize, f64)]) -> Vec<Stroke> {
        along(&self.level_spots(scale, run)).collect()
    }

    /// Draws such a line.
    pub(super) fn draw_level(&self, path: &mut Path, scale: &Linear, run: &[(usize, f64)]) {
        let spots = self.level_spots(scale, run);
        for (at, (x, y)) in spots.into_iter().enumerate() {
            match at {
                0 => path.move_to(x, y),
                // To the end of a period, and then to the level of the next one.
                _ if at % 2 == 1 => path.across_to(x),
                _ => path.down_to(y),
            };
        }
    }

    /// Where the level became another, and where the future begins.
    fn upright_strokes(&self) -> impl Iterator<Item = Stroke> + '_ {
        let shifts = self.chart.shifts.iter().copied();
        let places = shifts.chain(self.chart.first_expected());
        let places = places.filter(move |place| *place < self.chart.points.len());
        places.map(move |place| self.upright(place))
    }

    /// An upright line at the beginning of a period, from a little above the plot on.
    pub(super) fn upright(&self, place: usize) -> Stroke {
        let x = self.bands.start(place);
        ((x, self.top - UPRIGHT_ABOVE), (x, self.bottom()))
    }

    /// How many lines and marks of values a label here would lie upon.
    pub(super) fn crossed(&self, place: Rect) -> usize {
        let place = grown(place, AIR);
        let strokes = self.strokes.iter();
        let strokes = strokes.filter(|stroke| crosses(stroke, &place));
        let marks = self.marks().filter(|mark| mark.touches(&place));
        strokes.count() + marks.count()
    }

    /// The rings and the squares.
    fn marks(&self) -> impl Iterator<Item = Rect> + '_ {
        let points = self.chart.points.iter().enumerate();
        points.filter_map(move |(index, point)| {
            let half = half_of_mark(point)?;
            let value = Line::Actual.of(point)?;
            Some(Rect {
                x: self.bands.middle(index) - half,
                y: self.value.at(value) - half,
                width: 2.0 * half,
                height: 2.0 * half,
            })
        })
    }

    /// Lines of text among the lines, one below the other, if they lie upon none, touch no label and stay within the box; whether
    /// they did. The place is that of the first one's base line.
    pub(super) fn clear_label(
        &self,
        svg: &mut Svg,
        (style, anchor): (Style, Anchor),
        (x, y): Spot,
        within: Rect,
        lines: &[&str],
    ) -> bool {
        let base_lines = || (0..lines.len()).map(|line| y + line as f64 * LINE_HEIGHT);
        let is_clear = lines.iter().zip(base_lines()).all(|(text, y)| {
            let place = label_box(style, anchor, x, y, text);
            svg.is_free(&place, &within) && self.crossed(place) == 0
        });
        if is_clear {
            for (text, y) in lines.iter().zip(base_lines()) {
                svg.free_label(style, anchor, (x, y), within, text);
            }
        }
        is_clear
    }
}

#[cfg(test)]
mod tests {
    use super::{Stroke, crosses};
    use crate::svg::Rect;

    #[test]
    fn a_stroke_crosses_what_it_runs_through() {
        let place = Rect {
            x: 10.0,
            y: 10.0,
            width: 20.0,
            height: 10.0,
        };
        let check = |stroke: Stroke, expected: bool| {
            assert_eq!(crosses(&stroke, &place), expected, "{stroke:?}");
            let (from, to) = stroke;
            assert_eq!(crosses(&(to, from), &place), expected, "{stroke:?}");
        };
        check(((0.0, 15.0), (40.0, 15.0)), true);
        check(((0.0, 25.0), (40.0, 25.0)), false);
        check(((20.0, 0.0), (20.0, 40.0)), true);
        check(((35.0, 0.0), (35.0, 40.0)), false);
        check(((0.0, 0.0), (40.0, 40.0)), true);
        check(((0.0, 25.0), (20.0, 40.0)), false);
        check(((12.0, 12.0), (13.0, 13.0)), true);
        check(((0.0, 15.0), (5.0, 15.0)), false);
    }
}
