//! What the data say: how far a link holds, and what made a value differ.

use throughline_app::AppError;
use throughline_app::drivers::{Against, drivers};
use throughline_app::evidence::link_evidence;
use throughline_app::json::drivers::Drivers;
use throughline_app::json::evidence::OneEvidence;

use super::caller::Caller;
use super::problem::ApiResult;
use crate::address::Path;

/// Says how far a link holds, and what that rests on.
///
/// # Errors
/// As of the use case; if there is no such link.
pub async fn of_link(Path(key): Path<String>, caller: Caller) -> ApiResult {
    let one = link_evidence(&caller.ctx, &key, &caller.selection()).await?;
    caller.answer(&OneEvidence::of(&one))
}

/// Says what made a value differ.
///
/// # Errors
/// As of the use case; if it is to be held against something else than there is.
pub async fn drivers_of(Path(key): Path<String>, caller: Caller) -> ApiResult {
    let against = match caller.value("against") {
        None => None,
        Some(word) => {
            let found = Against::ALL.into_iter().find(|one| one.word() == word);
            let known = found.ok_or_else(|| {
                AppError::bad_request("`against` is `target`, `before` or `year-before`")
            });
            Some(known?)
        }
    };
    let read = drivers(&caller.ctx, &key, &caller.selection(), against).await?;
    caller.answer(&Drivers::of(&read))
}
