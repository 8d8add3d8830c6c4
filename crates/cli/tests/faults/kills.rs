//! `kill -9` at any moment of a load: what was acknowledged is there, whole and once; the rest is there whole or not at
//! all. It is read back before anything else is written.
//!
//! Half of the kills come after a while, the other half at an operation on a file, a write cut in two included.

use std::path::Path;
use std::process::Child;

use crate::contents::Contents;
use crate::rig::{Ended, FILES, Rig, copy, disturbed, ok, run, steps_of};
use throughline_testkit::chance::{Chance, count, report};

/// How often a load is killed in the short form.
const KILLS: u64 = 40;

/// What the kills met.
#[derive(Default)]
struct Tally {
    kills: u64,
    /// Killed after it had said that it was done.
    acknowledged: u64,
    /// Killed after the commit, and before it was said.
    unsaid: u64,
}

impl Tally {
    /// Whether kills fell before a commit, and after one.
    const fn is_on_both_sides(&self) -> bool {
        let after = self.acknowledged + self.unsaid;
        after > 0 && after < self.kills
    }
}

/// How loads are killed.
struct Killer {
    chance: Chance,
    /// How long a load takes that is left alone.
    steps: u64,
    /// How many operations on files it makes, where they can be counted.
    operations: u64,
}

impl Killer {
    fn new(rig: &Rig, template: &Path) -> Killer {
        let steps = steps_of(rig.load(0));
        rig.copy_from(template);
        Killer {
            chance: Chance::new("kills"),
            steps,
            operations: operations(rig),
        }
    }

    /// Loads a file, and kills the load.
    fn load(&mut self, rig: &Rig, file: usize) -> Ended {
        #[cfg(target_os = "linux")]
        if self.operations > 0 && self.chance.coin() {
            let at = 1 + self.chance.below(self.operations);
            let shim = crate::shim::Shim::new().expect("it was there before");
            let variables = [("FAULT_KILL", at.to_string())];
            let variables = variables.each_ref().map(|(name, at)| (*name, at.as_str()));
            return run(shim.watch(rig.load(file), &rig.disk(), &variables));
        }
        let after = self.chance.below(self.steps + 1);
        disturbed(rig.load(file), after, |child: &mut Child| {
            drop(child.kill())
        })
    }
}

/// How many operations a load makes; 0 where they cannot be counted.
#[cfg(target_os = "linux")]
fn operations(rig: &Rig) -> u64 {
    crate::shim::Shim::new().map_or(0, |shim| shim.operations(rig, rig.load(0)))
}

#[cfg(not(target_os = "linux"))]
fn operations(_: &Rig) -> u64 {
    0
}

#[test]
fn a_killed_load_loses_nothing_that_was_acknowledged() {
    let rig = Rig::new("kills");
    ok(rig.apply());
    let template = rig.path("template");
    copy(&rig.disk().join("data"), &template);
    let mut killer = Killer::new(&rig, &template);
    rig.copy_from(&template);

    let wanted = count("THROUGHLINE_KILLS", KILLS);
    let mut tally = Tally::default();
    let mut before = rig.contents();
    let mut attempts = 0;
    // Where kills can be aimed, some fall before a commit and some after one.
    let is_aimed = killer.operations > 0;
    while tally.kills < wanted || (is_aimed && !tally.is_on_both_sides()) {
        attempts += 1;
        assert!(
            attempts < 100 + 10 * wanted,
            "too few loads are killed in time, or none before or after the commit"
        );
        let file = before.files.len();
        let ended = killer.load(&rig, file);
        let after = rig.contents();
        judge(file, &ended, &before, &after, &mut tally);
        let is_there = after.files.contains(&file);
        before = after;
        if is_there && !ended.is_acknowledged() {
            // Whoever heard no answer asks again, and nothing is doubled by it.
            let again = ok(rig.load(file));
            assert!(again.out.contains("(no commit)"), "{}", again.out);
            assert_eq!(rig.contents(), before);
        }
        if before.files.len() == FILES {
            rig.copy_from(&template);
            before = rig.contents();
        }
    }
    report(&format!(
        "kill -9: {} kills of a load, {} after it was acknowledged, {} between commit and word; 0 acknowledged writes lost",
        tally.kills, tally.acknowledged, tally.unsaid
    ));
}

/// Holds what is there after a load that was killed, or was quicker than that, to what it said.
fn judge(file: usize, ended: &Ended, before: &Contents, after: &Contents, tally: &mut Tally) {
    let is_there = after.files.contains(&file);
    assert!(
        !ended.is_acknowledged() || is_there,
        "file {file} was acknowledged and is lost: {}",
        ended.out
    );
    let mut expected = before.files.clone();
    expected.extend(is_there.then_some(file));
    assert_eq!(after.files, expected);
    assert_eq!(after.commits[..before.commits.len()], before.commits);
    match ended.status {
        None => {
            tally.kills += 1;
            tally.acknowledged += u64::from(ended.is_acknowledged());
            tally.unsaid += u64::from(is_there && !ended.is_acknowledged());
        }
        Some(status) => assert_eq!(status, 0, "{}", ended.err),
    }
}
