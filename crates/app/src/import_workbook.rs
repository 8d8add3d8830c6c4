//! Brings a KPI workbook in: understood first, with nothing saved, and recorded whole when that is confirmed.

mod differing;
mod draft;
mod kept;
mod known;
mod summary;

use std::collections::BTreeSet;
use std::sync::Arc;

use sha2::{Digest, Sha256};
use throughline_ledger::{Commit, Ledger, PlanClock, Tally};
use throughline_model::Model;
use throughline_model::observation::{CommitNumber, Observation};
use throughline_model::text::PlanFile;
use throughline_workbook::limits::CELLS_MAX;
use throughline_workbook::{Mapping, Understood, Workbook, WorkbookError, read};
use tokio::sync::Semaphore;

pub use self::differing::{DIFFERING_TOLD_MAX, Differing};
use self::draft::Drafted;
pub use self::kept::{KeptMapping, kept_mappings};
pub use self::summary::{CellCounts, CellLeftOut, CellsLeftOut, FoundMeasure};
use crate::once::{self, Once};
use crate::policy::{ImportWorkbook, Object};
use crate::{AppError, Ctx, Remarks};

/// The most files that are understood together.
pub const WORKBOOKS_MAX: usize = 20;

/// The longest name of a file that is told, in characters.
const NAME_LENGTH_MAX: usize = 120;

/// A file from outside.
#[derive(Debug, Clone)]
pub struct OutsideFile {
    /// Its name, for messages.
    pub name: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// Files that were read as one workbook. Clones share it.
#[derive(Debug, Clone)]
pub struct OpenedWorkbook {
    book: Arc<Workbook>,
    /// What makes an import the same as another one: the bytes of the files with their names.
    digest: [u8; 32],
    recording: Recording,
}

/// How the figures of a workbook are recorded.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Recording {
    /// Whether they take the place of others that are recorded, or leave them as they are: people may have corrected those since
    /// the workbook was made.
    pub replaces: bool,
    /// Whether they wait for the owners of their measures, as figures do that are typed.
    pub owners_first: bool,
}

impl OpenedWorkbook {
    /// The cells.
    #[must_use]
    pub fn book(&self) -> &Workbook {
        &self.book
    }

    /// The same workbook, to be recorded otherwise.
    #[must_use]
    pub fn recorded_by(mut self, recording: Recording) -> OpenedWorkbook {
        self.recording = recording;
        self
    }
}

/// A workbook that was understood, and what it would add to the plan that holds.
#[derive(Debug)]
pub struct PreparedImport {
    /// The name of the first file.
    pub name: String,
    /// How it was understood, cell by cell. What the plan does not take is left out there, with the reason.
    pub understood: Understood,
    /// The plan files: what does not stand in the plan already.
    pub plan: Vec<PlanFile>,
    /// The table of observations.
    pub observations: PlanFile,
    /// The keys of measures of the workbook that stand in the plan already, and stay as they are.
    pub standing: BTreeSet<String>,
    /// How many values the plan does not take.
    pub refused: usize,
    /// The figures that are recorded and of which the workbook says something else.
    pub differing: Vec<Differing>,
    /// How many of its figures wait for the owners of their measures, or would if they were to see them first.
    pub waiting: WaitingFigures,
    /// What recording it would do.
    pub effect: ImportEffect,
    /// What is wrong with the plan that it would make. Nothing is recorded while there is an error.
    pub remarks: Remarks,
}

/// How many figures wait for the owners of their measures, where those see them first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct WaitingFigures {
    /// Those that are new.
    pub added: usize,
    /// Those that take the place of others, where they do.
    pub replaced: usize,
}

/// What recording an import does, in numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ImportEffect {
    /// Records of the plan that are new.
    pub records: u64,
    /// Values that are new.
    pub added: u64,
    /// Values that take the place of another one.
    pub corrections: u64,
    /// Values that are known already.
    pub unchanged: u64,
    /// Cells of which it is new that there is no value.
    pub none: u64,
}

impl ImportEffect {
    /// Of what was written; of that `none` cells say that there is no value, which are written only where nothing stood.
    fn of(records: usize, none: u64, tally: Tally) -> ImportEffect {
        ImportEffect {
            records: records as u64,
            added: tally.added.saturating_sub(none),
            corrections: tally.corrections,
            unchanged: tally.unchanged,
            none,
        }
    }

    /// Whether there is nothing to record: all of it is there already.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        self.records + self.added + self.corrections + self.none == 0
    }
}

/// What recording an import did.
#[derive(Debug)]
pub struct ImportedWorkbook {
    /// The commit with plan and observations; none if all of it was there already.
    pub commit: Option<Commit>,
    /// What it did.
    pub effect: ImportEffect,
    /// How many values the plan did not take.
    pub refused: usize,
    /// Whether the ledger was made for it.
    pub is_new_ledger: bool,
}

