//! Plan and observations at one position, and what was computed from them: it is remembered here and goes with them.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use throughline_core::{Actor, MeasureId, UnitId};
use throughline_engine::{Cascade, Explanation, Observations, Scorecard, View};
use throughline_ledger::{Ledger, PlanClock, Standing, State};
use throughline_model::Model;
use throughline_model::observation::CommitNumber;

use super::looked_up::LookedUp;
use super::memory::{Memory, ObservedKey, OfWhom, ScorecardKey, weight_of, weight_of_scorecard};
use super::remembered::Remembered;
use super::said::SaidOfTargets;
use super::since::Since;
use crate::AppError;
use crate::course::{Course, Reach};
use crate::decisions::Candidate;
use crate::drivers::Compared;
use crate::evidence::{Estimates, EvidenceMemory};
use crate::insight::{Brought, Foreseen, Foresight, Maker};
use crate::latest_period::Observed;
use crate::measure::Below;
use crate::selection::Selected;
use crate::sight::Sight;
use crate::trend::{Before, Trend};

/// Plan and observations at one position of the ledger.
pub struct Snapshot {
    /// The last commit that it contains.
    pub position: CommitNumber,
    /// The same with its hash, by which it is told from a commit of that number in another line, and how many persons there
    /// were a data key of.
    pub standing: Standing,
    /// The plan, in the context of a request as its actor may see it.
    pub model: Arc<Model>,
    /// The observations.
    pub observations: Arc<Observations>,
    /// The plan with all that it says, by which rights are looked up.
    pub(crate) whole: Arc<Model>,
    memory: Arc<Memory>,
}

impl Snapshot {
    /// The newest state of a ledger, all of one position.
    pub(super) async fn of(ledger: &Ledger) -> Result<Snapshot, AppError> {
        let State {
            standing,
            model,
            observations,
        } = Box::pin(ledger.state()).await?;
        let observations = Arc::new(Observations::of(observations));
        let memory = Memory::new(Arc::new(Estimates::new()), Foreseen::new());
        Ok(Snapshot::made(standing, model, observations, memory))
    }

    /// The newest state of a ledger, from this one and what was recorded since where that is possible.
    pub(super) async fn next(&self, ledger: &Ledger) -> Result<Snapshot, AppError> {
        match Box::pin(ledger.state_since(&self.standing.head)).await? {
            Some(State {
                standing,
                model,
                observations,
            }) => {
                let before = (&*self.observations, self.standing.head.at);
                let since = Since::of((&self.whole, &model), before, &observations);
                let memory = since.map(|since| self.memory.carried(&since));
                let observations = match observations.is_empty() {
                    true => Arc::clone(&self.observations),
                    false => Arc::new(self.observations.with(observations)),
                };
                let estimates = || Arc::clone(&self.memory.evidence.estimates);
                let foreseen = || Arc::clone(&self.memory.foreseen);
                let memory = memory.unwrap_or_else(|| Memory::new(estimates(), foreseen()));
                Ok(Snapshot::made(standing, model, observations, memory))
            }
            None => Snapshot::of(ledger).await,
        }
    }

    /// A snapshot, and what is known already of what can be computed from it.
    fn made(
        standing: Standing,
        model: Arc<Model>,
        observations: Arc<Observations>,
        memory: Memory,
    ) -> Snapshot {
        Snapshot {
            position: standing.head.number,
            standing,
            whole: Arc::clone(&model),
            model,
            observations,
            memory: Arc::new(memory),
        }
    }

