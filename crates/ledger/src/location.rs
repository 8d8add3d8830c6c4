//! Where a ledger stands: in a data folder, or in a database of a server. Told to people without the password.

use std::fmt;
use std::path::{Path, PathBuf};

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

/// The address of a PostgreSQL database, as it was given: `postgres://USER@HOST:PORT/DATABASE`.
#[derive(Clone)]
pub struct DatabaseUrl {
    pub(crate) options: PgConnectOptions,
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
        match url.parse() {
            Ok(options) => Ok(DatabaseUrl { options }),
            Err(_) => Err(not_an_address("a part of it cannot be read")),
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

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let options = &self.options;
        let (user, port) = (options.get_username(), options.get_port());
        // A database that is not named is the one that has the name of the user.
        let database = options.get_database().unwrap_or(user);
        match options.get_socket() {
            Some(socket) => write!(
                formatter,
                "postgres://{user}@/{database}?host={}&port={port}",
                socket.display()
            ),
            None => write!(
                formatter,
                "postgres://{user}@{}:{port}/{database}",
                options.get_host()
            ),
        }
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
                "postgres://ada@db.example.org:5432/plan",
            ),
            (
                "postgresql://ada@db:6543/plan?password=secret",
                "postgres://ada@db:6543/plan",
            ),
            (
                "postgres://ada:secret@localhost/plan?host=/run/postgresql&port=6000",
                "postgres://ada@/plan?host=/run/postgresql&port=6000",
            ),
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
