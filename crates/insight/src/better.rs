//! Which values of a measure are better, so that a change can be called an improvement or the opposite.

/// Which values are better.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Better {
    /// More is better.
    Higher,
    /// Less is better.
    Lower,
    /// Best within a range, borders included; a border that is not known is infinite.
    Between {
        /// The least that is good.
        low: f64,
        /// The most that is good.
        high: f64,
    },
}

/// How one value compares with another in this direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Comparison {
    Better,
    Worse,
    Neither,
}

impl Better {
    /// How much `value` falls short of the best, in units of the measure; only differences of it mean something.
    pub(crate) fn shortfall(self, value: f64) -> f64 {
        match self {
            Better::Higher => -value,
            Better::Lower => value,
            Better::Between { low, high } => (low - value).max(value - high).max(0.0),
        }
    }

    /// Whether `value` is better or worse than `other`.
    pub(crate) fn compare(self, value: f64, other: f64) -> Comparison {
        let (short, other) = (self.shortfall(value), self.shortfall(other));
        if short < other {
            Comparison::Better
        } else if short > other {
            Comparison::Worse
        } else {
            Comparison::Neither
        }
    }
}
