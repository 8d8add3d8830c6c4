//! Nothing that a plan says makes the evaluation run without an end, or answer with a number that is short.

use std::fmt::Write;

use throughline_engine::{ReadingFinding, Status};

use super::value;
use crate::common::Plan;

/// `m` and formulas of it, each from the one before.
fn chain(length: usize, more: &str, formula: impl Fn(&str, usize) -> String) -> String {
    let mut measures =
        "measures:\n  - { key: m, name: M, kind: sum, better: higher, frequency: month }\n"
            .to_owned();
    let mut before = "m".to_owned();
    for number in 1..=length {
        let key = format!("f{number}");
        let formula = formula(&before, number);
        writeln!(
            measures,
            "  - {{ key: {key}, name: F, kind: formula, frequency: month, better: higher, formula: \"{formula}\"{more} }}"
        )
        .expect("text");
        before = key;
    }
    measures
}

/// The text of measures.yaml with its records in the opposite order.
fn backwards(measures: &str) -> String {
    let mut lines: Vec<&str> = measures.lines().skip(1).collect();
    lines.reverse();
    format!("measures:\n{}\n", lines.join("\n"))
}

#[test]
fn formulas_that_name_others_twice_are_read_once() {
    let check = |more: &str, formula: fn(&str, usize) -> String| {
        let plan = Plan::new(&[("a", "")], &chain(60, more, formula), "");
        let rows = [
            value("m", "a", "2020-01", 2.0),
            value("m", "a", "2019-12", 2.0),
        ];
        let scorecard = plan.scorecard(&rows, "a", "2020-01");
        let values: Vec<Option<f64>> = scorecard.measures.iter().map(|one| one.value).collect();
        assert_eq!(values.len(), 61);
        assert_eq!(values[60], Some(2.0), "{}", formula("m", 1));
    };
    check("", |before, _| format!("({before} + {before}) / 2"));
    check("", |before, _| {
        format!("{before} + coalesce(prev({before}, 1), {before}) * 0")
    });
    check(", over_units: sum", |before, _| {
        format!("({before} + {before}) / 2")
    });
    check(", over_time: sum", |before, number| match number {
        1 => before.to_owned(),
        number => format!(
            "({before} + {before} + f{}) / 3",
            number.saturating_sub(2).max(1)
        ),
    });
    check("", |before, _| {
        format!("if(coalesce(yoy({before}), 1) > 0, {before}, coalesce({before}, 1))")
    });
}

#[test]
fn what_is_nested_too_deep_has_no_value_wherever_it_stands() {
    let formulas = [
        (|before: &str, _| format!("{before} + 0")) as fn(&str, usize) -> String,
        |before, _| format!("score({before}) * 0 + coalesce({before}, 0)"),
    ];
    for formula in formulas {
        let measures = chain(70, "", formula);
        for measures in [measures.clone(), backwards(&measures)] {
            let plan = Plan::new(&[("a", "")], &measures, "");
            let rows = [value("m", "a", "2020-01", 3.0)];
            let scorecard = plan.scorecard(&rows, "a", "2020-01");
            let read = |number: usize| {
                let id = plan.measure(&format!("f{number}"));
                let reading = scorecard.measures.iter().find(|one| one.measure == id);
                reading.expect("a reading").clone()
            };
            assert!(!read(64).findings.contains(&ReadingFinding::TooDeep));
            for number in 65..=70 {
                assert_eq!(
                    (read(number).value, read(number).status),
                    (None, Status::NoData),
                    "f{number}"
                );
                assert!(read(number).findings.contains(&ReadingFinding::TooDeep));
            }
        }
    }
}

#[test]
fn formulas_that_look_back_too_far_have_no_value() {
    let measures = chain(5, ", over_time: sum", |before, _| {
        format!("{before} + rolling({before}, 120) * 0")
    });
    let plan = Plan::new(&[("a", "")], &measures, "");
    let rows = [value("m", "a", "2020-01", 3.0)];
    let read = |key: &str| plan.reading(&rows, key, "a", "2020-01");
    assert_eq!(read("f3").value, Some(3.0));
    let refused = read("f4");
    assert_eq!(refused.value, None);
    assert!(refused.findings.contains(&ReadingFinding::TooDeep));
}

