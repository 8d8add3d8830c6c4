//! Forgetting a data key.
//!
//! PostgreSQL leaves a deleted row in its page, and the page in its journal. The table is written anew, so that its
//! files hold the key no longer; the journal and whatever archives it forget in their own time, which nobody but the
//! operator of the server can hasten (`docs/OPERATIONS.md`).

use throughline_core::id::PersonId;
use uuid::Uuid;

use super::{Connection, Pool};
use crate::error::Result;

/// Deletes the data key of a person. Returns whether there was one.
///
/// # Errors
/// What the database says.
pub(crate) async fn delete_data_key(connection: &mut Connection, person: PersonId) -> Result<bool> {
    let deleted = sqlx::query("delete from person_keys where person = $1")
        .bind(person.as_bytes().as_slice())
        .execute(connection)
        .await?;
    Ok(deleted.rows_affected() > 0)
}

/// Writes the table of data keys anew, after whoever is using it. Returns whether that was possible.
///
/// # Errors
/// What the database says.
pub(crate) async fn clean_after_erasure(pool: &Pool) -> Result<bool> {
    let mut connection = pool.acquire().await?;
    // Whoever reads is soon done or will be for long.
    sqlx::raw_sql("set lock_timeout = '2s'")
        .execute(&mut *connection)
        .await?;
    let cleaned = sqlx::raw_sql("vacuum (full) person_keys")
        .execute(&mut *connection)
        .await;
    // The next user of the connection waits as long as any other.
    connection.close().await?;
    match cleaned {
        Ok(_) => Ok(true),
        Err(error) if super::is_lock_timeout(&error) => Ok(false),
        Err(error) => Err(error.into()),
    }
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
