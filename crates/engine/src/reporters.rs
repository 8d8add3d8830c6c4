//! Who owes the observations of a measure, and through which units they add up (SEMANTICS 1).
//!
//! A measure is mostly reported by few of all units, and is read at many. So nothing is made here for each unit: those that
//! report stand by their places in the tree, where all that are below a unit are one stretch.

use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

use jiff::civil::Date;
use throughline_core::hash::Map;
use throughline_core::id::UnitId;
use throughline_core::period::Period;
use throughline_model::index::UnitTree;
use throughline_model::records::{Measure, Strategy, Unit};
use throughline_model::{Entry, Model};

use crate::memo::Memo;
use crate::observations::{Point, Series};

/// The units that report a measure.
pub(crate) struct Reporters<'v> {
    plan: &'v Model,
    /// What was observed, by unit; also outside of its dates of validity.
    series: Option<&'v Map<UnitId, Series>>,
    /// Those that the measure lists: then it is read there and above, and nowhere else.
    listed: &'v [UnitId],
    eras: Vec<Era<'v>>,
    /// The strategy, from whose first year on units owe that never reported.
    strategy: Option<&'v Strategy>,
    kept: (Option<Date>, Option<Date>),
    /// By unit and the first day of a tree: it is asked for in each period.
    children: Memo<(UnitId, Date), Rc<[UnitId]>>,
}

/// A tree of units with those in it by which the measure is read.
struct Era<'v> {
    from: Date,
    tree: &'v UnitTree,
    /// Their places, in order.
    places: Vec<usize>,
}

impl<'v> Era<'v> {
    fn of((from, tree): (Date, &'v UnitTree), units: impl Iterator<Item = UnitId>) -> Era<'v> {
        let places = units.filter_map(|unit| Some(tree.stretch(unit)?.start));
        let mut places: Vec<usize> = places.collect();
        places.sort_unstable();
        Era { from, tree, places }
    }

    /// The first place of those that is not before another one.
    fn next_from(&self, place: usize) -> Option<usize> {
        let next = self.places.partition_point(|one| *one < place);
        self.places.get(next).copied()
    }
}

impl<'v> Reporters<'v> {
    pub(crate) fn of(
        plan: &'v Model,
        measure: Option<&'v Arc<Entry<Measure>>>,
        series: Option<&'v Map<UnitId, Series>>,
    ) -> Reporters<'v> {
        let listed = measure.map_or(&[][..], |measure| &measure.reported_by);
        let observed = series.into_iter().flat_map(Map::keys);
        let units = || {
            let observed = observed.clone().filter(|_| listed.is_empty());
            listed.iter().chain(observed).copied()
        };
        let eras = plan.index().eras();
        Reporters {
            plan,
            series,
            listed,
            eras: eras.map(|era| Era::of(era, units())).collect(),
            strategy: plan.strategy().map(|entry| &entry.record),
            kept: measure.map_or((None, None), |measure| (measure.from, measure.to)),
            children: Memo::default(),
        }
    }

    fn era_of(&self, period: &Period) -> Option<&Era<'v>> {
        // Mostly there is one tree, or the last one stood all the time, and the middle need not be told.
        let last = self.eras.last().filter(|era| era.from <= period.first);
        if last.is_some() {
            return last;
        }
        let middle = period.middle();
        self.eras.iter().rev().find(|era| era.from <= middle)
    }

    /// The units directly below through which something is reported, in the order of the plan.
    pub(crate) fn children(&self, unit: UnitId, period: &Period) -> Rc<[UnitId]> {
        let Some(era) = self.era_of(period) else {
            return Rc::default();
        };
        let key = (unit, era.from);
        self.children
            .remembered(key, || Reporters::children_in(era, unit).into())
    }

    fn children_in(era: &Era<'_>, unit: UnitId) -> Vec<UnitId> {
        let mut found = Vec::new();
        let Some(stretch) = era.tree.stretch(unit) else {
            return found;
        };
        let mut from = stretch.start + 1;
        while let Some(place) = era.next_from(from).filter(|place| stretch.contains(place)) {
            let Some((child, below)) = era.tree.child_towards(stretch.start, place) else {
                break;
            };
            found.push(child);
            from = below.end;
        }
        found
    }

    /// Whether anybody who stands, or ever stood, at or below the unit ever reported or is listed.
    pub(crate) fn reach(&self, unit: UnitId) -> bool {
        self.eras.iter().any(|era| self.is_on_path(era, unit))
    }

