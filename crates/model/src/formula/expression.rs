//! What a formula says, as a tree: the engine evaluates it, and nothing here knows how.
//!
//! Measures and units are held by id, so that renaming one breaks no formula.

use throughline_core::{MeasureId, UnitId};

/// A measure, read at the unit of the formula or at one named with `@`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MeasureReference {
    /// The measure that is read.
    pub measure: MeasureId,
    /// The unit at which it is read; the unit of the reading where there is none.
    pub unit: Option<UnitId>,
}

/// A formula or a part of one.
///
/// A tree from the parser has at most [`NODES_MAX`](super::NODES_MAX) nodes. A chain such as `a + b + c`
/// leans to the left, one level for each operator, so that walking it by recursion takes at most half as many frames.
#[derive(Clone, Debug, PartialEq)]
pub enum Expression {
    /// A number as written: not negative, below [`NUMBER_BOUND`](super::NUMBER_BOUND).
    Number(f64),
    /// The word `missing`: no value.
    Missing,
    /// The value of a measure.
    Measure(MeasureReference),
    /// `-a`
    Negate(Box<Expression>),
    /// `a + b`, `a < b` and so on.
    Binary {
        /// What is done with the two.
        operator: Operator,
        /// What stands before the operator.
        left: Box<Expression>,
        /// What stands after it.
        right: Box<Expression>,
    },
    /// `if(condition, then, otherwise)`: a condition holds when it is not zero.
    If {
        /// What decides.
        condition: Box<Expression>,
        /// The value where the condition holds.
        then: Box<Expression>,
        /// The value where it does not.
        otherwise: Box<Expression>,
    },
    /// `coalesce(a, b, ...)`: the first that is not missing; two or more.
    Coalesce(Vec<Expression>),
    /// `prev(m, n)`: the measure n periods earlier, 1 to [`PERIODS_MAX`](super::PERIODS_MAX).
    Prev {
        /// The measure that is read.
        of: MeasureReference,
        /// How many periods back.
        periods: u16,
    },
    /// `ytd(m)`: the measure over the year to date.
    YearToDate(MeasureReference),
    /// `rolling(m, n)`: the measure over the last n periods, 1 to [`PERIODS_MAX`](super::PERIODS_MAX).
    Rolling {
        /// The measure that is read.
        of: MeasureReference,
        /// How many periods, the current one included.
        periods: u16,
    },
    /// `yoy(m)`: the measure against the same period of last year.
    YearOnYear(MeasureReference),
    /// `children_sum(m)`: the sum of the measure over the units directly below.
    ChildrenSum(MeasureReference),
    /// `target(m)`: the target of the measure.
    Target(MeasureReference),
    /// `score(m)`: the score of the measure, 0 to 100.
    Score(MeasureReference),
}

impl Expression {
    /// This node and all below it, each before its parts, the parts from left to right.
    pub fn nodes(&self) -> impl Iterator<Item = &Expression> {
        let mut ahead = vec![self];
        std::iter::from_fn(move || {
            let node = ahead.pop()?;
            ahead.extend(node.parts().into_iter().rev());
            Some(node)
        })
    }

    /// The measure reference that this node itself makes, its parts left aside.
    pub fn reference(&self) -> Option<MeasureReference> {
        match self {
            Self::Measure(of)
            | Self::Prev { of, .. }
            | Self::YearToDate(of)
            | Self::Rolling { of, .. }
            | Self::YearOnYear(of)
            | Self::ChildrenSum(of)
            | Self::Target(of)
            | Self::Score(of) => Some(*of),
            Self::Number(_)
            | Self::Missing
            | Self::Negate(_)
            | Self::Binary { .. }
            | Self::If { .. }
            | Self::Coalesce(_) => None,
        }
    }

    fn parts(&self) -> Vec<&Expression> {
        match self {
            Self::Negate(part) => vec![part],
            Self::Binary { left, right, .. } => vec![left, right],
            Self::If {
                condition,
                then,
                otherwise,
            } => vec![condition, then, otherwise],
            Self::Coalesce(parts) => parts.iter().collect(),
            Self::Number(_)
            | Self::Missing
            | Self::Measure(_)
            | Self::Prev { .. }
            | Self::YearToDate(_)
            | Self::Rolling { .. }
            | Self::YearOnYear(_)
            | Self::ChildrenSum(_)
            | Self::Target(_)
            | Self::Score(_) => Vec::new(),
        }
    }
}

/// What stands between two parts of a formula.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
}

impl Operator {
    /// All of them, the longer symbols before those that they begin with.
    pub(super) const ALL: [Self; 10] = [
        Self::LessOrEqual,
        Self::Less,
        Self::GreaterOrEqual,
        Self::Greater,
        Self::NotEqual,
        Self::Equal,
        Self::Add,
        Self::Subtract,
        Self::Multiply,
        Self::Divide,
    ];

    /// The operator as it is written.
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::Equal => "=",
            Self::NotEqual => "!=",
        }
    }

    /// Whether it gives 1 or 0.
    pub const fn is_comparison(self) -> bool {
        !matches!(
            self,
            Self::Add | Self::Subtract | Self::Multiply | Self::Divide
        )
    }
}
