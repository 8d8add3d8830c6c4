//! A ledger that was written anew with right hashes, or cut off at its end, is found against what was noted before.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the way to fail")]

mod common;

use std::sync::Arc;

use common::*;
use throughline_ledger::{Checkpoint, Ledger, Randomness};
use throughline_testkit::chance::Chance;

/// Random bytes that are the same for each ledger.
fn same_randomness() -> Arc<Randomness> {
    let chance = std::sync::Mutex::new(Chance::new("same randomness"));
    Arc::new(move |bytes: &mut [u8]| {
        for byte in bytes {
            *byte = chance.lock().unwrap().draw() as u8;
        }
    })
}

/// A ledger with right hashes in which a value is another one than it was: nothing inside shows that.
#[tokio::test]
async fn a_ledger_that_was_written_anew_is_found_by_its_checkpoint() {
    let mut ledgers = Vec::new();
    for value in [0.5, 0.9] {
        let store = Store::sqlite();
        let created = Ledger::create(store.location(), store.clock.clone(), same_randomness());
        let ledger = created.await.unwrap();
        write(&ledger, commit(first_plan())).await;
        write(
            &ledger,
            observed(vec![observation(MEASURE, UNIT, "2026-W01", value)]),
        )
        .await;
        assert_eq!(ledger.verify().await.unwrap().problems, []);
        ledgers.push((store, ledger));
    }
    let checkpoint = ledgers[0].1.checkpoint().await.unwrap();
    let check = async |ledger: &Ledger, checkpoint: &Checkpoint, expected: &[&str]| {
        let report = ledger.verify_against(checkpoint, None).await.unwrap();
        let said: Vec<&str> = report
            .problems
            .iter()
            .map(|one| one.what.as_str())
            .collect();
        assert_eq!(said.len(), expected.len(), "{said:?}");
        assert!(
            said.iter()
                .zip(expected)
                .all(|(said, part)| said.contains(part)),
            "{said:?}"
        );
    };
    check(&ledgers[0].1, &checkpoint, &[]).await;
    check(&ledgers[1].1, &checkpoint, &["the ledger was written anew"]).await;
    // What comes later is no contradiction.
    write(
        &ledgers[0].1,
        commit(vec![objective(OBJECTIVE + 2, "later", "Later")]),
    )
    .await;
    check(&ledgers[0].1, &checkpoint, &[]).await;
    let later = ledgers[0].1.checkpoint().await.unwrap();
    check(
        &ledgers[1].1,
        &later,
        &["the end of the ledger was cut off"],
    )
    .await;

    let other = Store::sqlite();
    let other = other.create().await;
    check(&other, &checkpoint, &["another ledger"]).await;
    let of_nothing = other.checkpoint().await.unwrap();
    check(&other, &of_nothing, &[]).await;
}
