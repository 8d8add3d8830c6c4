//! A ledger of a test, twelve files that can be loaded into it, and the binary that does it.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use throughline_ledger::{DatabaseUrl, FILE_NAME, Location};

use crate::contents::{Contents, read};

/// How many files there are to load, each with cells of its own.
pub const FILES: usize = 12;

/// How many rows a file has.
pub const ROWS: usize = 60;

/// How finely a moment is chosen.
const STEP: Duration = Duration::from_micros(500);

/// How many steps a command may take before a test gives up on it: minutes, on a machine as slow as that.
const STEPS_LIMIT: u64 = 400_000;

const ORGANISATION: &str = "\
organisation: { key: harbour, name: Harbour, time_zone: UTC }
units:
  - { key: harbour, name: Harbour }
  - { key: a, name: A, parent: harbour }
  - { key: b, name: B, parent: harbour }
  - { key: c, name: C, parent: harbour }
  - { key: d, name: D, parent: harbour }
  - { key: e, name: E, parent: harbour }
";

const MEASURES: &str = "\
measures:
  - { key: calls, name: Calls, kind: sum, frequency: month }
";

/// A folder of a test with a plan, files to load, and the ledger.
pub struct Rig {
    folder: PathBuf,
    database: Option<String>,
}

/// How a command ended.
pub struct Ended {
    /// Its status; `None` if it was killed.
    pub status: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Ended {
    /// Whether the write was acknowledged: from then on it must be there, however the command ended.
    pub fn is_acknowledged(&self) -> bool {
        self.out.contains("(commit ")
    }
}

impl From<Output> for Ended {
    fn from(output: Output) -> Ended {
        Ended {
            status: output.status.code(),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

impl Rig {
    /// A folder with that name, which must be of one test alone, without a ledger.
    pub fn new(name: &str) -> Rig {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        drop(std::fs::remove_dir_all(&folder));
        for part in ["plan", "disk"] {
            std::fs::create_dir_all(folder.join(part)).unwrap();
        }
        // What watches the disk compares whole paths.
        let folder = folder.canonicalize().unwrap();
        std::fs::write(folder.join("plan/organisation.yaml"), ORGANISATION).unwrap();
        std::fs::write(folder.join("plan/measures.yaml"), MEASURES).unwrap();
        for file in 0..FILES {
            std::fs::write(folder.join(file_name(file)), file_text(file)).unwrap();
        }
        let database = None;
        Rig { folder, database }
    }

    /// The same with its ledger in a database.
    pub fn with_database(self, url: String) -> Rig {
        let database = Some(url);
        Rig { database, ..self }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// The folder that stands for a disk.
    pub fn disk(&self) -> PathBuf {
        self.path("disk")
    }

    pub fn location(&self) -> Location {
        match &self.database {
            Some(url) => DatabaseUrl::parse(url).unwrap().into(),
            None => Location::Folder(self.disk().join("data")),
        }
    }

    /// The binary with these arguments, on this ledger.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.program(arguments);
        match &self.database {
            Some(url) => command.args(["--database", url]),
            None => command.arg("--data").arg(self.disk().join("data")),
        };
        command
    }

    fn program(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_throughline"));
        command
            .args(arguments)
            .current_dir(&self.folder)
            .env("NO_COLOR", "1")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// The binary with these arguments, on a ledger in another folder.
    pub fn command_at(&self, data: &Path, arguments: &[&str]) -> Command {
        let mut command = self.program(arguments);
        command.arg("--data").arg(data);
        command
    }

    /// The command that loads a file, whose commit then has the name of the file for its reason.
    pub fn load(&self, file: usize) -> Command {
        let name = file_name(file);
        self.command(&["load", &name, "--reason", &name])
    }

    /// The command that makes the ledger.
    pub fn apply(&self) -> Command {
        self.command(&["apply", "plan", "--reason", "plan"])
    }

    /// What is in the ledger, which must be whole.
    pub fn contents(&self) -> Contents {
        read(self.location()).unwrap_or_else(|what| panic!("{}: {what}", self.location()))
    }

    /// Throws the ledger away and takes a copy of another data folder for it.
    pub fn copy_from(&self, template: &Path) {
        let data = self.disk().join("data");
        drop(std::fs::remove_dir_all(&data));
        copy(template, &data);
    }
}

/// Starts a process that has the ledger of a folder open until its input ends.
#[cfg(target_os = "linux")]
pub fn held_open(rig: &Rig, mut command: Command) -> Child {
    let child = command.stdin(Stdio::piped()).spawn().unwrap();
    let shared = rig.disk().join("data").join(format!("{FILE_NAME}-shm"));
    let is_open = (0..STEPS_LIMIT).any(|_| {
        std::thread::sleep(STEP);
        shared.exists()
    });
    assert!(is_open, "the ledger is open while its user waits for input");
    child
}

/// Copies the files of a folder.
pub fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}

pub fn file_name(file: usize) -> String {
    format!("file-{file}.csv")
}

/// The rows of a file: months of a year of its own, in each of the five units. Every value says its file and row.
pub fn file_text(file: usize) -> String {
    let rows = (0..ROWS).map(|row| {
        let unit = ["a", "b", "c", "d", "e"][row / 12];
        let (year, month, value) = (2000 + file, row % 12 + 1, file * 1000 + row);
        format!("calls,{unit},{year}-{month:02},{value}\n")
    });
    std::iter::once("measure,unit,period,value\n".to_owned())
        .chain(rows)
        .collect()
}

/// Runs a command to its end.
pub fn run(mut command: Command) -> Ended {
    command.output().unwrap().into()
}

/// Runs a command that must succeed.
pub fn ok(command: Command) -> Ended {
    let what = format!("{command:?}");
    let ended = run(command);
    assert_eq!(ended.status, Some(0), "{what}: {}", ended.err);
    ended
}

/// How many steps a command takes that is left alone.
pub fn steps_of(mut command: Command) -> u64 {
    let mut child = command.spawn().unwrap();
    let taken = (1..STEPS_LIMIT).find(|_| {
        std::thread::sleep(STEP);
        child.try_wait().unwrap().is_some()
    });
    end(child);
    taken.expect("the command ends")
}

/// Starts a command, does something to the world after so many steps, and tells how the command ended.
pub fn disturbed(mut command: Command, after: u64, disturbance: impl FnOnce(&mut Child)) -> Ended {
    let mut child = command.spawn().unwrap();
    for _ in 0..after {
        std::thread::sleep(STEP);
        if child.try_wait().unwrap().is_some() {
            break;
        }
    }
    disturbance(&mut child);
    end(child)
}

/// Waits for a process, which is killed if it takes far too long.
pub fn end(mut child: Child) -> Ended {
    // What it says fits into the pipes, so that nobody needs to read in the meantime.
    for _ in 0..STEPS_LIMIT {
        if child.try_wait().unwrap().is_some() {
            break;
        }
        std::thread::sleep(STEP);
    }
    drop(child.kill());
    let (mut out, mut err) = (String::new(), String::new());
    drop(child.stdout.take().unwrap().read_to_string(&mut out));
    drop(child.stderr.take().unwrap().read_to_string(&mut err));
    let status = child.wait().unwrap().code();
    Ended { status, out, err }
}
