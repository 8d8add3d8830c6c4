//! Where a ledger stands: in a data folder, or in a database of a server. Told to people without the password.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sqlx::postgres::PgConnectOptions;

use crate::error::{LedgerError, Result};

/// Where a ledger stands; it decides which engine keeps it.
#[derive(Clone, Debug)]
pub enum Location {
    /// A data folder, kept by SQLite.
    Folder(PathBuf),
    /// A database (or the schema that its search path names first), kept by PostgreSQL.
    Database(DatabaseUrl),
}

/// The address of a PostgreSQL database: `postgres://USER@HOST:PORT/DATABASE`.
#[derive(Clone)]
pub struct DatabaseUrl {
    pub(crate) options: Arc<PgConnectOptions>,
    /// As it was given, without the password.
    told: String,
}

impl Location {
    /// The data folder, if it is one.
    pub fn folder(&self) -> Option<&Path> {
        match self {
            Location::Folder(folder) => Some(folder),
            Location::Database(_) => None,
        }
    }
}

impl DatabaseUrl {
    /// Reads an address. What it leaves out is taken from PostgreSQL's own variables (`PGHOST`, `PGUSER`,
    /// `PGPASSWORD`, ...) and its file of passwords.
    ///
    /// # Errors
    /// [`LedgerError::NotAnAddress`]; it does not repeat what was given, which may contain a password.
    pub fn parse(url: &str) -> Result<DatabaseUrl> {
        let not_an_address = |what: &str| LedgerError::NotAnAddress {
            what: what.to_owned(),
        };
        if !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
            return Err(not_an_address("it does not begin with `postgres://`"));
        }
        // What reads addresses skips such characters, and the password could then not be told from the rest.
        if url.contains(|c: char| c.is_whitespace() || c.is_control() || c == '#') {
            return Err(not_an_address(
                "it contains a space or `#`; write them as %20 and %23",
            ));
        }
        let told = without_password(url);
        match url.parse() {
            Ok(options) => Ok(DatabaseUrl {
                options: Arc::new(options),
                told,
            }),
            Err(_) => Err(not_an_address("a part of it cannot be read")),
        }
    }

    /// The same database, with another schema in the place of the first one.
    pub(crate) fn in_schema(&self, schema: &str) -> DatabaseUrl {
        let options = self.options.as_ref().clone();
        DatabaseUrl {
            options: Arc::new(options.options([("search_path", schema)])),
            told: self.told.clone(),
        }
    }
}

impl From<&Path> for Location {
    fn from(folder: &Path) -> Self {
        Location::Folder(folder.to_owned())
    }
}

impl From<&PathBuf> for Location {
    fn from(folder: &PathBuf) -> Self {
        Location::Folder(folder.clone())
    }
}

impl From<DatabaseUrl> for Location {
    fn from(url: DatabaseUrl) -> Self {
        Location::Database(url)
    }
}

impl From<&Location> for Location {
    fn from(location: &Location) -> Self {
        location.clone()
    }
}

impl fmt::Display for Location {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Location::Folder(folder) => folder.display().fmt(formatter),
            Location::Database(url) => url.fmt(formatter),
        }
    }
}

/// The address without the two places in which a password can stand.
fn without_password(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or(("postgres", url));
    let (place, query) = match rest.split_once('?') {
        Some((place, query)) => (place, Some(query)),
        None => (rest, None),
    };
    let (authority, path) = match place.split_once('/') {
        Some((authority, path)) => (authority, format!("/{path}")),
        None => (place, String::new()),
    };
    let authority = match authority.rsplit_once('@') {
        Some((user, host)) => {
            let user = user.split(':').next().unwrap_or_default();
            format!("{user}@{host}")
        }
        None => authority.to_owned(),
    };
    // A name that is written in codes may be any.
    let may_be_told = |part: &&str| {
        let name = part.split('=').next().unwrap_or_default();
        name != "password" && !name.contains('%')
    };
    let query: Vec<&str> = query
        .unwrap_or_default()
        .split('&')
        .filter(may_be_told)
        .collect();
    let query = match query.join("&") {
        query if query.is_empty() => query,
        query => format!("?{query}"),
    };
    format!("{scheme}://{authority}{path}{query}")
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.told)
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "DatabaseUrl({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_told_without_their_passwords() {
        for (url, told) in [
            (
                "postgres://ada:secret@db.example.org/plan",
                "postgres://ada@db.example.org/plan",
            ),
            (
                "postgresql://ada@db:6543/plan?password=secret&sslmode=require",
                "postgresql://ada@db:6543/plan?sslmode=require",
            ),
            (
                "postgres://ada:se@cret:@localhost/plan?host=/run/postgresql&p%61ssword=secret",
                "postgres://ada@localhost/plan?host=/run/postgresql",
            ),
            (
                "postgres://ada@db/plan?options=-csearch_path%3Dharbour",
                "postgres://ada@db/plan?options=-csearch_path%3Dharbour",
            ),
            ("postgres:///plan", "postgres:///plan"),
            ("postgres://db?user=ada", "postgres://db?user=ada"),
        ] {
            let url = DatabaseUrl::parse(url).unwrap();
            assert_eq!(url.to_string(), told);
            assert_eq!(format!("{url:?}"), format!("DatabaseUrl({told})"));
        }
    }

    #[test]
    fn what_is_no_address_is_refused_and_not_repeated() {
        for url in [
            "",
            "secret",
            "mysql://ada:secret@db/plan",
            "postgres://ada:secret@db:port/plan",
            "postgres://ada:secret@db/plan?sslmode=secret",
            "postgres://ada@db/plan?pass\tword=secret",
        ] {
            let refused = DatabaseUrl::parse(url).unwrap_err();
            assert!(matches!(refused, LedgerError::NotAnAddress { .. }), "{url}");
            assert!(
                !format!("{refused} {refused:?}").contains("secret"),
                "{url}"
            );
        }
    }
}
