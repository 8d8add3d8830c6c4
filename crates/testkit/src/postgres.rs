//! Databases for tests, each of its own, on a PostgreSQL that is there or that is started for them.
//!
//! Where the variable `THROUGHLINE_TEST_POSTGRES` has an address, its server is used; its user must be allowed to make
//! databases. Else a server is started from the programs on this machine, once for each process of tests, on a socket in
//! a temporary folder, and stopped with the process. Where there is none, tests of it are skipped and say so; in CI
//! (`CI=true`) that is an error.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

pub use server::Server;

mod server;

/// The variable with the address of a server for tests.
pub const VARIABLE: &str = "THROUGHLINE_TEST_POSTGRES";

/// Where Debian and others keep the programs of a server: a folder for each version.
const VERSIONS: &str = "/usr/lib/postgresql";

/// A database that is there for one test, and goes away with it.
#[derive(Debug)]
pub struct Database {
    maintenance: String,
    name: String,
}

impl Database {
    /// An empty database, or `None` if there is no PostgreSQL here.
    ///
    /// # Panics
    /// In CI if there is no PostgreSQL; if it does not start or makes no database.
    #[must_use]
    pub fn new() -> Option<Database> {
        static SHARED: OnceLock<Option<Server>> = OnceLock::new();
        if let Ok(url) = std::env::var(VARIABLE) {
            return Some(Database::at(url));
        }
        match SHARED.get_or_init(Server::start) {
            Some(server) => Some(Database::at(server.url("postgres"))),
            None => {
                refuse_in_ci();
                None
            }
        }
    }

    /// An empty database of a server that a test has for itself.
    ///
    /// # Panics
    /// If the server makes no database.
    #[must_use]
    pub fn of(server: &Server) -> Database {
        Database::at(server.url("postgres"))
    }

    /// Another database with the same contents; nobody may be connected to this one.
    ///
    /// # Panics
    /// If the server makes no database.
    #[must_use]
    pub fn copied(&self) -> Database {
        Database::from_template(self.maintenance.clone(), &self.name)
    }

    fn at(maintenance: String) -> Database {
        Database::from_template(maintenance, "template0")
    }

    fn from_template(maintenance: String, template: &str) -> Database {
        static MADE: AtomicU64 = AtomicU64::new(0);
        let number = MADE.fetch_add(1, Ordering::Relaxed);
        let name = format!("throughline_test_{}_{number}", std::process::id());
        run(Command::new(program("createdb"))
            .arg(format!("--maintenance-db={maintenance}"))
            .arg(format!("--template={template}"))
            .args(["--encoding=UTF8", &name]));
        Database { maintenance, name }
    }

    /// Its address.
    #[must_use]
    pub fn url(&self) -> String {
        with_database(&self.maintenance, &self.name)
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        // A server that a test has stopped takes its databases along.
        drop(
            Command::new(program("dropdb"))
                .arg(format!("--maintenance-db={}", self.maintenance))
                .args(["--force", "--if-exists", &self.name])
                .output(),
        );
    }
}

/// The address with another database.
fn with_database(url: &str, database: &str) -> String {
    let (before, query) = match url.split_once('?') {
        Some((before, query)) => (before, format!("?{query}")),
        None => (url, String::new()),
    };
    let (scheme, rest) = before.split_once("://").unwrap_or(("postgres", before));
    let server = rest.split('/').next().unwrap_or(rest);
    format!("{scheme}://{server}/{database}{query}")
}

/// The folder with the programs of the newest server on this machine.
fn programs() -> Option<PathBuf> {
    let versions = std::fs::read_dir(VERSIONS).ok()?;
    let numbered = versions.filter_map(|entry| {
        let entry = entry.ok()?;
        let number: u32 = entry.file_name().to_str()?.parse().ok()?;
        let programs = entry.path().join("bin");
        programs
            .join("initdb")
            .exists()
            .then_some((number, programs))
    });
    numbered.max().map(|(_, programs)| programs)
}

/// A program of PostgreSQL: of the newest version, or wherever the system finds it.
#[must_use]
pub fn program(name: &str) -> PathBuf {
    match programs() {
        Some(programs) => programs.join(name),
        None => PathBuf::from(name),
    }
}

/// Runs a program that must succeed.
fn run(command: &mut Command) {
    let output = command
        .output()
        .unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(
        output.status.success(),
        "{command:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// Says once that tests are skipped, past the capture of their output.
fn refuse_in_ci() {
    static SAID: OnceLock<()> = OnceLock::new();
    let is_ci = std::env::var("CI").is_ok_and(|value| value == "true");
    assert!(
        !is_ci,
        "there is no PostgreSQL in {VERSIONS}, and {VARIABLE} names none"
    );
    SAID.get_or_init(|| {
        let said = writeln!(
            std::io::stderr(),
            "skipped: tests on PostgreSQL, since there is none in {VERSIONS} and {VARIABLE} names none"
        );
        drop(said);
    });
}

/// Whether something is owned by the administrator of the machine.
#[cfg(unix)]
fn is_roots(path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    path.metadata().is_ok_and(|metadata| metadata.uid() == 0)
}

#[cfg(test)]
mod tests {
    use super::with_database;

    #[test]
    fn addresses_name_another_database() {
        for (url, expected) in [
            ("postgres://ada@db/postgres", "postgres://ada@db/mine"),
            ("postgres://ada@db", "postgres://ada@db/mine"),
            (
                "postgres://ada@db:1/x?host=/run/a",
                "postgres://ada@db:1/mine?host=/run/a",
            ),
        ] {
            assert_eq!(with_database(url, "mine"), expected);
        }
    }
}
