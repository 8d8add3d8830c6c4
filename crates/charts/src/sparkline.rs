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

/// A small line of the latest values, with the target as a level and the natural limits behind it.
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
    /// Between what routine variation stays, of each period that has limits: index, lower and upper.
    pub limits: Vec<(usize, f64, f64)>,
    /// What the last point says.
    pub says: Says,
}

/// What the last point of a line says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Says {
    /// Nothing that is new.
    #[default]
    Routine,
    /// A real change for the better.
    Improving,
    /// A real change for the worse.
    Worsening,
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

    /// The limits that are drawn: from the first value on, and of two periods at least, as one makes no area.
    fn drawn_limits(&self) -> Vec<(usize, f64, f64)> {
        let first = self.points.iter().position(|point| point.value.is_some());
        let drawn = |(at, lower, upper): &&(usize, f64, f64)| {
            first.is_some_and(|first| (first..self.points.len()).contains(at))
                && lower.is_finite()
                && upper.is_finite()
        };
        let drawn: Vec<_> = self.limits.iter().filter(drawn).copied().collect();
        if drawn.len() < 2 { Vec::new() } else { drawn }
    }
}

/// The area of limits: along the upper ones and back along the lower ones.
fn area(limits: &[(usize, f64, f64)], bands: &Bands, level: &Linear) -> Path {
    let mut area = Path::new();
    let upper = limits.iter().map(|(at, _, upper)| (*at, *upper));
    let lower = limits.iter().rev().map(|(at, lower, _)| (*at, *lower));
    for (step, (at, edge)) in upper.chain(lower).enumerate() {
        let (x, y) = (bands.middle(at), level.at(edge));
        match step {
            0 => area.move_to(x, y),
            _ => area.line_to(x, y),
        };
    }
    area
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
        if let Some((_, lower, upper)) = self.drawn_limits().last() {
            let edge = |edge: &f64| numbers.value(Some(*edge));
            text.push_str(&format!(
                " Routine variation stays between {} and {}.",
                edge(lower),
                edge(upper)
            ));
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
        let limits = self.drawn_limits();
        let edges = limits.iter().flat_map(|(_, lower, upper)| [*lower, *upper]);
        let level = Linear::nice(
            values().chain([self.target]).flatten().chain(edges),
            // A small line needs no round ends: many steps stay close to the values.
            12,
            HEIGHT - MARGIN,
            MARGIN,
        );
        let bands = Bands::new(self.points.len(), 0.0, WIDTH - MARGIN + 1.0);
        let mut svg = Svg::new();
        let first = self.points.iter().position(|point| point.value.is_some());
        svg.path("sp-limits", &area(&limits, &bands, &level));
        if let (Some(target), Some(first)) = (finite(self.target), first) {
            svg.path(
                "sp-target",
                Path::new()
                    .move_to(bands.middle(first), level.at(target))
                    .across_to(WIDTH),
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
            let class = match self.says {
                _ if index + 1 < self.points.len() => "sp-dot stale",
                Says::Routine => "sp-dot",
                Says::Improving => "sp-dot good",
                Says::Worsening => "sp-dot bad",
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
