//! What people see in a terminal: tables, diagnostics, words for dates and numbers, progress.
//!
//! Everything here makes text; colour is the last layer, taken away where it is not wanted (no terminal, `NO_COLOR`),
//! so that no meaning hangs on it.

pub mod card;
pub mod chronicle;
pub mod derivation;
pub mod diagnostics;
pub mod drivers;
pub mod evidence;
pub mod import;
pub mod insight;
pub mod node;

pub mod paint;
pub mod progress;
pub mod table;

pub use throughline_app::words::{self, meaning, numbers};

use std::io::{self, Write};

/// The width of standard output in columns; `None` where it is no terminal and lines may be of any length.
pub fn width() -> Option<usize> {
    terminal_size::terminal_size_of(io::stdout()).map(|(width, _)| usize::from(width.0))
}

/// Writes results to standard output.
///
/// # Errors
/// If they cannot be written; a reader that went away is no error.
pub fn print(text: &str) -> io::Result<()> {
    quietly(anstream::AutoStream::auto(io::stdout().lock()).write_all(text.as_bytes()))?;
    quietly(io::stdout().flush())
}

/// A section with its title, if it says anything.
pub fn section(title: &str, lines: &[String], width: Option<usize>) -> String {
    if lines.is_empty() {
        return String::new();
    }
    let line = |line: &String| table::wrapped(&format!("  {}", harmless(line)), width, "    ");
    let lines: Vec<String> = lines.iter().map(line).collect();
    format!(
        "\n{}\n{}\n",
        paint::paint(paint::STRONG, title),
        lines.join("\n")
    )
}

/// Writes anything else to standard error.
pub fn say(text: &str) {
    // Where standard error is closed there is nobody to tell.
    let _ = writeln!(anstream::AutoStream::auto(io::stderr().lock()), "{text}");
}

fn quietly(written: io::Result<()>) -> io::Result<()> {
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

/// The text without control characters: what stands in a plan or a file can be anything, and must not steer the terminal.
pub fn harmless(text: &str) -> String {
    let shown = |character: char| match character {
        '\n' | '\t' | '\r' => ' ',
        other if other.is_control() => char::REPLACEMENT_CHARACTER,
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => char::REPLACEMENT_CHARACTER,
        other => other,
    };
    text.chars().map(shown).collect()
}
