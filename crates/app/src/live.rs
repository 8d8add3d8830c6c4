//! The live state: the newest plan and observations as one immutable value, from which pages are answered without a
//! query and without waiting for a writer.
//!
//! A snapshot is made at the start and after each commit; whoever reads keeps the one that was there when the request
//! came, so that an answer is consistent in itself. What was computed from a snapshot is remembered in it and goes with
//! it: a reading is a function of plan, observations, day, unit and period, so nothing that is remembered grows stale.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::hash::Hash;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use arc_swap::ArcSwap;
use jiff::Timestamp;
use jiff::civil::Date;
use throughline_core::{Actor, Frequency, MeasureId, Period, UnitId};
use throughline_engine::{Explanation, Observations, Scorecard};
use throughline_ledger::{Ledger, PlanClock};
use throughline_model::Model;
use throughline_model::observation::CommitNumber;

use crate::AppError;
use crate::course::{Course, Reach};
use crate::history::{Teller, Told};
use crate::selection::Selected;
use crate::sight::Sight;
use crate::trend::Trend;

/// How often the ledger is asked whether it has grown, by this process or another.
const FOLLOWED_EVERY: Duration = Duration::from_secs(1);
/// How many plans, and how many sets of observations, of the past are remembered.
const PASTS_MAX: usize = 16;
/// How many plans are remembered as somebody sees them.
const SEEN_MAX: usize = 64;
/// How many scorecards are remembered.
const SCORECARDS_MAX: usize = 512;
/// How many trends, of one measure each, are remembered.
const TRENDS_MAX: usize = 8192;
/// How many explanations, with all observations that are in them, are remembered.
const EXPLANATIONS_MAX: usize = 256;
/// How many courses, of one measure each, are remembered.
const COURSES_MAX: usize = 1024;

/// The newest state of a ledger, followed as it grows.
pub struct Live {
    ledger: Ledger,
    newest: ArcSwap<Snapshot>,
}

/// Plan and observations at one position of the ledger.
pub struct Snapshot {
    /// The last commit that it contains.
    pub position: CommitNumber,
    /// The plan, in the context of a request as its actor may see it.
    pub model: Arc<Model>,
    /// The observations.
    pub observations: Arc<Observations>,
    /// The plan with all that it says, by which rights are looked up.
    pub(crate) whole: Arc<Model>,
    memory: Arc<Memory>,
}

/// What was computed from a snapshot. Readings are made of nothing that is hidden from anybody, so all may share them.
struct Memory {
    plans: Bounded<Timestamp, Arc<Model>>,
    seen: Bounded<SeenKey, Arc<Model>>,
    known: Bounded<Timestamp, Arc<Observations>>,
    scorecards: Bounded<ScorecardKey, Arc<Scorecard>>,
    trends: Bounded<(ScorecardKey, MeasureId), Arc<Trend>>,
    explanations: Bounded<(ScorecardKey, MeasureId), Arc<Explanation>>,
    courses: Bounded<(ScorecardKey, MeasureId, Option<Reach>), Arc<Course>>,
    told: OnceLock<Arc<BTreeMap<CommitNumber, Told>>>,
}

/// Whose sight a plan is seen with, on which day, and the instant of the plan; none for the newest.
type SeenKey = ((Actor, Date), Option<Timestamp>);

/// What a scorecard is a function of, beside the snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct ScorecardKey {
    known_at: Option<Timestamp>,
    plan_at: Option<Timestamp>,
    /// What is due depends on the day, not on the instant.
    day: Date,
    unit: UnitId,
    period: Period,
    /// Two periods of the same days are equal and have different names.
    frequency: Frequency,
}

impl Live {
    /// The state of a ledger as it is now.
    ///
    /// # Errors
    /// What the database says.
    pub(crate) async fn of(ledger: Ledger) -> Result<Arc<Live>, AppError> {
        let newest = ArcSwap::from_pointee(Snapshot::of(&ledger).await?);
        Ok(Arc::new(Live { ledger, newest }))
    }

    /// The newest snapshot.
    #[must_use]
    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.newest.load_full()
    }

    /// Makes a new snapshot if the ledger has grown, and says whether it has.
    ///
    /// # Errors
    /// What the database says; the snapshot that was there stays.
    pub async fn catch_up(&self) -> Result<bool, AppError> {
        let head = self.ledger.head().await?;
        if head.number == self.newest.load().position {
            return Ok(false);
        }
        self.newest
            .store(Arc::new(Snapshot::of(&self.ledger).await?));
        Ok(true)
    }

    /// Follows the ledger, for ever. A ledger that does not answer is asked again: readers keep what they have.
    pub async fn follow(self: Arc<Self>) {
        loop {
            tokio::time::sleep(FOLLOWED_EVERY).await;
            let _ = self.catch_up().await;
        }
    }
}

