//! Readings that differ between two instants at which they were known, with who made the difference, when and why.

mod causes;
mod past;
mod steps;

use std::collections::HashSet;
use std::sync::Arc;

use jiff::Timestamp;
use throughline_core::MeasureId;
use throughline_engine::MeasureReading;
use throughline_ledger::Ledger;
use throughline_model::Model;

use self::causes::Causes;
use self::past::{Past, with_parts};
use self::steps::Steps;
use super::Told;
use crate::explain::no_measure;
use crate::instant::{self, OfDay};
use crate::live::looked_up::RestatedKey;
use crate::policy::{Object, ReadHistory};
use crate::selection::{Selected, Selection, select};
use crate::{AppError, Ctx};

/// The readings of a unit in a period that differ between two instants.
pub struct Restatements {
    /// What was meant.
    pub selected: Selected,
    /// The earlier instant.
    pub from: Timestamp,
    /// The later one.
    pub to: Timestamp,
    /// How many readings were compared.
    pub compared: usize,
    /// Those that differ, in the order of the plan.
    pub restated: Vec<Restatement>,
}

/// A reading that differs.
#[derive(Debug, Clone)]
pub struct Restatement {
    /// The measure.
    pub measure: MeasureId,
    /// The plan by which it is named: that of today where it still has the measure, else the later one that had it.
    pub plan: Arc<Model>,
    /// As known at the earlier instant; `None` where it was not read yet.
    pub before: Option<MeasureReading>,
    /// As known at the later one; `None` where it is not read any more.
    pub after: Option<MeasureReading>,
    /// The commits between the two that changed it, in order; none where it is only that more was due.
    pub because: Vec<Told>,
}

impl Restatement {
    /// Whether it is a first value, and none that was replaced: nothing was read there at the earlier instant.
    #[must_use]
    pub fn is_first(&self) -> bool {
        let has_value = |reading: &Option<MeasureReading>| {
            let reading = reading.as_ref();
            reading.is_some_and(|reading| reading.value.is_some())
        };
        !has_value(&self.before) && has_value(&self.after)
    }
}

impl Restatements {
    /// How many were restated, and how many have their first value.
    #[must_use]
    pub fn counts(&self) -> (usize, usize) {
        let first = self.restated.iter().filter(|one| one.is_first()).count();
        (self.restated.len() - first, first)
    }
}

/// Compares the readings of a unit in a period, of all measures or one, between two instants written as `FROM..TO`.
///
/// # Errors
/// If there is no such measure, unit, period or instant; if there is no ledger, or it cannot be read.
pub async fn restatements(
    ctx: &Ctx,
    measure: Option<&str>,
    asked: &Selection,
    span: &str,
) -> Result<Restatements, AppError> {
    ctx.authorize::<ReadHistory>(Object::Organisation).await?;
    let (selected, ledger) = selected(ctx, asked, span).await?;
    let span = instants(span, &selected.model)?;
    let compare = Box::pin(compare(ctx, &ledger, measure, &selected, span));
    let found = match ctx.snapshot() {
        None => Arc::new(compare.await?),
        Some(snapshot) => {
            let looked_up = snapshot.looked_up();
            let look = async {
                let _one_at_a_time = looked_up.turn.lock().await;
                let found = compare.await?;
                let weight = found.restated.len();
                Ok::<_, AppError>((Arc::new(found), weight))
            };
            let key = RestatedKey {
                of_whom: ctx.sight().await?.of_whom(),
                unit: selected.unit,
                period: (selected.period, selected.period.frequency),
                span,
                measure: measure.map(str::to_owned),
            };
            looked_up.restated.get_or_make(key, look).await?
        }
    };
    Ok(Restatements {
        selected,
        from: span.0,
        to: span.1,
        compared: found.compared,
        restated: found.restated.clone(),
    })
}

/// What a comparison finds.
#[derive(Debug)]
pub(crate) struct Restated {
    /// How many readings were compared.
    compared: usize,
    /// Those that differ, in the order of the plan.
    restated: Vec<Restatement>,
}

