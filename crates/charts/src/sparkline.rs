//! The last two years of a measure in the height of a table row.

use throughline_core::UnitOfMeasure;

use crate::chart::{Chart, Width};
use crate::scale::{Bands, Linear, finite};
use crate::svg::{Frame, Path, Svg};
use crate::words::{Numbers, count};

const WIDTH: f64 = 104.0;
const HEIGHT: f64 = 26.0;
/// Room for the mark of the last point.
const MARGIN: f64 = 3.5;
const MARK_RADIUS: f64 = 2.6;
/// A single point between two gaps, which a line could not show.
const LONE_RADIUS: f64 = 1.1;

/// The value of one period.
#[derive(Clone, Debug)]
pub struct Point {
    /// The period's name, such as "Oct 2026".
    pub period: String,
    /// Its value; none is a gap.
    pub value: Option<f64>,
}

/// A small line of the latest values, with the target as a level.
#[derive(Clone, Debug)]
pub struct Sparkline {
    /// The measure's name.
    pub name: String,
    /// The unit its values are shown in.
    pub unit: UnitOfMeasure,
    /// The decimals its values are shown with.
    pub decimals: u8,
    /// The periods, oldest first; 24 are usual.
    pub points: Vec<Point>,
    /// The target of the last period.
    pub target: Option<f64>,
}

/// The values as runs without gaps: index and value.
pub(crate) fn runs(values: impl Iterator<Item = Option<f64>>) -> Vec<Vec<(usize, f64)>> {
    let mut runs: Vec<Vec<(usize, f64)>> = Vec::new();
    let mut broken = true;
    for (index, value) in values.enumerate() {
        let Some(value) = finite(value) else {
            broken = true;
            continue;
        };
        match runs.last_mut() {
            Some(run) if !broken => run.push((index, value)),
            _ => runs.push(vec![(index, value)]),
        }
        broken = false;
    }
    runs
}

impl Sparkline {
    fn numbers(&self) -> Numbers<'_> {
        Numbers {
            unit: &self.unit,
            decimals: self.decimals,
        }
    }
}

impl Chart for Sparkline {
    fn title(&self) -> String {
        format!("{}, last {}", self.name, count(self.points.len(), "period"))
    }

    fn description(&self) -> String {
        let numbers = self.numbers();
        let mut known = self
            .points
            .iter()
            .filter_map(|point| Some((point, finite(point.value)?)));
        let Some((first, from)) = known.next() else {
            return "No period has a value.".to_owned();
        };
        let mut text = match known.next_back() {
            Some((last, to)) => format!(
                "From {} in {} to {} in {}.",
                numbers.value(Some(from)),
                first.period,
                numbers.value(Some(to)),
                last.period
            ),
            None => format!("{} in {}.", numbers.value(Some(from)), first.period),
        };
        let missing = self
            .points
            .iter()
            .filter(|point| finite(point.value).is_none())
            .count();
        if missing > 0 {
            let have = if missing == 1 { "has" } else { "have" };
            text.push_str(&format!(" {} {have} no value.", count(missing, "period")));
        }
        if let Some(target) = finite(self.target) {
            text.push_str(&format!(" The target is {}.", numbers.value(Some(target))));
        }
        text
    }

    fn table(&self) -> Vec<Vec<String>> {
        let heads = vec!["Period".to_owned(), "Actual".to_owned()];
        let rows = self
            .points
            .iter()
            .map(|point| vec![point.period.clone(), self.numbers().value(point.value)]);
        std::iter::once(heads).chain(rows).collect()
    }

    fn drawing(&self, _width: Width) -> String {
        let values = || self.points.iter().map(|point| point.value);
        let level = Linear::nice(
            values().chain([self.target]).flatten(),
            // A small line needs no round ends: many steps stay close to the values.
            12,
            HEIGHT - MARGIN,
            MARGIN,
        );
        let bands = Bands::new(self.points.len(), 0.0, WIDTH - MARGIN + 1.0);
        let mut svg = Svg::new();
        if let Some(target) = finite(self.target) {
            svg.path(
                "sp-target",
                Path::new().move_to(0.0, level.at(target)).across_to(WIDTH),
            );
        }
        let mut line = Path::new();
        for run in runs(values()) {
            if let [(index, value)] = run[..] {
                svg.circle("sp-dot", bands.middle(index), level.at(value), LONE_RADIUS);
                continue;
            }
            for (step, (index, value)) in run.into_iter().enumerate() {
                let (x, y) = (bands.middle(index), level.at(value));
                if step == 0 {
                    line.move_to(x, y)
                } else {
                    line.line_to(x, y)
                };
            }
        }
        svg.path("sp", &line);
        if let Some((index, value)) = runs(values()).last().and_then(|run| run.last().copied()) {
            // Hollow, if it is older than the last period.
            let class = if index + 1 == self.points.len() {
                "sp-dot"
            } else {
                "sp-dot stale"
            };
            svg.circle(class, bands.middle(index), level.at(value), MARK_RADIUS);
        }
        svg.finish(&Frame {
            class: "spark",
            width: WIDTH,
            height: HEIGHT,
            title: &self.title(),
            description: &self.description(),
            parts: false,
        })
    }
}
