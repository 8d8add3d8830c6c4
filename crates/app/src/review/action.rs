//! What is done with an action after the review in which it was agreed: its doer, or its body, says that it is done.

use std::sync::Arc;

use jiff::civil::Date;
use throughline_core::UnitId;
use throughline_model::records::{Action, AnyRecord, Body};
use throughline_model::{Change, Entry, Kind, Model};

use super::newest;
use super::record::no_such;
use crate::policy::{FinishOwnActions, HoldReviews, Object, ReadReadings};
use crate::written::{Write, Written, written};
use crate::{AppError, Ctx};

/// Says that an action is done, today, or that it is not done after all.
///
/// # Errors
/// If there is no such action, or the actor neither does it nor may hold the reviews of its body.
pub async fn finish_action(ctx: &Ctx, key: &str, is_done: bool) -> Result<Written, AppError> {
    let model = newest(ctx).await?;
    let action = model.actions().by_key(key);
    let action = action.ok_or_else(|| no_such(Kind::Action, key))?;
    let doer = Object::Person(action.who);
    let is_own = ctx.authorize::<FinishOwnActions>(doer).await.is_ok();
    if let Some(unit) = action.unit.filter(|_| !is_own) {
        let may_read = ctx.authorize::<ReadReadings>(Object::Unit(unit)).await;
        may_read.map_err(|_| no_such(Kind::Action, key))?;
    }
    let today = model.calendar().date_of(ctx.now());
    let body = body_of(&model, action, today).map(|body| Object::Body(body.id()));
    let object = match body {
        _ if is_own => doer,
        Some(body) => body,
        None => {
            return Err(AppError::not_found(
                "there is no body that looks after this",
            ));
        }
    };
    let done = is_done.then_some(today);
    let write = Write {
        object,
        use_case: "finish an action",
        asked: &[key.as_bytes(), &[u8::from(is_done)]],
        change: |model: &Model, _| {
            let action = model.actions().by_key(key);
            let action = action.ok_or_else(|| no_such(Kind::Action, key))?;
            let record = Action {
                // Who says so twice does not move the day.
                done: done.map(|day| action.done.unwrap_or(day)),
                ..action.record.clone()
            };
            Ok(Change::Put(
                AnyRecord::from(record).with_identity(action.id, action.position),
            ))
        },
    };
    match is_own {
        true => written::<FinishOwnActions, _>(ctx, write).await,
        false => written::<HoldReviews, _>(ctx, write).await,
    }
}

/// The body whose members look after an action: that of its review, else the nearest that answers for its unit or one above.
pub(super) fn body_of<'a>(
    model: &'a Model,
    action: &Action,
    today: Date,
) -> Option<&'a Arc<Entry<Body>>> {
    let review = action.review.and_then(|review| model.reviews().get(review));
    if let Some(review) = review {
        return model.bodies().get(review.body);
    }
    let units = model.index().units_on(today);
    let line: Vec<UnitId> = match action.unit {
        Some(unit) => std::iter::once(unit).chain(units.ancestors(unit)).collect(),
        None => units.roots().to_vec(),
    };
    line.into_iter()
        .find_map(|unit| model.bodies().iter().find(|body| body.unit == Some(unit)))
}
