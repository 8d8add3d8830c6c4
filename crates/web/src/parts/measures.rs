//! The measures of a node or of a person, as a table without a tree.

use askama::Template;
use throughline_app::{AppError, ReadScorecard};
use throughline_core::MeasureId;
use throughline_engine::ChildReading;

use super::scorecard::{Row, columns, common_by, heads_by, measure_rows};
use super::sorting::{Head, Sort};
use crate::viewer::Viewer;

/// How many measures are shown; a node of more than these is no node that anybody reads.
pub const MEASURES_MAX: usize = 40;

/// The table.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "parts/measures.html")]
pub struct MeasureTable {
    /// What it is a table of.
    pub label: String,
    /// The heads of its columns.
    pub heads: Vec<Head>,
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
        let likely_by = common_by(&rows);
        let heads = Head::all(&columns(read, "Measure"));
        Ok(MeasureTable {
            label: label.into(),
            heads: heads_by(heads, likely_by.as_deref()),
            likely_by,
            rows,
            more: measures.len() - shown.len(),
        })
    }

    /// The same with heads that sort it; its rows are in that order already.
    #[must_use]
    pub fn sorted_by(self, viewer: &Viewer, read: &ReadScorecard, sort: Sort) -> MeasureTable {
        let heads = sort.heads(viewer, &columns(read, "Measure"), "");
        MeasureTable {
            heads: heads_by(heads, self.likely_by.as_deref()),
            ..self
        }
    }
}
