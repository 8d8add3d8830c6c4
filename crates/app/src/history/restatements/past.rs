//! What was known at instants between two: a plan is read once for each change of it, observations are read once for all.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use jiff::Timestamp;
use throughline_core::{MeasureId, Period, UnitId};
use throughline_engine::{MeasureReading, Observations, View};
use throughline_ledger::{Ledger, PlanClock};
use throughline_model::observation::Recorded;
use throughline_model::{Kind, Model};

use crate::AppError;

/// The readings of a unit in a period, by measure.
pub(super) type Readings = HashMap<MeasureId, MeasureReading>;

/// What was known from one instant to another.
pub(super) struct Past<'a> {
    ledger: &'a Ledger,
    from: Timestamp,
    /// When the plan changed between the two, ascending.
    changed_at: Vec<Timestamp>,
    plans: HashMap<Timestamp, Arc<Model>>,
    /// The observations as known at the later instant, in the order in which they became known.
    recorded: Vec<Recorded>,
}

impl<'a> Past<'a> {
    pub(super) async fn of(
        ledger: &'a Ledger,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Past<'a>, AppError> {
        let commits = ledger.commits(..).await?;
        let between = |at: &Timestamp| *at > from && *at <= to;
        let changes = commits.iter().filter(|commit| commit.records > 0);
        let mut changed_at: Vec<Timestamp> = changes
            .map(|commit| commit.recorded_at)
            .filter(between)
            .collect();
        changed_at.sort();
        let mut recorded = ledger.observations(Some(to)).await?;
        recorded.retain(|one| !one.observation.is_held());
        Ok(Past {
            ledger,
            from,
            changed_at,
            plans: HashMap::new(),
            recorded,
        })
    }

    /// The plan as known at an instant between the two.
    pub(super) async fn plan(&mut self, at: Timestamp) -> Result<Arc<Model>, AppError> {
        let changes = self.changed_at.iter().rev();
        let since = changes.copied().find(|changed| *changed <= at);
        let since = since.unwrap_or(self.from);
        if let Some(plan) = self.plans.get(&since) {
            return Ok(Arc::clone(plan));
        }
        let plan = self.ledger.model(PlanClock::KnownAt(since)).await?;
        self.plans.insert(since, Arc::clone(&plan));
        Ok(plan)
    }

    /// The observations that became known after the earlier instant.
    pub(super) fn since(&self) -> &[Recorded] {
        let known = self.known(self.from).len();
        self.recorded.get(known..).unwrap_or_default()
    }

    /// The observations as known at an instant.
    fn known(&self, at: Timestamp) -> &[Recorded] {
        let end = self.recorded.partition_point(|recorded| recorded.at <= at);
        self.recorded.get(..end).unwrap_or_default()
    }

    /// The readings as known at an instant and as of another, of all measures or some.
    pub(super) async fn readings(
        &mut self,
        at: Timestamp,
        now: Timestamp,
        (unit, period): (UnitId, Period),
        only: Option<&HashSet<MeasureId>>,
    ) -> Result<Readings, AppError> {
        let plan = self.plan(at).await?;
        // A unit that was retired, or is new, is read nowhere.
        if !plan.has(Kind::Unit, unit.as_uuid()) {
            return Ok(Readings::default());
        }
        let known = self.known(at);
        let known: Vec<Recorded> = match only {
            None => known.to_vec(),
            Some(only) => {
                let parts = with_parts([&plan], only);
                let is_part =
                    |recorded: &&Recorded| parts.contains(&recorded.observation.cell.measure);
                known.iter().filter(is_part).cloned().collect()
            }
        };
        let only = only.cloned();
        let evaluated = tokio::task::spawn_blocking(move || {
            let view = View::new(plan, Arc::new(Observations::of(known)), now);
            view.readings(unit, period, |measure| {
                only.as_ref().is_none_or(|only| only.contains(&measure))
            })
        });
        let readings = evaluated
            .await
            .map_err(|error| AppError::failed("the readings could not be evaluated", error))?;
        let keyed = readings.into_iter();
        Ok(keyed.map(|reading| (reading.measure, reading)).collect())
    }
}

/// The measures and, of formulas, those that they are made of, by one plan or another.
pub(super) fn with_parts<'a>(
    plans: impl IntoIterator<Item = &'a Arc<Model>>,
    measures: &HashSet<MeasureId>,
) -> HashSet<MeasureId> {
    let plans: Vec<&Arc<Model>> = plans.into_iter().collect();
    let mut found = measures.clone();
    let mut open: Vec<MeasureId> = measures.iter().copied().collect();
    while let Some(measure) = open.pop() {
        let said = plans.iter().filter_map(|plan| plan.measures().get(measure));
        for formula in said.filter_map(|measure| measure.formula.as_ref()) {
            open.extend(formula.measures().filter(|part| found.insert(*part)));
        }
    }
    found
}
