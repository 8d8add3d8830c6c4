//! A running period is compared with as much of an earlier one, and not with the whole of it (SEMANTICS 9).
//!
//! Tests read on 24 November 2026: of that year the months to October are due.

use crate::common::{Plan, Row};
use throughline_engine::{Comparison, ReadingFinding};

/// Two units, three measures and one formula.
fn plan(formula: &str) -> Plan {
    let measures = format!(
        "measures:
  - {{ key: visits, name: V, kind: sum, frequency: month }}
  - {{ key: staff, name: S, kind: level, frequency: month }}
  - {{ key: share, name: R, kind: ratio, frequency: month }}
  - {{ key: sales, name: W, kind: sum, frequency: week }}
  - {{ key: slow, name: L, kind: sum, frequency: month, due: 60 days }}
  - {{ key: inner, name: I, kind: formula, formula: visits * 2, frequency: month }}
  - {{ key: f, name: F, kind: formula, formula: \"{formula}\", frequency: month }}
"
    );
    Plan::new(
        &[("org", ""), ("a", ", parent: org"), ("b", ", parent: org")],
        &measures,
        "",
    )
}

/// Two years of months and weeks: in 2025 each month has its number, and each month of 2026 ten times that; December
/// of 2025 is 1,000. Of 2026 there is what was observed by November.
fn rows() -> Vec<Row<'static>> {
    let mut rows = Vec::new();
    let mut add = |measure, period: String, value: f64, weight| {
        let period: &'static str = Box::leak(period.into_boxed_str());
        rows.push((measure, "a", period, Some(value), weight));
    };
    for month in 1..=12 {
        let value = if month == 12 {
            1000.0
        } else {
            f64::from(month)
        };
        let name = format!("2025-{month:02}");
        for measure in ["visits", "staff", "slow"] {
            add(measure, name.clone(), value, None);
        }
        add(
            "share",
            name,
            if month == 12 { 1.0 } else { 0.5 },
            Some(10.0),
        );
    }
    for month in 1..=10 {
        let name = format!("2026-{month:02}");
        for measure in ["visits", "staff"] {
            add(measure, name.clone(), f64::from(month) * 10.0, None);
        }
        add("share", name.clone(), 0.25, Some(10.0));
        if month <= 8 {
            add("slow", name, f64::from(month) * 10.0, None);
        }
    }
    for week in 1..=52 {
        add("sales", format!("2025-W{week:02}"), 1.0, None);
    }
    for week in 1..=47 {
        add("sales", format!("2026-W{week:02}"), 3.0, None);
    }
    rows
}

#[track_caller]
fn check(formula: &str, period: &str, expected: Option<f64>, findings: &[ReadingFinding]) {
    let reading = plan(formula).reading(&rows(), "f", "a", period);
    let same = match (reading.value, expected) {
        (Some(a), Some(b)) => (a - b).abs() < 1e-9,
        (a, b) => a == b,
    };
    assert!(
        same,
        "{formula} in {period}: {:?}, not {expected:?}",
        reading.value
    );
    assert_eq!(reading.findings, findings, "{formula} in {period}");
}

#[test]
fn a_year_before_is_read_over_as_much_as_counts_now() {
    const SO_FAR: [ReadingFinding; 1] = [ReadingFinding::SoFar];
    // January to October of both years: 550 against 55.
    check("visits / yoy(visits)", "2026", Some(10.0), &SO_FAR);
    check("visits / yoy(visits)", "2026-Q4", Some(10.0), &SO_FAR);
    check("visits / yoy(visits)", "2026-H1", Some(10.0), &[]);
    check("visits / yoy(visits)", "2026-10", Some(10.0), &[]);
    check("yoy(staff)", "2026", Some(10.0), &SO_FAR);
    check("yoy(share)", "2026", Some(0.5), &SO_FAR);
    check("yoy(inner)", "2026", Some(110.0), &SO_FAR);
    // Weeks by their number.
    check("sales / yoy(sales)", "2026", Some(3.0), &SO_FAR);
    // In 2025 everything counts.
    check("yoy(visits)", "2026-12", Some(1000.0), &[]);
    check("yoy(visits)", "2025", None, &[]);
    // Each measure by itself: visits to October, what is slow to August.
    check(
        "visits / yoy(visits) + slow / yoy(slow)",
        "2026",
        Some(20.0),
        &SO_FAR,
    );
}

#[test]
fn a_formula_of_measures_that_go_to_different_days_is_not_compared() {
    let measures = "measures:
  - { key: x, name: X, kind: sum, frequency: month }
  - { key: y, name: Y, kind: sum, frequency: month, due: 60 days }
  - { key: apart, name: A, kind: formula, formula: \"coalesce(x, 0) + y\", frequency: month }
  - { key: matched, name: M, kind: formula, formula: x + y, frequency: month }
  - { key: f, name: F, kind: formula, formula: yoy(apart), frequency: month }
  - { key: g, name: G, kind: formula, formula: yoy(matched), frequency: month }
";
    let plan = Plan::new(&[("a", "")], measures, "");
    let mut rows = Vec::new();
    for year in [2025, 2026] {
        for month in 1..=12 {
            let period: &'static str = Box::leak(format!("{year}-{month:02}").into_boxed_str());
            if year == 2025 || month <= 10 {
                rows.push(("x", "a", period, Some(1.0), None));
            }
            if year == 2025 || month <= 8 {
                rows.push(("y", "a", period, Some(1.0), None));
            }
        }
    }
    let read = |key| plan.reading(&rows, key, "a", "2026");
    assert_eq!(
        (read("f").value, read("f").findings),
        (None, vec![ReadingFinding::NotComparable])
    );
    // Matched cells are read over the months that count for both: eight of them.
    assert_eq!(
        (read("g").value, read("g").findings),
        (Some(16.0), vec![ReadingFinding::SoFar])
    );
}

#[test]
fn a_later_month_that_is_complete_before_an_earlier_one_is_not_compared() {
    let plan = plan("yoy(slow)");
    let mut rows = rows();
    rows.push(("slow", "a", "2026-10", Some(1.0), None));
    let reading = plan.reading(&rows, "f", "a", "2026");
    assert_eq!(
        (reading.value, reading.findings),
        (None, vec![ReadingFinding::NotComparable])
    );
}

#[test]
fn an_explicit_earlier_period_is_whole_and_that_is_said() {
    const BESIDE: [ReadingFinding; 1] = [ReadingFinding::BesideWhole];
    check(
        "visits - prev(visits, 1)",
        "2026-Q4",
        Some(100.0 - 240.0),
        &BESIDE,
    );
    check(
        "visits - prev(visits, 1)",
        "2026-Q3",
        Some(240.0 - 150.0),
        &[],
    );
    // Where the last value counts the end of the period before is where this one began.
    check("staff - prev(staff, 1)", "2026-Q4", Some(10.0), &[]);
    check("prev(visits, 1)", "2026-Q4", Some(240.0), &[]);
}

#[test]
fn rolling_ends_with_the_last_period_that_counts() {
    check("rolling(visits, 3)", "2026", Some(270.0), &[]);
    check("rolling(visits, 12)", "2026", Some(550.0 + 1011.0), &[]);
    check("rolling(visits, 3)", "2026-10", Some(270.0), &[]);
    check("rolling(visits, 3)", "2026-11", None, &[]);
}

#[test]
fn an_explanation_says_what_was_compared_with_what() {
    let plan = plan("visits");
    let view = plan.view(&rows());
    let days = |period: throughline_core::Period| format!("{}..{}", period.first, period.last);
    let derived = |measure: &str, period: &str| {
        let period = plan
            .model
            .calendar()
            .parse_period(period)
            .expect("a period");
        let explanation = view.explain(plan.measure(measure), plan.unit("a"), period);
        explanation.expect("an explanation").derived
    };
    let year = derived("visits", "2026");
    assert_eq!(
        (year.same_period_last_year, year.previous, year.rolling_year),
        (Some(55.0), Some(55.0), Some(550.0 + 1011.0))
    );
    assert_eq!(year.change_on_previous, Some(495.0));
    let Comparison::SoFar(so_far) = year.comparison else {
        panic!("{:?}", year.comparison)
    };
    assert_eq!(
        [so_far.counts, so_far.last_year, so_far.previous].map(days),
        [
            "2026-01-01..2026-10-31",
            "2025-01-01..2025-10-31",
            "2025-01-01..2025-10-31"
        ]
    );
    // The first month of both quarters; of a level the end of the quarter before.
    assert_eq!(derived("visits", "2026-Q4").previous, Some(70.0));
    assert_eq!(derived("staff", "2026-Q4").previous, Some(90.0));
    assert_eq!(derived("visits", "2026-Q3").comparison, Comparison::Whole);
    // The parts of a formula say over what time they were read.
    let period = plan
        .model
        .calendar()
        .parse_period("2026")
        .expect("a period");
    let compared = parts_of_a_comparison(period);
    assert_eq!(
        compared,
        ["2026-01-01..2026-10-31", "2025-01-01..2025-10-31"]
    );
}

/// The times over which the parts of `visits / yoy(visits)` are read.
fn parts_of_a_comparison(period: throughline_core::Period) -> Vec<String> {
    let plan = plan("visits / yoy(visits)");
    let explanation = plan
        .view(&rows())
        .explain(plan.measure("f"), plan.unit("a"), period)
        .expect("an explanation");
    let days =
        |part: &throughline_engine::FormulaPart| format!("{}..{}", part.span.first, part.span.last);
    explanation.parts.iter().map(days).collect()
}
