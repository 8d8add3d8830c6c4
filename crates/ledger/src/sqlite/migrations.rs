//! The steps by which the tables came to be, each one file, run in order and never changed once released.

use super::{Connection, Pool, blocks, set_extent};
use crate::error::{LedgerError, Result};
use crate::extent::Extent;

/// One step.
struct Migration {
    /// Its number, counted from 1; the format of the ledger after it.
    version: i64,
    name: &'static str,
    sql: &'static str,
}

/// To add a step: add its file and a line here.
const MIGRATIONS: &[Migration] = &[
    Migration {
        version: 1,
        name: "ledger",
        sql: include_str!("migrations/0001_ledger.sql"),
    },
    Migration {
        version: WITH_EXTENTS,
        name: "block_extents",
        sql: include_str!("migrations/0002_block_extents.sql"),
    },
];

/// The format from which on a block says what it can speak of.
const WITH_EXTENTS: i64 = 2;

const TABLE_OF_MIGRATIONS: &str = "create table if not exists schema_migrations (
    version integer primary key,
    name text not null,
    applied_at integer not null
) strict";

/// Brings the tables to the newest format. Must run in a transaction that writes.
///
/// # Errors
/// [`LedgerError::NewerFormat`]; what the database says.
pub(crate) async fn migrate(connection: &mut Connection, now_us: i64) -> Result<()> {
    migrate_to(connection, MIGRATIONS, now_us).await
}

/// Whether the tables have the newest format, so that nothing needs to be written.
///
/// # Errors
/// What the database says.
pub(crate) async fn is_newest_format(pool: &Pool) -> Result<bool> {
    let (found,): (i64,) =
        sqlx::query_as("select coalesce(max(version), 0) from schema_migrations")
            .fetch_one(pool)
            .await?;
    Ok(MIGRATIONS
        .last()
        .is_some_and(|newest| newest.version == found))
}

async fn migrate_to(
    connection: &mut Connection,
    migrations: &[Migration],
    now_us: i64,
) -> Result<()> {
    sqlx::raw_sql(TABLE_OF_MIGRATIONS)
        .execute(&mut *connection)
        .await?;
    let (found,): (i64,) =
        sqlx::query_as("select coalesce(max(version), 0) from schema_migrations")
            .fetch_one(&mut *connection)
            .await?;
    let known = migrations.last().map_or(0, |migration| migration.version);
    if found > known {
        return Err(LedgerError::NewerFormat { found, known });
    }
    for migration in migrations
        .iter()
        .filter(|migration| migration.version > found)
    {
        sqlx::raw_sql(migration.sql)
            .execute(&mut *connection)
            .await?;
        sqlx::query(
            "insert into schema_migrations (version, name, applied_at) values ($1, $2, $3)",
        )
        .bind(migration.version)
        .bind(migration.name)
        .bind(now_us)
        .execute(&mut *connection)
        .await?;
    }
    if (1..WITH_EXTENTS).contains(&found) && known >= WITH_EXTENTS {
        fill_extents(connection).await?;
    }
    Ok(())
}

/// Gives each block that was written before [`WITH_EXTENTS`] the extent of its contents.
async fn fill_extents(connection: &mut Connection) -> Result<()> {
    for block in blocks(connection, 0, i64::MAX).await? {
        let cells = block.observations()?;
        if let Some(extent) = Extent::of(cells.iter().map(|one| &one.cell)) {
            set_extent(connection, &block, &extent).await?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use sqlx::Connection as _;

    async fn empty() -> Connection {
        Connection::connect("sqlite::memory:").await.unwrap()
    }

    async fn tables(connection: &mut Connection) -> Vec<(String, Option<String>)> {
        sqlx::query_as("select name, sql from sqlite_schema order by name")
            .fetch_all(connection)
            .await
            .unwrap()
    }

    #[test]
    fn versions_count_from_one() {
        for (migration, expected) in MIGRATIONS.iter().zip(1..) {
            assert_eq!(migration.version, expected, "{}", migration.name);
        }
    }

    /// A ledger of each released format, migrated, has the tables of a fresh one.
    #[tokio::test]
    async fn migrated_ledgers_are_like_fresh_ones() {
        let mut fresh = empty().await;
        migrate(&mut fresh, 0).await.unwrap();
        for released in 0..=MIGRATIONS.len() {
            let mut old = empty().await;
            migrate_to(&mut old, &MIGRATIONS[..released], 0)
                .await
                .unwrap();
            migrate(&mut old, 1).await.unwrap();
            migrate(&mut old, 2).await.unwrap();
            assert_eq!(
                tables(&mut old).await,
                tables(&mut fresh).await,
                "from format {released}"
            );
        }
    }

    #[tokio::test]
    async fn newer_formats_are_refused() {
        let mut newer = empty().await;
        migrate(&mut newer, 0).await.unwrap();
        sqlx::query(
            "insert into schema_migrations (version, name, applied_at) values (99, 'later', 0)",
        )
        .execute(&mut newer)
        .await
        .unwrap();
        let refused = migrate(&mut newer, 1).await;
        assert!(
            matches!(refused, Err(LedgerError::NewerFormat { found: 99, .. })),
            "{refused:?}"
        );
    }
}
