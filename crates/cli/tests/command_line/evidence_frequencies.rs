//! Evidence for a link whose measures are of different lengths of period: what was stated of its lag, and what was tested.

use serde_json::Value as Json;

use crate::bench::Bench;
use crate::evidence::even;

/// A cause of each week and an effect of each quarter, which is said to follow after a month.
#[test]
fn a_lag_that_is_no_period_is_told_as_stated_and_as_tested() {
    let bench = Bench::new("evidence-frequencies");
    let units: String = (0..12)
        .map(|unit| format!("  - {{ key: u{unit}, name: U{unit}, parent: top }}\n"))
        .collect();
    bench.write(
        "plan/organisation.yaml",
        &format!("organisation: {{ key: top, name: Top, time_zone: UTC }}\nunits:\n  - {{ key: top, name: Top }}\n{units}"),
    );
    bench.write(
        "plan/strategy.yaml",
        "strategy: { key: s, name: S, from: 2018, to: 2026 }
",
    );
    bench.write(
        "plan/measures.yaml",
        "measures:
  - { key: cause, name: Cause, kind: mean, better: higher, frequency: week }
  - { key: effect, name: Effect, kind: mean, better: higher, frequency: quarter }
",
    );
    bench.write(
        "plan/map.yaml",
        "outcomes: [{ key: out, name: Out, measures: [effect] }]
behaviours: [{ key: act, name: Act, level: frontline, who: all, how_often: daily, seen_by: all, measures: [cause] }]
links: [{ from: act, to: out, effect: raises, lag: 1 month, strength: strong, why: x }]
",
    );
    let mut chance = even(11);
    let mut rows = "measure,unit,period,value\n".to_owned();
    for unit in 0..12 {
        for quarter in 0..8 {
            let (year, in_year) = (2021 + quarter / 4, quarter % 4);
            let level = chance();
            for week in 0..13 {
                let week = in_year * 13 + week + 1;
                rows += &format!("cause,u{unit},{year}-W{week:02},{level}\n");
            }
            let effect = level + 0.4 * chance();
            rows += &format!("effect,u{unit},{year}-Q{},{effect}\n", in_year + 1);
        }
    }
    bench.write("rows.csv", &rows);
    bench.ok(&["apply", "plan"]);
    bench.ok(&["load", "rows.csv"]);
    let asked = ["evidence", "act>out", "--period", "2022-Q4"];
    let answer = bench.ok(&[&asked[..], &["--format", "json"]].concat());
    let answer: Json = serde_json::from_str(&answer).expect("json");
    let tested = &answer["link"]["tested"];
    assert_eq!(tested["frequency"], "quarter", "{answer}");
    assert_eq!(tested["lag"], 0);
    assert_eq!(answer["link"]["grade"], "supported", "{answer}");
    let sentence = answer["link"]["sentence"].as_str().expect("a sentence");
    assert!(
        sentence.contains("Stated after 1 month; tested in the same quarter."),
        "{sentence}"
    );
    // All of it is there in the quarter of the cause, and nothing more later.
    let follows = tested["follows"].as_array().expect("a list");
    let low = |at: usize| {
        follows[at]["standard_interval"][0]
            .as_f64()
            .expect("a number")
    };
    assert!(low(0) > 0.5 && low(1) < 0.0, "{follows:?}");
    let told = bench.ok(&asked);
    assert!(
        told.contains("after 1 month (tested in the same quarter)"),
        "{told}"
    );
    assert!(told.contains("Most shows in the same quarter"), "{told}");
}
