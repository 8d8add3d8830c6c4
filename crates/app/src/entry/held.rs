//! Figures that wait for their owner: who may see them, until when they wait, and what they say.
//!
//! A figure that somebody enters is recorded as held. The numbers of the organisation go on without it, for everybody, until
//! its owner publishes it or its time has come.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use throughline_core::{MeasureId, PersonId, UnitId};
use throughline_engine::{Observations, View};
use throughline_ledger::{Ledger, VersionChange};
use throughline_model::observation::{Cell, CommitNumber, Observation, Recorded};
use throughline_model::records::{AnyRecord, Measure};
use throughline_model::{Entry, Kind, Model};

use super::known::stated;
use super::take_back::is_same;
use super::{Says, TypedCell};
use crate::policy::{
    Object, PublishFigure, ReadPlan, ReadReadings, RecordObservations, SeeHeldFigure,
};
use crate::{AppError, Ctx};

/// The most figures that are shown waiting at once.
pub const WAITING_MAX: usize = 60;

/// A figure that waits, for somebody who may see it.
#[derive(Debug, Clone)]
pub struct HeldFigure {
    /// The figure.
    pub observation: Observation,
    /// The commit that recorded it.
    pub commit: CommitNumber,
    /// Who entered it.
    pub by: Option<PersonId>,
    /// When it is published if nobody does before.
    pub until: Timestamp,
    /// The figures that it took the place of while it waited, the latest last.
    pub replaced: Vec<Observation>,
    /// Whether whoever looks may publish it.
    pub may_publish: bool,
    /// Whether whoever looks may enter another figure in its place.
    pub may_change: bool,
    /// Whether whoever looks entered it.
    pub is_own: bool,
}

impl HeldFigure {
    /// What its cell holds, exactly, as the form of its cell carries it.
    #[must_use]
    pub fn known(&self) -> String {
        stated(Some((self.observation.value, self.observation.weight)))
    }

    /// The names of its cell.
    #[must_use]
    pub fn name(&self, model: &Model) -> TypedCell {
        TypedCell::of(&self.observation.cell, model)
    }
}

/// A figure that waits, whoever may see it.
pub(super) struct Waiting {
    pub(super) newest: Recorded,
    /// The commit from which on it waits.
    pub(super) first: CommitNumber,
    replaced: Vec<Recorded>,
    by: Option<PersonId>,
    pub(super) until: Timestamp,
}

/// Whether figures of a measure wait for its owner.
pub(super) fn waits(model: &Model, measure: &Measure) -> bool {
    let hours = model.organisation().map_or(0, |one| one.owner_first());
    hours > 0 && measure.owner.is_some()
}

/// All figures that wait.
pub(super) async fn waiting(
    ctx: &Ctx,
    ledger: &Ledger,
    observations: &Observations,
) -> Result<Vec<Waiting>, AppError> {
    let held = observations.held();
    if held.is_empty() {
        return Ok(Vec::new());
    }
    let hours = Hours::of(ctx, ledger).await?;
    let first = held.values().filter_map(|run| entered(run));
    let told = ctx
        .told(ledger, &first.map(|one| one.commit).collect())
        .await?;
    let found = held.values().filter_map(|run| {
        let (newest, replaced) = run.split_last()?;
        let first = run.first()?;
        Some(Waiting {
            by: entered(run)
                .and_then(|one| told.get(&one.commit))
                .and_then(|told| told.commit.author),
            until: hours.until(first, ctx.now()),
            first: first.commit,
            newest: newest.clone(),
            replaced: replaced.to_vec(),
        })
    });
    Ok(found.collect())
}

/// Where the figure that waits was entered: one that came back in the place of another is still that of whoever entered it first.
fn entered(run: &[Recorded]) -> Option<&Recorded> {
    let newest = run.last()?;
    run.iter()
        .find(|one| is_same(&one.observation, &newest.observation))
}

/// Times of commits never go back; so much they may be ahead of the clock, as where many follow each other or machines differ.
const CLOCKS_DIFFER_MAX: SignedDuration = SignedDuration::from_mins(1);

/// For how long figures wait: what the organisation says now, and what it said before. A longer wait is for figures that are
/// entered after it was set, and a shorter one for all.
struct Hours {
    now: u16,
    /// Each with the commit that set it.
    set: Vec<(CommitNumber, u16)>,
}

impl Hours {
    async fn of(ctx: &Ctx, ledger: &Ledger) -> Result<Hours, AppError> {
        let model = ctx.newest_model().await?;
        let Some(organisation) = model.organisation() else {
            return Ok(Hours {
                now: 0,
                set: Vec::new(),
            });
        };
        let id = organisation.id().as_uuid();
        let versions = ctx.versions(ledger, Kind::Organisation, id).await?;
        let set = versions.iter().filter_map(|version| {
            let VersionChange::Put(AnyRecord::Organisation(then)) = &version.change else {
                return None;
            };
            let is_of_all = version.commit.draft.is_none();
            is_of_all.then_some((version.commit.number, then.owner_first()))
        });
        Ok(Hours {
            now: organisation.owner_first(),
            set: set.collect(),
        })
    }

