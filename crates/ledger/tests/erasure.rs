//! An erased person is in no file of the data folder: not their key, name or address, and not their data key.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the way to fail")]

mod common;

use std::path::Path;

use common::*;
use sqlx::ConnectOptions;
use throughline_core::Origin;
use throughline_core::id::PersonId;
use throughline_ledger::{FILE_NAME, Ledger, LedgerError, PlanClock};
use throughline_model::Kind;

/// The files of a folder in which some bytes stand.
fn files_with(folder: &Path, bytes: &[u8]) -> Vec<String> {
    let files = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let holding = files.filter(|file| {
        let contents = std::fs::read(file).unwrap();
        let begins = contents
            .iter()
            .enumerate()
            .filter(|(_, byte)| **byte == bytes[0]);
        begins
            .into_iter()
            .any(|(at, _)| contents[at..].starts_with(bytes))
    });
    holding
        .map(|file| file.file_name().unwrap().to_string_lossy().into_owned())
        .collect()
}

async fn data_key(file: &Path, person: PersonId) -> Vec<u8> {
    let mut connection = sqlx::sqlite::SqliteConnectOptions::new()
        .filename(file)
        .connect()
        .await
        .unwrap();
    let (key,): (Vec<u8>,) = sqlx::query_as("select key from person_keys where person = $1")
        .bind(person.as_bytes().as_slice())
        .fetch_one(&mut connection)
        .await
        .unwrap();
    key
}

#[tokio::test]
async fn nothing_of_an_erased_person_stays_in_any_file() {
    let engine = Store::sqlite();
    let ledger = engine.create().await;
    write(&ledger, commit(first_plan())).await;
    let ruth = PersonId::from_uuid(id(PERSON));
    // Keys come and go between pages while the table grows.
    let scattered = |number: u128| 1000 + (number * 7919) % 100_003;
    for batch in 0..8_u128 {
        let name = |number: u128| format!("person-{number}");
        let persons = (0..60_u128)
            .map(|number| batch * 60 + number)
            .map(|number| {
                let key = name(number);
                person(scattered(number), [&key, &key, "somebody@example.org"])
            });
        write(&ledger, commit(persons.collect())).await;
    }
    let draft = ledger.write().await.unwrap();
    drop(draft);
    write(
        &ledger,
        commit(vec![person(PERSON, ["ruth-canary", CANARY[1], CANARY[2]])]),
    )
    .await;

    let folder = engine.path();
    let secrets = |key: &[u8]| {
        let mut secrets: Vec<Vec<u8>> =
            CANARY.iter().map(|text| text.as_bytes().to_vec()).collect();
        secrets.push(b"ruth-canary".to_vec());
        secrets.push(key.to_vec());
        secrets
    };
    let key = data_key(&engine.file(), ruth).await;
    assert_ne!(
        files_with(&folder, &key),
        Vec::<String>::new(),
        "the data key is there before"
    );
    for secret in &secrets(&key)[..4] {
        assert_eq!(
            files_with(&folder, secret),
            Vec::<String>::new(),
            "what is personal is never readable"
        );
    }
    let victims: Vec<PersonId> = (0..12)
        .map(|number| PersonId::from_uuid(id(scattered(number * 37))))
        .collect();
    let mut keys = vec![key];
    for victim in &victims {
        keys.push(data_key(&engine.file(), *victim).await);
    }
    for person in std::iter::once(&ruth).chain(&victims) {
        ledger
            .erase_person(*person, None, Origin::Server, None)
            .await
            .unwrap();
    }
    for secret in keys.iter().flat_map(|key| secrets(key)) {
        assert_eq!(
            files_with(&folder, &secret),
            Vec::<String>::new(),
            "{}",
            String::from_utf8_lossy(&secret)
        );
    }
    assert_eq!(ledger.verify().await.unwrap().problems, []);

    // Others are still who they were, here and after opening again.
    ledger.close().await;
    let ledger = engine.open().await;
    let model = ledger.model(PlanClock::Newest).await.unwrap();
    assert!(model.people().by_key("person-479").is_some());
    assert_eq!(
        model.first_user_of(Kind::Person, "ruth-okafor"),
        None,
        "a former key is personal too"
    );
    assert_eq!(
        files_with(&folder, CANARY[1].as_bytes()),
        Vec::<String>::new()
    );
}

