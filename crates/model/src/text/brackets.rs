//! Which bracket of a file stays open: the parser stops only where what follows fits no more, which may be lines below it.

use super::source::{Source, Span};

/// The bracket that is never closed, of those from a place on where one stands; none where all of them are, up to the one that
/// closes the first.
pub(super) fn unclosed(source: &Source, from: Span) -> Option<Span> {
    let mut open: Vec<(char, Span)> = Vec::new();
    for line in from.line..=source.last_line() {
        let mut quote = None;
        let mut before = ' ';
        let first = if line == from.line { from.column } else { 1 };
        for (column, character) in (1..).zip(source.line(line).chars()).skip(first - 1) {
            let begins = before.is_whitespace() || "[{,:".contains(before);
            before = character;
            let at = Span {
                line,
                column,
                length: 1,
            };
            match (quote, character) {
                (Some(open), _) if open == character => quote = None,
                (Some(_), _) => {}
                (None, '#') if begins => break,
                (None, '"' | '\'') if begins => quote = Some(character),
                (None, '[') => open.push((']', at)),
                (None, '{') => open.push(('}', at)),
                (None, ']' | '}') => match open.pop() {
                    Some((closing, _)) if closing == character && open.is_empty() => return None,
                    Some((closing, _)) if closing == character => {}
                    other => return other.map(|(_, at)| at),
                },
                _ => {}
            }
        }
    }
    open.first().map(|(_, at)| *at)
}
