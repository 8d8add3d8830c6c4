//! Who changed what, when and why.

use schemars::JsonSchema;
use serde::Serialize;
use throughline_app::history;
use throughline_app::json::history::{Commits, Drifted, Record, Restated, Values};
use throughline_app::json::plan::{ChangeLine, change};

use super::caller::Caller;
use super::problem::ApiResult;
use super::records::kind_of;
use crate::address::Path;

/// Lists the commits.
///
/// # Errors
/// As of the use case.
pub async fn commits(caller: Caller) -> ApiResult {
    let read = history::commits(&caller.ctx, caller.page.range()).await?;
    caller.listed(&Commits::of(&read.commits), read.all)
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
