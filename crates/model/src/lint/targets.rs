//! Lints of targets: that they say by when, and that those of the children add up to that of the parent.

use std::collections::{BTreeSet, HashMap};

use throughline_core::id::UnitId;
use throughline_core::period::Period;

use super::survey::Survey;
use super::{Hit, Lint};
use crate::path::TargetPath;
use crate::record::Entry;
use crate::records::{Better, Joined, Measure, Target};

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

pub(super) const LINE_MISSES_ITS_POINTS: Lint = Lint {
    code: "line-misses-its-points",
    title: "Line of a sum whose periods do not add up to its points",
    reason: "A line goes to the rate of its last point: the months of a year that grows lie below a twelfth of what was \
             agreed for it until the last one, so that the year comes to less than the agreed number, and less is on track. \
             Steps come to what their points say.",
    find: |survey| {
        let targets = survey.model.targets().iter();
        targets
            .filter_map(|target| misses_its_points(survey, target))
            .collect()
    },
};

pub(super) const BASELINE_AFTER_POINTS: Lint = Lint {
    code: "baseline-after-points",
    title: "Baseline that lies after all points of its line",
    reason: "A line begins after its baseline. One that lies after every point leaves nothing of the line, so that the measure \
             has no target at all, and nothing says so.",
    find: |survey| {
        let targets = survey.model.targets().iter();
        targets
            .filter(|target| {
                let baseline = target.baseline.as_ref();
                let ends = baseline.map(|baseline| baseline.period.last);
                let is_before = |end| target.points.iter().all(|point| point.period.last <= end);
                target.joined == Joined::Line && !target.points.is_empty() && ends.is_some_and(is_before)
            })
            .map(|target| {
                let message = "this baseline lies after all points, so that nothing is left of the line and there is no target";
                let help = "give the period before the line begins, or leave the baseline out";
                Hit::at(target, message, help).field("baseline")
            })
            .collect()
    },
};

/// The first point of a line that its own periods do not come to.
fn misses_its_points(survey: &Survey<'_>, target: &Entry<Target>) -> Option<Hit> {
    let model = survey.model;
    let measure = model.measures().get(target.measure)?;
    if target.joined != Joined::Line || !has_path(measure) || !measure.is_summed_over_time() {
        return None;
    }
    let path = TargetPath::of(measure, target, model.calendar());
    let (stated, total, period) = path.points().iter().find_map(|point| {
        let (stated, total) = (point.value?, path.total_over(point)?);
        let period = model.calendar().period(measure.frequency, point.start);
        differ(stated, total).then_some((stated, total, period))
    })?;
    let length = target.points.first()?.period.frequency;
    let named = model.calendar().containing(length, period.middle());
    let message = format!(
        "for {} the line comes to {} over its periods, and its point says {}",
        model.calendar().name(&named),
        rounded(total),
        rounded(stated)
    );
    let help = "join the points as `steps` where they are what is agreed; silence this where the line is meant";
    Some(Hit::at(target, message, help).field("joined"))
}

/// Compares the target of a unit with those of its children, at each period from which on one of them says something.
fn does_not_add_up(survey: &Survey<'_>, target: &Entry<Target>) -> Option<Hit> {
    let model = survey.model;
    let measure = model.measures().get(target.measure)?;
    if !measure.is_summed_over_units() || !has_path(measure) {
        return None;
    }
    let children = survey.children.get(&target.unit)?;
    let length = target.points.first()?.period.frequency;
    let path = |target| TargetPath::of(measure, target, model.calendar());
    let own = path(target);
    let paths: HashMap<UnitId, TargetPath<'_>> = children
        .iter()
        .filter_map(|child| {
            let target = model.index().target(target.measure, *child)?;
            // Values for periods of different lengths cannot be compared one by one.
            let is_alike = target.points.first()?.period.frequency == length;
            is_alike.then(|| (*child, path(target)))
        })
        .collect();
    let starts: BTreeSet<i32> = paths
        .values()
        .chain([&own])
        .flat_map(|path| path.points().iter().map(|point| path.says_from(point)))
        .collect();
    for index in starts {
        let period = model.calendar().period(measure.frequency, index);
        let whole = own.stated(index);
        let parts = sum_in(survey, target.unit, &paths, (index, &period));
        let (Some(whole), Some(parts)) = (whole, parts) else {
            continue;
        };
        if differ(whole, parts) {
            let named = model.calendar().containing(length, period.middle());
            let message = format!(
                "for {} this target is {}, and those of the units below come to {}",
                model.calendar().name(&named),
                rounded(whole),
                rounded(parts)
            );
            let help = "change one of them, or say who brings the rest";
            return Some(Hit::at(target, message, help).field("points"));
        }
    }
    None
}

/// The sum of the targets of the units below in a period; `None` unless there are some and all of them have one.
fn sum_in(
    survey: &Survey<'_>,
    unit: UnitId,
    paths: &HashMap<UnitId, TargetPath<'_>>,
    (index, period): (i32, &Period),
) -> Option<f64> {
    let tree = survey.model.index().units_on(period.middle());
    let valid = tree.children(unit).iter().filter(|child| {
        let unit = survey.model.units().get(**child);
        unit.is_some_and(|unit| unit.is_valid_within(period.first, period.last))
    });
    let values: Option<Vec<f64>> = valid.map(|child| paths.get(child)?.stated(index)).collect();
    values
        .filter(|values| !values.is_empty())
        .map(|values| values.iter().sum())
}

/// Whether the targets of a measure are paths.
fn has_path(measure: &Measure) -> bool {
    !matches!(measure.better, None | Some(Better::Between))
}

fn differ(a: f64, b: f64) -> bool {
    (a - b).abs() > TOLERANCE * a.abs().max(b.abs())
}

/// A number of a message, without the traces of its arithmetic.
fn rounded(number: f64) -> f64 {
    let million = 1e6;
    (number * million).round() / million
}
