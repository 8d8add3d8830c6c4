//! A measure over time, drawn from its course, with what is known of each period in a line that can be read out.

use askama::Template;
use throughline_app::words::{self, numbers};
use throughline_app::{Course, CoursePoint};
use throughline_charts::{Chart, TimeChart, TimePoint, Width};
use throughline_core::{Calendar, Frequency, Period};
use throughline_engine::Edge;
use throughline_model::records::Measure;

/// The chart.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "parts/course_chart.html")]
pub struct CourseChart {
    /// The drawings, wide and narrow.
    pub drawing: String,
    /// The wide one alone.
    pub wide: String,
    /// What can be seen, in words.
    pub description: String,
    /// The lines that are there.
    pub lines: Vec<LegendLine>,
    /// Each period that is drawn, in words.
    pub readouts: Vec<Readout>,
    /// The place among them of the last period that has been.
    pub current: usize,
}

/// What is known of one period.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Readout {
    /// The period.
    pub period: String,
    /// The value with its unit.
    pub value: String,
    /// How it stands to the target, the year before, and how much of what is owed is there.
    pub about: Vec<String>,
}

/// A line of the legend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LegendLine {
    /// How it is drawn.
    pub mark: LegendMark,
    /// What it is.
    pub words: &'static str,
}

/// How a line of the legend is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LegendMark {
    /// A line with a dot.
    Dotted(&'static str),
    /// A line.
    Plain(&'static str),
    /// An area between two edges.
    Band,
}

impl CourseChart {
    /// The chart of a course; none where no period has a value. The inputs of the period that is shown are counted, where
    /// they are known.
    #[must_use]
    pub fn of(
        course: &Course,
        measure: &Measure,
        calendar: &Calendar,
        inputs: Option<(Period, String)>,
    ) -> Option<CourseChart> {
        let all = || course.so_far.iter().chain(&course.to_come);
        let points: Vec<TimePoint> = all().map(|point| time_point(point, calendar)).collect();
        if points.iter().all(|point| point.actual.is_none()) {
            return None;
        }
        let readout = |point: &CoursePoint| {
            let counted = inputs.as_ref().filter(|(of, _)| *of == point.period);
            let counted = counted.map(|(_, words)| words.clone());
            Readout::of(point, measure, calendar, counted)
        };
        let chart = TimeChart {
            name: measure.name.clone(),
            unit: numbers::unit_of(measure),
            decimals: numbers::decimals_of(measure),
            points,
        };
        Some(CourseChart {
            drawing: chart.svg(),
            wide: chart.drawing(Width::Wide),
            description: chart.description(),
            lines: legend(&chart.points),
            readouts: all().map(readout).collect(),
            current: course.so_far.len().saturating_sub(1),
        })
    }
}

fn legend(points: &[TimePoint]) -> Vec<LegendLine> {
    let has = |of: fn(&TimePoint) -> bool| points.iter().any(of);
    let lines = [
        (true, LegendMark::Dotted("c-ac"), "Actual"),
        (
            has(|point| point.target.is_some()),
            LegendMark::Plain("c-tgt"),
            "Target",
        ),
        (
            has(|point| point.target_range.is_some()),
            LegendMark::Band,
            "Target, from edge to edge",
        ),
        (
            has(|point| point.floor.is_some()),
            LegendMark::Plain("c-floor"),
            "Floor",
        ),
        (
            has(|point| point.year_before.is_some()),
            LegendMark::Plain("c-py"),
            "Year before",
        ),
    ];
    let lines = lines.into_iter().filter(|(is_there, ..)| *is_there);
    lines
        .map(|(_, mark, words)| LegendLine { mark, words })
        .collect()
}

impl Readout {
    fn of(
        point: &CoursePoint,
        measure: &Measure,
        calendar: &Calendar,
        counted: Option<String>,
    ) -> Readout {
        let reading = &point.reading;
        let against = match (reading.value, reading.target) {
            (None, Some(target)) => {
                let target = numbers::target_in_words(target, measure);
                Some(format!("target {target}"))
            }
            (Some(_), Some(_)) => {
                Some(numbers::against_plan(reading.gap, measure)).filter(|gap| !gap.is_empty())
            }
            (_, None) => None,
        };
        let year_before = point.year_before.map(|value| {
            let value = numbers::value(Some(value), measure);
            format!("{value} the year before")
        });
        let share = reading.completeness.map(|share| {
            let share = numbers::share(Some(share));
            format!("{share} of inputs")
        });
        let inputs = counted.or(share).filter(|_| reading.value.is_some());
        Readout {
            period: words::period(&point.period, calendar),
            value: match reading.value {
                None => "no value".to_owned(),
                value => numbers::value(value, measure),
            },
            about: [against, year_before, inputs]
                .into_iter()
                .flatten()
                .collect(),
        }
    }
}

fn time_point(point: &CoursePoint, calendar: &Calendar) -> TimePoint {
    let (short, year) = on_the_axis(&point.period, calendar);
    let (target, target_range) = match point.reading.target {
        Some(Edge::Number(number)) => (Some(number), None),
        Some(Edge::Range(low, high)) => (None, Some((low, high))),
        None => (None, None),
    };
    TimePoint {
        period: words::period(&point.period, calendar),
        short,
        year,
        actual: point.reading.value,
        target,
        target_range,
        floor: match point.reading.floor {
            Some(Edge::Number(number)) => Some(number),
            // Where the target is a band, a floor on either side of it would be one line too many.
            Some(Edge::Range(..)) | None => None,
        },
        year_before: point.year_before,
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
