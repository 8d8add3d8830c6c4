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
    /// The address of the database of the ledger, where it stands in none of the folder.
    database: Option<String>,
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
        std::fs::create_dir_all(&folder).expect("a folder for the test");
        Bench {
            folder,
            database: None,
        }
    }

    /// The same with its ledger in a database.
    pub fn with_database(self, url: String) -> Bench {
        Bench {
            database: Some(url),
            ..self
        }
    }

    /// A path in the folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Writes a file into the folder.
    pub fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        let folder = path.parent().expect("a file in the folder");
        std::fs::create_dir_all(folder).expect("a folder");
        std::fs::write(path, text).expect("a file");
    }

    /// The command with these arguments, in the folder.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_throughline"));
        command
            .args(arguments)
            .current_dir(&self.folder)
            .stdin(Stdio::null())
            .env("NO_COLOR", "1");
        if let Some(url) = &self.database {
            command.args(["--database", url]);
        }
        command
    }

    /// Runs a command at that time.
    pub fn run_at(&self, time: &str, arguments: &[&str]) -> Answer {
        let output = self.command(arguments).args(["--clock", time]).output();
        answer(output.expect("the binary runs"))
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

    /// Replaces a text in a file of the folder, which must hold it.
    pub fn replace(&self, name: &str, from: &str, to: &str) {
        let text = std::fs::read_to_string(self.path(name)).expect("a file");
        assert!(text.contains(from), "{name} holds no {from:?}:\n{text}");
        self.write(name, &text.replace(from, to));
    }

    /// Moves a file, to a folder that is made for it where there is none.
    pub fn rename(&self, from: &str, to: &str) {
        let to = self.path(to);
        let folder = to.parent().expect("a folder");
        std::fs::create_dir_all(folder).expect("a folder");
        std::fs::rename(self.path(from), to).expect("a file");
    }

    /// Copies a folder of files.
    pub fn copy(&self, from: &str, to: &str) {
        for entry in std::fs::read_dir(self.path(from)).expect("a folder") {
            let entry = entry.expect("an entry");
            let text = std::fs::read_to_string(entry.path()).expect("a file");
            self.write(
                &format!("{to}/{}", entry.file_name().to_string_lossy()),
                &text,
            );
        }
    }

    /// Runs the commands of a script, one a line, and writes down what each answers: results, then in brackets what is
    /// on standard error, then the status if it is not 0. A line `@ TIME` sets the time of those that follow.
    pub fn transcript(&self, script: &str) -> String {
        let mut time = NOW.to_owned();
        let mut out = String::new();
        for line in script
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
        {
            if let Some(new) = line.strip_prefix("@ ") {
                time = new.to_owned();
                continue;
            }
            let words = words(line);
            let arguments: Vec<&str> = words.iter().map(String::as_str).collect();
            let answer = self.run_at(&time, &arguments);
            out.push_str(&format!("$ throughline {line}\n{}", answer.out));
            for line in answer.err.lines() {
                out.push_str(format!("[{line}").trim_end());
                out.push('\n');
            }
            if answer.status != 0 {
                out.push_str(&format!("= {}\n", answer.status));
            }
            out.push('\n');
        }
        without_hashes(&out)
    }
}

/// The words of a line; what stands in single quotes is one word.
fn words(line: &str) -> Vec<String> {
    let parts = line.split('\'').enumerate();
    let words = parts.flat_map(|(position, part)| match position % 2 {
        0 => part.split_whitespace().map(str::to_owned).collect(),
        _ => vec![part.to_owned()],
    });
    words.collect()
}

/// The text without what depends on random ids and keys: hashes, those of bases, and the keys of erased persons.
fn without_hashes(text: &str) -> String {
    let line = |line: &str| match line.split_once("\"hash\": ") {
        Some((before, _)) => format!("{before}\"hash\": \"...\",\n"),
        None => format!("{line}\n"),
    };
    let text: String = text.lines().map(line).collect();
    let text = without_digits(&text, "erased-", 0);
    let text = without_digits(&text, "`base: ", 2);
    without_digits(&text, "\"base\": \"", 2)
}

/// The text without the eight hexadecimal digits that stand so many letters after each of these.
fn without_digits(text: &str, before: &str, skipped: usize) -> String {
    let mut parts = text.split(before);
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (kept, part) = part.split_at_checked(skipped).unwrap_or((part, ""));
        let (digits, rest) = part.split_at_checked(8).unwrap_or((part, ""));
        let is_hexadecimal = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        out.push_str(before);
        out.push_str(kept);
        out.push_str(if is_hexadecimal { "........" } else { digits });
        out.push_str(rest);
    }
    out
}

/// What a process answered.
pub fn answer(output: Output) -> Answer {
    Answer {
        status: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).expect("text"),
        err: String::from_utf8(output.stderr).expect("text"),
    }
}
