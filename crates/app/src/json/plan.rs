//! The shapes of `check`, `diff`, `apply`, `export`, `load`, `erase` and `verify`.

use std::collections::BTreeMap;

use crate::{
    AppliedPlan, CheckedPlan, ErasedPerson, ExportedPlan, LoadedObservations, PlanConflict,
    PlanDiff, Remarks,
};
use schemars::JsonSchema;
use serde::Serialize;
use throughline_core::Finding;
use throughline_ledger::Commit;
use throughline_model::Kind;
use throughline_model::diff::{Changed, Difference};
use throughline_model::text::Diagnostic;

use super::Part;

/// An error, warning or conflict, with its place where there is one.
#[derive(Serialize, JsonSchema)]
pub struct FindingLine<'a> {
    severity: String,
    code: &'a str,
    message: &'a str,
    help: Option<&'a str>,
    record: Option<PlaceLine>,
    file: Option<&'a str>,
    line: Option<usize>,
    column: Option<usize>,
    length: Option<usize>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related: Vec<RelatedLine<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    changed_by: Option<CommitLine>,
}

/// A record, or a part of one.
#[derive(Serialize, JsonSchema)]
struct PlaceLine {
    kind: &'static str,
    key: String,
    path: Option<String>,
}

/// A record.
#[derive(Serialize, JsonSchema)]
pub struct RecordLine {
    kind: &'static str,
    key: String,
}

#[derive(Serialize, JsonSchema)]
struct RelatedLine<'a> {
    label: &'a str,
    file: &'a str,
    line: usize,
    column: usize,
    length: usize,
}

fn finding<'a>(finding: &'a Finding, at: Option<&'a Diagnostic>) -> FindingLine<'a> {
    let record = finding.place.as_ref().map(|place| PlaceLine {
        kind: place.kind,
        key: place.key.clone(),
        path: (!place.path.is_empty()).then(|| place.path.to_string()),
    });
    let related = at
        .into_iter()
        .flat_map(|at| &at.related)
        .map(|related| RelatedLine {
            label: &related.label,
            file: &related.file,
            line: related.line,
            column: related.column,
            length: related.length,
        });
    FindingLine {
        severity: finding.severity.to_string(),
        code: finding.code,
        message: &finding.message,
        help: finding.help.as_deref(),
        record,
        file: at.map(|at| at.file.as_str()),
        line: at.map(|at| at.line),
        column: at.map(|at| at.column),
        length: at.map(|at| at.length),
        related: related.collect(),
        changed_by: None,
    }
}

/// All errors and warnings.
pub fn findings(remarks: &Remarks) -> Vec<FindingLine<'_>> {
    let placed = remarks
        .placed
        .iter()
        .map(|diagnostic| finding(&diagnostic.finding, Some(diagnostic)));
    placed
        .chain(
            remarks
                .unplaced
                .iter()
                .map(|unplaced| finding(unplaced, None)),
        )
        .collect()
}

/// A conflict, with who made the other change.
pub fn conflict(conflict: &PlanConflict) -> FindingLine<'_> {
    let at = conflict.diagnostic.as_ref();
    let changed_by = conflict
        .changed_by
        .as_ref()
        .map(|commit| CommitLine::of(commit, conflict.author.clone()));
    FindingLine {
        changed_by,
        ..finding(&conflict.finding, at)
    }
}

/// A commit.
#[derive(Serialize, JsonSchema)]
pub struct CommitLine {
    commit: u64,
    hash: String,
    at: String,
    recorded_at: String,
    author: Option<String>,
    origin: String,
    reason: Option<String>,
    kind: String,
    records: u64,
    observations: u64,
}

impl CommitLine {
    /// The commit of the author with that key.
    pub fn of(commit: &Commit, author: Option<String>) -> CommitLine {
        CommitLine {
            commit: commit.number.0,
            hash: commit.hash.to_string(),
            at: commit.at.to_string(),
            recorded_at: commit.recorded_at.to_string(),
            author,
            origin: commit.origin.to_string(),
            reason: commit.reason.clone(),
            kind: commit.kind.to_string(),
            records: commit.records,
            observations: commit.observations,
        }
    }
}

/// The answer of `check`.
#[derive(Serialize, JsonSchema)]
pub struct Checked<'a> {
    errors: usize,
    warnings: usize,
    records: usize,
    findings: Vec<FindingLine<'a>>,
    left_out: usize,
}

impl Checked<'_> {
    /// The answer.
    pub fn of(checked: &CheckedPlan) -> Checked<'_> {
        Checked {
            errors: checked.remarks.errors(),
            warnings: checked.remarks.warnings(),
            records: checked.records,
            findings: findings(&checked.remarks),
            left_out: checked.remarks.left_out,
        }
    }
}

/// One change of the plan.
#[derive(Serialize, JsonSchema)]
pub struct ChangeLine<'a> {
    kind: &'static str,
    key: &'a str,
    change: &'static str,
    path: Option<String>,
    before: Option<Part<'a>>,
    after: Option<Part<'a>>,
    text: String,
}

