//! The statements that read.

use sqlx::postgres::PgRow;
use sqlx::{FromRow, Row};
use throughline_core::id::PersonId;
use throughline_model::Kind;
use uuid::Uuid;

use super::Connection;
use crate::commit::{DraftId, Head};
use crate::error::{LedgerError, Result};
use crate::extent::{Extent, Place};
use crate::stored::{
    StoredBlock, StoredCommit, StoredLabel, StoredVersion, commit_hash, commit_number, instant,
    uuid,
};

impl FromRow<'_, PgRow> for StoredCommit {
    fn from_row(row: &PgRow) -> sqlx::Result<Self> {
        Ok(StoredCommit {
            number: row.try_get(0)?,
            previous: row.try_get(1)?,
            hash: row.try_get(2)?,
            at: row.try_get(3)?,
            recorded_at: row.try_get(4)?,
            brought_in: row.try_get(5)?,
            author: row.try_get(6)?,
            origin: row.try_get(7)?,
            reason: row.try_get(8)?,
            kind: row.try_get(9)?,
            draft: row.try_get(10)?,
            records: row.try_get(11)?,
            observations: row.try_get(12)?,
        })
    }
}

impl FromRow<'_, PgRow> for StoredVersion {
    fn from_row(row: &PgRow) -> sqlx::Result<Self> {
        Ok(StoredVersion {
            number: row.try_get(0)?,
            ordinal: row.try_get(1)?,
            kind: row.try_get(2)?,
            id: row.try_get(3)?,
            change: row.try_get(4)?,
            position: row.try_get(5)?,
            body: row.try_get(6)?,
            new_key: row.try_get(7)?,
            recorded_at: row.try_get(8)?,
            draft: row.try_get(9)?,
        })
    }
}

impl FromRow<'_, PgRow> for StoredBlock {
    fn from_row(row: &PgRow) -> sqlx::Result<Self> {
        Ok(StoredBlock {
            number: row.try_get(0)?,
            ordinal: row.try_get(1)?,
            rows: row.try_get(2)?,
            hash: row.try_get(3)?,
            recorded_at: row.try_get(4)?,
            extent: Extent {
                measures: [row.try_get(5)?, row.try_get(6)?],
                units: [row.try_get(7)?, row.try_get(8)?],
                days: [row.try_get(9)?, row.try_get(10)?],
            },
            bytes: row.try_get(11)?,
        })
    }
}

impl FromRow<'_, PgRow> for StoredLabel {
    fn from_row(row: &PgRow) -> sqlx::Result<Self> {
        Ok(StoredLabel {
            id: row.try_get(0)?,
            name: row.try_get(1)?,
            opened: row.try_get(2)?,
            closed: row.try_get(3)?,
        })
    }
}

/// The identity of the ledger and when it was created, in microseconds.
pub(crate) async fn ledger(connection: &mut Connection) -> Result<(Uuid, i64)> {
    let row: Option<(Vec<u8>, i64)> =
        sqlx::query_as("select id, created_at from ledger where \"only\" = 1")
            .fetch_optional(connection)
            .await?;
    let (id, created_at) =
        row.ok_or_else(|| LedgerError::corrupted("ledger", "what it is called is not there"))?;
    let id = uuid(&id).ok_or_else(|| LedgerError::corrupted("ledger", "its id is no id"))?;
    Ok((id, created_at))
}

pub(crate) async fn head(connection: &mut Connection) -> Result<Head> {
    let row: Option<(i64, Vec<u8>, i64)> =
        sqlx::query_as("select number, hash, at from head where \"only\" = 1")
            .fetch_optional(connection)
            .await?;
    let bad = |what| LedgerError::corrupted("head", what);
    let (number, hash, at) = row.ok_or_else(|| bad("it is not there"))?;
    Ok(Head {
        number: commit_number(number),
        hash: commit_hash(&hash).ok_or_else(|| bad("its hash is no hash"))?,
        at: instant(at).ok_or_else(|| bad("its time is no time"))?,
    })
}

/// The first number from this one on under which there is a commit, a version or a block.
pub(crate) async fn next_number(connection: &mut Connection, first: i64) -> Result<Option<i64>> {
    let (number,) = sqlx::query_as(
        "select min(number) from (
             select min(number) as number from commits where number >= $1
             union all select min(number) from record_versions where number >= $1
             union all select min(number) from observation_blocks where number >= $1
         ) as numbers",
    )
    .bind(first)
    .fetch_one(connection)
    .await?;
    Ok(number)
}

