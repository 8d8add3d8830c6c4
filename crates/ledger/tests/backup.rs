//! A backup that is taken while others write is restored as it was at one commit, on either engine, or refused.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the way to fail")]

mod common;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use common::*;
use throughline_ledger::{Ledger, LedgerError, PlanClock, RestoreOptions, Restored};
use throughline_model::Kind;
use throughline_testkit::chance::{Chance, count, report};

/// How many changed backups are tried in the short form.
const CHANGED: u64 = 1_000;

async fn restore(
    store: &Store,
    backup: &Path,
    keys: Option<&Path>,
    replace: bool,
) -> throughline_ledger::Result<Restored> {
    let options = RestoreOptions { replace };
    Ledger::restore(
        store.location(),
        backup,
        keys,
        options,
        store.clock.clone(),
        randomness(),
    )
    .await
}

/// All that can be read of a ledger.
async fn everything(ledger: &Ledger) -> String {
    let model = ledger.model(PlanClock::Newest).await.unwrap();
    let commits = ledger.commits(..).await.unwrap();
    let observations = ledger.observations(None).await.unwrap();
    let drafts = ledger.drafts().await.unwrap();
    let head = ledger.head().await.unwrap();
    let records = records(&model);
    format!("{records:?} {commits:?} {observations:?} {drafts:?} {head:?}")
}

/// The files of a ledger that was filled: the ledger, and the keys.
async fn backed_up(ledger: &Ledger, folder: &Folder) -> (PathBuf, PathBuf) {
    let backup = ledger.back_up(folder.path()).await.unwrap();
    let keys = ledger.back_up_keys(folder.path()).await.unwrap();
    assert_eq!(backup.length, backup.file.metadata().unwrap().len());
    assert_eq!(backup.header.head, ledger.head().await.unwrap());
    (backup.file, keys.file)
}

/// From each engine to each engine.
#[tokio::test]
async fn a_restored_ledger_says_what_the_ledger_said_on_every_engine() {
    for from in Store::each() {
        let ledger = from.create().await;
        fill(&ledger).await;
        let folder = Folder::new();
        let (backup, keys) = backed_up(&ledger, &folder).await;
        let contents = std::fs::read(&backup).unwrap();
        for secret in CANARY.iter().chain(&["Ana Lima"]) {
            let is_there = contents
                .windows(secret.len())
                .any(|some| some == secret.as_bytes());
            assert!(!is_there, "{secret}");
        }
        for to in Store::each() {
            let restored = restore(&to, &backup, Some(&keys), false).await.unwrap();
            assert_eq!((restored.keys.restored, restored.keys.missing), (2, 0));
            assert_eq!(restored.kept_aside, None);
            let again = to.open().await;
            assert_eq!(everything(&again).await, everything(&ledger).await);
            assert_eq!(again.verify().await.unwrap().problems, []);
            // It goes on like any other, and its backup is the same to the byte but for the time of taking.
            let other_folder = Folder::new();
            let twice = again.back_up(other_folder.path()).await.unwrap();
            assert_eq!(twice.length, contents.len() as u64);
            write(
                &again,
                commit(vec![objective(OBJECTIVE + 2, "later", "Later")]),
            )
            .await;
            again.close().await;
        }
        ledger.close().await;
    }
}

async fn without_keys_persons_stay_sealed_until_their_keys_come(store: Store) {
    let ledger = store.create().await;
    fill(&ledger).await;
    let folder = Folder::new();
    let (backup, keys) = backed_up(&ledger, &folder).await;
    ledger.close().await;

    let restored = restore(&store, &backup, None, true).await.unwrap();
    assert_eq!((restored.keys.restored, restored.keys.missing), (0, 2));
    let kept_aside = restored.kept_aside.unwrap();
    assert!(kept_aside.contains("before"), "{kept_aside}");
    let ledger = store.open().await;
    assert_eq!(
        name_of(&ledger, PERSON).await,
        throughline_ledger::ERASED_NAME
    );
    let problems = ledger.verify().await.unwrap().problems;
    assert_eq!(problems.len(), 2, "{problems:#?}");

    // Whatever is written about somebody without a key spoils nothing.
    write(&ledger, commit(vec![person(PERSON, CANARY)])).await;
    // Who is erased without a key stays erased when the keys come.
    erase(&ledger, PERSON + 1).await;
    let restored = ledger.restore_keys(&keys).await.unwrap();
    assert_eq!(
        (restored.restored, restored.erased, restored.missing),
        (1, 1, 0)
    );
    assert_eq!(ledger.verify().await.unwrap().problems, []);
    assert_eq!(
        name_of(&ledger, PERSON + 1).await,
        throughline_ledger::ERASED_NAME
    );
    ledger
        .model(PlanClock::KnownAt(time("2026-01-01T00:10:00Z")))
        .await
        .unwrap();
    ledger.close().await;
}

