//! Backups: the whole ledger as one file that no engine is needed to read, taken while others write.
//!
//! What was committed never changes, so that a backup as of one commit needs no long transaction: it notes the head and
//! then reads what stands before it, commit by commit, verifying as it goes. Data keys of persons are in a file of their
//! own, so that they can be forgotten sooner; `docs/LEDGER_FORMAT.md` describes both.

mod new_file;
mod rows;
mod sections;

use std::fs::File;
use std::io::{BufReader, Write};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use throughline_model::observation::CommitNumber;
use uuid::Uuid;

pub(crate) use new_file::NewFile;
use rows::StoredKeys;
use sections::{SectionReader, SectionWriter, Tag, Title};

use crate::commit::{Commit, Draft, Head};
use crate::error::{LedgerError, Result};
use crate::ledger::{Ledger, drafts};
use crate::naming::folder_of;
use crate::store::{self, Transaction};
use crate::stored::{StoredBlock, Version, instant, stored_number, to_microsecond};
use crate::verify::Along;

/// The most versions of records in one section.
const VERSIONS_PER_SECTION: usize = 1024;

/// How a backup ends that is named by what is in it.
const EXTENSION: &str = "throughline";

/// What a backup says of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BackupHeader {
    /// The ledger.
    pub ledger: Uuid,
    /// When the ledger was made.
    pub created_at: Timestamp,
    /// Where the line of commits ended.
    pub head: Head,
    /// When the backup was taken.
    pub taken_at: Timestamp,
}

/// A file that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackedUp {
    /// Where it stands.
    pub file: PathBuf,
    /// What it says of itself.
    pub header: BackupHeader,
    /// How long it is, in bytes.
    pub length: u64,
    /// How many data keys it has; 0 for a backup of the ledger.
    pub keys: u64,
}

impl Ledger {
    /// Writes a backup into a folder, under a name that says which commit and when, or to a file that is not there yet.
    /// Each commit is verified on the way, so that what was written can be restored. Data keys are not in it.
    ///
    /// # Errors
    /// [`LedgerError::Corrupted`] if the ledger is not as it was written; [`LedgerError::FileExists`]; what the system
    /// or the database says. Nothing is left behind then.
    pub async fn back_up(&self, to: &Path) -> Result<BackedUp> {
        let mut transaction = self.inner.pool.begin_read().await?;
        let header = self.header(&mut transaction).await?;
        let labels = drafts(&mut transaction).await?;
        let mut verified = Along::begin(&mut transaction).await?;
        drop(transaction);
        let mut writer = SectionWriter::begin(self.new_file(to)?, Title::Backup)?;
        writer.section(Tag::Header, &rows::write_header(&header))?;
        for draft in &labels {
            writer.section(Tag::Draft, &rows::write_draft(draft))?;
        }
        for number in 1..=header.head.number.0 {
            let contents = self.contents(CommitNumber(number), &mut verified).await?;
            contents.write(&mut writer)?;
        }
        verified.end(&header.head)?;
        let name = if to.is_dir() {
            to.join(name_of(&header, EXTENSION))
        } else {
            to.to_owned()
        };
        finish(writer, name, header, 0)
    }

    /// Writes the data keys of all persons who are not erased, into a folder or to a file that is not there yet. Whoever
    /// has this file and a backup reads what is personal: it belongs elsewhere, and is to be deleted soon.
    ///
    /// # Errors
    /// [`LedgerError::FileExists`]; what the system or the database says. Nothing is left behind then.
    pub async fn back_up_keys(&self, to: &Path) -> Result<BackedUp> {
        let mut transaction = self.inner.pool.begin_read().await?;
        let header = self.header(&mut transaction).await?;
        let mut keys = store::data_keys(&mut transaction).await?;
        drop(transaction);
        keys.sort();
        let mut writer = SectionWriter::begin(self.new_file(to)?, Title::DataKeys)?;
        writer.section(Tag::Header, &rows::write_header(&header))?;
        writer.section(Tag::DataKeys, &rows::write_keys(&keys))?;
        let name = if to.is_dir() {
            to.join(name_of(&header, "keys"))
        } else {
            to.to_owned()
        };
        finish(writer, name, header, keys.len() as u64)
    }

    async fn header(&self, transaction: &mut Transaction) -> Result<BackupHeader> {
        let (ledger, created_at_us) = store::ledger(transaction).await?;
        let created_at = instant(created_at_us)
            .ok_or_else(|| LedgerError::corrupted("ledger", "its time is no time"))?;
        Ok(BackupHeader {
            ledger,
            created_at,
            head: store::head(transaction).await?,
            taken_at: to_microsecond(self.inner.clock.now()),
        })
    }

    /// A commit with all that it contains, as it was written.
    async fn contents(&self, number: CommitNumber, verified: &mut Along) -> Result<Contents> {
        let stored = stored_number(number);
        let mut transaction = self.inner.pool.begin_read().await?;
        let commit = store::commits(&mut transaction, stored, stored)
            .await?
            .pop();
        let commit = commit
            .ok_or_else(|| LedgerError::corrupted(format!("commit {number}"), "it is missing"))?;
        let versions = store::versions(&mut transaction, stored, stored).await?;
        let blocks = store::blocks(&mut transaction, stored, stored).await?;
        drop(transaction);
        verified.commit(&commit, versions.clone(), &blocks)?;
        Ok(Contents {
            commit: commit.read()?,
            versions: versions
                .into_iter()
                .map(|row| row.read())
                .collect::<Result<_>>()?,
            blocks,
        })
    }

