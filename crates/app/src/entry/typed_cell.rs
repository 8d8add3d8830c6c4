//! What was typed for a cell: by which names it is meant, value, weight and comment.

use throughline_model::observation::Cell;
use throughline_model::{Kind, Model};

/// The comment of a value of which somebody said that there is nothing to it.
const ROUTINE: &str = "Routine";
/// The comment of a value that looked like a slip and of which somebody said that it is right, and no more.
const RIGHT: &str = "Looked at again: it is right";

/// What was typed for a cell.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TypedCell {
    /// The key of the measure.
    pub measure: String,
    /// The key of the unit.
    pub unit: String,
    /// The period.
    pub period: String,
    /// The value; empty is still to come.
    pub value: String,
    /// Of how many it is, where that is asked for.
    pub weight: String,
    /// What changed.
    pub comment: String,
    /// Whether it is said to be routine.
    pub is_routine: bool,
    /// The value that was said to be right when it looked like a slip.
    pub right: String,
    /// What stood in the cell when it was asked for, exactly; empty where nothing did.
    pub known: String,
}

impl TypedCell {
    /// Takes the names of its cell from `measure/unit/period`.
    pub fn name_by(&mut self, cell: &str) {
        let mut parts = cell.splitn(3, '/').map(str::to_owned);
        self.measure = parts.next().unwrap_or_default();
        self.unit = parts.next().unwrap_or_default();
        self.period = parts.next().unwrap_or_default();
    }

    /// The names of a cell, with nothing typed.
    pub(super) fn of(cell: &Cell, model: &Model) -> TypedCell {
        let key = |kind, id| model.key_of(kind, id).unwrap_or_default();
        TypedCell {
            measure: key(Kind::Measure, cell.measure.as_uuid()),
            unit: key(Kind::Unit, cell.unit.as_uuid()),
            period: model.calendar().name(&cell.period),
            ..TypedCell::default()
        }
    }

    /// The cell that is named; `None` if there is none.
    pub(super) fn cell(&self, model: &Model) -> Option<Cell> {
        let measure = model.measures().by_key(&self.measure)?;
        let period = model.calendar().parse_period(&self.period).ok()?;
        Some(Cell {
            measure: measure.id(),
            unit: model.units().by_key(&self.unit)?.id(),
            period: Some(period).filter(|one| one.frequency == measure.frequency)?,
        })
    }

    /// The comment, in one line.
    pub(super) fn comment(&self) -> String {
        let said: Vec<&str> = self.comment.split_whitespace().collect();
        match said.is_empty() {
            true if self.is_routine => ROUTINE.to_owned(),
            true if self.is_right() => RIGHT.to_owned(),
            _ => said.join(" "),
        }
    }

    /// Whether the value that was typed was said to be right.
    pub(super) fn is_right(&self) -> bool {
        let value = self.value.trim();
        !value.is_empty() && self.right.trim() == value
    }
}
