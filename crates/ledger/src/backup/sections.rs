//! The container of a backup: a title, sections with a checksum each, and a checksum over all of it at the end.
//!
//! Every bit is covered at least once, and nothing may follow the end: a file that was cut, extended or changed anywhere
//! is refused before anything in it is believed. One section at a time is in memory.

use std::io::{Read, Write};

use sha2::{Digest, Sha256};

use crate::error::{LedgerError, Result};

/// The longest section, in bytes.
const SECTION_LENGTH_LIMIT: u64 = 1 << 30;

/// The version of the container and of what is in it.
const VERSION: u64 = 1;

/// How many digits the version of a later release may have.
const VERSION_DIGITS_LIMIT: usize = 6;

const CHECKSUM_LENGTH: usize = 32;

/// Stands before the checksum of the whole file.
const END: u8 = 0;

/// What a section is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tag {
    Header = 1,
    Draft = 2,
    Commit = 3,
    Records = 4,
    Block = 5,
    DataKeys = 6,
}

impl Tag {
    const ALL: [Tag; 6] = [
        Tag::Header,
        Tag::Draft,
        Tag::Commit,
        Tag::Records,
        Tag::Block,
        Tag::DataKeys,
    ];
}

/// What a file is: the words with which it begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Title {
    /// The ledger, without data keys.
    Backup,
    /// The data keys.
    DataKeys,
}

impl Title {
    const fn words(self) -> &'static str {
        match self {
            Title::Backup => "throughline backup ",
            Title::DataKeys => "throughline data keys ",
        }
    }

    /// What people call it.
    const fn name(self) -> &'static str {
        match self {
            Title::Backup => "backup",
            Title::DataKeys => "file of data keys",
        }
    }
}

/// Writes sections one after the other.
pub(crate) struct SectionWriter<W> {
    out: W,
    all: Sha256,
    length: u64,
}

impl<W: Write> SectionWriter<W> {
    pub(crate) fn begin(out: W, title: Title) -> Result<SectionWriter<W>> {
        let mut writer = SectionWriter {
            out,
            all: Sha256::new(),
            length: 0,
        };
        writer.put(format!("{}{VERSION}\n", title.words()).as_bytes())?;
        Ok(writer)
    }

    /// Adds a section.
    ///
    /// # Errors
    /// [`LedgerError::TooLong`]; what the system says.
    pub(crate) fn section(&mut self, tag: Tag, contents: &[u8]) -> Result<()> {
        if contents.len() as u64 > SECTION_LENGTH_LIMIT {
            return Err(LedgerError::TooLong {
                what: "section of a backup",
                limit: SECTION_LENGTH_LIMIT as usize,
            });
        }
        let head = head_of(tag as u8, contents.len() as u64);
        let checksum = checksum_of(&head, contents);
        self.put(&head)?;
        self.put(contents)?;
        self.put(&checksum)
    }

    /// Ends the file. Returns the writer and how long the file is, in bytes.
    ///
    /// # Errors
    /// What the system says.
    pub(crate) fn finish(mut self) -> Result<(W, u64)> {
        self.put(&[END])?;
        let checksum = self.all.clone().finalize();
        self.put(&checksum)?;
        self.out.flush()?;
        Ok((self.out, self.length))
    }

    fn put(&mut self, bytes: &[u8]) -> Result<()> {
        self.out.write_all(bytes)?;
        self.all.update(bytes);
        self.length += bytes.len() as u64;
        Ok(())
    }
}

/// A byte for what it is, and eight for how long it is.
fn head_of(tag: u8, length: u64) -> [u8; 9] {
    let mut head = [tag; 9];
    head[1..].copy_from_slice(&length.to_be_bytes());
    head
}

fn checksum_of(head: &[u8], contents: &[u8]) -> [u8; CHECKSUM_LENGTH] {
    let mut checksum = Sha256::new();
    checksum.update(head);
    checksum.update(contents);
    checksum.finalize().into()
}

/// Reads sections one after the other.
pub(crate) struct SectionReader<R> {
    input: R,
    all: Sha256,
    title: Title,
    /// The name of the file, for messages.
    file: String,
    at: u64,
}

impl<R: Read> SectionReader<R> {
    /// # Errors
    /// [`LedgerError::BackupRefused`] for something else, and for what a newer release wrote; what the system says.
    pub(crate) fn begin(input: R, title: Title, file: &str) -> Result<SectionReader<R>> {
        let mut reader = SectionReader {
            input,
            all: Sha256::new(),
            title,
            file: file.to_owned(),
            at: 0,
        };
        let words = reader.some(title.words().len() as u64)?;
        if words != title.words().as_bytes() {
            return Err(reader.refused(format!("it is no {} of Throughline", title.name())));
        }
        let mut digits = String::new();
        loop {
            match reader.exactly(1)?.as_slice() {
                [b'\n'] => break,
                [digit @ b'0'..=b'9'] if digits.len() < VERSION_DIGITS_LIMIT => {
                    digits.push(char::from(*digit));
                }
                _ => return Err(reader.damaged()),
            }
        }
        match digits.parse::<u64>() {
            Ok(VERSION) => Ok(reader),
            Ok(found) if found > VERSION => Err(reader.refused(format!(
                "it has format {found}, and this release knows formats up to {VERSION}; use a newer release"
            ))),
            _ => Err(reader.damaged()),
        }
    }

