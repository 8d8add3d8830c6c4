//! The pack of a review as PDF: what its members read before they meet, on paper or on a screen.
//!
//! Words, figures and drawings come in, bytes go out. They are set by Typst, from a template and fonts that are part of the
//! program; nothing is looked for in the system or on a network. The same pack has the same bytes whenever and wherever it
//! is made: its only date is the instant at which its figures were fixed.

mod drawing;
mod world;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use throughline_app::AppError;
use throughline_app::pack::Pack;
use typst::foundations::{Datetime, Smart};
use typst_pdf::{PdfOptions, PdfStandards};

use world::PackWorld;

/// Why a pack was not made.
#[derive(Debug, thiserror::Error)]
pub enum PackError {
    /// Its words could not be handed to the template.
    #[error("the words of the pack cannot be written: {0}")]
    Words(#[from] serde_json::Error),
    /// It could not be set.
    #[error("the pack cannot be set: {0}")]
    Set(String),
}

/// Prints a pack: what the program hands to those who need one ([`throughline_app::pack::Printer`]).
///
/// # Errors
/// As [`pdf`].
pub fn print(pack: &Pack, styles: &str, frozen: Timestamp) -> Result<Vec<u8>, AppError> {
    let printed = pdf(pack, styles, frozen);
    printed.map_err(|error| AppError::failed("the pack could not be made", error))
}

/// The pack as a PDF, dated by the instant at which its figures were fixed. Its drawings follow the rules of `styles`: plain
/// CSS with a rule for each class, colours written out.
///
/// # Errors
/// [`PackError`], where a drawing or the template is not what it should be.
pub fn pdf(pack: &Pack, styles: &str, frozen: Timestamp) -> Result<Vec<u8>, PackError> {
    let said = |errors: typst::ecow::EcoVec<typst::diag::SourceDiagnostic>| {
        let said: Vec<_> = errors
            .iter()
            .map(|error| error.message.to_string())
            .collect();
        PackError::Set(said.join("; "))
    };
    let world = PackWorld::of(pack, styles)?;
    let set = typst::compile(&world).output.map_err(said)?;
    let options = PdfOptions {
        ident: Smart::Custom(format!("{} {frozen}", pack.key)),
        creator: Smart::Custom(Some("Throughline".to_owned())),
        timestamp: date_of(frozen).map(typst_pdf::Timestamp::new_utc),
        page_ranges: None,
        standards: PdfStandards::default(),
        tagged: true,
        pretty: false,
    };
    let bytes = typst_pdf::pdf(&set, &options).map_err(said);
    // What Typst remembers of one pack is of no use to the next.
    typst::comemo::evict(0);
    bytes
}

fn date_of(instant: Timestamp) -> Option<Datetime> {
    let at = TimeZone::UTC.to_datetime(instant);
    let part = |number: i8| u8::try_from(number).ok();
    Datetime::from_ymd_hms(
        i32::from(at.year()),
        part(at.month())?,
        part(at.day())?,
        part(at.hour())?,
        part(at.minute())?,
        part(at.second())?,
    )
}

#[cfg(test)]
mod tests;
