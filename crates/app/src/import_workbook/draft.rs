//! What a workbook makes of the plan that holds: the changes, the observations that the plan takes, and what it does not
//! take, cell by cell.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use throughline_core::Severity;
use throughline_engine::Observations;
use throughline_ledger::Ledger;
use throughline_model::observation::{Cell, Observation, ObservationState};
use throughline_model::text::{Diagnostic, PlanFile, observations};
use throughline_model::{AnyRecord, Change, Kind, Model};
use throughline_workbook::{
    DraftCell, DraftValue, Mapping, Meaning, Standing, Understood, understand,
};

use super::differing::{Compared, Differing, STAYS, compared};
use super::{ImportEffect, OpenedWorkbook, PreparedImport, WaitingFigures, known, on_the_side};
use crate::entry::waits_for_owner;
use crate::plan_folder::{FolderOptions, Plans, prepare};
use crate::{AppError, Ctx, Remarks};

/// The file of the observations, beside the plan.
const OBSERVATIONS: &str = "observations.csv";

/// What is to be recorded, and what is told of it.
pub(super) struct Drafted {
    pub prepared: PreparedImport,
    pub changes: Vec<Change>,
    pub after: Model,
    pub observations: Vec<Observation>,
}

impl Drafted {
    pub async fn of(
        ctx: &Ctx,
        opened: &OpenedWorkbook,
        mapping: Option<&Mapping>,
        ledger: Option<&Ledger>,
        model: Arc<Model>,
    ) -> Result<Drafted, AppError> {
        let known = known::mapping(mapping, &model);
        let book = Arc::clone(&opened.book);
        ctx.step("Understanding the workbook");
        let mut understood = on_the_side(move || understand(&book, known.as_ref())).await?;
        let standing = known::standing(&model);
        let returning = known::returning(&model, &understood);
        let plan = understood.draft.plan_files_with(&standing, &returning);
        let (changes, after, remarks) = planned(ctx, &plan, ledger, Arc::clone(&model)).await?;
        // As the ledger has them now: what the actor read before may be older than what the pen finds.
        let known = match ledger {
            Some(ledger) => Some((ledger, ctx.observations_now(ledger).await?)),
            None => None,
        };
        // That there is none takes nobody's figure away.
        if let Some((_, known)) = &known {
            let stands =
                |one: &DraftCell| cell_of(one, &after).is_some_and(|cell| is_there(known, &cell));
            understood.draft.none.retain(|one| !stands(one));
        }
        let today = after.calendar().date_of(ctx.now());
        let table = understood.draft.observations_text().into_bytes();
        let mut text = observations::read(&table, OBSERVATIONS, &after, Some(today));
        let taken: BTreeSet<usize> = text.rows.iter().map(|row| row.line).collect();
        let values = &understood.draft.observations;
        let Compared { differing, same } = match &known {
            Some(recorded) => compared(ctx, recorded, (values, &mut text.rows), &after).await?,
            None => Compared::default(),
        };
        let replaced: BTreeSet<usize> = differing.iter().map(Differing::line).collect();
        let said: Vec<Diagnostic> = text.diagnostics.into_iter().collect();
        say_doubts(&mut understood, &said);
        say_following(&mut understood);
        let reasons = said.into_iter();
        let reasons = reasons
            .map(|said| (said.line, said.finding.message))
            .collect();
        say_standing_targets(&mut understood, &standing, &model);
        let refused = if remarks.errors() == 0 {
            let refused = not_taken(&understood, &taken, &reasons);
            leave_out(&mut understood, &refused);
            refused.len()
        } else {
            0
        };
        if !opened.recording.replaces {
            let stay = differing.iter();
            let stay = stay.map(|one| (one.says.place(), STAYS.to_owned()));
            leave_out(&mut understood, &stay.collect());
        }
        let mut waiting = WaitingFigures::default();
        for row in &mut text.rows {
            let measure = model.measures().get(row.observation.cell.measure);
            let waits = measure.is_some_and(|measure| waits_for_owner(ctx, &after, measure));
            if !waits || same.contains(&row.line) || row.observation.value.is_none() {
                continue;
            }
            match replaced.contains(&row.line) {
                true => waiting.replaced += 1,
                false => waiting.added += 1,
            }
            if opened.recording.owners_first {
                row.observation.state = Some(ObservationState::Held);
            }
        }
        if !opened.recording.replaces {
            text.rows.retain(|row| !replaced.contains(&row.line));
        }
        let measures = understood.measures.iter().filter(|measure| measure.read);
        let keys = measures.map(|measure| measure.key.clone());
        let stands = |key: &String| standing.contains(&(Kind::Measure, key.clone()));
        let keys = keys.filter(stands).collect();
        known::without_others(&mut understood, mapping);
        Ok(Drafted {
            prepared: PreparedImport {
                name: opened.book.name.clone(),
                plan,
                observations: PlanFile {
                    path: OBSERVATIONS.to_owned(),
                    bytes: understood.draft.observations_text().into_bytes(),
                },
                understood,
                standing: keys,
                refused,
                differing,
                waiting,
                effect: ImportEffect::default(),
                remarks,
            },
            changes,
            after,
            observations: text.rows.into_iter().map(|row| row.observation).collect(),
        })
    }

