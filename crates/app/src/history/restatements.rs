//! Readings that differ between two instants at which they were known, with who made the difference, when and why.

use std::collections::{BTreeSet, HashMap, HashSet};
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
    let (selected, ledger) = selected(ctx, asked, span).await?;
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
    let steps = Steps::of(&ledger, &recorded, (from, to), &selected, causes.all()).await?;
    let (earlier, later) = (by_measure(earlier), by_measure(later));
    let mut restated = Vec::new();
    let mut compared = 0;
    let in_order = selected.model.measures().iter().map(|measure| measure.id());
    let is_meant = |id: &MeasureId| only.is_none_or(|only| only == *id);
    for id in in_order.filter(is_meant) {
        let (before, after) = (earlier.get(&id), later.get(&id));
        if before.is_none() && after.is_none() {
            continue;
        }
        compared += 1;
        if !says_the_same(before, after) {
            let because = match &steps {
                Some(steps) => steps.that_changed(id),
                None => causes.of_measure(id),
            };
            restated.push(Restatement {
                measure: id,
                before: before.cloned(),
                after: after.cloned(),
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

/// The readings of a unit in a period; none where the plan does not have the unit.
fn readings_of(view: &View, selected: &Selected) -> Vec<MeasureReading> {
    if !view.plan.has(Kind::Unit, selected.unit.as_uuid()) {
        return Vec::new();
    }
    view.scorecard(selected.unit, selected.period).measures
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

async fn readings(
    ledger: &Ledger,
    recorded: Vec<Recorded>,
    at: Timestamp,
    selected: &Selected,
) -> Result<Vec<MeasureReading>, AppError> {
    let plan = ledger.model(PlanClock::KnownAt(at)).await?;
    let view = View::new(plan, Arc::new(Observations::of(recorded)), at);
    Ok(readings_of(&view, selected))
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

fn by_measure(readings: Vec<MeasureReading>) -> HashMap<MeasureId, MeasureReading> {
    let keyed = readings
        .into_iter()
        .map(|reading| (reading.measure, reading));
    keyed.collect()
}

/// The most commits that are tried one by one; of more all are named that touched a reading.
const COMMITS_TRIED_MAX: usize = 24;

/// The readings between the two instants, commit by commit.
struct Steps {
    /// As known at the earlier instant.
    before: HashMap<MeasureId, MeasureReading>,
    /// As known after each commit, in the order in which they became known.
    after: Vec<(Told, HashMap<MeasureId, MeasureReading>)>,
}

impl Steps {
    /// Reads after each of the commits; `None` if there are too many. What was due is that of the later instant for
    /// all, so that only commits make a difference.
    async fn of(
        ledger: &Ledger,
        recorded: &[Recorded],
        (from, to): (Timestamp, Timestamp),
        selected: &Selected,
        commits: Vec<Told>,
    ) -> Result<Option<Steps>, AppError> {
        if commits.len() > COMMITS_TRIED_MAX {
            return Ok(None);
        }
        let read = async |known_at: Timestamp| {
            let known = recorded.iter().filter(|recorded| recorded.at <= known_at);
            let known = known.cloned().collect();
            let plan = ledger.model(PlanClock::KnownAt(known_at)).await?;
            let view = View::new(plan, Arc::new(Observations::of(known)), to);
            Ok::<_, AppError>(by_measure(readings_of(&view, selected)))
        };
        let mut steps = Steps {
            before: read(from).await?,
            after: Vec::new(),
        };
        for told in commits {
            let readings = read(told.commit.recorded_at).await?;
            steps.after.push((told, readings));
        }
        Ok(Some(steps))
    }

    /// The commits after which the reading was another one than before.
    fn that_changed(&self, measure: MeasureId) -> Vec<Told> {
        let mut before = self.before.get(&measure);
        let mut changed = Vec::new();
        for (told, readings) in &self.after {
            let after = readings.get(&measure);
            if !says_the_same(before, after) {
                changed.push(told.clone());
            }
            before = after;
        }
        changed
    }
}

/// What happened between the two instants.
struct Causes {
    /// Commits that touched a measure: its observations in the period at or below the unit, its record, its target.
    of_measure: HashMap<MeasureId, BTreeSet<CommitNumber>>,
    /// Commits of the plan that touched what all measures rest on: units, organisation, strategy.
    of_all: BTreeSet<CommitNumber>,
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
        let mut causes = Causes {
            of_measure: HashMap::new(),
            of_all: BTreeSet::new(),
            teller: Teller::of(ledger).await?,
            plan: Arc::clone(&plan),
        };
        for recorded in &since {
            let cell = &recorded.observation.cell;
            if units.contains(&cell.unit) && touches(&cell.period) {
                causes.add(cell.measure, recorded.commit);
            }
        }
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

    fn add(&mut self, measure: MeasureId, commit: CommitNumber) {
        self.of_measure.entry(measure).or_default().insert(commit);
    }

    /// Every commit that touched something, in the order in which they became known.
    fn all(&self) -> Vec<Told> {
        let touched = self.of_measure.values().flatten().chain(&self.of_all);
        self.tell(touched.copied().collect())
    }

    fn tell(&self, numbers: BTreeSet<CommitNumber>) -> Vec<Told> {
        let told = numbers
            .into_iter()
            .filter_map(|number| self.teller.tell(number));
        let mut told: Vec<Told> = told.collect();
        told.sort_by_key(|told| (told.commit.recorded_at, told.commit.number));
        told
    }

    fn add_change(&mut self, commit: CommitNumber, change: &throughline_model::Change) {
        use throughline_model::Change;
        use throughline_model::records::AnyRecord;
        let (kind, id) = change.identity();
        match (kind, change) {
            (Kind::Measure, _) => {
                self.add(MeasureId::from_uuid(id), commit);
            }
            (Kind::Target, Change::Put(AnyRecord::Target(target))) => {
                self.add(target.measure, commit);
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
        let touched = measures
            .iter()
            .filter_map(|measure| self.of_measure.get(measure));
        let numbers = touched.flatten().chain(&self.of_all);
        self.tell(numbers.copied().collect())
    }
}
