//! Power fails at any moment while a ledger is made and filled: everything that was acknowledged is on the disk.
//!
//! The binary runs once, with all that it does to files written down. From that the disk is made again as it is after
//! each operation if the power fails there (`disk.rs`), and the ledger on it is read back.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;

use throughline_ledger::FILE_NAME;

use crate::chance::{Chance, count, report};
use crate::contents::read;
use crate::disk::Disk;
use crate::recording::{Operation, What, read as read_recording};
use crate::rig::{FILES, Rig, file_text, held_open, ok};
use crate::shim::Shim;

/// How often the power fails in the short form.
const POINTS: u64 = 300;

/// A write of the story, by the moment of its acknowledgement.
#[derive(Clone)]
struct Acknowledged {
    /// How many operations were done when the word began.
    at: usize,
    /// The file; `None` for the plan.
    file: Option<usize>,
}

/// What was done to the disk, and what was acknowledged when.
struct Story {
    operations: Vec<Operation>,
    acknowledged: Vec<Acknowledged>,
}

/// Makes a ledger and loads every file: each by a process of its own, four of them while another holds the journal open
/// so that it grows.
fn story(shim: &Shim, rig: &Rig) -> Story {
    let recording = rig.path("recording");
    let variables = [("FAULT_RECORDING", recording.to_str().unwrap())];
    let watched = |command| shim.watch(command, &rig.disk(), &variables);
    ok(watched(rig.apply()));
    let load = |file: usize| {
        assert!(ok(watched(rig.load(file))).is_acknowledged());
    };
    (0..4).for_each(load);
    let holder = watched(rig.command(&["load", "-", "--reason", "file-8.csv"]));
    let mut holder = held_open(rig, holder);
    (4..8).for_each(load);
    let mut input = holder.stdin.take().unwrap();
    input.write_all(file_text(8).as_bytes()).unwrap();
    drop(input);
    assert!(holder.wait_with_output().unwrap().status.success());
    (9..FILES).for_each(load);

    let operations = read_recording(&recording, &rig.disk());
    let says = operations.iter().enumerate().filter_map(|(at, done)| {
        let What::Say(text) = &done.what else {
            return None;
        };
        text.contains("ommit ").then_some(at)
    });
    let says: Vec<usize> = says.collect();
    assert_eq!(
        says.len(),
        1 + FILES,
        "each command says once that it is done"
    );
    let files = std::iter::once(None).chain((0..FILES).map(Some));
    let acknowledged = says.into_iter().zip(files);
    Story {
        acknowledged: acknowledged
            .map(|(at, file)| Acknowledged { at, file })
            .collect(),
        operations,
    }
}

impl Story {
    /// The story as it would be if some syncs were left out.
    fn without_syncs(&self, is_left_out: impl Fn(&str) -> bool) -> Story {
        let mut operations = self.operations.clone();
        for operation in &mut operations {
            if matches!(operation.what, What::Sync) && is_left_out(&operation.path) {
                operation.what = What::Say(String::new());
            }
        }
        let acknowledged = self.acknowledged.clone();
        Story {
            operations,
            acknowledged,
        }
    }

    /// Lets the power fail so many times, each at a moment of its own; ends at the first loss.
    ///
    /// # Errors
    /// What was lost.
    fn lose_power(&self, points: u64, chance: &mut Chance, folder: &Path) -> Result<(), String> {
        let last = self.operations.len() as u64 + 1;
        let mut moments: Vec<usize> = (0..points).map(|_| chance.below(last) as usize).collect();
        moments.sort_unstable();
        let mut disk = Disk::default();
        let mut done = 0;
        for moment in moments {
            for operation in &self.operations[done..moment] {
                disk.apply(operation);
            }
            done = moment;
            drop(std::fs::remove_dir_all(folder));
            std::fs::create_dir_all(folder).unwrap();
            disk.after_power_loss(chance, folder);
            self.judge(moment, &folder.join("data"))
                .map_err(|what| format!("after {moment} operations: {what}"))?;
        }
        Ok(())
    }

    /// Reads back what is on the disk after the power failed.
    fn judge(&self, moment: usize, data: &Path) -> Result<(), String> {
        let acknowledged: Vec<_> = self
            .acknowledged
            .iter()
            .filter(|write| write.at < moment)
            .collect();
        if !data.join(FILE_NAME).exists() {
            return if acknowledged.is_empty() {
                Ok(())
            } else {
                Err("the ledger is gone".to_owned())
            };
        }
        let contents = read(data.into())?;
        let files: BTreeSet<usize> = acknowledged.iter().filter_map(|write| write.file).collect();
        let lost: Vec<_> = files.difference(&contents.files).collect();
        if !lost.is_empty() || contents.commits.len() < acknowledged.len() {
            return Err(format!("acknowledged and lost: {lost:?}"));
        }
        // The only other thing that may be there is the write that was going on.
        if contents.commits.len() > acknowledged.len() + 1 {
            return Err(format!("too much is there: {:?}", contents.files));
        }
        Ok(())
    }
}

#[test]
fn lost_power_loses_nothing_that_was_acknowledged() {
    let Some(shim) = Shim::new() else {
        return;
    };
    let rig = Rig::new("power-loss");
    let story = story(&shim, &rig);
    let points = count("THROUGHLINE_CRASH_POINTS", POINTS);
    let lose = |story: &Story, name: &str| {
        let mut chance = Chance::new("power loss");
        story.lose_power(points, &mut chance, &rig.path(name))
    };
    assert_eq!(lose(&story, "after"), Ok(()));

    // The test can fail: with fewer syncs something is lost.
    type LeftOut = fn(&str) -> bool;
    let weaker: [(&str, LeftOut); 3] = [
        ("synchronous=OFF", |_| true),
        ("synchronous=NORMAL", |path| path.ends_with("-wal")),
        ("no syncs of folders", |path| {
            !path.contains(FILE_NAME) && !path.contains(".unfinished")
        }),
    ];
    for (name, is_left_out) in weaker {
        let lost = lose(&story.without_syncs(is_left_out), "weaker");
        assert!(lost.is_err(), "{name}: nothing was lost in {points} points");
    }
    report(&format!(
        "power loss: {points} crash points among {} operations on files, {} writes; 0 acknowledged writes lost; with \
         synchronous=OFF or NORMAL, or without syncs of folders, the same points lose some",
        story.operations.len(),
        story.acknowledged.len()
    ));
}
