//! An encrypted connection with a real server: which certificates are accepted in which mode, and that what is refused is
//! said and sends nothing.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the way to fail")]

mod common;

use std::path::Path;
use std::sync::Arc;

use common::*;
use sqlx::{ConnectOptions, Connection};
use throughline_ledger::{DatabaseUrl, Ledger, LedgerError};
use throughline_testkit::certificates::Authority;
use throughline_testkit::postgres::Server;

/// The address of the server, in a mode, by a name, with the authority that is to have signed its certificate.
fn url(port: u16, mode: Option<&str>, host: &str, authority: Option<&Path>) -> String {
    let mut url = format!("postgres://throughline@{host}:{port}/postgres?application_name=ours");
    if let Some(mode) = mode {
        url.push_str(&format!("&sslmode={mode}"));
    }
    if let Some(file) = authority {
        url.push_str(&format!("&sslrootcert={}", file.display()));
    }
    url
}

async fn open(url: &str) -> Result<Ledger, LedgerError> {
    let clock = Arc::new(SteppingClock::from("2026-01-01T00:00:00Z"));
    let location = DatabaseUrl::parse(url)?;
    match Ledger::open(location.clone(), clock.clone(), randomness()).await {
        Err(LedgerError::NoLedger { .. }) => Ledger::create(location, clock, randomness()).await,
        opened => opened,
    }
}

/// Writes, reads, and looks whether all connections of the ledger are encrypted.
async fn check_accepted(url: &str) {
    let ledger = open(url)
        .await
        .unwrap_or_else(|error| panic!("{url}: {error}"));
    write(&ledger, commit(vec![objective(OBJECTIVE, "arrive", url)])).await;
    assert_eq!(ledger.verify().await.unwrap().problems, [], "{url}");
    let options: sqlx::postgres::PgConnectOptions = url.parse().unwrap();
    let mut connection = options.connect().await.unwrap();
    let (connections, encrypted): (i64, i64) = sqlx::query_as(
        "select count(*), count(*) filter (where ssl) from pg_stat_ssl join pg_stat_activity using (pid)
         where application_name = 'ours'",
    )
    .fetch_one(&mut connection)
    .await
    .unwrap();
    assert!(connections >= 2, "{url}: {connections}");
    assert_eq!(encrypted, connections, "{url}");
    connection.close().await.unwrap();
    ledger.close().await;
}

/// That it is refused says what is wrong, and is not taken for something that passes.
async fn check_refused(url: &str, expected: &str) {
    let refused = match open(url).await {
        Ok(_) => panic!("{url} was accepted"),
        Err(refused) => refused,
    };
    let is_lasting = matches!(
        refused,
        LedgerError::NotTrusted { .. } | LedgerError::AccessRefused { .. }
    );
    assert!(is_lasting, "{url}: {refused:?}");
    assert!(refused.to_string().contains(expected), "{url}: {refused}");
}

#[tokio::test]
async fn certificates_are_looked_at_as_the_mode_says() {
    let (Some(authority), Some(other)) = (Authority::new(), Authority::new()) else {
        return;
    };
    let Some(server) = Server::start() else {
        return;
    };
    server.kill();
    let port = server.start_with_tls(&authority.certificate_of("localhost"));
    let (right, wrong) = (authority.file(), other.file());
    for (mode, host, authority) in [
        (Some("verify-full"), "localhost", Some(right.as_path())),
        (Some("verify-ca"), "127.0.0.1", Some(right.as_path())),
        // These look at nothing, and encrypt.
        (Some("require"), "127.0.0.1", None),
        (None, "localhost", None),
    ] {
        check_accepted(&url(port, mode, host, authority)).await;
    }
    let unknown = "UnknownIssuer";
    for (mode, host, authority, expected) in [
        (
            Some("verify-full"),
            "localhost",
            Some(wrong.as_path()),
            unknown,
        ),
        (Some("verify-full"), "localhost", None, unknown),
        (
            Some("verify-full"),
            "127.0.0.1",
            Some(right.as_path()),
            "not valid for name",
        ),
        (
            Some("verify-ca"),
            "localhost",
            Some(wrong.as_path()),
            unknown,
        ),
        (Some("disable"), "localhost", None, "no encryption"),
    ] {
        check_refused(&url(port, mode, host, authority), expected).await;
    }

    // A server that has no certificate is refused where one is asked for, and not otherwise.
    server.kill();
    let port = server.start_with_port();
    for mode in ["verify-full", "verify-ca", "require"] {
        let url = url(port, Some(mode), "localhost", Some(&right));
        check_refused(&url, "server does not support TLS").await;
    }
    let plain = open(&url(port, None, "localhost", None)).await.unwrap();
    assert_eq!(plain.head().await.unwrap().number.0, 4);
    plain.close().await;
}
