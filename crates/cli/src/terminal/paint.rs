//! Colours and weights, each with what it stands for. Blue is for, orange against; what is undecided is grey.

use anstyle::{AnsiColor, Style};
use throughline_engine::Status;

/// The head of a table, a title.
pub const STRONG: Style = Style::new().bold();
/// What stands beside the result.
pub const FAINT: Style = Style::new().dimmed();
/// Nothing special.
pub const PLAIN: Style = Style::new();
/// An error.
pub const ERROR: Style = AnsiColor::Red.on_default().bold();
/// A warning.
pub const WARNING: Style = AnsiColor::Yellow.on_default().bold();
/// A note, a help.
pub const NOTE: Style = AnsiColor::Cyan.on_default().bold();
/// The frame of a quoted line.
pub const FRAME: Style = AnsiColor::Blue.on_default().bold();
/// What was added.
pub const ADDED: Style = AnsiColor::Blue.on_default();
/// What was taken away.
pub const REMOVED: Style = AnsiColor::Yellow.on_default();

/// The colour of a status; its glyph and word say the same without it.
pub const fn of_status(status: Status) -> Style {
    match status {
        Status::OnTrack => AnsiColor::Blue.on_default(),
        Status::AtRisk => AnsiColor::Yellow.on_default(),
        Status::OffTrack => AnsiColor::Red.on_default().bold(),
        Status::NoTarget | Status::NoData => FAINT,
    }
}

/// The glyph and the word of a status.
pub const fn status_words(status: Status) -> &'static str {
    match status {
        Status::OnTrack => "● On track",
        Status::AtRisk => "▲ At risk",
        Status::OffTrack => "◆ Off track",
        Status::NoTarget => "– No target",
        Status::NoData => "○ No data",
    }
}

/// The text in that style.
pub fn paint(style: Style, text: &str) -> String {
    if style == PLAIN || text.is_empty() {
        return text.to_owned();
    }
    format!("{style}{text}{style:#}")
}
