//! The text of one file: from bytes to lines, with everything that can be wrong before its grammar matters.

use throughline_core::finding::Finding;

use super::diagnostic::Diagnostic;

/// The largest plan file, in bytes.
pub const FILE_SIZE_LIMIT: usize = 8 * 1024 * 1024;

/// The longest line of any file, in bytes.
pub const LINE_LENGTH_LIMIT: usize = 64 * 1024;

/// A place in a file. Lines and columns count from 1, columns and lengths in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) struct Span {
    pub line: usize,
    pub column: usize,
    pub length: usize,
}

/// A file that is text.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    pub path: String,
    pub text: String,
    /// Where each line starts and ends, without its line break.
    lines: Vec<(usize, usize)>,
}

impl Source {
    /// The text of a file of at most `size_limit` bytes.
    pub fn read(path: &str, bytes: &[u8], size_limit: usize) -> Result<Source, Box<Diagnostic>> {
        if bytes.len() > size_limit {
            // Of a larger file no more is read than shows that it is too large.
            let message = format!("this file has more than {} MiB", size_limit / 1024 / 1024);
            return Err(whole_file(path, Finding::error("large-file", message)));
        }
        let text = decode(path, bytes)?;
        let lines: Vec<(usize, usize)> = Lines::of(text).collect();
        let source = Source {
            path: path.to_string(),
            text: text.to_string(),
            lines,
        };
        let long = |(start, end): &(usize, usize)| end - start > LINE_LENGTH_LIMIT;
        match source.lines.iter().position(long) {
            None => Ok(source),
            Some(index) => {
                let span = Span {
                    line: index + 1,
                    column: 1,
                    length: 1,
                };
                Err(Box::new(Diagnostic::new(&source, span, long_line())))
            }
        }
    }

    /// The line with that number, from 1; empty where there is none.
    pub fn line(&self, number: usize) -> &str {
        let bounds = number
            .checked_sub(1)
            .and_then(|index| self.lines.get(index));
        bounds
            .and_then(|(start, end)| self.text.get(*start..*end))
            .unwrap_or_default()
    }

    /// The number of the last line.
    pub fn last_line(&self) -> usize {
        self.lines.len()
    }
}

/// The finding for a line that is too long.
pub(crate) fn long_line() -> Finding {
    let message = format!("this line is longer than {} KiB", LINE_LENGTH_LIMIT / 1024);
    Finding::error("long-line", message).with_help(
        "a text of a plan can go over several lines; a row of a table cannot, so shorten it",
    )
}

/// The text of a file without its byte order mark, or why it is none.
pub(crate) fn decode<'a>(path: &str, bytes: &'a [u8]) -> Result<&'a str, Box<Diagnostic>> {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        let finding = Finding::error("not-utf-8", "this file is UTF-16; files are UTF-8")
            .with_help("save it again with the encoding UTF-8");
        return Err(whole_file(path, finding));
    }
    if bytes.starts_with(b"PK\x03\x04") {
        let finding = Finding::error("not-utf-8", "this file is a workbook or an archive, and no text")
            .with_help("`throughline import` reads workbooks; or save the sheet as CSV with the encoding UTF-8");
        return Err(whole_file(path, finding));
    }
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    std::str::from_utf8(bytes).map_err(|error| not_utf8(path, bytes, error.valid_up_to()))
}

/// Says where the first byte stands that is not UTF-8.
fn not_utf8(path: &str, bytes: &[u8], position: usize) -> Box<Diagnostic> {
    let (before, rest) = bytes.split_at(position.min(bytes.len()));
    let before = String::from_utf8_lossy(before);
    let (last, number) = Lines::of(&before).fold(("", 0), |(_, number), (start, end)| {
        (before.get(start..end).unwrap_or_default(), number + 1)
    });
    let rest_of_line: Vec<u8> = rest
        .iter()
        .copied()
        .take_while(|byte| *byte != b'\n' && *byte != b'\r')
        .take(LINE_LENGTH_LIMIT)
        .collect();
    let message = format!(
        "the byte {:#04x} is not UTF-8; it is byte {} of the file",
        rest.first().copied().unwrap_or_default(),
        position + 1
    );
    Box::new(Diagnostic::quoting(
        path,
        &format!("{last}{}", String::from_utf8_lossy(&rest_of_line)),
        Span {
            line: number,
            column: last.chars().count() + 1,
            length: 1,
        },
        Finding::error("not-utf-8", message).with_help("save it again with the encoding UTF-8"),
    ))
}

/// A finding about a file of which no line can be shown.
fn whole_file(path: &str, finding: Finding) -> Box<Diagnostic> {
    let span = Span {
        line: 1,
        column: 1,
        length: 0,
    };
    Box::new(Diagnostic::quoting(path, "", span, finding))
}

/// The bounds of each line, which a line feed, a carriage return or both end.
pub(crate) struct Lines<'a> {
    bytes: &'a [u8],
    next: Option<usize>,
}

impl<'a> Lines<'a> {
    /// The lines of a text; there is always at least one.
    pub fn of(text: &'a str) -> Lines<'a> {
        Lines {
            bytes: text.as_bytes(),
            next: Some(0),
        }
    }
}

impl Iterator for Lines<'_> {
    type Item = (usize, usize);

    fn next(&mut self) -> Option<(usize, usize)> {
        let start = self.next?;
        let rest = &self.bytes[start..];
        let Some(length) = rest
            .iter()
            .position(|byte| *byte == b'\n' || *byte == b'\r')
        else {
            self.next = None;
            return Some((start, self.bytes.len()));
        };
        let both = rest[length] == b'\r' && rest.get(length + 1) == Some(&b'\n');
        self.next = Some(start + length + if both { 2 } else { 1 });
        Some((start, start + length))
    }
}
