//! Records by a part of their name, in one way for the page, the box and programs.

use throughline_core::UnitId;
use throughline_model::{Kind, Model};

use crate::policy::{Object, ReadPlan, ReadReadings};
use crate::{AppError, Ctx};

/// The longest text that is looked for, in characters.
pub const QUERY_LENGTH_MAX: usize = 200;

/// The kinds that are found, in the order in which they are told.
pub const FOUND_KINDS: [Kind; 7] = [
    Kind::Objective,
    Kind::Outcome,
    Kind::Behaviour,
    Kind::Measure,
    Kind::Initiative,
    Kind::Unit,
    Kind::Person,
];

/// A record that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundRecord {
    /// Its kind.
    pub kind: Kind,
    /// Its key.
    pub key: String,
    /// Its name.
    pub name: String,
}

/// The records whose names have every word of a text, or whose key it is, and after them those of which it is said by their
/// description: so many of them at most, by kind and in the order of the plan. A text without words finds nothing.
///
/// # Errors
/// If the actor may not read the plan, or there is no ledger.
pub async fn find(ctx: &Ctx, text: &str, most: usize) -> Result<Vec<FoundRecord>, AppError> {
    let proof = ctx.authorize::<ReadPlan>(Object::Organisation).await?;
    let model = ctx.plan_known(ctx.ledger(&proof)?, None).await?;
    let may_read = ctx.allows_at::<ReadReadings>().await?;
    let text: String = text.trim().chars().take(QUERY_LENGTH_MAX).collect();
    let words = Words::of(&text);
    let mut found = Vec::new();
    if words.0.is_empty() {
        return Ok(found);
    }
    let is_named = |record: &Named<'_>| words.are_in(record.name) || record.key == text;
    let is_told = |record: &Named<'_>| {
        let told = record.told.is_some_and(|told| words.are_in(told));
        told && !is_named(record)
    };
    let passes: [&dyn Fn(&Named<'_>) -> bool; 2] = [&is_named, &is_told];
    for is_meant in passes {
        for kind in FOUND_KINDS {
            each_named(&model, kind, |record| {
                let is_found = is_meant(&record) && !is_hidden(&model, kind, record.key, &may_read);
                if found.len() < most && is_found {
                    found.push(FoundRecord {
                        kind,
                        key: record.key.to_owned(),
                        name: record.name.to_owned(),
                    });
                }
                found.len() < most
            });
        }
    }
    Ok(found)
}

/// A record by what it is found by.
struct Named<'a> {
    key: &'a str,
    name: &'a str,
    /// Its description, where its kind has one.
    told: Option<&'a str>,
}

/// Whether it is a unit whose readings are not the actor's to see: a unit is shown by its readings.
fn is_hidden(model: &Model, kind: Kind, key: &str, may_read: impl Fn(UnitId) -> bool) -> bool {
    let unit = model.units().by_key(key).filter(|_| kind == Kind::Unit);
    unit.is_some_and(|unit| !may_read(unit.id()))
}

/// What is looked for: words, each of which a name has to have. `on time` finds `On-time arrivals`.
#[derive(Debug)]
pub struct Words(Vec<String>);

impl Words {
    /// The words of a text.
    #[must_use]
    pub fn of(query: &str) -> Words {
        let plain = query.to_lowercase().replace('-', " ");
        Words(plain.split_whitespace().map(str::to_owned).collect())
    }

    /// Whether a name has all of them.
    #[must_use]
    pub fn are_in(&self, name: &str) -> bool {
        if name.is_ascii() {
            // Tens of thousands of names are looked through for one answer, so none is copied.
            return self.0.iter().all(|word| has_word(name, word));
        }
        let name = name.to_lowercase().replace('-', " ");
        self.0.iter().all(|word| name.contains(word))
    }
}

/// Whether a name of ASCII letters has a word of small letters in it.
fn has_word(name: &str, word: &str) -> bool {
    let is_same = |(one, other): (&u8, &u8)| one.to_ascii_lowercase() == *other;
    let mut places = name.as_bytes().windows(word.len().max(1));
    word.is_empty() || places.any(|place| place.iter().zip(word.as_bytes()).all(is_same))
}

/// Calls for each record of a kind, in the order of the plan, as long as the answer is yes.
fn each_named(model: &Model, kind: Kind, mut call: impl FnMut(Named<'_>) -> bool) {
    macro_rules! each {
        ($records:expr $(, $description:ident)?) => {
            $records.iter().all(|one| {
                call(Named {
                    key: one.key.as_str(),
                    name: &one.name,
                    told: None$(.or(one.$description.as_ref().map(|told| told.0.as_str())))?,
                })
            })
        };
    }
    let _ = match kind {
        Kind::Objective => each!(model.objectives(), about),
        Kind::Outcome => each!(model.outcomes(), about),
        Kind::Behaviour => each!(model.behaviours(), about),
        Kind::Measure => each!(model.measures(), definition),
        Kind::Initiative => each!(model.initiatives(), expects),
        Kind::Unit => each!(model.units()),
        Kind::Person => each!(model.people()),
        _ => true,
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_has_to_be_in_a_name() {
        let check = |query: &str, name: &str, expected: bool| {
            assert_eq!(Words::of(query).are_in(name), expected, "{query} in {name}");
        };
        check("on time", "On-time arrivals", true);
        check("ON-TIME", "Arrivals on time", true);
        check("time on", "On-time arrivals", true);
        check("tame", "On-time arrivals", false);
        check("arrivals and more", "On-time arrivals", false);
        check("", "anything", true);
        check("überg", "Übergabe am Gate", true);
        check("é", "Cafe", false);
        check("a long word", "a", false);
    }
}
