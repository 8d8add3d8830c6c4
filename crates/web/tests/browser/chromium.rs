//! The one Chromium of these tests, and how it is talked to: messages of the DevTools protocol over a pair of pipes.
//!
//! Pipes need no port and no library, and end with this process in whatever way it ends; Chromium then ends, too.
//! <https://chromedevtools.github.io/devtools-protocol/>

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{ChildStdin, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};

/// The variable that names another Chromium, or a Chrome.
const VARIABLE: &str = "THROUGHLINE_TEST_CHROMIUM";

/// The names under which systems have it.
const NAMES: [&str; 4] = [
    "chromium",
    "chromium-browser",
    "google-chrome-stable",
    "google-chrome",
];

/// How long an answer or an event may take; machines of CI are slow at times.
const PATIENCE: Duration = Duration::from_secs(120);

/// What Chromium is started with: nothing of its own goes out, no tab is slowed down because it is not in front, and
/// all machines show the same colours.
const ARGUMENTS: &[&str] = &[
    "--headless",
    "--remote-debugging-pipe",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-extensions",
    "--disable-sync",
    "--disable-gpu",
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
    "--force-color-profile=srgb",
    "--lang=en-GB",
    "about:blank",
];

/// Gives the pipes the numbers under which Chromium looks for them, and removes its profile when it has ended.
const SCRIPT: &str = "trap '' INT TERM HUP
    profile=\"$1\"; shift
    \"$@\" 3<&0 4>&1 </dev/null >/dev/null 2>&1
    rm -rf \"$profile\"";

/// Where messages go, by session.
type Listeners = Arc<Mutex<HashMap<String, Sender<Value>>>>;

/// A running Chromium.
pub struct Chromium {
    requests: Mutex<ChildStdin>,
    next: AtomicU64,
    listeners: Listeners,
    own: Mutex<Session>,
}

/// A conversation with a tab, or with the browser itself.
pub struct Session {
    /// Empty for the browser itself.
    id: String,
    incoming: Receiver<Value>,
    /// What happened and was not asked for, in its order.
    pub events: Vec<Value>,
}

/// The Chromium of this process, or `None` if this machine has none.
///
/// # Panics
/// In CI if there is none; if it does not start.
pub fn chromium() -> Option<&'static Chromium> {
    static SHARED: OnceLock<Option<Chromium>> = OnceLock::new();
    let shared = SHARED.get_or_init(|| program().map(|program| Chromium::start(&program)));
    if shared.is_none() {
        refuse_in_ci();
    }
    shared.as_ref()
}

impl Chromium {
    fn start(program: &Path) -> Chromium {
        let name = format!("throughline-chromium-{}", std::process::id());
        let profile = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&profile).expect("the temporary folder can be written to");
        let mut command = Command::new("sh");
        command
            .args(["-c", SCRIPT, "sh"])
            .arg(&profile)
            .arg(program);
        command.arg(format!("--user-data-dir={}", profile.display()));
        if is_roots(&profile) {
            // Chromium refuses to run as the administrator inside of its sandbox, and CI on a bare machine has nobody
            // else. It opens nothing but our own pages, from this machine.
            command.arg("--no-sandbox");
        }
        let mut child = command
            .args(ARGUMENTS)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("there is a shell");
        let (Some(requests), Some(answers)) = (child.stdin.take(), child.stdout.take()) else {
            unreachable!("both were asked for");
        };
        let listeners = Listeners::default();
        let own = Session::listening(String::new(), &listeners);
        let reader = Arc::clone(&listeners);
        std::thread::spawn(move || {
            hand_out(answers, &reader);
            drop(child.wait());
        });
        Chromium {
            requests: Mutex::new(requests),
            next: AtomicU64::new(1),
            listeners,
            own: Mutex::new(own),
        }
    }

    /// Asks the browser itself.
    ///
    /// # Panics
    /// If it refuses.
    pub fn ask(&self, method: &str, parameters: Value) -> Value {
        let answer = locked(&self.own).ask(self, method, parameters);
        answer.unwrap_or_else(|error| panic!("{method}: {error}"))
    }

    /// A conversation with a tab.
    pub fn session(&self, id: &str) -> Session {
        Session::listening(id.to_owned(), &self.listeners)
    }

    fn send(&self, message: &Value) {
        let mut bytes = message.to_string().into_bytes();
        bytes.push(0);
        let sent = locked(&self.requests).write_all(&bytes);
        sent.expect("Chromium has ended; does it start by itself, with --headless?");
    }
}

impl Session {
    fn listening(id: String, listeners: &Listeners) -> Session {
        let (sender, incoming) = channel();
        locked(listeners).insert(id.clone(), sender);
        Session {
            id,
            incoming,
            events: Vec::new(),
        }
    }

    /// Asks something, and waits for the answer; what else is told meanwhile is kept in `events`.
    pub fn ask(
        &mut self,
        chromium: &Chromium,
        method: &str,
        parameters: Value,
    ) -> Result<Value, String> {
        let number = chromium.next.fetch_add(1, Ordering::Relaxed);
        let mut message = json!({ "id": number, "method": method, "params": parameters });
        if !self.id.is_empty() {
            message["sessionId"] = json!(self.id);
        }
        chromium.send(&message);
        loop {
            let mut told = self.next();
            if told["id"] == number {
                return match &told["error"]["message"] {
                    Value::String(error) => Err(error.clone()),
                    _ => Ok(told["result"].take()),
                };
            }
            self.events.push(told);
        }
    }

    /// Waits until something has happened since `events` had that many.
    pub fn wait_for(&mut self, event: &str, since: usize) {
        let happened = |events: &[Value]| events.iter().any(|told| told["method"] == event);
        while !happened(self.events.get(since..).unwrap_or_default()) {
            let told = self.next();
            self.events.push(told);
        }
    }

    fn next(&self) -> Value {
        let told = self.incoming.recv_timeout(PATIENCE);
        told.expect("Chromium ended, or said nothing for too long")
    }
}

/// Gives each message to whom it is meant for, until Chromium ends.
fn hand_out(answers: ChildStdout, listeners: &Listeners) {
    for message in BufReader::new(answers).split(0) {
        let Ok(message) = message else { break };
        let Ok(message) = serde_json::from_slice::<Value>(&message) else {
            continue;
        };
        let session = message["sessionId"].as_str().unwrap_or_default();
        if let Some(listener) = locked(listeners).get(session) {
            // A tab that was closed no longer listens.
            drop(listener.send(message));
        }
    }
    // Whoever waits learns that nothing will come.
    locked(listeners).clear();
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The program of Chromium: the one that the variable names, or the first that the system finds.
fn program() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os(VARIABLE) {
        return Some(PathBuf::from(named));
    }
    let folders = std::env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = std::env::split_paths(&folders).collect();
    NAMES
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)))
        .find(|program| program.is_file())
}

/// Says once that tests are skipped, past the capture of their output.
fn refuse_in_ci() {
    static SAID: OnceLock<()> = OnceLock::new();
    let is_ci = std::env::var("CI").is_ok_and(|value| value == "true");
    assert!(
        !is_ci,
        "there is no Chromium here, and {VARIABLE} names none"
    );
    SAID.get_or_init(|| {
        let said = writeln!(
            std::io::stderr(),
            "skipped: tests in the browser, since there is no Chromium here and {VARIABLE} names none"
        );
        drop(said);
    });
}

/// Whether something is owned by the administrator of the machine.
fn is_roots(path: &Path) -> bool {
    path.metadata().is_ok_and(|metadata| metadata.uid() == 0)
}