    /// Whether the measure is read by what is at or below a unit.
    fn is_on_path(&self, era: &Era<'_>, unit: UnitId) -> bool {
        match era.tree.stretch(unit) {
            Some(stretch) => {
                let next = era.next_from(stretch.start);
                next.is_some_and(|place| stretch.contains(&place))
            }
            None if self.has_list() => self.listed.contains(&unit),
            None => self.observed(unit).is_some(),
        }
    }

    fn has_list(&self) -> bool {
        !self.listed.is_empty()
    }

    /// The units that ever reported or are listed, in no order.
    pub(crate) fn units(&self) -> Vec<UnitId> {
        let observed = self.series.into_iter().flat_map(Map::keys).copied();
        let mut units: Vec<UnitId> = self.listed.iter().copied().chain(observed).collect();
        units.sort_unstable();
        units.dedup();
        units
    }

    /// The periods of which something was observed anywhere, after one day and up to another, in order.
    pub(crate) fn observed_between(&self, after: Date, until: Date) -> BTreeSet<Period> {
        let mut periods = BTreeSet::new();
        for (unit, series) in self.series.into_iter().flatten() {
            let latest = series.points().iter().rev().map(|point| point.period);
            let after = latest.take_while(|period| period.first > after);
            periods.extend(
                after.filter(|period| period.last <= until && self.is_valid(*unit, period)),
            );
        }
        periods
    }

    /// Whether a period is within the dates of validity of a unit.
    fn is_valid(&self, unit: UnitId, period: &Period) -> bool {
        let dated = self.plan.index().dated(unit);
        dated.is_none_or(|unit| unit.is_valid_within(period.first, period.last))
    }

    /// What was ever observed of a unit itself.
    fn observed(&self, unit: UnitId) -> Option<&'v Series> {
        self.series?.get(&unit)
    }

    /// The observations of a unit itself before a period, the latest first.
    pub(crate) fn before(&self, unit: UnitId, period: &Period) -> impl Iterator<Item = &Point> {
        let series = self.observed(unit).into_iter();
        let points = series.flat_map(|series| series.before(period));
        points.filter(move |point| self.is_valid(unit, &point.period))
    }

    /// The observation of a unit itself in a period, where the measure is read.
    pub(crate) fn point(&self, unit: UnitId, period: &Period) -> Option<&Point> {
        let is_read = || {
            let era = self.era_of(period);
            era.is_some_and(|era| self.is_on_path(era, unit))
        };
        let point = self.observed(unit)?.at(period)?;
        (self.is_valid(unit, period) && (!self.has_list() || is_read())).then_some(point)
    }

    /// Whether something was observed of a unit in a period outside its dates of validity.
    pub(crate) fn is_outside_dates(&self, unit: UnitId, period: &Period) -> bool {
        let observed = || self.observed(unit).and_then(|series| series.at(period));
        !self.is_valid(unit, period) && observed().is_some()
    }

    /// Whether the unit is one of those that are listed.
    pub(crate) fn is_listed(&self, unit: UnitId) -> bool {
        let placed = self.eras.first().filter(|_| self.has_list());
        let placed = placed.and_then(|era| Some((era, era.tree.stretch(unit)?)));
        match placed {
            Some((era, stretch)) => era.places.binary_search(&stretch.start).is_ok(),
            None => self.listed.contains(&unit),
        }
    }

    /// Whether the unit itself owes an observation of the period.
    pub(crate) fn owes(&self, unit: UnitId, period: &Period) -> bool {
        let began = if self.has_list() {
            self.is_listed(unit) && self.is_in_strategy(period)
        } else {
            let points = self.observed(unit).map(Series::points);
            let mut points = points.into_iter().flatten();
            let first = points.find(|point| self.is_valid(unit, &point.period));
            first.is_some_and(|point| point.period.first <= period.first)
        };
        let dated = self.plan.index().dated(unit);
        began
            && self.is_kept(period)
            && dated.is_none_or(|unit| unit.is_valid_throughout(period.first, period.last))
    }

    /// Whether a unit that nobody reports for owes an observation of the period itself. Of a measure that lists who
    /// reports it nobody else does.
    pub(crate) fn would_owe(&self, unit: &Unit, period: &Period) -> bool {
        !self.has_list()
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
