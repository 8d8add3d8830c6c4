//! A restore is killed with `kill -9` at any moment, or finds the disk full: the ledger that was there stays, or the
//! restored one is whole, on both engines; and the next restore goes through whatever the other left behind.

use std::path::PathBuf;
use std::process::{Child, Command};

use throughline_ledger::{FILE_NAME, Location};
use throughline_testkit::chance::{Chance, count, report};
use throughline_testkit::postgres::Database;

use crate::contents::Contents;
use crate::rig::{Ended, Rig, copy, disturbed, ok, steps_of};

/// How often a restore is killed in the short form, on each engine.
const KILLS: u64 = 12;

/// The last operations of a restore on files, among which the restored ledger comes to its place.
#[cfg(target_os = "linux")]
pub const SWAP: u64 = 12;

/// A ledger, the backup of an earlier state of it and one of its last, and what each contains.
pub struct Setting {
    pub rig: Rig,
    pub before: Contents,
    pub earlier: Contents,
    backup_of_before: PathBuf,
    backup: PathBuf,
}

impl Setting {
    pub fn new(rig: Rig) -> Setting {
        let back_up = |name: &str| {
            let file = rig.path(name);
            ok(rig.command(&["backup", file.to_str().unwrap()]));
            (file, rig.contents())
        };
        ok(rig.apply());
        ok(rig.load(0));
        let (backup, earlier) = back_up("earlier.backup");
        ok(rig.load(1));
        ok(rig.load(2));
        let (backup_of_before, before) = back_up("before.backup");
        Setting {
            rig,
            before,
            earlier,
            backup_of_before,
            backup,
        }
    }

    /// The command that puts the earlier state in the place of the ledger.
    pub fn restore(&self) -> Command {
        self.rig
            .command(&["restore", self.backup.to_str().unwrap(), "--replace"])
    }

    /// Puts the ledger back that was there.
    fn reset(&self) {
        let file = self.backup_of_before.to_str().unwrap();
        ok(self.rig.command(&["restore", file, "--replace"]));
        assert_eq!(self.rig.contents(), self.before);
    }

    /// Holds what is there to what was said. Returns whether it is the restored ledger.
    fn judge(&self, ended: &Ended) -> bool {
        let after = self.rig.contents();
        let is_restored = after == self.earlier;
        assert!(is_restored || after == self.before, "{:?}", after.files);
        let is_acknowledged = ended.out.contains("Restored ");
        assert!(is_restored || !is_acknowledged, "{}", ended.out);
        is_restored
    }
}

#[test]
fn a_killed_restore_leaves_one_of_the_two_ledgers_whole() {
    kill_restores(&Setting::new(Rig::new("restore-kills")), "SQLite");
    if let Some(database) = Database::new() {
        let rig = Rig::new("restore-kills-database").with_database(database.url());
        kill_restores(&Setting::new(rig), "PostgreSQL");
    }
}

/// How many operations on files a restore makes; 0 where they cannot be counted, or are those of a server.
fn operations(setting: &Setting) -> u64 {
    #[cfg(target_os = "linux")]
    if let (Location::Folder(_), Some(shim)) = (setting.rig.location(), crate::shim::Shim::new()) {
        let count = shim.operations(&setting.rig, setting.restore());
        setting.reset();
        return count;
    }
    let _ = setting;
    0
}

/// Runs a restore that kills itself at an operation on a file: each other time at one of the last, with which the
/// restored ledger comes to its place.
#[cfg(target_os = "linux")]
fn killed_at_an_operation(setting: &Setting, operations: u64, chance: &mut Chance) -> Ended {
    let among = if chance.coin() { SWAP } else { operations };
    let at = (operations - chance.below(among.min(operations))).to_string();
    let variables = [("FAULT_KILL", at.as_str())];
    let shim = crate::shim::Shim::new().expect("it was there before");
    let killed = shim.watch(setting.restore(), &setting.rig.disk(), &variables);
    crate::rig::run(killed)
}

