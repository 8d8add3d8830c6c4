//! What a measure should be, for a unit, by period.

use throughline_core::id::{MeasureId, UnitId};
use throughline_core::period::Period;

use super::Silence;
use crate::fields::{Element, Range, words};
use crate::record::{group, record};
use crate::tree::Tree;
use crate::value::{Names, Reader, Shape, Value};

words! {
    /// How the points of a target are joined.
    Joined default Steps {
        /// A value holds from the start of its period until the next.
        Steps = "steps",
        /// From the end of one point's period straight to the end of the next.
        Line = "line",
    }
}

words! {
    /// What a target means for the units below.
    Below default Standard {
        /// Units below without their own target are held to it.
        Standard = "standard",
        /// They are not.
        None = "none",
    }
}

/// The value of a target at a point: a number, or that the target ends there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum PointValue {
    /// What the measure should be.
    Number(f64),
    /// No target from here until the next point.
    None,
}

impl PointValue {
    /// The number, if there is a target.
    pub fn number(self) -> Option<f64> {
        match self {
            PointValue::Number(number) => Some(number),
            PointValue::None => None,
        }
    }
}

impl Value for PointValue {
    fn shape() -> Shape {
        Shape::Either(vec![Shape::Number, Shape::Word(&["none", "yes", "no"])])
    }

    fn read(tree: &Tree, reader: &mut Reader<'_>) -> Option<Self> {
        match tree.scalar() {
            Some("none") => Some(PointValue::None),
            Some("yes") => Some(PointValue::Number(1.0)),
            Some("no") => Some(PointValue::Number(0.0)),
            _ => f64::read(tree, reader).map(PointValue::Number),
        }
    }

    fn write(&self, names: &dyn Names) -> Tree {
        match self {
            PointValue::Number(number) => number.write(names),
            PointValue::None => Tree::text("none"),
        }
    }
}

group! {
    /// What the measure should be from, or at, a period.
    Point {
        /// The period.
        public period: Period,
        /// The value.
        public value: PointValue,
    }
}

impl Element for Point {
    const KEY: &'static [&'static str] = &["period"];
}

group! {
    /// Where the measure stood when the target was agreed.
    Baseline {
        /// The period in which it stood there.
        public period: Period,
        /// Its value.
        public value: f64,
    }
}

/// The border between at risk and off track: a number, or a wider range for `between`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Floor {
    /// On the worse side of the target.
    Number(f64),
    /// Around the better range.
    Range(Range),
}

impl Value for Floor {
    fn shape() -> Shape {
        Shape::Either(vec![Shape::Number, Range::shape()])
    }

    fn read(tree: &Tree, reader: &mut Reader<'_>) -> Option<Self> {
        match tree {
            Tree::Plain(text) if !text.contains("..") => f64::read(tree, reader).map(Floor::Number),
            _ => Range::read(tree, reader).map(Floor::Range),
        }
    }

    fn write(&self, names: &dyn Names) -> Tree {
        match self {
            Floor::Number(number) => number.write(names),
            Floor::Range(range) => range.write(names),
        }
    }
}

record! {
    /// What a measure should be, for a unit, by period.
    Target(TargetId) {
        /// The measure.
        public measure: MeasureId,
        /// The unit.
        public unit: UnitId,
        /// Where `between` is on track.
        public better_range: Option<Range>,
        /// Where the measure stood at the beginning.
        public baseline: Option<Baseline>,
        /// The path, point by point.
        public points: Vec<Point>,
        /// How the points are joined.
        public joined: Joined,
        /// Worse than this is off track; from the rules where empty.
        public floor: Option<Floor>,
        /// What would be outstanding.
        public stretch: Option<f64>,
        /// What it means for the units below.
        public below: Below,
        /// Whether the path follows the season.
        public seasonal: bool,
        /// Lints that do not hold for this target, each with its reason.
        public silences: Vec<Silence>,
    }
}

impl Target {
    fn readable_key(&self, names: &dyn Names) -> String {
        use crate::kind::Kind;
        let measure = names.name(&[Kind::Measure], Kind::Measure, self.measure.as_uuid());
        let unit = names.name(&[Kind::Unit], Kind::Unit, self.unit.as_uuid());
        format!("{measure}@{unit}")
    }
}
