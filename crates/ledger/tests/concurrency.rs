//! Many writers on one ledger: no commit is lost, doubled or mixed with another, and everybody learns where the line
//! ends.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the way to fail")]

mod common;

use std::collections::BTreeSet;
use std::time::Duration;

use common::*;
use throughline_ledger::{LedgerError, PlanClock};
use throughline_model::observation::CommitNumber;

on_each_engine! {
    eight_writers_leave_one_line
    a_writer_sees_what_was_committed_before_its_turn
    a_state_is_of_one_position
    followers_are_told_each_position_that_others_write
    a_reader_waits_for_the_position_that_it_was_given
    an_empty_place_becomes_one_ledger_alone
}

/// Plan and observations of a state belong together, whatever is committed while they are read.
async fn a_state_is_of_one_position(engine: Store) {
    const ROUNDS: u64 = 60;
    let ledger = engine.create().await;
    write(&ledger, commit(first_plan())).await;
    let writing = {
        let ledger = engine.open().await;
        tokio::spawn(async move {
            for round in 1..=ROUNDS {
                let mut writer = ledger.write().await.unwrap();
                let name = round.to_string();
                let renamed = commit(vec![objective(OBJECTIVE, "arrive", &name)]);
                writer.append(renamed).await.unwrap();
                let value = observation(MEASURE, UNIT, "2026-W01", round as f64);
                writer.append(observed(vec![value])).await.unwrap();
                writer.finish().await.unwrap();
            }
        })
    };
    let mut seen = BTreeSet::new();
    while seen.last() != Some(&ROUNDS) {
        let state = ledger.state().await.unwrap();
        let newest = state.observations.last().map_or(0.0, |last| {
            last.observation.value.expect("a value was recorded")
        });
        let name = &state.model.objectives().by_key("arrive").unwrap().name;
        assert_eq!(name.parse::<u64>().unwrap_or(0), newest as u64);
        assert_eq!(state.standing.head.number.0, 1 + 2 * newest as u64);
        seen.insert(newest as u64);
    }
    writing.await.unwrap();
    assert!(seen.len() > 2, "nothing was committed meanwhile: {seen:?}");
}

const WRITERS: u128 = 8;
const COMMITS_OF_EACH: u128 = 50;

/// Each writer has a handle of its own, with its own connections, as another process would. Each group is a new record
/// and a count that is one higher than the one that the writer found.
async fn eight_writers_leave_one_line(engine: Store) {
    let ledger = engine.create().await;
    write(&ledger, commit(first_plan())).await;
    let mut writers = Vec::new();
    for writer in 0..WRITERS {
        let handle = engine.open().await;
        writers.push(tokio::spawn(async move {
            let mut made = Vec::new();
            for number in 0..COMMITS_OF_EACH {
                let record = 1000 + writer * COMMITS_OF_EACH + number;
                let mut writer = handle.write().await.unwrap();
                let counted = writer
                    .model()
                    .objectives()
                    .by_key("arrive")
                    .unwrap()
                    .name
                    .clone();
                let count = counted.parse::<u32>().unwrap_or(0) + 1;
                let new = objective(record, &format!("o-{record}"), "New");
                writer.append(commit(vec![new])).await.unwrap();
                let count = objective(OBJECTIVE, "arrive", &count.to_string());
                writer.append(commit(vec![count])).await.unwrap();
                made.push(writer.finish().await.unwrap());
            }
            handle.close().await;
            made
        }));
    }
    let mut acknowledged = Vec::new();
    for writer in writers {
        acknowledged.extend(writer.await.unwrap());
    }
    let written = WRITERS * COMMITS_OF_EACH;
    assert_eq!(acknowledged.len() as u128, written);
    for ledger in [ledger.clone(), engine.open().await] {
        let commits = ledger.commits(..).await.unwrap();
        assert_eq!(commits.len() as u128, 1 + 2 * written);
        for head in &acknowledged {
            let commit = &commits[usize::try_from(head.number.0).unwrap() - 1];
            assert_eq!((commit.number, commit.hash), (head.number, head.hash));
        }
        let model = ledger.model(PlanClock::Newest).await.unwrap();
        let counted = &model.objectives().by_key("arrive").unwrap().name;
        assert_eq!(*counted, written.to_string(), "each saw the one before");
        assert_eq!(model.objectives().iter().count() as u128, 1 + written);
        // The two commits of a group stand together, though groups come from everywhere.
        for group in commits[1..].chunks(2) {
            let changes = ledger.changes(group[1].number).await.unwrap();
            assert_eq!(changes[0].identity().1, id(OBJECTIVE));
        }
        assert_eq!(ledger.verify().await.unwrap().problems, []);
    }
}

