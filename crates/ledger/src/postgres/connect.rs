//! Opening the database, with the settings on which durability rests: each connection is asked for them.

use std::io::ErrorKind;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{ConnectOptions, Connection as _};
use uuid::Uuid;

use super::{
    Connection, LEAST_POSTGRES, Listener, Pool, Transaction, insert_ledger, is_newest_format,
    migrate,
};
use crate::commit::Head;
use crate::error::{LedgerError, Result};
use crate::location::{DatabaseUrl, Location};

/// The most connections of one handle: one that writes and a few that read.
const CONNECTIONS_LIMIT: u32 = 5;

/// How long a caller waits for a connection while the server does not answer.
const CONNECTION_TIMEOUT: Duration = Duration::from_secs(5);

/// How long a writer waits for another one.
const LOCK_TIMEOUT: &str = "10s";

/// How long a writer may hold the head without a word, so that one whose machine is gone holds it up no longer.
const IDLE_TIMEOUT: &str = "5min";

/// Stands as comment on the table `ledger`, so that a ledger is known for one.
const MARK: &str = "throughline ledger";

/// What is in a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Contents {
    Nothing,
    Ledger,
    SomethingElse,
}

/// Makes an empty ledger in an empty database.
///
/// # Errors
/// [`LedgerError::LedgerExists`]; [`LedgerError::NotALedger`] if there is something else; what the database says, and
/// then nothing is left behind.
pub(crate) async fn create(url: &DatabaseUrl, id: Uuid, head: &Head) -> Result<()> {
    let mut connection = connect(url).await?;
    let mut transaction = connection.begin().await?;
    hold_the_schema(&mut transaction).await?;
    match contents(&mut transaction).await? {
        Contents::Nothing => {}
        Contents::Ledger => {
            return Err(LedgerError::LedgerExists {
                location: Location::Database(url.clone()),
            });
        }
        Contents::SomethingElse => return Err(not_a_ledger(url)),
    }
    migrate(&mut transaction, head.at.as_microsecond()).await?;
    insert_ledger(&mut transaction, id, head).await?;
    transaction.commit().await?;
    connection.close().await?;
    Ok(())
}

/// Opens the ledger of a database, and brings its tables to the newest format.
///
/// # Errors
/// [`LedgerError::NoLedger`], [`LedgerError::NotALedger`], [`LedgerError::NewerFormat`], [`LedgerError::OldPostgres`],
/// [`LedgerError::NotDurable`], [`LedgerError::Unavailable`], [`LedgerError::AccessRefused`]; what the database says.
pub(crate) async fn open(url: &DatabaseUrl, now_us: i64) -> Result<Pool> {
    // The first connection is made here and not by the pool, which would try again for a while.
    let mut connection = connect(url).await?;
    match contents(&mut connection).await? {
        Contents::Ledger => {}
        Contents::Nothing => {
            return Err(LedgerError::NoLedger {
                location: Location::Database(url.clone()),
            });
        }
        Contents::SomethingElse => return Err(not_a_ledger(url)),
    }
    if !is_newest_format(&mut connection).await? {
        let mut transaction = connection.begin().await?;
        hold_the_schema(&mut transaction).await?;
        migrate(&mut transaction, now_us).await?;
        transaction.commit().await?;
    }
    connection.close().await?;
    Ok(pool(url, CONNECTIONS_LIMIT))
}

/// Connections that are made when they are needed, and made again when they are lost.
pub(crate) fn pool(url: &DatabaseUrl, connections: u32) -> Pool {
    PgPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(CONNECTION_TIMEOUT)
        .after_connect(|connection, _| {
            Box::pin(async move {
                let checked = check(connection).await;
                checked.map_err(|error| sqlx::Error::Configuration(Box::new(error)))
            })
        })
        .connect_lazy_with(options(url))
}

fn options(url: &DatabaseUrl) -> PgConnectOptions {
    let options = PgConnectOptions::clone(&url.options);
    let options = match options.get_application_name() {
        Some(_) => options,
        None => options.application_name("throughline"),
    };
    options
        .options([
            ("lock_timeout", LOCK_TIMEOUT),
            ("idle_in_transaction_session_timeout", IDLE_TIMEOUT),
        ])
        .disable_statement_logging()
}

pub(super) async fn connect(url: &DatabaseUrl) -> Result<Connection> {
    let connecting = options(url);
    let connected = tokio::time::timeout(CONNECTION_TIMEOUT, connecting.connect()).await;
    let mut connection = match connected {
        Ok(Ok(connection)) => connection,
        // A socket that is not there, a name that is none: whatever it is, there is no server to be reached.
        Ok(Err(sqlx::Error::Io(error))) if error.kind() != ErrorKind::InvalidData => {
            return Err(LedgerError::Unavailable {
                what: format!("{url}: {error}"),
            });
        }
        // A server that is ended while it answers.
        Ok(Err(sqlx::Error::Protocol(what))) => {
            return Err(LedgerError::Unavailable {
                what: format!("{url}: {what}"),
            });
        }
        Ok(Err(error)) => return Err(error.into()),
        Err(_) => {
            return Err(LedgerError::Unavailable {
                what: format!("{url} does not answer"),
            });
        }
    };
    check(&mut connection).await?;
    Ok(connection)
}

