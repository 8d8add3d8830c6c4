//! `backup` and `restore`: the whole ledger in one file, and back.

use serde::Serialize;
use throughline_app::{AppError, back_up, restore as restore_ledger, restore_keys};
use throughline_ledger::{BackedUp, RestoreOptions, Restored, RestoredKeys};

use super::{Outcome, Session};
use crate::arguments::{Backup, Restore};
use crate::terminal::words;

/// The answer of `backup`.
#[derive(Serialize)]
struct Written {
    ledger: Option<FileLine>,
    keys: Option<FileLine>,
}

#[derive(Serialize)]
struct FileLine {
    file: String,
    ledger: String,
    commit: u64,
    hash: String,
    taken_at: String,
    length: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    keys: Option<u64>,
}

impl FileLine {
    fn of(written: &BackedUp, keys: Option<u64>) -> FileLine {
        let header = &written.header;
        FileLine {
            file: written.file.display().to_string(),
            ledger: header.ledger.to_string(),
            commit: header.head.number.0,
            hash: header.head.hash.to_string(),
            taken_at: header.taken_at.to_string(),
            length: written.length,
            keys,
        }
    }
}

/// Backs up the ledger, the data keys, or both.
///
/// # Errors
/// If the ledger is damaged, or a file is there already or cannot be written.
pub async fn run(session: &Session<'_>, asked: &Backup) -> Result<Outcome, AppError> {
    let (to, keys) = (asked.to.as_deref(), asked.keys.as_deref());
    let written = back_up(&session.ctx, to, keys).await?;
    if session.is_json() {
        session.print_json(&Written {
            ledger: written.ledger.as_ref().map(|file| FileLine::of(file, None)),
            keys: written
                .keys
                .as_ref()
                .map(|file| FileLine::of(file, Some(file.keys))),
        })?;
        return Ok(Outcome::Done);
    }
    let mut out = String::new();
    if let Some(file) = &written.ledger {
        out.push_str(&format!(
            "Backed up {} to {}, {}.\n",
            words::count(file.header.head.number.0, "commit"),
            file.file.display(),
            words::count(file.length, "byte"),
        ));
    }
    if let Some(file) = &written.keys {
        out.push_str(&format!(
            "Backed up {} to {}.\n",
            words::count(file.keys, "data key"),
            file.file.display(),
        ));
    }
    session.print(&out)?;
    session.say(if written.keys.is_some() {
        "Keep the data keys apart from backups, and delete them soon: who has both reads what is personal."
    } else {
        "Data keys of persons are not in it; `backup --keys FILE` writes them to a file of their own."
    });
    Ok(Outcome::Done)
}

/// The answer of `restore`.
#[derive(Serialize)]
struct RestoredLine {
    commit: Option<u64>,
    hash: Option<String>,
    taken_at: Option<String>,
    commits: Option<u64>,
    records: Option<u64>,
    observations: Option<u64>,
    keys: KeysLine,
    kept_aside: Option<String>,
    erased_anew: Option<u64>,
    erasures_unknown: Option<String>,
}

#[derive(Serialize)]
struct KeysLine {
    restored: u64,
    erased: u64,
    unknown: u64,
    missing: u64,
    unopened: u64,
}

impl RestoredLine {
    fn of(restored: Option<&Restored>, keys: RestoredKeys) -> RestoredLine {
        let report = restored.map(|restored| &restored.report);
        RestoredLine {
            commit: restored.map(|restored| restored.head.number.0),
            hash: restored.map(|restored| restored.head.hash.to_string()),
            taken_at: restored.map(|restored| restored.taken_at.to_string()),
            commits: report.map(|report| report.commits),
            records: report.map(|report| report.records),
            observations: report.map(|report| report.observations),
            keys: KeysLine {
                restored: keys.restored,
                erased: keys.erased,
                unknown: keys.unknown,
                missing: keys.missing,
                unopened: keys.unopened,
            },
            kept_aside: restored.and_then(|restored| restored.kept_aside.clone()),
            erased_anew: restored.map(|restored| restored.erased_anew),
            erasures_unknown: restored.and_then(|restored| restored.erasures_unknown.clone()),
        }
    }
}

/// Restores a backup, or data keys alone.
///
/// # Errors
/// If there is a ledger that is not to be replaced, or a file is not as it was written.
pub async fn restore(session: &Session<'_>, asked: &Restore) -> Result<Outcome, AppError> {
    let options = RestoreOptions {
        replace: asked.replace,
    };
    let (restored, keys) = match (&asked.file, &asked.keys) {
        (Some(file), keys) => {
            let restored = restore_ledger(&session.ctx, file, keys.as_deref(), options).await?;
            let keys = restored.keys;
            (Some(restored), keys)
        }
        (None, Some(keys)) => (None, restore_keys(&session.ctx, keys).await?),
        (None, None) => return Err(AppError::bad_request("name a backup to restore")),
    };
    if session.is_json() {
        session.print_json(&RestoredLine::of(restored.as_ref(), keys))?;
        return Ok(Outcome::Done);
    }
    session.print(&in_words(session, restored.as_ref(), keys))?;
    let unknown = restored
        .as_ref()
        .and_then(|restored| restored.erasures_unknown.as_deref());
    if let Some(why) = unknown {
        session.say(&format!(
            "The ledger that made room could not be read, so that it is not known whom it had erased: {why}.\n  \
             Erase anew everybody who was erased after the backup was taken."
        ));
    }
    if keys.missing > 0 {
        session.say(&format!(
            "{} cannot be read for want of a data key: names and keys are as if they were erased.\n  \
             `throughline restore --keys FILE` adds the keys.",
            words::count(keys.missing, "person")
        ));
    }
    if keys.unopened > 0 {
        session.say(&format!(
            "{} cannot be read: the data key in the ledger opens nothing, and the file has no other.\n  \
             `throughline restore --keys FILE` takes it from another file; `throughline erase` makes it final.",
            words::count(keys.unopened, "person")
        ));
    }
    if keys.unknown > 0 {
        session.say(&format!(
            "{} left out: the ledger has nothing sealed of their persons.",
            words::count(keys.unknown, "data key")
        ));
    }
    if keys.erased > 0 {
        session.say(&format!(
            "{} left out: their persons are erased.",
            words::count(keys.erased, "data key")
        ));
    }
    Ok(Outcome::Done)
}

fn in_words(session: &Session<'_>, restored: Option<&Restored>, keys: RestoredKeys) -> String {
    let readable = format!("{} restored.\n", words::count(keys.restored, "data key"));
    let Some(restored) = restored else {
        return readable;
    };
    let mut out = format!(
        "Restored {} to {}, as of {}, verified: {}, {}.\n{readable}",
        words::count(restored.report.commits, "commit"),
        session.ctx.location(),
        restored.taken_at,
        words::count(restored.report.observations, "observation"),
        words::count(restored.report.records, "version of records")
            .replace("version of recordss", "versions of records"),
    );
    if restored.erased_anew > 0 {
        out.push_str(&format!(
            "Erased anew, as in the ledger that was there: {}.\n",
            words::count(restored.erased_anew, "person"),
        ));
    }
    if let Some(aside) = &restored.kept_aside {
        out.push_str(&format!("The ledger that was there is kept: {aside}\n"));
    }
    out
}
