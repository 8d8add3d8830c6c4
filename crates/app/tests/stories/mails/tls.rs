//! Mails to a server that speaks TLS, from the first byte or when it is asked: they come encrypted, and none goes to a server
//! whose certificate nobody known has signed.
//!
//! Whom a process trusts is known when it starts, so that what sends runs as a process of its own.

use std::io::Write;
use std::net::Ipv4Addr;
use std::path::Path;
use std::process::Command;

use throughline_app::mail::{Mailer, deliver};
use throughline_testkit::certificates::Authority;
use throughline_testkit::mail::{Encryption, MailCatcher};

use super::desk::{Desk, FROM, ORIGIN};

/// Another address of this machine: with 127.0.0.1 nothing is encrypted that is not asked to be.
const HOST: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 2);
/// The variable that says where what sends finds the server.
const SERVER: &str = "THROUGHLINE_TEST_MAIL_SERVER";

/// What a process says that trusts an authority and sends the mails of a week.
fn sent_to(url: &str, authority: &Path) -> String {
    let itself = std::env::current_exe().expect("this test");
    let ran = Command::new(itself)
        .args([
            "mails::tls::what_sends",
            "--exact",
            "--ignored",
            "--nocapture",
        ])
        .env(SERVER, url)
        .env("SSL_CERT_FILE", authority)
        .env_remove("SSL_CERT_DIR")
        .output()
        .expect("this test runs once more");
    let said = String::from_utf8_lossy(&ran.stderr).into_owned();
    assert!(ran.status.success(), "{url}: {said}");
    said
}

#[tokio::test]
#[ignore = "the tests below run it, with a server and an authority"]
async fn what_sends() {
    let server = std::env::var(SERVER).expect("a server");
    let desk = Desk::new(&format!("tls-{}", std::process::id())).await;
    let mailer = Mailer::new(
        server.parse().expect("an address"),
        FROM,
        None,
        ORIGIN.to_owned(),
    );
    let done = deliver(&desk.ctx, &mailer.expect("a mailer"))
        .await
        .expect("mails");
    let said = writeln!(
        std::io::stderr(),
        "sent {}, waiting {}: {:?}",
        done.sent,
        done.waiting,
        done.told
    );
    said.expect("somebody listens");
}

#[test]
fn mails_come_encrypted_where_the_certificate_is_known() {
    let Some(authority) = Authority::new() else {
        return;
    };
    let config = Encryption::by(&authority.certificate_of(&HOST.to_string()));
    for encryption in [
        Encryption::FromTheStart(config.clone()),
        Encryption::WhenAsked(config),
    ] {
        let catcher = MailCatcher::start_encrypted(HOST, encryption);
        let said = sent_to(&catcher.url(), &authority.file());
        assert!(
            said.contains("sent 2, waiting 0"),
            "{}: {said}",
            catcher.url()
        );
        let caught = catcher.caught();
        assert_eq!(caught.len(), 2);
        assert!(
            caught.iter().all(|mail| mail.is_encrypted),
            "{}",
            catcher.url()
        );
    }
}

#[test]
fn nothing_is_sent_where_the_certificate_is_not_known_or_of_another() {
    let (Some(known), Some(other)) = (Authority::new(), Authority::new()) else {
        return;
    };
    let of_other = other.certificate_of(&HOST.to_string());
    let of_another_name = known.certificate_of("mail.example.org");
    for certificate in [of_other, of_another_name] {
        let config = Encryption::by(&certificate);
        for encryption in [
            Encryption::FromTheStart(config.clone()),
            Encryption::WhenAsked(config.clone()),
        ] {
            let catcher = MailCatcher::start_encrypted(HOST, encryption);
            let said = sent_to(&catcher.url(), &known.file());
            assert!(
                said.contains("sent 0, waiting 2"),
                "{}: {said}",
                catcher.url()
            );
            assert!(said.contains("ertificate"), "it says why: {said}");
            assert!(catcher.caught().is_empty());
        }
    }
}

#[test]
fn nothing_is_sent_to_a_server_that_offers_no_encryption() {
    let Some(authority) = Authority::new() else {
        return;
    };
    let catcher = MailCatcher::start_encrypted(HOST, Encryption::Nothing);
    let said = sent_to(&catcher.url(), &authority.file());
    assert!(said.contains("sent 0, waiting 2"), "{said}");
    assert!(catcher.caught().is_empty());
}
