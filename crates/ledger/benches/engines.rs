//! What a commit and a load cost on each engine, as multiples of what the engine itself takes for as many rows, and of
//! the disk's own sync.
//!
//! `cargo bench -p throughline-ledger --bench engines -- ROUNDS` prints a table. All that is compared is measured in turns,
//! round by round, so that what else the machine does falls on everything alike; the ratios are of one round each, and
//! medians and ranges are of the ratios.

#![expect(
    clippy::unwrap_used,
    reason = "a benchmark that fails has nothing else to say"
)]
#![expect(clippy::print_stdout, reason = "its output is its result")]

#[path = "../tests/common/mod.rs"]
mod common;

use std::io::Write;
use std::time::Instant;

use common::*;
use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, PgConnection, SqliteConnection};
use throughline_model::observation::Observation;

/// How many rounds there are where nothing else is asked for.
const ROUNDS: usize = 7;

/// A load: of each measure one unit, fifty weeks.
const MEASURES: u128 = 20_000;
const WEEKS: usize = 50;

/// How many single rows, syncs and commits are timed in a round.
const SINGLE: u32 = 100;

/// How many rows one statement of a plain insert takes.
const ROWS_AT_A_TIME: usize = 1_000;

/// What one sync is asked to keep, in bytes: a page of SQLite.
const PAGE: [u8; 4096] = [7; 4096];

/// What was measured on an engine in a round, in seconds.
struct Round {
    sync: f64,
    plain_row: f64,
    commit: f64,
    plain_rows: f64,
    load: f64,
}

/// Seconds that something takes.
async fn timed<T>(work: impl Future<Output = T>) -> (f64, T) {
    #[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
    let start = Instant::now();
    let answer = work.await;
    (start.elapsed().as_secs_f64(), answer)
}

/// Seconds of one of many.
async fn each(work: impl Future<Output = ()>) -> f64 {
    timed(work).await.0 / f64::from(SINGLE)
}

/// A million observations, in the order of a file by week.
fn observations() -> Vec<Observation> {
    let weeks = 1..=WEEKS;
    let periods = weeks.map(|week| cell(MEASURE, UNIT, &format!("2025-W{week:02}")).period);
    let rows = periods.flat_map(|period| {
        (0..MEASURES).map(move |measure| {
            let value = (measure * 31 % 977) as f64 / 977.0;
            let mut observation = observation(100_000 + measure, UNIT, "2025-W01", value);
            observation.cell.period = period;
            observation
        })
    });
    rows.collect()
}

/// Seconds of a write of a page at the end of a file and its sync, where databases of tests stand, too.
async fn sync() -> f64 {
    let folder = Folder::new();
    let mut file = std::fs::File::create(folder.path().join("file")).unwrap();
    each(async {
        for _ in 0..SINGLE {
            file.write_all(&PAGE).unwrap();
            file.sync_data().unwrap();
        }
    })
    .await
}

/// A plain table on the engine of a ledger, with the same durability.
enum Plain {
    Sqlite(
        SqliteConnection,
        #[expect(dead_code, reason = "it goes away with the table")] Folder,
    ),
    Postgres(
        PgConnection,
        #[expect(dead_code, reason = "it goes away with the table")] Store,
    ),
}

impl Plain {
    async fn sqlite() -> Plain {
        let folder = Folder::new();
        let options = SqliteConnectOptions::new()
            .filename(folder.path().join("plain.sqlite"))
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .disable_statement_logging();
        let mut connection = options.connect().await.unwrap();
        let table = "create table plain (measure blob, unit blob, day integer, value real, weight real) strict";
        sqlx::raw_sql(table).execute(&mut connection).await.unwrap();
        Plain::Sqlite(connection, folder)
    }

