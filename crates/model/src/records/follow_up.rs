//! What comes of a review: decisions with the effect that they predict, actions, root causes, lessons and what was noted.

use jiff::civil::Date;
use throughline_core::id::{MeasureId, PersonId, ReviewId, UnitId};
use throughline_core::period::Period;

use super::Silence;
use crate::fields::{Element, Key, Markdown};
use crate::record::{group, named_by_key, record};

group! {
    /// The change of a measure that a decision is expected to bring, so that it can be looked at afterwards.
    PredictedEffect {
        /// The measure that changes.
        public measure: MeasureId,
        /// The unit at which it is read; the topmost where empty.
        public unit: Option<UnitId>,
        /// By how much, in the unit of the measure's values: 0.02 for two points of a ratio.
        public change: f64,
        /// The least change that would still be as predicted.
        public least: f64,
        /// The greatest change that would still be as predicted.
        public most: f64,
        /// The period whose value the change is counted from.
        public since: Period,
        /// The period in which the change is there.
        public by: Period,
    }
}

record! {
    /// What was decided, why, and what it is to bring.
    Decision(DecisionId) {
        /// Its readable key.
        public key: Key,
        /// What was decided.
        public what: String,
        /// Why.
        public why: Option<Markdown>,
        /// Who decided it.
        public decided_by: Option<PersonId>,
        /// On which day.
        public on: Date,
        /// The review in which it was decided.
        public review: Option<ReviewId>,
        /// The item of the agenda that it was about, such as `measure/on-time-arrival`.
        public item: Option<String>,
        /// The measure that it is about.
        public measure: Option<MeasureId>,
        /// The unit that it is about.
        public unit: Option<UnitId>,
        /// What it is predicted to bring.
        public effect: Option<PredictedEffect>,
        /// Lints that do not hold for this decision, each with its reason.
        public silences: Vec<Silence>,
    }
}

record! {
    /// What somebody does until a day.
    Action(ActionId) {
        /// Its readable key.
        public key: Key,
        /// What is to be done.
        public what: String,
        /// Who does it.
        public who: PersonId,
        /// Until when.
        public due: Date,
        /// When it was done.
        public done: Option<Date>,
        /// The review in which it was agreed.
        public review: Option<ReviewId>,
        /// The item of the agenda that it was about.
        public item: Option<String>,
        /// The measure that it is for.
        public measure: Option<MeasureId>,
        /// The unit that it is for.
        public unit: Option<UnitId>,
        /// Lints that do not hold for this action, each with its reason.
        public silences: Vec<Silence>,
    }
}

impl Action {
    /// Whether it should have been done before a day and is not.
    pub fn is_overdue_on(&self, day: Date) -> bool {
        self.done.is_none() && self.due < day
    }
}

group! {
    /// An answer to the question why, which the next one asks about.
    Because {
        /// The answer.
        public because: String,
    }
}

impl Element for Because {
    const KEY: &'static [&'static str] = &["because"];
}

record! {
    /// A root cause, found by asking why again and again.
    Cause(CauseId) {
        /// Its readable key.
        public key: Key,
        /// What is asked about: why did this happen?
        public what: String,
        /// The answers, each to why the one before is so.
        public whys: Vec<Because>,
        /// The review in which it was found.
        public review: Option<ReviewId>,
        /// The item of the agenda that it was about.
        public item: Option<String>,
        /// The measure that it explains.
        public measure: Option<MeasureId>,
        /// The unit where it was found.
        public unit: Option<UnitId>,
        /// Lints that do not hold for this cause, each with its reason.
        public silences: Vec<Silence>,
    }
}

record! {
    /// What was learned, and where it applies.
    Lesson(LessonId) {
        /// Its readable key.
        public key: Key,
        /// What was learned.
        public what: String,
        /// The review in which it was learned.
        public review: Option<ReviewId>,
        /// The item of the agenda that it came from.
        public item: Option<String>,
        /// The measure that it is about.
        public measure: Option<MeasureId>,
        /// The unit where it applies, with all below it; everywhere where empty.
        public unit: Option<UnitId>,
        /// Lints that do not hold for this lesson, each with its reason.
        public silences: Vec<Silence>,
    }
}

record! {
    /// What was noted in a review and is neither a decision nor anything else that comes of it.
    Remark(RemarkId) {
        /// Its readable key.
        public key: Key,
        /// What was noted.
        public what: String,
        /// The review in which it was noted.
        public review: ReviewId,
        /// The item of the agenda that it is about; the whole review where empty.
        public item: Option<String>,
        /// The measure that it is about.
        public measure: Option<MeasureId>,
        /// The unit of the body that held the review.
        public unit: Option<UnitId>,
        /// Lints that do not hold for this remark, each with its reason.
        public silences: Vec<Silence>,
    }
}

named_by_key!(Decision, Action, Cause, Lesson, Remark);