    fn new_file(&self, to: &Path) -> Result<NewFile> {
        if to.is_file() {
            return Err(LedgerError::FileExists {
                file: to.display().to_string(),
            });
        }
        let folder = if to.is_dir() { to } else { folder_of(to) };
        NewFile::begin(folder, &*self.inner.randomness)
    }
}

/// A commit with all that it contains.
struct Contents {
    commit: Commit,
    versions: Vec<Version>,
    blocks: Vec<StoredBlock>,
}

impl Contents {
    fn write<W: Write>(&self, writer: &mut SectionWriter<W>) -> Result<()> {
        writer.section(Tag::Commit, &rows::write_commit(&self.commit))?;
        for versions in self.versions.chunks(VERSIONS_PER_SECTION) {
            writer.section(Tag::Records, &rows::write_versions(versions))?;
        }
        for block in &self.blocks {
            writer.section(Tag::Block, &rows::write_block(block))?;
        }
        Ok(())
    }
}

/// `commit-0000000042-20260301T120000Z.throughline`: sorted by name is sorted by commit.
fn name_of(header: &BackupHeader, extension: &str) -> String {
    let taken_at = header.taken_at.strftime("%Y%m%dT%H%M%SZ");
    format!("commit-{:010}-{taken_at}.{extension}", header.head.number.0)
}

fn finish(
    writer: SectionWriter<NewFile>,
    name: PathBuf,
    header: BackupHeader,
    keys: u64,
) -> Result<BackedUp> {
    let (file, length) = writer.finish()?;
    file.finish(&name)?;
    Ok(BackedUp {
        file: name,
        header,
        length,
        keys,
    })
}

/// What is read from a backup, in this order: drafts, then each commit with its records and its blocks.
pub(crate) enum Part {
    Draft(Draft),
    Commit(Commit),
    Records(Vec<Version>),
    Block(StoredBlock),
}

/// A backup that is being read.
pub(crate) struct Backup {
    reader: SectionReader<BufReader<File>>,
    pub(crate) header: BackupHeader,
    /// The commit to which records and blocks belong, and how many of each there were.
    commit: Option<(Commit, i64, i64)>,
}

impl Backup {
    /// Opens a backup after all of it was found to be as it was written.
    ///
    /// # Errors
    /// [`LedgerError::BackupRefused`]; what the system says.
    pub(crate) fn open(file: &Path) -> Result<Backup> {
        let mut reader = open(file, Title::Backup)?;
        while reader.next()?.is_some() {}
        let mut reader = open(file, Title::Backup)?;
        let header = header(&mut reader)?;
        Ok(Backup {
            reader,
            header,
            commit: None,
        })
    }

    /// The next part; `None` after the last one.
    ///
    /// # Errors
    /// [`LedgerError::BackupRefused`]; what the system says.
    pub(crate) fn next(&mut self) -> Result<Option<Part>> {
        let Some((tag, bytes)) = self.reader.next()? else {
            return Ok(None);
        };
        let part = match (tag, &mut self.commit) {
            (Tag::Draft, None) => rows::read_draft(&bytes).map(Part::Draft),
            (Tag::Commit, current) => rows::read_commit(&bytes).map(|commit| {
                *current = Some((commit.clone(), 0, 0));
                Part::Commit(commit)
            }),
            (Tag::Records, Some((_, ordinal, _))) => {
                rows::read_versions(&bytes, *ordinal).map(|versions| {
                    *ordinal += versions.len() as i64;
                    Part::Records(versions)
                })
            }
            (Tag::Block, Some((commit, _, ordinal))) => rows::read_block(&bytes, commit, *ordinal)
                .map(|block| {
                    *ordinal += 1;
                    Part::Block(block)
                }),
            _ => None,
        };
        part.map(Some).ok_or_else(|| self.reader.damaged())
    }

    /// The commit to which the last records or block belong.
    pub(crate) fn commit(&self) -> Option<&Commit> {
        self.commit.as_ref().map(|(commit, _, _)| commit)
    }

    /// The error that names this backup.
    pub(crate) fn refused(&self, why: impl Into<String>) -> LedgerError {
        self.reader.refused(why)
    }
}

/// Reads a file of data keys.
///
/// # Errors
/// [`LedgerError::BackupRefused`]; what the system says.
pub(crate) fn read_keys(file: &Path) -> Result<(BackupHeader, StoredKeys)> {
    let mut reader = open(file, Title::DataKeys)?;
    let header = header(&mut reader)?;
    let keys = match reader.next()? {
        Some((Tag::DataKeys, bytes)) => rows::read_keys(&bytes),
        _ => None,
    };
    let keys = keys.ok_or_else(|| reader.damaged())?;
    match reader.next()? {
        None => Ok((header, keys)),
        Some(_) => Err(reader.damaged()),
    }
}

fn open(file: &Path, title: Title) -> Result<SectionReader<BufReader<File>>> {
    let opened = File::open(file).map_err(|error| LedgerError::of_file(file, &error))?;
    SectionReader::begin(BufReader::new(opened), title, &file.display().to_string())
}

fn header(reader: &mut SectionReader<BufReader<File>>) -> Result<BackupHeader> {
    let header = match reader.next()? {
        Some((Tag::Header, bytes)) => rows::read_header(&bytes),
        _ => None,
    };
    header.ok_or_else(|| reader.damaged())
}
