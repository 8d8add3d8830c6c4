//! What the points of a measure say, and what is to come of it.

use throughline_app::insight::{Depth, chances_come_true, insights};
use throughline_app::json::insight::{ForecastAnswer, SignalsAnswer};
use throughline_app::json::track::TrackAnswer;

use super::caller::Caller;
use super::problem::{ApiResult, Problem};
use crate::address::Path;

/// Tells a change from routine variation.
///
/// # Errors
/// As of the use case.
pub async fn signals(Path(key): Path<String>, caller: Caller) -> ApiResult {
    let asked = caller.selection();
    let read = insights(&caller.ctx, Some(&key), &asked, Depth::Signals).await?;
    caller.answer(&SignalsAnswer::of(&read))
}

/// Says what is to come.
///
/// # Errors
/// As of the use case.
pub async fn forecast(Path(key): Path<String>, caller: Caller) -> ApiResult {
    let asked = caller.selection();
    let depth = match caller.value("with-units") {
        None | Some("no") => Depth::Forecasts,
        Some("yes") => Depth::WithUnits,
        Some(_) => {
            let problem =
                Problem::bad_request("The parameter `with-units` is `yes` or `no`.".to_owned());
            return Err(problem.into());
        }
    };
    let read = insights(&caller.ctx, Some(&key), &asked, depth).await?;
    caller.answer(&ForecastAnswer::of(&read))
}

/// Says how often chances came true.
///
/// # Errors
/// As of the use case.
pub async fn chances(caller: Caller) -> ApiResult {
    let read = chances_come_true(&caller.ctx, &caller.selection()).await?;
    caller.answer(&TrackAnswer::of(&read))
}
