//! Differences in the words in which people read them.

use proptest::prelude::*;

use super::{Difference, diff, diff_of_record};
use crate::model::{Change, Model};
use crate::testing::{model, records};

const PLAN: &str = r#"
    organisation {"key":"h","name":"Harbour","time_zone":"UTC"}
    unit {"key":"harbour","name":"Harbour Airports"}
    unit {"key":"ewr","name":"Newark","parent":"harbour"}
    person {"key":"r-okafor","name":"Ruth Okafor","unit":"harbour"}
    person {"key":"a-lima","name":"Ana Lima"}
    objective {"key":"trusted","name":"A trusted airline"}
    objective {"key":"arrive","name":"Flights arrive","owner":"r-okafor","supports":["trusted"],"measures":["on-time"],"due":2017}
    initiative {"key":"first-wave","name":"First wave","serves":["arrive"],"budget":{"amount":400000,"currency":"USD"},"milestones":[{"name":"Stand plan","due":"2013-04-15"}]}
    behaviour {"key":"push-back","name":"Push back"}
    link {"from":"push-back","to":"arrive","effect":"raises","lag":"2 weeks"}
    measure {"key":"on-time","name":"On time","kind":"ratio","frequency":"week","definition":"Share of flights."}
    measure {"key":"delay","name":"Delay","kind":"mean","frequency":"week"}
    measure {"key":"x","name":"X","kind":"formula","frequency":"week","formula":"delay * 2"}
    target {"measure":"on-time","unit":"ewr","points":[{"period":"2013-W40","value":0.78}]}
"#;

/// Replaces parts of the plan, and compares what differs in words.
fn check(replacements: &[(&str, &str)], expected: &[&str]) {
    let mut changed = PLAN.to_string();
    for (old, new) in replacements {
        assert!(changed.contains(old), "{old}");
        changed = changed.replace(old, new);
    }
    let (before, after) = (model(PLAN), model(&changed));
    let said: Vec<String> = diff(&before, &after)
        .iter()
        .map(|difference| format!("{difference:#}"))
        .collect();
    assert_eq!(said, expected);
}

