//! The plan as records, each as it would stand in a file, without what the caller may not see.

use schemars::JsonSchema;
use serde::{Serialize, Serializer};
use throughline_app::json::Part;
use throughline_app::{AppError, QUERY_LENGTH_MAX, ReadPlanRecords, find, plan_records};
use throughline_core::nearest;
use throughline_model::records::AnyRecord;
use throughline_model::{Kind, Model, Tree};

use super::caller::Caller;
use super::problem::{ApiResult, Problem, Refusal};
use crate::address::Path;

/// A stretch of the records of the plan.
#[derive(Serialize, JsonSchema)]
pub struct RecordsAnswer {
    /// How many there are in all.
    total: usize,
    records: Vec<RecordAnswer>,
}

/// A record of the plan.
#[derive(Serialize, JsonSchema)]
pub struct RecordAnswer {
    kind: &'static str,
    /// Its key; a target is named `measure@unit`, a link `cause>effect`.
    key: String,
    /// Its identity, which never changes.
    id: String,
    /// Its fields, as they would stand in a file of the plan.
    #[serde(serialize_with = "as_json")]
    #[schemars(with = "std::collections::BTreeMap<String, Part<'static>>")]
    record: Tree,
}

fn as_json<S: Serializer>(tree: &Tree, serializer: S) -> Result<S::Ok, S::Error> {
    Part(tree).serialize(serializer)
}

/// Lists every record of the plan.
///
/// # Errors
/// As of the use case.
pub async fn plan(caller: Caller) -> ApiResult {
    let read = plan_records(&caller.ctx, &caller.selection()).await?;
    listed(&caller, &read, &Kind::ALL)
}

/// Records by a part of their name or description.
#[derive(Serialize, JsonSchema)]
pub struct FoundAnswer {
    found: Vec<FoundLine>,
}

#[derive(Serialize, JsonSchema)]
struct FoundLine {
    kind: &'static str,
    key: String,
    name: String,
}

/// Finds records.
///
/// # Errors
/// As of the use case; if there is nothing to look for.
pub async fn found(caller: Caller) -> ApiResult {
    let text = caller.required("q")?;
    if text.chars().count() > QUERY_LENGTH_MAX {
        let message = format!("`q` has up to {QUERY_LENGTH_MAX} characters.");
        return Err(Problem::bad_request(message).into());
    }
    // One more than the page has says whether there is a next one.
    let most = caller.page.range().end + 1;
    let found = find(&caller.ctx, text, most).await?;
    let total = found.len();
    let lines = found.into_iter().map(|one| FoundLine {
        kind: one.kind.word(),
        key: one.key,
        name: one.name,
    });
    let answer = FoundAnswer {
        found: caller.page.of(lines),
    };
    caller.listed(&answer, total)
}

/// Lists the records of a kind.
///
/// # Errors
/// As of the use case; if there is no such kind.
pub async fn of_kind(Path(kind): Path<String>, caller: Caller) -> ApiResult {
    let kind = kind_of(&kind)?;
    let read = plan_records(&caller.ctx, &caller.selection()).await?;
    listed(&caller, &read, &[kind])
}

/// Reads one record.
///
/// # Errors
/// As of the use case; if there is no such kind or record.
pub async fn one(Path((kind, key)): Path<(String, String)>, caller: Caller) -> ApiResult {
    let kind = kind_of(&kind)?;
    let read = plan_records(&caller.ctx, &caller.selection()).await?;
    let Some(record) = read.record(kind, &key) else {
        return Err(AppError::not_found(format!("there is no {kind} `{key}` in the plan")).into());
    };
    caller.answer(&RecordAnswer::of(&record, read.model()))
}

fn listed(caller: &Caller, read: &ReadPlanRecords, kinds: &[Kind]) -> ApiResult {
    let records: Vec<_> = kinds.iter().flat_map(|kind| read.of_kind(*kind)).collect();
    let total = records.len();
    let records = caller.page.of(records);
    let answer = RecordsAnswer {
        total,
        records: records
            .iter()
            .map(|record| RecordAnswer::of(record, read.model()))
            .collect(),
    };
    caller.listed(&answer, total)
}

impl RecordAnswer {
    /// The record, with its references as keys of a plan.
    #[must_use]
    pub fn of(record: &AnyRecord, model: &Model) -> RecordAnswer {
        RecordAnswer {
            kind: record.kind().word(),
            key: record.key(model),
            id: record.id().to_string(),
            record: record.write(model),
        }
    }
}

/// The kind with that word.
///
/// # Errors
/// If there is none.
pub(super) fn kind_of(word: &str) -> Result<Kind, Refusal> {
    Kind::from_word(word).ok_or_else(|| {
        let error = AppError::not_found(format!("there is no kind of record `{word}`"));
        let words = Kind::ALL.map(|kind| kind.word());
        match nearest(word, words) {
            Some(near) => error.with_help(format!("did you mean `{near}`?")),
            None => error.with_help(format!("the kinds are {}", words.join(", "))),
        }
        .into()
    })
}
