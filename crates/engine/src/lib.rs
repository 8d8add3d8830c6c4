//! What the numbers mean: values, targets, status, score, coverage and roll-ups, and an explanation of each.
//!
//! A reading is a function of the plan, the observations, the instant, the unit and the period, and of nothing else.
//! The rules are those of `docs/SEMANTICS.md`; each module names the section that it implements.

mod aggregate;
mod compare;
mod covered;
mod evaluator;
mod explanation;
mod expression;
mod formula;
mod inputs;
mod judgement;
mod matched;
mod memo;
mod node;
mod node_derivation;
mod observations;
mod owed;
mod panel;
mod pieces;
mod products;
mod reading;
mod readings;
mod references;
mod reporters;
mod rollup;
mod scorecard;
mod season;
mod span;
mod target;
mod value;
mod whole;

pub use covered::{Comparison, SoFar};
pub use explanation::{
    Derived, Explanation, FloorRule, FormulaPart, InputLine, MissingLine, PeriodLine, TargetLine,
};
pub use inputs::{Counted, Owed};
pub use judgement::Status;
pub use node::{Borders, ChildKey, ChildReading, Fragile, NodeKey, NodeReading, NodeRule};
pub use node_derivation::{NodeDerivation, NodeOtherwise};
pub use observations::{Observations, Point, Series};
pub use owed::OwedCell;
pub use pieces::WeighedValue;
pub use products::products_of;
pub use reading::{Bound, Edge, MeasureReading, ReadingFinding};
pub use readings::Readings;
pub use rollup::Cascade;
pub use scorecard::{Scorecard, View};
pub use span::{year_earlier, year_of};
pub use whole::WholeTarget;
