//! What readers answer from: plans as the actor may see them, observations, and who made which commit.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;
use throughline_core::{BodyId, UnitId};
use throughline_engine::Observations;
use throughline_ledger::{Commit, Ledger, PlanClock, RecordVersion};
use throughline_model::observation::CommitNumber;
use throughline_model::{Kind, Model};
use uuid::Uuid;

use super::Ctx;
use crate::AppError;
use crate::history::{Told, told};
use crate::live::looked_up::read_commits;
use crate::policy::{
    Action, Authorized, ChangePlan, GiveAccess, HoldReviews, ImportWorkbook, Object, ReadHistory,
    ReadReadings, RecordObservations,
};
use crate::sight::Sight;

impl Ctx {
    /// Whether the actor may read who changed what in the organisation as a whole: no page leads to what is not there for
    /// its reader.
    #[must_use]
    pub fn may_read_history(&self) -> bool {
        self.may_in_whole::<ReadHistory>()
    }

    /// Whether figures can be due of the actor, or late with others for them: a person who may record somewhere, or answers
    /// for a measure.
    #[must_use]
    pub fn has_figures(&self) -> bool {
        let (Some(person), Some(snapshot)) = (self.actor().person, &self.snapshot) else {
            return false;
        };
        let allowed = RecordObservations::RULE.allowed;
        let may_record = allowed.get(self.actor().role as usize);
        let mut measures = snapshot.model.measures().iter();
        may_record.is_some_and(|relations| !relations.is_empty())
            || measures.any(|measure| measure.owner == Some(person))
    }

    /// Whether the actor may say who may do what.
    #[must_use]
    pub fn may_give_access(&self) -> bool {
        self.may_in_whole::<GiveAccess>()
    }

    /// Whether the actor may change the plan, for links and buttons.
    #[must_use]
    pub fn may_change_plan(&self) -> bool {
        self.may_in_whole::<ChangePlan>()
    }

    /// Whether the actor may hold the reviews of a body, for links and buttons.
    #[must_use]
    pub fn may_hold(&self, body: BodyId) -> bool {
        let whole = self.snapshot.as_ref().map(|snapshot| &snapshot.whole);
        whole.is_some_and(|plan| self.prove::<HoldReviews>(Object::Body(body), plan).is_ok())
    }

    /// Whether the actor may do something to the organisation as a whole, by the plan of the snapshot.
    fn may_in_whole<A: Action>(&self) -> bool {
        let whole = self.snapshot.as_ref().map(|snapshot| &snapshot.whole);
        whole.is_some_and(|plan| self.prove::<A>(Object::Organisation, plan).is_ok())
    }

    /// Whether the actor may bring in a workbook: no page leads to what is not there for its reader.
    #[must_use]
    pub fn may_import(&self) -> bool {
        self.may_in_whole::<ImportWorkbook>()
    }

    /// Whether the actor may read the readings of a unit, for links: what is hidden is nowhere to go.
    ///
    /// # Errors
    /// If the plan of today cannot be read.
    pub async fn may_read_at(&self) -> Result<impl Fn(UnitId) -> bool + use<>, AppError> {
        self.allows_at::<ReadReadings>().await
    }

    /// Whether the actor may do something at a unit, by the plan of today: for answers that hold many units.
    pub(crate) async fn allows_at<A: Action>(
        &self,
    ) -> Result<impl Fn(UnitId) -> bool + use<A>, AppError> {
        let (model, actor) = (self.newest_model().await?, *self.actor());
        let today = model.calendar().date_of(self.clock.now());
        let cells = self.cells.clone();
        Ok(move |unit| {
            let object = Object::Unit(unit);
            Ctx::leaves::<A>(cells.as_deref(), object)
                && Authorized::<A>::prove(&actor, object, &model, today).is_some()
        })
    }

    /// What the actor may see of the plan.
    ///
    /// # Errors
    /// What the ledger says.
    pub(crate) async fn sight(&self) -> Result<Sight, AppError> {
        let newest = self.newest_model().await?;
        Ok(self.sight_by(newest))
    }

    fn sight_by(&self, newest: Arc<Model>) -> Sight {
        let today = newest.calendar().date_of(self.clock.now());
        Sight::new(self.actor, newest, today)
    }

