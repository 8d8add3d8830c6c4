//! Somebody opens a ledger at the very moment in which a restored one takes its place: a server that is started anew, a
//! job that loads. Neither the restored ledger nor anything that was acknowledged is lost by it.

use std::path::Path;
use std::process::{Child, Command};
use std::time::Duration;

use throughline_ledger::FILE_NAME;
use throughline_testkit::chance::report;

use crate::contents::{Contents, read};
use crate::restores::{SWAP, Setting};
use crate::rig::{Ended, Rig, copy, end};
use crate::servers::status;
use crate::shim::Shim;

/// The file that is loaded meanwhile; it is in neither of the two ledgers.
const LOADED: usize = 7;

/// How often is looked whether a process has stopped or ended, and how long that is waited for.
const LOOK: Duration = Duration::from_millis(5);
const STOPPED_WITHIN: u32 = 12_000;
const LOADED_WITHIN: u32 = 200;

#[test]
fn who_opens_the_ledger_while_another_takes_its_place_spoils_neither() {
    let Some(shim) = Shim::new() else {
        return;
    };
    let setting = Setting::new(Rig::new("restore-swaps"));
    let rig = &setting.rig;
    let template = rig.path("template");
    copy(&rig.disk().join("data"), &template);
    let operations = shim.operations(rig, setting.restore());
    let (mut restored, mut loaded, mut waited) = (0, 0, 0);
    for at in operations - SWAP + 1..=operations {
        rig.copy_from(&template);
        let stop = at.to_string();
        let stopped = [("FAULT_STOP", stop.as_str())];
        let mut restore = shim.watch(setting.restore(), &rig.disk(), &stopped);
        let restore = restore.spawn().unwrap();
        wait_until(STOPPED_WITHIN, || is_stopped(&restore));
        let mut load = rig.load(LOADED).spawn().unwrap();
        let is_through = wait_until(LOADED_WITHIN, || load.try_wait().unwrap().is_some());
        go_on(&restore);
        let (restore, load) = (end(restore), end(load));
        judge(&setting, &restore, &load, at);
        restored += u64::from(is_done(&restore));
        loaded += u64::from(load.is_acknowledged());
        waited += u64::from(!is_through);
    }
    assert!(restored > 0, "no restore came through");
    assert!(
        waited > 0,
        "nobody was kept from the ledger during the swap"
    );
    report(&format!(
        "a load at each of the last {SWAP} operations of a restore: {restored} restored, {loaded} loaded, {waited} loads had to \
         wait; 0 ledgers spoiled, 0 acknowledged writes lost"
    ));
}

/// Holds what is there to what was said: the ledger of which the restore tells, and the file where its load was
/// acknowledged, in it or in the ledger that made room.
fn judge(setting: &Setting, restore: &Ended, load: &Ended, at: u64) {
    let said = format!(
        "operation {at}: {}{}{}{}",
        restore.out, restore.err, load.out, load.err
    );
    let data = setting.rig.disk().join("data");
    let now = read(&data).unwrap_or_else(|what| panic!("{what}\n{said}"));
    let expected = if is_done(restore) {
        &setting.earlier
    } else {
        &setting.before
    };
    let has_file = now.files.contains(&LOADED);
    let without_file = now.files.iter().filter(|file| **file != LOADED);
    assert!(without_file.eq(&expected.files), "{:?}\n{said}", now.files);
    assert!(now.commits.starts_with(&expected.commits), "{said}");
    let is_aside = is_done(restore) && kept_aside(setting).files.contains(&LOADED);
    assert!(!load.is_acknowledged() || has_file || is_aside, "{said}");
    let is_refused = load.err.contains("try again");
    assert!(load.is_acknowledged() || is_refused, "{said}");
}

fn is_done(restore: &Ended) -> bool {
    restore.out.contains("Restored ")
}

/// What is in the ledger that made room.
fn kept_aside(setting: &Setting) -> Contents {
    let aside = setting.rig.path("aside");
    drop(std::fs::remove_dir_all(&aside));
    std::fs::create_dir(&aside).unwrap();
    let name = format!("data/{FILE_NAME}.before-restore-1");
    std::fs::copy(setting.rig.disk().join(name), aside.join(FILE_NAME)).unwrap();
    read(Path::new(&aside)).unwrap()
}

/// Whether a process stands still, or has ended without coming so far.
fn is_stopped(child: &Child) -> bool {
    status(child.id()).is_none_or(|(state, _)| "TZ".contains(state))
}

fn go_on(child: &Child) {
    let id = child.id().to_string();
    drop(Command::new("kill").args(["-CONT", &id]).output());
}

/// Whether something happened in time.
fn wait_until(looks: u32, mut happened: impl FnMut() -> bool) -> bool {
    (0..looks).any(|_| {
        std::thread::sleep(LOOK);
        happened()
    })
}
