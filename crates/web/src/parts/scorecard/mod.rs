//! The scorecard as a tree table: perspectives, their objectives, and below an open one its measures; then outcomes,
//! behaviours and whatever else is measured.
//!
//! Only what is open and on the present page becomes a row, so that an answer stays small however many measures there
//! are. Which rows are open stands in the address.

pub(crate) mod drawings;
mod lines;
mod open;
mod rows;
mod sorted;

use std::collections::HashMap;
use std::sync::Arc;

use askama::Template;
use throughline_app::insight::{Foresight, outlooks};
use throughline_app::words::names;
use throughline_app::{AppError, ReadScorecard, Trend, trends_so_far};
use throughline_core::MeasureId;
use throughline_engine::{ChildReading, NodeKey, NodeReading, Status};
use throughline_model::Model;

pub(crate) use rows::common_by;
pub(crate) use sorted::{JUDGED_MAX, columns, in_order};

use self::open::{Open, OpenNodes};
use super::pages::{Pages, Stretch};
use super::signal::SignalMark;
use super::sorting::{Head, Sort};
use super::status::StatusMark;
use super::strategy_map::Depth;
use crate::place::Place;
use crate::viewer::Viewer;

/// How many rows a page has at most, beside a map and alone: a row has up to 33 elements, and a page is to have 2,500.
const ROWS_BESIDE_MAP: usize = 38;
const ROWS_ALONE: usize = 64;
/// How many nodes are open where the address does not say which: those that are not on plan come first.
const OPEN_MAX: usize = 24;
/// Where nothing is more than this, everything is open from the start.
const FEW_ROWS: usize = 60;

/// The table.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "parts/scorecard.html")]
pub struct ScorecardTable {
    /// The heads of its columns.
    pub heads: Vec<Head>,
    /// The rows of this page.
    pub rows: Vec<Row>,
    /// By when their targets are to be reached, where that is the same for all.
    pub likely_by: Option<String>,
    /// Opens everything.
    pub open_all: String,
    /// Closes everything.
    pub close_all: String,
    /// The ways to the other rows.
    pub pages: Pages,
    /// Whether some of its signals or forecasts are still being worked out.
    pub is_awaited: bool,
}

/// A row.
#[derive(Debug, Clone, Default)]
pub struct Row {
    /// `group`, `node` or `measure`, with its depth.
    pub class: &'static str,
    /// Its name.
    pub name: String,
    /// The unit of its values.
    pub unit: String,
    /// Where it is shown.
    pub href: Option<String>,
    /// Opens or closes it.
    pub toggle: Option<Toggle>,
    /// Its status; a heading has none.
    pub status: Option<StatusMark>,
    /// Of a node, its measures in a few words.
    pub summary: String,
    /// The value.
    pub actual: String,
    /// The value whole, where it is shown in millions.
    pub exact: String,
    /// Why the value is what it is.
    pub why: Option<String>,
    /// The target with its sense.
    pub plan: String,
    /// How far the value is from its target.
    pub variance: String,
    /// The value against plan, drawn.
    pub bullet: String,
    /// The value in the periods before, drawn.
    pub trend: String,
    /// What its newest point says.
    pub signal: Option<SignalMark>,
    /// How likely it reaches its target.
    pub likely: Option<Likely>,
    /// What there is to say.
    pub remark: String,
    /// Who answers for it.
    pub owner: Option<Owner>,
}

/// How likely a measure reaches its target.
#[derive(Debug, Clone)]
pub struct Likely {
    /// The chance as a bar, where it is known as a number.
    pub bar: String,
    /// The chance in words.
    pub words: String,
    /// By when.
    pub by: String,
}

/// Opens or closes a row.
#[derive(Debug, Clone)]
pub struct Toggle {
    /// The address with the row the other way round.
    pub href: String,
    /// Whether it is open.
    pub is_open: bool,
}

/// Who answers for a row.
#[derive(Debug, Clone)]
pub struct Owner {
    /// The name.
    pub name: String,
    /// Its initials.
    pub initials: String,
}