    /// The snapshot as an actor may see it.
    pub(crate) fn seen_with(&self, sight: &Sight) -> Arc<Snapshot> {
        Arc::new(Snapshot {
            position: self.position,
            standing: self.standing,
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
        self.memory
            .seen
            .put(key, Arc::clone(&seen), weight_of(&seen));
        seen
    }

    /// The plan as it was known at an instant, as an actor may see it.
    pub(crate) async fn plan_known_at(
        &self,
        ledger: &Ledger,
        sight: &Sight,
        at: Timestamp,
    ) -> Result<Arc<Model>, AppError> {
        let read = async {
            let model = ledger.model(PlanClock::KnownAt(at)).await?;
            let weight = weight_of(&model);
            Ok::<_, AppError>((model, weight))
        };
        let model = self.memory.plans.get_or_make(at, read).await?;
        Ok(self.seen(sight, Some(at), &model))
    }

    /// The observations as they were known at an instant.
    pub(crate) async fn observations_known_at(
        &self,
        ledger: &Ledger,
        at: Timestamp,
    ) -> Result<Arc<Observations>, AppError> {
        let read = async {
            let _one_at_a_time = self.memory.reading.lock().await;
            let observations = Observations::of(ledger.observations(Some(at)).await?);
            let weight = observations.len();
            Ok((Arc::new(observations), weight))
        };
        self.memory.known.get_or_make(at, read).await
    }

    /// The scorecard of what is meant, evaluated once, beside the threads that answer: from the one of an earlier position
    /// where there is one, so that only what rests on later observations is read again.
    pub(crate) async fn scorecard(&self, selected: &Selected) -> Result<Arc<Scorecard>, AppError> {
        let key = ScorecardKey::of(selected);
        let evaluate = async {
            let view = selected.view();
            let cascade = self.cascade(selected).await?;
            let earlier = self.memory.earlier.get(&key);
            let evaluated = tokio::task::spawn_blocking(move || match earlier {
                Some(earlier) => {
                    view.scorecard_after(&cascade, &earlier.scorecard, &earlier.observed)
                }
                None => view.scorecard_along(&cascade, key.unit, key.period),
            });
            let scorecard = evaluated
                .await
                .map_err(|error| AppError::failed("the scorecard could not be evaluated", error))?;
            let weight = weight_of_scorecard(&scorecard);
            Ok((Arc::new(scorecard), weight))
        };
        self.memory.scorecards.get_or_make(key, evaluate).await
    }

    /// The cascade of the plan that is meant.
    async fn cascade(&self, selected: &Selected) -> Result<Arc<Cascade>, AppError> {
        let plan = Arc::clone(&selected.model);
        let make = async {
            let made = tokio::task::spawn_blocking(move || Arc::new(Cascade::of(&plan)));
            let cascade = made
                .await
                .map_err(|error| AppError::failed("the cascade could not be walked", error))?;
            Ok((cascade, 1))
        };
        let cascades = &self.memory.cascades;
        cascades.get_or_make(selected.plan_known_at(), make).await
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
            fresh.extend(evaluated(&self.memory, (key, selected.view()), missing).await?);
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

    /// The trend of a measure, if it was evaluated before.
    pub(crate) fn trend(&self, selected: &Selected, measure: MeasureId) -> Option<Arc<Trend>> {
        let key = ScorecardKey::of(selected);
        self.memory.trends.get(&(key, measure))
    }

    /// The trend of a measure at another unit in the same period, if it was evaluated before.
    pub(crate) fn trend_at(
        &self,
        selected: &Selected,
        measure: MeasureId,
        unit: UnitId,
    ) -> Option<Arc<Trend>> {
        let key = ScorecardKey::of(selected).at(unit);
        self.memory.trends.get(&(key, measure))
    }

    /// Evaluates the trends of a measure at those units where they are not remembered, one after the other, when its turn has
    /// come.
    pub(crate) fn make_trends_at(
        &self,
        selected: &Selected,
        measure: MeasureId,
        units: Vec<UnitId>,
    ) -> impl Future<Output = Result<(), AppError>> + use<> {
        let (key, view) = (ScorecardKey::of(selected), selected.view());
        let memory = Arc::clone(&self.memory);
        async move {
            for key in units.into_iter().map(|unit| key.at(unit)) {
                if memory.trends.get(&(key, measure)).is_none() {
                    evaluated(&memory, (key, view.clone()), vec![measure]).await?;
                }
            }
            Ok(())
        }
    }

    /// Evaluates the trends of those measures that are not remembered when its turn has come.
    pub(crate) fn make_trends(
        &self,
        selected: &Selected,
        mut measures: Vec<MeasureId>,
    ) -> impl Future<Output = Result<(), AppError>> + use<> {
        let (key, view) = (ScorecardKey::of(selected), selected.view());
        let memory = Arc::clone(&self.memory);
        async move {
            measures.retain(|measure| memory.trends.get(&(key, *measure)).is_none());
            evaluated(&memory, (key, view), measures).await.map(drop)
        }
    }
}

/// The trends of measures, evaluated beside the threads that answer, and remembered.
async fn evaluated(
    memory: &Memory,
    (key, view): (ScorecardKey, View),
    measures: Vec<MeasureId>,
) -> Result<Vec<(MeasureId, Arc<Trend>)>, AppError> {
    let before = measures.iter().filter_map(|measure| {
        let before = memory.trends_before.get(&(key, *measure))?;
        Some((*measure, before))
    });
    let before: HashMap<MeasureId, Before> = before.collect();
    let evaluated = tokio::task::spawn_blocking(move || {
        let place = (key.unit, key.period);
        let trends = Trend::after(&view, &measures, place, |one| before.get(&one).cloned());
        measures.into_iter().zip(trends).collect::<Vec<_>>()
    });
    let evaluated = evaluated
        .await
        .map_err(|error| AppError::failed("the trends could not be evaluated", error))?;
    for (measure, trend) in &evaluated {
        let trend = Arc::clone(trend);
        memory.trends.put((key, *measure), trend, 1);
    }
    Ok(evaluated)
}

impl Snapshot {
    /// What was observed at a unit and below it, looked for once.
    pub(crate) fn observed(
        &self,
        key: ObservedKey,
        look: impl FnOnce() -> Observed,
    ) -> Arc<Observed> {
        self.memory.observed.get(&key).unwrap_or_else(|| {
            let observed = Arc::new(look());
            self.memory.observed.put(key, Arc::clone(&observed), 1);
            observed
        })
    }

    /// What may need a decision by a scorecard, looked for once.
    pub(crate) fn candidates(
        &self,
        selected: &Selected,
        look: impl FnOnce() -> Vec<Candidate>,
    ) -> Arc<Vec<Candidate>> {
        let key = ScorecardKey::of(selected);
        self.memory.candidates.get(&key).unwrap_or_else(|| {
            let found = Arc::new(look());
            let weight = found.len();
            self.memory.candidates.put(key, Arc::clone(&found), weight);
            found
        })
    }

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
            let lines = kept.periods.iter().map(|period| period.inputs.len());
            let lines = lines.sum::<usize>() + kept.parts.len();
            self.memory.explanations.put((key, measure), kept, lines);
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
        let evaluate = async {
            let view = selected.view();
            let evaluated = tokio::task::spawn_blocking(move || {
                Arc::new(Course::of(&view, measure, key.unit, key.period, reach))
            });
            let course = evaluated
                .await
                .map_err(|error| AppError::failed("the periods could not be evaluated", error))?;
            Ok((course, 1))
        };
        self.memory
            .courses
            .get_or_make((key, measure, reach), evaluate)
            .await
    }

    /// What made a measure differ, worked out once for whoever may see the same units.
    pub(crate) async fn drivers(
        &self,
        selected: &Selected,
        measure: MeasureId,
        of_whom: OfWhom,
        work: impl Future<Output = Result<Vec<Compared>, AppError>>,
    ) -> Result<Arc<Vec<Compared>>, AppError> {
        let key = (ScorecardKey::of(selected), measure, of_whom);
        let work = async { Ok((Arc::new(work.await?), 1)) };
        self.memory.drivers.get_or_make(key, work).await
    }

    /// How a measure stands at the units below, from one of them on, read once for whoever may see the same units.
    pub(crate) async fn below(
        &self,
        selected: &Selected,
        (measure, of_whom, from): (MeasureId, (Actor, Date), usize),
        read: impl Future<Output = Result<Below, AppError>>,
    ) -> Result<Arc<Below>, AppError> {
        let key = (ScorecardKey::of(selected), measure, of_whom, from);
        let read = async {
            let read = Arc::new(read.await?);
            let weight = 1 + read.readings.len() + read.standing.len();
            Ok((read, weight))
        };
        self.memory.below.get_or_make(key, read).await
    }

    /// The evidence that was worked out.
    pub(crate) fn evidence(&self) -> &Arc<EvidenceMemory> {
        &self.memory.evidence
    }

    /// The forecasts that were made.
    pub(crate) fn foreseen(&self) -> &Arc<Foreseen> {
        &self.memory.foreseen
    }

    /// What is to come of a measure, if it was worked out before.
    pub(crate) fn outlook(
        &self,
        selected: &Selected,
        measure: MeasureId,
    ) -> Option<Arc<Foresight>> {
        let key = ScorecardKey::of(selected);
        let (_, found) = self.memory.outlooks.get(&(key, measure))?;
        Some(found)
    }

    /// Works out what is to come of measures, one after the other, each beside the threads that answer. Where one fails the
    /// others are made nevertheless.
    pub(crate) fn make_outlooks(
        &self,
        selected: &Selected,
        measures: Vec<(MeasureId, Arc<Trend>)>,
    ) -> impl Future<Output = Result<(), AppError>> + use<> {
        let key = ScorecardKey::of(selected);
        let memory = Arc::clone(&self.memory);
        let maker = Arc::new(Maker::of(selected, Arc::clone(&memory.foreseen)));
        async move {
            let mut done = Ok(());
            for (measure, trend) in measures {
                if memory.outlooks.get(&(key, measure)).is_some() {
                    continue;
                }
                let (memory, maker) = (Arc::clone(&memory), Arc::clone(&maker));
                let made = tokio::task::spawn_blocking(move || {
                    let frequency = maker.frequency(measure);
                    let pool = memory.pool((key, frequency), &maker);
                    let outlook = Arc::new(maker.outlook(measure, &trend, &pool));
                    let made = (frequency, outlook);
                    memory.outlooks.put((key, measure), made, 1);
                });
                let made = made.await;
                let made =
                    made.map_err(|error| AppError::failed("a forecast could not be made", error));
                done = done.and(made);
            }
            done
        }
    }

    /// What is to come of measures, brought together with what is to come of the units below.
    pub(crate) fn with_units(&self) -> &Remembered<(ScorecardKey, MeasureId), Arc<Brought>> {
        &self.memory.with_units
    }

    /// Whether all that pages need of a place was made before, and nothing of it has changed since.
    pub fn is_made(&self, selected: &Selected) -> bool {
        let key = ScorecardKey::of(selected);
        self.memory.made.get(&key).is_some()
    }

    /// Says that all that pages need of a place was made.
    pub fn tell_made(&self, selected: &Selected) {
        self.memory.made.put(ScorecardKey::of(selected), (), 1);
    }

    /// What was said of targets.
    pub(crate) fn said_of_targets(&self) -> &SaidOfTargets {
        &self.memory.said
    }

    /// What was looked up in the history.
    pub(crate) fn looked_up(&self) -> &LookedUp {
        &self.memory.looked_up
    }
}
