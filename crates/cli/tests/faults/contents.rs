//! What is in a ledger of these tests, read back and held to what a ledger must be whatever happened to it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;
use throughline_core::FrozenClock;
use throughline_ledger::{Commit, Ledger, LedgerError, Location};

use crate::rig::{ROWS, file_name};

/// What is in a ledger that is as it must be.
#[derive(Debug, PartialEq)]
pub struct Contents {
    /// The files that are there, each whole and once.
    pub files: BTreeSet<usize>,
    /// The commits: one of the plan, and one for each file.
    pub commits: Vec<Commit>,
}

/// Runs what must wait for the ledger.
pub fn block_on<T>(what: impl Future<Output = T>) -> T {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_all().build().unwrap().block_on(what)
}

/// A handle of a ledger, for reading.
pub async fn open(location: impl Into<Location>) -> Result<Ledger, LedgerError> {
    let clock = Arc::new(FrozenClock(Timestamp::UNIX_EPOCH));
    Ledger::open(location, clock, Arc::new(|bytes: &mut [u8]| bytes.fill(0))).await
}

/// Reads a ledger back: its chain verifies, each file is there whole and once or not at all, and there is no commit
/// beside those of what is there.
///
/// # Errors
/// What is not as it must be.
pub fn read(location: impl Into<Location>) -> Result<Contents, String> {
    block_on(async {
        let ledger = open(location).await.map_err(|error| format!("{error:?}"))?;
        let contents = of_ledger(&ledger).await;
        ledger.close().await;
        contents
    })
}

async fn of_ledger(ledger: &Ledger) -> Result<Contents, String> {
    let said = |error: LedgerError| format!("{error:?}");
    let report = ledger.verify().await.map_err(said)?;
    if !report.problems.is_empty() {
        return Err(format!("verify: {:?}", report.problems));
    }
    let commits = ledger.commits(..).await.map_err(said)?;
    let observations = ledger.observations(None).await.map_err(said)?;
    let mut rows: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for recorded in observations {
        let value = recorded.observation.value.unwrap_or(-1.0) as usize;
        rows.entry(value / 1000).or_default().push(value % 1000);
    }
    let whole: Vec<usize> = (0..ROWS).collect();
    for (file, rows) in &mut rows {
        rows.sort_unstable();
        if *rows != whole {
            return Err(format!("file {file} is there with the rows {rows:?}"));
        }
    }
    let files: BTreeSet<usize> = rows.into_keys().collect();
    let mut reasons: Vec<String> = commits
        .iter()
        .map(|commit| commit.reason.clone().unwrap_or_default())
        .collect();
    let mut expected: Vec<String> = files.iter().map(|file| file_name(*file)).collect();
    expected.extend((!commits.is_empty()).then(|| "plan".to_owned()));
    reasons.sort();
    expected.sort();
    if reasons != expected {
        return Err(format!(
            "there are commits of {reasons:?}, and files {files:?}"
        ));
    }
    Ok(Contents { files, commits })
}
