//! The drawing of a time chart: axes first, quiet lines next, the actual line last, then labels (see `labels.rs`).

use super::labels::{DOT, END_MARGIN, EndLabel, end_labels, room_at_end, tick_labels, widest};
use super::steps::{self, limit_label};
use super::strokes::Stroke;
use super::{Line, TimeChart, TimePoint, expected_range, limits, range};
use crate::chart::{Chart, Width};
use crate::scale::{Bands, Linear};
use crate::sparkline::runs;
use crate::svg::{Anchor, Coordinate, Frame, Path, Svg};
use crate::text::{self, Style, fit_whole};

/// The most of the width that labels beside the plot may take, on each side.
pub(super) const LABELS_SHARE_MAX: f64 = 0.26;
/// The same for the one label of an axis that says in what unit all are.
pub(super) const UNIT_SHARE_MAX: f64 = 0.4;
/// Between a label and what it names.
pub(super) const LABEL_GAP: f64 = 8.0;
/// From the middle of a line of text down to its base line.
pub(super) const BASE_LINE: f64 = 3.8;
/// With more points than these the line alone is clearer.
const DOTS_MAX: usize = 80;
const TOP: f64 = 26.0;
/// The top where flags of notes stand above.
const TOP_WITH_NOTES: f64 = 40.0;
const BOTTOM: f64 = 38.0;

/// Where everything lies.
pub(super) struct Plot<'a> {
    pub chart: &'a TimeChart,
    pub size: Width,
    pub width: f64,
    /// The height of the plot with its axes; steps are below.
    pub height: f64,
    /// Where the plot begins.
    pub top: f64,
    pub right: f64,
    pub value: Linear,
    pub bands: Bands,
    tick_labels: Vec<String>,
    pub end_labels: Vec<EndLabel>,
    /// What labels among the lines keep off.
    pub strokes: Vec<Stroke>,
}

/// The natural limits of a period, from the lower to the upper.
fn drawn_limits(point: &TimePoint) -> Option<(f64, f64)> {
    limits(point).map(|one| (one.lower, one.upper))
}

/// The range that a period is expected in, as far as the axis reaches for it: that of 80 of 100 cases. One of 95 can be many times
/// as wide, and would press all that was observed into a fifth of the height.
fn usual_range(point: &TimePoint) -> Option<(f64, f64)> {
    [1, 0, 2]
        .into_iter()
        .find_map(|level| expected_range(point, level))
}

/// How high the plot with its axes is.
fn height(size: Width) -> f64 {
    match size {
        Width::Page | Width::Full | Width::Wide => 360.0,
        Width::Middle => 300.0,
        Width::Narrow => 240.0,
        Width::Wall => 200.0,
    }
}

pub(super) fn draw(chart: &TimeChart, width: Width) -> String {
    let plot = Plot::new(chart, width);
    let mut svg = Svg::new();
    plot.limits(&mut svg);
    plot.band(&mut svg);
    plot.value_axis(&mut svg);
    plot.time_axis(&mut svg);
    plot.shifts(&mut svg);
    plot.fan(&mut svg);
    plot.level(&mut svg, Line::Floor, "c-floor");
    plot.through_middles(&mut svg, Line::YearBefore, "c-py");
    plot.level(&mut svg, Line::Target, "c-tgt");
    plot.through_middles(&mut svg, Line::Actual, "c-ac");
    plot.notes(&mut svg);
    plot.rings(&mut svg);
    plot.squares(&mut svg);
    plot.dots(&mut svg);
    plot.end_labels(&mut svg);
    plot.future_label(&mut svg);
    plot.actual_label(&mut svg);
    plot.unusual_label(&mut svg);
    plot.step_labels(&mut svg);
    plot.limits_label(&mut svg);
    plot.steps_below(&mut svg, plot.height);
    // Moved by the page's script to the period that the readout names: it needs the first middle and the distance.
    let (first, second) = (plot.bands.middle(0), plot.bands.middle(1));
    svg.raw(&format!(
        r#"<path class="c-cross" visibility="hidden" data-first="{}" data-step="{}" d="M0 {}V{}"/>"#,
        Coordinate(first),
        Coordinate(second - first),
        Coordinate(plot.top),
        Coordinate(plot.bottom())
    ));
    svg.finish(&Frame {
        class: &format!("x {}", width.class()),
        width: plot.width,
        height: plot.height + plot.height_of_steps(),
        title: &chart.title(),
        description: &chart.description(),
        parts: false,
    })
}

