//! What must hold of every reading, whatever the numbers.

mod after;
#[path = "../common/mod.rs"]
mod common;

use common::{Plan, Row};
use proptest::prelude::*;
use throughline_engine::Status;

const UNITS: [(&str, &str); 6] = [
    ("org", ""),
    ("north", ", parent: org"),
    ("a", ", parent: north"),
    ("b", ", parent: north"),
    ("c", ", parent: org"),
    ("d", ", parent: org"),
];
const LEAVES: [&str; 4] = ["a", "b", "c", "d"];
const MONTHS: [&str; 6] = [
    "2020-01", "2020-02", "2020-03", "2020-04", "2020-05", "2020-06",
];
const KINDS: [&str; 7] = ["sum", "level", "ratio", "mean", "max", "min", "yes-no"];

/// A measure of each kind, all of them in one objective.
fn plan_of_every_kind() -> Plan {
    let measures: String = KINDS
        .iter()
        .map(|kind| format!("  - {{ key: {kind}, name: {kind}, kind: {kind}, better: higher, frequency: month, reported_by: [a, b, c, d] }}\n"))
        .collect();
    let targets: String = KINDS
        .iter()
        .map(|kind| format!("  - {{ measure: {kind}, unit: org, points: [{{ period: 2020-01, value: 0.5 }}], floor: 0.3 }}\n"))
        .collect();
    let objective = format!(
        "objectives:\n  - {{ key: o, name: O, measures: [{}] }}\n",
        KINDS.join(", ")
    );
    Plan::new(
        &UNITS,
        &format!("measures:\n{measures}targets:\n{targets}"),
        &objective,
    )
}

/// A value and a weight for each leaf, month and kind.
fn full_table() -> impl Strategy<Value = Vec<(f64, f64)>> {
    prop::collection::vec(
        (0.0..1.0_f64, 0.001..1000.0_f64),
        KINDS.len() * LEAVES.len() * MONTHS.len(),
    )
}

