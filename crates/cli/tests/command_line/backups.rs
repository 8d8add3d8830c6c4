//! Backups, checkpoints and repeated writes, as the command line meets them.

use serde_json::Value;
use throughline_testkit::postgres::Database;

use crate::bench::Bench;
use crate::harbour;

fn json(bench: &Bench, arguments: &[&str]) -> Value {
    let arguments = [arguments, &["--format", "json"]].concat();
    serde_json::from_str(&bench.ok(&arguments)).expect("an answer for programs")
}

/// A ledger in a folder, and one in a database where there is PostgreSQL.
fn each(name: &str) -> Vec<Bench> {
    let in_folder = harbour::bench(name);
    let in_database = Database::new().map(|database| {
        let bench = harbour::bench(&format!("{name}-database")).with_database(database.url());
        // The database has to be there as long as the bench.
        std::mem::forget(database);
        bench
    });
    std::iter::once(in_folder).chain(in_database).collect()
}

#[test]
fn a_backup_comes_back_with_names_and_numbers() {
    let bench = harbour::with_ledger("backup-story");
    let scorecard = |data: &str| {
        let asked = ["scorecard", "--unit", "ewr", "--period", "2013-06"];
        json(&bench, &[&asked[..], &["--data", data]].concat())
    };
    let before = scorecard("throughline-data");
    let written = json(
        &bench,
        &["backup", "ledger.backup", "--keys", "ledger.keys"],
    );
    assert_eq!(written["ledger"]["commit"], 2);
    assert_eq!(written["keys"]["keys"], 2);

    let drill = [
        "restore",
        "ledger.backup",
        "--keys",
        "ledger.keys",
        "--data",
        "drill",
    ];
    let restored = json(&bench, &drill);
    assert_eq!(restored["keys"]["restored"], 2);
    assert_eq!(scorecard("drill"), before);
    let again = bench.run(&drill);
    assert_eq!(again.status, 2, "{}", again.err);
    assert!(again.err.contains("--replace"), "{}", again.err);

    let replaced = json(&bench, &["restore", "ledger.backup", "--replace"]);
    assert_eq!(replaced["keys"]["missing"], 2);
    assert_eq!(
        replaced["kept_aside"],
        "throughline-data/ledger.sqlite.before-restore-1"
    );
    assert_eq!(bench.run(&["verify"]).status, 1);
    let keys = json(&bench, &["restore", "--keys", "ledger.keys"]);
    assert_eq!(keys["keys"]["restored"], 2);
    bench.ok(&["verify"]);
    assert_eq!(scorecard("throughline-data"), before);

    for (arguments, status, expected) in [
        (&["backup"][..], 2, "required"),
        (&["backup", "ledger.backup"], 2, "is there already"),
        (&["restore", "nothing", "--replace"], 3, "nothing"),
        (
            &["restore", "observations.csv", "--replace"],
            3,
            "no backup of Throughline",
        ),
        (
            &["restore", "ledger.keys", "--replace"],
            3,
            "no backup of Throughline",
        ),
        (
            &["restore", "--keys", "ledger.backup"],
            3,
            "no file of data keys",
        ),
    ] {
        let refused = bench.run(arguments);
        assert_eq!(refused.status, status, "{arguments:?}: {}", refused.err);
        assert!(
            refused.err.contains(expected),
            "{arguments:?}: {}",
            refused.err
        );
    }
    bench.ok(&["verify"]);
}