impl<'a> Plot<'a> {
    fn new(chart: &'a TimeChart, size: Width) -> Self {
        let (width, height) = (size.pixels(), height(size));
        let values = Line::ALL
            .into_iter()
            .flat_map(|line| chart.values(line))
            .flatten()
            .chain(
                chart
                    .points
                    .iter()
                    .flat_map(|point| [range(point), drawn_limits(point), usual_range(point)])
                    .flatten()
                    .flat_map(|(low, high)| [low, high]),
            );
        let top = match chart.notes.is_empty() {
            true => TOP,
            false => TOP_WITH_NOTES,
        };
        let value = Linear::nice(values, 5, height - BOTTOM, top);
        let tick_labels = tick_labels(chart, &value, width);
        let left = widest(
            tick_labels
                .iter()
                .map(|label| text::width(label, Style::Label)),
        ) + LABEL_GAP;
        let end_labels = end_labels(chart, size, &value);
        let ends = widest(
            end_labels
                .iter()
                .map(|label| text::width(&label.text, label.style)),
        );
        let room = room_at_end(size);
        // The limit of steps stands in the same column, where all of it has room.
        let of_steps = limit_label(chart).map(|text| text::width(&text, Style::Label));
        let of_steps = of_steps.filter(|wide| *wide <= room).unwrap_or(0.0);
        let right = width - (ends.max(of_steps) + LABEL_GAP + END_MARGIN);
        let bands = Bands::new(chart.points.len(), left, right);
        let mut plot = Self {
            chart,
            size,
            width,
            height,
            top,
            right,
            value,
            bands,
            tick_labels,
            end_labels,
            strokes: Vec::new(),
        };
        plot.strokes = plot.all_strokes();
        plot
    }

    pub(super) fn bottom(&self) -> f64 {
        self.height - BOTTOM
    }

    /// How much higher the drawing is for its steps.
    fn height_of_steps(&self) -> f64 {
        let points = &self.chart.points;
        match points.iter().any(|point| steps::step(point).is_some()) {
            true => steps::HEIGHT,
            false => 0.0,
        }
    }

    fn value_axis(&self, svg: &mut Svg) {
        let left = self.bands.from;
        for (tick, label) in self.value.ticks.iter().zip(&self.tick_labels) {
            let y = self.value.at(*tick);
            svg.path("c-grid", Path::new().move_to(left, y).across_to(self.right));
            if !label.is_empty() {
                svg.whole_label(
                    Style::Label,
                    Anchor::End,
                    left - LABEL_GAP,
                    y + BASE_LINE,
                    label,
                );
            }
        }
        // A unit that is a word stands above the axis, once.
        if let throughline_core::UnitOfMeasure::Named(unit) = &self.chart.unit {
            svg.label(Style::Label, Anchor::Start, 0.0, 10.0, self.width, unit);
        }
    }

    /// The names of periods below the axis, as many as have room, each starting at its period; years below them.
    fn time_axis(&self, svg: &mut Svg) {
        let bottom = self.bottom();
        svg.path(
            "c-axis",
            Path::new()
                .move_to(self.bands.from, bottom)
                .across_to(self.right),
        );
        let points = &self.chart.points;
        let named: Vec<usize> = (0..points.len())
            .filter(|index| !points[*index].short.is_empty())
            .collect();
        let every = self.readable_step(&named);
        let mut years: Vec<(f64, &str)> = Vec::new();
        for (place, index) in named.iter().copied().enumerate() {
            let (point, middle) = (&points[index], self.bands.middle(index));
            svg.path(
                "c-tick",
                Path::new().move_to(middle, bottom).down_to(bottom + 4.0),
            );
            if place % every == 0 {
                self.centred(svg, Style::Label, middle, bottom + 17.0, &point.short);
            }
            if years.last().is_none_or(|(_, year)| *year != point.year) && !point.year.is_empty() {
                years.push((middle, &point.year));
            }
        }
        self.years(svg, &years);
    }

