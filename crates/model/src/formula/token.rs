//! Cuts a formula's text into tokens, and says at the place what is no token.

use super::NUMBER_BOUND;
use super::advice::{clipped, foreign_symbol};
use super::expression::Operator;

/// A token and where it stands, in bytes of the text.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token<'text> {
    pub kind: TokenKind<'text>,
    pub start: usize,
    pub end: usize,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum TokenKind<'text> {
    Number(f64),
    /// A name or a function.
    Word(&'text str),
    /// A name that stands in backticks, without them.
    Quoted(&'text str),
    Operator(Operator),
    Open,
    Close,
    Comma,
    At,
    /// Text that is no token. Nothing follows it.
    Wrong {
        message: String,
        help: Option<String>,
    },
    /// The end of the text. Nothing follows it.
    End,
}

/// The tokens of a text. The last one, and no other, is [`TokenKind::End`] or [`TokenKind::Wrong`].
pub(super) fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut at = 0;
    loop {
        let rest = after(text, at).trim_start();
        let start = text.len() - rest.len();
        let (kind, length) = token(rest);
        // The end is shown behind the last token, not behind the spaces after it.
        let start = if kind == TokenKind::End { at } else { start };
        at = start + length;
        let last = matches!(kind, TokenKind::Wrong { .. } | TokenKind::End);
        tokens.push(Token {
            kind,
            start,
            end: at,
        });
        if last {
            return tokens;
        }
    }
}

/// The first token of a text and its length.
fn token(text: &str) -> (TokenKind<'_>, usize) {
    let Some(first) = text.chars().next() else {
        return (TokenKind::End, 0);
    };
    if first.is_ascii_digit() {
        return number(text);
    }
    if is_word_character(first) {
        let length = length_while(text, is_word_character);
        return (TokenKind::Word(before(text, length)), length);
    }
    if first == '`' {
        return quoted(text);
    }
    symbol(text, first)
}

/// An operator, a parenthesis and the like; what another language has in its place is longer or none of these.
fn symbol(text: &str, first: char) -> (TokenKind<'_>, usize) {
    let kind = match first {
        '(' => Some(TokenKind::Open),
        ')' => Some(TokenKind::Close),
        ',' => Some(TokenKind::Comma),
        '@' => Some(TokenKind::At),
        _ => None,
    };
    if let Some(kind) = kind {
        return (kind, 1);
    }
    let operator = Operator::ALL
        .into_iter()
        .find(|operator| text.starts_with(operator.symbol()));
    let length = operator.map_or(0, |operator| operator.symbol().len());
    match (foreign_symbol(text), operator) {
        (Some((symbol, help)), _) if symbol.len() > length => {
            let message = format!("`{symbol}` has no meaning in a formula");
            wrong(symbol.len(), message, help)
        }
        (_, Some(operator)) => (TokenKind::Operator(operator), length),
        (_, None) => {
            let message = format!("`{}` has no meaning in a formula", first.escape_debug());
            let help = None;
            (TokenKind::Wrong { message, help }, first.len_utf8())
        }
    }
}

fn quoted(text: &str) -> (TokenKind<'_>, usize) {
    let inside = after(text, 1);
    let length = inside.find(['`', '\n']).unwrap_or(inside.len());
    if !after(inside, length).starts_with('`') {
        let help = "a key stands between two backticks, on one line";
        return wrong(1 + length, "the backtick is not closed", help);
    }
    if length == 0 {
        let help = "write a key between them, for instance `on-time`";
        return wrong(2, "the backticks are empty", help);
    }
    (TokenKind::Quoted(before(inside, length)), length + 2)
}

/// A number: digits, perhaps with a decimal point and digits after it, perhaps with an exponent.
fn number(text: &str) -> (TokenKind<'_>, usize) {
    if let Some(problem) = separated_thousands(text) {
        return problem;
    }
    let mut length = length_while(text, |character| character.is_ascii_digit());
    if let Some(fraction) = after(text, length).strip_prefix('.') {
        let digits = length_while(fraction, |character| character.is_ascii_digit());
        if digits == 0 {
            let help = format!("write `{0}` or `{0}.0`", before(text, length));
            return wrong(
                length + 1,
                "a digit was expected after the decimal point",
                help,
            );
        }
        length += 1 + digits;
    }
    length += exponent(after(text, length));
    let tail = length_while(after(text, length), is_word_character);
    if tail > 0 {
        let length = length + tail;
        let all = clipped(before(text, length));
        let help = format!(
            "a key that begins with a digit stands in backticks: `{all}`; to multiply write `*`"
        );
        return wrong(
            length,
            format!("`{all}` is neither a number nor a plain word"),
            help,
        );
    }
    match before(text, length).parse::<f64>() {
        Ok(number) if number < NUMBER_BOUND => (TokenKind::Number(number), length),
        _ => wrong(length, "the number is too large", "numbers stay below 1e30"),
    }
}

/// The length of `e3`, `E+3` or `e-3` at the start of a text, 0 if there is none.
fn exponent(text: &str) -> usize {
    let Some(signed) = text.strip_prefix(['e', 'E']) else {
        return 0;
    };
    let digits = signed.strip_prefix(['+', '-']).unwrap_or(signed);
    match length_while(digits, |character| character.is_ascii_digit()) {
        0 => 0,
        count => text.len() - digits.len() + count,
    }
}

/// `1,000`, `1_000`, `1'000` or `1.000.000` at the start of a text. The first could also be two arguments: it is better to ask
/// than to take one for the other.
fn separated_thousands(text: &str) -> Option<(TokenKind<'_>, usize)> {
    let first = length_while(text, |character| character.is_ascii_digit());
    let separator = after(text, first)
        .chars()
        .next()
        .filter(|separator| [',', '_', '\'', '.'].contains(separator))?;
    let mut length = first;
    let mut groups = 0;
    while let Some(group) = after(text, length).strip_prefix(separator) {
        if length_while(group, |character| character.is_ascii_digit()) != 3 {
            break;
        }
        length += 4;
        groups += 1;
    }
    let groups_least = if separator == '.' { 2 } else { 1 };
    if first > 3 || groups < groups_least {
        return None;
    }
    let all = clipped(before(text, length));
    let number = all.replace(separator, "");
    let help = match separator {
        ',' => format!("write `{number}`, or a space after the comma between two arguments"),
        _ => format!("write `{number}`"),
    };
    Some(wrong(
        length,
        format!("`{all}` has a thousands separator"),
        help,
    ))
}

fn wrong(
    length: usize,
    message: impl Into<String>,
    help: impl Into<String>,
) -> (TokenKind<'static>, usize) {
    (
        TokenKind::Wrong {
            message: message.into(),
            help: Some(help.into()),
        },
        length,
    )
}

fn is_word_character(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

/// The first `length` bytes of a text.
fn before(text: &str, length: usize) -> &str {
    text.get(..length).unwrap_or_default()
}

/// What comes after them.
fn after(text: &str, length: usize) -> &str {
    text.get(length..).unwrap_or_default()
}

fn length_while(text: &str, belongs: impl Fn(char) -> bool) -> usize {
    text.find(|character| !belongs(character))
        .unwrap_or(text.len())
}
