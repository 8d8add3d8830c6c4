//! A plan to which no lint has anything to say, and what each change to it brings up.

mod targets;

use proptest::prelude::*;
use throughline_core::finding::Finding;

use super::{LINTS, document, explain, lint};
use crate::check::check;
use crate::model::Change;
use crate::testing::{model, records};

const PLAN: &str = r#"
    organisation {"key":"h","name":"Harbour","time_zone":"UTC"}
    unit {"key":"all","name":"All"}
    unit {"key":"ewr","name":"Newark","parent":"all"}
    unit {"key":"jfk","name":"Kennedy","parent":"all"}
    person {"key":"o","name":"Olga","unit":"all","level":"executive"}
    person {"key":"s","name":"Sam","unit":"ewr","level":"manager"}
    person {"key":"v","name":"Vera","unit":"all","level":"manager"}
    strategy {"key":"to-2017","name":"To 2017","from":2013,"to":2017}
    perspective {"key":"money","name":"Money"}
    perspective {"key":"customers","name":"Customers"}
    perspective {"key":"process","name":"Process"}
    objective {"key":"cheap","name":"Cheap","perspective":"money","owner":"o","measures":["cost"],"due":2017}
    objective {"key":"arrive","name":"Arrive","perspective":"customers","owner":"o","measures":["on-time"],"due":"2016-Q4"}
    objective {"key":"start","name":"Start","perspective":"process","owner":"s","supports":["arrive"],"measures":["push"],"due":2014}
    initiative {"key":"wave","name":"Wave","serves":["start"],"owner":"s","from":"2013-03-01","to":"2013-10-31","milestones":[{"name":"Plan","due":"2013-04-15"}]}
    outcome {"key":"leave","name":"Leave","owner":"s","measures":["departure"]}
    behaviour {"key":"push-back","name":"Push back","level":"frontline","measures":["push"]}
    link {"from":"push-back","to":"leave","effect":"raises","lag":"0 weeks","why":"It is last.","review_by":"2013-12-31"}
    link {"from":"leave","to":"arrive","effect":"raises","lag":"0 weeks","why":"It follows.","review_by":"2013-12-31"}
    link {"from":"leave","to":"cheap","effect":"raises","lag":"1 week","why":"It costs.","review_by":"2013-12-31"}
    measure {"key":"cost","name":"Cost","kind":"sum","better":"lower","frequency":"month","indicator":"lagging","financial":true,"owner":"o","steward":"s","validator":"v"}
    measure {"key":"on-time","name":"On time","kind":"ratio","better":"higher","frequency":"week","indicator":"lagging","owner":"o","steward":"s","validator":"v"}
    measure {"key":"departure","name":"Departure","kind":"ratio","better":"higher","frequency":"week","indicator":"lagging","owner":"o","steward":"s","validator":"v"}
    measure {"key":"push","name":"Push","kind":"ratio","better":"higher","frequency":"week","indicator":"leading","owner":"s","steward":"s","validator":"v"}
    target {"measure":"on-time","unit":"all","points":[{"period":"2013-W52","value":0.76},{"period":"2017-W52","value":0.85}],"joined":"line"}
    target {"measure":"cost","unit":"all","points":[{"period":"2013-01","value":100},{"period":"2014-01","value":90}]}
    target {"measure":"cost","unit":"ewr","points":[{"period":"2013-01","value":60},{"period":"2014-01","value":50}]}
    target {"measure":"cost","unit":"jfk","points":[{"period":"2013-01","value":40},{"period":"2014-01","value":40}]}
"#;

fn said(findings: &[Finding]) -> Vec<String> {
    let said = findings.iter().map(|finding| {
        let place = finding
            .place
            .as_ref()
            .map_or("plan".to_string(), ToString::to_string);
        format!("{} {place}", finding.code)
    });
    said.collect()
}

fn edited(edits: &[(&str, &str)]) -> String {
    edits.iter().fold(PLAN.to_string(), |plan, (old, new)| {
        assert!(plan.contains(old), "{old}");
        plan.replace(old, new)
    })
}

/// Changes the plan, and compares what is found.
fn check_lints(edits: &[(&str, &str)], expected: &[&str]) {
    let plan = model(&edited(edits));
    assert_eq!(said(&lint(&plan)), expected, "{edits:?}");
}

#[test]
fn a_good_plan_passes() {
    check_lints(&[], &[]);
    assert_eq!(check(&model(PLAN)), []);
}

