//! Records observations from a file: all of them, or none, unless the good ones are to be kept.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use throughline_core::{Finding, UnitId};
use throughline_ledger::{Commit, Head, HistoryRefused, Ledger, LedgerError, PlanClock, Writer};
use throughline_model::Model;
use throughline_model::observation::{Cell, CommitNumber, Observation, ObservationState};
use throughline_model::text::observations::{self, ObservationsText};

use crate::instant;
use crate::once::{self, Once};
use crate::policy::{Authorized, BringInHistory, Object, ReadPlan, RecordObservations};
use crate::{AppError, Ctx, Remarks};

/// How observations are loaded.
#[derive(Debug, Clone, Copy, Default)]
pub struct LoadOptions {
    /// Whether good rows are recorded although others are rejected.
    pub keep_good: bool,
}

/// What loading did.
#[derive(Debug, Default)]
pub struct LoadedObservations {
    /// How many rows the file has; what stands there twice counts once.
    pub read: u64,
    /// How many were recorded: new ones and corrections.
    pub written: u64,
    /// How many of these took the place of another value.
    pub corrections: u64,
    /// How many said what was known already.
    pub unchanged: u64,
    /// How many were rejected.
    pub rejected: u64,
    /// Why, row by row, and what else there is to say.
    pub remarks: Remarks,
    /// The commits, in order: one for each `recorded_at` of the file. None if nothing was new.
    pub commits: Vec<Commit>,
}

/// What a cell holds: value and weight; `None` where nothing was recorded.
pub(crate) type Holding = Option<(Option<f64>, Option<f64>)>;

/// A cell, and what its reader has seen there.
pub(crate) struct Seen {
    pub cell: Cell,
    pub holds: Holding,
}

/// What somebody knows who enters figures by hand.
#[derive(Default)]
pub(crate) struct ByHand {
    /// What they have seen in the cells.
    pub seen: Vec<Seen>,
    /// After which commit: where nothing was recorded since, nothing moved.
    pub head: Option<Head>,
    /// The cells whose figures wait for their owner.
    pub held: BTreeSet<Cell>,
}

/// What came of loading unless something moved.
pub(crate) enum Loading {
    /// It was loaded.
    Done(LoadedObservations),
    /// Nothing was loaded: these cells hold something else by now, at these places among those that were seen.
    Moved(Vec<(usize, Option<Observation>)>),
}

/// Observations by when they became known; those of now last.
struct Groups {
    brought_in: BTreeMap<Timestamp, Group>,
    of_now: Group,
}

/// Observations that became known together.
#[derive(Default)]
struct Group {
    observations: Vec<Observation>,
    /// The line of the file, from 1, in which the first of them stands.
    line: usize,
}

/// A file of observations, to point at one of its lines.
#[derive(Clone, Copy)]
struct InFile<'a> {
    name: &'a str,
    bytes: &'a [u8],
}

impl InFile<'_> {
    /// That the times of a file are refused, at the line of the first row with such a time.
    fn refused(self, line: usize, refused: &HistoryRefused, model: &Model) -> AppError {
        let (message, help) = instant::history_refused(refused, model.calendar());
        let finding = Finding::error("bad-recorded-at", message).with_help(help);
        let diagnostics = observations::in_line(self.bytes, self.name, line, finding);
        AppError::BadInput {
            message:
                "the times of the file do not fit the history that is there; nothing was loaded"
                    .to_owned(),
            remarks: diagnostics.into(),
        }
    }
}

/// Loads a file of comma separated values; `name` is for messages.
///
/// # Errors
/// [`AppError::BadInput`] if a row is wrong and the good ones are not to be kept; nothing is recorded then. If history
/// cannot be brought in with its times; if there is no ledger, or it cannot be written.
pub async fn load_observations(
    ctx: &Ctx,
    name: &str,
    bytes: &[u8],
    options: LoadOptions,
) -> Result<LoadedObservations, AppError> {
    match load_unless_moved(ctx, name, bytes, options, &ByHand::default()).await? {
        Loading::Done(loaded) => Ok(loaded),
        // Nothing was looked at, so nothing can have moved.
        Loading::Moved(_) => Ok(LoadedObservations::default()),
    }
}

