//! Mappings that are kept for the file of next month: by the names of the files, among the workings of the ledger.
//!
//! Nothing that identifies a person is kept with them, so that whoever is erased is erased here, too: owners stand in the
//! plan by then.

use jiff::SignedDuration;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use throughline_ledger::{WORKING_LENGTH_LIMIT, Writer};
use throughline_workbook::Mapping;

use crate::policy::{ImportWorkbook, Object};
use crate::{AppError, Ctx};

/// Under which purpose they are kept among the workings, and the one key there.
const PURPOSE: &str = "imports";
const KEY: &str = "mappings";

/// How long they are kept: a yearly file finds that of the year before.
const KEPT_FOR: SignedDuration = SignedDuration::from_hours(24 * 400);

/// The most mappings that are kept; the oldest makes room.
const KEPT_MAX: usize = 10;

/// A mapping that was kept.
#[derive(Debug, Clone, PartialEq)]
pub struct KeptMapping {
    /// The name of the file that it was made for.
    pub name: String,
    /// The day on which that was imported.
    pub on: Date,
    /// How it was understood.
    pub mapping: Mapping,
}

impl KeptMapping {
    /// Whether a file is the next one of the same: names differ in digits, such as a month or a version, and marks.
    #[must_use]
    pub fn is_of(&self, name: &str) -> bool {
        letters(&self.name) == letters(name)
    }
}

fn letters(name: &str) -> String {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let letters = stem.chars().filter(|character| character.is_alphabetic());
    letters.flat_map(char::to_lowercase).collect()
}

/// One of them as it is stored.
#[derive(Clone, Serialize, Deserialize)]
struct Stored {
    name: String,
    on: String,
    mapping: Mapping,
}

/// The mappings that were kept, the newest first.
///
/// # Errors
/// [`AppError::Forbidden`]; if the ledger cannot be read.
pub async fn kept_mappings(ctx: &Ctx) -> Result<Vec<KeptMapping>, AppError> {
    let proof = ctx
        .authorize::<ImportWorkbook>(Object::Organisation)
        .await?;
    let Some(ledger) = ctx.ledger_if_any(&proof) else {
        return Ok(Vec::new());
    };
    let body = ledger.workings(PURPOSE).get(KEY).await?;
    let model = ctx.newest_model().await?;
    let kept = stored(body).into_iter().filter_map(|stored| {
        let mut mapping = stored.mapping;
        // Who answers for a measure is not kept: of one that is not in the plan any more all is guessed anew.
        mapping
            .measures
            .retain(|one| !one.read || model.measures().by_key(&one.key).is_some());
        Some(KeptMapping {
            name: stored.name,
            on: stored.on.parse().ok()?,
            mapping,
        })
    });
    Ok(kept.collect())
}

/// What an older program kept otherwise is as good as nothing: it is guessed anew.
fn stored(body: Option<Vec<u8>>) -> Vec<Stored> {
    let body = body.unwrap_or_default();
    serde_json::from_slice(&body).unwrap_or_default()
}

/// Keeps a mapping with the commits of the writer, in the place of that of the file before. One that is too long is not
/// kept.
pub(super) async fn keep(
    ctx: &Ctx,
    writer: &mut Writer,
    name: &str,
    on: Date,
    mapping: &Mapping,
) -> Result<(), AppError> {
    let mut mapping = mapping.clone();
    mapping.people.clear();
    // The next file is of another year, perhaps.
    mapping.year = None;
    for measure in &mut mapping.measures {
        measure.owner = None;
    }
    let newest = Stored {
        name: name.to_owned(),
        on: on.to_string(),
        mapping,
    };
    let others = stored(writer.working(PURPOSE, KEY).await?).into_iter();
    let others = others.filter(|stored| letters(&stored.name) != letters(name));
    let mut all: Vec<Stored> = std::iter::once(newest)
        .chain(others)
        .take(KEPT_MAX)
        .collect();
    let mut body = serde_json::to_vec(&all).unwrap_or_default();
    while body.len() > WORKING_LENGTH_LIMIT && all.pop().is_some() {
        body = serde_json::to_vec(&all).unwrap_or_default();
    }
    let expires_at = ctx.now().saturating_add(KEPT_FOR);
    let expires_at = expires_at.map_err(|error| AppError::failed("the clock is wrong", error))?;
    writer.put_working(PURPOSE, KEY, &body, expires_at).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_file_is_known_by_the_letters_of_its_name() {
        let kept = KeptMapping {
            name: "ops-kpis-v7.xlsx".to_owned(),
            on: Date::MIN,
            mapping: Mapping::default(),
        };
        for name in [
            "ops-kpis-v8.xlsx",
            "OPS KPIs v12 (2026).xlsx",
            "ops_kpis_v7.ods",
        ] {
            assert!(kept.is_of(name), "{name}");
        }
        for name in ["hr-kpis-v7.xlsx", "ops.xlsx"] {
            assert!(!kept.is_of(name), "{name}");
        }
    }
}