/// Whoever follows the help of `verify` brings nobody back who was erased in the ledger that made room.
#[test]
fn an_erased_person_stays_erased_whatever_is_restored() {
    for bench in each("erased-stays-erased") {
        bench.ok(&["apply", "plan"]);
        bench.ok(&["backup", "ledger.backup", "--keys", "ledger.keys"]);
        bench.ok(&["erase", "a-lima"]);
        let restored = bench.ok(&["restore", "ledger.backup", "--replace"]);
        assert!(
            restored.contains("Erased anew, as in the ledger that was there: 1 person."),
            "{restored}"
        );
        let found = bench.run(&["verify"]);
        assert!(
            found.out.contains("restore --keys FILE") || found.err.contains("restore --keys FILE"),
            "{} {}",
            found.out,
            found.err
        );
        let keys = json(&bench, &["restore", "--keys", "ledger.keys"]);
        assert_eq!(
            (&keys["keys"]["restored"], &keys["keys"]["erased"]),
            (&1.into(), &1.into())
        );
        bench.ok(&["verify"]);
        bench.ok(&["export", "exported"]);
        let people = std::fs::read_to_string(bench.path("exported/organisation.yaml")).unwrap();
        assert!(
            !people.contains("a-lima") && !people.contains("Lima"),
            "{people}"
        );
    }
}

/// A ledger that cannot be read says nothing of whom it had erased, and that is said.
#[test]
fn that_nobody_knows_who_was_erased_is_said() {
    let bench = harbour::with_ledger("unreadable-makes-room");
    bench.ok(&["backup", "ledger.backup"]);
    bench.write("throughline-data/ledger.sqlite", "nothing of use");
    let restored = bench.run(&["restore", "ledger.backup", "--replace"]);
    assert_eq!(restored.status, 0, "{}", restored.err);
    assert!(
        restored.err.contains("it is not known whom it had erased"),
        "{}",
        restored.err
    );
    bench.write("throughline-data/ledger.sqlite", "nothing of use");
    let restored = json(&bench, &["restore", "ledger.backup", "--replace"]);
    let why = restored["erasures_unknown"].as_str().unwrap();
    assert!(why.contains("is not a ledger"), "{why}");
}

#[test]
fn a_checkpoint_tells_whether_the_end_was_cut_off() {
    let bench = harbour::with_ledger("checkpoint-story");
    bench.ok(&["backup", "earlier.backup"]);
    bench.replace(
        "plan/strategy.yaml",
        "Each flight earns",
        "Every flight earns",
    );
    bench.ok(&["apply", "plan"]);
    bench.ok(&["checkpoint", "--new-key", "auditor.key"]);
    bench.ok(&["checkpoint", "--key", "auditor.key", "checkpoint.txt"]);
    let against = [
        "verify",
        "--against",
        "checkpoint.txt",
        "--public-key",
        "auditor.key.pub",
    ];
    let right = bench.ok(&against);
    assert!(right.contains("contains commit 3"), "{right}");
    let checkpoint = std::fs::read_to_string(bench.path("checkpoint.txt")).unwrap();
    assert_eq!(
        bench.ok(&["checkpoint", "--key", "auditor.key"]),
        checkpoint
    );

    // The ledger of before is whole in itself.
    let cut = [&against[..], &["--data", "cut"]].concat();
    bench.ok(&["restore", "earlier.backup", "--data", "cut"]);
    let found = bench.run(&cut);
    assert_eq!(found.status, 1, "{}", found.err);
    assert!(
        found.out.contains("the end of the ledger was cut off"),
        "{}",
        found.out
    );

    bench.replace("checkpoint.txt", "commit: 3", "commit: 2");
    let found = bench.run(&against);
    assert_eq!(found.status, 1, "{}", found.err);
    assert!(found.out.contains("it was changed"), "{}", found.out);
    bench.ok(&["checkpoint", "--new-key", "other.key"]);
    bench.ok(&["checkpoint", "--key", "other.key", "other.txt"]);
    let found = bench.run(&[
        "verify",
        "--against",
        "other.txt",
        "--public-key",
        "auditor.key.pub",
    ]);
    assert!(
        found.out.contains("signed with another key"),
        "{}",
        found.out
    );
    for wrong in ["plan/strategy.yaml", "auditor.key"] {
        let refused = bench.run(&["verify", "--against", wrong]);
        assert_eq!(refused.status, 2, "{}", refused.err);
    }
    let refused = bench.run(&["checkpoint", "--new-key", "auditor.key"]);
    assert_eq!(refused.status, 2, "{}", refused.err);
}

