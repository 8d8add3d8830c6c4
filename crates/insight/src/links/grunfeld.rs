//! Investment of ten firms over twenty years (Grunfeld 1958): slopes and errors as R and Python give them.

use super::LinkData;
use super::panel::Column;
use super::projections::{cumulative_slope, projection, projections};
use super::slope::Slope;
use super::wild;
use crate::golden::{assert_near, column, numbers, reference};

/// A column as a panel of ten firms.
pub(super) fn panel(name: &str) -> Vec<Vec<Option<f64>>> {
    let values = column("data/grunfeld.csv", name);
    values.chunks(20).map(<[_]>::to_vec).collect()
}

/// The slope of investment on the first measure, given the others; each with its lag.
fn slope(measures: &[(&str, isize)]) -> Slope {
    let panels: Vec<_> = std::iter::once(&("inv", 0))
        .chain(measures)
        .map(|(name, lag)| (panel(name), *lag))
        .collect();
    let columns: Vec<Column<'_>> = panels
        .iter()
        .map(|(panel, lag)| Column { panel, lag: *lag })
        .collect();
    Slope::of(&columns, None).unwrap()
}

#[test]
fn two_way_effects_and_their_errors() {
    let expected = &reference("links.json")["grunfeld_hand"];
    let both = [
        [("value", 0), ("capital", 0)],
        [("capital", 0), ("value", 0)],
    ];
    for (at, measures) in both.iter().enumerate() {
        let found = slope(measures);
        assert_near(found.slope, numbers(&expected["coef"])[at], 1e-8);
        assert_near(
            found.error_by_period(2),
            numbers(&expected["dk_L2_HC0"])[at],
            1e-8,
        );
        assert_near(
            found.error_by_unit(),
            numbers(&expected["cluster_HC0"])[at],
            1e-8,
        );
    }
}

#[test]
fn wild_bootstrap_of_all_combinations() {
    let expected = &reference("links.json")["grunfeld_wild_cluster_full_enum"];
    let p = |name: &str| expected[name]["p"].as_f64().unwrap();
    let found = |one, other| wild::probability(&slope(&[(one, 0), (other, 0)])).unwrap();
    assert_near(found("value", "capital"), p("value"), 1e-15);
    assert_near(found("capital", "value"), p("capital"), 1e-15);
}

#[test]
fn bias_reduced_errors() {
    let expected = &reference("panel-and-meta-r.json")["grunfeld"]["twoway_CR2"];
    let both = [
        [("value", 0), ("capital", 0)],
        [("capital", 0), ("value", 0)],
    ];
    for (at, measures) in both.iter().enumerate() {
        let number = |name: &str| numbers(&expected[name])[at];
        let found = slope(measures);
        let error = found.bias_reduced().unwrap();
        assert_near(found.slope, number("coef"), 1e-6);
        assert_near(error.standard_error, number("se"), 1e-6);
        assert_near(error.freedom, number("df"), 1e-6);
        assert_near(error.probability(found.slope), number("p"), 1e-6);
    }
}

#[test]
fn local_projections() {
    let expected = reference("links.json")["grunfeld_local_projection"].clone();
    let found = projections(
        &LinkData {
            driver: &panel("value"),
            outcome: &panel("inv"),
            controls: &[],
        },
        4,
    )
    .unwrap();
    for (found, expected) in found.iter().zip(expected.as_array().unwrap()) {
        let number = |name: &str| expected[name].as_f64().unwrap();
        assert_eq!(found.rows as f64, number("n"));
        assert_near(found.plain_effect, number("b"), 1e-6);
        // The reference allows for shared shocks alone.
        let slope = projection(&panel("value"), &panel("inv"), &[], found.horizon).unwrap();
        assert_near(slope.error_by_period(found.horizon + 1), number("se"), 1e-6);
        assert!(found.plain_error > 0.0);
        // Ten firms: the quantile of nine degrees of freedom.
        let (low, high) = found.interval();
        assert_near((high - low) / 2.0 / found.plain_error, 2.262_157, 1e-6);
    }
}

#[test]
fn lags_together() {
    let expected = &reference("links.json")["grunfeld_dlag"];
    let capital = panel("capital");
    let slope = cumulative_slope(&panel("value"), &panel("inv"), &[&capital], 2).unwrap();
    assert_near(slope.slope, expected["cumulative"].as_f64().unwrap(), 1e-6);
    let error = expected["cumulative_se"].as_f64().unwrap();
    assert_near(slope.error_by_period(2), error, 1e-6);
}
