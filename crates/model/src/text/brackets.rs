//! Which bracket of a file stays open: the parser stops only where what follows fits no more, which may be lines below it.

use super::source::{Source, Span};

/// The bracket that is never closed, of those from a place on where one stands; none where all of them are, up to the one that
/// closes the first.
pub(super) fn unclosed(source: &Source, from: Span) -> Option<Span> {
    let mut open: Vec<(char, Span)> = Vec::new();
    // A text in quotes may go over several lines.
    let mut quote = None;
    for line in from.line..=source.last_line() {
        let mut before = ' ';
        let first = if line == from.line { from.column } else { 1 };
        let characters = (1..).zip(source.line(line).chars()).skip(first - 1);
        let mut characters = characters.peekable();
        while let Some((column, character)) = characters.next() {
            let begins = before.is_whitespace() || "[{,:".contains(before);
            before = character;
            let at = Span {
                line,
                column,
                length: 1,
            };
            match (quote, character) {
                // A quote after a backslash, and two single ones, stand for one in the text.
                (Some('"'), '\\') => {
                    characters.next();
                }
                (Some('\''), '\'') if characters.next_if(|(_, next)| *next == '\'').is_some() => {}
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

#[cfg(test)]
mod tests {
    use super::super::source::FILE_SIZE_LIMIT;
    use super::*;

    #[test]
    fn brackets_in_quotes_are_text() {
        let check = |text: &str, expected: Option<(usize, usize)>| {
            let source = Source::read("a.yaml", text.as_bytes(), FILE_SIZE_LIMIT).expect("text");
            let from = Span {
                line: 1,
                column: 1,
                length: 1,
            };
            let found = unclosed(&source, from).map(|at| (at.line, at.column));
            assert_eq!(found, expected, "{text}");
        };
        check("[{ name: a, of: [b }, c]", Some((1, 17)));
        check("[{ name: \"a [ b\", of: c }", Some((1, 1)));
        check(r#"[{ name: "a \" [ b", of: c }"#, Some((1, 1)));
        check(r#"[{ name: "a \\", of: [b }]"#, Some((1, 22)));
        check("[{ name: 'it''s [ b', of: c }", Some((1, 1)));
        check("[{ name: \"a\n  [ b\", of: c }", Some((1, 1)));
        check("[{ name: 'a\n  # [ b', of: c }]", None);
        check("[{ name: it's, of: c } # [\n]", None);
    }
}
