//! Whatever is edited, dropped, swapped or cut off in a ledger, `verify` with a checkpoint finds it.
//!
//! `tampering` holds each way to tamper to what is said about it; here many are drawn by lot. The mark `new_key` is left
//! alone: one too many means nothing.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the way to fail")]

mod common;

use std::path::Path;
use std::sync::Arc;

use common::*;
use sqlx::{ConnectOptions, Connection, SqliteConnection};
use throughline_ledger::{
    Checkpoint, FILE_NAME, Ledger, LedgerError, PublicKey, Randomness, SigningKey,
};

/// How many tamperings are tried where nothing else is asked for.
const ROUNDS_OF_CI: usize = 200;

/// A table, how its rows are told apart, and its columns with what an edit makes of each.
type Table = (&'static str, &'static str, &'static [(&'static str, Edit)]);

/// Every table.
const TABLES: &[Table] = &[
    (
        "ledger",
        "rowid",
        &[("id", Edit::Id), ("created_at", Edit::Number)],
    ),
    (
        "head",
        "rowid",
        &[
            ("number", Edit::Number),
            ("hash", Edit::Hash),
            ("at", Edit::Number),
        ],
    ),
    (
        "labels",
        "rowid",
        &[
            ("id", Edit::Id),
            ("name", Edit::Text),
            ("opened", Edit::Number),
            ("closed", Edit::Number),
        ],
    ),
    (
        "commits",
        "rowid",
        &[
            ("number", Edit::Number),
            ("previous_hash", Edit::Hash),
            ("hash", Edit::Hash),
            ("at", Edit::Number),
            ("recorded_at", Edit::Number),
            ("brought_in", Edit::Truth),
            ("author", Edit::Id),
            ("origin", Edit::Text),
            ("reason", Edit::Text),
            ("kind", Edit::Text),
            ("draft", Edit::Id),
            ("records", Edit::Number),
            ("observations", Edit::Number),
        ],
    ),
    (
        "record_versions",
        "rowid",
        &[
            ("number", Edit::Number),
            ("ordinal", Edit::Number),
            ("kind", Edit::Text),
            ("id", Edit::Id),
            ("change", Edit::Text),
            ("position", Edit::Number),
            ("body", Edit::Text),
            ("recorded_at", Edit::Number),
            ("draft", Edit::Id),
        ],
    ),
    (
        "observation_blocks",
        "rowid",
        &[
            ("number", Edit::Number),
            ("ordinal", Edit::Number),
            ("rows", Edit::Number),
            ("first_measure", Edit::Id),
            ("last_measure", Edit::Id),
            ("hash", Edit::Hash),
            ("recorded_at", Edit::Number),
            ("bytes", Edit::Hash),
        ],
    ),
    (
        "person_keys",
        "person",
        &[("person", Edit::Id), ("key", Edit::Hash)],
    ),
];

#[derive(Clone, Copy)]
enum Edit {
    Id,
    Hash,
    Number,
    Truth,
    Text,
}

/// SplitMix64, so that a round can be repeated.
struct Lot(u64);

impl Lot {
    fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        (self.draw() % end as u64) as usize
    }

    fn bytes(&mut self, words: usize) -> String {
        (0..words)
            .map(|_| format!("{:016x}", self.draw()))
            .collect()
    }

    fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }

    /// The statements of one tampering, and how it goes.
    fn tampering(&mut self) -> String {
        let (table, row, columns) = self.pick(TABLES);
        let (column, edit) = self.pick(columns);
        let one = format!(
            "(select {row} from {table} order by {row} limit 1
                offset {} % (select count(*) from {table}))",
            self.below(1000)
        );
        let other = format!(
            "(select {row} from {table} order by {row} limit 1
                offset {} % (select count(*) from {table}))",
            self.below(1000)
        );
        match self.below(8) {
            0 => format!("delete from {table} where {row} = {one}"),
            1 | 2 => format!(
                "create temp table two as select {row} as place, {column} as value from {table}
                    where {row} in ({one}, {other});
                 update {table} set {column} = (select value from two where place <> {table}.{row})
                    where {row} in (select place from two) and (select count(distinct value) from two) = 2"
            ),
            3 => {
                let last = 1 + self.below(7);
                format!(
                    "delete from record_versions where number > {last};
                     delete from observation_blocks where number > {last};
                     delete from commits where number > {last};
                     delete from labels where opened > {last};
                     update labels set closed = null where closed > {last};
                     update head set number = {last}, hash = (select hash from commits where number = {last}),
                        at = (select at from commits where number = {last})"
                )
            }
            _ => {
                let value = match edit {
                    Edit::Id => format!("x'{}'", self.bytes(2)),
                    Edit::Hash => format!("x'{}'", self.bytes(4)),
                    Edit::Number => format!("coalesce({column}, 0) + {}", 1 + self.below(9)),
                    Edit::Truth => format!("1 - {column}"),
                    Edit::Text => format!("coalesce({column}, '') || 'x'"),
                };
                format!("update {table} set {column} = {value} where {row} = {one}")
            }
        }
    }
}

async fn opened(file: &Path) -> SqliteConnection {
    let options = sqlx::sqlite::SqliteConnectOptions::new()
        .filename(file)
        .foreign_keys(false)
        .pragma("ignore_check_constraints", "on")
        .disable_statement_logging();
    options.connect().await.unwrap()
}