/// Reads everything at both instants, and finds out who made the differences. It takes as long as the history is.
async fn compare(
    ctx: &Ctx,
    ledger: &Ledger,
    measure: Option<&str>,
    selected: &Selected,
    span: (Timestamp, Timestamp),
) -> Result<Restated, AppError> {
    let (from, to) = span;
    ctx.step("Reading observations");
    let mut past = Past::of(ledger, from, to).await?;
    let sight = ctx.sight().await?;
    let plans = [
        Arc::clone(&selected.model),
        sight.plan(past.plan(to).await?),
        sight.plan(past.plan(from).await?),
    ];
    let only = match measure {
        Some(key) => Some(HashSet::from([named(&plans, key)?])),
        None => None,
    };
    ctx.step("Evaluating");
    let place = (selected.unit, selected.period);
    let earlier = past.readings(from, from, place, only.as_ref()).await?;
    let later = past.readings(to, to, place, only.as_ref()).await?;
    let mut restated = Vec::new();
    let mut compared = 0;
    for (measure, plan) in in_order(&plans) {
        let (before, after) = (earlier.get(&measure), later.get(&measure));
        compared += usize::from(before.is_some() || after.is_some());
        if !says_the_same(before, after) {
            restated.push(Restatement {
                measure,
                plan: Arc::clone(plan),
                before: before.cloned(),
                after: after.cloned(),
                because: Vec::new(),
            });
        }
    }
    let mut found = Restated { compared, restated };
    if !found.restated.is_empty() {
        let meant = (selected, span);
        Box::pin(found.find_causes(ledger, &mut past, &plans, meant)).await?;
    }
    Ok(found)
}

/// The measure with that key, by the plan of today or of one of the two instants.
fn named(plans: &[Arc<Model>; 3], key: &str) -> Result<MeasureId, AppError> {
    let [today, ..] = plans;
    let found = plans.iter().find_map(|plan| plan.measures().by_key(key));
    Ok(found.ok_or_else(|| no_measure(today, key))?.id())
}

/// Every measure that there is today or was at one of the two instants, with the plan by which it is named.
fn in_order(plans: &[Arc<Model>; 3]) -> Vec<(MeasureId, &Arc<Model>)> {
    let mut seen = HashSet::new();
    let all = plans
        .iter()
        .flat_map(|plan| plan.measures().iter().map(move |one| (one.id(), plan)));
    all.filter(|(measure, _)| seen.insert(*measure)).collect()
}

impl Restated {
    /// Finds out which commits made the differences. Only what differs is read once more.
    async fn find_causes(
        &mut self,
        ledger: &Ledger,
        past: &mut Past<'_>,
        plans: &[Arc<Model>; 3],
        (selected, span): (&Selected, (Timestamp, Timestamp)),
    ) -> Result<(), AppError> {
        let place = (selected.unit, selected.period);
        let causes = Causes::of(ledger, past.since(), span, selected).await?;
        let measures = self.restated.iter().map(|restated| restated.measure);
        let measures: HashSet<MeasureId> = measures.collect();
        let commits = causes.of_measures(&with_parts(plans, &measures));
        let steps = Steps::of(past, span, place, &measures, commits).await?;
        for restated in &mut self.restated {
            restated.because = match &steps {
                Some(steps) => steps.that_changed(restated.measure),
                None => {
                    let alone = HashSet::from([restated.measure]);
                    causes.of_measures(&with_parts(plans, &alone))
                }
            };
        }
        Ok(())
    }
}

/// What is meant, by the plan of today; a unit that was retired since is the one of the earlier instant.
async fn selected(
    ctx: &Ctx,
    asked: &Selection,
    span: &str,
) -> Result<(Selected, Ledger), AppError> {
    let refused = match (select(ctx, asked).await, &asked.unit) {
        (Err(refused), Some(_)) => refused,
        (found, _) => return found,
    };
    let Some((from, _)) = span.split_once("..") else {
        return Err(refused);
    };
    let then = Selection {
        known_at: Some(from.to_owned()),
        ..asked.clone()
    };
    select(ctx, &then).await.map_err(|_| refused)
}

/// The two instants of `FROM..TO`.
pub(super) fn instants(span: &str, model: &Model) -> Result<(Timestamp, Timestamp), AppError> {
    let Some((from, to)) = span.split_once("..") else {
        let message = format!("`{span}` does not name two dates");
        return Err(
            AppError::bad_request(message).with_help("write them as 2013-07-08..2013-12-31")
        );
    };
    let from = instant::parse(from, model.calendar(), OfDay::Last)?;
    let to = instant::parse(to, model.calendar(), OfDay::Last)?;
    if from > to {
        let message = format!("`{span}` runs backwards");
        return Err(AppError::bad_request(message).with_help("write the earlier date first"));
    }
    Ok((from, to))
}

/// Whether two readings say the same to whoever reads them.
fn says_the_same(before: Option<&MeasureReading>, after: Option<&MeasureReading>) -> bool {
    match (before, after) {
        (Some(before), Some(after)) => {
            before.value == after.value
                && before.target == after.target
                && before.floor == after.floor
                && before.status == after.status
                && before.score == after.score
        }
        (None, None) => true,
        _ => false,
    }
}
