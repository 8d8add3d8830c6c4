//! The measures of a node or of a person, as a table without a tree.

use askama::Template;
use throughline_app::{AppError, ReadScorecard};
use throughline_core::MeasureId;
use throughline_engine::ChildReading;

use super::scorecard::{Row, common_by, measure_rows};
use crate::viewer::Viewer;

/// How many measures are shown; a node of more than these is no node that anybody reads.
pub const MEASURES_MAX: usize = 40;

/// The table.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "parts/measures.html")]
pub struct MeasureTable {
    /// What it is a table of.
    pub label: String,
    /// The rows.
    pub rows: Vec<Row>,
    /// By when their targets are to be reached, where that is the same for all.
    pub likely_by: Option<String>,
    /// How many more there are.
    pub more: usize,
}

impl MeasureTable {
    /// The table of some measures, each with how it counts in a node.
    ///
    /// # Errors
    /// If the trends cannot be evaluated.
    pub async fn read(
        viewer: &Viewer,
        read: &ReadScorecard,
        label: impl Into<String>,
        measures: &[(MeasureId, Option<&ChildReading>)],
    ) -> Result<MeasureTable, AppError> {
        let shown = measures.get(..MEASURES_MAX).unwrap_or(measures);
        let rows = measure_rows(viewer, read, shown).await?;
        Ok(MeasureTable {
            label: label.into(),
            likely_by: common_by(&rows),
            rows,
            more: measures.len() - shown.len(),
        })
    }
}