/// Reads files as one workbook. Nothing is understood yet, and nothing saved.
///
/// # Errors
/// [`AppError::BadRequest`] if there is no file, or one that cannot be read; [`AppError::Forbidden`].
pub async fn open_workbook(ctx: &Ctx, files: Vec<OutsideFile>) -> Result<OpenedWorkbook, AppError> {
    ctx.authorize::<ImportWorkbook>(Object::Organisation)
        .await?;
    if files.is_empty() {
        let error = AppError::bad_request("no file was given");
        return Err(error.with_help("give a .xlsx, .ods or .csv file"));
    }
    if files.len() > WORKBOOKS_MAX {
        let message = format!("at most {WORKBOOKS_MAX} files are brought in together");
        return Err(AppError::bad_request(message));
    }
    ctx.step("Reading the workbook");
    on_the_side(move || opened(&files)).await?
}

fn opened(files: &[OutsideFile]) -> Result<OpenedWorkbook, AppError> {
    let mut digest = Sha256::new();
    let mut books: Vec<Workbook> = Vec::new();
    for file in files {
        for part in [file.name.as_bytes(), &file.bytes] {
            digest.update((part.len() as u64).to_be_bytes());
            digest.update(part);
        }
        books.push(read(&shown_name(&file.name), &file.bytes).map_err(refused)?);
        let cells: usize = books.iter().map(Workbook::cells).sum();
        if cells > CELLS_MAX {
            let message = format!("the files have more than {CELLS_MAX} cells together");
            return Err(AppError::bad_request(message).with_help("import one after the other"));
        }
    }
    Ok(OpenedWorkbook {
        book: Arc::new(Workbook::joined(books)),
        digest: digest.finalize().into(),
        recording: Recording::default(),
    })
}

/// The name of a file without what steers a terminal or a page.
fn shown_name(name: &str) -> String {
    let plain = name.chars().filter(|character| !character.is_control());
    let plain: String = plain.take(NAME_LENGTH_MAX).collect();
    match plain.trim() {
        "" => "the file".to_owned(),
        plain => plain.to_owned(),
    }
}

/// Understands a workbook as a kept mapping and the plan that holds say, and works out what recording it would do. Nothing
/// is saved.
///
/// # Errors
/// [`AppError::Forbidden`]. That there is nothing to bring in is told by [`PreparedImport::nothing`].
pub async fn prepare_import(
    ctx: &Ctx,
    opened: &OpenedWorkbook,
    mapping: Option<&Mapping>,
) -> Result<PreparedImport, AppError> {
    // Whoever brings a plan in learns the names of people that stand in it.
    let proof = ctx
        .authorize::<ImportWorkbook>(Object::Organisation)
        .await?;
    let existing = ctx.ledger_if_any(&proof);
    let model = model_of(existing).await?;
    let Drafted {
        mut prepared,
        changes,
        after,
        observations,
    } = Drafted::of(ctx, opened, mapping, existing, model).await?;
    let none = none_in(&observations);
    prepared.effect = match existing {
        // Of what holds nothing, nothing is recorded, the organisation neither.
        _ if prepared.understood.nothing.is_some() => ImportEffect::default(),
        Some(ledger) if prepared.remarks.errors() == 0 => {
            // Written and not kept: what is new is compared in one place alone.
            let mut writer = ctx.writer(ledger, &proof).await?;
            let records = changes.len();
            let commit = ctx.commit(&after)?.with_changes(changes);
            let appended = writer
                .append(commit.with_observations(observations))
                .await?;
            ImportEffect::of(records, none, appended.observations)
        }
        _ => {
            let added = observations.len() as u64;
            ImportEffect::of(
                changes.len(),
                none,
                Tally {
                    added,
                    ..Tally::default()
                },
            )
        }
    };
    Ok(prepared)
}

