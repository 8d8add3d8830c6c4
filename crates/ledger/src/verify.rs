//! Verifying: everything is computed again from what is stored, and compared.
//!
//! The hash of a commit covers all that it says; the other checks find what the hash does not cover (columns that
//! repeat something, data keys, the head) and say more exactly where something was changed.

mod along;
mod contents;
mod neighbours;
mod plan;

use std::collections::{BTreeMap, HashMap, HashSet};

use jiff::Timestamp;
use throughline_core::calendar::Calendar;
use throughline_model::Kind;
use throughline_model::observation::CommitNumber;
use uuid::Uuid;

pub(crate) use along::Along;
pub(crate) use plan::verify_with_the_plan;

use crate::body::DataKeys;
use crate::commit::{Commit, CommitHash, Draft};
use crate::error::{LedgerError, Result};
use crate::hash;
use crate::replay;
use crate::store::{self, Transaction};
use crate::stored::{StoredBlock, StoredCommit, StoredVersion, commit_number};

/// How many commits are in memory together, each with all that it contains.
const COMMITS_AT_A_TIME: i64 = 16;

/// The most problems that are told; there is no use in more.
pub const PROBLEMS_LIMIT: usize = 1_000;

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VerifyReport {
    /// How many commits were looked at.
    pub commits: u64,
    /// How many versions of records.
    pub records: u64,
    /// How many observations.
    pub observations: u64,
    /// The hash of the last commit. Whoever noted it elsewhere sees whether the end of the line was cut off and the
    /// head set back with it, which nothing inside the ledger can show.
    pub head: Option<CommitHash>,
    /// What is wrong; empty for a ledger that is as it was written.
    pub problems: Vec<Problem>,
}

/// Something that is not as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The commit that it is about; `None` where it is about the ledger as a whole.
    pub commit: Option<CommitNumber>,
    /// What is wrong.
    pub what: String,
    /// What to do about it.
    pub help: String,
}

/// What to do where the chain or what hangs on it is not as it was written.
const RESTORE: &str = "restore a backup that verifies, and find out who could write to the file";

/// What to do where data keys are missing.
const RESTORE_KEYS: &str =
    "restore the data keys from their own backup (`restore --keys FILE`), or erase the person";

/// What is expected of the data keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keys {
    /// Everybody who is not erased has one.
    Complete,
    /// Those that are there are right: a backup can be restored without them.
    MayBeMissing,
}

/// Verifies the whole ledger.
pub(crate) async fn verify(connection: &mut Transaction, expected: Keys) -> Result<VerifyReport> {
    let mut report = VerifyReport::default();
    let begun = Verifier::begin(connection, expected).await;
    if let Some(mut verifier) = report.unless_corrupted(begun)? {
        let walked = verifier.walk(connection).await;
        if verifier.report.unless_corrupted(walked)?.is_some() {
            verifier.end_of_the_line(connection).await?;
            verifier.labels();
            verifier.data_keys();
        }
        report = verifier.report;
    }
    let damage = store::damage(connection).await;
    for damage in report.unless_corrupted(damage)?.unwrap_or_default() {
        report.problem(None, format!("the file is damaged: {damage}"), RESTORE);
    }
    Ok(report)
}

impl VerifyReport {
    fn problem(&mut self, commit: Option<CommitNumber>, what: impl Into<String>, help: &str) {
        if self.problems.len() < PROBLEMS_LIMIT {
            let problem = Problem {
                commit,
                what: what.into(),
                help: help.to_owned(),
            };
            self.problems.push(problem);
        }
    }

