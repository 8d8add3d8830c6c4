//! The drawings of a row: where the value stands against plan, and how it came there.

use throughline_app::Trend;
use throughline_app::insight::Verdict;
use throughline_app::words::{self, numbers};
use throughline_charts::{Bullet, Chart, Point, Says, Sparkline};
use throughline_core::Calendar;
use throughline_engine::{Edge, MeasureReading};
use throughline_insight::signals::State;
use throughline_model::records::{Better, Measure};

/// How many periods a small line shows.
const SPARKLINE_PERIODS: usize = 24;

/// The number of an edge; a range has no one place on a scale.
fn number(edge: Option<Edge>) -> Option<f64> {
    match edge {
        Some(Edge::Number(number)) => Some(number),
        Some(Edge::Range(..)) | None => None,
    }
}

/// The value against target and floor; nothing where there is no single target.
pub fn bullet(reading: &MeasureReading, measure: &Measure) -> String {
    let better = match measure.better {
        Some(Better::Higher) => throughline_charts::Better::Higher,
        Some(Better::Lower) => throughline_charts::Better::Lower,
        Some(Better::Between) | None => return String::new(),
    };
    if reading.value.is_none() || number(reading.target).is_none() {
        return String::new();
    }
    let bullet = Bullet {
        name: measure.name.clone(),
        unit: numbers::unit_of(measure),
        decimals: numbers::decimals_of(measure),
        better,
        actual: reading.value,
        target: number(reading.target),
        floor: number(reading.floor),
    };
    bullet.svg()
}

/// What the newest period says.
fn says(trend: &Trend) -> Says {
    let newest = trend
        .readings
        .last()
        .and_then(|(period, _)| trend.verdict(period));
    match newest {
        Some(Verdict::Of(State::Improving)) => Says::Improving,
        Some(Verdict::Of(State::Worsening)) => Says::Worsening,
        _ => Says::Routine,
    }
}

/// The value over time, from the first one on; nothing where there are fewer than two.
pub fn sparkline(trend: &Trend, measure: &Measure, calendar: &Calendar) -> String {
    let newest = trend.readings.len().saturating_sub(SPARKLINE_PERIODS);
    let mut values = trend.readings.iter().skip(newest);
    let empty = values.position(|(_, reading)| reading.value.is_some());
    let before = newest + empty.unwrap_or(0);
    let readings = trend.readings[before..].iter();
    if readings
        .clone()
        .filter(|(_, reading)| reading.value.is_some())
        .count()
        < 2
    {
        return String::new();
    }
    let target = trend
        .readings
        .last()
        .and_then(|(_, reading)| number(reading.target));
    let sparkline = Sparkline {
        name: measure.name.clone(),
        unit: numbers::unit_of(measure),
        decimals: numbers::decimals_of(measure),
        points: readings
            .map(|(period, reading)| Point {
                period: words::period(period, calendar),
                value: reading.value,
            })
            .collect(),
        target,
        limits: (before..trend.readings.len())
            .filter_map(|place| Some((place - before, trend.signals.limits(place)?)))
            .map(|(at, limits)| (at, limits.lower, limits.upper))
            .collect(),
        says: says(trend),
    };
    sparkline.svg()
}
