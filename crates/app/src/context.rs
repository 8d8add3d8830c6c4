//! What every use case is given: who acts, why, what time it is, where ids come from, and the ledger behind its lock.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use throughline_core::{Actor, Clock, IdSource, PersonId, UnitId, UuidV7Source};
use throughline_ledger::{
    Ledger, LedgerError, Location, NewCommit, Randomness, RestoreOptions, Restored, Writer,
};
use throughline_model::observation::Cell;
use throughline_model::value::Resolver;
use throughline_model::{Kind, Model};

use crate::AppError;
use crate::beside::Waiting;
use crate::live::{Live, Snapshot};
use crate::policy::{Action, Authorized, Object, RestoreLedger, Writes};
use crate::sight::Sight;

mod confined;
mod reading;

/// Shows how far a long piece of work is.
pub trait Progress: Send + Sync {
    /// A step begins, such as "Reading 1,000,000 rows".
    fn step(&self, what: &str);
}

/// Shows nothing.
#[derive(Debug, Clone, Copy)]
pub struct NoProgress;

impl Progress for NoProgress {
    fn step(&self, _: &str) {}
}

/// Who acts, why, what time it is, where ids come from, and the ledger.
#[derive(Clone)]
pub struct Ctx {
    actor: Actor,
    acting_as: Option<String>,
    reason: Option<String>,
    idempotency_key: Option<String>,
    clock: Arc<dyn Clock>,
    randomness: Arc<Randomness>,
    progress: Arc<dyn Progress>,
    location: Location,
    ledger: Option<Ledger>,
    /// What readers answer from, where there is a live state; without it, the ledger is asked each time.
    snapshot: Option<Arc<Snapshot>>,
    /// How long a reader waits for what takes long to work out, and whether they went without some of it.
    waiting: Arc<Waiting>,
    /// The cells to which whoever came by a mailed link is confined.
    cells: Option<Arc<[Cell]>>,
}

impl Ctx {
    /// The context of an actor at the ledger in a data folder or database. That there is none yet is no error: the first plan
    /// that is applied makes it.
    ///
    /// # Errors
    /// If there is a ledger that cannot be opened.
    pub async fn open(
        location: impl Into<Location>,
        actor: Actor,
        clock: Arc<dyn Clock>,
        randomness: Arc<Randomness>,
    ) -> Result<Ctx, AppError> {
        let location = location.into();
        let opened = Ledger::open(&location, Arc::clone(&clock), Arc::clone(&randomness));
        let ledger = match opened.await {
            Ok(ledger) => Some(ledger),
            Err(LedgerError::NoLedger { .. }) => None,
            Err(error) => return Err(at_location(error, &location, "opened")),
        };
        Ok(Ctx {
            ledger,
            ..Ctx::beside(location, actor, clock, randomness)
        })
    }

    /// The context of an actor beside the ledger, which stays closed: it may be damaged, or not be there yet.
    pub fn beside(
        location: impl Into<Location>,
        actor: Actor,
        clock: Arc<dyn Clock>,
        randomness: Arc<Randomness>,
    ) -> Ctx {
        Ctx {
            actor,
            acting_as: None,
            reason: None,
            idempotency_key: None,
            clock,
            randomness,
            progress: Arc::new(NoProgress),
            location: location.into(),
            ledger: None,
            snapshot: None,
            waiting: Arc::default(),
            cells: None,
        }
    }

    /// The context, for a request that has one effect however often it is made with that key.
    #[must_use]
    pub fn with_idempotency_key(self, idempotency_key: Option<String>) -> Ctx {
        Ctx {
            idempotency_key,
            ..self
        }
    }

    pub(crate) fn idempotency_key(&self) -> Option<&str> {
        self.idempotency_key.as_deref()
    }

    /// Who asks, and by which way in: idempotency keys of others are not theirs.
    pub(crate) fn requester(&self) -> String {
        let person = self.actor.person.map(|person| person.as_uuid().to_string());
        let who = person.or_else(|| self.acting_as.clone());
        format!("{}/{}", self.actor.origin, who.unwrap_or_default())
    }

    /// Why it is asked for.
    pub(crate) fn reason(&self) -> Option<&str> {
        self.reason.as_deref()
    }