/// The same, unless a cell does not hold any more what its reader has seen there; that is asked by the only one who writes.
///
/// # Errors
/// As of [`load_observations`].
pub(crate) async fn load_unless_moved(
    ctx: &Ctx,
    name: &str,
    bytes: &[u8],
    options: LoadOptions,
    by_hand: &ByHand,
) -> Result<Loading, AppError> {
    let reading = ctx.authorize::<ReadPlan>(Object::Organisation).await?;
    let ledger = ctx.ledger(&reading)?;
    let keep_good: &[u8] = if options.keep_good { b"keep good" } else { b"" };
    let once = Once::of(ctx, "load observations", &[keep_good, bytes])?;
    let model = ledger.model(PlanClock::Newest).await?;
    ctx.commit(&model)?;
    ctx.step("Reading the observations");
    if let Some(numbers) = once.earlier(ledger).await? {
        let first = again(ctx, ledger, name, bytes, options, &numbers).await;
        return first.map(Loading::Done);
    }
    let mut text = accepted(name, bytes, &model, today(ctx, &model), options)?;
    let proof = may_record(ctx, &text, &model)?;
    ctx.step("Waiting for the ledger");
    let mut writer = ctx.writer(ledger, &proof).await?;
    if let Some(numbers) = once.earlier_in(&mut writer).await? {
        drop(writer);
        let first = again(ctx, ledger, name, bytes, options, &numbers).await;
        return first.map(Loading::Done);
    }
    let moved = match by_hand.head == Some(writer.head()) {
        true => Vec::new(),
        false => moved(ledger, &by_hand.seen).await?,
    };
    if !moved.is_empty() {
        return Ok(Loading::Moved(moved));
    }
    let before = writer.head().number;
    if !Arc::ptr_eq(writer.model(), &model) {
        // The plan changed while the file was read, so that its names may mean something else.
        text = accepted(
            name,
            bytes,
            writer.model(),
            today(ctx, writer.model()),
            options,
        )?;
        may_record(ctx, &text, writer.model())?;
    }
    for row in &mut text.rows {
        if by_hand.held.contains(&row.observation.cell) {
            row.observation.state = Some(ObservationState::Held);
        }
    }
    let mut loaded = LoadedObservations {
        read: (text.rows.len() + text.rejected) as u64,
        rejected: text.rejected as u64,
        remarks: std::mem::take(&mut text.diagnostics).into(),
        ..LoadedObservations::default()
    };
    let groups = Groups::of(text);
    if !groups.brought_in.is_empty() {
        ctx.prove::<BringInHistory>(Object::Organisation, writer.model())?;
    }
    ctx.step("Writing the observations");
    let in_file = InFile { name, bytes };
    groups.write(ctx, &mut writer, &mut loaded, in_file).await?;
    let mut numbers = vec![
        before.0,
        loaded.read,
        loaded.written,
        loaded.corrections,
        loaded.unchanged,
        loaded.rejected,
    ];
    numbers.extend(loaded.commits.iter().map(|commit| commit.number.0));
    once.keep(ctx, &mut writer, &numbers).await?;
    writer.finish().await?;
    Ok(Loading::Done(loaded))
}

/// The cells that hold something else than was seen, each with its place among them and what it holds by now.
async fn moved(
    ledger: &Ledger,
    seen: &[Seen],
) -> Result<Vec<(usize, Option<Observation>)>, AppError> {
    let mut moved = Vec::new();
    for (place, seen) in seen.iter().enumerate() {
        let history = ledger.observation_history(seen.cell).await?;
        let newest = history.into_iter().next_back().map(|one| one.observation);
        let now = newest.filter(|newest| newest.state != Some(ObservationState::Withdrawn));
        if now.as_ref().map(|now| (now.value, now.weight)) != seen.holds {
            moved.push((place, now));
        }
    }
    Ok(moved)
}