async fn older_keys_bring_nobody_back_who_is_erased(store: Store) {
    let ledger = store.create().await;
    fill(&ledger).await;
    let folder = Folder::new();
    let (older_backup, older_keys) = backed_up(&ledger, &folder).await;
    erase(&ledger, PERSON + 1).await;
    let newer_backup = ledger.back_up(folder.path()).await.unwrap().file;
    ledger.close().await;

    // The erasure is in the backup, or in the ledger that makes room for an older one: then it is made anew, so that it
    // is known to `verify`, to whoever adds keys later, and to whoever restores once more.
    for (backup, keys, erased_anew) in [
        (&newer_backup, Some(&older_keys), 0),
        (&older_backup, Some(&older_keys), 1),
        (&older_backup, None, 1),
        (&older_backup, Some(&older_keys), 1),
    ] {
        let restored = restore(&store, backup, keys.map(PathBuf::as_path), true)
            .await
            .unwrap();
        let expected = if keys.is_some() { (1, 1, 0) } else { (0, 0, 1) };
        let of_keys = restored.keys;
        assert_eq!(
            (of_keys.restored, of_keys.erased, of_keys.missing),
            expected
        );
        assert_eq!(restored.erased_anew, erased_anew);
        assert_eq!(restored.erasures_unknown, None);
        let ledger = store.open().await;
        assert_eq!(ledger.head().await.unwrap(), restored.head);
        if keys.is_some() {
            assert_eq!(ledger.verify().await.unwrap().problems, []);
        }
        let again = ledger.restore_keys(&older_keys).await.unwrap();
        assert_eq!((again.erased, again.missing), (1, 0));
        assert_eq!(ledger.verify().await.unwrap().problems, []);
        assert_eq!(
            name_of(&ledger, PERSON + 1).await,
            throughline_ledger::ERASED_NAME
        );
        assert_eq!(name_of(&ledger, PERSON).await, CANARY[1]);
        ledger.close().await;
    }
}

/// A backup from before somebody came knows nothing of an erasure either, and takes it over all the same.
async fn who_is_erased_stays_so_when_older_and_newer_backups_follow_each_other(store: Store) {
    let ledger = store.create().await;
    write(&ledger, commit(first_plan())).await;
    let folder = Folder::new();
    let without = ledger.back_up(folder.path()).await.unwrap().file;
    let ana = person(PERSON + 1, ["a-lima", "Ana Lima", "ana@example.org"]);
    write(&ledger, commit(vec![ana])).await;
    let (with, keys) = backed_up(&ledger, &folder).await;
    erase(&ledger, PERSON + 1).await;
    ledger.close().await;

    for (backup, keys, expected) in [
        (&without, None, (0, 0, 1)),
        (&without, Some(&keys), (1, 1, 0)),
        (&with, Some(&keys), (1, 1, 0)),
        (&without, Some(&keys), (1, 1, 0)),
    ] {
        let keys = keys.map(PathBuf::as_path);
        let restored = restore(&store, backup, keys, true).await.unwrap();
        let of_keys = restored.keys;
        assert_eq!(
            (of_keys.restored, of_keys.erased, of_keys.missing),
            expected
        );
        assert_eq!(restored.erased_anew, 1);
        let ledger = store.open().await;
        assert_eq!(ledger.head().await.unwrap(), restored.head);
        if keys.is_some() {
            assert_eq!(ledger.verify().await.unwrap().problems, []);
        }
        let model = ledger.model(PlanClock::Newest).await.unwrap();
        if model.record(Kind::Person, id(PERSON + 1)).is_some() {
            let name = name_of(&ledger, PERSON + 1).await;
            assert_eq!(name, throughline_ledger::ERASED_NAME);
        }
        ledger.close().await;
    }
    let ledger = store.open().await;
    let later = ledger.back_up(&folder.path().join("later")).await.unwrap();
    ledger.close().await;
    let restored = restore(&store, &later.file, Some(&keys), true);
    assert_eq!(restored.await.unwrap().erased_anew, 0);
}

