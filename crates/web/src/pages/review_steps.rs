//! The steps of a review: its figures are frozen, it is opened with those who are there, it is closed, or called off before;
//! and who is there changes.

use axum::response::{IntoResponse, Redirect};
use serde::Deserialize;
use throughline_app::AppError;
use throughline_app::review::{PRESENT_MAX, Step, call_off, mark_present, review, step};
use throughline_core::PersonId;
use throughline_model::records::ReviewState;

use super::review::{Refused, ReviewQuery, address, open_items, shown};
use super::review_records::went;
use crate::address::{Form, Path};
use crate::error::PageResult;
use crate::parts::problems::Problems;
use crate::viewer::Viewer;

/// What the form of a step sends; who was there stands in it as often as there are.
pub type StepForm = Vec<(String, String)>;

/// Takes a review a step further.
///
/// # Errors
/// As of the use case.
pub async fn post_step(
    viewer: Viewer,
    Path(key): Path<String>,
    Form(form): Form<StepForm>,
) -> PageResult {
    let asked = form.iter().find(|(name, _)| name == "step");
    let asked = asked.map_or("", |(_, value)| value.as_str());
    let steps = [Step::Freeze, Step::Open, Step::Close];
    let taken = steps.into_iter().find(|step| step.word() == asked);
    let taken = taken.ok_or_else(|| AppError::bad_request("there is no such step"))?;
    let present = present(&viewer, &form);
    let is_asked = form.iter().any(|(name, _)| name == "anyway");
    if taken == Step::Close && !is_asked && leaves_open(&viewer, &key).await? {
        let to = address(&viewer.place, &key, &[("closing", "yes")]);
        return Ok(Redirect::to(&to).into_response());
    }
    let viewer = viewer.once(&form);
    match step(&viewer.ctx, &key, taken, &present).await {
        Ok(written) => went(&viewer, &key, "", &written).await,
        Err(error) if taken == Step::Open && present.is_empty() => {
            refused(&viewer, &key, ("present", ""), "", error).await
        }
        Err(error) => Err(error.into()),
    }
}

/// Says who is there while a review is in session.
///
/// # Errors
/// As of the use case, where it is not about who is there.
pub async fn post_presence(
    viewer: Viewer,
    Path(key): Path<String>,
    Form(form): Form<StepForm>,
) -> PageResult {
    let present = present(&viewer, &form);
    let number = form.iter().find(|(name, _)| name == "number");
    let number = number.map(|(_, value)| value.clone()).unwrap_or_default();
    let viewer = viewer.once(&form);
    match mark_present(&viewer.ctx, &key, &present).await {
        Ok(written) => went(&viewer, &key, &number, &written).await,
        Err(error) if present.is_empty() => {
            refused(&viewer, &key, ("present", ""), &number, error).await
        }
        Err(error) => Err(error.into()),
    }
}

/// What the form of a review that is called off sends.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct OffForm {
    /// Why.
    why: String,
    /// The commit that the page was made after.
    position: String,
}

/// Calls a review off.
///
/// # Errors
/// As of the use case, where it is not about the reason.
pub async fn post_call_off(
    viewer: Viewer,
    Path(key): Path<String>,
    Form(form): Form<OffForm>,
) -> PageResult {
    let viewer = viewer.once(&form);
    match call_off(&viewer.ctx, &key, &form.why).await {
        Ok(written) => went(&viewer, &key, "", &written).await,
        Err(error) => refused(&viewer, &key, ("off", &form.why), "", error).await,
    }
}

/// The people whom a form says to be there. Who is not in the plan is left out.
fn present(viewer: &Viewer, form: &StepForm) -> Vec<PersonId> {
    let Some(snapshot) = viewer.ctx.snapshot() else {
        return Vec::new();
    };
    let marked = form.iter().filter(|(name, _)| name == "present");
    let marked = marked.take(PRESENT_MAX + 1);
    let people = marked.filter_map(|(_, person)| snapshot.model.people().by_key(person));
    people.map(|person| person.id()).collect()
}

/// The review once more at the same item, with what is wrong with a field, and what was written in it.
async fn refused(
    viewer: &Viewer,
    key: &str,
    (field, written): (&'static str, &str),
    number: &str,
    error: AppError,
) -> PageResult {
    if !matches!(error, AppError::BadRequest { .. }) {
        return Err(error.into());
    }
    let read = review(&viewer.ctx, key).await?;
    let mut problems = Problems::default();
    problems.add(field, &error);
    let state = ReviewQuery {
        item: number.parse().ok(),
        ..ReviewQuery::default()
    };
    let refused = Refused {
        off: written.to_owned(),
        problems,
        ..Refused::default()
    };
    shown(viewer, &read, &state, refused).await
}

/// Whether a review that is in session has items on which nothing is recorded: whoever closes it is asked first.
async fn leaves_open(viewer: &Viewer, key: &str) -> Result<bool, AppError> {
    let read = review(&viewer.ctx, key).await?;
    let is_in_session = read.review.state() == ReviewState::InSession;
    Ok(is_in_session && !open_items(&read, &viewer.place).is_empty())
}
