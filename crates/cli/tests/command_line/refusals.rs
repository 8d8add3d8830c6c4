//! What is answered to broken plans, broken observations and wrong usage: what is wrong, where, and what to do. Nothing
//! is half applied.

use std::process::Stdio;

use crate::bench::{Bench, answer};
use crate::harbour;

#[test]
fn broken_plans_are_refused_whole() {
    let bench = harbour::with_ledger("broken-plans");
    bench.replace(
        "plan/strategy.yaml",
        "measures: [on-time,",
        "measures: [on-tme,",
    );
    bench.replace("plan/measures.yaml", "better: higher\n", "beter: higher\n");
    bench.replace(
        "plan/measures.yaml",
        "frequency: month\n    indicator",
        "frequency: fortnight\n    indicator",
    );
    bench.write("plan/notes.yaml", "notes: []\n");
    bench.copy("plan", "circle");
    std::fs::remove_file(bench.path("circle/notes.yaml")).unwrap();
    bench.replace("circle/strategy.yaml", "on-tme", "on-time");
    bench.replace("circle/measures.yaml", "beter", "better");
    bench.replace("circle/measures.yaml", "fortnight", "month");
    bench.replace(
        "circle/measures.yaml",
        "formula: revenue / flights",
        "formula: \"`per-flight` / flights\"",
    );
    insta::assert_snapshot!(bench.transcript(
        "check plan
        check plan --format json
        apply plan
        apply circle
        diff circle
        history"
    ));
}

#[test]
fn broken_observations_are_refused_whole() {
    let bench = harbour::with_ledger("broken-observations");
    bench.write(
        "bad.csv",
        "measure,unit,period,value,weight\n\
         on-time,ewr,2013-07,0.75,1000\n\
         on-tme,ewr,2013-07,0.75,1000\n\
         on-time,ewr,2013-W28,0.75,1000\n\
         revenue,ewr,2013-07,\"1,000\",\n\
         per-flight,ewr,2013-07,100,\n",
    );
    bench.write("empty.csv", "");
    bench.write("header.csv", "measure,unit,value\n");
    insta::assert_snapshot!(bench.transcript(
        "load bad.csv
        load bad.csv --format json
        load empty.csv
        load header.csv
        load nowhere.csv
        load plan
        history
        load bad.csv --keep-good
        history"
    ));
}

/// What can be recorded and is most likely not what was meant is said; what cannot is refused with its line.
#[test]
fn doubtful_observations_are_told_and_lines_named() {
    let bench = harbour::with_ledger("doubtful");
    bench.write(
        "doubtful.csv",
        "measure,unit,period,value,weight\n\
         on-time,ewr,2013-07,75.5,1000\n\
         on-time,jfk,2013-07,80.1,1000\n\
         revenue,ewr,2013-07,500.000,\n\
         flights,ewr,2062-10,1000,\n",
    );
    bench.write(
        "note.csv",
        &format!(
            "measure,unit,period,value,note\nflights,ewr,2013-07,5,{}\n",
            "x".repeat(5000)
        ),
    );
    bench.write(
        "capitals.csv",
        "Measure,Unit,Period,Value\nflights,ewr,2013-07,5\n",
    );
    bench.write(
        "money.csv",
        "measure,unit,period,value\nrevenue,ewr,2013-07,€5\nrevenue,jfk,2013-07,(5)\nflights,jfk,2013-W54,5\n",
    );
    bench.write(
        "late.csv",
        "measure,unit,period,value,recorded_at\nflights,ewr,2013-01,5,2013-02-01\nflights,ewr,2013-02,5,2014-02-01\n",
    );
    bench.copy("plan", "commas");
    bench.replace("commas/measures.yaml", "value: 0.74", "value: 6,20");
    bench.replace("commas/measures.yaml", "value: 0.80", "value: \"6,20\"");
    bench.copy("plan", "unit");
    bench.replace(
        "unit/organisation.yaml",
        "  - { key: jfk, name: Kennedy, parent: harbour }\n",
        "",
    );
    bench.replace(
        "plan/measures.yaml",
        "  - { measure: delay, unit: harbour,",
        "  - { measure: delay, unit: jfk, points: [{ period: 2013-01, value: 12 }], floor: 15 }\n  - { measure: delay, unit: harbour,",
    );
    insta::assert_snapshot!(bench.transcript(
        "@ 2013-08-08T12:00:00Z
        load doubtful.csv
        scorecard --format csv
        load note.csv
        load capitals.csv
        load money.csv
        load late.csv
        check commas
        apply plan
        apply unit --retire
        scorecard --period 2013-06 --known-at 2030-01-01 --format csv
        scorecard --known-at 1990-01-01
        history --restatements 2013-07-08T12:00:10Z..2013-07-08T12:00:20Z --period 2013-06
        backup nowhere/x
        restore nofile --data other"
    ));
}

#[test]
fn wrong_usage_says_what_is_right() {
    let bench = harbour::with_ledger("wrong-usage");
    std::fs::create_dir(bench.path("empty")).unwrap();
    insta::assert_snapshot!(bench.transcript(
        "scorecrd
        scorecard --clock 2020-01-01
        scorecard --unit evr
        scorecard --period 2013-13
        scorecard --known-at yesterday
        scorecard --as r-okafar
        scorecard --format yaml
        history --format csv
        explain on-tme --period 2013-06
        explain
        history nothing
        history ewr --unit ewr
        history on-time --unit ewr --period 2013
        history thing/ewr
        history --restatements 2013
        history --restatements 2014-01-01..2013-01-01
        check
        check nowhere
        check plan/map.yaml
        check empty
        check --explain owner-validate
        apply plan --as nobody
        scorecard --data nowhere
        scorecard --data nowhere --format json
        demo --print --data throughline-data
        demo --print --data plan
        serve --listen 0.0.0.0:8080
        demo --listen 192.0.2.1:0"
    ));
}

