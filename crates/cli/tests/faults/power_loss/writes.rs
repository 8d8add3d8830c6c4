//! A ledger is made and filled.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;

use throughline_ledger::FILE_NAME;
use throughline_testkit::chance::{Chance, count, report};

use super::{Recorder, Story, is_folder};
use crate::contents::read;
use crate::rig::{FILES, Rig, file_text, held_open};
use crate::shim::Shim;

/// How often the power fails in the short form.
const POINTS: u64 = 300;

/// Makes a ledger and loads every file: each by a process of its own, four of them while another holds the journal open
/// so that it grows.
fn story(shim: &Shim, rig: &Rig) -> Story {
    let recorder = Recorder { shim, rig };
    recorder.ok(rig.apply());
    let load = |file: usize| {
        assert!(recorder.ok(rig.load(file)).is_acknowledged());
    };
    (0..4).for_each(load);
    let holder = recorder.watched(rig.command(&["load", "-", "--reason", "file-8.csv"]));
    let mut holder = held_open(rig, holder);
    (4..8).for_each(load);
    let mut input = holder.stdin.take().unwrap();
    input.write_all(file_text(8).as_bytes()).unwrap();
    drop(input);
    assert!(holder.wait_with_output().unwrap().status.success());
    (9..FILES).for_each(load);

    let story = recorder.story(0, "ommit ");
    let says = story.acknowledged.len();
    assert_eq!(says, 1 + FILES, "each command says once that it is done");
    story
}

/// Reads back what is on the disk after so many writes were acknowledged: of the plan, and then of each file.
fn judge(acknowledged: usize, folder: &Path) -> Result<(), String> {
    let data = folder.join("data");
    if !data.join(FILE_NAME).exists() {
        return if acknowledged == 0 {
            Ok(())
        } else {
            Err("the ledger is gone".to_owned())
        };
    }
    let contents = read(&data)?;
    let files: BTreeSet<usize> = (0..acknowledged.saturating_sub(1)).collect();
    let lost: Vec<_> = files.difference(&contents.files).collect();
    if !lost.is_empty() || contents.commits.len() < acknowledged {
        return Err(format!("acknowledged and lost: {lost:?}"));
    }
    // The only other thing that may be there is the write that was going on.
    if contents.commits.len() > acknowledged + 1 {
        return Err(format!("too much is there: {:?}", contents.files));
    }
    Ok(())
}

#[test]
fn lost_power_loses_nothing_that_was_acknowledged() {
    let Some(shim) = Shim::new() else {
        return;
    };
    let rig = Rig::new("power-loss");
    let story = story(&shim, &rig);
    let points = count("THROUGHLINE_CRASH_POINTS", POINTS);
    let lose = |story: &Story| story.lose_power(points, &mut Chance::new("power loss"), judge);
    assert_eq!(lose(&story), Ok(()));

    // The test can fail: with fewer syncs something is lost.
    type LeftOut = fn(&str) -> bool;
    let weaker: [(&str, LeftOut); 3] = [
        ("synchronous=OFF", |_| true),
        ("synchronous=NORMAL", |path| path.ends_with("-wal")),
        ("no syncs of folders", is_folder),
    ];
    for (name, is_left_out) in weaker {
        let lost = lose(&story.without_syncs(is_left_out));
        assert!(lost.is_err(), "{name}: nothing was lost in {points} points");
    }
    report(&format!(
        "power loss: {points} crash points among {} operations on files, {} writes; 0 acknowledged writes lost; with \
         synchronous=OFF or NORMAL, or without syncs of folders, the same points lose some",
        story.operations.len(),
        story.acknowledged.len()
    ));
}