/// Refuses a server on which acknowledged would not mean on disk, or that is too old, or that keeps text otherwise.
async fn check(connection: &mut Connection) -> Result<()> {
    let (version, name, synchronous, flushing, whole_pages, encoding): (i32, String, String, String, String, String) =
        sqlx::query_as(
            "select current_setting('server_version_num')::integer, current_setting('server_version'),
                 current_setting('synchronous_commit'), current_setting('fsync'), current_setting('full_page_writes'),
                 current_setting('server_encoding')",
        )
        .fetch_one(connection)
        .await?;
    let (least, least_number) = LEAST_POSTGRES;
    if version < least_number {
        return Err(LedgerError::OldPostgres { found: name, least });
    }
    let settings = [
        ("synchronous_commit", synchronous),
        ("fsync", flushing),
        ("full_page_writes", whole_pages),
    ];
    for (setting, value) in settings {
        if value == "off" {
            return Err(LedgerError::NotDurable { setting });
        }
    }
    if encoding != "UTF8" {
        return Err(LedgerError::OtherEncoding { found: encoding });
    }
    Ok(())
}

pub(super) fn not_a_ledger(url: &DatabaseUrl) -> LedgerError {
    LedgerError::NotALedger {
        what: url.to_string(),
    }
}

/// What is in the schema that comes first in the search path.
pub(super) async fn contents(connection: &mut Connection) -> Result<Contents> {
    let (schema, mark, tables): (Option<String>, Option<String>, i64) = sqlx::query_as(
        "select current_schema()::text,
             (select obj_description(c.oid, 'pg_class') from pg_class c join pg_namespace n on n.oid = c.relnamespace
              where n.nspname = current_schema() and c.relname = 'ledger'),
             (select count(*) from pg_class c join pg_namespace n on n.oid = c.relnamespace
              where n.nspname = current_schema() and c.relkind in ('r', 'p', 'v', 'm', 'f', 'S')
                  and not exists (select 1 from pg_depend d where d.objid = c.oid and d.deptype = 'e'))",
    )
    .fetch_one(connection)
    .await?;
    if schema.is_none() {
        return Err(LedgerError::NotFound {
            what: "schema of that name in the database; create it first".to_owned(),
        });
    }
    Ok(match (mark.as_deref(), tables) {
        (Some(MARK), _) => Contents::Ledger,
        (_, 0) => Contents::Nothing,
        _ => Contents::SomethingElse,
    })
}

/// Lets one process at a time change the tables of a schema, until the transaction ends.
pub(super) async fn hold_the_schema(connection: &mut Connection) -> Result<()> {
    sqlx::query(
        "select pg_advisory_xact_lock(hashtextextended('throughline ' || current_schema(), 0))",
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Begins to read: everything in the transaction sees the same state.
///
/// # Errors
/// What the database says.
pub(crate) async fn begin_read(pool: &Pool) -> Result<Transaction> {
    let begin = "begin transaction isolation level repeatable read read only";
    pool.begin_with(begin).await.map_err(of_acquiring)
}

/// Takes the head of the line, after whoever holds it now.
///
/// # Errors
/// [`LedgerError::Locked`] if that takes longer than ten seconds; what the database says.
pub(crate) async fn begin_write(pool: &Pool) -> Result<Transaction> {
    let mut transaction = begin_workings(pool).await?;
    // Each later statement sees what was durable when the lock was given, since nobody else writes until it is given
    // back.
    sqlx::query("select number from head where \"only\" = 1 for update")
        .fetch_one(&mut *transaction)
        .await?;
    Ok(transaction)
}

/// Begins to write what is outside the line.
///
/// # Errors
/// What the database says.
pub(crate) async fn begin_workings(pool: &Pool) -> Result<Transaction> {
    let begin = "begin transaction isolation level read committed read write";
    pool.begin_with(begin).await.map_err(of_acquiring)
}

/// Here a pool that has no connection to give is one that cannot make any.
fn of_acquiring(error: sqlx::Error) -> LedgerError {
    match error {
        sqlx::Error::PoolTimedOut => LedgerError::Unavailable {
            what: "the server does not answer, or has no connection to give".to_owned(),
        },
        sqlx::Error::Protocol(what) => LedgerError::Unavailable { what },
        // Such as a socket that is gone with its server.
        sqlx::Error::Io(error) if error.kind() != ErrorKind::InvalidData => {
            LedgerError::Unavailable {
                what: error.to_string(),
            }
        }
        other => other.into(),
    }
}

/// Listens to what is written to a ledger, with a connection of the pool.
///
/// # Errors
/// What the database says.
pub(crate) async fn listen(pool: &Pool) -> Result<Listener> {
    let (channel,): (String,) =
        sqlx::query_as("select 'throughline_' || encode(id, 'hex') from ledger")
            .fetch_one(pool)
            .await
            .map_err(of_acquiring)?;
    let mut listener = Listener::connect_with(pool).await.map_err(of_acquiring)?;
    // A lost connection is told, and made again by whoever asks for news.
    listener.eager_reconnect(false);
    listener.listen(&channel).await?;
    Ok(listener)
}
