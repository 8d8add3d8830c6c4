//! Writing: groups are all or nothing, writers take turns, and what cannot be kept is refused with its reason.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the way to fail")]

mod common;

use common::*;
use jiff::SignedDuration;
use throughline_ledger::{CommitKind, Ledger, LedgerError, NewCommit, PlanClock, Writer};
use throughline_model::observation::{CommitNumber, Observation};
use throughline_model::{Change, Kind};

on_each_engine! {
    a_group_is_all_or_nothing
    handles_take_turns
    the_clock_may_stand_still_or_go_back
    what_cannot_be_kept_is_refused
    the_calendar_is_fixed_by_the_first_observation
    workings_end
    workings_are_taken_by_one
}

fn is_send<T: Send>() {}

#[test]
fn handles_move_between_threads() {
    is_send::<Ledger>();
    is_send::<Writer>();
    fn future_is_send<F: Future + Send>(_: impl Fn(&'static Ledger) -> F) {}
    future_is_send(|ledger| ledger.write());
    future_is_send(|ledger| ledger.verify());
    future_is_send(|ledger| ledger.model(PlanClock::Newest));
}

/// Tries a commit alone.
async fn attempt(ledger: &Ledger, new: NewCommit) -> Result<Option<CommitKind>, LedgerError> {
    let mut writer = ledger.write().await.unwrap();
    let appended = writer.append(new).await?;
    writer.finish().await?;
    Ok(appended.commit.map(|commit| commit.kind))
}

async fn with_first_plan(engine: &Store) -> Ledger {
    let ledger = engine.create().await;
    write(&ledger, commit(first_plan())).await;
    ledger
}

async fn a_group_is_all_or_nothing(engine: Store) {
    let ledger = with_first_plan(&engine).await;
    let mut writer = ledger.write().await.unwrap();
    writer
        .append(commit(vec![objective(OBJECTIVE, "arrive", "Dropped")]))
        .await
        .unwrap();
    writer
        .append(observed(vec![observation(MEASURE, UNIT, "2026-W01", 1.0)]))
        .await
        .unwrap();
    assert_eq!(writer.head().number, CommitNumber(3));
    assert_eq!(
        writer.model().objectives().iter().next().unwrap().name,
        "Dropped"
    );
    drop(writer);
    for ledger in [ledger.clone(), engine.open().await] {
        assert_eq!(ledger.head().await.unwrap().number, CommitNumber(1));
        assert_eq!(ledger.observations(None).await.unwrap(), []);
        let model = ledger.model(PlanClock::Newest).await.unwrap();
        assert_eq!(
            model.objectives().iter().next().unwrap().name,
            "Arrive on time"
        );
    }
    let mut writer = ledger.write().await.unwrap();
    let one = writer
        .append(observed(vec![observation(MEASURE, UNIT, "2026-W01", 1.0)]))
        .await
        .unwrap();
    let same = writer
        .append(observed(vec![observation(MEASURE, UNIT, "2026-W01", 1.0)]))
        .await
        .unwrap();
    let other = writer
        .append(observed(vec![observation(MEASURE, UNIT, "2026-W01", 2.0)]))
        .await
        .unwrap();
    assert_eq!(
        (
            one.observations.added,
            same.observations.unchanged,
            other.observations.corrections
        ),
        (1, 1, 1)
    );
    assert_eq!(writer.finish().await.unwrap().number, CommitNumber(3));
    assert_eq!(ledger.verify().await.unwrap().problems, []);
}

async fn handles_take_turns(engine: Store) {
    let ledger = with_first_plan(&engine).await;
    let handles = [ledger.clone(), engine.open().await, engine.open().await];
    let tasks: Vec<_> = handles
        .into_iter()
        .enumerate()
        .map(|(task, ledger)| {
            tokio::spawn(async move {
                for turn in 0..8 {
                    let number = 1000 + task as u128 * 100 + turn;
                    write(
                        &ledger,
                        commit(vec![objective(number, &format!("o-{number}"), "Objective")]),
                    )
                    .await;
                    let period = format!("2026-W{:02}", turn + 1);
                    let value = task as f64;
                    write(
                        &ledger,
                        observed(vec![observation(MEASURE, UNIT, &period, value)]),
                    )
                    .await;
                }
                ledger
            })
        })
        .collect();
    let mut handles = Vec::new();
    for task in tasks {
        handles.push(task.await.unwrap());
    }
    assert_eq!(
        ledger.head().await.unwrap().number,
        CommitNumber(1 + 3 * 8 * 2)
    );
    assert_eq!(ledger.verify().await.unwrap().problems, []);
    let expected = records(&engine.open().await.model(PlanClock::Newest).await.unwrap());
    assert_eq!(expected.len(), 7 + 24);
    for handle in handles {
        assert_eq!(
            records(&handle.model(PlanClock::Newest).await.unwrap()),
            expected
        );
    }
    let commits = ledger.commits(..).await.unwrap();
    assert!(commits.is_sorted_by(|one, next| one.at < next.at && one.hash == next.previous));
}

async fn the_clock_may_stand_still_or_go_back(engine: Store) {
    let ledger = with_first_plan(&engine).await;
    let before = ledger.head().await.unwrap();
    engine.clock.set("2001-01-01T00:00:00Z");
    let commit = write(&ledger, commit(vec![unit(UNIT + 2, "lga")]))
        .await
        .commit
        .unwrap();
    assert_eq!(commit.at, before.at + SignedDuration::from_micros(1));
}

async fn what_cannot_be_kept_is_refused(engine: Store) {
    let ledger = with_first_plan(&engine).await;
    let with = |change: fn(&mut Observation)| {
        let mut one = observation(MEASURE, UNIT, "2026-W01", 1.0);
        change(&mut one);
        observed(vec![one])
    };
    let other = observation(MEASURE, UNIT, "2026-W01", 2.0);
    let unplaced = Change::Put(
        record(Kind::Unit, 77, r#"{"key":"x","name":"X"}"#).with_identity(id(77), f64::NAN),
    );
    let long = NewCommit {
        reason: Some("x".repeat(5000)),
        ..commit(vec![unit(UNIT + 2, "lga")])
    };
    for (new, said) in [
        (with(|one| one.value = Some(f64::NAN)), "no finite number"),
        (
            with(|one| one.weight = Some(f64::INFINITY)),
            "no finite number",
        ),
        (
            with(|one| one.cell.measure = cell(99, UNIT, "2026-W01").measure),
            "no such measure",
        ),
        (
            with(|one| one.cell.unit = cell(MEASURE, 99, "2026-W01").unit),
            "no such unit",
        ),
        (
            with(|one| one.cell.period.last = one.cell.period.first.tomorrow().unwrap()),
            "a length that no period has",
        ),
        (
            with(|one| one.note = Some("x".repeat(5000))),
            "note is too long",
        ),
        (
            observed(vec![observation(MEASURE, UNIT, "2026-W01", 1.0), other]),
            "twice with different values",
        ),
        (
            commit(vec![Change::Retire(Kind::Unit, id(99))]),
            "is to be retired and is not there",
        ),
        (
            commit(vec![unit(UNIT, "one"), unit(UNIT, "two")]),
            "one commit changes it twice",
        ),
        (commit(vec![unplaced]), "position is no number"),
        (long, "longer than 4096 bytes"),
    ] {
        let refused = attempt(&ledger, new).await.unwrap_err().to_string();
        assert!(refused.contains(said), "{said}: {refused}");
    }
    assert_eq!(ledger.head().await.unwrap().number, CommitNumber(1));
    // The same twice counts once, and minus zero is zero.
    let same = vec![
        observation(MEASURE, UNIT, "2026-W02", -0.0),
        observation(MEASURE, UNIT, "2026-W02", 0.0),
    ];
    assert_eq!(write(&ledger, observed(same)).await.observations.added, 1);
    // A refused commit leaves the writer as it was.
    let mut writer = ledger.write().await.unwrap();
    assert!(
        writer
            .append(with(|one| one.value = Some(f64::NAN)))
            .await
            .is_err()
    );
    writer.append(with(|_| ())).await.unwrap();
    assert_eq!(writer.finish().await.unwrap().number, CommitNumber(3));
    assert!(matches!(
        ledger.commit(CommitNumber(9)).await,
        Err(LedgerError::NotFound { .. })
    ));
    assert!(matches!(
        ledger.model(PlanClock::Commit(CommitNumber(9))).await,
        Err(LedgerError::NotFound { .. })
    ));
}

async fn the_calendar_is_fixed_by_the_first_observation(engine: Store) {
    let ledger = with_first_plan(&engine).await;
    let starts_in = |month| commit(vec![organisation(month)]);
    assert_eq!(
        attempt(&ledger, starts_in("april")).await.unwrap(),
        Some(CommitKind::Plan)
    );
    write(
        &ledger,
        observed(vec![observation(MEASURE, UNIT, "2026-W01", 1.0)]),
    )
    .await;
    let refused = attempt(&ledger, starts_in("july")).await;
    assert!(
        matches!(refused, Err(LedgerError::CalendarFixed)),
        "{refused:?}"
    );
    let retired = attempt(
        &ledger,
        commit(vec![Change::Retire(Kind::Organisation, id(1))]),
    )
    .await;
    assert!(
        matches!(retired, Err(LedgerError::CalendarFixed)),
        "{retired:?}"
    );
    assert_eq!(
        attempt(&ledger, starts_in("april")).await.unwrap(),
        Some(CommitKind::Plan)
    );
}

async fn workings_end(engine: Store) {
    let ledger = engine.create().await;
    let sessions = ledger.workings("session");
    sessions
        .put("a", b"1", time("2026-06-01T00:00:00Z"))
        .await
        .unwrap();
    sessions
        .put("a", b"2", time("2026-06-01T00:00:00Z"))
        .await
        .unwrap();
    sessions
        .put("b", b"3", time("2026-07-01T00:00:00Z"))
        .await
        .unwrap();
    assert_eq!(sessions.get("a").await.unwrap().as_deref(), Some(&b"2"[..]));
    assert_eq!(ledger.workings("job").get("a").await.unwrap(), None);
    engine.clock.set("2026-06-02T00:00:00Z");
    assert_eq!(sessions.get("a").await.unwrap(), None);
    assert_eq!(ledger.purge_workings().await.unwrap(), 1);
    assert!(sessions.remove("b").await.unwrap());
    assert!(!sessions.remove("b").await.unwrap());
    assert!(
        sessions
            .put("c", &vec![0; 2 << 20], time("2027-01-01T00:00:00Z"))
            .await
            .is_err()
    );
}

async fn workings_are_taken_by_one(engine: Store) {
    let ledger = engine.create().await;
    let mails = ledger.workings("mail");
    let end = time("2026-06-01T00:00:00Z");
    assert!(mails.put_new("b", b"waiting", end).await.unwrap());
    assert!(!mails.put_new("b", b"another", end).await.unwrap());
    assert!(mails.replace("b", b"waiting", b"sending").await.unwrap());
    assert!(!mails.replace("b", b"waiting", b"sending").await.unwrap());
    assert!(!mails.replace("c", b"waiting", b"sending").await.unwrap());
    assert!(mails.put_new("a", b"waiting", end).await.unwrap());
    ledger.workings("job").put("b", b"1", end).await.unwrap();
    let kept = |all: Vec<(String, Vec<u8>)>| -> Vec<String> {
        let kept = all.into_iter();
        kept.map(|(key, body)| format!("{key}: {}", String::from_utf8_lossy(&body)))
            .collect()
    };
    let all = kept(mails.after("").await.unwrap());
    assert_eq!(all, ["a: waiting", "b: sending"]);
    assert_eq!(kept(mails.after("a").await.unwrap()), ["b: sending"]);

    // One is used up and the other kept, or neither.
    let passwords = ledger.workings("password");
    let later = time("2027-01-01T00:00:00Z");
    let used = mails.use_up("a", &passwords, "ruth", b"first", later).await;
    assert!(used.unwrap());
    let again = mails.use_up("a", &passwords, "ruth", b"second", later);
    assert!(!again.await.unwrap());
    let password = passwords.get("ruth").await.unwrap();
    assert_eq!(password.as_deref(), Some(&b"first"[..]));

    // What has ended is not there: nobody reads or changes it, and another may take its place.
    engine.clock.set("2026-06-02T00:00:00Z");
    assert!(mails.after("").await.unwrap().is_empty());
    assert!(!mails.replace("b", b"sending", b"sent").await.unwrap());
    assert!(mails.put_new("b", b"waiting", later).await.unwrap());
    assert_eq!(kept(mails.after("").await.unwrap()), ["b: waiting"]);
}
