//! Several handles of one file in one process, beside other processes: by the rules of POSIX a process that closes a file
//! by whichever handle loses all its locks on it. SQLite before 3.51 then lets another process take the journal away from
//! under it; the releases since notice by their other file, on which nobody should have to rely.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the way to fail")]

mod common;

use std::process::Command;

use common::*;
use throughline_ledger::Ledger;
use throughline_model::observation::CommitNumber;

/// Tells the other process where the ledger is.
const FOLDER: &str = "THROUGHLINE_TEST_OTHER_PROCESS_FOLDER";

/// Tells the other process how many commits it must find.
const COMMITS: &str = "THROUGHLINE_TEST_OTHER_PROCESS_COMMITS";

fn named(number: u64) -> throughline_ledger::NewCommit {
    let key = format!("o-{number}");
    commit(vec![objective(
        1000 + u128::from(number),
        &key,
        "New objective",
    )])
}

/// Another process finds so many commits, writes one more, and closes the ledger.
fn write_in_another_process(store: &Store, commits: u64) {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "the_other_process", "--ignored", "--nocapture"])
        .env(FOLDER, store.path())
        .env(COMMITS, commits.to_string())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned()
        + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    assert!(said.contains("1 passed"), "{said}");
}

/// This process must have a lock on the file.
#[cfg(target_os = "linux")]
fn refuse_unlocked(store: &Store) {
    use std::os::unix::fs::MetadataExt;
    let (process, file) = (std::process::id(), store.file().metadata().unwrap().ino());
    let locks = std::fs::read_to_string("/proc/locks").unwrap();
    // Such as `1: POSIX  ADVISORY  READ 712 fe:00:1234 1073741826 1073742335`.
    let is_ours = |line: &str| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let of_process = words.get(4).and_then(|word| word.parse().ok()) == Some(process);
        let inode = words.get(5).and_then(|word| word.rsplit(':').next());
        of_process && inode.and_then(|inode| inode.parse().ok()) == Some(file)
    };
    assert!(locks.lines().any(is_ours), "no lock is left:\n{locks}");
}

#[cfg(not(target_os = "linux"))]
fn refuse_unlocked(_: &Store) {}

#[tokio::test]
#[ignore = "it is the other process of the tests in this file"]
async fn the_other_process() {
    let (Ok(folder), Ok(commits)) = (std::env::var(FOLDER), std::env::var(COMMITS)) else {
        return;
    };
    let folder = std::path::PathBuf::from(folder);
    let clock = std::sync::Arc::new(SteppingClock::from("2026-02-01T00:00:00Z"));
    let ledger = Ledger::open(&folder, clock, randomness()).await.unwrap();
    let commits: u64 = commits.parse().unwrap();
    assert_eq!(ledger.head().await.unwrap().number, CommitNumber(commits));
    write(&ledger, named(commits + 1)).await;
    ledger.close().await;
}

#[tokio::test]
async fn a_second_handle_takes_no_locks_away_from_the_first() {
    let store = Store::sqlite();
    let first = store.create().await;
    write(&first, commit(first_plan())).await;
    refuse_unlocked(&store);
    let second = store.open().await;
    refuse_unlocked(&store);
    // Were the locks gone, it could take itself for the last one, and remove the journal when it closes.
    write_in_another_process(&store, 1);
    write(&first, named(3)).await;
    write_in_another_process(&store, 3);
    second.close().await;
    refuse_unlocked(&store);
    write(&first, named(5)).await;
    write_in_another_process(&store, 5);
    assert_eq!(first.head().await.unwrap().number, CommitNumber(6));
    assert_eq!(first.verify().await.unwrap().problems, []);
    first.close().await;
}
