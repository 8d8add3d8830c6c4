//! Plans that cannot be used, and what is said of them.

use proptest::prelude::*;
use throughline_core::finding::{Finding, Severity};

use super::{check, circles};
use crate::depth::{FORMULA_DEPTH_MAX, FORMULA_REACH_MAX, SUPPORT_DEPTH_MAX, UNIT_DEPTH_MAX};
use crate::kind::Kind;
use crate::model::{Change, Model};
use crate::testing::{id, model, records};

const ORGANISATION: &str = r#"organisation {"key":"h","name":"Harbour","time_zone":"UTC"}"#;

fn said(findings: &[Finding]) -> Vec<String> {
    findings
        .iter()
        .map(|finding| {
            let place = finding.place.as_ref().map(ToString::to_string);
            format!(
                "{}[{}] {}: {}",
                finding.severity,
                finding.code,
                place.unwrap_or_default(),
                finding.message
            )
        })
        .collect()
}

/// Checks a plan with an organisation.
fn check_plan(plan: &str, expected: &[&str]) {
    let model = model(&format!("{ORGANISATION}\n{plan}"));
    assert_eq!(said(&check(&model)), expected, "{plan}");
}

/// Checks a target of a measure, given the fields of both.
fn check_target(measure: &str, target: &str, expected: &[&str]) {
    let plan = format!(
        r#"unit {{"key":"u","name":"U"}}
        measure {{"key":"m","name":"M",{measure}}}
        target {{"measure":"m","unit":"u",{target}}}"#
    );
    let model = model(&format!("{ORGANISATION}\n{plan}"));
    let found: Vec<String> = check(&model)
        .iter()
        .map(|finding| {
            let path = finding.place.as_ref().map(|place| place.path.to_string());
            format!("{} {}", finding.code, path.unwrap_or_default())
        })
        .collect();
    assert_eq!(found, expected, "{measure} {target}");
}

#[test]
fn a_sound_plan_passes() {
    check_plan("", &[]);
    assert_eq!(
        said(&check(&Model::default())),
        ["error[no-organisation] : the plan has no organisation"]
    );
}

#[test]
fn what_was_retired_is_not_referred_to() {
    let plan = model(&format!(
        r#"{ORGANISATION}
        measure {{"key":"on-time","name":"M","kind":"sum","frequency":"week"}}
        measure {{"key":"f","name":"F","kind":"formula","frequency":"week","formula":"`on-time` * 2"}}
        objective {{"key":"o","name":"O","measures":["f",{{"measure":"on-time","weight":2}}]}}"#
    ));
    let retired = plan.with([Change::Retire(Kind::Measure, id(Kind::Measure, "on-time"))]);
    assert_eq!(
        said(&check(&retired)),
        [
            "error[unknown-reference] objective o, measures[1].measure: the measure `on-time` is no longer part of the plan",
            "error[unknown-reference] measure f, formula: the measure `on-time` is no longer part of the plan",
        ]
    );
}

#[test]
fn nothing_leads_back_to_itself() {
    check_plan(
        r#"unit {"key":"a","name":"A","parent":"b"}
        unit {"key":"b","name":"B","parent":"a"}
        unit {"key":"c","name":"C","parent":"a"}"#,
        &[
            "error[circle-of-units] unit a, parent: these units are above each other in a circle: a -> b -> a",
        ],
    );
    check_plan(
        r#"unit {"key":"a","name":"A"}
        unit {"key":"b","name":"B","parent":"a"}
        unit {"key":"c","name":"C","parents":[{"parent":"b"}]}
        unit {"key":"d","name":"D","parents":[{"parent":"a"},{"parent":"e","from":"2014-07-01"}]}
        unit {"key":"e","name":"E","parent":"d"}"#,
        &[
            "error[circle-of-units] unit d, parents: these units are above each other in a circle from 2014-07-01 on: d -> e -> d",
        ],
    );
    check_plan(
        r#"person {"key":"p","name":"P","reports_to":"p"}
        objective {"key":"x","name":"X","supports":["y"]}
        objective {"key":"y","name":"Y","supports":["z"]}
        objective {"key":"z","name":"Z","supports":["x"]}
        link {"from":"x","to":"x","effect":"raises"}"#,
        &[
            "error[circle-of-people] person p, reports_to: these people report to each other in a circle: p -> p",
            "error[circle-of-objectives] objective x, supports: these objectives support each other in a circle: x -> y -> z -> x",
            "error[link-to-itself] link x>x, to: this link leads back to its cause",
        ],
    );
    check_plan(
        r#"measure {"key":"m","name":"M","kind":"formula","frequency":"week","formula":"n + 1"}
        measure {"key":"n","name":"N","kind":"formula","frequency":"week","formula":"prev(m, 1)"}
        measure {"key":"o","name":"O","kind":"formula","frequency":"week","formula":"m + n"}"#,
        &[
            "error[circle-of-formulas] measure m, formula: these measures are computed from each other in a circle: m -> n -> m",
        ],
    );
}