/// Records a workbook as it is understood, plan and observations in one commit: all of it, or nothing. The same again
/// changes nothing.
///
/// # Errors
/// As [`prepare_import`] has; [`AppError::BadRequest`] if there is nothing to bring in; [`AppError::BadInput`] if what it would
/// make of the plan is wrong; if the ledger cannot be written.
pub async fn import_workbook(
    ctx: &Ctx,
    opened: &OpenedWorkbook,
    mapping: Option<&Mapping>,
) -> Result<ImportedWorkbook, AppError> {
    let proof = ctx
        .authorize::<ImportWorkbook>(Object::Organisation)
        .await?;
    let existing = ctx.ledger_if_any(&proof);
    let said = mapping.map(Mapping::to_text).unwrap_or_default();
    let Recording {
        replaces,
        owners_first,
    } = opened.recording;
    let recording = [u8::from(replaces), u8::from(owners_first)];
    let asked = [&opened.digest[..], said.as_bytes(), &recording];
    let once = Once::of(ctx, "import a workbook", &asked)?;
    if let Some(ledger) = existing
        && let Some(numbers) = once.earlier(ledger).await?
    {
        return again(ledger, &numbers).await;
    }
    // Most that can be wrong shows before there is a ledger. The position first: what comes in between is looked at again.
    let prepared_at = match existing {
        Some(ledger) => Some(ledger.head().await?),
        None => None,
    };
    let model = model_of(existing).await?;
    let mut drafted = Drafted::of(ctx, opened, mapping, existing, model).await?;
    drafted.refuse_errors()?;
    let is_new_ledger = existing.is_none();
    let ledger = ctx.ledger_or_new(&proof).await?;
    ctx.step("Writing plan and observations");
    let mut writer = ctx.writer(&ledger, &proof).await?;
    if let Some(numbers) = once.earlier_in(&mut writer).await? {
        drop(writer);
        return again(&ledger, &numbers).await;
    }
    let is_as_prepared = match prepared_at {
        Some(head) => writer.head() == head,
        None => writer.head().number == CommitNumber(0),
    };
    if !is_as_prepared {
        let model = Arc::clone(writer.model());
        drafted = Drafted::of(ctx, opened, mapping, Some(&ledger), model).await?;
        drafted.refuse_errors()?;
    }
    let mut commit = ctx.commit(&drafted.after)?;
    let name = &drafted.prepared.name;
    commit
        .reason
        .get_or_insert_with(|| format!("Import of {name}"));
    let records = drafted.changes.len();
    let commit = commit.with_changes(drafted.changes);
    let none = none_in(&drafted.observations);
    let appended = writer
        .append(commit.with_observations(drafted.observations))
        .await?;
    let imported = ImportedWorkbook {
        effect: ImportEffect::of(records, none, appended.observations),
        commit: appended.commit,
        refused: drafted.prepared.refused,
        is_new_ledger,
    };
    let mapping = &drafted.prepared.understood.mapping;
    let today = drafted.after.calendar().date_of(ctx.now());
    kept::keep(ctx, &mut writer, name, today, mapping).await?;
    once.keep(ctx, &mut writer, &imported.numbers()).await?;
    writer.finish().await?;
    Ok(imported)
}

/// How many of some observations say that there is no value.
fn none_in(observations: &[Observation]) -> u64 {
    let none = observations.iter().filter(|one| one.value.is_none());
    none.count() as u64
}

impl ImportedWorkbook {
    /// What is kept of the answer.
    fn numbers(&self) -> [u64; 8] {
        [
            self.commit.as_ref().map_or(0, |commit| commit.number.0),
            self.effect.records,
            self.effect.added,
            self.effect.corrections,
            self.effect.unchanged,
            self.refused as u64,
            u64::from(self.is_new_ledger),
            self.effect.none,
        ]
    }
}

/// The first answer.
async fn again(ledger: &Ledger, numbers: &[u64]) -> Result<ImportedWorkbook, AppError> {
    let &[
        commit,
        records,
        added,
        corrections,
        unchanged,
        refused,
        is_new_ledger,
        none,
    ] = numbers
    else {
        let message = "what was kept of the first answer is damaged";
        return Err(AppError::bad_request(message));
    };
    let commits: &[u64] = if commit == 0 { &[] } else { &[commit] };
    Ok(ImportedWorkbook {
        commit: once::commits(ledger, commits).await?.pop(),
        effect: ImportEffect {
            records,
            added,
            corrections,
            unchanged,
            none,
        },
        refused: usize::try_from(refused).unwrap_or(usize::MAX),
        is_new_ledger: is_new_ledger == 1,
    })
}

async fn model_of(ledger: Option<&Ledger>) -> Result<Arc<Model>, AppError> {
    Ok(match ledger {
        Some(ledger) => ledger.model(PlanClock::Newest).await?,
        None => Arc::new(Model::default()),
    })
}

/// Reads a kept mapping.
///
/// # Errors
/// [`AppError::BadRequest`] if it is none, or says what cannot be.
pub fn read_mapping(bytes: &[u8]) -> Result<Mapping, AppError> {
    Mapping::read(bytes).map_err(refused)
}

fn refused(error: WorkbookError) -> AppError {
    AppError::bad_request(error.to_string()).with_help(error.help())
}

/// How many workbooks are read or understood at once: each may take some hundred megabytes.
const AT_A_TIME: usize = 2;

static WORKING: Semaphore = Semaphore::const_new(AT_A_TIME);

/// Work that takes the processor for long, beside the threads that answer.
async fn on_the_side<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, AppError> {
    let turn = WORKING.acquire().await;
    let done = tokio::task::spawn_blocking(work).await;
    drop(turn);
    done.map_err(|error| AppError::failed("the workbook could not be read to its end", error))
}
