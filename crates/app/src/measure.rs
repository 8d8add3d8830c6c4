//! A measure at a unit in a period: how it stands, how it came there, what it should be, and what was corrected.

use std::collections::BTreeMap;
use std::sync::Arc;

use throughline_core::{MeasureId, Period, UnitId};
use throughline_engine::{Explanation, MeasureReading, Status, View};
use throughline_model::observation::CommitNumber;

use crate::corrections::Corrections;
use crate::course::{Course, Reach};
use crate::explain::{Hidden, explanation, no_measure};
use crate::history::{Drift, Told, drift_of};
use crate::insight::{Foresight, UnitBelow, outlooks, share_of_units};
use crate::notes::{Noted, noted};
use crate::policy::{Object, ReadReadings};
use crate::selection::{Selected, Selection, select};
use crate::trend::{Trend, trends};
use crate::where_read::{AtUnit, NotRead};
use crate::{AppError, Ctx};

/// How many units below are read at once.
pub const BELOW_MAX: usize = 24;
/// How many units below are looked at for a second look at what is on track, at each of two levels; of more, the first ones
/// right below, and none further below.
const WEIGHED_MAX: usize = 200;
/// How many corrections are shown beside the measure.
const CORRECTIONS_MAX: usize = 8;

/// A measure, read.
pub struct ReadMeasure {
    /// What was meant.
    pub selected: Selected,
    /// The measure.
    pub measure: MeasureId,
    /// The reading with where it comes from, as far as the actor may see it.
    pub explanation: Explanation,
    /// What is in the number and not in the explanation.
    pub hidden: Hidden,
    /// How it went, and where it is to go.
    pub course: Arc<Course>,
    /// What its points say.
    pub trend: Arc<Trend>,
    /// What is to come, or why nothing is said of it; none while it is being worked out.
    pub foresight: Option<Arc<Foresight>>,
    /// What somebody noted on its chart.
    pub noted: Vec<Noted>,
    /// How it stands at the units below.
    pub below: Arc<Below>,
    /// What was recorded again.
    pub corrections: Corrections,
    /// The points of its target that are not what was first agreed.
    pub drifts: Vec<Drift>,
    /// The commits of the corrections that are shown, so that each can say who made it and why.
    pub commits: BTreeMap<CommitNumber, Told>,
}

/// The readings of the units right below, as far as the actor may see them.
#[derive(Debug, Clone, Default)]
pub struct Below {
    /// Some of them, in the order of the plan.
    pub readings: Vec<(UnitId, MeasureReading)>,
    /// The place of the first of them among all, from 0.
    pub first: usize,
    /// How many there are.
    pub all: usize,
    /// How all of them stand, for a second look; nothing where the measure is not on track.
    pub standing: Vec<UnitBelow>,
}

/// Reads a measure, named by its key, with the units below it from one of them on, and its course as far back as is
/// asked for; where it is not read, says where else it is.
///
/// # Errors
/// If there is no such measure, unit, period or instant, or no ledger.
pub async fn measure(
    ctx: &Ctx,
    key: &str,
    asked: &Selection,
    below_from: usize,
    reach: Option<Reach>,
) -> Result<AtUnit<ReadMeasure>, AppError> {
    let (selected, ledger) = select(ctx, asked).await?;
    let found = selected.model.measures().by_key(key);
    let found = found.ok_or_else(|| no_measure(&selected.model, key))?;
    let id = found.id();
    let Some((explanation, hidden)) = explanation(ctx, &selected, id).await? else {
        return Ok(AtUnit::NotRead(NotRead::of(ctx, selected, id).await?));
    };
    let course = match ctx.snapshot() {
        Some(snapshot) => snapshot.course(&selected, id, reach).await?,
        None => {
            let view = selected.view();
            Arc::new(Course::of(&view, id, selected.unit, selected.period, reach))
        }
    };
    let trend = trends(ctx, &selected, &[id]).await?.pop();
    let trend = trend.unwrap_or_default();
    let foresight = outlooks(ctx, &selected, &[(id, Arc::clone(&trend))]).await?;
    let corrections = Corrections::of(ctx, &selected, id, 0..CORRECTIONS_MAX).await?;
    let target = explanation.target.as_ref();
    let drifts = match target.and_then(|line| selected.model.targets().get(line.target)) {
        Some(target) => drift_of(ctx, &ledger, target, selected.plan_known_at()).await?,
        None => Vec::new(),
    };
    let below = Below::read(ctx, &selected, &explanation.reading, below_from).await?;
    Ok(AtUnit::Read(ReadMeasure {
        measure: id,
        noted: noted(ctx, &ledger, (&selected, &trend, &course)).await?,
        explanation,
        hidden,
        course,
        trend,
        foresight: foresight.into_iter().flatten().next(),
        below,
        commits: corrections.told(ctx, &ledger).await?,
        corrections,
        drifts,
        selected,
    }))
}

