//! The functions of the language by name: the one list that parser, messages and backticks go by.

use throughline_core::nearest;

/// A function with fixed meaning and fixed arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Function {
    If,
    Coalesce,
    Prev,
    YearToDate,
    Rolling,
    YearOnYear,
    ChildrenSum,
    Target,
    Score,
}

impl Function {
    pub(super) const ALL: [Self; 9] = [
        Self::If,
        Self::Coalesce,
        Self::Prev,
        Self::YearToDate,
        Self::Rolling,
        Self::YearOnYear,
        Self::ChildrenSum,
        Self::Target,
        Self::Score,
    ];

    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|function| function.name() == name)
    }

    /// The function that a misspelt name probably means.
    pub(super) fn nearest(name: &str) -> Option<Self> {
        nearest(name, Self::ALL.map(Self::name)).and_then(Self::named)
    }

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::If => "if",
            Self::Coalesce => "coalesce",
            Self::Prev => "prev",
            Self::YearToDate => "ytd",
            Self::Rolling => "rolling",
            Self::YearOnYear => "yoy",
            Self::ChildrenSum => "children_sum",
            Self::Target => "target",
            Self::Score => "score",
        }
    }

    /// How it is written, as an example.
    pub(super) const fn usage(self) -> &'static str {
        match self {
            Self::If => "if(condition, value, otherwise)",
            Self::Coalesce => "coalesce(value, instead)",
            Self::Prev => "prev(measure, 1)",
            Self::YearToDate => "ytd(measure)",
            Self::Rolling => "rolling(measure, 12)",
            Self::YearOnYear => "yoy(measure)",
            Self::ChildrenSum => "children_sum(measure)",
            Self::Target => "target(measure)",
            Self::Score => "score(measure)",
        }
    }

    /// What it takes, in words.
    pub(super) const fn arguments(self) -> &'static str {
        match self {
            Self::If => "three arguments",
            Self::Coalesce => "two arguments or more",
            Self::Prev | Self::Rolling => "a measure and a number of periods",
            Self::YearToDate
            | Self::YearOnYear
            | Self::ChildrenSum
            | Self::Target
            | Self::Score => "one measure",
        }
    }
}

/// Whether a word means something else than the measure or unit of that name, unless it stands in backticks.
pub(super) fn is_reserved(word: &str) -> bool {
    word == MISSING || Function::named(word).is_some()
}

/// The word for no value.
pub(super) const MISSING: &str = "missing";
