//! Publishing a figure that waits, from Due from me or from the page of its measure.

use std::collections::HashMap;

use axum::response::{IntoResponse, Redirect};
use serde::Deserialize;
use throughline_app::AppError;
use throughline_app::entry::{self, TypedCell};
use throughline_model::Kind;
use throughline_model::observation::CommitNumber;

use super::due::{cell_of, shown};
use super::links;
use crate::address::Form;
use crate::error::PageResult;
use crate::parts::entered_now::reached;
use crate::parts::problems::Problems;
use crate::parts::sent_cells::SentCells;
use crate::place::Place;
use crate::viewer::Viewer;

/// What the form of publishing sends.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct PublishForm {
    /// The cell: `measure/unit/period`.
    cell: String,
    /// The commit that recorded the figure.
    commit: u64,
    /// What others are told.
    comment: String,
    /// Whether it was sent from the page of the measure, which is shown next.
    on_measure: Option<String>,
}

/// Publishes a figure.
///
/// # Errors
/// As of the use case, where it is not about what was sent.
pub async fn post(viewer: Viewer, Form(form): Form<PublishForm>) -> PageResult {
    let named = TypedCell {
        comment: form.comment,
        ..cell_of(&form.cell)
    };
    match entry::publish(&viewer.ctx, &named, CommitNumber(form.commit)).await {
        Ok(commit) => {
            reached(&viewer, commit).await;
            let published = if commit.is_some() { "1" } else { "0" };
            let published = [("published", published)];
            let measure = links::path_of_record(Kind::Measure, &named.measure);
            let to = match measure.filter(|_| form.on_measure.is_some()) {
                Some(there) => Place {
                    unit: Some(named.unit),
                    period: Some(named.period),
                    ..viewer.place
                }
                .href_with(&there, &published),
                None => viewer.place.href_with("/due", &published),
            };
            Ok(Redirect::to(&to).into_response())
        }
        Err(error @ AppError::BadRequest { .. }) => {
            let mut problems = Problems::default();
            problems.add("waiting", &error);
            shown(&viewer, &SentCells::default(), problems, &HashMap::new()).await
        }
        Err(error) => Err(error.into()),
    }
}
