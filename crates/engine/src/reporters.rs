//! Who owes the observations of a measure, and through which units they add up (SEMANTICS 1).

use std::collections::{BTreeSet, HashMap, HashSet};

use jiff::civil::Date;
use throughline_core::id::UnitId;
use throughline_core::period::Period;
use throughline_model::index::UnitTree;
use throughline_model::records::{Measure, Unit};
use throughline_model::{Entry, Model};

use crate::observations::Series;

/// The units that report a measure, with the parts of the unit trees that lead to them.
pub(crate) struct Reporters<'v> {
    reporters: HashMap<UnitId, Reporter<'v>>,
    /// For each era of the unit tree, the reporters and what is above them.
    eras: Vec<(Date, Paths)>,
    /// The first year of the strategy, from which units owe that never reported.
    first_year: Option<i16>,
    kept: (Option<Date>, Option<Date>),
}

struct Reporter<'v> {
    unit: Option<&'v Unit>,
    series: Option<&'v Series>,
    is_listed: bool,
}

/// The part of a unit tree that leads to reporters.
#[derive(Default)]
struct Paths {
    children: HashMap<UnitId, Vec<UnitId>>,
    on_path: HashSet<UnitId>,
}

impl Paths {
    fn of(
        tree: &UnitTree,
        reporters: impl Iterator<Item = UnitId>,
        order: &HashMap<UnitId, usize>,
    ) -> Paths {
        let mut paths = Paths::default();
        for reporter in reporters {
            let mut below = reporter;
            if !paths.on_path.insert(reporter) {
                continue;
            }
            for above in tree.ancestors(reporter) {
                paths.children.entry(above).or_default().push(below);
                if !paths.on_path.insert(above) {
                    break;
                }
                below = above;
            }
        }
        for children in paths.children.values_mut() {
            children.sort_by_key(|unit| order.get(unit));
            children.dedup();
        }
        paths
    }
}

impl<'v> Reporters<'v> {
    pub(crate) fn of(
        plan: &'v Model,
        measure: &Entry<Measure>,
        series: Option<&'v HashMap<UnitId, Series>>,
        order: &HashMap<UnitId, usize>,
    ) -> Reporters<'v> {
        let mut reporters: HashMap<UnitId, Reporter<'v>> = HashMap::new();
        let unit_of = |unit: UnitId| plan.units().get(unit).map(|entry| &entry.record);
        for (unit, series) in series.into_iter().flatten() {
            reporters.insert(
                *unit,
                Reporter {
                    unit: unit_of(*unit),
                    series: Some(series),
                    is_listed: false,
                },
            );
        }
        for unit in &measure.reported_by {
            let new = || Reporter {
                unit: unit_of(*unit),
                series: None,
                is_listed: false,
            };
            reporters.entry(*unit).or_insert_with(new).is_listed = true;
        }
        let eras = plan.index().eras();
        let eras = eras
            .map(|(from, tree)| (from, Paths::of(tree, reporters.keys().copied(), order)))
            .collect();
        let first_year = plan.strategy().map(|strategy| strategy.from.0);
        Reporters {
            reporters,
            eras,
            first_year,
            kept: (measure.from, measure.to),
        }
    }

    fn paths(&self, period: &Period) -> Option<&Paths> {
        let middle = period.middle();
        self.eras
            .iter()
            .rev()
            .find(|(from, _)| *from <= middle)
            .map(|(_, paths)| paths)
    }

    /// The units directly below through which something is reported, in the order of the plan.
    pub(crate) fn children(&self, unit: UnitId, period: &Period) -> &[UnitId] {
        self.paths(period)
            .and_then(|paths| paths.children.get(&unit))
            .map_or(&[], Vec::as_slice)
    }

    /// Whether anybody who stands, or ever stood, at or below the unit ever reported or is listed.
    pub(crate) fn reach(&self, unit: UnitId) -> bool {
        self.eras
            .iter()
            .any(|(_, paths)| paths.on_path.contains(&unit))
    }

    /// The periods of which something was observed anywhere, after one day and up to another, in order.
    pub(crate) fn observed_between(&self, after: Date, until: Date) -> BTreeSet<Period> {
        let series = self.reporters.values().filter_map(|one| one.series);
        let periods = series.flat_map(|series| {
            let points = series.points().iter().rev();
            points
                .map(|point| point.period)
                .take_while(move |period| period.first > after)
        });
        periods.filter(|period| period.last <= until).collect()
    }

    /// The observations of a unit itself.
    pub(crate) fn series(&self, unit: UnitId) -> Option<&'v Series> {
        self.reporters.get(&unit)?.series
    }

    /// Whether the unit is one of those that are listed, or stands above one.
    pub(crate) fn is_listed(&self, unit: UnitId) -> bool {
        self.reporters
            .get(&unit)
            .is_some_and(|reporter| reporter.is_listed)
    }

    /// Whether the unit itself owes an observation of the period.
    pub(crate) fn owes(&self, unit: UnitId, period: &Period) -> bool {
        let Some(reporter) = self.reporters.get(&unit) else {
            return false;
        };
        let began = if reporter.is_listed {
            self.is_in_strategy(period)
        } else {
            let first = reporter.series.and_then(|series| series.points().first());
            first.is_some_and(|point| point.period.first <= period.first)
        };
        began
            && self.is_kept(period)
            && reporter
                .unit
                .is_none_or(|unit| unit.is_valid_throughout(period.first, period.last))
    }

    /// Whether a unit that nobody reports for owes an observation of the period itself.
    pub(crate) fn would_owe(&self, unit: &Unit, period: &Period) -> bool {
        self.is_in_strategy(period)
            && self.is_kept(period)
            && unit.is_valid_throughout(period.first, period.last)
    }

    fn is_in_strategy(&self, period: &Period) -> bool {
        self.first_year
            .is_none_or(|year| period.middle().year() >= year)
    }

    fn is_kept(&self, period: &Period) -> bool {
        self.kept.0.is_none_or(|from| from <= period.first)
            && self.kept.1.is_none_or(|to| period.last <= to)
    }
}
