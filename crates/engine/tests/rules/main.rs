//! Rules of SEMANTICS.md that the worked cases leave aside, each on a plan of a few lines.

#[path = "../common/mod.rs"]
mod common;
mod limits;
mod owed;
mod reporting;
mod so_far;
mod whole;

use common::{Plan, Row};
use throughline_engine::{Edge, ReadingFinding, Status};

/// One measure, as written after its key; further lines follow it.
fn plan(units: &[(&str, &str)], measures: &[&str], targets: &[&str]) -> Plan {
    let list = |lines: &[&str]| {
        lines
            .iter()
            .map(|line| format!("  - {{ {line} }}\n"))
            .collect::<String>()
    };
    let targets = if targets.is_empty() {
        String::new()
    } else {
        format!("targets:\n{}", list(targets))
    };
    Plan::new(
        units,
        &format!("measures:\n{}{targets}", list(measures)),
        "",
    )
}

const TWO: [(&str, &str); 3] = [("org", ""), ("a", ", parent: org"), ("b", ", parent: org")];

fn value<'a>(measure: &'a str, unit: &'a str, period: &'a str, value: f64) -> Row<'a> {
    (measure, unit, period, Some(value), None)
}

#[track_caller]
fn check_value(
    plan: &Plan,
    rows: &[Row<'_>],
    (measure, unit, period): (&str, &str, &str),
    expected: Option<f64>,
) {
    let found = plan.reading(rows, measure, unit, period).value;
    let same = match (found, expected) {
        (Some(a), Some(b)) => (a - b).abs() < 1e-12,
        (a, b) => a == b,
    };
    assert!(
        same,
        "{measure} at {unit} in {period}: {found:?}, not {expected:?}"
    );
}

#[test]
fn a_reorganisation_does_not_rewrite_the_past() {
    let units = [
        ("org", ""),
        ("old", ", parent: org"),
        ("new", ", parent: org"),
        (
            "team",
            ", parents: [{ parent: old }, { parent: new, from: 2020-03-01 }]",
        ),
    ];
    let plan = plan(
        &units,
        &["key: m, name: M, kind: sum, frequency: month"],
        &[],
    );
    let rows = [
        value("m", "team", "2020-02", 2.0),
        value("m", "team", "2020-03", 3.0),
    ];
    check_value(&plan, &rows, ("m", "old", "2020-Q1"), Some(2.0));
    check_value(&plan, &rows, ("m", "old", "2020-02"), Some(2.0));
    check_value(&plan, &rows, ("m", "new", "2020-03"), Some(3.0));
    check_value(&plan, &rows, ("m", "org", "2020-Q1"), Some(5.0));
    assert_eq!(
        plan.reading(&rows, "m", "old", "2020-02").completeness,
        Some(1.0)
    );
}

#[test]
fn a_retired_unit_owes_nothing_after_its_last_day() {
    let units = [
        ("org", ""),
        ("a", ", parent: org"),
        ("b", ", parent: org, to: 2020-02-15"),
    ];
    let plan = plan(
        &units,
        &["key: m, name: M, kind: sum, frequency: month"],
        &[],
    );
    let rows = [
        value("m", "a", "2020-01", 1.0),
        value("m", "b", "2020-01", 2.0),
        value("m", "a", "2020-02", 4.0),
        value("m", "a", "2020-03", 8.0),
    ];
    for (period, expected) in [("2020-01", 3.0), ("2020-02", 4.0), ("2020-03", 8.0)] {
        let reading = plan.reading(&rows, "m", "org", period);
        assert_eq!(
            (reading.value, reading.completeness, reading.late),
            (Some(expected), Some(1.0), false),
            "{period}"
        );
    }
}

#[test]
fn nothing_is_owed_outside_the_days_on_which_a_measure_is_kept() {
    let plan = plan(
        &[("a", "")],
        &[
            "key: m, name: M, kind: sum, frequency: month, from: 2020-02-01, to: 2020-03-31, reported_by: [a]",
        ],
        &[],
    );
    let rows = [value("m", "a", "2020-02", 1.0)];
    let owed = |period: &str| plan.reading(&rows, "m", "a", period).completeness;
    assert_eq!(
        (
            owed("2020-01"),
            owed("2020-02"),
            owed("2020-03"),
            owed("2020-04")
        ),
        (None, Some(1.0), Some(0.0), None)
    );
}

#[test]
fn overrides_change_the_way_to_add_up() {
    let measures = [
        "key: average, name: M, kind: level, over_time: mean, frequency: month",
        "key: peak, name: M, kind: sum, over_units: max, frequency: month",
        "key: apart, name: M, kind: sum, over_units: none, frequency: month",
        "key: end, name: M, kind: ratio, over_time: last, frequency: month",
    ];
    let plan = plan(&TWO, &measures, &[]);
    let mut rows = Vec::new();
    for measure in ["average", "peak", "apart"] {
        rows.extend([
            value(measure, "a", "2020-01", 1.0),
            value(measure, "b", "2020-01", 2.0),
        ]);
        rows.extend([
            value(measure, "a", "2020-02", 5.0),
            value(measure, "b", "2020-02", 4.0),
        ]);
    }
    rows.extend([
        ("end", "a", "2020-01", Some(0.1), Some(5.0)),
        ("end", "a", "2020-02", Some(0.4), Some(1.0)),
        ("end", "b", "2020-02", Some(0.8), Some(3.0)),
    ]);
    check_value(&plan, &rows, ("average", "org", "2020-02"), Some(9.0));
    check_value(&plan, &rows, ("peak", "org", "2020-02"), Some(5.0));
    check_value(&plan, &rows, ("apart", "org", "2020-02"), None);
    check_value(&plan, &rows, ("apart", "a", "2020-02"), Some(5.0));
}

#[test]
fn an_overridden_ratio_reads_its_last_period() {
    let plan = plan(
        &TWO,
        &[
            "key: end, name: M, kind: ratio, over_time: last, frequency: quarter, reported_by: [a, b]",
        ],
        &[],
    );
    let rows = [
        ("end", "a", "2020-Q1", Some(0.1), Some(5.0)),
        ("end", "a", "2020-Q2", Some(0.4), Some(1.0)),
        ("end", "b", "2020-Q2", Some(0.8), Some(3.0)),
    ];
    check_value(&plan, &rows, ("end", "org", "2020-H1"), Some(0.7));
    assert_eq!(
        plan.reading(&rows, "end", "org", "2020-H1").completeness,
        Some(1.0)
    );
}

#[test]
fn formulas_read_other_periods_and_units() {
    let formulas = [
        ("before", "prev(x, 1)", "2020-03", Some(2.0)),
        ("before", "prev(x, 1)", "2020-Q2", Some(7.0)),
        ("growth", "x / prev(x, 1) - 1", "2020-03", Some(1.0)),
        ("so-far", "ytd(x)", "2020-03", Some(7.0)),
        ("half", "rolling(x, 2)", "2020-03", Some(6.0)),
        ("last-year", "yoy(x)", "2021-03", Some(4.0)),
        ("elsewhere", "x @ b", "2020-01", Some(16.0)),
        ("below", "children_sum(x)", "2020-01", Some(17.0)),
        ("aim", "target(x)", "2020-02", Some(2.0)),
        ("points", "score(x)", "2020-02", Some(100.0)),
        ("both", "if(x > 1.5, 1, 0) + (x = 2)", "2020-02", Some(2.0)),
        ("either", "coalesce(missing, x)", "2020-02", Some(2.0)),
    ];
    for (key, formula, period, expected) in formulas {
        let measures = [
            "key: x, name: X, kind: sum, better: higher, frequency: month".to_string(),
            format!("key: {key}, name: F, kind: formula, formula: \"{formula}\", frequency: month"),
        ];
        let measures: Vec<&str> = measures.iter().map(String::as_str).collect();
        let plan = plan(
            &TWO,
            &measures,
            &["measure: x, unit: a, points: [{ period: 2020-01, value: 2 }]"],
        );
        let mut rows = vec![
            value("x", "a", "2020-01", 1.0),
            value("x", "a", "2020-02", 2.0),
            value("x", "a", "2020-03", 4.0),
        ];
        rows.push(value("x", "b", "2020-01", 16.0));
        let unit = if formula.starts_with("children") {
            "org"
        } else {
            "a"
        };
        check_value(&plan, &rows, (key, unit, period), expected);
    }
}

#[test]
fn a_formula_over_time_can_be_averaged_or_summed() {
    let measures = [
        "key: x, name: X, kind: sum, frequency: month",
        "key: y, name: Y, kind: sum, frequency: month",
        "key: mean, name: F, kind: formula, formula: x / y, over_time: mean, frequency: month",
        "key: sum, name: F, kind: formula, formula: x / y, over_units: sum, frequency: month",
        "key: plain, name: F, kind: formula, formula: x / y, frequency: month",
    ];
    let plan = plan(&TWO, &measures, &[]);
    let rows = [
        value("x", "a", "2020-01", 1.0),
        value("y", "a", "2020-01", 2.0),
        value("x", "b", "2020-01", 3.0),
        value("y", "b", "2020-01", 3.0),
        value("x", "a", "2020-02", 2.0),
        value("y", "a", "2020-02", 1.0),
        value("x", "b", "2020-02", 3.0),
        value("y", "b", "2020-02", 4.0),
    ];
    check_value(&plan, &rows, ("plain", "org", "2020-01"), Some(4.0 / 5.0));
    check_value(&plan, &rows, ("sum", "org", "2020-01"), Some(1.5));
    let all = [&rows[..]].concat();
    let first_half: Vec<Row<'_>> = all;
    // Only what is due counts; both months are long past.
    check_value(&plan, &first_half, ("plain", "org", "2020-02"), Some(1.0));
    check_value(&plan, &first_half, ("mean", "a", "2020-02"), Some(2.0));
}

#[test]
fn a_cost_that_is_owed_further_up_and_missing_is_an_owed_cell() {
    let measures = [
        "key: cost, name: C, kind: sum, frequency: month, reported_by: [org]",
        "key: revenue, name: R, kind: sum, frequency: month",
        "key: share, name: S, kind: formula, formula: cost / revenue, frequency: month",
    ];
    let plan = plan(&TWO, &measures, &[]);
    let revenue = [
        value("revenue", "a", "2020-01", 4.0),
        value("revenue", "b", "2020-01", 6.0),
    ];
    let missing = plan.reading(&revenue, "share", "org", "2020-01");
    assert_eq!(
        (missing.value, missing.late, missing.status),
        (None, true, Status::NoData)
    );
    let whole = [revenue[0], revenue[1], value("cost", "org", "2020-01", 5.0)];
    let reading = plan.reading(&whole, "share", "org", "2020-01");
    assert_eq!(
        (reading.value, reading.completeness, reading.late),
        (Some(0.5), Some(1.0), false)
    );
}

#[test]
fn a_target_ends_at_none_and_a_line_holds_until_then() {
    let targets = [
        "measure: m, unit: a, joined: line, points: [{ period: 2020-01, value: 10 }, { period: 2020-03, value: 20 }, { period: 2020-05, value: none }, { period: 2020-07, value: 30 }]",
    ];
    let plan = plan(
        &[("a", "")],
        &["key: m, name: M, kind: last, better: higher, frequency: month"],
        &targets,
    );
    let rows: Vec<Row<'_>> = Vec::new();
    let targets = [
        "2019-12", "2020-01", "2020-02", "2020-04", "2020-05", "2020-06", "2020-07", "2021-01",
    ]
    .map(|period| plan.reading(&rows, "m", "a", period).target);
    let number = |number: f64| Some(Edge::Number(number));
    assert_eq!(
        targets,
        [
            None,
            number(10.0),
            number(15.0),
            number(20.0),
            None,
            None,
            number(30.0),
            number(30.0)
        ]
    );
}

#[test]
fn a_yearly_sum_is_spread_over_the_weeks_of_each_year() {
    let targets = [
        "measure: m, unit: a, points: [{ period: 2019, value: 520 }, { period: 2020, value: 530 }]",
    ];
    let plan = plan(
        &[("a", "")],
        &["key: m, name: M, kind: sum, better: higher, frequency: week"],
        &targets,
    );
    let target = |period: &str| plan.reading(&[], "m", "a", period).target;
    // 2020 has 53 weeks, and the last point holds on.
    assert_eq!(target("2019-W10"), Some(Edge::Number(10.0)));
    assert_eq!(target("2020-W10"), Some(Edge::Number(10.0)));
    let Some(Edge::Number(later)) = target("2021") else {
        panic!("a target")
    };
    assert!((later - 530.0).abs() < 1e-9);
}

#[test]
fn a_seasonal_path_follows_two_earlier_years() {
    let measures = ["key: m, name: M, kind: last, better: higher, frequency: quarter"];
    let targets =
        ["measure: m, unit: a, seasonal: true, points: [{ period: 2018-Q1, value: 100 }]"];
    let plan = plan(&[("a", "")], &measures, &targets);
    let mut rows = Vec::new();
    for (year, base) in [("2018", 10.0), ("2019", 30.0)] {
        for (quarter, shift) in [("Q1", -6.0), ("Q2", 0.0), ("Q3", 2.0), ("Q4", 4.0)] {
            let period: &'static str = Box::leak(format!("{year}-{quarter}").into_boxed_str());
            rows.push(value("m", "a", period, base + shift));
        }
    }
    rows.push(value("m", "a", "2020-Q1", 95.0));
    let known = plan.reading(&rows, "m", "a", "2020-Q1");
    assert_eq!(
        (known.target, known.floor, known.status),
        (
            Some(Edge::Number(94.0)),
            Some(Edge::Number(84.0)),
            Status::OnTrack
        )
    );
    assert!(known.findings.is_empty());
    let unknown = plan.reading(&rows, "m", "a", "2019-Q1");
    assert_eq!(unknown.target, Some(Edge::Number(100.0)));
    assert_eq!(unknown.findings, [ReadingFinding::SeasonUnknown]);
}

#[test]
fn an_own_empty_value_leaves_the_children_in_place() {
    let plan = plan(&TWO, &["key: m, name: M, kind: sum, frequency: month"], &[]);
    let rows = [
        ("m", "org", "2020-01", None, None),
        value("m", "a", "2020-01", 1.0),
        value("m", "b", "2020-01", 2.0),
    ];
    check_value(&plan, &rows, ("m", "org", "2020-01"), Some(3.0));
}

#[test]
fn a_measure_for_information_has_no_target() {
    let plan = plan(
        &[("a", "")],
        &["key: m, name: M, kind: sum, frequency: month"],
        &[],
    );
    let reading = plan.reading(&[value("m", "a", "2020-01", 1.0)], "m", "a", "2020-01");
    assert_eq!((reading.status, reading.score), (Status::NoTarget, None));
}

#[test]
fn with_both_bounds_inside_a_range_the_side_does_not_matter() {
    let targets = ["measure: m, unit: org, better_range: [0, 10]"];
    let plan = plan(
        &TWO,
        &["key: m, name: M, kind: mean, better: between, frequency: month, reported_by: [a, b]"],
        &targets,
    );
    let mut rows = vec![("m", "a", "2020-02", Some(5.0), Some(1.0))];
    rows.extend([
        ("m", "b", "2019-12", Some(1.0), Some(1.0)),
        ("m", "b", "2020-01", Some(9.0), Some(1.0)),
    ]);
    let reading = plan.reading(&rows, "m", "org", "2020-02");
    assert_eq!(
        (reading.status, reading.bounds),
        (Status::OnTrack, Some((3.0, 7.0)))
    );
}

#[test]
fn every_line_of_an_explanation_was_used() {
    let plan = plan(
        &TWO,
        &["key: m, name: M, kind: ratio, better: higher, frequency: month"],
        &["measure: m, unit: org, points: [{ period: 2020-01, value: 0.5 }]"],
    );
    let rows = [
        ("m", "a", "2020-01", Some(0.5), Some(4.0)),
        ("m", "b", "2020-01", Some(1.0), Some(6.0)),
    ];
    let view = plan.view(&rows);
    let period = plan
        .model
        .calendar()
        .parse_period("2020-01")
        .expect("a period");
    let explanation = view
        .explain(plan.measure("m"), plan.unit("org"), period)
        .expect("an explanation");
    let inputs: Vec<(f64, Option<f64>)> = explanation.periods[0]
        .inputs
        .iter()
        .map(|input| (input.value, input.weight))
        .collect();
    assert_eq!(inputs, [(0.5, Some(4.0)), (1.0, Some(6.0))]);
    assert_eq!(explanation.periods[0].value, Some(0.8));
    assert_eq!(explanation.reading.value, Some(0.8));
    assert_eq!(explanation.target.map(|target| target.is_own), Some(true));
}

#[test]
fn the_first_child_in_the_plan_is_the_worst_of_equals() {
    let measures = "measures:\n  - { key: x, name: X, kind: last, better: higher, frequency: year }\n  - { key: y, name: Y, kind: last, better: higher, frequency: year }\ntargets:\n  - { measure: x, unit: a, points: [{ period: 2020, value: 10 }] }\n  - { measure: y, unit: a, points: [{ period: 2020, value: 10 }] }\n";
    let plan = Plan::new(
        &[("a", "")],
        measures,
        "objectives:\n  - { key: o, name: O, measures: [y, x] }\n",
    );
    let rows = [value("x", "a", "2020", 10.0), value("y", "a", "2020", 10.0)];
    let scorecard = plan.scorecard(&rows, "a", "2020");
    let node = plan.node(&rows, "a", "2020", 0);
    assert_eq!(
        node.worst,
        Some(throughline_engine::ChildKey::Measure(plan.measure("y")))
    );
    assert_eq!(scorecard.nodes.len(), 1);
}
