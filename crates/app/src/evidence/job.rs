//! Where evidence is asked for: it is worked out once for a plan, what was known and a period, for the whole map at once.
//! It is done beside whoever asks, who waits for it as long as they have patience.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use throughline_core::Period;
use throughline_engine::View;
use throughline_ledger::Ledger;
use throughline_model::records::Link;
use throughline_model::value::Resolver;
use throughline_model::{Entry, Kind, Model};
use tokio::sync::Mutex;

use super::kept::kept_until;
use super::panels::PanelMemory;
use super::survey::LINKS_MAX;
use super::{Estimates, LinkEvidence, MapEvidence, PastGrade, grade_history};
use crate::live::{Limits, Remembered, Since};
use crate::policy::{Object, ReadReadings};
use crate::selection::{Selected, Selection, select};
use crate::{AppError, Ctx};

/// Maps of which the evidence is remembered, and how many links they may have together. A link takes some kilobytes.
const MAPS: Limits = Limits {
    most: 64,
    heaviest: 5_000,
};

/// The evidence that was worked out for a snapshot.
pub(crate) struct EvidenceMemory {
    maps: Remembered<Key, Arc<MapEvidence>>,
    panels: Arc<PanelMemory>,
    /// Go with the data that they came from, from snapshot to snapshot.
    pub estimates: Arc<Estimates>,
    /// Held while a map is worked out, so that several do not take the machine for themselves.
    turn: Mutex<()>,
}

/// What the evidence of a map is a function of, beside the snapshot: the two clocks, the day and the end of the period.
type Key = (Option<Timestamp>, Option<Timestamp>, Date, Date);

/// Evidence, and what it was read from.
pub struct ReadEvidence {
    /// What was meant.
    pub selected: Selected,
    /// The evidence of all links.
    pub map: Arc<MapEvidence>,
}

/// Works out the evidence of all links, as of a period.
///
/// # Errors
/// If there is no such unit, period or instant, or no ledger, or the actor may not read there.
pub async fn evidence(ctx: &Ctx, asked: &Selection) -> Result<ReadEvidence, AppError> {
    let (selected, ledger) = select(ctx, asked).await?;
    ctx.step("Weighing the evidence");
    let (view, until) = (selected.view(), selected.period);
    let map = match ctx.snapshot() {
        Some(snapshot) => {
            let memory = Arc::clone(snapshot.evidence());
            memory.map(key(&selected), (view, until), &ledger).await?
        }
        None => worked_out_alone(&selected, &ledger).await?,
    };
    Ok(ReadEvidence { selected, map })
}

/// The evidence of one link, and what it was read from.
pub struct ReadLinkEvidence {
    /// The evidence of all links.
    pub read: ReadEvidence,
    /// The link.
    pub link: Arc<Entry<Link>>,
    /// Its evidence.
    pub found: LinkEvidence,
    /// Its grades that were kept, the oldest first.
    pub history: Vec<PastGrade>,
}

/// Works out the evidence of a link, named `cause>effect`, as of a period: of all links, as they are graded together.
///
/// # Errors
/// As [`evidence`]; if there is no such link.
pub async fn link_evidence(
    ctx: &Ctx,
    key: &str,
    asked: &Selection,
) -> Result<ReadLinkEvidence, AppError> {
    let read = evidence(ctx, asked).await?;
    let model = &read.selected.model;
    let link = model.links().by_key(key).map(Arc::clone);
    let found = link.and_then(|link| Some((read.map.of_link(link.id())?.clone(), link)));
    let (found, link) = found.ok_or_else(|| no_link(model, key))?;
    let history = grade_history(ctx, link.id(), &read.selected).await?;
    Ok(ReadLinkEvidence {
        read,
        link,
        found,
        history,
    })
}

/// That there is no link of that name, with the nearest that there is.
fn no_link(model: &Model, key: &str) -> AppError {
    let error = AppError::unknown_name(format!("there is no link `{key}` in the plan"));
    match model.nearest(&[Kind::Link], key) {
        Some(near) => error.with_help(format!("did you mean `{near}`?")),
        None => error.with_help("name it `cause>effect`, by the keys of its ends"),
    }
}