#[tokio::test]
async fn an_erased_person_stays_erased() {
    let engine = Store::sqlite();
    let ledger = engine.create().await;
    write(&ledger, commit(first_plan())).await;
    let ruth = PersonId::from_uuid(id(PERSON));
    ledger
        .erase_person(ruth, None, Origin::Server, None)
        .await
        .unwrap();
    write(&ledger, commit(vec![person(PERSON, CANARY)])).await;
    for ledger in [ledger.clone(), engine.open().await] {
        let model = ledger.model(PlanClock::Newest).await.unwrap();
        assert_eq!(
            model.people().get(ruth).unwrap().key.as_str(),
            "erased-00000014"
        );
        assert_eq!(ledger.verify().await.unwrap().problems, []);
    }
    for text in CANARY {
        assert_eq!(
            files_with(&engine.path(), text.as_bytes()),
            Vec::<String>::new()
        );
    }
}

on_each_engine! {
    a_data_key_that_came_back_is_destroyed
}

/// Puts the data key of a person back, as with the copy of a table.
async fn put_back(store: &Store, person: PersonId, key: &[u8]) {
    const STATEMENT: &str = "insert into person_keys (person, key) values ($1, $2)";
    let person = person.as_bytes().as_slice();
    match store.url() {
        Some(url) => {
            let options: sqlx::postgres::PgConnectOptions = url.parse().unwrap();
            let mut connection = options.connect().await.unwrap();
            let inserted = sqlx::query(STATEMENT).bind(person).bind(key);
            inserted.execute(&mut connection).await.unwrap();
        }
        None => {
            let options = sqlx::sqlite::SqliteConnectOptions::new().filename(store.file());
            let mut connection = options.connect().await.unwrap();
            let inserted = sqlx::query(STATEMENT).bind(person).bind(key);
            inserted.execute(&mut connection).await.unwrap();
        }
    }
}

async fn data_key_of(store: &Store, person: PersonId) -> Vec<u8> {
    let Some(url) = store.url() else {
        return data_key(&store.file(), person).await;
    };
    let options: sqlx::postgres::PgConnectOptions = url.parse().unwrap();
    let mut connection = options.connect().await.unwrap();
    sqlx::query_scalar("select key from person_keys where person = $1")
        .bind(person.as_bytes().as_slice())
        .fetch_one(&mut connection)
        .await
        .unwrap()
}

/// The remedy that `verify` names is one, also for whoever has read the name meanwhile.
async fn a_data_key_that_came_back_is_destroyed(store: Store) {
    let ledger = store.create().await;
    write(&ledger, commit(first_plan())).await;
    let ruth = PersonId::from_uuid(id(PERSON));
    let key = data_key_of(&store, ruth).await;
    let erase = async |ledger: &Ledger| {
        let erased = ledger.erase_person(ruth, None, Origin::Server, None);
        erased.await.unwrap()
    };
    assert!(erase(&ledger).await.is_some());
    put_back(&store, ruth, &key).await;
    let problems = ledger.verify().await.unwrap().problems;
    assert_eq!(problems.len(), 1, "{problems:#?}");
    assert!(problems[0].what.contains("who is erased"), "{problems:#?}");
    assert!(problems[0].help.contains("erase the person once more"));

    let elsewhere = store.open().await;
    let name = async |ledger: &Ledger| {
        let model = ledger.model(PlanClock::Newest).await.unwrap();
        model.people().get(ruth).unwrap().name.clone()
    };
    assert_eq!(name(&elsewhere).await, CANARY[1], "the key opens");
    let again = erase(&ledger).await;
    assert_eq!(again.map(|commit| commit.number.0), Some(3));
    assert_eq!(ledger.verify().await.unwrap().problems, []);
    for ledger in [&ledger, &elsewhere, &store.open().await] {
        assert_ne!(name(ledger).await, CANARY[1]);
    }
    if store.url().is_none() {
        assert_eq!(files_with(&store.path(), &key), Vec::<String>::new());
    }
    assert_eq!(erase(&ledger).await, None, "nothing is left to be done");
    assert_eq!(ledger.head().await.unwrap().number.0, 3);
}

