//! PostgreSQL goes away at any step of a commit, and comes back: what was acknowledged is there, nothing half-written is,
//! the error says what happened, and the next call connects again.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the way to fail")]

mod common;

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::sync::Arc;
use std::time::Duration;

use common::*;
use sqlx::{ConnectOptions, PgConnection};
use throughline_core::id::PersonId;
use throughline_core::{FrozenClock, Origin};
use throughline_ledger::{DatabaseUrl, Ledger, LedgerError, Location};
use throughline_model::Kind;
use throughline_model::observation::CommitNumber;
use throughline_testkit::postgres::Server;

/// A connection of somebody who may end the connections of others.
async fn administrator(engine: &Store) -> PgConnection {
    let options: sqlx::postgres::PgConnectOptions = engine.url().unwrap().parse().unwrap();
    options
        .application_name("administrator")
        .connect()
        .await
        .unwrap()
}

/// Ends every connection of a ledger. Returns how many there were.
async fn end_connections(administrator: &mut PgConnection) -> i64 {
    sqlx::query_scalar(
        "select count(pg_terminate_backend(pid)) from pg_stat_activity
         where datname = current_database() and pid <> pg_backend_pid()",
    )
    .fetch_one(administrator)
    .await
    .unwrap()
}

fn named(name: &str) -> throughline_ledger::NewCommit {
    commit(vec![objective(OBJECTIVE, "arrive", name)])
}

/// Writes a group of two commits, and loses its connection before the step of that number.
async fn interrupted(
    ledger: &Ledger,
    administrator: &mut PgConnection,
    lost_before: usize,
) -> Result<(), LedgerError> {
    let mut writer = ledger.write().await?;
    if lost_before == 0 {
        end_connections(administrator).await;
    }
    writer.append(named("Half")).await?;
    if lost_before == 1 {
        end_connections(administrator).await;
    }
    let observed = observed(vec![observation(MEASURE, UNIT, "2026-W01", 1.0)]);
    writer.append(observed).await?;
    if lost_before == 2 {
        end_connections(administrator).await;
    }
    writer.finish().await?;
    Ok(())
}

#[tokio::test]
async fn a_connection_that_is_lost_at_any_step_leaves_nothing_behind() {
    let Some(engine) = Store::postgres() else {
        return;
    };
    let ledger = engine.create().await;
    let mut administrator = administrator(&engine).await;
    write(&ledger, commit(first_plan())).await;
    for lost_before in 0..3 {
        let before = ledger.head().await.unwrap();
        let lost = interrupted(&ledger, &mut administrator, lost_before).await;
        assert!(
            matches!(lost, Err(LedgerError::Unavailable { .. })),
            "{lost_before}: {lost:?}"
        );
        assert_eq!(
            ledger.head().await.unwrap(),
            before,
            "the next call connects again"
        );
        assert_eq!(ledger.verify().await.unwrap().problems, []);
    }
    // A connection that is lost between two uses is not even noticed.
    assert!(end_connections(&mut administrator).await > 0);
    write(&ledger, named("Whole")).await;
    assert_eq!(ledger.head().await.unwrap().number, CommitNumber(2));
}

/// A group without commits leaves no trace by which to know afterwards whether it was kept: nobody says then that it was.
#[tokio::test]
async fn a_group_without_commits_is_not_taken_for_kept() {
    // Ends the connection within the step that makes the group durable.
    const ENDS_ITSELF: &str = "create function ends_itself() returns trigger language plpgsql as
            $$ begin perform pg_terminate_backend(pg_backend_pid()); return null; end $$;
        create constraint trigger ends_itself after update on head deferrable initially deferred
            for each row execute function ends_itself()";
    let Some(engine) = Store::postgres() else {
        return;
    };
    let ledger = engine.create().await;
    write(&ledger, commit(first_plan())).await;
    let mut administrator = administrator(&engine).await;
    sqlx::raw_sql(ENDS_ITSELF)
        .execute(&mut administrator)
        .await
        .unwrap();
    let at = time("2027-01-01T00:00:00Z");
    let mut writer = ledger.write().await.unwrap();
    writer
        .put_working("test", "key", b"body", at)
        .await
        .unwrap();
    let lost = writer.finish().await;
    assert!(
        matches!(lost, Err(LedgerError::Unavailable { .. })),
        "{lost:?}"
    );
    assert_eq!(ledger.workings("test").get("key").await.unwrap(), None);
    // The line says of commits that they are not there.
    let mut writer = ledger.write().await.unwrap();
    writer.append(named("Lost")).await.unwrap();
    let lost = writer.finish().await;
    assert!(
        matches!(lost, Err(LedgerError::Unavailable { .. })),
        "{lost:?}"
    );
    assert_eq!(ledger.head().await.unwrap().number, CommitNumber(1));
}

