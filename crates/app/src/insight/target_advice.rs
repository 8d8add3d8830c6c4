//! What the data say about a target while it is set: how often today's process meets it, what good peers reach, and whether
//! targets followed results.

use std::sync::Arc;

use throughline_core::{MeasureId, UnitId};
use throughline_engine::View;
use throughline_insight::pooling::Estimate;
use throughline_insight::sentences;
use throughline_insight::signals;
use throughline_insight::targets::{PEERS_MIN, Revision, benchmark, ratchet};
use throughline_model::records::{Joined, Measure, PointValue, Target};
use throughline_model::{Entry, Model};

use super::advice::target_in_words;
use super::better;
use super::words::spoken;
use crate::live::ScorecardKey;
use crate::policy::ReadReadings;
use crate::selection::{Selected, Selection, select};
use crate::trend::{Trend, trends, values_of};
use crate::{AppError, Ctx};

/// The most units that are compared.
const PEERS_MAX: usize = 60;
/// The level of a peer is the mean of so many of its latest values: a year of months.
const LEVEL_POINTS: usize = 12;
/// The most targets of a measure whose revisions are looked at.
const TARGETS_MAX: usize = 200;
/// The most points of a target that are looked at, the latest that have ended: each is held against what was reached.
const POINTS_MAX: usize = 24;

/// What the data say about the target of a measure at a unit, both named by their keys, a sentence each; nothing where there
/// are no such or nothing is known.
///
/// # Errors
/// If there is no ledger, or the readings cannot be evaluated.
pub async fn target_advice(ctx: &Ctx, measure: &str, unit: &str) -> Result<Vec<String>, AppError> {
    let asked = Selection {
        unit: Some(unit.to_owned()),
        ..Selection::default()
    };
    let selected = match select(ctx, &asked).await {
        Ok((selected, _)) => selected,
        // A new target may name a unit that is not there yet, or one without figures.
        Err(AppError::NotFound { .. } | AppError::BadRequest { .. }) => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let model = Arc::clone(&selected.model);
    let Some(measure) = model.measures().by_key(measure) else {
        return Ok(Vec::new());
    };
    let Some(snapshot) = ctx.snapshot() else {
        return worked_out(ctx, selected, measure).await;
    };
    let seen = (ScorecardKey::of(&selected), ctx.sight().await?.of_whom());
    let key = (seen, measure.id());
    let known = &snapshot.said_of_targets().advice;
    let work = async { Ok((Arc::new(worked_out(ctx, selected, measure).await?), 1)) };
    let found: Result<_, AppError> = known.get_or_make(key, work).await;
    Ok(found?.to_vec())
}

/// The same, of what is meant.
async fn worked_out(
    ctx: &Ctx,
    selected: Selected,
    measure: &Entry<Measure>,
) -> Result<Vec<String>, AppError> {
    let trend = trends(ctx, &selected, &[measure.id()]).await?.pop();
    let trend = trend.unwrap_or_default();
    let may_read = ctx.allows_at::<ReadReadings>().await?;
    let found = Measure::clone(measure);
    let id = measure.id();
    let worked_out = tokio::task::spawn_blocking(move || {
        let on = On {
            meant: &selected,
            view: selected.view(),
            id,
            measure: &found,
            trend: &trend,
        };
        let today = on.of_today();
        let peers = on.of_peers(&may_read);
        let results = on.of_results(&may_read);
        [today, peers, results].into_iter().flatten().collect()
    });
    worked_out
        .await
        .map_err(|error| AppError::failed("the advice could not be worked out", error))
}

/// A target that advice is asked on.
struct On<'a> {
    meant: &'a Selected,
    view: View,
    id: MeasureId,
    measure: &'a Measure,
    trend: &'a Trend,
}