/// Everything that the ledger keeps, for comparisons.
async fn contents(connection: &mut SqliteConnection) -> Vec<String> {
    let mut contents = Vec::new();
    for (table, row, columns) in TABLES {
        let columns: Vec<String> = columns
            .iter()
            .map(|(column, _)| format!("quote({column})"))
            .collect();
        let select = format!(
            "select {} from {table} order by {row}",
            columns.join(" || ' ' || ")
        );
        let rows: Vec<(String,)> = sqlx::query_as(sqlx::AssertSqlSafe(select))
            .fetch_all(&mut *connection)
            .await
            .unwrap();
        contents.extend(rows.into_iter().map(|(row,)| format!("{table} {row}")));
    }
    contents
}

/// Runs the statements; returns whether they could be run and changed anything.
async fn tamper(file: &Path, statements: &str) -> bool {
    let mut connection = opened(file).await;
    let before = contents(&mut connection).await;
    let safe = sqlx::AssertSqlSafe(statements.to_owned());
    let done = sqlx::raw_sql(safe).execute(&mut connection).await.is_ok();
    let has_changed = contents(&mut connection).await != before;
    connection.close().await.unwrap();
    done && has_changed
}

/// Whether anything is said against a ledger.
async fn is_found(
    folder: &Path,
    checkpoint: &Checkpoint,
    trusted: &PublicKey,
) -> Result<bool, LedgerError> {
    let clock = Arc::new(SteppingClock::from("2027-01-01T00:00:00Z"));
    let ledger = Ledger::open(folder, clock, randomness()).await?;
    let report = ledger.verify_against(checkpoint, Some(trusted)).await;
    ledger.close().await;
    report.map(|report| !report.problems.is_empty())
}

#[tokio::test]
async fn tampering_by_lot_is_found() {
    let store = Store::sqlite();
    let ledger = store.create().await;
    fill(&ledger).await;
    let key = SigningKey::new(&*randomness());
    let checkpoint = ledger.checkpoint().await.unwrap().signed_with(&key);
    ledger.close().await;
    let trusted = key.public_key();
    let folder = Folder::new();
    let file = folder.path().join(FILE_NAME);
    std::fs::copy(store.file(), &file).unwrap();
    assert!(
        !is_found(folder.path(), &checkpoint, &trusted)
            .await
            .unwrap()
    );

    let mut unseen = Vec::new();
    let (mut lot, mut tampered) = (Lot(2026), 0);
    while tampered < rounds(ROUNDS_OF_CI) {
        std::fs::copy(store.file(), &file).unwrap();
        let statements = lot.tampering();
        if !tamper(&file, &statements).await {
            continue;
        }
        tampered += 1;
        // That the ledger cannot be read at all is found as well.
        if !is_found(folder.path(), &checkpoint, &trusted)
            .await
            .unwrap_or(true)
        {
            unseen.push(statements);
        }
    }
    assert!(
        unseen.is_empty(),
        "{} of {tampered}:\n{}",
        unseen.len(),
        unseen.join("\n")
    );
}

/// Random bytes that are the same for each ledger.
fn same_randomness() -> Arc<Randomness> {
    let lot = std::sync::Mutex::new(Lot(7));
    Arc::new(move |bytes: &mut [u8]| {
        for byte in bytes {
            *byte = lot.lock().unwrap().draw() as u8;
        }
    })
}

/// A ledger with right hashes in which a value is another one than it was: nothing inside shows that.
#[tokio::test]
async fn a_ledger_that_was_written_anew_is_found_by_its_checkpoint() {
    let mut ledgers = Vec::new();
    for value in [0.5, 0.9] {
        let store = Store::sqlite();
        let created = Ledger::create(store.location(), store.clock.clone(), same_randomness());
        let ledger = created.await.unwrap();
        write(&ledger, commit(first_plan())).await;
        write(
            &ledger,
            observed(vec![observation(MEASURE, UNIT, "2026-W01", value)]),
        )
        .await;
        assert_eq!(ledger.verify().await.unwrap().problems, []);
        ledgers.push((store, ledger));
    }
    let checkpoint = ledgers[0].1.checkpoint().await.unwrap();
    let check = async |ledger: &Ledger, checkpoint: &Checkpoint, expected: &[&str]| {
        let report = ledger.verify_against(checkpoint, None).await.unwrap();
        let said: Vec<&str> = report
            .problems
            .iter()
            .map(|one| one.what.as_str())
            .collect();
        assert_eq!(said.len(), expected.len(), "{said:?}");
        assert!(
            said.iter()
                .zip(expected)
                .all(|(said, part)| said.contains(part)),
            "{said:?}"
        );
    };
    check(&ledgers[0].1, &checkpoint, &[]).await;
    check(&ledgers[1].1, &checkpoint, &["the ledger was written anew"]).await;
    // What comes later is no contradiction.
    write(
        &ledgers[0].1,
        commit(vec![objective(OBJECTIVE + 2, "later", "Later")]),
    )
    .await;
    check(&ledgers[0].1, &checkpoint, &[]).await;
    let later = ledgers[0].1.checkpoint().await.unwrap();
    check(
        &ledgers[1].1,
        &later,
        &["the end of the ledger was cut off"],
    )
    .await;

    let other = Store::sqlite();
    let other = other.create().await;
    check(&other, &checkpoint, &["another ledger"]).await;
    let of_nothing = other.checkpoint().await.unwrap();
    check(&other, &of_nothing, &[]).await;
}