fn rows(table: &[(f64, f64)]) -> Vec<Row<'static>> {
    let mut rows = Vec::new();
    for (index, (value, weight)) in table.iter().enumerate() {
        let kind = KINDS[index % KINDS.len()];
        let leaf = LEAVES[index / KINDS.len() % LEAVES.len()];
        let month = MONTHS[index / KINDS.len() / LEAVES.len()];
        let value = if kind == "yes-no" {
            value.round()
        } else {
            *value
        };
        rows.push((
            kind,
            leaf,
            month,
            Some(value),
            matches!(kind, "ratio" | "mean").then_some(*weight),
        ));
    }
    rows
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn cells_in_any_order_give_the_same_bits(table in full_table(), seed in any::<u64>()) {
        let plan = plan_of_every_kind();
        let in_order = rows(&table);
        let mut shuffled = in_order.clone();
        let mut state = seed;
        for index in (1..shuffled.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            shuffled.swap(index, (state >> 33) as usize % (index + 1));
        }
        for (unit, period) in [("org", "2020-H1"), ("north", "2020-02"), ("a", "2020-Q1")] {
            let bits = |rows: &[Row<'_>]| -> Vec<Option<u64>> {
                let scorecard = plan.scorecard(rows, unit, period);
                let nodes = scorecard.nodes.iter().flat_map(|node| [node.score, node.coverage, None]);
                let measures = scorecard.measures.iter().flat_map(|one| [one.value, one.gap, one.score]);
                nodes.chain(measures).map(|number| number.map(f64::to_bits)).collect()
            };
            prop_assert_eq!(bits(&in_order), bits(&shuffled));
        }
    }

    #[test]
    fn what_is_averaged_lies_between_its_inputs(table in full_table()) {
        let plan = plan_of_every_kind();
        let rows = rows(&table);
        for kind in ["ratio", "mean", "max", "min"] {
            let values = || rows.iter().filter(|row| row.0 == kind).filter_map(|row| row.3);
            let (least, greatest) = (values().fold(f64::INFINITY, f64::min), values().fold(f64::NEG_INFINITY, f64::max));
            let value = plan.reading(&rows, kind, "org", "2020-H1").value.expect("a value");
            prop_assert!((least..=greatest).contains(&value), "{kind}: {value} is not in {least}..{greatest}");
        }
        let node = plan.node(&rows, "org", "2020-H1", 0);
        let scores = || node.children.iter().filter_map(|child| child.score);
        let (least, greatest) = (scores().fold(f64::INFINITY, f64::min), scores().fold(f64::NEG_INFINITY, f64::max));
        let score = node.score.expect("a score");
        prop_assert!((least..=greatest).contains(&score));
        prop_assert!((0.0..=100.0).contains(&score));
    }

    #[test]
    fn a_missing_value_never_raises_completeness_or_coverage(table in full_table(), gone in prop::collection::vec(any::<prop::sample::Index>(), 1..40)) {
        let plan = plan_of_every_kind();
        let mut rows = rows(&table);
        let whole = plan.scorecard(&rows, "org", "2020-H1");
        let mut before = whole.clone();
        for index in gone {
            rows.remove(index.index(rows.len()));
            let after = plan.scorecard(&rows, "org", "2020-H1");
            for (was, is) in before.measures.iter().zip(after.measures.iter()) {
                prop_assert!(is.completeness <= was.completeness);
                prop_assert!(is.value.is_some() || !is.status.is_judgement());
            }
            prop_assert!(after.nodes[0].coverage <= whole.nodes[0].coverage);
            prop_assert!(after.nodes[0].score.is_some() || !after.nodes[0].status.is_judgement());
            before = after;
        }
    }

    #[test]
    fn a_share_and_its_rest_have_one_status(value in 0.0..=1.0_f64, target in 0.001..0.999_f64) {
        let measures = "measures:\n  - { key: x, name: X, kind: ratio, shown_as: \"%\", better: higher, frequency: year }\n  - { key: y, name: Y, kind: ratio, shown_as: \"%\", better: lower, frequency: year }\n";
        let rest = 1.0 - target;
        let targets = format!("targets:\n  - {{ measure: x, unit: org, points: [{{ period: 2020, value: {target} }}] }}\n  - {{ measure: y, unit: org, points: [{{ period: 2020, value: {rest} }}] }}\n");
        let plan = Plan::new(&[("org", "")], &format!("{measures}{targets}"), "");
        let rows = [("x", "org", "2020", Some(value), Some(100.0)), ("y", "org", "2020", Some(1.0 - value), Some(100.0))];
        let (x, y) = (plan.reading(&rows, "x", "org", "2020"), plan.reading(&rows, "y", "org", "2020"));
        prop_assert_eq!(x.status, y.status);
        prop_assert!((x.score.expect("a score") - y.score.expect("a score")).abs() < 1e-6);
    }

    #[test]
    fn children_of_one_status_give_that_status(scores in prop::collection::vec((0.0..1.0_f64, 0.01..100.0_f64), 1..6), which in 0..3_usize) {
        let (low, high, status) = [(0.9, 2.0, Status::OnTrack), (0.3, 0.899, Status::AtRisk), (-1.0, 0.299, Status::OffTrack)][which];
        let keys: Vec<String> = (0..scores.len()).map(|index| format!("m{index}")).collect();
        let measures: String = keys.iter().map(|key| format!("  - {{ key: {key}, name: M, kind: last, better: higher, frequency: year }}\n")).collect();
        let targets: String = keys.iter().map(|key| format!("  - {{ measure: {key}, unit: org, points: [{{ period: 2020, value: 0.9 }}], floor: 0.3 }}\n")).collect();
        let uses: Vec<String> = keys.iter().zip(&scores).map(|(key, (_, weight))| format!("{{ measure: {key}, weight: {weight} }}")).collect();
        let objective = format!("objectives:\n  - {{ key: o, name: O, measures: [{}] }}\n", uses.join(", "));
        let plan = Plan::new(&[("org", "")], &format!("measures:\n{measures}targets:\n{targets}"), &objective);
        let rows: Vec<Row<'_>> = keys.iter().zip(&scores).map(|(key, (share, _))| (key.as_str(), "org", "2020", Some(low + share * (high - low)), None)).collect();
        prop_assert_eq!(plan.node(&rows, "org", "2020", 0).status, status);
    }

    #[test]
    fn one_less_a_share_by_a_formula_mirrors_it(table in prop::collection::vec((0_u32..50, 1_u32..50), 4)) {
        let measures = "measures:
  - { key: part, name: P, kind: sum, frequency: month }
  - { key: all, name: A, kind: sum, frequency: month }
  - { key: share, name: S, kind: ratio, frequency: month }
  - { key: rest, name: R, kind: formula, formula: 1 - part / all, frequency: month }
";
        let plan = Plan::new(&UNITS, measures, "");
        let mut rows: Vec<Row<'_>> = Vec::new();
        for (leaf, (part, more)) in LEAVES.into_iter().zip(&table) {
            let (part, all) = (f64::from(*part), f64::from(part + more));
            rows.push(("part", leaf, "2020-01", Some(part), None));
            rows.push(("all", leaf, "2020-01", Some(all), None));
            rows.push(("share", leaf, "2020-01", Some(part / all), Some(all)));
        }
        for unit in ["org", "north", "c"] {
            let share = plan.reading(&rows, "share", unit, "2020-01").value.expect("a share");
            let rest = plan.reading(&rows, "rest", unit, "2020-01").value.expect("a rest");
            prop_assert!((share + rest - 1.0).abs() < 1e-9);
        }
    }
}
