//! A ledger in a database, as the command line meets it: the same answers as from a folder, several processes at once,
//! and plain words where the database is not what it should be, never with the password.

use std::process::{Command, Stdio};

use throughline_testkit::postgres::{Database, Server, program};

use crate::bench::{Answer, Bench};

const PLAN: &str = "organisation:\n  key: harbour\n  name: Harbour\n  time_zone: UTC\n";

const STRATEGY: &str = "objectives:\n  - key: arrive\n    name: Arrive on time\n";

/// A plan folder with one objective.
fn with_plan(bench: &Bench) {
    bench.write("plan/organisation.yaml", PLAN);
    bench.write("plan/strategy.yaml", STRATEGY);
}

#[test]
fn a_database_answers_like_a_folder() {
    let Some(database) = Database::new() else {
        return;
    };
    let in_folder = Bench::new("database-folder");
    let in_database = Bench::new("database-database").with_database(database.url());
    let mut answers = Vec::new();
    for bench in [&in_folder, &in_database] {
        with_plan(bench);
        let mut said = String::new();
        let steps: [&[&str]; 6] = [
            &["diff", "plan"],
            &["apply", "plan", "--reason", "the first"],
            &["apply", "plan"],
            &["history"],
            &["export", "exported"],
            &["diff", "exported"],
        ];
        for step in steps {
            let answer = bench.run(step);
            said.push_str(&format!("{step:?} {} {}\n", answer.status, answer.out));
        }
        let verified = bench.run(&["verify"]);
        assert_eq!(verified.status, 0, "{}", verified.err);
        answers.push(said);
    }
    assert_eq!(answers[0], answers[1]);
}

#[test]
fn processes_that_write_at_once_lose_nothing() {
    const PROCESSES: usize = 6;
    let Some(database) = Database::new() else {
        return;
    };
    let bench = Bench::new("database-processes").with_database(database.url());
    with_plan(&bench);
    bench.ok(&["apply", "plan"]);
    let running: Vec<_> = (0..PROCESSES)
        .map(|number| {
            let text = format!("objectives:\n  - key: o-{number}\n    name: Objective {number}\n");
            bench.write(&format!("plan-{number}/strategy.yaml"), &text);
            let folder = format!("plan-{number}");
            bench
                .command(&["apply", &folder])
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .unwrap()
        })
        .collect();
    for mut process in running {
        assert!(process.wait().unwrap().success());
    }
    let history = bench.ok(&["history", "--format", "json"]);
    let history: serde_json::Value = serde_json::from_str(&history).unwrap();
    let commits = history["commits"].as_array().unwrap();
    assert_eq!(commits.len(), 1 + PROCESSES, "{commits:#?}");
    bench.ok(&["verify"]);
}

/// Whoever changed the same thing in the meantime is named with what each side says, wherever the ledger stands.
#[test]
fn a_conflict_in_a_database_names_both_versions() {
    let Some(database) = Database::new() else {
        return;
    };
    let bench = Bench::new("database-conflict").with_database(database.url());
    with_plan(&bench);
    bench.ok(&["apply", "plan"]);
    bench.ok(&["export", "mine"]);
    bench.ok(&["export", "theirs"]);
    bench.replace("theirs/strategy.yaml", "Arrive on time", "Arrive early");
    bench.ok(&["apply", "theirs", "--reason", "They were first"]);
    bench.replace("mine/strategy.yaml", "Arrive on time", "Arrive at all");
    let refused = bench.run(&["apply", "mine"]);
    assert_eq!(refused.status, 3, "{}", refused.err);
    for said in [
        "the folder says Arrive at all, the ledger says Arrive early; at the base it was Arrive on time",
        "They were first",
    ] {
        assert!(refused.err.contains(said), "{said}: {}", refused.err);
    }
    let history = bench.ok(&["history", "--format", "json"]);
    let history: serde_json::Value = serde_json::from_str(&history).unwrap();
    assert_eq!(history["commits"].as_array().unwrap().len(), 2);
}

