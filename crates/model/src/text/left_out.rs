//! Fields that a folder leaves out because its reader may not see them: `left_out: { people: [email] }`.
//!
//! A field that is named there and is not in a record is not empty: it stays what it is. So a plan can be read, edited
//! and applied by somebody who does not see all of it.

use std::collections::{BTreeMap, BTreeSet};

use throughline_core::finding::{Finding, nearest};

use super::node::{Content, Entry};
use crate::kind::Kind;

/// The fields that are left out, by kind.
pub type LeftOut = BTreeMap<Kind, BTreeSet<&'static str>>;

/// The line of a file that says what is left out; nothing if that is nothing.
pub(super) fn line(left_out: &LeftOut) -> String {
    if left_out.is_empty() {
        return String::new();
    }
    let kinds = left_out.iter().map(|(kind, fields)| {
        let fields: Vec<&str> = fields.iter().copied().collect();
        format!("{}: [{}]", kind.section(), fields.join(", "))
    });
    let kinds: Vec<String> = kinds.collect();
    format!("left_out: {{ {} }}\n", kinds.join(", "))
}

/// What a file says is left out.
pub(super) fn read(entry: &Entry) -> Result<LeftOut, Box<Finding>> {
    let Content::Map(sections) = &entry.value.content else {
        return Err(wrong("`left_out` names the fields that are left out"));
    };
    let mut left_out = LeftOut::new();
    for section in sections {
        let kind = Kind::written()
            .find(|kind| kind.section() == section.name)
            .ok_or_else(|| {
                let message = format!("`{}` is not a section of a plan", section.name);
                let near = nearest(&section.name, Kind::written().map(Kind::section));
                Box::new(Finding::error("bad-left-out", message).with_nearest(near))
            })?;
        let Content::List(fields) = &section.value.content else {
            return Err(wrong("the fields that are left out are a list"));
        };
        for field in fields {
            let name = field.scalar().unwrap_or_default();
            left_out
                .entry(kind)
                .or_default()
                .insert(optional_field(kind, name)?);
        }
    }
    Ok(left_out)
}

/// The field of that name, which records need not have.
fn optional_field(kind: Kind, name: &str) -> Result<&'static str, Box<Finding>> {
    let fields = kind.fields();
    let mut optional = fields.iter().filter(|field| !field.required);
    if let Some(field) = optional.clone().find(|field| field.name == name) {
        return Ok(field.name);
    }
    let message = format!("`{name}` is no field that a {kind} can be without");
    let near = nearest(name, optional.by_ref().map(|field| field.name));
    Err(Box::new(
        Finding::error("bad-left-out", message).with_nearest(near),
    ))
}

fn wrong(message: &str) -> Box<Finding> {
    Box::new(
        Finding::error("bad-left-out", message)
            .with_help("write it as `left_out: { people: [email] }`"),
    )
}
