//! The labels of a time chart: numbers beside the value axis, names at the right ends of lines, values among the lines.

use super::draw::{BASE_LINE, LABEL_GAP, Plot};
use super::{Line, TimeChart};
use crate::chart::Width;
use crate::scale::Linear;
use crate::sparkline::runs;
use crate::svg::{Anchor, Rect, Svg};
use crate::text::{Style, fit_whole};

/// From one label's base line to the next.
const LINE_HEIGHT: f64 = 14.0;

/// The name of a line at its right end.
pub(super) struct EndLabel {
    pub style: Style,
    pub text: String,
    /// The middle of its text.
    pub y: f64,
}

impl Plot<'_> {
    pub(super) fn end_labels(&self, svg: &mut Svg) {
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

    /// Where labels among the lines may lie.
    pub(super) fn inside(&self) -> Rect {
        Rect {
            x: self.bands.from,
            y: 12.0,
            width: self.right - self.bands.from,
            height: self.bottom() - 14.0,
        }
    }

    /// The last value beside its dot, where time goes on after it.
    pub(super) fn actual_label(&self, svg: &mut Svg) {
        let Some((index, value)) = self.chart.last(Line::Actual) else {
            return;
        };
        if index + 1 == self.chart.points.len() {
            return;
        }
        let text = self.chart.numbers().short(value);
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

    /// The target's value at each of its levels but the last, which is named at the right end. A level of one period
    /// is a step on a way, and stands in the table.
    pub(super) fn step_labels(&self, svg: &mut Svg) {
        let mut levels: Vec<(usize, usize, f64)> = Vec::new();
        for (index, value) in runs(self.chart.values(Line::Target)).into_iter().flatten() {
            match levels.last_mut() {
                Some((_, end, level)) if *level == value && *end == index => *end += 1,
                _ => levels.push((index, index + 1, value)),
            }
        }
        levels.pop();
        for (start, end, level) in levels.into_iter().filter(|(start, end, _)| end - start > 1) {
            let (left, right) = (self.bands.start(start), self.bands.start(end));
            let room = Rect {
                x: left,
                width: right - left,
                ..self.inside()
            };
            let (value, y) = (
                self.chart.numbers().short(level),
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

pub(super) fn widest(widths: impl Iterator<Item = f64>) -> f64 {
    widths.fold(0.0, f64::max)
}

/// One label per tick. A number that has no room is left out.
pub(super) fn tick_labels(chart: &TimeChart, value: &Linear, room: f64) -> Vec<String> {
    let fits = |text: String| {
        fit_whole(&text, Style::Label, room)
            .map(str::to_owned)
            .unwrap_or_default()
    };
    value.labels(&chart.unit).into_iter().map(fits).collect()
}

/// The name of a target that is a range, at the middle of its last one.
fn range_label(chart: &TimeChart, size: Width, value: &Linear, edges: (f64, f64)) -> EndLabel {
    let word = Line::Target.word();
    EndLabel {
        style: Style::Label,
        text: match size {
            Width::Full | Width::Wide => {
                let [low, high] = [edges.0, edges.1].map(|edge| chart.numbers().short(edge));
                format!("{word} {low} to {high}")
            }
            Width::Middle | Width::Narrow | Width::Wall => word.to_owned(),
        },
        y: (value.at(edges.0) + value.at(edges.1)) / 2.0,
    }
}

/// The names of the lines, moved apart so that none covers another.
pub(super) fn end_labels(chart: &TimeChart, size: Width, value: &Linear) -> Vec<EndLabel> {
    let label = |line: Line| {
        if line == Line::Target
            && let Some((_, edges)) = chart.last_range()
        {
            return Some(range_label(chart, size, value, edges));
        }
        let (index, last) = chart.last(line)?;
        // A line that ends earlier cannot be named at the right edge; the actual one is named at its last dot.
        if index + 1 < chart.points.len() && matches!(line, Line::Actual | Line::YearBefore) {
            return None;
        }
        let shown = chart.numbers().short(last);
        let text = match (line, size) {
            (Line::Actual, _) => shown,
            // The year before ends at the same period; its number is in the table.
            (Line::YearBefore, _) | (_, Width::Narrow | Width::Wall) => line.word().to_owned(),
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