    /// Until when a figure waits that was entered first by that observation. Where the clock went back since, nobody knows how long
    /// it has waited, and it waits no longer.
    fn until(&self, first: &Recorded, now: Timestamp) -> Timestamp {
        if first.at.duration_since(now) > CLOCKS_DIFFER_MAX {
            return now;
        }
        let earlier = self.set.iter().rev();
        let then = earlier.map(|(commit, hours)| (*commit < first.commit, *hours));
        let then = then.clone().find(|(is_before, _)| *is_before);
        let hours = then.map_or(self.now, |(_, hours)| hours.min(self.now));
        let wait = SignedDuration::from_hours(i64::from(hours));
        first.at.saturating_add(wait).unwrap_or(Timestamp::MAX)
    }
}

/// Who looks at figures that wait.
pub(crate) struct Eyes<'a> {
    ctx: &'a Ctx,
    whole: Arc<Model>,
    may_read: MayAt,
    may_record: MayAt,
}

type MayAt = Box<dyn Fn(UnitId) -> bool + Send + Sync>;

impl<'a> Eyes<'a> {
    pub(crate) async fn of(ctx: &'a Ctx) -> Result<Eyes<'a>, AppError> {
        Ok(Eyes {
            ctx,
            whole: ctx.newest_model().await?,
            may_read: Box::new(ctx.allows_at::<ReadReadings>().await?),
            may_record: Box::new(ctx.allows_at::<RecordObservations>().await?),
        })
    }

    /// Whether they may see a figure of a cell before it is published.
    pub(crate) fn see(&self, cell: &Cell, by: Option<PersonId>) -> bool {
        let object = Object::Figure {
            measure: cell.measure,
            by,
        };
        let may_see = self.ctx.prove::<SeeHeldFigure>(object, &self.whole);
        may_see.is_ok() && (self.may_read)(cell.unit)
    }

    fn figure(&self, waiting: Waiting) -> Option<HeldFigure> {
        let cell = waiting.newest.observation.cell;
        if !self.see(&cell, waiting.by) {
            return None;
        }
        let object = Object::Figure {
            measure: cell.measure,
            by: waiting.by,
        };
        let may_publish = self.ctx.prove::<PublishFigure>(object, &self.whole);
        let replaced = waiting.replaced.into_iter();
        Some(HeldFigure {
            commit: waiting.newest.commit,
            observation: waiting.newest.observation,
            by: waiting.by,
            until: waiting.until,
            replaced: replaced.map(|one| one.observation).collect(),
            may_publish: may_publish.is_ok(),
            may_change: (self.may_record)(cell.unit),
            is_own: waiting.by.is_some() && waiting.by == self.ctx.actor().person,
        })
    }
}

/// The figures that wait and that the actor may see, by cell.
pub(super) async fn seen(
    ctx: &Ctx,
    ledger: &Ledger,
    observations: &Observations,
) -> Result<Vec<HeldFigure>, AppError> {
    let waiting = waiting(ctx, ledger, observations).await?;
    if waiting.is_empty() {
        return Ok(Vec::new());
    }
    let eyes = Eyes::of(ctx).await?;
    let seen = waiting.into_iter().filter_map(|one| eyes.figure(one));
    Ok(seen.collect())
}

/// The figures of a measure at a unit that wait, as far as the actor may see them, the latest period first.
///
/// # Errors
/// If there is no ledger, or it cannot be read.
pub async fn held_at(
    ctx: &Ctx,
    measure: MeasureId,
    unit: UnitId,
) -> Result<Vec<HeldFigure>, AppError> {
    let proof = ctx.authorize::<ReadPlan>(Object::Organisation).await?;
    let ledger = ctx.ledger(&proof)?;
    let (_, observations) = ctx.newest_known(ledger).await?;
    let mut seen = seen(ctx, ledger, &observations).await?;
    seen.retain(|one| {
        let cell = &one.observation.cell;
        cell.measure == measure && cell.unit == unit
    });
    seen.reverse();
    seen.truncate(WAITING_MAX);
    Ok(seen)
}

/// What figures say that wait, by a view in which all of them are put in: of each what its cell says then.
pub(super) fn says(view: &View, figures: &[HeldFigure], now: Timestamp) -> Vec<Says> {
    let put_in = figures.iter().map(|one| Recorded {
        observation: Observation {
            state: None,
            ..one.observation.clone()
        },
        commit: one.commit,
        at: now,
    });
    let after = Arc::new(view.observations.with(put_in.collect()));
    let view = View::new(Arc::clone(&view.plan), after, now);
    let cells = figures.iter().map(|one| one.observation.cell);
    cells.map(|cell| Says::of(&view, cell)).collect()
}

/// Whether a figure that the actor records of a measure waits for its owner, where those are to see figures first.
pub(crate) fn waits_for_owner(ctx: &Ctx, model: &Model, measure: &Entry<Measure>) -> bool {
    waits(model, measure) && !answers_for(ctx, measure)
}

/// Whether a measure is one whose figures the actor publishes by entering them.
pub(super) fn answers_for(ctx: &Ctx, measure: &Entry<Measure>) -> bool {
    let person = ctx.actor().person;
    person.is_some() && measure.owner == person
}
