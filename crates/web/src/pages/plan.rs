//! The plan, kind by kind: its records by name and key, each with the way to its page and to changing it.

use askama::Template;
use serde::Deserialize;
use throughline_app::edit::is_editable;
use throughline_app::words::{self, names};
use throughline_app::{QUERY_LENGTH_MAX, Words, plan_records};
use throughline_model::records::AnyRecord;
use throughline_model::{Kind, Model};

use super::links;
use super::record_form::{edit_link, new_link};
use crate::address::{Path, Query};
use crate::error::{PageResult, WebError, page};
use crate::frame::{Frame, Section};
use crate::parts::pages::{Pages, Stretch};
use crate::parts::place_bar::plan_of_today;
use crate::viewer::Viewer;

/// How many records a page has.
const PAGE: usize = 100;

/// The page.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "plan.html")]
pub struct PlanPage {
    /// What is around it.
    pub frame: Frame,
    /// The kinds: words, how many there are, address, whether it is shown.
    pub kinds: Vec<(String, usize, String, bool)>,
    /// That it is the plan of today, where another day is looked at.
    pub of_today: &'static str,
    /// The kind that is shown, in the plural.
    pub kind: String,
    /// The kind that is shown, in the singular.
    pub one: String,
    /// What is looked for.
    pub query: String,
    /// The address without a filter.
    pub all: String,
    /// The form of a new record.
    pub new: Option<String>,
    /// The records of this page.
    pub rows: Vec<PlanRow>,
    /// The ways to the others.
    pub pages: Pages,
}

/// A record.
#[derive(Debug, Clone)]
pub struct PlanRow {
    /// Its name.
    pub name: String,
    /// Its key.
    pub key: String,
    /// Its page.
    pub href: Option<String>,
    /// Its form.
    pub edit: Option<String>,
    /// Who changed it.
    pub history: Option<String>,
}

/// What the address says of the page.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct PlanState {
    q: String,
    #[serde(deserialize_with = "crate::address::number")]
    row: Option<usize>,
}

/// Shows the objectives, which a plan begins with.
///
/// # Errors
/// As of the use case.
pub async fn get(viewer: Viewer, Query(state): Query<PlanState>) -> PageResult {
    shown(viewer, Kind::Objective, state).await
}

/// Shows the records of a kind.
///
/// # Errors
/// If there is no such kind, or as of the use case.
pub async fn of_kind(
    viewer: Viewer,
    Path(kind): Path<String>,
    Query(state): Query<PlanState>,
) -> PageResult {
    let kind = Kind::from_word(&kind).filter(|kind| is_editable(*kind));
    shown(viewer, kind.ok_or(WebError::NotThere)?, state).await
}

async fn shown(viewer: Viewer, kind: Kind, state: PlanState) -> PageResult {
    let read = plan_records(&viewer.ctx, &viewer.place.selection()).await?;
    let query: String = state.q.trim().chars().take(QUERY_LENGTH_MAX).collect();
    let wanted = Words::of(&query);
    let model = read.model();
    let is_meant = |record: &AnyRecord| {
        query.is_empty() || record.key(model) == query || wanted.are_in(&name_of(model, record))
    };
    let records = read.of_kind(kind).into_iter();
    let records: Vec<AnyRecord> = records.filter(is_meant).collect();
    let stretch = Stretch::of(state.row, PAGE, records.len());
    let path = |kind: Kind| format!("/records/{kind}");
    let at = |row: usize| {
        let row = row.to_string();
        let state = [("q", query.as_str()), ("row", row.as_str())];
        let said: Vec<(&str, &str)> = state
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .collect();
        viewer.place.href_with(&path(kind), &said)
    };
    page(&PlanPage {
        frame: Frame::new(&viewer, Section::Plan, "Plan"),
        of_today: plan_of_today(&viewer.place),
        kinds: Kind::ALL
            .into_iter()
            .filter(|kind| is_editable(*kind))
            .map(|one| {
                let count = read.of_kind(one).len();
                (
                    words::sentence(one.section()),
                    count,
                    viewer.place.href(&path(one)),
                    one == kind,
                )
            })
            .collect(),
        kind: kind.section().to_owned(),
        one: kind.word().to_owned(),
        all: viewer.place.href(&path(kind)),
        new: (!kind.is_single())
            .then(|| new_link(&viewer, kind, &[]))
            .flatten(),
        rows: stretch
            .rows(&records)
            .iter()
            .map(|record| PlanRow::of(&viewer, model, record))
            .collect(),
        pages: stretch.pages("Records", at),
        query,
    })
}

fn name_of(model: &Model, record: &AnyRecord) -> String {
    names::name(model, (record.kind(), record.id()))
}

impl PlanRow {
    fn of(viewer: &Viewer, model: &Model, record: &AnyRecord) -> PlanRow {
        let (kind, key) = (record.kind(), record.key(model));
        PlanRow {
            name: name_of(model, record),
            href: links::record(&viewer.place, kind, &key),
            edit: edit_link(viewer, kind, &key),
            history: links::history_of(viewer, kind, &key),
            key,
        }
    }
}
