//! Whoever changes the file behind the ledger's back is found out, whatever they change.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the way to fail")]

mod common;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use common::*;
use sqlx::{ConnectOptions, Connection};
use throughline_core::Origin;
use throughline_core::id::PersonId;
use throughline_ledger::{FILE_NAME, Ledger, LedgerError, RestoreOptions, VerifyReport};
use throughline_model::{Change, Kind};

/// A ledger with everything in it: three plans, observations, a correction, a draft, a closed one, an erased person.
async fn sample() -> Store {
    sample_on(Store::sqlite()).await
}

async fn sample_on(engine: Store) -> Store {
    let ledger = engine.create().await;
    write(
        &ledger,
        commit(first_plan()).brought_in_at(time("2025-01-01T00:00:00Z")),
    )
    .await;
    let others = vec![
        person(PERSON + 1, ["a-lima", "Ana Lima", "ana@example.org"]),
        person(PERSON + 2, ["b-lima", "Bo Lima", "bo@example.org"]),
        objective(OBJECTIVE + 1, "second", "Second"),
    ];
    write(&ledger, commit(others)).await;
    write(
        &ledger,
        observed(vec![observation(MEASURE, UNIT, "2026-W01", 0.5)]),
    )
    .await;
    let more = vec![
        observation(MEASURE, UNIT, "2026-W01", 0.6),
        observation(MEASURE, UNIT + 1, "2026-W01", 0.7),
    ];
    write(&ledger, observed(more)).await;
    let mut writer = ledger.write().await.unwrap();
    let draft = writer
        .open_draft("open", None, Origin::Server, None)
        .await
        .unwrap();
    writer
        .append(commit(vec![unit(UNIT + 2, "lga")]).on_draft(draft.id))
        .await
        .unwrap();
    let closed = writer
        .open_draft("closed", None, Origin::Server, None)
        .await
        .unwrap();
    writer
        .close_draft(closed.id, None, Origin::Server, None)
        .await
        .unwrap();
    writer.finish().await.unwrap();
    let bo = PersonId::from_uuid(id(PERSON + 2));
    ledger
        .erase_person(bo, None, Origin::Server, None)
        .await
        .unwrap();
    write(
        &ledger,
        commit(vec![objective(OBJECTIVE + 1, "third", "Third")]),
    )
    .await;
    ledger.close().await;
    engine
}

/// Runs statements on the file as somebody would who has it.
async fn tamper(file: &Path, statements: &str) {
    let options = sqlx::sqlite::SqliteConnectOptions::new()
        .filename(file)
        .foreign_keys(false);
    let options = options
        .pragma("ignore_check_constraints", "on")
        .disable_statement_logging();
    let mut connection = options.connect().await.unwrap();
    let safe = sqlx::AssertSqlSafe(statements.to_owned());
    let done = sqlx::raw_sql(safe).execute(&mut connection).await;
    done.unwrap_or_else(|error| panic!("{statements}: {error}"));
    connection.close().await.unwrap();
}

async fn verified(folder: &Path) -> VerifyReport {
    let clock = Arc::new(SteppingClock::from("2027-01-01T00:00:00Z"));
    let ledger = Ledger::open(folder, clock, randomness()).await.unwrap();
    let report = report_of(&ledger).await;
    ledger.close().await;
    report
}

/// Whatever was done to the ledger, verifying it ends.
async fn report_of(ledger: &Ledger) -> VerifyReport {
    let verified = tokio::time::timeout(VERIFYING_LIMIT, ledger.verify()).await;
    verified.expect("verifying ends").unwrap()
}

/// More than verifying a few commits takes on any machine.
const VERIFYING_LIMIT: Duration = Duration::from_secs(60);

