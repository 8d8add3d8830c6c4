//! A server of PostgreSQL in a temporary folder, started and stopped by tests.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};

use super::{is_roots, programs, run};
use crate::certificates::Certificate;

/// Who may do everything, without a password.
const OWNER: &str = "throughline";

/// Who is let in with a password alone; a test makes the role.
pub const GUARDED: &str = "guarded";

/// A server that is stopped and removed once this is dropped, or the process has ended in whatever way.
#[derive(Debug)]
pub struct Server {
    folder: PathBuf,
    programs: PathBuf,
    /// The account under which the server runs, where tests run as the administrator of the machine.
    account: Option<(u32, u32)>,
    /// Waits for the end of this process, and then cleans up.
    watcher: Child,
}

impl Server {
    /// Makes and starts a server; `None` if there is no PostgreSQL here.
    ///
    /// # Panics
    /// If it does not start.
    #[must_use]
    pub fn start() -> Option<Server> {
        static MADE: AtomicU64 = AtomicU64::new(0);
        let programs = programs()?;
        let number = MADE.fetch_add(1, Ordering::Relaxed);
        let name = format!("throughline-pg-{}-{number}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&folder).expect("the temporary folder can be written to");
        let account = is_roots(&folder).then(account_of_postgres);
        if let Some((user, group)) = account {
            std::os::unix::fs::chown(&folder, Some(user), Some(group))
                .expect("the administrator may give folders away");
        }
        let watcher = watcher(&folder, &programs, account);
        let server = Server {
            folder,
            programs,
            account,
            watcher,
        };
        let data = server.data();
        run(server
            .command("initdb")
            .args(["--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"])
            .arg(format!("--username={OWNER}"))
            .arg("-D")
            .arg(&data));
        let rules = format!("local all {GUARDED} scram-sha-256\nlocal all all trust\n");
        std::fs::write(data.join("pg_hba.conf"), rules).expect("the folder can be written to");
        server.start_again();
        Some(server)
    }

    /// The address of one of its databases.
    #[must_use]
    pub fn url(&self, database: &str) -> String {
        self.url_of(OWNER, database)
    }

    /// The address of one of its databases for a user, who may have a password (`user:password`).
    #[must_use]
    pub fn url_of(&self, user: &str, database: &str) -> String {
        let folder = self.folder.display();
        format!("postgres://{user}@localhost/{database}?host={folder}")
    }

    /// The folder with everything that the server keeps.
    #[must_use]
    pub fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// Starts it after it was stopped.
    ///
    /// # Panics
    /// If it does not start.
    pub fn start_again(&self) {
        self.start_with(&[]);
    }

    /// Starts it with other settings, such as `fsync=off`.
    ///
    /// # Panics
    /// If it does not start.
    pub fn start_with(&self, settings: &[&str]) {
        let mut options = format!(
            "-c listen_addresses='' -c unix_socket_directories='{}' -c max_connections=200",
            self.folder.display()
        );
        for setting in settings {
            options.push_str(" -c ");
            options.push_str(setting);
        }
        run(self
            .command("pg_ctl")
            .args(["start", "--wait", "--silent", "-D"])
            .arg(self.data())
            .arg("-l")
            .arg(self.folder.join("log"))
            .args(["-o", &options])
            .stdout(Stdio::null()));
    }

    /// Starts it so that it answers on a port of this machine, too, and there encrypted alone. Returns the port, which names
    /// its socket from then on.
    ///
    /// # Panics
    /// If it does not start.
    #[must_use]
    pub fn start_with_tls(&self, certificate: &Certificate) -> u16 {
        let data = self.data();
        let texts = [
            ("server.crt", &certificate.certificate),
            ("server.key", &certificate.key),
        ];
        for (name, text) in texts {
            let file = data.join(name);
            std::fs::write(&file, text).expect("the folder can be written to");
            let for_the_owner = std::fs::Permissions::from_mode(0o600);
            std::fs::set_permissions(&file, for_the_owner).expect("a file of ours");
            if let Some((user, group)) = self.account {
                std::os::unix::fs::chown(&file, Some(user), Some(group))
                    .expect("the administrator may give files away");
            }
        }
        self.let_in("hostssl all all 127.0.0.1/32 trust");
        let port = free_port();
        self.start_with(&[
            "listen_addresses=127.0.0.1",
            &format!("port={port}"),
            "ssl=on",
        ]);
        port
    }

    /// Starts it so that it answers on a port of this machine, too, and there without encryption. Returns the port.
    ///
    /// # Panics
    /// If it does not start.
    #[must_use]
    pub fn start_with_port(&self) -> u16 {
        self.let_in("host all all 127.0.0.1/32 trust");
        let port = free_port();
        self.start_with(&["listen_addresses=127.0.0.1", &format!("port={port}")]);
        port
    }

    /// Adds a line to the rules of who is let in.
    fn let_in(&self, rule: &str) {
        let file = self.data().join("pg_hba.conf");
        let rules = std::fs::read_to_string(&file).expect("the rules are there");
        std::fs::write(&file, format!("{rules}{rule}\n")).expect("the folder can be written to");
    }

    /// Stops it as if its machine had lost its power: nothing is finished.
    ///
    /// # Panics
    /// If it does not stop.
    pub fn kill(&self) {
        run(self
            .command("pg_ctl")
            .args(["stop", "--mode=immediate", "--silent", "-D"])
            .arg(self.data()));
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(self.programs.join(program));
        run_as(&mut command, self.account);
        command.current_dir(&self.folder).stdin(Stdio::null());
        command
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.watcher.stdin.take());
        drop(self.watcher.wait());
    }
}

/// A port on which nobody listens at this moment.
fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("there are free ports");
    listener.local_addr().expect("it has an address").port()
}

/// Starts a shell that waits until its input ends, which it does when this process ends, and then stops the server and
/// removes its folder.
fn watcher(folder: &Path, programs: &Path, account: Option<(u32, u32)>) -> Child {
    const SCRIPT: &str = "trap '' INT TERM HUP
        cat >/dev/null
        \"$2/pg_ctl\" stop --mode=immediate --silent -D \"$1/data\"
        rm -rf \"$1\"";
    let mut command = Command::new("sh");
    run_as(&mut command, account);
    command
        .args(["-c", SCRIPT, "sh"])
        .arg(folder)
        .arg(programs)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command.spawn().expect("there is a shell")
}

fn run_as(command: &mut Command, account: Option<(u32, u32)>) {
    use std::os::unix::process::CommandExt;
    if let Some((user, group)) = account {
        command.uid(user).gid(group);
    }
}

/// The account that the package makes; the server refuses to run as the administrator.
fn account_of_postgres() -> (u32, u32) {
    let accounts = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    let found = accounts.lines().find_map(|line| {
        let mut parts = line.strip_prefix("postgres:")?.split(':').skip(1);
        Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
    });
    found.expect("the package of PostgreSQL makes an account `postgres`")
}