fn killed(setting: &Setting, operations: u64, steps: u64, chance: &mut Chance) -> Ended {
    #[cfg(target_os = "linux")]
    if operations > 0 && chance.coin() {
        return killed_at_an_operation(setting, operations, chance);
    }
    let _ = operations;
    let after = chance.below(steps + 1);
    disturbed(setting.restore(), after, |child: &mut Child| {
        drop(child.kill());
    })
}

fn kill_restores(setting: &Setting, engine: &str) {
    let wanted = kills();
    let steps = steps_of(setting.restore());
    setting.reset();
    let operations = operations(setting);
    let mut chance = Chance::new("restore kills");
    let (mut kills, mut restored, mut attempts) = (0, 0, 0);
    // Before the swap and after it, where that can be aimed at.
    while kills < wanted
        || restored == kills
        || (restored == 0 && (operations > 0 || wanted > KILLS))
    {
        attempts += 1;
        assert!(attempts < 100 + 10 * wanted, "too few are killed in time");
        let ended = killed(setting, operations, steps, &mut chance);
        let is_restored = setting.judge(&ended);
        if ended.status.is_none() {
            kills += 1;
            restored += u64::from(is_restored);
        }
        ok(setting.restore());
        assert_eq!(setting.rig.contents(), setting.earlier);
        setting.reset();
    }
    report(&format!(
        "kill -9 of a restore on {engine}: {kills} kills, the restored ledger is there after {restored}, the one from before \
         after the others; nothing half"
    ));
}

fn kills() -> u64 {
    count("THROUGHLINE_RESTORE_KILLS", KILLS)
}

/// How many sizes of the remaining room are tried in the short form.
#[cfg(target_os = "linux")]
const ROOMS: u64 = 15;

#[cfg(target_os = "linux")]
#[test]
fn a_restore_that_does_not_fit_changes_nothing() {
    use crate::full_disk::{is_done, least, within};
    let Some(shim) = crate::shim::Shim::new() else {
        return;
    };
    let setting = Setting::new(Rig::new("restore-full-disk"));
    let rig = &setting.rig;
    let template = rig.path("template");
    copy(&rig.disk().join("data"), &template);
    let fresh = rig.disk().join("fresh");
    let to_nothing = || rig.command_at(&fresh, &["restore", setting.backup.to_str().unwrap()]);
    // What is left of one that did not fit would be in the way of the next.
    let files = |folder: &PathBuf| -> Vec<String> {
        let entries = std::fs::read_dir(folder).into_iter().flatten();
        let names = entries.map(|entry| entry.unwrap().file_name());
        names
            .map(|name| name.to_string_lossy().into_owned())
            .collect()
    };
    let needed = least(|room| {
        rig.copy_from(&template);
        is_done(&within(&shim, rig, room, setting.restore()), room)
    });
    let rooms = count("THROUGHLINE_FULL_DISKS_OF_RESTORE", ROOMS);
    let mut chance = Chance::new("full disk, restore");
    let (mut refused, mut refused_new) = (0, 0);
    for number in 0..rooms {
        let room = if number == 0 {
            0
        } else {
            chance.below(needed + 4096)
        };
        rig.copy_from(&template);
        let ended = within(&shim, rig, room, setting.restore());
        let is_restored = setting.judge(&ended);
        assert_eq!(is_done(&ended, room), is_restored, "{room}");
        if !is_restored {
            refused += 1;
            assert_eq!(files(&rig.disk().join("data")), [FILE_NAME], "{room}");
        }
        drop(std::fs::remove_dir_all(&fresh));
        let ended = within(&shim, rig, room, to_nothing());
        if is_done(&ended, room) {
            assert_eq!(crate::contents::read(&fresh).unwrap(), setting.earlier);
        } else {
            refused_new += 1;
            assert_eq!(files(&fresh), [""; 0], "{room}");
        }
    }
    assert!(refused > 0 && refused_new > 0, "the disk was never full");
    report(&format!(
        "full disk while a backup is restored: {rooms} sizes of the room for a restore that needs {needed} bytes, {refused} \
         refused in the place of a ledger and {refused_new} in an empty folder; 0 changed anything"
    ));
}