/// Somebody ends connections all the time while others write: whatever is acknowledged stays, whatever is refused is not
/// there, and there is nothing else.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_that_are_lost_at_random_lose_nothing_that_was_acknowledged() {
    const WRITERS: u128 = 3;
    const ATTEMPTS: u128 = 40;
    let Some(engine) = Store::postgres() else {
        return;
    };
    let ledger = engine.create().await;
    write(&ledger, commit(first_plan())).await;
    let mut administrator = administrator(&engine).await;
    let ending = tokio::spawn(async move {
        // Pauses of all lengths, so that on slow and fast machines alike some commits are made and some are not.
        for pause_ms in [2, 11, 37, 83, 300].into_iter().cycle() {
            end_connections(&mut administrator).await;
            tokio::time::sleep(Duration::from_millis(pause_ms)).await;
        }
    });
    let mut writers = Vec::new();
    for writer in 0..WRITERS {
        let ledger = loop {
            let opened = Ledger::open(engine.location(), engine.clock.clone(), randomness()).await;
            if let Ok(ledger) = opened {
                break ledger;
            }
        };
        writers.push(tokio::spawn(async move {
            let (mut kept, mut refused, mut open) = (Vec::new(), Vec::new(), Vec::new());
            for number in 0..ATTEMPTS {
                let record = 1000 + writer * ATTEMPTS + number;
                let new = commit(vec![objective(record, &format!("o-{record}"), "New")]);
                let written = async {
                    let mut writer = ledger.write().await?;
                    writer.append(new).await?;
                    writer.finish().await
                };
                match written.await {
                    Ok(_) => kept.push(id(record)),
                    Err(LedgerError::Unavailable { .. }) => refused.push(id(record)),
                    Err(LedgerError::OutcomeUnknown { .. }) => open.push(id(record)),
                    Err(other) => panic!("{other:?}"),
                }
            }
            (kept, refused, open)
        }));
    }
    let (mut kept, mut refused, mut open) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for writer in writers {
        let (some_kept, some_refused, some_open) = writer.await.unwrap();
        kept.extend(some_kept);
        refused.extend(some_refused);
        open.extend(some_open);
    }
    ending.abort();
    assert!(
        !kept.is_empty() && !refused.is_empty(),
        "{} kept, {} refused",
        kept.len(),
        refused.len()
    );
    let engine_again = engine.open().await;
    let model = engine_again
        .model(throughline_ledger::PlanClock::Newest)
        .await
        .unwrap();
    let there: BTreeSet<_> = model
        .records(Kind::Objective)
        .iter()
        .map(|record| record.id())
        .collect();
    assert!(
        kept.is_subset(&there),
        "{:?} are lost",
        kept.difference(&there)
    );
    assert!(
        refused.is_disjoint(&there),
        "{:?} were refused",
        refused.intersection(&there)
    );
    let known: BTreeSet<_> = kept.union(&open).copied().chain([id(OBJECTIVE)]).collect();
    assert!(there.is_subset(&known));
    assert_eq!(engine_again.verify().await.unwrap().problems, []);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_killed_comes_back_with_what_was_acknowledged() {
    let Some(server) = Server::start() else {
        return;
    };
    let engine = Store::of(&server);
    let ledger = engine.create().await;
    write(&ledger, commit(first_plan())).await;
    let mut follower = ledger.follow().await.unwrap();
    for round in 1..4_u64 {
        let mut half = ledger.write().await.unwrap();
        half.append(named("Half")).await.unwrap();
        server.kill();
        let lost = half.finish().await;
        assert!(
            matches!(
                lost,
                Err(LedgerError::Unavailable { .. } | LedgerError::OutcomeUnknown { .. })
            ),
            "{lost:?}"
        );
        let away = ledger.head().await;
        assert!(
            matches!(away, Err(LedgerError::Unavailable { .. })),
            "{away:?}"
        );
        server.start_again();
        assert_eq!(ledger.head().await.unwrap().number, CommitNumber(round));
        write(&ledger, named(&format!("Round {round}"))).await;
        // Another process writes, and whoever follows here is told though the connection was lost.
        let told = tokio::time::timeout(Duration::from_secs(10), follower.next()).await;
        assert_eq!(told.unwrap().unwrap().number, CommitNumber(round + 1));
    }
    let elsewhere = engine.open().await;
    write(&elsewhere, named("From elsewhere")).await;
    let told = tokio::time::timeout(Duration::from_secs(10), follower.next()).await;
    assert_eq!(told.unwrap().unwrap().number, CommitNumber(5));
    assert_eq!(elsewhere.verify().await.unwrap().problems, []);
}

