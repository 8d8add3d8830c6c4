//! How far targets have moved from what was first agreed.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;
use throughline_core::{MeasureId, Period, UnitId};
use throughline_ledger::{Ledger, PlanClock, RecordVersion, VersionChange};
use throughline_model::records::{AnyRecord, PointValue, Target};
use throughline_model::{Change, Entry, Kind, Model};

use super::{Told, told};
use crate::explain::no_measure;
use crate::policy::{Object, ReadHistory};
use crate::selection::no_unit;
use crate::{AppError, Ctx};

/// A version of a target, with the commit that made it.
type TargetVersion = (Told, Target);

/// Of targets that moved, by measure and unit, the points that did. One that was retired and set again is the same target.
pub(crate) type MovedTargets = HashMap<(MeasureId, UnitId), Vec<Arc<Drift>>>;

/// The points of targets that are not what was first agreed.
#[derive(Debug)]
pub struct DriftReport {
    /// The plan of today, for names and units of measure.
    pub model: Arc<Model>,
    /// How many targets were looked at.
    pub targets: usize,
    /// The points, in the order of the plan.
    pub drifts: Vec<Arc<Drift>>,
}

/// A point of a target that is not what was first agreed.
#[derive(Debug, Clone, PartialEq)]
pub struct Drift {
    /// The measure.
    pub measure: MeasureId,
    /// The unit.
    pub unit: UnitId,
    /// The period of the point.
    pub period: Period,
    /// What was first agreed; `None` where it was agreed that there is no target.
    pub agreed: Option<f64>,
    /// The commit in which it was agreed.
    pub agreed_in: Told,
    /// What it is today, or was by the instant that was asked for; `None` where there is no target any more.
    pub today: Option<f64>,
    /// How often it was changed.
    pub changes: usize,
    /// The commit that changed it last.
    pub changed_in: Told,
}

/// The points of targets that are not what was first agreed, of all targets or those of a measure or unit.
///
/// # Errors
/// If there is no such measure or unit; if there is no ledger, or it cannot be read.
pub async fn target_drift(
    ctx: &Ctx,
    measure: Option<&str>,
    unit: Option<&str>,
) -> Result<DriftReport, AppError> {
    let proof = ctx.authorize::<ReadHistory>(Object::Organisation).await?;
    let ledger = ctx.ledger(&proof)?;
    let model = ctx.plan(ledger, PlanClock::Newest).await?;
    let measure = match measure {
        Some(key) => Some(
            model
                .measures()
                .by_key(key)
                .ok_or_else(|| no_measure(&model, key))?
                .id(),
        ),
        None => None,
    };
    let unit = match unit {
        Some(key) => Some(
            model
                .units()
                .by_key(key)
                .ok_or_else(|| no_unit(&model, key))?
                .id(),
        ),
        None => None,
    };
    let mut report = DriftReport {
        model: Arc::clone(&model),
        targets: 0,
        drifts: Vec::new(),
    };
    ctx.step("Reading the history of the targets");
    let moved = moved(ctx, ledger).await?;
    for target in model.targets() {
        let is_of_measure = measure.is_none_or(|measure| measure == target.measure);
        let is_of_unit = unit.is_none_or(|unit| unit == target.unit);
        if is_of_measure && is_of_unit {
            report.targets += 1;
            let drifts = moved.get(&(target.measure, target.unit));
            report.drifts.extend(drifts.into_iter().flatten().cloned());
        }
    }
    Ok(report)
}

/// The points of each target that are not what was first agreed; a target without such is not in it. A server looks once:
/// it takes as long as the history of the plan is.
async fn moved(ctx: &Ctx, ledger: &Ledger) -> Result<Arc<MovedTargets>, AppError> {
    let newest = ctx.plan_known(ledger, None).await?;
    let look = async {
        let versions = versions(ledger, &newest).await?;
        let drifts = versions.into_iter().map(|(of, versions)| {
            let drifts = drifts(&versions).into_iter().map(Arc::new);
            (of, drifts.collect::<Vec<_>>())
        });
        let moved: MovedTargets = drifts.filter(|(_, drifts)| !drifts.is_empty()).collect();
        let weight = moved.values().map(Vec::len).sum();
        Ok::<_, AppError>((Arc::new(moved), weight))
    };
    let Some(snapshot) = ctx.snapshot() else {
        return Ok(look.await?.0);
    };
    let looked_up = snapshot.looked_up();
    let look = async {
        let _one_at_a_time = looked_up.turn.lock().await;
        look.await
    };
    looked_up.moved.get_or_make((), look).await
}

