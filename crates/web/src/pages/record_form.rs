//! Changing a record of the plan: its fields as a form, saving it as one commit, and what came of it.

use std::collections::HashMap;

use askama::Template;
use axum::response::{IntoResponse, Redirect};
use throughline_app::edit::{
    FieldProblem, NotSaved, REASON, RecordForm, problems_of, record_form, save_record,
};
use throughline_app::history::commit_changes;
use throughline_app::insight::target_advice;
use throughline_app::words::names;
use throughline_app::{AppError, Ctx};
use throughline_model::Kind;

use super::links;
use crate::address::{Form, Path, Query};
use crate::error::{PageResult, WebError, form_page, page};
use crate::frame::{Frame, Section};
use crate::parts::place_bar::plan_of_today;
use crate::parts::problems::Problems;
use crate::parts::record_fields::{Control, FieldRow, Lists, is_usual, row};
use crate::place::encoded;
use crate::viewer::Viewer;

/// The page.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "record_form.html")]
pub struct RecordFormPage {
    /// What is around it.
    pub frame: Frame,
    /// That it is the plan of today, where another day is looked at.
    pub of_today: &'static str,
    /// What is changed.
    pub title: String,
    /// Where it is sent.
    pub action: String,
    /// The commit that it was opened at.
    pub base: String,
    /// Whether it wins over what somebody else changed meanwhile, once it is sent again.
    pub wins: bool,
    /// Why it is changed.
    pub reason: String,
    /// Whether that has to be said.
    pub asks_why: bool,
    /// What is wrong, field by field.
    pub problems: Problems,
    /// The fields that most records have.
    pub fields: Vec<FieldRow>,
    /// The others.
    pub further: Vec<FieldRow>,
    /// What the fields propose: the name of a list, keys with names.
    pub proposed: Vec<(String, Vec<(String, String)>)>,
    /// What the data say about it, in sentences: of a target.
    pub advice: Vec<String>,
    /// What was just saved: words, and the commit.
    pub saved: Option<(String, Option<SavedCommit>)>,
    /// The page of the record.
    pub back: Option<String>,
}

/// The commit of what was saved.
#[derive(Debug, Clone)]
pub struct SavedCommit {
    /// Its number.
    pub number: u64,
    /// Its page.
    pub href: Option<String>,
    /// The commit that this page is made after.
    pub position: u64,
}

/// Shows the form of a record.
///
/// # Errors
/// If there is none, or it is not the viewer's to change.
pub async fn edit(
    viewer: Viewer,
    Path((kind, key)): Path<(String, String)>,
    Query(state): Query<HashMap<String, String>>,
) -> PageResult {
    let form = record_form(&viewer.ctx, kind_of(&kind)?, Some(&key)).await?;
    let saved = match state.get("saved") {
        Some(saved) => said_of_saved(&viewer, saved).await,
        None => None,
    };
    page(&RecordFormPage {
        saved,
        advice: advice(&viewer.ctx, &form).await?,
        ..shown(&viewer, &form, &[], "")
    })
}

/// Shows an empty form; what the address says of a field stands in it.
///
/// # Errors
/// If it is not the viewer's to change the plan.
pub async fn new(
    viewer: Viewer,
    Path(kind): Path<String>,
    Query(state): Query<HashMap<String, String>>,
) -> PageResult {
    let form = record_form(&viewer.ctx, kind_of(&kind)?, None).await?;
    let given: Vec<(String, String)> = state.into_iter().collect();
    let form = RecordForm {
        fields: form.clone().filled_with(&given).fields,
        ..form
    };
    page(&RecordFormPage {
        advice: advice(&viewer.ctx, &form).await?,
        ..shown(&viewer, &form, &[], "")
    })
}

/// What the data say about a target whose measure and unit are known.
async fn advice(ctx: &Ctx, form: &RecordForm) -> Result<Vec<String>, WebError> {
    let ends = (form.text("measure"), form.text("unit"));
    match (form.kind, ends) {
        (Kind::Target, (Some(measure), Some(unit))) => {
            Ok(target_advice(ctx, &measure, &unit).await?)
        }
        _ => Ok(Vec::new()),
    }
}

/// Saves the form of a record.
///
/// # Errors
/// As of the use case, where it is not about what was filled in.
pub async fn save(
    viewer: Viewer,
    Path((kind, key)): Path<(String, String)>,
    Form(sent): Form<Vec<(String, String)>>,
) -> PageResult {
    saved(viewer, kind_of(&kind)?, Some(&key), sent).await
}

/// Saves the form of a new record.
///
/// # Errors
/// As of the use case, where it is not about what was filled in.
pub async fn save_new(
    viewer: Viewer,
    Path(kind): Path<String>,
    Form(sent): Form<Vec<(String, String)>>,
) -> PageResult {
    saved(viewer, kind_of(&kind)?, None, sent).await
}

