//! Where lines lead, on small plans written as text.

use throughline_core::SequentialIds;
use throughline_model::text::{PlanFile, read};
use throughline_model::value::Resolver;
use throughline_model::{Change, Kind, Model};

use super::*;
use crate::testing;

const ORGANISATION: &str = "\
organisation: { key: o, name: O, time_zone: UTC }
units: [{ key: top, name: Top }]
people: [{ key: p, name: P, level: frontline }, { key: q, name: Q }]
";

const STRATEGY: &str = "\
strategy: { key: s, name: S, from: 2013, to: 2017 }
objectives:
  - { key: promise, name: Promise, owner: q }
  - { key: morning, name: Morning, supports: [{ objective: promise, weight: 2 }] }
  - { key: crews, name: Crews, supports: [promise, { objective: morning, weight: 3 }], measures: [briefings] }
outcomes: [{ key: punctual, name: Punctual }, { key: calm, name: Calm }]
behaviours: [{ key: push, name: Push }, { key: open, name: Open, measures: [pushes] }]
links:
  - { from: push, to: calm, effect: raises, strength: weak }
  - { from: push, to: punctual, effect: raises, strength: strong }
  - { from: open, to: punctual, effect: raises }
  - { from: punctual, to: promise, effect: raises, strength: moderate }
measures:
  - { key: pushes, name: Pushes, kind: sum, frequency: month, owner: q, steward: p }
  - { key: briefings, name: Briefings, kind: sum, frequency: month, validator: p }
  - { key: unused, name: Unused, kind: sum, frequency: month, owner: p }
";

fn model() -> Model {
    let (objectives, rest) = STRATEGY.split_at(STRATEGY.find("outcomes:").unwrap());
    let (map, measures) = rest.split_at(rest.find("measures:\n").unwrap());
    testing::model(&[
        ("organisation.yaml", ORGANISATION),
        ("strategy.yaml", objectives),
        ("map.yaml", map),
        ("measures.yaml", measures),
    ])
}

fn node(model: &Model, key: &str) -> NodeId {
    let found = model.resolve(&Kind::NODES, key);
    found
        .and_then(|(kind, id)| NodeId::new(kind, id))
        .unwrap_or_else(|| panic!("{key}"))
}

fn key(model: &Model, node: NodeId) -> String {
    model.key_of(node.kind(), node.uuid()).unwrap()
}

#[test]
fn a_line_follows_the_strongest_way() {
    let model = model();
    let check = |from: &str, expected: &str| {
        let steps = line_through(&model, node(&model, from)).into_iter();
        let told: Vec<String> = steps
            .map(|step| {
                let also: Vec<String> = step
                    .also
                    .iter()
                    .map(|tied| key(&model, tied.node))
                    .collect();
                if also.is_empty() {
                    key(&model, step.node)
                } else {
                    format!("{} ({})", key(&model, step.node), also.join(" "))
                }
            })
            .collect();
        assert_eq!(told.join(" > "), expected, "{from}");
    };
    check("push", "push (calm) > punctual > promise");
    // A belief whose strength is not stated is stronger than a weak one, and weaker than a strong one.
    check("punctual", "push (calm) > punctual > promise");
    check("calm", "push (punctual) > calm");
    check("crews", "crews (promise) > morning > promise");
    // What drives it comes before what supports it.
    check("promise", "push (calm) > punctual > promise");
    check("open", "open > punctual > promise");
}

#[test]
fn a_circle_ends_a_line() {
    let model = model();
    let text = "links: [{ from: calm, to: punctual, effect: raises }, { from: punctual, to: calm, effect: raises, strength: strong }]\n";
    let files = [PlanFile {
        path: "map.yaml".to_owned(),
        bytes: text.as_bytes().to_vec(),
    }];
    let reading = read(&files, &model, &model, &mut SequentialIds::new());
    let records = reading.plan.expect("a plan").records;
    let links = records.into_iter().filter(|one| one.kind() == Kind::Link);
    let model = model.with(links.map(Change::Put));
    let steps = line_through(&model, node(&model, "punctual"));
    let keys: Vec<String> = steps.iter().map(|step| key(&model, step.node)).collect();
    assert_eq!(keys.len(), 3, "{keys:?}");
}

#[test]
fn a_measure_leads_to_the_lowest_node_that_it_reads() {
    let model = model();
    let check = |person: &str, expected: &[(PartRole, &str)]| {
        let person = model.people().by_key(person).unwrap().id();
        let parts: Vec<(PartRole, String)> = measured_parts(&model, person)
            .iter()
            .map(|part| (part.role, key(&model, part.node)))
            .collect();
        let expected: Vec<(PartRole, String)> = expected
            .iter()
            .map(|(role, key)| (*role, (*key).to_owned()))
            .collect();
        assert_eq!(parts, expected);
    };
    check(
        "p",
        &[(PartRole::Collects, "open"), (PartRole::Checks, "crews")],
    );
    check("q", &[(PartRole::OwnsMeasure, "open")]);
    let q = model.people().by_key("q").unwrap().id();
    let owned: Vec<String> = owned_nodes(&model, q)
        .map(|node| key(&model, node))
        .collect();
    assert_eq!(owned, ["promise"]);
}
