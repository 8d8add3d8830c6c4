//! The statements that write.

use std::sync::LazyLock;

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
    sqlx::query("insert into ledger (only, id, created_at) values (1, $1, $2)")
        .bind(id.as_bytes().as_slice())
        .bind(head.at.as_microsecond())
        .execute(&mut *connection)
        .await?;
    sqlx::query("insert into head (only, number, hash, at) values (1, $1, $2, $3)")
        .bind(stored_number(head.number))
        .bind(head.hash.0.as_slice())
        .bind(head.at.as_microsecond())
        .execute(connection)
        .await?;
    Ok(())
}

pub(crate) async fn update_head(connection: &mut Connection, head: &Head) -> Result<()> {
    sqlx::query("update head set number = $1, hash = $2, at = $3 where only = 1")
        .bind(stored_number(head.number))
        .bind(head.hash.0.as_slice())
        .bind(head.at.as_microsecond())
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

/// How many versions one statement inserts: handing a statement to the thread of the database costs more than a row.
const VERSIONS_PER_STATEMENT: usize = 64;

/// The statement that inserts so many versions.
fn insertion_of_versions(rows: usize) -> String {
    const ROW: &str = "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    let columns = "number, ordinal, kind, id, change, position, body, new_key, recorded_at, draft";
    format!(
        "insert into record_versions ({columns}) values {}",
        vec![ROW; rows].join(", ")
    )
}

static INSERTION_OF_MANY_VERSIONS: LazyLock<String> =
    LazyLock::new(|| insertion_of_versions(VERSIONS_PER_STATEMENT));

pub(crate) async fn insert_versions(
    connection: &mut Connection,
    commit: &Commit,
    versions: &[Version],
) -> Result<()> {
    for some in versions.chunks(VERSIONS_PER_STATEMENT) {
        let mut statement = if some.len() == VERSIONS_PER_STATEMENT {
            sqlx::query(INSERTION_OF_MANY_VERSIONS.as_str())
        } else {
            sqlx::query(sqlx::AssertSqlSafe(insertion_of_versions(some.len()))).persistent(false)
        };
        for version in some {
            let is_put = version.change == StoredChange::Put;
            statement = statement
                .bind(stored_number(commit.number))
                .bind(version.ordinal)
                .bind(version.kind.word())
                .bind(version.id.as_bytes().as_slice())
                .bind(version.change.word())
                .bind(is_put.then_some(version.position))
                .bind(is_put.then_some(version.body.as_str()))
                .bind(version.new_key)
                .bind(commit.recorded_at.as_microsecond())
                .bind(
                    commit
                        .draft
                        .as_ref()
                        .map(|draft| draft.0.as_bytes().as_slice()),
                );
        }
        statement.execute(&mut *connection).await?;
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
