//! Keys are unique: in each kind, and across the three kinds that a link can name. Names can be seen as they are.

use std::collections::BTreeMap;

use throughline_core::finding::{Finding, Place};

use super::place;
use crate::kind::Kind;
use crate::model::Model;
use crate::text::is_control;

/// Names are of one line, and what stands in them can be seen: they are shown where a character could steer what shows them.
/// A name that the plan before has already stands, so that nothing else has to wait until it is mended.
pub(super) fn unseen(before: &Model, model: &Model, findings: &mut Vec<Finding>) {
    macro_rules! check {
        ($($table:ident),*) => {$(for entry in model.$table() {
            if let Some(character) = unseen_in(&entry.name) {
                let stood = before.$table().get(entry.id());
                let stands = stood.is_some_and(|stood| stood.name == entry.name);
                findings.push(found(character, stands).at(place(model, entry).field("name")));
            }
        })*};
    }
    check!(
        organisations,
        units,
        people,
        strategies,
        perspectives,
        themes,
        objectives,
        initiatives,
        outcomes,
        behaviours,
        measures,
        bodies
    );
    for initiative in model.initiatives() {
        for (index, milestone) in initiative.milestones.iter().enumerate() {
            let Some(character) = unseen_in(&milestone.name) else {
                continue;
            };
            let stood = before.initiatives().get(initiative.id());
            let mut stood = stood.iter().flat_map(|stood| &stood.milestones);
            let stands = stood.any(|stood| stood.name == milestone.name);
            let at = place(model, initiative).field("milestones").index(index);
            findings.push(found(character, stands).at(at.field("name")));
        }
    }
}

/// The first character of a name that cannot be seen; the end of a line is none where it ends the name.
fn unseen_in(name: &str) -> Option<char> {
    name.trim_end().chars().find(|one| is_unseen(*one))
}

fn found(character: char, stands: bool) -> Finding {
    let code = u32::from(character);
    let message = format!("the name holds a character that cannot be seen, U+{code:04X}");
    match stands {
        true => Finding::warning("control-character", message)
            .with_help("write the name anew without it, in its form or in a plan folder"),
        false => {
            Finding::error("control-character", message).with_help("write the name without it")
        }
    }
}

/// Characters that have no place in a name, as nobody sees that they are there: those that steer what shows them, and those that
/// Unicode has programs leave out (default ignorable) or that mark a text for programs. Joiners, selectors of variants and what
/// Mongolian is written with stay: whoever reads the script sees what they do.
#[must_use]
pub fn is_unseen(character: char) -> bool {
    is_control(character)
        || matches!(character,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e00ff}' | '\u{e01f0}'..='\u{e0fff}')
}

pub(super) fn keys(model: &Model, findings: &mut Vec<Finding>) {
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
    use throughline_core::finding::Severity;

    use super::*;
    use crate::testing::model;

    #[test]
    fn names_hold_what_can_be_seen() {
        let model = model(
            r#"unit {"key":"a","name":"A\u001b[31m"}
            measure {"key":"m","name":"Sales\u202ex","kind":"sum","frequency":"month"}
            outcome {"key":"o","name":"Line\nbreak"}
            theme {"key":"t","name":"Ends with one\n"}
            body {"key":"b","name":"Soft\u00adly"}
            strategy {"key":"s","name":"To\u200b","from":2013,"to":2017}
            initiative {"key":"i","name":"I","serves":["p"],"milestones":[{"name":"\ufeffPlan","due":"2013-04-15"}]}
            objective {"key":"p","name":"\u067e\u0631\u0648\u0698\u0647\u200c\u0647\u0627 \u2764\ufe0f"}"#,
        );
        let mut findings = Vec::new();
        unseen(&Model::default(), &model, &mut findings);
        assert!(findings.iter().all(|one| one.severity == Severity::Error));
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
            ("strategy s", "200B"),
            ("outcome o", "000A"),
            ("measure m", "202E"),
            ("body b", "00AD"),
        ];
        let mut expected: Vec<String> = expected
            .map(|(of, code)| format!("control-character {of}, name: {message}{code}"))
            .to_vec();
        expected.push(format!(
            "control-character initiative i, milestones[0].name: {message}FEFF"
        ));
        assert_eq!(said.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn what_nobody_sees_is_in_no_name() {
        let hidden = "\u{0}\u{1b}\u{7f}\u{85}\u{ad}\u{34f}\u{61c}\u{115f}\u{1160}\u{17b4}\u{200b}\u{200e}\u{200f}\u{2028}\u{202a}\u{202e}\u{2060}\u{2064}\u{2066}\u{206f}\u{3164}\u{feff}\u{ffa0}\u{fff9}\u{1d173}\u{e0001}\u{e0041}";
        for character in hidden.chars() {
            assert!(is_unseen(character), "{character:?}");
        }
        // With joiners Persian and the languages of India are written, with selectors of variants names in Japanese.
        let seen = " a\u{a0}é\u{301}\u{200c}\u{200d}\u{180b}\u{180e}\u{2011}\u{202f}\u{3000}\u{fe0f}\u{e0100}\u{1f6eb}";
        for character in seen.chars() {
            assert!(!is_unseen(character), "{character:?}");
        }
    }

    #[test]
    fn a_name_that_stands_asks_for_a_second_look_and_one_that_comes_is_refused() {
        let check = |before: &str, after: &str, expected: Severity| {
            let of = |name: &str| {
                model(&format!(
                    r#"measure {{"key":"m","name":"{name}","kind":"sum","frequency":"month"}}"#
                ))
            };
            let mut findings = Vec::new();
            unseen(&of(before), &of(after), &mut findings);
            let severities = findings.iter().map(|finding| finding.severity);
            assert_eq!(
                severities.collect::<Vec<_>>(),
                [expected],
                "{before} {after}"
            );
            assert!(findings[0].help.is_some());
        };
        check("A\\u0007b", "A\\u0007b", Severity::Warning);
        check("A", "A\\u0007b", Severity::Error);
        check("B\\u001b", "A\\u0007b", Severity::Error);
    }
}
