//! Cases worked out by hand from SEMANTICS.md where two of its rules meet, each with its sums in a comment.

mod common;

use common::{Plan, Row};
use throughline_engine::{ChildKey, Edge, Fragile, ReadingFinding, Status};

const REGIONS: [(&str, &str); 7] = [
    ("org", ""),
    ("north", ", parent: org"),
    ("south", ", parent: org"),
    ("n1", ", parent: north"),
    ("n2", ", parent: north"),
    ("s1", ", parent: south"),
    ("s2", ", parent: south"),
];

fn plan(units: &[(&str, &str)], measures: &[&str], rest: &str) -> Plan {
    let measures: String = measures
        .iter()
        .map(|line| format!("  - {{ {line} }}\n"))
        .collect();
    Plan::new(units, &format!("measures:\n{measures}{rest}"), "")
}

fn value<'a>(measure: &'a str, unit: &'a str, period: &'a str, value: f64) -> Row<'a> {
    (measure, unit, period, Some(value), None)
}

fn none<'a>(measure: &'a str, unit: &'a str, period: &'a str) -> Row<'a> {
    (measure, unit, period, None, None)
}

/// Value and completeness of one reading.
#[track_caller]
fn check(
    plan: &Plan,
    rows: &[Row<'_>],
    (measure, unit, period): (&str, &str, &str),
    expected: (Option<f64>, Option<f64>),
) {
    let reading = plan.reading(rows, measure, unit, period);
    let near = |found: Option<f64>, expected: Option<f64>| match (found, expected) {
        (Some(found), Some(expected)) => (found - expected).abs() < 1e-12,
        (found, expected) => found == expected,
    };
    assert!(
        near(reading.value, expected.0) && near(reading.completeness, expected.1),
        "{measure} at {unit} in {period}: {:?}, not {expected:?}",
        (reading.value, reading.completeness)
    );
}

const MARGIN: [&str; 3] = [
    "key: cost, name: C, kind: sum, frequency: month, reported_by: [north, south]",
    "key: revenue, name: R, kind: sum, frequency: month",
    "key: share, name: S, kind: formula, formula: cost / revenue, frequency: month",
];

fn revenue() -> Vec<Row<'static>> {
    ["n1", "n2", "s1", "s2"]
        .iter()
        .zip([10.0, 20.0, 30.0, 40.0])
        .map(|(unit, number)| value("revenue", unit, "2020-01", number))
        .collect()
}

#[test]
fn a_cost_missing_further_up_takes_the_revenue_below_it_along() {
    // North is a cell with 6 / 30; of south the cost is owed and missing: 6 / 30, one cell of two.
    let plan = plan(&REGIONS, &MARGIN, "");
    let mut rows = revenue();
    rows.push(value("cost", "north", "2020-01", 6.0));
    check(
        &plan,
        &rows,
        ("share", "org", "2020-01"),
        (Some(0.2), Some(0.5)),
    );
    check(
        &plan,
        &rows,
        ("share", "south", "2020-01"),
        (None, Some(0.0)),
    );
}

#[test]
fn a_cell_for_which_one_measure_is_stated_not_to_be_is_none() {
    // South states that it has no cost: north is the only cell, 6 / 30.
    let further_up = plan(&REGIONS, &MARGIN, "");
    let mut rows = revenue();
    rows.extend([
        value("cost", "north", "2020-01", 6.0),
        none("cost", "south", "2020-01"),
    ]);
    check(
        &further_up,
        &rows,
        ("share", "org", "2020-01"),
        (Some(0.2), Some(1.0)),
    );
    // The same at the units that are listed: of n1 and n2, n2 alone has a cost, 4 / 20.
    let listed = plan(
        &REGIONS,
        &[
            "key: cost, name: C, kind: sum, frequency: month, reported_by: [n1, n2]",
            MARGIN[1],
            MARGIN[2],
        ],
        "",
    );
    let mut rows = revenue();
    rows.extend([
        none("cost", "n1", "2020-01"),
        value("cost", "n2", "2020-01", 4.0),
    ]);
    check(
        &listed,
        &rows,
        ("share", "north", "2020-01"),
        (Some(0.2), Some(1.0)),
    );
}

#[test]
fn a_formula_that_is_summed_over_units_has_the_same_cells() {
    // The cost of north is its own, that of south its teams': 6 / 30, 3 / 30 and 4 / 40 are three cells.
    let plan = plan(
        &REGIONS,
        &[
            "key: cost, name: C, kind: sum, frequency: month",
            MARGIN[1],
            "key: share, name: S, kind: formula, formula: cost / revenue, over_units: sum, frequency: month",
        ],
        "",
    );
    let mut rows = revenue();
    rows.extend([
        value("cost", "north", "2020-01", 6.0),
        value("cost", "s1", "2020-01", 3.0),
        value("cost", "s2", "2020-01", 4.0),
    ]);
    check(
        &plan,
        &rows,
        ("share", "org", "2020-01"),
        (Some(0.4), Some(1.0)),
    );
}

