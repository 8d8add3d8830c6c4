//! The performance map: outcomes, behaviours, and the links that say what drives what.

use jiff::civil::Date;
use throughline_core::id::{BehaviourId, ObjectiveId, OutcomeId, PersonId};
use uuid::Uuid;

use super::{Level, MeasureUse, Silence};
use crate::fields::{Key, Markdown, words};
use crate::kind::Kind;
use crate::record::{named_by_key, record};
use crate::tree::Tree;
use crate::value::{Names, Reader, Shape, Value};

record! {
    /// An observable result that behaviours produce on the way to an objective.
    Outcome(OutcomeId) {
        /// Its readable key.
        public key: Key,
        /// Its name.
        public name: String,
        /// What it means.
        public about: Option<Markdown>,
        /// Who answers for it.
        public owner: Option<PersonId>,
        /// The measures by which it is read.
        public measures: Vec<MeasureUse>,
        /// Lints that do not hold for this outcome, each with its reason.
        public silences: Vec<Silence>,
    }
}

record! {
    /// An observable action that people at a level are expected to take.
    Behaviour(BehaviourId) {
        /// Its readable key.
        public key: Key,
        /// Its name.
        public name: String,
        /// What it means.
        public about: Option<Markdown>,
        /// The level of those who do it.
        public level: Option<Level>,
        /// Who does it.
        public who: Option<String>,
        /// How often.
        public how_often: Option<String>,
        /// How it can be seen.
        public seen_by: Option<String>,
        /// Who answers for it.
        public owner: Option<PersonId>,
        /// The measures by which it is read.
        public measures: Vec<MeasureUse>,
        /// Lints that do not hold for this behaviour, each with its reason.
        public silences: Vec<Silence>,
    }
}

/// A node of the performance map: an end of a link, and what rolls up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NodeId {
    /// An objective.
    Objective(ObjectiveId),
    /// An outcome.
    Outcome(OutcomeId),
    /// A behaviour.
    Behaviour(BehaviourId),
}

impl NodeId {
    /// The kind of the record.
    pub fn kind(self) -> Kind {
        match self {
            NodeId::Objective(_) => Kind::Objective,
            NodeId::Outcome(_) => Kind::Outcome,
            NodeId::Behaviour(_) => Kind::Behaviour,
        }
    }

    /// The id of the record.
    pub fn uuid(self) -> Uuid {
        match self {
            NodeId::Objective(id) => id.as_uuid(),
            NodeId::Outcome(id) => id.as_uuid(),
            NodeId::Behaviour(id) => id.as_uuid(),
        }
    }

    /// The node of that kind and id; `None` for kinds that are no nodes.
    pub fn new(kind: Kind, id: Uuid) -> Option<NodeId> {
        match kind {
            Kind::Objective => Some(NodeId::Objective(ObjectiveId::from_uuid(id))),
            Kind::Outcome => Some(NodeId::Outcome(OutcomeId::from_uuid(id))),
            Kind::Behaviour => Some(NodeId::Behaviour(BehaviourId::from_uuid(id))),
            _ => None,
        }
    }
}

impl Value for NodeId {
    fn shape() -> Shape {
        Shape::Reference(&Kind::NODES)
    }

    fn read(tree: &Tree, reader: &mut Reader<'_>) -> Option<Self> {
        let (kind, id) = reader.reference(&Kind::NODES, tree)?;
        NodeId::new(kind, id)
    }

    fn write(&self, names: &dyn Names) -> Tree {
        Tree::text(names.name(&Kind::NODES, self.kind(), self.uuid()))
    }
}

words! {
    /// What more of the cause does to the effect, each counted in its measures' better direction.
    Effect {
        /// More of the cause brings more of the effect.
        Raises = "raises",
        /// More of the cause brings less of the effect.
        Lowers = "lowers",
    }
}

words! {
    /// The unit in which a lag is counted.
    LagUnit {
        /// Days.
        Days = "days",
        /// Weeks.
        Weeks = "weeks",
        /// Months.
        Months = "months",
        /// Quarters.
        Quarters = "quarters",
        /// Years.
        Years = "years",
    }
}