/// One change of the plan.
pub fn change(difference: &Difference) -> ChangeLine<'_> {
    let (change, path, before, after) = match &difference.change {
        Changed::Added(after) => ("added", None, None, Some(Part(after))),
        Changed::Retired(before) => ("retired", None, Some(Part(before)), None),
        Changed::Renamed(_) => ("renamed", None, None, None),
        Changed::Reordered(..) => ("reordered", None, None, None),
        Changed::Part(part) => {
            let [before, after] = [&part.before, &part.after].map(|side| side.as_ref().map(Part));
            ("changed", Some(part.path.to_string()), before, after)
        }
    };
    ChangeLine {
        kind: difference.kind.word(),
        key: &difference.key,
        change,
        path,
        before,
        after,
        text: difference.to_string(),
    }
}

fn left_out(records: &[(Kind, String)]) -> Vec<RecordLine> {
    records
        .iter()
        .map(|(kind, key)| RecordLine {
            kind: kind.word(),
            key: key.clone(),
        })
        .collect()
}

/// The answer of `diff`.
#[derive(Serialize, JsonSchema)]
pub struct Diffed<'a> {
    changes: Vec<ChangeLine<'a>>,
    conflicts: Vec<FindingLine<'a>>,
    left_out: Vec<RecordLine>,
    consequences: Vec<FindingLine<'a>>,
    findings: Vec<FindingLine<'a>>,
    errors: usize,
    warnings: usize,
}

impl Diffed<'_> {
    /// The answer.
    pub fn of(diff: &PlanDiff) -> Diffed<'_> {
        Diffed {
            changes: diff.differences.iter().map(change).collect(),
            conflicts: diff.conflicts.iter().map(conflict).collect(),
            left_out: left_out(&diff.left_out),
            consequences: findings(&diff.consequences),
            findings: findings(&diff.remarks),
            errors: diff.remarks.errors(),
            warnings: diff.remarks.warnings(),
        }
    }
}

/// The answer of `apply`.
#[derive(Serialize, JsonSchema)]
pub struct Applied<'a> {
    commit: Option<CommitLine>,
    changes: Vec<ChangeLine<'a>>,
    newer: Vec<ChangeLine<'a>>,
    left_out: Vec<RecordLine>,
    consequences: Vec<FindingLine<'a>>,
    base: Option<String>,
    warnings: usize,
}

impl Applied<'_> {
    /// The answer, for the author with that key.
    pub fn of<'a>(applied: &'a AppliedPlan, author: Option<&str>) -> Applied<'a> {
        Applied {
            commit: applied
                .commit
                .as_ref()
                .map(|commit| CommitLine::of(commit, author.map(str::to_owned))),
            changes: applied.differences.iter().map(change).collect(),
            newer: applied.newer.iter().map(change).collect(),
            left_out: left_out(&applied.left_out),
            consequences: findings(&applied.consequences),
            base: applied.base.as_ref().map(ToString::to_string),
            warnings: applied.remarks.warnings(),
        }
    }
}

/// The answer of `export`.
#[derive(Serialize, JsonSchema)]
pub struct Exported<'a> {
    base: u64,
    files: Vec<&'a str>,
    /// By section, the fields that whoever asked may not see.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    left_out: BTreeMap<&'static str, Vec<&'static str>>,
}

impl Exported<'_> {
    /// The answer.
    pub fn of(exported: &ExportedPlan) -> Exported<'_> {
        Exported {
            base: exported.base.0,
            files: exported
                .files
                .iter()
                .map(|file| file.path.as_str())
                .collect(),
            left_out: exported
                .left_out
                .iter()
                .map(|(kind, fields)| (kind.section(), fields.iter().copied().collect()))
                .collect(),
        }
    }
}

/// The answer of `load`.
#[derive(Serialize, JsonSchema)]
pub struct Loaded<'a> {
    read: u64,
    written: u64,
    corrections: u64,
    unchanged: u64,
    rejected: u64,
    commits: Vec<CommitLine>,
    findings: Vec<FindingLine<'a>>,
}

impl Loaded<'_> {
    /// The answer, for the author with that key.
    pub fn of<'a>(loaded: &'a LoadedObservations, author: Option<&str>) -> Loaded<'a> {
        let commit = |commit| CommitLine::of(commit, author.map(str::to_owned));
        Loaded {
            read: loaded.read,
            written: loaded.written,
            corrections: loaded.corrections,
            unchanged: loaded.unchanged,
            rejected: loaded.rejected,
            commits: loaded.commits.iter().map(commit).collect(),
            findings: findings(&loaded.remarks),
        }
    }
}

/// The answer of `erase`.
#[derive(Serialize, JsonSchema)]
pub struct Erased {
    commit: Option<CommitLine>,
    unfinished: Option<String>,
}

impl Erased {
    /// The answer.
    pub fn of(erased: &ErasedPerson, author: Option<&str>) -> Erased {
        let commit = erased.commit.as_ref();
        Erased {
            commit: commit.map(|commit| CommitLine::of(commit, author.map(str::to_owned))),
            unfinished: erased.unfinished.clone(),
        }
    }
}
