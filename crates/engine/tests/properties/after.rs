//! A scorecard that is made from the one before, by what became known since, is the one that is made anew.

use crate::common::{Plan, Row};
use proptest::prelude::*;
use throughline_core::hash::Set;
use throughline_engine::Cascade;

const UNITS: [(&str, &str); 5] = [
    ("org", ""),
    ("north", ", parent: org"),
    ("a", ", parent: north"),
    ("b", ", parent: north"),
    ("c", ", parent: org"),
];
const REPORTERS: [&str; 4] = ["org", "a", "b", "c"];
const MONTHS: [&str; 4] = ["2020-01", "2020-02", "2020-03", "2020-04"];
const OBSERVED: [&str; 4] = ["sold", "cost", "share", "everywhere"];

/// Measures, formulas of formulas, and a cascade in which they stand, some of them in several places.
const MEASURES: &str = "measures:
  - { key: sold, name: S, kind: sum, better: higher, frequency: month, reported_by: [a, b, c] }
  - { key: cost, name: C, kind: sum, better: lower, frequency: month, reported_by: [a, c] }
  - { key: share, name: R, kind: ratio, better: higher, frequency: month, reported_by: [b] }
  - { key: everywhere, name: E, kind: mean, better: higher, frequency: month }
  - { key: margin, name: M, kind: formula, formula: '(sold - cost) / sold', better: higher, frequency: month }
  - { key: grown, name: G, kind: formula, formula: 'margin - prev(margin, 1)', frequency: month }
  - { key: points, name: P, kind: formula, formula: 'score(sold) + coalesce(share, 0)', frequency: month }
  - { key: apart, name: A, kind: formula, formula: 'sold@c * 2', frequency: month }
targets:
  - { measure: sold, unit: org, points: [{ period: 2020-01, value: 3 }], floor: 2 }
  - { measure: cost, unit: org, points: [{ period: 2020-01, value: 2 }], floor: 3 }
  - { measure: share, unit: org, points: [{ period: 2020-01, value: 0.5 }], floor: 0.3, below: standard }
  - { measure: everywhere, unit: org, points: [{ period: 2020-01, value: 1 }], floor: 0.5, below: standard }
  - { measure: margin, unit: org, points: [{ period: 2020-01, value: 0.4 }], floor: 0.2 }
";
const STRATEGY: &str = "perspectives:
  - { key: one, name: One }
  - { key: two, name: Two }
  - { key: none, name: Nothing in it }
objectives:
  - { key: top, name: T, perspective: one, measures: [margin] }
  - { key: sell, name: S, perspective: one, supports: [{ objective: top, weight: 2 }], measures: [sold, points] }
  - { key: save, name: C, perspective: two, supports: [{ objective: top, critical: true }], measures: [cost] }
  - { key: bare, name: B, perspective: two }
  - { key: above, name: A, supports: [top], measures: [everywhere] }
";
const MAP: &str = "outcomes:
  - { key: gain, name: G, measures: [grown, share] }
behaviours:
  - { key: ask, name: A, measures: [apart] }
";

/// Some observations, corrections among them: measure, unit, month, and a value or none.
fn observations() -> impl Strategy<Value = Vec<Row<'static>>> {
    let one = (
        prop::sample::select(OBSERVED.to_vec()),
        prop::sample::select(REPORTERS.to_vec()),
        prop::sample::select(MONTHS.to_vec()),
        prop::option::weighted(0.9, 0..6_u8),
    );
    let row = one.prop_map(|(measure, unit, month, value)| {
        let is_share = measure == "share";
        let value = value.map(|value| f64::from(value) / if is_share { 5.0 } else { 1.0 });
        let weight = (is_share || measure == "everywhere").then_some(2.0);
        (measure, unit, month, value, weight)
    });
    prop::collection::vec(row, 0..24)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn what_is_made_from_the_one_before_is_what_is_made_anew(
        first in observations(),
        second in observations(),
        third in observations(),
    ) {
        let plan = Plan::with_map(&UNITS, MEASURES, STRATEGY, MAP);
        let cascade = Cascade::of(&plan.model);
        let of = |rows: &[Row<'_>]| -> Set<_> { rows.iter().map(|row| plan.measure(row.0)).collect() };
        let all = [first.clone(), second.clone(), third.clone()].concat();
        let until_second = plan.view(&all[..first.len() + second.len()]);
        let view = plan.view(&all);
        for (unit, _) in UNITS {
            for period in ["2020-02", "2020-04", "2020-Q1", "2020"] {
                let unit = plan.unit(unit);
                let period = plan.model.calendar().parse_period(period).expect("a period");
                let before = plan.view(&first).scorecard_along(&cascade, unit, period);
                let step = until_second.scorecard_after(&cascade, &before, &of(&second));
                let anew = view.scorecard(unit, period);
                prop_assert_eq!(&view.scorecard_after(&cascade, &step, &of(&third)), &anew);
                let both = of(&[second.clone(), third.clone()].concat());
                prop_assert_eq!(&view.scorecard_after(&cascade, &before, &both), &anew);
                for reading in anew.measures.iter() {
                    let alone = view.reading(reading.measure, unit, period);
                    prop_assert_eq!(alone.as_ref(), Some(reading));
                    prop_assert_eq!(anew.measure(reading.measure), Some(reading));
                }
                for node in anew.nodes.iter() {
                    prop_assert_eq!(anew.node(node.node), Some(node));
                }
            }
        }
    }
}
