//! What people do with it, from the first check to an erased person, as transcripts.

use crate::harbour;

#[test]
fn first_steps() {
    let bench = harbour::bench("first-steps");
    insta::assert_snapshot!(bench.transcript(
        "scorecard
        check plan
        check plan --strict
        check --explain owner-validates
        @ 2013-06-15T12:00:00Z
        diff plan
        apply plan --reason 'First plan' --as r-okafor
        apply plan
        scorecard
        @ 2013-07-08T12:00:00Z
        load observations.csv --reason 'First half of 2013' --as a-lima
        load observations.csv
        scorecard
        scorecard --unit ewr --period 2013-06
        scorecard --period 2013-06 --format csv
        explain on-time --period 2013-06
        explain delay --unit ewr --period 2013-06
        explain per-flight --period 2013
        explain flights --period 2013-07
        history
        verify"
    ));
}

#[test]
fn a_plan_changed_in_three_steps() {
    let bench = harbour::with_ledger("three-steps");
    bench.copy("plan", "next");
    bench.replace(
        "next/strategy.yaml",
        "perspective: customers, owner",
        "perspective: money, owner",
    );
    let mut told = bench.transcript(
        "@ 2013-08-01T12:00:00Z
        diff next
        apply next --reason 'Objective moved'",
    );
    bench.replace(
        "next/measures.yaml",
        "{ period: 2013-12, value: 0.80 }",
        "{ period: 2013-12, value: 0.76 }",
    );
    told.push_str(&bench.transcript(
        "@ 2013-09-01T12:00:00Z
        apply next --reason 'Target lowered' --as r-okafor",
    ));
    bench.replace(
        "next/measures.yaml",
        "key: delay, name: Mean delay",
        "key: mean-delay, was: delay, name: Mean delay",
    );
    bench.replace(
        "next/strategy.yaml",
        "measure: delay",
        "measure: mean-delay",
    );
    bench.replace(
        "next/measures.yaml",
        "measure: delay,",
        "measure: mean-delay,",
    );
    bench.replace(
        "next/measures.yaml",
        "better: lower, frequency: month",
        "better: lower, over_units: max, frequency: month",
    );
    bench.write(
        "correction.csv",
        "measure,unit,period,value,weight\non-time,jfk,2013-06,0.83,1300\n",
    );
    told.push_str(&bench.transcript(
        "@ 2013-10-01T12:00:00Z
        apply next --reason 'Measure redefined'
        load correction.csv --reason 'Recounted' --as a-lima
        scorecard --period 2013-06 --known-at 2013-07-08
        scorecard --period 2013-06 --known-at 2013-08-15
        scorecard --period 2013-06 --plan-at 2013-07-08
        scorecard --period 2013-06
        history --restatements 2013-07-08..2013-12-31 --period 2013-06
        history on-time --restatements 2013-07-08..2013-08-15 --period 2013-06
        history --target-drift
        history on-time@harbour
        history delay
        history mean-delay
        history on-time --unit jfk --period 2013-06
        explain on-time --unit jfk --period 2013-06",
    ));
    insta::assert_snapshot!(told);
}

#[test]
fn records_are_retired_when_that_is_asked_for() {
    let bench = harbour::with_ledger("retire");
    bench.replace(
        "plan/organisation.yaml",
        "  - { key: jfk, name: Kennedy, parent: harbour }\n",
        "",
    );
    bench.replace(
        "plan/organisation.yaml",
        "parent: harbour }\n",
        "parent: harbour, to: 2013-12-31 }\n",
    );
    insta::assert_snapshot!(bench.transcript(
        "@ 2013-08-01T12:00:00Z
        diff plan
        diff plan --retire
        apply plan --reason 'Newark closes'
        apply plan --retire --reason 'Kennedy was sold'
        history unit/jfk
        history jfk
        scorecard --unit jfk --period 2013-06
        scorecard --unit jfk --period 2013-06 --known-at 2013-07-31 --format csv"
    ));
}

#[test]
fn history_is_brought_in_before_the_first_commit() {
    let bench = harbour::bench("brought-in");
    bench.write(
        "history.csv",
        "measure,unit,period,value,weight,recorded_at\n\
         on-time,ewr,2012-11,0.69,900,2012-12-05\n\
         on-time,ewr,2012-11,0.68,900,2013-01-10\n",
    );
    bench.write(
        "late.csv",
        "measure,unit,period,value,weight,recorded_at\non-time,ewr,2012-12,0.69,900,2013-12-05\n",
    );
    insta::assert_snapshot!(bench.transcript(
        "@ 2013-06-15T12:00:00Z
        apply plan --recorded-at 2012-11-01
        apply plan --recorded-at later
        load history.csv
        load observations.csv
        load late.csv
        history
        history on-time --unit ewr --period 2012-11"
    ));
}

#[test]
fn an_erased_person_is_gone_and_the_chain_verifies() {
    let bench = harbour::with_ledger("erased");
    bench.transcript("export before");
    let told = bench.transcript(
        "erase a-limo
        erase a-lima --as r-okafor --reason 'Request of 3 May'
        erase a-lima
        verify
        history",
    );
    insta::assert_snapshot!(told);
    for entry in std::fs::read_dir(bench.path("throughline-data")).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        for canary in ["a-lima", "Ana Lima"] {
            let found = bytes
                .windows(canary.len())
                .any(|window| window == canary.as_bytes());
            assert!(!found, "{canary} is in a file of the ledger");
        }
    }
    bench.ok(&["export", "after"]);
    bench.ok(&["diff", "after"]);
}

#[test]
fn a_first_plan_of_a_time_that_has_not_come_makes_no_ledger() {
    let bench = harbour::bench("time-to-come");
    insta::assert_snapshot!(bench.transcript(
        "apply plan --recorded-at 2999-01-01
        scorecard"
    ));
}

