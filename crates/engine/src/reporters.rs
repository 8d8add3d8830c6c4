//! Who owes the observations of a measure, and through which units they add up (SEMANTICS 1).

use std::borrow::Cow;
use std::collections::BTreeSet;

use jiff::civil::Date;
use throughline_core::hash::{Map, Set};
use throughline_core::id::UnitId;
use throughline_core::period::Period;
use throughline_model::index::UnitTree;
use throughline_model::records::{Measure, Strategy, Unit};
use throughline_model::{Entry, Model};

use crate::observations::{Point, Series};

/// The units that report a measure, with the parts of the unit trees that lead to them.
pub(crate) struct Reporters<'v> {
    reporters: Map<UnitId, Reporter<'v>>,
    /// For each era of the unit tree, the reporters and what is above them.
    eras: Vec<(Date, Paths)>,
    /// Whether the measure lists who reports it: then it is read there and above, and nowhere else.
    has_list: bool,
    /// The strategy, from whose first year on units owe that never reported.
    strategy: Option<&'v Strategy>,
    kept: (Option<Date>, Option<Date>),
}

struct Reporter<'v> {
    unit: Option<&'v Unit>,
    /// What was observed within its dates of validity.
    series: Option<Cow<'v, Series>>,
    /// The periods outside them of which something was observed.
    outside: BTreeSet<Period>,
    is_listed: bool,
}

impl<'v> Reporter<'v> {
    fn of(unit: Option<&'v Unit>, series: Option<&'v Series>) -> Reporter<'v> {
        let is_within = |period: &Period| {
            unit.is_none_or(|unit| unit.is_valid_within(period.first, period.last))
        };
        let has_dates = unit.is_some_and(|unit| unit.from.is_some() || unit.to.is_some());
        let dated = series.filter(|_| has_dates);
        let points = dated.iter().flat_map(|series| series.points());
        let outside: BTreeSet<Period> = points
            .map(|point| point.period)
            .filter(|period| !is_within(period))
            .collect();
        Reporter {
            unit,
            series: series.map(|series| match outside.is_empty() {
                true => Cow::Borrowed(series),
                false => Cow::Owned(series.only(|point| is_within(&point.period))),
            }),
            outside,
            is_listed: false,
        }
    }
}

/// The part of a unit tree that leads to reporters.
#[derive(Default)]
struct Paths {
    children: Map<UnitId, Vec<UnitId>>,
    on_path: Set<UnitId>,
}

impl Paths {
    fn of(
        tree: &UnitTree,
        reporters: &Map<UnitId, Reporter<'_>>,
        has_list: bool,
        order: &Map<UnitId, usize>,
    ) -> Paths {
        let mut paths = Paths::default();
        let on_paths = reporters
            .iter()
            .filter(|(_, reporter)| reporter.is_listed || !has_list);
        for (unit, _) in on_paths {
            paths.add(tree, *unit);
        }
        for children in paths.children.values_mut() {
            children.sort_by_key(|unit| order.get(unit));
            children.dedup();
        }
        paths
    }

    fn add(&mut self, tree: &UnitTree, reporter: UnitId) {
        let mut below = reporter;
        if !self.on_path.insert(reporter) {
            return;
        }
        for above in tree.ancestors(reporter) {
            self.children.entry(above).or_default().push(below);
            if !self.on_path.insert(above) {
                break;
            }
            below = above;
        }
    }
}

impl<'v> Reporters<'v> {
    pub(crate) fn of(
        plan: &'v Model,
        measure: &Entry<Measure>,
        series: Option<&'v Map<UnitId, Series>>,
        order: &Map<UnitId, usize>,
    ) -> Reporters<'v> {
        let mut reporters: Map<UnitId, Reporter<'v>> = Map::default();
        let unit_of = |unit: UnitId| plan.units().get(unit).map(|entry| &entry.record);
        for (unit, series) in series.into_iter().flatten() {
            reporters.insert(*unit, Reporter::of(unit_of(*unit), Some(series)));
        }
        for unit in &measure.reported_by {
            let new = || Reporter::of(unit_of(*unit), None);
            reporters.entry(*unit).or_insert_with(new).is_listed = true;
        }
        let has_list = !measure.reported_by.is_empty();
        let eras = plan.index().eras();
        let eras = eras
            .map(|(from, tree)| (from, Paths::of(tree, &reporters, has_list, order)))
            .collect();
        Reporters {
            reporters,
            eras,
            has_list,
            strategy: plan.strategy().map(|entry| &entry.record),
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

    /// The units that ever reported or are listed, in no order.
    pub(crate) fn units(&self) -> Vec<UnitId> {
        self.reporters.keys().copied().collect()
    }

    /// The periods of which something was observed anywhere, after one day and up to another, in order.
    pub(crate) fn observed_between(&self, after: Date, until: Date) -> BTreeSet<Period> {
        let series = self
            .reporters
            .values()
            .filter_map(|one| one.series.as_deref());
        let periods = series.flat_map(|series| {
            let points = series.points().iter().rev();
            points
                .map(|point| point.period)
                .take_while(move |period| period.first > after)
        });
        periods.filter(|period| period.last <= until).collect()
    }

    /// The observations of a unit itself.
    pub(crate) fn series(&self, unit: UnitId) -> Option<&Series> {
        self.reporters.get(&unit)?.series.as_deref()
    }

    /// The observation of a unit itself in a period, where the measure is read.
    pub(crate) fn point(&self, unit: UnitId, period: &Period) -> Option<&Point> {
        let is_read = || {
            let paths = self.paths(period);
            paths.is_some_and(|paths| paths.on_path.contains(&unit))
        };
        let point = self.series(unit)?.at(period)?;
        (!self.has_list || is_read()).then_some(point)
    }

    /// Whether something was observed of a unit in a period outside its dates of validity.
    pub(crate) fn is_outside_dates(&self, unit: UnitId, period: &Period) -> bool {
        let reporter = self.reporters.get(&unit);
        reporter.is_some_and(|reporter| reporter.outside.contains(period))
    }

    /// Whether the unit is one of those that are listed.
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
            let series = reporter.series.as_ref().filter(|_| !self.has_list);
            let first = series.and_then(|series| series.points().first());
            first.is_some_and(|point| point.period.first <= period.first)
        };
        began
            && self.is_kept(period)
            && reporter
                .unit
                .is_none_or(|unit| unit.is_valid_throughout(period.first, period.last))
    }

    /// Whether a unit that nobody reports for owes an observation of the period itself. Of a measure that lists who
    /// reports it nobody else does.
    pub(crate) fn would_owe(&self, unit: &Unit, period: &Period) -> bool {
        !self.has_list
            && self.is_in_strategy(period)
            && self.is_kept(period)
            && unit.is_valid_throughout(period.first, period.last)
    }

    fn is_in_strategy(&self, period: &Period) -> bool {
        self.strategy
            .is_none_or(|strategy| strategy.has_begun(period))
    }

    fn is_kept(&self, period: &Period) -> bool {
        self.kept.0.is_none_or(|from| from <= period.first)
            && self.kept.1.is_none_or(|to| period.last <= to)
    }
}
