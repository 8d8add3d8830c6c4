//! What can be recorded in a review, as it is asked for: decisions, actions, root causes, lessons and notes.

use jiff::civil::Date;
use throughline_model::Kind;

/// What is to be recorded.
#[derive(Debug, Clone, PartialEq)]
pub enum Recorded {
    /// A decision.
    Decision(NewDecision),
    /// An action.
    Action(NewAction),
    /// A root cause.
    Cause(NewCause),
    /// A lesson.
    Lesson(NewLesson),
    /// A note.
    Remark(NewRemark),
}

/// The kinds of what is recorded.
pub(super) const RECORDED: [Kind; 5] = [
    Kind::Decision,
    Kind::Action,
    Kind::Cause,
    Kind::Lesson,
    Kind::Remark,
];

/// A decision, made while the review is in session.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct NewDecision {
    /// What was decided.
    pub what: String,
    /// Why.
    pub why: String,
    /// The key of the person who decided it, who is there; the body together where it is empty.
    pub decided_by: String,
    /// What it is predicted to bring.
    pub effect: Option<NewEffect>,
}

/// A predicted effect, in the measure's own unit.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct NewEffect {
    /// The key of the measure.
    pub measure: String,
    /// By how much it changes.
    pub change: f64,
    /// The least change that is as predicted.
    pub least: f64,
    /// The greatest change that is as predicted.
    pub most: f64,
    /// The name of the period in which the change is there.
    pub by: String,
}

/// An action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAction {
    /// What is to be done.
    pub what: String,
    /// The key of the person who does it.
    pub who: String,
    /// Until when.
    pub due: Date,
}

/// A root cause.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewCause {
    /// What is asked about.
    pub what: String,
    /// The answers, each to why the one before is so.
    pub whys: Vec<String>,
}

/// A lesson.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewLesson {
    /// What was learned.
    pub what: String,
}

/// A note: what was said and is nothing of the others.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewRemark {
    /// What was noted.
    pub what: String,
}
