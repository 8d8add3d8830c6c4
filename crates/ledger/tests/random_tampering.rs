//! Whatever is edited, dropped, swapped or cut off in a ledger, `verify` with a checkpoint finds it.
//!
//! `tampering` holds each way to tamper to what is said about it; here many are drawn by lot. The mark `new_key` is left
//! alone: one too many means nothing.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the way to fail")]

mod common;

use std::path::PathBuf;
use std::sync::Arc;

use common::*;
use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions, Connection, PgConnection, SqliteConnection};
use throughline_ledger::{
    Checkpoint, FILE_NAME, Ledger, LedgerError, Location, PublicKey, SigningKey,
};
use throughline_testkit::chance::{Chance, count, report};

/// How many tamperings are tried on each engine in the short form.
const TAMPERINGS: u64 = 200;

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
            ("first_unit", Edit::Id),
            ("last_unit", Edit::Id),
            ("first_day", Edit::Number),
            ("last_day", Edit::Number),
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

/// So many times eight bytes, in hexadecimal digits.
fn bytes(chance: &mut Chance, words: usize) -> String {
    (0..words)
        .map(|_| format!("{:016x}", chance.draw()))
        .collect()
}

/// The statements of one tampering, in the words of SQLite.
fn tampering(chance: &mut Chance) -> String {
    let (table, row, columns) = chance.pick(TABLES);
    let (column, edit) = chance.pick(columns);
    let one = format!(
        "(select {row} from {table} order by {row} limit 1
                offset {} % (select count(*) from {table}))",
        chance.below(1000)
    );
    let other = format!(
        "(select {row} from {table} order by {row} limit 1
                offset {} % (select count(*) from {table}))",
        chance.below(1000)
    );
    match chance.below(8) {
            0 => format!("delete from {table} where {row} = {one}"),
            1 | 2 => format!(
                "create temp table two as select {row} as place, {column} as value from {table}
                    where {row} in ({one}, {other});
                 update {table} set {column} = (select value from two where place <> {table}.{row})
                    where {row} in (select place from two) and (select count(distinct value) from two) = 2"
            ),
            3 => {
                let last = 1 + chance.below(7);
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
                    Edit::Id => format!("x'{}'", bytes(chance, 2)),
                    Edit::Hash => format!("x'{}'", bytes(chance, 4)),
                    Edit::Number => format!("coalesce({column}, 0) + {}", 1 + chance.below(9)),
                    Edit::Truth => format!("1 - {column}"),
                    Edit::Text => format!("coalesce({column}, '') || 'y'"),
                };
                format!("update {table} set {column} = {value} where {row} = {one}")
            }
        }
}

/// The same in the words of PostgreSQL.
fn in_the_words_of_postgres(statements: &str) -> String {
    statements
        .replace("rowid", "ctid")
        .replace("x'", "'\\x")
        .replace("1 - brought_in", "not brought_in")
}

/// A ledger that is tampered with, and made anew each time.
trait Victim {
    /// Makes it as it was, and runs the statements; returns whether they could be run and changed anything.
    async fn tamper(&mut self, statements: &str) -> bool;

    /// Where it stands.
    fn location(&self) -> Location;
}

/// A file that is copied each time.
struct OnFile {
    intact: PathBuf,
    folder: Folder,
}

impl Victim for OnFile {
    async fn tamper(&mut self, statements: &str) -> bool {
        let file = self.folder.path().join(FILE_NAME);
        std::fs::copy(&self.intact, &file).unwrap();
        let options = sqlx::sqlite::SqliteConnectOptions::new()
            .filename(file)
            .foreign_keys(false)
            .pragma("ignore_check_constraints", "on")
            .disable_statement_logging();
        let mut connection = options.connect().await.unwrap();
        let contents = async |connection: &mut SqliteConnection| {
            let mut contents = Vec::new();
            for (table, row, columns) in TABLES {
                let columns: Vec<String> = columns
                    .iter()
                    .map(|(column, _)| format!("quote({column})"))
                    .collect();
                let columns = columns.join(" || ' ' || ");
                let select = format!("select {columns} from {table} order by {row}");
                let rows: Vec<String> = sqlx::query_scalar(sqlx::AssertSqlSafe(select))
                    .fetch_all(&mut *connection)
                    .await
                    .unwrap();
                contents.push(rows);
            }
            contents
        };
        let before = contents(&mut connection).await;
        let safe = sqlx::AssertSqlSafe(statements.to_owned());
        let done = sqlx::raw_sql(safe).execute(&mut connection).await.is_ok();
        let has_changed = contents(&mut connection).await != before;
        connection.close().await.unwrap();
        done && has_changed
    }

    fn location(&self) -> Location {
        self.folder.path().into()
    }
}

/// A database whose tables are filled anew each time, since a copy of a database takes a second.
struct OnDatabase(Store);

impl OnDatabase {
    async fn connection(&self) -> PgConnection {
        let options: PgConnectOptions = self.0.url().unwrap().parse().unwrap();
        options.disable_statement_logging().connect().await.unwrap()
    }