/// Somebody is erased after it was looked who is, and before the restored ledger is in its place: then it is not put there.
async fn an_erasure_in_the_middle_of_a_restore_is_not_lost(store: Store) {
    let ledger = store.create().await;
    fill(&ledger).await;
    let folder = Folder::new();
    let (backup, keys) = backed_up(&ledger, &folder).await;
    ledger.close().await;

    // Restoring draws by lot once it has looked.
    let has_drawn = AtomicBool::new(false);
    let (location, clock) = (store.location(), store.clock.clone());
    let meanwhile = Arc::new(move |bytes: &mut [u8]| {
        randomness()(bytes);
        if !has_drawn.swap(true, Ordering::Relaxed) {
            let (location, clock) = (location.clone(), clock.clone());
            let erased = std::thread::spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread()
                    .enable_all()
                    .build();
                runtime.unwrap().block_on(async {
                    let ledger = Ledger::open(location, clock, randomness()).await.unwrap();
                    erase(&ledger, PERSON + 1).await;
                    ledger.close().await;
                });
            });
            erased.join().unwrap();
        }
    });
    let options = RestoreOptions { replace: true };
    let (location, clock) = (store.location(), store.clock.clone());
    let refused = Ledger::restore(location, &backup, Some(&keys), options, clock, meanwhile).await;
    assert!(matches!(refused, Err(LedgerError::InUse)), "{refused:?}");
    let restored = restore(&store, &backup, Some(&keys), true).await.unwrap();
    assert_eq!((restored.erased_anew, restored.keys.erased), (1, 1));
    let ledger = store.open().await;
    assert_eq!(ledger.verify().await.unwrap().problems, []);
    let name = name_of(&ledger, PERSON + 1).await;
    assert_eq!(name, throughline_ledger::ERASED_NAME);
    ledger.close().await;
}

async fn refused_restores_leave_everything_as_it_was(store: Store) {
    let ledger = store.create().await;
    fill(&ledger).await;
    let folder = Folder::new();
    let (backup, keys) = backed_up(&ledger, &folder).await;
    write(
        &ledger,
        commit(vec![objective(OBJECTIVE + 2, "later", "Later")]),
    )
    .await;
    let before = everything(&ledger).await;
    ledger.close().await;

    let damaged = folder.path().join("damaged");
    let mut bytes = std::fs::read(&backup).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&damaged, bytes).unwrap();
    let newer = folder.path().join("newer");
    std::fs::write(&newer, "throughline backup 2\n").unwrap();
    let missing = folder.path().join("missing");
    let other = Store::sqlite();
    let other_keys = other.create().await.back_up_keys(folder.path()).await;
    let other_keys = other_keys.unwrap().file;

    let cases: [(&Path, Option<&Path>, bool, &str); 7] = [
        (&backup, None, false, "already"),
        (&damaged, None, true, "damaged"),
        (&newer, None, true, "newer release"),
        (&missing, None, true, "No such file"),
        (&keys, None, true, "no backup of Throughline"),
        (&backup, Some(&backup), true, "no file of data keys"),
        (&backup, Some(&other_keys), true, "another ledger"),
    ];
    for (backup, keys, replace, expected) in cases {
        let refused = restore(&store, backup, keys, replace).await.unwrap_err();
        assert!(refused.to_string().contains(expected), "{refused}");
    }
    let ledger = store.open().await;
    assert_eq!(everything(&ledger).await, before);
    assert_eq!(ledger.verify().await.unwrap().problems, []);
    let refused = ledger.restore_keys(&other_keys).await;
    assert!(
        matches!(refused, Err(LedgerError::BackupRefused { .. })),
        "{refused:?}"
    );
    let refused = ledger.back_up(&backup).await;
    assert!(
        matches!(refused, Err(LedgerError::FileExists { .. })),
        "{refused:?}"
    );
    let refused = ledger.back_up(&missing.join("deeper")).await;
    assert!(refused.is_err(), "{refused:?}");
    ledger.close().await;
}

on_each_engine! {
    without_keys_persons_stay_sealed_until_their_keys_come
    older_keys_bring_nobody_back_who_is_erased
    who_is_erased_stays_so_when_older_and_newer_backups_follow_each_other
    an_erasure_in_the_middle_of_a_restore_is_not_lost
    refused_restores_leave_everything_as_it_was
}