impl On<'_> {
    /// How often today's process meets the target that is there.
    fn of_today(&self) -> Option<String> {
        target_in_words(self.trend, self.measure, self.meant.model.calendar())
    }

    /// What a quarter of the nearest units of the same depth truly reaches.
    fn of_peers(&self, may_read: &impl Fn(UnitId) -> bool) -> Option<String> {
        let (above, peers) = self.nearest_peers(may_read)?;
        let levels: Vec<Estimate> = peers.iter().filter_map(|peer| self.level(*peer)).collect();
        let better = self.better();
        let found = benchmark(&levels, better).ok()?;
        let calendar = self.meant.model.calendar();
        let say = |measure: &sentences::Measure<'_>| sentences::benchmark(measure, &found, better);
        let said = spoken(self.trend, self.measure, calendar, say);
        let of = crate::words::count(levels.len() as u64, "other unit");
        Some(format!(
            "{said} Peers are {of} at this level below {above}, by their latest {LEVEL_POINTS} values."
        ))
    }

    fn better(&self) -> throughline_insight::Better {
        better(
            self.measure.better,
            self.trend.readings.last().map(|(_, reading)| reading),
        )
    }

    /// The units of the same depth below the nearest unit that has enough of them, with its name.
    fn nearest_peers(&self, may_read: &impl Fn(UnitId) -> bool) -> Option<(String, Vec<UnitId>)> {
        let (model, unit) = (&self.meant.model, self.meant.unit);
        let tree = model.index().units_on(self.meant.period.middle());
        for (depth, above) in tree.ancestors(unit).enumerate() {
            let mut level = vec![above];
            for _ in 0..=depth {
                level = level
                    .iter()
                    .flat_map(|unit| tree.children(*unit))
                    .copied()
                    .collect();
            }
            let others = level
                .into_iter()
                .filter(|one| *one != unit && may_read(*one));
            let mut read = self.view.where_read(self.id, others, self.meant.period);
            if read.len() >= PEERS_MIN {
                read.truncate(PEERS_MAX);
                let name = model.units().get(above).map(|unit| unit.name.clone());
                return Some((name.unwrap_or_default(), read));
            }
        }
        None
    }

    /// The level of a peer of late, and how uncertain it is.
    fn level(&self, peer: UnitId) -> Option<Estimate> {
        let values = values_of(&self.view, (&[self.id], &|_| 0), peer, self.meant.period).pop()?;
        let known: Vec<Option<f64>> = values.into_iter().filter(Option::is_some).collect();
        let latest = &known[known.len().saturating_sub(LEVEL_POINTS)..];
        let limits = signals::read(latest, self.better(), &[])
            .ok()?
            .current()
            .limits;
        let sigma = limits.sigma();
        (sigma > 0.0).then(|| Estimate {
            value: limits.centre,
            variance: sigma * sigma / latest.len() as f64,
        })
    }

    /// A warning where targets of the measure, at all units together, followed good results.
    fn of_results(&self, may_read: &impl Fn(UnitId) -> bool) -> Option<String> {
        let revisions = self.revisions(&self.meant.model, may_read);
        let found = ratchet(&revisions, self.better()).ok()?;
        found.warns().then(|| sentences::ratchet(&found))
    }

    fn revisions(&self, model: &Model, may_read: &impl Fn(UnitId) -> bool) -> Vec<Revision> {
        let targets = model.targets().iter();
        let of_measure =
            targets.filter(|target| target.measure == self.id && may_read(target.unit));
        of_measure
            .take(TARGETS_MAX)
            .flat_map(|target| self.revisions_of(target))
            .collect()
    }

    /// What was reached in the period of each point of a target, and the point after it. A line is one agreement, and its
    /// points are no answers to results.
    fn revisions_of(&self, target: &Entry<Target>) -> Vec<Revision> {
        if target.joined == Joined::Line {
            return Vec::new();
        }
        let today = self.meant.model.calendar().date_of(self.view.now);
        let mut points: Vec<_> = target.points.iter().collect();
        points.sort_by_key(|point| point.period.first);
        let ended = points.iter().rposition(|point| point.period.last <= today);
        let ended = ended.map_or(0, |at| at + 1);
        let latest = points.get(ended.saturating_sub(POINTS_MAX)..);
        let pairs = latest.unwrap_or_default().windows(2).filter_map(|pair| {
            let [one, next] = pair else { return None };
            let (PointValue::Number(before), PointValue::Number(after)) = (one.value, next.value)
            else {
                return None;
            };
            if one.period.last > today {
                return None;
            }
            let reading = self.view.reading(self.id, target.unit, one.period)?;
            Some(Revision {
                target: before,
                actual: reading.value?,
                next_target: after,
            })
        });
        pairs.collect()
    }
}