/// Every number of a scorecard can be explained, those of nodes too: down to children that miss, are left out, or decide.
#[test]
fn numbers_of_nodes_are_explained() {
    let bench = harbour::with_ledger("nodes");
    let mut told = bench.transcript(
        "explain arrive --period 2013-06
        explain earn --period 2013-06
        explain outcome/leave --unit ewr --period 2013-06
        explain customers --period 2013-06
        explain objective/arrive --period 2013-06 --format json
        explain arive --period 2013-06
        explain person/r-okafor --period 2013-06
        explain measure/arrive --period 2013-06",
    );
    bench.replace(
        "plan/strategy.yaml",
        "measures: [on-time, { measure: delay, weight: 2 }]",
        "measures: [{ measure: on-time, weight: 3 }, { measure: delay, critical: true }, revenue]",
    );
    bench.write(
        "july.csv",
        "measure,unit,period,value,weight\non-time,ewr,2013-07,0.85,1000\ndelay,ewr,2013-07,16,1000\n",
    );
    told.push_str(&bench.transcript(
        "@ 2013-09-01T12:00:00Z
        apply plan --reason 'Delay is critical'
        load july.csv
        explain arrive --period 2013-06
        explain arrive --period 2013-07
        explain on-time --period 2013-07
        explain delay --period 2013-07",
    ));
    insta::assert_snapshot!(told);
}

/// What a change of the plan does to observations is said before it is made, and refused where nothing would be left.
#[test]
fn changes_say_what_they_do_to_observations() {
    let bench = harbour::with_ledger("consequences");
    bench.copy("plan", "kind");
    bench.replace(
        "kind/measures.yaml",
        "key: revenue, name: Revenue, kind: sum, shown_as: USD",
        "key: revenue, name: Revenue, kind: level, shown_as: EUR",
    );
    bench.copy("plan", "quarter");
    bench.replace(
        "quarter/measures.yaml",
        "better: lower, frequency: month",
        "better: lower, frequency: quarter",
    );
    bench.replace(
        "quarter/measures.yaml",
        "unit: harbour, points: [{ period: 2013-01, value: 12 }]",
        "unit: harbour, points: [{ period: 2013-Q1, value: 12 }]",
    );
    bench.copy("plan", "zone");
    bench.replace(
        "zone/organisation.yaml",
        "America/New_York",
        "America/Lima\n  fiscal_year_starts: april",
    );
    bench.copy("plan", "range");
    bench.replace(
        "range/measures.yaml",
        "    name: On-time arrivals\n",
        "    name: On-time arrivals\n    least: 0.71\n    greatest: 0.79\n",
    );
    let mut told = bench.transcript(
        "@ 2013-08-01T12:00:00Z
        check kind
        diff kind
        apply kind
        apply kind --format json
        check quarter
        diff quarter
        apply quarter
        check zone
        diff zone
        apply zone
        check range
        diff range
        history --limit 1",
    );
    // What was taken back stands in nobody's way.
    bench.write(
        "taken-back.csv",
        "measure,unit,period,value\ndelay,ewr,2013-06,\ndelay,jfk,2013-06,\n",
    );
    told.push_str(&bench.transcript(
        "load taken-back.csv
        apply quarter",
    ));
    insta::assert_snapshot!(told);
}

#[test]
fn a_record_that_was_retired_by_mistake_comes_back() {
    let bench = harbour::with_ledger("comes-back");
    bench.transcript("export own");
    bench.replace(
        "own/organisation.yaml",
        "  - { key: jfk, name: Kennedy, parent: harbour }\n",
        "",
    );
    bench.copy("own", "without");
    let mut told = bench.transcript(
        "@ 2013-08-01T12:00:00Z
        diff own
        diff own --retire
        apply own --retire --reason 'Kennedy was sold'
        explain on-time --period 2013-06
        history --restatements 2013-07-31..2013-08-31 --period 2013-06 --unit jfk",
    );
    let kennedy = |line: &str| {
        bench.replace(
            "own/organisation.yaml",
            "  - { key: ewr,",
            &format!("{line}  - {{ key: ewr,"),
        );
    };
    kennedy("  - { key: jfk, name: Kennedy, parent: harbour }\n");
    told.push_str(&bench.transcript(
        "@ 2013-09-01T12:00:00Z
        apply own",
    ));
    bench.replace("own/organisation.yaml", "key: jfk,", "key: jfk, was: jfk,");
    told.push_str(&bench.transcript(
        "@ 2013-09-01T12:00:00Z
        diff own
        apply own --reason 'It was not'
        apply own
        export anew
        apply anew
        scorecard --unit jfk --period 2013-06
        history jfk",
    ));
    insta::assert_snapshot!(told);
}

#[test]
fn what_a_first_plan_would_do_is_shown_before_there_is_a_ledger() {
    let bench = harbour::bench("first-diff");
    insta::assert_snapshot!(bench.transcript("diff plan\ndiff plan --format json"));
}

#[test]
fn what_a_new_border_refuses_is_told_at_that_border() {
    let bench = harbour::with_ledger("borders");
    let name = "    name: On-time arrivals\n";
    bench.copy("plan", "roof");
    bench.replace(
        "roof/measures.yaml",
        name,
        &format!("{name}    greatest: 1\n"),
    );
    bench.copy("plan", "floor");
    bench.replace(
        "floor/measures.yaml",
        name,
        &format!("{name}    least: 0.9\n"),
    );
    bench.transcript("apply roof");
    let told = bench.transcript("check floor");
    let (_, refused) = told.split_once("observed-out-of-range").expect(&told);
    let place: String = refused.chars().take(400).collect();
    assert!(place.contains("least: 0.9"), "{told}");
}