/// Status 4 says that nothing was changed and that trying again is the thing to do, and then it works.
#[test]
fn a_database_that_is_away_is_told_by_the_status_until_it_is_back() {
    let Some(server) = Server::start() else {
        return;
    };
    let database = Database::of(&server);
    let bench = Bench::new("database-away").with_database(database.url());
    with_plan(&bench);
    bench.ok(&["apply", "plan"]);
    bench.replace("plan/strategy.yaml", "Arrive on time", "Arrive early");
    let commands: [&[&str]; 5] = [
        &["apply", "plan", "--idempotency-key", "board"],
        &["history"],
        &["verify"],
        &["backup", "ledger.backup"],
        &["export", "exported"],
    ];
    server.kill();
    for command in commands {
        let answer = bench.run(command);
        assert_eq!(answer.status, 4, "{command:?}: {}", answer.err);
        assert!(answer.err.contains("cannot be reached"), "{}", answer.err);
        assert!(answer.err.contains("try again"), "{}", answer.err);
    }
    server.start_again();
    for command in commands {
        bench.ok(command);
    }
    let history: serde_json::Value =
        serde_json::from_str(&bench.ok(&["history", "--format", "json"])).unwrap();
    assert_eq!(history["commits"].as_array().unwrap().len(), 2);
}

fn check(bench: Bench, url: &str, expected: &str) {
    let bench = bench.with_database(url.to_owned());
    with_plan(&bench);
    for format in ["table", "json"] {
        let Answer { status, out, err } = bench.run(&["apply", "plan", "--format", format]);
        // Whoever runs it by a timer tells by the status alone whether to run it again.
        let is_away = expected == "cannot be reached";
        assert_eq!(status == 4, is_away, "{url}: {status} {out}{err}");
        assert!(status >= 2, "{url}: {out}{err}");
        assert!(err.contains(expected), "{url}: {err}");
        assert!(!err.contains("s3cret") && !out.contains("s3cret"), "{err}");
    }
}

#[test]
fn what_is_wrong_with_a_database_is_said() {
    let bench = || Bench::new("database-wrong");
    for (url, expected) in [
        (
            "mysql://ada:s3cret@db/plan",
            "does not begin with `postgres://`",
        ),
        ("postgres://ada:s3cret@db:port/plan", "cannot be read"),
        (
            "postgres://ada:s3cret@127.0.0.1:1/plan",
            "cannot be reached",
        ),
        (
            "postgres://ada:s3cret@localhost/plan?host=/nowhere",
            "cannot be reached",
        ),
    ] {
        check(bench(), url, expected);
    }
    let Some(server) = Server::start() else {
        return;
    };
    let statement = |text: &str| {
        let done = Command::new(program("psql"))
            .args(["--quiet", "--no-psqlrc", "-v", "ON_ERROR_STOP=1"])
            .args([&server.url("postgres"), "-c", text])
            .status();
        assert!(done.unwrap().success(), "{text}");
    };
    statement("create role guarded login password 'right'");
    statement("create role stranger login");
    statement("create database latin encoding 'LATIN1' template template0");
    statement("create database strangers");
    statement("create sequence something");
    for (url, expected) in [
        (server.url("nothing"), "does not exist; create it first"),
        (server.url("postgres"), "is not a ledger"),
        (
            server.url("latin"),
            "needs a database with the encoding UTF8",
        ),
        (
            server.url_of("guarded:s3cret", "postgres"),
            "refused this user: password authentication failed",
        ),
        (
            server.url_of("stranger", "strangers"),
            "refused this user: permission denied",
        ),
    ] {
        check(bench(), &url, expected);
    }
    for setting in [
        "fsync=off",
        "full_page_writes=off",
        "synchronous_commit=off",
    ] {
        server.kill();
        server.start_with(&[setting]);
        let (name, _) = setting.split_once('=').unwrap();
        check(
            bench(),
            &server.url("strangers"),
            &format!("`{name}` is off"),
        );
    }
    server.kill();
    check(bench(), &server.url("strangers"), "cannot be reached");
}
