//! The library that watches the files of a test (`disk.c`), compiled once by whoever needs it first.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use throughline_testkit::chance::skip;

use crate::recording::{What, read};
use crate::rig::{Rig, ok};

/// A disk that can be watched: variables for the commands that are to run on it.
pub struct Shim {
    library: PathBuf,
}

impl Shim {
    /// `None` if there is no compiler of C here, which is said.
    ///
    /// # Panics
    /// In CI if there is none; if the library does not compile.
    pub fn new() -> Option<Shim> {
        static LIBRARY: OnceLock<Option<PathBuf>> = OnceLock::new();
        let library = LIBRARY.get_or_init(|| compiled("disk.c", ".so", &["-shared", "-fPIC"]));
        let library = library.clone()?;
        Some(Shim { library })
    }

    /// The command, watched in a folder.
    pub fn watch(
        &self,
        mut command: Command,
        folder: &Path,
        variables: &[(&str, &str)],
    ) -> Command {
        command
            .env("LD_PRELOAD", &self.library)
            .env("FAULT_FOLDER", folder)
            .envs(variables.iter().copied());
        command
    }

    /// How many operations on the files of its disk a command makes that must succeed, as the disk counts them.
    pub fn operations(&self, rig: &Rig, command: Command) -> u64 {
        let count = rig.path("count");
        let variables = [("FAULT_COUNT", count.to_str().unwrap())];
        ok(self.watch(command, &rig.disk(), &variables));
        let counted = std::fs::read_to_string(count).unwrap().parse().unwrap();
        assert!(counted > 0, "nothing was counted");
        counted
    }
}

/// Compiles a source of these tests, if there is a compiler.
fn compiled(source: &str, ending: &str, options: &[&str]) -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/faults");
    // Each process of tests has its own, so that none replaces a library that another has loaded.
    let name = format!("{source}-{}{ending}", std::process::id());
    let made = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let mut compiler = Command::new("cc");
    compiler
        .args(["-Wall", "-Wextra", "-Werror", "-O1", "-pthread"])
        .args(options)
        .arg("-o")
        .arg(&made)
        .arg(folder.join(source))
        .stdin(Stdio::null());
    match compiler.output() {
        Ok(output) => {
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{source} does not compile: {said}");
            Some(made)
        }
        Err(error) => {
            skip(&format!("no compiler of C (`cc`): {error}"));
            None
        }
    }
}

/// The record of what was done last is whole, also where a process ends while it is written down.
#[test]
fn a_process_that_ends_in_the_middle_of_a_write_leaves_no_half_record() {
    let (Some(shim), Some(program)) = (Shim::new(), compiled("ending.c", "", &[])) else {
        return;
    };
    let rig = Rig::new("recording-at-the-end");
    let recording = rig.path("recording");
    for _ in 0..10 {
        let mut command = Command::new(&program);
        command.arg(rig.disk().join("file"));
        let variables = [("FAULT_RECORDING", recording.to_str().unwrap())];
        ok(shim.watch(command, &rig.disk(), &variables));
    }
    let operations = read(&recording, &rig.disk());
    let opened = operations
        .iter()
        .filter(|one| matches!(one.what, What::Open));
    assert_eq!(opened.count(), 10);
}