#[test]
fn the_sum_below_asks_only_units_at_which_the_measure_is_read() {
    let plan = plan(
        &REGIONS,
        &[
            "key: x, name: X, kind: sum, frequency: month, reported_by: [n1, n2]",
            "key: below, name: B, kind: formula, formula: children_sum(x), frequency: month",
        ],
        "",
    );
    let rows = [
        value("x", "n1", "2020-01", 1.0),
        value("x", "n2", "2020-01", 2.0),
    ];
    check(
        &plan,
        &rows,
        ("below", "org", "2020-01"),
        (Some(3.0), Some(1.0)),
    );
}

#[test]
fn a_weight_that_an_earlier_period_lacks_does_not_touch_the_last_one() {
    // Over time the last period alone is read: (0.4 x 1 + 0.8 x 3) / 4 = 0.7.
    let plan = plan(
        &[("org", ""), ("a", ", parent: org"), ("b", ", parent: org")],
        &["key: m, name: M, kind: ratio, over_time: last, frequency: quarter"],
        "",
    );
    let rows = [
        value("m", "a", "2020-Q1", 0.1),
        value("m", "b", "2020-Q1", 0.1),
        ("m", "a", "2020-Q2", Some(0.4), Some(1.0)),
        ("m", "b", "2020-Q2", Some(0.8), Some(3.0)),
    ];
    let reading = plan.reading(&rows, "m", "org", "2020-H1");
    assert!(
        (reading.value.unwrap_or_default() - 0.7).abs() < 1e-12,
        "{reading:?}"
    );
    assert_eq!(reading.findings, []);
}

#[test]
fn a_formula_that_is_summed_over_time_has_a_target_that_is_spread() {
    // 120 in the year are 10 a month, so twelve months of 10 hit the year.
    let plan = plan(
        &[("a", "")],
        &[
            "key: x, name: X, kind: sum, frequency: month",
            "key: y, name: Y, kind: formula, formula: x + 0, over_time: sum, better: higher, frequency: month",
        ],
        "targets:\n  - { measure: y, unit: a, points: [{ period: 2020, value: 120 }] }\n",
    );
    let months: Vec<String> = (1..=12).map(|month| format!("2020-{month:02}")).collect();
    let rows: Vec<Row<'_>> = months
        .iter()
        .map(|month| value("x", "a", month, 10.0))
        .collect();
    for (period, target) in [("2020-03", 10.0), ("2020-Q1", 30.0), ("2020", 120.0)] {
        let reading = plan.reading(&rows, "y", "a", period);
        assert_eq!(
            (reading.target, reading.status),
            (Some(Edge::Number(target)), Status::OnTrack),
            "{period}"
        );
    }
}

#[test]
fn a_share_of_yes_counts_each_unit_once() {
    // Yes at n1, n2 and not at s1: 2 of 3, not the mean of north's 1 and south's 0.
    let plan = plan(
        &REGIONS,
        &["key: m, name: M, kind: yes-no, frequency: month"],
        "",
    );
    let rows = [
        value("m", "n1", "2020-01", 1.0),
        value("m", "n2", "2020-01", 1.0),
        value("m", "s1", "2020-01", 0.0),
    ];
    check(
        &plan,
        &rows,
        ("m", "org", "2020-01"),
        (Some(2.0 / 3.0), Some(1.0)),
    );
}

#[test]
fn one_edge_without_room_leaves_the_other_its_floor() {
    let plan = plan(
        &[("a", "")],
        &["key: m, name: M, kind: last, better: between, frequency: month"],
        "targets:\n  - { measure: m, unit: a, better_range: [0, 10], floor: [0, 20] }\n",
    );
    for (number, status, score) in [
        (15.0, Status::AtRisk, 80.0),
        (-1.0, Status::OffTrack, 0.0),
        (5.0, Status::OnTrack, 100.0),
    ] {
        let reading = plan.reading(&[value("m", "a", "2020-01", number)], "m", "a", "2020-01");
        assert_eq!(
            (reading.status, reading.score),
            (status, Some(score)),
            "{number}"
        );
        assert_eq!(reading.findings, [ReadingFinding::NoFloor]);
    }
}

#[test]
fn a_value_of_0_stands_on_a_floor_of_0_that_is_computed() {
    // Half the width of 0.1 to 0.3 below 0.1 is 0, which no sum of binary fractions hits exactly.
    let plan = plan(
        &[("a", "")],
        &["key: m, name: M, kind: last, better: between, frequency: month"],
        "targets:\n  - { measure: m, unit: a, better_range: [0.1, 0.3] }\n",
    );
    let reading = plan.reading(&[value("m", "a", "2020-01", 0.0)], "m", "a", "2020-01");
    assert_eq!(
        (reading.status, reading.score),
        (Status::AtRisk, Some(60.0))
    );
}

