//! The commit that a folder was exported from: `base: 8-3f9a1c2b` in `organisation.yaml`.
//!
//! The number alone would name another commit after a restore, or in another ledger; the beginning of the hash tells.

use std::fmt;

use super::PlanFile;
use crate::kind::Kind;
use crate::observation::CommitNumber;

/// How many digits of the hash are written.
const HASH_DIGITS: usize = 8;

/// The commit that a folder was exported from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Base {
    /// Its number.
    pub commit: CommitNumber,
    /// The beginning of its hash, in hexadecimal; a folder may leave it out.
    pub hash: Option<String>,
}

impl Base {
    /// The base with the hash of the commit, in hexadecimal.
    #[must_use]
    pub fn new(commit: CommitNumber, hash: &str) -> Base {
        Base {
            commit,
            hash: Some(hash.chars().take(HASH_DIGITS).collect()),
        }
    }

    /// Reads what stands at `base`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Base> {
        let (number, hash) = match text.split_once('-') {
            Some((number, hash)) => (number, Some(hash)),
            None => (text, None),
        };
        let is_hash = |hash: &str| {
            hash.len() == HASH_DIGITS
                && hash
                    .bytes()
                    .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
        };
        if hash.is_some_and(|hash| !is_hash(hash)) {
            return None;
        }
        let commit = number.parse().ok().filter(|number| *number > 0)?;
        Some(Base {
            commit: CommitNumber(commit),
            hash: hash.map(str::to_owned),
        })
    }

    /// Whether it can be the commit with that number and hash.
    #[must_use]
    pub fn names(&self, commit: CommitNumber, hash: &str) -> bool {
        let begins = |own: &String| hash.starts_with(own.as_str());
        self.commit == commit && self.hash.as_ref().is_none_or(begins)
    }

    /// `organisation.yaml` with this base in the place of the one that it has, or before its first section where it has
    /// none; all else as it was. `None` where there is no such file, or its keys do not stand on lines of their own.
    #[must_use]
    pub fn put_into(&self, files: &[PlanFile]) -> Option<PlanFile> {
        let file = files
            .iter()
            .find(|file| file.path == Kind::Organisation.file())?;
        let text = std::str::from_utf8(&file.bytes).ok()?;
        let lines = text.split_inclusive('\n');
        let mut lines = lines.scan(0, |at, line| {
            Some((std::mem::replace(at, *at + line.len()), line))
        });
        let named = lines.clone().find(|(_, line)| line.starts_with("base:"));
        let written = match named {
            Some((at, _)) => self.instead_of(text, at + "base:".len())?,
            None => {
                let (at, section) = lines.find(|(_, line)| !is_before_sections(line))?;
                if !section.starts_with(|letter: char| letter.is_ascii_alphabetic()) {
                    return None;
                }
                let end = if section.ends_with("\r\n") {
                    "\r\n"
                } else {
                    "\n"
                };
                let (before, after) = text.split_at_checked(at)?;
                format!("{before}base: {self}{end}{after}")
            }
        };
        Some(PlanFile {
            path: file.path.clone(),
            bytes: written.into_bytes(),
        })
    }

    /// The text with this base in the place of the one whose value begins after `start`.
    fn instead_of(&self, text: &str, start: usize) -> Option<String> {
        let rest = text.get(start..)?;
        let begin = rest.len() - rest.trim_start_matches(' ').len();
        let value = rest.get(begin..)?;
        let end = value.find(|letter: char| letter.is_whitespace());
        let end = end.unwrap_or(value.len());
        Base::parse(value.get(..end)?)?;
        let before = text.get(..start + begin)?;
        let after = value.get(end..)?;
        Some(format!("{before}{self}{after}"))
    }
}

/// Whether a line of YAML stands before the first section: blank, a comment, a directive or the start of the document.
fn is_before_sections(line: &str) -> bool {
    let line = line.trim_end();
    line.is_empty() || line.starts_with(['#', '%']) || line == "---"
}

impl fmt::Display for Base {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.hash {
            Some(hash) => write!(formatter, "{}-{hash}", self.commit),
            None => self.commit.fmt(formatter),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_is_a_number_with_the_beginning_of_a_hash() {
        let check = |text: &str, expected: Option<(u64, Option<&str>)>| {
            let base = Base::parse(text).map(|base| (base.commit.0, base.hash));
            let expected = expected.map(|(number, hash)| (number, hash.map(str::to_owned)));
            assert_eq!(base, expected, "{text}");
        };
        check("8", Some((8, None)));
        check("8-3f9a1c2b", Some((8, Some("3f9a1c2b"))));
        check("0", None);
        check("-8", None);
        check("8-", None);
        check("8-3f9a1c2", None);
        check("8-3F9A1C2B", None);
        check("eight", None);
        assert!(Base::new(CommitNumber(8), "3f9a1c2bffff").names(CommitNumber(8), "3f9a1c2b0000"));
        assert!(!Base::new(CommitNumber(8), "3f9a1c2bffff").names(CommitNumber(8), "3f9a1c2a0000"));
    }

    #[test]
    fn a_base_leaves_the_rest_of_the_file_alone() {
        let check = |text: &str, expected: Option<&str>| {
            let file = PlanFile {
                path: "organisation.yaml".to_owned(),
                bytes: text.as_bytes().to_vec(),
            };
            let moved = Base::new(CommitNumber(12), "aaaabbbbcccc").put_into(&[file]);
            let moved = moved.map(|file| String::from_utf8(file.bytes).expect("text"));
            assert_eq!(moved.as_deref(), expected, "{text}");
        };
        check(
            "base: 8-3f9a1c2b\nunits: []\n",
            Some("base: 12-aaaabbbb\nunits: []\n"),
        );
        check(
            "# Ours\r\nbase:  8 # then\r\nunits: []",
            Some("# Ours\r\nbase:  12-aaaabbbb # then\r\nunits: []"),
        );
        check("base: 8", Some("base: 12-aaaabbbb"));
        check("base:\n  8\n", None);
        check(
            "units:\n- { key: a, base: 8 }\n",
            Some("base: 12-aaaabbbb\nunits:\n- { key: a, base: 8 }\n"),
        );
        check(
            "# Ours\r\n\r\n---\r\norganisation: { key: o }\r\n",
            Some("# Ours\r\n\r\n---\r\nbase: 12-aaaabbbb\r\norganisation: { key: o }\r\n"),
        );
        check("{ organisation: { key: o } }", None);
        check("# Nothing yet\n", None);
        check("base: eight\n", None);
    }
}
