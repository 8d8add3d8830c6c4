//! What has to be read before links can be graded: for each link its measures, the units at which both are read, and the
//! periods.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::rc::Rc;

use throughline_core::hash::Set;
use throughline_core::{Calendar, Frequency, LinkId, MeasureId, Period, UnitId};
use throughline_engine::View;
use throughline_insight::links::NoEvidence;
use throughline_model::Model;
use throughline_model::records::{Indicator, Link};

use super::claim::{Pair, Untestable, inputs_of};
use crate::course::first_observed;

/// The most links that are looked at.
pub const LINKS_MAX: usize = 500;
/// The most periods: ten years of weeks.
const PERIODS_MAX: i32 = 520;
/// The most values of all measures together; of more units fewer periods are read.
const CELLS_MAX: usize = 4_000_000;
/// The fewest periods that are read, however many units there are.
const PERIODS_MIN: usize = 24;
/// The most other causes that are held fixed.
const HELD_FIXED_MAX: usize = 4;

/// What has to be read.
pub(super) struct Survey {
    /// Each link, with what is read for it.
    pub links: Vec<(LinkId, Result<Asked, Untestable>)>,
    /// The periods in which measures of a frequency are read, the oldest first.
    pub periods: HashMap<Frequency, Vec<Period>>,
    /// The units at which a measure is read in periods of a frequency, in the order of the plan.
    pub units: BTreeMap<(MeasureId, Frequency), Vec<UnitId>>,
}

/// What is read for a link.
pub(super) struct Asked {
    pub pair: Pair,
    /// The units at which both measures are read, the lowest such, in the order of the plan.
    pub units: Vec<UnitId>,
    /// Other causes, each with the unit at which it is read for each of the units.
    pub others: Vec<(MeasureId, Vec<Option<UnitId>>)>,
}

impl Survey {
    /// Looks over all links. No period counts that ends after `until`.
    pub fn of(view: &View, until: Period) -> Survey {
        let places = Places::of(view);
        let asked = |(at, link): (usize, _)| places.asked(at, link);
        let links = view.plan.links().iter().enumerate();
        let mut links: Vec<(LinkId, Result<Asked, Untestable>)> = links
            .map(|(at, link)| (link.id(), asked((at, &link.record))))
            .collect();
        let mut wanted: BTreeMap<(MeasureId, Frequency), HashSet<UnitId>> = BTreeMap::new();
        for asked in links.iter().filter_map(|(_, asked)| asked.as_ref().ok()) {
            let mut want = |measure, units: &[UnitId]| {
                let key = (measure, asked.pair.frequency);
                wanted.entry(key).or_default().extend(units);
            };
            want(asked.pair.driver, &asked.units);
            want(asked.pair.outcome, &asked.units);
            for (other, at) in &asked.others {
                want(*other, &at.iter().copied().flatten().collect::<Vec<_>>());
            }
        }
        let units: BTreeMap<_, Vec<UnitId>> = wanted
            .into_iter()
            .map(|(key, units)| (key, places.in_order(units)))
            .collect();
        let periods = periods(view, until, &units);
        for (_, asked) in &mut links {
            let frequency = asked.as_ref().ok().map(|asked| asked.pair.frequency);
            let is_empty = |frequency| periods.get(&frequency).is_none_or(Vec::is_empty);
            if frequency.is_some_and(is_empty) {
                *asked = Err(Untestable::NoEvidence(NoEvidence::TooFewRows { have: 0 }));
            }
        }
        Survey {
            links,
            periods,
            units,
        }
    }
}

/// The periods of each frequency: from the first of which anything is known to the last that has ended.
fn periods(
    view: &View,
    until: Period,
    units: &BTreeMap<(MeasureId, Frequency), Vec<UnitId>>,
) -> HashMap<Frequency, Vec<Period>> {
    let calendar: &Calendar = view.plan.calendar();
    let end = until.last.min(calendar.date_of(view.now));
    let all: usize = units.values().map(Vec::len).sum();
    let most = (CELLS_MAX / all.max(1)).max(PERIODS_MIN);
    let most = i32::try_from(most).unwrap_or(PERIODS_MAX).min(PERIODS_MAX);
    let mut first: HashMap<Frequency, i32> = HashMap::new();
    for (measure, frequency) in units.keys() {
        if let Some(day) = first_observed(view, *measure) {
            let index = calendar.index_of(*frequency, day);
            let known = first.entry(*frequency).or_insert(index);
            *known = index.min(*known);
        }
    }
    let periods = first.into_iter().map(|(frequency, first)| {
        let last = calendar.latest_ended_by(frequency, end);
        let known = calendar.index_range(frequency);
        let indexes = (first.max(last - most + 1)..=last).filter(|index| known.contains(index));
        let periods = indexes.map(|index| calendar.period(frequency, index));
        (frequency, periods.collect())
    });
    periods.collect()
}

