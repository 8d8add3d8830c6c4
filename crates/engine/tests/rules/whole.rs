//! What a target asks of a whole period of its own length (SEMANTICS 4).

use throughline_engine::Edge;

use crate::common::Plan;

/// The point that counts is the one that begins last, wherever it stands in the plan.
#[test]
fn the_order_in_which_points_are_written_says_nothing() {
    let measures = |points: &str| {
        format!(
            "measures:
  - {{ key: m, name: M, kind: mean, better: higher, frequency: month }}
targets:
  - {{ measure: m, unit: org, points: [{points}], joined: steps }}
"
        )
    };
    let [of_month, of_year] = [
        "{ period: 2024-01, value: 110 }",
        "{ period: 2026, value: 108 }",
    ];
    for points in [
        format!("{of_month}, {of_year}"),
        format!("{of_year}, {of_month}"),
    ] {
        let plan = Plan::new(&[("org", "")], &measures(&points), "");
        let calendar = plan.model.calendar();
        let view = plan.view(&[("m", "org", "2026-01", Some(100.0), None)]);
        let of = |period: &str| {
            let within = calendar.parse_period(period).expect("a period");
            view.target_of_whole(plan.measure("m"), plan.unit("org"), &within)
        };
        // Until 2026 the target is one for months.
        assert_eq!(of("2025-03"), None, "{points}");
        let whole = of("2026-03").expect("a target for the year");
        assert_eq!(calendar.name(&whole.period), "2026", "{points}");
        assert_eq!(whole.target, Edge::Number(108.0), "{points}");
    }
}
