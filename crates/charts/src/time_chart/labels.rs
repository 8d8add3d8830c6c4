//! The labels of a time chart: numbers beside the value axis, names at the right ends of lines, values among the lines.

use super::draw::{BASE_LINE, LABEL_GAP, LABELS_SHARE_MAX, Plot, UNIT_SHARE_MAX};
use super::unusual::half_of_mark;
use super::{Line, TimeChart};
use crate::chart::Width;
use crate::scale::Linear;
use crate::sparkline::runs;
use crate::svg::{Anchor, Rect, Svg, label_box};
use crate::text::{self, Style, fit_whole};

/// From one label's base line to the next.
pub(super) const LINE_HEIGHT: f64 = 14.0;
/// Right of a label at the end of a line.
pub(super) const END_MARGIN: f64 = 2.0;
/// The radius of the last value's dot.
pub(super) const DOT: f64 = 4.0;

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
            let y = label.y + BASE_LINE;
            svg.whole_label(label.style, Anchor::Start, left, y, &label.text);
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

    /// The last value beside its dot, where time goes on after it: clear of all lines if it can be, else where the fewest are.
    pub(super) fn actual_label(&self, svg: &mut Svg) {
        let Some((index, value)) = self.chart.last(Line::Actual) else {
            return;
        };
        if index + 1 == self.chart.points.len() {
            return;
        }
        let text = self.chart.numbers().short(value);
        let (x, y) = (self.bands.middle(index), self.value.at(value));
        let mark = half_of_mark(&self.chart.points[index]).unwrap_or(DOT);
        let (aside, above, below) = (mark + 4.0, y - mark - 5.0, y + mark + 13.0);
        let places = [
            (Anchor::Start, (x + aside, y + BASE_LINE)),
            (Anchor::Middle, (x, below)),
            (Anchor::Middle, (x, above)),
            (Anchor::End, (x - aside, y + BASE_LINE)),
            (Anchor::Start, (x + 2.0, above)),
            (Anchor::Start, (x + 2.0, below)),
            (Anchor::End, (x - 2.0, above)),
            (Anchor::End, (x - 2.0, below)),
        ];
        let (style, inside) = (Style::Strong, self.inside());
        let free = places.into_iter().filter_map(|(anchor, (x, y))| {
            let place = label_box(style, anchor, x, y, &text);
            let is_free = svg.is_free(&place, &inside);
            is_free.then(|| (self.crossed(place), anchor, (x, y)))
        });
        if let Some((_, anchor, place)) = free.min_by_key(|(crossed, ..)| *crossed) {
            svg.free_label(style, anchor, place, inside, &text);
        }
    }

    /// The target's value at each of its levels but the last, which is named at the right end, where no line runs through. A
    /// level of one period is a step on a way, and stands in the table.
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
            let (value, y) = (self.chart.numbers().short(level), self.value.at(level));
            let texts = [format!("{} {value}", Line::Target.word()), value];
            let (above, below) = (y - 5.0, y + 14.0);
            let places = [
                (Anchor::Start, (left + 4.0, above)),
                (Anchor::End, (right - 4.0, above)),
                (Anchor::Start, (left + 4.0, below)),
                (Anchor::End, (right - 4.0, below)),
            ];
            // The word as well where it fits, at the first level alone.
            let texts = texts.iter().skip(usize::from(start > 0));
            let all = texts.flat_map(|text| places.map(|(anchor, place)| (text, anchor, place)));
            for (text, anchor, place) in all {
                if self.clear_label(svg, (Style::Label, anchor), place, room, &[text]) {
                    break;
                }
            }
        }
    }
}

/// The most room for a label at the right end of a line.
pub(super) fn room_at_end(size: Width) -> f64 {
    size.pixels() * LABELS_SHARE_MAX - LABEL_GAP - END_MARGIN
}

pub(super) fn widest(widths: impl Iterator<Item = f64>) -> f64 {
    widths.fold(0.0, f64::max)
}

/// One label per tick, in this share of the width. A number that has no room is left out; the last one alone says in what unit
/// all are, and has more room.
pub(super) fn tick_labels(chart: &TimeChart, value: &Linear, width: f64) -> Vec<String> {
    let last = value.ticks.len().saturating_sub(1);
    let fits = |(index, text): (usize, String)| {
        let share = match index == last {
            true => UNIT_SHARE_MAX,
            false => LABELS_SHARE_MAX,
        };
        fit_whole(&text, Style::Label, width * share)
            .map(str::to_owned)
            .unwrap_or_default()
    };
    let labels = value.labels(&chart.unit).into_iter();
    labels.enumerate().map(fits).collect()
}

/// What may stand at the end of a line, what says most first. A phone has room for a number alone, and its legend says which
/// line is which; what stands in no other place goes without its number.
fn end_texts(chart: &TimeChart, size: Width, line: Line, last: f64) -> Vec<String> {
    let (word, shown) = (line.word().to_owned(), chart.numbers().short(last));
    match (line, size) {
        (Line::Actual, _) => vec![shown, chart.numbers().bare(last)],
        // The year before ends at the same period; its number is in the table.
        (Line::YearBefore, _) | (_, Width::Wall) => vec![word],
        (_, Width::Narrow) => vec![shown, chart.numbers().bare(last), word],
        _ => vec![
            format!("{word} {shown}"),
            format!("{word} {}", chart.numbers().bare(last)),
            word,
        ],
    }
}

/// The same of a target that is a range.
fn range_texts(chart: &TimeChart, size: Width, (low, high): (f64, f64)) -> Vec<String> {
    let word = Line::Target.word();
    let [low, high] = [low, high].map(|edge| chart.numbers().short(edge));
    match size {
        Width::Page | Width::Full | Width::Wide => {
            vec![format!("{word} {low} to {high}"), word.to_owned()]
        }
        Width::Middle | Width::Narrow | Width::Wall => vec![word.to_owned()],
    }
}

/// The names of the lines, moved apart so that none covers another.
pub(super) fn end_labels(chart: &TimeChart, size: Width, value: &Linear) -> Vec<EndLabel> {
    let room = room_at_end(size);
    let label = |line: Line| {
        let (texts, y) = match (line, chart.last_range()) {
            // At the middle of the last one.
            (Line::Target, Some((_, edges))) => (
                range_texts(chart, size, edges),
                (value.at(edges.0) + value.at(edges.1)) / 2.0,
            ),
            _ => {
                let (index, last) = chart.last(line)?;
                // A line that ends earlier cannot be named at the right edge; the actual one is named at its last dot.
                if index + 1 < chart.points.len() && matches!(line, Line::Actual | Line::YearBefore)
                {
                    return None;
                }
                (end_texts(chart, size, line, last), value.at(last))
            }
        };
        let style = match line {
            Line::Actual => Style::Strong,
            _ => Style::Label,
        };
        // A part of a word or of a number says nothing.
        let text = texts
            .into_iter()
            .find(|text| text::width(text, style) <= room)?;
        Some(EndLabel { style, text, y })
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