/// What the address says of the table.
#[derive(Debug, Clone, Default, serde::Deserialize)]
#[serde(default)]
pub struct TableState {
    /// `all`, `none`, or the keys of the open nodes with commas between; left out: chosen.
    pub open: Option<String>,
    /// The first row, from 0.
    #[serde(deserialize_with = "crate::address::number")]
    pub row: Option<usize>,
}

/// What becomes a row, before it is one.
#[derive(Clone, Copy)]
enum Line<'a> {
    Group(&'a str, Option<&'a NodeReading>),
    Node(&'a NodeReading),
    Measure(MeasureId, Option<&'a ChildReading>),
}

struct Maker<'a> {
    read: &'a ReadScorecard,
    model: &'a Model,
    place: &'a Place,
    path: &'a str,
    state: &'a [(&'static str, String)],
    open: Open,
    trends: HashMap<MeasureId, Arc<Trend>>,
    foresights: HashMap<MeasureId, Arc<Foresight>>,
    is_awaited: bool,
    depth: Depth,
    sort: Sort,
}

impl ScorecardTable {
    /// The table of a scorecard, at the place and path of the page that shows it, with the trends of what is shown.
    ///
    /// # Errors
    /// If the trends cannot be evaluated.
    pub async fn read(
        viewer: &Viewer,
        read: &ReadScorecard,
        state: &TableState,
        depth: Depth,
    ) -> Result<ScorecardTable, AppError> {
        let mut maker = Maker::new(viewer, read, depth);
        let columns = columns(read, "Objective and measure");
        maker.sort = Sort::asked(viewer, &columns);
        maker.open = maker.opened(state.open.as_deref());
        maker.read_for_order(viewer).await?;
        let lines = maker.lines();
        let stretch = Stretch::of(state.row, rows_max(depth), lines.len());
        let shown = stretch.rows(&lines);
        let measures = shown.iter().filter_map(|line| match line {
            Line::Measure(id, _) => Some(*id),
            _ => None,
        });
        if maker.trends.is_empty() {
            maker.read_trends(viewer, measures).await?;
        }
        let rows: Vec<Row> = shown.iter().map(|line| maker.row(*line)).collect();
        let likely_by = common_by(&rows);
        let heads = maker.sort.heads(viewer, &columns, "#scorecard");
        Ok(ScorecardTable {
            heads: heads_by(heads, likely_by.as_deref()),
            likely_by,
            rows,
            open_all: maker.href(Some("all"), 0),
            close_all: maker.href(Some("none"), 0),
            pages: stretch.pages("Rows", |row| maker.href(state.open.as_deref(), row)),
            is_awaited: maker.is_awaited,
        })
    }
}

/// The heads of a table of measures, of which that of the chance says by when, where that is the same for all.
pub(crate) fn heads_by(mut heads: Vec<Head>, by: Option<&str>) -> Vec<Head> {
    let likely = heads.iter_mut().find(|head| head.words == "Likely");
    if let (Some(head), Some(by)) = (likely, by) {
        head.words = format!("Likely by {by}");
    }
    heads
}

/// How many rows a page has that shows so much.
fn rows_max(depth: Depth) -> usize {
    match depth {
        Depth::Objectives | Depth::Outcomes => ROWS_BESIDE_MAP,
        Depth::Everything => ROWS_ALONE,
    }
}

/// How likely some measures reach their targets, in words.
///
/// # Errors
/// If the trends cannot be evaluated.
pub async fn likely_in_words(
    viewer: &Viewer,
    read: &ReadScorecard,
    measures: &[MeasureId],
) -> Result<HashMap<MeasureId, String>, AppError> {
    let mut maker = Maker::new(viewer, read, Depth::Everything);
    maker.read_trends(viewer, measures.iter().copied()).await?;
    Ok(maker.likely_in_words())
}

/// The rows of some measures alone, each with how it counts in a node, for pages that show them without a tree.
///
/// # Errors
/// If the trends cannot be evaluated.
pub async fn measure_rows(
    viewer: &Viewer,
    read: &ReadScorecard,
    measures: &[(MeasureId, Option<&ChildReading>)],
) -> Result<Vec<Row>, AppError> {
    let mut maker = Maker::new(viewer, read, Depth::Everything);
    maker
        .read_trends(viewer, measures.iter().map(|(id, _)| *id))
        .await?;
    let row = |(id, child): &(MeasureId, Option<&ChildReading>)| Row {
        owner: maker.owner_of_measure(*id),
        ..maker.row(Line::Measure(*id, *child))
    };
    Ok(measures.iter().map(row).collect())
}

