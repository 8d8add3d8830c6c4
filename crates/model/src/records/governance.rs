//! Who decides together: bodies with their members and their cadence, and the reviews that they hold.

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use throughline_core::id::{BodyId, MeasureId, PersonId, UnitId};
use throughline_core::period::Period;

use super::Silence;
use crate::fields::{Count, Element, Key, Markdown, Recurrence, words};
use crate::record::{group, named_by_key, record};

words! {
    /// What somebody is in a body.
    MemberRole default Member {
        /// Leads its meetings, and decides where the body says nothing else.
        Chair = "chair",
        /// Takes part.
        Member = "member",
        /// Takes part and keeps its records.
        Secretary = "secretary",
    }
}

group! {
    /// A person in a body.
    Member {
        /// Who.
        public person: PersonId,
        /// As what; member where empty.
        public role: MemberRole,
    }
}

impl Element for Member {
    const KEY: &'static [&'static str] = &["person"];
}

group! {
    /// When a body meets, as in a calendar.
    Cadence {
        /// How it repeats, as a rule of RFC 5545: `FREQ=MONTHLY;BYDAY=2TU`.
        public rule: Recurrence,
        /// The day from which the rule counts.
        public first: Date,
        /// The time of day at which it begins, in the time zone of the organisation.
        public at: Time,
        /// How long it takes, in minutes.
        public minutes: Count,
    }
}

record! {
    /// A committee: it meets in a cadence, reviews what it answers for and decides.
    Body(BodyId) {
        /// Its readable key.
        public key: Key,
        /// Its name.
        public name: String,
        /// What it is there for.
        public about: Option<Markdown>,
        /// The unit that it answers for, with all below it; the topmost where empty.
        public unit: Option<UnitId>,
        /// The measures that it reviews; those of the unit's whole scorecard where empty.
        public measures: Vec<MeasureId>,
        /// Who belongs to it.
        public members: Vec<Member>,
        /// How many of them must be there for it to decide.
        public quorum: Option<Count>,
        /// Who decides; the chair where empty.
        public decides: Option<PersonId>,
        /// When it meets.
        public cadence: Option<Cadence>,
        /// Lints that do not hold for this body, each with its reason.
        public silences: Vec<Silence>,
    }
}

impl Body {
    /// Whether a person belongs to it.
    pub fn has(&self, person: PersonId) -> bool {
        self.members.iter().any(|member| member.person == person)
    }

    /// Who leads its meetings.
    pub fn chair(&self) -> Option<PersonId> {
        let mut members = self.members.iter();
        members
            .find(|member| member.role == MemberRole::Chair)
            .map(|member| member.person)
    }

    /// Whether a person may lead it: its chairs; where it has none whoever decides in it, or else each of its members.
    pub fn is_led_by(&self, person: PersonId) -> bool {
        let is_chair = |member: &&Member| member.role == MemberRole::Chair;
        let mut chairs = self.members.iter().filter(is_chair).peekable();
        match (chairs.peek(), self.decides) {
            (Some(_), _) => chairs.any(|member| member.person == person),
            (None, Some(decider)) => decider == person,
            (None, None) => self.has(person),
        }
    }

    /// Who decides in it.
    pub fn decider(&self) -> Option<PersonId> {
        self.decides.or_else(|| self.chair())
    }
}

/// How far a review is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReviewState {
    /// Its agenda follows the figures as they come in.
    Prepared,
    /// Its figures are those that were known when it was frozen.
    Frozen,
    /// It is being held.
    InSession,
    /// It is over.
    Closed,
    /// It is not held.
    CalledOff,
}

impl ReviewState {
    /// The words for it.
    pub const fn words(self) -> &'static str {
        match self {
            ReviewState::Prepared => "prepared",
            ReviewState::Frozen => "frozen",
            ReviewState::InSession => "in session",
            ReviewState::Closed => "closed",
            ReviewState::CalledOff => "called off",
        }
    }

    /// Whether nothing is to be done in it any more.
    pub const fn is_over(self) -> bool {
        matches!(self, ReviewState::Closed | ReviewState::CalledOff)
    }
}

group! {
    /// That a review is not held.
    CalledOff {
        /// When that was said.
        public at: Timestamp,
        /// Why, in a few words.
        public why: String,
        /// Who said it.
        public by: Option<PersonId>,
    }
}

record! {
    /// A meeting of a body about a period.
    Review(ReviewId) {
        /// Its readable key.
        public key: Key,
        /// The body that holds it.
        public body: BodyId,
        /// The period that it looks at.
        public period: Period,
        /// The day on which it is held.
        public on: Date,
        /// The time of day at which it begins, in the time zone of the organisation.
        public at: Option<Time>,
        /// How long it takes, in minutes; as the body's cadence says where empty.
        public minutes: Option<Count>,
        /// The instant at which its figures were fixed: it reads what was known then.
        public frozen: Option<Timestamp>,
        /// When it was opened.
        public opened: Option<Timestamp>,
        /// When it was closed.
        public closed: Option<Timestamp>,
        /// That it was called off before it was opened, and why.
        public called_off: Option<CalledOff>,
        /// Who was there.
        public present: Vec<PersonId>,
        /// Lints that do not hold for this review, each with its reason.
        public silences: Vec<Silence>,
    }
}

impl Review {
    /// How far it is, by what is recorded of it.
    pub fn state(&self) -> ReviewState {
        if self.called_off.is_some() {
            return ReviewState::CalledOff;
        }
        match (self.frozen, self.opened, self.closed) {
            (_, _, Some(_)) => ReviewState::Closed,
            (_, Some(_), None) => ReviewState::InSession,
            (Some(_), None, None) => ReviewState::Frozen,
            (None, None, None) => ReviewState::Prepared,
        }
    }
}

named_by_key!(Body, Review);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_review_is_as_far_as_what_is_recorded_of_it() {
        let at = Some(Timestamp::UNIX_EPOCH);
        let check = |frozen, opened, closed, expected| {
            let mut review = Review {
                key: Key::new("r").unwrap(),
                body: BodyId::from_uuid(uuid::Uuid::nil()),
                period: throughline_core::calendar::Calendar::default()
                    .parse_period("2013-06")
                    .unwrap(),
                on: jiff::civil::date(2013, 7, 9),
                at: None,
                minutes: None,
                frozen,
                opened,
                closed,
                called_off: None,
                present: vec![],
                silences: vec![],
            };
            assert_eq!(review.state(), expected);
            assert_eq!(review.state().is_over(), expected == ReviewState::Closed);
            review.called_off = Some(CalledOff {
                at: Timestamp::UNIX_EPOCH,
                why: "Snow".to_owned(),
                by: None,
            });
            assert_eq!(review.state(), ReviewState::CalledOff);
            assert!(review.state().is_over());
        };
        check(None, None, None, ReviewState::Prepared);
        check(at, None, None, ReviewState::Frozen);
        check(at, at, None, ReviewState::InSession);
        check(at, at, at, ReviewState::Closed);
    }
}