    /// Nothing is recorded of what holds nothing or makes a wrong plan.
    pub fn refuse_errors(&mut self) -> Result<(), AppError> {
        if let Some(nothing) = self.prepared.nothing() {
            return Err(nothing);
        }
        let remarks = std::mem::take(&mut self.prepared.remarks);
        if remarks.errors() == 0 {
            return Ok(());
        }
        Err(AppError::BadInput {
            message: "what the workbook would add makes the plan wrong; nothing was recorded"
                .to_owned(),
            remarks,
        })
    }
}

/// What the new files change in the plan that holds, the plan after, and the errors in it.
async fn planned(
    ctx: &Ctx,
    files: &[PlanFile],
    ledger: Option<&Ledger>,
    model: Arc<Model>,
) -> Result<(Vec<Change>, Model, Remarks), AppError> {
    if files.is_empty() {
        return Ok((Vec::new(), (*model).clone(), Remarks::default()));
    }
    let plans = Plans::of(files, ledger, model).await?;
    match prepare(ctx, files, &plans, ledger, FolderOptions::default()).await {
        Ok(prepared) => Ok((
            prepared.changes,
            prepared.after,
            prepared.remarks.errors_alone(),
        )),
        Err(AppError::BadInput { remarks, .. }) => Ok((Vec::new(), (*plans.head).clone(), remarks)),
        Err(error) => Err(error),
    }
}

/// Says what is taken in and doubtful, once for each sort of doubt.
fn say_doubts(understood: &mut Understood, said: &[Diagnostic]) {
    let doubts = said.iter().map(|said| &said.finding);
    let mut kinds: BTreeMap<&str, (&str, usize)> = BTreeMap::new();
    for doubt in doubts.filter(|doubt| doubt.severity == Severity::Warning) {
        kinds.entry(doubt.code).or_insert((&doubt.message, 0)).1 += 1;
    }
    let remarks = kinds.values().map(|(message, count)| match count {
        1 => (*message).to_owned(),
        count => format!("{message}, and {} more of that sort", count - 1),
    });
    understood.remarks.extend(remarks);
}

/// Says that targets of the topmost unit follow from those of the units below, which no cell says.
fn say_following(understood: &mut Understood) {
    let count = understood.draft.targets_that_follow;
    if count > 0 {
        let targets = crate::words::count(count as u64, "target");
        let follow = if count == 1 { "follows" } else { "follow" };
        understood.remarks.push(format!(
            "{targets} of the topmost unit {follow} from the units below: the one that all share, and of a sum the sum"
        ));
    }
}

/// Says of each target that the plan has another one already, which stays as people made it. One that says the same is there.
fn say_standing_targets(understood: &mut Understood, standing: &Standing, model: &Model) {
    for cell in &mut understood.cells {
        if let Meaning::Target(value) = &cell.meaning
            && standing.contains(&(Kind::Target, format!("{}@{}", value.measure, value.unit)))
            && !stands_as(model, value)
        {
            cell.meaning = Meaning::LeftOut {
                because: "the plan has another target for it, which stays as it is".to_owned(),
                doubted: None,
            };
        }
    }
}

/// Whether the target that stands says the same of a period: the last point that begins by then.
fn stands_as(model: &Model, value: &DraftValue) -> bool {
    let key = format!("{}@{}", value.measure, value.unit);
    let target = model.id_of(Kind::Target, &key);
    let target = target.and_then(|id| model.record(Kind::Target, id));
    let (Some(AnyRecord::Target(target)), Ok(period)) =
        (target, model.calendar().parse_period(&value.period))
    else {
        return false;
    };
    let begun = target
        .points
        .iter()
        .filter(|point| point.period.first <= period.first);
    let newest = begun.max_by_key(|point| point.period.first);
    newest.and_then(|point| point.value.number()) == Some(value.value)
}

/// The values that the plan does not take, by the lines of the table that it does: each place with the reason.
fn not_taken(
    understood: &Understood,
    taken: &BTreeSet<usize>,
    reasons: &BTreeMap<usize, String>,
) -> BTreeMap<String, String> {
    // The table has a heading and then a line for each value.
    let lines = understood.draft.observations.iter().zip(2..);
    lines
        .filter(|(_, line)| !taken.contains(line))
        .map(|(value, line)| {
            let reason = reasons.get(&line).cloned();
            let reason = reason.unwrap_or_else(|| "the plan does not take it".to_owned());
            (value.place(), reason)
        })
        .collect()
}

/// Leaves out values, by their places and each with its reason.
fn leave_out(understood: &mut Understood, reasons: &BTreeMap<String, String>) {
    if reasons.is_empty() {
        return;
    }
    for cell in &mut understood.cells {
        if let Meaning::Value(value) = &cell.meaning
            && let Some(because) = reasons.get(&value.place())
        {
            cell.meaning = Meaning::LeftOut {
                because: because.clone(),
                doubted: None,
            };
        }
    }
    let values = &mut understood.draft.observations;
    values.retain(|value| !reasons.contains_key(&value.place()));
}

/// The cell that a workbook speaks of, by the plan.
fn cell_of(one: &DraftCell, model: &Model) -> Option<Cell> {
    Some(Cell {
        measure: model.measures().by_key(&one.measure)?.id(),
        unit: model.units().by_key(&one.unit)?.id(),
        period: model.calendar().parse_period(&one.period).ok()?,
    })
}

/// Whether a figure is there, published or waiting for its owner.
fn is_there(known: &Observations, cell: &Cell) -> bool {
    let series = known.series(cell.measure, cell.unit);
    let is_published = series.is_some_and(|series| series.at(&cell.period).is_some());
    is_published || known.held().contains_key(cell)
}
