//! The versions of a record, each with what it changed.

use throughline_ledger::{Ledger, PlanClock, VersionChange};
use throughline_model::diff::{Difference, diff_of_record};
use throughline_model::value::Resolver;
use throughline_model::{AnyRecord, Kind, Model};
use uuid::Uuid;

use super::{Told, told};
use crate::policy::{Object, ReadHistory};
use crate::{AppError, Ctx};

/// The versions of a record.
#[derive(Debug)]
pub struct RecordHistory {
    /// Its kind.
    pub kind: Kind,
    /// Its key; of a retired record the one that it had.
    pub key: String,
    /// Its versions, in the order in which they became known.
    pub versions: Vec<Version>,
}

/// A version of a record.
#[derive(Debug)]
pub struct Version {
    /// The commit that made it.
    pub told: Told,
    /// What differs from the version before.
    pub differences: Vec<Difference>,
    /// Whether it erased the person.
    pub is_erasure: bool,
}

/// The versions of the record with that name: a key, or a kind and a key as `kind/key` where several kinds have it.
/// Keys of retired records and former keys are known, too.
///
/// # Errors
/// If there is no such record, or several; if there is no ledger, or it cannot be read.
pub async fn record_history(ctx: &Ctx, name: &str) -> Result<RecordHistory, AppError> {
    let proof = ctx.authorize::<ReadHistory>(Object::Organisation).await?;
    let ledger = ctx.ledger(&proof)?;
    let model = ctx.plan(ledger, PlanClock::Newest).await?;
    let (kind, key, id) = find(&model, name)?;
    Ok(RecordHistory {
        kind,
        key,
        versions: versions_of(ctx, ledger, &model, kind, id).await?,
    })
}

/// The versions of a record, as the actor may see them. Only the versions are compared, not the plans they were in: of a
/// measure with many targets that would be hundreds of plans.
pub(super) async fn versions_of(
    ctx: &Ctx,
    ledger: &Ledger,
    model: &Model,
    kind: Kind,
    id: Uuid,
) -> Result<Vec<Version>, AppError> {
    let mut before: Option<AnyRecord> = None;
    let mut versions = Vec::new();
    let sight = ctx.sight().await?;
    for version in ctx.versions(ledger, kind, id).await?.iter() {
        let after = match &version.change {
            VersionChange::Put(record) => Some(sight.record(record)),
            VersionChange::Retired | VersionChange::Erased => None,
        };
        let is_erasure = version.change == VersionChange::Erased;
        let differences = diff_of_record(before.as_ref(), after.as_ref(), model);
        versions.push(Version {
            told: told(version.commit.clone(), model),
            differences: if is_erasure { Vec::new() } else { differences },
            is_erasure,
        });
        if !is_erasure {
            before = after;
        }
    }
    Ok(versions)
}

/// The record with that name.
pub(super) fn find(model: &Model, name: &str) -> Result<(Kind, String, Uuid), AppError> {
    let (kinds, key): (Vec<Kind>, &str) = match name.split_once('/') {
        Some((word, key)) => match Kind::from_word(word) {
            Some(kind) => (vec![kind], key),
            None => {
                let words: Vec<&str> = Kind::ALL.iter().map(|kind| kind.word()).collect();
                let message = format!("there is no kind of record `{word}`");
                return Err(AppError::unknown_name(message)
                    .with_help(format!("the kinds are {}", words.join(", "))));
            }
        },
        None => (Kind::written().collect(), name),
    };
    let current = kinds
        .iter()
        .filter_map(|kind| Some((*kind, model.id_of(*kind, key)?)));
    let former = kinds
        .iter()
        .filter_map(|kind| Some((*kind, model.first_user_of(*kind, key)?)));
    let mut found: Vec<(Kind, Uuid)> = current.collect();
    if found.is_empty() {
        found = former.collect();
    }
    match found.as_slice() {
        [(kind, id)] => Ok((*kind, key.to_owned(), *id)),
        [] => {
            let error = AppError::unknown_name(format!("there is no record `{name}`"));
            Err(match model.nearest(&kinds, key) {
                Some(near) => error.with_help(format!("did you mean `{near}`?")),
                None => error.with_help("a target is named `measure@unit`, a link `cause>effect`"),
            })
        }
        several => {
            let names: Vec<String> = several
                .iter()
                .map(|(kind, _)| format!("{kind}/{key}"))
                .collect();
            let message = format!("several kinds of record have the key `{key}`");
            Err(AppError::bad_request(message).with_help(format!("write {}", names.join(" or "))))
        }
    }
}