    /// Notes what is wrong where the ledger as a whole did not read. What else kept it from being read is an error.
    fn unless_corrupted<T>(&mut self, read: Result<T>) -> Result<Option<T>> {
        match read {
            Ok(value) => Ok(Some(value)),
            Err(LedgerError::Corrupted { place, what }) => {
                self.problem(None, format!("{place}: {what}"), RESTORE);
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }
}

/// What is known of the line so far.
struct Verifier {
    report: VerifyReport,
    expected: Keys,
    /// When the ledger was made, which is the time of its head before the first commit.
    created_at_us: i64,
    /// The last commit that read.
    last: Option<Commit>,
    /// The hash that the next commit must name.
    previous: CommitHash,
    /// The time of the first commit that is no history, once there is one.
    first_without_recorded_at: Option<Timestamp>,
    keys: DataKeys,
    erased: HashSet<Uuid>,
    labels: Vec<Draft>,
    /// The commits that open and close drafts.
    opening: HashSet<CommitNumber>,
    closing: HashSet<CommitNumber>,
    /// The calendars that were in force, the newest last.
    calendars: Vec<Calendar>,
    /// Every record that was ever put.
    known: HashSet<(Kind, Uuid)>,
    /// Whether each key that a record ever had is marked as new where it first stood.
    marked_keys: HashMap<(Kind, Uuid, String), bool>,
    /// The persons of whom something is sealed.
    sealed: HashSet<Uuid>,
}

/// The rows of some commits, by their numbers.
#[derive(Default)]
struct Rows {
    commits: Vec<StoredCommit>,
    versions: BTreeMap<i64, Vec<StoredVersion>>,
    blocks: BTreeMap<i64, Vec<StoredBlock>>,
}

impl Verifier {
    async fn begin(connection: &mut Transaction, expected: Keys) -> Result<Verifier> {
        let (id, created_at_us) = store::ledger(connection).await?;
        let labels = store::labels(connection).await?;
        let erased = store::erased_persons(connection).await?;
        Ok(Verifier {
            report: VerifyReport::default(),
            expected,
            created_at_us,
            last: None,
            previous: hash::of_ledger(id, created_at_us),
            first_without_recorded_at: None,
            keys: replay::data_keys(connection).await?,
            erased: erased.iter().map(|person| person.as_uuid()).collect(),
            labels: labels
                .into_iter()
                .map(|label| label.read())
                .collect::<Result<_>>()?,
            opening: HashSet::new(),
            closing: HashSet::new(),
            calendars: vec![Calendar::default()],
            known: HashSet::new(),
            marked_keys: HashMap::new(),
            sealed: HashSet::new(),
        })
    }

    fn problem(&mut self, commit: Option<CommitNumber>, what: impl Into<String>, help: &str) {
        self.report.problem(commit, what, help);
    }

    /// Notes what is wrong with a value that did not read.
    fn noted<T>(&mut self, commit: CommitNumber, read: Result<T>) -> Option<T> {
        match read {
            Ok(value) => Some(value),
            Err(LedgerError::Corrupted { place, what }) => {
                self.problem(Some(commit), format!("{place}: {what}"), RESTORE);
                None
            }
            Err(error) => {
                self.problem(Some(commit), error.to_string(), RESTORE);
                None
            }
        }
    }

    /// Looks at every commit in order, and at what belongs to none. Whatever numbers are claimed, there are no more steps
    /// than rows: each begins where there is something.
    async fn walk(&mut self, connection: &mut Transaction) -> Result<()> {
        let mut after = Some(i64::MIN);
        while let Some(from) = after
            && let Some(first) = store::next_number(connection, from).await?
        {
            let last = first.saturating_add(COMMITS_AT_A_TIME - 1);
            let rows = Rows::read(connection, first, last).await?;
            self.step(rows);
            after = last.checked_add(1);
        }
        Ok(())
    }

    fn step(&mut self, mut rows: Rows) {
        for stored in std::mem::take(&mut rows.commits) {
            let versions = rows.versions.remove(&stored.number).unwrap_or_default();
            let blocks = rows.blocks.remove(&stored.number).unwrap_or_default();
            self.commit(&stored, versions, &blocks);
        }
        for number in rows.versions.into_keys() {
            self.problem(
                Some(commit_number(number)),
                "there are records of a commit that is not there",
                RESTORE,
            );
        }
        for number in rows.blocks.into_keys() {
            self.problem(
                Some(commit_number(number)),
                "there are observations of a commit that is not there",
                RESTORE,
            );
        }
    }

    fn commit(
        &mut self,
        stored: &StoredCommit,
        versions: Vec<StoredVersion>,
        blocks: &[StoredBlock],
    ) {
        self.report.commits += 1;
        let number = commit_number(stored.number);
        let Some(commit) = self.noted(number, stored.read()) else {
            self.previous = crate::stored::commit_hash(&stored.hash).unwrap_or(self.previous);
            return;
        };
        self.place_in_the_line(&commit);
        self.contents(&commit, versions, blocks);
        self.previous = commit.hash;
        self.last = Some(commit);
    }

    /// Numbers without gaps, times in order, each commit naming the one before it.
    fn place_in_the_line(&mut self, commit: &Commit) {
        let number = Some(commit.number);
        let before = self.last.as_ref().map_or(0, |last| last.number.0);
        let last_at = self.last.as_ref().map(|last| last.at);
        if commit.number.0 != before + 1 {
            self.problem(
                number,
                format!(
                    "the commits between {before} and {} are missing",
                    commit.number
                ),
                RESTORE,
            );
        }
        if commit.previous != self.previous {
            self.problem(
                number,
                "it does not follow the commit before it: the chain is broken here",
                RESTORE,
            );
        }
        if last_at.is_some_and(|last_at| commit.at <= last_at) {
            self.problem(
                number,
                "its time is not after that of the commit before it",
                RESTORE,
            );
        }
        if !commit.brought_in {
            self.first_without_recorded_at.get_or_insert(commit.at);
        }
        let bound = self.first_without_recorded_at.unwrap_or(commit.at);
        let is_in_order = if commit.brought_in {
            commit.recorded_at < bound
        } else {
            commit.recorded_at == commit.at
        };
        if !is_in_order {
            self.problem(
                number,
                "the time from which it counts as known is not one that it can have",
                RESTORE,
            );
        }
    }

    /// The time of the last commit, or of the ledger where there is none, in microseconds.
    fn last_at_us(&self) -> i64 {
        let last = self.last.as_ref();
        last.map_or(self.created_at_us, |last| last.at.as_microsecond())
    }

    /// The head must name the last commit, or the ledger itself where there is none.
    async fn end_of_the_line(&mut self, connection: &mut Transaction) -> Result<()> {
        self.report.head = Some(self.previous);
        let head = store::head(connection).await;
        let Some(head) = self.report.unless_corrupted(head)? else {
            return Ok(());
        };
        let there_is = self.last.as_ref().map_or(0, |last| last.number.0);
        if there_is != head.number.0 {
            let what = format!(
                "the head says that there are {} commits, and there are {there_is}",
                head.number
            );
            self.problem(None, what, RESTORE);
        }
        if head.hash != self.previous {
            self.problem(
                None,
                "the head has another hash than the last commit",
                RESTORE,
            );
        }
        if self.last_at_us() != head.at.as_microsecond() {
            self.problem(
                None,
                "the head has another time than the last commit, or than an empty ledger",
                RESTORE,
            );
        }
        Ok(())
    }
}

impl Rows {
    async fn read(connection: &mut Transaction, first: i64, last: i64) -> Result<Rows> {
        let mut rows = Rows {
            commits: store::commits(connection, first, last).await?,
            ..Rows::default()
        };
        for version in store::versions(connection, first, last).await? {
            rows.versions
                .entry(version.number)
                .or_default()
                .push(version);
        }
        for block in store::blocks(connection, first, last).await? {
            rows.blocks.entry(block.number).or_default().push(block);
        }
        Ok(rows)
    }
}
