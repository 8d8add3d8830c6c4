//! A backup is restored, to an empty folder and in the place of another ledger: one of the two is there, and whole.

use std::path::Path;

use throughline_ledger::FILE_NAME;
use throughline_testkit::chance::{Chance, count, report};

use super::{Recorder, Story, is_folder};
use crate::contents::{Contents, read};
use crate::rig::{Rig, held_open, ok};
use crate::shim::Shim;

/// How often the power fails in the short form, in each of the two stories.
const POINTS: u64 = 100;

/// A ledger that was there, the backup of an earlier state of it, and what each contains.
struct Setting {
    before: Contents,
    backup: Contents,
}

/// Makes a ledger, backs it up outside of the disk, and writes more. The last commit stands in the journal alone, since
/// whoever had the ledger open was killed.
fn set(recorder: &Recorder<'_>, rig: &Rig) -> Setting {
    recorder.ok(rig.apply());
    recorder.ok(rig.load(0));
    let backup = rig.contents();
    let file = rig.path("ledger.backup");
    ok(rig.command(&["backup", file.to_str().unwrap()]));
    recorder.ok(rig.load(1));
    let mut holder = held_open(rig, recorder.watched(rig.command(&["load", "-"])));
    recorder.ok(rig.load(2));
    holder.kill().unwrap();
    holder.wait().unwrap();
    let journal = rig.disk().join(format!("data/{FILE_NAME}-wal"));
    assert!(journal.metadata().unwrap().len() > 0, "the journal is left");
    // Reading it back must not empty the journal before the story begins.
    let copy = rig.path("copy");
    crate::rig::copy(&rig.disk().join("data"), &copy);
    let before = read(&copy).unwrap();
    assert_eq!((backup.files.len(), before.files.len()), (1, 3));
    Setting { before, backup }
}

/// Reads back what is on the disk after a restore in the place of a ledger was begun.
fn judge(setting: &Setting, acknowledged: usize, folder: &Path) -> Result<(), String> {
    let data = folder.join("data");
    if !data.join(FILE_NAME).exists() {
        return Err("no ledger is there".to_owned());
    }
    let contents = read(&data)?;
    if contents == setting.before {
        return match acknowledged {
            0 => Ok(()),
            _ => Err("it was acknowledged, and the ledger from before is there".to_owned()),
        };
    }
    if contents != setting.backup {
        return Err(format!("it is neither: {:?}", contents.files));
    }
    // The one that made room is kept from the moment on at which it is not in its place any more.
    let aside = data.join(format!("{FILE_NAME}.before-restore-1"));
    let drill = folder.join("aside");
    std::fs::create_dir_all(&drill).unwrap();
    std::fs::copy(aside, drill.join(FILE_NAME)).map_err(|error| format!("aside: {error}"))?;
    match read(&drill)? == setting.before {
        true => Ok(()),
        false => Err("what was kept aside is not what was there".to_owned()),
    }
}

/// The same for a restore to where there was no ledger.
fn judge_new(setting: &Setting, acknowledged: usize, folder: &Path) -> Result<(), String> {
    let data = folder.join("fresh");
    if !data.join(FILE_NAME).exists() {
        return match acknowledged {
            0 => Ok(()),
            _ => Err("it was acknowledged, and no ledger is there".to_owned()),
        };
    }
    match read(&data)? == setting.backup {
        true => Ok(()),
        false => Err("it is not what was backed up".to_owned()),
    }
}

#[test]
fn lost_power_leaves_a_restored_ledger_whole_or_the_one_that_was_there() {
    let Some(shim) = Shim::new() else {
        return;
    };
    let rig = Rig::new("power-loss-restore");
    let recorder = Recorder {
        shim: &shim,
        rig: &rig,
    };
    let setting = set(&recorder, &rig);
    let backup = rig.path("ledger.backup");
    let backup = backup.to_str().unwrap();

    let begin = recorder.operations().len();
    recorder.ok(rig.command(&["restore", backup, "--replace"]));
    let in_place = recorder.story(begin, "Restored ");
    let begin = recorder.operations().len();
    let fresh = rig.disk().join("fresh");
    recorder.ok(rig.command_at(&fresh, &["restore", backup]));
    let to_nothing = recorder.story(begin, "Restored ");
    assert_eq!(
        (in_place.acknowledged.len(), to_nothing.acknowledged.len()),
        (1, 1)
    );

    let points = count("THROUGHLINE_RESTORE_CRASH_POINTS", POINTS);
    let lose = |story: &Story, is_new: bool| {
        let mut chance = Chance::new("power loss, restore");
        story.lose_power(points, &mut chance, |said, folder| {
            if is_new {
                judge_new(&setting, said, folder)
            } else {
                judge(&setting, said, folder)
            }
        })
    };
    for (story, is_new) in [(&in_place, false), (&to_nothing, true)] {
        assert_eq!(lose(story, is_new), Ok(()), "new: {is_new}");
        type LeftOut = fn(&str) -> bool;
        let weaker: [(&str, LeftOut); 2] = [
            ("files", |path| path.contains(".unfinished")),
            ("folders", |path| is_folder(path) || path == "fresh"),
        ];
        for (name, is_left_out) in weaker {
            let lost = lose(&story.without_syncs(is_left_out).after_the_word(), is_new);
            assert!(lost.is_err(), "without syncs of {name} nothing was lost");
        }
    }
    report(&format!(
        "power loss while a backup is restored: {points} crash points each in the place of a ledger ({} operations) and to \
         an empty folder ({}); one of the two is there and whole; without syncs of files or of folders a loss of power after \
         the word loses some",
        in_place.operations.len() - in_place.begin,
        to_nothing.operations.len() - to_nothing.begin,
    ));
}
