//! Which cells are owed and empty (SEMANTICS 1), read on 24 November 2026.

use throughline_core::id::UnitId;

use super::{Row, TWO, plan, value};

/// The cells that are owed at the units that are wanted, in words: `a 2026-10 by 2026-11-05, late`.
#[track_caller]
fn check(
    measure: &str,
    rows: &[Row<'_>],
    wanted: &[&str],
    otherwise: Option<&str>,
    expected: &[&str],
) {
    let plan = plan(&TWO, &[measure], &[]);
    let wanted: Vec<UnitId> = wanted.iter().map(|unit| plan.unit(unit)).collect();
    let otherwise = otherwise.map(|unit| plan.unit(unit));
    let owed = plan.view(rows).owed(
        plan.measure("m"),
        |unit| wanted.contains(&unit),
        otherwise,
        3,
    );
    let calendar = plan.model.calendar();
    let words: Vec<String> = owed
        .iter()
        .map(|cell| {
            let unit = plan.model.units().get(cell.unit).expect("a unit");
            let late = if cell.is_late { ", late" } else { "" };
            let period = calendar.name(&cell.period);
            format!("{} {period} by {}{late}", unit.key, cell.by)
        })
        .collect();
    assert_eq!(words, expected, "{measure}");
}

const LISTED: &str =
    "key: m, name: M, kind: sum, frequency: month, reported_by: [a, b], due: 5 days";

#[test]
fn what_ended_and_is_not_there_is_owed() {
    let rows = [
        value("m", "a", "2026-09", 1.0),
        value("m", "b", "2026-08", 1.0),
    ];
    check(
        LISTED,
        &rows,
        &["a", "b"],
        None,
        &[
            "a 2026-08 by 2026-09-05, late",
            "b 2026-09 by 2026-10-05, late",
            "a 2026-10 by 2026-11-05, late",
            "b 2026-10 by 2026-11-05, late",
        ],
    );
    check(
        LISTED,
        &rows,
        &["b"],
        None,
        &[
            "b 2026-09 by 2026-10-05, late",
            "b 2026-10 by 2026-11-05, late",
        ],
    );
}

#[test]
fn what_is_in_time_is_not_late() {
    let later = LISTED.replace("5 days", "24 days");
    let rows = [
        value("m", "a", "2026-08", 1.0),
        value("m", "a", "2026-09", 1.0),
    ];
    check(&later, &rows, &["a"], None, &["a 2026-10 by 2026-11-24"]);
    let sooner = LISTED.replace("5 days", "23 days");
    check(
        &sooner,
        &rows,
        &["a"],
        None,
        &["a 2026-10 by 2026-11-23, late"],
    );
}

#[test]
fn who_never_reported_owes_where_nobody_else_does() {
    let unlisted = "key: m, name: M, kind: sum, frequency: quarter";
    let quarters = [
        "org 2026-Q1 by 2026-03-31, late",
        "org 2026-Q2 by 2026-06-30, late",
        "org 2026-Q3 by 2026-09-30, late",
    ];
    let all = ["org", "a", "b"];
    check(unlisted, &[], &all, Some("org"), &quarters);
    check(unlisted, &[], &all, None, &[]);
    let rows = [value("m", "a", "2026-Q2", 1.0)];
    check(
        unlisted,
        &rows,
        &all,
        Some("org"),
        &["a 2026-Q3 by 2026-09-30, late"],
    );
}

#[test]
fn none_is_an_answer() {
    let rows: Vec<Row<'_>> = ["2026-08", "2026-09", "2026-10"]
        .into_iter()
        .map(|period| ("m", "a", period, None, None))
        .collect();
    check(LISTED, &rows, &["a"], None, &[]);
}
