//! Folders of every age over ledgers that went on.

use proptest::prelude::*;

use super::{Folder, Proposal, propose};
use crate::diff::diff;
use crate::kind::Kind;
use crate::model::{Change, Model};
use crate::records::AnyRecord;
use crate::testing::{model, records};
use crate::value::Names;

const PLAN: &str = r#"
    unit {"key":"harbour","name":"Harbour Airports"}
    unit {"key":"ewr","name":"Newark","parent":"harbour"}
    person {"key":"r-okafor","name":"Ruth Okafor","unit":"harbour"}
    person {"key":"a-lima","name":"Ana Lima"}
    objective {"key":"arrive","name":"Flights arrive","owner":"r-okafor","measures":["on-time"],"due":2017}
    objective {"key":"leave","name":"Flights leave","measures":["on-time"]}
    measure {"key":"on-time","name":"On time","kind":"ratio","frequency":"week"}
    measure {"key":"delay","name":"Delay","kind":"mean","frequency":"week"}
    measure {"key":"cost","name":"Cost","kind":"sum","frequency":"week"}
    target {"measure":"on-time","unit":"ewr","points":[{"period":"2013-W40","value":0.78}],"baseline":{"period":2012,"value":0.7}}
"#;

type Edit = (&'static str, &'static str);

fn edited(edits: &[Edit]) -> String {
    edits.iter().fold(PLAN.to_string(), |plan, (old, new)| {
        assert!(plan.contains(old), "{old}");
        plan.replace(old, new)
    })
}

fn merged(head: &[Edit], folder: &[Edit], retire: bool) -> (Model, Proposal) {
    let (base, head) = (model(PLAN), model(&edited(head)));
    let records = records(&edited(folder));
    let folder = Folder {
        sections: &Kind::ALL.into(),
        records: &records,
        retire,
        wins: false,
    };
    let proposal = propose(&base, &head, folder);
    (head.with(proposal.changes.clone()), proposal)
}

/// Applies a folder with some edits to a ledger with others: the result is the plan with a third list of edits.
fn check(head: &[Edit], folder: &[Edit], expected: &[Edit]) {
    let (result, proposal) = merged(head, folder, true);
    let said: Vec<String> = proposal.conflicts.iter().map(ToString::to_string).collect();
    assert_eq!(said, [""; 0]);
    let said: Vec<String> = diff(&model(&edited(expected)), &result)
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(said, [""; 0]);
}

fn check_conflicts(head: &[Edit], folder: &[Edit], expected: &[&str]) {
    let (_, proposal) = merged(head, folder, true);
    let said: Vec<String> = proposal.conflicts.iter().map(ToString::to_string).collect();
    assert_eq!(said, expected);
}

