//! Who changed what, when and why.

use schemars::JsonSchema;
use serde::Serialize;
use throughline_app::history;
use throughline_app::json::history::{Commits, Drifted, Record, Restated, Values, commit_line};
use throughline_app::json::plan::{ChangeLine, CommitLine, change};
use throughline_app::words::names;
use throughline_model::Kind;

use super::caller::Caller;
use super::observations::ObservationLine;
use super::problem::ApiResult;
use super::records::kind_of;
use crate::address::Path;
use crate::error::WebError;

/// Lists the commits.
///
/// # Errors
/// As of the use case.
pub async fn commits(caller: Caller) -> ApiResult {
    let read = history::commits(&caller.ctx, caller.page.range()).await?;
    caller.listed(&Commits::of(&read.commits), read.all)
}

/// A commit with what it changed.
#[derive(Serialize, JsonSchema)]
pub struct CommitAnswer<'a> {
    commit: CommitLine,
    /// How many changes of the plan it made.
    changes_total: usize,
    changes: Vec<ChangeLine<'a>>,
    /// How many observations it recorded where you may read.
    observations_total: usize,
    observations: Vec<CommittedLine>,
}

#[derive(Serialize, JsonSchema)]
struct CommittedLine {
    measure: String,
    #[serde(flatten)]
    recorded: ObservationLine,
    /// What was known there before.
    before: Option<ObservationLine>,
}

/// Reads one commit.
///
/// # Errors
/// As of the use case.
pub async fn commit(Path(number): Path<String>, caller: Caller) -> ApiResult {
    let number = number.parse().map_err(|_| WebError::NotThere)?;
    let read = history::commit_changes(&caller.ctx, number, caller.page.range()).await?;
    let observations = read.observations.iter().map(|(recorded, before)| {
        let cell = &recorded.observation.cell;
        let plan = read.plan_of(cell);
        let line = |recorded| ObservationLine::of(recorded, plan);
        CommittedLine {
            measure: names::key(plan, (Kind::Measure, cell.measure.as_uuid())),
            recorded: line(recorded),
            before: before.as_ref().map(line),
        }
    });
    let answer = CommitAnswer {
        commit: commit_line(&read.told),
        changes_total: read.differences.len(),
        changes: caller.page.of(read.differences.iter().map(change)),
        observations_total: read.readable,
        observations: observations.collect(),
    };
    caller.listed(&answer, read.readable.max(read.differences.len()))
}

/// The corrections of a measure, the latest first.
#[derive(Serialize, JsonSchema)]
pub struct CorrectionsAnswer {
    measure: String,
    unit: String,
    known_at: String,
    /// How many there are in all.
    total: usize,
    corrections: Vec<CorrectionLine>,
}

#[derive(Serialize, JsonSchema)]
struct CorrectionLine {
    /// The measure, which may be a part of the formula of the one that is asked for.
    measure: String,
    before: ObservationLine,
    after: ObservationLine,
    /// The commit that made it.
    commit: Option<CommitLine>,
}

/// Lists the corrections of a measure.
///
/// # Errors
/// As of the use case.
pub async fn corrections(Path(key): Path<String>, caller: Caller) -> ApiResult {
    let range = caller.page.range();
    let read = throughline_app::corrections(&caller.ctx, &key, &caller.selection(), range).await?;
    let model = &read.selected.model;
    let shown = read.corrections.shown.iter().map(|one| {
        let measure = one.after.observation.cell.measure;
        CorrectionLine {
            measure: names::key(model, (Kind::Measure, measure.as_uuid())),
            before: ObservationLine::of(&one.before, model),
            after: ObservationLine::of(&one.after, model),
            commit: read.commits.get(&one.after.commit).map(commit_line),
        }
    });
    let answer = CorrectionsAnswer {
        measure: key,
        unit: read.selected.unit_key(),
        known_at: read.selected.known_at.to_string(),
        total: read.corrections.all,
        corrections: shown.collect(),
    };
    caller.listed(&answer, read.corrections.all)
}

/// Lists the versions of a record.
///
/// # Errors
/// As of the use case; if there is no such kind.
pub async fn of_record(Path((kind, key)): Path<(String, String)>, caller: Caller) -> ApiResult {
    let kind = kind_of(&kind)?;
    let mut read = history::record_history(&caller.ctx, &format!("{}/{key}", kind.word())).await?;
    let total = read.versions.len();
    read.versions = caller.page.of(read.versions);
    caller.listed(&Record::of(&read), total)
}

/// Lists each value that was recorded for a cell.
///
/// # Errors
/// As of the use case; if unit or period is missing.
pub async fn values(Path(key): Path<String>, caller: Caller) -> ApiResult {
    let (unit, period) = (caller.required("unit")?, caller.required("period")?);
    let mut read = history::cell_history(&caller.ctx, &key, unit, period).await?;
    let total = read.values.len();
    read.values = caller.page.of(read.values);
    caller.listed(&Values::of(&read), total)
}

/// What changed in the plan between two dates.
#[derive(Serialize, JsonSchema)]
pub struct DiffAnswer<'a> {
    from: String,
    to: String,
    /// How many changes there are in all.
    total: usize,
    changes: Vec<ChangeLine<'a>>,
}

/// Compares the plans of two dates.
///
/// # Errors
/// As of the use case; if a date is missing.
pub async fn diff(caller: Caller) -> ApiResult {
    let read = history::plan_changes(&caller.ctx, &span(&caller)?).await?;
    let total = read.differences.len();
    let answer = DiffAnswer {
        from: read.from.to_string(),
        to: read.to.to_string(),
        total,
        changes: caller.page.of(read.differences.iter().map(change)),
    };
    caller.listed(&answer, total)
}

/// Compares the readings of two dates.
///
/// # Errors
/// As of the use case; if a date is missing.
pub async fn restatements(caller: Caller) -> ApiResult {
    let measure = caller.value("measure");
    let asked = caller.selection();
    let mut read = history::restatements(&caller.ctx, measure, &asked, &span(&caller)?).await?;
    let total = read.restated.len();
    read.restated = caller.page.of(read.restated);
    caller.listed(&Restated::of(&read), total)
}

/// Lists the points of targets that have moved.
///
/// # Errors
/// As of the use case.
pub async fn target_drift(caller: Caller) -> ApiResult {
    let (measure, unit) = (caller.value("measure"), caller.value("unit"));
    let mut read = history::target_drift(&caller.ctx, measure, unit).await?;
    let total = read.drifts.len();
    read.drifts = caller.page.of(read.drifts);
    caller.listed(&Drifted::of(&read), total)
}

/// Two dates as the use cases take them.
fn span(caller: &Caller) -> Result<String, super::problem::Refusal> {
    Ok(format!(
        "{}..{}",
        caller.required("from")?,
        caller.required("to")?
    ))
}
