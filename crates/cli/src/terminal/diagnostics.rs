//! Errors and warnings as the Rust compiler shows them: what, where, the line with the place marked, and what to do.

use std::collections::BTreeSet;

use anstyle::Style;
use throughline_core::{Finding, Severity};
use throughline_model::text::Diagnostic;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::harmless;
use super::paint::{ERROR, FRAME, NOTE, STRONG, WARNING, paint};

/// The most columns of a quoted line; a longer one is shown around its marked part.
const QUOTED_COLUMNS_MAX: usize = 120;

/// The most diagnostics that are shown; of the others only the number is.
pub const SHOWN_MAX: usize = 50;

/// All diagnostics with a line that counts them. Files are named from `folder` on, so that the place can be opened.
pub fn render(diagnostics: &[Diagnostic], left_out: usize, folder: &str) -> String {
    let mut out = String::new();
    for diagnostic in diagnostics.iter().take(SHOWN_MAX) {
        out.push_str(&one(diagnostic, folder));
        out.push('\n');
    }
    let more = diagnostics.len().saturating_sub(SHOWN_MAX) + left_out;
    if more > 0 {
        out.push_str(&format!("... and {more} more\n\n"));
    }
    out
}

/// In how many files they stand.
pub fn files(diagnostics: &[Diagnostic]) -> usize {
    let files: BTreeSet<&str> = diagnostics
        .iter()
        .map(|diagnostic| diagnostic.file.as_str())
        .collect();
    files.len()
}

/// One diagnostic.
pub fn one(diagnostic: &Diagnostic, folder: &str) -> String {
    with_note(diagnostic, folder, None)
}

/// One diagnostic, with something to know beside it.
pub fn with_note(diagnostic: &Diagnostic, folder: &str, note: Option<&str>) -> String {
    let mut out = head(&diagnostic.finding);
    let lines = diagnostic
        .related
        .iter()
        .map(|related| related.line)
        .chain([diagnostic.line]);
    let gutter = lines.max().unwrap_or(1).to_string().len();
    let style = style_of(diagnostic.finding.severity);
    quote(
        &mut out,
        folder,
        gutter,
        &Quoted {
            arrow: "-->",
            file: &diagnostic.file,
            line: diagnostic.line,
            column: diagnostic.column,
            length: diagnostic.length,
            source: &diagnostic.source,
            label: "",
            mark: '^',
            style,
        },
    );
    for related in &diagnostic.related {
        quote(
            &mut out,
            folder,
            gutter,
            &Quoted {
                arrow: ":::",
                file: &related.file,
                line: related.line,
                column: related.column,
                length: related.length,
                source: &related.source,
                label: &related.label,
                mark: '-',
                style: FRAME,
            },
        );
    }
    if let Some(help) = &diagnostic.finding.help {
        below(&mut out, gutter, "help", help);
    }
    if let Some(note) = note {
        below(&mut out, gutter, "note", note);
    }
    out
}

/// A finding that has no place in a file.
pub fn without_place(finding: &Finding, note: Option<&str>) -> String {
    let mut out = head(finding);
    if let Some(place) = &finding.place {
        out.push_str(&format!(
            "  {} {}\n",
            paint(FRAME, "-->"),
            harmless(&place.to_string())
        ));
    }
    if let Some(help) = &finding.help {
        below(&mut out, 1, "help", help);
    }
    if let Some(note) = note {
        below(&mut out, 1, "note", note);
    }
    out
}

/// `error[unknown-key]: ...`
fn head(finding: &Finding) -> String {
    let label = format!("{}[{}]", finding.severity, finding.code);
    let message = paint(STRONG, &format!(": {}", harmless(&finding.message)));
    format!("{}{message}\n", paint(style_of(finding.severity), &label))
}

fn style_of(severity: Severity) -> Style {
    match severity {
        Severity::Error => ERROR,
        Severity::Warning => WARNING,
        Severity::Note => NOTE,
    }
}

fn below(out: &mut String, gutter: usize, label: &str, text: &str) {
    let space = " ".repeat(gutter);
    let (sign, label) = (paint(FRAME, "="), paint(STRONG, label));
    out.push_str(&format!("{space} {sign} {label}: {}\n", harmless(text)));
}

/// A place in a file with its line.
struct Quoted<'a> {
    arrow: &'a str,
    file: &'a str,
    line: usize,
    column: usize,
    length: usize,
    source: &'a str,
    label: &'a str,
    mark: char,
    style: Style,
}

