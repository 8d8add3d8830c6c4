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

    /// `organisation.yaml` with this base in the place of the one that it has, all else as it was. `None` where it has
    /// none on a line of its own.
    #[must_use]
    pub fn put_into(&self, files: &[PlanFile]) -> Option<PlanFile> {
        let file = files
            .iter()
            .find(|file| file.path == Kind::Organisation.file())?;
        let text = std::str::from_utf8(&file.bytes).ok()?;
        let lines = text.split_inclusive('\n');
        let start = lines
            .scan(0, |at, line| {
                Some((std::mem::replace(at, *at + line.len()), line))
            })
            .find_map(|(at, line)| line.starts_with("base:").then_some(at + "base:".len()))?;
        let rest = text.get(start..)?;
        let begin = rest.len() - rest.trim_start_matches(' ').len();
        let value = rest.get(begin..)?;
        let end = value.find(|letter: char| letter.is_whitespace());
        let end = end.unwrap_or(value.len());
        Base::parse(value.get(..end)?)?;
        let before = text.get(..start + begin)?;
        let after = value.get(end..)?;
        Some(PlanFile {
            path: file.path.clone(),
            bytes: format!("{before}{self}{after}").into_bytes(),
        })
    }
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
    fn a_moved_base_leaves_the_rest_of_the_file_alone() {
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
        check("units:\n- { key: a, base: 8 }\n", None);
        check("base:\n  8\n", None);
    }
}
