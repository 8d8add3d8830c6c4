//! A ledger whose newest plan does not read any more: `verify` says all the same what is wrong, and those whose task it is
//! to mend it are not shut out.

use std::process::Command;

use serde_json::Value;
use throughline_testkit::postgres::{Database, program};

use crate::bench::Bench;

/// The way of an owner of the database, who takes its rules away first.
const WITHOUT_RULES: &str = "do $$ declare rule record; begin
    for rule in select conrelid::regclass as at, conname from pg_constraint
        where connamespace = current_schema()::regnamespace and contype in ('c', 'f') loop
        execute format('alter table %s drop constraint %I', rule.at, rule.conname);
    end loop; end $$";

/// A ledger with one commit, and a checkpoint of it.
fn with_ledger(bench: Bench) -> Bench {
    let plan = "organisation: { key: harbour, name: Harbour, time_zone: UTC }
people: [{ key: ann, name: Ann }]
";
    bench.write("plan/organisation.yaml", plan);
    bench.ok(&["apply", "plan"]);
    bench.write("checkpoint.txt", &bench.ok(&["checkpoint"]));
    bench
}

/// The problem that `verify` must name, however it is asked.
fn check(bench: &Bench, commit: Option<u64>, said: &str) {
    for more in [&[][..], &["--against", "checkpoint.txt"], &["--as", "ann"]] {
        let asked = [&["verify", "--format", "json"][..], more].concat();
        let answer = bench.run(&asked);
        assert_eq!(answer.status, 1, "{said}: {}", answer.err);
        let verified: Value = serde_json::from_str(&answer.out).expect("an answer for programs");
        let problems = verified["problems"].as_array().expect("a list");
        let is_named = problems.iter().any(|problem| {
            problem["commit"].as_u64() == commit
                && problem["what"]
                    .as_str()
                    .is_some_and(|what| what.contains(said))
        });
        assert!(is_named, "{said}: {problems:#?}");
    }
}

#[test]
fn a_file_whose_plan_does_not_read_is_verified() {
    let bench = with_ledger(Bench::new("tampered-file"));
    let file = bench.path("throughline-data/ledger.sqlite");
    let mut bytes = std::fs::read(&file).expect("a file");
    let (from, to) = (br#":"harbour""#, br#";"harbour""#);
    let places: Vec<usize> = (0..bytes.len())
        .filter(|place| bytes[*place..].starts_with(from))
        .collect();
    assert!(!places.is_empty(), "the key is readable");
    for place in places {
        bytes[place..place + to.len()].copy_from_slice(to);
    }
    std::fs::write(&file, bytes).expect("a file");
    assert_eq!(bench.run(&["export", "exported"]).status, 3);
    check(&bench, Some(1), "expected `:`");
    bench.ok(&["checkpoint"]);
}

#[test]
fn a_database_whose_plan_does_not_read_is_verified() {
    for (number, (statement, commit, said)) in [
        (
            "update record_versions set body = '{' where ordinal = 0",
            Some(1),
            "EOF",
        ),
        (
            "update person_keys set key = decode(repeat('00', 32), 'hex')",
            Some(1),
            "does not open",
        ),
        (r"update head set hash = '\x00'", None, "no hash"),
        (
            "update head set number = 9223372036854775807",
            None,
            "the head says",
        ),
        ("delete from head", None, "it is not there"),
        ("delete from ledger", None, "not there"),
    ]
    .into_iter()
    .enumerate()
    {
        let Some(database) = Database::new() else {
            return;
        };
        let bench = Bench::new(&format!("tampered-database-{number}"));
        let bench = with_ledger(bench.with_database(database.url()));
        let tampered = Command::new(program("psql"))
            .args([&database.url(), "--quiet", "--no-psqlrc"])
            .args(["--command", WITHOUT_RULES, "--command", statement])
            .output()
            .expect("psql runs");
        assert!(tampered.status.success(), "{tampered:?}");
        assert_eq!(tampered.stderr, b"", "{tampered:?}");
        check(&bench, commit, said);
        // What is damaged is not backed up.
        assert_eq!(bench.run(&["backup", "ledger.backup"]).status, 3);
    }
}
