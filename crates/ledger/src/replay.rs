//! From versions back to a model: the newest version of each record, and the keys that records once had.

use std::sync::Arc;

use throughline_core::calendar::Calendar;
use throughline_model::observation::CommitNumber;
use throughline_model::{AnyRecord, Change, Kind, Model};

use crate::block::in_parallel;
use crate::body::{self, DataKeys};
use crate::commit::{Commit, CommitKind, Draft, Head, Standing};
use crate::error::{LedgerError, Result};
use crate::seal::{DataKey, KEY_LENGTH};
use crate::store::{self, Transaction};
use crate::stored::{StoredChange, Version, stored_number};

/// Later than every commit and every time.
pub(crate) const END: i64 = i64::MAX;

/// How many records one thread reads at a time.
const RECORDS_PER_TASK: usize = 512;

/// The data keys of all persons who are not erased.
pub(crate) async fn data_keys(connection: &mut Transaction) -> Result<DataKeys> {
    let stored = store::data_keys(connection).await?;
    let keys = stored.into_iter().map(|(person, key)| {
        let key: [u8; KEY_LENGTH] = key
            .try_into()
            .map_err(|_| LedgerError::corrupted("data keys", "a key has another length"))?;
        Ok((person, DataKey(key)))
    });
    keys.collect()
}

/// The data keys of all persons where something sealed is to be read; else none, since there may be thousands.
pub(crate) async fn data_keys_for(
    connection: &mut Transaction,
    has_sealed: bool,
) -> Result<DataKeys> {
    match has_sealed {
        true => data_keys(connection).await,
        false => Ok(DataKeys::new()),
    }
}

/// Whether something in versions is sealed.
pub(crate) fn has_sealed(versions: &[Version]) -> bool {
    let mut versions = versions.iter();
    versions.any(|version| body::has_sealed(&version.body))
}

/// The plan of the main line as known at a time, from the commits up to a number.
pub(crate) async fn model_as_known(
    connection: &mut Transaction,
    recorded_at: i64,
    last: i64,
) -> Result<Model> {
    let rows = store::versions_as_known(connection, recorded_at, last).await?;
    let mut newest = Vec::with_capacity(rows.len());
    let mut former = Vec::new();
    for (row, is_newest) in rows {
        let versions = if is_newest { &mut newest } else { &mut former };
        versions.push(row.read()?);
    }
    let keys = data_keys_for(connection, has_sealed(&newest) || has_sealed(&former)).await?;
    blocking(move || {
        let changes = changes(&newest, &Calendar::default(), &keys)?;
        Ok(Model::of(changes).with_former_keys(keys_of(&former, &keys)))
    })
    .await
}

/// The plan of a draft: the main line as it was when the draft was opened, and the draft's commits.
pub(crate) async fn model_of_draft(connection: &mut Transaction, draft: &Draft) -> Result<Model> {
    let base = model_as_known(connection, END, stored_number(draft.opened)).await?;
    let mut versions = Vec::new();
    for row in store::versions_of_draft(connection, draft.id).await? {
        versions.push(row.read()?);
    }
    let keys = data_keys_for(connection, has_sealed(&versions)).await?;
    extended(&base, &versions, &keys)
}

/// The model of a standing.
#[derive(Clone, Debug)]
pub(crate) struct Newest {
    pub(crate) standing: Standing,
    pub(crate) model: Arc<Model>,
}

/// The newest plan of the main line, from an earlier one if that can be carried on.
pub(crate) async fn newest(
    connection: &mut Transaction,
    earlier: Option<Newest>,
) -> Result<Newest> {
    let standing = store::standing(connection).await?;
    let carried_on = match earlier {
        Some(earlier) if earlier.standing == standing => return Ok(earlier),
        // With other keys others of those who were there before may be read.
        Some(earlier) if earlier.standing.data_keys == standing.data_keys => {
            carried_on(connection, &earlier, &standing.head).await?
        }
        _ => None,
    };
    let model = match carried_on {
        Some(model) => model,
        None => Arc::new(model_as_known(connection, END, END).await?),
    };
    Ok(Newest { standing, model })
}

