//! What a million rows cost without a ledger: the measure of `load` in docs/BENCHMARKS.md.
//!
//! `cargo run --release -p throughline-ledger --example raw_insert -- ROWS FILE` makes a plain table of two ids, a day and
//! two numbers in FILE, which must not be there yet, with the same durability as the ledger, and prints seconds: first
//! of one prepared statement of many rows at a time, then of SQLite filling a second table from the first, which no
//! program that brings rows from outside can reach.

#![expect(clippy::print_stdout, reason = "its output is its result")]

use std::error::Error;
use std::time::Instant;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, SqliteConnection};

/// A row by itself would mostly measure how long one call waits for the thread of the database.
const ROWS_AT_A_TIME: usize = 1_000;

/// The observations of one measure; as in the hospital group of the tests.
const ROWS_PER_MEASURE: usize = 50;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [rows, file] = arguments.as_slice() else {
        return Err("give the number of rows, and a file that is not there".into());
    };
    let rows = rows.parse()?;
    let options = SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()?;
    runtime.block_on(async {
        let mut connection = options.connect().await?;
        println!("{:.6}", insert_from_outside(&mut connection, rows).await?);
        println!("{:.6}", insert_inside(&mut connection).await?);
        connection.close().await?;
        Ok(())
    })
}

/// Seconds until rows that stand in memory are in a table.
async fn insert_from_outside(
    connection: &mut SqliteConnection,
    rows: usize,
) -> Result<f64, sqlx::Error> {
    let table =
        "create table plain (measure blob, unit blob, day integer, value real, weight real) strict";
    sqlx::raw_sql(table).execute(&mut *connection).await?;
    let places = vec!["(?, ?, ?, ?, ?)"; ROWS_AT_A_TIME].join(", ");
    let insert = format!("insert into plain (measure, unit, day, value, weight) values {places}");
    #[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
    let start = Instant::now();
    let mut transaction = connection.begin().await?;
    for first in (0..rows).step_by(ROWS_AT_A_TIME) {
        let mut query = sqlx::query(sqlx::AssertSqlSafe(insert.as_str()));
        for row in first..first + ROWS_AT_A_TIME {
            query = query
                .bind(id(row / ROWS_PER_MEASURE))
                .bind(id(row / ROWS_PER_MEASURE / 10))
                .bind((row % ROWS_PER_MEASURE) as i64)
                .bind(row as f64 / 977.0)
                .bind((row % 400) as f64);
        }
        query.execute(&mut *transaction).await?;
    }
    transaction.commit().await?;
    Ok(start.elapsed().as_secs_f64())
}

/// Seconds until SQLite has copied them into another table.
async fn insert_inside(connection: &mut SqliteConnection) -> Result<f64, sqlx::Error> {
    sqlx::raw_sql("create table copied (measure blob, unit blob, day integer, value real, weight real) strict")
        .execute(&mut *connection)
        .await?;
    #[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
    let start = Instant::now();
    sqlx::raw_sql("insert into copied select measure, unit, day, value, weight + 0 from plain")
        .execute(&mut *connection)
        .await?;
    Ok(start.elapsed().as_secs_f64())
}

/// The 16 bytes of an id.
fn id(number: usize) -> Vec<u8> {
    (number as u128).to_be_bytes().to_vec()
}
