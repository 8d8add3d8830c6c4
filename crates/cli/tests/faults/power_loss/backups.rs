//! A backup is written: its name stands for all of it or is not there, and the ledger is as it was.

use std::path::Path;

use throughline_testkit::chance::{Chance, count, report};

use super::{Recorder, Story, is_folder};
use crate::contents::read;
use crate::rig::Rig;
use crate::shim::Shim;

/// How often the power fails in the short form.
const POINTS: u64 = 100;

/// What is written: the backup, and the data keys.
const FILES: [&str; 2] = ["ledger.backup", "ledger.keys"];

#[test]
fn lost_power_leaves_a_whole_backup_or_none() {
    let Some(shim) = Shim::new() else {
        return;
    };
    let rig = Rig::new("power-loss-backup");
    let recorder = Recorder {
        shim: &shim,
        rig: &rig,
    };
    recorder.ok(rig.apply());
    (0..3).for_each(|file| {
        recorder.ok(rig.load(file));
    });
    let before = rig.contents();
    let begin = recorder.operations().len();
    let [backup, keys] = FILES.map(|name| rig.disk().join(name));
    let (to, keys_to) = (backup.to_str().unwrap(), keys.to_str().unwrap());
    recorder.ok(rig.command(&["backup", to, "--keys", keys_to]));
    let story = recorder.story(begin, "Backed up ");
    assert_eq!(story.acknowledged.len(), 1);
    let whole = [backup, keys].map(|file| std::fs::read(file).unwrap());

    let judge = |acknowledged: usize, folder: &Path| {
        for (name, whole) in FILES.iter().zip(&whole) {
            match std::fs::read(folder.join(name)) {
                Ok(bytes) if bytes == *whole => {}
                Ok(bytes) => return Err(format!("{name} has {} bytes", bytes.len())),
                Err(_) if acknowledged == 0 => {}
                Err(error) => return Err(format!("{name} was acknowledged: {error}")),
            }
        }
        match read(&folder.join("data"))? == before {
            true => Ok(()),
            false => Err("the ledger is not what it was".to_owned()),
        }
    };
    let points = count("THROUGHLINE_BACKUP_CRASH_POINTS", POINTS);
    let lose = |story: &Story| {
        let mut chance = Chance::new("power loss, backup");
        story.lose_power(points, &mut chance, judge)
    };
    assert_eq!(lose(&story), Ok(()));
    type LeftOut = fn(&str) -> bool;
    let weaker: [(&str, LeftOut); 2] = [
        ("files", |path| path.contains(".unfinished")),
        ("folders", is_folder),
    ];
    for (name, is_left_out) in weaker {
        let lost = lose(&story.without_syncs(is_left_out).after_the_word());
        assert!(lost.is_err(), "without syncs of {name} nothing was lost");
    }
    report(&format!(
        "power loss while a backup is written: {points} crash points among {} operations; it is whole or not there; \
         without syncs of files or of folders a loss of power after the word loses some",
        story.operations.len() - begin
    ));
}
