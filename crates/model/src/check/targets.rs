//! A target fits its measure: its direction, its frequency, and the room between target and floor.

use std::collections::BTreeMap;

use throughline_core::finding::{Finding, Place};
use throughline_core::period::{Frequency, Period};

use super::place;
use crate::fields::{FRACTION_MAX, Range, from_percent, in_percent};
use crate::model::Model;
use crate::record::Entry;
use crate::records::{Better, Floor, Measure, MeasureKind, OverTime, Target};

pub(super) fn check(model: &Model, findings: &mut Vec<Finding>) {
    for target in model.targets() {
        // A measure that is not there is a broken reference, and said as one.
        let Some(measure) = model.measures().get(target.measure) else {
            continue;
        };
        let mut check = Check {
            model,
            target,
            measure,
            findings,
        };
        check.direction();
    }
}

struct Check<'a> {
    model: &'a Model,
    target: &'a Entry<Target>,
    measure: &'a Entry<Measure>,
    findings: &'a mut Vec<Finding>,
}

impl Check<'_> {
    fn direction(&mut self) {
        match self.measure.better {
            None => self.error(
                "target-without-direction",
                "measure",
                format!(
                    "the measure `{}` does not say what is better, so it can have no target",
                    self.measure.key
                ),
                "give the measure `better: higher`, `lower` or `between`",
            ),
            Some(Better::Between) => self.range(),
            Some(better) => self.path(better),
        }
    }

    /// What is better between two edges has a range and no path.
    fn range(&mut self) {
        if !self.target.points.is_empty() {
            self.error(
                "points-of-range",
                "points",
                "what is better between two edges has no path".into(),
                "write `better_range: [low, high]` in place of points",
            );
        }
        let Some(range) = self.target.better_range else {
            return self.error(
                "no-range",
                "",
                "what is better between two edges needs a range".into(),
                "write `better_range: [low, high]`",
            );
        };
        match self.target.floor {
            Some(Floor::Number(_)) => self.error(
                "floor-of-wrong-form",
                "floor",
                "the floor of a range is a wider range".into(),
                "write it like [0.8, 0.96]",
            ),
            Some(Floor::Range(floor)) => self.floor_around(range, floor),
            // The default is half the width beyond each edge, or a tenth of the edge where there is no width.
            None if range.low == 0.0 && range.high == 0.0 => self.needs_floor("better_range"),
            None => {}
        }
    }

    fn floor_around(&mut self, range: Range, floor: Range) {
        if floor.low >= range.low || floor.high <= range.high {
            self.no_room("the floor leaves no room beside the better range");
        }
    }

    /// What is better higher or lower has points and no range.
    fn path(&mut self, better: Better) {
        if self.target.better_range.is_some() {
            self.error(
                "range-of-path",
                "better_range",
                format!(
                    "the measure `{}` is better {better}, not between two edges",
                    self.measure.key
                ),
                "write points, or `better: between` at the measure",
            );
        }
        if let Some(Floor::Range(_)) = self.target.floor {
            self.error(
                "floor-of-wrong-form",
                "floor",
                format!("the floor of what is better {better} is one number"),
                "write the worst value that is still at risk",
            );
        }
        if self
            .target
            .points
            .iter()
            .all(|point| point.value.number().is_none())
        {
            return self.error(
                "no-points",
                "points",
                "the target says no value for any period".into(),
                "write points, such as [{ period: 2026, value: 0.9 }]",
            );
        }
        self.periods();
        self.lengths();
        self.floor(better);
        self.baseline();
        self.percent();
    }

    /// Each point has a period of its own, no shorter than those of the measure.
    fn periods(&mut self) {
        let frequency = self.measure.frequency;
        let mut seen: BTreeMap<Period, usize> = BTreeMap::new();
        for (index, point) in self.target.points.iter().enumerate() {
            let place = self.place().field("points").index(index).field("period");
            if let Some(first) = seen.insert(point.period, index) {
                let message = format!("point {} is for the same days", first + 1);
                self.findings
                    .push(Finding::error("duplicate-point", message).at(place.clone()));
            }
            self.not_finer(frequency, point.period, place);
        }
        if let Some(baseline) = &self.target.baseline {
            let place = self.place().field("baseline").field("period");
            self.not_finer(frequency, baseline.period, place);
        }
    }

    fn not_finer(&mut self, frequency: Frequency, period: Period, place: Place) {
        if period.frequency.is_finer_than(frequency) {
            let message = format!(
                "a {} is shorter than the measure's periods: it is observed by {frequency}",
                period.frequency
            );
            let whole = self.model.calendar().containing(frequency, period.middle());
            let help = format!("write {}", self.model.calendar().name(&whole));
            let finding = Finding::error("period-too-short", message).at(place);
            self.findings.push(finding.with_help(help));
        }
    }

    /// What is added up over time has targets for periods of one length.
    fn lengths(&mut self) {
        let is_summed = match self.measure.over_time {
            Some(over_time) => over_time == OverTime::Sum,
            None => self.measure.kind == MeasureKind::Sum,
        };
        let Some(first) = self.target.points.first().filter(|_| is_summed) else {
            return;
        };
        let length = first.period.frequency;
        let message = |found: Frequency| {
            format!(
                "this is for a {found}, the first point for a {length}: what is added up over time has targets for \
                 periods of one length"
            )
        };
        let others = self.target.points.iter().enumerate().skip(1);
        let mut found: Vec<Finding> = others
            .filter(|(_, point)| point.period.frequency.rank() != length.rank())
            .map(|(index, point)| {
                let place = self.place().field("points").index(index).field("period");
                Finding::error("lengths-differ", message(point.period.frequency)).at(place)
            })
            .collect();
        if let Some(baseline) = &self.target.baseline
            && baseline.period.frequency.rank() != length.rank()
        {
            let place = self.place().field("baseline").field("period");
            found.push(
                Finding::error("lengths-differ", message(baseline.period.frequency)).at(place),
            );
        }
        self.findings.append(&mut found);
    }

    /// There is room between each point and the floor that is stated or follows from the rules.
    fn floor(&mut self, better: Better) {
        let is_worse = |value: f64, than: f64| match better {
            Better::Lower => value > than,
            _ => value < than,
        };
        let values = || {
            self.target
                .points
                .iter()
                .filter_map(|point| point.value.number())
        };
        if let Some(Floor::Number(floor)) = self.target.floor {
            if values().any(|target| !is_worse(floor, target)) {
                self.no_room("the floor leaves no room on the worse side of the target");
            }
            return;
        }
        // With a baseline worse than the final target, the floor is half of the way between them.
        let improves = self.target.baseline.as_ref().is_some_and(|baseline| {
            self.final_value()
                .is_some_and(|last| is_worse(baseline.value, last))
        });
        if !improves && self.target.floor.is_none() && values().any(|target| target == 0.0) {
            self.needs_floor("points");
        }
    }

    fn baseline(&mut self) {
        if let Some(baseline) = &self.target.baseline
            && self.final_value() == Some(baseline.value)
        {
            let message =
                "the baseline is what the target wants in the end, so there is no progress to show";
            let place = self.place().field("baseline").field("value");
            self.findings
                .push(Finding::warning("no-improvement", message).at(place));
        }
    }

    fn percent(&mut self) {
        let is_fraction = matches!(self.measure.kind, MeasureKind::Ratio | MeasureKind::YesNo)
            && self.measure.is_shown_as_percent();
        let mut values = self
            .target
            .points
            .iter()
            .filter_map(|point| point.value.number());
        let greatest = self
            .measure
            .greatest
            .map_or(FRACTION_MAX, |known| known.max(FRACTION_MAX));
        let Some(value) = values.find(|value| is_fraction && value.abs() > greatest) else {
            return;
        };
        let finding = Finding::warning(
            "percent-for-fraction",
            format!("{value} would be shown as {}%", in_percent(value)),
        );
        let help = format!(
            "values of a {} are fractions: write {}; or give the measure a `greatest` where it can be that great",
            self.measure.kind,
            from_percent(value)
        );
        self.findings
            .push(finding.at(self.place().field("points")).with_help(help));
    }

    /// The value of the last point that has one.
    fn final_value(&self) -> Option<f64> {
        let with_value = self
            .target
            .points
            .iter()
            .filter(|point| point.value.number().is_some());
        with_value.max_by_key(|point| point.period)?.value.number()
    }

    fn needs_floor(&mut self, field: &'static str) {
        self.error(
            "no-floor",
            field,
            "the rules give no floor for a target of 0: a tenth of nothing is nothing".into(),
            "write `floor:`, the worst value that is still at risk",
        );
    }

    fn no_room(&mut self, what: &str) {
        let place = self.place().field("floor");
        let message = format!("{what}: it is on track or off track, with nothing between");
        self.findings.push(
            Finding::warning("no-room", message)
                .at(place)
                .with_help("write a `floor:` on the worse side of every point"),
        );
    }

    fn place(&self) -> Place {
        place(self.model, self.target)
    }

    /// An error at a field of the target; at the target itself where the field is missing.
    fn error(&mut self, code: &'static str, field: &'static str, message: String, help: &str) {
        let place = match field {
            "" => self.place(),
            field => self.place().field(field),
        };
        self.findings
            .push(Finding::error(code, message).at(place).with_help(help));
    }
}
