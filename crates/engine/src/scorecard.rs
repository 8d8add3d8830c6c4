//! A unit's scorecard: every node of the plan and every measure that is read there, in one period.

use std::sync::Arc;

use jiff::Timestamp;
use throughline_core::hash::{Map, Set};
use throughline_core::id::{MeasureId, UnitId};
use throughline_core::period::Period;
use throughline_model::records::Measure;
use throughline_model::{Entry, Model};

use crate::evaluator::Evaluator;
use crate::explanation::Explanation;
use crate::node::{NodeKey, NodeReading};
use crate::observations::Observations;
use crate::reading::MeasureReading;
use crate::readings::Readings;
use crate::rollup::Cascade;

/// What readings are made of: a plan, the observations known at an instant, and that instant.
#[derive(Clone, Debug)]
pub struct View {
    /// The plan.
    pub plan: Arc<Model>,
    /// The observations, as they were known.
    pub observations: Arc<Observations>,
    /// The instant: what is due depends on it.
    pub now: Timestamp,
}

/// A unit's scorecard in a period. It may have tens of thousands of readings, each of which is found by what it is of.
#[derive(Clone, Debug, PartialEq)]
pub struct Scorecard {
    /// The unit.
    pub unit: UnitId,
    /// The period.
    pub period: Period,
    /// Perspectives, objectives, outcomes and behaviours, in the order of the plan.
    pub nodes: Readings<NodeReading>,
    /// The measures that are read at the unit, in the order of the plan.
    pub measures: Readings<MeasureReading>,
    places_of_nodes: Arc<Map<NodeKey, usize>>,
    places_of_measures: Arc<Map<MeasureId, usize>>,
}

impl Scorecard {
    /// The reading of a measure, if it is read there.
    #[must_use]
    pub fn measure(&self, measure: MeasureId) -> Option<&MeasureReading> {
        self.measures.get(*self.places_of_measures.get(&measure)?)
    }

    /// The reading of a node.
    #[must_use]
    pub fn node(&self, node: NodeKey) -> Option<&NodeReading> {
        self.nodes.get(*self.places_of_nodes.get(&node)?)
    }
}

impl View {
    /// A view of a plan and what was known at an instant.
    pub fn new(plan: Arc<Model>, observations: Arc<Observations>, now: Timestamp) -> View {
        View {
            plan,
            observations,
            now,
        }
    }

    /// The scorecard of a unit in a period.
    pub fn scorecard(&self, unit: UnitId, period: Period) -> Scorecard {
        self.scorecard_along(&Cascade::of(&self.plan), unit, period)
    }

    /// The scorecard of a unit in a period, with the cascade of the plan, for whoever reads it more than once.
    pub fn scorecard_along(&self, cascade: &Cascade, unit: UnitId, period: Period) -> Scorecard {
        let evaluator = Evaluator::new(self);
        let read = evaluator.read_at(unit, &period);
        let places: Map<MeasureId, usize> = read.iter().map(|one| one.id()).zip(0..).collect();
        let measures: Readings<MeasureReading> = read
            .into_iter()
            .map(|measure| evaluator.reading(measure, unit, &period))
            .collect();
        let reading = |measure: MeasureId| measures.get(*places.get(&measure)?);
        let is_read = |measure: MeasureId| places.contains_key(&measure);
        Scorecard {
            unit,
            period,
            nodes: cascade.renewed(&self.plan, cascade.nodes(), &reading, &is_read),
            measures,
            places_of_nodes: Arc::clone(cascade.places()),
            places_of_measures: Arc::new(places),
        }
    }

    /// The scorecard that one has become, of the same plan and day, since nothing became known but observations of those
    /// measures: read again is what is made of them, so that it takes as long as what changed is long.
    pub fn scorecard_after(
        &self,
        cascade: &Cascade,
        before: &Scorecard,
        observed: &Set<MeasureId>,
    ) -> Scorecard {
        let evaluator = Evaluator::new(self);
        let mut after = before.clone();
        let mut differing: Set<MeasureId> = Set::default();
        // What is read at a unit is said by the plan, and no observation changes it.
        for id in self.plan.index().with_formulas_of(observed.iter().copied()) {
            let place = before.places_of_measures.get(&id);
            if let (Some(place), Some(measure)) = (place, evaluator.measure(id)) {
                let reading = evaluator.reading(measure, before.unit, &before.period);
                if after.measures.renew(*place, reading) {
                    differing.insert(id);
                }
            }
        }
        let measures = &after.measures;
        let places = &before.places_of_measures;
        let reading = |measure: MeasureId| measures.get(*places.get(&measure)?);
        let has_changed = |measure: MeasureId| differing.contains(&measure);
        after.nodes = cascade.renewed(&self.plan, &before.nodes, &reading, &has_changed);
        after
    }

    /// The readings of a scorecard, of those measures that are wanted, in the order of the plan.
    pub fn readings(
        &self,
        unit: UnitId,
        period: Period,
        wanted: impl Fn(MeasureId) -> bool,
    ) -> Vec<MeasureReading> {
        let evaluator = Evaluator::new(self);
        let wanted = self.plan.measures().iter().filter(|one| wanted(one.id()));
        let read = wanted.filter(|measure| evaluator.is_read_at(measure, unit, &period));
        let readings = read.map(|measure| (*evaluator.reading(measure, unit, &period)).clone());
        readings.collect()
    }

    /// Those of some units at which a measure is read in a period: where it is reported, and above. A measure that the
    /// plan does not have is read nowhere.
    pub fn where_read(
        &self,
        measure: MeasureId,
        units: impl Iterator<Item = UnitId>,
        period: Period,
    ) -> Vec<UnitId> {
        let evaluator = Evaluator::new(self);
        let Some(measure) = evaluator.measure(measure) else {
            return Vec::new();
        };
        units
            .filter(|unit| evaluator.is_read_at(measure, *unit, &period))
            .collect()
    }

    /// One measure, read at a unit in a period. `None` if the plan has no such measure.
    pub fn reading(
        &self,
        measure: MeasureId,
        unit: UnitId,
        period: Period,
    ) -> Option<MeasureReading> {
        let evaluator = Evaluator::new(self);
        let measure = evaluator.measure(measure)?;
        Some((*evaluator.reading(measure, unit, &period)).clone())
    }

    /// Measures, each read at a unit in each of the periods, in their order. A measure that the plan does not have has
    /// no readings.
    pub fn trends(
        &self,
        measures: &[MeasureId],
        unit: UnitId,
        periods: impl Fn(&Entry<Measure>) -> Vec<Period>,
    ) -> Vec<Vec<MeasureReading>> {
        let evaluator = Evaluator::new(self);
        let of = |id: &MeasureId| {
            let Some(measure) = evaluator.measure(*id) else {
                return Vec::new();
            };
            let reading = |period: &Period| (*evaluator.reading(measure, unit, period)).clone();
            periods(measure).iter().map(reading).collect()
        };
        measures.iter().map(of).collect()
    }

    /// Where the number of a measure at a unit in a period comes from. `None` if the plan has no such measure, or it is
    /// not read there.
    pub fn explain(&self, measure: MeasureId, unit: UnitId, period: Period) -> Option<Explanation> {
        Explanation::of(&Evaluator::new(self), measure, unit, period)
    }
}