    /// Restores a backup to where the ledger stands.
    pub(crate) async fn restored(
        &self,
        _: &Authorized<RestoreLedger>,
        backup: &Path,
        keys: Option<&Path>,
        options: RestoreOptions,
    ) -> Result<Restored, LedgerError> {
        let (clock, randomness) = (Arc::clone(&self.clock), Arc::clone(&self.randomness));
        Ledger::restore(&self.location, backup, keys, options, clock, randomness).await
    }

    /// The context, with a reason that is recorded with what it changes.
    #[must_use]
    pub fn with_reason(self, reason: Option<String>) -> Ctx {
        Ctx { reason, ..self }
    }

    /// The context, with something that shows progress.
    #[must_use]
    pub fn with_progress(self, progress: Arc<dyn Progress>) -> Ctx {
        Ctx { progress, ..self }
    }

    /// The context of a reader who rather gets an answer without what takes long to work out than waits for it.
    #[must_use]
    pub fn with_patience(self, patience: Duration) -> Ctx {
        Ctx {
            waiting: Arc::new(Waiting::of(patience)),
            ..self
        }
    }

    /// The context of a reader who waits until everything is there.
    #[must_use]
    pub fn with_all_the_time(self) -> Ctx {
        Ctx {
            waiting: Arc::default(),
            ..self
        }
    }

    /// How long a reader waits for what takes long to work out, and whether they went without some of it.
    #[must_use]
    pub fn waiting(&self) -> &Arc<Waiting> {
        &self.waiting
    }

    /// The context, in the name of the person with that key.
    #[must_use]
    pub fn acting_as(self, key: Option<String>) -> Ctx {
        Ctx {
            acting_as: key,
            ..self
        }
    }

    /// The live state of the ledger, for a server: made once, and followed.
    ///
    /// # Errors
    /// If there is no ledger yet, or it cannot be read.
    pub async fn live(&self) -> Result<Arc<Live>, AppError> {
        let ledger = self.ledger.as_ref().ok_or_else(|| self.no_ledger())?;
        Live::of(ledger.clone()).await
    }

    /// The context of one request: of an actor, who reads what the live state holds now.
    #[must_use]
    pub fn of_request(&self, live: &Live, actor: Actor) -> Ctx {
        let snapshot = live.snapshot();
        let today = snapshot.model.calendar().date_of(self.clock.now());
        let sight = Sight::new(actor, Arc::clone(&snapshot.whole), today);
        Ctx {
            actor,
            acting_as: None,
            reason: None,
            idempotency_key: None,
            clock: Arc::clone(&self.clock),
            randomness: Arc::clone(&self.randomness),
            progress: Arc::clone(&self.progress),
            location: self.location.clone(),
            ledger: self.ledger.clone(),
            snapshot: Some(snapshot.seen_with(&sight)),
            waiting: Arc::new(self.waiting.anew()),
            cells: None,
        }
    }

    /// Who acts.
    #[must_use]
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// What readers answer from, where there is a live state.
    #[must_use]
    pub fn snapshot(&self) -> Option<&Arc<Snapshot>> {
        self.snapshot.as_ref()
    }

    /// Fills the bytes with the machine's randomness.
    pub fn fill_with_randomness(&self, bytes: &mut [u8]) {
        (self.randomness)(bytes);
    }

