//! What a commit did in a review, in words: to be told right after it, with the offer to take it back.

use throughline_model::records::{AnyRecord, ReviewState};
use throughline_model::{Kind, observation::CommitNumber};
use uuid::Uuid;

use crate::words;

/// What a commit did to one record of a review.
#[derive(Debug, Clone, PartialEq)]
pub struct Act {
    /// The commit.
    pub commit: CommitNumber,
    /// The record before; none where the commit made it. Whole, so that it can be put back, and told to nobody.
    pub(super) before: Option<AnyRecord>,
    /// The record after; none where the commit retired it.
    pub(super) after: Option<AnyRecord>,
    /// The key of the record.
    pub key: String,
    /// The kind of the record.
    pub kind: Kind,
    /// The id of the record.
    pub id: Uuid,
}

impl Act {
    /// What was done, as a sentence.
    #[must_use]
    pub fn words(&self) -> String {
        if let [before, Some(after)] = states(self) {
            return step_in_words(before, after).to_owned();
        }
        let what = match self.kind {
            Kind::Cause => "Root cause".to_owned(),
            Kind::Remark => "Note".to_owned(),
            kind => words::sentence(kind.word()),
        };
        let done = match (&self.before, &self.after) {
            (None, _) => "is recorded",
            (Some(_), None) => "is withdrawn",
            (Some(_), Some(_)) => "is changed",
        };
        format!("{what} {} {done}.", self.key)
    }
}

/// How far a review is before and after, where an act changed one.
pub(super) fn states(act: &Act) -> [Option<ReviewState>; 2] {
    [&act.before, &act.after].map(|record| match record {
        Some(AnyRecord::Review(review)) => Some(review.state()),
        _ => None,
    })
}

fn step_in_words(before: Option<ReviewState>, after: ReviewState) -> &'static str {
    match (before, after) {
        (None, _) => "The review is prepared.",
        (Some(before), after) if after < before => "The step is taken back.",
        (Some(ReviewState::InSession), ReviewState::InSession) => "Who is present is marked.",
        (_, ReviewState::Prepared) => "The review is changed.",
        (_, ReviewState::Frozen) => "The figures are frozen: the pack is made of them.",
        (_, ReviewState::InSession) => "The review is open.",
        (_, ReviewState::CalledOff) => "The review is called off.",
        (_, ReviewState::Closed) => "The review is closed, and its minutes are written.",
    }
}