/// The model after the commits since, the same one where they change no record; `None` where one of them changes what is before it, or where the earlier commit is
/// not in this line: a backup was restored meanwhile, or another reader is ahead of this one.
async fn carried_on(
    connection: &mut Transaction,
    earlier: &Newest,
    head: &Head,
) -> Result<Option<Arc<Model>>> {
    let (first, last) = (
        stored_number(earlier.standing.head.number).saturating_add(1),
        stored_number(head.number),
    );
    let changes_the_past =
        |commit: &Commit| commit.brought_in || commit.kind == CommitKind::Erasure;
    if !contains(connection, &earlier.standing.head).await? {
        return Ok(None);
    }
    for row in store::commits(connection, first, last).await? {
        if changes_the_past(&row.read()?) {
            return Ok(None);
        }
    }
    let mut versions = Vec::new();
    for row in store::versions(connection, first, last).await? {
        if row.draft.is_none() {
            versions.push(row.read()?);
        }
    }
    if versions.is_empty() {
        return Ok(Some(Arc::clone(&earlier.model)));
    }
    let keys = data_keys_for(connection, has_sealed(&versions)).await?;
    let model = Arc::new(extended(&earlier.model, &versions, &keys)?);
    // Stored periods are names, whose days depend on the calendar.
    let same_calendar = model.calendar() == earlier.model.calendar();
    Ok(same_calendar.then_some(model))
}

/// Whether a commit that once was the last one is in the line. Before the first one there is nothing that could differ.
pub(crate) async fn contains(connection: &mut Transaction, once: &Head) -> Result<bool> {
    if once.number == CommitNumber(0) {
        return Ok(true);
    }
    let number = stored_number(once.number);
    let rows = store::commits(connection, number, number).await?;
    Ok(rows.iter().any(|row| row.hash == once.hash.0))
}

/// A model with some later versions.
fn extended(model: &Model, versions: &[Version], keys: &DataKeys) -> Result<Model> {
    if versions.is_empty() {
        return Ok(model.clone());
    }
    let changes = changes(versions, model.calendar(), keys)?;
    Ok(model
        .with(changes)
        .with_former_keys(keys_of(versions, keys)))
}

/// What versions do, in their order. The calendar is that of the organisation among them, or the given one.
pub(crate) fn changes(
    versions: &[Version],
    calendar: &Calendar,
    keys: &DataKeys,
) -> Result<Vec<Change>> {
    let mut calendar = calendar.clone();
    for version in versions
        .iter()
        .filter(|version| version.kind == Kind::Organisation)
    {
        if let Some(Change::Put(AnyRecord::Organisation(organisation))) =
            change(version, &calendar, keys)?
        {
            calendar = organisation.calendar();
        }
    }
    let tasks: Vec<&[Version]> = versions.chunks(RECORDS_PER_TASK).collect();
    let read = in_parallel(&tasks, |versions| {
        let changes = versions
            .iter()
            .map(|version| change(version, &calendar, keys));
        changes
            .filter_map(Result::transpose)
            .collect::<Result<Vec<Change>>>()
    });
    let read: Vec<Vec<Change>> = read.into_iter().collect::<Result<_>>()?;
    Ok(read.into_iter().flatten().collect())
}

/// What one version does to the plan; an erasure shows in how records read, not in which there are.
pub(crate) fn change(
    version: &Version,
    calendar: &Calendar,
    keys: &DataKeys,
) -> Result<Option<Change>> {
    let (kind, id) = (version.kind, version.id);
    match version.change {
        StoredChange::Put => {
            let record = body::read(kind, id, version.position, &version.body, calendar, keys)?;
            Ok(Some(Change::Put(record)))
        }
        StoredChange::Retire => Ok(Some(Change::Retire(kind, id))),
        StoredChange::Erase => Ok(None),
    }
}

/// The keys that versions say their records had.
fn keys_of(versions: &[Version], keys: &DataKeys) -> Vec<(Kind, String, uuid::Uuid)> {
    let named = versions.iter().filter(|version| version.new_key);
    let entries = named.filter_map(|version| {
        let key = body::key_of(version.kind, version.id, &version.body, keys)?;
        Some((version.kind, key, version.id))
    });
    entries.collect()
}

/// Does long work where it does not hold up others.
pub(crate) async fn blocking<R: Send + 'static>(work: impl FnOnce() -> R + Send + 'static) -> R {
    match tokio::task::spawn_blocking(work).await {
        Ok(answer) => answer,
        Err(failed) => std::panic::resume_unwind(failed.into_panic()),
    }
}
