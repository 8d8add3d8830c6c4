//! History that is brought in lies before everything that people have seen, and comes in ascending order.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the way to fail")]

mod common;

use common::*;
use throughline_ledger::{
    CommitKind, HistoryRefused, Ledger, LedgerError, NewCommit, PlanClock, Tally,
};

on_each_engine! {
    history_comes_before_everything_and_in_order
}

/// Tries a commit alone.
async fn attempt(ledger: &Ledger, new: NewCommit) -> Result<Option<CommitKind>, LedgerError> {
    let mut writer = ledger.write().await.unwrap();
    let appended = writer.append(new).await?;
    writer.finish().await?;
    Ok(appended.commit.map(|commit| commit.kind))
}

fn refused(answer: Result<Option<CommitKind>, LedgerError>) -> HistoryRefused {
    match answer {
        Err(LedgerError::HistoryRefused(refused)) => refused,
        other => panic!("{other:?}"),
    }
}

async fn history_comes_before_everything_and_in_order(engine: Store) {
    let ledger = engine.create().await;
    let early = |at: &str, name: &str| {
        commit(vec![objective(OBJECTIVE, "arrive", name)]).brought_in_at(time(at))
    };
    write(
        &ledger,
        commit(first_plan()).brought_in_at(time("2013-01-01T00:00:00Z")),
    )
    .await;
    write(&ledger, early("2013-06-01T00:00:00Z", "Second")).await;
    let load = |at: &str, value| {
        observed(vec![observation(MEASURE, UNIT, "2013-W02", value)]).brought_in_at(time(at))
    };
    write(&ledger, load("2013-02-01T00:00:00Z", 10.2)).await;
    write(&ledger, load("2013-05-01T00:00:00Z", 10.4)).await;
    // The same again changes nothing, though its time has passed.
    let again = write(&ledger, load("2013-02-01T00:00:00Z", 10.2)).await;
    assert_eq!(
        (again.commit, again.observations),
        (
            None,
            Tally {
                added: 0,
                corrections: 0,
                unchanged: 1
            }
        )
    );

    let late = refused(attempt(&ledger, load("2013-02-01T00:00:00Z", 10.3)).await);
    assert!(
        matches!(
            late,
            HistoryRefused::NotAscending {
                what: "observations",
                ..
            }
        ),
        "{late:?}"
    );
    let late = refused(attempt(&ledger, early("2013-05-01T00:00:00Z", "Late")).await);
    assert!(
        matches!(late, HistoryRefused::NotAscending { what: "plans", .. }),
        "{late:?}"
    );
    let future = refused(attempt(&ledger, load("2999-01-01T00:00:00Z", 1.0)).await);
    assert!(
        matches!(future, HistoryRefused::InTheFuture { .. }),
        "{future:?}"
    );

    let live = write(
        &ledger,
        commit(vec![objective(OBJECTIVE, "arrive", "Third")]),
    )
    .await
    .commit
    .unwrap();
    // History still comes in, before what is live: the newest plan stays what it is.
    write(&ledger, early("2014-01-01T00:00:00Z", "Between")).await;
    write(
        &ledger,
        observed(vec![observation(MEASURE, UNIT, "2013-W02", 11.0)]),
    )
    .await;
    let more = write(&ledger, load("2014-01-01T00:00:00Z", 10.4)).await;
    assert_eq!(
        more.observations.unchanged, 1,
        "compared with what was known by then"
    );
    let at_bound = live.at.to_string();
    let bound = refused(attempt(&ledger, load(&at_bound, 5.0)).await);
    assert!(
        matches!(bound, HistoryRefused::NotBeforeFirstCommit { commit, .. } if commit == live.number),
        "{bound:?}"
    );
    assert!(bound.to_string().contains(&at_bound), "{bound}");

    for ledger in [ledger.clone(), engine.open().await] {
        for (known_at, name, value) in [
            ("2012-01-01T00:00:00Z", "Arrive on time", None),
            ("2013-03-01T00:00:00Z", "Arrive on time", Some(10.2)),
            ("2013-07-01T00:00:00Z", "Second", Some(10.4)),
            ("2015-01-01T00:00:00Z", "Between", Some(10.4)),
            ("2999-01-01T00:00:00Z", "Third", Some(11.0)),
        ] {
            let model = ledger
                .model(PlanClock::KnownAt(time(known_at)))
                .await
                .unwrap();
            assert_eq!(
                model.objectives().iter().next().unwrap().name,
                name,
                "{known_at}"
            );
            let known = ledger.observations(Some(time(known_at))).await.unwrap();
            assert_eq!(
                known.last().and_then(|last| last.observation.value),
                value,
                "{known_at}"
            );
        }
        let newest = ledger.model(PlanClock::Newest).await.unwrap();
        assert_eq!(newest.objectives().iter().next().unwrap().name, "Third");
        assert_eq!(ledger.verify().await.unwrap().problems, []);
    }
}
