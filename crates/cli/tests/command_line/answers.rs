//! The answers for programs, the examples, and the help.

use serde_json::Value as Json;

use crate::bench::Bench;
use crate::harbour;

#[test]
fn answers_for_programs() {
    let bench = harbour::with_ledger("json");
    bench.copy("plan", "next");
    bench.replace("next/measures.yaml", "value: 0.80", "value: 0.79");
    bench.write(
        "correction.csv",
        "measure,unit,period,value,weight\non-time,jfk,2013-06,0.83,1300\n",
    );
    insta::assert_snapshot!(bench.transcript(
        "check plan --format json
        check --explain owner-validates --format json
        @ 2013-08-01T12:00:00Z
        diff next --format json
        apply next --format json --reason 'Target lowered'
        load correction.csv --format json
        export out --format json
        scorecard --period 2013-06 --format json
        explain on-time --period 2013-06 --format json
        explain per-flight --period 2013-06 --format json
        signals on-time --unit ewr --period 2013-06 --format json
        forecast on-time --unit ewr --period 2013-06 --format json
        history --format json --limit 1
        history on-time@harbour --format json
        history on-time --unit jfk --period 2013-06 --format json
        history --restatements 2013-07-15..2013-08-15 --period 2013-06 --format json
        history --target-drift --format json
        erase a-lima --format json
        verify --format json"
    ));
}

#[test]
fn the_examples_read_as_their_pages_say() {
    let bench = Bench::new("demo");
    let value = |example: &str, period: &str, measure: &str| -> f64 {
        let data = format!("{example}-{period}");
        let arguments = [
            "demo",
            "--example",
            example,
            "--period",
            period,
            "--format",
            "json",
            "--data",
            &data,
        ];
        let card: Json = serde_json::from_str(&bench.ok(&arguments)).unwrap();
        let measures = card["measures"].as_array().unwrap();
        let found = measures
            .iter()
            .find(|reading| reading["key"] == measure)
            .unwrap();
        found["value"].as_f64().unwrap()
    };
    let check = |example: &str, period: &str, measure: &str, expected: f64| {
        let value = value(example, period, measure);
        assert!(
            (value - expected).abs() < 0.000_5,
            "{example} {period} {measure}: {value}"
        );
    };
    check("nhs-ae", "2019-03", "within-four-hours", 0.866);
    check("ny-flights", "2013", "on-time-arrival", 0.734);
}

/// Two years of a measure that worsens in the end, beside one that does not and one of which little is known.
#[test]
fn changes_and_what_is_to_come() {
    let bench = harbour::with_ledger("signals");
    let mut rows = "measure,unit,period,value,weight\n".to_owned();
    for month in 0..24 {
        let period = format!("{}-{:02}", 2012 + month / 12, month % 12 + 1);
        let up_and_down = [0.0, 2.0, -1.0, 1.0, -2.0, 0.0, 1.0][month * 3 % 7];
        let on_time = if month < 23 { 78.0 } else { 60.0 } + up_and_down;
        for unit in ["ewr", "jfk"] {
            rows.push_str(&format!(
                "on-time,{unit},{period},{},1000\n",
                on_time / 100.0
            ));
            rows.push_str(&format!(
                "delay,{unit},{period},{},1000\n",
                13.0 + up_and_down
            ));
        }
    }
    bench.write("two-years.csv", &rows);
    insta::assert_snapshot!(bench.transcript(
        "@ 2014-01-20T12:00:00Z
        load two-years.csv --reason 'Two years'
        signals --period 2013-12
        signals on-time --period 2013-12
        signals on-time --period 2013-12 --known-at 2013-07-31
        forecast --period 2013-12
        forecast delay --period 2013-12
        signals on-tme
        forecast revenue --unit nowhere"
    ));
}

#[test]
fn the_demonstration() {
    let bench = Bench::new("demonstration");
    insta::assert_snapshot!(bench.transcript("demo --print\ndemo --print --example nhs-ae"));
    let left = std::fs::read_dir(bench.path("")).unwrap().count();
    assert_eq!(left, 0, "nothing is left in the folder");
}

#[test]
fn a_demonstration_of_no_period_leaves_nothing_behind() {
    let bench = Bench::new("demonstration-of-no-period");
    let said = bench.transcript("demo --print --data kept --period never");
    assert!(said.contains("never"), "{said}");
    assert!(!bench.path("kept").exists(), "{said}");
}

#[test]
fn help() {
    let bench = Bench::new("help");
    let commands = [
        "",
        "check ",
        "diff ",
        "apply ",
        "export ",
        "import ",
        "load ",
        "scorecard ",
        "explain ",
        "signals ",
        "forecast ",
        "history ",
        "erase ",
        "verify ",
        "backup ",
        "restore ",
        "checkpoint ",
        "demo ",
        "serve ",
    ];
    for command in commands {
        let name = if command.is_empty() {
            "throughline"
        } else {
            command.trim()
        };
        insta::assert_snapshot!(
            format!("help-{name}"),
            bench.transcript(&format!("{command}--help"))
        );
    }
}
