//! A backup is restored in the place of a ledger that somebody has open: what they remember of the line that is gone is
//! no part of what they read and write from then on. A file that is open makes no room, so this is about PostgreSQL.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the way to fail")]

mod common;

use std::path::Path;
use std::time::Duration;

use common::*;
use throughline_ledger::{Follower, Ledger, LedgerError, NewCommit, PlanClock, RestoreOptions};
use throughline_model::observation::CommitNumber;

/// The unit that is in the line that is thrown away.
const GONE: u128 = 77;

async fn restore(store: &Store, backup: &Path) {
    let (clock, options) = (store.clock.clone(), RestoreOptions { replace: true });
    let restored = Ledger::restore(store.location(), backup, None, options, clock, randomness());
    restored.await.unwrap();
}

async fn told(follower: &mut Follower) -> throughline_ledger::Head {
    let told = tokio::time::timeout(Duration::from_secs(10), follower.next());
    told.await.unwrap().unwrap()
}

/// Restores a backup of two commits under an open handle that has seen three, has others write these commits after it,
/// and writes with the handle.
async fn check(after: Vec<NewCommit>) {
    let Some(store) = Store::postgres() else {
        return;
    };
    let folder = Folder::new();
    let open = store.create().await;
    write(
        &open,
        commit(vec![organisation("january"), unit(UNIT, "harbour")]),
    )
    .await;
    write(&open, commit(vec![measure(MEASURE, "on-time", "On time")])).await;
    let backup = open.back_up(folder.path()).await.unwrap().file;
    write(&open, commit(vec![unit(GONE, "gone")])).await;
    let mut follower = open.follow().await.unwrap();
    let before = open.model(PlanClock::Newest).await.unwrap();
    assert!(before.units().by_key("gone").is_some());

    restore(&store, &backup).await;
    let elsewhere = store.open().await;
    for new in after {
        write(&elsewhere, new).await;
    }
    let head = elsewhere.head().await.unwrap();
    // Positions that were passed over meanwhile may be told or not.
    while told(&mut follower).await != head {}
    let model = open.model(PlanClock::Newest).await.unwrap();
    let newest = elsewhere.model(PlanClock::Newest).await.unwrap();
    assert_eq!(records(&model), records(&newest));

    let mut writer = open.write().await.unwrap();
    assert_eq!(writer.head(), head);
    assert_eq!(records(writer.model()), records(&newest));
    let of_the_gone = observed(vec![observation(MEASURE, GONE, "2026-W01", 1.0)]);
    let refused = writer.append(of_the_gone).await;
    assert!(
        matches!(refused, Err(LedgerError::ObservationRefused { .. })),
        "{refused:?}"
    );
    let kept = observed(vec![observation(MEASURE, UNIT, "2026-W01", 1.0)]);
    writer.append(kept).await.unwrap();
    let finished = writer.finish().await.unwrap();
    assert_eq!(finished.number, CommitNumber(head.number.0 + 1));
    assert_eq!(told(&mut follower).await, finished);
    assert_eq!(open.verify().await.unwrap().problems, []);
}

fn other(number: u128) -> NewCommit {
    commit(vec![unit(number, &format!("other-{number}"))])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_shorter_line_is_read_anew() {
    check(Vec::new()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_line_of_the_same_length_is_read_anew() {
    check(vec![other(UNIT + 1)]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_longer_line_is_read_anew() {
    check(vec![other(UNIT + 1), other(UNIT + 2)]).await;
}
