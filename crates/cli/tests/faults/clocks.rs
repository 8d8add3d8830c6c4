//! The clock jumps by hours, forwards and backwards, between commits: the times of commits ascend all the same, and what
//! was known at each of them is what had been written until then.

use jiff::{SignedDuration, Timestamp};
use throughline_ledger::CommitKind;
use throughline_testkit::postgres::Database;

use crate::contents::{block_on, open};
use crate::rig::{Rig, ok};
use throughline_testkit::chance::{Chance, count, report};

/// How many commits are made in the short form.
const COMMITS: u64 = 12;

/// The furthest jump, in seconds.
const JUMP: u64 = 6 * 60 * 60;

#[test]
fn a_clock_that_jumps_keeps_history_in_order() {
    jumps(&Rig::new("clocks"), "SQLite");
    if let Some(database) = Database::new() {
        jumps(
            &Rig::new("clocks-database").with_database(database.url()),
            "PostgreSQL",
        );
    }
}

fn jumps(rig: &Rig, engine: &str) {
    let mut now: Timestamp = "2026-03-01T12:00:00Z".parse().unwrap();
    let at = |command: &mut std::process::Command, now: Timestamp| {
        command.args(["--clock", &now.to_string()]);
    };
    let mut apply = rig.apply();
    at(&mut apply, now);
    ok(apply);
    let mut chance = Chance::new("clocks");
    let commits = count("THROUGHLINE_CLOCK_JUMPS", COMMITS);
    let mut backwards = 0;
    for number in 0..commits {
        let jump =
            SignedDuration::from_secs(chance.below(2 * JUMP).cast_signed() - JUMP.cast_signed());
        backwards += u64::from(jump.is_negative());
        now = now.checked_add(jump).unwrap();
        let text = format!("measure,unit,period,value\ncalls,a,2026-01,{number}\n");
        std::fs::write(rig.path("next.csv"), text).unwrap();
        let mut load = rig.command(&["load", "next.csv"]);
        at(&mut load, now);
        assert!(ok(load).is_acknowledged());
    }
    block_on(async {
        let ledger = open(rig.location()).await.unwrap();
        assert_eq!(ledger.verify().await.unwrap().problems, []);
        let all = ledger.commits(..).await.unwrap();
        assert_eq!(all.len() as u64, commits + 1);
        assert!(
            all.windows(2).all(|pair| pair[0].at < pair[1].at),
            "{all:#?}"
        );
        let made = all
            .iter()
            .filter(|commit| commit.kind == CommitKind::Observations);
        for (number, commit) in made.enumerate() {
            let known = ledger.observations(Some(commit.at)).await.unwrap();
            // Everything that was said of the cell until then, in the order in which it became known.
            let values: Vec<_> = known.iter().map(|known| known.observation.value).collect();
            let expected: Vec<_> = (0..=number).map(|number| Some(number as f64)).collect();
            assert_eq!(values, expected, "known at {}", commit.at);
            assert_eq!(scored(rig, commit.at, now), number as f64);
        }
        ledger.close().await;
    });
    report(&format!(
        "clock jumps on {engine}: {commits} commits, {backwards} of them after a jump backwards; times ascend, {commits} \
         readings as known then are right"
    ));
}

/// The value of the cell as known at an instant, as the command line tells it.
fn scored(rig: &Rig, known_at: Timestamp, now: Timestamp) -> f64 {
    let (known_at, now) = (known_at.to_string(), now.to_string());
    let explained = ok(rig.command(&[
        "explain",
        "calls",
        "--unit",
        "a",
        "--period",
        "2026-01",
        "--known-at",
        &known_at,
        "--clock",
        &now,
        "--format",
        "json",
    ]));
    let explained: serde_json::Value = serde_json::from_str(&explained.out).unwrap();
    explained["reading"]["value"]
        .as_f64()
        .unwrap_or_else(|| panic!("{explained:#}"))
}