/// Where measures are read.
struct Places<'v> {
    view: &'v View,
    /// Of each unit those that were ever above it, the nearest first.
    above: HashMap<UnitId, Vec<UnitId>>,
    order: HashMap<UnitId, usize>,
    /// Measures for information that move before results: other causes.
    others: Vec<MeasureId>,
    /// Where measures are read, as far as it was asked.
    read: RefCell<HashMap<MeasureId, Rc<Set<UnitId>>>>,
}

impl Places<'_> {
    fn of(view: &View) -> Places<'_> {
        let model: &Model = &view.plan;
        let mut above: HashMap<UnitId, Vec<UnitId>> = HashMap::new();
        for unit in model.units() {
            let line = above.entry(unit.id()).or_default();
            for (_, tree) in model.index().eras() {
                for upper in tree.ancestors(unit.id()) {
                    if !line.contains(&upper) {
                        line.push(upper);
                    }
                }
            }
        }
        let order = model.units().iter().enumerate();
        let others = model.measures().iter().filter(|measure| {
            measure.better.is_none() && measure.indicator == Some(Indicator::Leading)
        });
        Places {
            view,
            above,
            order: order.map(|(at, unit)| (unit.id(), at)).collect(),
            others: others.map(|measure| measure.id()).collect(),
            read: RefCell::default(),
        }
    }

    fn in_order(&self, units: impl IntoIterator<Item = UnitId>) -> Vec<UnitId> {
        let mut units: Vec<UnitId> = units.into_iter().collect();
        units.sort_by_key(|unit| self.order.get(unit));
        units
    }

    /// The units at which a measure was ever read: where it was observed and, where it is added up, above; of a formula
    /// where all its measures are.
    fn where_read(&self, measure: MeasureId) -> Rc<Set<UnitId>> {
        if let Some(known) = self.read.borrow().get(&measure) {
            return Rc::clone(known);
        }
        let found = Rc::new(self.looked_up(measure));
        self.read.borrow_mut().insert(measure, Rc::clone(&found));
        found
    }

    fn looked_up(&self, measure: MeasureId) -> Set<UnitId> {
        let model = &self.view.plan;
        let inputs = inputs_of(model, measure).into_iter();
        let observed = inputs.filter_map(|id| model.measures().get(id));
        let observed = observed.filter(|measure| measure.formula.is_none());
        let reached = observed.map(|measure| {
            let mut reached: Set<UnitId> = Set::default();
            let series = self.view.observations.of_measure(measure.id());
            let observed = series.into_iter().flat_map(|series| series.keys());
            // A unit that is not in the plan any more takes no part.
            for unit in observed.filter(|unit| self.order.contains_key(*unit)) {
                let is_known = reached.insert(*unit);
                if measure.adds_over_units() && is_known {
                    reached.extend(self.above.get(unit).into_iter().flatten());
                }
            }
            reached
        });
        let shared = reached.reduce(|mut all, one| {
            all.retain(|unit| one.contains(unit));
            all
        });
        shared.unwrap_or_default()
    }

    fn asked(&self, at: usize, link: &Link) -> Result<Asked, Untestable> {
        if at >= LINKS_MAX {
            return Err(Untestable::TooManyLinks);
        }
        let pair = Pair::of(&self.view.plan, link)?;
        let [driver, outcome] = [pair.driver, pair.outcome].map(|id| (id, self.where_read(id)));
        for (measure, units) in [&driver, &outcome] {
            if units.is_empty() {
                return Err(Untestable::NotObserved(*measure));
            }
        }
        let both: Set<UnitId> = driver.1.intersection(&outcome.1).copied().collect();
        let upper: Set<UnitId> = both
            .iter()
            .flat_map(|unit| self.above.get(unit).into_iter().flatten().copied())
            .collect();
        let lowest = both.into_iter().filter(|unit| !upper.contains(unit));
        let units = self.in_order(lowest);
        if units.is_empty() {
            return Err(Untestable::NoUnits);
        }
        let others = self.others_for(&pair, &units);
        Ok(Asked {
            pair,
            units,
            others,
        })
    }

    /// What else may move the outcome: what is measured as often, and read at the units or above them.
    fn others_for(&self, pair: &Pair, units: &[UnitId]) -> Vec<(MeasureId, Vec<Option<UnitId>>)> {
        let model = &self.view.plan;
        let own: Vec<_> = [pair.driver, pair.outcome]
            .into_iter()
            .flat_map(|measure| inputs_of(model, measure))
            .collect();
        let is_apart = |measure: &&MeasureId| {
            let frequency = model.measures().get(**measure).map(|one| one.frequency);
            frequency.is_some_and(|of| !pair.frequency.is_finer_than(of))
                && inputs_of(model, **measure)
                    .iter()
                    .all(|one| !own.contains(one))
        };
        let others = self.others.iter().filter(is_apart).filter_map(|measure| {
            let read = self.where_read(*measure);
            let nearest = |unit: &UnitId| {
                let mut line = std::iter::once(unit).chain(self.above.get(unit)?);
                line.find(|unit| read.contains(*unit)).copied()
            };
            let at: Vec<Option<UnitId>> = units.iter().map(nearest).collect();
            at.iter().all(Option::is_some).then_some((*measure, at))
        });
        others.take(HELD_FIXED_MAX).collect()
    }
}
