//! `pack`: the pack of a review whose figures are frozen, as a PDF.

use std::fs::OpenOptions;
use std::io::Write;

use serde::Serialize;
use throughline_app::AppError;

use super::{Outcome, Session};
use crate::arguments::Pack;
use crate::terminal::words;

/// The answer of `pack`.
#[derive(Serialize)]
struct Written<'a> {
    review: &'a str,
    file: String,
    length: usize,
}

/// Writes the pack of a review.
///
/// # Errors
/// If there is no such review, its figures are not frozen, or the file is there already or cannot be written.
pub async fn run(session: &Session<'_>, asked: &Pack) -> Result<Outcome, AppError> {
    let bytes = throughline_web::pack(&session.ctx, &asked.review, throughline_pack::print).await?;
    let file = asked.output.display();
    let refused = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => {
            AppError::bad_request(format!("{file} is there already"))
                .with_help("name another file: packs are not overwritten")
        }
        _ => AppError::failed(format!("{file} could not be written"), error),
    };
    let opened = OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(&asked.output);
    let mut opened = opened.map_err(refused)?;
    opened.write_all(&bytes).map_err(refused)?;
    if session.is_json() {
        session.print_json(&Written {
            review: &asked.review,
            file: file.to_string(),
            length: bytes.len(),
        })?;
        return Ok(Outcome::Done);
    }
    session.print(&format!(
        "Wrote the pack of {} to {file}, {}.\n",
        asked.review,
        words::count(bytes.len() as u64, "byte"),
    ))?;
    Ok(Outcome::Done)
}
