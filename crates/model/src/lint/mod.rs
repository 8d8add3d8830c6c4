//! What a good plan has, beyond being one that can be calculated: each lint is one question that a strategy office
//! would ask, with the reason why it matters. A lint can be silenced, with a reason, at the record or for the plan.

mod balance;
mod horizon;
mod map;
mod measures;
mod people;
mod silence;
mod survey;
mod targets;
#[cfg(test)]
mod tests;

use throughline_core::finding::{FieldPath, Finding, Place};
use uuid::Uuid;

use self::survey::Survey;
use crate::kind::Kind;
use crate::model::Model;
use crate::record::{Entry, Record};
use crate::value::Names;

/// A question about a plan.
pub struct Lint {
    /// Its stable name, by which it is silenced.
    pub code: &'static str,
    /// What it finds, in a few words.
    pub title: &'static str,
    /// Why that matters.
    pub reason: &'static str,
    find: fn(&Survey<'_>) -> Vec<Hit>,
}

/// Every lint, in the order in which a plan is read.
pub static LINTS: [Lint; 31] = [
    map::NO_STRATEGY,
    map::OBJECTIVE_WITHOUT_MEASURE,
    map::LAGGING_WITHOUT_LEADING,
    targets::OBJECTIVE_WITHOUT_DUE,
    balance::PERSPECTIVE_WITHOUT_OBJECTIVE,
    balance::PERSPECTIVES_OUT_OF_BALANCE,
    balance::NOTHING_NON_FINANCIAL,
    map::BEHAVIOUR_WITHOUT_MEASURE,
    map::BEHAVIOUR_LEADS_NOWHERE,
    map::OUTCOME_LEADS_NOWHERE,
    map::LINK_WITHOUT_RATIONALE,
    map::LINK_WITHOUT_LAG,
    map::LINK_WITHOUT_REVIEW,
    map::LINK_CYCLE,
    measures::MEASURE_WITHOUT_OWNER,
    measures::MEASURE_WITHOUT_STEWARD,
    measures::MEASURE_WITHOUT_VALIDATOR,
    measures::OWNER_VALIDATES,
    measures::SHARE_WITHOUT_GREATEST,
    measures::MEASURE_USED_NOWHERE,
    measures::TOO_MANY_MEASURES,
    targets::TARGET_WITHOUT_END,
    targets::CHILDREN_DO_NOT_ADD_UP,
    targets::LINE_MISSES_ITS_POINTS,
    targets::BASELINE_AFTER_POINTS,
    horizon::OUTSIDE_HORIZON,
    people::SEVERAL_TOPMOST_UNITS,
    people::UNIT_WITHOUT_PEOPLE,
    people::INITIATIVE_SERVES_NOTHING,
    people::INITIATIVE_WITHOUT_OWNER,
    people::INITIATIVE_WITHOUT_MILESTONES,
];

/// A place at which a lint finds something.
struct Hit {
    /// The record; `None` where it is about the plan as a whole.
    record: Option<(Kind, Uuid)>,
    path: FieldPath,
    message: String,
    help: &'static str,
}

impl Hit {
    /// Something about a record.
    fn at<R: Record>(entry: &Entry<R>, message: impl Into<String>, help: &'static str) -> Hit {
        Hit {
            record: Some((R::KIND, entry.id)),
            path: FieldPath::new(),
            message: message.into(),
            help,
        }
    }

    /// Something about the plan as a whole.
    fn of_plan(message: impl Into<String>, help: &'static str) -> Hit {
        Hit {
            record: None,
            path: FieldPath::new(),
            message: message.into(),
            help,
        }
    }

    /// The same, at a field of the record.
    fn field(mut self, name: &'static str) -> Hit {
        self.path = self.path.field(name);
        self
    }

    /// The same, at an element of the list that it is at.
    fn index(mut self, index: usize) -> Hit {
        self.path = self.path.index(index);
        self
    }

    fn finding(self, lint: &Lint, model: &Model) -> Finding {
        let finding = Finding::warning(lint.code, self.message).with_help(self.help);
        match self.record {
            Some((kind, id)) => {
                let key = model.name(&[kind], kind, id);
                finding.at(Place::record(kind.word(), key).path(self.path))
            }
            None => finding,
        }
    }
}

/// What a plan lacks to be a good one, lint by lint, silenced places left out. Silences that name no lint, or silence
/// nothing, are said last.
pub fn lint(model: &Model) -> Vec<Finding> {
    let survey = Survey::of(model);
    let mut silences = silence::Silences::of(model);
    let mut findings = Vec::new();
    for lint in &LINTS {
        for hit in (lint.find)(&survey) {
            if !silences.silence(lint.code, hit.record) {
                findings.push(hit.finding(lint, model));
            }
        }
    }
    findings.extend(silences.findings(model));
    findings
}

/// The lint of that code.
pub fn explain(code: &str) -> Option<&'static Lint> {
    LINTS.iter().find(|lint| lint.code == code)
}

/// The page of all lints, in Markdown.
pub fn document() -> String {
    let mut page = String::from(
        "# What a good plan has\n\n\
         `throughline check` warns where a plan could be better, and says why. A lint can be silenced with a reason, at\n\
         the record that it is about or, for the whole plan, at the organisation:\n\n\
         ```yaml\n\
         silences: [{ lint: measure-without-validator, reason: The regulator checks it. }]\n\
         ```\n\n\
         `throughline check --explain CODE` shows the reason on the command line. This page is written by\n\
         `cargo xtask generate`.\n",
    );
    for lint in &LINTS {
        page.push_str(&format!(
            "\n## `{}`\n\n**{}.** {}\n",
            lint.code, lint.title, lint.reason
        ));
    }
    page
}