#[test]
fn a_write_that_is_repeated_has_one_effect_and_one_answer() {
    for bench in each("retries") {
        let at = |time: &str, arguments: &[&str]| {
            let answer = bench.run_at(time, arguments);
            assert_eq!(answer.status, 0, "{arguments:?}: {}", answer.err);
            answer.out
        };
        let commits = || {
            let history = json(&bench, &["history"]);
            history["commits"].as_array().unwrap().len()
        };
        let with = |key: &'static str, arguments: &[&'static str]| -> Vec<&'static str> {
            [arguments, &["--format", "json", "--idempotency-key", key]].concat()
        };
        let (first, later) = ("2026-11-23T10:00:00Z", "2026-11-24T09:00:00Z");

        // Each repetition would change something, or be refused: a name is changed back, a person is gone.
        let apply = with("a", &["apply", "plan"]);
        let applied = at(first, &apply);
        let load = with("l", &["load", "observations.csv"]);
        let loaded = at(first, &load);
        bench.copy("plan", "other");
        bench.replace(
            "other/strategy.yaml",
            "Each flight earns",
            "Every flight earns",
        );
        at(first, &["apply", "other"]);
        let erase = with("e", &["erase", "a-lima"]);
        let erased = at(first, &erase);
        let before = commits();
        for _ in 0..2 {
            assert_eq!(at(later, &apply), applied);
            assert_eq!(at(later, &load), loaded);
            assert_eq!(at(later, &erase), erased);
        }
        assert_eq!(commits(), before);

        // Nothing that was done is a first answer, too.
        let nothing = with("n", &["load", "observations.csv"]);
        let unchanged = at(later, &nothing);
        assert_eq!(at(later, &nothing), unchanged);
        assert_ne!(unchanged, loaded);

        for other in [
            with("a", &["apply", "other"]),
            with("a", &["load", "observations.csv"]),
            with("a", &["apply", "plan", "--reason", "another"]),
            with("e", &["erase", "r-okafor"]),
            with("", &["apply", "plan"]),
        ] {
            let refused = bench.run_at(later, &other);
            assert_eq!(refused.status, 2, "{other:?}: {}", refused.err);
            assert!(refused.err.contains("idempotency key"), "{}", refused.err);
        }
        assert_eq!(commits(), before);

        // The keys of others are not one's own.
        let theirs = with("l", &["load", "observations.csv", "--as", "r-okafor"]);
        assert_ne!(at(later, &theirs), loaded);

        // After a day the key is as good as a new one.
        let loaded_again = at("2026-11-24T10:00:01Z", &load);
        assert_ne!(loaded_again, loaded);
        bench.ok(&["verify"]);
    }
}

/// Whoever does not know whether a process was ended before or after it wrote asks again.
#[test]
fn a_lost_answer_is_asked_for_again() {
    use std::process::Stdio;
    for bench in each("lost-answers") {
        bench.ok(&["apply", "plan"]);
        for (round, delay_ms) in [0, 5, 10, 20, 40, 80].into_iter().enumerate() {
            let row = format!("measure,unit,period,value\nflights,ewr,2013-07,{round}\n");
            bench.write("one.csv", &row);
            let key = format!("round-{round}");
            let load = [
                "load",
                "one.csv",
                "--format",
                "json",
                "--idempotency-key",
                &key,
            ];
            let mut process = bench
                .command(&load)
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .unwrap();
            std::thread::sleep(std::time::Duration::from_millis(delay_ms));
            let _ = process.kill();
            process.wait().unwrap();
            let answer = bench.command(&load).output().unwrap();
            assert!(answer.status.success(), "{answer:?}");
            let answer: Value = serde_json::from_slice(&answer.stdout).unwrap();
            assert_eq!(answer["written"], 1, "{answer}");
        }
        let history = json(&bench, &["history"]);
        assert_eq!(history["commits"].as_array().unwrap().len(), 7);
    }
}
