//! Runs the binary in a folder of its own, at a fixed time.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// The time at which commands run where a test says nothing else.
pub const NOW: &str = "2026-11-23T10:00:00Z";

/// The root of the workspace.
pub fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A folder of a test, empty at its start.
pub struct Bench {
    folder: PathBuf,
}

/// What a command answered.
pub struct Answer {
    /// The status with which it ended.
    pub status: i32,
    /// Results.
    pub out: String,
    /// Everything else.
    pub err: String,
}

impl Bench {
    /// A folder with that name, which must be of one test alone.
    pub fn new(name: &str) -> Bench {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        Bench { folder }
    }

    /// A path in the folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Writes a file into the folder.
    pub fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    /// The command with these arguments, in the folder.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_throughline"));
        command
            .args(arguments)
            .current_dir(&self.folder)
            .stdin(Stdio::null())
            .env("NO_COLOR", "1");
        command
    }

    /// Runs a command at that time.
    pub fn run_at(&self, time: &str, arguments: &[&str]) -> Answer {
        let output = self.command(arguments).args(["--clock", time]).output();
        answer(output.unwrap())
    }

    /// Runs a command.
    pub fn run(&self, arguments: &[&str]) -> Answer {
        self.run_at(NOW, arguments)
    }

    /// Runs a command that must succeed, and gives its results.
    pub fn ok(&self, arguments: &[&str]) -> String {
        let answer = self.run(arguments);
        assert_eq!(answer.status, 0, "{arguments:?}: {}", answer.err);
        answer.out
    }
}

/// What a process answered.
pub fn answer(output: Output) -> Answer {
    Answer {
        status: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}
