//! What the forms of notes on a chart send, and what comes of it.

use axum::response::{IntoResponse, Redirect};
use serde::{Deserialize, Serialize};
use throughline_app::review::TEXT_MAX;
use throughline_app::{AppError, NewNote, add_note, put_note_back, withdraw_note};
use throughline_model::fields::parse_number;
use throughline_model::observation::CommitNumber;

use super::measure;
use crate::address::{Form, Path};
use crate::error::{PageResult, WebError};
use crate::parts::chart_notes::NoteState;
use crate::parts::problems::Problems;
use crate::viewer::Viewer;

/// The form of a note.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct NoteForm {
    /// The name of the period.
    period: String,
    /// What happened, or why the level is another.
    what: String,
    /// Whether limits begin anew.
    baseline: String,
    /// The value that is said to be right.
    right: String,
    /// The commit that the form was made after.
    position: String,
}

/// Notes something on the chart of a measure.
///
/// # Errors
/// As of the use case, where it is not about what was written.
pub async fn post(
    viewer: Viewer,
    Path(key): Path<String>,
    Form(form): Form<NoteForm>,
) -> PageResult {
    let new = NewNote {
        measure: key.clone(),
        period: form.period.clone(),
        what: form.what.clone(),
        baseline: form.baseline == "yes",
        // What is no number is the value of nothing, and refused as such.
        right: (!form.right.is_empty()).then(|| parse_number(&form.right).unwrap_or(f64::NAN)),
    };
    let asked = viewer.place.selection();
    let viewer = viewer.once(&form);
    match add_note(&viewer.ctx, &asked, &new).await {
        Ok(written) if written.is_retired => {
            let error =
                AppError::bad_request("this note was taken off the chart since it was sent");
            let error = error.with_help("send it again to note it anew");
            refused(viewer, &key, form, ("note-what", &error)).await
        }
        Ok(written) => {
            // Whoever reads next finds what was written.
            let _ = viewer.server.live().reached(written.commit).await;
            Ok(Redirect::to(&address(&viewer, &key, ("noted", &written.key))).into_response())
        }
        Err(error @ AppError::BadRequest { .. }) => {
            let field = field_of(&viewer, &form);
            refused(viewer, &key, form, (field, &error)).await
        }
        Err(error) => Err(error.into()),
    }
}

/// The field that a refusal is about. The text is looked at first, then the period, then whether the points carry new limits.
fn field_of(viewer: &Viewer, form: &NoteForm) -> &'static str {
    let calendar = viewer.ctx.snapshot();
    let calendar = calendar.map(|snapshot| snapshot.model.calendar().clone());
    let period = calendar.unwrap_or_default().parse_period(&form.period);
    let what = form.what.trim();
    if what.is_empty() || what.chars().count() > TEXT_MAX {
        "note-what"
    } else if period.is_ok() && !form.right.is_empty() {
        "note-right"
    } else if period.is_ok() && form.baseline == "yes" {
        "note-baseline"
    } else {
        "note-period"
    }
}

/// The page of the measure with what was typed, and what is wrong with it at its field.
async fn refused(
    viewer: Viewer,
    key: &str,
    form: NoteForm,
    (field, error): (&'static str, &AppError),
) -> PageResult {
    let mut problems = Problems::default();
    problems.add(field, error);
    let state = NoteState {
        period: Some(form.period),
        what: form.what,
        baseline: form.baseline == "yes",
        problems,
        ..NoteState::default()
    };
    let viewer = viewer.on_page(format!("/measures/{key}"));
    measure::shown(&viewer, key, state).await
}

/// The form that takes a note off.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct WithdrawalForm {
    /// The key of the note.
    key: String,
}

/// Takes a note off the chart.
///
/// # Errors
/// As of the use case.
pub async fn post_withdrawal(
    viewer: Viewer,
    Path(key): Path<String>,
    Form(form): Form<WithdrawalForm>,
) -> PageResult {
    let viewer = viewer.once(&form);
    let written = withdraw_note(&viewer.ctx, &form.key).await?;
    let _ = viewer.server.live().reached(written.commit).await;
    let done = written.commit.0.to_string();
    Ok(Redirect::to(&address(&viewer, &key, ("taken", &done))).into_response())
}

/// The form that puts a note back.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct ReturnForm {
    /// The commit that took it off.
    #[serde(deserialize_with = "crate::address::number")]
    commit: Option<u64>,
}

/// Puts a note back on the chart that was just taken off.
///
/// # Errors
/// As of the use case.
pub async fn post_return(
    viewer: Viewer,
    Path(key): Path<String>,
    Form(form): Form<ReturnForm>,
) -> PageResult {
    let commit = form.commit.ok_or(WebError::NotThere)?;
    let viewer = viewer.once(&form);
    let written = put_note_back(&viewer.ctx, CommitNumber(commit)).await?;
    let _ = viewer.server.live().reached(written.commit).await;
    Ok(Redirect::to(&address(&viewer, &key, ("noted", &written.key))).into_response())
}

/// The notes on the page of the measure as far back as it was shown, with what was done.
fn address(viewer: &Viewer, key: &str, done: (&'static str, &str)) -> String {
    let state: Vec<(&str, &str)> = viewer.said("reach").into_iter().chain([done]).collect();
    let page = viewer.place.href_with(&format!("/measures/{key}"), &state);
    format!("{page}#notes")
}
