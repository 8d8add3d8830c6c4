//! The drawing of a time chart: axes first, quiet lines next, the actual line last, then labels at the line ends.

use super::{Line, TargetShape, TimeChart};
use crate::chart::{Chart, Width};
use crate::scale::{Bands, Linear};
use crate::sparkline::runs;
use crate::svg::{Anchor, Coordinate, Frame, Path, Rect, Svg};
use crate::text::{self, Style, fit_whole};

/// The most of the width that labels beside the plot may take, on each side.
const LABELS_SHARE_MAX: f64 = 0.26;
/// Between a label and what it names.
const LABEL_GAP: f64 = 8.0;
/// From one label's base line to the next.
const LINE_HEIGHT: f64 = 14.0;
/// From the middle of a line of text down to its base line.
const BASE_LINE: f64 = 3.8;
/// With more points than these the line alone is clearer.
const DOTS_MAX: usize = 80;
const TOP: f64 = 26.0;
const BOTTOM: f64 = 38.0;

/// Where everything lies.
struct Plot<'a> {
    chart: &'a TimeChart,
    width: f64,
    height: f64,
    right: f64,
    value: Linear,
    bands: Bands,
    tick_labels: Vec<String>,
    end_labels: Vec<EndLabel>,
}

/// The name of a line at its right end.
struct EndLabel {
    style: Style,
    text: String,
    /// The middle of its text.
    y: f64,
}

pub(super) fn draw(chart: &TimeChart, width: Width) -> String {
    let plot = Plot::new(chart, width);
    let mut svg = Svg::new();
    plot.value_axis(&mut svg);
    plot.time_axis(&mut svg);
    plot.level(&mut svg, Line::Floor, "c-floor");
    plot.through_middles(&mut svg, Line::YearBefore, "c-py");
    match chart.target_shape {
        TargetShape::Stepped => plot.level(&mut svg, Line::Target, "c-tgt"),
        TargetShape::Line => plot.through_middles(&mut svg, Line::Target, "c-tgt"),
    }
    plot.through_middles(&mut svg, Line::Actual, "c-ac");
    plot.dots(&mut svg);
    plot.end_labels(&mut svg);
    plot.actual_label(&mut svg);
    plot.step_labels(&mut svg);
    // Moved by the page's script to the point that the readout names.
    svg.raw(&format!(
        r#"<path class="c-cross" visibility="hidden" d="M0 {}V{}"/>"#,
        Coordinate(TOP),
        Coordinate(plot.bottom())
    ));
    svg.finish(&Frame {
        class: &format!("x {}", width.class()),
        width: plot.width,
        height: plot.height,
        title: &chart.title(),
        description: &chart.description(),
        parts: false,
    })
}

impl<'a> Plot<'a> {
    fn new(chart: &'a TimeChart, size: Width) -> Self {
        let (width, height) = match size {
            Width::Wide => (900.0, 340.0),
            Width::Narrow => (344.0, 268.0),
        };
        let values = Line::ALL
            .into_iter()
            .flat_map(|line| chart.values(line))
            .flatten();
        let value = Linear::nice(values, 5, height - BOTTOM, TOP);
        let tick_labels = tick_labels(chart, &value, width * LABELS_SHARE_MAX);
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
        let right = width - (ends + LABEL_GAP + 2.0).min(width * LABELS_SHARE_MAX);
        let bands = Bands::new(chart.points.len(), left, right);
        Self {
            chart,
            width,
            height,
            right,
            value,
            bands,
            tick_labels,
            end_labels,
        }
    }

