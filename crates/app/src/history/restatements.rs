//! Readings that differ between two instants at which they were known, with who made the difference, when and why.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use jiff::Timestamp;
use throughline_core::{MeasureId, Period, UnitId};
use throughline_engine::{MeasureReading, Observations, View};
use throughline_ledger::{Ledger, PlanClock};
use throughline_model::observation::{CommitNumber, Recorded};
use throughline_model::{Kind, Model};

use super::{Teller, Told};
use crate::explain::no_measure;
use crate::instant::{self, OfDay};
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
    /// As known at the earlier instant; `None` where it was not read yet.
    pub before: Option<MeasureReading>,
    /// As known at the later one; `None` where it is not read any more.
    pub after: Option<MeasureReading>,
    /// The commits between the two that changed it, in order; none where it is only that more was due.
    pub because: Vec<Told>,
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
    let (selected, ledger) = select(ctx, asked).await?;
    let (from, to) = instants(span, &selected.model)?;
    let only = match measure {
        Some(key) => {
            let found = selected.model.measures().by_key(key);
            Some(found.ok_or_else(|| no_measure(&selected.model, key))?.id())
        }
        None => None,
    };
    ctx.step("Reading observations");
    let recorded = ledger.observations(Some(to)).await?;
    let known_before = recorded
        .iter()
        .filter(|recorded| recorded.at <= from)
        .cloned()
        .collect();
    let since: Vec<Recorded> = recorded
        .iter()
        .filter(|recorded| recorded.at > from)
        .cloned()
        .collect();
    ctx.step("Evaluating");
    let earlier = readings(&ledger, known_before, from, &selected).await?;
    let later = readings(&ledger, recorded.clone(), to, &selected).await?;
    let causes = Causes::of(&ledger, since, from, to, &selected).await?;
    let steps = Steps {
        ledger: &ledger,
        recorded: &recorded,
        from,
        to,
        selected: &selected,
    };
    let ids: BTreeSet<MeasureId> = earlier
        .iter()
        .chain(&later)
        .map(|reading| reading.measure)
        .collect();
    let mut restated = Vec::new();
    let mut compared = 0;
    let in_order = selected.model.measures().iter().map(|measure| measure.id());
    for id in in_order.filter(|id| ids.contains(id) && only.is_none_or(|only| only == *id)) {
        compared += 1;
        let of = |readings: &[MeasureReading]| {
            readings
                .iter()
                .find(|reading| reading.measure == id)
                .cloned()
        };
        let (before, after) = (of(&earlier), of(&later));
        if !says_the_same(before.as_ref(), after.as_ref()) {
            let because = steps.that_changed(id, causes.of_measure(id)).await?;
            restated.push(Restatement {
                measure: id,
                before,
                after,
                because,
            });
        }
    }
    Ok(Restatements {
        selected,
        from,
        to,
        compared,
        restated,
    })
}

/// The two instants of `FROM..TO`.
fn instants(span: &str, model: &Model) -> Result<(Timestamp, Timestamp), AppError> {
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

async fn readings(
    ledger: &Ledger,
    recorded: Vec<Recorded>,
    at: Timestamp,
    selected: &Selected,
) -> Result<Vec<MeasureReading>, AppError> {
    let plan = ledger.model(PlanClock::KnownAt(at)).await?;
    let view = View::new(plan, Arc::new(Observations::of(recorded)), at);
    Ok(view.scorecard(selected.unit, selected.period).measures)
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

/// The most commits that are tried one by one; of more all are named that touched the reading.
const COMMITS_TRIED_MAX: usize = 24;

/// The readings between the two instants, commit by commit.
struct Steps<'a> {
    ledger: &'a Ledger,
    recorded: &'a [Recorded],
    from: Timestamp,
    to: Timestamp,
    selected: &'a Selected,
}

impl Steps<'_> {
    /// Those of the commits after which the reading was another one than before. What was due is that of the later
    /// instant for all, so that only commits make a difference.
    async fn that_changed(
        &self,
        measure: MeasureId,
        commits: Vec<Told>,
    ) -> Result<Vec<Told>, AppError> {
        if commits.len() > COMMITS_TRIED_MAX {
            return Ok(commits);
        }
        let mut changed = Vec::new();
        let mut before = self.reading(measure, self.from).await?;
        for told in commits {
            let after = self.reading(measure, told.commit.recorded_at).await?;
            if !says_the_same(before.as_ref(), after.as_ref()) {
                changed.push(told);
            }
            before = after;
        }
        Ok(changed)
    }

    async fn reading(
        &self,
        measure: MeasureId,
        known_at: Timestamp,
    ) -> Result<Option<MeasureReading>, AppError> {
        let known = self
            .recorded
            .iter()
            .filter(|recorded| recorded.at <= known_at)
            .cloned()
            .collect();
        let plan = self.ledger.model(PlanClock::KnownAt(known_at)).await?;
        let view = View::new(plan, Arc::new(Observations::of(known)), self.to);
        Ok(view.reading(measure, self.selected.unit, self.selected.period))
    }
}