/// The engine does not matter: what is refused is refused before it is asked.
#[tokio::test]
async fn every_changed_bit_of_a_backup_is_refused() {
    let from = Store::sqlite();
    let ledger = from.create().await;
    fill(&ledger).await;
    let folder = Folder::new();
    let (backup, keys) = backed_up(&ledger, &folder).await;
    ledger.close().await;
    let to = Store::sqlite();
    let intact = std::fs::read(&backup).unwrap();
    let changed = folder.path().join("changed");
    let mut chance = Chance::new("changed backups");
    let rounds = count("THROUGHLINE_CHANGED_BACKUPS", CHANGED);
    for round in 0..rounds {
        let mut bytes = intact.clone();
        let position = chance.below(bytes.len() as u64) as usize;
        match round % 10 {
            0 => bytes.truncate(position),
            1 => bytes.extend_from_slice(&intact[position..]),
            _ => bytes[position] ^= 1 << chance.below(8),
        }
        std::fs::write(&changed, bytes).unwrap();
        let refused = restore(&to, &changed, Some(&keys), false).await;
        let is_refused = matches!(refused, Err(LedgerError::BackupRefused { .. }));
        assert!(is_refused, "round {round} at {position}: {refused:?}");
    }
    report(&format!(
        "changed backups: {rounds} with a changed bit, a cut or an appended piece; {rounds} refused"
    ));
    assert!(!to.path().exists(), "nothing was left behind");
}

/// A process that has the ledger open would go on writing where nobody looks any more.
#[tokio::test]
async fn a_ledger_that_is_in_use_makes_no_room() {
    let store = Store::sqlite();
    let ledger = store.create().await;
    fill(&ledger).await;
    let folder = Folder::new();
    let (backup, _) = backed_up(&ledger, &folder).await;
    let refused = restore(&store, &backup, None, true).await;
    assert!(matches!(refused, Err(LedgerError::InUse)), "{refused:?}");
    let before = everything(&ledger).await;
    write(
        &ledger,
        commit(vec![objective(OBJECTIVE + 2, "later", "Later")]),
    )
    .await;
    assert_ne!(everything(&ledger).await, before);
    ledger.close().await;
    let files = std::fs::read_dir(store.path()).unwrap().count();
    assert_eq!(files, 1, "nothing was left behind");
}

/// What makes room may be damaged, and is kept as it is.
#[tokio::test]
async fn a_damaged_ledger_makes_room() {
    let store = Store::sqlite();
    let ledger = store.create().await;
    fill(&ledger).await;
    let folder = Folder::new();
    let (backup, keys) = backed_up(&ledger, &folder).await;
    ledger.close().await;
    for expected in [
        "ledger.sqlite.before-restore-1",
        "ledger.sqlite.before-restore-2",
    ] {
        std::fs::write(store.file(), b"nothing of use").unwrap();
        let restored = restore(&store, &backup, Some(&keys), true).await.unwrap();
        // Whom it had erased cannot be known, which is said.
        let unknown = restored.erasures_unknown.unwrap();
        assert!(unknown.contains("is not a ledger"), "{unknown}");
        let kept_aside = restored.kept_aside.unwrap();
        assert!(kept_aside.ends_with(expected), "{kept_aside}");
        assert_eq!(std::fs::read(kept_aside).unwrap(), b"nothing of use");
        let ledger = store.open().await;
        assert_eq!(ledger.verify().await.unwrap().problems, []);
        ledger.close().await;
    }
}

/// A ledger that was changed behind its back gives no backup.
#[tokio::test]
async fn a_damaged_ledger_is_not_backed_up() {
    use sqlx::{ConnectOptions, Connection};
    let store = Store::sqlite();
    let ledger = store.create().await;
    fill(&ledger).await;
    ledger.close().await;
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(store.file());
    let mut connection = options.connect().await.unwrap();
    let changed =
        "update record_versions set body = replace(body, 'Harbour', 'Arbour') where number = 1";
    sqlx::raw_sql(changed)
        .execute(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
    let ledger = store.open().await;
    let folder = Folder::new();
    let refused = ledger.back_up(folder.path()).await;
    assert!(
        matches!(refused, Err(LedgerError::Corrupted { .. })),
        "{refused:?}"
    );
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    ledger.close().await;
}