    /// The person who acts, by the plan.
    fn person(&self, plan: &Model) -> Result<Option<PersonId>, AppError> {
        let Some(key) = &self.acting_as else {
            return Ok(self.actor.person);
        };
        if let Some(person) = plan.people().by_key(key) {
            return Ok(Some(person.id()));
        }
        let help = match plan.nearest(&[Kind::Person], key) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "people stand in the section `people` of organisation.yaml".to_owned(),
        };
        Err(
            AppError::bad_request(format!("there is no person `{key}` in the plan"))
                .with_help(help),
        )
    }

    /// Asks the policy. What the actor may not even read is not there; what it may read and not do is forbidden.
    ///
    /// # Errors
    /// [`AppError::NotFound`] or [`AppError::Forbidden`].
    pub(crate) async fn authorize<A: Action>(
        &self,
        object: Object,
    ) -> Result<Authorized<A>, AppError> {
        let model = self.newest_model().await?;
        self.prove(object, &model)
    }

    /// Asks the policy for those who look after the ledger as a whole. The plan has no say in that, and need not read: it is
    /// they who find out what is wrong with it. A name is looked up in it where that is possible.
    ///
    /// # Errors
    /// As [`Ctx::authorize`].
    pub(crate) async fn authorize_upkeep<A: Action>(&self) -> Result<Authorized<A>, AppError> {
        if self.acting_as.is_some()
            && let Ok(plan) = self.newest_model().await
        {
            return self.prove(Object::Organisation, &plan);
        }
        self.prove_role(Object::Organisation, &Model::default())
    }

    /// Asks the policy for each of some units, by the plan that holds while they are written: a file of observations can
    /// name thousands. The answer is the proof for the last one, `None` if there are no units.
    ///
    /// # Errors
    /// As [`Ctx::authorize`], for the first unit where it is refused.
    pub(crate) fn authorize_units<A: Action>(
        &self,
        units: impl IntoIterator<Item = UnitId>,
        model: &Model,
    ) -> Result<Option<Authorized<A>>, AppError> {
        let mut proof = None;
        for unit in units {
            proof = Some(self.prove(Object::Unit(unit), model)?);
        }
        Ok(proof)
    }

    /// The proof, by a plan: who holds the pen asks by the plan of the pen.
    pub(crate) fn prove<A: Action>(
        &self,
        object: Object,
        model: &Model,
    ) -> Result<Authorized<A>, AppError> {
        // A name that nobody has is an error before anything is done; the first plan brings its people along.
        if !A::RULE.writes && self.ledger.is_some() {
            self.person(model)?;
        }
        self.prove_role(object, model)
    }

    /// The proof by the role of the actor, whoever that is.
    fn prove_role<A: Action>(
        &self,
        object: Object,
        model: &Model,
    ) -> Result<Authorized<A>, AppError> {
        let today = model.calendar().date_of(self.clock.now());
        let proof = Authorized::prove(&self.actor, object, model, today);
        if let Some(proof) = proof.filter(|_| Ctx::leaves::<A>(self.cells.as_deref(), object)) {
            return Ok(proof);
        }
        if !A::RULE.writes {
            return Err(AppError::not_found("there is no such thing"));
        }
        let role = self.actor.role;
        let action = A::RULE.action;
        let message = format!("the role {role} may not {action} here");
        Err(AppError::Forbidden { message })
    }

    /// The ledger, for an actor who may do something with it.
    ///
    /// # Errors
    /// If there is none yet.
    pub(crate) fn ledger<A: Action>(&self, _: &Authorized<A>) -> Result<&Ledger, AppError> {
        self.ledger.as_ref().ok_or_else(|| self.no_ledger())
    }

    /// The ledger, if there is one.
    pub(crate) fn ledger_if_any<A: Action>(&self, _: &Authorized<A>) -> Option<&Ledger> {
        self.ledger.as_ref()
    }

    /// The ledger, made if there is none yet.
    pub(crate) async fn ledger_or_new<A: Writes>(
        &self,
        _: &Authorized<A>,
    ) -> Result<Ledger, AppError> {
        match &self.ledger {
            Some(ledger) => Ok(ledger.clone()),
            None => Ok(self.new_ledger().await?),
        }
    }

    /// The pen, for an actor who may change something: nobody else writes until it is put down. Whoever waited for it is
    /// asked again by the plan that the others left, which may confine them by now.
    ///
    /// # Errors
    /// [`AppError::Forbidden`]; what the database says.
    pub(crate) async fn writer<A: Writes>(
        &self,
        ledger: &Ledger,
        proof: &Authorized<A>,
    ) -> Result<Writer, AppError> {
        let writer = ledger.write().await?;
        self.prove::<A>(proof.object(), writer.model())?;
        Ok(writer)
    }

    /// A commit in the name of the actor, who must be a person of the plan if named.
    pub(crate) fn commit(&self, plan: &Model) -> Result<NewCommit, AppError> {
        let author = self.person(plan)?;
        let origin = self.actor.origin;
        Ok(NewCommit::new(author, origin, self.reason.clone()))
    }

    /// What time it is.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Where the ledger stands.
    #[must_use]
    pub fn location(&self) -> &Location {
        &self.location
    }

    /// Closes the ledger, so that nothing is left beside its file.
    pub async fn close(self) {
        if let Some(ledger) = self.ledger {
            ledger.close().await;
        }
    }

    /// Says that a step of a long piece of work begins.
    pub(crate) fn step(&self, what: &str) {
        self.progress.step(what);
    }

    /// A source of new ids, of now.
    pub(crate) fn ids(&self) -> impl IdSource {
        let randomness = Arc::clone(&self.randomness);
        UuidV7Source::new(self.clock.now(), move |bytes: &mut [u8]| randomness(bytes))
    }

    async fn new_ledger(&self) -> Result<Ledger, AppError> {
        let (clock, randomness) = (Arc::clone(&self.clock), Arc::clone(&self.randomness));
        let made = Ledger::create(&self.location, clock, randomness).await;
        made.map_err(|error| at_location(error, &self.location, "made"))
    }

    /// The context, with the ledger that was made since.
    pub(crate) async fn reopened(&self) -> Result<Ctx, AppError> {
        let (clock, randomness) = (Arc::clone(&self.clock), Arc::clone(&self.randomness));
        let opened = Ctx::open(&self.location, self.actor, clock, randomness).await?;
        Ok(Ctx {
            acting_as: self.acting_as.clone(),
            reason: self.reason.clone(),
            idempotency_key: self.idempotency_key.clone(),
            progress: Arc::clone(&self.progress),
            waiting: Arc::clone(&self.waiting),
            cells: self.cells.clone(),
            ..opened
        })
    }

    fn no_ledger(&self) -> AppError {
        let message = format!("there is no ledger in {}", self.location);
        AppError::not_found(message).with_help(match self.location {
            Location::Folder(_) => {
                "make one with `throughline apply PLAN_DIR`, or name its folder with `--data DIR`"
            }
            Location::Database(_) => {
                "make one with `throughline apply PLAN_DIR`, or name another database"
            }
        })
    }
}

