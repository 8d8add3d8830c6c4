//! Whoever comes by a mailed link: confined to some figures, whatever their role allows besides.

use std::sync::Arc;

use throughline_core::Actor;
use throughline_model::observation::Cell;

use super::Ctx;
use crate::policy::{Action, Object, is_left_to_link};

impl Ctx {
    /// The context, for another actor who is confined to some cells: whatever they may do besides, they do not, and they see of
    /// the plan what is seen now.
    #[must_use]
    pub(crate) fn confined_to(self, actor: Actor, cells: Arc<[Cell]>) -> Ctx {
        Ctx {
            actor,
            cells: Some(cells),
            ..self
        }
    }

    /// Whether whoever acts came by a mailed link.
    pub(crate) fn is_confined(&self) -> bool {
        self.cells.is_some()
    }

    /// Whether a cell is within what the context is confined to.
    pub(crate) fn is_within(&self) -> impl Fn(&Cell) -> bool + use<> {
        let cells = self.cells.clone();
        move |cell| cells.as_ref().is_none_or(|cells| cells.contains(cell))
    }

    /// Whether an action on an object is within what a context is confined to.
    pub(super) fn leaves<A: Action>(cells: Option<&[Cell]>, object: Object) -> bool {
        let Some(cells) = cells else {
            return true;
        };
        let is_of_link = |unit| cells.iter().any(|cell| cell.unit == unit);
        is_left_to_link(A::RULE, object, is_of_link)
    }
}
