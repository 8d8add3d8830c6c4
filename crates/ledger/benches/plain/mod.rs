//! What is compared with: a plain table on the engine of a ledger, and the disk's own sync.

#![expect(dead_code, reason = "each benchmark uses a part of it")]

use std::fs::File;
use std::io::Write;
use std::time::Instant;

use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, PgConnection, SqliteConnection};
use throughline_model::observation::Observation;

use crate::common::{Folder, Store};

/// How many rows one statement of a plain insert takes.
const ROWS_AT_A_TIME: usize = 1_000;

/// What one sync is asked to keep, in bytes: a page of SQLite.
const PAGE: [u8; 4096] = [7; 4096];

/// Seconds that something takes.
pub async fn timed<T>(work: impl Future<Output = T>) -> (f64, T) {
    #[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
    let start = Instant::now();
    let answer = work.await;
    (start.elapsed().as_secs_f64(), answer)
}

/// A file where databases of tests stand, too.
pub struct Page {
    file: File,
    folder: Folder,
}

impl Page {
    pub fn new() -> Page {
        let folder = Folder::new();
        let file = File::create(folder.path().join("file")).unwrap();
        Page { file, folder }
    }

    /// Writes a page at the end of the file, and syncs it.
    pub fn sync(&mut self) {
        self.file.write_all(&PAGE).unwrap();
        self.file.sync_data().unwrap();
    }
}

/// A plain table on the engine of a ledger, with the same durability.
pub enum Plain {
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
    /// On SQLite, in a file of its own.
    pub async fn sqlite() -> Plain {
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

    /// On PostgreSQL, in a database of its own.
    pub async fn postgres() -> Plain {
        let store = Store::postgres().unwrap();
        let options: PgConnectOptions = store.url().unwrap().parse().unwrap();
        let mut connection = options.disable_statement_logging().connect().await.unwrap();
        let table =
            "create table plain (measure bytea, unit bytea, day bigint, value double precision,
            weight double precision)";
        sqlx::raw_sql(table).execute(&mut connection).await.unwrap();
        Plain::Postgres(connection, store)
    }

    /// One row in a transaction of its own.
    pub async fn single_row(&mut self, row: &Observation) {
        const INSERT: &str =
            "insert into plain (measure, unit, day, value, weight) values ($1, $2, $3, $4, $5)";
        macro_rules! insert {
            ($connection:expr, $row:expr) => {
                sqlx::query(INSERT)
                    .bind($row.cell.measure.as_bytes().as_slice())
                    .bind($row.cell.unit.as_bytes().as_slice())
                    .bind(day($row))
                    .bind($row.value)
                    .bind($row.weight)
                    .execute($connection)
                    .await
                    .map(drop)
            };
        }
        match self {
            Plain::Sqlite(connection, _) => insert!(&mut *connection, row),
            Plain::Postgres(connection, _) => insert!(&mut *connection, row),
        }
        .unwrap();
    }

    /// All rows in one transaction, a thousand with each execution of one prepared statement.
    pub async fn all_rows(&mut self, rows: &[Observation]) {
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