/// What happened between the two instants.
struct Causes {
    /// Commits of observations in the period at or below the unit, by measure.
    observed: HashSet<(MeasureId, CommitNumber)>,
    /// Commits of the plan that touched a measure or a target of it.
    of_measure: HashSet<(MeasureId, CommitNumber)>,
    /// Commits of the plan that touched what all measures rest on: units, organisation, strategy.
    of_all: HashSet<CommitNumber>,
    /// Which measures a formula is made of.
    plan: Arc<Model>,
    teller: Teller,
}

impl Causes {
    async fn of(
        ledger: &Ledger,
        since: Vec<Recorded>,
        from: Timestamp,
        to: Timestamp,
        selected: &Selected,
    ) -> Result<Causes, AppError> {
        let plan = Arc::clone(&selected.model);
        let trees = plan.index().eras();
        let units: HashSet<UnitId> = trees
            .flat_map(|(_, tree)| tree.with_descendants(selected.unit))
            .collect();
        let touches = |period: &Period| {
            plan.calendar().belongs_to(period, &selected.period) || period.covers(&selected.period)
        };
        let observed = since
            .iter()
            .map(|recorded| (&recorded.observation.cell, recorded.commit))
            .filter(|(cell, _)| units.contains(&cell.unit) && touches(&cell.period))
            .map(|(cell, commit)| (cell.measure, commit));
        let observed = observed.collect();
        let mut causes = Causes {
            observed,
            of_measure: HashSet::new(),
            of_all: HashSet::new(),
            teller: Teller::of(ledger).await?,
            plan,
        };
        let commits = ledger.commits(..).await?.into_iter();
        let between = commits.filter(|commit| {
            commit.recorded_at > from && commit.recorded_at <= to && commit.records > 0
        });
        for commit in between {
            for change in ledger.changes(commit.number).await? {
                causes.add_change(commit.number, &change);
            }
        }
        Ok(causes)
    }

    fn add_change(&mut self, commit: CommitNumber, change: &throughline_model::Change) {
        use throughline_model::Change;
        use throughline_model::records::AnyRecord;
        let (kind, id) = change.identity();
        match (kind, change) {
            (Kind::Measure, _) => {
                self.of_measure.insert((MeasureId::from_uuid(id), commit));
            }
            (Kind::Target, Change::Put(AnyRecord::Target(target))) => {
                self.of_measure.insert((target.measure, commit));
            }
            (Kind::Target | Kind::Unit | Kind::Organisation | Kind::Strategy, _) => {
                self.of_all.insert(commit);
            }
            _ => {}
        }
    }

    /// The commits that touched a measure or, of a formula, what it is made of.
    fn of_measure(&self, measure: MeasureId) -> Vec<Told> {
        let mut measures = vec![measure];
        let mut next = 0;
        while let Some(current) = measures.get(next).copied() {
            next += 1;
            let formula = self
                .plan
                .measures()
                .get(current)
                .and_then(|measure| measure.formula.clone());
            for part in formula.iter().flat_map(|formula| formula.measures()) {
                if !measures.contains(&part) {
                    measures.push(part);
                }
            }
        }
        let touched = self.observed.iter().chain(&self.of_measure);
        let numbers: BTreeSet<CommitNumber> = touched
            .filter(|(touched, _)| measures.contains(touched))
            .map(|(_, commit)| *commit)
            .collect();
        let numbers: BTreeSet<CommitNumber> = numbers
            .into_iter()
            .chain(self.of_all.iter().copied())
            .collect();
        numbers
            .into_iter()
            .filter_map(|number| self.teller.tell(number))
            .collect()
    }
}
