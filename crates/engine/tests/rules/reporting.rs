//! Who reports a measure, and what is done with observations that stand where nobody should report (SEMANTICS 1).

use throughline_engine::{ReadingFinding, Status};

use super::{check_value, plan, value};
use crate::common::{Plan, Row};

const UNITS: [(&str, &str); 5] = [
    ("top", ""),
    ("inner", ", parent: top"),
    ("a", ", parent: inner"),
    ("b", ", parent: inner"),
    ("outer", ", parent: top"),
];

/// Two measures, of which one is reported by `a` alone, and formulas of them.
fn listed() -> Plan {
    plan(
        &UNITS,
        &[
            "key: m, name: M, kind: sum, frequency: month, better: higher, reported_by: [a]",
            "key: n, name: N, kind: sum, frequency: month",
            "key: there, name: T, kind: formula, formula: m @ b, frequency: month",
            "key: either, name: E, kind: formula, formula: \"coalesce(m @ b, 0) + n\", frequency: month",
            "key: both, name: C, kind: formula, formula: n / m, frequency: month",
        ],
        &["measure: m, unit: inner, points: [{ period: 2020-01, value: 5 }]"],
    )
}

fn rows() -> Vec<Row<'static>> {
    vec![
        value("m", "a", "2020-01", 4.0),
        value("n", "a", "2020-01", 8.0),
        value("n", "b", "2020-01", 2.0),
    ]
}

#[test]
fn a_row_elsewhere_changes_nothing_above() {
    let plan = listed();
    let mut wrong = rows();
    wrong.extend([
        value("m", "b", "2020-01", 100.0),
        value("m", "outer", "2020-01", 100.0),
    ]);
    for unit in ["top", "inner", "a"] {
        for measure in ["m", "n", "both"] {
            for period in ["2020-01", "2020-02", "2020-Q1"] {
                assert_eq!(
                    plan.reading(&wrong, measure, unit, period),
                    plan.reading(&rows(), measure, unit, period),
                    "{measure} at {unit} in {period}"
                );
            }
        }
    }
    check_value(&plan, &wrong, ("m", "top", "2020-01"), Some(4.0));
    check_value(
        &plan,
        &wrong,
        ("both", "inner", "2020-01"),
        Some(10.0 / 4.0),
    );
}

#[test]
fn where_a_measure_is_not_read_there_is_no_debt() {
    let plan = listed();
    let reading = plan.reading(&rows(), "m", "b", "2020-01");
    assert_eq!(
        (
            reading.value,
            reading.completeness,
            reading.late,
            reading.status
        ),
        (None, None, false, Status::NoData)
    );
    assert_eq!(reading.findings, [ReadingFinding::NotReadHere]);
    assert_eq!((reading.target, reading.floor), (None, None));
    let january = plan
        .model
        .calendar()
        .parse_period("2020-01")
        .expect("a period");
    let view = plan.view(&rows());
    let explain = |unit| view.explain(plan.measure("m"), plan.unit(unit), january);
    assert!(explain("b").is_none());
    assert!(explain("inner").is_some());
    let trends = view.trends(&[plan.measure("m")], plan.unit("b"), |_| vec![january]);
    assert_eq!(trends[0][0].findings, [ReadingFinding::NotReadHere]);
    let units = ["top", "inner", "a", "b", "outer"].map(|key| plan.unit(key));
    // Values alone are those of the readings of which all counts.
    let measures = ["m", "there", "either"].map(|key| plan.measure(key));
    let months = |_: &_| {
        let months = ["2019-12", "2020-01", "2020-02", "2020-Q1"];
        let period = |name| plan.model.calendar().parse_period(name);
        months.map(|name| period(name).expect("a period")).to_vec()
    };
    for unit in units {
        let trends = view.trends(&measures, unit, |one| months(one)).into_iter();
        let of_whole = trends.map(|readings| {
            let values = readings.iter();
            values
                .map(|one| one.value.filter(|_| one.is_over))
                .collect::<Vec<_>>()
        });
        let expected: Vec<_> = of_whole.collect();
        assert_eq!(
            view.values(&measures, unit, |one| months(one)),
            expected,
            "{unit:?}"
        );
    }
    let read = view.where_read(plan.measure("m"), units.into_iter(), january);
    assert_eq!(read, units[..3]);
    // A formula that names the unit has no value, and owes nothing for it.
    let there = plan.reading(&rows(), "there", "a", "2020-01");
    assert_eq!(
        (there.value, there.completeness, there.findings),
        (None, None, vec![ReadingFinding::NotReadHere])
    );
    let either = plan.reading(&rows(), "either", "a", "2020-01");
    assert_eq!((either.value, either.completeness), (Some(8.0), Some(1.0)));
}