/// What an erased person's data key was is in no file of the database, once it was written down; the journal is another
/// matter.
#[tokio::test]
async fn the_files_of_the_database_hold_no_key_of_an_erased_person() {
    let Some(server) = Server::start() else {
        return;
    };
    let engine = Store::of(&server);
    let ledger = engine.create().await;
    write(&ledger, commit(first_plan())).await;
    let ruth = PersonId::from_uuid(id(PERSON));
    let mut administrator = administrator(&engine).await;
    let key: Vec<u8> = sqlx::query_scalar("select key from person_keys")
        .fetch_one(&mut administrator)
        .await
        .unwrap();
    let mut is_written = async || {
        sqlx::raw_sql("checkpoint")
            .execute(&mut administrator)
            .await
            .unwrap();
        any_file_holds(&server.data().join("base"), &key)
    };
    assert!(is_written().await, "the key is there before");
    let erased = ledger.erase_person(ruth, None, Origin::Server, None).await;
    assert!(erased.unwrap().is_some());
    assert!(!is_written().await);
    assert_eq!(ledger.verify().await.unwrap().problems, []);

    // Somebody who reads holds the cleaning up, which then has to be asked for once more.
    let mut reader = engine_reader(&engine).await;
    let held_up = ledger.erase_person(ruth, None, Origin::Server, None).await;
    assert!(
        matches!(held_up, Err(LedgerError::ErasureUnfinished)),
        "{held_up:?}"
    );
    sqlx::raw_sql("commit").execute(&mut reader).await.unwrap();
    let finished = ledger.erase_person(ruth, None, Origin::Server, None).await;
    assert_eq!(finished.unwrap(), None);
}

async fn engine_reader(engine: &Store) -> PgConnection {
    let mut reader = administrator(engine).await;
    sqlx::raw_sql("begin; select * from person_keys")
        .execute(&mut reader)
        .await
        .unwrap();
    reader
}

fn any_file_holds(folder: &std::path::Path, bytes: &[u8]) -> bool {
    std::fs::read_dir(folder).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        if path.is_dir() {
            return any_file_holds(&path, bytes);
        }
        let contents = std::fs::read(&path).unwrap_or_default();
        contents.windows(bytes.len()).any(|window| window == bytes)
    })
}

/// A server that is ended while a connection is made may have sent anything, or a part of it.
#[tokio::test]
async fn an_answer_that_breaks_off_is_a_server_that_is_away() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = std::thread::spawn(move || {
        let (mut connection, _) = listener.accept().unwrap();
        let mut asked = [0; 8];
        connection.read_exact(&mut asked).unwrap();
        connection.write_all(&[0]).unwrap();
    });
    let url = format!("postgres://throughline@127.0.0.1:{port}/throughline?sslmode=prefer");
    let location = Location::from(DatabaseUrl::parse(&url).unwrap());
    let clock = FrozenClock("2026-01-05T09:00:00Z".parse().unwrap());
    let opened = Ledger::open(location, Arc::new(clock), randomness()).await;
    let error = opened.err().unwrap();
    assert!(
        matches!(error, LedgerError::Unavailable { .. }),
        "{error:?}"
    );
    server.join().unwrap();
}
