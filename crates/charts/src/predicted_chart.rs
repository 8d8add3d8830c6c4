//! What a decision was predicted to bring against what is there: the range of the prediction with the actual change as a dot.

use throughline_core::UnitOfMeasure;

use crate::chart::{Chart, Width};
use crate::scale::{Linear, finite};
use crate::svg::{Anchor, Frame, Path, Rect, Svg};
use crate::text::{Style, fit_whole};
use crate::value_axis::{AXIS, value_axis};

const ROW_WIDE: f64 = 30.0;
/// A narrow row has its words above its line.
const ROW_NARROW: f64 = 46.0;
const NAME: f64 = 84.0;
/// The room for the words of a row, so that a range of two numbers with their units is written whole.
const SAID_WIDE: f64 = 262.0;
const MARGIN: f64 = 12.0;
const DOT: f64 = 4.0;
/// Half the height of the end of a range.
const END: f64 = 4.0;

/// A change: its size, and how it is written.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Change {
    /// Its size, in the unit of the chart.
    pub size: f64,
    /// The same in words: `+2.0 points`.
    pub said: String,
}

/// A predicted change with its range, and the actual one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PredictedChart {
    /// What changes.
    pub name: String,
    /// The unit of changes: `points`; empty where there is none.
    pub unit: String,
    /// The predicted change.
    pub change: Change,
    /// The least change that is as predicted.
    pub least: Change,
    /// The greatest change that is as predicted.
    pub most: Change,
    /// The actual change, once it is known.
    pub actual: Option<Change>,
    /// How the actual change stands to the prediction: `less than predicted`.
    pub outcome: String,
}

impl PredictedChart {
    fn predicted(&self) -> String {
        match self.least == self.most {
            true => self.change.said.clone(),
            false => format!(
                "{} ({} to {})",
                self.change.said, self.least.said, self.most.said
            ),
        }
    }

    fn actual_said(&self) -> String {
        match &self.actual {
            None => self.outcome.clone(),
            Some(actual) => format!("{}, {}", actual.said, self.outcome),
        }
    }

    /// Whether the prediction can be drawn.
    fn is_shown(&self) -> bool {
        let sizes = [self.change.size, self.least.size, self.most.size];
        sizes.iter().all(|size| finite(Some(*size)).is_some())
    }

    fn actual_size(&self) -> Option<f64> {
        finite(self.actual.as_ref().map(|actual| actual.size))
    }

    fn background(&self, svg: &mut Svg, line: &Linear, (full, bottom): (f64, f64)) {
        let (left, right) = (line.at(self.least.size), line.at(self.most.size));
        let band = Rect {
            x: left,
            y: 0.0,
            width: (right - left).max(0.0),
            height: bottom,
        };
        svg.rect("c-band", band, 0.0);
        let unit = UnitOfMeasure::parse(&self.unit);
        value_axis(svg, (line, &unit), (full, bottom));
    }

    fn range(&self, svg: &mut Svg, line: &Linear, middle: f64) {
        let [change, low, high] =
            [&self.change, &self.least, &self.most].map(|one| line.at(one.size));
        let mut path = Path::new();
        path.move_to(low, middle).across_to(high);
        for end in [low, change, high] {
            path.move_to(end, middle - END).down_to(middle + END);
        }
        svg.path("c-ac", &path);
    }
}

impl Chart for PredictedChart {
    fn title(&self) -> String {
        let what = format!("{}, predicted and actual change", self.name);
        match self.unit.is_empty() {
            true => what,
            false => format!("{what}, {}", self.unit),
        }
    }

    fn description(&self) -> String {
        let actual = self.actual_said();
        format!("Predicted: {}. Actual: {actual}.", self.predicted())
    }

    fn table(&self) -> Vec<Vec<String>> {
        let texts = |texts: [&str; 4]| texts.map(str::to_owned).to_vec();
        let predicted = [
            "Predicted",
            &self.change.said,
            &self.least.said,
            &self.most.said,
        ];
        let actual = self.actual.as_ref();
        let actual = actual.map_or(self.outcome.as_str(), |actual| actual.said.as_str());
        vec![
            texts(["", "Change", "At least", "At most"]),
            texts(predicted),
            texts(["Actual", actual, "", ""]),
        ]
    }

    fn widths(&self) -> &'static [Width] {
        &[Width::Middle, Width::Narrow]
    }

    fn drawing(&self, width: Width) -> String {
        // The wall is low and wide, and shows the wide drawing large.
        let is_narrow = width == Width::Narrow;
        let (full, row) = match is_narrow {
            true => (Width::Narrow.pixels(), ROW_NARROW),
            false => (Width::Middle.pixels(), ROW_WIDE),
        };
        let (left, right) = match is_narrow {
            true => (2.0 * MARGIN, full - 2.0 * MARGIN),
            false => (NAME + MARGIN, full - SAID_WIDE - 2.0 * MARGIN),
        };
        let room = match is_narrow {
            true => full - NAME - MARGIN,
            false => SAID_WIDE,
        };
        let bottom = 2.0 * row;
        let mut svg = Svg::new();
        let ends = [self.change.size, self.least.size, self.most.size, 0.0];
        let line = Linear::nice(ends.into_iter().chain(self.actual_size()), 5, left, right);
        if self.is_shown() {
            self.background(&mut svg, &line, (full, bottom));
        }
        let actual = self.actual.as_ref().map_or("", |actual| &actual.said);
        let rows = [
            ("Predicted", self.predicted(), self.change.said.as_str()),
            ("Actual", self.actual_said(), actual),
        ];
        for (place, (name, said, in_short)) in rows.into_iter().enumerate() {
            let top = place as f64 * row;
            let (base, middle) = match is_narrow {
                true => (top + 15.0, top + 30.0),
                false => (top + row / 2.0 + 4.0, top + row / 2.0),
            };
            svg.label(Style::Strong, Anchor::Start, 2.0, base, NAME, name);
            // A shortened number would be another number.
            let fits = |text| fit_whole(text, Style::Label, room);
            if let Some(said) = fits(&said).or_else(|| fits(in_short)) {
                svg.whole_label(Style::Label, Anchor::End, full - 2.0, base, said);
            }
            match (place, self.actual_size()) {
                (0, _) if self.is_shown() => self.range(&mut svg, &line, middle),
                (1, Some(actual)) if self.is_shown() => {
                    svg.circle("c-dot s", line.at(actual), middle, DOT);
                }
                _ => {}
            }
        }
        svg.finish(&Frame {
            class: &format!("x effects {}", width.class()),
            width: full,
            height: bottom + AXIS,
            title: &self.title(),
            description: &self.description(),
            parts: false,
        })
    }
}
