//! What a column can hold, and the words of a mapping for it.

use serde::{Deserialize, Serialize};

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// The name of the measure.
    Measure,
    /// What a measure is called by in other tables.
    MeasureId,
    /// What the measure above is called by.
    ParentId,
    /// The unit.
    Unit,
    /// Who answers for the measure.
    Owner,
    /// The unit of measure.
    ShownAs,
    /// The better direction.
    Better,
    /// How often it is observed.
    Frequency,
    /// What is counted, and how.
    Definition,
    /// Decimal places.
    Decimals,
    /// Where a measure stood before: with a target, it says which way is better.
    Baseline,
    /// The period.
    Period,
    /// The year of the period.
    Year,
    /// The month of the period.
    Month,
    /// Whether the row holds values or targets.
    Series,
    /// Targets.
    Target,
    /// Values.
    Value,
    /// Values of the measure that the heading names.
    ValueOfMeasure,
    /// Values of the unit that the heading names.
    ValueOfUnit,
    /// Nothing that is taken in.
    LeftOut,
}

impl Role {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Role; 20] = [
        Role::Measure,
        Role::MeasureId,
        Role::ParentId,
        Role::Unit,
        Role::Owner,
        Role::ShownAs,
        Role::Better,
        Role::Frequency,
        Role::Definition,
        Role::Decimals,
        Role::Baseline,
        Role::Period,
        Role::Year,
        Role::Month,
        Role::Series,
        Role::Value,
        Role::Target,
        Role::ValueOfMeasure,
        Role::ValueOfUnit,
        Role::LeftOut,
    ];

    /// The word of a mapping for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Role::Measure => "measure",
            Role::MeasureId => "measure-id",
            Role::ParentId => "parent-id",
            Role::Unit => "unit",
            Role::Owner => "owner",
            Role::ShownAs => "shown-as",
            Role::Better => "better",
            Role::Frequency => "frequency",
            Role::Definition => "definition",
            Role::Decimals => "decimals",
            Role::Baseline => "baseline",
            Role::Period => "period",
            Role::Year => "year",
            Role::Month => "month",
            Role::Series => "series",
            Role::Target => "target",
            Role::Value => "value",
            Role::ValueOfMeasure => "value-of-measure",
            Role::ValueOfUnit => "value-of-unit",
            Role::LeftOut => "left-out",
        }
    }

    /// Whether one column of a table alone has it: what describes a row, and neither a part of its period nor values.
    #[must_use]
    pub const fn is_of_one(self) -> bool {
        !matches!(
            self,
            Role::Period
                | Role::Year
                | Role::Month
                | Role::Target
                | Role::Value
                | Role::ValueOfMeasure
                | Role::ValueOfUnit
                | Role::LeftOut
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_have_the_words_of_the_mapping() {
        for role in Role::ALL {
            let text = serde_json::to_string(&role).expect("a word");
            assert_eq!(text, format!("\"{}\"", role.word()));
        }
    }
}