/// The first answer; what there was to say is worked out again from the plan as it was.
async fn again(
    ctx: &Ctx,
    ledger: &Ledger,
    name: &str,
    bytes: &[u8],
    options: LoadOptions,
    numbers: &[u64],
) -> Result<LoadedObservations, AppError> {
    let Some((&[before, read, written, corrections, unchanged, rejected], commits)) =
        numbers.split_first_chunk::<6>()
    else {
        return Err(AppError::bad_request(
            "what was kept of the first answer is damaged",
        ));
    };
    let model = ledger
        .model(PlanClock::Commit(CommitNumber(before)))
        .await?;
    let text = accepted(name, bytes, &model, today(ctx, &model), options)?;
    may_record(ctx, &text, &*ledger.model(PlanClock::Newest).await?)?;
    Ok(LoadedObservations {
        read,
        written,
        corrections,
        unchanged,
        rejected,
        remarks: text.diagnostics.into(),
        commits: once::commits(ledger, commits).await?,
    })
}

/// The right to record at each unit of the rows.
fn may_record(
    ctx: &Ctx,
    text: &ObservationsText,
    model: &Model,
) -> Result<Authorized<RecordObservations>, AppError> {
    let units: BTreeSet<UnitId> = text
        .rows
        .iter()
        .map(|row| row.observation.cell.unit)
        .collect();
    match ctx.authorize_units(units, model)? {
        Some(proof) => Ok(proof),
        // A file without rows records nothing; who may do that is who may record anywhere.
        None => ctx.prove(Object::Organisation, model),
    }
}

/// The day that it is where the organisation is.
fn today(ctx: &Ctx, model: &Model) -> Date {
    model.calendar().date_of(ctx.now())
}

/// The rows of a file, if it may be loaded.
fn accepted(
    name: &str,
    bytes: &[u8],
    model: &Model,
    today: Date,
    options: LoadOptions,
) -> Result<ObservationsText, AppError> {
    let text = observations::read(bytes, name, model, Some(today));
    let nothing_good = text.rows.is_empty() && text.diagnostics.has_errors();
    if (text.diagnostics.has_errors() && !options.keep_good) || nothing_good {
        let message = if nothing_good || text.rejected == 0 {
            "the file has errors; nothing was loaded".to_owned()
        } else {
            let (good, rejected) = (text.rows.len(), text.rejected);
            format!(
                "{rejected} of {} rows are wrong; nothing was loaded (--keep-good loads the others)",
                good + rejected
            )
        };
        return Err(AppError::BadInput {
            message,
            remarks: text.diagnostics.into(),
        });
    }
    Ok(text)
}

impl Groups {
    fn of(text: ObservationsText) -> Groups {
        let mut groups = Groups {
            brought_in: BTreeMap::new(),
            of_now: Group::default(),
        };
        for row in text.rows {
            let group = match row.recorded_at {
                Some(at) => groups.brought_in.entry(at).or_default(),
                None => &mut groups.of_now,
            };
            if group.observations.is_empty() {
                group.line = row.line;
            }
            group.observations.push(row.observation);
        }
        groups
    }

    async fn write(
        self,
        ctx: &Ctx,
        writer: &mut Writer,
        loaded: &mut LoadedObservations,
        in_file: InFile<'_>,
    ) -> Result<(), AppError> {
        let brought_in = self
            .brought_in
            .into_iter()
            .map(|(at, group)| (Some(at), group));
        let has_some = !self.of_now.observations.is_empty();
        let of_now = has_some.then_some((None, self.of_now));
        for (recorded_at, group) in brought_in.chain(of_now) {
            let mut commit = ctx.commit(writer.model())?;
            commit = commit.with_observations(group.observations);
            if let Some(at) = recorded_at {
                commit = commit.brought_in_at(at);
            }
            let appended = writer.append(commit).await.map_err(|error| match error {
                LedgerError::HistoryRefused(refused) => {
                    in_file.refused(group.line, &refused, writer.model())
                }
                other => other.into(),
            })?;
            loaded.written += appended.observations.written();
            loaded.corrections += appended.observations.corrections;
            loaded.unchanged += appended.observations.unchanged;
            loaded.commits.extend(appended.commit);
        }
        Ok(())
    }
}