/// How long the effect takes: `2 weeks`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lag {
    /// How many units.
    pub count: u16,
    /// Of which.
    pub unit: LagUnit,
}

/// The longest lag, in its own unit.
pub const LAG_LIMIT: u16 = 1000;

impl Value for Lag {
    fn shape() -> Shape {
        Shape::Pattern {
            pattern: "^[0-9]+ (day|week|month|quarter|year)s?$",
            example: "2 weeks",
        }
    }

    fn read(tree: &Tree, reader: &mut Reader<'_>) -> Option<Self> {
        let text = reader.scalar(tree, "a lag")?;
        let lag = text.split_once(' ').and_then(|(count, unit)| {
            let unit = LagUnit::ALL.iter().find(|known| {
                known.word() == unit || known.word().strip_suffix('s') == Some(unit)
            })?;
            let count = count.parse().ok().filter(|count| *count <= LAG_LIMIT)?;
            Some(Lag { count, unit: *unit })
        });
        match lag {
            Some(lag) => Some(lag),
            None => {
                let help = "write a whole number and days, weeks, months, quarters or years, like `2 weeks`";
                reader.error(
                    "bad-lag",
                    format!("`{text}` is not a lag"),
                    Some(help.into()),
                )
            }
        }
    }

    fn write(&self, _: &dyn Names) -> Tree {
        let unit = self.unit.word();
        let unit = if self.count == 1 {
            unit.trim_end_matches('s')
        } else {
            unit
        };
        Tree::text(format!("{} {unit}", self.count))
    }
}

/// How strong the effect is expected to be, in standard deviations of the effect for one of the cause.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Strength {
    /// 0.1
    Weak,
    /// 0.2
    Moderate,
    /// 0.4
    Strong,
    /// As stated; above 0.
    Stated(f64),
}

impl Strength {
    /// The expected standardised effect.
    pub fn standardised(self) -> f64 {
        match self {
            Strength::Weak => 0.1,
            Strength::Moderate => 0.2,
            Strength::Strong => 0.4,
            Strength::Stated(effect) => effect,
        }
    }
}

impl Value for Strength {
    fn shape() -> Shape {
        Shape::Either(vec![
            Shape::Word(&["weak", "moderate", "strong"]),
            Shape::Number,
        ])
    }

    fn read(tree: &Tree, reader: &mut Reader<'_>) -> Option<Self> {
        match reader.scalar(tree, "a strength")? {
            "weak" => Some(Strength::Weak),
            "moderate" => Some(Strength::Moderate),
            "strong" => Some(Strength::Strong),
            text => match text
                .parse::<f64>()
                .ok()
                .filter(|effect| *effect > 0.0 && *effect < 100.0)
            {
                Some(effect) => Some(Strength::Stated(effect)),
                None => {
                    let help = "write weak, moderate, strong, or a standardised effect above 0; `effect` says the direction";
                    reader.error(
                        "bad-strength",
                        format!("`{text}` is not a strength"),
                        Some(help.into()),
                    )
                }
            },
        }
    }

    fn write(&self, _: &dyn Names) -> Tree {
        match self {
            Strength::Weak => Tree::text("weak"),
            Strength::Moderate => Tree::text("moderate"),
            Strength::Strong => Tree::text("strong"),
            Strength::Stated(effect) => Tree::plain(effect),
        }
    }
}

record! {
    /// A stated, testable hypothesis: the cause drives the effect.
    Link(LinkId) {
        /// The cause.
        public from: NodeId,
        /// The effect.
        public to: NodeId,
        /// What more of the cause does to the effect.
        public effect: Effect,
        /// How long it takes.
        public lag: Option<Lag>,
        /// How strong it is expected to be.
        public strength: Option<Strength>,
        /// Why it is believed.
        public why: Option<Markdown>,
        /// When the belief is to be looked at again.
        public review_by: Option<Date>,
        /// Lints that do not hold for this link, each with its reason.
        public silences: Vec<Silence>,
    }
}

named_by_key!(Outcome, Behaviour);

impl Link {
    fn readable_key(&self, names: &dyn Names) -> String {
        let name = |node: NodeId| names.name(&[node.kind()], node.kind(), node.uuid());
        format!("{}>{}", name(self.from), name(self.to))
    }
}