#[test]
fn a_row_elsewhere_that_is_taken_back_leaves_nothing() {
    let plan = listed();
    let mut taken_back = rows();
    taken_back.extend([
        value("m", "outer", "2020-01", 5.0),
        ("m", "outer", "2020-01", None, None),
    ]);
    for period in ["2020-01", "2020-02", "2020-Q1"] {
        let read = |rows: &[Row<'_>]| plan.reading(rows, "m", "top", period);
        assert_eq!(read(&taken_back), read(&rows()), "{period}");
    }
}

#[test]
fn a_unit_above_the_listed_ones_may_have_a_value_of_its_own() {
    let plan = listed();
    let mut rows = rows();
    rows.push(value("m", "inner", "2020-01", 5.0));
    check_value(&plan, &rows, ("m", "top", "2020-01"), Some(5.0));
    let next = plan.reading(&rows, "m", "top", "2020-02");
    assert_eq!(next.completeness, Some(0.0));
}

#[test]
fn a_sum_over_children_asks_those_through_which_something_is_reported() {
    let units = [
        ("harbour", ""),
        ("ewr", ", parent: harbour"),
        ("jfk", ", parent: harbour"),
        ("hq", ", parent: harbour"),
        ("it", ", parent: harbour"),
    ];
    let measures = [
        "key: revenue, name: R, kind: sum, frequency: month",
        "key: double, name: D, kind: formula, formula: revenue * 2, frequency: month",
        "key: below, name: B, kind: formula, formula: children_sum(revenue), frequency: month",
        "key: twice, name: T, kind: formula, formula: children_sum(double), frequency: month",
    ];
    let plan = plan(&units, &measures, &[]);
    let rows = [
        value("revenue", "ewr", "2020-01", 1.0),
        value("revenue", "jfk", "2020-01", 2.0),
        value("revenue", "jfk", "2020-02", 2.0),
    ];
    let read = |rows: &[Row<'_>], measure, period| {
        let reading = plan.reading(rows, measure, "harbour", period);
        (reading.value, reading.completeness)
    };
    for (measure, factor) in [("revenue", 1.0), ("below", 1.0), ("twice", 2.0)] {
        assert_eq!(
            read(&rows, measure, "2020-01"),
            (Some(3.0 * factor), Some(1.0))
        );
        assert_eq!(
            read(&rows, measure, "2020-02"),
            (Some(2.0 * factor), Some(0.5))
        );
    }
    // Nobody reports yet: it is owed all the same.
    assert_eq!(read(&[], "below", "2020-01"), (None, Some(0.0)));
}

#[test]
fn what_was_observed_outside_the_dates_of_a_unit_takes_no_part_and_is_said() {
    let units = [
        ("top", ""),
        ("a", ", parent: top"),
        ("west", ", parent: top, from: 2020-02-01, to: 2020-04-15"),
    ];
    let measures = [
        "key: m, name: M, kind: sum, frequency: month",
        "key: n, name: N, kind: sum, frequency: month",
        "key: f, name: F, kind: formula, formula: m / n, frequency: month",
    ];
    let plan = plan(&units, &measures, &[]);
    let mut rows = Vec::new();
    for period in ["2020-01", "2020-02", "2020-03", "2020-04", "2020-05"] {
        for measure in ["m", "n"] {
            rows.push(value(measure, "a", period, 1.0));
            rows.push(value(measure, "west", period, 10.0));
        }
    }
    let outside: &[ReadingFinding] = &[ReadingFinding::OutsideDates];
    for (period, expected, findings) in [
        ("2020-01", 1.0, outside),
        ("2020-02", 11.0, &[]),
        // April is not wholly within, so that it is not owed; what is there counts.
        ("2020-04", 11.0, &[]),
        ("2020-05", 1.0, outside),
    ] {
        let reading = plan.reading(&rows, "m", "top", period);
        assert_eq!(
            (reading.value, &*reading.findings, reading.completeness),
            (Some(expected), findings, Some(1.0)),
            "{period}"
        );
        let formula = plan.reading(&rows, "f", "top", period);
        assert_eq!(
            (formula.value, &*formula.findings),
            (Some(1.0), findings),
            "{period}"
        );
    }
    check_value(&plan, &rows, ("m", "west", "2020-05"), None);
}

/// The strategy of these plans begins in 2012.
#[test]
fn what_is_missing_in_the_history_before_the_strategy_is_incomplete_and_not_late() {
    let measures = ["key: m, name: M, kind: sum, frequency: month, better: higher"];
    let plan = plan(&UNITS, &measures, &[]);
    let rows = [
        value("m", "a", "2011-03", 1.0),
        value("m", "a", "2011-05", 1.0),
    ];
    let check = |period: &str, completeness: Option<f64>, late: bool| {
        let reading = plan.reading(&rows, "m", "a", period);
        let found = (reading.completeness, reading.late);
        assert_eq!(found, (completeness, late), "{period}");
    };
    check("2011-02", None, false);
    check("2011-03", Some(1.0), false);
    check("2011-04", Some(0.0), false);
    check("2011", Some(0.2), false);
    check("2012-01", Some(0.0), true);
    check("2012", Some(0.0), true);
}

/// The last week of 2011 ends on the first day of 2012, in which the strategy of these plans begins.
#[test]
fn a_week_before_the_strategy_is_late_for_its_day_within_it() {
    let measures = ["key: m, name: M, kind: sum, frequency: day, better: higher"];
    let plan = plan(&UNITS, &measures, &[]);
    const DAYS: [&str; 8] = [
        "2011-12-25",
        "2011-12-26",
        "2011-12-27",
        "2011-12-28",
        "2011-12-29",
        "2011-12-30",
        "2011-12-31",
        "2012-01-01",
    ];
    let check = |missing: &str, late: bool| {
        let there = DAYS.into_iter().filter(|day| *day != missing);
        let rows: Vec<_> = there.map(|day| value("m", "a", day, 1.0)).collect();
        let reading = plan.reading(&rows, "m", "a", "2011-W52");
        assert_eq!(reading.late, late, "{missing}");
    };
    check("", false);
    check("2011-12-28", false);
    check("2012-01-01", true);
}
