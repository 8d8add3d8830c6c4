//! What is to be true: the strategy, its perspectives, themes and objectives, and the initiatives that serve them.

use jiff::civil::Date;
use rust_decimal::Decimal;
use throughline_core::id::{MeasureId, ObjectiveId, PersonId, PerspectiveId, ThemeId};
use throughline_core::period::Period;

use super::Silence;
use crate::fields::{Currency, Element, Key, Markdown, Weight, Year};
use crate::record::{group, group_fields, named_by_key, record};
use crate::tree::Tree;
use crate::value::{Names, Reader, Shape, Value};

record! {
    /// The strategy: where the organisation wants to be, by when, and why.
    Strategy(StrategyId) {
        /// Its readable key.
        public key: Key,
        /// Its name.
        public name: String,
        /// The first year of its horizon.
        public from: Year,
        /// The last year of its horizon.
        public to: Year,
        /// What will be true.
        public vision: Option<Markdown>,
        /// What the organisation is there for.
        public mission: Option<Markdown>,
        /// The story of why this matters.
        public why: Option<Markdown>,
        /// Lints that do not hold for this strategy, each with its reason.
        public silences: Vec<Silence>,
    }
}

record! {
    /// A view of the strategy: Financial, Customers, or one of the organisation's own.
    Perspective(PerspectiveId) {
        /// Its readable key.
        public key: Key,
        /// Its name.
        public name: String,
        /// What it looks at.
        public about: Option<Markdown>,
        /// Lints that do not hold for this perspective, each with its reason.
        public silences: Vec<Silence>,
    }
}

record! {
    /// A theme that cuts across perspectives.
    Theme(ThemeId) {
        /// Its readable key.
        public key: Key,
        /// Its name.
        public name: String,
        /// What it is about.
        public about: Option<Markdown>,
        /// Lints that do not hold for this theme, each with its reason.
        public silences: Vec<Silence>,
    }
}

group_fields! {
    /// A measure in a node, and how much it counts there.
    MeasureUse {
        /// The measure.
        public measure: MeasureId,
        /// How much it counts; 1 where empty.
        public weight: Weight,
        /// Whether the node is off track when this measure is.
        public critical: bool,
    }
}

group_fields! {
    /// The objective above, and how much this one counts there.
    Support {
        /// The objective that is supported.
        public objective: ObjectiveId,
        /// How much this one counts there; 1 where empty.
        public weight: Weight,
        /// Whether the objective above is off track when this one is.
        public critical: bool,
    }
}

/// Lets a plain key stand for a group of which only the reference is given, as people write it.
macro_rules! short_form {
    ($name:ident, $reference:ident: $id:ident) => {
        impl Value for $name {
            fn shape() -> Shape {
                Shape::Either(vec![
                    $id::shape(),
                    Shape::Group(stringify!($name), Self::field_list()),
                ])
            }

            fn read(tree: &Tree, reader: &mut Reader<'_>) -> Option<Self> {
                if let Tree::Map(_) = tree {
                    return Self::read_group(tree, reader);
                }
                let $reference = $id::read(tree, reader)?;
                Some($name {
                    $reference,
                    weight: Weight::default(),
                    critical: false,
                })
            }

            fn write(&self, names: &dyn Names) -> Tree {
                if self.weight == Weight::default() && !self.critical {
                    return self.$reference.write(names);
                }
                self.write_group(names)
            }
        }

        impl Element for $name {
            const KEY: &'static [&'static str] = &[stringify!($reference)];
        }
    };
}

short_form!(MeasureUse, measure: MeasureId);
short_form!(Support, objective: ObjectiveId);

record! {
    /// What is to be true at the horizon or in the year.
    Objective(ObjectiveId) {
        /// Its readable key.
        public key: Key,
        /// Its name.
        public name: String,
        /// What it means.
        public about: Option<Markdown>,
        /// The perspective that it belongs to.
        public perspective: Option<PerspectiveId>,
        /// The themes that it belongs to.
        public themes: Vec<ThemeId>,
        /// How much it counts in its perspective; 1 where empty.
        public weight: Weight,
        /// Who answers for it.
        public owner: Option<PersonId>,
        /// The objectives above it in the cascade.
        public supports: Vec<Support>,
        /// The measures by which it is read.
        public measures: Vec<MeasureUse>,
        /// When it is to be true.
        public due: Option<Period>,
        /// Lints that do not hold for this objective, each with its reason.
        public silences: Vec<Silence>,
    }
}

group! {
    /// An amount of money in one currency. Amounts of different currencies are never added.
    Money {
        /// How much.
        internal amount: Decimal,
        /// ISO 4217, three capitals.
        internal currency: Currency,
    }
}

group! {
    /// A step of an initiative.
    Milestone {
        /// What is reached.
        public name: String,
        /// By when.
        public due: Date,
        /// When it was reached.
        public done: Option<Date>,
    }
}

impl Element for Milestone {
    const KEY: &'static [&'static str] = &["name"];
}

record! {
    /// A funded piece of work that serves objectives.
    Initiative(InitiativeId) {
        /// Its readable key.
        public key: Key,
        /// Its name.
        public name: String,
        /// The objectives that it serves.
        public serves: Vec<ObjectiveId>,
        /// Who answers for it.
        public owner: Option<PersonId>,
        /// Its first day.
        public from: Option<Date>,
        /// Its last day.
        public to: Option<Date>,
        /// What may be spent on it.
        internal budget: Option<Money>,
        /// What it must bring.
        public expects: Option<Markdown>,
        /// Its steps.
        public milestones: Vec<Milestone>,
        /// Lints that do not hold for this initiative, each with its reason.
        public silences: Vec<Silence>,
    }
}

impl Strategy {
    /// Whether its first year has begun in a period, whose middle day decides.
    pub fn has_begun(&self, period: &Period) -> bool {
        period.middle().year() >= self.from.0
    }
}

named_by_key!(Strategy, Perspective, Theme, Objective, Initiative);
