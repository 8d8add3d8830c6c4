//! The statements that write.

use throughline_core::id::PersonId;
use uuid::Uuid;

use super::Connection;
use crate::commit::{Commit, Draft, Head};
use crate::error::Result;
use crate::extent::Extent;
use crate::stored::{StoredBlock, StoredChange, Version, stored_number};

/// Gives a new store its identity and the head of an empty line.
pub(crate) async fn insert_ledger(
    connection: &mut Connection,
    id: Uuid,
    head: &Head,
) -> Result<()> {
    sqlx::query("insert into ledger (\"only\", id, created_at) values (1, $1, $2)")
        .bind(id.as_bytes().as_slice())
        .bind(head.at.as_microsecond())
        .execute(&mut *connection)
        .await?;
    sqlx::query("insert into head (\"only\", number, hash, at) values (1, $1, $2, $3)")
        .bind(stored_number(head.number))
        .bind(head.hash.0.as_slice())
        .bind(head.at.as_microsecond())
        .execute(connection)
        .await?;
    Ok(())
}

/// Sets the head; whoever listens is told once the transaction is durable, and once for a whole group.
pub(crate) async fn update_head(connection: &mut Connection, head: &Head) -> Result<()> {
    sqlx::query("update head set number = $1, hash = $2, at = $3 where \"only\" = 1")
        .bind(stored_number(head.number))
        .bind(head.hash.0.as_slice())
        .bind(head.at.as_microsecond())
        .execute(&mut *connection)
        .await?;
    sqlx::query("select pg_notify('throughline_' || encode(id, 'hex'), $1::text) from ledger")
        .bind(stored_number(head.number).to_string())
        .execute(connection)
        .await?;
    Ok(())
}

pub(crate) async fn insert_commit(connection: &mut Connection, commit: &Commit) -> Result<()> {
    sqlx::query(
        "insert into commits (number, previous_hash, hash, at, recorded_at, brought_in, author, origin, reason, kind,
             draft, records, observations)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
    )
    .bind(stored_number(commit.number))
    .bind(commit.previous.0.as_slice())
    .bind(commit.hash.0.as_slice())
    .bind(commit.at.as_microsecond())
    .bind(commit.recorded_at.as_microsecond())
    .bind(commit.brought_in)
    .bind(commit.author.as_ref().map(|author| author.as_bytes().as_slice()))
    .bind(commit.origin.to_string())
    .bind(commit.reason.as_deref())
    .bind(commit.kind.word())
    .bind(commit.draft.as_ref().map(|draft| draft.0.as_bytes().as_slice()))
    .bind(i64::try_from(commit.records).unwrap_or(i64::MAX))
    .bind(i64::try_from(commit.observations).unwrap_or(i64::MAX))
    .execute(connection)
    .await?;
    Ok(())
}

/// How many versions one statement inserts, which bounds what is in memory twice.
const VERSIONS_PER_STATEMENT: usize = 4096;

pub(crate) async fn insert_versions(
    connection: &mut Connection,
    commit: &Commit,
    versions: &[Version],
) -> Result<()> {
    let is_put = |version: &Version| version.change == StoredChange::Put;
    for some in versions.chunks(VERSIONS_PER_STATEMENT) {
        // One parameter for each column.
        let ordinals: Vec<i64> = some.iter().map(|version| version.ordinal).collect();
        let kinds: Vec<&str> = some.iter().map(|version| version.kind.word()).collect();
        let ids: Vec<&[u8]> = some
            .iter()
            .map(|version| version.id.as_bytes().as_slice())
            .collect();
        let changes: Vec<&str> = some.iter().map(|version| version.change.word()).collect();
        let positions: Vec<Option<f64>> = some
            .iter()
            .map(|version| is_put(version).then_some(version.position))
            .collect();
        let bodies: Vec<Option<&str>> = some
            .iter()
            .map(|version| is_put(version).then_some(version.body.as_str()))
            .collect();
        let new_keys: Vec<bool> = some.iter().map(|version| version.new_key).collect();
        sqlx::query(
            "insert into record_versions (number, ordinal, kind, id, change, position, body, new_key, recorded_at, draft)
             select $1, ordinal, kind, id, change, position, body, new_key, $2, $3
             from unnest($4::bigint[], $5::text[], $6::bytea[], $7::text[], $8::double precision[], $9::text[],
                 $10::boolean[]) as version (ordinal, kind, id, change, position, body, new_key)",
        )
        .bind(stored_number(commit.number))
        .bind(commit.recorded_at.as_microsecond())
        .bind(commit.draft.as_ref().map(|draft| draft.0.as_bytes().as_slice()))
        .bind(ordinals)
        .bind(kinds)
        .bind(ids)
        .bind(changes)
        .bind(positions)
        .bind(bodies)
        .bind(new_keys)
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

pub(crate) async fn insert_block(connection: &mut Connection, block: &StoredBlock) -> Result<()> {
    sqlx::query(
        "insert into observation_blocks (number, ordinal, rows, hash, recorded_at, bytes,
             first_measure, last_measure, first_unit, last_unit, first_day, last_day)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
    )
    .bind(block.number)
    .bind(block.ordinal)
    .bind(block.rows)
    .bind(block.hash.as_slice())
    .bind(block.recorded_at)
    .bind(block.bytes.as_slice())
    .bind(block.extent.measures[0].as_slice())
    .bind(block.extent.measures[1].as_slice())
    .bind(block.extent.units[0].as_slice())
    .bind(block.extent.units[1].as_slice())
    .bind(block.extent.days[0])
    .bind(block.extent.days[1])
    .execute(connection)
    .await?;
    Ok(())
}

/// Says of a block what it can speak of.
pub(super) async fn set_extent(
    connection: &mut Connection,
    block: &StoredBlock,
    extent: &Extent,
) -> Result<()> {
    sqlx::query(
        "update observation_blocks set first_unit = $1, last_unit = $2, first_day = $3, last_day = $4
         where number = $5 and ordinal = $6",
    )
    .bind(extent.units[0].as_slice())
    .bind(extent.units[1].as_slice())
    .bind(extent.days[0])
    .bind(extent.days[1])
    .bind(block.number)
    .bind(block.ordinal)
    .execute(connection)
    .await?;
    Ok(())
}

pub(crate) async fn insert_data_key(
    connection: &mut Connection,
    person: PersonId,
    key: &[u8],
) -> Result<()> {
    sqlx::query("insert into person_keys (person, key) values ($1, $2)")
        .bind(person.as_bytes().as_slice())
        .bind(key)
        .execute(connection)
        .await?;
    Ok(())
}

pub(crate) async fn insert_label(connection: &mut Connection, draft: &Draft) -> Result<()> {
    sqlx::query("insert into labels (id, name, opened, closed) values ($1, $2, $3, null)")
        .bind(draft.id.0.as_bytes().as_slice())
        .bind(draft.name.as_str())
        .bind(stored_number(draft.opened))
        .execute(connection)
        .await?;
    Ok(())
}

pub(crate) async fn close_label(connection: &mut Connection, draft: &Draft) -> Result<()> {
    sqlx::query("update labels set closed = $1 where id = $2")
        .bind(draft.closed.map(stored_number))
        .bind(draft.id.0.as_bytes().as_slice())
        .execute(connection)
        .await?;
    Ok(())
}
