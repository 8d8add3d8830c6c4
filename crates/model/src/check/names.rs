//! Keys are unique: in each kind, and across the three kinds that a link can name.

use std::collections::BTreeMap;

use throughline_core::finding::{Finding, Place};

use crate::kind::Kind;
use crate::model::Model;

pub(super) fn check(model: &Model, findings: &mut Vec<Finding>) {
    let mut nodes: BTreeMap<String, Kind> = BTreeMap::new();
    for kind in Kind::written() {
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        for record in model.records(kind) {
            let key = record.key(model);
            let place = Place::record(kind.word(), key.clone());
            *seen.entry(key.clone()).or_default() += 1;
            match seen.get(&key) {
                Some(1) => {}
                _ => findings.push(twice(kind, &key).at(place.clone())),
            }
            if !Kind::NODES.contains(&kind) {
                continue;
            }
            match nodes.get(&key) {
                Some(other) if *other != kind => {
                    let message = format!(
                        "`{key}` is the key of an {other} too, so that a link could not tell them apart"
                    );
                    let finding = Finding::error("duplicate-key", message)
                        .at(place.field("key"))
                        .with_help("give one of them another key; `was` keeps its history");
                    findings.push(finding);
                }
                _ => {
                    nodes.insert(key, kind);
                }
            }
        }
    }
}

fn twice(kind: Kind, key: &str) -> Finding {
    let (message, help) = match kind {
        Kind::Target => (
            "this measure has a second target for the same unit".to_string(),
            "put all points into one target",
        ),
        Kind::Link => (
            "there is a second link between the same two".to_string(),
            "keep the one that is believed",
        ),
        _ => (
            format!("there is a second {kind} with the key `{key}`"),
            "give one of them another key; `was` keeps its history",
        ),
    };
    Finding::error("duplicate-key", message).with_help(help)
}
