//! Points that are unusual for their season: a square around the dot, so that it is not taken for the ring of a signal, and
//! what it is beside the newest of them where there is room.

use super::draw::{BASE_LINE, LABEL_GAP, Plot};
use super::judged::RING_RADIUS;
use super::{Line, TimeChart, TimePoint};
use crate::svg::{Anchor, Rect, Svg};
use crate::text::Style;
use crate::words::listed;

/// The most periods that are named one by one.
const NAMED_MAX: usize = 3;
/// From a dot to the sides of its square.
const HALF_SIDE: f64 = 6.0;
/// The same around the ring of a signal.
const HALF_SIDE_AROUND_RING: f64 = 9.0;

impl Plot<'_> {
    /// A square around each value that is unusual for its season.
    pub(super) fn squares(&self, svg: &mut Svg) {
        for (index, point, value) in self.chart.unusual() {
            let half = half_side(point);
            let place = Rect {
                x: self.bands.middle(index) - half,
                y: self.value.at(value) - half,
                width: 2.0 * half,
                height: 2.0 * half,
            };
            svg.rect("c-odd", place, 0.0);
        }
    }

    /// What the newest square says, beside it where there is room and no line runs through; nowhere else, as legend and
    /// description say it, too.
    pub(super) fn unusual_label(&self, svg: &mut Svg) {
        let Some((index, point, value)) = self.chart.unusual().last() else {
            return;
        };
        let Some(words) = &point.unusual else {
            return;
        };
        let (x, y, half) = (
            self.bands.middle(index),
            self.value.at(value),
            half_side(point),
        );
        let places = [
            (Anchor::Middle, (x, y + half + 14.0)),
            (Anchor::Middle, (x, y - half - 6.0)),
            (Anchor::Start, (x + half + LABEL_GAP, y + BASE_LINE)),
            (Anchor::End, (x - half - LABEL_GAP, y + BASE_LINE)),
        ];
        for (anchor, place) in places {
            if self.clear_label(svg, (Style::Label, anchor), place, self.inside(), &[words]) {
                return;
            }
        }
    }
}

/// Half the side of what marks the value of a point, if anything does.
pub(super) fn half_of_mark(point: &TimePoint) -> Option<f64> {
    match (&point.unusual, &point.signal) {
        (Some(_), _) => Some(half_side(point)),
        (None, Some(_)) => Some(RING_RADIUS),
        (None, None) => None,
    }
}

fn half_side(point: &TimePoint) -> f64 {
    match point.signal {
        Some(_) => HALF_SIDE_AROUND_RING,
        None => HALF_SIDE,
    }
}

impl TimeChart {
    /// The points that are unusual for their season and have a value that can be drawn, with their places.
    fn unusual(&self) -> impl Iterator<Item = (usize, &TimePoint, f64)> {
        let points = self.points.iter().enumerate();
        points.filter_map(|(index, point)| {
            point.unusual.as_ref()?;
            Some((index, point, Line::Actual.of(point)?))
        })
    }

    /// " Apr 2027 is unusual for its season, low for an April."
    pub(super) fn unusual_in_words(&self) -> String {
        let named: Vec<String> = self
            .unusual()
            .map(|(_, point, _)| {
                let words = point.unusual.as_deref().unwrap_or_default();
                format!("{} ({})", point.period, words.trim())
            })
            .collect();
        match &named[..] {
            [] => String::new(),
            [one] => format!(" Unusual for its season is {one}."),
            [.., last] if named.len() > NAMED_MAX => format!(
                " {} values are unusual for their season, the last is {last}.",
                named.len()
            ),
            _ => format!(" Unusual for their season are {}.", listed(&named)),
        }
    }
}