    /// Years go from right to left, so that a short first year gives way to the full one after it.
    fn years(&self, svg: &mut Svg, years: &[(f64, &str)]) {
        let mut end = self.right + LABEL_GAP;
        for (middle, year) in years.iter().rev() {
            let half = text::width(year, Style::Strong) / 2.0;
            if middle + half + LABEL_GAP <= end {
                self.centred(svg, Style::Strong, *middle, self.bottom() + 31.0, year);
                end = middle - half;
            }
        }
    }

    /// Each how many-th name is drawn so that none touches the next.
    fn readable_step(&self, named: &[usize]) -> usize {
        let widest = widest(
            named
                .iter()
                .map(|index| text::width(&self.chart.points[*index].short, Style::Label)),
        );
        let fits = |every: usize| {
            let drawn = named.iter().step_by(every);
            drawn
                .clone()
                .zip(drawn.skip(1))
                .all(|(a, b)| self.bands.middle(*b) - self.bands.middle(*a) >= widest + LABEL_GAP)
        };
        [1, 2, 3, 4, 6, 12, 24]
            .into_iter()
            .find(|every| fits(*every))
            .unwrap_or(named.len().max(1))
    }

    /// A label around a middle, if it stays inside the drawing.
    fn centred(&self, svg: &mut Svg, style: Style, middle: f64, y: f64, text: &str) {
        let room = 2.0 * middle.min(self.width - middle);
        if let Some(text) = fit_whole(text, style, room) {
            svg.whole_label(style, Anchor::Middle, middle, y, text);
        }
    }

    /// A line that is one level within each period.
    fn level(&self, svg: &mut Svg, line: Line, class: &str) {
        let mut path = Path::new();
        for run in runs(self.chart.values(line)) {
            self.draw_level(&mut path, &self.value, &run);
        }
        svg.path(class, &path);
    }

    /// A target that is a range: an area from edge to edge within each period, and its edges.
    fn band(&self, svg: &mut Svg) {
        let mut edges = Path::new();
        for (index, point) in self.chart.points.iter().enumerate() {
            let Some((low, high)) = range(point) else {
                continue;
            };
            let (left, right) = (self.bands.start(index), self.bands.start(index + 1));
            let (top, bottom) = (self.value.at(high), self.value.at(low));
            let [x, y, width, height] = [left, top, right - left, bottom - top].map(Coordinate);
            svg.raw(&format!(
                r#"<rect class="c-band" x="{x}" y="{y}" width="{width}" height="{height}"/>"#
            ));
            edges.move_to(left, top).across_to(right);
            edges.move_to(left, bottom).across_to(right);
        }
        svg.path("c-edge", &edges);
    }

    /// A line from the middle of each period to the next; a value between gaps is a short dash of its own.
    fn through_middles(&self, svg: &mut Svg, line: Line, class: &str) {
        let mut path = Path::new();
        for run in runs(self.chart.values(line)) {
            self.draw_through(&mut path, &self.value, &run);
        }
        svg.path(class, &path);
    }

    /// A dot per value, numbered by its period so that a script finds it.
    fn dots(&self, svg: &mut Svg) {
        let last = self.chart.last(Line::Actual).map(|(index, _)| index);
        let all = self.chart.points.len() <= DOTS_MAX;
        for (index, value) in runs(self.chart.values(Line::Actual)).into_iter().flatten() {
            let is_last = Some(index) == last;
            if all || is_last {
                let (class, radius) = if is_last {
                    ("c-dot s", DOT)
                } else {
                    ("c-dot", 2.6)
                };
                let [x, y, radius] =
                    [self.bands.middle(index), self.value.at(value), radius].map(Coordinate);
                svg.raw(&format!(
                    r#"<circle class="{class}" cx="{x}" cy="{y}" r="{radius}" data-i="{index}"/>"#
                ));
            }
        }
    }
}