async fn saved(
    mut viewer: Viewer,
    kind: Kind,
    key: Option<&str>,
    sent: Vec<(String, String)>,
) -> PageResult {
    let of_sent = |name: &str| {
        let found = sent.iter().find(|(sent, _)| sent == name);
        found.map(|(_, text)| text.trim().to_owned())
    };
    let newest = record_form(&viewer.ctx, kind, key).await?;
    let reason = of_sent(REASON).unwrap_or_default();
    let mut form = RecordForm {
        base: of_sent("base").unwrap_or_default(),
        wins: of_sent("wins").is_some(),
        ..newest.filled_with(&sent)
    };
    let given = Some(reason.clone()).filter(|reason| !reason.is_empty());
    viewer.ctx = viewer.ctx.with_reason(given);
    let viewer = viewer.once(&sent);
    let problems = match save_record(&viewer.ctx, &form).await {
        Ok(applied) => {
            let number = applied.commit.map(|commit| commit.number);
            if let Some(number) = number {
                // Whoever reads next finds what was written.
                let _ = viewer.server.live().reached(number).await;
            }
            let saved = number.map_or_else(|| "nothing".to_owned(), |number| number.to_string());
            let key = form.next_key().or(form.key).unwrap_or_default();
            let to = viewer
                .place
                .href_with(&edit_path(kind, &key), &[("saved", &saved)]);
            return Ok(Redirect::to(&to).into_response());
        }
        Err(NotSaved::Problems(problems)) => problems,
        Err(NotSaved::Refused(error @ (AppError::BadInput { .. } | AppError::Conflict { .. }))) => {
            // Whoever sends it again has seen what others changed in these fields.
            form.wins = matches!(error, AppError::Conflict { .. });
            problems_of(&form, &error)
        }
        Err(NotSaved::Refused(error)) => return Err(error.into()),
    };
    let shown = shown(&viewer, &form, &problems, &reason);
    form_page(&shown, &shown.problems)
}

fn kind_of(word: &str) -> Result<Kind, WebError> {
    Kind::from_word(word).ok_or(WebError::NotThere)
}

/// The address of the form of a record.
fn edit_path(kind: Kind, key: &str) -> String {
    format!("/records/{kind}/{}/edit", encoded(key))
}

/// The form of a record, for whoever may change it.
#[must_use]
pub fn edit_link(viewer: &Viewer, kind: Kind, key: &str) -> Option<String> {
    may_change(&viewer.ctx).then(|| viewer.place.href(&edit_path(kind, key)))
}

/// The form of a new record, for whoever may add one.
#[must_use]
pub fn new_link(viewer: &Viewer, kind: Kind, given: &[(&str, &str)]) -> Option<String> {
    let path = format!("/records/{kind}/new");
    may_change(&viewer.ctx).then(|| viewer.place.href_with(&path, given))
}

fn may_change(ctx: &Ctx) -> bool {
    ctx.may_change_plan()
}

/// What came of saving; nothing where the address names a commit of somebody else.
async fn said_of_saved(viewer: &Viewer, saved: &str) -> Option<(String, Option<SavedCommit>)> {
    let Ok(number) = saved.parse() else {
        return Some(("Nothing was changed: it says so already.".to_owned(), None));
    };
    let read = commit_changes(&viewer.ctx, number, 0..0).await.ok()?;
    if read.told.commit.author != viewer.ctx.actor().person {
        return None;
    }
    let href = links::commit(&viewer.place, number);
    Some((
        "Saved.".to_owned(),
        Some(SavedCommit {
            number,
            href,
            position: viewer
                .ctx
                .snapshot()
                .map_or(0, |snapshot| snapshot.position.0),
        }),
    ))
}

fn shown(
    viewer: &Viewer,
    form: &RecordForm,
    problems: &[FieldProblem],
    reason: &str,
) -> RecordFormPage {
    let (kind, model) = (form.kind, &form.model);
    let mut lists = Lists::default();
    let rows: Vec<(bool, FieldRow)> = form
        .fields
        .iter()
        .map(|field| (is_usual(field), row(field, problems, &mut lists)))
        .collect();
    let (usual, others): (Vec<_>, Vec<_>) = rows
        .into_iter()
        .partition(|(is_usual, row)| *is_usual || !row.wrong.is_empty());
    let name = |key: &str| match model.id_of(kind, key) {
        Some(id) => names::name(model, (kind, id)),
        None => key.to_owned(),
    };
    let title = match &form.key {
        Some(key) => format!("Change {}", name(key)),
        None => format!("New {kind}"),
    };
    let of_fields = problems.iter().map(|problem| {
        let field = problem
            .field
            .clone()
            .unwrap_or_else(|| "record-form".to_owned());
        (field.into(), problem.text.clone())
    });
    let told = Problems {
        of_fields: of_fields.collect(),
    };
    let plan = viewer.place.href(&format!("/records/{kind}"));
    RecordFormPage {
        frame: Frame::new(viewer, Section::Plan, told.title(&title))
            .below("Plan", Some(plan))
            .below(title.clone(), None),
        of_today: plan_of_today(&viewer.place),
        action: viewer.place.href(&match &form.key {
            Some(key) => format!("/records/{kind}/{}", encoded(key)),
            None => format!("/records/{kind}"),
        }),
        title,
        base: form.base.clone(),
        wins: form.wins,
        reason: reason.to_owned(),
        asks_why: form.asks_why(),
        problems: told,
        fields: usual.into_iter().map(|(_, row)| row).collect(),
        further: others.into_iter().map(|(_, row)| row).collect(),
        proposed: lists.of(model),
        advice: Vec::new(),
        saved: None,
        back: form
            .key
            .as_deref()
            .and_then(|key| links::record(&viewer.place, kind, key)),
    }
}
