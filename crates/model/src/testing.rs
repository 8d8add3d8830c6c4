//! Builds small plans for the tests of this room from the text of their records.

use throughline_core::calendar::Calendar;
use uuid::Uuid;

use crate::kind::Kind;
use crate::model::{Change, Model};
use crate::records::AnyRecord;
use crate::tree::Tree;
use crate::value::KeyBook;

/// The records of a plan, one a line, as `kind {json}`. Equal kinds and keys have equal ids; `was` keeps the id of another key.
pub(crate) fn records(text: &str) -> Vec<AnyRecord> {
    let mut lines = Vec::new();
    let mut book = KeyBook::new(calendar(text));
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (word, json) = line.split_once(' ').expect("a kind and a record");
        let kind = Kind::from_word(word).expect("a kind");
        let mut tree = Tree::from_json(json).expect("JSON");
        let key = name_of(kind, &tree);
        let id = match tree.get("was").and_then(Tree::scalar) {
            Some(was) => id(kind, was),
            None => id(kind, &key),
        };
        if let Tree::Map(entries) = &mut tree {
            entries.retain(|(name, _)| name != "was");
        }
        book.enter(kind, key.clone(), id);
        lines.push((kind, key, id, tree));
    }
    let mut findings = Vec::new();
    let mut found = Vec::new();
    for (position, (kind, key, id, tree)) in lines.iter().enumerate() {
        let record = AnyRecord::read(*kind, key, tree, &book, &mut findings);
        assert_eq!(findings, [], "{key}");
        found.push(
            record
                .expect("a record")
                .with_identity(*id, position as f64),
        );
    }
    found
}

/// The calendar of the organisation of a plan that begins with one.
fn calendar(text: &str) -> Calendar {
    let json = text
        .trim_start()
        .strip_prefix("organisation ")
        .and_then(|rest| rest.lines().next());
    let tree = json.map(|json| Tree::from_json(json).expect("JSON"));
    let none = KeyBook::default();
    let read = |tree| AnyRecord::read(Kind::Organisation, "", &tree, &none, &mut Vec::new());
    match tree.and_then(read) {
        Some(AnyRecord::Organisation(organisation)) => organisation.calendar(),
        _ => Calendar::default(),
    }
}

/// The plan of those records.
pub(crate) fn model(text: &str) -> Model {
    Model::of(records(text).into_iter().map(Change::Put))
}

/// The id of a record in these plans.
pub(crate) fn id(kind: Kind, key: &str) -> Uuid {
    let hash = key.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    Uuid::from_u64_pair(kind as u64 + 1, hash)
}

fn name_of(kind: Kind, tree: &Tree) -> String {
    let scalar = |name: &str| tree.get(name).and_then(Tree::scalar).unwrap_or_default();
    match kind {
        Kind::Link => format!("{}>{}", scalar("from"), scalar("to")),
        Kind::Target => format!("{}@{}", scalar("measure"), scalar("unit")),
        _ => scalar("key").to_string(),
    }
}
