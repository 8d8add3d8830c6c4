//! The path of a target: what it states for each period of its measure (SEMANTICS 4). Lints and the evaluation ask the
//! same path, so that both mean the same target.

use throughline_core::calendar::Calendar;
use throughline_core::period::{Frequency, Period};

use crate::records::{Joined, Measure, Target};

/// A point of a path, placed among the measure's periods.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Anchor {
    /// The index of the first of the measure's periods in the point's.
    pub start: i32,
    /// The index of the last.
    pub end: i32,
    /// Its value; `None` where it says that there is no target from then on.
    pub value: Option<f64>,
}

/// The path of a target over the periods of its measure, which go by their indexes.
pub struct TargetPath<'a> {
    joined: Joined,
    frequency: Frequency,
    calendar: &'a Calendar,
    points: Vec<Anchor>,
    baseline: Option<Anchor>,
    /// The length of the periods that the points are for, where what is added up over time is spread over them.
    spread: Option<Frequency>,
}

impl<'a> TargetPath<'a> {
    /// The path of a target of that measure.
    pub fn of(measure: &Measure, target: &Target, calendar: &'a Calendar) -> TargetPath<'a> {
        let frequency = measure.frequency;
        let mut points: Vec<Anchor> = target
            .points
            .iter()
            .map(|point| anchor(calendar, frequency, &point.period, point.value.number()))
            .collect();
        points.sort_by_key(|anchor| (anchor.start, anchor.end));
        let baseline = target.baseline.as_ref();
        let length = target.points.first().map(|point| point.period.frequency);
        TargetPath {
            joined: target.joined,
            frequency,
            calendar,
            points,
            baseline: baseline.map(|baseline| {
                anchor(calendar, frequency, &baseline.period, Some(baseline.value))
            }),
            spread: length.filter(|_| measure.is_summed_over_time()),
        }
    }

    /// Its points, in the order of time.
    pub fn points(&self) -> &[Anchor] {
        &self.points
    }

    /// Where it comes from.
    pub fn baseline(&self) -> Option<&Anchor> {
        self.baseline.as_ref()
    }

    /// The last value that is aimed at.
    pub fn last_point(&self) -> Option<&Anchor> {
        self.points.iter().rev().find(|point| point.value.is_some())
    }

    /// The index of the period from which on a point says something: on a line its last, else its first.
    pub fn says_from(&self, point: &Anchor) -> i32 {
        match self.joined {
            Joined::Steps => point.start,
            Joined::Line => point.end,
        }
    }

    /// The value of the path in a period, as its points state it, not spread; `None` where there is no target.
    pub fn stated(&self, index: i32) -> Option<f64> {
        match self.joined {
            Joined::Steps => {
                self.points
                    .iter()
                    .rev()
                    .find(|point| point.start <= index)?
                    .value
            }
            Joined::Line => self.on_line(index),
        }
    }

    /// From the end of one point's period straight to the end of the next. It starts after the baseline if there is
    /// one, else at the first point, holds after the last, and pauses from the start of a `none`.
    fn on_line(&self, index: i32) -> Option<f64> {
        let baseline = self.baseline.iter().copied();
        let after = self.baseline.map_or(i32::MIN, |baseline| baseline.end);
        let anchors: Vec<Anchor> = baseline
            .chain(
                self.points
                    .iter()
                    .copied()
                    .filter(|point| point.end > after),
            )
            .collect();
        if index <= after {
            return None;
        }
        let passed = anchors.iter().rposition(|anchor| anchor.end <= index)?;
        let from = anchors.get(passed)?;
        let value = from.value?;
        match anchors.get(passed + 1) {
            Some(Anchor {
                start, value: None, ..
            }) if *start <= index => None,
            Some(Anchor {
                end,
                value: Some(next),
                ..
            }) => {
                let share = f64::from(index - from.end) / f64::from(end - from.end);
                Some(value + (next - value) * share)
            }
            Some(Anchor { value: None, .. }) | None => Some(value),
        }
    }

    /// Over how many of the measure's periods the value of a point is spread that is read in the period; 1 where values
    /// are not added up over time.
    pub fn shares(&self, index: i32) -> f64 {
        let Some(length) = self.spread else {
            return 1.0;
        };
        let middle = self.calendar.period(self.frequency, index).middle();
        let parts = self
            .calendar
            .parts(&self.calendar.containing(length, middle), self.frequency);
        parts.count().max(1) as f64
    }

    /// Over how many of the measure's periods the value of a point is spread.
    pub fn shares_of(&self, point: &Anchor) -> f64 {
        match self.spread {
            Some(_) => f64::from(point.end - point.start + 1),
            None => 1.0,
        }
    }

    /// What the periods of a point add up to, where values are added up over time; `None` where one has no target.
    pub fn total_over(&self, point: &Anchor) -> Option<f64> {
        self.spread?;
        (point.start..=point.end)
            .map(|index| Some(self.stated(index)? / self.shares(index)))
            .sum()
    }
}

fn anchor(
    calendar: &Calendar,
    frequency: Frequency,
    period: &Period,
    value: Option<f64>,
) -> Anchor {
    let parts = calendar.parts(period, frequency);
    let (start, end) = if parts.is_empty() {
        let index = calendar.index_of(frequency, period.first);
        (index, index)
    } else {
        (*parts.start(), *parts.end())
    };
    Anchor { start, end, value }
}