#[test]
fn objectives_and_the_map() {
    check_lints(
        &[(r#""measures":["cost"],"#, "")],
        &[
            "objective-without-measure objective cheap",
            "perspectives-out-of-balance perspective money",
            "measure-used-nowhere measure cost",
        ],
    );
    // An objective may be measured by what supports it.
    check_lints(
        &[(r#""measures":["on-time"],"#, "")],
        &[
            "perspectives-out-of-balance perspective customers",
            "measure-used-nowhere measure on-time",
        ],
    );
    check_lints(
        &[(r#""frontline","measures":["push"]"#, r#""frontline""#)],
        &[
            "lagging-without-leading objective cheap, measures",
            "lagging-without-leading outcome leave, measures",
            "behaviour-without-measure behaviour push-back",
        ],
    );
    check_lints(
        &[(
            r#"link {"from":"push-back","to":"leave""#,
            r#"link {"from":"push-back","to":"start""#,
        )],
        &[
            "lagging-without-leading objective cheap, measures",
            "lagging-without-leading outcome leave, measures",
        ],
    );
    check_lints(
        &[(
            r#"link {"from":"push-back","to":"leave""#,
            r#"link {"from":"start","to":"leave""#,
        )],
        &["behaviour-leads-nowhere behaviour push-back"],
    );
    check_lints(
        &[
            (
                r#"{"from":"leave","to":"arrive""#,
                r#"{"from":"arrive","to":"start""#,
            ),
            (
                r#"{"from":"leave","to":"cheap""#,
                r#"{"from":"start","to":"leave""#,
            ),
        ],
        &[
            "lagging-without-leading objective cheap, measures",
            "outcome-leads-nowhere outcome leave",
        ],
    );
    check_lints(
        &[(
            r#""lag":"1 week","why":"It costs.","review_by":"2013-12-31""#,
            r#""strength":"weak""#,
        )],
        &[
            "link-without-rationale link leave>cheap",
            "link-without-lag link leave>cheap",
            "link-without-review link leave>cheap",
        ],
    );
    check_lints(
        &[(
            r#""from":"leave","to":"cheap""#,
            r#""from":"arrive","to":"leave""#,
        )],
        &[
            "lagging-without-leading objective cheap, measures",
            "link-cycle link arrive>leave",
        ],
    );
}

#[test]
fn measures_have_people() {
    check_lints(
        &[(
            r#""financial":true,"owner":"o","steward":"s","validator":"v""#,
            r#""financial":true"#,
        )],
        &[
            "measure-without-owner measure cost",
            "measure-without-steward measure cost",
            "measure-without-validator measure cost",
        ],
    );
    check_lints(
        &[(
            r#""financial":true,"owner":"o""#,
            r#""financial":true,"owner":"v""#,
        )],
        &["owner-validates measure cost, validator"],
    );
    check_lints(
        &[
            (
                r#","unit":"all","level":"manager""#,
                r#","unit":"ewr","level":"manager""#,
            ),
            (
                r#","unit":"all","level":"executive""#,
                r#","unit":"ewr","level":"executive""#,
            ),
        ],
        &["unit-without-people unit jfk"],
    );
    check_lints(
        &[(
            "unit {\"key\":\"jfk\"",
            "unit {\"key\":\"far\",\"name\":\"Far\"}\n unit {\"key\":\"jfk\"",
        )],
        &[
            "several-topmost-units unit far, parent",
            "unit-without-people unit far",
        ],
    );
    check_lints(
        &[
            (r#""serves":["start"],"owner":"s","#, ""),
            (r#","milestones":[{"name":"Plan","due":"2013-04-15"}]"#, ""),
        ],
        &[
            "initiative-serves-nothing initiative wave",
            "initiative-without-owner initiative wave",
            "initiative-without-milestones initiative wave",
        ],
    );
}

#[test]
fn seven_measures_are_enough() {
    let more = |count: usize| {
        let measures: String = (0..count).map(|number| format!(
            "measure {{\"key\":\"m{number}\",\"name\":\"M\",\"kind\":\"sum\",\"frequency\":\"week\",\"indicator\":\"leading\",\"owner\":\"s\",\"steward\":\"o\",\"validator\":\"v\"}}\n"
        )).collect();
        let used: Vec<String> = (0..count).map(|number| format!("\"m{number}\"")).collect();
        edited(&[
            (
                "measure {\"key\":\"cost\"",
                &format!("{measures}measure {{\"key\":\"cost\""),
            ),
            (
                r#""frontline","measures":["push""#,
                &format!(r#""frontline","measures":["push",{}"#, used.join(",")),
            ),
        ])
    };
    assert_eq!(said(&lint(&model(&more(6)))), [""; 0]);
    let found = lint(&model(&more(7)));
    assert_eq!(said(&found), ["too-many-measures unit ewr"]);
    assert_eq!(
        found[0].message,
        "8 measures are for the level frontline of this unit, more than 7: m0, m1, m2, m3, m4, m5, m6, push"
    );
}

#[test]
fn targets_and_dates() {
    check_lints(
        &[(r#","due":"2016-Q4""#, "")],
        &["objective-without-due objective arrive"],
    );
    check_lints(
        &[(
            r#",{"period":"2017-W52","value":0.85}],"joined":"line""#,
            "]",
        )],
        &["target-without-end target on-time@all, points"],
    );
    check_lints(
        &[
            (r#""due":"2016-Q4""#, r#""due":2018"#),
            ("2013-04-15", "2012-04-15"),
            ("2017-W52", "2018-W01"),
        ],
        &[
            "outside-horizon objective arrive, due",
            "outside-horizon initiative wave, milestones[0].due",
            "outside-horizon target on-time@all, points[1].period",
        ],
    );
    check_lints(
        &[(
            r#"strategy {"key":"to-2017","name":"To 2017","from":2013,"to":2017}"#,
            "",
        )],
        &["no-strategy plan"],
    );
}

#[test]
fn a_plan_has_one_topmost_unit() {
    let orphan = (
        r#""key":"jfk","name":"Kennedy","parent":"all""#,
        r#""key":"jfk","name":"Kennedy""#,
    );
    let found = lint(&model(&edited(&[orphan])));
    let meant: Vec<String> = said(&found)
        .into_iter()
        .filter(|one| one.starts_with("several-topmost-units"))
        .collect();
    assert_eq!(meant, ["several-topmost-units unit jfk, parent"]);
    let closed = (
        r#""key":"jfk","name":"Kennedy","parent":"all""#,
        r#""key":"jfk","name":"Kennedy","to":"2013-12-31""#,
    );
    let found = lint(&model(&edited(&[closed])));
    assert!(
        said(&found)
            .iter()
            .all(|one| !one.starts_with("several-topmost-units"))
    );
}

#[test]
fn perspectives_are_in_balance() {
    check_lints(
        &[(
            "perspective {\"key\":\"process\"",
            "perspective {\"key\":\"people\",\"name\":\"People\"}\n perspective {\"key\":\"process\"",
        )],
        &["perspective-without-objective perspective people"],
    );
    check_lints(
        &[(r#""perspective":"process""#, r#""perspective":"customers""#)],
        &[
            "perspective-without-objective perspective process",
            "perspectives-out-of-balance perspective customers",
        ],
    );
    check_lints(
        &[
            (
                r#""indicator":"leading","#,
                r#""indicator":"leading","financial":true,"#,
            ),
            (
                r#""indicator":"lagging","owner""#,
                r#""indicator":"lagging","financial":true,"owner""#,
            ),
        ],
        &["nothing-non-financial plan"],
    );
}

#[test]
fn lints_are_silenced_with_a_reason() {
    let due = (r#","due":"2016-Q4""#, "");
    let at_record = (
        r#""key":"arrive","#,
        r#""key":"arrive","silences":[{"lint":"objective-without-due","reason":"It always holds."}],"#,
    );
    let at_plan = (
        r#""time_zone":"UTC""#,
        r#""time_zone":"UTC","silences":[{"lint":"objective-without-due","reason":"We do not date."}]"#,
    );
    check_lints(&[due, at_record], &[]);
    check_lints(&[due, at_plan], &[]);
    check_lints(
        &[at_record],
        &["silence-without-effect objective arrive, silences[0]"],
    );
    check_lints(
        &[at_plan],
        &["silence-without-effect organisation h, silences[0]"],
    );
    let misspelt = (
        r#""key":"arrive","#,
        r#""key":"arrive","silences":[{"lint":"objective-without-du","reason":"It always holds."}],"#,
    );
    let found = lint(&model(&edited(&[misspelt])));
    assert_eq!(
        said(&found),
        ["unknown-lint objective arrive, silences[0].lint"]
    );
    assert_eq!(
        found[0].help.as_deref(),
        Some("did you mean `objective-without-due`?")
    );
}

#[test]
fn every_lint_has_its_own_code_and_a_reason() {
    let mut codes: Vec<&str> = LINTS.iter().map(|lint| lint.code).collect();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), LINTS.len());
    for lint in &LINTS {
        assert!(
            lint.code
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte == b'-'),
            "{}",
            lint.code
        );
        assert!(
            lint.reason.ends_with('.') && !lint.title.ends_with('.'),
            "{}",
            lint.code
        );
        assert!(explain(lint.code).is_some_and(|found| found.title == lint.title));
        assert!(document().contains(lint.reason));
    }
}

proptest! {
    /// Whatever is missing from a plan, the lints go on, and find only warnings.
    #[test]
    fn whatever_is_retired_the_lints_go_on(kept in prop::collection::vec(any::<bool>(), 29)) {
        let gone = records(PLAN).into_iter().zip(&kept).filter(|(_, kept)| !**kept)
            .map(|(record, _)| Change::Retire(record.kind(), record.id()));
        let plan = model(PLAN).with(gone);
        let _ = check(&plan);
        prop_assert!(lint(&plan).iter().all(|finding| explain(finding.code).is_some()));
    }
}

#[test]
fn a_judged_share_says_how_great_it_can_be() {
    let push = r#""name":"Push","kind":"ratio""#;
    let with = |more: &str| format!(r#"{push},"shown_as":"%"{more}"#);
    check_lints(
        &[(push, &with(""))],
        &["share-without-greatest measure push"],
    );
    check_lints(&[(push, &with(r#","greatest":1.5"#))], &[]);
    let for_information = r#""key":"push","name":"Push","kind":"ratio","better":"higher""#;
    let shown = r#""key":"push","name":"Push","kind":"ratio","shown_as":"%""#;
    check_lints(&[(for_information, shown)], &[]);
}