    async fn postgres() -> Plain {
        let store = Store::postgres().unwrap();
        let options: PgConnectOptions = store.url().unwrap().parse().unwrap();
        let mut connection = options.disable_statement_logging().connect().await.unwrap();
        let table =
            "create table plain (measure bytea, unit bytea, day bigint, value double precision,
            weight double precision)";
        sqlx::raw_sql(table).execute(&mut connection).await.unwrap();
        Plain::Postgres(connection, store)
    }

    /// One row in a transaction of its own, so many times.
    async fn single_rows(&mut self, rows: &[Observation]) {
        const INSERT: &str =
            "insert into plain (measure, unit, day, value, weight) values ($1, $2, $3, $4, $5)";
        macro_rules! insert {
            ($connection:expr, $row:expr) => {
                sqlx::query(INSERT)
                    .bind($row.cell.measure.as_bytes().as_slice())
                    .bind($row.cell.unit.as_bytes().as_slice())
                    .bind(day(&$row))
                    .bind($row.value)
                    .bind($row.weight)
                    .execute($connection)
                    .await
                    .map(drop)
            };
        }
        for row in &rows[..SINGLE as usize] {
            match self {
                Plain::Sqlite(connection, _) => insert!(&mut *connection, row),
                Plain::Postgres(connection, _) => insert!(&mut *connection, row),
            }
            .unwrap();
        }
    }

    /// All rows in one transaction, a thousand with each execution of one prepared statement.
    async fn all_rows(&mut self, rows: &[Observation]) {
        match self {
            Plain::Sqlite(connection, _) => {
                let places = vec!["(?, ?, ?, ?, ?)"; ROWS_AT_A_TIME].join(", ");
                let insert = format!(
                    "insert into plain (measure, unit, day, value, weight) values {places}"
                );
                let mut transaction = connection.begin().await.unwrap();
                for rows in rows.chunks(ROWS_AT_A_TIME) {
                    let mut query = sqlx::query(sqlx::AssertSqlSafe(insert.as_str()));
                    for row in rows {
                        query = query
                            .bind(row.cell.measure.as_bytes().to_vec())
                            .bind(row.cell.unit.as_bytes().to_vec())
                            .bind(day(row))
                            .bind(row.value)
                            .bind(row.weight);
                    }
                    query.execute(&mut *transaction).await.unwrap();
                }
                transaction.commit().await.unwrap();
            }
            Plain::Postgres(connection, _) => {
                const INSERT: &str = "insert into plain (measure, unit, day, value, weight)
                    select * from unnest($1::bytea[], $2::bytea[], $3::bigint[], $4::double precision[],
                        $5::double precision[])";
                let mut transaction = connection.begin().await.unwrap();
                for rows in rows.chunks(ROWS_AT_A_TIME) {
                    let column = |of: fn(&Observation) -> Vec<u8>| -> Vec<Vec<u8>> {
                        rows.iter().map(of).collect()
                    };
                    let number = |of: fn(&Observation) -> Option<f64>| -> Vec<Option<f64>> {
                        rows.iter().map(of).collect()
                    };
                    sqlx::query(INSERT)
                        .bind(column(|row| row.cell.measure.as_bytes().to_vec()))
                        .bind(column(|row| row.cell.unit.as_bytes().to_vec()))
                        .bind(rows.iter().map(day).collect::<Vec<i64>>())
                        .bind(number(|row| row.value))
                        .bind(number(|row| row.weight))
                        .execute(&mut *transaction)
                        .await
                        .unwrap();
                }
                transaction.commit().await.unwrap();
            }
        }
    }
}

fn day(row: &Observation) -> i64 {
    i64::from(row.cell.period.first.day_of_year())
}

/// Measures everything once on an engine.
async fn round(store: Store, mut plain: Plain, rows: &[Observation]) -> Round {
    let ledger = store.create().await;
    let mut plan = first_plan();
    plan.extend((0..MEASURES).map(|number| {
        let key = format!("measure-{number}");
        measure(100_000 + number, &key, "A measure")
    }));
    write(&ledger, commit(plan)).await;
    let sync = sync().await;
    plain.single_rows(rows).await;
    let plain_row = each(plain.single_rows(rows)).await;
    let commit = each(async {
        for number in 0..SINGLE {
            let value = f64::from(number);
            let one = observation(MEASURE, UNIT, "2026-W01", value);
            write(&ledger, observed(vec![one])).await;
        }
    })
    .await;
    let (plain_rows, ()) = timed(plain.all_rows(rows)).await;
    let all = observed(rows.to_vec());
    let (load, _) = timed(write(&ledger, all)).await;
    ledger.close().await;
    Round {
        sync,
        plain_row,
        commit,
        plain_rows,
        load,
    }
}

/// The median of some numbers, and how far they range.
fn spread(mut numbers: Vec<f64>, digits: usize) -> String {
    numbers.sort_by(f64::total_cmp);
    let median = numbers[numbers.len() / 2];
    let (least, most) = (numbers[0], numbers[numbers.len() - 1]);
    format!("{median:.digits$} ({least:.digits$} to {most:.digits$})")
}

fn main() {
    // Cargo adds an argument of its own.
    let asked = std::env::args().skip(1).find_map(|text| text.parse().ok());
    let rounds: usize = asked.unwrap_or(ROUNDS);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let rows = observations();
        let (mut of_file, mut of_database) = (Vec::new(), Vec::new());
        for _ in 0..rounds {
            of_file.push(round(Store::sqlite(), Plain::sqlite().await, &rows).await);
            if let Some(store) = Store::postgres() {
                of_database.push(round(store, Plain::postgres().await, &rows).await);
            }
        }
        println!("medians and ranges of {rounds} rounds\n");
        println!("| | SQLite | PostgreSQL |\n|---|---:|---:|");
        let line = |what: &str, digits: usize, of: &dyn Fn(&Round) -> f64| {
            let column = |rounds: &[Round]| match rounds {
                [] => "not here".to_owned(),
                rounds => spread(rounds.iter().map(of).collect(), digits),
            };
            println!(
                "| {what} | {} | {} |",
                column(&of_file),
                column(&of_database)
            );
        };
        let count = rows.len();
        line("sync of a page, ms", 2, &|round| 1e3 * round.sync);
        line("plain insert of one row, ms", 2, &|round| {
            1e3 * round.plain_row
        });
        line("commit of one observation, ms", 2, &|round| {
            1e3 * round.commit
        });
        line("that commit, in plain inserts", 1, &|round| {
            round.commit / round.plain_row
        });
        line("that commit, in syncs", 1, &|round| {
            round.commit / round.sync
        });
        line(&format!("plain insert of {count} rows, s"), 2, &|round| {
            round.plain_rows
        });
        line(&format!("commit of {count} observations, s"), 2, &|round| {
            round.load
        });
        line("that load, in plain inserts", 2, &|round| {
            round.load / round.plain_rows
        });
    });
}
