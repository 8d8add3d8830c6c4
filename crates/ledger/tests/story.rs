//! One story that every engine tells alike: a plan and its observations, changed, corrected, read at each clock.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the way to fail")]

mod common;

use common::*;
use throughline_core::Origin;
use throughline_core::id::PersonId;
use throughline_ledger::{
    CommitKind, ERASED_NAME, Ledger, LedgerError, PlanClock, Tally, VersionChange,
};
use throughline_model::observation::{CommitNumber, ObservationState};
use throughline_model::{Change, Kind};

on_each_engine! {
    story
}

async fn objective_at(ledger: &Ledger, clock: PlanClock) -> Option<String> {
    let model = ledger.model(clock).await.unwrap();
    model
        .objectives()
        .iter()
        .next()
        .map(|objective| objective.name.clone())
}

async fn values(ledger: &Ledger, known_at: Option<&str>) -> Vec<(u64, Option<f64>)> {
    let recorded = ledger.observations(known_at.map(time)).await.unwrap();
    recorded
        .iter()
        .map(|recorded| (recorded.commit.0, recorded.observation.value))
        .collect()
}

async fn story(engine: Store) {
    let set_clock = |at: &str| engine.clock.set(at);
    let ledger = engine.create().await;
    assert_eq!(ledger.head().await.unwrap().number, CommitNumber(0));
    assert!(ledger.model(PlanClock::Newest).await.unwrap().is_empty());

    // Three plans.
    set_clock("2026-01-10T00:00:00Z");
    let first = write(&ledger, commit(first_plan())).await.commit.unwrap();
    assert_eq!(
        (first.number, first.kind, first.records),
        (CommitNumber(1), CommitKind::Plan, 7)
    );
    set_clock("2026-02-10T00:00:00Z");
    write(
        &ledger,
        commit(vec![objective(OBJECTIVE, "arrive", "Arrive early")]),
    )
    .await;
    set_clock("2026-03-10T00:00:00Z");
    let renamed = objective(OBJECTIVE, "be-early", "Be early");
    let third = write(
        &ledger,
        commit(vec![
            renamed,
            Change::Retire(Kind::Measure, id(OTHER_MEASURE)),
        ]),
    )
    .await;
    assert_eq!(third.commit.unwrap().number, CommitNumber(3));

    // Observations, the same again, a correction.
    set_clock("2026-04-10T00:00:00Z");
    let two = vec![
        observation(MEASURE, UNIT, "2026-W01", 0.5),
        observation(MEASURE, UNIT + 1, "2026-W01", 0.25),
    ];
    let loaded = write(&ledger, observed(two.clone())).await;
    assert_eq!(
        loaded.observations,
        Tally {
            added: 2,
            corrections: 0,
            unchanged: 0
        }
    );
    assert_eq!(loaded.commit.unwrap().kind, CommitKind::Observations);
    let again = write(&ledger, observed(two)).await;
    assert_eq!((again.commit, again.observations.unchanged), (None, 2));
    set_clock("2026-05-10T00:00:00Z");
    let mut corrected = observation(MEASURE, UNIT, "2026-W01", 0.75);
    corrected.state = Some(ObservationState::Validated);
    corrected.note = Some("counted again".into());
    let mixed = vec![
        observation(MEASURE, UNIT, "2026-W02", 0.5),
        corrected.clone(),
    ];
    let loaded = write(&ledger, observed(mixed)).await;
    assert_eq!(
        loaded.observations,
        Tally {
            added: 1,
            corrections: 1,
            unchanged: 0
        }
    );

    for ledger in [ledger.clone(), engine.open().await] {
        assert_eq!(
            objective_at(&ledger, PlanClock::Newest).await.as_deref(),
            Some("Be early")
        );
        let known = |at: &str| PlanClock::KnownAt(time(at));
        for (clock, expected) in [
            (known("2020-01-01T00:00:00Z"), Some("Arrive on time")),
            (known("2026-01-31T00:00:00Z"), Some("Arrive on time")),
            (known("2026-02-28T00:00:00Z"), Some("Arrive early")),
            (known("2026-03-31T00:00:00Z"), Some("Be early")),
            (PlanClock::Commit(CommitNumber(0)), None),
            (PlanClock::Commit(CommitNumber(1)), Some("Arrive on time")),
            (PlanClock::Commit(CommitNumber(2)), Some("Arrive early")),
            (PlanClock::Commit(CommitNumber(5)), Some("Be early")),
        ] {
            assert_eq!(
                objective_at(&ledger, clock).await.as_deref(),
                expected,
                "{clock:?}"
            );
        }
        assert_eq!(values(&ledger, Some("2026-04-01T00:00:00Z")).await, []);
        assert_eq!(
            values(&ledger, Some("2026-05-01T00:00:00Z")).await,
            [(4, Some(0.5)), (4, Some(0.25))]
        );
        let now = [
            (4, Some(0.5)),
            (4, Some(0.25)),
            (5, Some(0.75)),
            (5, Some(0.5)),
        ];
        assert_eq!(values(&ledger, None).await, now);
        let history = ledger.observation_history(corrected.cell).await.unwrap();
        assert_eq!(history.len(), 2);
        assert_eq!(history[1].observation, corrected);
        let model = ledger.model(PlanClock::Newest).await.unwrap();
        assert_eq!(
            model.first_user_of(Kind::Objective, "arrive"),
            Some(id(OBJECTIVE)),
            "renamed"
        );
        assert_eq!(
            model.first_user_of(Kind::Measure, "delay"),
            Some(id(OTHER_MEASURE)),
            "retired"
        );
        assert_eq!(model.id_of(Kind::Objective, "arrive"), None);
        assert!(model.measures().by_key("delay").is_none());
        let versions = ledger
            .record_history(Kind::Measure, id(OTHER_MEASURE))
            .await
            .unwrap();
        assert_eq!(versions.len(), 2);
        assert_eq!(versions[1].change, VersionChange::Retired);
        assert_eq!(versions[1].commit.number, CommitNumber(3));
    }

    drafts(&ledger).await;
    erasure(&ledger).await;

    let verified = engine.open().await.verify().await.unwrap();
    assert_eq!(verified.problems, []);
    assert_eq!((verified.commits, verified.observations), (9, 4));
}

