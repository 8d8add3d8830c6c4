//! The shapes of `history`.

use crate::history::{CellHistory, DriftReport, RecordHistory, Restatements, Told};
use schemars::JsonSchema;
use serde::Serialize;
use throughline_model::Kind;

use super::plan::{ChangeLine, CommitLine, change};
use super::scorecard::{MeasureLine, measure};
use crate::words::names;

/// A commit, with who made it.
pub fn commit_line(told: &Told) -> CommitLine {
    CommitLine::of(&told.commit, told.author.clone())
}

/// The answer of `history`.
#[derive(Serialize, JsonSchema)]
pub struct Commits {
    commits: Vec<CommitLine>,
}

impl Commits {
    /// The answer.
    pub fn of(commits: &[Told]) -> Commits {
        Commits {
            commits: commits.iter().map(commit_line).collect(),
        }
    }
}

/// The answer of `history RECORD`.
#[derive(Serialize, JsonSchema)]
pub struct Record<'a> {
    kind: &'static str,
    key: &'a str,
    versions: Vec<VersionLine<'a>>,
}

#[derive(Serialize, JsonSchema)]
struct VersionLine<'a> {
    commit: CommitLine,
    is_erasure: bool,
    changes: Vec<ChangeLine<'a>>,
}

impl Record<'_> {
    /// The answer.
    pub fn of(history: &RecordHistory) -> Record<'_> {
        let version = |version: &'_ crate::history::Version| -> (CommitLine, bool) {
            (commit_line(&version.told), version.is_erasure)
        };
        let versions = history.versions.iter().map(|one| {
            let (commit, is_erasure) = version(one);
            VersionLine {
                commit,
                is_erasure,
                changes: one.differences.iter().map(change).collect(),
            }
        });
        Record {
            kind: history.kind.word(),
            key: &history.key,
            versions: versions.collect(),
        }
    }
}

/// The answer of `history MEASURE --unit U --period P`.
#[derive(Serialize, JsonSchema)]
pub struct Values<'a> {
    measure: &'a str,
    unit: String,
    period: String,
    values: Vec<ValueLine<'a>>,
}

#[derive(Serialize, JsonSchema)]
struct ValueLine<'a> {
    value: Option<f64>,
    weight: Option<f64>,
    state: Option<&'static str>,
    note: Option<&'a str>,
    recorded_at: String,
    commit: Option<CommitLine>,
}

impl Values<'_> {
    /// The answer.
    pub fn of(history: &CellHistory) -> Values<'_> {
        let value = |value: &'_ crate::history::RecordedValue| value.told.as_ref().map(commit_line);
        let values = history.values.iter().map(|one| {
            let observation = &one.recorded.observation;
            ValueLine {
                value: observation.value,
                weight: observation.weight,
                state: observation.state.map(|state| state.word()),
                note: observation.note.as_deref(),
                recorded_at: one.recorded.at.to_string(),
                commit: value(one),
            }
        });
        Values {
            measure: &history.measure,
            unit: names::key(&history.model, (Kind::Unit, history.unit.as_uuid())),
            period: history.model.calendar().name(&history.period),
            values: values.collect(),
        }
    }
}

/// The answer of `history --restatements`.
#[derive(Serialize, JsonSchema)]
pub struct Restated {
    unit: String,
    period: String,
    from: String,
    to: String,
    compared: usize,
    restatements: Vec<RestatementLine>,
}

#[derive(Serialize, JsonSchema)]
struct RestatementLine {
    measure: String,
    /// Whether it is a first value: nothing was read at the earlier date.
    first: bool,
    before: Option<MeasureLine>,
    after: Option<MeasureLine>,
    because: Vec<CommitLine>,
}

impl Restated {
    /// The answer.
    pub fn of(restatements: &Restatements) -> Restated {
        let line = |restated: &crate::history::Restatement| {
            let plan = &restated.plan;
            let line = |reading| measure(reading, plan);
            RestatementLine {
                measure: names::key(plan, (Kind::Measure, restated.measure.as_uuid())),
                first: restated.is_first(),
                before: restated.before.as_ref().map(line),
                after: restated.after.as_ref().map(line),
                because: restated.because.iter().map(commit_line).collect(),
            }
        };
        Restated {
            unit: restatements.selected.unit_key(),
            period: restatements.selected.period_name(),
            from: restatements.from.to_string(),
            to: restatements.to.to_string(),
            compared: restatements.compared,
            restatements: restatements.restated.iter().map(line).collect(),
        }
    }
}

/// The answer of `history --target-drift`.
#[derive(Serialize, JsonSchema)]
pub struct Drifted {
    targets: usize,
    drifts: Vec<DriftLine>,
}

#[derive(Serialize, JsonSchema)]
struct DriftLine {
    measure: String,
    unit: String,
    period: String,
    agreed: Option<f64>,
    today: Option<f64>,
    changes: usize,
    agreed_in: CommitLine,
    changed_in: CommitLine,
}

impl Drifted {
    /// The answer.
    pub fn of(report: &DriftReport) -> Drifted {
        let line = |drift: &crate::history::Drift| DriftLine {
            measure: names::key(&report.model, (Kind::Measure, drift.measure.as_uuid())),
            unit: names::key(&report.model, (Kind::Unit, drift.unit.as_uuid())),
            period: report.model.calendar().name(&drift.period),
            agreed: drift.agreed,
            today: drift.today,
            changes: drift.changes,
            agreed_in: commit_line(&drift.agreed_in),
            changed_in: commit_line(&drift.changed_in),
        };
        Drifted {
            targets: report.targets,
            drifts: report.drifts.iter().map(|drift| line(drift)).collect(),
        }
    }
}
