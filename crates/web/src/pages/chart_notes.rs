//! What the forms of notes on a chart send, and what comes of it.

use axum::response::{IntoResponse, Redirect};
use serde::{Deserialize, Serialize};
use throughline_app::{AppError, NewNote, add_note, withdraw_note};

use super::measure::shown;
use crate::address::{Form, Path};
use crate::error::PageResult;
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
    };
    let asked = viewer.place.selection();
    let viewer = viewer.once(&form);
    match add_note(&viewer.ctx, &asked, &new).await {
        Ok(written) => {
            // Whoever reads next finds what was written.
            let _ = viewer.server.live().reached(written.commit).await;
            Ok(Redirect::to(&address(&viewer, &key, ("noted", &written.key))).into_response())
        }
        Err(error @ AppError::BadRequest { .. }) => {
            let mut problems = Problems::default();
            problems.add("note-what", &error);
            let state = NoteState {
                period: Some(form.period),
                what: form.what,
                baseline: new.baseline,
                problems,
                ..NoteState::default()
            };
            shown(&viewer, &key, state).await
        }
        Err(error) => Err(error.into()),
    }
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
    let written = withdraw_note(&viewer.ctx, &form.key).await?;
    let _ = viewer.server.live().reached(written.commit).await;
    Ok(Redirect::to(&address(&viewer, &key, ("taken", "off"))).into_response())
}

/// The notes on the page of the measure, with what was done.
fn address(viewer: &Viewer, key: &str, done: (&'static str, &str)) -> String {
    let page = viewer.place.href_with(&format!("/measures/{key}"), &[done]);
    format!("{page}#notes")
}