/// The error, with the folder of a ledger that the system did not let be opened or made.
fn at_location(error: LedgerError, location: &Location, what: &str) -> AppError {
    match (error, location) {
        (LedgerError::InputOutput { what: said }, Location::Folder(_)) => {
            let message = format!("the ledger in {location} could not be {what}");
            AppError::failed(message, said)
                .with_help("name a folder that can be written to with `--data DIR`")
        }
        (other, _) => other.into(),
    }
}

impl From<LedgerError> for AppError {
    fn from(error: LedgerError) -> AppError {
        match error {
            LedgerError::HistoryRefused(refused) => AppError::bad_request(refused.to_string()),
            LedgerError::CalendarFixed => {
                AppError::bad_request(LedgerError::CalendarFixed.to_string())
            }
            refused @ (LedgerError::NotAnAddress { .. }
            | LedgerError::FileExists { .. }
            | LedgerError::NoSuchText { .. }) => {
                AppError::bad_request(refused.to_string())
            }
            away @ (LedgerError::Unavailable { .. }
            | LedgerError::Locked
            | LedgerError::NotYet { .. }
            | LedgerError::DiskFull) => AppError::Unavailable {
                message: away.to_string(),
            },
            LedgerError::Storage(cause) => {
                AppError::failed("the database of the ledger failed", cause)
            }
            refused @ LedgerError::AccessRefused { .. } => AppError::Failed {
                message: refused.to_string(),
                help: Some(
                    "give user and password in the address, or the password in PGPASSWORD or ~/.pgpass"
                        .to_owned(),
                ),
                cause: None,
            },
            refused @ LedgerError::NotTrusted { .. } => AppError::Failed {
                message: refused.to_string(),
                help: Some(
                    "name the host by the name in its certificate, and who signed it with sslrootcert=FILE in the address"
                        .to_owned(),
                ),
                cause: None,
            },
            other => AppError::Failed {
                message: other.to_string(),
                help: None,
                cause: None,
            },
        }
    }
}
