//! What is wrong with the YAML of a file, in the words of somebody who writes a plan and not a parser.

use saphyr_parser::ScanError;
use throughline_core::finding::Finding;

use super::source::{Source, Span};

const CODE: &str = "bad-yaml";

/// What to do about brackets.
const BRACKETS: &str = "close each [ and {, and put text that holds brackets in quotes";

/// The place and the finding for an error of the parser; where a bracket stays open, that is what is wrong.
pub(super) fn explain(
    source: &Source,
    error: &ScanError,
    bracket: Option<Span>,
) -> (Span, Finding) {
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
    if let Some(bracket) = bracket {
        let finding = Finding::error(CODE, "this bracket is never closed").with_help(BRACKETS);
        return (bracket, finding);
    }
    let info = error.info();
    let character = || source.line(at.line).chars().nth(at.column - 1);
    if info.contains("mapping values") {
        return colon(source, at);
    }
    if info.contains("simple key expect") {
        return no_colon(source, at);
    }
    if info.contains("anchor") {
        let finding = if character() == Some('&') {
            anchor()
        } else {
            alias()
        };
        return (at, finding);
    }
    if info.contains("unexpected character")
        && let Some(character) = character()
    {
        let message = format!("text without quotes cannot begin with `{character}`");
        let finding = Finding::error(CODE, message).with_help("put the text in quotes");
        return (at, finding);
    }
    let known = EXPLANATIONS
        .iter()
        .find(|(parts, ..)| parts.iter().any(|part| info.contains(part)));
    let finding = match known {
        Some((_, message, help)) => Finding::error(CODE, *message).with_help(*help),
        None => Finding::error(CODE, format!("this is not YAML: {info}")),
    };
    (at, finding)
}

/// For parts of the parser's messages what is wrong, and what to do. The first that fits counts.
const EXPLANATIONS: &[(&[&str], &str, &str)] = &[
    (
        &["tag", "the handle"],
        "`!` stands for a tag here, and a plan has none",
        "put text that begins with `!` in quotes",
    ),
    (
        &["after double-quoted scalar"],
        "something stands after the closing quote",
        "inside of '...' write a quote twice, inside of \"...\" write it as \\\"",
    ),
    (
        &["escape", "hexadecimal"],
        "this text holds a `\\` that means nothing",
        "in \"...\" write a backslash as \\\\, or use '...'",
    ),
    (
        &["quoted scalar"],
        "this quote is never closed",
        "close it on the same line",
    ),
    (
        &[
            "illegal placement of ':'",
            "expected node content",
            "flow mapping",
            "flow sequence",
            "flow construct",
        ],
        "a comma or a closing bracket was expected before this",
        BRACKETS,
    ),
    (
        &["misplaced bracket"],
        "this bracket closes nothing",
        "remove it, or put the text in quotes",
    ),
    (
        &["block sequence entries"],
        "a list cannot begin here",
        "begin it on a line of its own, or put text that begins with `-` in quotes",
    ),
    (
        &["expected '-'"],
        "this line is not part of the list above it",
        "begin it with `- `, or check how far it is indented",
    ),
    (
        &["block scalar"],
        "this text block is not indented evenly",
        "indent each of its lines by two blanks more than its key",
    ),
    (
        &["document start", "expected key", "indent"],
        "this line is indented unlike those above it",
        "keys of one group begin in one column",
    ),
    (
        &["directive"],
        "a plan file has no lines that begin with `%`",
        "remove this line",
    ),
    (
        &["comment"],
        "a comment stands inside of a text",
        "move it to the line above",
    ),
    (
        &["recursion"],
        "lists and groups stand in each other too deep",
        "a plan needs six levels",
    ),
];

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
