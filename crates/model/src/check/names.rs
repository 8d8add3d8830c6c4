//! Keys are unique: in each kind, and across the three kinds that a link can name. Names can be seen as they are.

use std::collections::BTreeMap;

use throughline_core::finding::{Finding, Place};

use super::place;
use crate::kind::Kind;
use crate::model::Model;
use crate::text::is_control;

pub(super) fn check(model: &Model, findings: &mut Vec<Finding>) {
    keys(model, findings);
    names(model, findings);
}

/// Names are of one line, and what stands in them can be seen: they are shown where a character could steer what shows them.
fn names(model: &Model, findings: &mut Vec<Finding>) {
    macro_rules! check {
        ($($table:ident),*) => {$(for entry in model.$table() {
            let name = entry.name.trim_end().chars();
            if let Some(character) = name.into_iter().find(|one| is_control(*one)) {
                let code = u32::from(character);
                let message = format!("the name holds a character that cannot be seen, U+{code:04X}");
                let finding = Finding::error("control-character", message).with_help("write the name without it");
                findings.push(finding.at(place(model, entry).field("name")));
            }
        })*};
    }
    check!(
        organisations,
        units,
        people,
        perspectives,
        themes,
        objectives,
        initiatives,
        outcomes,
        behaviours,
        measures,
        bodies
    );
}

fn keys(model: &Model, findings: &mut Vec<Finding>) {
    let mut nodes: BTreeMap<String, Kind> = BTreeMap::new();
    for kind in Kind::written() {
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        for record in model.records(kind) {
            let key = record.key(model);
            let place_of = Place::record(kind.word(), key.clone());
            *seen.entry(key.clone()).or_default() += 1;
            match seen.get(&key) {
                Some(1) => {}
                _ => findings.push(twice(kind, &key).at(place_of.clone())),
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
                        .at(place_of.field("key"))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::model;

    #[test]
    fn names_hold_what_can_be_seen() {
        let model = model(
            r#"unit {"key":"a","name":"A\u001b[31m"}
            measure {"key":"m","name":"Sales\u202ex","kind":"sum","frequency":"month"}
            outcome {"key":"o","name":"Line\nbreak"}
            theme {"key":"t","name":"Ends with one\n"}"#,
        );
        let mut findings = Vec::new();
        check(&model, &mut findings);
        let said = findings.iter().map(|finding| {
            let place = finding.place.as_ref().map(ToString::to_string);
            format!(
                "{} {}: {}",
                finding.code,
                place.unwrap_or_default(),
                finding.message
            )
        });
        let message = "the name holds a character that cannot be seen, U+";
        let expected = [
            ("unit a", "001B"),
            ("outcome o", "000A"),
            ("measure m", "202E"),
        ];
        let expected =
            expected.map(|(of, code)| format!("control-character {of}, name: {message}{code}"));
        assert_eq!(said.collect::<Vec<_>>(), expected);
    }
}