#[test]
fn formulas_in_a_circle_have_no_value() {
    let measures = "measures:
  - { key: a, name: A, kind: formula, formula: b + 1, frequency: month }
  - { key: b, name: B, kind: formula, formula: a + 1, frequency: month }
";
    let plan = Plan::new(&[("u", "")], measures, "");
    let reading = plan.reading(&[], "a", "u", "2020-01");
    assert_eq!(
        (reading.value, reading.findings),
        (None, vec![ReadingFinding::TooDeep])
    );
}

#[test]
fn units_that_stand_too_deep_are_missed_aloud() {
    let names: Vec<(String, String)> = (0..70)
        .map(|number| {
            let rest = match number {
                0 => String::new(),
                _ => format!(", parent: u{}", number - 1),
            };
            (format!("u{number}"), rest)
        })
        .collect();
    let units: Vec<(&str, &str)> = names
        .iter()
        .map(|(key, rest)| (key.as_str(), rest.as_str()))
        .collect();
    let measures = "measures:\n  - { key: m, name: M, kind: sum, frequency: month }\n";
    let plan = Plan::new(&units, measures, "");
    let reading = |unit| {
        let rows = [value("m", unit, "2020-01", 3.0)];
        plan.reading(&rows, "m", "u0", "2020-01")
    };
    assert_eq!(
        (reading("u64").value, reading("u64").findings),
        (Some(3.0), vec![])
    );
    assert!(reading("u66").findings.contains(&ReadingFinding::TooDeep));
}

#[test]
fn a_cascade_of_any_length_is_read() {
    const LENGTH: usize = 20_000;
    let mut strategy = "perspectives:\n  - { key: p, name: P }\nobjectives:\n".to_owned();
    for number in 0..LENGTH {
        let supports = match number {
            0 => String::new(),
            _ => format!(", supports: [o{}]", number - 1),
        };
        let measures = if number == LENGTH - 1 {
            ", measures: [m]"
        } else {
            ""
        };
        writeln!(
            strategy,
            "  - {{ key: o{number}, name: O, perspective: p{supports}{measures} }}"
        )
        .expect("text");
    }
    let measures = "measures:\n  - { key: m, name: M, kind: sum, better: higher, frequency: month }\ntargets:\n  - { measure: m, unit: a, points: [{ period: 2020-01, value: 3 }] }\n";
    let plan = Plan::new(&[("a", "")], measures, &strategy);
    let scorecard = plan.scorecard(&[value("m", "a", "2020-01", 3.0)], "a", "2020-01");
    let scores: Vec<Option<f64>> = scorecard.nodes.iter().map(|node| node.score).collect();
    assert_eq!(scores.len(), LENGTH + 1);
    assert!(scores.iter().all(|score| *score == Some(100.0)));
}

#[test]
fn a_day_in_the_far_future_reads_the_latest_period_that_counts() {
    let plan = Plan::new(
        &[("a", "")],
        "measures:\n  - { key: m, name: M, kind: last, frequency: year }\n",
        "",
    );
    let shown = |rows: &[crate::common::Row<'_>], period: &str| {
        let reading = plan.reading(rows, "m", "a", period);
        plan.model.calendar().name(&reading.shown_period)
    };
    let rows = [value("m", "a", "2024", 1.0)];
    assert_eq!(shown(&rows, "2199-12-31"), "2025");
    // What is complete before it is due counts early, however far ahead.
    let ahead = [rows[0], value("m", "a", "2150", 1.0)];
    assert_eq!(shown(&ahead, "2199-W50"), "2150");
    assert_eq!(shown(&ahead, "2149-W50"), "2025");
    assert_eq!(shown(&rows, "2024-06"), "2023");
}
