//! A record as it is stored: canonical JSON with references by id, and what is personal sealed.

use std::collections::HashMap;
use std::sync::LazyLock;

use throughline_core::calendar::Calendar;
use throughline_core::id::PersonId;
use throughline_model::value::ById;
use throughline_model::{AnyRecord, Kind, Tree};
use uuid::Uuid;

use crate::error::{LedgerError, Result};
use crate::seal::{DataKey, Randomness, SealedPlace};

/// The name under which an erased person is shown.
pub const ERASED_NAME: &str = "Erased person";

/// The data keys that are at hand. A person who is not here is erased.
pub(crate) type DataKeys = HashMap<PersonId, DataKey>;

/// The fields of each kind that are sealed, by the kind's place in [`Kind::ALL`].
static SEALED_FIELDS: LazyLock<Vec<Vec<&'static str>>> = LazyLock::new(|| {
    let sealed = |kind: Kind| {
        let fields = kind.fields().into_iter();
        let personal = fields.filter(|field| field.sensitivity.is_sealed());
        personal.map(|field| field.name).collect()
    };
    Kind::ALL.into_iter().map(sealed).collect()
});

/// The fields of a kind that are sealed.
fn sealed_fields(kind: Kind) -> &'static [&'static str] {
    &SEALED_FIELDS[kind as usize]
}

/// Whether anything in a stored body is sealed.
pub(crate) fn has_sealed(body: &str) -> bool {
    body.contains("{\"sealed\":")
}

/// The person whom a record of that kind and id is about, if it has anything to seal.
pub(crate) fn subject(kind: Kind, id: Uuid) -> Option<PersonId> {
    (kind == Kind::Person).then(|| PersonId::from_uuid(id))
}

/// The stored body of a record. What is personal is left out where the person is erased.
pub(crate) fn write(
    record: &AnyRecord,
    calendar: &Calendar,
    keys: &DataKeys,
    randomness: &Randomness,
) -> String {
    let mut tree = record.write(&ById(calendar));
    let (kind, id) = (record.kind(), record.id());
    if let (Some(person), Tree::Map(entries)) = (subject(kind, id), &mut tree) {
        for (field, value) in entries {
            if sealed_fields(kind).contains(&field.as_str()) {
                let place = SealedPlace {
                    person,
                    kind,
                    record: id,
                    field,
                };
                *value = match keys.get(&person) {
                    Some(key) => key.seal(&place, value, randomness),
                    None => Tree::Map(vec![("erased".to_owned(), Tree::plain(true))]),
                };
            }
        }
    }
    tree.to_json()
}

/// The record with that identity whose body is stored.
///
/// # Errors
/// [`LedgerError::Corrupted`] if it does not read.
pub(crate) fn read(
    kind: Kind,
    id: Uuid,
    position: f64,
    body: &str,
    calendar: &Calendar,
    keys: &DataKeys,
) -> Result<AnyRecord> {
    let place = || format!("{kind} {id}");
    let mut tree = Tree::from_json(body)
        .map_err(|error| LedgerError::corrupted(place(), error.to_string()))?;
    if let (Some(person), Tree::Map(entries)) = (subject(kind, id), &mut tree) {
        open_fields(entries, kind, id, person, keys)?;
    }
    if !position.is_finite() {
        return Err(LedgerError::corrupted(place(), "its position is no number"));
    }
    let mut findings = Vec::new();
    let record = AnyRecord::read(kind, &id.to_string(), &tree, &ById(calendar), &mut findings);
    let record = record.ok_or_else(|| LedgerError::unreadable(kind, id, &findings))?;
    Ok(record.with_identity(id, position))
}

/// Puts back what is sealed, or what stands for it where the person is erased.
fn open_fields(
    entries: &mut Vec<(String, Tree)>,
    kind: Kind,
    id: Uuid,
    person: PersonId,
    keys: &DataKeys,
) -> Result<()> {
    let mut opened = Vec::with_capacity(entries.len());
    for (field, value) in entries.drain(..) {
        if !sealed_fields(kind).contains(&field.as_str()) {
            opened.push((field, value));
            continue;
        }
        let sealed = value.get("sealed").and_then(Tree::scalar);
        let value = match (sealed, keys.get(&person)) {
            (Some(sealed), Some(key)) => {
                let place = SealedPlace {
                    person,
                    kind,
                    record: id,
                    field: &field,
                };
                let plain = key.open(&place, sealed).ok_or_else(|| {
                    LedgerError::corrupted(
                        format!("{kind} {id}"),
                        format!("`{field}` does not open under the person's data key"),
                    )
                })?;
                Some(plain)
            }
            _ => erased_value(&field, id),
        };
        opened.extend(value.map(|value| (field, value)));
    }
    *entries = opened;
    Ok(())
}

/// What stands in a field of an erased person; nothing where the field can be empty.
fn erased_value(field: &str, id: Uuid) -> Option<Tree> {
    match field {
        "key" => Some(Tree::text(format!(
            "erased-{:08x}",
            id.as_u128() & 0xffff_ffff
        ))),
        "name" => Some(Tree::text(ERASED_NAME)),
        _ => None,
    }
}

/// The key that a stored record had, without reading the rest of it; `None` if it has none or is sealed for good.
pub(crate) fn key_of(kind: Kind, id: Uuid, body: &str, keys: &DataKeys) -> Option<String> {
    let tree = Tree::from_json(body).ok()?;
    let stored = tree.get("key")?;
    if let Some(key) = stored.scalar() {
        return Some(key.to_owned());
    }
    let person = subject(kind, id)?;
    let place = SealedPlace {
        person,
        kind,
        record: id,
        field: "key",
    };
    let sealed = stored.get("sealed").and_then(Tree::scalar)?;
    let key = keys.get(&person)?.open(&place, sealed)?;
    key.scalar().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A field that is declared personal on a kind of which we do not know whom it is about would be stored readable.
    #[test]
    fn every_kind_with_personal_fields_says_whom_it_is_about() {
        for kind in Kind::ALL {
            let is_about_somebody = subject(kind, Uuid::nil()).is_some();
            assert_eq!(!sealed_fields(kind).is_empty(), is_about_somebody, "{kind}");
        }
    }

    /// Whatever must be there of a person must be there of an erased one too.
    #[test]
    fn every_required_personal_field_has_something_that_stands_for_it() {
        for field in Kind::Person.fields().iter().filter(|field| field.required) {
            let stands_in = erased_value(field.name, Uuid::nil()).is_some();
            assert_eq!(field.sensitivity.is_sealed(), stands_in, "{}", field.name);
        }
    }
}
