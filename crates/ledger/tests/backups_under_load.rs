//! Backups that are taken while others write, each restored, verified and held to the ledger as it was at that commit.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the way to fail")]

mod common;

use std::sync::Arc;

use common::*;
use throughline_ledger::{Ledger, PlanClock, RestoreOptions};
use throughline_testkit::chance::{count, report};
use tokio::sync::Semaphore;

/// How many backups are taken in the short form.
const BACKUPS: u64 = 3;

/// How many are taken of one ledger before another one takes its place: a backup is as long as all that was written before
/// it, and time is better spent on more of them.
const BACKUPS_OF_A_LEDGER: u64 = 20;

/// How many commits there are before the first backup, so that it takes long enough for others to write meanwhile.
const COMMITS_BEFORE: usize = 40;

/// How many commits are made for each backup, as fast as they can be; some of them while it is taken.
const COMMITS_FOR_EACH: usize = 20;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn backups_under_load_of_a_file_are_restored_and_verified() {
    back_up_under_load("SQLite", || Some(Store::sqlite())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn backups_under_load_of_a_database_are_restored_and_verified() {
    back_up_under_load("PostgreSQL", Store::postgres).await;
}

/// What the backups met.
#[derive(Default)]
struct Tally {
    restored: u64,
    /// How many were taken while others committed, and how many commits those were.
    overlapped: u64,
    commits_meanwhile: u64,
}

async fn back_up_under_load(engine: &str, new: impl Fn() -> Option<Store>) {
    let wanted = count("THROUGHLINE_BACKUPS", BACKUPS);
    let mut tally = Tally::default();
    while tally.restored < wanted {
        let Some(store) = new() else {
            return;
        };
        let ledger = store.create().await;
        fill(&ledger).await;
        let permits = Arc::new(Semaphore::new(COMMITS_BEFORE));
        let load = tokio::spawn(write_as_permitted(ledger.clone(), Arc::clone(&permits)));
        while permits.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        for _ in 0..BACKUPS_OF_A_LEDGER.min(wanted - tally.restored) {
            permits.add_permits(COMMITS_FOR_EACH);
            back_up_and_restore(&ledger, &mut tally).await;
        }
        permits.close();
        load.await.unwrap();
        assert_eq!(ledger.verify().await.unwrap().problems, []);
        ledger.close().await;
    }
    assert!(
        tally.overlapped > 0,
        "nobody wrote while a backup was taken"
    );
    report(&format!(
        "backups under load of a ledger on {engine}: {} restored to either engine and verified, {} of them taken while \
         others committed ({} commits)",
        tally.restored, tally.overlapped, tally.commits_meanwhile
    ));
}

/// Writes commits of each sort, as many as there are permits, until those are closed.
async fn write_as_permitted(ledger: Ledger, permits: Arc<Semaphore>) {
    for number in 0_u32.. {
        let Ok(permit) = permits.acquire().await else {
            return;
        };
        permit.forget();
        let name = format!("number-{number}");
        let new = match number % 3 {
            0 => observed(vec![observation(
                MEASURE,
                UNIT,
                "2026-W02",
                f64::from(number),
            )]),
            1 => commit(vec![objective(OBJECTIVE + 1, "second", &name)]),
            _ => {
                let person = person(1_000 + u128::from(number), [&name, "Somebody", CANARY[2]]);
                commit(vec![person])
            }
        };
        write(&ledger, new).await;
    }
}

/// Takes a backup, restores it to an engine of each sort in turn, and compares.
async fn back_up_and_restore(ledger: &Ledger, tally: &mut Tally) {
    let folder = Folder::new();
    let backup = ledger.back_up(folder.path()).await.unwrap();
    let meanwhile = ledger.head().await.unwrap().number.0 - backup.header.head.number.0;
    // Persons who came later have keys there, too, which are left out.
    let keys = ledger.back_up_keys(folder.path()).await.unwrap();
    let mut places = Store::each();
    let to = places.swap_remove(tally.restored as usize % places.len());
    let restored = Ledger::restore(
        to.location(),
        &backup.file,
        Some(&keys.file),
        RestoreOptions::default(),
        to.clock.clone(),
        randomness(),
    )
    .await
    .unwrap();
    assert_eq!(restored.head, backup.header.head);
    assert_eq!(restored.keys.missing, 0);

    let again = to.open().await;
    assert_eq!(again.verify().await.unwrap().problems, []);
    let number = restored.head.number;
    let commits = ledger.commits(..=number.0).await.unwrap();
    assert_eq!(again.commits(..).await.unwrap(), commits);
    let then = ledger.model(PlanClock::Commit(number)).await.unwrap();
    let now = again.model(PlanClock::Newest).await.unwrap();
    assert_eq!(records(&now), records(&then));
    let mut observations = ledger.observations(None).await.unwrap();
    observations.retain(|recorded| recorded.commit <= number);
    assert_eq!(again.observations(None).await.unwrap(), observations);
    again.close().await;

    tally.restored += 1;
    tally.overlapped += u64::from(meanwhile > 0);
    tally.commits_meanwhile += meanwhile;
}
