//! The kinds of record that a plan is made of, and where each stands in a plan folder.

use std::fmt;

/// What a record is. The order is the order of the sections in a plan folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// The organisation itself; one.
    Organisation,
    /// A part of the organisation.
    Unit,
    /// A person.
    Person,
    /// The strategy; one.
    Strategy,
    /// A view of the strategy, such as Customers.
    Perspective,
    /// A cross-cutting theme.
    Theme,
    /// What is to be true.
    Objective,
    /// A funded piece of work.
    Initiative,
    /// An observable result on the way.
    Outcome,
    /// An observable action of people.
    Behaviour,
    /// A hypothesis: cause drives effect.
    Link,
    /// How something is observed.
    Measure,
    /// What a measure should be, for a unit.
    Target,
    /// A committee.
    Body,
    /// A meeting of a body.
    Review,
    /// What was decided.
    Decision,
    /// What somebody does until a day.
    Action,
    /// A root cause.
    Cause,
    /// What was learned.
    Lesson,
    /// What somebody noted on the chart of a measure.
    Note,
    /// What was noted in a review.
    Remark,
    /// How far a link held when it was last graded. It is worked out and kept by the system, and stands in no file.
    Grade,
}

impl Kind {
    /// Every kind, in the order of a plan folder.
    pub const ALL: [Kind; 22] = [
        Kind::Organisation,
        Kind::Unit,
        Kind::Person,
        Kind::Strategy,
        Kind::Perspective,
        Kind::Theme,
        Kind::Objective,
        Kind::Initiative,
        Kind::Outcome,
        Kind::Behaviour,
        Kind::Link,
        Kind::Measure,
        Kind::Target,
        Kind::Body,
        Kind::Review,
        Kind::Decision,
        Kind::Action,
        Kind::Cause,
        Kind::Lesson,
        Kind::Note,
        Kind::Remark,
        Kind::Grade,
    ];

    /// The kinds that can stand at an end of a link. Their keys are unique across all three.
    pub const NODES: [Kind; 3] = [Kind::Objective, Kind::Outcome, Kind::Behaviour];

    /// The word for it, in the singular: `objective`.
    pub const fn word(self) -> &'static str {
        match self {
            Kind::Organisation => "organisation",
            Kind::Unit => "unit",
            Kind::Person => "person",
            Kind::Strategy => "strategy",
            Kind::Perspective => "perspective",
            Kind::Theme => "theme",
            Kind::Objective => "objective",
            Kind::Initiative => "initiative",
            Kind::Outcome => "outcome",
            Kind::Behaviour => "behaviour",
            Kind::Link => "link",
            Kind::Measure => "measure",
            Kind::Target => "target",
            Kind::Body => "body",
            Kind::Review => "review",
            Kind::Decision => "decision",
            Kind::Action => "action",
            Kind::Cause => "cause",
            Kind::Lesson => "lesson",
            Kind::Note => "note",
            Kind::Remark => "remark",
            Kind::Grade => "grade",
        }
    }

    /// The section of a plan folder that holds it: `objectives`.
    pub const fn section(self) -> &'static str {
        match self {
            Kind::Organisation => "organisation",
            Kind::Unit => "units",
            Kind::Person => "people",
            Kind::Strategy => "strategy",
            Kind::Perspective => "perspectives",
            Kind::Theme => "themes",
            Kind::Objective => "objectives",
            Kind::Initiative => "initiatives",
            Kind::Outcome => "outcomes",
            Kind::Behaviour => "behaviours",
            Kind::Link => "links",
            Kind::Measure => "measures",
            Kind::Target => "targets",
            Kind::Body => "bodies",
            Kind::Review => "reviews",
            Kind::Decision => "decisions",
            Kind::Action => "actions",
            Kind::Cause => "causes",
            Kind::Lesson => "lessons",
            Kind::Note => "notes",
            Kind::Remark => "remarks",
            Kind::Grade => "grades",
        }
    }

    /// Every kind that people write, in the order of a plan folder.
    pub fn written() -> impl Iterator<Item = Kind> {
        Kind::ALL.into_iter().filter(|kind| !kind.is_worked_out())
    }

    /// Whether the system works it out and keeps it, so that people neither write it in files nor in forms.
    pub const fn is_worked_out(self) -> bool {
        matches!(self, Kind::Grade)
    }

    /// The file of a plan folder in which its section stands; of what is worked out, where it would.
    pub const fn file(self) -> &'static str {
        match self {
            Kind::Organisation | Kind::Unit | Kind::Person => "organisation.yaml",
            Kind::Strategy
            | Kind::Perspective
            | Kind::Theme
            | Kind::Objective
            | Kind::Initiative => "strategy.yaml",
            Kind::Outcome | Kind::Behaviour | Kind::Link | Kind::Grade => "map.yaml",
            Kind::Measure | Kind::Target => "measures.yaml",
            Kind::Body
            | Kind::Review
            | Kind::Decision
            | Kind::Action
            | Kind::Cause
            | Kind::Lesson
            | Kind::Note
            | Kind::Remark => "governance.yaml",
        }
    }

    /// Whether a plan has at most one of it: its section is then a single record and not a list.
    pub const fn is_single(self) -> bool {
        matches!(self, Kind::Organisation | Kind::Strategy)
    }

    /// Whether it has a key of its own. A link is named by its ends, a target by its measure and unit, a grade
    /// by its link.
    pub const fn has_key(self) -> bool {
        !matches!(self, Kind::Link | Kind::Target | Kind::Grade)
    }

    /// The kind of that word.
    pub fn from_word(word: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.word())
    }
}
