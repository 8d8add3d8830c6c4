//! A review is called off before it is opened: it is due no more, and stays in the history of its body with the reason.

use throughline_model::records::{AnyRecord, CalledOff, Review, ReviewState};
use throughline_model::{Change, Model};

use super::record::text;
use super::{found, readable};
use crate::policy::{HoldReviews, Object};
use crate::written::{Write, Written, written};
use crate::{AppError, Ctx};

/// Calls a review off.
///
/// # Errors
/// If no reason is given, the review was opened or is over; if the actor may not hold it, or not read it.
pub async fn call_off(ctx: &Ctx, key: &str, why: &str) -> Result<Written, AppError> {
    let (body, _) = readable(ctx, key).await?;
    let why = why.trim();
    let ctx = &ctx.clone().with_reason(Some(why.to_owned()));
    let write = Write {
        object: Object::Body(body.id()),
        use_case: "call off a review",
        asked: &[key.as_bytes(), why.as_bytes()],
        change: |model: &Model, _| {
            let (_, entry) = found(model, key)?;
            let state = entry.state();
            if !matches!(state, ReviewState::Prepared | ReviewState::Frozen) {
                let message = format!("the review is {} already", state.words());
                let error = AppError::bad_request(message);
                return Err(error.with_help("only one that is not opened yet is called off"));
            }
            let called_off = CalledOff {
                at: ctx.now(),
                why: text(why, "the reason")?,
                by: ctx.actor().person,
            };
            let record = Review {
                called_off: Some(called_off),
                ..entry.record.clone()
            };
            Ok(Change::Put(
                AnyRecord::from(record).with_identity(entry.id, entry.position),
            ))
        },
    };
    written::<HoldReviews, _>(ctx, write).await
}