/// A draft is a line of its own, on the plan at which it began.
async fn drafts(ledger: &Ledger) {
    let mut writer = ledger.write().await.unwrap();
    let draft = writer
        .open_draft("reorganisation", None, Origin::CommandLine, None)
        .await
        .unwrap();
    let changes = vec![
        objective(OBJECTIVE, "be-early", "Be there"),
        unit(UNIT + 2, "lga"),
    ];
    let on_draft = commit(changes).on_draft(draft.id);
    assert_eq!(
        writer
            .append(on_draft)
            .await
            .unwrap()
            .commit
            .unwrap()
            .number,
        CommitNumber(7)
    );
    let refused = writer
        .open_draft("reorganisation", None, Origin::CommandLine, None)
        .await;
    assert!(
        matches!(refused, Err(LedgerError::DraftRefused { .. })),
        "{refused:?}"
    );
    let refused = writer
        .append(observed(vec![observation(MEASURE, UNIT, "2026-W07", 1.0)]).on_draft(draft.id))
        .await;
    assert!(
        matches!(refused, Err(LedgerError::DraftRefused { .. })),
        "{refused:?}"
    );
    writer.finish().await.unwrap();

    assert_eq!(
        objective_at(ledger, PlanClock::Newest).await.as_deref(),
        Some("Be early")
    );
    assert_eq!(
        objective_at(ledger, PlanClock::Draft(draft.id))
            .await
            .as_deref(),
        Some("Be there")
    );
    let of_draft = ledger.model(PlanClock::Draft(draft.id)).await.unwrap();
    assert!(of_draft.units().by_key("lga").is_some());
    assert!(
        of_draft.measures().by_key("on-time").is_some(),
        "what the draft does not touch is there"
    );

    let mut writer = ledger.write().await.unwrap();
    let closed = writer
        .close_draft(draft.id, None, Origin::CommandLine, None)
        .await
        .unwrap();
    let refused = writer
        .append(commit(vec![unit(UNIT + 3, "jfk")]).on_draft(draft.id))
        .await;
    assert!(
        matches!(refused, Err(LedgerError::DraftRefused { .. })),
        "{refused:?}"
    );
    writer.finish().await.unwrap();
    assert_eq!(
        ledger.drafts().await.unwrap()[0].closed,
        Some(closed.number)
    );
}

async fn erasure(ledger: &Ledger) {
    let ruth = PersonId::from_uuid(id(PERSON));
    assert_eq!(
        ledger
            .model(PlanClock::Newest)
            .await
            .unwrap()
            .people()
            .get(ruth)
            .unwrap()
            .name,
        CANARY[1]
    );
    let commit = ledger
        .erase_person(ruth, None, Origin::CommandLine, None)
        .await
        .unwrap();
    assert_eq!(commit.unwrap().kind, CommitKind::Erasure);
    for clock in [PlanClock::Newest, PlanClock::Commit(CommitNumber(1))] {
        let model = ledger.model(clock).await.unwrap();
        let erased = model.people().get(ruth).unwrap();
        assert_eq!(
            (erased.key.as_str(), erased.name.as_str()),
            ("erased-00000014", ERASED_NAME)
        );
        assert_eq!((&erased.email, erased.unit.is_some()), (&None, true));
    }
    let again = ledger
        .erase_person(ruth, None, Origin::CommandLine, None)
        .await
        .unwrap();
    assert_eq!(again, None);
    let nobody = ledger
        .erase_person(PersonId::from_uuid(id(99)), None, Origin::CommandLine, None)
        .await;
    assert!(
        matches!(nobody, Err(LedgerError::NotFound { .. })),
        "{nobody:?}"
    );
}