    /// Takes away the rules of the tables, as their owner can, and keeps a copy of what is in them.
    async fn prepare(&self) {
        const WITHOUT_RULES: &str = "do $$ declare rule record; begin
            for rule in select conrelid::regclass as at, conname from pg_constraint
                where connamespace = current_schema()::regnamespace and contype in ('c', 'f', 'p', 'u')
                order by contype = 'p', contype = 'u' loop
                execute format('alter table %s drop constraint %I cascade', rule.at, rule.conname);
            end loop; end $$; create schema intact";
        let mut connection = self.connection().await;
        sqlx::raw_sql(WITHOUT_RULES)
            .execute(&mut connection)
            .await
            .unwrap();
        let copies = TABLES
            .iter()
            .map(|(table, ..)| format!("create table intact.{table} as table {table};"));
        let copies = sqlx::AssertSqlSafe(copies.collect::<String>());
        sqlx::raw_sql(copies)
            .execute(&mut connection)
            .await
            .unwrap();
        connection.close().await.unwrap();
    }
}

impl Victim for OnDatabase {
    async fn tamper(&mut self, statements: &str) -> bool {
        let mut connection = self.connection().await;
        let anew = TABLES.iter().map(|(table, ..)| {
            format!("truncate {table}; insert into {table} select * from intact.{table};")
        });
        let anew = sqlx::AssertSqlSafe(anew.collect::<String>());
        sqlx::raw_sql(anew).execute(&mut connection).await.unwrap();
        let safe = sqlx::AssertSqlSafe(in_the_words_of_postgres(statements));
        let done = sqlx::raw_sql(safe).execute(&mut connection).await.is_ok();
        let differs = TABLES.iter().map(|(table, ..)| {
            format!(
                "exists (select t::text from {table} t except all select t::text from intact.{table} t)
                 or exists (select t::text from intact.{table} t except all select t::text from {table} t)"
            )
        });
        let differs = differs.collect::<Vec<_>>().join(" or ");
        let has_changed: bool =
            sqlx::query_scalar(sqlx::AssertSqlSafe(format!("select {differs}")))
                .fetch_one(&mut connection)
                .await
                .unwrap();
        connection.close().await.unwrap();
        done && has_changed
    }

    fn location(&self) -> Location {
        self.0.location()
    }
}

/// Whether anything is said against a ledger.
async fn is_found(
    location: Location,
    checkpoint: &Checkpoint,
    trusted: &PublicKey,
) -> Result<bool, LedgerError> {
    let clock = Arc::new(SteppingClock::from("2027-01-01T00:00:00Z"));
    let ledger = Ledger::open(location, clock, randomness()).await?;
    let report = ledger.verify_against(checkpoint, Some(trusted)).await;
    ledger.close().await;
    report.map(|report| !report.problems.is_empty())
}

/// A ledger with everything in it, and a checkpoint of its end.
async fn filled(store: &Store) -> (Checkpoint, PublicKey) {
    let ledger = store.create().await;
    fill(&ledger).await;
    let key = SigningKey::new(&*randomness());
    let checkpoint = ledger.checkpoint().await.unwrap().signed_with(&key);
    ledger.close().await;
    (checkpoint, key.public_key())
}

async fn every_tampering_is_found(
    mut victim: impl Victim,
    (checkpoint, trusted): (Checkpoint, PublicKey),
    engine: &str,
) {
    let nothing = victim.tamper("select 1").await;
    assert!(!nothing, "it is intact at first");
    let found = is_found(victim.location(), &checkpoint, &trusted).await;
    assert!(!found.unwrap());
    let wanted = count("THROUGHLINE_TAMPERINGS", TAMPERINGS);
    let mut unseen = Vec::new();
    let (mut chance, mut tampered, mut unreadable) = (Chance::new("tampering"), 0, 0);
    while tampered < wanted {
        let statements = tampering(&mut chance);
        if !victim.tamper(&statements).await {
            continue;
        }
        tampered += 1;
        match is_found(victim.location(), &checkpoint, &trusted).await {
            Ok(true) => {}
            Ok(false) => unseen.push(statements),
            // That the ledger cannot be read at all is found as well.
            Err(_) => unreadable += 1,
        }
    }
    assert!(
        unseen.is_empty(),
        "{} of {tampered}:\n{}",
        unseen.len(),
        unseen.join("\n")
    );
    report(&format!(
        "tampering on {engine}: {tampered} ledgers, all found, {unreadable} of them since they do not read any more"
    ));
}

#[tokio::test]
async fn tampering_with_a_file_by_lot_is_found() {
    let store = Store::sqlite();
    let filled = filled(&store).await;
    let victim = OnFile {
        intact: store.file(),
        folder: Folder::new(),
    };
    every_tampering_is_found(victim, filled, "SQLite").await;
}

#[tokio::test]
async fn tampering_with_a_database_by_lot_is_found() {
    let Some(store) = Store::postgres() else {
        return;
    };
    let filled = filled(&store).await;
    let victim = OnDatabase(store);
    victim.prepare().await;
    every_tampering_is_found(victim, filled, "PostgreSQL").await;
}