fn quote(out: &mut String, folder: &str, gutter: usize, place: &Quoted<'_>) {
    let space = " ".repeat(gutter);
    let bar = paint(FRAME, "|");
    let path = harmless(&in_folder(folder, place.file));
    let arrow = paint(FRAME, place.arrow);
    out.push_str(&format!(
        "{space}{arrow} {path}:{}:{}\n",
        place.line, place.column
    ));
    // A place without length is the whole file; there is no line to show.
    if place.length == 0 {
        if !place.label.is_empty() {
            out.push_str(&format!("{space} {bar} {}\n", harmless(place.label)));
        }
        return;
    }
    let (shown, offset, marks) = window(place);
    let number = paint(FRAME, &format!("{:>gutter$}", place.line));
    let marks = paint(
        place.style,
        format!(
            "{}{} {}",
            " ".repeat(offset),
            place.mark.to_string().repeat(marks),
            harmless(place.label)
        )
        .trim_end(),
    );
    out.push_str(&format!(
        "{space} {bar}\n{number} {bar} {shown}\n{space} {bar} {marks}\n"
    ));
}

/// The part of the line that is shown, the columns before the mark in it, and the columns that are marked.
fn window(place: &Quoted<'_>) -> (String, usize, usize) {
    let characters: Vec<char> = harmless(place.source).chars().collect();
    let start = place.column.saturating_sub(1).min(characters.len());
    let end = (start + place.length).min(characters.len());
    let (first, last) = if characters.len() <= QUOTED_COLUMNS_MAX {
        (0, characters.len())
    } else {
        let first = start.saturating_sub(QUOTED_COLUMNS_MAX / 3);
        (first, (first + QUOTED_COLUMNS_MAX).min(characters.len()))
    };
    let width = |from: usize, to: usize| -> usize {
        characters[from.min(to)..to]
            .iter()
            .map(|character| character.width().unwrap_or(0))
            .sum()
    };
    let before = if first > 0 { "… " } else { "" };
    let after = if last < characters.len() { " …" } else { "" };
    let text: String = characters[first..last].iter().collect();
    let marks = width(start, end.min(last)).max(1);
    (
        format!("{before}{}{after}", text.trim_end()),
        before.width() + width(first, start),
        marks,
    )
}

fn in_folder(folder: &str, file: &str) -> String {
    match folder.trim_end_matches('/') {
        "" | "." => file.to_owned(),
        folder => format!("{folder}/{file}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use throughline_model::text::Related;

    fn check(diagnostic: &Diagnostic, expected: &str) {
        let rendered = anstream::adapter::strip_str(&one(diagnostic, "plan/")).to_string();
        assert_eq!(rendered, expected);
    }

    fn diagnostic(source: &str, column: usize, length: usize) -> Diagnostic {
        Diagnostic {
            finding: Finding::error("unknown-reference", "there is no measure `on-tme`")
                .with_help("did you mean `on-time`?"),
            file: "strategy.yaml".into(),
            line: 12,
            column,
            length,
            source: source.into(),
            related: vec![],
        }
    }

    #[test]
    fn a_diagnostic_points_at_its_place() {
        check(
            &diagnostic("    measures: [on-tme]", 16, 6),
            "error[unknown-reference]: there is no measure `on-tme`
  --> plan/strategy.yaml:12:16
   |
12 |     measures: [on-tme]
   |                ^^^^^^
   = help: did you mean `on-time`?
",
        );
    }

    #[test]
    fn other_places_stand_below() {
        let mut twice = diagnostic("  - key: ü", 10, 1);
        twice.related.push(Related {
            file: "map.yaml".into(),
            line: 3,
            column: 10,
            length: 1,
            source: "  - key: ü".into(),
            label: "first given here".into(),
        });
        check(
            &twice,
            "error[unknown-reference]: there is no measure `on-tme`
  --> plan/strategy.yaml:12:10
   |
12 |   - key: ü
   |          ^
  ::: plan/map.yaml:3:10
   |
 3 |   - key: ü
   |          - first given here
   = help: did you mean `on-time`?
",
        );
    }

    #[test]
    fn long_lines_are_shown_around_their_place() {
        let source = format!("{}wrong{}", "x".repeat(500), "y".repeat(500));
        let text = one(&diagnostic(&source, 501, 5), "");
        assert!(text.lines().all(|line| line.width() < 160), "{text}");
        assert!(text.contains("wrong"));
        // A place beyond the line, and a line of nothing, are shown as well as they can be.
        for (column, length) in [(0, 1), (2000, 10), (1, 5000)] {
            one(&diagnostic(&source, column, length), ".");
            one(&diagnostic("", column, length), ".");
        }
    }
}