/// Each way to tamper, the commit that must be named, and a part of what must be said.
const TAMPERINGS: &[(&str, Option<u64>, &str)] = &[
    ("update record_versions set body = replace(body, 'Harbour', 'Arbour') where number = 1", Some(1), "hash differs"),
    ("update record_versions set body = '{' where number = 1 and ordinal = 0", Some(1), "EOF"),
    ("update record_versions set position = position + 1 where number = 2 and ordinal = 2", Some(2), "hash differs"),
    ("update record_versions set kind = 'theme' where number = 2 and ordinal = 2", Some(2), "hash differs"),
    ("update record_versions set kind = 'dream' where number = 2 and ordinal = 2", Some(2), "its kind is none"),
    ("update record_versions set id = zeroblob(16) where number = 2 and ordinal = 2", Some(2), "hash differs"),
    ("update record_versions set id = x'00' where number = 2 and ordinal = 2", Some(2), "no id"),
    ("update record_versions set change = 'retire' where number = 2 and ordinal = 2", Some(2), "do not agree"),
    ("update record_versions set change = 'retire', body = null, position = null where number = 10", Some(10), "hash differs"),
    ("update record_versions set new_key = 0 where number = 10", None, "`third`"),
    ("update record_versions set recorded_at = recorded_at - 1 where number = 2 and ordinal = 0", Some(2), "another time"),
    ("update record_versions set draft = null where draft is not null", Some(6), "another line"),
    ("delete from record_versions where number = 2 and ordinal = 1", Some(2), "another number of records"),
    ("delete from record_versions where number = 2", Some(2), "hash differs"),
    ("delete from record_versions where change = 'erase'", Some(2), "data key of person"),
    ("insert into record_versions select number, 9, kind, id, change, position, body, new_key, recorded_at, draft
        from record_versions where number = 2 and ordinal = 2", Some(2), "another number of records"),
    ("insert into record_versions select 77, ordinal, kind, id, change, position, body, new_key, recorded_at, draft
        from record_versions where number = 2", Some(77), "not there"),
    ("insert into record_versions select -7, ordinal, kind, id, change, position, body, new_key, recorded_at, draft
        from record_versions where number = 2", Some(0), "not there"),
    ("update record_versions set ordinal = 100 - ordinal where number = 1", Some(1), "another order"),
    ("update record_versions set body = (select body from record_versions where number = 2 and ordinal = 0)
        where number = 1 and ordinal = 3", Some(1), "does not open"),
    ("update commits set reason = 'no reason' where number = 2", Some(2), "hash differs"),
    ("update commits set reason = null where number = 2", Some(2), "hash differs"),
    ("update commits set author = zeroblob(16) where number = 2", Some(2), "hash differs"),
    ("update commits set author = null where number = 2", Some(2), "hash differs"),
    ("update commits set origin = 'server' where number = 2", Some(2), "hash differs"),
    ("update commits set origin = 'heaven' where number = 2", Some(2), "way in"),
    ("update commits set kind = 'observations' where number = 2", Some(2), "hash differs"),
    ("update commits set at = at + 1 where number = 3", Some(3), "hash differs"),
    ("update commits set at = at - 86400000000 where number = 3", Some(3), "not after"),
    ("update commits set recorded_at = recorded_at - 1 where number = 3", Some(3), "counts as known"),
    ("update commits set recorded_at = recorded_at + 1 where number = 1", Some(1), "hash differs"),
    ("update commits set brought_in = 1 where number = 3", Some(3), "counts as known"),
    ("update commits set draft = (select id from labels where name = 'closed') where number = 6", Some(6), "another line"),
    ("update commits set records = records + 1 where number = 2", Some(2), "another number of records"),
    ("update commits set observations = 7 where number = 3", Some(3), "another number of records or observations"),
    ("update commits set hash = zeroblob(32) where number = 3", Some(4), "does not follow"),
    ("update commits set hash = x'00' where number = 3", Some(3), "no hash"),
    ("update commits set previous_hash = zeroblob(32) where number = 3", Some(3), "does not follow"),
    ("delete from commits where number = 3", Some(4), "missing"),
    ("delete from commits where number = 1", Some(2), "missing"),
    ("delete from commits", None, "the head says that there are 10 commits, and there are 0"),
    ("delete from commits where number = 10; delete from record_versions where number = 10", None, "the head says"),
    ("delete from commits where number = 10; delete from record_versions where number = 10;
        update head set number = 9", None, "another hash than the last commit"),
    ("insert into commits select 11, hash, zeroblob(32), at + 1, recorded_at + 1, brought_in, author, origin, reason, kind,
        draft, 0, 0 from commits where number = 10", Some(11), "hash differs"),
    ("insert into commits select 9223372036854775807, hash, zeroblob(32), at + 1, recorded_at + 1, brought_in, author, origin,
        reason, kind, draft, 0, 0 from commits where number = 10", Some(9_223_372_036_854_775_807), "hash differs"),
    ("insert into commits select -1, hash, hash, at, recorded_at, brought_in, author, origin, reason, kind, draft, 0, 0
        from commits where number = 10", Some(0), "does not follow"),
    ("update commits set number = 99 where number = 3; update commits set number = 3 where number = 4;
        update commits set number = 4 where number = 99", Some(3), "hash differs"),
    ("update head set number = 9", None, "the head says"),
    ("update head set number = 900", None, "the head says"),
    ("update head set number = 9223372036854775807", None, "the head says"),
    ("update head set number = -5", None, "the head says"),
    ("update head set hash = zeroblob(32)", None, "another hash"),
    ("update head set hash = x'00'", None, "no hash"),
    ("update head set at = at + 1", None, "another time"),
    ("update head set at = 9223372036854775807", None, "no time"),
    ("delete from head", None, "it is not there"),
    ("delete from ledger", None, "not there"),
    ("update ledger set id = x'00'", None, "no id"),
    ("update ledger set id = zeroblob(16)", Some(1), "does not follow"),
    ("update ledger set created_at = created_at + 1", Some(1), "does not follow"),
    ("update observation_blocks set bytes = zeroblob(length(bytes)) where number = 3", Some(3), "not those that were written"),
    ("update observation_blocks set bytes = (select bytes from observation_blocks where number = 4),
        hash = (select hash from observation_blocks where number = 4), rows = 2 where number = 3", Some(3), "hash differs"),
    ("update observation_blocks set hash = zeroblob(32) where number = 3", Some(3), "not those that were written"),
    ("update observation_blocks set rows = 5 where number = 4", Some(4), "another number of rows"),
    ("update observation_blocks set first_measure = zeroblob(16) where number = 4", Some(4), "under other measures"),
    ("update observation_blocks set last_unit = zeroblob(16) where number = 4", Some(4), "under other measures, units"),
    ("update observation_blocks set first_day = first_day + 1 where number = 4", Some(4), "units or days"),
    ("update observation_blocks set recorded_at = recorded_at + 1 where number = 4", Some(4), "another time"),
    ("update observation_blocks set ordinal = 3 where number = 4", Some(4), "another order"),
    ("delete from observation_blocks where number = 4", Some(4), "another number of records or observations"),
    ("update observation_blocks set number = 99 where number = 4", Some(99), "not there"),
    ("insert into observation_blocks select number, 1, rows, first_measure, last_measure, hash, recorded_at, bytes,
        first_unit, last_unit, first_day, last_day from observation_blocks where number = 4", Some(4), "another number of records or observations"),
    ("update labels set name = 'other' where name = 'open'", Some(5), "hash differs"),
    ("update labels set closed = null where name = 'closed'", Some(8), "opens or closes"),
    ("update labels set closed = 9 where name = 'open'", Some(5), "not opened or closed"),
    ("update labels set opened = 2 where name = 'open'", Some(5), "opens or closes"),
    ("delete from labels where name = 'open'", Some(6), "belongs to a draft"),
    ("insert into labels values (zeroblob(16), 'new', 3, null)", Some(3), "not opened or closed"),
    ("delete from person_keys where person = (select min(person) from person_keys)", Some(1), "data key of person"),
    ("update person_keys set key = zeroblob(32)", Some(1), "does not open"),
    ("insert into person_keys values (zeroblob(16), zeroblob(32))", None, "of whom nothing is sealed"),
    ("insert into person_keys select id, zeroblob(32) from record_versions where change = 'erase'", None, "who is erased"),
    ("drop index record_history; create index record_history on record_versions (kind);
        pragma writable_schema = on;
        update sqlite_schema set sql = 'create index record_history on record_versions (id)' where name = 'record_history'",
        None, "the file is damaged"),
];

#[tokio::test]
async fn every_tampering_is_found_and_named() {
    let sample = sample().await;
    assert_eq!(verified(&sample.path()).await.problems, []);
    let mut unseen = Vec::new();
    for (statements, commit, said) in TAMPERINGS {
        let folder = Folder::new();
        let file = folder.path().join(FILE_NAME);
        std::fs::copy(sample.file(), &file).unwrap();
        tamper(&file, statements).await;
        let problems = verified(folder.path()).await.problems;
        let is_named = problems.iter().any(|problem| {
            problem.commit.map(|commit| commit.0) == *commit && problem.what.contains(said)
        });
        if !is_named {
            unseen.push(format!("{statements}\n{problems:#?}"));
        }
        assert!(problems.iter().all(|problem| !problem.help.is_empty()));
    }
    assert!(unseen.is_empty(), "{}", unseen.join("\n"));
}

/// Before the first commit the head has the time at which the ledger was made.
#[tokio::test]
async fn an_empty_ledger_is_verified_too() {
    let engine = Store::sqlite();
    engine.create().await.close().await;
    assert_eq!(verified(&engine.path()).await.problems, []);
    for statements in [
        "update head set at = at + 1",
        "update head set hash = zeroblob(32)",
        "update ledger set created_at = created_at + 1",
    ] {
        let folder = Folder::new();
        let file = folder.path().join(FILE_NAME);
        std::fs::copy(engine.file(), &file).unwrap();
        tamper(&file, statements).await;
        assert_ne!(verified(folder.path()).await.problems, [], "{statements}");
    }
}

/// A chain can be whole and its newest plan not: references that lead nowhere, and keys that lead to two records.
#[tokio::test]
async fn a_plan_that_is_not_in_order_is_told() {
    let engine = Store::sqlite();
    let ledger = engine.create().await;
    write(&ledger, commit(first_plan())).await;
    assert_eq!(ledger.verify().await.unwrap().problems, []);
    write(
        &ledger,
        commit(vec![
            objective(OBJECTIVE + 1, "arrive", "Arrive again"),
            Change::Retire(Kind::Unit, id(UNIT)),
        ]),
    )
    .await;
    let problems = ledger.verify().await.unwrap().problems;
    let told: Vec<&str> = problems.iter().map(|problem| &*problem.what).collect();
    assert_eq!(
        told,
        [
            "the plan: person ruth-okafor, unit: the unit `harbour` is no longer part of the plan",
            "the plan: objective arrive: there is a second objective with the key `arrive`",
        ]
    );
    let checkpoint = ledger.checkpoint().await.unwrap();
    let against = ledger.verify_against(&checkpoint, None).await.unwrap();
    assert_eq!(against.problems, problems);
    // It is as it was written, so that it can be backed up and restored.
    let keys = Folder::new();
    let keys = ledger.back_up_keys(keys.path()).await.unwrap().file;
    let folder = Folder::new();
    let backup = ledger.back_up(folder.path()).await.unwrap().file;
    ledger.close().await;
    let (to, options) = (Store::sqlite(), RestoreOptions::default());
    let (location, clock) = (to.location(), to.clock.clone());
    let restored = Ledger::restore(location, &backup, Some(&keys), options, clock, randomness());
    assert_eq!(restored.await.unwrap().report.problems, []);
}

/// What is backed up can be restored: a ledger that somebody changed gives no backup, unless what was changed is not in it.
#[tokio::test]
async fn a_tampered_ledger_gives_no_backup_or_one_that_restores() {
    let sample = sample().await;
    let keys = Folder::new();
    let keys = keys_of(&sample, &keys).await;
    let mut refused = 0;
    for (statements, _, _) in TAMPERINGS {
        let folder = Folder::new();
        let file = folder.path().join(FILE_NAME);
        std::fs::copy(sample.file(), &file).unwrap();
        tamper(&file, statements).await;
        let clock = Arc::new(SteppingClock::from("2027-01-01T00:00:00Z"));
        let ledger = Ledger::open(folder.path(), clock, randomness()).await;
        refused += u64::from(!restores(ledger.unwrap(), &keys, statements).await);
    }
    let all = TAMPERINGS.len() as u64;
    assert!(refused > all / 2 && refused < all, "{refused} of {all}");
}

/// The same on the other engine.
#[tokio::test]
async fn a_tampered_database_gives_no_backup_or_one_that_restores() {
    let Some(engine) = Store::postgres() else {
        return;
    };
    let engine = sample_on(engine).await;
    let keys = Folder::new();
    let keys = keys_of(&engine, &keys).await;
    let in_columns_of_their_own = ["new_key = 0", "first_measure"];
    for statements in in_columns_of_their_own {
        let (statements, _, _) = TAMPERINGS
            .iter()
            .find(|(tampering, _, _)| tampering.contains(statements))
            .unwrap();
        let tampered = engine.copied();
        let in_words = in_the_words_of_postgres(statements).unwrap();
        tamper_database(&tampered.url().unwrap(), &in_words).await;
        let restores = restores(tampered.open().await, &keys, statements).await;
        assert!(!restores, "{statements}");
    }
}

/// The data keys of a ledger that nobody has open.
async fn keys_of(engine: &Store, folder: &Folder) -> PathBuf {
    let ledger = engine.open().await;
    let keys = ledger.back_up_keys(folder.path()).await.unwrap().file;
    ledger.close().await;
    keys
}

/// Whether a ledger gives a backup, which then must restore to a ledger that verifies; else it must say that it is damaged.
async fn restores(ledger: Ledger, keys: &Path, statements: &str) -> bool {
    let folder = Folder::new();
    let backup = ledger.back_up(folder.path()).await;
    ledger.close().await;
    let backup = match backup {
        Err(LedgerError::Corrupted { .. }) => {
            let files = std::fs::read_dir(folder.path()).unwrap().count();
            assert_eq!(files, 0, "{statements}");
            return false;
        }
        backup => backup.unwrap_or_else(|error| panic!("{statements}: {error:?}")),
    };
    let to = Store::sqlite();
    let restored = Ledger::restore(
        to.location(),
        &backup.file,
        Some(keys),
        RestoreOptions::default(),
        to.clock.clone(),
        randomness(),
    );
    restored
        .await
        .unwrap_or_else(|error| panic!("{statements}: {error}"));
    assert_eq!(verified(&to.path()).await.problems, [], "{statements}");
    true
}

/// The statement in the words of PostgreSQL; `None` where it is about a file of SQLite.
fn in_the_words_of_postgres(statements: &str) -> Option<String> {
    if statements.contains("pragma") {
        return None;
    }
    let zeros = |length: &str| format!("decode(repeat('00', ({length})::integer), 'hex')");
    let words = statements
        .replace("zeroblob(length(bytes))", &zeros("length(bytes)"))
        .replace("zeroblob(16)", &zeros("16"))
        .replace("zeroblob(32)", &zeros("32"))
        .replace("x'00'", "'\\x00'::bytea")
        .replace("new_key = 0", "new_key = false")
        .replace("brought_in = 1", "brought_in = true")
        .replace(
            "(select min(person) from person_keys)",
            "(select person from person_keys order by person limit 1)",
        );
    Some(words)
}

/// How many tamperings lie between two that are tried on a database: a copy of one takes a second, and what finds them does
/// not depend on the engine, except at the ends of the line.
const TAMPERINGS_PER_DATABASE: usize = 5;

/// The same on the other engine, each in a copy of the database.
#[tokio::test]
async fn tampering_with_a_database_is_found_and_named() {
    let Some(engine) = Store::postgres() else {
        return;
    };
    let engine = sample_on(engine).await;
    let ledger = engine.open().await;
    assert_eq!(ledger.verify().await.unwrap().problems, []);
    ledger.close().await;
    let mut unseen = Vec::new();
    for (index, (statements, commit, said)) in TAMPERINGS.iter().enumerate() {
        // What reads the head and the name of a ledger is of each engine.
        let is_of_engine = statements.contains(" head") || statements.contains(" ledger");
        if index % TAMPERINGS_PER_DATABASE != 0 && !is_of_engine {
            continue;
        }
        let Some(statements) = in_the_words_of_postgres(statements) else {
            continue;
        };
        let tampered = engine.copied();
        tamper_database(&tampered.url().unwrap(), &statements).await;
        let ledger = tampered.open().await;
        let problems = report_of(&ledger).await.problems;
        ledger.close().await;
        let is_named = problems.iter().any(|problem| {
            problem.commit.map(|commit| commit.0) == *commit && problem.what.contains(said)
        });
        if !is_named {
            unseen.push(format!("{statements}\n{problems:#?}"));
        }
    }
    assert!(unseen.is_empty(), "{}", unseen.join("\n"));
}

/// Runs statements as the owner of a database could who takes its rules away first.
async fn tamper_database(url: &str, statements: &str) {
    const WITHOUT_RULES: &str = "do $$ declare rule record; begin
        for rule in select conrelid::regclass as at, conname from pg_constraint
            where connamespace = current_schema()::regnamespace and contype in ('c', 'f') loop
            execute format('alter table %s drop constraint %I', rule.at, rule.conname);
        end loop; end $$";
    let options: sqlx::postgres::PgConnectOptions = url.parse().unwrap();
    let mut connection = options.disable_statement_logging().connect().await.unwrap();
    for statements in [WITHOUT_RULES, statements] {
        let safe = sqlx::AssertSqlSafe(statements.to_owned());
        let done = sqlx::raw_sql(safe).execute(&mut connection).await;
        done.unwrap_or_else(|error| panic!("{statements}: {error}"));
    }
    connection.close().await.unwrap();
}

/// Bits that flip anywhere in the file are found, unless they lie in what SQLite does not use.
#[tokio::test]
async fn flipped_bits_never_go_unseen_in_what_is_read() {
    let sample = sample().await;
    let intact = std::fs::read(sample.file()).unwrap();
    let before = read_everything(&sample.path()).await.unwrap();
    let mut found = 0;
    for step in 0..150 {
        let folder = Folder::new();
        let file = folder.path().join(FILE_NAME);
        let mut bytes = intact.clone();
        let position = (step * 7919 + 101) % bytes.len();
        bytes[position] ^= 1 << (step % 8);
        std::fs::write(&file, &bytes).unwrap();
        let clock = Arc::new(SteppingClock::from("2027-01-01T00:00:00Z"));
        let clean = match Ledger::open(folder.path(), clock, randomness()).await {
            Ok(ledger) => ledger
                .verify()
                .await
                .is_ok_and(|report| report.problems.is_empty()),
            Err(_) => false,
        };
        if clean {
            assert_eq!(
                read_everything(folder.path()).await.as_ref(),
                Some(&before),
                "bit at {position}"
            );
        } else {
            found += 1;
        }
    }
    assert!(found > 10, "only {found} flips were found");
}

async fn read_everything(folder: &Path) -> Option<String> {
    let clock = Arc::new(SteppingClock::from("2027-01-01T00:00:00Z"));
    let ledger = Ledger::open(folder, clock, randomness()).await.ok()?;
    let model = ledger
        .model(throughline_ledger::PlanClock::Newest)
        .await
        .ok()?;
    let observations = ledger.observations(None).await.ok()?;
    let commits = ledger.commits(..).await.ok()?;
    ledger.close().await;
    Some(format!(
        "{:?} {observations:?} {commits:?}",
        records(&model)
    ))
}