/// The commits from one number to another, both included.
pub(crate) async fn commits(
    connection: &mut Connection,
    first: i64,
    last: i64,
) -> Result<Vec<StoredCommit>> {
    let rows = sqlx::query_as(
        "select number, previous_hash, hash, at, recorded_at, brought_in, author, origin, reason, kind, draft, records,
             observations
         from commits where number between $1 and $2 order by number",
    )
    .bind(first)
    .bind(last)
    .fetch_all(connection)
    .await?;
    Ok(rows)
}

/// The first commit that was not brought in as history: its number and time.
pub(crate) async fn first_without_recorded_at(
    connection: &mut Connection,
) -> Result<Option<(i64, i64)>> {
    let row = sqlx::query_as(
        "select number, at from commits where not brought_in order by number limit 1",
    )
    .fetch_optional(connection)
    .await?;
    Ok(row)
}

/// The latest times of history that was brought in: of plans, and of observations.
pub(crate) async fn latest_brought_in(
    connection: &mut Connection,
) -> Result<(Option<i64>, Option<i64>)> {
    let (plan,): (Option<i64>,) =
        sqlx::query_as("select max(recorded_at) from commits where brought_in and records > 0")
            .fetch_one(&mut *connection)
            .await?;
    let (observations,): (Option<i64>,) = sqlx::query_as(
        "select max(recorded_at) from commits where brought_in and observations > 0",
    )
    .fetch_one(connection)
    .await?;
    Ok((plan, observations))
}

/// Number and time of the commit with which the plan first became known.
pub(crate) async fn first_of_the_plan(connection: &mut Connection) -> Result<Option<(i64, i64)>> {
    let row = sqlx::query_as(
        "select number, recorded_at from commits where kind = 'plan' and draft is null
         order by recorded_at, number limit 1",
    )
    .fetch_optional(connection)
    .await?;
    Ok(row)
}

/// Of each record of the main line, as known at a time and up to a commit: the newest version first (and whether it
/// is that), then the older ones that had another key.
pub(crate) async fn versions_as_known(
    connection: &mut Connection,
    recorded_at: i64,
    last: i64,
) -> Result<Vec<(StoredVersion, bool)>> {
    let rows = sqlx::query(
        "select number, ordinal, kind, id, change, position, body, new_key, recorded_at, draft, age = 1
         from (
             select number, ordinal, kind, id, change, position, body, new_key, recorded_at, draft,
                 row_number() over (
                     partition by kind, id order by recorded_at desc, number desc, ordinal desc
                 ) as age
             from record_versions
             where draft is null and change <> 'erase' and recorded_at <= $1 and number <= $2
         ) as aged
         where change = 'put' and (age = 1 or new_key)",
    )
    .bind(recorded_at)
    .bind(last)
    .fetch_all(connection)
    .await?;
    let versions = rows
        .iter()
        .map(|row| Ok((StoredVersion::from_row(row)?, row.try_get(10)?)));
    Ok(versions.collect::<sqlx::Result<_>>()?)
}

/// The versions of some commits, of all lines, in the order in which they were made.
pub(crate) async fn versions(
    connection: &mut Connection,
    first: i64,
    last: i64,
) -> Result<Vec<StoredVersion>> {
    let rows = sqlx::query_as(
        "select number, ordinal, kind, id, change, position, body, new_key, recorded_at, draft
         from record_versions where number between $1 and $2 order by number, ordinal",
    )
    .bind(first)
    .bind(last)
    .fetch_all(connection)
    .await?;
    Ok(rows)
}

/// The versions of a draft, in the order in which they were made.
pub(crate) async fn versions_of_draft(
    connection: &mut Connection,
    draft: DraftId,
) -> Result<Vec<StoredVersion>> {
    let rows = sqlx::query_as(
        "select number, ordinal, kind, id, change, position, body, new_key, recorded_at, draft
         from record_versions
         where draft = $1 and number in (select number from commits where draft = $1)
         order by number, ordinal",
    )
    .bind(draft.0.as_bytes().as_slice())
    .fetch_all(connection)
    .await?;
    Ok(rows)
}

/// The versions of one record in the main line, in the order in which they became known.
pub(crate) async fn versions_of_record(
    connection: &mut Connection,
    kind: Kind,
    id: Uuid,
) -> Result<Vec<StoredVersion>> {
    let rows = sqlx::query_as(
        "select number, ordinal, kind, id, change, position, body, new_key, recorded_at, draft
         from record_versions where kind = $1 and id = $2 and draft is null
         order by recorded_at, number, ordinal",
    )
    .bind(kind.word())
    .bind(id.as_bytes().as_slice())
    .fetch_all(connection)
    .await?;
    Ok(rows)
}

