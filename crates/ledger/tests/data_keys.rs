//! Data keys of persons in a ledger that somebody changed: what opens is kept, and what does not makes room.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the way to fail")]

mod common;

use common::*;
use throughline_ledger::{ERASED_NAME, Ledger, LedgerError, RestoreOptions, RestoredKeys};

/// Changes the data key of a person behind the ledger's back.
async fn set_data_key(store: &Store, person: u128, key: &[u8]) {
    use sqlx::Connection;
    const STATEMENT: &str = "update person_keys set key = $1 where person = $2";
    let person = id(person);
    let changed = match store.url() {
        Some(url) => {
            let mut connection = sqlx::PgConnection::connect(&url).await.unwrap();
            let statement = sqlx::query(STATEMENT)
                .bind(key)
                .bind(person.as_bytes().as_slice());
            statement
                .execute(&mut connection)
                .await
                .unwrap()
                .rows_affected()
        }
        None => {
            let url = format!("sqlite:{}", store.file().display());
            let mut connection = sqlx::SqliteConnection::connect(&url).await.unwrap();
            let statement = sqlx::query(STATEMENT)
                .bind(key)
                .bind(person.as_bytes().as_slice());
            statement
                .execute(&mut connection)
                .await
                .unwrap()
                .rows_affected()
        }
    };
    assert_eq!(changed, 1);
}

/// A key that opens nothing makes room for the one that does; a file with a key that opens nothing is refused.
async fn a_wrong_key_makes_room_for_the_right_one(store: Store) {
    let ledger = store.create().await;
    fill(&ledger).await;
    let folder = Folder::new();
    let right = ledger.back_up_keys(folder.path()).await.unwrap().file;
    set_data_key(&store, PERSON, &[7; 32]).await;
    assert_ne!(ledger.verify().await.unwrap().problems, []);
    let restored = ledger.restore_keys(&right).await.unwrap();
    assert_eq!((restored.restored, restored.missing), (1, 0));
    assert_eq!(ledger.verify().await.unwrap().problems, []);
    assert_eq!(name_of(&ledger, PERSON).await, CANARY[1]);

    set_data_key(&store, PERSON, &[7; 32]).await;
    let wrong = ledger.back_up_keys(&folder.path().join("wrong")).await;
    let wrong = wrong.unwrap().file;
    ledger.restore_keys(&right).await.unwrap();
    // Who can be read stays so, whatever another file says.
    let restored = ledger.restore_keys(&wrong).await.unwrap();
    assert_eq!((restored.restored, restored.missing), (0, 0));
    assert_eq!(ledger.verify().await.unwrap().problems, []);
    // And where nobody has the right one, nothing changes.
    set_data_key(&store, PERSON, &[8; 32]).await;
    let refused = ledger.restore_keys(&wrong).await;
    let is_refused = matches!(refused, Err(LedgerError::BackupRefused { .. }));
    assert!(is_refused, "{refused:?}");
    ledger.restore_keys(&right).await.unwrap();
    assert_eq!(ledger.verify().await.unwrap().problems, []);
    ledger.close().await;
}

/// A key that opens nothing keeps nobody else's out where the file has none for its person, and keys of persons whom the
/// ledger does not know are left out: both are said.
async fn keys_of_others_are_restored_and_the_rest_is_told(store: Store) {
    let ledger = store.create().await;
    write(&ledger, commit(first_plan())).await;
    let folder = Folder::new();
    let backup = ledger.back_up(folder.path()).await.unwrap().file;
    let of_one = ledger.back_up_keys(folder.path()).await.unwrap().file;
    let ana = person(PERSON + 1, ["a-lima", "Ana Lima", "ana@example.org"]);
    write(&ledger, commit(vec![ana])).await;
    let of_both = ledger.back_up_keys(&folder.path().join("both")).await;
    let of_both = of_both.unwrap().file;

    set_data_key(&store, PERSON, &[7; 32]).await;
    set_data_key(&store, PERSON + 1, &[7; 32]).await;
    let restored = ledger.restore_keys(&of_one).await.unwrap();
    let expected = RestoredKeys {
        restored: 1,
        unopened: 1,
        ..RestoredKeys::default()
    };
    assert_eq!(restored, expected);
    assert_eq!(name_of(&ledger, PERSON).await, CANARY[1]);
    assert_ne!(ledger.verify().await.unwrap().problems, []);
    let restored = ledger.restore_keys(&of_both).await.unwrap();
    assert_eq!((restored.restored, restored.unopened), (1, 0));
    assert_eq!(ledger.verify().await.unwrap().problems, []);
    assert_eq!(name_of(&ledger, PERSON + 1).await, "Ana Lima");
    ledger.close().await;

    let (clock, options) = (store.clock.clone(), RestoreOptions { replace: true });
    let place = store.location();
    let keys = Some(of_both.as_path());
    let restored = Ledger::restore(place, &backup, keys, options, clock, randomness());
    let expected = RestoredKeys {
        restored: 1,
        unknown: 1,
        ..RestoredKeys::default()
    };
    assert_eq!(restored.await.unwrap().keys, expected);
}

/// Keys that are restored leave no commit, and whoever has the ledger open sees them all the same.
async fn restored_keys_are_seen_by_every_handle(store: Store) {
    let ledger = store.create().await;
    fill(&ledger).await;
    let folder = Folder::new();
    let backup = ledger.back_up(folder.path()).await.unwrap().file;
    let keys = ledger.back_up_keys(folder.path()).await.unwrap().file;
    ledger.close().await;
    let (clock, options) = (store.clock.clone(), RestoreOptions { replace: true });
    let restored = Ledger::restore(
        store.location(),
        &backup,
        None,
        options,
        clock,
        randomness(),
    );
    restored.await.unwrap();

    let (one, other) = (store.open().await, store.open().await);
    for handle in [&one, &other] {
        assert_eq!(name_of(handle, PERSON).await, ERASED_NAME);
    }
    let before = other.standing().await.unwrap();
    assert_eq!(one.restore_keys(&keys).await.unwrap().restored, 2);
    let after = other.standing().await.unwrap();
    assert_eq!(
        (after.head, after.data_keys),
        (before.head, before.data_keys + 2)
    );
    for handle in [&one, &other] {
        assert_eq!(name_of(handle, PERSON).await, CANARY[1]);
    }
    // Also where the line goes on before anybody looks.
    erase(&one, PERSON + 1).await;
    assert_eq!(name_of(&other, PERSON).await, CANARY[1]);
    assert_eq!(name_of(&other, PERSON + 1).await, ERASED_NAME);
    one.close().await;
    other.close().await;
}

on_each_engine! {
    restored_keys_are_seen_by_every_handle
    keys_of_others_are_restored_and_the_rest_is_told
    a_wrong_key_makes_room_for_the_right_one
}
