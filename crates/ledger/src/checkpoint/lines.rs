//! The form of checkpoints and their keys: a title, and then lines of `name: value` in a fixed order.

use crate::error::{LedgerError, Result};
use crate::hash::from_hex;

/// The longest text that is read, in bytes.
const TEXT_LENGTH_LIMIT: usize = 4 * 1024;

/// The error of a text that is none of these.
pub(super) fn no_text(what: &'static str, why: impl Into<String>) -> LedgerError {
    LedgerError::NoSuchText {
        what,
        why: why.into(),
    }
}

/// Lines of `name: value`, in their order.
pub(super) struct Lines<'a> {
    what: &'static str,
    lines: std::iter::Peekable<std::str::Lines<'a>>,
}

impl<'a> Lines<'a> {
    pub(super) fn of(what: &'static str, text: &'a str, title: &str) -> Result<Lines<'a>> {
        let is_short = text.len() <= TEXT_LENGTH_LIMIT;
        let mut lines = text.lines().peekable();
        match lines.next() {
            Some(first) if is_short && first == title => Ok(Lines { what, lines }),
            _ => Err(no_text(what, format!("it does not begin with `{title}`"))),
        }
    }

    pub(super) fn value(&mut self, name: &str) -> Result<&'a str> {
        let value = self.lines.next().and_then(|line| {
            let rest = line.strip_prefix(name)?;
            rest.strip_prefix(": ")
        });
        value.ok_or_else(|| no_text(self.what, format!("the line `{name}` is missing")))
    }

    pub(super) fn bytes<const LENGTH: usize>(&mut self, name: &str) -> Result<[u8; LENGTH]> {
        let bytes = from_hex(self.value(name)?).and_then(|bytes| bytes.try_into().ok());
        bytes.ok_or_else(|| {
            let digits = 2 * LENGTH;
            no_text(
                self.what,
                format!("`{name}` is not {digits} hexadecimal digits"),
            )
        })
    }

    pub(super) fn is_at_end(&mut self) -> bool {
        self.lines.peek().is_none()
    }

    pub(super) fn end(&mut self) -> Result<()> {
        if self.is_at_end() {
            Ok(())
        } else {
            Err(no_text(self.what, "something follows its end"))
        }
    }
}
