//! A person is erased while another process holds the journal open: the person is erased or not, and once it is said,
//! no byte of the data key comes back with the power.

use std::collections::HashSet;
use std::path::Path;

use throughline_ledger::{CommitKind, PlanClock};
use throughline_testkit::chance::{Chance, count, report};

use super::{Recorder, Story};
use crate::contents::{block_on, open};
use crate::rig::{Rig, held_open, ok};
use crate::shim::Shim;

/// How often the power fails in the short form.
const POINTS: u64 = 100;

/// How long a data key is, in bytes.
const KEY_LENGTH: usize = 32;

const PEOPLE: &str =
    "people:\n  - { key: ruth, name: Ruth Canary }\n  - { key: ana, name: Ana Lima }\n";

/// Each piece of some bytes that is as long as a key.
fn pieces(bytes: &[u8]) -> HashSet<[u8; KEY_LENGTH]> {
    let pieces = bytes.windows(KEY_LENGTH);
    pieces.map(|piece| piece.try_into().unwrap()).collect()
}

/// Each piece of the files of a folder.
fn pieces_of(folder: &Path) -> HashSet<[u8; KEY_LENGTH]> {
    let files = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap());
    files
        .flat_map(|file| pieces(&std::fs::read(file.path()).unwrap()))
        .collect()
}

/// Whether the person is erased in a ledger that verifies.
///
/// # Errors
/// If it is half done.
fn is_erased(data: &Path) -> Result<bool, String> {
    block_on(async {
        let said = |error: throughline_ledger::LedgerError| format!("{error:?}");
        let ledger = open(data).await.map_err(said)?;
        let problems = ledger.verify().await.map_err(said)?.problems;
        let commits = ledger.commits(..).await.map_err(said)?;
        let model = ledger.model(PlanClock::Newest).await.map_err(said)?;
        ledger.close().await;
        let is_named = model.people().by_key("ruth").is_some();
        let is_committed = commits
            .iter()
            .any(|commit| commit.kind == CommitKind::Erasure);
        if problems.is_empty() && is_named != is_committed && model.people().by_key("ana").is_some()
        {
            Ok(is_committed)
        } else {
            Err(format!("{is_named} {is_committed} {problems:?}"))
        }
    })
}

#[test]
fn lost_power_brings_no_byte_of_an_erased_person_back() {
    let Some(shim) = Shim::new() else {
        return;
    };
    let rig = Rig::new("power-loss-erase");
    std::fs::create_dir_all(rig.path("people")).unwrap();
    std::fs::write(rig.path("people/organisation.yaml"), PEOPLE).unwrap();
    let recorder = Recorder {
        shim: &shim,
        rig: &rig,
    };
    recorder.ok(rig.apply());
    let mut holder = held_open(&rig, recorder.watched(rig.command(&["load", "-"])));
    recorder.ok(rig.command(&["apply", "people"]));
    recorder.ok(rig.load(0));
    let keys = rig.path("ledger.keys");
    ok(rig.command(&["backup", "--keys", keys.to_str().unwrap()]));
    let data = rig.disk().join("data");
    let before = pieces_of(&data);
    let begin = recorder.operations().len();
    recorder.ok(rig.command(&["erase", "ruth"]));
    let after = pieces_of(&data);
    recorder.ok(rig.load(1));
    let story = recorder.story(begin, "ommit ");
    assert_eq!(story.acknowledged.len(), 2, "the erasure, and a load");
    holder.kill().unwrap();
    holder.wait().unwrap();
    // What was in the file of keys and in the ledger, and is in it no longer.
    let key: HashSet<_> = pieces(&std::fs::read(keys).unwrap())
        .into_iter()
        .filter(|piece| before.contains(piece) && !after.contains(piece))
        .collect();
    assert!(!key.is_empty(), "the key was in the ledger");

    let points = count("THROUGHLINE_ERASE_CRASH_POINTS", POINTS);
    let lose = |story: &Story| {
        let mut chance = Chance::new("power loss, erase");
        let mut judged = (0, 0);
        let judge = |acknowledged: usize, folder: &Path| {
            let data = folder.join("data");
            // Whoever opens the ledger moves the journal: what is on the disk is looked at before.
            let is_there = acknowledged > 0 && !pieces_of(&data).is_disjoint(&key);
            let is_erased = is_erased(&data)?;
            judged.0 += 1;
            judged.1 += u64::from(is_erased);
            match (acknowledged, is_erased) {
                (0, _) => Ok(()),
                (_, false) => Err("the erasure was acknowledged, and is lost".to_owned()),
                (_, true) if is_there => Err("the data key is back".to_owned()),
                (_, true) => Ok(()),
            }
        };
        let lost = story.lose_power(points, &mut chance, judge);
        (lost, judged)
    };
    let (lost, (judged, erased)) = lose(&story);
    assert_eq!(lost, Ok(()));
    assert!(0 < erased && erased < judged, "{erased} of {judged}");
    type LeftOut = fn(&str) -> bool;
    let weaker: [(&str, LeftOut); 2] = [
        ("the journal", |path| path.ends_with("-wal")),
        ("anything", |_| true),
    ];
    for (name, is_left_out) in weaker {
        let (lost, _) = lose(&story.without_syncs(is_left_out).after_the_word());
        assert!(lost.is_err(), "without syncs of {name} nothing was lost");
    }
    report(&format!(
        "power loss while a person is erased: {points} crash points among {} operations; erased or not, {erased} times \
         erased; no byte of the key is back after the word; without syncs of the journal a loss of power after the word loses some",
        story.operations.len() - begin
    ));
}
