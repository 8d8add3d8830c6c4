//! `explain`: where a number came from.

use throughline_app::AppError;

use super::{Outcome, Session};
use crate::arguments::Explain;

/// Explains the reading of a measure.
///
/// # Errors
/// Always, for now.
pub async fn run(_: &Session<'_>, _: &Explain) -> Result<Outcome, AppError> {
    Err(AppError::bad_request("`explain` is being built"))
}