#[test]
fn one_record_is_compared_as_in_the_whole_plan() {
    let check = |old: &str, new: &str| {
        assert!(PLAN.contains(old), "{old}");
        let (before, after) = (model(PLAN), model(&PLAN.replace(old, new)));
        let whole = diff(&before, &after);
        let mut records: Vec<_> = whole.iter().map(|one| (one.kind, one.id)).collect();
        records.dedup();
        let single: Vec<Difference> = records
            .into_iter()
            .filter_map(|(kind, id)| Some((kind, id?)))
            .flat_map(|(kind, id)| {
                let versions = [&before, &after].map(|plan| plan.record(kind, id));
                let [earlier, later] = versions.each_ref().map(Option::as_ref);
                diff_of_record(earlier, later, &after)
            })
            .collect();
        assert_eq!(single, whole, "{new}");
        assert!(!single.is_empty(), "{new}");
    };
    check("0.78", "0.8");
    check(r#""owner":"r-okafor""#, r#""owner":"a-lima""#);
    check(r#""name":"Newark""#, r#""name":"Newark Liberty""#);
    check(
        r#"measure {"key":"x","name":"X","kind":"formula","frequency":"week","formula":"delay * 2"}"#,
        "",
    );
    check(
        r#"measure {"key":"delay","#,
        "measure {\"key\":\"new\",\"name\":\"New\",\"kind\":\"sum\",\"frequency\":\"week\"}\n    measure {\"key\":\"delay\",",
    );
    let plan = model(PLAN);
    let record = plan.records(crate::Kind::Objective).into_iter().next();
    assert_eq!(diff_of_record(record.as_ref(), record.as_ref(), &plan), []);
    assert_eq!(diff_of_record(None, None, &plan), []);
}

#[test]
fn values_are_shown_before_and_after() {
    check(&[], &[]);
    check(
        &[("0.78", "0.8")],
        &["target of on-time for ewr, 2013-W40: 0.78 -> 0.80"],
    );
    check(
        &[(r#""owner":"r-okafor""#, r#""owner":"a-lima""#)],
        &["objective arrive: owner r-okafor -> a-lima"],
    );
    check(
        &[(r#","due":2017"#, "")],
        &["objective arrive: due 2017 removed"],
    );
    check(
        &[(r#""name":"Newark""#, r#""name":"Newark Liberty""#)],
        &[r#"unit ewr: name "Newark" -> "Newark Liberty""#],
    );
    check(
        &[("400000", "450000")],
        &["initiative first-wave: budget amount 400000 -> 450000"],
    );
    check(
        &[("2 weeks", "1 week")],
        &["link from push-back to arrive: lag 2 weeks -> 1 week"],
    );
    check(
        &[("delay * 2", "delay * 3")],
        &[r#"measure x: formula "delay * 2" -> "delay * 3""#],
    );
}

#[test]
fn elements_of_lists_are_told_apart_by_their_keys() {
    check(
        &[(
            r#""measures":["on-time"]"#,
            r#""measures":["on-time",{"measure":"delay","weight":2,"critical":true}]"#,
        )],
        &["objective arrive: measure delay added (weight 2, critical)"],
    );
    check(
        &[(
            r#""measures":["on-time"]"#,
            r#""measures":[{"measure":"on-time","weight":2}]"#,
        )],
        &["objective arrive: measure on-time weight 1 -> 2"],
    );
    check(
        &[(r#""supports":["trusted"],"#, "")],
        &["objective arrive: supported objective trusted removed"],
    );
    check(
        &[(
            r#""value":0.78}"#,
            r#""value":0.78},{"period":"2014-W40","value":0.9}"#,
        )],
        &["target of on-time for ewr, 2014-W40: 0.9 added"],
    );
    check(
        &[("2013-04-15", "2013-05-01")],
        &["initiative first-wave: milestone Stand plan due 2013-04-15 -> 2013-05-01"],
    );
}

#[test]
fn records_come_and_go_and_are_renamed() {
    check(
        &[(
            r#""ewr","name":"Newark","parent":"harbour"}"#,
            r#""ewr","name":"Newark","parent":"harbour"}
               unit {"key":"jfk","name":"Kennedy"}"#,
        )],
        &["unit jfk: added"],
    );
    check(
        &[
            (
                r#"behaviour {"key":"push-back","name":"Push back"}"#,
                r#"behaviour {"key":"pushing","was":"push-back","name":"Push back"}"#,
            ),
            (
                r#""from":"push-back""#,
                r#""from":"pushing","was":"push-back>arrive""#,
            ),
        ],
        &["behaviour pushing: renamed from push-back"],
    );
    // What refers to a renamed record does not differ.
    check(
        &[
            (r#""key":"delay","#, r#""key":"lateness","was":"delay","#),
            ("delay * 2", "lateness * 2"),
        ],
        &["measure lateness: renamed from delay"],
    );
    check(
        &[(r#"person {"key":"a-lima","name":"Ana Lima"}"#, "")],
        &["person a-lima: retired"],
    );
}

#[test]
fn long_texts_stand_below_the_line_and_order_is_said_once() {
    let long = "Share of scheduled flights that arrive less than 15 minutes late; cancelled count as late.";
    check(
        &[("Share of flights.", long)],
        &[&format!(
            "measure on-time: definition changed\n  - Share of flights.\n  + {long}"
        )],
    );
    let trusted = r#"objective {"key":"trusted","name":"A trusted airline"}"#;
    check(
        &[
            (trusted, ""),
            ("initiative {", &format!("{trusted}\n initiative {{")),
        ],
        &["order of objectives changed"],
    );
}

#[test]
fn programs_read_the_same_as_people() {
    let changed = PLAN.replace("0.78", "0.8");
    let differences = diff(&model(PLAN), &model(&changed));
    assert_eq!(
        differences[0].to_tree().to_json(),
        r#"{"kind":"target","key":"on-time@ewr","change":"changed","path":"points[2013-W40].value","before":0.78,"after":0.8,"words":"target of on-time for ewr, 2013-W40: 0.78 -> 0.80"}"#
    );
}

proptest! {
    #[test]
    fn there_is_a_difference_exactly_where_records_differ(kept in prop::collection::vec(any::<bool>(), 14)) {
        let all = records(PLAN);
        let before = Model::of(all.iter().cloned().map(Change::Put));
        let some = all.iter().zip(&kept).filter(|(_, kept)| **kept).map(|(record, _)| record.clone());
        let after = Model::of(some.map(Change::Put));
        let gone = kept.iter().filter(|kept| !**kept).count();
        prop_assert_eq!(diff(&before, &after).len(), gone);
        prop_assert_eq!(diff(&after, &before).len(), gone);
        prop_assert_eq!(diff(&after, &after), vec![]);
    }
}
