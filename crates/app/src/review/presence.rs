//! Who is there: said when a review is opened, and again while it is in session, since people come and go.

use throughline_core::PersonId;
use throughline_model::records::{AnyRecord, Body, Review, ReviewState};
use throughline_model::{Change, Model};

use super::{found, readable};
use crate::policy::{HoldReviews, Object};
use crate::written::{Write, Written, written};
use crate::{AppError, Ctx};

/// The most people who are marked as present.
pub const PRESENT_MAX: usize = 300;

/// Says who is there, in place of what was said before.
///
/// # Errors
/// If the review is not in session, or nobody is there; if the actor may not hold it, or not read it.
pub async fn mark_present(ctx: &Ctx, key: &str, present: &[PersonId]) -> Result<Written, AppError> {
    let (body, _) = readable(ctx, key).await?;
    let asked = format!("{present:?}");
    let write = Write {
        object: Object::Body(body.id()),
        use_case: "mark who is present",
        asked: &[key.as_bytes(), asked.as_bytes()],
        change: |model: &Model, _| {
            let (body, entry) = found(model, key)?;
            let state = entry.state();
            if state != ReviewState::InSession {
                let message = format!("the review is {}", state.words());
                let error = AppError::bad_request(message);
                return Err(error.with_help("who is there is marked while it is in session"));
            }
            let record = Review {
                present: there(&body, present)?,
                ..entry.record.clone()
            };
            Ok(Change::Put(
                AnyRecord::from(record).with_identity(entry.id, entry.position),
            ))
        },
    };
    written::<HoldReviews, _>(ctx, write).await
}

/// Those who are there, each once. Of a body with members somebody is: a meeting of nobody decides nothing.
pub(super) fn there(body: &Body, present: &[PersonId]) -> Result<Vec<PersonId>, AppError> {
    if present.is_empty() && !body.members.is_empty() {
        let error = AppError::bad_request("nobody is marked as present");
        return Err(error.with_help("mark those who are there: it counts towards the quorum"));
    }
    if present.len() > PRESENT_MAX {
        let message = format!("at most {PRESENT_MAX} people are marked as present");
        return Err(AppError::bad_request(message));
    }
    let mut there: Vec<PersonId> = Vec::with_capacity(present.len());
    for person in present {
        if !there.contains(person) {
            there.push(*person);
        }
    }
    Ok(there)
}
