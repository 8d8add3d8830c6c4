//! A unit's scorecard: every node of the plan and every measure that is read there, in one period.

use std::sync::Arc;

use jiff::Timestamp;
use throughline_core::id::{MeasureId, UnitId};
use throughline_core::period::Period;
use throughline_model::Model;
use throughline_model::records::Measure;

use crate::evaluator::Evaluator;
use crate::explanation::Explanation;
use crate::node::NodeReading;
use crate::observations::Observations;
use crate::reading::MeasureReading;
use crate::rollup::{Read, Rollup};

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

/// A unit's scorecard in a period.
#[derive(Clone, Debug, PartialEq)]
pub struct Scorecard {
    /// The unit.
    pub unit: UnitId,
    /// The period.
    pub period: Period,
    /// Perspectives, objectives, outcomes and behaviours, in the order of the plan.
    pub nodes: Vec<NodeReading>,
    /// The measures that are read at the unit, in the order of the plan.
    pub measures: Vec<MeasureReading>,
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
        let evaluator = Evaluator::new(self);
        let mut measures = Vec::new();
        let mut read = Read::default();
        for measure in self.plan.measures() {
            let reading = evaluator
                .is_read_at(measure, unit, &period)
                .then(|| evaluator.reading(measure, unit, &period));
            measures.extend(reading.as_deref().cloned());
            read.insert(measure.id(), reading);
        }
        Scorecard {
            unit,
            period,
            nodes: Rollup::new(&self.plan, &read).nodes(),
            measures,
        }
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
        periods: impl Fn(&Measure) -> Vec<Period>,
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