const OWNER: Edit = (r#""owner":"r-okafor""#, r#""owner":"a-lima""#);
const NO_OWNER: Edit = (r#""owner":"r-okafor","#, "");
const DUE: Edit = (r#""due":2017"#, r#""due":2018"#);
const POINT: Edit = ("0.78", "0.8");
const OTHER_POINT: Edit = (
    r#""value":0.78}"#,
    r#""value":0.78},{"period":"2014-W40","value":0.85}"#,
);
const ADD_DELAY: Edit = (
    r#""measures":["on-time"],"due""#,
    r#""measures":["on-time",{"measure":"delay","weight":2}],"due""#,
);
const ADD_COST: Edit = (
    r#""measures":["on-time"],"due""#,
    r#""measures":["cost","on-time"],"due""#,
);
const NO_MEASURES: Edit = (r#""measures":["on-time"],"due""#, r#""due""#);
const WEIGHT: Edit = (
    r#""measures":["on-time"],"due""#,
    r#""measures":[{"measure":"on-time","weight":3}],"due""#,
);
const RETIRED: Edit = (
    r#"objective {"key":"leave","name":"Flights leave","measures":["on-time"]}"#,
    "",
);
const CHANGED: Edit = ("Flights leave", "Planes leave");
const ADDED: Edit = (
    "objective {\"key\":\"arrive\"",
    "objective {\"key\":\"new\",\"name\":\"New\"}\n objective {\"key\":\"arrive\"",
);
const BASELINE: Edit = (
    r#""period":2012,"value":0.7"#,
    r#""period":2011,"value":0.7"#,
);
const BASELINE_VALUE: Edit = (
    r#""period":2012,"value":0.7"#,
    r#""period":2012,"value":0.71"#,
);

#[test]
fn what_one_side_changed_is_taken_from_that_side() {
    check(&[], &[], &[]);
    check(&[OWNER], &[], &[OWNER]);
    check(&[], &[OWNER], &[OWNER]);
    check(&[OWNER], &[DUE], &[OWNER, DUE]);
    check(&[OWNER], &[OWNER], &[OWNER]);
    check(&[POINT], &[OWNER], &[POINT, OWNER]);
    check(
        &[BASELINE],
        &[BASELINE_VALUE],
        &[(
            r#""period":2012,"value":0.7"#,
            r#""period":2011,"value":0.71"#,
        )],
    );
}

#[test]
fn elements_of_lists_merge_by_their_keys() {
    check(&[POINT], &[OTHER_POINT], &[OTHER_POINT, POINT]);
    check(
        &[ADD_DELAY],
        &[ADD_COST],
        &[(
            r#""measures":["on-time"],"due""#,
            r#""measures":["cost","on-time",{"measure":"delay","weight":2}],"due""#,
        )],
    );
    check(
        &[ADD_DELAY],
        &[WEIGHT],
        &[(
            r#""measures":["on-time"],"due""#,
            r#""measures":[{"measure":"on-time","weight":3},{"measure":"delay","weight":2}],"due""#,
        )],
    );
    check(
        &[ADD_DELAY],
        &[NO_MEASURES],
        &[(
            r#""measures":["on-time"],"due""#,
            r#""measures":[{"measure":"delay","weight":2}],"due""#,
        )],
    );
}

#[test]
fn records_come_and_go() {
    check(&[RETIRED], &[], &[RETIRED]);
    check(&[], &[RETIRED], &[RETIRED]);
    check(&[ADDED], &[], &[ADDED]);
    check(&[], &[ADDED], &[ADDED]);
    check(&[ADDED], &[RETIRED], &[ADDED, RETIRED]);
    let (result, proposal) = merged(&[ADDED], &[RETIRED], false);
    assert_eq!(proposal.changes, []);
    let left_out: Vec<String> = proposal
        .left_out
        .iter()
        .map(|(kind, id)| result.name(&[*kind], *kind, *id))
        .collect();
    assert_eq!(left_out, ["leave"]);
}

#[test]
fn what_both_sides_changed_is_named() {
    check_conflicts(
        &[OWNER],
        &[NO_OWNER],
        &[
            "objective arrive: owner: the folder says nothing, the ledger says a-lima; at the base it was r-okafor",
        ],
    );
    check_conflicts(
        &[("0.78", "0.9")],
        &[POINT],
        &[
            "target of on-time for ewr, 2013-W40: the folder says 0.8, the ledger says 0.9; at the base it was 0.78",
        ],
    );
    check_conflicts(
        &[WEIGHT],
        &[NO_MEASURES],
        &[
            "objective arrive: measure on-time: the folder says nothing, the ledger says measure on-time, weight 3; at the base it was measure on-time",
        ],
    );
    check_conflicts(
        &[RETIRED],
        &[CHANGED],
        &["objective leave: changed in the folder, and retired in the ledger since the base"],
    );
    check_conflicts(
        &[CHANGED],
        &[RETIRED],
        &["objective leave: to be retired by the folder, and changed in the ledger since the base"],
    );
}

#[test]
fn a_folder_that_wins_takes_only_what_both_changed() {
    let (base, head) = (
        model(PLAN),
        model(&edited(&[OWNER, ("0.78", "0.9"), CHANGED])),
    );
    let records = records(&edited(&[NO_OWNER, POINT, DUE]));
    let folder = Folder {
        sections: &Kind::ALL.into(),
        records: &records,
        retire: true,
        wins: true,
    };
    let proposal = propose(&base, &head, folder);
    assert_eq!(proposal.conflicts, []);
    let result = head.with(proposal.changes);
    let wanted = model(&edited(&[NO_OWNER, POINT, DUE, CHANGED]));
    assert_eq!(diff(&wanted, &result), vec![]);
}

#[test]
fn a_retired_key_is_not_used_again() {
    let base = model(PLAN);
    let gone = Change::Retire(
        Kind::Objective,
        crate::testing::id(Kind::Objective, "leave"),
    );
    let head = base.with([gone]);
    let new = records(r#"objective {"key":"leave","was":"other","name":"Leave again"}"#);
    let folder = Folder {
        sections: &Kind::ALL.into(),
        records: &new,
        retire: false,
        wins: false,
    };
    let proposal = propose(&head, &head, folder);
    assert_eq!(
        proposal.conflicts[0].to_string(),
        "objective leave: it would take a key that another record has or had"
    );
}

#[test]
fn a_new_fiscal_year_leaves_the_text_of_periods_as_it_is() {
    let plan = |starts: &str, name: &str, value: &str| {
        format!(
            r#"organisation {{"key":"h","name":"H","time_zone":"UTC","fiscal_year_starts":"{starts}"}}
            unit {{"key":"u","name":"U"}}
            measure {{"key":"m","name":"{name}","kind":"sum","frequency":"month","better":"lower"}}
            target {{"measure":"m","unit":"u","points":[{{"period":"FY2017","value":{value}}}],"stretch":{name}}}"#
        )
        .replace(&format!(r#""name":"{name}""#), r#""name":"M""#)
    };
    let (base, head) = (
        model(&plan("january", "1", "10")),
        model(&plan("january", "2", "10")),
    );
    let in_folder = records(&plan("april", "1", "9"));
    let folder = Folder {
        sections: &Kind::ALL.into(),
        records: &in_folder,
        retire: true,
        wins: false,
    };
    let proposal = propose(&base, &head, folder);
    assert_eq!(proposal.conflicts, []);
    let target = |model: &Model| model.targets().iter().next().unwrap().record.clone();
    let wanted = model(&plan("april", "2", "9"));
    assert_eq!(target(&head.with(proposal.changes)), target(&wanted));
}

#[test]
fn a_section_that_is_absent_is_left_alone() {
    let base = model(PLAN);
    let folder = Folder {
        sections: &[Kind::Unit].into(),
        records: &records(PLAN)[..1],
        retire: true,
        wins: false,
    };
    let proposal = propose(&base, &base, folder);
    let retired: Vec<Kind> = proposal
        .changes
        .iter()
        .map(|change| change.identity().0)
        .collect();
    assert_eq!(retired, [Kind::Unit]);
}

/// Edits that do not touch each other.
const APART: [Edit; 8] = [
    OWNER,
    DUE,
    POINT,
    WEIGHT,
    CHANGED,
    (r#""name":"Newark""#, r#""name":"Newark Liberty""#),
    (r#""kind":"mean","#, r#""kind":"mean","better":"lower","#),
    ("Ruth Okafor", "Ruth O."),
];

fn chosen() -> impl Strategy<Value = Vec<bool>> {
    prop::collection::vec(any::<bool>(), APART.len())
}

fn pick(chosen: &[bool]) -> Vec<Edit> {
    let edits = APART.iter().zip(chosen).filter(|(_, chosen)| **chosen);
    edits.map(|(edit, _)| *edit).collect()
}

proptest! {
    #[test]
    fn edits_apart_from_each_other_commute(head in chosen(), folder in chosen()) {
        let (one, _) = merged(&pick(&head), &pick(&folder), true);
        let (other, _) = merged(&pick(&folder), &pick(&head), true);
        prop_assert_eq!(diff(&one, &other), vec![]);
        let both: Vec<bool> = head.iter().zip(&folder).map(|(a, b)| *a || *b).collect();
        prop_assert_eq!(diff(&one, &model(&edited(&pick(&both)))), vec![]);
    }

    #[test]
    fn a_folder_without_a_base_wins(
        head in chosen(), folder in chosen(), order in Just((0..10).collect::<Vec<u8>>()).prop_shuffle(),
    ) {
        let head = model(&edited(&pick(&head)));
        let in_folder: Vec<AnyRecord> = records(&edited(&pick(&folder))).into_iter().zip(&order)
            .map(|(record, position)| { let id = record.id(); record.with_identity(id, f64::from(*position)) })
            .collect();
        let proposal = propose(&head, &head, Folder { sections: &Kind::ALL.into(), records: &in_folder, retire: true, wins: false });
        let wanted = Model::of(in_folder.into_iter().map(Change::Put));
        prop_assert_eq!(diff(&head.with(proposal.changes), &wanted), vec![]);
    }

    #[test]
    fn an_export_that_nobody_changed_changes_nothing(head in chosen(), base in chosen(), shift in -5.0..5.0) {
        let base = model(&edited(&pick(&base)));
        let exported: Vec<_> = Kind::ALL.into_iter().flat_map(|kind| base.records(kind))
            .map(|record| { let (id, position) = (record.id(), record.position()); record.with_identity(id, position + shift) })
            .collect();
        let head = model(&edited(&pick(&head)));
        let proposal = propose(&base, &head, Folder { sections: &Kind::ALL.into(), records: &exported, retire: true, wins: false });
        prop_assert_eq!(proposal, Proposal::default());
    }
}
