//! A status: glyph and word first, colour last.

use askama::Template;
use throughline_engine::Status;

use crate::assets;

/// A status, in words and with its glyph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Template)]
#[template(path = "parts/status.html")]
pub struct StatusMark(pub Status);

/// The glyph of a status alone, where the word stands nearby.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Template)]
#[template(path = "parts/glyph.html")]
pub struct Glyph(pub Status);

impl StatusMark {
    fn word(&self) -> String {
        word(self.0)
    }

    fn glyph(&self) -> Glyph {
        Glyph(self.0)
    }

    fn class(&self) -> &'static str {
        class(self.0)
    }
}

impl Glyph {
    fn class(&self) -> &'static str {
        class(self.0)
    }

    fn href(&self) -> String {
        format!(
            "{}#status-{}",
            assets::href("icons/sprite.svg"),
            class(self.0)
        )
    }
}

/// The word of a status at the start of a sentence.
#[must_use]
pub fn word(status: Status) -> String {
    throughline_app::words::sentence(status.word())
}

/// The class of a status in style sheets.
#[must_use]
pub fn class(status: Status) -> &'static str {
    match status {
        Status::OnTrack => "on-track",
        Status::AtRisk => "at-risk",
        Status::OffTrack => "off-track",
        Status::NoTarget => "no-target",
        Status::NoData => "no-data",
    }
}