#[test]
fn keys_are_unique() {
    let twice = records(r#"unit {"key":"a","name":"A"}"#);
    let other = records(r#"unit {"key":"a","was":"b","name":"B"}"#);
    let model = model(ORGANISATION).with(twice.into_iter().chain(other).map(Change::Put));
    assert_eq!(
        said(&check(&model)),
        ["error[duplicate-key] unit a: there is a second unit with the key `a`"]
    );
    check_plan(
        r#"objective {"key":"a","name":"A"}
        outcome {"key":"a","name":"A"}"#,
        &[
            "error[duplicate-key] outcome a, key: `a` is the key of an objective too, so that a link could not tell them apart",
        ],
    );
}

#[test]
fn units_measures_and_spans_fit_together() {
    check_plan(
        r#"unit {"key":"a","name":"A"}
        unit {"key":"b","name":"B","parent":"a","parents":[{"parent":"a"}],"from":"2013-02-01","to":"2013-01-31"}
        unit {"key":"c","name":"C","parents":[{"parent":"a","from":"2014-01-01"},{"parent":"b","from":"2013-01-01"}]}
        strategy {"key":"s","name":"S","from":2017,"to":2013}"#,
        &[
            "error[two-kinds-of-parent] unit b, parent: `parent` and `parents` both say what is above this unit",
            "error[parents-out-of-order] unit c, parents[1]: the parents do not stand in the order of their dates",
            "error[ends-before-it-begins] unit b, to: the last day, 2013-01-31, is before the first, 2013-02-01",
            "error[ends-before-it-begins] strategy s, to: the horizon ends in 2013, before it begins in 2017",
        ],
    );
    check_plan(
        r#"measure {"key":"a","name":"A","kind":"formula","frequency":"week"}
        measure {"key":"b","name":"B","kind":"sum","frequency":"week","formula":"c * 2","least_weight":3}
        measure {"key":"c","name":"C","kind":"mean","frequency":"week","least_weight":-1}
        measure {"key":"d","name":"D","kind":"formula","frequency":"week","formula":"c","source":"manual"}"#,
        &[
            "error[no-formula] measure a, kind: a measure of the kind formula needs one",
            "error[formula-of-observed-measure] measure b, formula: a measure of the kind sum takes no formula",
            "error[bad-least-weight] measure b, least_weight: a measure of the kind sum has no weights; only ratio and mean have",
            "error[bad-least-weight] measure c, least_weight: a weight cannot be less than 0",
            "warning[no-effect] measure d, source: `source` has no effect here: a formula takes no observations, its measures do",
        ],
    );
    check_plan(
        r#"measure {"key":"a","name":"A","kind":"formula","frequency":"week","formula":"c / target(c) + score(c)"}
        measure {"key":"c","name":"C","kind":"mean","frequency":"week"}"#,
        &["warning[no-effect] measure a, formula: the formula reads the target or score of `c`, which has no target, and is always missing";
            2],
    );
    let borders = r#"organisation {"key":"h","name":"Harbour","time_zone":"UTC","at_risk_from":95,"on_track_from":101}"#;
    assert_eq!(
        said(&check(&model(borders))),
        [
            "error[bad-border] organisation h, on_track_from: 101 is not a score: scores lie between 0 and 100"
        ]
    );
}

#[test]
fn a_target_fits_the_direction_of_its_measure() {
    let higher = r#""kind":"ratio","frequency":"month","better":"higher""#;
    let lower = r#""kind":"mean","frequency":"month","better":"lower""#;
    let between = r#""kind":"mean","frequency":"month","better":"between""#;
    let point = r#""points":[{"period":"2020-01","value":0.9}]"#;
    check_target(higher, point, &[]);
    check_target(
        r#""kind":"sum","frequency":"month""#,
        point,
        &["target-without-direction measure"],
    );
    check_target(between, point, &["points-of-range points", "no-range "]);
    check_target(between, r#""better_range":[1,2]"#, &[]);
    check_target(
        between,
        r#""better_range":[1,2],"floor":0"#,
        &["floor-of-wrong-form floor"],
    );
    check_target(
        between,
        r#""better_range":[1,2],"floor":[1,3]"#,
        &["no-room floor"],
    );
    check_target(
        between,
        r#""better_range":[0,0]"#,
        &["no-floor better_range"],
    );
    check_target(
        higher,
        r#""better_range":[1,2]"#,
        &["range-of-path better_range", "no-points points"],
    );
    check_target(
        higher,
        &format!(r#"{point},"floor":[1,2]"#),
        &["floor-of-wrong-form floor"],
    );
    check_target(
        higher,
        &format!(r#"{point},"floor":0.9"#),
        &["no-room floor"],
    );
    check_target(
        lower,
        &format!(r#"{point},"floor":0.8"#),
        &["no-room floor"],
    );
    check_target(lower, &format!(r#"{point},"floor":1.2"#), &[]);
    check_target(
        higher,
        r#""points":[{"period":2020,"value":"none"}]"#,
        &["no-points points"],
    );
}

#[test]
fn a_plausible_range_fits_its_measure() {
    check_plan(
        r#"measure {"key":"a","name":"A","kind":"ratio","frequency":"week","least":1,"greatest":0}
        measure {"key":"b","name":"B","kind":"yes-no","frequency":"week","greatest":1}
        measure {"key":"c","name":"C","kind":"formula","frequency":"week","formula":"a + 1","least":0}
        measure {"key":"d","name":"D","kind":"last","frequency":"week","least":2,"greatest":2}"#,
        &[
            "error[bad-range] measure a, least: the least, 1, is above the greatest, 0",
            "error[bad-range] measure b, greatest: a yes-no takes yes and no only, so it has no range",
            "error[bad-range] measure c, least: a formula takes no observations, so it has no range of them",
        ],
    );
}

#[test]
fn a_target_lies_within_the_plausible_range() {
    let share = r#""kind":"ratio","frequency":"month","better":"higher","least":0,"greatest":1"#;
    check_target(
        share,
        r#""points":[{"period":2020,"value":1}],"floor":0"#,
        &[],
    );
    check_target(
        share,
        r#""baseline":{"period":2019,"value":-0.1},"points":[{"period":2020,"value":0.9},{"period":2021,"value":1.1}],"floor":-0.5,"stretch":2"#,
        &[
            "target-out-of-range points[1].value",
            "target-out-of-range baseline.value",
            "target-out-of-range floor",
            "target-out-of-range stretch",
        ],
    );
    let between = r#""kind":"mean","frequency":"month","better":"between","greatest":1"#;
    let target = r#""better_range":[0.9,1],"floor":[0.8,1.1]"#;
    check_target(between, target, &[]);
    let target = r#""better_range":[0.9,1.2]"#;
    check_target(between, target, &["target-out-of-range better_range"]);
    // What is summed can be more than any one observation.
    let sum = r#""kind":"sum","frequency":"month","better":"higher","greatest":10"#;
    check_target(sum, r#""points":[{"period":2020,"value":100}]"#, &[]);
}

#[test]
fn a_target_of_nothing_needs_a_floor() {
    let lower = r#""kind":"sum","frequency":"month","better":"lower""#;
    let zero = r#""points":[{"period":2020,"value":10},{"period":2021,"value":0}]"#;
    check_target(lower, zero, &["no-floor points"]);
    check_target(lower, &format!(r#"{zero},"floor":12"#), &[]);
    check_target(
        lower,
        &format!(r#"{zero},"baseline":{{"period":2019,"value":20}}"#),
        &[],
    );
    check_target(
        lower,
        &format!(r#"{zero},"baseline":{{"period":2019,"value":-1}}"#),
        &["no-floor points"],
    );
    check_target(
        lower,
        &format!(r#"{zero},"baseline":{{"period":2019,"value":0}}"#),
        &["no-floor points", "no-improvement baseline.value"],
    );
}

#[test]
fn the_periods_of_a_target_fit_its_measure() {
    let sum = r#""kind":"sum","frequency":"month","better":"lower""#;
    let mean = r#""kind":"mean","frequency":"month","better":"lower""#;
    let mixed = r#""points":[{"period":"2020-01","value":10},{"period":2021,"value":9}]"#;
    check_target(mean, mixed, &[]);
    check_target(sum, mixed, &["lengths-differ points[1].period"]);
    check_target(
        sum,
        r#""points":[{"period":2020,"value":10}],"baseline":{"period":"2019-Q1","value":20}"#,
        &["lengths-differ baseline.period"],
    );
    check_target(
        mean,
        r#""points":[{"period":"2020-W01","value":10}]"#,
        &["period-too-short points[0].period"],
    );
    check_target(
        mean,
        r#""points":[{"period":2020,"value":10},{"period":"FY2020","value":9}]"#,
        &["duplicate-point points[1].period"],
    );
    check_target(
        r#""kind":"ratio","frequency":"month","better":"higher","shown_as":"%""#,
        r#""points":[{"period":2020,"value":95}]"#,
        &["percent-for-fraction points"],
    );
    check_target(
        r#""kind":"ratio","frequency":"month","better":"higher","shown_as":"%","greatest":5"#,
        r#""points":[{"period":2020,"value":4}]"#,
        &[],
    );
}

/// A chain of records of which each is written by its number; the next one leads on from it.
fn chain(length: usize, record: impl Fn(usize) -> String) -> Model {
    let lines: Vec<String> = (0..=length).map(record).collect();
    model(&format!("{ORGANISATION}\n{}", lines.join("\n")))
}

#[test]
fn what_stands_deeper_than_is_read_is_refused() {
    let too_deep = |model: &Model| -> Vec<String> {
        let findings = check(model);
        let meant = findings.iter().filter(|one| one.code == "too-deep");
        meant
            .map(|one| one.place.as_ref().expect("a place").to_string())
            .collect()
    };
    let units = |length| {
        chain(length, |number| match number {
            0 => r#"unit {"key":"u0","name":"U"}"#.to_string(),
            _ => format!(
                r#"unit {{"key":"u{number}","name":"U","parent":"u{}"}}"#,
                number - 1
            ),
        })
    };
    let formulas = |length| {
        chain(length, |number| match number {
            0 => r#"measure {"key":"f0","name":"F","kind":"sum","frequency":"month"}"#.to_string(),
            _ => format!(
                r#"measure {{"key":"f{number}","name":"F","kind":"formula","frequency":"month","formula":"f{} + 1"}}"#,
                number - 1
            ),
        })
    };
    let objectives = |length| {
        chain(length, |number| match number {
            0 => r#"objective {"key":"o0","name":"O"}"#.to_string(),
            _ => format!(
                r#"objective {{"key":"o{number}","name":"O","supports":["o{}"]}}"#,
                number - 1
            ),
        })
    };
    assert_eq!(too_deep(&units(UNIT_DEPTH_MAX)), Vec::<String>::new());
    assert_eq!(too_deep(&units(UNIT_DEPTH_MAX + 5)), ["unit u65, parent"]);
    assert_eq!(too_deep(&formulas(FORMULA_DEPTH_MAX)), Vec::<String>::new());
    assert_eq!(
        too_deep(&formulas(FORMULA_DEPTH_MAX + 5)),
        ["measure f65, formula"]
    );
    // Three times 120 periods are as many as are looked back over.
    let looking_back = |length| {
        chain(length, |number| match number {
            0 => r#"measure {"key":"f0","name":"F","kind":"sum","frequency":"month"}"#.to_string(),
            _ => format!(
                r#"measure {{"key":"f{number}","name":"F","kind":"formula","frequency":"month","formula":"prev(f{0}, 1) + rolling(f{0}, 120)"}}"#,
                number - 1
            ),
        })
    };
    assert_eq!(FORMULA_REACH_MAX, 360);
    assert_eq!(too_deep(&looking_back(3)), Vec::<String>::new());
    assert_eq!(too_deep(&looking_back(6)), ["measure f4, formula"]);
    assert_eq!(
        too_deep(&objectives(SUPPORT_DEPTH_MAX)),
        Vec::<String>::new()
    );
    assert_eq!(
        too_deep(&objectives(SUPPORT_DEPTH_MAX + 1)),
        ["objective o0, supports"]
    );
}

proptest! {
    /// Any part of a plan that hangs together can be missing: it is said, and nothing breaks.
    #[test]
    fn whatever_is_retired_the_check_goes_on(kept in prop::collection::vec(any::<bool>(), 8)) {
        let plan = r#"
            organisation {"key":"h","name":"Harbour","time_zone":"UTC"}
            unit {"key":"a","name":"A"}
            unit {"key":"b","name":"B","parent":"a"}
            person {"key":"p","name":"P","unit":"b"}
            objective {"key":"o","name":"O","owner":"p","measures":["m"]}
            behaviour {"key":"d","name":"D","measures":["m"]}
            link {"from":"d","to":"o","effect":"raises"}
            measure {"key":"m","name":"M","kind":"mean","frequency":"week","better":"lower"}
        "#;
        let gone = records(plan).into_iter().zip(&kept).filter(|(_, kept)| !**kept)
            .map(|(record, _)| Change::Retire(record.kind(), record.id())).collect::<Vec<_>>();
        let is_whole = gone.is_empty();
        let findings = check(&model(plan).with(gone));
        prop_assert!(is_whole <= findings.is_empty(), "{findings:?}");
        prop_assert!(kept[0] || findings.iter().any(|finding| finding.code == "no-organisation"));
        prop_assert!(kept[7] || !kept[4] || findings.iter().any(|finding| finding.code == "unknown-reference"));
    }

    /// There is a circle exactly where some node can be reached from itself, and each that is found is one.
    #[test]
    fn circles_are_found_where_they_are(edges in prop::collection::vec((0_u8..12, 0_u8..12), 0..24)) {
        let next = |node: u8| edges.iter().filter(|edge| edge.0 == node).map(|edge| edge.1).collect::<Vec<u8>>();
        let found = circles(0..12, next);
        for circle in &found {
            let around = circle.iter().zip(circle.iter().cycle().skip(1));
            prop_assert!(around.into_iter().all(|(from, to)| edges.contains(&(*from, *to))), "{circle:?}");
        }
        let returns = |start: u8| {
            let mut ahead = next(start);
            let mut reached = [false; 12];
            while let Some(node) = ahead.pop() {
                if !std::mem::replace(&mut reached[usize::from(node)], true) {
                    ahead.extend(next(node));
                }
            }
            reached[usize::from(start)]
        };
        prop_assert_eq!(found.is_empty(), !(0..12).any(returns));
    }

    /// Targets of every form are read, checked and linted without a panic, and a sound one has no error.
    #[test]
    fn targets_of_every_form_are_checked(
        kind in prop::sample::select(vec!["sum", "level", "ratio", "mean", "max", "yes-no", "last"]),
        better in prop::sample::select(vec!["higher", "lower", "between"]),
        points in prop::collection::btree_map(2000_u16..2030, -1e29..1e29, 0..5),
        baseline in prop::option::of(-5.0..5.0),
        floor in prop::option::of(prop::sample::select(vec!["0", "-3.5", "[-1,1]"])),
        range in prop::option::of(Just("[0,0]")),
        joined in prop::sample::select(vec!["line", "steps"]),
    ) {
        let points: Vec<String> = points.iter()
            .map(|(year, value)| format!(r#"{{"period":{year},"value":{value}}}"#)).collect();
        let mut fields = format!(r#""joined":"{joined}","points":[{}]"#, points.join(","));
        for (name, value) in [
            ("baseline", baseline.map(|value| format!(r#"{{"period":1999,"value":{value}}}"#))),
            ("floor", floor.map(str::to_string)),
            ("better_range", range.map(str::to_string)),
        ] {
            fields.extend(value.map(|value| format!(r#","{name}":{value}"#)));
        }
        let plan = model(&format!(
            r#"{ORGANISATION}
            unit {{"key":"u","name":"U"}}
            unit {{"key":"v","name":"V","parent":"u"}}
            measure {{"key":"m","name":"M","kind":"{kind}","frequency":"year","better":"{better}"}}
            target {{"measure":"m","unit":"u",{fields}}}
            target {{"measure":"m","unit":"v",{fields}}}"#
        ));
        let errors = check(&plan).iter().filter(|finding| finding.severity == Severity::Error).count();
        let is_sound = match better {
            "between" => points.is_empty() && range.is_some() && floor == Some("[-1,1]"),
            _ => !points.is_empty() && range.is_none() && floor.is_some_and(|floor| !floor.contains('[')),
        };
        prop_assert!(!is_sound || errors == 0);
        prop_assert!(is_sound || errors > 0 || floor.is_none());
        let sums = crate::lint::lint(&plan);
        prop_assert!(sums.iter().all(|finding| finding.code != "children-do-not-add-up"));
    }
}
