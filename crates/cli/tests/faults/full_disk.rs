//! The disk is full: a write that does not fit says so, ends with status 4 and changes nothing; reading goes on; once
//! there is room, writing works again.

use crate::rig::{Ended, Rig, copy, held_open, ok, run};
use crate::shim::Shim;
use throughline_testkit::chance::{Chance, count, report};

/// How many sizes of the remaining room are tried in the short form.
const ROOMS: u64 = 25;

/// More room than any command of these tests needs, in bytes.
const ENOUGH: u64 = 4 * 1024 * 1024;

/// What the memory takes that processes share which have a small ledger open, in bytes.
const SHARED_MEMORY: u64 = 32 * 1024;

/// Runs a command on a disk with so many bytes of room.
pub fn within(shim: &Shim, rig: &Rig, room: u64, command: std::process::Command) -> Ended {
    let room = room.to_string();
    run(shim.watch(command, &rig.disk(), &[("FAULT_ROOM", &room)]))
}

/// Whether a command that had so much room was carried out; if not, it must have said why.
pub fn is_done(ended: &Ended, room: u64) -> bool {
    if ended.status == Some(0) {
        return true;
    }
    assert_eq!(ended.status, Some(4), "{room}: {}", ended.err);
    let is_said = ended.err.contains("no space left") && ended.err.contains("nothing was changed");
    assert!(is_said, "{room}: {}", ended.err);
    assert!(!ended.is_acknowledged(), "{room}: {}", ended.out);
    false
}

/// The least room in which a command is carried out, to a kibibyte.
pub fn least(mut is_done: impl FnMut(u64) -> bool) -> u64 {
    let (mut too_little, mut enough) = (0, ENOUGH);
    assert!(is_done(enough), "it needs more than {ENOUGH} bytes");
    while enough - too_little > 1024 {
        let middle = (too_little + enough) / 2;
        if is_done(middle) {
            enough = middle;
        } else {
            too_little = middle;
        }
    }
    enough
}

#[test]
fn a_full_disk_changes_nothing_and_is_said() {
    let Some(shim) = Shim::new() else {
        return;
    };
    let rig = Rig::new("full-disk");
    ok(rig.apply());
    ok(rig.load(0));
    let template = rig.path("template");
    copy(&rig.disk().join("data"), &template);
    let before = rig.contents();

    let needed = least(|room| {
        rig.copy_from(&template);
        is_done(&within(&shim, &rig, room, rig.load(1)), room)
    });
    let mut chance = Chance::new("full disk");
    let rooms = count("THROUGHLINE_FULL_DISKS", ROOMS);
    let mut refused = 0;
    for number in 0..rooms {
        rig.copy_from(&template);
        let room = if number == 0 {
            0
        } else {
            chance.below(needed + 4096)
        };
        let is_done = is_done(&within(&shim, &rig, room, rig.load(1)), room);
        refused += u64::from(!is_done);
        let after = rig.contents();
        assert_eq!(after.files.contains(&1), is_done, "{room}");
        assert_eq!(after == before, !is_done, "{room}");
        ok(rig.load(1));
        assert_eq!(rig.contents().files.len(), 2);
    }
    assert!(refused > 0, "the disk was never full");
    report(&format!(
        "full disk: {rooms} sizes of the room for a load that needs {needed} bytes, {refused} refused; 0 changed anything"
    ));
}

#[test]
fn reading_goes_on_while_the_disk_is_full() {
    let Some(shim) = Shim::new() else {
        return;
    };
    let rig = Rig::new("full-disk-reading");
    ok(rig.apply());
    ok(rig.load(0));
    let before = rig.contents();
    let read = |room: u64| {
        let commands = [
            &["scorecard", "--period", "2000"][..],
            &["history"],
            &["verify"],
        ];
        let ended = commands.map(|command| within(&shim, &rig, room, rig.command(command)));
        ended.map(|ended| is_done(&ended, room))
    };
    // Beside a process that has the ledger open, such as a server, no room at all is needed.
    let mut holder = held_open(&rig, rig.command(&["load", "-"]));
    assert_eq!(read(0), [true; 3]);
    assert!(!is_done(&within(&shim, &rig, 0, rig.load(1)), 0));
    assert_eq!(read(0), [true; 3]);
    drop(holder.stdin.take());
    holder.wait().unwrap();
    // Whoever comes first needs room for the memory that processes share, and says so.
    assert_eq!(read(0), [false; 3]);
    assert_eq!(read(SHARED_MEMORY), [true; 3]);
    assert_eq!(rig.contents(), before);
}

#[test]
fn a_ledger_that_does_not_fit_leaves_nothing_behind() {
    let Some(shim) = Shim::new() else {
        return;
    };
    let rig = Rig::new("full-disk-new");
    let data = rig.disk().join("data");
    let made = |room: u64| {
        drop(std::fs::remove_dir_all(&data));
        let is_done = is_done(&within(&shim, &rig, room, rig.apply()), room);
        if !is_done && data.exists() {
            let names = data
                .read_dir()
                .unwrap()
                .map(|entry| entry.unwrap().file_name());
            let left: Vec<_> = names
                .filter(|name| name.to_string_lossy().contains("unfinished"))
                .collect();
            assert!(left.is_empty(), "{left:?}");
        }
        if !is_done && data.join(throughline_ledger::FILE_NAME).exists() {
            // The ledger itself fitted, and the plan did not.
            assert_eq!(rig.contents().commits, []);
        }
        is_done
    };
    let needed = least(made);
    let mut chance = Chance::new("full disk, new ledger");
    for _ in 0..count("THROUGHLINE_FULL_DISKS_OF_NEW", ROOMS / 5) {
        made(chance.below(needed));
        ok(rig.apply());
        assert_eq!(rig.contents().commits.len(), 1);
    }
}
