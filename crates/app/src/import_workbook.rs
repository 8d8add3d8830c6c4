//! Brings a KPI workbook in: understood first, with nothing saved, and recorded when that is confirmed.

use std::sync::Arc;

use throughline_ledger::PlanClock;
use throughline_model::text::PlanFile;
use throughline_model::{Kind, Model};
use throughline_workbook::mapping::{MAPPING_VERSION, Named, OrganisationMapping};
use throughline_workbook::{
    Mapping, Standing, Understood, Workbook, WorkbookError, read, understand,
};

use crate::apply_plan::{AppliedPlan, ApplyOptions, apply_plan};
use crate::load_observations::{LoadOptions, LoadedObservations, load_observations};
use crate::policy::{ChangePlan, Object};
use crate::{AppError, Ctx};

/// The most files that are understood together.
pub const WORKBOOKS_MAX: usize = 20;

/// A file from outside.
#[derive(Debug, Clone)]
pub struct OutsideFile {
    /// Its name, for messages.
    pub name: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// A workbook that was understood, and what it would add to the plan that holds.
#[derive(Debug)]
pub struct PreparedImport {
    /// The name of the first file.
    pub name: String,
    /// How it was understood, cell by cell.
    pub understood: Understood,
    /// The plan files: what does not stand in the plan already.
    pub plan: Vec<PlanFile>,
    /// The table of observations.
    pub observations: PlanFile,
    /// How many measures of the workbook stand in the plan already, and stay as they are.
    pub standing_measures: usize,
}

/// What recording an import did.
#[derive(Debug)]
pub struct RecordedImport {
    /// The plan; nothing if all of it stood already.
    pub applied: Option<AppliedPlan>,
    /// The observations.
    pub loaded: LoadedObservations,
}

/// Understands files as one workbook, as a kept mapping says. Nothing is saved.
///
/// # Errors
/// [`AppError::BadRequest`] if a file or the mapping cannot be read, or there is nothing to bring in.
pub async fn prepare_import(
    ctx: &Ctx,
    files: &[OutsideFile],
    mapping: Option<&[u8]>,
) -> Result<PreparedImport, AppError> {
    // Whoever brings a plan in learns the names of people that stand in it.
    let proof = ctx.authorize::<ChangePlan>(Object::Organisation).await?;
    if files.len() > WORKBOOKS_MAX {
        let message = format!("at most {WORKBOOKS_MAX} files are brought in together");
        return Err(AppError::bad_request(message));
    }
    let model = match ctx.ledger_if_any(&proof) {
        Some(ledger) => ledger.model(PlanClock::Newest).await?,
        None => Arc::new(Model::default()),
    };
    ctx.step("Reading the workbook");
    let kept = mapping.map(Mapping::read).transpose().map_err(refused)?;
    let books = files.iter().map(|file| read(&file.name, &file.bytes));
    let books: Vec<Workbook> = books.collect::<Result<_, _>>().map_err(refused)?;
    let book = Workbook::joined(books);
    let kept = kept.or_else(|| mapping_of(&model));
    let understood = understand(&book, kept.as_ref()).map_err(refused)?;
    let standing = standing(&model);
    let measures = understood.mapping.measures.iter();
    let stands = |key: &String| standing.contains(&(Kind::Measure, key.clone()));
    Ok(PreparedImport {
        name: book.name,
        plan: understood.draft.plan_files(&standing),
        observations: PlanFile {
            path: "observations.csv".to_owned(),
            bytes: understood.draft.observations_text().into_bytes(),
        },
        standing_measures: measures
            .filter(|measure| measure.read && stands(&measure.key))
            .count(),
        understood,
    })
}

/// Records what was prepared: first the plan, then the observations. The same again changes nothing.
///
/// # Errors
/// As [`apply_plan`] and [`load_observations`] have. What was wrong with observations leaves the plan applied.
pub async fn record_import(
    ctx: &Ctx,
    prepared: &PreparedImport,
) -> Result<RecordedImport, AppError> {
    ctx.authorize::<ChangePlan>(Object::Organisation).await?;
    let reason = ctx.reason().map(str::to_owned);
    let reason = reason.unwrap_or_else(|| format!("Import of {}", prepared.name));
    let planning = ctx.reopened().await?.with_reason(Some(reason.clone()));
    let applied = match prepared.plan.as_slice() {
        [] => None,
        files => Some(apply_plan(&planning, files, &ApplyOptions::default()).await?),
    };
    let loading = planning.reopened().await?.with_reason(Some(reason));
    let table = &prepared.observations;
    let options = LoadOptions::default();
    let loaded = load_observations(&loading, &table.path, &table.bytes, options).await?;
    loading.close().await;
    Ok(RecordedImport { applied, loaded })
}

fn refused(error: WorkbookError) -> AppError {
    AppError::bad_request(error.to_string()).with_help(error.help())
}

/// What the plan that holds says of the workbook's words: organisation, units and people by their names.
fn mapping_of(model: &Model) -> Option<Mapping> {
    let organisation = &model.organisation()?.record;
    let tops = model
        .units()
        .iter()
        .filter(|unit| unit.record.parent.is_none());
    let top = tops.into_iter().find(|unit| unit.record.parents.is_empty());
    let key = top.map_or(&organisation.key, |unit| &unit.record.key);
    let named = |name: &String, key: &str| Named {
        found_as: name.clone(),
        key: key.to_owned(),
        name: name.clone(),
    };
    let units = model.units().iter();
    let people = model.people().iter();
    Some(Mapping {
        version: MAPPING_VERSION,
        organisation: OrganisationMapping {
            key: key.as_str().to_owned(),
            name: organisation.name.clone(),
            time_zone: organisation.time_zone.0.clone(),
            fiscal_year_starts: organisation.fiscal_year_starts as u8 + 1,
        },
        units: units
            .map(|unit| named(&unit.record.name, unit.record.key.as_str()))
            .collect(),
        people: people
            .map(|person| named(&person.record.name, person.record.key.as_str()))
            .collect(),
        ..Mapping::default()
    })
}

/// The records of the plan that holds, by kind and key.
fn standing(model: &Model) -> Standing {
    let kinds = [
        Kind::Organisation,
        Kind::Unit,
        Kind::Person,
        Kind::Measure,
        Kind::Target,
    ];
    let of_kind = |kind: Kind| {
        let records = model.records(kind).into_iter();
        records.map(move |record| (kind, record.key(model)))
    };
    kinds.into_iter().flat_map(of_kind).collect()
}
