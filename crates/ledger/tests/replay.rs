//! Any sequence of commits, read back, is what folding it in memory gives: the plan and the observations, at each clock.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the way to fail")]

mod common;

use std::collections::BTreeMap;

use common::*;
use proptest::prelude::*;
use throughline_ledger::{CommitHash, Head, Ledger, NewCommit, PlanClock};
use throughline_model::observation::{Cell, CommitNumber, Observation, Recorded};
use throughline_model::{Change, Kind, Model};

/// One commit, in a form that shrinks.
#[derive(Clone, Debug)]
enum Step {
    Put(Vec<(u128, u8)>),
    Retire(u128),
    Observe(Vec<(u128, u8, Option<i8>)>),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        prop::collection::btree_map(0..6_u128, any::<u8>(), 1..4)
            .prop_map(|puts| Step::Put(puts.into_iter().collect())),
        (0..6_u128).prop_map(Step::Retire),
        prop::collection::btree_map((0..3_u128, 1..5_u8), prop::option::of(-3..3_i8), 1..6)
            .prop_map(|cells| Step::Observe(
                cells
                    .into_iter()
                    .map(|((unit, week), value)| (unit, week, value))
                    .collect()
            )),
    ]
}

/// A key of its own for each number and name, so that keys are never used again by others.
fn put_of((number, name): (u128, u8)) -> Change {
    objective(
        500 + number,
        &format!("o-{number}-{}", name % 3),
        &format!("Name {name}"),
    )
}

fn observation_of((unit, week, value): (u128, u8, Option<i8>)) -> Observation {
    let period = format!("2026-W{week:02}");
    let observation = observation(MEASURE, UNIT + unit % 2, &period, 0.0);
    Observation {
        value: value.map(f64::from),
        weight: Some(unit as f64),
        ..observation
    }
}

/// What the ledger must say after each commit.
#[derive(Clone, Default)]
struct Folded {
    model: Model,
    cells: BTreeMap<Cell, Observation>,
}

fn check_models(one: &Model, other: &Model) {
    assert_eq!(records(one), records(other));
    for number in 0..6 {
        for name in 0..3 {
            let key = format!("o-{number}-{name}");
            assert_eq!(
                one.first_user_of(Kind::Objective, &key),
                other.first_user_of(Kind::Objective, &key),
                "{key}"
            );
        }
    }
}

/// What was known at a commit and what was recorded since are all that is known now.
async fn check_carried_on(ledger: &Ledger, head: &Head, known: &[Recorded]) {
    let (now, since) = (ledger.state().await, ledger.state_since(head).await);
    let (now, since) = (now.unwrap(), since.unwrap().unwrap());
    assert_eq!([known, &since.observations].concat(), now.observations);
    assert_eq!(since.standing, now.standing);
    check_models(&since.model, &now.model);
}

async fn replays(engine: Store, steps: Vec<Step>) {
    let ledger = engine.create().await;
    write(&ledger, commit(first_plan())).await;
    let mut folded = Folded {
        model: Model::of(first_plan()),
        ..Folded::default()
    };
    let mut history = vec![(ledger.head().await.unwrap(), folded.clone())];
    for step in steps {
        let new = match step {
            Step::Put(records) => commit(records.into_iter().map(put_of).collect()),
            Step::Retire(number)
                if folded
                    .model
                    .record(Kind::Objective, id(500 + number))
                    .is_some() =>
            {
                commit(vec![Change::Retire(Kind::Objective, id(500 + number))])
            }
            Step::Retire(_) => continue,
            Step::Observe(cells) => {
                let cells: BTreeMap<_, _> = cells
                    .into_iter()
                    .map(observation_of)
                    .map(|one| (one.cell, one))
                    .collect();
                observed(cells.into_values().collect())
            }
        };
        folded.model = folded.model.with(new.changes.clone());
        folded
            .cells
            .extend(new.observations.iter().map(|one| (one.cell, one.clone())));
        write(&ledger, new).await;
        let head = ledger.head().await.unwrap();
        if head.number == history.last().unwrap().0.number {
            *history.last_mut().unwrap() = (head, folded.clone());
        } else {
            history.push((head, folded.clone()));
        }
    }
    let reopened = engine.open().await;
    for ledger in [&ledger, &reopened] {
        check_models(
            &ledger.model(PlanClock::Newest).await.unwrap(),
            &folded.model,
        );
        for (head, folded) in &history {
            for clock in [PlanClock::Commit(head.number), PlanClock::KnownAt(head.at)] {
                check_models(&ledger.model(clock).await.unwrap(), &folded.model);
            }
            let mut cells = BTreeMap::new();
            let known = ledger.observations(Some(head.at)).await.unwrap();
            check_carried_on(ledger, head, &known).await;
            cells.extend(
                known
                    .into_iter()
                    .map(|recorded| (recorded.observation.cell, recorded.observation)),
            );
            assert_eq!(cells, folded.cells);
        }
    }
    assert_eq!(reopened.verify().await.unwrap().problems, []);
}

/// History comes between what was known before, and a commit that is not there has nothing after it.
async fn what_does_not_follow_is_not_carried_on(store: Store) {
    let ledger = store.create().await;
    let empty = ledger.head().await.unwrap();
    let history = |new: NewCommit, at: &str| new.brought_in_at(time(at));
    write(
        &ledger,
        history(commit(first_plan()), "2025-01-01T00:00:00Z"),
    )
    .await;
    let planned = ledger.head().await.unwrap();
    let first = observed(vec![observation(MEASURE, UNIT, "2024-W01", 0.5)]);
    write(&ledger, history(first, "2025-02-01T00:00:00Z")).await;
    let head = ledger.head().await.unwrap();
    for before in [empty, planned] {
        assert!(ledger.state_since(&before).await.unwrap().is_none());
    }
    let second = observed(vec![observation(MEASURE, UNIT, "2024-W02", 0.6)]);
    write(&ledger, second).await;
    let since = ledger.state_since(&head).await.unwrap().unwrap();
    assert_eq!(since.observations.len(), 1);
    let others = [
        Head {
            hash: CommitHash([7; 32]),
            ..head
        },
        Head {
            number: CommitNumber(head.number.0 + 9),
            ..head
        },
    ];
    for other in others {
        assert!(ledger.state_since(&other).await.unwrap().is_none());
    }
    ledger.close().await;
}

on_each_engine! {
    what_does_not_follow_is_not_carried_on
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_ledger_replays_to_what_was_folded(steps in prop::collection::vec(step(), 1..14)) {
        runtime().block_on(replays(Store::sqlite(), steps));
    }
}

proptest! {
    // Fewer, since each begins with a database of its own, and what is replayed does not depend on the engine.
    #![proptest_config(ProptestConfig { cases: 4, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_ledger_replays_to_what_was_folded_on_postgres(steps in prop::collection::vec(step(), 1..14)) {
        if let Some(engine) = Store::postgres() {
            runtime().block_on(replays(engine, steps));
        }
    }
}
