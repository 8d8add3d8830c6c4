//! Actions: mine, my unit's, all that I may know of, and those that are overdue; and that one is done.

use askama::Template;
use axum::response::{IntoResponse, Redirect};
use serde::Deserialize;
use throughline_app::review::{ListedAction, ReadActions, actions, finish_action, key_of};
use throughline_app::words;
use throughline_model::Kind;

use super::links;
use super::theme::own_address;
use crate::address::{Form, Path, Query};
use crate::error::{PageResult, page};
use crate::frame::{Frame, Section};
use crate::parts::person_mark::PersonMark;
use crate::parts::sorting::{Column, Head, Sort, SortKey};
use crate::viewer::Viewer;

/// The columns of their table; the last one is of those that were agreed in reviews.
const COLUMNS: [Column; 6] = [
    Column::by("name", "Action"),
    Column::by("who", "Who"),
    Column::by("due", "Due").of_class("right"),
    Column::by("state", "State"),
    Column::by("for", "For"),
    Column::by("agreed", "Agreed on"),
];
/// How many actions are shown.
const ROWS_MAX: usize = 200;

/// Which actions are shown.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct ActionsState {
    /// `mine`, `unit`, `overdue`, or all.
    pub show: String,
}

/// The page.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "actions.html")]
pub struct ActionsPage {
    /// What is around it.
    pub frame: Frame,
    /// Which can be shown: words, how many, address, whether it is shown.
    pub views: Vec<(&'static str, usize, String, bool)>,
    /// The heads of their table.
    pub heads: Vec<Head>,
    /// Each action.
    pub rows: Vec<ActionRow>,
    /// Whether any of them was agreed in a review.
    pub are_of_reviews: bool,
    /// How many more there are.
    pub more: usize,
    /// The address of this page, to come back to.
    pub here: String,
}

/// An action.
#[derive(Debug, Clone)]
pub struct ActionRow {
    /// Its key.
    pub key: String,
    /// What is to be done.
    pub what: String,
    /// Who does it.
    pub who: Option<PersonMark>,
    /// Until when.
    pub due: String,
    /// How it stands: done on a day, so many days late, open.
    pub state: String,
    /// Whether it is late.
    pub is_late: bool,
    /// Whether it is done.
    pub is_done: bool,
    /// Whether who looks may say so.
    pub may_finish: bool,
    /// The measure that it is for: words and page.
    pub measure: Option<(String, Option<String>)>,
    /// The review in which it was agreed: words and page.
    pub review: Option<(String, Option<String>)>,
}

/// Shows actions.
///
/// # Errors
/// As of the use case.
pub async fn get(viewer: Viewer, Query(state): Query<ActionsState>) -> PageResult {
    let read = actions(&viewer.ctx).await?;
    type Shows = fn(&ListedAction) -> bool;
    let views: [(&str, &str, Shows); 4] = [
        ("All", "", |_| true),
        ("Mine", "mine", |one| one.is_mine),
        ("My unit’s", "unit", |one| one.is_of_my_unit),
        ("Overdue", "overdue", |one| one.is_overdue),
    ];
    let chosen = views.iter().find(|(_, name, _)| *name == state.show);
    let (_, chosen, shows) = *chosen.unwrap_or(&views[0]);
    let shown: Vec<&ListedAction> = read.actions.iter().filter(|one| shows(one)).collect();
    let are_of_reviews = shown.iter().any(|one| one.action.review.is_some());
    let columns = &COLUMNS[..COLUMNS.len() - usize::from(!are_of_reviews)];
    let sort = Sort::asked(&viewer, columns);
    let shown = sort.order(shown, |one, column| key(&read, one, column));
    let sorted = sort.text();
    let link = |name: &str| {
        let state = [("show", name), ("sort", &*sorted)].into_iter();
        let state: Vec<(&str, &str)> = state.filter(|(_, value)| !value.is_empty()).collect();
        viewer.place.href_with("/actions", &state)
    };
    page(&ActionsPage {
        frame: Frame::new(&viewer, Section::Actions, "Actions"),
        views: views
            .iter()
            .map(|(words, name, shows)| {
                let count = read.actions.iter().filter(|one| shows(one)).count();
                (*words, count, link(name), *name == chosen)
            })
            .collect(),
        are_of_reviews,
        heads: sort.heads(&viewer, columns, ""),
        more: shown.len().saturating_sub(ROWS_MAX),
        rows: shown
            .iter()
            .take(ROWS_MAX)
            .map(|one| ActionRow::of(&viewer, &read, one))
            .collect(),
        here: link(chosen),
    })
}

/// What an action has in a column: of its state what is overdue first, and what is done last.
fn key(read: &ReadActions, one: &ListedAction, column: &str) -> SortKey {
    let (model, action) = (&read.model, &one.action);
    let named = |name: Option<&str>| name.map_or(SortKey::Nothing, SortKey::words);
    match column {
        "name" => SortKey::words(&action.what),
        "who" => named(model.people().get(action.who).map(|one| &*one.name)),
        "due" => SortKey::words(&action.due.to_string()),
        "state" => SortKey::Number(match (one.is_overdue, action.done) {
            (true, _) => 0.0,
            (false, None) => 1.0,
            (false, Some(_)) => 2.0,
        }),
        "for" => {
            let measure = action.measure.and_then(|id| model.measures().get(id));
            named(measure.map(|one| &*one.name))
        }
        "agreed" => {
            let review = action.review.and_then(|id| model.reviews().get(id));
            named(review.map(|one| one.on.to_string()).as_deref())
        }
        _ => SortKey::Nothing,
    }
}

impl ActionRow {
    fn of(viewer: &Viewer, read: &ReadActions, one: &ListedAction) -> ActionRow {
        let (model, action) = (&read.model, &one.action);
        let late = (read.today - action.due).get_days().unsigned_abs();
        let measure = action.measure.and_then(|id| model.measures().get(id));
        let review = action.review.and_then(|id| model.reviews().get(id));
        ActionRow {
            key: action.key.to_string(),
            what: action.what.clone(),
            may_finish: one.may_finish,
            who: PersonMark::of(model, &viewer.place, Some(action.who)),
            due: words::date(action.due),
            state: match action.done {
                Some(done) => format!("Done on {}", words::date(done)),
                None if one.is_overdue => {
                    format!("{} late", words::how_long(late))
                }
                None => "Open".to_owned(),
            },
            is_late: one.is_overdue,
            is_done: action.done.is_some(),
            measure: measure.map(|measure| {
                let href = links::measure(&viewer.place, measure.key.as_str());
                (measure.name.clone(), href)
            }),
            review: review.and_then(|review| {
                let href = links::record(&viewer.place, Kind::Review, &key_of(model, review.id())?);
                Some((words::date(review.on), href))
            }),
        }
    }
}

/// What the form sends.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct DoneForm {
    /// `no` takes it back.
    pub done: String,
    /// The address to go back to.
    pub back: String,
}

/// Says that an action is done, or takes that back.
///
/// # Errors
/// As of the use case.
pub async fn finish(
    viewer: Viewer,
    Path(key): Path<String>,
    Form(form): Form<DoneForm>,
) -> PageResult {
    let written = finish_action(&viewer.ctx, &key, form.done != "no").await?;
    let _ = viewer.server.live().reached(written.commit).await;
    Ok(Redirect::to(own_address(&form.back)).into_response())
}