/// A node of yearly measures with the target 10, at a unit that owes them: weight and value of each.
fn node(children: &[(&str, &str)], rows: &[Row<'_>]) -> throughline_engine::NodeReading {
    let line = |(key, _): &(&str, &str)| {
        format!("  - {{ key: {key}, name: M, kind: last, better: higher, frequency: year }}\n")
    };
    let target = |(key, _): &(&str, &str)| {
        format!("  - {{ measure: {key}, unit: a, points: [{{ period: 2020, value: 10 }}] }}\n")
    };
    let measures: String = children.iter().map(line).collect();
    let targets: String = children.iter().map(target).collect();
    let used: Vec<String> = children
        .iter()
        .map(|(key, rest)| format!("{{ measure: {key}{rest} }}"))
        .collect();
    let plan = Plan::new(
        &[("a", "")],
        &format!("measures:\n{measures}targets:\n{targets}"),
        &format!(
            "objectives:\n  - {{ key: o, name: O, measures: [{}] }}\n",
            used.join(", ")
        ),
    );
    plan.node(rows, "a", "2020", 0)
}

#[test]
fn a_critical_child_that_is_missing_holds_its_node_at_risk_and_counts_as_0_like_any_other() {
    // 100 with coverage 90 %, held at risk. With the missing one as 0: 90, at risk just as well.
    let node = node(
        &[("x", ", weight: 9"), ("y", ", critical: true")],
        &[value("x", "a", "2020", 10.0)],
    );
    assert_eq!(
        (node.status, node.score, node.coverage),
        (Status::AtRisk, Some(100.0), Some(0.9))
    );
    assert_eq!(node.fragile, []);
}

#[test]
fn a_score_that_is_0_but_for_rounding_is_the_equal_of_0() {
    // 60 + 40 x (-0.35 - 0.1) / (0.4 - 0.1) = 0; the sum in binary fractions leaves 7e-15. The first one is the worst.
    let measures = "measures:\n  - { key: x, name: X, kind: last, better: higher, frequency: year }\n  - { key: y, name: Y, kind: last, better: higher, frequency: year }\ntargets:\n  - { measure: x, unit: a, points: [{ period: 2020, value: 0.4 }], floor: 0.1 }\n  - { measure: y, unit: a, points: [{ period: 2020, value: 10 }] }\n";
    let plan = Plan::new(
        &[("a", "")],
        measures,
        "objectives:\n  - { key: o, name: O, measures: [x, y] }\n",
    );
    let rows = [value("x", "a", "2020", -0.35), value("y", "a", "2020", 0.0)];
    assert_eq!(
        plan.node(&rows, "a", "2020", 0).worst,
        Some(ChildKey::Measure(plan.measure("x")))
    );
}

#[test]
fn equal_weights_change_coverage_too() {
    // 9 of 10 are there: on track. With equal weights half is there: on track with too little coverage.
    let node = node(
        &[("x", ", weight: 9"), ("y", "")],
        &[value("x", "a", "2020", 10.0)],
    );
    assert_eq!(node.status, Status::OnTrack);
    assert_eq!(
        node.fragile,
        [Fragile::EqualWeights, Fragile::MissingAsZero]
    );
}

#[test]
fn bounds_weigh_what_is_missing_with_its_mean_weight() {
    // There: 0.9 of 60. Missing: b with 0.5 of 10 and 0.8 of 30 before, so 0.5 to 0.8 of 20.
    // (54 + 10) / 80 = 0.8 and (54 + 16) / 80 = 0.875. Both are worse than 0.88 and better than 0.792: the default floor
    // of a share is 0.88 - min(0.088, 0.06) = 0.82, so that 0.8 is off track and 0.875 at risk: no data.
    let rows = [
        ("m", "b", "2019-11", Some(0.5), Some(10.0)),
        ("m", "b", "2019-12", Some(0.8), Some(30.0)),
        ("m", "a", "2020-01", Some(0.9), Some(60.0)),
    ];
    let read = |floor: &str| {
        let plan = plan(
            &[("org", ""), ("a", ", parent: org"), ("b", ", parent: org")],
            &["key: m, name: M, kind: ratio, shown_as: \"%\", better: higher, frequency: month"],
            &format!(
                "targets:\n  - {{ measure: m, unit: org, points: [{{ period: 2020-01, value: 0.88 }}]{floor} }}\n"
            ),
        );
        plan.reading(&rows, "m", "org", "2020-01")
    };
    let apart = read("");
    assert_eq!(
        (apart.status, apart.score, apart.value),
        (Status::NoData, None, Some(0.9))
    );
    let (low, high) = apart.bounds.expect("bounds");
    assert!(
        (low - 0.8).abs() < 1e-12 && (high - 0.875).abs() < 1e-12,
        "{low} {high}"
    );
    // With the floor at 0.72 both are at risk; the score is that of the worse: 60 + 40 x 0.08 / 0.16 = 80.
    let alike = read(", floor: 0.72");
    assert_eq!(alike.status, Status::AtRisk);
    assert!(
        (alike.score.unwrap_or_default() - 80.0).abs() < 1e-9,
        "{alike:?}"
    );
}
