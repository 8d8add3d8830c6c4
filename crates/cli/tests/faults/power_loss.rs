//! Power fails at any moment: everything that was acknowledged is on the disk, and nothing half is.
//!
//! The binary runs once, with all that it does to files written down. From that the disk is made again as it is after
//! each operation if the power fails there (`disk.rs`), and what is on it is read back.

mod backups;
mod erasures;
mod restores;
mod writes;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};

use throughline_testkit::chance::Chance;

use crate::disk::Disk;
use crate::recording::{Operation, What, read as read_recording};
use crate::rig::{Ended, Rig, ok};
use crate::shim::Shim;

/// Commands that are watched, each after the other on one disk.
struct Recorder<'a> {
    shim: &'a Shim,
    rig: &'a Rig,
}

impl Recorder<'_> {
    /// The command, so that what it does to files is written down.
    fn watched(&self, command: Command) -> Command {
        let recording = self.rig.path("recording");
        let variables = [("FAULT_RECORDING", recording.to_str().unwrap())];
        self.shim.watch(command, &self.rig.disk(), &variables)
    }

    /// Runs a command that must succeed.
    fn ok(&self, command: Command) -> Ended {
        ok(self.watched(command))
    }

    /// What was done until now.
    fn operations(&self) -> Vec<Operation> {
        read_recording(&self.rig.path("recording"), &self.rig.disk())
    }

    /// The story that began after so many operations, in which each acknowledgement contains that word.
    fn story(&self, begin: usize, word: &str) -> Story {
        let operations = self.operations();
        let says = operations.iter().enumerate().skip(begin);
        let acknowledged = says.filter_map(|(at, done)| {
            let What::Say(text) = &done.what else {
                return None;
            };
            text.contains(word).then_some(at)
        });
        Story {
            acknowledged: acknowledged.collect(),
            begin,
            operations,
        }
    }
}

/// What was done to the disk, and what was acknowledged when.
#[derive(Clone)]
struct Story {
    operations: Vec<Operation>,
    /// How many operations were done when each word began.
    acknowledged: Vec<usize>,
    /// The first moment at which the power fails; what was done before makes the disk what it is.
    begin: usize,
}

impl Story {
    /// The story as it would be if some syncs were left out, by the path of what was synced.
    fn without_syncs(&self, is_left_out: impl Fn(&str) -> bool) -> Story {
        let mut story = self.clone();
        for operation in &mut story.operations[self.begin..] {
            if matches!(operation.what, What::Sync) && is_left_out(&operation.path) {
                operation.what = What::Say(String::new());
            }
        }
        story
    }

    /// The same from the first acknowledgement on, when all that was not synced counts as lost.
    fn after_the_word(self) -> Story {
        let begin = self.acknowledged[0] + 1;
        Story { begin, ..self }
    }

    /// Lets the power fail so many times, each at a moment of its own, and asks the judge, who is told how many
    /// acknowledgements there were and in which folder the disk is; ends at the first loss.
    ///
    /// # Errors
    /// What was lost.
    fn lose_power(
        &self,
        points: u64,
        chance: &mut Chance,
        mut judge: impl FnMut(usize, &Path) -> Result<(), String>,
    ) -> Result<(), String> {
        let moments = (self.operations.len() - self.begin) as u64 + 1;
        let mut moments: Vec<usize> = (0..points)
            .map(|_| self.begin + chance.below(moments) as usize)
            .collect();
        moments.sort_unstable();
        let scratch = Scratch::new();
        let folder = scratch.0.as_path();
        let mut disk = Disk::default();
        let mut done = 0;
        for moment in moments {
            for operation in &self.operations[done..moment] {
                disk.apply(operation);
            }
            done = moment;
            scratch.clear();
            disk.after_power_loss(chance, folder);
            let said = self.acknowledged.iter().filter(|at| **at < moment).count();
            judge(said, folder).map_err(|what| format!("after {moment} operations: {what}"))?;
        }
        Ok(())
    }
}

/// A folder for what is on the disk afterwards, in memory where there is some: thousands of them are made.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> Scratch {
        static MADE: AtomicUsize = AtomicUsize::new(0);
        let number = MADE.fetch_add(1, Ordering::Relaxed);
        let name = format!("throughline-disk-{}-{number}", std::process::id());
        let memory = Path::new("/dev/shm").join(&name);
        let is_made = std::fs::create_dir(&memory).is_ok();
        let elsewhere = || Path::new(env!("CARGO_TARGET_TMPDIR")).join(&name);
        Scratch(if is_made { memory } else { elsewhere() })
    }

    fn clear(&self) {
        drop(std::fs::remove_dir_all(&self.0));
        std::fs::create_dir_all(&self.0).unwrap();
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

/// Whether a path is none of a file, as the tests name them.
fn is_folder(path: &str) -> bool {
    path.is_empty() || path == "data"
}
