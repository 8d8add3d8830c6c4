//! Typed ids: a record's immutable identity, one type for each kind, so that a unit's id cannot be
//! taken for a person's. Keys are for people and can change; references are stored by id.
//!
//! Ids are version 7 UUIDs (RFC 9562): they sort by creation, which keeps indexes compact. Time and
//! randomness come in as arguments.

use std::fmt;

use jiff::Timestamp;
use thiserror::Error;
pub use uuid::Uuid;

/// A text that is no id.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("not an id; an id looks like 0192f3a1-7c40-7d3e-8b5f-2a6c9e1d4b70")]
pub struct IdError;

macro_rules! ids {
    ($($(#[$documentation:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$documentation])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Uuid);

        impl $name {
            /// The id with this UUID.
            #[must_use]
            pub const fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// A new id, drawn from the source.
            pub fn from_source(source: &mut (impl IdSource + ?Sized)) -> Self {
                Self(source.next())
            }

            /// The UUID of this id.
            #[must_use]
            pub const fn as_uuid(self) -> Uuid {
                self.0
            }

            /// The 16 bytes of this id, most significant first.
            #[must_use]
            pub const fn as_bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write_short(f, stringify!($name), self.0)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self.0.as_hyphenated(), f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                Uuid::try_parse(text).map(Self).map_err(|_| IdError)
            }
        }
    )+};
}

ids! {
    /// Identity of the organisation.
    OrganisationId,
    /// Identity of a unit.
    UnitId,
    /// Identity of a person.
    PersonId,
    /// Identity of a strategy.
    StrategyId,
    /// Identity of a perspective.
    PerspectiveId,
    /// Identity of a theme.
    ThemeId,
    /// Identity of an objective.
    ObjectiveId,
    /// Identity of an initiative.
    InitiativeId,
    /// Identity of an outcome.
    OutcomeId,
    /// Identity of a behaviour.
    BehaviourId,
    /// Identity of a causal link.
    LinkId,
    /// Identity of a measure.
    MeasureId,
    /// Identity of a target.
    TargetId,
    /// Identity of a body.
    BodyId,
    /// Identity of a review.
    ReviewId,
    /// Identity of a decision.
    DecisionId,
    /// Identity of an action.
    ActionId,
    /// Identity of a root cause.
    CauseId,
    /// Identity of a lesson.
    LessonId,
    /// Identity of a note on a chart.
    NoteId,
    /// Identity of a note of a review.
    RemarkId,
    /// Identity of the kept grade of a link.
    GradeId,
}

/// The first digits of a version 7 UUID are the time, alike for records made together, so the short
/// form shows the last eight.
fn write_short(f: &mut fmt::Formatter<'_>, name: &str, uuid: Uuid) -> fmt::Result {
    let last_digits = uuid.as_u128() & 0xffff_ffff;
    write!(f, "{name}(..{last_digits:08x})")
}

/// Where new ids come from.
pub trait IdSource {
    /// A UUID that this source has not given before, greater than all that it gave.
    fn next(&mut self) -> Uuid;
}

/// Ids of one moment, in order of creation: the timestamp, a counter, and randomness that keeps
/// apart the ids that different sources make at the same moment.
#[derive(Debug, Clone)]
pub struct UuidV7Source<F: FnMut(&mut [u8])> {
    millisecond: u64,
    given: u64,
    fill_with_randomness: F,
}

/// The counter has the 12 bits that RFC 9562, section 6.2, method 1 allows for it; when it is
/// full the ids go on in the next millisecond.
const IDS_PER_MILLISECOND: u64 = 1 << 12;

impl<F: FnMut(&mut [u8])> UuidV7Source<F> {
    /// A source of ids made at `at`; a time before 1970 counts as 1970. The function fills the
    /// slice that it is given with random bytes.
    pub fn new(at: Timestamp, fill_with_randomness: F) -> Self {
        Self {
            millisecond: u64::try_from(at.as_millisecond()).unwrap_or(0),
            given: 0,
            fill_with_randomness,
        }
    }
}

impl<F: FnMut(&mut [u8])> IdSource for UuidV7Source<F> {
    fn next(&mut self) -> Uuid {
        let millisecond = self.millisecond + self.given / IDS_PER_MILLISECOND;
        let counter = (self.given % IDS_PER_MILLISECOND) as u16;
        self.given += 1;

        let mut counter_and_random = [0; 10];
        let (high, random) = counter_and_random.split_at_mut(2);
        high.copy_from_slice(&counter.to_be_bytes());
        (self.fill_with_randomness)(random);
        uuid::Builder::from_unix_timestamp_millis(millisecond, &counter_and_random).into_uuid()
    }
}

/// The same ids in every run, for checks of a plan without a ledger and for tests.
#[derive(Debug, Clone, Default)]
pub struct SequentialIds {
    given: u64,
}

impl SequentialIds {
    /// A source that starts with the first id.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl IdSource for SequentialIds {
    fn next(&mut self) -> Uuid {
        self.given += 1;
        uuid::Builder::from_custom_bytes(u128::from(self.given).to_be_bytes()).into_uuid()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_ascending_and_versioned(source: &mut dyn IdSource, count: usize, version: usize) {
        let ids: Vec<Uuid> = (0..count).map(|_| source.next()).collect();
        assert!(ids.is_sorted_by(|one, next| one < next));
        assert!(ids.iter().all(|id| id.get_version_num() == version));
    }

    #[test]
    fn sources_give_ids_in_order_of_creation() {
        let at: Timestamp = "2026-11-23T10:00:00Z".parse().expect("a timestamp");
        // Descending bytes would break the order if the counter did not come first.
        let mut byte = u8::MAX;
        let mut descending = UuidV7Source::new(at, |bytes| {
            byte = byte.wrapping_sub(1);
            bytes.fill(byte);
        });
        check_ascending_and_versioned(&mut descending, 10_000, 7);
        check_ascending_and_versioned(&mut SequentialIds::new(), 10_000, 8);
        let before_1970 = UuidV7Source::new(Timestamp::MIN, |bytes| bytes.fill(1)).next();
        assert_eq!(
            before_1970.get_timestamp().map(|time| time.to_unix().0),
            Some(0)
        );
    }

    #[test]
    fn ids_carry_the_time_and_the_randomness() {
        let at: Timestamp = "2026-11-23T10:00:00.123Z".parse().expect("a timestamp");
        let one = UuidV7Source::new(at, |bytes| bytes.fill(1)).next();
        let other = UuidV7Source::new(at, |bytes| bytes.fill(2)).next();
        assert_ne!(one, other);
        let (seconds, nanoseconds) = one.get_timestamp().expect("version 7").to_unix();
        assert_eq!(i64::try_from(seconds), Ok(at.as_second()));
        assert_eq!(nanoseconds, 123_000_000);
    }

    #[test]
    fn an_id_is_read_back_from_its_text() {
        let id = UnitId::from_source(&mut SequentialIds::new());
        assert_eq!(id.to_string(), "00000000-0000-8000-8000-000000000001");
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!(format!("{id:?}"), "UnitId(..00000001)");
        assert_eq!("harbour".parse::<UnitId>(), Err(IdError));
        assert_eq!(UnitId::from_uuid(id.as_uuid()), id);
        assert_eq!(id.as_bytes()[15], 1);
    }
}