/// The evidence of all links at what is meant; `None` where it is still being worked out when whoever asks waits no longer.
///
/// # Errors
/// If the actor may not read there, or it cannot be worked out, and that is known while whoever asks waits.
pub async fn evidence_at(
    ctx: &Ctx,
    meant: &Selected,
) -> Result<Option<Arc<MapEvidence>>, AppError> {
    let unit = Object::Unit(meant.unit);
    let proof = ctx.authorize::<ReadReadings>(unit).await?;
    let ledger = ctx.ledger(&proof)?;
    let Some(snapshot) = ctx.snapshot() else {
        return Ok(Some(worked_out_alone(meant, ledger).await?));
    };
    let (memory, key) = (Arc::clone(snapshot.evidence()), key(meant));
    if let Some(known) = memory.maps.get(&key) {
        return Ok(Some(known));
    }
    let work = {
        let (memory, ledger) = (Arc::clone(&memory), ledger.clone());
        let of = (meant.view(), meant.period);
        async move { memory.map(key, of, &ledger).await.map(drop) }
    };
    let beside = &memory.estimates.beside;
    ctx.waiting().for_work(beside, key, work).await?;
    let found = memory.maps.get(&key);
    if found.is_none() {
        ctx.waiting().go_without();
    }
    Ok(found)
}

impl EvidenceMemory {
    /// Nothing yet, with estimates from before.
    pub fn new(estimates: Arc<Estimates>) -> EvidenceMemory {
        EvidenceMemory {
            maps: Remembered::new(MAPS),
            panels: Arc::new(PanelMemory::new()),
            estimates,
            turn: Mutex::new(()),
        }
    }

    /// What holds of it after what became known since.
    pub fn carried(&self, since: &Since) -> EvidenceMemory {
        EvidenceMemory {
            maps: self.maps.carried(|(known_at, plan_at, ..)| {
                let is_concerned = since.is_observed() || since.is_graded();
                since.keeps(*known_at, *plan_at, is_concerned)
            }),
            panels: Arc::new(self.panels.carried(since)),
            ..EvidenceMemory::new(Arc::clone(&self.estimates))
        }
    }

    /// The evidence of a map, worked out once, beside the threads that answer.
    async fn map(
        &self,
        key: Key,
        (view, until): (View, Period),
        ledger: &Ledger,
    ) -> Result<Arc<MapEvidence>, AppError> {
        let (estimates, panels) = (Arc::clone(&self.estimates), Arc::clone(&self.panels));
        let work = async {
            let _one_at_a_time = self.turn.lock().await;
            let (known_at, plan_at, day, _) = key;
            let clocks = (known_at, plan_at, day);
            let plan = (&*view.plan, plan_at.or(known_at));
            let kept = kept_until(ledger, plan, &until).await?;
            let map = tokio::task::spawn_blocking(move || {
                MapEvidence::of(&view, (until, kept), (&estimates, (&panels, clocks)))
            });
            let map = map
                .await
                .map_err(|error| AppError::failed("the evidence could not be worked out", error))?;
            let weight = map.links.len().min(LINKS_MAX);
            Ok((Arc::new(map), weight))
        };
        self.maps.get_or_make(key, work).await
    }
}

fn key(meant: &Selected) -> Key {
    (
        meant.is_known_at_given.then_some(meant.known_at),
        meant.plan_at,
        meant.model.calendar().date_of(meant.known_at),
        meant.period.last,
    )
}

/// The evidence of all links, where nothing is remembered.
async fn worked_out_alone(meant: &Selected, ledger: &Ledger) -> Result<Arc<MapEvidence>, AppError> {
    let (view, until) = (meant.view(), meant.period);
    let plan = (&*view.plan, meant.plan_known_at());
    let kept = kept_until(ledger, plan, &until).await?;
    let day = view.plan.calendar().date_of(view.now);
    let read = (&PanelMemory::new(), (None, None, day));
    let map = MapEvidence::of(&view, (until, kept), (&Estimates::new(), read));
    Ok(Arc::new(map))
}