    /// The next section; `None` after the last one, once the end of the file is found to be as it was written.
    ///
    /// # Errors
    /// [`LedgerError::BackupRefused`] if anything is not as it was written; what the system says.
    pub(crate) fn next(&mut self) -> Result<Option<(Tag, Vec<u8>)>> {
        let tag = self.exactly(1)?[0];
        if tag == END {
            return self.end().map(|()| None);
        }
        let Some(known) = Tag::ALL.into_iter().find(|known| *known as u8 == tag) else {
            return Err(self.damaged());
        };
        let length = self.exactly(8)?;
        let length = length
            .iter()
            .fold(0_u64, |length, byte| length << 8 | u64::from(*byte));
        if length > SECTION_LENGTH_LIMIT {
            return Err(self.damaged());
        }
        let contents = self.exactly(length)?;
        let checksum = self.exactly(CHECKSUM_LENGTH as u64)?;
        if checksum != checksum_of(&head_of(tag, length), &contents) {
            return Err(self.damaged());
        }
        Ok(Some((known, contents)))
    }

    /// The checksum of the whole file, and then nothing.
    fn end(&mut self) -> Result<()> {
        let computed: [u8; CHECKSUM_LENGTH] = self.all.clone().finalize().into();
        if self.exactly(CHECKSUM_LENGTH as u64)? != computed {
            return Err(self.damaged());
        }
        if !self.some(1)?.is_empty() {
            return Err(self.refused("it is damaged: something follows its end"));
        }
        Ok(())
    }

    fn exactly(&mut self, length: u64) -> Result<Vec<u8>> {
        let bytes = self.some(length)?;
        if (bytes.len() as u64) < length {
            return Err(self.refused("it is damaged: it ends too early"));
        }
        Ok(bytes)
    }

    fn some(&mut self, length: u64) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.input.by_ref().take(length).read_to_end(&mut bytes)?;
        self.all.update(&bytes);
        self.at += bytes.len() as u64;
        Ok(bytes)
    }

    pub(crate) fn damaged(&self) -> LedgerError {
        let at = self.at;
        self.refused(format!(
            "it is damaged: what stands before byte {at} is not what was written"
        ))
    }

    pub(crate) fn refused(&self, what: impl Into<String>) -> LedgerError {
        LedgerError::BackupRefused {
            what: self.title.name(),
            file: self.file.clone(),
            why: what.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Vec<u8> {
        let mut writer = SectionWriter::begin(Vec::new(), Title::Backup).unwrap();
        writer.section(Tag::Header, b"who and when").unwrap();
        writer.section(Tag::Commit, b"").unwrap();
        writer.section(Tag::Block, &[7; 40]).unwrap();
        let (bytes, length) = writer.finish().unwrap();
        assert_eq!(bytes.len() as u64, length);
        bytes
    }

    fn read(bytes: &[u8]) -> Result<Vec<(Tag, Vec<u8>)>> {
        let mut reader = SectionReader::begin(bytes, Title::Backup, "a file")?;
        let mut sections = Vec::new();
        while let Some(section) = reader.next()? {
            sections.push(section);
        }
        Ok(sections)
    }

    #[test]
    fn sections_read_back() {
        let expected = vec![
            (Tag::Header, b"who and when".to_vec()),
            (Tag::Commit, Vec::new()),
            (Tag::Block, vec![7; 40]),
        ];
        assert_eq!(read(&sample()).unwrap(), expected);
    }

    #[test]
    fn every_changed_bit_every_cut_and_everything_appended_is_refused() {
        let intact = sample();
        for (position, bit) in (0..intact.len()).flat_map(|at| (0..8).map(move |bit| (at, bit))) {
            let mut bytes = intact.clone();
            bytes[position] ^= 1 << bit;
            assert!(read(&bytes).is_err(), "bit {bit} of byte {position}");
        }
        for length in 0..intact.len() {
            assert!(read(&intact[..length]).is_err(), "cut at {length}");
        }
        for appended in [&[0][..], &intact, b"\n"] {
            assert!(read(&[&intact, appended].concat()).is_err());
        }
    }

    #[test]
    fn other_files_are_refused_with_what_they_are() {
        let check = |bytes: &[u8], expected: &str| {
            let refused = read(bytes).unwrap_err().to_string();
            assert!(refused.contains(expected), "{refused}");
        };
        check(b"", "no backup of Throughline");
        check(b"SQLite format 3\0", "no backup of Throughline");
        check(b"throughline data keys 1\n", "no backup of Throughline");
        check(b"throughline backup 2\n", "it has format 2");
        check(b"throughline backup 0\n", "damaged");
        check(b"throughline backup 1111111111111", "damaged");
        check(b"throughline backup 1\n", "ends too early");
        check(
            b"throughline backup 1\n\x01\xff\xff\xff\xff\xff\xff\xff\xff",
            "damaged",
        );
    }

    /// A disk that is full after some bytes.
    struct Full(usize);

    impl Write for Full {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            if self.0 == 0 {
                return Err(std::io::ErrorKind::StorageFull.into());
            }
            let written = bytes.len().min(self.0);
            self.0 -= written;
            Ok(written)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_full_disk_is_told() {
        let write = |room: usize| -> Result<u64> {
            let mut writer = SectionWriter::begin(Full(room), Title::Backup)?;
            writer.section(Tag::Header, b"who and when")?;
            writer.finish().map(|(_, length)| length)
        };
        let needed = write(usize::MAX).unwrap() as usize;
        for room in 0..needed {
            let refused = write(room);
            assert!(matches!(refused, Err(LedgerError::DiskFull)), "{refused:?}");
        }
        assert!(write(needed).is_ok());
    }
}