async fn a_writer_sees_what_was_committed_before_its_turn(engine: Store) {
    let one = engine.create().await;
    write(&one, commit(first_plan())).await;
    let other = engine.open().await;
    other.model(PlanClock::Newest).await.unwrap();
    let mut writer = one.write().await.unwrap();
    let waiting = tokio::spawn(async move {
        let writer = other.write().await.unwrap();
        let name = writer
            .model()
            .objectives()
            .by_key("arrive")
            .unwrap()
            .name
            .clone();
        (writer.head().number, name)
    });
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert!(!waiting.is_finished(), "the head is held");
    let renamed = objective(OBJECTIVE, "arrive", "Changed meanwhile");
    writer.append(commit(vec![renamed])).await.unwrap();
    writer.finish().await.unwrap();
    let seen = waiting.await.unwrap();
    assert_eq!(seen, (CommitNumber(2), "Changed meanwhile".to_owned()));
}

async fn followers_are_told_each_position_that_others_write(engine: Store) {
    let ledger = engine.create().await;
    let mut here = ledger.follow().await.unwrap();
    let elsewhere = engine.open().await;
    let mut there = elsewhere.follow().await.unwrap();
    write(&ledger, commit(first_plan())).await;
    for number in 1..6_u64 {
        for follower in [&mut here, &mut there] {
            let told = tokio::time::timeout(Duration::from_secs(5), follower.next());
            assert_eq!(told.await.unwrap().unwrap().number, CommitNumber(number));
        }
        let name = format!("Arrive {number}");
        write(&ledger, commit(vec![objective(OBJECTIVE, "arrive", &name)])).await;
    }
    // A group is told once; what nobody waited for is passed over.
    let mut writer = ledger.write().await.unwrap();
    for name in ["One", "Two"] {
        let renamed = commit(vec![objective(OBJECTIVE, "arrive", name)]);
        writer.append(renamed).await.unwrap();
    }
    let last = writer.finish().await.unwrap();
    let mut told = here.next().await.unwrap();
    while told.number < last.number {
        told = here.next().await.unwrap();
    }
    assert_eq!(told, last);
    elsewhere.close().await;
}

async fn a_reader_waits_for_the_position_that_it_was_given(engine: Store) {
    let ledger = engine.create().await;
    let elsewhere = engine.open().await;
    let waiting = tokio::spawn(async move { elsewhere.wait_for(CommitNumber(1)).await });
    tokio::time::sleep(Duration::from_millis(100)).await;
    write(&ledger, commit(first_plan())).await;
    assert_eq!(waiting.await.unwrap().unwrap().number, CommitNumber(1));
    assert_eq!(
        ledger.wait_for(CommitNumber(1)).await.unwrap().number,
        CommitNumber(1)
    );
    let too_far = ledger.wait_for(CommitNumber(9)).await;
    assert!(
        matches!(
            too_far,
            Err(LedgerError::NotYet {
                last: CommitNumber(1),
                ..
            })
        ),
        "{too_far:?}"
    );
}

async fn an_empty_place_becomes_one_ledger_alone(engine: Store) {
    let mut creations = Vec::new();
    for _ in 0..4 {
        let (location, clock) = (engine.location(), engine.clock.clone());
        creations.push(tokio::spawn(async move {
            throughline_ledger::Ledger::create(location, clock, randomness())
                .await
                .map(drop)
        }));
    }
    let mut answers = BTreeSet::new();
    let mut made = 0;
    for creation in creations {
        match creation.await.unwrap() {
            Ok(()) => made += 1,
            Err(LedgerError::LedgerExists { .. }) => {}
            Err(other) => drop(answers.insert(other.to_string())),
        }
    }
    assert_eq!((made, answers), (1, BTreeSet::new()));
    assert_eq!(engine.open().await.verify().await.unwrap().problems, []);
}