impl Snapshot {
    async fn of(ledger: &Ledger) -> Result<Snapshot, AppError> {
        // The position is read first: what is committed in between is read twice, and never missed.
        let position = ledger.head().await?.number;
        let model = ledger.model(PlanClock::Newest).await?;
        let observations = Arc::new(Observations::of(ledger.observations(None).await?));
        Ok(Snapshot {
            position,
            whole: Arc::clone(&model),
            model,
            observations,
            memory: Arc::new(Memory {
                plans: Bounded::new(PASTS_MAX),
                seen: Bounded::new(SEEN_MAX),
                known: Bounded::new(PASTS_MAX),
                scorecards: Bounded::new(SCORECARDS_MAX),
                trends: Bounded::new(TRENDS_MAX),
                explanations: Bounded::new(EXPLANATIONS_MAX),
                courses: Bounded::new(COURSES_MAX),
                told: OnceLock::new(),
            }),
        })
    }

    /// The snapshot as an actor may see it.
    pub(crate) fn seen_with(&self, sight: &Sight) -> Arc<Snapshot> {
        Arc::new(Snapshot {
            position: self.position,
            model: self.seen(sight, None, &self.whole),
            observations: Arc::clone(&self.observations),
            whole: Arc::clone(&self.whole),
            memory: Arc::clone(&self.memory),
        })
    }

    /// A plan as an actor may see it.
    fn seen(&self, sight: &Sight, at: Option<Timestamp>, plan: &Arc<Model>) -> Arc<Model> {
        let key = (sight.of_whom(), at);
        if let Some(seen) = self.memory.seen.get(&key) {
            return seen;
        }
        let seen = sight.plan(Arc::clone(plan));
        self.memory.seen.put(key, Arc::clone(&seen));
        seen
    }

    /// The plan as it was known at an instant, as an actor may see it.
    pub(crate) async fn plan_known_at(
        &self,
        ledger: &Ledger,
        sight: &Sight,
        at: Timestamp,
    ) -> Result<Arc<Model>, AppError> {
        if let Some(known) = self.memory.plans.get(&at) {
            return Ok(self.seen(sight, Some(at), &known));
        }
        let model = ledger.model(PlanClock::KnownAt(at)).await?;
        self.memory.plans.put(at, Arc::clone(&model));
        Ok(self.seen(sight, Some(at), &model))
    }

    /// The observations as they were known at an instant.
    pub(crate) async fn observations_known_at(
        &self,
        ledger: &Ledger,
        at: Timestamp,
    ) -> Result<Arc<Observations>, AppError> {
        if let Some(known) = self.memory.known.get(&at) {
            return Ok(known);
        }
        let observations = Arc::new(Observations::of(ledger.observations(Some(at)).await?));
        self.memory.known.put(at, Arc::clone(&observations));
        Ok(observations)
    }

    /// The scorecard of what is meant, evaluated once, beside the threads that answer.
    pub(crate) async fn scorecard(&self, selected: &Selected) -> Result<Arc<Scorecard>, AppError> {
        let key = ScorecardKey::of(selected);
        if let Some(known) = self.memory.scorecards.get(&key) {
            return Ok(known);
        }
        let view = selected.view();
        let evaluated =
            tokio::task::spawn_blocking(move || Arc::new(view.scorecard(key.unit, key.period)))
                .await;
        let scorecard = evaluated
            .map_err(|error| AppError::failed("the scorecard could not be evaluated", error))?;
        self.memory.scorecards.put(key, Arc::clone(&scorecard));
        Ok(scorecard)
    }
}