impl<'a> Maker<'a> {
    fn new(viewer: &'a Viewer, read: &'a ReadScorecard, depth: Depth) -> Maker<'a> {
        Maker {
            read,
            model: &read.selected.model,
            place: &viewer.place,
            path: &viewer.path,
            state: &viewer.state,
            open: Open::All,
            trends: HashMap::new(),
            foresights: HashMap::new(),
            is_awaited: false,
            depth,
            sort: Sort::default(),
        }
    }

    async fn read_trends(
        &mut self,
        viewer: &Viewer,
        measures: impl Iterator<Item = MeasureId>,
    ) -> Result<(), AppError> {
        let measures: Vec<MeasureId> = measures
            .filter(|id| self.read.scorecard.measure(*id).is_some())
            .collect();
        let trends = trends_so_far(&viewer.ctx, &self.read.selected, &measures).await?;
        let all = measures.len();
        let known = measures.into_iter().zip(trends);
        let with_trends: Vec<(MeasureId, Arc<Trend>)> = known
            .filter_map(|(measure, trend)| Some((measure, trend?)))
            .collect();
        let foresights = outlooks(&viewer.ctx, &self.read.selected, &with_trends).await?;
        // A measure may stand in several nodes.
        let is_missing = with_trends.len() < all || foresights.iter().any(Option::is_none);
        self.is_awaited = is_missing && !viewer.ctx.waiting().has_failed();
        let measures = with_trends.iter().map(|(measure, _)| *measure);
        let known = measures.zip(foresights);
        self.foresights = known
            .filter_map(|(measure, foresight)| Some((measure, foresight?)))
            .collect();
        self.trends = with_trends.into_iter().collect();
        Ok(())
    }

    fn opened(&self, asked: Option<&str>) -> Open {
        match asked {
            Some("all") => Open::All,
            Some("none") => Open::These(OpenNodes::default()),
            Some(keys) => {
                let keys = keys.split(',').map(str::to_owned).collect();
                Open::These(OpenNodes::of(self.model, keys))
            }
            None => {
                let nodes: Vec<&NodeReading> = self.meant().collect();
                let rows: usize = nodes.iter().map(|node| node.children.len() + 1).sum();
                if rows <= FEW_ROWS.min(rows_max(self.depth)) {
                    return Open::All;
                }
                let needs_a_look = nodes
                    .into_iter()
                    .filter(|node| matches!(node.status, Status::OffTrack | Status::AtRisk));
                let keys = needs_a_look.take(OPEN_MAX).map(|node| self.key(node));
                Open::These(OpenNodes::of(self.model, keys.collect()))
            }
        }
    }

    /// The nodes that have a row in the table.
    fn meant(&self) -> impl Iterator<Item = &'a NodeReading> {
        let depth = self.depth;
        self.read
            .scorecard
            .nodes
            .iter()
            .filter(move |node| match node.node {
                NodeKey::Perspective(_) => false,
                node => depth.shows(names::of_node(node).0),
            })
    }

    fn key(&self, node: &NodeReading) -> String {
        names::key(self.model, names::of_node(node.node))
    }

    fn is_open(&self, node: &NodeReading) -> bool {
        match &self.open {
            Open::All => true,
            Open::These(these) => these.ids.contains(&names::of_node(node.node).1),
        }
    }

    /// The address of the page in the same state, but for what is open and where it begins.
    fn href(&self, open: Option<&str>, row: usize) -> String {
        let row = row.to_string();
        let kept = self.state.iter().filter(|(name, _)| *name != "open");
        let mut state: Vec<(&str, &str)> =
            kept.map(|(name, value)| (*name, value.as_str())).collect();
        if let Some(open) = open {
            state.push(("open", open));
        }
        if row != "0" {
            state.push(("row", row.as_str()));
        }
        format!("{}#scorecard", self.place.href_with(self.path, &state))
    }
}