/// The points of one target that are not what was first agreed, as far as was known at an instant if one is given. What
/// may not be seen has not moved.
pub(crate) async fn drift_of(
    ctx: &Ctx,
    ledger: &Ledger,
    target: &Entry<Target>,
    known_at: Option<Timestamp>,
) -> Result<Vec<Drift>, AppError> {
    let may_read = ctx
        .authorize::<ReadHistory>(Object::Unit(target.unit))
        .await;
    if may_read.is_err() {
        return Ok(Vec::new());
    }
    let model = ctx.plan_known(ledger, None).await?;
    let id = target.id().as_uuid();
    let versions = ctx.versions(ledger, Kind::Target, id).await?;
    let is_known =
        |version: &&RecordVersion| known_at.is_none_or(|at| version.commit.recorded_at <= at);
    let known = versions
        .iter()
        .filter(is_known)
        .filter_map(|version| match &version.change {
            VersionChange::Put(AnyRecord::Target(entry)) => {
                Some((told(version.commit.clone(), &model), entry.record.clone()))
            }
            _ => None,
        });
    Ok(drifts(&known.collect::<Vec<TargetVersion>>()))
}

/// The versions of every target, by measure and unit, in the order in which they became known. Read commit by commit: there are far fewer
/// commits of the plan than targets.
async fn versions(
    ledger: &Ledger,
    model: &Model,
) -> Result<HashMap<(MeasureId, UnitId), Vec<TargetVersion>>, AppError> {
    let mut commits = ledger.commits(..).await?;
    commits.retain(|commit| commit.records > 0 && commit.draft.is_none());
    commits.sort_by_key(|commit| (commit.recorded_at, commit.number));
    let mut versions: HashMap<_, Vec<TargetVersion>> = HashMap::new();
    for commit in commits {
        for change in ledger.changes(commit.number).await? {
            if let Change::Put(AnyRecord::Target(entry)) = change {
                let version = (told(commit.clone(), model), entry.record.clone());
                let of = (entry.measure, entry.unit);
                versions.entry(of).or_default().push(version);
            }
        }
    }
    Ok(versions)
}

/// The points of one target that are not what was first agreed, from its versions.
fn drifts(versions: &[TargetVersion]) -> Vec<Drift> {
    let mut periods: Vec<Period> = versions
        .iter()
        .flat_map(|(_, target)| target.points.iter().map(|point| point.period))
        .collect();
    periods.sort_unstable();
    periods.dedup();
    periods
        .into_iter()
        .filter_map(|period| drift(versions, period))
        .collect()
}

fn drift(versions: &[TargetVersion], period: Period) -> Option<Drift> {
    let mut stated = versions
        .iter()
        .map(|(told, target)| (told, value(target, &period)));
    let (agreed_in, agreed) = stated.find_map(|(told, value)| Some((told, value?)))?;
    let mut current = Some(agreed);
    let mut last_change = None;
    let mut changes = 0;
    for (told, value) in stated {
        if value != current {
            changes += 1;
            last_change = Some(told);
            current = value;
        }
    }
    let today = current.flatten();
    let target = &versions.last()?.1;
    (today != agreed).then_some(Drift {
        measure: target.measure,
        unit: target.unit,
        period,
        agreed,
        agreed_in: agreed_in.clone(),
        today,
        changes,
        changed_in: last_change?.clone(),
    })
}

/// What a target says of a period: nothing, that there is none, or a number.
fn value(target: &Target, period: &Period) -> Option<Option<f64>> {
    let point = target.points.iter().find(|point| point.period == *period)?;
    Some(match point.value {
        PointValue::Number(number) => Some(number),
        PointValue::None => None,
    })
}
