//! A ledger that is made in a schema of its own and then takes the place of another one, in one transaction.

use std::collections::BTreeSet;

use sqlx::Connection as _;
use throughline_core::id::PersonId;
use uuid::Uuid;

use super::connect::{Contents, connect, contents, hold_the_schema, not_a_ledger, pool};
use super::{Connection, Pool, erased_persons, insert_ledger, migrate};
use crate::commit::Head;
use crate::error::{LedgerError, Result};
use crate::location::{DatabaseUrl, Location};

/// How many connections filling and verifying need.
const CONNECTIONS: u32 = 2;

/// A ledger in a schema of its own.
pub(crate) struct Staged {
    url: DatabaseUrl,
    schema: String,
    pub(crate) pool: Pool,
}

/// Makes an empty ledger in a new schema of the database.
///
/// # Errors
/// [`LedgerError::LedgerExists`] unless it is to be replaced; [`LedgerError::NotALedger`] if there is something else;
/// what the database says.
pub(crate) async fn stage(
    url: &DatabaseUrl,
    name: &str,
    id: Uuid,
    head: &Head,
    replace: bool,
) -> Result<Staged> {
    let mut connection = connect(url).await?;
    refuse_contents(&mut connection, url, replace).await?;
    let schema = format!("throughline_{name}");
    run(&mut connection, &format!("create schema {schema}")).await?;
    connection.close().await?;
    let beside = url.in_schema(&schema);
    let staged = Staged {
        url: url.clone(),
        schema,
        pool: pool(&beside, CONNECTIONS),
    };
    match staged.make_tables(id, head).await {
        Ok(()) => Ok(staged),
        Err(error) => {
            staged.discard().await;
            Err(error)
        }
    }
}

impl Staged {
    async fn make_tables(&self, id: Uuid, head: &Head) -> Result<()> {
        let mut transaction = self.pool.begin().await?;
        migrate(&mut transaction, head.at.as_microsecond()).await?;
        insert_ledger(&mut transaction, id, head).await?;
        Ok(transaction.commit().await?)
    }

    /// Moves its tables into the schema of the ledger, and what was there into another one, whose name is returned.
    /// `erased`: whom that one is known to have erased.
    ///
    /// # Errors
    /// [`LedgerError::LedgerExists`]; [`LedgerError::InUse`], also if somebody else was erased there since; what the
    /// database says.
    pub(crate) async fn publish(
        self,
        replace: bool,
        erased: &BTreeSet<PersonId>,
    ) -> Result<Option<String>> {
        self.pool.close().await;
        let moved = self.take_the_place(replace, erased).await;
        // After it was moved there is an empty schema left, or the schema with what could not be moved.
        self.discard().await;
        match moved {
            Err(LedgerError::Locked) => Err(LedgerError::InUse),
            moved => moved,
        }
    }

    async fn take_the_place(
        &self,
        replace: bool,
        erased: &BTreeSet<PersonId>,
    ) -> Result<Option<String>> {
        let mut connection = connect(&self.url).await?;
        let mut transaction = connection.begin().await?;
        hold_the_schema(&mut transaction).await?;
        let found = refuse_contents(&mut transaction, &self.url, replace).await?;
        let (place,): (String,) = sqlx::query_as("select current_schema()::text")
            .fetch_one(&mut *transaction)
            .await?;
        let kept_aside = if found == Contents::Ledger {
            let aside = free_name(&mut transaction, &place).await?;
            run(
                &mut transaction,
                &format!("create schema {}", quoted(&aside)),
            )
            .await?;
            move_tables(&mut transaction, &place, &aside, &self.schema).await?;
            // Whoever was writing has finished by now, and nobody can begin.
            let erased_there = erased_in(&mut transaction, &aside).await?;
            if !erased_there.iter().all(|person| erased.contains(person)) {
                return Err(LedgerError::InUse);
            }
            Some(format!("schema {aside}"))
        } else {
            None
        };
        move_tables(&mut transaction, &self.schema, &place, &self.schema).await?;
        transaction.commit().await?;
        connection.close().await?;
        Ok(kept_aside)
    }

    /// Removes it with all that is in it.
    pub(crate) async fn discard(self) {
        self.pool.close().await;
        if let Ok(mut connection) = connect(&self.url).await {
            let statement = format!("drop schema if exists {} cascade", self.schema);
            drop(run(&mut connection, &statement).await);
        }
    }
}

async fn refuse_contents(
    connection: &mut Connection,
    url: &DatabaseUrl,
    replace: bool,
) -> Result<Contents> {
    match contents(connection).await? {
        Contents::Ledger if !replace => Err(LedgerError::LedgerExists {
            location: Location::Database(url.clone()),
        }),
        Contents::SomethingElse => Err(not_a_ledger(url)),
        contents => Ok(contents),
    }
}

/// The persons who are erased in the ledger of a schema; nobody where it is damaged, since then nobody can know.
async fn erased_in(connection: &mut Connection, schema: &str) -> Result<Vec<PersonId>> {
    let mut attempt = connection.begin().await?;
    let path = format!("set local search_path to {}", quoted(schema));
    run(&mut attempt, &path).await?;
    let erased = erased_persons(&mut attempt).await;
    attempt.rollback().await?;
    Ok(erased.unwrap_or_default())
}

/// Moves the tables of a ledger from one schema to another: those that stand in the schema of the list.
async fn move_tables(connection: &mut Connection, from: &str, to: &str, list: &str) -> Result<()> {
    let tables: Vec<(String,)> = sqlx::query_as(
        "select c.relname::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where n.nspname = $1 and c.relkind = 'r'
             and exists (select 1 from pg_class o join pg_namespace m on m.oid = o.relnamespace
                 where m.nspname = $2 and o.relname = c.relname and o.relkind = 'r')
         order by c.relname",
    )
    .bind(from)
    .bind(list)
    .fetch_all(&mut *connection)
    .await?;
    for (table,) in tables {
        let (from, to, table) = (quoted(from), quoted(to), quoted(&table));
        run(
            connection,
            &format!("alter table {from}.{table} set schema {to}"),
        )
        .await?;
    }
    Ok(())
}

/// The first name of this form that is free: `public_before_restore_1`.
async fn free_name(connection: &mut Connection, place: &str) -> Result<String> {
    let taken: Vec<(String,)> = sqlx::query_as("select nspname::text from pg_namespace")
        .fetch_all(connection)
        .await?;
    let is_free = |name: &String| !taken.iter().any(|(taken,)| taken == name);
    let name = (1..=taken.len() + 1)
        .map(|number| format!("{place}_before_restore_{number}"))
        .find(is_free);
    Ok(name.unwrap_or_else(|| format!("{place}_before_restore")))
}

/// A name as it stands in a statement.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Runs a statement that names things, which cannot be parameters.
async fn run(connection: &mut Connection, statement: &str) -> Result<()> {
    let safe = sqlx::AssertSqlSafe(statement.to_owned());
    sqlx::raw_sql(safe).execute(connection).await?;
    Ok(())
}
