//! The words that every other room uses: ids, time and its calendar, units of measure, actors and findings.
//!
//! This room is pure: no input or output, no environment, no ambient clock or randomness. Whatever
//! needs one of these takes it as an argument.

pub mod actor;
pub mod calendar;
pub mod clock;
pub mod finding;
pub mod hash;
pub mod id;
pub mod number;
pub mod period;
mod period_name;

pub use actor::{Actor, Origin, Role, Scope};
pub use calendar::{Calendar, CalendarError};
pub use clock::{Clock, FrozenClock};
pub use finding::{FieldPath, Finding, Place, Severity, nearest};
pub use id::{
    ActionId, BehaviourId, BodyId, CauseId, DecisionId, IdSource, InitiativeId, LessonId, LinkId,
    MeasureId, NoteId, ObjectiveId, OrganisationId, OutcomeId, PersonId, PerspectiveId, RemarkId,
    ReviewId, SequentialIds, StrategyId, TargetId, ThemeId, UnitId, Uuid, UuidV7Source,
};
pub use number::{
    UnitOfMeasure, format_short, format_short_variance, format_value, format_variance,
};
pub use period::{Frequency, Period};
pub use period_name::PeriodError;