#[test]
fn a_measure_is_observed_and_read_where_it_is_reported() {
    let bench = harbour::bench("reported-by");
    bench.write(
        "plan/measures/rounds.yaml",
        "measures:\n  - { key: rounds, name: Rounds, kind: sum, frequency: month, reported_by: [ewr] }\n",
    );
    let header = "measure,unit,period,value";
    bench.write(
        "elsewhere.csv",
        &format!("{header}\nrounds,ewr,2013-06,5\nrounds,jfk,2013-06,7\n"),
    );
    bench.write(
        "taken-back.csv",
        &format!("{header}\nrounds,jfk,2013-06,\n"),
    );
    insta::assert_snapshot!(bench.transcript(
        "@ 2013-07-08T12:00:00Z
        apply plan
        load elsewhere.csv
        load elsewhere.csv --keep-good
        load taken-back.csv
        explain rounds --unit jfk --period 2013-06
        explain rounds --period 2013-06"
    ));
}

#[test]
#[cfg(unix)]
fn links_out_of_the_folder_are_refused() {
    let bench = harbour::bench("links");
    bench.write("outside.yaml", "measures: []\n");
    std::os::unix::fs::symlink(bench.path("outside.yaml"), bench.path("plan/linked.yaml")).unwrap();
    let answer = bench.run(&["check", "plan"]);
    assert_eq!(answer.status, 2);
    assert!(
        answer.err.contains("leads out of the plan folder"),
        "{}",
        answer.err
    );
}

#[test]
#[cfg(unix)]
fn arguments_that_are_not_utf_8_are_wrong_usage() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let bench = Bench::new("not-utf-8");
    let wrong = OsStr::from_bytes(b"\xff");
    let answered = answer(
        bench
            .command(&["scorecard", "--unit"])
            .arg(wrong)
            .output()
            .unwrap(),
    );
    assert_eq!(answered.status, 2, "{}", answered.err);
    let answered = answer(bench.command(&["check"]).arg(wrong).output().unwrap());
    assert_eq!(answered.status, 3, "{}", answered.err);
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let bench = harbour::with_ledger("broken-pipe");
    let mut child = bench
        .command(&["scorecard", "--period", "2013-06"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let answered = answer(child.wait_with_output().unwrap());
    assert_eq!(answered.status, 0, "{}", answered.err);
    assert!(!answered.err.contains("panic"), "{}", answered.err);
}

#[test]
fn no_text_as_an_argument_is_a_panic() {
    let bench = harbour::with_ledger("any-text");
    for text in [
        "",
        " ",
        "..",
        "/",
        "@",
        ">",
        "'",
        "\u{202e}",
        "2013-06..",
        "999999999999",
        "-1",
        "ü\u{0}ü".trim_matches('\0'),
    ] {
        if text.contains('\0') {
            continue;
        }
        for arguments in [
            vec!["scorecard", "--unit", text],
            vec!["scorecard", "--period", text],
            vec!["scorecard", "--known-at", text],
            vec!["history", text],
            vec!["history", "--restatements", text],
            vec!["explain", text, "--period", "2013-06"],
            vec!["erase", text],
            vec!["apply", "plan", "--recorded-at", text],
        ] {
            let answer = bench.run(&arguments);
            assert!(
                (0..=3).contains(&answer.status),
                "{arguments:?}: {}",
                answer.err
            );
            assert!(
                !answer.err.contains("panicked"),
                "{arguments:?}: {}",
                answer.err
            );
        }
    }
}

/// Whoever took it for a failure would do it again.
#[test]
#[cfg(target_os = "linux")]
fn what_is_recorded_is_no_failure_where_its_answer_cannot_be_written() {
    let bench = harbour::bench("answer-unwritten");
    let told = |arguments: &[&str]| {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full");
        let mut command = bench.command(arguments);
        let output = command
            .stdout(full.expect("a device that is full"))
            .output();
        let answer = answer(output.expect("the binary runs"));
        (answer.status, answer.err)
    };
    for (arguments, commit) in [
        (vec!["apply", "plan"], 1),
        (vec!["load", "observations.csv", "--format", "json"], 2),
        (vec!["erase", "a-lima"], 3),
    ] {
        let (status, err) = told(&arguments);
        let said = format!("could not be written; it is recorded, as commit {commit}");
        assert_eq!(status, 1, "{arguments:?}: {err}");
        assert!(err.contains(&said), "{arguments:?}: {err}");
    }
    let (status, err) = told(&["history"]);
    assert_eq!(status, 3, "{err}");
}

/// What follows from a lack is said after it.
#[test]
fn what_the_plan_lacks_comes_before_what_follows_from_that() {
    let bench = harbour::bench("without-organisation");
    std::fs::remove_file(bench.path("plan/organisation.yaml")).expect("a file");
    let checked = bench.run(&["check", "plan"]);
    let said = format!("{}{}", checked.out, checked.err);
    let at = |words: &str| {
        said.find(words)
            .unwrap_or_else(|| panic!("{words}: {said}"))
    };
    assert!(
        at("the plan has no organisation") < at("there is no person"),
        "{said}"
    );
}
