//! Forgetting a data key, so that no byte of it stays in the file.

use throughline_core::id::PersonId;
use uuid::Uuid;

use super::Connection;
use crate::error::Result;

/// Deletes the data key of a person. Returns whether there was one.
///
/// The library overwrites a row that it deletes (`secure_delete`), but promises nothing about copies that it may leave
/// in a page when it moves rows between pages. It does overwrite the pages of a table that is dropped: the keys that
/// stay are therefore moved to a new table. There is one key for each person, so that this is quick.
///
/// # Errors
/// What the database says.
pub(crate) async fn delete_data_key(connection: &mut Connection, person: PersonId) -> Result<bool> {
    let deleted = sqlx::query("delete from person_keys where person = $1")
        .bind(person.as_bytes().as_slice())
        .execute(&mut *connection)
        .await?;
    let (definition,): (String,) =
        sqlx::query_as("select sql from sqlite_schema where name = 'person_keys'")
            .fetch_one(&mut *connection)
            .await?;
    sqlx::raw_sql("alter table person_keys rename to person_keys_before")
        .execute(&mut *connection)
        .await?;
    sqlx::raw_sql(sqlx::AssertSqlSafe(definition))
        .execute(&mut *connection)
        .await?;
    let moved = "insert into person_keys (person, key) select person, key from person_keys_before;
        drop table person_keys_before";
    sqlx::raw_sql(moved).execute(&mut *connection).await?;
    Ok(deleted.rows_affected() > 0)
}

/// The persons who are erased.
///
/// # Errors
/// What the database says.
pub(crate) async fn erased_persons(connection: &mut Connection) -> Result<Vec<PersonId>> {
    let rows: Vec<(Vec<u8>,)> =
        sqlx::query_as("select id from record_versions where change = 'erase'")
            .fetch_all(connection)
            .await?;
    let ids = rows.iter().filter_map(|(id,)| Uuid::from_slice(id).ok());
    Ok(ids.map(PersonId::from_uuid).collect())
}
