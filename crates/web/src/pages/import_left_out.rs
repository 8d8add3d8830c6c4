//! Every cell of a workbook that is left out, page by page: of one reason, or of all.

use askama::Template;
use serde::Deserialize;
use throughline_app::{CellLeftOut, prepare_import, words};

use super::import_check::{address, find};
use crate::address::{Path, Query};
use crate::error::{PageResult, page};
use crate::frame::{Frame, Section};
use crate::parts::pages::{Pages, Stretch};
use crate::viewer::Viewer;

/// How many cells are shown at once.
const CELLS_MAX: usize = 150;

/// Which cells are shown.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct LeftOutState {
    /// The reason; those of all where none is named.
    pub because: Option<String>,
    /// The first cell, from 0.
    #[serde(deserialize_with = "crate::address::number")]
    pub row: Option<usize>,
}

/// The page.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "import_left_out.html")]
pub struct ImportLeftOutPage {
    /// What is around it.
    pub frame: Frame,
    /// The address of this import.
    pub here: String,
    /// Where all reasons are shown, where one alone is.
    pub all: Option<String>,
    /// How many cells there are.
    pub count: String,
    /// The cells that are shown.
    pub cells: Vec<LeftOutCell>,
    /// The ways to the others.
    pub pages: Pages,
}

/// A cell that is left out.
#[derive(Debug, Clone)]
pub struct LeftOutCell {
    /// Where it is.
    pub place: String,
    /// What stands in it.
    pub found: String,
    /// Why.
    pub because: String,
    /// The value that it is if somebody says so.
    pub take_in: Option<String>,
}

impl LeftOutCell {
    fn of(because: &str, cell: &CellLeftOut<'_>) -> LeftOutCell {
        LeftOutCell {
            place: format!("{}!{}", cell.sheet, cell.cell),
            found: cell.found.to_owned(),
            because: format!("{}.", words::sentence(because)),
            take_in: cell.doubted.map(throughline_workbook::DraftValue::place),
        }
    }
}

/// Where the cells of a reason are shown, or of all.
#[must_use]
pub fn left_out(viewer: &Viewer, name: &str, because: Option<&str>, row: usize) -> String {
    let row = row.to_string();
    let mut state = Vec::new();
    state.extend(because.map(|because| ("because", because)));
    state.extend((row != "0").then_some(("row", row.as_str())));
    address(viewer, &format!("{name}/left-out"), &state)
}

/// Shows the cells that are left out.
///
/// # Errors
/// If there is no such import; as of the use case.
pub async fn get(
    viewer: Viewer,
    Path(name): Path<String>,
    Query(state): Query<LeftOutState>,
) -> PageResult {
    let import = find(&viewer, &name)?;
    let prepared = prepare_import(&viewer.ctx, &import.opened, import.kept.as_ref()).await?;
    let because = state.because.as_deref();
    let groups = prepared.left_out().into_iter();
    let groups = groups.filter(|group| because.is_none_or(|because| because == group.because));
    let cells: Vec<(&str, CellLeftOut<'_>)> = groups
        .flat_map(|group| {
            group
                .cells
                .into_iter()
                .map(move |cell| (group.because, cell))
        })
        .collect();
    let stretch = Stretch::of(state.row, CELLS_MAX, cells.len());
    let rows = stretch.rows(&cells).iter();
    let title = match because {
        Some(because) => format!("Left out: {because}"),
        None => "Left out, and why".to_owned(),
    };
    page(&ImportLeftOutPage {
        frame: Frame::new(&viewer, Section::Import, title)
            .below("Imports", Some(viewer.place.href("/import")))
            .below(prepared.name.clone(), Some(address(&viewer, &name, &[])))
            .below("Left out", None),
        here: format!("/import/{name}"),
        all: because.map(|_| left_out(&viewer, &name, None, 0)),
        count: words::count(cells.len() as u64, "cell"),
        cells: rows
            .map(|(because, cell)| LeftOutCell::of(because, cell))
            .collect(),
        pages: stretch.pages("Cells", |row| left_out(&viewer, &name, because, row)),
    })
}
