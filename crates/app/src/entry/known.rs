//! What whoever enters figures knows of the cells: what is published there, and what waits and is theirs to see.

use std::collections::BTreeMap;

use throughline_engine::{Observations, Point};
use throughline_ledger::Ledger;
use throughline_model::observation::{Cell, Observation};

use super::held::{self, HeldFigure};
use crate::load_observations::Holding;
use crate::{AppError, Ctx};

/// What a cell holds, exactly, as its form carries it: `81.3`, `0.905 of 40`, `none`; empty where it holds nothing.
pub(super) fn stated(holds: Holding) -> String {
    let Some((value, weight)) = holds else {
        return String::new();
    };
    let value = value.map_or_else(|| "none".to_owned(), |value| value.to_string());
    match weight {
        Some(weight) => format!("{value} of {weight}"),
        None => value,
    }
}

/// What whoever enters figures knows of the cells.
pub(super) struct Known<'a> {
    observations: &'a Observations,
    /// What waits and is theirs to see.
    waiting: BTreeMap<Cell, HeldFigure>,
}

impl<'a> Known<'a> {
    pub(super) async fn of(
        ctx: &Ctx,
        ledger: &Ledger,
        observations: &'a Observations,
    ) -> Result<Known<'a>, AppError> {
        let seen = held::seen(ctx, ledger, observations).await?.into_iter();
        Ok(Known {
            observations,
            waiting: seen.map(|one| (one.observation.cell, one)).collect(),
        })
    }

    /// What a cell holds, or what waits there.
    pub(super) fn holds(&self, cell: &Cell) -> Holding {
        if let Some(waiting) = self.waiting.get(cell) {
            return Some((waiting.observation.value, waiting.observation.weight));
        }
        self.published(cell)
    }

    /// What was said of what a cell holds, or of what waits there; empty where nothing was.
    pub(super) fn comment(&self, cell: &Cell) -> &str {
        let waiting = self.waiting.get(cell).map(|one| &one.observation);
        let published = || {
            let point = self.point(cell)?;
            Some(&self.observations.recorded(point.row)?.observation)
        };
        let said = waiting.or_else(published);
        said.and_then(|one| one.note.as_deref()).unwrap_or_default()
    }

    /// What waits and is theirs to see.
    pub(super) fn into_waiting(self) -> Vec<HeldFigure> {
        self.waiting.into_values().collect()
    }

    fn published(&self, cell: &Cell) -> Holding {
        let point = self.point(cell)?;
        Some((point.value, point.weight))
    }

    fn point(&self, cell: &Cell) -> Option<&Point> {
        let series = self.observations.series(cell.measure, cell.unit)?;
        series.at(&cell.period)
    }

    /// Whether a figure waits that is not theirs to see.
    pub(super) fn is_hidden(&self, cell: &Cell) -> bool {
        self.observations.held().contains_key(cell) && !self.waiting.contains_key(cell)
    }

    /// Whether what is published of a cell says the same, and nothing waits there.
    pub(super) fn says_already(&self, observation: &Observation) -> bool {
        let cell = &observation.cell;
        !self.observations.held().contains_key(cell)
            && self.published(cell) == Some((observation.value, observation.weight))
    }
}