/// The readings of the units right below one where a measure was read, as on the page of the measure.
///
/// # Errors
/// If the actor may not read at the unit, or the readings cannot be evaluated.
pub async fn readings_below(
    ctx: &Ctx,
    selected: &Selected,
    reading: &MeasureReading,
) -> Result<Arc<Below>, AppError> {
    ctx.authorize::<ReadReadings>(Object::Unit(selected.unit))
        .await?;
    Below::read(ctx, selected, reading, 0).await
}

impl Below {
    /// The units that are read.
    pub(crate) fn units(&self) -> impl Iterator<Item = UnitId> {
        let standing = self.standing.iter().map(|one| one.unit);
        self.readings.iter().map(|(unit, _)| *unit).chain(standing)
    }

    /// Reads the units below a measure's unit from one of them on, and where the measure is on track how all of them stand: on a
    /// server once for whoever may see the same.
    pub(crate) async fn read(
        ctx: &Ctx,
        selected: &Selected,
        reading: &MeasureReading,
        from: usize,
    ) -> Result<Arc<Below>, AppError> {
        let read = Below::evaluated(ctx, selected, reading, from);
        match ctx.snapshot() {
            Some(snapshot) if !ctx.is_confined() => {
                let of = (reading.measure, ctx.sight().await?.of_whom(), from);
                snapshot.below(selected, of, read).await
            }
            _ => Ok(Arc::new(read.await?)),
        }
    }

    async fn evaluated(
        ctx: &Ctx,
        selected: &Selected,
        reading: &MeasureReading,
        from: usize,
    ) -> Result<Below, AppError> {
        let (measure, period) = (reading.measure, selected.period);
        let index = selected.model.index().units_on(period.middle());
        let may_read = ctx.allows_at::<ReadReadings>().await?;
        let view = selected.view();
        let read_below = |unit: UnitId| {
            let children = index.children(unit).iter().copied();
            view.where_read(measure, children.filter(|unit| may_read(*unit)), period)
        };
        let units = read_below(selected.unit);
        let first = from.min(units.len().saturating_sub(1)) / BELOW_MAX * BELOW_MAX;
        let weighed = match reading.status {
            Status::OnTrack => units.len().min(WEIGHED_MAX),
            _ => 0,
        };
        let mut further: Vec<Vec<UnitId>> = units[..weighed]
            .iter()
            .map(|unit| read_below(*unit))
            .collect();
        if further.iter().map(Vec::len).sum::<usize>() > WEIGHED_MAX {
            further = vec![Vec::new(); weighed];
        }
        let all = units.len();
        let below = Below {
            first,
            all,
            ..Below::default()
        };
        tokio::task::spawn_blocking(move || {
            below.filled(&view, (measure, period), &units, &further)
        })
        .await
        .map_err(|error| AppError::failed("the units below could not be evaluated", error))
    }

    /// With the readings of those that are shown, and the standing of those of which it is known what is further below.
    fn filled(
        mut self,
        view: &View,
        (measure, period): (MeasureId, Period),
        units: &[UnitId],
        further: &[Vec<UnitId>],
    ) -> Below {
        let shown = self.first..self.first + BELOW_MAX;
        let status = |unit: &UnitId| Some(view.reading(measure, *unit, period)?.status);
        for (place, unit) in units.iter().enumerate() {
            let within = further.get(place);
            if within.is_none() && !shown.contains(&place) {
                continue;
            }
            let Some(reading) = view.reading(measure, *unit, period) else {
                continue;
            };
            self.standing.extend(within.map(|within| UnitBelow {
                unit: *unit,
                status: reading.status,
                off_track_within: share_of_units(within.iter().filter_map(status)),
            }));
            if shown.contains(&place) {
                self.readings.push((*unit, reading));
            }
        }
        self
    }
}