/// The blocks as known at a time that can have cells within an extent, in the order in which they became known.
pub(crate) async fn blocks_as_known(
    connection: &mut Connection,
    recorded_at: i64,
    wanted: &Extent,
) -> Result<Vec<StoredBlock>> {
    let rows = sqlx::query_as(
        "select number, ordinal, rows, hash, recorded_at, first_measure, last_measure, first_unit, last_unit,
             first_day, last_day, bytes
         from observation_blocks
         where recorded_at <= $1 and first_measure <= $2 and last_measure >= $3
             and first_unit <= $4 and last_unit >= $5 and first_day <= $6 and last_day >= $7
         order by recorded_at, number, ordinal",
    )
    .bind(recorded_at)
    .bind(wanted.measures[1].as_slice())
    .bind(wanted.measures[0].as_slice())
    .bind(wanted.units[1].as_slice())
    .bind(wanted.units[0].as_slice())
    .bind(wanted.days[1])
    .bind(wanted.days[0])
    .fetch_all(connection)
    .await?;
    Ok(rows)
}

/// The latest of the blocks before a place that can have cells within an extent, so many at most, the latest first.
pub(crate) async fn latest_blocks(
    connection: &mut Connection,
    before: Place,
    wanted: &Extent,
    most: i64,
) -> Result<Vec<StoredBlock>> {
    let rows = sqlx::query_as(
        "select number, ordinal, rows, hash, recorded_at, first_measure, last_measure, first_unit, last_unit,
             first_day, last_day, bytes
         from observation_blocks
         where (recorded_at, number, ordinal) < ($1, $2, $3)
             and first_measure <= $4 and last_measure >= $5
             and first_unit <= $6 and last_unit >= $7 and first_day <= $8 and last_day >= $9
         order by recorded_at desc, number desc, ordinal desc limit $10",
    )
    .bind(before.recorded_at)
    .bind(before.number)
    .bind(before.ordinal)
    .bind(wanted.measures[1].as_slice())
    .bind(wanted.measures[0].as_slice())
    .bind(wanted.units[1].as_slice())
    .bind(wanted.units[0].as_slice())
    .bind(wanted.days[1])
    .bind(wanted.days[0])
    .bind(most)
    .fetch_all(connection)
    .await?;
    Ok(rows)
}

/// The blocks of some commits, in the order in which they were made.
pub(crate) async fn blocks(
    connection: &mut Connection,
    first: i64,
    last: i64,
) -> Result<Vec<StoredBlock>> {
    let rows = sqlx::query_as(
        "select number, ordinal, rows, hash, recorded_at, first_measure, last_measure, first_unit, last_unit,
             first_day, last_day, bytes
         from observation_blocks where number between $1 and $2 order by number, ordinal",
    )
    .bind(first)
    .bind(last)
    .fetch_all(connection)
    .await?;
    Ok(rows)
}

/// Whether there is any observation.
pub(crate) async fn has_observations(connection: &mut Connection) -> Result<bool> {
    let (exists,): (bool,) = sqlx::query_as("select exists(select 1 from observation_blocks)")
        .fetch_one(connection)
        .await?;
    Ok(exists)
}

/// How many data keys there are.
pub(crate) async fn count_data_keys(connection: &mut Connection) -> Result<u64> {
    let (count,): (i64,) = sqlx::query_as("select count(*) from person_keys")
        .fetch_one(connection)
        .await?;
    Ok(count.unsigned_abs())
}

/// Every data key that there is.
pub(crate) async fn data_keys(connection: &mut Connection) -> Result<Vec<(PersonId, Vec<u8>)>> {
    let rows: Vec<(Vec<u8>, Vec<u8>)> = sqlx::query_as("select person, key from person_keys")
        .fetch_all(connection)
        .await?;
    let keys = rows.into_iter().map(|(person, key)| {
        let person = uuid(&person)
            .ok_or_else(|| LedgerError::corrupted("data keys", "a person is no id"))?;
        Ok((PersonId::from_uuid(person), key))
    });
    keys.collect()
}

/// Every draft, in the order in which they were opened.
pub(crate) async fn labels(connection: &mut Connection) -> Result<Vec<StoredLabel>> {
    let rows = sqlx::query_as("select id, name, opened, closed from labels order by opened")
        .fetch_all(connection)
        .await?;
    Ok(rows)
}

/// What the database itself finds wrong with what it keeps: nothing that it could tell here. Where its checksums are on
/// it refuses damaged pages when they are read.
pub(crate) async fn damage(_: &mut Connection) -> Result<Vec<String>> {
    Ok(Vec::new())
}
