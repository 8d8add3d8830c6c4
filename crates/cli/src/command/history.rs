//! `history`: who changed what, when and why.

use throughline_app::AppError;

use super::{Outcome, Session};
use crate::arguments::History;

/// Shows the history.
///
/// # Errors
/// Always, for now.
pub async fn run(_: &Session<'_>, _: &History) -> Result<Outcome, AppError> {
    Err(AppError::bad_request("`history` is being built"))
}
