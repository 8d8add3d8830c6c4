//! Readings that differ between two instants, where the plan changed too.

use crate::harbour;

/// What is not read any more was restated too, whether it was retired between the two dates or since.
#[test]
fn a_measure_that_was_retired_is_among_what_was_restated() {
    let bench = harbour::with_ledger("retired-restated");
    bench.copy("plan", "next");
    for (file, was, is) in [
        (
            "next/strategy.yaml",
            "measures: [per-flight]",
            "measures: [delay]",
        ),
        (
            "next/measures.yaml",
            "  - { measure: per-flight, unit: harbour, points: [{ period: 2013-01, value: 100 }] }\n",
            "",
        ),
        (
            "next/measures.yaml",
            "  - { key: per-flight, name: Revenue per flight, kind: formula, formula: revenue / flights, shown_as: USD, decimals: 0, better: higher, frequency: month, financial: true, owner: r-okafor }\n",
            "",
        ),
    ] {
        bench.replace(file, was, is);
    }
    let retired = bench.run_at("2013-10-01T12:00:00Z", &["apply", "next", "--retire"]);
    assert_eq!(retired.status, 0, "{}", retired.err);
    let commit =
        serde_json::from_str::<serde_json::Value>(&bench.ok(&["history", "--format", "json"]))
            .unwrap()["commits"]
            .as_array()
            .unwrap()
            .len();
    let restated = |asked: &[&str]| -> serde_json::Value {
        let place = ["--period", "2013-06", "--format", "json"];
        let asked = [&["history"], asked, &place].concat();
        serde_json::from_str(&bench.ok(&asked)).unwrap()
    };
    for asked in [
        &["--restatements", "2013-09-30..2013-12-31"][..],
        &["per-flight", "--restatements", "2013-09-30..2013-12-31"],
    ] {
        let found = restated(asked);
        let line = &found["restatements"][0];
        assert_eq!(line["measure"], "per-flight", "{found}");
        assert!(line["before"]["value"].is_number(), "{found}");
        assert!(line["after"].is_null(), "{found}");
        assert_eq!(line["because"][0]["commit"], commit, "{found}");
        assert_eq!(line["because"].as_array().unwrap().len(), 1, "{found}");
        assert_eq!(found["restatements"].as_array().unwrap().len(), 1);
    }
    // It is retired by now, and was there at both instants.
    let found = restated(&["per-flight", "--restatements", "2013-08-31..2013-09-30"]);
    assert_eq!(found["compared"], 1, "{found}");
    let unknown = bench.run(&[
        "history",
        "per-fligth",
        "--restatements",
        "2013-08-31..2013-09-30",
    ]);
    assert_eq!(unknown.status, 2, "{}", unknown.err);
}
