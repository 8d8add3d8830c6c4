//! A measure over time: actual as a line with dots, target as a line in steps or as a band, the year before light, the
//! floor dotted. Gaps stay gaps.

mod draw;
mod labels;

use throughline_core::UnitOfMeasure;

use crate::chart::{Chart, Width};
use crate::scale::finite;
use crate::words::{Numbers, count};

/// What is known of one period.
#[derive(Clone, Debug, Default)]
pub struct TimePoint {
    /// The period's full name, such as "Oct 2026" or "week to 22 Nov 2026".
    pub period: String,
    /// Its name on the axis, such as "Oct"; empty where the axis stays silent.
    pub short: String,
    /// What comes above it on the axis, such as "2026".
    pub year: String,
    /// The value; none is a gap.
    pub actual: Option<f64>,
    /// The target; none where it is a range.
    pub target: Option<f64>,
    /// The lower and the upper edge of a target that is a range.
    pub target_range: Option<(f64, f64)>,
    /// The floor.
    pub floor: Option<f64>,
    /// The value of the same period one year before.
    pub year_before: Option<f64>,
}

/// One measure over time.
#[derive(Clone, Debug)]
pub struct TimeChart {
    /// The measure's name.
    pub name: String,
    /// The unit its values are shown in.
    pub unit: UnitOfMeasure,
    /// The decimals its values are shown with.
    pub decimals: u8,
    /// The periods, oldest first; those to come may have a target alone.
    pub points: Vec<TimePoint>,
}

/// One of the lines of the chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Line {
    Actual,
    Target,
    Floor,
    YearBefore,
}

impl Line {
    const ALL: [Line; 4] = [Line::Actual, Line::Target, Line::Floor, Line::YearBefore];

    fn word(self) -> &'static str {
        match self {
            Line::Actual => "Actual",
            Line::Target => "Target",
            Line::Floor => "Floor",
            Line::YearBefore => "Year before",
        }
    }

    fn of(self, point: &TimePoint) -> Option<f64> {
        finite(match self {
            Line::Actual => point.actual,
            Line::Target => point.target,
            Line::Floor => point.floor,
            Line::YearBefore => point.year_before,
        })
    }
}

/// The edges of a target that is a range, if it can be drawn.
fn range(point: &TimePoint) -> Option<(f64, f64)> {
    let (low, high) = point.target_range?;
    let (low, high) = (finite(Some(low))?, finite(Some(high))?);
    Some((low.min(high), low.max(high)))
}

impl TimeChart {
    fn numbers(&self) -> Numbers<'_> {
        Numbers {
            unit: &self.unit,
            decimals: self.decimals,
        }
    }

    /// The values of a line, one per period.
    fn values(&self, line: Line) -> impl Iterator<Item = Option<f64>> + '_ {
        self.points.iter().map(move |point| line.of(point))
    }

    /// The last period that has a value on the line, and the value.
    fn last(&self, line: Line) -> Option<(usize, f64)> {
        self.values(line)
            .enumerate()
            .filter_map(|(index, value)| Some((index, value?)))
            .last()
    }

    /// The last period whose target is a range, and its edges.
    fn last_range(&self) -> Option<(usize, (f64, f64))> {
        let ranges = self.points.iter().enumerate();
        ranges
            .filter_map(|(index, point)| Some((index, range(point)?)))
            .next_back()
    }

    fn has(&self, line: Line) -> bool {
        self.last(line).is_some() || line == Line::Target && self.last_range().is_some()
    }

    /// "5.0% to 12.0%"
    fn range_in_words(&self, (low, high): (f64, f64)) -> String {
        let numbers = self.numbers();
        let [low, high] = [low, high].map(|edge| numbers.value(Some(edge)));
        format!("{low} to {high}")
    }

    /// What stands in the table for a line in a period.
    fn cell(&self, line: Line, point: &TimePoint) -> String {
        match (line, range(point)) {
            (Line::Target, Some(edges)) => self.range_in_words(edges),
            _ => self.numbers().value(line.of(point)),
        }
    }

    /// "The target for Oct 2026 is 82.0%: the value is 0.7 points below it."
    fn against_target(&self, index: usize, actual: f64) -> Option<String> {
        let point = self.points.get(index)?;
        let numbers = self.numbers();
        if let Some((low, high)) = range(point) {
            let stands = match actual {
                below if below < low => format!("{} the lower edge", numbers.beside(below, low)),
                above if above > high => format!("{} the upper edge", numbers.beside(above, high)),
                _ => "inside".to_owned(),
            };
            let range = self.range_in_words((low, high));
            return Some(format!(
                " The target for {} is {range}: the value is {stands}.",
                point.period
            ));
        }
        let target = Line::Target.of(point)?;
        Some(format!(
            " The target for {} is {}: the value is {} it.",
            point.period,
            numbers.value(Some(target)),
            numbers.beside(actual, target)
        ))
    }
}

impl Chart for TimeChart {
    fn title(&self) -> String {
        match (self.points.first(), self.points.last()) {
            (Some(first), Some(last)) => {
                format!("{}, {} to {}", self.name, first.period, last.period)
            }
            _ => self.name.clone(),
        }
    }

    fn description(&self) -> String {
        let numbers = self.numbers();
        let known: Vec<(&TimePoint, f64)> = self
            .points
            .iter()
            .filter_map(|point| Some((point, Line::Actual.of(point)?)))
            .collect();
        let (Some((first, from)), Some((last, to)), Some((index, _))) =
            (known.first(), known.last(), self.last(Line::Actual))
        else {
            return "No period has a value.".to_owned();
        };
        let say = |value: f64| numbers.value(Some(value));
        let mut text = format!("{} in {}", say(*to), last.period);
        if known.len() > 1 {
            text.push_str(&format!(", from {} in {}", say(*from), first.period));
        }
        text.push('.');
        let lowest = known.iter().min_by(|a, b| a.1.total_cmp(&b.1));
        let highest = known.iter().max_by(|a, b| a.1.total_cmp(&b.1));
        if let (Some((low_point, low)), Some((high_point, high))) = (lowest, highest)
            && low < high
        {
            text.push_str(&format!(
                " The lowest of {} is {} in {}, the highest {} in {}.",
                count(known.len(), "value"),
                say(*low),
                low_point.period,
                say(*high),
                high_point.period
            ));
        }
        text.extend(self.against_target(index, *to));
        let missing = self
            .points
            .iter()
            .take(index)
            .filter(|point| Line::Actual.of(point).is_none())
            .count();
        if missing > 0 {
            let have = if missing == 1 { "has" } else { "have" };
            text.push_str(&format!(
                " {} before it {have} no value.",
                count(missing, "period")
            ));
        }
        text
    }

    fn table(&self) -> Vec<Vec<String>> {
        let lines: Vec<Line> = Line::ALL
            .into_iter()
            .filter(|line| *line == Line::Actual || self.has(*line))
            .collect();
        let heads = std::iter::once("Period".to_owned())
            .chain(lines.iter().map(|line| line.word().to_owned()));
        let rows = self.points.iter().map(|point| {
            let cells = lines.iter().map(|line| self.cell(*line, point));
            std::iter::once(point.period.clone()).chain(cells).collect()
        });
        std::iter::once(heads.collect()).chain(rows).collect()
    }

    fn differs_when_narrow(&self) -> bool {
        true
    }

    fn drawing(&self, width: Width) -> String {
        draw::draw(self, width)
    }
}