impl Snapshot {
    /// The trends of measures, those evaluated that are not remembered.
    pub(crate) async fn trends(
        &self,
        selected: &Selected,
        measures: &[MeasureId],
    ) -> Result<Vec<Arc<Trend>>, AppError> {
        let key = ScorecardKey::of(selected);
        let missing: Vec<MeasureId> = measures
            .iter()
            .copied()
            .filter(|measure| self.memory.trends.get(&(key, *measure)).is_none())
            .collect();
        let mut fresh = HashMap::new();
        if !missing.is_empty() {
            let view = selected.view();
            let evaluated = tokio::task::spawn_blocking(move || {
                let trends = Trend::of(&view, &missing, key.unit, key.period);
                missing.into_iter().zip(trends).collect::<Vec<_>>()
            });
            let evaluated = evaluated
                .await
                .map_err(|error| AppError::failed("the trends could not be evaluated", error))?;
            for (measure, trend) in evaluated {
                self.memory.trends.put((key, measure), Arc::clone(&trend));
                fresh.insert(measure, trend);
            }
        }
        let of = |measure: &MeasureId| {
            let known = || self.memory.trends.get(&(key, *measure));
            fresh
                .get(measure)
                .cloned()
                .or_else(known)
                .unwrap_or_default()
        };
        Ok(measures.iter().map(of).collect())
    }
}

impl Snapshot {
    /// Where a number comes from; `None` if the plan has no such measure.
    pub(crate) async fn explanation(
        &self,
        selected: &Selected,
        measure: MeasureId,
    ) -> Result<Option<Arc<Explanation>>, AppError> {
        let key = ScorecardKey::of(selected);
        if let Some(known) = self.memory.explanations.get(&(key, measure)) {
            return Ok(Some(known));
        }
        let view = selected.view();
        let explained =
            tokio::task::spawn_blocking(move || view.explain(measure, key.unit, key.period));
        let explained = explained
            .await
            .map_err(|error| AppError::failed("the number could not be explained", error))?
            .map(Arc::new);
        if let Some(explained) = &explained {
            let kept = Arc::clone(explained);
            self.memory.explanations.put((key, measure), kept);
        }
        Ok(explained)
    }

    /// How a measure went over time, and where it is to go.
    pub(crate) async fn course(
        &self,
        selected: &Selected,
        measure: MeasureId,
        reach: Option<Reach>,
    ) -> Result<Arc<Course>, AppError> {
        let key = ScorecardKey::of(selected);
        if let Some(known) = self.memory.courses.get(&(key, measure, reach)) {
            return Ok(known);
        }
        let view = selected.view();
        let evaluated = tokio::task::spawn_blocking(move || {
            Arc::new(Course::of(&view, measure, key.unit, key.period, reach))
        });
        let course = evaluated
            .await
            .map_err(|error| AppError::failed("the periods could not be evaluated", error))?;
        self.memory
            .courses
            .put((key, measure, reach), Arc::clone(&course));
        Ok(course)
    }

    /// Every commit with who made it, read once.
    pub(crate) async fn told(
        &self,
        ledger: &Ledger,
    ) -> Result<Arc<BTreeMap<CommitNumber, Told>>, AppError> {
        if let Some(told) = self.memory.told.get() {
            return Ok(Arc::clone(told));
        }
        // Two that ask at the same time read the same.
        let told = Arc::new(Teller::of(ledger).await?.all());
        Ok(Arc::clone(self.memory.told.get_or_init(|| told)))
    }
}

impl ScorecardKey {
    fn of(selected: &Selected) -> ScorecardKey {
        ScorecardKey {
            known_at: selected.is_known_at_given.then_some(selected.known_at),
            plan_at: selected.plan_at,
            day: selected.model.calendar().date_of(selected.known_at),
            unit: selected.unit,
            period: selected.period,
            frequency: selected.period.frequency,
        }
    }
}

/// Remembers a bounded number of values; the oldest goes first.
struct Bounded<K, V> {
    most: usize,
    kept: Mutex<(HashMap<K, V>, VecDeque<K>)>,
}

impl<K: Copy + Eq + Hash, V: Clone> Bounded<K, V> {
    fn new(most: usize) -> Self {
        Bounded {
            most,
            kept: Mutex::default(),
        }
    }

    fn get(&self, key: &K) -> Option<V> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.0.get(key).cloned()
    }

    fn put(&self, key: K, value: V) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let (values, order) = &mut *kept;
        if values.insert(key, value).is_none() {
            order.push_back(key);
        }
        while order.len() > self.most {
            if let Some(oldest) = order.pop_front() {
                values.remove(&oldest);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_goes_when_there_are_too_many() {
        let kept = Bounded::new(2);
        for key in [1, 2, 1, 3] {
            kept.put(key, key * 10);
        }
        let check = |key, expected| assert_eq!(kept.get(&key), expected, "{key}");
        check(1, None);
        check(2, Some(20));
        check(3, Some(30));
    }
}