    fn bottom(&self) -> f64 {
        self.height - BOTTOM
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
            svg.label(
                Style::Label,
                Anchor::Start,
                0.0,
                10.0,
                self.width / 2.0,
                unit,
            );
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
            for (step, (index, value)) in run.into_iter().enumerate() {
                let y = self.value.at(value);
                if step == 0 {
                    path.move_to(self.bands.start(index), y);
                } else {
                    path.down_to(y);
                }
                path.across_to(self.bands.start(index + 1));
            }
        }
        svg.path(class, &path);
    }

    /// A line from the middle of each period to the next; a value between gaps is a short dash of its own.
    fn through_middles(&self, svg: &mut Svg, line: Line, class: &str) {
        let mut path = Path::new();
        for run in runs(self.chart.values(line)) {
            let alone = run.len() == 1;
            for (step, (index, value)) in run.into_iter().enumerate() {
                let (x, y) = (self.bands.middle(index), self.value.at(value));
                if alone {
                    path.move_to(x - 2.0, y).across_to(x + 2.0);
                } else if step == 0 {
                    path.move_to(x, y);
                } else {
                    path.line_to(x, y);
                }
            }
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
                    ("c-dot s", 4.0)
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

    fn end_labels(&self, svg: &mut Svg) {
        let left = self.right + LABEL_GAP;
        for label in &self.end_labels {
            svg.label(
                label.style,
                Anchor::Start,
                left,
                label.y + BASE_LINE,
                self.width - left,
                &label.text,
            );
        }
    }
}

impl Plot<'_> {
    /// Where labels among the lines may lie.
    fn inside(&self) -> Rect {
        Rect {
            x: self.bands.from,
            y: 12.0,
            width: self.right - self.bands.from,
            height: self.bottom() - 14.0,
        }
    }

    /// The last value beside its dot, where time goes on after it.
    fn actual_label(&self, svg: &mut Svg) {
        let Some((index, value)) = self.chart.last(Line::Actual) else {
            return;
        };
        if index + 1 == self.chart.points.len() {
            return;
        }
        let text = self.chart.numbers().value(Some(value));
        let (x, y) = (self.bands.middle(index), self.value.at(value));
        let places = [
            (Anchor::Start, (x + LABEL_GAP, y + BASE_LINE)),
            (Anchor::Middle, (x, y + 17.0)),
            (Anchor::Middle, (x, y - LABEL_GAP)),
            (Anchor::End, (x - LABEL_GAP, y + BASE_LINE)),
        ];
        for (anchor, place) in places {
            if svg.free_label(Style::Strong, anchor, place, self.inside(), &text) {
                return;
            }
        }
    }

    /// The target's value at each of its levels but the last, which is named at the right end.
    fn step_labels(&self, svg: &mut Svg) {
        if self.chart.target_shape != TargetShape::Stepped {
            return;
        }
        let mut levels: Vec<(usize, usize, f64)> = Vec::new();
        for (index, value) in runs(self.chart.values(Line::Target)).into_iter().flatten() {
            match levels.last_mut() {
                Some((_, end, level)) if *level == value && *end == index => *end += 1,
                _ => levels.push((index, index + 1, value)),
            }
        }
        levels.pop();
        for (start, end, level) in levels {
            let (left, right) = (self.bands.start(start), self.bands.start(end));
            let room = Rect {
                x: left,
                width: right - left,
                ..self.inside()
            };
            let (value, y) = (
                self.chart.numbers().value(Some(level)),
                self.value.at(level) - 5.0,
            );
            let texts = [format!("{} {value}", Line::Target.word()), value];
            // The word as well where it fits, at the first level alone.
            for text in texts.iter().skip(usize::from(start > 0)) {
                if svg.free_label(Style::Label, Anchor::Start, (left + 4.0, y), room, text) {
                    break;
                }
            }
        }
    }
}

fn widest(widths: impl Iterator<Item = f64>) -> f64 {
    widths.fold(0.0, f64::max)
}

/// One label per tick. The unit stands at the top one alone; a number that has no room is left out.
fn tick_labels(chart: &TimeChart, value: &Linear, room: f64) -> Vec<String> {
    let mut decimals = value.decimals();
    if chart.unit == throughline_core::UnitOfMeasure::Percent {
        // Percent moves the point by two.
        decimals = decimals.saturating_sub(2);
    }
    let is_named = matches!(chart.unit, throughline_core::UnitOfMeasure::Named(_));
    let top = value.ticks.len().saturating_sub(1);
    let label = |(index, tick): (usize, &f64)| {
        let text = if index == top && !is_named {
            throughline_core::format_value(Some(*tick), &chart.unit, decimals)
        } else {
            throughline_core::number::format_bare(Some(*tick), &chart.unit, decimals)
        };
        fit_whole(&text, Style::Label, room)
            .map(str::to_owned)
            .unwrap_or_default()
    };
    value.ticks.iter().enumerate().map(label).collect()
}

/// The names of the lines, moved apart so that none covers another.
fn end_labels(chart: &TimeChart, size: Width, value: &Linear) -> Vec<EndLabel> {
    let label = |line: Line| {
        let (index, last) = chart.last(line)?;
        // A line that ends earlier cannot be named at the right edge; the actual one is named at its last dot.
        if index + 1 < chart.points.len() && matches!(line, Line::Actual | Line::YearBefore) {
            return None;
        }
        let shown = chart.numbers().value(Some(last));
        let text = match (line, size) {
            (Line::Actual, _) => shown,
            // The year before ends at the same period; its number is in the table.
            (Line::YearBefore, _) | (_, Width::Narrow) => line.word().to_owned(),
            _ => format!("{} {shown}", line.word()),
        };
        let style = if line == Line::Actual {
            Style::Strong
        } else {
            Style::Label
        };
        Some(EndLabel {
            style,
            text,
            y: value.at(last),
        })
    };
    let mut labels: Vec<EndLabel> = Line::ALL.into_iter().filter_map(label).collect();
    labels.sort_by(|a, b| a.y.total_cmp(&b.y));
    // Down once so that each has its line, then up once so that the lowest stays above the axis.
    let mut least = f64::NEG_INFINITY;
    for label in &mut labels {
        label.y = label.y.max(least);
        least = label.y + LINE_HEIGHT;
    }
    let mut most = value.at(f64::MIN);
    for label in labels.iter_mut().rev() {
        label.y = label.y.min(most);
        most = label.y - LINE_HEIGHT;
    }
    labels
}
