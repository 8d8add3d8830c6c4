//! What is said when a formula is wrong: at the place, what was expected, and what was probably meant.

use super::super::advice::{clipped, foreign_word};
use super::super::expression::{Expression, Operator};
use super::super::function::Function;
use super::super::token::{Token, TokenKind};
use super::super::{FormulaError, NameKind};
use super::Parser;

impl<'text> Parser<'text, '_, '_> {
    /// An error at the next token.
    pub(super) fn here(&self, message: impl Into<String>) -> FormulaError {
        let token = &self.tokens[self.position];
        FormulaError::new(message).at(token.start, token.end)
    }

    /// An error at the next token, with what to do about it.
    pub(super) fn advise(
        &self,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> FormulaError {
        self.here(message).with_help(help)
    }

    /// The next token is not what was expected.
    pub(super) fn unexpected(&mut self, expected: &str) -> FormulaError {
        let token = self.tokens[self.position].clone();
        match token.kind {
            TokenKind::Wrong { message, help } => self
                .key_without_backticks(token.start, token.end)
                .unwrap_or(FormulaError {
                    start: token.start,
                    end: token.end,
                    message,
                    help,
                }),
            TokenKind::End => self.here(format!("the formula ends where {expected} was expected")),
            _ => {
                let found = clipped(&self.slice(token.start, token.end).replace('`', ""));
                let error = self.here(format!("`{found}` stands where {expected} was expected"));
                FormulaError {
                    help: self.help_with(&token),
                    ..error
                }
            }
        }
    }

    /// What was probably meant by a token that cannot stand here.
    fn help_with(&self, token: &Token<'_>) -> Option<String> {
        let before = self
            .position
            .checked_sub(1)
            .map(|before| &self.tokens[before].kind);
        let after = self.tokens.get(self.position + 1).map(|token| &token.kind);
        let ends_an_operand = before.is_some_and(|before| {
            matches!(
                before,
                TokenKind::Number(_) | TokenKind::Word(_) | TokenKind::Quoted(_) | TokenKind::Close
            )
        });
        let help = match (before, &token.kind) {
            (_, TokenKind::Word(word)) if foreign_word(word).is_some() => foreign_word(word)?,
            (Some(TokenKind::Number(_)), TokenKind::Comma)
                if matches!(after, Some(TokenKind::Number(_))) =>
            {
                "numbers have a decimal point: `0.5`"
            }
            (Some(TokenKind::Number(_)), TokenKind::Number(_)) => {
                "numbers have no thousands separator: `1000`"
            }
            (Some(TokenKind::Word(_)), TokenKind::Word(_)) => {
                "a measure is written by its key, not by its name; to calculate, write an operator between two"
            }
            (_, TokenKind::At) => "`@` stands right after a measure: `prev(measure @ unit, 1)`",
            (_, TokenKind::Operator(Operator::Add)) if !ends_an_operand => "leave out the `+`",
            (
                _,
                TokenKind::Open | TokenKind::Number(_) | TokenKind::Word(_) | TokenKind::Quoted(_),
            ) if ends_an_operand => "to multiply, write `*`",
            (_, TokenKind::Close) if ends_an_operand => "no `(` is open here",
            _ => return None,
        };
        Some(help.to_owned())
    }

    /// A function is given too few arguments or too many.
    pub(super) fn wrong_arguments(&self, function: Function) -> FormulaError {
        self.advise(
            format!("`{}` takes {}", function.name(), function.arguments()),
            format!("write `{}`", function.usage()),
        )
    }

    /// A word that is no function stands before a parenthesis.
    pub(super) fn unknown_function(&mut self, word: &str) -> FormulaError {
        let lower = word.to_lowercase();
        let shown = clipped(word);
        let help = if Function::named(&lower).is_some() {
            format!("functions are written in lower case: `{lower}`")
        } else if let Some(help) = foreign_word(word) {
            help.to_owned()
        } else if (self.resolve)(NameKind::Measure, word).is_ok() {
            format!("to multiply, write `{shown} * (`")
        } else if let Some(nearest) = Function::nearest(&lower) {
            format!("did you mean `{}`?", nearest.usage())
        } else {
            format!(
                "the functions are {}",
                Function::ALL.map(Function::name).join(", ")
            )
        };
        self.advise(format!("there is no function `{shown}`"), help)
    }

    /// A word that has a meaning of its own stands where a name was expected.
    pub(super) fn reserved(&self, kind: NameKind, word: &str) -> FormulaError {
        let help = format!(
            "a {} of that name stands in backticks: `` `{word}` ``",
            kind.noun()
        );
        match Function::named(word) {
            Some(function) => self.advise(
                format!("`{word}` is a function: `{}`", function.usage()),
                help,
            ),
            None => self.advise(format!("`{word}` means that there is no value"), help),
        }
    }

    /// A part of the text.
    pub(super) fn slice(&self, start: usize, end: usize) -> &'text str {
        self.text.get(start..end).unwrap_or_default()
    }

    /// An error for a number in `coalesce` that is followed by another: `0,5` was probably meant as one.
    pub(super) fn decimal_comma(&self, before: Option<&Expression>) -> Result<(), FormulaError> {
        let next = self.tokens.get(self.position + 1).map(|token| &token.kind);
        match (before, next) {
            (Some(Expression::Number(_)), Some(TokenKind::Number(_))) => Err(self.advise(
                "a number is never missing, so what follows it is never read",
                "numbers have a decimal point: `0.5`",
            )),
            _ => Ok(()),
        }
    }

    /// An error for a key such as `on-time` that is there, but was read as something else because it lacks its backticks.
    /// It is looked for around the place: with all that could belong to it, then with less.
    pub(super) fn key_without_backticks(
        &mut self,
        start: usize,
        end: usize,
    ) -> Option<FormulaError> {
        let belongs = |character: char| character.is_alphanumeric() || "-._".contains(character);
        let from = self.slice(0, start).trim_end_matches(belongs).len();
        let after = self.slice(end, self.text.len());
        let after = self.slice(
            end,
            self.text.len() - after.trim_start_matches(belongs).len(),
        );
        let is_unit = self.slice(0, from).trim_end().ends_with('@');
        let kind = if is_unit {
            NameKind::Unit
        } else {
            NameKind::Measure
        };
        let dashes = after
            .rmatch_indices('-')
            .map(|(dash, _)| dash)
            .filter(|dash| *dash > 0);
        let ends = std::iter::once(after.len())
            .chain(dashes)
            .take(KEY_ENDS_MAX);
        for (from, to) in ends.flat_map(|length| [(from, end + length), (start, end + length)]) {
            let key = self.slice(from, to);
            if (self.resolve)(kind, key).is_ok() {
                let error =
                    FormulaError::new(format!("the key `{key}` is no plain word")).at(from, to);
                return Some(error.with_help(format!("write `` `{key}` ``, in backticks")));
            }
        }
        None
    }
}

/// How many ends of a key that lacks its backticks are tried.
const KEY_ENDS_MAX: usize = 4;

/// Nothing answers to a name.
pub(super) fn unknown_name(
    kind: NameKind,
    name: &str,
    nearest: Option<String>,
    is_word: bool,
) -> FormulaError {
    let error = FormulaError::new(format!("there is no {} `{}`", kind.noun(), clipped(name)));
    match (
        nearest,
        foreign_word(name).filter(|_| is_word && kind == NameKind::Measure),
    ) {
        (_, Some(help)) => error.with_help(help),
        (Some(nearest), None) => error.with_help(format!("did you mean `{nearest}`?")),
        (None, None) => error,
    }
}
