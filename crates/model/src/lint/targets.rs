//! Lints of targets: that they say by when, and that those of the children add up to that of the parent.

use std::collections::{BTreeMap, HashMap};

use jiff::civil::Date;
use throughline_core::id::UnitId;
use throughline_core::period::{Frequency, Period};

use super::survey::Survey;
use super::{Hit, Lint};
use crate::record::Entry;
use crate::records::{Better, Joined, Measure, MeasureKind, OverUnits, Target};

/// What differs by no more than this share is the same.
const TOLERANCE: f64 = 1e-9;

pub(super) const OBJECTIVE_WITHOUT_DUE: Lint = Lint {
    code: "objective-without-due",
    title: "Objective that does not say by when",
    reason: "Without a date an objective is never missed, and never reached. The date also says what has to come first.",
    find: |survey| {
        let objectives = survey.model.objectives().iter();
        objectives
            .filter(|objective| objective.due.is_none())
            .map(|objective| {
                let message = "this objective does not say by when it is to be true";
                Hit::at(
                    objective,
                    message,
                    "write `due:` with a period, such as 2027 or 2027-Q2",
                )
            })
            .collect()
    },
};

pub(super) const TARGET_WITHOUT_END: Lint = Lint {
    code: "target-without-end",
    title: "Target that is not time-bound",
    reason: "One value that holds for ever is a standard, and says nothing of what is to be reached by when. Steps, or a line \
             to a date, show whether things move fast enough.",
    find: |survey| {
        let targets = survey.model.targets().iter();
        targets
            .filter(|target| target.joined == Joined::Steps && target.points.len() == 1)
            .map(|target| {
                let help = "add the points of the years to come, or join them as a `line`; silence this where a standard is meant";
                Hit::at(target, "this target is one value for ever, with nothing to reach by a date", help).field("points")
            })
            .collect()
    },
};

pub(super) const CHILDREN_DO_NOT_ADD_UP: Lint = Lint {
    code: "children-do-not-add-up",
    title: "Targets of the children that do not add up to the parent's",
    reason: "Where values add up over units, targets must too. Otherwise all units can reach theirs while the whole misses its \
             own, or nobody knows who is to bring the rest.",
    find: |survey| {
        let targets = survey.model.targets().iter();
        targets
            .filter_map(|target| does_not_add_up(survey, target))
            .collect()
    },
};

/// Compares the target of a unit with those of its children, at each period for which one of them has a point.
fn does_not_add_up(survey: &Survey<'_>, target: &Entry<Target>) -> Option<Hit> {
    let model = survey.model;
    if !adds_up(model.measures().get(target.measure)?) {
        return None;
    }
    let children = survey.children.get(&target.unit)?;
    let own = Path::of(target)?;
    let paths: HashMap<UnitId, Path> = children
        .iter()
        .filter_map(|child| {
            let path = Path::of(model.index().target(target.measure, *child)?)?;
            // Values for periods of different lengths cannot be compared one by one.
            (path.length == own.length).then_some((*child, path))
        })
        .collect();
    let periods: BTreeMap<Date, Period> =
        paths.values().chain([&own]).flat_map(Path::days).collect();
    for (day, period) in periods {
        let whole = own.value_on(day);
        let (Some(whole), Some(parts)) = (whole, sum_on(survey, target.unit, &paths, day)) else {
            continue;
        };
        if (whole - parts).abs() > TOLERANCE * whole.abs().max(parts.abs()) {
            let message = format!(
                "for {} this target is {whole}, and those of the units below come to {parts}",
                model.calendar().name(&period)
            );
            let help = "change one of them, or say who brings the rest";
            return Some(Hit::at(target, message, help).field("points"));
        }
    }
    None
}

/// The sum of the targets of the units below on a day; `None` unless there are some and all of them have one.
fn sum_on(
    survey: &Survey<'_>,
    unit: UnitId,
    paths: &HashMap<UnitId, Path>,
    day: Date,
) -> Option<f64> {
    let children = survey.model.index().units_on(day).children(unit).iter();
    let valid = children.filter(|child| {
        let unit = survey.model.units().get(**child);
        unit.is_some_and(|unit| unit.is_valid_throughout(day, day))
    });
    let values: Option<Vec<f64>> = valid.map(|child| paths.get(child)?.value_on(day)).collect();
    values
        .filter(|values| !values.is_empty())
        .map(|values| values.iter().sum())
}

/// Whether the values of a measure add up over units, and it has a path.
fn adds_up(measure: &Measure) -> bool {
    let is_summed = match measure.over_units {
        Some(over_units) => over_units == OverUnits::Sum,
        None => matches!(measure.kind, MeasureKind::Sum | MeasureKind::Level),
    };
    is_summed && !matches!(measure.better, None | Some(Better::Between))
}

/// The points of a target, for asking what it is on a day.
struct Path {
    joined: Joined,
    length: Frequency,
    /// The baseline of a line, and the points, in the order of time.
    points: Vec<(Period, Option<f64>)>,
}

impl Path {
    /// `None` for a target without points.
    fn of(target: &Target) -> Option<Path> {
        let values = target
            .points
            .iter()
            .map(|point| (point.period, point.value.number()));
        let mut points: Vec<(Period, Option<f64>)> = values.collect();
        match target.joined {
            Joined::Steps => points.sort_by_key(|(period, _)| period.first),
            Joined::Line => {
                let baseline = target.baseline.iter();
                points.extend(baseline.map(|baseline| (baseline.period, Some(baseline.value))));
                points.sort_by_key(|(period, _)| period.last);
            }
        }
        Some(Path {
            joined: target.joined,
            length: target.points.first()?.period.frequency,
            points,
        })
    }

    /// The days on which something begins: the first of a step, the last of a point on a line.
    fn days(&self) -> impl Iterator<Item = (Date, Period)> {
        self.points.iter().map(|(period, _)| match self.joined {
            Joined::Steps => (period.first, *period),
            Joined::Line => (period.last, *period),
        })
    }

    fn value_on(&self, day: Date) -> Option<f64> {
        match self.joined {
            Joined::Steps => {
                let begun = self
                    .points
                    .partition_point(|(period, _)| period.first <= day);
                self.points.get(begun.checked_sub(1)?)?.1
            }
            Joined::Line => self.line_on(day),
        }
    }

    /// Straight from the end of one point's period to the end of the next; the last value holds on.
    fn line_on(&self, day: Date) -> Option<f64> {
        let ended = self
            .points
            .partition_point(|(period, _)| period.last <= day);
        let before = ended.checked_sub(1).and_then(|last| self.points.get(last));
        match (before, self.points.get(ended)) {
            (Some((_, value)), None) => *value,
            (None, Some((period, value))) => value.filter(|_| period.first <= day),
            (Some((start, Some(low))), Some((end, Some(high)))) => {
                let seconds = |from: Date, to: Date| to.duration_since(from).as_secs() as f64;
                let share = seconds(start.last, day) / seconds(start.last, end.last);
                Some(low + (high - low) * share)
            }
            _ => None,
        }
    }
}
