//! One commit with what it changed: records of the plan, and observations with what was there before.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;
use std::sync::Arc;

use throughline_core::{MeasureId, UnitId};
use throughline_engine::Observations;
use throughline_ledger::{Commit, CommitKind, LedgerError, PlanClock};
use throughline_model::Model;
use throughline_model::diff::Difference;
use throughline_model::observation::{Cell, CommitNumber, Recorded};

use super::between::differences;
use super::{Told, told};
use crate::live::looked_up::OfUnits;
use crate::policy::{Object, ReadHistory, ReadReadings};
use crate::{AppError, Ctx};

/// One commit with what it changed.
#[derive(Debug)]
pub struct CommitChanges {
    /// The plan of today, for names and units of measure.
    pub model: Arc<Model>,
    /// The plan as the commit left it, where something that it recorded is in that of today no more.
    then: Option<Arc<Model>>,
    /// The commit.
    pub told: Told,
    /// What it changed in the plan, in the order of the plan.
    pub differences: Arc<Vec<Difference>>,
    /// A stretch of what it recorded where the actor may read, each with the value that was there before.
    pub observations: Vec<(Recorded, Option<Recorded>)>,
    /// How many observations there are where the actor may read.
    pub readable: usize,
}

impl CommitChanges {
    /// The plan that names what stands in a cell: that of today, or of the commit where it was retired since.
    #[must_use]
    pub fn plan_of(&self, cell: &Cell) -> &Model {
        let then = self.then.as_ref().filter(|_| !names(&self.model, cell));
        then.unwrap_or(&self.model)
    }
}

fn names(model: &Model, cell: &Cell) -> bool {
    model.measures().get(cell.measure).is_some() && model.units().get(cell.unit).is_some()
}

/// The commit of that number, with what it changed, and that stretch of what it recorded.
///
/// # Errors
/// [`AppError::NotFound`] if there is none; if there is no ledger, or it cannot be read.
pub async fn commit_changes(
    ctx: &Ctx,
    number: u64,
    stretch: Range<usize>,
) -> Result<CommitChanges, AppError> {
    let proof = ctx.authorize::<ReadHistory>(Object::Organisation).await?;
    let ledger = ctx.ledger(&proof)?;
    let number = CommitNumber(number);
    let commit = ledger.commit(number).await.map_err(|error| match error {
        LedgerError::NotFound { .. } => AppError::not_found("there is no such commit"),
        other => other.into(),
    })?;
    let mut read = CommitChanges {
        model: ctx.plan(ledger, PlanClock::Newest).await?,
        then: None,
        told: told(commit.clone(), &*ctx.plan(ledger, PlanClock::Newest).await?),
        differences: Arc::default(),
        observations: Vec::new(),
        readable: 0,
    };
    let is_of_the_plan = commit.records > 0 && commit.draft.is_none();
    if is_of_the_plan && commit.kind != CommitKind::Erasure {
        let earlier = CommitNumber(number.0.saturating_sub(1));
        let both = [PlanClock::Commit(earlier), PlanClock::Commit(number)];
        read.differences = differences(ctx, ledger, both).await?;
    }
    if commit.observations > 0 {
        let may_read = ctx.allows_at::<ReadReadings>().await?;
        let known = ctx.observations_known(ledger, None).await?;
        let mut may_read_at: HashMap<UnitId, bool> = HashMap::new();
        let mut shown = Vec::new();
        for (unit, rows) in of_units(ctx, &known, &commit).iter() {
            if !*may_read_at.entry(*unit).or_insert_with(|| may_read(*unit)) {
                continue;
            }
            let place = |at: usize| rows.len().min(at.saturating_sub(read.readable));
            let meant = rows.start + place(stretch.start)..rows.start + place(stretch.end);
            shown.extend(meant.filter_map(|row| known.recorded(row)).cloned());
            read.readable += rows.len();
        }
        let mut before = before(&known, &shown);
        let shown = shown.into_iter();
        read.observations = shown
            .map(|recorded| {
                let earlier = before.remove(&recorded.observation.cell);
                (recorded, earlier)
            })
            .collect();
        let mut cells = read.observations.iter();
        if cells.any(|(recorded, _)| !names(&read.model, &recorded.observation.cell)) {
            read.then = Some(ctx.plan(ledger, PlanClock::Commit(number)).await?);
        }
    }
    Ok(read)
}

/// The rows that a commit recorded, in stretches of one unit each: those of one unit mostly stand together, so that a million
/// rows are gone through once, and then there are some ten thousand stretches.
fn of_units(ctx: &Ctx, known: &Observations, commit: &Commit) -> Arc<OfUnits> {
    let looked_up = ctx.snapshot().map(|snapshot| snapshot.looked_up());
    if let Some(remembered) = looked_up.and_then(|one| one.recorded.get(&commit.number)) {
        return remembered;
    }
    let mut of_units = OfUnits::new();
    for row in known.rows_of(commit.number, commit.recorded_at) {
        let Some(recorded) = known.recorded(row) else {
            continue;
        };
        let unit = recorded.observation.cell.unit;
        match of_units.last_mut() {
            Some((last, rows)) if *last == unit => rows.end = row + 1,
            _ => of_units.push((unit, row..row + 1)),
        }
    }
    let of_units = Arc::new(of_units);
    if let Some(looked_up) = looked_up {
        let weight = of_units.len();
        looked_up
            .recorded
            .put(commit.number, Arc::clone(&of_units), weight);
    }
    of_units
}

/// What was last recorded in the cells of some observations of a commit before it. What was recorded in vain of a measure is
/// gone through once, however many of its cells are asked for.
fn before(known: &Observations, of_commit: &[Recorded]) -> HashMap<Cell, Recorded> {
    let asked: HashMap<Cell, &Recorded> = of_commit
        .iter()
        .map(|recorded| (recorded.observation.cell, recorded))
        .collect();
    let measures: BTreeSet<MeasureId> = asked.keys().map(|cell| cell.measure).collect();
    let superseded = measures
        .into_iter()
        .flat_map(|measure| known.superseded(measure).iter());
    let mut found: HashMap<Cell, Recorded> = HashMap::new();
    for earlier in superseded.filter_map(|row| known.recorded(*row)) {
        let cell = earlier.observation.cell;
        let is_before = |later: &Recorded| (earlier.at, earlier.commit) < (later.at, later.commit);
        let is_asked = asked.get(&cell).is_some_and(|later| is_before(later));
        if is_asked && found.get(&cell).is_none_or(|known| !is_before(known)) {
            found.insert(cell, earlier.clone());
        }
    }
    found
}