    /// A plan as the actor may see it. To be answered from; what is written is made of the whole plan.
    ///
    /// # Errors
    /// What the ledger says.
    pub(crate) async fn plan(
        &self,
        ledger: &Ledger,
        clock: PlanClock,
    ) -> Result<Arc<Model>, AppError> {
        if let Some(snapshot) = &self.snapshot {
            let is_its_own = match clock {
                PlanClock::Newest => true,
                PlanClock::Commit(number) => number == snapshot.position,
                PlanClock::KnownAt(_) | PlanClock::Draft(_) => false,
            };
            if is_its_own {
                return Ok(Arc::clone(&snapshot.model));
            }
        }
        let sight = self.sight().await?;
        Ok(sight.plan(ledger.model(clock).await?))
    }

    /// The plan as it was known at an instant, or is known now.
    pub(crate) async fn plan_known(
        &self,
        ledger: &Ledger,
        at: Option<Timestamp>,
    ) -> Result<Arc<Model>, AppError> {
        match (&self.snapshot, at) {
            (Some(snapshot), Some(at)) => {
                let sight = self.sight_by(Arc::clone(&snapshot.whole));
                snapshot.plan_known_at(ledger, &sight, at).await
            }
            (_, None) => self.plan(ledger, PlanClock::Newest).await,
            (None, Some(at)) => self.plan(ledger, PlanClock::KnownAt(at)).await,
        }
    }

    /// Plan and observations as they are known now, both of one position.
    ///
    /// # Errors
    /// What the ledger says.
    pub(crate) async fn newest_known(
        &self,
        ledger: &Ledger,
    ) -> Result<(Arc<Model>, Arc<Observations>), AppError> {
        if let Some(snapshot) = &self.snapshot {
            let (model, observations) = (&snapshot.model, &snapshot.observations);
            return Ok((Arc::clone(model), Arc::clone(observations)));
        }
        let state = Box::pin(ledger.state()).await?;
        let sight = self.sight_by(Arc::clone(&state.model));
        let observations = Observations::of(state.observations);
        Ok((sight.plan(state.model), Arc::new(observations)))
    }

    /// The observations as they were known at an instant, or are known now.
    pub(crate) async fn observations_known(
        &self,
        ledger: &Ledger,
        at: Option<Timestamp>,
    ) -> Result<Arc<Observations>, AppError> {
        match (&self.snapshot, at) {
            (Some(snapshot), None) => Ok(Arc::clone(&snapshot.observations)),
            (Some(snapshot), Some(at)) => snapshot.observations_known_at(ledger, at).await,
            (None, at) => Ok(Arc::new(Observations::of(ledger.observations(at).await?))),
        }
    }

    /// The observations that the ledger has now, for whoever holds the pen: a snapshot may be from before it was taken, so what
    /// was recorded since is read.
    pub(crate) async fn observations_now(&self, ledger: &Ledger) -> Result<Observations, AppError> {
        if let Some(snapshot) = &self.snapshot
            && let Some(since) = Box::pin(ledger.state_since(&snapshot.standing.head)).await?
        {
            return Ok(snapshot.observations.with(since.observations));
        }
        Ok(Observations::of(ledger.observations(None).await?))
    }

    /// The newest plan, whole: by it rights are looked up, and nothing is answered from it.
    pub(crate) async fn newest_model(&self) -> Result<Arc<Model>, AppError> {
        if let Some(snapshot) = &self.snapshot {
            return Ok(Arc::clone(&snapshot.whole));
        }
        match &self.ledger {
            Some(ledger) => Ok(ledger.model(PlanClock::Newest).await?),
            None => Ok(Arc::new(Model::default())),
        }
    }

    /// The commits with these numbers, with who made them: there may be a million others.
    pub(crate) async fn told(
        &self,
        ledger: &Ledger,
        numbers: &BTreeSet<CommitNumber>,
    ) -> Result<BTreeMap<CommitNumber, Told>, AppError> {
        let model = self.newest_model().await?;
        let tell = |commit: Commit| told(commit, &model);
        if let Some(snapshot) = &self.snapshot {
            return snapshot.looked_up().commits(ledger, numbers, tell).await;
        }
        let read = read_commits(ledger, numbers).await?.into_iter();
        Ok(read.map(|commit| (commit.number, tell(commit))).collect())
    }

    /// The versions of a record in the main line, in the order in which they became known: read once for all who ask.
    pub(crate) async fn versions(
        &self,
        ledger: &Ledger,
        kind: Kind,
        id: Uuid,
    ) -> Result<Arc<Vec<RecordVersion>>, AppError> {
        let read = async {
            let versions = Arc::new(ledger.record_history(kind, id).await?);
            let weight = versions.len();
            Ok::<_, AppError>((versions, weight))
        };
        match &self.snapshot {
            Some(snapshot) => {
                let known = &snapshot.looked_up().versions;
                known.get_or_make((kind, id), read).await
            }
            None => Ok(read.await?.0),
        }
    }
}
