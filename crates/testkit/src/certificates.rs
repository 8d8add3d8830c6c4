//! Certificates for tests: an authority of their own, made by `openssl`, and what it signs.
//!
//! Debian's PostgreSQL brings `openssl` along. Where there is none tests of it are skipped and say so; in CI (`CI=true`)
//! that is an error.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU64, Ordering};

/// How long certificates hold, in days.
const DAYS: &str = "2";

/// Whoever signs certificates; its files go away with it.
#[derive(Debug)]
pub struct Authority {
    folder: PathBuf,
}

/// A certificate with its key, as text in the form PEM.
#[derive(Debug)]
pub struct Certificate {
    /// The certificate.
    pub certificate: String,
    /// Its key.
    pub key: String,
}

impl Authority {
    /// A new authority, or `None` if there is no `openssl` here.
    ///
    /// # Panics
    /// In CI if there is no `openssl`; if it makes no certificate.
    #[must_use]
    pub fn new() -> Option<Authority> {
        static MADE: AtomicU64 = AtomicU64::new(0);
        if Command::new("openssl").arg("version").output().is_err() {
            let is_ci = std::env::var("CI").is_ok_and(|value| value == "true");
            assert!(!is_ci, "there is no `openssl`");
            let said = writeln!(std::io::stderr(), "skipped: there is no `openssl`");
            drop(said);
            return None;
        }
        let number = MADE.fetch_add(1, Ordering::Relaxed);
        let name = format!("throughline-ca-{}-{number}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&folder).expect("the temporary folder can be written to");
        let authority = Authority { folder };
        let subject = format!("/CN=Authority {number} of a test");
        let mut arguments = vec!["req", "-x509", "-days", DAYS, "-subj", &subject];
        arguments.extend(NEW_KEY);
        arguments.extend(["-keyout", "ca.key", "-out", "ca.crt"]);
        authority.run(&arguments);
        Some(authority)
    }

    /// The file with its own certificate.
    #[must_use]
    pub fn file(&self) -> PathBuf {
        self.folder.join("ca.crt")
    }

    /// A certificate of a server of that name, or of that address.
    ///
    /// # Panics
    /// If `openssl` makes none.
    #[must_use]
    pub fn certificate_of(&self, host: &str) -> Certificate {
        let subject = format!("/CN={host}");
        let mut arguments = vec!["req", "-subj", &subject];
        arguments.extend(NEW_KEY);
        arguments.extend(["-keyout", "server.key", "-out", "server.csr"]);
        self.run(&arguments);
        let kind = match host.parse::<std::net::IpAddr>() {
            Ok(_) => "IP",
            Err(_) => "DNS",
        };
        let names = format!("subjectAltName={kind}:{host}\n");
        std::fs::write(self.folder.join("names"), names).expect("a file");
        self.run(&[
            "x509",
            "-req",
            "-days",
            DAYS,
            "-in",
            "server.csr",
            "-CA",
            "ca.crt",
            "-CAkey",
            "ca.key",
            "-CAcreateserial",
            "-extfile",
            "names",
            "-out",
            "server.crt",
        ]);
        let read = |name: &str| std::fs::read_to_string(self.folder.join(name)).expect("a file");
        Certificate {
            certificate: read("server.crt"),
            key: read("server.key"),
        }
    }

    fn run(&self, arguments: &[&str]) {
        let mut command = Command::new("openssl");
        command.args(arguments).current_dir(Path::new(&self.folder));
        let output = command.output().expect("`openssl` runs");
        assert!(
            output.status.success(),
            "{command:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
}

/// Makes a key of a kind that is quickly made.
const NEW_KEY: [&str; 5] = [
    "-newkey",
    "ec",
    "-pkeyopt",
    "ec_paramgen_curve:prime256v1",
    "-nodes",
];

impl Drop for Authority {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.folder));
    }
}
