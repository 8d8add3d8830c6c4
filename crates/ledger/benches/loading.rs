//! How long the ledger takes with 20,000 records and 1,000,000 observations, beside a plain bulk insert of as many rows.
//!
//! `cargo bench -p throughline-ledger` prints seconds and sizes. The plain insert is what the same rows cost in a table
//! of SQLite with one prepared statement in one transaction.

#![expect(
    clippy::unwrap_used,
    reason = "a benchmark that fails has nothing else to say"
)]
#![expect(clippy::print_stdout, reason = "its output is its result")]

#[path = "../tests/common/mod.rs"]
mod common;

use std::time::Instant;

use common::*;
use sqlx::{ConnectOptions, Connection};
use throughline_ledger::PlanClock;
use throughline_model::observation::Observation;

const MEASURES: u128 = 20_000;
const OBSERVATIONS: u128 = 1_000_000;
const WEEKS: u128 = 50;

/// Tells how long something takes.
async fn timed<T>(what: &str, work: impl Future<Output = T>) -> T {
    #[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
    let start = Instant::now();
    let answer = work.await;
    println!("{what}: {:.3} s", start.elapsed().as_secs_f64());
    answer
}

/// As many observations as asked for: of each measure one unit, fifty weeks, in the order of a file by week.
fn observations(value: f64) -> Vec<Observation> {
    let periods: Vec<_> = (1..=WEEKS)
        .map(|week| cell(MEASURE, UNIT, &format!("2025-W{week:02}")).period)
        .collect();
    let number = |row: u128| (row % MEASURES, (row / MEASURES) as usize);
    let observations = (0..OBSERVATIONS).map(number).map(|(measure, week)| {
        let mut observation = observation(
            100_000 + measure,
            UNIT,
            "2025-W01",
            value + (measure * 31 % 977) as f64 / 977.0,
        );
        observation.cell.period = periods[week];
        observation
    });
    observations.collect()
}

async fn plain_insert(observations: &[Observation]) {
    let folder = Folder::new();
    let options = sqlx::sqlite::SqliteConnectOptions::new()
        .filename(folder.path().join("plain.sqlite"))
        .create_if_missing(true)
        .journal_mode(sqlx::sqlite::SqliteJournalMode::Wal)
        .synchronous(sqlx::sqlite::SqliteSynchronous::Full);
    let mut connection = options.connect().await.unwrap();
    let table = "create table plain (measure blob, unit blob, day integer, value real) strict";
    sqlx::raw_sql(table).execute(&mut connection).await.unwrap();
    let mut transaction = connection.begin().await.unwrap();
    for observation in observations {
        sqlx::query("insert into plain (measure, unit, day, value) values ($1, $2, $3, $4)")
            .bind(observation.cell.measure.as_bytes().as_slice())
            .bind(observation.cell.unit.as_bytes().as_slice())
            .bind(i64::from(observation.cell.period.first.day_of_year()))
            .bind(observation.value)
            .execute(&mut *transaction)
            .await
            .unwrap();
    }
    transaction.commit().await.unwrap();
}

/// The same without crossing to the thread of the database for each row: what SQLite itself takes.
async fn plain_insert_inside() {
    let folder = Folder::new();
    let options = sqlx::sqlite::SqliteConnectOptions::new()
        .filename(folder.path().join("plain.sqlite"))
        .create_if_missing(true)
        .journal_mode(sqlx::sqlite::SqliteJournalMode::Wal)
        .synchronous(sqlx::sqlite::SqliteSynchronous::Full);
    let mut connection = options.connect().await.unwrap();
    let rows = "create table plain (measure blob, unit blob, day integer, value real) strict;
        insert into plain with recursive n(i) as (select 0 union all select i + 1 from n where i < 999999)
        select cast(printf('%016d', i % 20000) as blob), cast(printf('%016d', 10) as blob), i / 20000, i / 977.0 from n";
    sqlx::raw_sql(rows).execute(&mut connection).await.unwrap();
}

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_time()
        .build()
        .unwrap();
    runtime.block_on(run());
}

async fn run() {
    let engine = Store::sqlite();
    let ledger = engine.create().await;
    let mut changes = first_plan();
    changes.extend(
        (0..MEASURES)
            .map(|number| measure(100_000 + number, &format!("measure-{number}"), "A measure")),
    );
    timed("commit of 20,000 measures", write(&ledger, commit(changes))).await;
    let first = observations(1.0);
    timed(
        "commit of 1,000,000 observations",
        write(&ledger, observed(first.clone())),
    )
    .await;
    let size = |file| std::fs::metadata(file).map_or(0, |file| file.len()) / 1024;
    println!("file: {} KiB", size(engine.file()));
    timed(
        "the same again, all skipped",
        write(&ledger, observed(first.clone())),
    )
    .await;
    timed(
        "one observation",
        write(
            &ledger,
            observed(vec![observation(100_007, UNIT, "2025-W03", 9.0)]),
        ),
    )
    .await;
    timed(
        "1,000,000 corrections",
        write(&ledger, observed(observations(2.0))),
    )
    .await;
    ledger.close().await;

    let ledger = timed("open", engine.open()).await;
    timed("model of 20,000 measures", ledger.model(PlanClock::Newest))
        .await
        .unwrap();
    let recorded = timed("2,000,001 observations", ledger.observations(None))
        .await
        .unwrap();
    println!("observations: {}", recorded.len());
    drop(recorded);
    timed("verify", ledger.verify()).await.unwrap();
    timed(
        "plain insert of 1,000,000 rows, one statement each",
        plain_insert(&first),
    )
    .await;
    timed(
        "plain insert of 1,000,000 rows inside SQLite",
        plain_insert_inside(),
    )
    .await;
}