#[tokio::test]
async fn an_erasure_that_readers_hold_up_says_so_and_can_be_finished() {
    let engine = Store::sqlite();
    let ledger = engine.create().await;
    write(&ledger, commit(first_plan())).await;
    let ruth = PersonId::from_uuid(id(PERSON));
    let key = data_key(&engine.file(), ruth).await;
    let mut reader = sqlx::sqlite::SqliteConnectOptions::new()
        .filename(engine.file())
        .connect()
        .await
        .unwrap();
    sqlx::raw_sql("begin; select * from head")
        .execute(&mut reader)
        .await
        .unwrap();
    let held_up = ledger.erase_person(ruth, None, Origin::Server, None).await;
    assert!(
        matches!(held_up, Err(LedgerError::ErasureUnfinished)),
        "{held_up:?}"
    );
    let model = ledger.model(PlanClock::Newest).await.unwrap();
    assert_eq!(
        model.people().get(ruth).unwrap().key.as_str(),
        "erased-00000014"
    );
    sqlx::raw_sql("commit").execute(&mut reader).await.unwrap();
    assert_eq!(
        ledger
            .erase_person(ruth, None, Origin::Server, None)
            .await
            .unwrap(),
        None
    );
    assert_eq!(files_with(&engine.path(), &key), Vec::<String>::new());
}

/// Two who empty the journal at once do not wait for each other within the library, which tells the second one that it
/// cannot be done.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_empties_the_journal_waits_for_another_who_does() {
    let engine = Store::sqlite();
    let ledger = engine.create().await;
    write(&ledger, commit(first_plan())).await;
    let connect = async || {
        let options = sqlx::sqlite::SqliteConnectOptions::new()
            .filename(engine.file())
            .busy_timeout(std::time::Duration::from_secs(10));
        options.connect().await.unwrap()
    };
    let mut reader = connect().await;
    sqlx::raw_sql("begin; select * from head")
        .execute(&mut reader)
        .await
        .unwrap();
    write(
        &ledger,
        commit(vec![objective(OBJECTIVE, "arrive", "Later")]),
    )
    .await;
    let mut other = connect().await;
    let emptied = tokio::spawn(async move {
        sqlx::raw_sql("pragma wal_checkpoint(truncate)")
            .execute(&mut other)
            .await
    });
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    assert!(!emptied.is_finished(), "the reader holds it up");
    let cleaned = tokio::spawn(async move { ledger.clean_after_erasure().await });
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    sqlx::raw_sql("commit").execute(&mut reader).await.unwrap();
    emptied.await.unwrap().unwrap();
    let cleaned = cleaned.await.unwrap();
    assert!(cleaned.is_ok(), "{cleaned:?}");
}

#[cfg(unix)]
#[tokio::test]
async fn the_files_are_private() {
    use std::os::unix::fs::PermissionsExt;

    let engine = Store::sqlite();
    let ledger = engine.create().await;
    write(&ledger, commit(first_plan())).await;
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&engine.path()), 0o700);
    for file in std::fs::read_dir(engine.path()).unwrap() {
        let file = file.unwrap().path();
        assert_eq!(mode(&file), 0o600, "{}", file.display());
    }
    drop(ledger);
}

#[tokio::test]
async fn what_is_no_ledger_is_not_opened() {
    let engine = Store::sqlite();
    let folder = engine.path();
    std::fs::create_dir(&folder).unwrap();
    let open = || Ledger::open(&folder, engine.clock.clone(), randomness());
    assert!(matches!(
        open().await.map(drop),
        Err(LedgerError::NoLedger { .. })
    ));
    for contents in [
        &b""[..],
        b"SQLite format 3\0",
        &[0; 4096],
        b"SQLite format 3\0 and then something else",
    ] {
        std::fs::write(folder.join(FILE_NAME), contents).unwrap();
        assert!(matches!(
            open().await.map(drop),
            Err(LedgerError::NotALedger { .. })
        ));
        assert_eq!(
            std::fs::read(folder.join(FILE_NAME)).unwrap(),
            contents,
            "it is left as it is"
        );
    }
    let create = Ledger::create(&folder, engine.clock.clone(), randomness()).await;
    assert!(matches!(
        create.map(drop),
        Err(LedgerError::LedgerExists { .. })
    ));
}
