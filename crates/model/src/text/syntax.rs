//! What is wrong with the YAML of a file, in the words of somebody who writes a plan and not a parser.

use saphyr_parser::ScanError;
use throughline_core::finding::Finding;

use super::source::{Source, Span};

const CODE: &str = "bad-yaml";

/// The place and the finding for an error of the parser.
pub(super) fn explain(source: &Source, error: &ScanError) -> (Span, Finding) {
    let line = error.marker().line().clamp(1, source.last_line());
    let at = Span {
        line,
        column: error.marker().col() + 1,
        length: 1,
    };
    // The parser sees a tab late: on the line before it, or after it.
    for number in [line, line + 1] {
        let text = source.line(number);
        let end = Span {
            line: number,
            column: text.chars().count() + 1,
            length: 0,
        };
        if let Some(found) = tab_before(text, end) {
            return found;
        }
    }
    let finding = match error.info() {
        info if info.contains("mapping values") => return colon(source, at),
        info if info.contains("illegal placement of ':'") => open_bracket(),
        info if info.contains("simple key expect") => {
            return no_colon(source, at);
        }
        info if info.contains("unknown anchor") || info.contains("anchor or alias") => {
            match source.line(at.line).chars().nth(at.column - 1) {
                Some('&') => anchor(),
                _ => alias(),
            }
        }
        info if info.contains("tag") || info.contains("the handle") => tag(),
        info if info.contains("unexpected character") => {
            let character = source.line(at.line).chars().nth(at.column - 1);
            let message = match character {
                Some(character) => format!("text without quotes cannot begin with `{character}`"),
                None => "text was expected here".to_string(),
            };
            Finding::error(CODE, message).with_help("put the text in quotes")
        }
        info if info.contains("after double-quoted scalar") => {
            Finding::error(CODE, "something stands after the closing quote").with_help(
                "inside of '...' write a quote twice, inside of \"...\" write it as \\\"",
            )
        }
        info if info.contains("escape") || info.contains("hexadecimal") => {
            Finding::error(CODE, "this text holds a `\\` that means nothing")
                .with_help("in \"...\" write a backslash as \\\\, or use '...'")
        }
        info if info.contains("quoted scalar") => {
            Finding::error(CODE, "this quote is never closed")
                .with_help("close it on the same line")
        }
        info if info.contains("flow mapping") => open_bracket(),
        info if info.contains("flow sequence") || info.contains("flow construct") => open_bracket(),
        info if info.contains("misplaced bracket") => {
            Finding::error(CODE, "this bracket closes nothing")
        }
        info if info.contains("block sequence entries") => {
            Finding::error(CODE, "a list cannot begin here").with_help(
                "begin it on a line of its own, or put text that begins with `-` in quotes",
            )
        }
        info if info.contains("expected '-'") => {
            Finding::error(CODE, "this line is not part of the list above it")
                .with_help("begin it with `- `, or check how far it is indented")
        }
        info if info.contains("document start")
            || info.contains("expected key")
            || info.contains("indent") =>
        {
            Finding::error(CODE, "this line is indented unlike those above it")
                .with_help("keys of one group begin in one column")
        }
        info if info.contains("block scalar") => {
            Finding::error(CODE, "this text block is not indented evenly")
                .with_help("indent each of its lines by two blanks more than its key")
        }
        info if info.contains("directive") => {
            Finding::error(CODE, "a plan file has no lines that begin with `%`")
        }
        info if info.contains("comment") => {
            Finding::error(CODE, "a comment stands inside of a text")
                .with_help("move it to the line above")
        }
        info if info.contains("recursion") => {
            Finding::error("too-deep", "lists and groups stand in each other too deep")
        }
        info => Finding::error(CODE, format!("this is not YAML: {info}")),
    };
    (at, finding)
}

/// A tab before the first thing on a line, if there is one up to `at`.
pub(super) fn tab_before(line: &str, at: Span) -> Option<(Span, Finding)> {
    let blank = |character: &char| *character == ' ' || *character == '\t';
    let indentation = line.chars().take_while(blank).count();
    let tab = line.chars().position(|character| character == '\t')?;
    if tab >= indentation || indentation + 1 > at.column || indentation == line.chars().count() {
        return None;
    }
    let span = Span {
        line: at.line,
        column: tab + 1,
        length: 1,
    };
    let finding = Finding::error("tab", "this line is indented by a tab")
        .with_help("indent by blanks, two for each level");
    Some((span, finding))
}

/// For an alias: `*name`.
pub(super) fn alias() -> Finding {
    Finding::error("alias", "`*` stands for an alias here, and a plan has none")
        .with_help("put text that begins with `*` in quotes")
}

/// For an anchor: `&name`.
pub(super) fn anchor() -> Finding {
    Finding::error(
        "anchor",
        "`&` stands for an anchor here, and a plan has none",
    )
    .with_help("put text that begins with `&` in quotes")
}

/// For a tag: `!name`.
pub(super) fn tag() -> Finding {
    Finding::error("tag", "`!` stands for a tag here, and a plan has none")
        .with_help("put text that begins with `!` in quotes")
}

/// A bracket that stays open is noticed only where the next key cannot be read.
fn open_bracket() -> Finding {
    Finding::error(
        CODE,
        "a comma or a closing bracket was expected before this",
    )
    .with_help("close each [ and {, and put text that holds brackets in quotes")
}

/// A colon where no key can be: inside of a text, or on a line that is indented too far.
fn colon(source: &Source, at: Span) -> (Span, Finding) {
    let line: Vec<char> = source.line(at.line).chars().collect();
    let before = line.get(..at.column - 1).unwrap_or_default();
    let has_key = before.windows(2).any(|pair| pair == [':', ' ']);
    if has_key {
        let finding = Finding::error(
            CODE,
            "a colon and a blank stand inside of text without quotes",
        )
        .with_help("put the text in quotes");
        return (at, finding);
    }
    let indentation = before
        .iter()
        .take_while(|character| **character == ' ')
        .count();
    let span = Span {
        line: at.line,
        column: indentation + 1,
        length: (at.column - 1).saturating_sub(indentation).max(1),
    };
    let finding = Finding::error(
        CODE,
        "this key is indented further than the one above it, which has a value",
    )
    .with_help("keys of one group begin in one column");
    (span, finding)
}

/// A line without a colon is noticed at the next key.
fn no_colon(source: &Source, at: Span) -> (Span, Finding) {
    let first_above = (1..at.line).rev().find(|number| {
        let text = source.line(*number).trim();
        !text.is_empty() && !text.starts_with('#')
    });
    let line = first_above.unwrap_or(at.line);
    let text = source.line(line);
    let indentation = text
        .chars()
        .take_while(|character| *character == ' ')
        .count();
    let span = Span {
        line,
        column: indentation + 1,
        length: text.trim().chars().count().max(1),
    };
    let finding = Finding::error(CODE, "this line has no colon")
        .with_help("write `key: value`; a text that goes on is indented further than its key");
    (span, finding)
}
