//! Workings: what the system needs for a while and no history has to remember.

use super::Connection;
use crate::error::Result;

pub(crate) async fn put_working(
    connection: &mut Connection,
    purpose: &str,
    key: &str,
    body: &[u8],
    expires_at_us: i64,
) -> Result<()> {
    sqlx::query(
        "insert into workings (purpose, key, body, expires_at) values ($1, $2, $3, $4)
         on conflict (purpose, key) do update set body = excluded.body, expires_at = excluded.expires_at",
    )
    .bind(purpose)
    .bind(key)
    .bind(body)
    .bind(expires_at_us)
    .execute(connection)
    .await?;
    Ok(())
}

pub(crate) async fn working(
    connection: &mut Connection,
    purpose: &str,
    key: &str,
    now_us: i64,
) -> Result<Option<Vec<u8>>> {
    let row: Option<(Vec<u8>,)> = sqlx::query_as(
        "select body from workings where purpose = $1 and key = $2 and expires_at > $3",
    )
    .bind(purpose)
    .bind(key)
    .bind(now_us)
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|(body,)| body))
}

/// An end that has passed makes room for another body.
pub(crate) async fn put_new_working(
    connection: &mut Connection,
    purpose: &str,
    key: &str,
    body: &[u8],
    expires_at_us: i64,
    now_us: i64,
) -> Result<bool> {
    let put = sqlx::query(
        "insert into workings (purpose, key, body, expires_at) values ($1, $2, $3, $4)
         on conflict (purpose, key) do update set body = excluded.body, expires_at = excluded.expires_at
         where workings.expires_at <= $5",
    )
    .bind(purpose)
    .bind(key)
    .bind(body)
    .bind(expires_at_us)
    .bind(now_us)
    .execute(connection)
    .await?;
    Ok(put.rows_affected() > 0)
}

pub(crate) async fn replace_working(
    connection: &mut Connection,
    purpose: &str,
    key: &str,
    before: &[u8],
    body: &[u8],
    now_us: i64,
) -> Result<bool> {
    let replaced = sqlx::query(
        "update workings set body = $4
         where purpose = $1 and key = $2 and body = $3 and expires_at > $5",
    )
    .bind(purpose)
    .bind(key)
    .bind(before)
    .bind(body)
    .bind(now_us)
    .execute(connection)
    .await?;
    Ok(replaced.rows_affected() > 0)
}

pub(crate) async fn workings_after(
    connection: &mut Connection,
    purpose: &str,
    key: &str,
    most: i64,
    now_us: i64,
) -> Result<Vec<(String, Vec<u8>)>> {
    let rows = sqlx::query_as(
        "select key, body from workings where purpose = $1 and key > $2 and expires_at > $3
         order by key limit $4",
    )
    .bind(purpose)
    .bind(key)
    .bind(now_us)
    .bind(most)
    .fetch_all(connection)
    .await?;
    Ok(rows)
}

pub(crate) async fn remove_working(
    connection: &mut Connection,
    purpose: &str,
    key: &str,
) -> Result<bool> {
    let removed = sqlx::query("delete from workings where purpose = $1 and key = $2")
        .bind(purpose)
        .bind(key)
        .execute(connection)
        .await?;
    Ok(removed.rows_affected() > 0)
}

pub(crate) async fn purge_workings(connection: &mut Connection, now_us: i64) -> Result<u64> {
    let purged = sqlx::query("delete from workings where expires_at <= $1")
        .bind(now_us)
        .execute(connection)
        .await?;
    Ok(purged.rows_affected())
}
