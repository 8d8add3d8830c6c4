//! Both engines are equal: the same story leaves the same bytes, whichever keeps it, in the same tables.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the way to fail")]

mod common;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use common::*;
use sqlx::{ConnectOptions, Row};
use throughline_core::Origin;
use throughline_core::id::PersonId;
use throughline_ledger::{Ledger, Randomness};
use throughline_model::Kind;

/// Randomness that is the same for each ledger that asks for it.
fn repeated_randomness() -> Arc<Randomness> {
    let state = AtomicU64::new(7);
    Arc::new(move |bytes: &mut [u8]| {
        for byte in bytes {
            let next = state
                .fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed)
                .wrapping_mul(0xbf58_476d_1ce4_e5b9);
            *byte = next.to_le_bytes()[7];
        }
    })
}

/// A story with everything in it, and all that can be read of it afterwards.
async fn told(engine: &Store) -> Vec<String> {
    let created = Ledger::create(
        engine.location(),
        engine.clock.clone(),
        repeated_randomness(),
    );
    let ledger = created.await.unwrap();
    let history = commit(first_plan()).brought_in_at(time("2025-01-01T00:00:00Z"));
    write(&ledger, history).await;
    // Texts that engines could take differently, and positions that are easily lost.
    let hostile = "Ünï\u{301}cödé 'quoted' \\ \u{1}\u{ffff}\u{10ffff} \u{202e}end";
    let escaped = hostile.replace('\\', "\\\\").replace('\u{1}', "\\u0001");
    let text = format!(r#"{{"key":"odd","name":"Odd","about":"{escaped}"}}"#);
    let mut odd = put(Kind::Objective, OBJECTIVE + 1, &text);
    if let throughline_model::Change::Put(record) = &mut odd {
        *record = record.clone().with_identity(id(OBJECTIVE + 1), -0.0);
    }
    let mut new = commit(vec![odd]);
    new.reason = Some(hostile.to_owned());
    write(&ledger, new).await;
    let mut small = objective(OBJECTIVE + 2, "small", "Small");
    if let throughline_model::Change::Put(record) = &mut small {
        *record = record.clone().with_identity(id(OBJECTIVE + 2), 0.1 + 0.2);
    }
    write(&ledger, commit(vec![small])).await;
    let values = [0.1 + 0.2, f64::MIN_POSITIVE / 3.0, -0.0, f64::MAX, 1e-300];
    let weeks = (1..).zip(values);
    let observations =
        weeks.map(|(week, value)| observation(MEASURE, UNIT, &format!("2026-W{week:02}"), value));
    write(&ledger, observed(observations.collect())).await;
    let mut writer = ledger.write().await.unwrap();
    let draft = writer
        .open_draft(hostile, None, Origin::Server, None)
        .await
        .unwrap();
    let drafted = commit(vec![unit(UNIT + 2, "lga")]).on_draft(draft.id);
    writer.append(drafted).await.unwrap();
    writer
        .close_draft(draft.id, None, Origin::Job, None)
        .await
        .unwrap();
    writer.finish().await.unwrap();
    let ruth = PersonId::from_uuid(id(PERSON));
    ledger
        .erase_person(ruth, None, Origin::Server, None)
        .await
        .unwrap();
    assert_eq!(ledger.verify().await.unwrap().problems, []);
    ledger.close().await;

    let ledger = engine.open().await;
    let mut lines = Vec::new();
    for commit in ledger.commits(..).await.unwrap() {
        lines.push(format!("{commit:?}"));
        let changes = ledger.changes(commit.number).await.unwrap();
        lines.push(format!("{changes:?}"));
    }
    for recorded in ledger.observations(None).await.unwrap() {
        let bits = recorded.observation.value.map(f64::to_bits);
        lines.push(format!("{bits:?} {recorded:?}"));
    }
    lines.push(format!("{:?}", ledger.drafts().await.unwrap()));
    lines.push(format!("{:?}", ledger.verify().await.unwrap()));
    lines
}

#[tokio::test]
async fn the_same_story_has_the_same_hashes_and_readings_on_both_engines() {
    let mut tellings = Vec::new();
    for engine in Store::each() {
        let lines = told(&engine).await;
        tellings.push((lines, blocks(&engine).await));
    }
    for other in &tellings[1..] {
        assert_eq!(tellings[0], *other);
    }
}

/// The bytes of every block, as the engine itself gives them.
async fn blocks(engine: &Store) -> Vec<Vec<u8>> {
    let statement = "select bytes from observation_blocks order by number, ordinal";
    match engine.url() {
        None => {
            let options = sqlx::sqlite::SqliteConnectOptions::new().filename(engine.file());
            let mut connection = options.connect().await.unwrap();
            let rows = sqlx::query(statement)
                .fetch_all(&mut connection)
                .await
                .unwrap();
            rows.iter().map(|row| row.get(0)).collect()
        }
        Some(url) => {
            let options: sqlx::postgres::PgConnectOptions = url.parse().unwrap();
            let mut connection = options.connect().await.unwrap();
            let rows = sqlx::query(statement)
                .fetch_all(&mut connection)
                .await
                .unwrap();
            rows.iter().map(|row| row.get(0)).collect()
        }
    }
}

/// A column: its type, whether it may be empty, and its place in the primary key.
type Columns = BTreeMap<(String, String), (String, bool, i64)>;

#[tokio::test]
async fn both_engines_have_the_same_tables() {
    let Some(postgres) = Store::postgres() else {
        return;
    };
    let sqlite = Store::sqlite();
    sqlite.create().await.close().await;
    postgres.create().await.close().await;

    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(sqlite.file());
    let mut connection = options.connect().await.unwrap();
    let rows = sqlx::query(
        "select t.name, c.name, c.type, c.\"notnull\" or c.pk > 0, c.pk, t.sql
         from sqlite_schema t join pragma_table_info(t.name) c where t.type = 'table'",
    );
    let mut expected = Columns::new();
    for row in rows.fetch_all(&mut connection).await.unwrap() {
        let (table, column, stored): (String, String, String) =
            (row.get(0), row.get(1), row.get(2));
        let definition: String = row.get(5);
        let is_truth = definition.contains(&format!("check ({column} in (0, 1))"));
        let stored = match stored.as_str() {
            "INTEGER" if is_truth => "boolean",
            "INTEGER" => "bigint",
            "BLOB" => "bytea",
            "REAL" => "double precision",
            "TEXT" => "text",
            other => panic!("{table}.{column} is {other}"),
        };
        expected.insert((table, column), (stored.to_owned(), row.get(3), row.get(4)));
    }

    let options: sqlx::postgres::PgConnectOptions = postgres.url().unwrap().parse().unwrap();
    let mut connection = options.connect().await.unwrap();
    let rows = sqlx::query(
        "select t.relname::text, a.attname::text, format_type(a.atttypid, a.atttypmod), a.attnotnull,
             coalesce(array_position(i.indkey::smallint[], a.attnum) + 1, 0)::bigint
         from pg_class t join pg_attribute a on a.attrelid = t.oid
             left join pg_index i on i.indrelid = t.oid and i.indisprimary
         where t.relnamespace = current_schema()::regnamespace and t.relkind = 'r' and a.attnum > 0",
    );
    let mut found = Columns::new();
    for row in rows.fetch_all(&mut connection).await.unwrap() {
        found.insert(
            (row.get(0), row.get(1)),
            (row.get(2), row.get(3), row.get(4)),
        );
    }
    assert_eq!(found, expected);

    // And the same rules about them: how many of each sort stand at each table.
    let names = |rows: Vec<String>| {
        let mut names = rows;
        names.sort();
        names
    };
    let mut file = sqlx::sqlite::SqliteConnectOptions::new()
        .filename(sqlite.file())
        .connect()
        .await
        .unwrap();
    let indexes = "select tbl_name || '.' || name from sqlite_schema where type = 'index' and sql is not null";
    let expected: Vec<String> = sqlx::query_scalar(indexes)
        .fetch_all(&mut file)
        .await
        .unwrap();
    let indexes =
        "select tablename || '.' || indexname from pg_indexes where schemaname = current_schema()
        and not exists (select 1 from pg_constraint where conname = indexname)";
    let found: Vec<String> = sqlx::query_scalar(indexes)
        .fetch_all(&mut connection)
        .await
        .unwrap();
    assert_eq!(names(found), names(expected));
    let references = "select m.name || '.' || f.\"from\" || ' ' || f.\"table\" from sqlite_schema m
        join pragma_foreign_key_list(m.name) f where m.type = 'table'";
    let expected: Vec<String> = sqlx::query_scalar(references)
        .fetch_all(&mut file)
        .await
        .unwrap();
    let references = "select c.conrelid::regclass || '.' || a.attname || ' ' || c.confrelid::regclass
        from pg_constraint c join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
        where c.contype = 'f' and c.connamespace = current_schema()::regnamespace";
    let found: Vec<String> = sqlx::query_scalar(references)
        .fetch_all(&mut connection)
        .await
        .unwrap();
    assert_eq!(names(found), names(expected));
}
