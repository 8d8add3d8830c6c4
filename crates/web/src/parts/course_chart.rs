//! A measure over time, drawn from its course.

use askama::Template;
use throughline_app::words::{self, numbers};
use throughline_app::{Course, CoursePoint};
use throughline_charts::{Chart, TargetShape, TimeChart, TimePoint};
use throughline_core::{Calendar, Frequency, Period};
use throughline_engine::Edge;
use throughline_model::records::{Joined, Measure, Target};

/// The chart.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "parts/course_chart.html")]
pub struct CourseChart {
    /// The drawings, wide and narrow.
    pub drawing: String,
    /// What can be seen, in words.
    pub description: String,
    /// The lines that are there.
    pub lines: Vec<LegendLine>,
}

/// A line of the legend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LegendLine {
    /// Its class in the drawing.
    pub class: &'static str,
    /// What it is.
    pub words: &'static str,
}

impl CourseChart {
    /// The chart of a course; none where no period has a value.
    #[must_use]
    pub fn of(
        course: &Course,
        measure: &Measure,
        target: Option<&Target>,
        calendar: &Calendar,
    ) -> Option<CourseChart> {
        let points: Vec<TimePoint> = course
            .so_far
            .iter()
            .chain(&course.to_come)
            .map(|point| time_point(point, calendar))
            .collect();
        if points.iter().all(|point| point.actual.is_none()) {
            return None;
        }
        let has = |of: fn(&TimePoint) -> Option<f64>| points.iter().any(|one| of(one).is_some());
        let lines = [
            (true, "c-ac", "Actual"),
            (has(|point| point.target), "c-tgt", "Target"),
            (has(|point| point.floor), "c-floor", "Floor"),
            (has(|point| point.year_before), "c-py", "Year before"),
        ];
        let lines = lines.into_iter().filter(|(is_there, ..)| *is_there);
        let lines = lines.map(|(_, class, words)| LegendLine { class, words });
        let lines = lines.collect();
        let chart = TimeChart {
            name: measure.name.clone(),
            unit: numbers::unit_of(measure),
            decimals: numbers::decimals_of(measure),
            points,
            target_shape: match target.map(|target| target.joined) {
                Some(Joined::Line) => TargetShape::Line,
                _ => TargetShape::Stepped,
            },
        };
        Some(CourseChart {
            drawing: chart.svg(),
            description: chart.description(),
            lines,
        })
    }
}

fn time_point(point: &CoursePoint, calendar: &Calendar) -> TimePoint {
    let (short, year) = on_the_axis(&point.period, calendar);
    TimePoint {
        period: words::period(&point.period, calendar),
        short,
        year,
        actual: point.reading.value,
        target: number(point.reading.target),
        floor: number(point.reading.floor),
        year_before: point.year_before,
    }
}

/// A range has no one place on the axis.
fn number(edge: Option<Edge>) -> Option<f64> {
    match edge {
        Some(Edge::Number(number)) => Some(number),
        Some(Edge::Range(..)) | None => None,
    }
}

/// `Jun` below `2013`, `Q2` below `2013`; a year stands alone.
fn on_the_axis(period: &Period, calendar: &Calendar) -> (String, String) {
    let name = words::period(period, calendar);
    match name.split_once(' ') {
        Some((short, year)) if period.frequency != Frequency::Week => {
            (short.to_owned(), year.to_owned())
        }
        _ => (name, String::new()),
    }
}
